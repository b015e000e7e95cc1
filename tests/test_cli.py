"""The house's commands, as an administrator types them."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.audit import AuditEntry
from app.db import session
from app.jobs import JobBeat
from app.people.models import Account, Role
from app.people.signing_in import sign_in
from app.timetable import TIMETABLE
from tests.factories import MINUTE, NOON, make_guest, make_operator

PASSWORD = "a long enough word"


@pytest.fixture
def flask(app):
    """flask("books", "check"): what the command said, and how it ended."""

    def run(*words, typed=None):
        session.commit()
        return app.test_cli_runner().invoke(args=words, input=typed)

    return run


def add(flask, *, email="keeper@example.com", name="Keeper", password=PASSWORD):
    return flask("operator", "add", email, name, typed=f"{password}\n")


def test_the_first_operator_is_made_at_the_server_and_may_log_in(flask):
    told = add(flask, email="Keeper@Example.com")

    assert told.exit_code == 0, told.output
    assert "/operator/login" in told.output
    operator = sign_in("keeper@example.com", PASSWORD, role=Role.OPERATOR, now=NOON)
    assert operator
    assert operator.nickname == "Keeper"
    assert operator.confirmed_at


def test_who_made_an_operator_is_written_down(flask):
    add(flask)

    operator = session.scalars(select(Account)).one()
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.did, entry.about) == ("account.operator_added", f"account:{operator.id}")
    assert entry.by is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"password": "short"}, "Please use 10 to 128 characters."),
        ({"password": ""}, "Please use 10 to 128 characters."),
        ({"email": "keeper"}, "This does not look like an e-mail address."),
        ({"name": " "}, "Please choose a nickname of at most 20 characters."),
    ],
)
def test_an_operator_who_cannot_be_is_refused_with_a_sentence(flask, typed, words):
    told = add(flask, **typed)

    assert told.exit_code == 1
    assert words in told.output
    assert session.scalars(select(Account)).all() == []


def test_an_operator_of_the_same_address_is_refused_and_kept(flask):
    known_id = make_operator(email="keeper@example.com").id

    told = add(flask, email="KEEPER@example.com")

    assert told.exit_code == 1
    assert "An operator with this address is there already." in told.output
    assert session.scalars(select(Account.id)).all() == [known_id]


def test_a_guest_of_the_same_address_does_not_hinder(flask):
    make_guest(email="keeper@example.com")

    assert add(flask).exit_code == 0


def test_the_password_is_not_shown(flask):
    assert PASSWORD not in add(flask).output


def leave_beats(*, but=""):
    for entry in TIMETABLE:
        if entry.name != but:
            session.add(JobBeat(name=entry.name, started_at=NOON, finished_at=NOON))


def test_beats_in_time_are_well(flask, at):
    leave_beats()
    at(NOON)

    told = flask("beats")

    assert told.exit_code == 0, told.output
    assert "in time" in told.output


def test_a_late_beat_is_named_and_ends_with_1(flask, at):
    leave_beats()
    at(NOON + MINUTE)

    told = flask("beats")

    assert told.exit_code == 1
    assert "talks.jobs.charge is late" in told.output
    assert "points.jobs.expire" not in told.output  # every minute, and three may be missed


def test_a_job_that_never_ran_is_late(flask, at):
    leave_beats(but="video.jobs.forget")
    at(NOON)

    told = flask("beats")

    assert told.exit_code == 1
    assert "video.jobs.forget is late: due every 3600 s, never ran" in told.output


def test_no_second_sender_starts_beside_a_video_server(app, flask, monkeypatch):
    settings = replace(app.config["SETTINGS"], video_backend="jitsi")
    monkeypatch.setitem(app.config, "SETTINGS", settings)

    told = flask("video-bridge")

    assert told.exit_code == 1
    assert "With VIDEO_BACKEND=jitsi, Prosody sends the presence events" in told.output
