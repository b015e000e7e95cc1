"""Portraits of the demo people, drawn from a few shapes. `python -m app.demo.portraits` writes them to static/."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "static" / "portraits"

INK = "#3a2c26"
LIPS = "#a0472f"

SKINS = {  # skin and its shade
    "fair": ("#f8dfca", "#ecc7ab"),
    "warm": ("#f4d3b8", "#e5b996"),
    "peach": ("#efc6a8", "#dda987"),
    "tan": ("#e2b08c", "#cb936c"),
}
HAIRS = {
    "black": "#26242a",
    "ink": "#2f2723",
    "brown": "#4d3328",
    "chestnut": "#6d4632",
    "tea": "#8a6246",
    "ash": "#7d766e",
    "grey": "#a39c93",
    "white": "#d8d3ca",
}
GROUNDS = {  # ground and the lamp on it
    "rose": ("#f2d7cf", "#f8e7e1"),
    "sand": ("#f0dfc4", "#f8eedc"),
    "moss": ("#dbe3d2", "#eaf0e4"),
    "sky": ("#d3e0e8", "#e5eef3"),
    "plum": ("#e3d9e8", "#efe8f3"),
    "honey": ("#f3e2b6", "#faf0d4"),
    "mist": ("#dcdfdd", "#ebeeec"),
    "clay": ("#e8cdb9", "#f2dfd0"),
}

SHAPES = {
    "oval": "M62 94c0-27 17-42 38-42s38 15 38 42c0 33-15 58-38 58s-38-25-38-58z",
    "round": "M60 98c0-29 17-46 40-46s40 17 40 46c0 31-17 53-40 53s-40-22-40-53z",
    "square": "M62 92c0-27 16-40 38-40s38 13 38 40c0 22-1 34-8 45-6 9-17 15-30 15s-24-6-30-15c-7-11-8-23-8-45z",
}

CAP = "M56 100c-6-46 16-70 44-70s50 24 44 70z"
SWEPT = "M58 92c2-28 18-43 42-43 25 0 41 15 42 43-5-10-11-17-19-22-16 10-43 12-65 22z"
PARTED = "M58 94c1-28 17-45 42-45s41 17 42 45c-10-6-28-16-40-34-9 18-30 28-44 34z"
FRINGE = "M58 94c1-29 17-45 42-45s41 16 42 45c-6-4-9-7-11-11-20 4-44 4-62-1-2 5-5 9-11 12z"
TIED = "M58 88c3-26 19-40 42-40s39 14 42 40c-10-20-24-26-42-26s-32 6-42 26z"


def _dots(*places: tuple[int, int, int]) -> str:
    return "".join(f'<circle cx="{x}" cy="{y}" r="{r}"/>' for x, y, r in places)


def _path(d: str) -> str:
    return f'<path d="{d}"/>'


HAIR = {  # what lies behind the head, and what falls over the forehead
    "bob": (
        _path("M48 104c-4-52 22-76 52-76s56 24 52 76c1 18 4 32 0 44H48c-4-12-1-26 0-44z"),
        _path(SWEPT),
    ),
    "fringe_bob": (
        _path("M50 104c-5-52 21-76 50-76s55 24 50 76l4 34q-54 14-108 0z"),
        _path(FRINGE),
    ),
    "long": (_path("M46 102c-2-52 22-76 54-76s56 24 54 76v80H46z"), _path(PARTED)),
    "long_fringe": (_path("M48 102c-4-52 20-76 52-76s56 24 52 76l6 78H42z"), _path(FRINGE)),
    "waves": (
        _path(CAP)
        + _dots((54, 84, 16), (49, 106, 16), (51, 128, 15), (56, 146, 13))
        + _dots((146, 84, 16), (151, 106, 16), (149, 128, 15), (144, 146, 13)),
        _path(SWEPT),
    ),
    "top_bun": (_dots((100, 28, 18)) + _path(CAP), _path(TIED)),
    "low_bun": (_dots((146, 118, 17)) + _path(CAP), _path(PARTED)),
    "updo": (_path("M60 50c-4-26 22-38 44-34 22 4 34 20 30 44z") + _path(CAP), _path(PARTED)),
    "ponytail": (
        _path("M128 44c30 0 40 34 32 66-3 14-4 28 2 40-22-6-26-34-24-62z") + _path(CAP),
        _path(SWEPT),
    ),
    "braids": (
        _path(CAP)
        + "".join(
            f'<ellipse cx="{x}" cy="{y}" rx="10" ry="11"/>'
            for x in (52, 148)
            for y in (112, 130, 148, 165)
        ),
        _path(PARTED),
    ),
    "pixie": (
        _path(CAP),
        _path(
            "M56 98c-2-34 16-52 44-52s48 16 44 50c-6-18-14-24-24-28-14 12-42 10-58 16-3 4-5 8-6 14z"
        ),
    ),
    "perm": (
        _dots((62, 64, 18), (84, 46, 20), (112, 45, 20), (136, 62, 18), (54, 88, 15), (146, 88, 15))
        + _dots((54, 110, 12), (146, 110, 12)),
        _dots((68, 70, 11), (84, 62, 12), (101, 59, 12), (118, 62, 12), (132, 70, 11)),
    ),
    "curls": (
        _dots(
            (66, 58, 18), (90, 44, 18), (116, 46, 18), (137, 62, 17), (56, 84, 12), (144, 84, 12)
        ),
        _dots((72, 66, 12), (90, 58, 13), (109, 58, 12), (126, 65, 11)),
    ),
    "short": (
        _path(CAP),
        _path(
            "M58 92c-5-32 14-47 42-47s47 15 42 47c-4-10-7-17-11-22-18 4-43 4-58-2-7 6-12 14-15 24z"
        ),
    ),
    "side": (
        _path(CAP),
        _path(
            "M58 92c-5-32 13-48 42-48s47 16 42 46c-4-8-8-14-14-18-20 6-42 2-54-8-2 10-10 16-16 28z"
        ),
    ),
    "mop": (
        _path(CAP),
        _path(
            "M56 98c-6-36 14-54 44-54s50 18 44 52c-5-4-8-8-10-13-4 6-9 8-14 8 2-4 2-7 2-10-8 8-18 11-28 10 3-3 5-6 6-10-9 7-17 9-25 8-9 1-14 4-19 9z"
        ),
    ),
    "crop": ("", _path("M61 86c-3-28 14-41 39-41s42 13 39 41c-5-14-12-19-39-19s-34 5-39 19z")),
    "back": (
        "",
        _path(
            "M60 92c-6-34 14-50 40-50s46 16 40 50c-3-14-8-24-16-28-14-5-34-5-48 0-8 4-13 14-16 28z"
        ),
    ),
    "sides": (
        "",
        _path("M60 104c-7-16-5-30 5-38 2 12 1 24-5 38zM140 104c7-16 5-30-5-38-2 12-1 24 5 38z"),
    ),
}

EYES = {
    "open": f'<circle cx="84" cy="102" r="3.4" fill="{INK}"/><circle cx="116" cy="102" r="3.4" fill="{INK}"/>',
    "smile": f'<path d="M77 104q7-8 14 0M109 104q7-8 14 0" fill="none" stroke="{INK}" stroke-width="2.6" stroke-linecap="round"/>',
    "lashes": f'<g fill="{INK}"><circle cx="84" cy="102" r="3.4"/><circle cx="116" cy="102" r="3.4"/></g><path d="M77 100q5-6 12-3M123 100q-5-6-12-3" fill="none" stroke="{INK}" stroke-width="2" stroke-linecap="round"/>',
    "calm": f'<g fill="{INK}"><ellipse cx="84" cy="103" rx="3.4" ry="2.6"/><ellipse cx="116" cy="103" rx="3.4" ry="2.6"/></g><path d="M78 99h12M110 99h12" stroke="{INK}" stroke-width="1.8" stroke-linecap="round"/>',
}
MOUTHS = {
    "smile": f'<path d="M90 125q10 9 20 0" fill="none" stroke="{LIPS}" stroke-width="2.6" stroke-linecap="round"/>',
    "small": f'<path d="M94 126q6 5 12 0" fill="none" stroke="{LIPS}" stroke-width="2.8" stroke-linecap="round"/>',
    "laugh": f'<path d="M88 122h24q-3 13-12 13t-12-13z" fill="{LIPS}"/><path d="M91 122h18v3H91z" fill="#fff"/>',
    "side": f'<path d="M91 126q12 6 18-3" fill="none" stroke="{LIPS}" stroke-width="2.6" stroke-linecap="round"/>',
    "lips": '<path d="M91 125q5-4 9-1 4-3 9 1-9 9-18 0z" fill="#b4412f"/>',
}
GLASSES = {
    "round": '<circle cx="84" cy="102" r="11.5"/><circle cx="116" cy="102" r="11.5"/><path d="M95.500 101h9"/>',
    "square": '<rect x="71" y="93" width="25" height="18" rx="4"/><rect x="104" y="93" width="25" height="18" rx="4"/><path d="M96 100h8"/>',
    "half": '<path d="M72 104q1 10 12 10t12-10zM104 104q1 10 12 10t12-10zM96 104h8"/>',
}
LINES = {  # what the years write
    40: "M78 118q-2 6 1 10M122 118q2 6-1 10",
    50: "M76 116q-3 8 2 14M124 116q3 8-2 14M71 108l-5 3M129 108l5 3",
    60: "M76 116q-3 8 2 15M124 116q3 8-2 15M71 107l-6 3M71 110l-5 5M129 107l6 3M129 110l5 5M88 76q12-4 24 0",
}
BODY = "M26 212c3-40 34-56 74-56s71 16 74 56z"


def _clothes(kind: str, one: str, two: str, *, skin: str, bare: str) -> str:
    """Clothes over shoulders that are the same for everybody; `one` is the cloth, `two` what is on it."""
    body = f'<path d="{BODY}" fill="{one}"/>'
    neck = f'<path d="M82 154q18 22 36 0l-2-6H84z" fill="{skin}"/>'
    on = {
        "tee": neck,
        "knit": f'<path d="M80 146q20 12 40 0l5 14q-25 16-50 0z" fill="{two}"/>',
        "shirt": neck
        + f'<path d="m80 150 20 20-14 16-14-28zM120 150l-20 20 14 16 14-28z" fill="{two}"/>',
        "suit": f'<path d="m80 152 20 50 20-50-4-4H84z" fill="#fdfaf4"/><path d="m94 166 6-4 6 4-3 8 5 38h-16l5-38z" fill="{two}"/>'
        '<path d="m80 157 20 51-34-36 6-12zM120 157l-20 51 34-36-6-12z" opacity=".16"/>',
        "jacket": f'<path d="m82 150 18 44 18-44z" fill="{two}"/><path d="m84 150 16 20 16-20-2-4H86z" fill="{skin}"/>'
        '<path d="m80 157 20 45-34-30 6-12zM120 157l-20 45 34-30-6-12z" opacity=".16"/>',
        "blouse": neck
        + f'<path d="M100 172q-18-12-24 0 6 10 24 2 18 8 24-2-6-12-24 0z" fill="{two}"/><path d="m98 173-8 28M102 173l8 28" stroke="{two}" stroke-width="5"/>',
        "pearls": neck
        + '<g fill="#fffaf0">'
        + _dots(
            *(
                (x, y, 3)
                for x, y in (
                    (78, 162),
                    (84, 169),
                    (92, 174),
                    (100, 176),
                    (108, 174),
                    (116, 169),
                    (122, 162),
                )
            )
        )
        + "</g>",
        "kimono": f'<path d="M80 150 100 180l20-30-3-4H83z" fill="{skin}"/><path d="m72 154 8-6 24 36-8 14z" fill="#fffaf0"/><path d="m66 158 8-6 26 42-6 18z" fill="{two}"/>'
        f'<path d="m128 154-8-6-38 64h14z" fill="#fffaf0"/><path d="m136 158-9-6-37 60h18z" fill="{two}"/>'
        '<g fill="#fff" opacity=".35">'
        + _dots((48, 190, 6), (60, 204, 4), (150, 186, 6), (140, 203, 4))
        + "</g>",
        "sport": neck
        + f'<path d="M28 196q6-26 26-34l8-3-20 53H26zM172 196q-6-26-26-34l-8-3 20 53h22z" fill="{two}"/>',
        "tank": f'<path d="{BODY}" fill="{bare}"/><path d="M58 212q2-30 14-54l10-3q2 24 18 24t18-24l10 3q12 24 14 54z" fill="{one}"/>',
        "hoodie": f'<path d="M70 152q-12 12-4 24 14-4 34 14 20-18 34-14 8-12-4-24l-14-4q-16 14-32 0z" fill="{two}"/><path d="m92 184-2 20M108 184l2 20" stroke="#fffaf0" stroke-width="3" stroke-linecap="round"/>',
        "chef": f'<path d="M80 148q20 14 40 0l6 14q-26 18-52 0z" fill="{two}"/><path d="M100 172v40" stroke="#ded6ca" stroke-width="2"/><g fill="#b9ad9d">'
        + _dots((90, 184, 3), (110, 184, 3), (90, 200, 3), (110, 200, 3))
        + "</g>",
        "scrubs": f'<path d="m80 150 20 30 20-30-3-4H83z" fill="{skin}"/><path d="m80 150 20 30 20-30 6 3-26 38-26-38z" fill="{two}"/>',
        "apron": neck + f'<path d="m72 156 6-4 4 36h36l4-36 6 4 10 56H62z" fill="{two}"/>',
        "scarf": neck
        + f'<path d="M78 154q22 16 44 0l4 10q-26 18-52 0z" fill="{two}"/><path d="m112 166 22 24-22 2z" fill="{two}"/>',
        "uniform": f'<path d="m80 152 20 46 20-46-4-4H84z" fill="#fdfaf4"/><path d="m95 164h10l2 44H93z" fill="{two}"/><path d="m80 157 20 51-34-36 6-12zM120 157l-20 51 34-36-6-12z" opacity=".18"/>'
        f'<g fill="#d8b355"><path d="M36 178l24-9 2 5-25 9zM164 178l-24-9-2 5 25 9z"/></g>',
    }[kind]
    return body + on


EXTRAS = {
    "": "",
    "chef_hat": '<path d="M66 66c-20-4-22-36 2-38 4-20 36-26 46-8 20-6 36 14 24 30-2 8-2 12-4 16z" fill="#fffdf9"/><path d="M66 60h68v14q-34-8-68 0z" fill="#ece4d8"/>',
    "straw_hat": '<ellipse cx="100" cy="66" rx="70" ry="13" fill="#d9b36a"/><path d="M64 64c0-32 14-44 36-44s36 12 36 44q-36 8-72 0z" fill="#e6c583"/><path d="M64 56q36 9 72 0v9q-36 9-72 0z" fill="#8c4a3a"/>',
    "peaked_cap": '<path d="M54 62c0-24 18-36 46-36s46 12 46 36q-46-10-92 0z" fill="#2f3a52"/><path d="M58 62q42-11 84 0l3 11q-45-11-90 0z" fill="#1f2739"/><circle cx="100" cy="46" r="6" fill="#d8b355"/>',
    "headband": '<path d="M60 76q40-14 80 0v9q-40-14-80 0z" fill="#fffaf0"/>',
    "kerchief": '<path d="M56 82c0-34 18-52 44-52s44 18 44 52q-44-22-88 0z" fill="#c2573a"/><g fill="#fbe9e0"><circle cx="80" cy="56" r="4"/><circle cx="100" cy="44" r="4"/><circle cx="120" cy="56" r="4"/><circle cx="100" cy="64" r="3"/></g>',
    "flower": '<g fill="#d9765a"><circle cx="138" cy="64" r="7"/><circle cx="148" cy="72" r="7"/><circle cx="136" cy="77" r="7"/></g><circle cx="141" cy="71" r="4.5" fill="#f3d27a"/>',
    "hairpin": '<path d="m126 34 30-14" stroke="#b8431b" stroke-width="4" stroke-linecap="round"/><circle cx="158" cy="19" r="6" fill="#c79a3b"/>',
    "ribbon": '<path d="m132 48 20-12v26zM132 48l-4 22 14-8z" fill="#b8431b"/><circle cx="132" cy="49" r="5" fill="#8f3213"/>',
    "earrings": '<g fill="#c79a3b"><circle cx="60" cy="117" r="4"/><circle cx="140" cy="117" r="4"/></g>',
    "headphones": '<path d="M56 100C52 26 148 26 144 100" fill="none" stroke="#3a322c" stroke-width="6"/><rect x="49" y="92" width="14" height="26" rx="7" fill="#b8431b"/><rect x="137" y="92" width="14" height="26" rx="7" fill="#b8431b"/>',
}


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
    skin, shade = SKINS[face.skin]
    ground, lamp = GROUNDS[face.ground]
    hair = HAIRS[face.colour]
    behind, over = HAIR[face.hair]
    return "".join(
        (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200">',
            f'<rect width="200" height="200" fill="{ground}"/>',
            f'<circle cx="100" cy="104" r="84" fill="{lamp}"/>',
            f'<g fill="{hair}">{behind}</g>',
            f'<path d="M84 136h32v26q-16 14-32 0z" fill="{shade}"/>',
            _clothes(*face.clothes, skin=shade, bare=skin),
            f'<g fill="{skin}"><circle cx="62" cy="104" r="8"/><circle cx="138" cy="104" r="8"/>',
            f'<path d="{SHAPES[face.shape]}"/></g>',
            _beard(face.beard, hair, shade),
            f'<g fill="{hair}">{over}</g>',
            EXTRAS[face.extra],
            _brows(hair, strong=face.shape == "square"),
            '<g fill="#e58f78" opacity=".32"><circle cx="74" cy="117" r="7.5"/><circle cx="126" cy="117" r="7.5"/></g>',
            EYES[face.eyes],
            _drawn(GLASSES.get(face.glasses, ""), "#3a322c", 2.2),
            _drawn(_path(LINES[face.years]) if face.years in LINES else "", shade, 2),
            f'<path d="M100 106q3 5-1 7" fill="none" stroke="{shade}" stroke-width="2.4" stroke-linecap="round"/>',
            MOUTHS[face.mouth],
            "</svg>\n",
        )
    )


def _brows(hair: str, *, strong: bool) -> str:
    brow = "#8d867d" if hair in {HAIRS["white"], HAIRS["grey"]} else hair
    width = 3.6 if strong else 2.4
    return _drawn(_path("M76 91q7-4 14-1M110 90q7-3 14 1"), brow, width)


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


FACES = {
    "hiyori": Face(
        ground="sky",
        hair="bob",
        colour="chestnut",
        clothes=("knit", "#2f6b5a", "#3d7f6c"),
        glasses="round",
    ),
    "chikage": Face(
        ground="moss",
        hair="top_bun",
        colour="ink",
        clothes=("blouse", "#3f6b80", "#e9dcc3"),
        eyes="smile",
        mouth="smile",
        years=40,
    ),
    "manami": Face(
        ground="rose",
        hair="waves",
        colour="tea",
        clothes=("pearls", "#2b2622", ""),
        eyes="lashes",
        mouth="lips",
        skin="fair",
        extra="earrings",
    ),
    "yu": Face(
        ground="mist",
        hair="side",
        colour="ink",
        clothes=("suit", "#3b4a63", "#b8431b"),
        shape="square",
        mouth="side",
    ),
    "sayuri": Face(
        ground="sand",
        hair="low_bun",
        colour="black",
        clothes=("kimono", "#7d5a6b", "#d9c39a"),
        eyes="calm",
        mouth="small",
        skin="fair",
        years=50,
    ),
    "ren": Face(
        ground="honey",
        hair="crop",
        colour="black",
        clothes=("tank", "#b8431b", ""),
        shape="square",
        skin="tan",
        mouth="laugh",
        eyes="smile",
        years=30,
    ),
    "mizuki": Face(
        ground="plum",
        hair="long",
        colour="brown",
        clothes=("jacket", "#56607a", "#fdfaf4"),
        eyes="lashes",
        mouth="small",
        skin="fair",
    ),
    "koharu": Face(
        ground="honey",
        hair="braids",
        colour="brown",
        clothes=("tee", "#e3b34d", ""),
        shape="round",
        mouth="laugh",
        eyes="smile",
    ),
    "daichi": Face(
        ground="sky",
        hair="mop",
        colour="ink",
        clothes=("hoodie", "#4a4e7a", "#5d6193"),
        glasses="round",
        mouth="small",
    ),
    "kazue": Face(
        ground="rose",
        hair="perm",
        colour="grey",
        clothes=("apron", "#b98d7c", "#f3e7d3"),
        shape="round",
        eyes="smile",
        mouth="laugh",
        years=60,
    ),
    "takumi": Face(
        ground="clay",
        hair="short",
        colour="ink",
        clothes=("chef", "#fdfaf4", "#b8431b"),
        shape="square",
        skin="peach",
        mouth="smile",
        beard="stubble",
        extra="chef_hat",
        years=40,
    ),
    "yoko": Face(
        ground="moss",
        hair="fringe_bob",
        colour="brown",
        clothes=("scrubs", "#6fa3a0", "#5a8d8a"),
        shape="round",
        eyes="smile",
        years=50,
    ),
    "haruto": Face(
        ground="mist",
        hair="curls",
        colour="ink",
        clothes=("tee", "#2f6b5a", ""),
        extra="headphones",
        mouth="side",
        skin="peach",
    ),
    "akari": Face(
        ground="honey",
        hair="ponytail",
        colour="chestnut",
        clothes=("shirt", "#8fb0c4", "#d7e4ec"),
        mouth="laugh",
        eyes="open",
        years=30,
    ),
    "shiori": Face(
        ground="plum",
        hair="long_fringe",
        colour="black",
        clothes=("knit", "#8c4a3a", "#a05a48"),
        glasses="round",
        mouth="small",
        skin="fair",
        years=30,
    ),
    "gen": Face(
        ground="sky",
        hair="sides",
        colour="white",
        clothes=("uniform", "#2f3a52", "#2b2622"),
        shape="square",
        eyes="smile",
        beard="moustache",
        extra="peaked_cap",
        years=60,
    ),
    "emi": Face(
        ground="mist",
        hair="pixie",
        colour="ink",
        clothes=("jacket", "#8c3a2b", "#fdfaf4"),
        eyes="lashes",
        mouth="side",
        extra="earrings",
        years=40,
    ),
    "nagi": Face(
        ground="moss",
        hair="top_bun",
        colour="chestnut",
        clothes=("tank", "#5c7f6b", ""),
        skin="peach",
        mouth="smile",
        eyes="smile",
        extra="headband",
    ),
    "rika": Face(
        ground="clay",
        hair="bob",
        colour="ink",
        clothes=("pearls", "#7a2e3a", ""),
        eyes="lashes",
        mouth="lips",
        skin="fair",
        years=40,
    ),
    "fumi": Face(
        ground="sand",
        hair="updo",
        colour="white",
        clothes=("kimono", "#4a5a6b", "#e3d3b0"),
        eyes="smile",
        mouth="small",
        skin="fair",
        extra="hairpin",
        years=60,
    ),
    "ryohei": Face(
        ground="moss",
        hair="back",
        colour="ink",
        clothes=("shirt", "#c9b89a", "#e4d8c2"),
        shape="square",
        glasses="square",
        beard="goatee",
        years=30,
    ),
    "tsubasa": Face(
        ground="sky",
        hair="low_bun",
        colour="brown",
        clothes=("scarf", "#33476b", "#c2573a"),
        eyes="lashes",
        mouth="laugh",
        years=30,
    ),
    "hinata": Face(
        ground="clay",
        hair="mop",
        colour="tea",
        clothes=("tee", "#3a3a3f", ""),
        skin="peach",
        mouth="laugh",
        eyes="open",
    ),
    "kotone": Face(
        ground="rose",
        hair="long",
        colour="chestnut",
        clothes=("blouse", "#e9e2f0", "#8d7aa8"),
        mouth="small",
        eyes="smile",
        extra="flower",
        years=30,
    ),
    "masao": Face(
        ground="sand",
        hair="back",
        colour="ash",
        clothes=("suit", "#4b4a46", "#33607a"),
        shape="square",
        glasses="half",
        mouth="smile",
        skin="peach",
        years=50,
    ),
    "natsu": Face(
        ground="honey",
        hair="ponytail",
        colour="ink",
        clothes=("apron", "#6f8f5a", "#3f5a73"),
        skin="tan",
        mouth="laugh",
        eyes="smile",
        extra="straw_hat",
        years=40,
    ),
    "asahi": Face(
        ground="sky",
        hair="crop",
        colour="ash",
        clothes=("sport", "#2a5a9c", "#1d3f70"),
        shape="square",
        skin="tan",
        mouth="laugh",
        years=50,
    ),
    "kyoko": Face(
        ground="plum",
        hair="waves",
        colour="ash",
        clothes=("pearls", "#33607a", ""),
        eyes="calm",
        mouth="smile",
        glasses="half",
        years=50,
    ),
    "sora": Face(
        ground="clay",
        hair="pixie",
        colour="tea",
        clothes=("apron", "#fdfaf4", "#3a4a40"),
        mouth="side",
        eyes="open",
        extra="kerchief",
    ),
    "ruri": Face(
        ground="plum",
        hair="updo",
        colour="black",
        clothes=("kimono", "#33305a", "#b9a5d0"),
        eyes="lashes",
        mouth="lips",
        skin="fair",
        extra="flower",
        years=40,
    ),
}


def write_all(folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for key, face in FACES.items():
        (folder / f"{key}.svg").write_text(draw(face), encoding="utf-8")


if __name__ == "__main__":
    write_all()
