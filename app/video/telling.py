"""What the video server has not been told yet of our rooms. The rows are the truth; it follows them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import aliased

from app.db import session
from app.people.models import Account
from app.video.models import VideoRoom
from app.video.server import Order

TOLD_FOR = timedelta(days=1)  # nobody comes into an older room, and who is in one is put out

# A room that somebody holds at this moment is passed over and told again: these take many rooms, in
# no order, and would wait in a circle with a transaction that changes several.
_MARK_TOLD = text("""
    UPDATE video_room AS room SET told = free.version
      FROM (SELECT name, given.version
              FROM video_room
              JOIN unnest(CAST(:names AS text[]), CAST(:versions AS integer[]))
                   AS given (name, version) USING (name)
             WHERE told < given.version
               FOR UPDATE OF video_room SKIP LOCKED) AS free
     WHERE room.name = free.name
""")
_TELL_AGAIN = text("""
    UPDATE video_room AS room
       SET told = 0, version = greatest(room.version, free.theirs + 1)
      FROM (SELECT name, given.theirs
              FROM video_room
              JOIN unnest(CAST(:names AS text[]), CAST(:theirs AS integer[]))
                   AS given (name, theirs) USING (name)
               FOR UPDATE OF video_room SKIP LOCKED) AS free
     WHERE room.name = free.name
""")


def untold(limit: int, *, now: datetime) -> list[Order]:
    """The oldest rooms whose last change the server did not confirm."""
    guest, cast = aliased(Account), aliased(Account)
    found = session.execute(
        select(VideoRoom, guest.public_id, cast.public_id)
        .join(guest, guest.id == VideoRoom.guest_id)
        .join(cast, cast.id == VideoRoom.cast_id)
        .where(VideoRoom.told < VideoRoom.version, VideoRoom.opened_at > now - TOLD_FOR)
        .order_by(VideoRoom.opened_at)
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return [
        Order(
            room.name,
            room.version,
            people=(guest_id, cast_id),
            closes_at=room.closes_at,
            ended=room.closed_because if room.closed_at else None,
        )
        for room, guest_id, cast_id in found
    ]


def mark_told(orders: Sequence[Order]) -> int:
    """The server confirmed these. What changed since then stays untold. Returns how many are marked."""
    values = {
        "names": [each.room for each in orders],
        "versions": [each.version for each in orders],
    }
    return session.execute(_MARK_TOLD, values).rowcount  # type: ignore[attr-defined,no-any-return]


def tell_again(theirs: Mapping[str, int]) -> None:
    """Tell these rooms once more, whatever version of them the server has now (0: none).

    It may have a higher one than we do, after a database was brought back from a backup; ours is
    raised above it, since the server obeys no lower one.
    """
    values = {"names": list(theirs), "theirs": list(theirs.values())}
    session.execute(_TELL_AGAIN, values)
