"""HTTP in, HTTP out."""

from flask import Flask
from flask_wtf import CSRFProtect

from app.blueprints import (
    admin,
    cast_room,
    casts,
    dev,
    embedded,
    home,
    hooks,
    probes,
    signing_in,
    talks,
    wallet,
)
from app.config import Settings


def register_blueprints(app: Flask, csrf: CSRFProtect, settings: Settings) -> None:
    """Every door of the product. Those for laptops do not exist in production."""
    for bp in (home.bp, signing_in.bp, casts.bp, wallet.bp, talks.bp, cast_room.bp, admin.bp):
        app.register_blueprint(bp)
    app.register_blueprint(probes.bp)
    app.register_blueprint(hooks.bp)
    csrf.exempt(hooks.bp)  # signed instead
    if settings.video_backend == "embedded":
        app.register_blueprint(embedded.bp)
        csrf.exempt(embedded.bp)  # carries a token instead
    if settings.dev:
        app.register_blueprint(dev.bp)
