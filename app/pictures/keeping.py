"""Keeping pictures, and finding them again."""

from datetime import datetime

from PIL import Image
from sqlalchemy import delete, select
from sqlalchemy.orm import undefer

from app.db import session
from app.pictures.models import Picture, PictureSize
from app.pictures.photographs import Crop, squares


def keep(image: Image.Image, *, crop: Crop | None = None, now: datetime) -> Picture:
    """Keep a read photograph as a square picture in all sizes."""
    picture = Picture(made_at=now)
    session.add(picture)
    session.flush()
    for pixels, webp in squares(image, crop).items():
        session.add(PictureSize(picture_id=picture.id, pixels=pixels, webp=webp))
    session.flush()
    return picture


def find(public_id: str, *, pixels: int) -> bytes | None:
    """The WebP of this size; None where there is no such picture or size."""
    size = session.scalars(
        select(PictureSize)
        .join(Picture, Picture.id == PictureSize.picture_id)
        .where(Picture.public_id == public_id, PictureSize.pixels == pixels)
        .options(undefer(PictureSize.webp))
    ).one_or_none()
    return size.webp if size else None


def portrait_of(picture_id: int | None) -> str:
    """How a portrait names this picture; empty where there is none."""
    picture = session.get(Picture, picture_id) if picture_id else None
    return f"pictures/{picture.public_id}" if picture else ""


def drop(picture_id: int) -> None:
    """Forget a picture in all its sizes."""
    session.execute(delete(Picture).where(Picture.id == picture_id))
