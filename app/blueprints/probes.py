"""What machines ask about this process: is it alive, may it be given work, how is the house doing."""

import hmac
import math

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from app import clock
from app.desk import health, readiness
from app.jobs import bell

bp = Blueprint("probes", __name__)


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """The process answers. Nothing else is asked, so that a sick database restarts nobody."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """May this process be given requests? Names what is missing, and what only stops the selling."""
    found = readiness.look(bell.queue)
    if set(found.values()) != {"ok"}:
        return found, 503
    return found | readiness.notes(clock.now()), 200


@bp.get("/metrics")
def metrics() -> ResponseReturnValue:
    """The figures of the health page. They come from the database, so every process says the same.

    Requests and their times belong to the proxy in front, which counts them for all processes.
    """
    if not _may_read_metrics():
        abort(404)
    registry = CollectorRegistry()
    _fill(registry)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read_metrics() -> bool:
    """In production only with the token; without one set there, nobody."""
    settings = current_app.config["SETTINGS"]
    if not settings.production:
        return True
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.metrics_token
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())


def _fill(registry: CollectorRegistry) -> None:
    seen = health.health(current_app.config["TIMETABLE"], queue=bell.queue, now=clock.now())

    def gauge(name: str, about: str, value: float | None) -> None:
        Gauge(f"sashitalk_{name}", about, registry=registry).set(
            math.nan if value is None else value
        )

    gauge("running_talks", "Talks that run", seen.running_talks)
    for sign in seen.signs:
        gauge(sign.name, sign.words, sign.value)
    checkup = seen.checkup
    gauge("books_differences", "What the last check found", checkup and checkup.differences)
    gauge(
        "books_good",
        "1 where the last check is fresh and found nothing",
        seen.books_level == "good",
    )
    ages = Gauge(
        "sashitalk_job_beat_age_seconds", "Since a job last ran", ["job"], registry=registry
    )
    for beat in seen.beats:
        age = beat.age_seconds
        ages.labels(beat.name).set(math.nan if age is None else age)
