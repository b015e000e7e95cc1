"""May this process be given work? Asked by whatever stands before it, every few seconds."""

from datetime import datetime
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from redis.exceptions import RedisError
from rq import Queue
from sqlalchemy.exc import SQLAlchemyError

from app.db import session
from app.texts import publishing
from app.texts.models import OF_SELLER

MIGRATIONS = Path(__file__).parent.parent.parent / "migrations"


def look(queue: Queue | None) -> dict[str, str]:
    """What this process needs, each with "ok" or with what is wrong."""
    return {"redis": _redis(queue), **_database()}


def notes(now: datetime) -> dict[str, str]:
    """What production lacks, though requests can be answered: asked only where `look` is content."""
    lacking = [
        f"{kind} lacks {blank.name}"
        for kind in OF_SELLER
        for blank in publishing.whats_missing(kind, now=now)
    ]
    return {"texts": "; ".join(lacking) or "ok"}


def _database() -> dict[str, str]:
    try:
        stands_at = set(MigrationContext.configure(session.connection()).get_current_heads())
    except SQLAlchemyError as fault:
        return {"database": type(fault).__name__, "migrations": "unknown"}
    wanted = set(ScriptDirectory(str(MIGRATIONS)).get_heads())
    behind = f"at {sorted(stands_at)}, wanted {sorted(wanted)}"
    return {"database": "ok", "migrations": "ok" if stands_at == wanted else behind}


def _redis(queue: Queue | None) -> str:
    try:
        assert queue is not None
        queue.connection.ping()
    except RedisError as fault:
        return type(fault).__name__
    return "ok"
