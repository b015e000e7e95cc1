from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from app.audit import AuditEntry
from app.db import session
from app.errors import Refused
from app.notices import office_notices
from app.notices.models import Audience, NoticeReading
from app.people.models import Role
from tests.factories import MINUTE, NOON, make_account, make_operator

DAY = timedelta(days=1)


@pytest.fixture
def operator():
    return make_operator()


@pytest.fixture
def cast():
    return make_account(Role.CAST)


@pytest.fixture
def guest():
    return make_account(Role.GUEST)


def write(operator, title="振込日", **given):
    values = {
        "title": title,
        "words": "本文",
        "audience": Audience.CASTS,
        "starts_at": NOON - DAY,
        "ends_at": NOON + DAY,
        "must_read": False,
    } | given
    return office_notices.write(**values, by=operator.id, now=NOON)


def titles(account, now=NOON):
    return [each.notice.title for each in office_notices.holding(account, now=now)]


@pytest.mark.req("C25")
@pytest.mark.parametrize(
    ("audience", "casts", "guests"),
    [(Audience.CASTS, 1, 0), (Audience.GUESTS, 0, 1), (Audience.BOTH, 1, 1)],
)
def test_a_notice_is_for_its_audience(operator, cast, guest, audience, casts, guests):
    write(operator, audience=audience)

    assert (len(titles(cast)), len(titles(guest)), titles(operator)) == (casts, guests, [])


def test_a_notice_holds_from_its_first_moment_to_its_last(operator, cast):
    write(operator, starts_at=NOON, ends_at=NOON + DAY)
    write(operator, title="ずっと", starts_at=NOON + MINUTE, ends_at=None)

    assert titles(cast, NOON - MINUTE) == []
    assert titles(cast, NOON) == ["振込日"]
    assert titles(cast, NOON + DAY - MINUTE) == ["ずっと", "振込日"]
    assert titles(cast, NOON + DAY) == ["ずっと"]


@pytest.mark.req("C25")
def test_what_must_be_read_stands_on_top_until_it_is_confirmed_and_the_unread_before_the_read(
    operator, cast
):
    must = write(operator, "必読", must_read=True, starts_at=NOON - 3 * DAY)
    old = write(operator, "古い", starts_at=NOON - 2 * DAY)
    new = write(operator, "新しい", starts_at=NOON - DAY)
    assert titles(cast) == ["必読", "新しい", "古い"]

    office_notices.confirm(new, by=cast, now=NOON)
    assert titles(cast) == ["必読", "古い", "新しい"]

    office_notices.confirm(must, by=cast, now=NOON)
    assert titles(cast) == ["古い", "新しい", "必読"]
    assert not any(each.is_pressing for each in office_notices.holding(cast, now=NOON))
    assert office_notices.find_held(old.public_id, of=cast, now=NOON) is old


def test_the_office_sees_how_many_have_read_of_how_many(operator, cast, guest):
    other = make_account(Role.CAST)
    gone = make_account(Role.CAST)
    gone.closed_at = NOON
    notice = write(operator, audience=Audience.BOTH)
    for person in (cast, guest):
        office_notices.confirm(notice, by=person, now=NOON)

    [spread] = office_notices.listed()

    assert (spread.readers, spread.people) == (2, 3)
    assert other.closed_at is None


def test_a_window_without_a_moment_is_refused(operator):
    def codes(**given):
        with pytest.raises(Refused) as refusal:
            write(operator, **given)
        return refusal.value.codes

    assert codes(starts_at=NOON, ends_at=NOON) == {"no_window"}
    assert codes(starts_at=NOON - 2 * DAY, ends_at=NOON - DAY) == {"past"}
    assert session.scalars(select(AuditEntry)).all() == []


def test_what_a_notice_said_before_a_change_stays_in_the_audit(operator, cast):
    notice = write(operator)
    values = {
        "title": "訂正",
        "words": "新しい本文",
        "audience": Audience.BOTH,
        "starts_at": NOON,
        "ends_at": None,
        "must_read": True,
    }

    office_notices.change(notice.id, **values, by=operator.id, now=NOON)

    assert titles(cast) == ["訂正"]
    changed = session.scalars(select(AuditEntry).filter_by(did="office_notice.changed")).one()
    assert changed.facts["words_before"] == "本文"
    assert changed.by == operator.id


def test_what_is_withdrawn_is_gone_and_stays_as_it_was(operator, cast):
    notice = write(operator)

    for _ in range(2):
        office_notices.withdraw(notice.id, by=operator.id, now=NOON)

    assert titles(cast) == []
    values = {"title": "x", "words": "x", "audience": Audience.BOTH, "must_read": False}
    moments = {"starts_at": NOON, "ends_at": None}
    with pytest.raises(Refused) as refusal:
        office_notices.change(notice.id, **values, **moments, by=operator.id, now=NOON)
    assert refusal.value.codes == {"withdrawn"}
    did = session.scalars(select(AuditEntry.did)).all()
    assert sorted(did) == ["office_notice.withdrawn", "office_notice.written"]


@pytest.mark.committed
def test_pressing_twice_at_the_same_instant_reads_once(at_once):
    operator, cast = make_operator(), make_account(Role.CAST)
    notice = write(operator, must_read=True)
    session.flush()
    session.expunge_all()

    at_once(*[partial(office_notices.confirm, notice, by=cast, now=NOON)] * 2)

    assert len(session.scalars(select(NoticeReading)).all()) == 1
