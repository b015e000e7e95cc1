"""An order: what the guest confirmed on the final screen (G4), kept with what that screen said."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select

from app import audit
from app.db import session
from app.errors import N_, Problem, Refused
from app.people import closing
from app.purchases import packs
from app.purchases.models import Order, OrderState


def confirm(
    guest_id: int,
    *,
    points: int,
    price_yen: int,
    form_key: str,
    shown: Mapping[str, str],
    gateway: str,
    back_to: str,
    now: datetime,
) -> Order:
    """The order of this confirmation screen, made once however often its button is pressed.

    `shown` is the screen's six items as the guest read them, `price_yen` the price among them.
    Raises Refused for a pack that is not sold, or not at that price.
    """
    again = Problem(code="start_again", text=N_("Please start the purchase again."))
    if points not in packs.PACKS:
        raise Refused(
            Problem(
                code="no_such_pack", text=N_("This pack is not on sale. Please choose another.")
            )
        )
    if price_yen != packs.price_yen(points):
        raise Refused(again)
    closing.hold_open(guest_id)
    pressed = select(Order).filter_by(form_key=form_key)
    if first := session.scalars(pressed).one_or_none():
        if first.guest_id != guest_id:
            raise Refused(again)
        return first
    order = Order(
        guest_id=guest_id,
        points=points,
        price_yen=packs.price_yen(points),
        form_key=form_key,
        shown=dict(shown),
        gateway=gateway,
        state=OrderState.CONFIRMED,
        back_to=back_to,
        created_at=now,
    )
    session.add(order)
    session.flush()
    audit.note("order.confirmed", about=f"order:{order.id}", by=guest_id, now=now)
    return order


def find(public_id: str, *, guest_id: int) -> Order | None:
    """A guest's own order; to everyone else it does not exist."""
    wanted = select(Order).filter_by(public_id=public_id, guest_id=guest_id)
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def orders_of(guest_id: int, *, limit: int = 20) -> list[Order]:
    wanted = select(Order).filter_by(guest_id=guest_id).order_by(Order.id.desc()).limit(limit)
    return list(session.scalars(wanted))


def undecided_of(guest_id: int) -> list[Order]:
    """What the guest confirmed and the gateway has not decided, newest first."""
    return [order for order in orders_of(guest_id) if order.is_undecided]


def by_id(ids: Collection[int], *, guest_id: int) -> dict[int, Order]:
    wanted = select(Order).where(Order.id.in_(ids), Order.guest_id == guest_id)
    return {order.id: order for order in session.scalars(wanted)}
