"""Reading what phones photograph and strangers upload.

Only the pixels go on: a picture is decoded and written anew, so nothing that was hidden in the file
(place, device, another file behind it) is kept.
"""

import struct
import warnings
from dataclasses import dataclass
from io import BytesIO
from threading import Lock

from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from app import policy
from app.errors import N_, Problem, Refused

register_heif_opener()

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
# Whatever a decoder may say of a file that is broken, or made to break it.
BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, KeyError)

# Sixty megapixels are 240 MB while they are decoded; four threads must not do that at once.
ONE_AT_A_TIME = Lock()
SCALED = {"L", "LA", "RGB", "RGBA", "CMYK"}  # modes that are made smaller as they are


@dataclass(frozen=True, kw_only=True)
class Crop:
    """A square part of an upright picture, in thousandths of its shorter side, from the top left."""

    left: int
    top: int
    side: int


def read(data: bytes, *, about: str = "photo") -> Image.Image:
    """The upright RGB picture in this file.

    Raises Refused, about the form's field of that name, for what is too large, is no photograph,
    or is broken.
    """
    if len(data) > policy.PHOTO_BYTES:
        raise Refused(_too_many_bytes(about))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damaged metadata, which is dropped anyway
            image = Image.open(BytesIO(data), formats=FORMATS)
            if image.width * image.height > policy.PHOTO_PIXELS:
                raise Refused(_too_many_pixels(about))
            with ONE_AT_A_TIME:
                upright = _flat(ImageOps.exif_transpose(_reduced(image)))
            upright.info = {}  # comments and metadata would be written with it again
            return upright
    except Image.DecompressionBombError:
        raise Refused(_too_many_pixels(about)) from None
    except BROKEN:
        raise Refused(_no_photograph(about)) from None


def _reduced(image: Image.Image) -> Image.Image:
    """No larger than anything is kept, before what takes its memory several times over."""
    image.draft("RGB", (2 * policy.DOCUMENT_SIDE, 2 * policy.DOCUMENT_SIDE))
    if image.mode not in SCALED:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((policy.DOCUMENT_SIDE, policy.DOCUMENT_SIDE))
    return image


def shrunk(image: Image.Image) -> bytes:
    """A JPEG of it, large enough to read a document."""
    small = image.copy()
    small.thumbnail((policy.DOCUMENT_SIDE, policy.DOCUMENT_SIDE))
    return _written(small, "JPEG")


def squares(image: Image.Image, crop: Crop | None = None) -> dict[int, bytes]:
    """WebP of each size by its pixels: of this part, or of the middle."""
    square = image.crop(_box(image, crop or _middle(image)))
    sides = policy.PICTURE_SIDES
    return {side: _written(square.resize((side, side)), "WEBP") for side in sides}


def _flat(image: Image.Image) -> Image.Image:
    """Without transparency: on white."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    whole = image.convert("RGBA")
    ground = Image.new("RGBA", whole.size, "white")
    return Image.alpha_composite(ground, whole).convert("RGB")


def _written(image: Image.Image, kind: str) -> bytes:
    file = BytesIO()
    image.save(file, kind, quality=86)
    return file.getvalue()


def _middle(image: Image.Image) -> Crop:
    """The whole shorter side; of a tall picture its upper part, where faces are."""
    shorter = min(image.size)
    left = (image.width - shorter) * 1000 // (2 * shorter)
    return Crop(left=left, top=(image.height - shorter) * 1000 // (4 * shorter), side=1000)


def _box(image: Image.Image, crop: Crop) -> tuple[int, int, int, int]:
    """The crop in pixels, kept within the picture."""
    shorter = min(image.size)
    side = max(min(shorter * crop.side // 1000, shorter), 1)
    left = max(min(shorter * crop.left // 1000, image.width - side), 0)
    top = max(min(shorter * crop.top // 1000, image.height - side), 0)
    return left, top, left + side, top + side


def _too_many_bytes(about: str) -> Problem:
    text = N_("This file is larger than %(most)s MB. Please choose a smaller photograph.")
    values = {"most": policy.PHOTO_BYTES // 1_000_000}
    return Problem(code="photo_bytes", about=about, text=text, values=values)


def _too_many_pixels(about: str) -> Problem:
    text = N_("This picture has more than %(most)s megapixels. Please choose a smaller one.")
    values = {"most": policy.PHOTO_PIXELS // 1_000_000}
    return Problem(code="photo_pixels", about=about, text=text, values=values)


def _no_photograph(about: str) -> Problem:
    text = N_("This file is no photograph that we can read. JPEG, PNG, WebP and HEIC work.")
    return Problem(code="no_photograph", about=about, text=text)
