"""What casts were paid in a calendar year, and the table of it for the tax office's forms."""

from flask import Response, abort, render_template, request

from app import clock
from app.blueprints.admin.talks import bp
from app.guards import me, operators_only
from app.payouts import yearly as sums
from app.web import Answer

FIRST_YEAR, LAST_YEAR = 2000, 2100


@bp.get("/yearly")
@operators_only
def yearly() -> Answer:
    """One year; the latest that anything was paid in, unless another is asked for."""
    years = sums.years()
    year = request.args.get("year", type=int)
    if year is None or year not in years:
        year = years[0] if years else None
    found = sums.sums_of(year) if year else []
    return render_template("admin/yearly.html", years=years, year=year, sums=found)


@bp.post("/yearly/<int:year>/file")
@operators_only
def export_year(year: int) -> Answer:
    """A POST, since that the table was taken is written down: it holds real names."""
    if not FIRST_YEAR <= year < LAST_YEAR:
        abort(404)
    table = sums.export(year, by=me().id, now=clock.now())
    name = f"payments-{year}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(table, mimetype="text/csv", headers=headers)
