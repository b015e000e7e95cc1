"""Becoming a cast: the application in steps that can be left and gone on with (C6 to C14)."""

from flask import Blueprint, abort

from app.web import Answer

bp = Blueprint("applying", __name__)


@bp.get("/cast/entry")
def start() -> Answer:
    abort(404)


@bp.get("/cast/entry/<key>")
def show(key: str) -> Answer:
    abort(404, key)
