"""Turning shared time into minutes: pure, and the only place that knows the free first minute."""

from datetime import timedelta

from app.policy import FREE_TIME, MINUTE
from app.talks.models import EndedBy


def started(shared: timedelta) -> int:
    """Minutes whose start the shared time has reached; each is charged at its start (D3, D4)."""
    return 0 if shared < FREE_TIME else (shared - FREE_TIME) // MINUTE + 1


def delivered(shared: timedelta) -> int:
    """Minutes that the shared time covers whole."""
    return 0 if shared < FREE_TIME else (shared - FREE_TIME) // MINUTE


def stand(shared: timedelta, ended_by: EndedBy | None) -> int:
    """Minutes that stand: the started ones, unless somebody else than the guest ended the talk.

    A guest who leaves pays for the running minute; one that was cut short by anything else is
    returned (D4).
    """
    return started(shared) if ended_by in {None, EndedBy.GUEST} else delivered(shared)


def start_of(minute: int) -> timedelta:
    """The shared time at which the n-th paid minute starts, counted from 1."""
    return FREE_TIME + (minute - 1) * MINUTE


def carried_on(shared: timedelta, ended_by: EndedBy) -> timedelta:
    """The counter with which a talk resumes (D5): as far as it was used up.

    A minute that was returned is not used up; its free minute stays used.
    """
    if shared < FREE_TIME or ended_by is EndedBy.GUEST:
        return shared
    return start_of(delivered(shared) + 1)
