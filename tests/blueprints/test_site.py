import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import app as house
from app import policy
from app.blueprints import shelf
from app.blueprints.site import crawlers
from app.casts import ranks
from app.casts.models import Rank, RankPrice
from app.db import session
from app.texts import publishing
from app.texts.models import TextKind
from tests.factories import (
    NOON,
    give_points,
    make_cast,
    make_guest,
    make_operator,
)

PAGES = (
    "/guide",
    "/faq",
    "/call-system",
    "/environment",
    "/casting",
    "/casting/guide",
    "/casting/faq",
    "/jobs",
    "/commerce",
    "/prepaid",
    "/external",
)
SELLER = {
    "seller": {"ja": "株式会社サシトーク", "en": "Sashitalk Inc."},
    "responsible": {"ja": "佐々木 徹", "en": ""},
    "address": {"ja": "東京都千代田区1-1", "en": ""},
    "phone": {"ja": "03-1234-5678"},
    "email": {"ja": "office@sashitalk.example"},
    "telecom": {"ja": "A-06-12345"},
}


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)
    ranks.set_first_prices(NOON.date())


def read(client, path, locale="ja"):
    shelf.clear()
    client.set_cookie("locale", locale)
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.text


def words_of(text):
    """What a reader sees of a page."""
    return " ".join(re.sub(r"<[^>]*>", "", text).split())


def publish(kind=TextKind.COMMERCE, *, fields=SELLER, now=NOON, **more):
    words = {"body_ja": "", "body_en": "", "holds_from": now, "based_on": 0} | more
    return publishing.publish(kind, fields=fields, by=make_operator().id, now=now, **words)


