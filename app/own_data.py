"""A guest's own data as one document (個人情報の開示): what the register names as theirs, in Japan time."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, select, text

from app import audit
from app.casts.models import Cast
from app.clock import JAPAN
from app.db import Base, session
from app.people.models import Account
from app.personal_data import register
from app.personal_data.entry import Entry

CAST = "talk_cast.account_id"
PERSON = "account.id"
LINK = re.compile(r"(https?://[^/\s]+)/\S*")


def collect(guest: Account, *, now: datetime) -> dict[str, Any]:
    """Everything by table, each with its purpose and how long it stays. Who asked is in the audit."""
    names = dict(session.execute(select(Cast.account_id, Cast.name)).all())
    found = {
        entry.table: {
            "purpose": entry.purpose,
            "stays": entry.stays,
            "rows": _rows(entry, guest_id=guest.id, cast_names=names),
        }
        for entry in register.entries()
        if entry.mine
    }
    audit.note("account.data_handed_out", about=f"account:{guest.id}", by=guest.id, now=now)
    return {"made_at": _readable(now), "time_zone": "Asia/Tokyo", "tables": found}


def _rows(entry: Entry, *, guest_id: int, cast_names: dict[int, str]) -> list[dict[str, Any]]:
    table = Base.metadata.tables[entry.table]
    shown, mailed = _shown(entry, table), entry.mailed.split()
    wanted = select(*[table.c[name] for name in shown]).where(text(entry.mine))
    wanted = wanted.order_by(*table.primary_key.columns)
    return [
        {
            shown[name]: cast_names.get(value) if shown[name] == "cast" else _readable(value)
            for name, value in _without_keys(row._mapping, mailed)  # noqa: SLF001 - by name
        }
        for row in session.execute(wanted, {"guest_id": guest_id})
    ]


def _without_keys(row: Mapping[Any, Any], mailed: list[str]) -> Iterator[tuple[str, Any]]:
    """Who has the password need not have the mailbox, and its links prove just that."""
    for name, value in row.items():
        yield name, LINK.sub(r"\1/…", value) if name in mailed else value


def _shown(entry: Entry, table: Table) -> dict[str, str]:
    """The columns that are handed out, by the name they get: a cast is named, accounts are not."""
    shown = {}
    for column in table.columns:
        leads_to = {key.target_fullname for key in column.foreign_keys}
        if CAST in leads_to or column.name in entry.casts.split():
            shown[column.name] = "cast"
        elif PERSON not in leads_to and column.name not in entry.withheld.split():
            shown[column.name] = column.name
    return shown


def _readable(value: object) -> object:
    """As JSON takes it; moments in Japan time, lengths in seconds."""
    match value:
        case datetime():
            return value.astimezone(JAPAN).isoformat(sep=" ", timespec="seconds")
        case date():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case _:
            return value
