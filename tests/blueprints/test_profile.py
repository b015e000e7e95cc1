"""プロフィール編集: texts, links and pictures, as the cast's browser sends them."""

from io import BytesIO

import pytest
from PIL import Image

from app import policy
from app.casts import gallery
from app.db import session
from app.demo.people import CASTS
from app.messages.contacts import contact_data_in
from app.people.models import Account
from tests.factories import NOON, make_cast, make_guest, make_operator

URL = "/cast-room/profile"
GOOD = {
    "tagline": "夜の散歩のあとに。",
    "profile": "星と珈琲の話が好きです。",
    "career": "喫茶店 10年",
    "categories": ["chat"],
    "site_url": "https://example.jp/me",
    "links": "https://x.com/akari_k?s=1\nhttps://note.com/akari",
}


@pytest.fixture
def cast(at):
    at(NOON)
    return make_cast(name="千景", categories=("chat", "work"))


@pytest.fixture
def desk(cast, client_of):
    return client_of(session.get_one(Account, cast.account_id))


def photo(size=(900, 1200), *, color="#c9b79c", kind="JPEG"):
    file = BytesIO()
    Image.new("RGB", size, color).save(file, kind)
    return file.getvalue()


def send(desk, url, data, *, name="me.jpg", **rest):
    form = {"photo": (BytesIO(data), name), **rest}
    return desk.post(url, data=form, content_type="multipart/form-data")


# Texts and links


@pytest.mark.req("C26", "C29")
def test_what_is_saved_is_what_guests_see(desk, cast, client):
    assert desk.post(URL, data=GOOD).status_code == 303

    page = client.get(f"/casts/{cast.public_id}").text
    for words in (
        "夜の散歩のあとに。",
        "星と珈琲の話が好きです。",
        "喫茶店 10年",
        "example.jp",
        "note.com",
    ):
        assert words in page
    link = page.split('href="https://x.com/akari_k"')[1].split(">")[0]
    assert 'rel="nofollow ugc noopener noreferrer"' in link


@pytest.mark.req("C10")
def test_neither_the_real_name_nor_the_account_is_on_the_page(desk, cast, client):
    page = client.get(f"/casts/{cast.public_id}").text

    for secret in ("山田", "ヤマダ", "ﾔﾏﾀﾞ", "三菱UFJ", "•••"):
        assert secret not in page


def test_a_preview_shows_the_page_and_keeps_nothing(desk, cast):
    answer = desk.post(f"{URL}/preview", data=GOOD)

    assert answer.status_code == 200
    assert 'id="cast-profile"' in answer.text
    assert "まだ保存されていません" in answer.text
    assert answer.text.count("星と珈琲の話が好きです。") == 2  # on the page, and in the form
    assert (cast.tagline, cast.links) == ("", [])


def test_the_page_as_guests_see_it_has_its_tab(desk, cast):
    desk.post(URL, data=GOOD)

    assert "星と珈琲の話が好きです。" in desk.get(f"{URL}/preview").text


@pytest.mark.req("G48")
@pytest.mark.parametrize(
    ("field", "words", "kind"),
    [
        ("tagline", "LINE交換しませんか", "LINE"),
        ("profile", "akari@example.com まで", "メールアドレス"),
        ("career", "電話は 090-1234-5678", "電話番号"),
    ],
)
def test_contact_data_in_the_texts_is_refused_kindly(desk, cast, field, words, kind):
    answer = desk.post(URL, data=GOOD | {field: words})

    assert answer.status_code == 422
    assert kind in answer.text.split(f'id="{field}-error"')[1].split("</p>")[0]
    assert words in answer.text
    assert "https://note.com/akari" in answer.text
    assert cast.tagline == ""


def test_the_demos_casts_write_nothing_that_is_refused():
    for each in CASTS:
        assert not contact_data_in(f"{each.tagline}\n{each.profile}\n{each.career}"), each.key


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("site_url", "javascript:alert(1)"),
        ("site_url", 'https://example.jp/"><script>alert(1)</script>'),
        ("site_url", "//evil.example"),
        ("site_url", "data:text/html,<script>alert(1)</script>"),
        ("links", "https://x.com/a\njavascript:alert(1)"),
        ("links", "https://line.me/ti/p/abc"),
        ("tagline", "あ" * (policy.TAGLINE_LENGTH + 1)),
        ("categories", []),
        ("categories", ["nobody"]),
    ],
)
def test_what_cannot_stand_there_comes_back_with_a_sentence_and_nothing_lost(
    desk, cast, field, bad
):
    answer = desk.post(URL, data=GOOD | {field: bad})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "星と珈琲の話が好きです。" in answer.text
    assert "<script>alert" not in answer.text
    assert 'href="javascript' not in answer.text
    assert (cast.tagline, cast.site_url) == ("", "")


@pytest.mark.parametrize(
    "bad", ["a\u2028b", "a\u202eb", "a\x85b", "a\x00b", b"\xff\xfe".decode("latin1") + "\x07"]
)
def test_bytes_that_are_no_text_are_a_sentence_too(desk, bad):
    answer = desk.post(URL, data=GOOD | {"tagline": bad})

    assert answer.status_code == 422
    assert 'id="tagline-error"' in answer.text


