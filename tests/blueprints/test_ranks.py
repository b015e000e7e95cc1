"""The operator's pages of prices and casts, and the cast's answer to an invitation."""

from datetime import date

import pytest
from sqlalchemy import select

from app.casts import ranks
from app.casts.models import InvitationState, Rank, RankInvitation, RankPrice
from app.db import session
from app.mail import Mail
from app.people.models import Account
from tests.factories import NOON, make_cast, make_guest, make_operator

HX = {"HX-Request": "true"}
TOMORROW = date(2026, 11, 23)
PRICE = {
    "rank": "blue",
    "holds_from": "2026-11-23",
    "price_points": "120",
    "slot_points": "350",
    "reward_percent": "60",
}
INVITED = {"rank": "platinum", "holds_from": "2026-12-01", "words": "ぜひお願いします。"}


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


@pytest.fixture
def cast():
    return make_cast(name="千景")


@pytest.fixture
def office(cast, client_of):
    return client_of(make_operator())


@pytest.fixture
def desk(cast, client_of):
    return client_of(session.get_one(Account, cast.account_id))


def page(browser, url):
    answer = browser.get(url)
    assert answer.status_code == 200
    return answer.text


def the_invitation():
    return session.scalars(select(RankInvitation)).one()


@pytest.fixture
def invitation(office, cast):
    answer = office.post(f"/admin/casts/{cast.public_id}/invitations", data=INVITED)
    assert answer.location == f"/admin/casts/{cast.public_id}"
    return the_invitation()


# Prices


@pytest.mark.req("C60")
def test_a_price_is_planned_seen_with_what_changes_and_taken_back(office):
    assert office.post("/admin/prices", data=PRICE).location == "/admin/prices"

    text = page(office, "/admin/prices")
    assert '<span class="soft">100 pt</span> → <b>120 pt</b>' in text
    assert '<span class="soft">50円</span> → <b>72円</b>' in text
    assert "履歴はすべて残ります" in text
    assert session.get(RankPrice, (Rank.BLUE, TOMORROW)).slot_points == 350

    assert office.post("/admin/prices/blue/2026-11-23/removal").status_code == 303
    assert session.get(RankPrice, (Rank.BLUE, TOMORROW)) is None


@pytest.mark.req("C60")
def test_a_cast_sees_on_the_dashboard_the_price_that_is_planned_for_their_rank_next(office, desk):
    for day, points in (("2026-12-20", "140"), ("2026-12-01", "120")):
        planned = PRICE | {"holds_from": day, "price_points": points}
        assert office.post("/admin/prices", data=planned).status_code == 303
    other = PRICE | {"rank": "gold", "price_points": "210"}
    assert office.post("/admin/prices", data=other).status_code == 303

    text = page(desk, "/cast-room")

    assert "12月1日(火)から:1分 120 pt、あなたの報酬は1分 72円、予約1枠 210円" in text
    assert "140 pt" not in text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"holds_from": "2026-11-22"}, "適用日は明日以降"),
        ({"holds_from": ""}, "日付を入力してください"),
        ({"holds_from": "9999-01-01"}, "2000年から2099年"),
        ({"price_points": "x"}, "整数で入力してください"),
        ({"price_points": "0"}, "1から100000まで"),
        ({"price_points": "9" * 30}, "1から100000まで"),
        ({"reward_percent": "101"}, "1から100までの報酬率(%)"),
        ({"slot_points": "119"}, "1分の料金より安くできません"),
        ({"rank": "ruby"}, "ランクを選んでください"),
    ],
)
@pytest.mark.parametrize("headers", [HX, {}])
def test_a_bad_price_is_shown_again_as_it_was_filled(office, given, said, headers):
    answer = office.post("/admin/prices", data=PRICE | given, headers=headers)

    assert answer.status_code == 422
    assert said in answer.text
    assert len(session.scalars(select(RankPrice).filter_by(rank=Rank.BLUE)).all()) == 1


def test_a_price_that_has_begun_stays(office):
    answer = office.post("/admin/prices/blue/2026-01-01/removal")

    assert answer.status_code == 409
    assert "すでに適用が始まっているため" in answer.text
    assert ranks.price_of(Rank.BLUE, today=TOMORROW).price_points == 100


@pytest.mark.parametrize("path", ["ruby/2026-11-23", "blue/2026-13-01", "blue/2027-01-01"])
def test_a_price_that_is_none_is_not_found(office, path):
    assert office.post(f"/admin/prices/{path}/removal").status_code == 404


# Casts


@pytest.mark.req("C17")
def test_casts_are_listed_found_and_seen_with_their_figures(office, cast):
    make_cast(name="れん", rank=Rank.GOLD)

    assert all(name in page(office, "/admin/casts") for name in ("千景", "れん"))
    found = page(office, "/admin/casts?q=千&rank=blue&state=online")
    assert "千景" in found and "れん" not in found
    assert "条件に合うキャストがいません" in page(office, "/admin/casts?rank=black")
    assert "千景" in page(office, "/admin/casts?rank=ruby&state=x&page=-3")

    text = page(office, f"/admin/casts/{cast.public_id}")
    assert all(words in text for words in ("予約獲得数", "守った予約", "ゲストの評価", "招待する"))
    assert office.get("/admin/casts/nobody").status_code == 404


