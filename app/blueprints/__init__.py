"""HTTP in, HTTP out."""

from flask import Flask, g
from flask_wtf import CSRFProtect

from app import clock
from app.blueprints import (
    admin,
    applying,
    applying_photographs,
    applying_steps,
    blocks,
    bookings,
    calendars,
    cast_room,
    casts,
    consents,
    dev,
    device_test,
    documents,
    email_change,
    embedded,
    favourites,
    home,
    hooks,
    inquiries,
    leaving,
    messages,
    my_data,
    my_mails,
    my_page,
    my_settings,
    notices,
    objections,
    person_reports,
    pictures,
    probes,
    recovery,
    reports,
    reserved,
    second_factor,
    second_step,
    signing_in,
    site,
    stopping,
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
        documents.bp,
        signing_in.bp,
        consents.bp,
        casts.bp,
        wallet.bp,
        talks.bp,
        reports.bp,
        bookings.bp,
        reserved.bp,
        messages.bp,
        objections.bp,
        notices.bp,
        blocks.bp,
        person_reports.bp,
        calendars.bp,
        device_test.bp,
        pictures.bp,
        recovery.bp,
        my_settings.bp,
        my_page.bp,
        my_mails.bp,
        my_data.bp,
        favourites.bp,
        stopping.bp,
        leaving.bp,
        email_change.bp,
        second_factor.bp,
        second_step.bp,
        applying.bp,
        applying_steps.bp,
        applying_photographs.bp,
        inquiries.bp,
        site.bp,
    ):
        app.register_blueprint(bp)
    csrf.exempt(stopping.bp)  # its link is signed, and pressed by mail programs
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
