"""Drawing one portrait from a few named shapes."""

from dataclasses import dataclass

from app.demo import shapes


@dataclass(frozen=True, kw_only=True)
class Face:
    """One person, named by the shapes above."""

    ground: str
    hair: str
    colour: str
    clothes: tuple[str, str, str]
    skin: str = "warm"
    shape: str = "oval"
    eyes: str = "open"
    mouth: str = "smile"
    glasses: str = ""
    beard: str = ""
    extra: str = ""
    years: int = 20


def draw(face: Face) -> str:
    """The portrait as one SVG document."""
    skin, shade = shapes.SKINS[face.skin]
    ground, lamp = shapes.GROUNDS[face.ground]
    hair = shapes.HAIRS[face.colour]
    behind, over = shapes.HAIR[face.hair]
    return "".join(
        (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200">',
            f'<rect width="200" height="200" fill="{ground}"/>',
            f'<circle cx="100" cy="104" r="84" fill="{lamp}"/>',
            f'<g fill="{hair}">{behind}</g>',
            f'<path d="M84 136h32v26q-16 14-32 0z" fill="{shade}"/>',
            shapes.clothes(*face.clothes, skin=shade, bare=skin),
            f'<g fill="{skin}"><circle cx="62" cy="104" r="8"/><circle cx="138" cy="104" r="8"/>',
            f'<path d="{shapes.SHAPES[face.shape]}"/></g>',
            _beard(face.beard, hair, shade),
            f'<g fill="{hair}">{over}</g>',
            shapes.EXTRAS[face.extra],
            _brows(hair, strong=face.shape == "square"),
            '<g fill="#e58f78" opacity=".32"><circle cx="74" cy="117" r="7.5"/><circle cx="126" cy="117" r="7.5"/></g>',
            shapes.EYES[face.eyes],
            _drawn(shapes.GLASSES.get(face.glasses, ""), "#3a322c", 2.2),
            _drawn(
                shapes.path(shapes.LINES[face.years]) if face.years in shapes.LINES else "",
                shade,
                2,
            ),
            f'<path d="M100 106q3 5-1 7" fill="none" stroke="{shade}" stroke-width="2.4" stroke-linecap="round"/>',
            shapes.MOUTHS[face.mouth],
            "</svg>\n",
        )
    )


def _brows(hair: str, *, strong: bool) -> str:
    brow = "#8d867d" if hair in {shapes.HAIRS["white"], shapes.HAIRS["grey"]} else hair
    width = 3.6 if strong else 2.4
    return _drawn(shapes.path("M76 91q7-4 14-1M110 90q7-3 14 1"), brow, width)


def _beard(kind: str, hair: str, shade: str) -> str:
    return {
        "": "",
        "full": f'<path d="M62 104c3 14 8 16 18 12 10-5 30-5 40 0 10 4 15 2 18-12 2 34-14 50-38 50s-40-16-38-50z" fill="{hair}"/><path d="M86 122q14-6 28 0-2 14-14 14t-14-14z" fill="{shade}"/>',
        "stubble": f'<path d="M64 114c6 12 12 8 20 4 10-4 22-4 32 0 8 4 14 8 20-4-2 26-16 38-36 38s-34-12-36-38z" fill="{hair}" opacity=".18"/>',
        "moustache": f'<path d="M84 121q8-8 16-3 8-5 16 3-8 4-16 0-8 4-16 0z" fill="{hair}"/>',
        "goatee": f'<path d="M90 136q10-5 20 0 0 14-10 16-10-2-10-16z" fill="{hair}"/>',
    }[kind]


def _drawn(shapes: str, colour: str, width: float) -> str:
    if not shapes:
        return ""
    return f'<g fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="round">{shapes}</g>'
