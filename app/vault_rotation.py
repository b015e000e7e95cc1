"""Sealing anew, with the newest key, whatever stands sealed in any table.

The columns are found by their type, so none can be forgotten. It may be stopped at any moment and
run again: what is sealed with the newest key already is left as it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, Table, bindparam, select, tuple_, type_coerce
from sqlalchemy import update as change

from app.db import Base, session
from app.vault import Lost, Sealed, SealedText, vault

BATCH = 100  # rows of one transaction


@dataclass(kw_only=True)
class Rotation:
    """One table on its way; `last` is the primary key until which it has come."""

    table: Table
    last: tuple[Any, ...] | None = None
    sealed: int = 0  # columns of rows, by this run
    lost: list[str] = field(default_factory=list)  # rows that no key opens

    @property
    def columns(self) -> list[str]:
        return sealed_columns(self.table)


def rotations() -> Iterator[Rotation]:
    """A rotation to be done for each table with something sealed in it."""
    for table in Base.metadata.sorted_tables:
        if sealed_columns(table):
            yield Rotation(table=table)


def sealed_columns(table: Table) -> list[str]:
    return [column.name for column in table.columns if isinstance(column.type, Sealed | SealedText)]


def go_on(rotation: Rotation) -> bool:
    """Seal the next rows anew, within the caller's transaction; says whether there were any."""
    table = rotation.table
    key = list(table.primary_key.columns)
    raw = [type_coerce(table.c[name], LargeBinary).label(name) for name in rotation.columns]
    wanted = select(*key, *raw).order_by(*key).limit(BATCH).with_for_update()
    if rotation.last is not None:
        wanted = wanted.where(tuple_(*key) > tuple_(*map(_literal, key, rotation.last)))
    rows = session.execute(wanted).all()
    for row in rows:
        rotation.last = tuple(row[: len(key)])
        _seal(rotation, dict(zip(rotation.columns, row[len(key) :], strict=True)))
    return bool(rows)


def _seal(rotation: Rotation, stands: dict[str, bytes | None]) -> None:
    anew: dict[str, bytes] = {}
    for name, sealed in stands.items():
        if sealed is None or vault.is_newest(sealed):
            continue
        try:
            anew[name] = vault.seal(vault.unseal(sealed))
        except Lost:
            rotation.lost.append(f"{rotation.table.name}.{name} {rotation.last}")
    if not anew:
        return
    table, last = rotation.table, rotation.last or ()
    # Of the bare type: the columns' own would seal what is sealed.
    values = {
        table.c[name]: bindparam(None, value, type_=LargeBinary) for name, value in anew.items()
    }
    this = [column == value for column, value in zip(table.primary_key, last, strict=True)]
    session.execute(change(table).where(*this).values(values))
    rotation.sealed += len(anew)


def _literal(column: ColumnElement[Any], value: object) -> ColumnElement[Any]:
    return bindparam(None, value, type_=column.type)
