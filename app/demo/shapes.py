"""The shapes that portraits are drawn from, by name. Colours are flat, and all heads share one place."""

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


def dots(*places: tuple[int, int, int]) -> str:
    return "".join(f'<circle cx="{x}" cy="{y}" r="{r}"/>' for x, y, r in places)


def path(d: str) -> str:
    return f'<path d="{d}"/>'


HAIR = {  # what lies behind the head, and what falls over the forehead
    "bob": (
        path("M48 104c-4-52 22-76 52-76s56 24 52 76c1 18 4 32 0 44H48c-4-12-1-26 0-44z"),
        path(SWEPT),
    ),
    "fringe_bob": (
        path("M50 104c-5-52 21-76 50-76s55 24 50 76l4 34q-54 14-108 0z"),
        path(FRINGE),
    ),
    "long": (path("M46 102c-2-52 22-76 54-76s56 24 54 76v80H46z"), path(PARTED)),
    "long_fringe": (path("M48 102c-4-52 20-76 52-76s56 24 52 76l6 78H42z"), path(FRINGE)),
    "waves": (
        path(CAP)
        + dots((54, 84, 16), (49, 106, 16), (51, 128, 15), (56, 146, 13))
        + dots((146, 84, 16), (151, 106, 16), (149, 128, 15), (144, 146, 13)),
        path(SWEPT),
    ),
    "top_bun": (dots((100, 28, 18)) + path(CAP), path(TIED)),
    "low_bun": (dots((146, 118, 17)) + path(CAP), path(PARTED)),
    "updo": (path("M60 50c-4-26 22-38 44-34 22 4 34 20 30 44z") + path(CAP), path(PARTED)),
    "ponytail": (
        path("M128 44c30 0 40 34 32 66-3 14-4 28 2 40-22-6-26-34-24-62z") + path(CAP),
        path(SWEPT),
    ),
    "braids": (
        path(CAP)
        + "".join(
            f'<ellipse cx="{x}" cy="{y}" rx="10" ry="11"/>'
            for x in (52, 148)
            for y in (112, 130, 148, 165)
        ),
        path(PARTED),
    ),
    "pixie": (
        path(CAP),
        path(
            "M56 98c-2-34 16-52 44-52s48 16 44 50c-6-18-14-24-24-28-14 12-42 10-58 16-3 4-5 8-6 14z"
        ),
    ),
    "perm": (
        dots((62, 64, 18), (84, 46, 20), (112, 45, 20), (136, 62, 18), (54, 88, 15), (146, 88, 15))
        + dots((54, 110, 12), (146, 110, 12)),
        dots((68, 70, 11), (84, 62, 12), (101, 59, 12), (118, 62, 12), (132, 70, 11)),
    ),
    "curls": (
        dots((66, 58, 18), (90, 44, 18), (116, 46, 18), (137, 62, 17), (56, 84, 12), (144, 84, 12)),
        dots((72, 66, 12), (90, 58, 13), (109, 58, 12), (126, 65, 11)),
    ),
    "short": (
        path(CAP),
        path(
            "M58 92c-5-32 14-47 42-47s47 15 42 47c-4-10-7-17-11-22-18 4-43 4-58-2-7 6-12 14-15 24z"
        ),
    ),
    "side": (
        path(CAP),
        path(
            "M58 92c-5-32 13-48 42-48s47 16 42 46c-4-8-8-14-14-18-20 6-42 2-54-8-2 10-10 16-16 28z"
        ),
    ),
    "mop": (
        path(CAP),
        path(
            "M56 98c-6-36 14-54 44-54s50 18 44 52c-5-4-8-8-10-13-4 6-9 8-14 8 2-4 2-7 2-10-8 8-18 11-28 10 3-3 5-6 6-10-9 7-17 9-25 8-9 1-14 4-19 9z"
        ),
    ),
    "crop": ("", path("M61 86c-3-28 14-41 39-41s42 13 39 41c-5-14-12-19-39-19s-34 5-39 19z")),
    "back": (
        "",
        path(
            "M60 92c-6-34 14-50 40-50s46 16 40 50c-3-14-8-24-16-28-14-5-34-5-48 0-8 4-13 14-16 28z"
        ),
    ),
    "sides": (
        "",
        path("M60 104c-7-16-5-30 5-38 2 12 1 24-5 38zM140 104c7-16 5-30-5-38-2 12-1 24 5 38z"),
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
# What is worn over the shoulders; {one} is the cloth, {two} what is on it, {skin} lies in the shade.
BODY = '<path d="M26 212c3-40 34-56 74-56s71 16 74 56z" fill="{one}"/>'
NECK = '<path d="M82 154q18 22 36 0l-2-6H84z" fill="{skin}"/>'
CLOTHES = {
    "tee": NECK,
    "knit": '<path d="M80 146q20 12 40 0l5 14q-25 16-50 0z" fill="{two}"/>',
    "shirt": NECK
    + '<path d="m80 150 20 20-14 16-14-28zM120 150l-20 20 14 16 14-28z" fill="{two}"/>',
    "suit": '<path d="m80 152 20 50 20-50-4-4H84z" fill="#fdfaf4"/><path d="m94 166 6-4 6 4-3 8 5 38h-16l5-38z" fill="{two}"/><path d="m80 157 20 51-34-36 6-12zM120 157l-20 51 34-36-6-12z" opacity=".16"/>',
    "jacket": '<path d="m82 150 18 44 18-44z" fill="{two}"/><path d="m84 150 16 20 16-20-2-4H86z" fill="{skin}"/><path d="m80 157 20 45-34-30 6-12zM120 157l-20 45 34-30-6-12z" opacity=".16"/>',
    "blouse": NECK
    + '<path d="M100 172q-18-12-24 0 6 10 24 2 18 8 24-2-6-12-24 0z" fill="{two}"/><path d="m98 173-8 28M102 173l8 28" stroke="{two}" stroke-width="5"/>',
    "pearls": NECK
    + '<g fill="#fffaf0"><circle cx="78" cy="162" r="3"/><circle cx="84" cy="169" r="3"/><circle cx="92" cy="174" r="3"/><circle cx="100" cy="176" r="3"/><circle cx="108" cy="174" r="3"/><circle cx="116" cy="169" r="3"/><circle cx="122" cy="162" r="3"/></g>',
    "kimono": '<path d="M80 150 100 180l20-30-3-4H83z" fill="{skin}"/><path d="m72 154 8-6 24 36-8 14z" fill="#fffaf0"/><path d="m66 158 8-6 26 42-6 18z" fill="{two}"/><path d="m128 154-8-6-38 64h14z" fill="#fffaf0"/><path d="m136 158-9-6-37 60h18z" fill="{two}"/><g fill="#fff" opacity=".35"><circle cx="48" cy="190" r="6"/><circle cx="60" cy="204" r="4"/><circle cx="150" cy="186" r="6"/><circle cx="140" cy="203" r="4"/></g>',
    "sport": NECK
    + '<path d="M28 196q6-26 26-34l8-3-20 53H26zM172 196q-6-26-26-34l-8-3 20 53h22z" fill="{two}"/>',
    "tank": '<path d="M26 212c3-40 34-56 74-56s71 16 74 56z" fill="{bare}"/><path d="M58 212q2-30 14-54l10-3q2 24 18 24t18-24l10 3q12 24 14 54z" fill="{one}"/>',
    "hoodie": '<path d="M70 152q-12 12-4 24 14-4 34 14 20-18 34-14 8-12-4-24l-14-4q-16 14-32 0z" fill="{two}"/><path d="m92 184-2 20M108 184l2 20" stroke="#fffaf0" stroke-width="3" stroke-linecap="round"/>',
    "chef": '<path d="M80 148q20 14 40 0l6 14q-26 18-52 0z" fill="{two}"/><path d="M100 172v40" stroke="#ded6ca" stroke-width="2"/><g fill="#b9ad9d"><circle cx="90" cy="184" r="3"/><circle cx="110" cy="184" r="3"/><circle cx="90" cy="200" r="3"/><circle cx="110" cy="200" r="3"/></g>',
    "scrubs": '<path d="m80 150 20 30 20-30-3-4H83z" fill="{skin}"/><path d="m80 150 20 30 20-30 6 3-26 38-26-38z" fill="{two}"/>',
    "apron": NECK + '<path d="m72 156 6-4 4 36h36l4-36 6 4 10 56H62z" fill="{two}"/>',
    "scarf": NECK
    + '<path d="M78 154q22 16 44 0l4 10q-26 18-52 0z" fill="{two}"/><path d="m112 166 22 24-22 2z" fill="{two}"/>',
    "uniform": '<path d="m80 152 20 46 20-46-4-4H84z" fill="#fdfaf4"/><path d="m95 164h10l2 44H93z" fill="{two}"/><path d="m80 157 20 51-34-36 6-12zM120 157l-20 51 34-36-6-12z" opacity=".18"/><g fill="#d8b355"><path d="M36 178l24-9 2 5-25 9zM164 178l-24-9-2 5 25 9z"/></g>',
}
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


def clothes(kind: str, one: str, two: str, *, skin: str, bare: str) -> str:
    """Clothes over shoulders that are the same for everybody."""
    return (BODY + CLOTHES[kind]).format(one=one, two=two, skin=skin, bare=bare)
