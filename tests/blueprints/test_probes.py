from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis
from rq import Queue
from sqlalchemy import event, text

from app.db import db, session
from app.jobs import JobBeat, bell
from tests.factories import NOON, make_talk

AWAY = Redis(host="127.0.0.1", port=1)


def figures(answer):
    return {
        (sample.name, sample.labels.get("job")): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_being_alive_asks_the_database_nothing(client):
    said = []
    event.listen(db.engine, "before_cursor_execute", lambda *_args: said.append(_args[2]))

    answer = client.get("/healthz")

    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert [statement for statement in said if "SELECT" in statement] == []


def test_a_process_with_everything_is_ready(client):
    answer = client.get("/readyz")

    assert answer.status_code == 200
    needed = {name: answer.json[name] for name in ("database", "migrations", "redis")}
    assert needed == {"database": "ok", "migrations": "ok", "redis": "ok"}
    # Without them nothing is sold, but requests are answered.
    assert "commerce lacks seller" in answer.json["texts"]


def test_without_redis_it_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(bell, "queue", Queue("default", connection=AWAY))

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json["redis"] == "ConnectionError"
    assert answer.json["database"] == "ok"


def test_with_a_migration_missing_it_is_not_ready(client):
    session.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert "0001" in answer.json["migrations"]


def test_the_metrics_are_the_figures_of_the_health_page(client, at):
    at(NOON)
    make_talk()
    session.add(JobBeat(name="talks.jobs.charge", started_at=NOON, finished_at=NOON, error=""))

    seen = figures(client.get("/metrics"))

    assert seen["sashitalk_running_talks", None] == 1
    assert seen["sashitalk_oldest_due_charge_seconds", None] == 0
    assert seen["sashitalk_queue_length", None] == 0
    assert seen["sashitalk_job_beat_age_seconds", "talks.jobs.charge"] == 0
    assert seen["sashitalk_job_beat_age_seconds", "talks.jobs.drain"] != 0  # NaN: it never ran


def test_a_redis_that_is_away_leaves_the_other_figures(client, monkeypatch):
    monkeypatch.setattr(bell, "queue", Queue("default", connection=AWAY))

    seen = figures(client.get("/metrics"))

    assert str(seen["sashitalk_queue_length", None]) == "nan"
    assert seen["sashitalk_undrained_events", None] == 0


@pytest.mark.parametrize(
    ("token", "given", "status"),
    [
        ("", "", 404),
        ("", "Bearer ", 404),
        ("a" * 32, "", 404),
        ("a" * 32, f"Bearer {'b' * 32}", 404),
        ("a" * 32, "Bearer あ", 404),
        ("a" * 32, f"Bearer {'a' * 32}", 200),
    ],
)
def test_in_production_the_metrics_need_their_token(app, client, monkeypatch, token, given, status):
    settings = replace(app.config["SETTINGS"], env="production", metrics_token=token)
    monkeypatch.setitem(app.config, "SETTINGS", settings)

    answer = client.get("/metrics", headers={"Authorization": given.encode().decode("latin-1")})

    assert answer.status_code == status
