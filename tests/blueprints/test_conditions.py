"""A cast's written conditions, and what the office sees of them."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.db import session
from app.mail import Mail
from app.payouts.condition_models import ConditionsNotice, ConditionsSeen
from app.payouts.condition_terms import FORM
from app.people.models import Account
from tests.commissions import give, name_seller
from tests.factories import NOON, make_cast, make_guest, make_operator
from tests.payouts.test_conditions import IN_A_WEEK, plan_price, set_bearer

URL = "/cast-room/conditions"
# Of the templates of each form that was ever given. Other words are a new form, in files of its own.
WORDS = {
    "form1.ja.html": "86b60c7a40aeb817048e4cc29069592066237f0149e2f4be561c69ae50c34da1",
    "form1.en.html": "22fe3334b34ec69d4f649c1639157137ff1e2314ea27decf05a073fb8a4069d4",
}


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


@pytest.fixture
def cast():
    name_seller()
    return make_cast(name="千景")


@pytest.fixture
def desk(cast, client_of):
    return client_of(session.get_one(Account, cast.account_id))


@pytest.fixture
def office(cast, client_of):
    return client_of(make_operator())


def page(browser, url, **options):
    answer = browser.get(url, **options)
    assert answer.status_code == 200
    return answer.text


def given():
    give()
    return session.scalars(select(ConditionsNotice).order_by(ConditionsNotice.number)).all()


def test_words_that_were_given_never_change(app):
    folder = Path(app.root_path) / "templates" / "conditions"
    found = {each.name: sha256(each.read_bytes()).hexdigest() for each in folder.iterdir()}

    assert found == WORDS
    assert {f"form{FORM}.ja.html", f"form{FORM}.en.html"} <= found.keys()


def test_before_the_seller_is_named_the_page_says_why_it_is_empty(client_of):
    desk = client_of(session.get_one(Account, make_cast().account_id))

    assert "まだお知らせはありません" in page(desk, URL)


def test_the_dashboard_asks_until_it_is_confirmed_and_hinders_nothing(cast, desk):
    (notice,) = given()
    text = page(desk, "/cast-room")
    assert "お仕事の条件をご確認ください" in text and f"{URL}/{notice.public_id}" in text
    assert desk.post("/cast-room/standby").status_code == 303

    desk.post(f"{URL}/{notice.public_id}/confirmation")

    assert "お仕事の条件をご確認ください" not in page(desk, "/cast-room")


def test_several_notices_are_asked_for_together(cast, desk):
    plan_price(IN_A_WEEK)
    given()

    text = page(desk, "/cast-room")

    assert "2件の条件のお知らせをご確認ください" in text
    assert f'href="{URL}"' in text


@pytest.mark.parametrize(
    "words",
    [
        "サシトーク見本株式会社",
        "山田 花子 様",
        "2026年11月22日から。期間の定めはありません",
        "<b>毎月末日に締め、翌月の最後の銀行営業日にお支払いします。</b>",
        "2026年11月30日に締め、2026年12月30日にお支払いします",
        "2026年11月20日か、それより前にご請求の分は、2026年11月30日",
        "5,000円</span>以上",
        "最初の60秒",
        "2分の1以上",
        "60分前を過ぎて",
        "消費税(10%)",
        "30日以上前に",
        "差し引いた額は支払通知書に示します",
    ],
)
def test_a_notice_says_all_that_was_agreed(cast, desk, words):
    (notice,) = given()

    assert words in page(desk, f"{URL}/{notice.public_id}")


def test_a_notice_can_be_read_in_english(cast, desk):
    (notice,) = given()
    desk.set_cookie("locale", "en")

    text = page(desk, f"{URL}/{notice.public_id}")

    assert "Sashitalk Mihon K.K." in text
    assert "closes on its last day and is paid on the last bank day of the next month" in text


@pytest.mark.req("C60")
def test_what_changed_is_marked_beside_what_was(cast, desk):
    given()
    plan_price(IN_A_WEEK)
    new = given()[1]

    text = page(desk, f"{URL}/{new.public_id}")
    assert text.count('<div class="changed">') == 2
    assert "72円" in text and "(変更前 <span" in text
    assert "変更: 1分の報酬、1枠の報酬、1分の料金、1枠の料金" in page(desk, URL)


@pytest.mark.req("D25")
def test_a_fee_that_we_bear_is_said(cast, desk):
    given()
    set_bearer(cast_bears_fee=False)
    new = given()[1]

    text = page(desk, f"{URL}/{new.public_id}")
    assert "お支払いする額から差し引くことはありません" in text
    assert text.count('<div class="changed">') == 1


def test_a_notice_that_was_replaced_says_so(cast, desk, at):
    old = given()[0]
    plan_price(IN_A_WEEK)
    given()
    at(NOON + timedelta(days=7))

    assert "新しいお知らせに替わりました" in page(desk, f"{URL}/{old.public_id}")
    assert "内容を確認しました" not in page(desk, f"{URL}/{old.public_id}")


def test_confirming_twice_is_confirming_once(cast, desk, at):
    (notice,) = given()
    url = f"{URL}/{notice.public_id}/confirmation"

    first = desk.post(url)
    at(NOON + timedelta(hours=1))
    second = desk.post(url)

    assert {first.status_code, second.status_code} == {303}
    assert session.scalars(select(ConditionsSeen.at)).all() == [NOON]
    assert "内容を確認されました" in page(desk, f"{URL}/{notice.public_id}")


def test_a_stranger_finds_nothing(cast, client, client_of):
    (notice,) = given()
    other = client_of(session.get_one(Account, make_cast().account_id))
    guest = client_of(make_guest())

    for path in (f"{URL}/{notice.public_id}", f"{URL}/nobody"):
        assert other.get(path).status_code == 404
        assert other.post(f"{path}/confirmation").status_code == 404
    assert client.get(URL).status_code == 303
    assert guest.get(URL).status_code in {303, 403, 404}
    assert session.scalar(select(func.count()).select_from(ConditionsSeen)) == 0


def test_the_office_reads_them_with_their_confirmation(cast, desk, office):
    (notice,) = given()
    at_cast = f"/admin/casts/{cast.public_id}"
    assert "確認待ち" in page(office, at_cast)

    desk.post(f"{URL}/{notice.public_id}/confirmation")

    assert "に確認</span>" in page(office, at_cast)
    assert "山田 花子 様" in page(office, f"{at_cast}/conditions/{notice.public_id}")
    assert office.get(f"{at_cast}/conditions/nobody").status_code == 404
    other = make_cast()
    elsewhere = f"/admin/casts/{other.public_id}/conditions/{notice.public_id}"
    assert office.get(elsewhere).status_code == 404
    assert desk.get(f"{at_cast}/conditions/{notice.public_id}").status_code in {303, 403, 404}


def test_the_office_finds_casts_who_did_not_confirm_for_a_week(cast, office, desk, at):
    (notice,) = given()
    listed = f'/admin/casts/{cast.public_id}"'
    assert listed not in page(office, "/admin/casts?unconfirmed=1")

    at(NOON + timedelta(days=7, seconds=1))
    text = page(office, "/admin/casts?unconfirmed=1")
    assert listed in text
    assert '<span class="count">1</span>' in text
    desk.post(f"{URL}/{notice.public_id}/confirmation")

    assert listed not in page(office, "/admin/casts?unconfirmed=1")


def test_no_mail_is_written_by_reading(cast, desk):
    (notice,) = given()

    page(desk, f"{URL}/{notice.public_id}")

    assert session.scalars(select(Mail)).all() == []
