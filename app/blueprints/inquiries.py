"""Writing to the office: guests, casts and strangers (G42, G56, C59)."""

from flask import Blueprint, abort

from app.web import Answer

bp = Blueprint("inquiries", __name__)


@bp.get("/contact")
def ask() -> Answer:
    abort(404)
