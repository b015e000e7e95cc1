"""Uploads of strangers: what is a photograph goes on as pixels only, everything else is refused."""

import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageDraw
from pillow_heif import from_pillow

from app import policy
from app.errors import Refused
from app.pictures import photographs
from app.pictures.photographs import Crop

ORIENTATION, GPS = 0x0112, 0x8825
RED, BLUE = (200, 30, 30), (30, 30, 200)


def halves(width=400, height=300):
    """Red above, blue below."""
    image = Image.new("RGB", (width, height), RED)
    ImageDraw.Draw(image).rectangle((0, height // 2, width, height), fill=BLUE)
    return image


def file_of(image, kind="JPEG", **options):
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def is_like(pixel, colour):
    return all(abs(a - b) < 40 for a, b in zip(pixel, colour, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.req("C9")
def test_what_phones_and_desks_make_is_read(kind):
    image = photographs.read(file_of(halves(), kind))

    assert image.size == (400, 300)
    assert is_like(image.getpixel((200, 20)), RED)


@pytest.mark.req("C9")
def test_a_heic_of_an_iphone_is_read():
    file = BytesIO()
    from_pillow(halves()).save(file, quality=80)

    image = photographs.read(file.getvalue())

    assert image.size == (400, 300)
    assert is_like(image.getpixel((200, 20)), RED)


def test_a_photograph_that_was_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # the camera was turned by a quarter

    image = photographs.read(file_of(halves(), exif=exif))

    assert image.size == (300, 400)
    assert is_like(image.getpixel((280, 200)), RED)


def test_nothing_of_the_file_but_its_pixels_goes_on():
    exif = Image.Exif()
    exif[0x010F] = "SECRETMAKER"
    exif.get_ifd(GPS)[1] = "N"
    data = file_of(halves(), exif=exif, comment=b"SECRETCOMMENT") + b"<script>SECRETTAIL</script>"

    image = photographs.read(data)
    written = [photographs.shrunk(image), *photographs.squares(image).values()]

    assert all(b"SECRET" not in each for each in written)
    assert all(not Image.open(BytesIO(each)).getexif() for each in written)


def test_a_transparent_picture_stands_on_white():
    image = photographs.read(file_of(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"))

    assert image.mode == "RGB"
    assert image.getpixel((10, 10)) == (255, 255, 255)


SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
)
REFUSED = {
    "nothing": b"",
    "words": b"not a picture at all",
    "svg": SVG,
    "html that says it is a gif": b"GIF89a<script>alert(1)</script>",
    "gif": file_of(Image.new("P", (9, 9)), "GIF"),
    "pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
    "zip renamed to jpg": b"PK\x03\x04" + b"\0" * 100,
    "cut off": file_of(halves())[:600],
    "tiff": file_of(halves(), "TIFF"),
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_what_is_no_photograph_is_refused(data):
    with pytest.raises(Refused) as refused:
        photographs.read(data, about="document")

    assert [(each.code, each.about) for each in refused.value.problems] == [
        ("no_photograph", "document")
    ]


def bomb(width, height):
    """A PNG of a few bytes that claims to be this large."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("size", [(10_000, 10_000), (60_000, 60_000), (60_001, 1_000)])
def test_a_bomb_is_refused_before_it_is_unfolded(size):
    with pytest.raises(Refused) as refused:
        photographs.read(bomb(*size))

    assert refused.value.problems[0].code == "photo_pixels"


def test_a_file_of_more_bytes_than_allowed_is_refused(monkeypatch):
    data = file_of(halves())
    monkeypatch.setattr(policy, "PHOTO_BYTES", len(data) - 1)

    with pytest.raises(Refused) as refused:
        photographs.read(data)

    assert refused.value.problems[0].code == "photo_bytes"


def test_a_telephone_of_48_megapixels_is_fine():
    image = photographs.read(file_of(Image.new("RGB", (8000, 6000), RED), quality=30))

    assert max(image.size) >= policy.DOCUMENT_SIDE
    assert max(Image.open(BytesIO(photographs.shrunk(image))).size) == policy.DOCUMENT_SIDE


def test_a_crop_shows_the_part_that_was_chosen():
    lower = Crop(left=0, top=500, side=500)

    square = photographs.squares(photographs.read(file_of(halves(300, 300), "PNG")), lower)[160]

    shown = Image.open(BytesIO(square)).convert("RGB")
    flat = Image.new("RGB", shown.size, BLUE)
    assert max(most for _, most in ImageChops.difference(shown, flat).getextrema()) < 40


@pytest.mark.parametrize(
    "crop", [Crop(left=-50, top=9000, side=99999), Crop(left=0, top=0, side=0)]
)
def test_a_crop_beyond_the_picture_stays_within(crop):
    squares = photographs.squares(halves(), crop)

    assert {Image.open(BytesIO(webp)).size for webp in squares.values()} == {
        (side, side) for side in policy.PICTURE_SIDES
    }


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "I;16", "1", "CMYK"])
def test_what_is_larger_than_anything_kept_is_made_smaller_first(mode):
    """A small file may unfold into hundreds of megabytes, several times over."""
    kind = "JPEG" if mode == "CMYK" else "PNG"
    data = file_of(Image.new(mode, (policy.DOCUMENT_SIDE * 2, policy.DOCUMENT_SIDE)), kind)

    image = photographs.read(data)

    assert (image.mode, image.size) == ("RGB", (policy.DOCUMENT_SIDE, policy.DOCUMENT_SIDE // 2))


def test_one_photograph_is_unfolded_at_a_time(monkeypatch):
    inside, most = [], []
    flat = photographs._flat

    def slow(image):
        inside.append(image)
        most.append(len(inside))
        drawn = flat(image.resize((1200, 1200)))
        inside.pop()
        return drawn

    monkeypatch.setattr(photographs, "_flat", slow)
    data = file_of(halves())
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(photographs.read, [data] * 12))

    assert set(most) == {1}
