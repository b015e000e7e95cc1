"""What people agree to, by version, and who is asked anew because there is a newer one (C7).

The versions are the editions of three texts. Whoever is here agreed to some edition when they came;
once the operator has published another one, they are asked before they begin something new. What
runs, what is paid, one's data and leaving never wait for it.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app import audit
from app.db import session
from app.errors import N_, Problem, Refused
from app.people import closing
from app.people.models import Consent, Role
from app.texts import editions
from app.texts.editions import Edition
from app.texts.models import TextKind

OF_GUESTS = ("terms", "privacy")
OF_CASTS = (*OF_GUESTS, "cast_terms")
OF_ROLE = {Role.GUEST: OF_GUESTS, Role.CAST: OF_CASTS, Role.OPERATOR: ()}
FIRST = {kind.value: f"{day}" for kind, day in editions.FIRST.items()}
CHANGED = Problem(
    code="terms_changed",
    about="agreed",
    text=N_("The terms have changed. Please read them again."),
)
NEW_TERMS = Problem(
    code="new_terms",
    text=N_("The terms have changed. Please read and agree to them before you go on."),
)


def current(names: tuple[str, ...] = OF_GUESTS, *, now: datetime) -> dict[str, str]:
    """What somebody agrees to, by version."""
    return {name: edition.name for name, edition in _holding(names, now=now).items()}


def version(names: tuple[str, ...] = OF_GUESTS, *, now: datetime) -> str:
    """All versions in one word, for a form to carry what its reader saw."""
    return written(current(names, now=now))


def written(versions: Mapping[str, str]) -> str:
    return " ".join(f"{name}:{version}" for name, version in versions.items())


def read(word: str) -> dict[str, str]:
    """The versions that a form carried."""
    pairs = (each.partition(":") for each in word.split())
    return {name: version for name, _, version in pairs}


def whats_new(account_id: int, names: tuple[str, ...], *, now: datetime) -> dict[str, Edition]:
    """The editions that hold and that this person has not agreed to, by name of the text.

    One question while only built-in words hold: nobody came in without agreeing to those.
    """
    holding = _holding(names, now=now) if names else {}
    published = {name: edition for name, edition in holding.items() if edition.number}
    if not published:
        return {}
    agreed = _agreed(account_id)
    return {name: each for name, each in published.items() if each.name not in agreed[name]}


def since_agreed(account_id: int, edition: Edition) -> list[Edition]:
    """The editions after the last one that this person agreed to, up to this one."""
    known = editions.editions([edition.kind])[edition.kind]
    agreed = _agreed(account_id)[edition.kind.value]
    last = max((each.number for each in known if each.name in agreed), default=0)
    return [each for each in known if last < each.number <= edition.number]


def why_not_begin(account_id: int, names: tuple[str, ...], *, now: datetime) -> list[Problem]:
    """Nothing new begins under terms that somebody has not agreed to (C7)."""
    return [NEW_TERMS] if whats_new(account_id, names, now=now) else []


def agree(account_id: int, seen: Mapping[str, str], *, now: datetime) -> None:
    """Agree to the editions that were read; a second press changes nothing.

    Raises Refused where one of them does not hold any more.
    """
    account = closing.hold_open(account_id)
    unread = whats_new(account_id, OF_ROLE[account.role], now=now)
    new = {name: edition.name for name, edition in unread.items()}
    if any(seen.get(name) != version for name, version in new.items()):
        raise Refused(CHANGED)
    for name, agreed in new.items():
        row = insert(Consent).values(account_id=account_id, terms=name, version=agreed, at=now)
        session.execute(row.on_conflict_do_nothing())
    if new:
        about = f"account:{account_id}"
        audit.note("terms.agreed", about=about, by=account_id, now=now, versions=new)


def _holding(names: tuple[str, ...], *, now: datetime) -> dict[str, Edition]:
    known = editions.editions([TextKind(name) for name in names])
    return {kind.value: editions.holding(all_of, now=now) for kind, all_of in known.items()}


def _agreed(account_id: int) -> dict[str, set[str]]:
    agreed: dict[str, set[str]] = {name: set() for name in OF_CASTS}
    wanted = select(Consent.terms, Consent.version).where(Consent.account_id == account_id)
    for name, version_of in session.execute(wanted):
        agreed.setdefault(name, set()).add(version_of)
    return agreed
