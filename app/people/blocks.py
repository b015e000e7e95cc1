"""Blocking: a guest and a cast who do not want to meet each other again.

It works both ways, and neither is told. A block moves no money and cancels nothing.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, delete, exists, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from app import audit
from app.db import Base, session, unguessable
from app.errors import N_, Problem, Refused
from app.people import closing
from app.people.models import Account, Role

Person = int | InstrumentedAttribute[int]
SHOWN = 200  # blocks on one's own page


class Block(Base):
    __tablename__ = "block"
    __table_args__ = (Index("ix_block_blocked", "blocked_id"),)

    blocker_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    blocked_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=unguessable)
    at: Mapped[datetime]


# What either of the two reads: no more than that it is not possible.
CANNOT_MEET = Problem(code="cannot_meet", text=N_("A talk with this person is not possible."))


def why_not_block(blocker: Account, blocked: Account) -> list[Problem]:
    """Guests block casts and casts block guests; the office and oneself cannot be blocked."""
    if {blocker.role, blocked.role} != {Role.GUEST, Role.CAST}:
        text = N_("This person cannot be blocked.")
        return [Problem(code="not_blockable", text=text)]
    return []


def block(blocker: Account, blocked: Account, *, now: datetime) -> None:
    """Let the two not meet any more. Pressing twice blocks once. Raises Refused."""
    if problems := why_not_block(blocker, blocked):
        raise Refused(*problems)
    closing.hold_open((blocker if blocker.role is Role.GUEST else blocked).id)
    wanted = insert(Block).values(blocker_id=blocker.id, blocked_id=blocked.id, at=now)
    kept = wanted.on_conflict_do_nothing().returning(Block.blocker_id)
    if session.scalar(kept) is not None:
        _note("account.blocked", blocker, blocked, now=now)


def unblock(public_id: str, *, by: Account, now: datetime) -> Account | None:
    """Take one's own block back; the other's stays. Gives whom it was against."""
    mine = delete(Block).filter_by(blocker_id=by.id, public_id=public_id)
    blocked_id = session.scalar(mine.returning(Block.blocked_id))
    if blocked_id is None:
        return None
    blocked = session.get_one(Account, blocked_id)
    _note("account.unblocked", by, blocked, now=now)
    return blocked


def is_between(one_id: Person, other_id: Person) -> ColumnElement[bool]:
    """Whether either has blocked the other, as a part of a statement."""
    mine = exists().where(Block.blocker_id == one_id, Block.blocked_id == other_id)
    theirs = exists().where(Block.blocker_id == other_id, Block.blocked_id == one_id)
    return or_(mine, theirs)


def stand_between(one_id: int, other_id: int) -> bool:
    """Whether either of the two has blocked the other."""
    return bool(session.scalar(select(is_between(one_id, other_id))))


def why_not_meet(one_id: int, other_id: int) -> list[Problem]:
    return [CANNOT_MEET] if stand_between(one_id, other_id) else []


def has_blocked(blocker_id: int, blocked_id: int) -> bool:
    """Whether this one has blocked the other; the other way round is not theirs to know."""
    return session.get(Block, (blocker_id, blocked_id)) is not None


def hidden_from(account_id: int) -> set[int]:
    """Everybody who does not exist for this person: blocked by them, or blocking them."""
    wanted = select(Block.blocked_id).where(Block.blocker_id == account_id)
    other = select(Block.blocker_id).where(Block.blocked_id == account_id)
    return set(session.scalars(wanted.union(other)))


def of_account(account: Account) -> list[tuple[Block, Account]]:
    """Whom this person has blocked, the newest first."""
    wanted = select(Block, Account).join(Account, Account.id == Block.blocked_id)
    mine = wanted.where(Block.blocker_id == account.id).order_by(Block.at.desc(), Account.id)
    return [(each, other) for each, other in session.execute(mine.limit(SHOWN))]


def against(account_ids: Iterable[int]) -> dict[int, int]:
    """How many have blocked each of these people: for the office."""
    wanted = select(Block.blocked_id).where(Block.blocked_id.in_(list(account_ids)))
    counts: dict[int, int] = {}
    for blocked_id in session.scalars(wanted):
        counts[blocked_id] = counts.get(blocked_id, 0) + 1
    return counts


def forget(account_id: int) -> None:
    """Delete the blocks of who leaves, in both directions: the two cannot meet any more anyway."""
    either = or_(Block.blocker_id == account_id, Block.blocked_id == account_id)
    session.execute(delete(Block).where(either))


def _note(did: str, blocker: Account, blocked: Account, *, now: datetime) -> None:
    about = f"account:{blocker.id}"
    audit.note(did, about=about, by=blocker.id, now=now, other=f"account:{blocked.id}")
