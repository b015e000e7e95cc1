"""The pages around it: how it works, questions, the call system, becoming a cast."""

from flask import Blueprint, abort

from app.web import Answer

bp = Blueprint("site", __name__)


@bp.get("/guide")
def guide() -> Answer:
    abort(404)


@bp.get("/faq")
def faq() -> Answer:
    abort(404)


@bp.get("/call-system")
def call_system() -> Answer:
    abort(404)


@bp.get("/environment")
def environment() -> Answer:
    abort(404)


@bp.get("/casting/faq")
def cast_faq() -> Answer:
    abort(404)


@bp.get("/casting")
def about_casting() -> Answer:
    abort(404)


@bp.get("/casting/guide")
def cast_guide() -> Answer:
    abort(404)


@bp.get("/jobs")
def jobs() -> Answer:
    abort(404)