@pytest.mark.parametrize("locale", ["ja", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_in_both_languages(client, path, locale):
    text = read(client, path, locale)

    assert f'<html lang="{locale}"' in text
    assert re.search(r'<meta name="description" content="[^"]{20,}">', text)
    assert len(re.findall("<h1", text)) == 1


@pytest.mark.parametrize("path", [*PAGES, "/"])
def test_a_house_without_prices_has_its_pages_as_well(client, path):
    session.execute(RankPrice.__table__.delete())

    assert read(client, path)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_a_title_of_its_own_in_each_language(client, path):
    def titled(locale):
        return re.search("<title>(.+?) – ", read(client, path, locale))[1]

    assert titled("ja") != titled("en")


NUMBERS = [
    # page, number of the policy, another value, what the page says then
    ("/guide", "EXPIRY_MONTHS", 5, "5か月"),
    ("/guide", "ENTRY_MINUTES", 8, "8倍"),
    ("/guide", "FREE_TIME", timedelta(minutes=2), "最初の2分は無料"),
    ("/guide", "GUEST_CANCEL", timedelta(hours=9), "9時間前までのキャンセル"),
    ("/faq", "FREE_TIME", timedelta(seconds=90), "90秒後"),
    ("/faq", "ENTRY_MINUTES", 8, "8倍(8分分)"),
    ("/faq", "EXPIRY_MONTHS", 5, "購入から5か月"),
    ("/faq", "BOOKING_OPENS", timedelta(hours=36), "36時間前からできます"),
    ("/faq", "GUEST_CANCEL", timedelta(hours=9), "開始の9時間前まで"),
    ("/faq", "INQUIRY_DAYS", (4, 6), "4〜6日"),
    ("/faq", "INQUIRY_ESCALATE_DAYS", 9, "9日たっても"),
    ("/faq", "COMPENSATION", timedelta(days=45), "45日使える"),
    ("/casting/guide", "DOCUMENTS_KEPT", timedelta(days=45), "結果が出て45日"),
    ("/faq", "SYSTEMS", {"Windows": (12, ("Google Chrome",))}, "Windows 12以降"),
    ("/call-system", "DEVICE_TEST_BY", timedelta(minutes=25), "25分前まで"),
    ("/environment", "SYSTEMS", {"iOS": (99, ("Safari",))}, "99以降"),
    ("/casting/guide", "SCREENING_DAYS", (4, 9), "4〜9営業日"),
    ("/casting/guide", "REPORT_WINDOW", timedelta(minutes=22), "22分以内"),
    ("/casting/guide", "CLAIM_LEAST_YEN", 6_500, "6,500円"),
    ("/casting/guide", "CAST_CANCEL", timedelta(hours=3), "3時間前まで"),
    ("/casting/faq", "CLAIM_LEAST_YEN", 6_500, "6,500円"),
    ("/jobs", "INQUIRY_DAYS", (4, 6), "4〜6日"),
    ("/jobs", "INQUIRY_ESCALATE_DAYS", 9, "9日たっても"),
    ("/jobs", "SCREENING_DAYS", (4, 9), "4〜9営業日"),
    ("/prepaid", "EXPIRY_MONTHS", 5, "5か月後"),
    ("/commerce", "EXPIRY_MONTHS", 5, "5か月後"),
    ("/commerce", "GUEST_CANCEL", timedelta(hours=9), "9時間前まで"),
    ("/", "EXPIRY_MONTHS", 5, "5か月"),
    ("/", "FREE_TIME", timedelta(minutes=2), "最初の2分は無料"),
]


@pytest.mark.parametrize(
    ("path", "name", "value", "said"), NUMBERS, ids=lambda each: str(each)[:30]
)
def test_a_page_follows_the_policy(client, monkeypatch, path, name, value, said):
    assert said not in words_of(read(client, path))

    monkeypatch.setattr(policy, name, value)

    assert said in words_of(read(client, path))


SENTENCES = {
    "/guide": ["お話し相手・愚痴聞き代行", "直接お会いすることはできません", "最初の1分は無料"],
    "/call-system": [
        "テストには少々時間がかかる",
        "録画・録音はしません",
        "端末のカメラとマイクで足ります",
    ],
    "/environment": [
        "Windows",
        "macOS",
        "iOS",
        "Android",
        "Safari",
        "Wi-Fi環境でのご利用をおすすめ",
    ],
    "/casting": ["業務委託", "ご招待", "ブルー、シルバー、ゴールド", "1分の報酬"],
    "/casting/guide": [
        "パソコン、またはスマートフォン",
        "必要な方だけ",
        "キャスト登録のときだけ",
        "銀行口座は、必ずご登録",
        "運転免許証",
        "パスポート",
        "学生証",
        "在留カード",
        "どれもお持ちでない方は",
        "2〜7営業日",
        "1枠の通話は2分",
        "10分前まで",
        "5,000円以上",
    ],
    "/jobs": ["お問い合わせフォーム", "2〜3日", "7日たっても", "業務委託"],
}


@pytest.mark.req("G48", "G49", "G50", "G51", "G52", "G53", "G54", "D37")
@pytest.mark.req("C1", "C2", "C3", "C4", "C5", "C11", "C12", "C13", "C14", "C16", "C21")
@pytest.mark.req("C42", "C43", "G42", "G43", "G44", "D30", "D31")
@pytest.mark.parametrize("path", SENTENCES)
def test_a_page_says_what_it_is_required_to(client, path):
    text = words_of(read(client, path))

    for words in SENTENCES[path]:
        assert words in text


@pytest.mark.req("G42", "D31")
def test_the_page_of_jobs_leads_to_both_entrances(client):
    text = read(client, "/jobs")

    assert 'href="/contact"' in text and 'href="/cast/entry"' in text


@pytest.mark.req("C15")
def test_the_ranks_are_the_rows_that_hold_today(client):
    row = {"price_points": 1_230, "reward_percent": 40, "slot_points": 4_440}
    session.add(RankPrice(rank=Rank.BLACK, holds_from=NOON.date() + timedelta(days=1), **row))
    assert "1,230 pt" not in read(client, "/casting")
    session.execute(RankPrice.__table__.delete().where(RankPrice.holds_from > NOON.date()))
    session.add(RankPrice(rank=Rank.BLACK, holds_from=NOON.date() - timedelta(days=1), **row))
    session.execute(
        RankPrice.__table__.delete().where(
            RankPrice.rank == Rank.BLACK, RankPrice.holds_from == NOON.date()
        )
    )

    text = read(client, "/casting")

    assert "1,230 pt" in text and "492円" in text and "4,440 pt" in text and "1,776円" in text


# ---- questions


@pytest.mark.req("G55", "C59")
@pytest.mark.parametrize("path", ["/faq", "/casting/faq"])
def test_every_question_has_an_anchor_of_its_own_and_an_answer(client, path):
    text = read(client, path)
    anchors = re.findall(r'<div class="answer" id="([a-z-]+)">\s*<(?:p|ul)>', text)

    assert len(anchors) == text.count("data-question") > 15
    assert len(set(re.findall(r' id="([^"]+)"', text))) == len(re.findall(r' id="([^"]+)"', text))
    assert 'href="/contact"' in text


def shown(text):
    found = re.findall(r'<details class="question"([^>]*)>\s*<summary><span>(.+?)</span>', text)
    return [question for attributes, question in found if "hidden" not in attributes]


@pytest.mark.parametrize(
    "words",
    ["キャンセル", "ｷｬﾝｾﾙ", "きゃんせる", "キャンセル 12時間"],
    ids=["as written", "narrow", "hiragana", "two words"],
)
def test_a_word_is_found_however_it_is_written(client, words):
    found = shown(read(client, f"/faq?q={words}"))

    assert "都合が悪くなりました。いつまでキャンセルできますか?" in found
    assert len(found) < 8


def test_width_and_case_make_no_difference(client):
    assert shown(read(client, "/faq?q=WI-FI")) == shown(read(client, "/faq?q=wi-fi")) != []


def test_the_same_questions_are_asked_in_both_languages(client):
    def anchors(path, locale):
        return re.findall(r'class="answer" id="([a-z-]+)"', read(client, path, locale))

    for path in ("/faq", "/casting/faq"):
        assert anchors(path, "ja") == anchors(path, "en")


def test_where_nothing_is_found_the_page_helps(client):
    text = read(client, "/faq?q=すいか")

    assert shown(text) == []
    assert re.search(r"<div[^>]*data-nothing>", text)
    assert re.search(r"<div[^>]*data-nothing hidden>", read(client, "/faq"))


def test_what_is_asked_is_said_again_and_does_no_harm(client):
    text = read(client, "/faq?q=%22%3E%3Cscript%3Ealert(1)")

    assert "<script>alert" not in text and "&lt;script&gt;alert(1)" in text
    assert read(client, "/faq?q=" + "あ" * 5_000)


# ---- the foot


def public_paths(app):
    return [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and not rule.arguments and rule.endpoint != "static"
    ]


@pytest.mark.req("G41")
def test_every_page_has_the_jobs_at_its_bottom(app, client, client_of):
    give_points(guest := make_guest(), 1_000)
    people = [guest, session.get_one(type(guest), make_cast().account_id), make_operator()]
    seen = set()
    for browser in [client, *(client_of(each) for each in people)]:
        for path in public_paths(app):
            answer = browser.get(path)
            if (answer.status_code, answer.mimetype) != (
                200,
                "text/html",
            ) or "<html" not in answer.text:
                continue
            assert 'class="foot"' in answer.text, path
            assert 'href="/jobs"' in answer.text.rpartition('class="foot"')[2], path
            seen.add(path)

    assert {"/", "/casts", "/faq", "/me", "/cast-room", "/admin", "/login"} <= seen


def test_a_cast_reads_these_pages_with_a_way_back_and_without_the_guests_bar(client_of):
    cast = session.get_one(type(make_operator()), make_cast().account_id)

    text = client_of(cast).get("/casting/guide").text

    assert 'href="/cast-room"' in text and 'class="bar"' not in text


# ---- the texts of the law


def test_a_blank_that_nobody_filled_in_is_marked(client):
    for path in ("/commerce", "/prepaid", "/external"):
        assert "【要記入】" in read(client, path)
    assert "[to be filled in]" in read(client, "/commerce", "en")

    publish()

    for path in ("/commerce", "/prepaid", "/external"):
        assert "【要記入】" not in read(client, path)


def test_the_legal_notice_has_every_item_with_what_holds(client):
    publish(body_ja="代表は毎週金曜に事務所におります。")

    text = words_of(read(client, "/commerce"))

    for words in (
        *(given["ja"] for given in SELLER.values()),
        "商品代金以外の必要料金",
        "クレジットカード",
        "返品・キャンセル",
        "動作環境",
        "役務の提供時期",
        "30,000 pt 30,000円",
        "毎週金曜",
        "第1版",
    ):
        assert words in text
    english = read(client, "/commerce", "en")
    assert "Sashitalk Inc." in english and '<span lang="ja">佐々木 徹</span>' in english


def test_an_earlier_version_stays_readable_and_a_later_one_waits(client, at):
    publish(body_ja="はじめの文面")
    later = NOON + timedelta(days=2)
    publish(body_ja="あたらしい文面", holds_from=later, based_on=1)

    assert "はじめの文面" in read(client, "/commerce")
    assert client.get("/commerce?version=2").status_code == 404
    at(later)
    assert "あたらしい文面" in read(client, "/commerce")
    assert "はじめの文面" in read(client, "/commerce?version=1")
    for nonsense in ("0", "99", "x", "-1", "99999999999999999999"):
        assert client.get(f"/commerce?version={nonsense}").status_code == 404


def test_what_is_sent_elsewhere_is_told_by_what_is_set(app, client, monkeypatch):
    assert "外部へ送られる情報はありません" in read(client, "/external")
    jitsi = replace(
        app.config["SETTINGS"], video_backend="jitsi", jitsi_url="https://meet.example.jp/x"
    )
    monkeypatch.setitem(app.config, "SETTINGS", jitsi)

    text = words_of(read(client, "/external"))

    assert "(https://meet.example.jp)" in text and "IPアドレス" in text


ELSEWHERE = re.compile(
    r"""(?:src|srcset|action|data-src)=["']?(?:https?:)?//|url\(["']?(?:https?:)?//"""
    r"""|<link[^>]+href=["'](?:https?:)?//|(?:fetch|import|WebSocket)\(?\s*[`"'](?:https?|wss?)?:?//"""
)


def test_no_page_script_or_sheet_loads_from_elsewhere():
    folder = Path(house.__file__).parent
    files = [
        *folder.glob("templates/**/*.html"),
        *folder.glob("static/**/*.js"),
        *folder.glob("static/**/*.css"),
        *folder.glob("static/**/*.svg"),
    ]

    assert len(files) > 100
    assert [path.name for path in files if ELSEWHERE.search(path.read_text())] == []
    assert ELSEWHERE.search('<script src="https://cdn.example/x.js">')
    assert ELSEWHERE.search("import('//cdn.example/x.js')")


# ---- buying


@pytest.mark.parametrize("path", ["/points/packs", "/points/confirmation?pack=1000"])
def test_a_purchase_links_the_legal_notice(client_of, path):
    assert 'href="/commerce"' in client_of(make_guest()).get(path).text.split('class="foot"')[0]


def test_production_sells_nothing_before_it_says_who_sells(app, client_of, monkeypatch):
    browser = client_of(make_guest())
    signed = re.search(
        r'name="form_key" value="([^"]+)"', browser.get("/points/confirmation?pack=1000").text
    )[1]
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], env="production"))

    assert browser.get("/points/confirmation?pack=1000").status_code == 409
    refused = browser.post("/points/orders", data={"form_key": signed})
    assert refused.status_code == 409 and "表記がまだそろっていない" in refused.text
    publish()
    assert browser.get("/points/confirmation?pack=1000").status_code == 200
    assert browser.post("/points/orders", data={"form_key": signed}).status_code == 303


