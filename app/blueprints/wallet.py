"""Points: what a guest holds, what came and went, and buying more.

A purchase goes from pack to confirmation, card and result. Each step is a page of its own, and a
fragment for the sheet over a running talk, so that a guest buys without leaving the call (G46).
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from flask import Blueprint, Response, abort, current_app, make_response, redirect, request, url_for
from flask import render_template as render
from werkzeug.datastructures import MultiDict

from app import clock
from app.blueprints.consents import agreed_first
from app.blueprints.final_screen import PackScreen
from app.bookings import diary
from app.errors import N_, Problem, Refused
from app.guards import guests_only, me, own_path
from app.jobs import later
from app.points import lots, statement
from app.points.statement import Line
from app.purchases import jobs, orders, packs
from app.purchases.gateways import GATEWAYS, sandbox
from app.purchases.models import Order, OrderState
from app.talks import history
from app.texts import publishing
from app.web import Answer, answer, wants_fragment

bp = Blueprint("wallet", __name__, url_prefix="/points")

A_MOMENT = timedelta(seconds=1)  # a lot's last usable second stands on the page
PUBLIC_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
LARGEST_NEED = 1_000_000
NO_SUCH_PACK = Problem(code="no_such_pack", text=N_("Please choose one of these packs."))
OPEN_TOO_LONG = Problem(
    code="start_again",
    text=N_("This page was open too long. Please choose the pack once more; nothing was charged."),
)


@dataclass(frozen=True, kw_only=True)
class Way:
    """What a purchase carries along: the shortage it mends, and where the guest goes on after it."""

    need: int = 0  # points that are missing
    back: str = ""  # a path of ours
    talk: str = ""  # the running talk over which the sheet stands

    @classmethod
    def of(cls, given: MultiDict[str, str]) -> Self:
        need = given.get("need", 0, type=int)
        talk = given.get("talk", "")
        return cls(
            need=need if 0 < need < LARGEST_NEED else 0,
            back=own_path(given.get("back")) or "",
            talk=talk if PUBLIC_ID.fullmatch(talk) else "",
        )

    @property
    def carried(self) -> dict[str, str | int]:
        """What stands in the next step's address."""
        return {name: value for name, value in vars(self).items() if value}

    @property
    def end(self) -> str:
        if self.talk and not self.back:
            return url_for("talks.show", public_id=self.talk)
        return self.back or url_for("wallet.show")


@bp.get("")
@guests_only
def show() -> Answer:
    """The balance, the lots with their last days, and the statement, newest first."""
    before, now = request.args.get("before", type=int), clock.now()
    lines = statement.lines(me().id, before=before)
    listed = {
        "lines": lines,
        "talks": history.by_id(_ids(lines, "talk"), of=me()),
        "bookings": diary.by_id(_ids(lines, "booking"), of=me()),
        "orders": orders.by_id(_ids(lines, "order"), guest_id=me().id),
        "next_before": lines[-1].last_id if len(lines) == statement.PAGE else None,
    }
    if request.args.get("part"):
        return render("wallet/_statement.html", **listed)
    purse = lots.purse_of(me().id, now=now)
    return render(
        "wallet/show.html",
        purse=purse,
        lots=[(lot, lot.expires_at - A_MOMENT) for lot in lots.lots_of(me().id, now=now)],
        undecided=orders.undecided_of(me().id),
        wallet_points=purse.points,
        **listed,
    )


@bp.get("/packs", endpoint="packs")
@guests_only
@agreed_first
def choose() -> Answer:
    return _packs(Way.of(request.args))


@bp.get("/confirmation")
@guests_only
@agreed_first
def confirmation() -> Answer:
    """The final screen, with the six items and the button that orders."""
    _see_who_sells()
    way, points = Way.of(request.args), request.args.get("pack", type=int)
    if points not in packs.PACKS:
        return _packs(way, NO_SUCH_PACK), 422
    screen = PackScreen.of(points, guest=me(), back=way.end, talk=way.talk, now=clock.now())
    return _step("confirmation", way=way, screen=screen, signed=screen.sign(_secret()))


