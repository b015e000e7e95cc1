"""The versions of the terms that hold now. A new version here asks everybody anew."""

CURRENT = {"terms": "2026-11-24", "privacy": "2026-11-24", "cast_terms": "2026-11-26"}
OF_GUESTS = ("terms", "privacy")
OF_CASTS = (*OF_GUESTS, "cast_terms")


def current(names: tuple[str, ...] = OF_GUESTS) -> dict[str, str]:
    """What somebody agrees to, by version."""
    return {name: CURRENT[name] for name in names}


def version(names: tuple[str, ...] = OF_GUESTS) -> str:
    """All versions in one word, for a form to carry what its reader saw."""
    return " ".join(f"{name}:{version}" for name, version in current(names).items())