# ---- what search engines read


def test_the_sitemap_holds_public_pages_and_casts_only(app, client):
    cast = make_cast(name="ひより")

    answer = client.get("/sitemap.xml")

    assert (
        answer.mimetype == "application/xml" and "max-age=3600" in answer.headers["Cache-Control"]
    )
    tree = ET.fromstring(answer.text)  # noqa: S314 - our own words
    spaced = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    found = [each.text for each in tree.iter(f"{spaced}loc")]
    base = app.config["SETTINGS"].base_url
    assert all(address.startswith(base + "/") for address in found)
    paths = [address.removeprefix(base) for address in found]
    assert f"/casts/{cast.public_id}" in paths and "/faq" in paths and "/commerce" in paths
    assert len(paths) == len(set(paths)) == len(crawlers.PUBLIC) + 1
    for path in paths:
        assert client.get(path).status_code == 200, path
    assert [each.text for each in tree.iter(f"{spaced}lastmod")] != []


def test_robots_are_kept_from_what_is_private_and_told_of_the_sitemap(app, client):
    text = client.get("/robots.txt").text

    assert "Disallow: /points" in text and "Disallow: /admin" in text
    assert f"Sitemap: {app.config['SETTINGS'].base_url}/sitemap.xml" in text


def test_a_strangers_page_names_its_address_and_its_picture(app, client):
    text = read(client, "/guide")

    base = app.config["SETTINGS"].base_url
    assert f'<link rel="canonical" href="{base}/guide">' in text
    picture = re.search(r'property="og:image" content="([^"]+)"', text)[1]
    assert client.get(picture.removeprefix(base), buffered=True).mimetype == "image/png"
    touch = re.search(r'rel="apple-touch-icon" href="([^"]+)"', text)[1]
    assert client.get(touch, buffered=True).mimetype == "image/png"


def test_every_icon_of_the_manifest_is_there(client):
    manifest = client.get("/static/manifest.webmanifest", buffered=True).get_json(force=True)

    sizes = {icon["sizes"] for icon in manifest["icons"]}
    assert {"192x192", "512x512"} <= sizes
    for icon in manifest["icons"]:
        assert client.get("/static/" + icon["src"], buffered=True).status_code == 200


def test_a_stranger_finds_nothing(client, client_of):
    for path in ("/admin/texts", "/admin/texts/commerce", "/admin/texts/commerce/1"):
        assert client.get(path).location.startswith("/operator/login")
        assert client_of(make_guest()).get(path).status_code == 404
    assert client_of(make_operator()).get("/admin/texts/nothing").status_code == 404
    assert client_of(make_operator()).get("/admin/texts/commerce/1").status_code == 404
