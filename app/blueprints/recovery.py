"""A forgotten password: asked for by address, chosen anew through the mailed link (G39)."""

from flask import Blueprint, abort

from app.web import Answer

bp = Blueprint("recovery", __name__)


@bp.get("/password/forgotten")
def ask() -> Answer:
    abort(404)


@bp.get("/password/<token>")
def choose(token: str) -> Answer:
    abort(404, token)
