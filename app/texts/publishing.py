"""Publishing a version of a text, and what holds when."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert

from app import audit
from app.db import session
from app.errors import N_, Problem, Refused
from app.texts.blanks import BLANKS, Blank
from app.texts.models import AGREED_TO, SiteText, TextKind

Fields = Mapping[str, Mapping[str, str]]  # name: language: words

BACK_BY = timedelta(minutes=5)  # a form may have been open so long
LARGEST = 2**31  # what the table can count to
PLEASE_FILL = N_("Please fill this in; the law asks for it.")
PLEASE_WRITE = N_("Please fill this in.")
PLACEHOLDER = "要記入"  # what pages show where a blank is empty

SOMEBODY_ELSE = Problem(
    code="somebody_else",
    text=N_("Somebody else has published a version meanwhile. Please look at it first."),
)


def find(kind: TextKind, *, now: datetime) -> SiteText | None:
    """The version that holds; of several that do, the latest written."""
    holding = _of(kind).where(SiteText.holds_from <= now)
    return session.scalars(holding.limit(1)).one_or_none()


def find_version(kind: TextKind, version: int) -> SiteText | None:
    if not 0 < version < LARGEST:
        return None
    wanted = select(SiteText).where(SiteText.kind == kind, SiteText.version == version)
    return session.scalars(wanted).one_or_none()


def versions(kind: TextKind) -> list[SiteText]:
    """Everything that was ever published, newest first."""
    return list(session.scalars(_of(kind)))


def ahead(kind: TextKind, *, now: datetime) -> set[int]:
    """The numbers of those that do not hold yet and will: none written later holds as early."""
    found, first = set(), datetime.max.replace(tzinfo=UTC)
    for text in versions(kind):
        if now < text.holds_from < first:
            found.add(text.version)
        first = min(first, text.holds_from)
    return found


def newest(kind: TextKind) -> int:
    """The number of the last version, also of one that does not hold yet; 0 where there is none."""
    last = select(func.max(SiteText.version)).where(SiteText.kind == kind)
    return session.scalar(last) or 0


def words_of(text: SiteText | None, name: str, *, locale: str) -> tuple[str, str]:
    """What stands in a blank, and in which language: Japanese where there is no other."""
    given = text.fields.get(name, {}) if text else {}
    words = given.get(locale, "")
    return (words, locale) if words else (given.get("ja", ""), "ja")


def body_of(text: SiteText | None, *, locale: str) -> tuple[str, str]:
    """What is said beside the blanks, and in which language."""
    if text is None:
        return "", locale
    return (text.body_en, "en") if locale == "en" and text.body_en else (text.body_ja, "ja")


def whats_missing(kind: TextKind, *, now: datetime) -> list[Blank]:
    """The blanks that the law needs and that nobody has filled in; terms are whole as they come."""
    if kind in AGREED_TO:
        return []
    text = find(kind, now=now)
    return [
        blank
        for blank in BLANKS[kind]
        if blank.is_needed and not words_of(text, blank.name, locale="ja")[0]
    ]


def why_not_sell(now: datetime) -> list[Problem]:
    """Nothing is sold before the page says who sells it (facts: Japan 3.1)."""
    if not whats_missing(TextKind.COMMERCE, now=now):
        return []
    return [
        Problem(
            code="seller_unknown",
            text=N_("Points cannot be bought yet: our legal notice is not complete. We are sorry."),
        )
    ]


def please_fill(kind: TextKind) -> str:
    """What stands beside an empty field, as a msgid."""
    return PLEASE_WRITE if kind in AGREED_TO else PLEASE_FILL


def why_not_publish(
    kind: TextKind,
    *,
    fields: Fields,
    body: Mapping[str, str],
    holds_from: datetime,
    now: datetime,
) -> list[Problem]:
    """Why these words are no version. Terms have a body, in Japanese at least."""
    needed = [blank.name for blank in BLANKS[kind] if blank.is_needed]
    needed += ["body"] if kind in AGREED_TO else []
    given = {**fields, "body": body}
    problems = [
        Problem(code="empty", text=please_fill(kind), about=f"{name}_ja")
        for name in needed
        if not given.get(name, {}).get("ja", "").strip()
    ]
    problems += [
        Problem(
            code="placeholder",
            text=N_("This is a placeholder. Please put the real words in its place."),
            about=f"{name}_{locale}",
        )
        for name, by_locale in given.items()
        for locale, words in by_locale.items()
        if PLACEHOLDER in words
    ]
    if holds_from < now - BACK_BY:
        problems.append(
            Problem(
                code="past",
                text=N_("A version cannot hold from a moment that is over."),
                about="holds_from",
            )
        )
    return problems


def publish(
    kind: TextKind,
    *,
    fields: Fields,
    body_ja: str,
    body_en: str,
    holds_from: datetime,
    based_on: int,
    by: int,
    now: datetime,
) -> int:
    """Publish the version after `based_on`; gives its number.

    Of two that were written from the same one, the second is refused.
    """
    body = {"ja": body_ja, "en": body_en}
    problems = why_not_publish(kind, fields=fields, body=body, holds_from=holds_from, now=now)
    if problems:
        raise Refused(*problems)
    wanted = insert(SiteText).values(
        kind=kind,
        version=based_on + 1,
        holds_from=max(holds_from, now),
        body_ja=body_ja,
        body_en=body_en,
        fields={name: dict(given) for name, given in fields.items()},
        written_by=by,
        at=now,
    )
    kept = wanted.on_conflict_do_nothing(index_elements=["kind", "version"])
    version: int | None = session.scalar(kept.returning(SiteText.version))
    if version is None or (based_on and find_version(kind, based_on) is None):
        raise Refused(SOMEBODY_ELSE)
    audit.note("text.published", about=f"text:{kind}:{version}", by=by, now=now)
    return version


def _of(kind: TextKind) -> Select[SiteText]:
    return select(SiteText).where(SiteText.kind == kind).order_by(SiteText.version.desc())
