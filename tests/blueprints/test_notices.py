from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import session
from app.notices import office_notices
from app.notices.models import Audience, NoticeReading, OfficeNotice
from app.people.models import Account
from tests.factories import NOON, japan, make_cast, make_guest, make_operator

HX = {"HX-Request": "true"}
DAY = timedelta(days=1)
FILLED = {
    "title": "振込日について",
    "words": "1月8日です。\n\nよろしく。",
    "audience": "casts",
    "starts_on": "2026-11-22",
    "ends_on": "2026-11-30",
    "must_read": "y",
}


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


@pytest.fixture
def operator():
    return make_operator()


@pytest.fixture
def office(operator, client_of):
    return client_of(operator)


@pytest.fixture
def desk(client_of):
    return client_of(session.get_one(Account, make_cast().account_id))


def write(operator, *, title="大切なお知らせ", audience=Audience.BOTH, must_read=True):
    return office_notices.write(
        title=title,
        words="<i>本文</i>です",
        audience=audience,
        starts_at=NOON - DAY,
        ends_at=None,
        must_read=must_read,
        by=operator.id,
        now=NOON,
    )


def page(browser, url):
    answer = browser.get(url)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.req("C25")
def test_a_cast_sees_on_the_dashboard_what_must_be_read_until_it_is_confirmed(desk, operator):
    notice = write(operator)
    text = page(desk, "/cast-room")
    assert "大切なお知らせ" in text
    assert "&lt;i&gt;本文&lt;/i&gt;です" in text
    assert "確認しました" in text

    answer = desk.post(f"/notices/{notice.public_id}/reading", headers=HX)

    assert answer.text.lstrip().startswith('<section id="notice-list"')
    assert "確認しました" not in page(desk, "/cast-room")
    assert session.scalars(select(NoticeReading.at)).one() == NOON


@pytest.mark.req("C25")
def test_a_guest_reads_notices_for_guests_without_javascript(client_of, operator):
    browser = client_of(make_guest())
    notice = write(operator, title="空き時間の見かた", audience=Audience.GUESTS, must_read=False)
    write(operator, title="キャスト向け", audience=Audience.CASTS)
    text = page(browser, "/notices")
    assert "空き時間の見かた" in text
    assert "キャスト向け" not in text

    answer = browser.post(f"/notices/{notice.public_id}/reading")

    assert (answer.status_code, answer.location) == (303, "/notices")
    assert "11月22日(日)12:00 に読みました" in page(browser, "/notices")


def test_a_notice_that_does_not_hold_for_somebody_does_not_exist_for_them(
    desk, client_of, client, operator
):
    for_guests = write(operator, audience=Audience.GUESTS)
    withdrawn = write(operator)
    office_notices.withdraw(withdrawn.id, by=operator.id, now=NOON)

    for notice in (for_guests, withdrawn):
        assert desk.post(f"/notices/{notice.public_id}/reading").status_code == 404
    assert client_of(operator).get("/notices").status_code == 404
    assert client.get("/notices").location.startswith("/login")
    assert session.scalars(select(NoticeReading)).all() == []


@pytest.mark.req("C25")
def test_the_operator_writes_changes_and_withdraws_a_notice(office, operator):
    assert "お知らせはまだありません" in page(office, "/admin/notices")
    assert 'value="2026-11-22"' in page(office, "/admin/notices/new")

    assert office.post("/admin/notices", data=FILLED).location == "/admin/notices"
    notice = session.scalars(select(OfficeNotice)).one()
    assert (notice.starts_at, notice.ends_at) == (japan(2026, 11, 22), japan(2026, 12, 1))
    assert (notice.audience, notice.must_read) == (Audience.CASTS, True)
    assert notice.words == FILLED["words"]
    assert "掲載中" in page(office, "/admin/notices")

    url = f"/admin/notices/{notice.public_id}"
    assert 'value="2026-11-30"' in page(office, url)
    changed = FILLED | {"title": "訂正", "ends_on": ""}
    assert office.post(url, data=changed).status_code == 303
    assert (notice.title, notice.ends_at) == ("訂正", None)

    assert office.post(f"{url}/withdrawal").status_code == 303
    assert notice.withdrawn_at == NOON
    assert "もう誰にも表示されません" in page(office, url)
    assert office.post(url, data=FILLED).status_code == 422
    assert notice.title == "訂正"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"title": ""}, "タイトルを入力してください"),
        ({"title": "x" * 61}, "60文字以内"),
        ({"words": ""}, "本文を入力してください"),
        ({"audience": "nobody"}, "誰に向けたお知らせかを選んでください"),
        ({"starts_on": ""}, "日付を入力してください"),
        ({"starts_on": "0001-01-01"}, "2000年から2099年"),
        ({"ends_on": "9999-12-31"}, "2000年から2099年"),
        ({"ends_on": "2026-11-21"}, "最終日は、開始日以降"),
        ({"starts_on": "2026-11-01", "ends_on": "2026-11-02"}, "最終日が過ぎているため"),
    ],
)
@pytest.mark.parametrize("headers", [HX, {}])
def test_a_bad_notice_is_shown_again_as_it_was_filled(office, given, said, headers):
    answer = office.post("/admin/notices", data=FILLED | given, headers=headers)

    assert answer.status_code == 422
    assert said in answer.text
    assert (FILLED | given)["title"] in answer.text
    assert session.scalars(select(OfficeNotice)).all() == []


def test_the_office_is_closed_to_others(desk, client_of, operator):
    notice = write(operator)
    for browser in (desk, client_of(make_guest())):
        for url in ("/admin/notices", "/admin/notices/new", f"/admin/notices/{notice.public_id}"):
            assert browser.get(url).status_code == 404
        assert browser.post("/admin/notices", data=FILLED).status_code == 404
        url = f"/admin/notices/{notice.public_id}/withdrawal"
        assert browser.post(url).status_code == 404
    assert notice.withdrawn_at is None


def test_a_notice_that_never_was_is_not_found(office):
    assert office.get("/admin/notices/nobody").status_code == 404
    assert office.post("/admin/notices/nobody/withdrawal").status_code == 404
