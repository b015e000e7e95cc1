"""The register of personal data against the tables, and the page that is written from it."""

import pytest
from sqlalchemy import select, text

from app.db import Base, session
from app.personal_data import register
from tools.personal_data import PAGE

ENTRIES = {entry.table: entry for entry in register.entries()}


@pytest.mark.req("G36", "G37")
def test_every_column_of_the_house_is_in_the_register_once():
    named = {entry.table: sorted(entry.columns) for entry in register.entries()}
    there = {table.name: sorted(table.columns.keys()) for table in Base.metadata.sorted_tables}

    assert named == there
    assert len(ENTRIES) == len(register.entries())


def test_whatever_is_personal_has_a_purpose_and_a_time():
    for entry in register.entries():
        if entry.is_personal:
            assert entry.purpose and entry.stays, entry.table
        if entry.kept:
            assert entry.why, f"{entry.table} keeps what is personal without a reason"
        assert set(entry.withheld.split()) <= set(entry.columns), entry.table


def test_a_guests_own_rows_can_be_found():
    for entry in register.entries():
        if entry.mine:
            table = Base.metadata.tables[entry.table]
            wanted = select(*table.primary_key.columns).where(text(entry.mine))
            assert session.execute(wanted, {"guest_id": 1}).all() == []


def test_the_page_of_the_documentation_says_what_the_register_says():
    assert PAGE.read_text(encoding="utf-8") == register.as_markdown()
