"""A watermark that is part of the picture: what it was opened for, by whom and when.

The three letters of 審査用 come as a drawing of our own, since a server may have no Japanese font.
"""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

STAMP = Path(__file__).parent / "stamp.png"  # 審査用, drawn from Noto Sans CJK (SIL OFL 1.1)
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/fonts-japanese-gothic.ttf",
    "/usr/share/fonts/opentype/ipafont-gothic/ipag.ttf",
    "/System/Library/Fonts/ヒラギノ角ゴシック W3.ttc",
    "C:/Windows/Fonts/YuGothM.ttc",
)
ACROSS = 3  # marks beside each other
TURNED = 24  # degrees
INK, EDGE = (176, 28, 20, 104), (255, 255, 255, 96)  # to be seen on dark and on light
QUALITY = 88


def stamped(jpeg: bytes, *, lines: Sequence[str]) -> bytes:
    """A JPEG of the picture with 審査用 and these lines all over it."""
    with Image.open(BytesIO(jpeg)) as opened:
        image = opened.convert("RGBA")
    mark = _mark(lines, width=max(max(image.size) // ACROSS, 40))
    marks = Image.new("RGBA", image.size)
    for row, top in enumerate(range(0, image.height, max(mark.height * 4 // 5, 1))):
        shift = -(mark.width // 2) * (row % 2)  # as bricks lie, so that nothing stays bare
        for left in range(shift, image.width, mark.width):
            marks.alpha_composite(mark, (max(left, 0), top), (max(-left, 0), 0))
    file = BytesIO()
    marked = Image.alpha_composite(image, marks).convert("RGB")
    marked.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


def can_write(text: str) -> bool:
    """Is there a font for it here?"""
    return text.isascii() or _japanese() is not None


def _mark(lines: Sequence[str], *, width: int) -> Image.Image:
    """One mark of about this width, turned."""
    with Image.open(STAMP) as drawn:
        letters = drawn.convert("L")
    letters = letters.resize((width * 2 // 5, width * 2 // 5 * letters.height // letters.width))
    font = _fitting(lines, width=width)
    step = int(font.size * 1.35)
    flat = Image.new("RGBA", (width, letters.height + step * len(lines) + step // 2))
    flat.paste(
        INK, ((width - letters.width) // 2, 0), letters.point(lambda lit: lit * INK[3] // 255)
    )
    pen = ImageDraw.Draw(flat)
    for number, line in enumerate(lines):
        place = (width // 2, letters.height + step * number + step // 2)
        pen.text(place, line, font=font, fill=INK, anchor="ma", stroke_width=1, stroke_fill=EDGE)
    return flat.rotate(TURNED, expand=True, resample=Image.Resampling.BICUBIC)


def _fitting(lines: Sequence[str], *, width: int) -> ImageFont.FreeTypeFont:
    """The largest letters with which the longest line still fits."""
    size = max(width // 12, 8)
    longest = max(_font(size).getlength(line) for line in lines)
    return _font(max(int(size * min(1, 0.96 * width / max(longest, 1))), 6))


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    path = _japanese()
    font = ImageFont.truetype(path, size) if path else ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


@cache
def _japanese() -> str | None:
    return next((path for path in FONTS if Path(path).exists()), None)
