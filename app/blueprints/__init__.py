"""HTTP in, HTTP out."""

from flask import Flask, g
from flask_wtf import CSRFProtect

from app import clock
from app.blueprints import (
    admin,
    applying,
    blocks,
    bookings,
    calendars,
    cast_room,
    casts,
    dev,
    device_test,
    embedded,
    home,
    hooks,
    inquiries,
    messages,
    my_settings,
    objections,
    person_reports,
    pictures,
    probes,
    recovery,
    reports,
    reserved,
    signing_in,
    site,
    talks,
    wallet,
)
from app.config import Settings
from app.guards import find_me
from app.people.models import Role
from app.points.lots import purse_of


def register_blueprints(app: Flask, csrf: CSRFProtect, settings: Settings) -> None:
    """Every door of the product. Those for laptops do not exist in production."""
    for bp in (
        home.bp,
        signing_in.bp,
        casts.bp,
        wallet.bp,
        talks.bp,
        reports.bp,
        bookings.bp,
        reserved.bp,
        messages.bp,
        objections.bp,
        blocks.bp,
        person_reports.bp,
        calendars.bp,
        device_test.bp,
        pictures.bp,
        recovery.bp,
        my_settings.bp,
        applying.bp,
        inquiries.bp,
        site.bp,
    ):
        app.register_blueprint(bp)
    app.register_blueprint(cast_room.bp)
    app.register_blueprint(admin.bp)
    app.register_blueprint(probes.bp)
    app.register_blueprint(hooks.bp)
    csrf.exempt(hooks.bp)  # signed instead
    if settings.video_backend == "embedded":
        app.register_blueprint(embedded.bp)
        csrf.exempt(embedded.bp)  # carries a token instead
    if settings.dev:
        app.register_blueprint(dev.bp)
    app.context_processor(lambda: {"my_points": my_points})


def my_points() -> int | None:
    """What the signed-in guest can spend, for the pill of every page; None for anybody else.

    Asked for while a page is drawn, so that it costs nothing where no pill is, and once.
    """
    account = find_me()
    if account is None or account.role is not Role.GUEST:
        return None
    if "my_points" not in g:
        g.my_points = purse_of(account.id, now=clock.now()).points
    return int(g.my_points)
