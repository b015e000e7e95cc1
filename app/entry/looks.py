"""The address under which one look at a sealed picture is fetched: once, at once, by one operator.

It lives in Redis, which may be emptied at any time: the picture is then opened again, and that
look is written down again.
"""

import json
from datetime import datetime, timedelta
from typing import NamedTuple

from redis import Redis
from redis.exceptions import RedisError

from app.db import unguessable
from app.errors import N_, Problem, Refused

HOLDS = timedelta(seconds=60)  # on the wall


class Look(NamedTuple):
    """Whose look at which picture it is, and when it was written down."""

    picture_id: int
    by: int
    at: datetime


class Addresses:
    def __init__(self) -> None:
        self._redis: Redis | None = None

    def connect(self, redis_url: str) -> None:
        self._redis = Redis.from_url(redis_url, socket_connect_timeout=1, socket_timeout=5)

    def give(self, look: Look) -> str:
        """The last part of an address that holds for a moment. Raises Refused where none can be."""
        token = unguessable()
        said = json.dumps([look.picture_id, look.by, look.at.isoformat()])
        try:
            self._server().set(_key(token), said, ex=HOLDS)
        except RedisError:
            text = N_("The picture cannot be opened just now. Please press once more.")
            raise Refused(Problem(code="no_address", text=text)) from None
        return token

    def find(self, token: str) -> Look | None:
        """The look that is still to be fetched there."""
        try:
            return _read(self._server().get(_key(token)))
        except RedisError:
            return None

    def take(self, token: str) -> Look | None:
        """The look of this address, which is over with that."""
        try:
            return _read(self._server().getdel(_key(token)))
        except RedisError:
            return None

    def _server(self) -> Redis:
        assert self._redis, "nothing keeps the addresses yet"
        return self._redis


addresses = Addresses()


def _key(token: str) -> str:
    return f"identity-look:{token}"


def _read(said: object) -> Look | None:
    if not isinstance(said, bytes):
        return None
    picture_id, by, at = json.loads(said)
    return Look(picture_id=picture_id, by=by, at=datetime.fromisoformat(at))
