import re

import pytest

from app.casts import ranks
from app.db import session
from app.texts import publishing
from app.texts.models import SiteText, TextKind
from tests.factories import NOON, make_operator
from tests.texts.test_publishing import NEEDED

URL = "/admin/texts/commerce"
FILLED = {f"{name}_ja": f"{name}の内容" for name in NEEDED} | {"based_on": "0", "body_ja": ""}


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)
    ranks.set_first_prices(NOON.date())


@pytest.fixture(name="office")
def _office(client_of):
    return client_of(make_operator())


def count():
    return session.query(SiteText).count()


def test_the_list_says_what_is_missing(office):
    text = office.get("/admin/texts").text

    assert "未記入あり" in text and "運営統括責任者" in text and "電気通信事業 届出番号" in text
    assert "本番ではポイントを販売しません" in text
    assert "未記入" in office.get("/admin/health").text


def test_a_text_is_published_and_stands_on_its_page(office, client):
    answer = office.post(
        URL, data=FILLED | {"seller_en": "A company", "body_ja": "一行\r\n\r\n二行"}
    )

    assert (answer.status_code, answer.location) == (303, "/admin/texts")
    assert "sellerの内容" in client.get("/commerce").text
    assert '<p class="keep-lines">二行</p>' in client.get("/commerce").text
    listed = office.get("/admin/texts").text
    assert "第1版" in listed and "運営統括責任者" not in listed
    assert "未記入の項目" not in office.get(URL).text


def test_a_form_with_a_blank_comes_back_as_it_was_filled(office):
    answer = office.post(URL, data=FILLED | {"phone_ja": "", "seller_ja": "わたしの会社"})

    assert answer.status_code == 422 and count() == 0
    assert 'value="わたしの会社"' in answer.text
    assert re.search(r'id="phone_ja-error".*?法律で必要な項目です', answer.text, re.DOTALL)


@pytest.mark.parametrize(
    "wrong",
    [
        {"seller_ja": "あ" * 301},
        {"body_ja": "あ" * 10_001},
        {"seller_ja": "a\x00b"},
        {"holds_from": "tomorrow"},
        {"holds_from": "2026-02-30T10:00"},
        {"holds_from": "2020-01-01T10:00"},
        {"based_on": "9" * 400},
        {"based_on": "x"},
    ],
    ids=lambda each: next(iter(each.values()))[:12],
)
def test_nonsense_is_told_and_nothing_kept(office, wrong):
    assert office.post(URL, data=FILLED | wrong).status_code == 422
    assert count() == 0


def test_the_newest_version_is_what_one_goes_on_from(office):
    office.post(URL, data=FILLED | {"holds_from": "2026-12-24T09:30"})

    text = office.get(URL).text

    assert 'name="based_on" type="hidden" value="1"' in text or 'value="1"' in text
    assert "sellerの内容" in text and "12月24日(木)09:30" in text and "これから適用" in text
    assert office.post(URL, data=FILLED | {"based_on": "1"}).status_code == 303
    assert publishing.newest(TextKind.COMMERCE) == 2


def test_one_who_was_overtaken_keeps_their_words(office):
    office.post(URL, data=FILLED)

    answer = office.post(URL, data=FILLED | {"seller_ja": "あとから"})

    assert answer.status_code == 422 and "先に新しい版を公開しました" in answer.text
    assert 'value="あとから"' in answer.text


def test_a_preview_shows_the_page_and_keeps_nothing(office):
    answer = office.post(URL, data=FILLED | {"seller_ja": "ためし", "preview": "1"})

    assert answer.status_code == 200 and count() == 0
    assert "<h1>特定商取引法に基づく表記</h1>" in answer.text and "ためし" in answer.text


def test_words_of_the_operator_are_words_and_no_markup(office, client):
    office.post(URL, data=FILLED | {"body_ja": "<script>alert(1)</script>"})

    assert "<script>alert" not in client.get("/commerce").text


@pytest.mark.parametrize("kind", ["prepaid", "external"])
def test_the_other_texts_can_be_added_to(office, client, kind):
    assert office.get(f"/admin/texts/{kind}").status_code == 200
    data = {"based_on": "0", "body_ja": "補足です。", "body_en": "More."}
    assert office.post(f"/admin/texts/{kind}", data=data).status_code == 303

    assert "補足です。" in client.get(f"/{kind}").text
    assert office.get(f"/admin/texts/{kind}/1").status_code == 200
