from datetime import UTC, datetime, timedelta

import pytest

from app.errors import Refused
from app.texts import editions, publishing
from app.texts.models import TextKind
from tests.factories import NOON, japan, make_operator

TERMS = TextKind.TERMS
CHANGES = {"changes": {"ja": "料金の説明を詳しくしました。", "en": ""}}


def publish_terms(
    kind=TERMS,
    *,
    holds_from=None,
    now=NOON,
    fields=CHANGES,
    body_ja="# 新しい規約\n本文です。",
    **more,
):
    """The next edition of a text that people agree to."""
    return publishing.publish(
        kind,
        fields=fields,
        body_ja=body_ja,
        body_en=more.get("body_en", ""),
        holds_from=holds_from or now,
        based_on=publishing.newest(kind),
        by=more.get("by") or make_operator().id,
        now=now,
    )


def names(kind=TERMS):
    return [each.name for each in editions.editions([kind])[kind]]


def holds(now):
    return editions.holding(editions.editions([TERMS])[TERMS], now=now).name


def comes(now):
    return [each.name for each in editions.ahead(editions.editions([TERMS])[TERMS], now=now)]


@pytest.mark.req("C7", "G36")
def test_the_built_in_words_hold_until_a_newer_edition_does():
    assert {kind: holds_first[0].name for kind, holds_first in editions.editions().items()} == {
        "terms": "2026-11-24",
        "privacy": "2026-11-24",
        "cast_terms": "2026-11-26",
    }
    moment = japan(2026, 12, 10)
    publish_terms(holds_from=moment)

    assert (holds(NOON), comes(NOON)) == ("2026-11-24", ["2026-12-10"])
    assert holds(moment - timedelta(microseconds=1)) == "2026-11-24"
    assert (holds(moment), comes(moment)) == ("2026-12-10", [])
    assert names(TextKind.PRIVACY) == ["2026-11-24"]


def test_editions_of_one_day_in_japan_are_counted():
    publish_terms(holds_from=datetime(2026, 12, 9, 15, tzinfo=UTC))  # midnight in Japan
    publish_terms(holds_from=japan(2026, 12, 10, 23, 59))
    publish_terms(holds_from=japan(2026, 11, 24, 9))

    assert names() == ["2026-11-24", "2026-12-10", "2026-12-10-2", "2026-11-24-2"]


def test_the_latest_written_of_those_that_may_hold_does():
    publish_terms(holds_from=japan(2026, 12, 20))
    publish_terms(holds_from=japan(2026, 12, 10))
    assert comes(NOON) == ["2026-12-10"]
    publish_terms(holds_from=japan(2026, 12, 30))
    assert comes(NOON) == ["2026-12-10", "2026-12-30"]
    assert comes(japan(2026, 12, 10)) == ["2026-12-30"]

    assert holds(japan(2026, 12, 25)) == "2026-12-10"


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"body_ja": " "}, "body_ja"),
        ({"body_ja": "# 会社\n【要記入】"}, "body_ja"),
        ({"body_en": "【要記入】"}, "body_en"),
        ({"fields": {"changes": {"ja": "", "en": "New"}}}, "changes_ja"),
        ({"fields": {"changes": {"ja": "【要記入】", "en": ""}}}, "changes_ja"),
    ],
)
def test_terms_are_whole_in_japanese_and_without_placeholders(wrong, where):
    with pytest.raises(Refused) as refused:
        publish_terms(**wrong)

    assert [problem.about for problem in refused.value.problems] == [where]
    assert publishing.newest(TERMS) == 0


def test_terms_never_stand_in_the_way_of_selling():
    assert publishing.whats_missing(TERMS, now=NOON) == []
