"""The terms and the privacy policy: what holds, what comes, and every edition before (C7, G36)."""

from flask import Blueprint, abort, render_template
from flask_babel import get_locale
from flask_babel import lazy_gettext as _

from app import clock
from app.texts import editions, markup, publishing
from app.texts.editions import Edition
from app.texts.models import SiteText, TextKind
from app.web import Answer

bp = Blueprint("documents", __name__)

TITLES = {
    TextKind.TERMS: _("Terms of use"),
    TextKind.PRIVACY: _("Privacy policy"),
    TextKind.CAST_TERMS: _("Terms for casts"),
}
PAGES = {
    TextKind.TERMS: "home.terms",
    TextKind.PRIVACY: "home.privacy",
    TextKind.CAST_TERMS: "home.cast_terms",
}


@bp.get("/terms/versions/<name>", defaults={"kind": TextKind.TERMS})
@bp.get("/privacy/versions/<name>", defaults={"kind": TextKind.PRIVACY})
@bp.get("/cast/terms/versions/<name>", defaults={"kind": TextKind.CAST_TERMS})
def edition(kind: TextKind, name: str) -> Answer:
    """One edition, also one that was replaced or does not hold yet."""
    known = editions.editions([kind])[kind]
    found = next((each for each in known if each.name == name), None)
    return _page(found, known) if found else abort(404)


def holding(kind: TextKind) -> str:
    known = editions.editions([kind])[kind]
    return _page(editions.holding(known, now=clock.now()), known)


def draw(text: SiteText) -> str:
    """The operator's look at a version, published or only written."""
    known = editions.editions([text.kind])[text.kind]
    mine = (each for each in known if each.number and each.number == text.version)
    return _draw(text.kind, next(mine, None), text, known)


def built_in(kind: TextKind, *, locale: str) -> str:
    """The words that the site came with, in the marks in which the operator goes on from them."""
    return markup.write(render_template(f"home/built_in/{kind}.{locale}.html"))


def _page(found: Edition, known: list[Edition]) -> str:
    text = publishing.find_version(found.kind, found.number) if found.number else None
    return _draw(found.kind, found, text, known)


def _draw(
    kind: TextKind, found: Edition | None, text: SiteText | None, known: list[Edition]
) -> str:
    now, locale = clock.now(), str(get_locale())
    words, language = publishing.body_of(text, locale=locale)
    return render_template(
        "home/document.html",
        kind=kind,
        title=TITLES[kind],
        page=PAGES[kind],
        edition=found,
        holds=editions.holding(known, now=now),
        ahead=editions.ahead(known, now=now),
        known=known[::-1],
        text=text,
        pieces=markup.read(words),
        language=language,
    )
