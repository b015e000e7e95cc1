"""Income tax that is taken at the source: the class of each cast from a day on, and how much it takes.

Talking is not among what the law names; teaching an art, a sport or knowledge is (facts: Japan 3.11).
So a class is chosen by the office, and without one nothing is withheld.
"""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app import audit, policy
from app.casts.models import Cast
from app.clock import JAPAN
from app.db import session
from app.errors import N_, Problem, Refused
from app.payouts.models import Withholding, WithholdingClass


def withheld_yen(tax_class: WithholdingClass, yen: int) -> int:
    """What is withheld of this sum, paid at once; parts of a yen are left to the cast."""
    if tax_class is WithholdingClass.TEACHING:
        usual = min(yen, policy.TAX_STEP_YEN)
        above = yen - usual
        return (usual * policy.TAX_USUAL + above * policy.TAX_HIGHER) // policy.TAX_PARTS
    if tax_class is WithholdingClass.NON_RESIDENT:
        return yen * policy.TAX_HIGHER // policy.TAX_PARTS
    return 0


def class_of(cast_id: int, *, on: date) -> WithholdingClass:
    return classes_of([cast_id], on=on).get(cast_id, WithholdingClass.NONE)


def classes_of(cast_ids: Iterable[int], *, on: date) -> dict[int, WithholdingClass]:
    """The classes of many casts on a day; whoever never had one is not among them."""
    wanted = (
        select(Withholding.cast_id, Withholding.tax_class)
        .where(Withholding.cast_id.in_(set(cast_ids)), Withholding.holds_from <= on)
        .order_by(Withholding.holds_from)
    )
    return {row.cast_id: row.tax_class for row in session.execute(wanted)}


def history(cast_id: int) -> list[Withholding]:
    """Every class of a cast, the newest first."""
    wanted = (
        select(Withholding)
        .where(Withholding.cast_id == cast_id)
        .order_by(Withholding.holds_from.desc())
    )
    return list(session.scalars(wanted))


def version(cast_id: int) -> str:
    """What is written of a cast so far, for a form that shows it; empty where nothing is."""
    last = session.scalar(select(func.max(Withholding.at)).where(Withholding.cast_id == cast_id))
    return last.isoformat() if last else ""


def listed(*, on: date) -> list[tuple[Cast, WithholdingClass, Withholding]]:
    """The casts of whom tax is or will be withheld: today's class, and the newest row."""
    rows: dict[int, Withholding] = {}
    for row in session.scalars(select(Withholding).order_by(Withholding.holds_from)):
        rows[row.cast_id] = row
    now = classes_of(rows, on=on)
    casts = session.scalars(select(Cast).where(Cast.account_id.in_(rows)).order_by(Cast.name))
    found = ((each, now.get(each.account_id, WithholdingClass.NONE)) for each in casts)
    return [(cast, tax_class, rows[cast.account_id]) for cast, tax_class in found]


def why_not_write(*, holds_from: date, today: date) -> list[Problem]:
    if holds_from < today:
        text = N_("A class can hold from today on: what was paid before stays as it was.")
        return [Problem(code="too_early", about="holds_from", text=text)]
    return []


def write(
    cast_id: int,
    *,
    tax_class: WithholdingClass,
    holds_from: date,
    by: int,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Withhold by this class from a day on. Another one of the same day is replaced.

    `seen` is the version that was on the form: where more was written meanwhile, whoever writes is
    told first. The same again changes nothing. Raises Refused.
    """
    if problems := why_not_write(holds_from=holds_from, today=now.astimezone(JAPAN).date()):
        raise Refused(*problems)
    session.get_one(Cast, cast_id, with_for_update={"key_share": True}, populate_existing=True)
    is_there = select(Withholding).filter_by(
        cast_id=cast_id, holds_from=holds_from, tax_class=tax_class
    )
    if session.scalars(is_there).one_or_none():
        return
    if seen is not None and seen != version(cast_id):
        raise Refused(_CHANGED_MEANWHILE)
    row = {"tax_class": tax_class, "written_by": by, "at": now}
    write = insert(Withholding).values(cast_id=cast_id, holds_from=holds_from, **row)
    session.execute(
        write.on_conflict_do_update(
            index_elements=[Withholding.cast_id, Withholding.holds_from], set_=row
        )
    )
    audit.note(
        "withholding.written",
        about=f"account:{cast_id}",
        by=by,
        now=now,
        tax_class=tax_class,
        holds_from=str(holds_from),
    )


_CHANGED_MEANWHILE = Problem(
    code="changed_meanwhile",
    text=N_(
        "Somebody has written another class since this page was opened; it stands in the list of"
        " changes. Please compare, and save again if yours is to count."
    ),
)