@pytest.mark.req("C16")
def test_an_invitation_is_mailed_and_stands_on_the_dashboard_with_both_prices(
    invitation, cast, desk
):
    mail = session.scalars(select(Mail)).one()
    assert mail.to == session.get_one(Account, cast.account_id).email
    assert mail.subject == "【サシトーク】PLATINUM ランクへのご招待"
    assert "ぜひお願いします。" in mail.body
    assert "現在(BLUE):1分 100 pt、あなたの報酬 50円" in mail.body
    assert "適用後(PLATINUM):1分 300 pt、あなたの報酬 165円" in mail.body
    assert "12月1日(火) 0:00 までに" in mail.body
    url = f"/cast-room/invitations/{invitation.public_id}"
    assert f"http://127.0.0.1:5000{url}" in mail.body

    assert "11月30日(月)の終わりまでに" in page(desk, "/cast-room")
    text = page(desk, url)
    assert all(words in text for words in ("300 pt", "165円", "495円", "ぜひお願いします。"))


@pytest.mark.req("C16")
def test_the_cast_accepts(invitation, cast, desk, office):
    url = f"/cast-room/invitations/{invitation.public_id}"

    assert desk.post(f"{url}/acceptance").location == url

    assert invitation.state is InvitationState.ACCEPTED
    assert "承諾済みです" in page(desk, url)
    assert url not in page(desk, "/cast-room")
    assert "承諾" in page(office, f"/admin/casts/{cast.public_id}")
    assert desk.post(f"{url}/declination").status_code == 409
    assert cast.rank is Rank.BLUE  # until its day


@pytest.mark.req("C16")
def test_the_cast_declines(invitation, desk):
    url = f"/cast-room/invitations/{invitation.public_id}"

    assert desk.post(f"{url}/declination").status_code == 303

    assert invitation.state is InvitationState.DECLINED
    assert "この招待はすでに辞退されています" in page(desk, url)


def test_a_withdrawn_invitation_is_told_by_mail(invitation, cast, office, desk):
    url = f"/admin/casts/{cast.public_id}/invitations/{invitation.public_id}/withdrawal"

    assert office.post(url).status_code == 303
    assert office.post(url).status_code == 303

    assert invitation.state is InvitationState.WITHDRAWN
    subjects = session.scalars(select(Mail.subject).order_by(Mail.id)).all()
    assert subjects[1:] == ["【サシトーク】PLATINUM ランクへのご招待を取り下げました"]
    body = session.scalars(select(Mail.body).order_by(Mail.id)).all()[1]
    assert "あなたのランク、料金、報酬は今のままです" in body
    assert "http://127.0.0.1:5000/cast-room" in body
    assert desk.post(f"/cast-room/invitations/{invitation.public_id}/acceptance").status_code == 409


def test_mails_of_an_invitation_are_in_the_language_of_the_cast(cast, office):
    session.get_one(Account, cast.account_id).locale = "en"

    office.post(f"/admin/casts/{cast.public_id}/invitations", data=INVITED)

    mail = session.scalars(select(Mail)).one()
    assert mail.subject == "Sashitalk: an invitation to the rank PLATINUM"
    assert "Then (PLATINUM): a minute costs the guest 300 pt and earns you ¥165." in mail.body


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"rank": "blue"}, "キャストはすでにこのランクです"),
        ({"rank": ""}, "ランクを選んでください"),
        ({"holds_from": "2026-11-22"}, "適用日は明日以降にしてください"),
        ({"words": ""}, "キャストへの言葉をお書きください"),
    ],
)
@pytest.mark.parametrize("headers", [HX, {}])
def test_a_bad_invitation_is_shown_again(office, cast, given, said, headers):
    url = f"/admin/casts/{cast.public_id}/invitations"

    answer = office.post(url, data=INVITED | given, headers=headers)

    assert answer.status_code == 422
    assert said in answer.text
    assert session.scalars(select(RankInvitation)).all() == []
    assert session.scalars(select(Mail)).all() == []


def test_a_second_invitation_is_refused_while_the_first_waits(invitation, cast, office):
    answer = office.post(f"/admin/casts/{cast.public_id}/invitations", data=INVITED)

    assert answer.status_code == 422
    assert "返事待ちまたは適用日前の招待がすでにあります" in answer.text


def test_strangers_find_no_invitation_and_no_office(invitation, cast, client_of):
    stranger = client_of(session.get_one(Account, make_cast().account_id))
    own = f"/cast-room/invitations/{invitation.public_id}"
    assert stranger.get(own).status_code == 404
    assert stranger.post(f"{own}/acceptance").status_code == 404

    for browser in (stranger, client_of(make_guest())):
        for url in ("/admin/casts", "/admin/prices", f"/admin/casts/{cast.public_id}"):
            assert browser.get(url).status_code == 404
        assert browser.post("/admin/prices", data=PRICE).status_code == 404
    assert invitation.state is InvitationState.OPEN


def test_figures_and_conduct_of_a_cast_lead_to_each_other(office, cast):
    figures, conduct = f"/admin/casts/{cast.public_id}", f"/admin/people/{cast.public_id}"

    assert f'href="{conduct}"' in page(office, figures)
    assert f'href="{figures}"' in page(office, conduct)
    assert "/admin/casts/" not in page(office, f"/admin/people/{make_guest().public_id}")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/admin", "/admin"),
        ("/admin/casts", "/admin/casts"),
        ("/admin/notices/new", "/admin/notices"),
    ],
)
def test_the_side_list_tells_where_one_is(office, path, place):
    text = page(office, path)

    assert f'<a href="{place}" aria-current="page">' in text
    assert text.count('aria-current="page"') == 1
