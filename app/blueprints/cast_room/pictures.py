"""A cast's pictures: the profile picture, and up to five more."""

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext
from PIL import Image

from app import clock, policy
from app.blueprints.cast_room.dashboard import bp
from app.blueprints.pictures import takes_photographs
from app.casts import gallery
from app.errors import N_, Problem, Refused
from app.guards import casts_only, limiter, me
from app.pictures import photographs
from app.pictures.photographs import Crop
from app.talks import calling
from app.web import Answer, form_again, go, undone

PAGE = "cast_room/pictures.html"
WAYS = {"up": -1, "down": 1}
MOST_THOUSANDTHS = 1_000_000  # a crop is kept within its picture; this keeps the numbers small


def _who() -> str:
    return f"pictures:{me().id}"


@bp.get("/profile/pictures")
@casts_only
def pictures() -> Answer:
    return render_template(PAGE, problems=[], wrong_portrait=[], **_facts())


@bp.post("/profile/portrait")
@casts_only
@limiter.limit(policy.PICTURE_TRIES, key_func=_who)
@takes_photographs
def replace_portrait() -> Answer:
    try:
        image = _photograph()
    except Refused as refusal:
        wrong = undone(refusal)
        return form_again(PAGE, page=PAGE, wrong_portrait=wrong, **_facts())
    gallery.replace_portrait(me().id, image, crop=_crop(), now=clock.now())
    flash(gettext("This is your profile picture now."))
    return go(url_for(".pictures"))


@bp.post("/profile/pictures")
@casts_only
@limiter.limit(policy.PICTURE_TRIES, key_func=_who)
@takes_photographs
def add_picture() -> Answer:
    try:
        gallery.add(me().id, _photograph(), crop=_crop(), now=clock.now())
    except Refused as refusal:
        problems = undone(refusal)
        return form_again(PAGE, page=PAGE, problems=problems, wrong_portrait=[], **_facts())
    flash(gettext("The picture stands on your page now."))
    return go(url_for(".pictures"))


@bp.post("/profile/pictures/<public_id>/place")
@casts_only
def move_picture(public_id: str) -> Answer:
    way = WAYS.get(request.form.get("way", "")) or abort(404)
    if not gallery.move(me().id, public_id, by=way):
        abort(404)
    return go(url_for(".pictures", _anchor=f"picture-{public_id}"))


@bp.post("/profile/pictures/<public_id>/removal")
@casts_only
def remove_picture(public_id: str) -> Answer:
    if not gallery.remove(me().id, public_id):
        abort(404)
    flash(gettext("The picture was removed."))
    return go(url_for(".pictures"))


def _photograph() -> Image.Image:
    """The photograph that was sent; raises Refused where there is none."""
    file = request.files.get("photo")
    data = file.read() if file else b""
    if not data:
        text = N_("Please choose a photograph.")
        raise Refused(Problem(code="no_photo", about="photo", text=text))
    return photographs.read(data)


def _crop() -> Crop | None:
    """The part that was chosen; the middle where none was, or where it makes no sense."""
    given = [request.form.get(name, "") for name in ("left", "top", "side")]
    if not all(each.isascii() and each.isdigit() and len(each) < 8 for each in given):
        return None
    left, top, side = map(int, given)
    if side == 0 or max(left, top, side) > MOST_THOUSANDTHS:
        return None
    return Crop(left=left, top=top, side=side)


def _facts() -> dict[str, object]:
    cast_id, now = me().id, clock.now()
    return {
        "call": calling.call_of(cast_id, now=now),
        "gallery": gallery.pictures_of(cast_id),
    }
