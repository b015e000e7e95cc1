"""A cast's pictures: the profile picture, and up to five more in the order that the cast likes."""

from datetime import datetime

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import policy
from app.casts.models import Cast
from app.casts.profile_models import CastPicture
from app.db import session
from app.errors import N_, Problem, Refused
from app.pictures import keeping
from app.pictures.models import Picture
from app.pictures.photographs import Crop

UPLOADED = "pictures/"  # what the name of an uploaded portrait begins with
EMPTY = "nobody.svg"  # of a cast who has left


def pictures_of(cast_id: int) -> list[CastPicture]:
    """The further pictures in order."""
    wanted = (
        select(CastPicture)
        .where(CastPicture.account_id == cast_id)
        .order_by(CastPicture.position)
        .options(joinedload(CastPicture.picture))
    )
    return list(session.scalars(wanted))


def replace_portrait(
    cast_id: int, image: Image.Image, *, crop: Crop | None = None, now: datetime
) -> None:
    """The profile picture from now on; the one before is forgotten."""
    cast = _locked(cast_id)
    before = cast.portrait
    cast.portrait = f"{UPLOADED}{keeping.keep(image, crop=crop, now=now).public_id}"
    session.flush()
    _drop(before)


def forget(cast_id: int) -> None:
    """All pictures of a cast who leaves; an empty frame takes the place of the portrait."""
    cast = _locked(cast_id)
    for each in pictures_of(cast_id):
        session.expunge(each)  # its row goes with the picture
        keeping.drop(each.picture_id)
    before, cast.portrait = cast.portrait, EMPTY
    session.flush()
    _drop(before)


def _drop(portrait: str) -> None:
    """Forget an uploaded picture by its name as a portrait."""
    if portrait.startswith(UPLOADED):
        public_id = portrait.removeprefix(UPLOADED)
        picture = session.scalars(select(Picture).filter_by(public_id=public_id)).one_or_none()
        if picture:
            keeping.drop(picture.id)


def add(
    cast_id: int, image: Image.Image, *, crop: Crop | None = None, now: datetime
) -> CastPicture:
    """One more picture, behind the others. Raises Refused where there are five."""
    _locked(cast_id)
    count = len(pictures_of(cast_id))
    if problems := why_not_add(count):
        raise Refused(*problems)
    picture = keeping.keep(image, crop=crop, now=now)
    added = CastPicture(picture_id=picture.id, account_id=cast_id, position=count)
    session.add(added)
    session.flush()
    return added


def why_not_add(count: int) -> list[Problem]:
    if count < policy.MORE_PICTURES:
        return []
    text = N_("There are %(most)s pictures already. Please remove one first.")
    values = {"most": policy.MORE_PICTURES}
    return [Problem(code="enough_pictures", about="photo", text=text, values=values)]


def move(cast_id: int, public_id: str, *, by: int) -> bool:
    """Move a picture so many places; at the end of the row it stays. False where it is not theirs."""
    _locked(cast_id)
    row = pictures_of(cast_id)
    found = _index(row, public_id)
    if found is None:
        return False
    picture = row.pop(found)
    row.insert(max(found + by, 0), picture)
    _number(row)
    return True


def remove(cast_id: int, public_id: str) -> bool:
    """Forget a picture. False where it is not one of theirs."""
    _locked(cast_id)
    row = pictures_of(cast_id)
    found = _index(row, public_id)
    if found is None:
        return False
    gone = row.pop(found)
    session.expunge(gone)  # its row goes with the picture
    keeping.drop(gone.picture_id)
    _number(row)
    return True


def _index(row: list[CastPicture], public_id: str) -> int | None:
    return next((n for n, each in enumerate(row) if each.picture.public_id == public_id), None)


def _number(row: list[CastPicture]) -> None:
    for position, each in enumerate(row):
        each.position = position
    session.flush()


def _locked(cast_id: int) -> Cast:
    return session.get_one(
        Cast, cast_id, with_for_update={"key_share": True}, populate_existing=True
    )
