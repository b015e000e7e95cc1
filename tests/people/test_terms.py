from datetime import timedelta

import pytest
from sqlalchemy import event, select

from app.audit import AuditEntry
from app.casts import standby
from app.db import db, session
from app.errors import Refused
from app.people import closing, terms
from app.people.models import Account, Consent, Role
from app.texts.models import TextKind
from tests.factories import NOON, SECOND, book, japan, make_cast, make_guest, make_operator, ring
from tests.factories import publish as publish_slots
from tests.texts.test_editions import publish_terms

FIRST = {"terms": "2026-11-24", "privacy": "2026-11-24"}
TODAY = "2026-11-22"


def new_to(account, *, now=NOON):
    found = terms.whats_new(account.id, terms.OF_ROLE[account.role], now=now)
    return {name: edition.name for name, edition in found.items()}


def agreed(account):
    wanted = select(Consent.terms, Consent.version).filter_by(account_id=account.id)
    return sorted((name, version) for name, version in session.execute(wanted))


@pytest.mark.req("C7", "G36")
def test_what_is_agreed_to_is_the_edition_that_holds():
    moment = japan(2026, 12, 10)
    publish_terms(holds_from=moment)

    assert terms.current(now=NOON) == FIRST
    assert terms.current(now=moment) == {**FIRST, "terms": "2026-12-10"}
    assert terms.version(now=moment) == "terms:2026-12-10 privacy:2026-11-24"
    assert terms.read(terms.version(now=moment)) == terms.current(now=moment)


@pytest.mark.req("C7")
def test_each_is_asked_about_what_concerns_them_from_its_moment():
    guest, cast, operator = make_guest(), make_cast(), make_operator()
    moment = NOON + timedelta(hours=1)
    publish_terms(TextKind.CAST_TERMS, holds_from=moment)
    publish_terms(TextKind.PRIVACY, holds_from=moment)
    member = session.get_one(Account, cast.account_id)

    assert new_to(guest) == new_to(member) == {}
    assert new_to(guest, now=moment) == {"privacy": TODAY}
    assert new_to(member, now=moment) == {"privacy": TODAY, "cast_terms": TODAY}
    assert new_to(operator, now=moment) == {}


@pytest.mark.req("C7", "G36")
def test_agreeing_is_kept_by_version_once():
    guest = make_guest()
    publish_terms()
    seen = {"terms": TODAY}

    terms.agree(guest.id, seen, now=NOON)
    terms.agree(guest.id, seen, now=NOON + SECOND)

    assert agreed(guest) == [("terms", TODAY)] and new_to(guest) == {}
    noted = session.query(AuditEntry).filter_by(did="terms.agreed").one()
    assert (noted.by, noted.facts) == (guest.id, {"versions": seen})


@pytest.mark.parametrize("seen", [{}, {"privacy": TODAY}, {"terms": "2026-11-24"}])
def test_nobody_agrees_to_what_they_did_not_see(seen):
    guest = make_guest()
    publish_terms()

    with pytest.raises(Refused) as refused:
        terms.agree(guest.id, seen, now=NOON)

    assert refused.value.codes == {"terms_changed"} and agreed(guest) == []


def test_whoever_missed_some_editions_hears_of_all_of_them():
    guest = make_guest()
    publish_terms()
    terms.agree(guest.id, {"terms": TODAY}, now=NOON)
    for days in (1, 2):
        publish_terms(now=NOON + timedelta(days=days))
    later = NOON + timedelta(days=2)

    edition = terms.whats_new(guest.id, terms.OF_GUESTS, now=later)["terms"]
    assert [each.number for each in terms.since_agreed(guest.id, edition)] == [2, 3]
    assert [each.number for each in terms.since_agreed(make_guest().id, edition)] == [1, 2, 3]


@pytest.mark.req("C7")
def test_nothing_new_begins_before_they_agree():
    guest, cast = make_guest(points=10_000), make_cast()
    publish_slots(cast, japan(2026, 11, 22, 20))
    publish_terms()
    member = session.get_one(Account, cast.account_id)

    for begin in (
        lambda: ring(guest, cast),
        lambda: book(guest, cast, japan(2026, 11, 22, 20)),
    ):
        with pytest.raises(Refused) as refused, session.begin_nested():
            begin()
        assert refused.value.codes == {"new_terms"}

    terms.agree(guest.id, {"terms": TODAY}, now=NOON)
    assert ring(guest, cast).is_live
    with pytest.raises(Refused) as refused:
        standby.begin(cast.account_id, now=NOON)
    assert refused.value.codes == {"new_terms"}
    terms.agree(member.id, {"terms": TODAY}, now=NOON)
    standby.begin(cast.account_id, now=NOON)


def test_while_built_in_words_hold_it_costs_one_question():
    guest, asked = make_guest(), []
    session.flush()

    def count(*statement):
        asked.append(statement[2])

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        assert new_to(guest) == {}
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert len(asked) == 1


@pytest.mark.committed
@pytest.mark.req("C7")
def test_two_presses_at_once_are_one_consent(at_once):
    guest_id = make_guest().id
    publish_terms()
    session.commit()

    done = at_once(*[lambda: terms.agree(guest_id, {"terms": TODAY}, now=NOON)] * 2)

    assert done == [None, None]
    assert len(session.scalars(select(Consent).filter_by(account_id=guest_id)).all()) == 1


@pytest.mark.committed
@pytest.mark.req("C7", "G36")
def test_agreeing_while_a_newer_one_is_published_keeps_what_was_seen(at_once):
    guest_id, operator = make_guest().id, make_operator().id
    publish_terms(by=operator)
    session.commit()

    agreeing, _ = at_once(
        lambda: terms.agree(guest_id, {"terms": TODAY}, now=NOON),
        lambda: publish_terms(by=operator),
    )

    kept = [each.version for each in session.scalars(select(Consent))]
    assert kept == ([] if isinstance(agreeing, Refused) else [TODAY])
    new = terms.whats_new(guest_id, terms.OF_GUESTS, now=NOON)
    assert new["terms"].name == f"{TODAY}-2"


@pytest.mark.committed
def test_who_leaves_at_the_same_moment_agrees_to_nothing_after_it(at_once):
    guest_id = make_guest().id
    publish_terms()
    session.commit()

    at_once(
        lambda: terms.agree(guest_id, {"terms": TODAY}, now=NOON),
        lambda: closing.close(closing.hold_open(guest_id), now=NOON),
    )

    assert session.get_one(Account, guest_id).closed_at == NOON
    with pytest.raises(Refused) as refused:
        terms.agree(guest_id, {"terms": TODAY}, now=NOON)
    assert refused.value.codes == {"closed"}


def test_every_role_knows_what_it_agrees_to():
    assert set(terms.OF_ROLE) == set(Role)
