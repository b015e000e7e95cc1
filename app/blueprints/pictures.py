"""Pictures that people uploaded, and the larger requests that bring them."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from flask import Blueprint, Flask, Response, abort, current_app, request, url_for

from app import policy
from app.pictures import keeping

V = TypeVar("V", bound=Callable[..., object])

bp = Blueprint("pictures", __name__)

FORM_BYTES = 500_000  # of the other fields
KEPT = timedelta(days=365)  # a changed picture has another name


@bp.get("/pictures/<public_id>/<int:pixels>.webp")
def show(public_id: str, pixels: int) -> Response:
    webp = keeping.find(public_id, pixels=pixels) or abort(404)
    response = Response(webp, mimetype="image/webp")
    response.cache_control.public = True
    response.cache_control.immutable = True
    response.cache_control.max_age = int(KEPT.total_seconds())
    return response


def takes_photographs(view: V) -> V:
    """Let a view be sent photographs; all others refuse so much."""
    view.takes_photographs = True  # type: ignore[attr-defined]
    return view


def init_uploads(app: Flask) -> None:
    """Before anything reads the request's body, the check of its origin among them."""
    app.before_request(_widen)
    app.add_template_filter(picture_url)


def _widen() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "takes_photographs", False):
        request.max_content_length = policy.PHOTOS_AT_ONCE * policy.PHOTO_BYTES + FORM_BYTES


def picture_url(portrait: str, pixels: int = 400) -> str:
    """Where a portrait is: an uploaded picture in this size, or a drawn one of the demo."""
    if portrait.startswith("pictures/"):
        public_id = portrait.removeprefix("pictures/")
        return url_for("pictures.show", public_id=public_id, pixels=pixels)
    return url_for("static", filename=portrait)