@bp.post("/orders")
@guests_only
@agreed_first
def order() -> Answer:
    """Order what the final screen showed; pressed twice, it is one order."""
    _see_who_sells()
    now = clock.now()
    screen = PackScreen.read(request.form.get("form_key", ""), _secret(), person=me(), now=now)
    if screen is None:
        return _packs(Way.of(request.form), OPEN_TOO_LONG), 422
    made = orders.confirm(
        me().id,
        points=screen.points,
        price_yen=screen.price_yen,
        form_key=screen.key,
        shown=screen.shown,
        gateway=current_app.config["SETTINGS"].payments,
        back_to=screen.back,
        now=now,
    )
    pays_at = GATEWAYS[made.gateway].begin(made)
    if made.gateway == "sandbox" and sandbox.awaits_card(made.public_id):
        return answer("wallet/_card.html", otherwise=pays_at, order=made, talk=screen.talk)
    return answer("wallet/_order.html", otherwise=_page_of(made), **_result(made, screen.talk))


@bp.get("/orders/<public_id>")
@guests_only
def show_order(public_id: str) -> Answer:
    """What became of an order. The page asks again by itself until the card's bank has decided."""
    found, talk = _order(public_id), Way.of(request.args).talk
    if wants_fragment() and request.args.get("seen") == found.state:
        return "", 204
    response = make_response(_step("order", **_result(found, talk)))
    if found.state is OrderState.PAID:
        response.headers["HX-Trigger"] = "balance-changed"
    return response


@bp.get("/orders/<public_id>/card")
@guests_only
def card(public_id: str) -> Answer:
    """The sandbox gateway's page: three cards that nobody has to own."""
    found = _sandbox_order(public_id)
    if not sandbox.awaits_card(public_id):
        return redirect(_page_of(found), code=303)
    return _step("card", order=found, talk=Way.of(request.args).talk)


@bp.post("/orders/<public_id>/card")
@guests_only
def pay(public_id: str) -> Answer:
    found, talk = _sandbox_order(public_id), Way.of(request.args).talk
    chosen = request.form.get("card", "")
    if chosen not in set(sandbox.Card):
        return _step("card", order=found, talk=talk), 422
    sandbox.choose_card(public_id, sandbox.Card(chosen), now=clock.now())
    later(jobs.send_sandbox_notices)
    return answer("wallet/_order.html", otherwise=_page_of(found), **_result(found, talk))


def _see_who_sells() -> None:
    """In production nothing is sold before the legal notice says by whom (facts: Japan 3.1)."""
    if not current_app.config["SETTINGS"].production:
        return
    if problems := publishing.why_not_sell(clock.now()):
        raise Refused(*problems)


def _packs(way: Way, *problems: Problem) -> Response:
    """The packs; the one that mends the shortage is chosen already (G12)."""
    return _step(
        "packs",
        way=way,
        problems=problems,
        packs=[(points, packs.price_yen(points)) for points in packs.PACKS],
        chosen=packs.pack_for(way.need) if way.need else packs.USUAL,
    )


def _step(name: str, **context: object) -> Response:
    """A step of the purchase: a page, or a fragment where the sheet asks for it."""
    context.setdefault("wallet_points", lots.purse_of(me().id, now=clock.now()).points)
    template = f"wallet/_{name}.html" if wants_fragment() else f"wallet/{name}.html"
    response = make_response(render(template, **context))
    response.vary.add("HX-Request")
    return response


def _result(order: Order, talk: str) -> dict[str, object]:
    now = clock.now()
    return {
        "order": order,
        "talk": talk,
        "expires_at": lots.expiry_of(order.paid_at or now) - A_MOMENT,
        "wallet_points": lots.purse_of(me().id, now=now).points,
        "goes_home": order.back_to == url_for("wallet.show"),
        "renews_wallet": wants_fragment() and not talk,
    }


def _order(public_id: str) -> Order:
    return orders.find(public_id, guest_id=me().id) or abort(404)


def _sandbox_order(public_id: str) -> Order:
    found = _order(public_id)
    return found if found.gateway == sandbox.GATEWAY.name else abort(404)


def _page_of(order: Order) -> str:
    return url_for("wallet.show_order", public_id=order.public_id)


def _secret() -> str:
    return str(current_app.config["SETTINGS"].secret_key)


def _ids(lines: list[Line], noun: str) -> list[int]:
    """What the lines are about, where that is a talk or an order."""
    pairs = (line.about.partition(":") for line in lines)
    return [int(number) for word, _, number in pairs if word == noun and number.isdigit()]
