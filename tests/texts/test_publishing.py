from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.audit import AuditEntry
from app.db import session
from app.desk import readiness
from app.errors import Refused
from app.texts import publishing
from app.texts.blanks import BLANKS
from app.texts.models import TextKind
from tests.factories import NOON, make_operator

COMMERCE = TextKind.COMMERCE
NEEDED = [blank.name for blank in BLANKS[COMMERCE] if blank.is_needed]
WHOLE = {name: {"ja": f"{name}の内容", "en": ""} for name in NEEDED}


def publish(*, fields=WHOLE, based_on=0, holds_from=NOON, now=NOON, body_ja="", by=None):
    by = by or make_operator().id
    return publishing.publish(
        COMMERCE,
        fields=fields,
        body_ja=body_ja,
        body_en="",
        holds_from=holds_from,
        based_on=based_on,
        by=by,
        now=now,
    )


@pytest.mark.parametrize("name", NEEDED)
@pytest.mark.parametrize("empty", [{}, {"ja": ""}, {"ja": "  "}, {"ja": "", "en": "Words"}])
def test_what_the_law_asks_for_cannot_be_left_empty(name, empty):
    with pytest.raises(Refused) as refused:
        publish(fields={**WHOLE, name: empty})

    assert [problem.about for problem in refused.value.problems] == [f"{name}_ja"]
    assert publishing.newest(COMMERCE) == 0


def test_a_placeholder_is_no_content():
    with pytest.raises(Refused) as refused:
        publish(fields={**WHOLE, "seller": {"ja": "【要記入】", "en": ""}})

    assert refused.value.codes == {"placeholder"}


def test_what_is_missing_is_named_until_it_is_published():
    assert [each.name for each in publishing.whats_missing(COMMERCE, now=NOON)] == NEEDED
    assert {each.code for each in publishing.why_not_sell(NOON)} == {"seller_unknown"}
    assert "commerce lacks seller" in readiness.notes(NOON)["texts"]

    publish(holds_from=NOON + timedelta(hours=1))

    assert publishing.why_not_sell(NOON)
    an_hour_later = NOON + timedelta(hours=1)
    assert publishing.whats_missing(COMMERCE, now=an_hour_later) == []
    assert publishing.why_not_sell(an_hour_later) == []
    assert readiness.notes(an_hour_later) == {"texts": "ok"}


def test_a_version_holds_from_its_moment_and_the_latest_written_wins():
    tomorrow = NOON + timedelta(days=1)
    publish(body_ja="eins")
    publish(body_ja="zwei", based_on=1, holds_from=tomorrow)
    publish(body_ja="drei", based_on=2)

    assert publishing.find(COMMERCE, now=NOON).body_ja == "drei"
    assert publishing.find(COMMERCE, now=tomorrow).body_ja == "drei"
    assert [each.version for each in publishing.versions(COMMERCE)] == [3, 2, 1]


def test_what_a_later_one_overtakes_is_not_ahead_any_more():
    days = [NOON + timedelta(days=each) for each in (20, 10, 30)]
    for number, day in enumerate(days):
        publish(based_on=number, holds_from=day)
    assert publishing.ahead(COMMERCE, now=NOON) == {2, 3}
    assert publishing.ahead(COMMERCE, now=days[1]) == {3}

    publish(based_on=3)

    assert publishing.ahead(COMMERCE, now=NOON) == set()


def test_a_version_cannot_have_held_before_it_was_written():
    with pytest.raises(Refused) as refused:
        publish(holds_from=NOON - timedelta(hours=1))
    assert refused.value.codes == {"past"}

    publish(holds_from=NOON - timedelta(minutes=1))

    assert publishing.find(COMMERCE, now=NOON).holds_from == NOON


def test_of_two_that_began_with_the_same_version_the_second_is_refused():
    publish()
    publish(based_on=1)

    for based_on in (0, 1, 7, -1):
        with pytest.raises(Refused) as refused, session.begin_nested():
            publish(based_on=based_on)
        assert refused.value.codes == {"somebody_else"}
    assert publishing.newest(COMMERCE) == 2


@pytest.mark.committed
def test_two_who_publish_at_once_make_one_version(at_once):
    operator = make_operator().id
    session.commit()

    done = at_once(lambda: publish(by=operator), lambda: publish(by=operator))

    assert sum(isinstance(each, Refused) for each in done) == 1
    assert publishing.newest(COMMERCE) == 1


def test_what_was_published_cannot_be_changed_or_deleted():
    publish()

    for act in ("UPDATE site_text SET body_ja = 'x'", "DELETE FROM site_text"):
        with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
            session.execute(text(act))


def test_who_published_is_in_the_audit():
    operator = make_operator()
    publish(by=operator.id)

    noted = session.query(AuditEntry).filter_by(did="text.published").one()
    assert (noted.by, noted.about) == (operator.id, "text:commerce:1")


def test_english_falls_back_to_the_japanese_that_there_is():
    publish(fields={**WHOLE, "seller": {"ja": "会社", "en": "Company"}})
    found = publishing.find(COMMERCE, now=NOON)

    assert publishing.words_of(found, "seller", locale="en") == ("Company", "en")
    assert publishing.words_of(found, "address", locale="en") == ("addressの内容", "ja")
    assert publishing.words_of(None, "address", locale="en") == ("", "ja")
