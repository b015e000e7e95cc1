"""The statements of all payouts, for the office: found by day, amount and name."""

from datetime import date, datetime

from flask import abort, render_template, request, url_for

from app.blueprints.admin.talks import bp
from app.blueprints.statement_files import KINDS, answer_with
from app.casts.models import Cast
from app.db import session
from app.guards import operators_only
from app.payouts import deductions, registrations, statement_search, statements
from app.payouts.statement_search import Search
from app.payouts.statements import Statement
from app.web import Answer

MOST_YEN = 2**31 - 1  # what the table can count to


@bp.get("/statements")
@operators_only
def statement_list() -> Answer:
    search = _search()
    return render_template(
        "admin/statements.html",
        search=search,
        found=statement_search.find(search),
        address=_address,
    )


@bp.get("/statements/<public_id>")
@operators_only
def statement(public_id: str) -> Answer:
    """What the cast sees, and beside it what of the tax the house may deduct."""
    found = _statement(public_id)
    number = found.facts["registration"]
    return render_template(
        "admin/statement.html",
        statement=found,
        kinds=KINDS,
        cast=session.get_one(Cast, found.payout.cast_id),
        tax_in=deductions.tax_in,
        shares=deductions.SHARES,
        is_checked=not number or registrations.is_checked(number),
    )


@bp.get("/statements/<public_id>/file")
@operators_only
def statement_file(public_id: str) -> Answer:
    return answer_with(_statement(public_id))


def _statement(public_id: str) -> Statement:
    return statements.find(public_id) or abort(404)


def _search() -> Search:
    """What the address asks for; what it asks in vain is left out."""
    return Search(
        first=_day("first"),
        last=_day("last"),
        least_yen=_yen("least"),
        most_yen=_yen("most"),
        words=request.args.get("q", "").strip()[:100],
        page=min(max(request.args.get("page", 1, type=int), 1), 1000),
    )


def _day(name: str) -> date | None:
    try:
        return datetime.strptime(request.args.get(name, ""), "%Y-%m-%d").date()  # noqa: DTZ007 - a day
    except ValueError:
        return None


def _yen(name: str) -> int | None:
    given = request.args.get(name, type=int)
    return given if given is not None and 0 <= given <= MOST_YEN else None


def _address(search: Search) -> str:
    named = {
        "first": search.first,
        "last": search.last,
        "least": search.least_yen,
        "most": search.most_yen,
        "q": search.words or None,
        "page": search.page if search.page > 1 else None,
    }
    return url_for(".statement_list", **{k: v for k, v in named.items() if v is not None})
