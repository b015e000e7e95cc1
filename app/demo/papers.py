"""Drawn photographs and identity documents of the demo's applicants: nobody's, and marked as 見本."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

INK, PAPER, SOFT, MARK = "#2b2622", "#f6f1e6", "#8d8172", "#b0401a"
SIZE = (1600, 1010)  # pixels, in the shape of a card
# 見 and 本 in strokes on a square of a hundred, since not every laptop has a Japanese font.
SPECIMEN = (
    (
        ((25, 5), (75, 5), (75, 60), (25, 60), (25, 5)),
        ((25, 23), (75, 23)),
        ((25, 42), (75, 42)),
        ((40, 60), (36, 80), (10, 95)),
        ((60, 60), (60, 84), (68, 92), (88, 92), (90, 76)),
    ),
    (
        ((10, 30), (90, 30)),
        ((50, 5), (50, 95)),
        ((50, 32), (12, 74)),
        ((50, 32), (88, 74)),
        ((34, 75), (66, 75)),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Sitter:
    """How an applicant looks, in colours."""

    ground: str
    hair: str
    skin: str
    clothes: str


def face(sitter: Sitter, pixels: int = 900) -> Image.Image:
    """A head and shoulders."""
    image = Image.new("RGB", (pixels, pixels), sitter.ground)
    draw, unit = ImageDraw.Draw(image), pixels / 100

    def oval(left: int, top: int, right: int, bottom: int, fill: str) -> None:
        draw.ellipse([unit * each for each in (left, top, right, bottom)], fill=fill)

    oval(24, 14, 76, 82, sitter.hair)
    oval(14, 78, 86, 150, sitter.clothes)
    draw.rectangle([unit * 43, unit * 66, unit * 57, unit * 82], fill=sitter.skin)
    oval(30, 24, 70, 74, sitter.skin)
    draw.chord([unit * each for each in (27, 16, 73, 60)], 180, 360, fill=sitter.hair)
    for left in (40, 56):
        oval(left, 46, left + 4, 50, INK)
    draw.arc([unit * each for each in (43, 54, 57, 64)], 20, 160, fill=INK, width=int(unit))
    return image


def card(title: str, lines: tuple[str, ...], sitter: Sitter | None = None) -> bytes:
    """A file as a telephone would photograph a document."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((20, 20, SIZE[0] - 20, SIZE[1] - 20), 40, outline=SOFT, width=6)
    draw.text((90, 80), title, fill=INK, font=ImageFont.load_default(72))
    for number, line in enumerate(lines):
        draw.text((90, 230 + 96 * number), line, fill=INK, font=ImageFont.load_default(52))
    if sitter:
        image.paste(face(sitter, 460), (1060, 230))
    for number, strokes in enumerate(SPECIMEN):
        _write(draw, strokes, left=520 + 300 * number, top=620, size=260)
    file = BytesIO()
    image.save(file, "JPEG", quality=88)
    return file.getvalue()


def _write(
    draw: ImageDraw.ImageDraw,
    strokes: tuple[tuple[tuple[int, int], ...], ...],
    *,
    left: int,
    top: int,
    size: int,
) -> None:
    for stroke in strokes:
        points = [(left + x * size // 100, top + y * size // 100) for x, y in stroke]
        draw.line(points, fill=MARK, width=size // 12, joint="curve")
