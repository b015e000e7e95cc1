"""The versions of the terms that hold now. A new version here asks everybody anew."""

CURRENT = {"terms": "2026-11-24", "privacy": "2026-11-24"}


def version() -> str:
    """All versions in one word, for a form to carry what its reader saw."""
    return " ".join(f"{name}:{version}" for name, version in CURRENT.items())
