"""The register of personal data: every column of the house, whose it is, why, and how long it stays.

A test holds it against the tables, so that no column comes in without a word here, and
docs/personal-data.md is written from it. Of each table the columns are sorted into

- plain: says nothing of anybody by itself (numbers, states, keys);
- erased: emptied or made neutral at once when its person leaves; with `goes` the whole row is deleted;
- kept: personal, and kept for the reason that stands in `why`.

`mine` finds a guest's own rows, for the copy that they can ask for; `withheld` columns are not in it.
To add a table: one entry below its room, in the files beside this one. A guest's table that has neither `erased` nor `goes` says
in `why` what keeps it.
"""

from app.personal_data import of_everywhere, of_meeting, of_money, of_people
from app.personal_data.entry import Entry

ROOMS: dict[str, tuple[Entry, ...]] = {
    **of_people.ROOMS,
    **of_money.ROOMS,
    **of_meeting.ROOMS,
    **of_everywhere.ROOMS,
}


def entries() -> list[Entry]:
    return [entry for room in ROOMS.values() for entry in room]


def as_markdown() -> str:
    """The register as a page of the documentation."""
    lines = ["# Personal data", "", *_INTRODUCTION, ""]
    for room, listed in ROOMS.items():
        lines += [f"## {room}", ""]
        for entry in listed:
            lines += _described(entry)
    return "\n".join(lines).rstrip() + "\n"


_INTRODUCTION = (
    "Written from `app/personal_data/` by `python -m tools.personal_data`; a test compares the two,",
    "and the register with the tables. *Erased* columns are emptied at once when their person leaves",
    "(退会, `app/leaving.py`); *kept* ones stay for the reason given. A backup forgets with its own age.",
)


def _described(entry: Entry) -> list[str]:
    if not entry.is_personal:
        return [f"### {entry.table}", f"Not personal: {_named(entry.plain)}", ""]
    happens = "the rows are deleted" if entry.goes else "these columns are emptied"
    return [
        f"### {entry.table}",
        f"Of {entry.whose}. {entry.purpose}.",
        "",
        f"- Stays: {entry.stays}.",
        *([f"- On leaving, {happens}: {_named(entry.erased)}"] if entry.erased else []),
        *([f"- Kept: {_named(entry.kept)}"] if entry.kept else []),
        *([f"- Why: {entry.why}."] if entry.why else []),
        *([f"- Not personal: {_named(entry.plain)}"] if entry.plain else []),
        "",
    ]


def _named(columns: str) -> str:
    return ", ".join(f"`{each}`" for each in columns.split())
