import re
from html import unescape

import pytest

from app.db import session
from app.texts.models import SiteText, TextKind
from tests.factories import NOON, japan, make_operator
from tests.texts.test_editions import CHANGES, publish_terms

URL = "/admin/texts/terms"
FILLED = {"based_on": "0", "changes_ja": "料金の説明", "body_ja": "# 第1条\r\n本文です。\r\n- 一"}
PAGES = {"terms": "/terms", "privacy": "/privacy", "cast_terms": "/cast/terms"}


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


@pytest.fixture(name="office")
def _office(client_of):
    return client_of(make_operator())


@pytest.mark.req("C7", "G36")
@pytest.mark.parametrize("kind", list(PAGES))
def test_the_built_in_words_are_the_first_edition(client, kind):
    page = client.get(PAGES[kind]).text
    first = "2026-11-26" if kind == "cast_terms" else "2026-11-24"

    assert f"{first} 版" in page and "これまでの版" not in page
    assert f"{first} 版" in client.get(f"{PAGES[kind]}/versions/{first}").text


@pytest.mark.req("G36")
@pytest.mark.parametrize("kind", list(PAGES))
def test_the_editor_begins_with_the_built_in_words(office, kind):
    text = office.get(f"/admin/texts/{kind}").text
    page = office.get(PAGES[kind]).text.partition("<article")[2].partition("</article>")[0]
    words = unescape(
        re.search(r'<textarea[^>]*id="body_ja"[^>]*>(.*?)</textarea>', text, re.DOTALL)[1]
    )

    assert "新しくなった点" in text and "全文(日本語)" in text
    for tag, mark in (("h2", "# "), ("h3", "## "), ("li", "- ")):
        begun = [line for line in words.splitlines() if line.startswith(mark)]
        assert len(begun) == page.count(f"<{tag}>")
    bare = "".join(re.sub(r"<[^>]*>", "", page.partition("</p>")[2]).split())
    assert "".join(re.sub(r"^(#+|-) ", "", words, flags=re.MULTILINE).split()) == unescape(bare)


@pytest.mark.req("C7", "G36")
@pytest.mark.parametrize("kind", list(PAGES))
def test_a_published_edition_takes_the_place_and_the_old_one_stays_readable(
    office, client, at, kind
):
    data = FILLED | {"holds_from": "2026-12-10T00:00"}
    assert office.post(f"/admin/texts/{kind}", data=data).status_code == 303

    before = client.get(PAGES[kind]).text
    assert "12月10日(木)00:00から、新しい版を適用します" in before and "本文です" not in before
    coming = client.get(f"{PAGES[kind]}/versions/2026-12-10").text
    assert "これから適用する版です" in coming and "<li>一</li>" in coming

    at(japan(2026, 12, 10))
    now = client.get(PAGES[kind]).text
    assert "<h2>第1条</h2>" in now and '<p class="keep-lines">本文です。</p>' in now
    assert "2026-12-10 版" in now
    first = "2026-11-26" if kind == "cast_terms" else "2026-11-24"
    assert "以前の版です" in client.get(f"{PAGES[kind]}/versions/{first}").text


@pytest.mark.parametrize("name", ["2026-12-11", "1", "0", "x", "2026-11-24-2"])
def test_an_edition_that_nobody_wrote_does_not_exist(client, name):
    publish_terms(holds_from=japan(2026, 12, 10))

    assert client.get(f"/terms/versions/{name}").status_code == 404
    assert client.get("/privacy/versions/2026-12-10").status_code == 404


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "# <img src=x onerror=alert(1)>",
        "## </h3><svg onload=alert(1)>",
        "- </li></ul><iframe src=javascript:alert(1)>",
        "[x](javascript:alert(1)) {{ 7 * 7 }} {% raw %}",
    ],
)
def test_words_of_the_operator_are_words_and_no_markup(office, client, evil):
    office.post(URL, data=FILLED | {"body_ja": evil, "body_en": evil, "changes_ja": evil})

    for page in (client.get("/terms"), office.get("/admin/texts/terms/1"), office.get(URL)):
        assert page.status_code == 200
        for tag in ("<script>alert", "<img src=x", "<svg onload", "<iframe"):
            assert tag not in page.text
        assert 'href="javascript' not in page.text and "49" not in page.text.split("<main")[1]


def test_the_next_one_begins_with_the_one_before_and_says_anew_what_changed(office):
    office.post(URL, data=FILLED)

    text = office.get(URL).text
    assert "# 第1条" in text and 'value="1"' in text and 'value="料金の説明"' not in text


def test_readers_of_english_see_japanese_where_there_is_no_english(client):
    publish_terms()
    client.get("/language/en")
    page = client.get("/terms").text

    assert '<div class="prose" lang="ja">' in page and "新しい規約" in page
    publish_terms(body_en="# New terms")
    assert "<h2>New terms</h2>" in client.get("/terms").text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"body_ja": ""}, "ご記入ください。"),
        ({"changes_ja": ""}, "ご記入ください。"),
        ({"body_ja": "会社は【要記入】です"}, "仮の文字が残っています"),
        ({"body_ja": "あ" * 20_001}, "20000"),
        ({"holds_from": "2020-01-01T10:00"}, ""),
    ],
    ids=["no body", "no changes", "placeholder", "too long", "past"],
)
def test_what_is_no_edition_comes_back_as_it_was_filled(office, wrong, words):
    answer = office.post(URL, data=FILLED | {"body_en": "Kept words"} | wrong)

    assert answer.status_code == 422 and "Kept words" in answer.text and words in answer.text
    assert session.query(SiteText).count() == 0


def test_a_preview_shows_the_page_and_keeps_nothing(office):
    answer = office.post(URL, data=FILLED | {"preview": "1"})

    assert answer.status_code == 200 and "まだ公開していません" in answer.text
    assert "<h2>第1条</h2>" in answer.text and session.query(SiteText).count() == 0


def test_the_list_names_them_and_the_sitemap_their_day(office, client, at):
    publish_terms(TextKind.PRIVACY, holds_from=japan(2026, 12, 10), fields=CHANGES)
    text = office.get("/admin/texts").text

    assert "プライバシーポリシー" in text and "キャスト利用規約" in text
    at(japan(2026, 12, 11))
    sitemap = client.get("/sitemap.xml").text
    assert "<lastmod>2026-12-10</lastmod>" in sitemap and "<lastmod>2026-11-24</lastmod>" in sitemap


def test_a_stranger_publishes_nothing(client):
    assert client.post(URL, data=FILLED).location.startswith("/operator/login")
