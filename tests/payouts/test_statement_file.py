"""Statements on paper: the file is read back as a reader would, letter by letter of its own font."""

import re
import time
import zlib
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.payouts import statement_file, statements
from app.payouts.statements import Line, LineKind
from tests import factories, paying, wages
from tests.factories import NOON

DAY = timedelta(days=1)
TEXT = re.compile(rb"\((?P<glyphs>(?:\\.|[^\\()])*)\) Tj", re.DOTALL)
ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@pytest.fixture
def statement():
    cast = factories.make_cast(name="ひより")
    talks = [wages.talk_for(cast, minutes=20), wages.talk_for(cast, minutes=4, now=NOON + DAY)]
    claims = [paying.claim_of(cast, talks)]
    payout = paying.make_payout(
        cast, claims, cast_bears_fee=True, teaches=True, paid_on=date(2026, 12, 30)
    )
    return statements.find(payout.public_id)


@pytest.mark.req("C58")
def test_the_file_says_what_the_page_says(statement):
    (page,) = pages_of(statement_file.write(statement))

    for words in (
        "支払通知書",
        "山田 花子 様",
        "キャスト名 ひより",
        "登録番号 なし",
        "支払日",
        "2026年12月30日",
        "報酬の合計(税込) 2件",
        "1,200円",
        "109円",  # the tax in it
        "−122円",
        "振込手数料(キャスト負担)",
        "−110円",
        "968円",
        "2026年11月22日 〜 2026年11月23日",
        "20分",
        "200円",
        "1 / \n1\n",
    ):
        assert words in page, words


def test_the_same_statement_gives_the_same_bytes_at_any_time(statement, monkeypatch):
    first = statement_file.write(statement)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)

    assert statement_file.write(statement) == first
    assert b"/CreationDate (D:20261124" in first


def test_a_transfer_that_came_back_says_so_on_paper(statement):
    paying.give_back(statement.payout, now=NOON + 45 * DAY)

    again = statements.find(statement.payout.public_id)
    (page,) = pages_of(statement_file.write(again))

    assert "この振込は2027年1月6日に銀行から戻りました" in page


def test_two_thousand_talks_take_many_pages_each_with_its_head(statement):
    lines = [
        Line(served_at=NOON + number * DAY / 48, kind=kind, units=number % 60 + 1, yen=number)
        for number, kind in enumerate([*LineKind] * 667)
    ]
    begun = time.process_time()

    file = statement_file.write(replace(statement, lines=lines))

    assert time.process_time() - begun < 5
    pages = pages_of(file)
    assert len(pages) > 40
    assert all("報酬(税込)" in page for page in pages[1:])
    assert all(
        page.endswith(f"\n{number} / \n{len(pages)}\n") for number, page in enumerate(pages, 1)
    )
    assert sum(len(re.findall("[分枠]\n", page)) for page in pages) == 2001


def test_rare_letters_of_names_are_there_and_what_no_font_has_is_a_mark(statement):
    facts = statement.facts | {"payee": "髙橋 﨑子", "cast_name": "ひより🍵"}

    (page,) = pages_of(statement_file.write(replace(statement, facts=facts)))

    assert "髙橋 﨑子 様" in page
    assert "キャスト名 ひより〓" in page


def test_a_payout_that_waits_names_the_promised_day():
    payout = paying.make_payout(factories.make_cast())

    (page,) = pages_of(statement_file.write(statements.find(payout.public_id)))

    assert "支払予定日 2026年12月30日" in page


def pages_of(file):
    """The words of each page, a line for each piece: glyphs of the embedded font, read by its map."""
    assert file.startswith(b"%PDF-")
    streams = [
        _unpacked(each) for each in re.findall(rb"stream\n(.*?)\nendstream", file, re.DOTALL)
    ]
    (letters,) = [_letters(each) for each in streams if b"beginbfchar" in each]
    return [
        "".join(f"{_read(found['glyphs'], letters)}\n" for found in TEXT.finditer(each))
        for each in streams
        if b" Tj" in each and b"BT" in each
    ]


def _unpacked(stream):
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def _letters(cmap):
    pairs = re.findall(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>", cmap)
    return {
        int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs
    }


def _read(escaped, letters):
    raw = re.sub(rb"\\(.)", lambda found: ESCAPED.get(found[1], found[1]), escaped, flags=re.DOTALL)
    codes = (int.from_bytes(raw[place : place + 2], "big") for place in range(0, len(raw), 2))
    return "".join(letters[code] for code in codes)
