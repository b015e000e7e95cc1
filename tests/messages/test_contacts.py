"""What counts as contact data, and the everyday words that must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.messages.contacts import ContactData, contact_data_in

HANDLE, MAIL, MESSENGER = ContactData.HANDLE, ContactData.MAIL, ContactData.MESSENGER
ADDRESS, PHONE, QR_CODE = ContactData.ADDRESS, ContactData.PHONE, ContactData.QR_CODE

FOUND = [
    ("09012345678", PHONE),
    ("電話は 090-1234-5678 です", PHONE),
    ("０９０ー１２３４ー５６７８", PHONE),
    ("090 1234 5678に20時ごろ", PHONE),
    ("(03)1234-5678", PHONE),
    ("０６−６１２３−４５６７", PHONE),
    ("〇九〇の一二三四の五六七八", PHONE),
    ("○90-1234-5678", PHONE),
    ("⓪⑨⓪①②③④⑤⑥⑦⑧", PHONE),
    ("0️⃣9️⃣0️⃣-1234-5678", PHONE),
    ("090\u200b1234\u200b5678", PHONE),
    ("0 9 0 1 2 3 4 5 6 7 8", PHONE),
    ("090/1234/5678", PHONE),
    ("090です、1234の5678", PHONE),
    ("90-1234-5678 に0をつけて", PHONE),
    ("+81 90-1234-5678", PHONE),
    ("+82 10 1234 5678", PHONE),
    ("81-90-1234-5678", PHONE),
    ("mizuiro@example.com", MAIL),
    ("ｍｉｚｕｉｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ", MAIL),
    ("mizuiro(at)example.com まで", MAIL),
    ("mizuiroアットマークexampleドットcom", MAIL),
    ("mizuiro＠docomo です", MAIL),
    ("https://example.com/abc", ADDRESS),
    ("www.example.jp", ADDRESS),
    ("example.comを見てください", ADDRESS),
    ("discord.gg/abcde", ADDRESS),
    ("line.me/ti/p/abc", ADDRESS),
    ("lin.ee/AbCd", ADDRESS),
    ("t.me/mizuiro", ADDRESS),
    ("LINE交換しませんか？", MESSENGER),
    ("ＬＩＮＥ教えてください", MESSENGER),
    ("ラインIDは mizuiro です", MESSENGER),
    ("よければらいん交換しましょう", MESSENGER),
    ("LINEやってますか", MESSENGER),
    ("LINEで連絡してください", MESSENGER),
    ("LINE: mizuiro99", MESSENGER),
    ("インスタ @mizuiro", MESSENGER),
    ("インスタ mizuiro_99", MESSENGER),
    ("インスタグラムのIDは？", MESSENGER),
    ("カカオ教えて", MESSENGER),
    ("カカオトークで話しましょう", MESSENGER),
    ("Discord: mizuiro#1234", MESSENGER),
    ("ディスコのID交換しよう", MESSENGER),
    ("Xのアカウント教えて", MESSENGER),
    ("WhatsAppで連絡してください", MESSENGER),
    ("add me on line", MESSENGER),
    ("What's your LINE?", MESSENGER),
    ("my insta is mizuiro", MESSENGER),
    ("インスタを教えてもらえますか", MESSENGER),
    ("LINEを教えてくれませんか", MESSENGER),
    ("できればLINE交換したいです", MESSENGER),
    ("my line is mizuiro99", MESSENGER),
    ("DMください", MESSENGER),
    ("@mizuiro_99 で検索して", HANDLE),
    ("ＩＤ：ｍｉｚｕｉｒｏ９９", HANDLE),
    ("私のIDは mizuiro99 です", HANDLE),
    ("QRコードを見せますね", QR_CODE),
    ("ＱＲ コード送ります", QR_CODE),
]

FINE = [
    "20:30からお願いします",
    "10:00-11:30と13:00-15:00なら空いています",
    "08:30 09:30 10:30",
    "12月31日23時59分59秒",
    "11/24の夜",
    "2026年11月24日(火)20:30",
    "2026-11-24 20:30",
    "二〇二六年十一月二十四日",
    "05.06 05.07 05.08はお休みです",
    "9/5, 9/6, 9/7, 9/8",
    "3,000円でした",
    "1,000,000円",
    "10000000000円",
    "5,000円×12回払い",
    "＠1000円で12個",
    "@1000ptでした",
    "30代です。45歳になります",
    "体重は60.5kg、身長は170cm",
    "1 2 3 4 5 6 7 8 9 10",
    "3.14159265358",
    "〇〇さんに会いました",
    "一二三と数えます",
    "090がつく番号です",
    "0120はフリーダイヤル",
    "電話",
    "電話で話すのは久しぶりです",
    "ラインナップが豊富ですね",
    "オンラインで教えてもらいました",
    "オンライン交換会",
    "ガイドラインを教えてください",
    "ボーダーラインを教えて",
    "フェイスラインが気になります",
    "スタートラインに立つ",
    "生産ラインのIDカード",
    "ラインを引く",
    "My line of work is sales",
    "We bought it online yesterday",
    "The first line: hello",
    "友達とLINEで話しました",
    "会社のLINEで連絡が来て疲れます",
    "母がLINEで送ってくれました",
    "LINEの使い方がわからなくて",
    "インスタの撮り方に悩んでいます",
    "インスタをフォローしている人が多くて",
    "娘にインスタを教えてもらいました",
    "ママ友とLINE交換したのですが返事がなくて",
    "上司にLINEのIDを聞かれて困っています",
    "LINEはiPhone13で使っています",
    "My line is bad today, please call me on Monday",
    "仕上げにカカオを追加します",
    "＠cosmeの口コミ",
    "時速12.5km/hくらい",
    "カカオ70%のチョコが好きです",
    "ディスコで踊りました",
    "QRコード決済が使えません",
    "QRコードで払いました",
    "X JAPANが好きです",
    "Xデーが近いです",
    "アットホームな職場です",
    "水玉ドットの柄",
    "That's ok.To be honest I like it",
    "8 p.m. is fine, e.g. on Monday",
    "Node.jsを勉強中です。ver.2.0.1です",
    "IDの登録がめんどうで",
    "メールは苦手です",
    "",
]


@pytest.mark.req("D41", "G48")
@pytest.mark.parametrize(("words", "kind"), FOUND)
def test_contact_data_is_seen(words, kind):
    assert kind in contact_data_in(words)


@pytest.mark.req("D41")
@pytest.mark.parametrize("words", FINE)
def test_everyday_words_pass(words):
    assert contact_data_in(words) == set()


def test_each_kind_is_told_apart():
    assert contact_data_in("mizuiro@example.com") == {MAIL}
    assert contact_data_in("https://example.com/") == {ADDRESS}
    assert contact_data_in("090-1234-5678 か mizuiro@example.com") == {PHONE, MAIL}


FACES = [
    "0123456789",
    "０１２３４５６７８９",
    "〇一二三四五六七八九",
    "⓪①②③④⑤⑥⑦⑧⑨",
]
GAPS = ["", " ", "-", "－", "ー", "‐", "–", ".", "・", "　", ") ", "の", " - ", "\u200b"]


@given(
    number=st.from_regex(r"0[5789]0[0-9]{8}", fullmatch=True)
    | st.from_regex(r"0[1-9][0-9]{8}", fullmatch=True),
    gaps=st.lists(st.sampled_from(GAPS), min_size=2, max_size=2),
    faces=st.lists(st.sampled_from(FACES), min_size=11, max_size=11),
    before=st.sampled_from(["", "電話は", "tel:", "20時に ", "「"]),
    behind=st.sampled_from(["", "です", "」", "、20:30に", "!"]),
)
def test_however_a_number_is_written_it_is_seen(number, gaps, faces, before, behind):
    dressed = [face[int(digit)] for face, digit in zip(faces, number, strict=False)]
    middle = len(dressed) - 4
    parts = (dressed[:3], dressed[3:middle], dressed[middle:])
    first, second, third = ("".join(part) for part in parts)

    assert PHONE in contact_data_in(f"{before}{first}{gaps[0]}{second}{gaps[1]}{third}{behind}")


@given(
    st.datetimes(),
    st.sampled_from(["%H:%M", "%m/%d %H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d", "%m月%d日%H時%M分"]),
)
def test_no_moment_is_taken_for_contact_data(moment, shape):
    assert contact_data_in(f"{moment:{shape}}からお願いします") == set()


@given(st.integers(0, 10**11), st.sampled_from(["円", "pt", " pt", "ポイント"]))
def test_no_price_is_taken_for_contact_data(price, unit):
    assert contact_data_in(f"{price:,}{unit}と{price}{unit}でした") == set()


@given(st.text(max_size=500))
def test_any_text_is_read_to_its_end(words):
    contact_data_in(words)
