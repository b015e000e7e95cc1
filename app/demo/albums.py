"""Links and further pictures of some of the demo's casts: the addresses are nobody's."""

from dataclasses import replace
from datetime import datetime

from PIL import Image, ImageDraw

from app.casts import gallery, profiles
from app.casts.models import Cast

SIDE = 800
LINKS = {
    0: ("https://tea.example.jp/diary", ("https://note.com/sashitalk_demo",)),
    1: ("", ("https://x.com/sashitalk_demo", "https://www.instagram.com/sashitalk.demo")),
    3: ("https://お茶と本.jp", ()),
}
Shape = tuple[str, tuple[int, int, int, int], str]  # what, where, in which colour
# A cup on a table, the moon over hills, a boat: flat, like the portraits.
PICTURES: tuple[tuple[str, tuple[Shape, ...]], ...] = (
    (
        "#efe3cf",
        (
            ("rectangle", (0, 540, 800, 800), "#b98d62"),
            ("ellipse", (190, 560, 610, 650), "#f7f1e6"),
            ("ellipse", (520, 360, 660, 520), "#7d9a86"),
            ("ellipse", (555, 395, 625, 485), "#efe3cf"),
            ("rectangle", (250, 320, 550, 480), "#7d9a86"),
            ("ellipse", (250, 380, 550, 610), "#7d9a86"),
            ("ellipse", (250, 285, 550, 355), "#5d4632"),
        ),
    ),
    (
        "#27314a",
        (
            ("ellipse", (500, 110, 660, 270), "#f3dfa6"),
            ("ellipse", (-200, 470, 480, 1100), "#3d4b5f"),
            ("ellipse", (260, 540, 1080, 1200), "#2f3b4d"),
            ("ellipse", (150, 160, 162, 172), "#f6efdc"),
            ("ellipse", (310, 90, 320, 100), "#f6efdc"),
            ("ellipse", (390, 260, 402, 272), "#f6efdc"),
        ),
    ),
    (
        "#f2cfa9",
        (
            ("ellipse", (300, 260, 500, 460), "#d9694a"),
            ("rectangle", (0, 430, 800, 800), "#6d93a0"),
            ("rectangle", (330, 560, 620, 610), "#5d4632"),
            ("rectangle", (468, 380, 480, 560), "#5d4632"),
            ("rectangle", (480, 390, 600, 540), "#f7f1e6"),
        ),
    ),
)
ALBUMS = {0: PICTURES, 1: PICTURES[1:], 3: PICTURES[:1]}


def fill(casts: list[Cast], *, now: datetime) -> None:
    for number, (site_url, links) in LINKS.items():
        cast = casts[number]
        words = replace(profiles.words_of(cast), site_url=site_url, links=links)
        profiles.edit(cast.account_id, words, by=cast.account_id, now=now)
    for number, pictures in ALBUMS.items():
        for ground, shapes in pictures:
            gallery.add(casts[number].account_id, _drawn(ground, shapes), now=now)


def _drawn(ground: str, shapes: tuple[Shape, ...]) -> Image.Image:
    image = Image.new("RGB", (SIDE, SIDE), ground)
    pen = ImageDraw.Draw(image)
    for what, where, colour in shapes:
        (pen.ellipse if what == "ellipse" else pen.rectangle)(where, fill=colour)
    return image
