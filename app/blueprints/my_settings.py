"""The settings of whoever is signed in."""

from flask import Blueprint, abort

from app.web import Answer

bp = Blueprint("my_settings", __name__)


@bp.get("/settings")
def show() -> Answer:
    abort(404)