def test_line_ends_of_other_editors_are_line_ends(desk, cast):
    desk.post(URL, data=GOOD | {"profile": "一行目\u2028二行目\u2029三行目\r\n四行目\r五行目"})

    assert cast.profile == "一行目\n二行目\n三行目\n四行目\n五行目"


def test_texts_are_texts_and_no_markup(desk, cast, client):
    desk.post(URL, data=GOOD | {"profile": "<script>alert(1)</script>{{ 7*7 }}"})

    page = client.get(f"/casts/{cast.public_id}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in page


def test_a_name_in_other_letters_is_shown_with_its_real_one(desk, cast, client):
    desk.post(URL, data=GOOD | {"site_url": "https://日本語.jp/"})

    page = client.get(f"/casts/{cast.public_id}").text
    assert "日本語.jp (xn--wgv71a119e.jp)" in page
    assert 'href="https://xn--wgv71a119e.jp"' in page


# Pictures


def test_a_new_profile_picture_is_seen_at_once(desk, cast, client):
    assert send(desk, f"{URL}/portrait", photo()).status_code == 303

    name = cast.portrait.removeprefix("pictures/")
    page = client.get(f"/casts/{cast.public_id}").text
    assert f"/pictures/{name}/400.webp" in page
    assert client.get(f"/pictures/{name}/400.webp").status_code == 200


def test_the_chosen_part_is_kept(desk, cast, client):
    halves = Image.new("RGB", (800, 400), "#ffffff")
    halves.paste("#000000", (400, 0, 800, 400))
    file = BytesIO()
    halves.save(file, "PNG")

    send(desk, f"{URL}/portrait", file.getvalue(), left="1000", top="0", side="1000")

    name = cast.portrait.removeprefix("pictures/")
    kept = Image.open(BytesIO(client.get(f"/pictures/{name}/160.webp").data)).convert("L")
    assert kept.getpixel((80, 80)) < 20


@pytest.mark.parametrize("crop", [("", "", ""), ("x", "1", "1"), ("0", "0", "0"), ("9" * 30,) * 3])
def test_a_crop_that_makes_no_sense_is_the_middle(desk, cast, crop):
    parts = dict(zip(("left", "top", "side"), crop, strict=True))

    assert send(desk, f"{URL}/portrait", photo(), **parts).status_code == 303
    assert cast.portrait.startswith("pictures/")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "me.jpg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "me.svg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "me.jpg"),
        (b"GIF89a" + bytes(50), "me.gif"),
        (photo()[:200], "me.jpg"),
        (b"%PDF-1.7 hello", "me.png"),
    ],
)
@pytest.mark.parametrize("where", ["portrait", "pictures"])
def test_what_is_no_photograph_is_told_and_keeps_the_old_one(desk, cast, data, name, where):
    answer = send(desk, f"{URL}/{where}", data, name=name)

    assert answer.status_code == 422
    assert 'class="notice refusal"' in answer.text
    assert cast.portrait == "portraits/hiyori.svg"
    assert gallery.pictures_of(cast.account_id) == []


def test_without_a_file_it_is_a_sentence(desk):
    assert desk.post(f"{URL}/portrait", data={}).status_code == 422


def test_five_pictures_are_added_arranged_and_removed_without_javascript(desk, cast, client):
    for _ in range(policy.MORE_PICTURES):
        assert send(desk, f"{URL}/pictures", photo()).status_code == 303
    assert send(desk, f"{URL}/pictures", photo()).status_code == 422
    names = [each.picture.public_id for each in gallery.pictures_of(cast.account_id)]

    assert desk.post(f"{URL}/pictures/{names[1]}/place", data={"way": "up"}).status_code == 303
    assert desk.post(f"{URL}/pictures/{names[4]}/removal").status_code == 303

    session.expire_all()
    now = [each.picture.public_id for each in gallery.pictures_of(cast.account_id)]
    assert now == [names[1], names[0], names[2], names[3]]
    page = client.get(f"/casts/{cast.public_id}").text
    assert page.index(f"{now[0]}/400.webp") < page.index(f"{now[1]}/400.webp")
    assert client.get(f"/pictures/{names[4]}/400.webp").status_code == 404


@pytest.mark.parametrize("act", ["place", "removal"])
def test_another_casts_picture_does_not_exist(desk, cast, client_of, act):
    send(desk, f"{URL}/pictures", photo())
    (mine,) = gallery.pictures_of(cast.account_id)
    name = mine.picture.public_id
    other = client_of(session.get_one(Account, make_cast().account_id))

    for browser, public_id in ((other, name), (desk, "nobody"), (desk, "1")):
        answer = browser.post(f"{URL}/pictures/{public_id}/{act}", data={"way": "up"})
        assert answer.status_code == 404
    assert desk.post(f"{URL}/pictures/{name}/place", data={"way": "x"}).status_code == 404
    assert len(gallery.pictures_of(cast.account_id)) == 1


PAGES = (URL, f"{URL}/preview", f"{URL}/pictures")


@pytest.mark.parametrize("url", PAGES)
def test_the_pages_stand_in_both_languages(desk, url):
    assert desk.get(url).status_code == 200
    desk.get("/language/en")
    assert desk.get(url).status_code == 200


@pytest.mark.parametrize("url", PAGES)
def test_a_stranger_finds_nothing(client, client_of, url):
    assert client.get(url).status_code == 303
    for account in (make_guest(), make_operator()):
        assert client_of(account).get(url).status_code == 404
