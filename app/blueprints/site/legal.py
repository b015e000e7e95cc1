"""What the law asks a seller to say: by the operator's words, the policy and the price rows."""

from flask import abort, current_app, request
from flask_babel import get_locale

from app import clock
from app.blueprints.shelf import kept_a_moment
from app.blueprints.site.elsewhere import receivers
from app.blueprints.site.pages import bp, page
from app.texts import publishing
from app.texts.blanks import BLANKS
from app.texts.models import SiteText, TextKind


@bp.get("/commerce")
@kept_a_moment
def commerce() -> str:
    """特定商取引法に基づく表記."""
    return _document(TextKind.COMMERCE)


@bp.get("/prepaid")
@kept_a_moment
def prepaid() -> str:
    """資金決済法に基づく情報提供."""
    return _document(TextKind.PREPAID)


@bp.get("/external")
@kept_a_moment
def external() -> str:
    """外部送信."""
    return _document(TextKind.EXTERNAL)


def _document(kind: TextKind) -> str:
    """The version that holds, or an earlier one by its number."""
    now = clock.now()
    text = publishing.find(kind, now=now)
    if "version" in request.args:
        asked = publishing.find_version(kind, request.args.get("version", 0, type=int))
        text = asked if asked and asked.holds_from <= now else abort(404)
    return draw(kind, text)


def draw(kind: TextKind, text: SiteText | None) -> str:
    """A text as visitors see it; the operator's preview draws it the same way."""
    now, locale = clock.now(), str(get_locale())
    holding = publishing.find(TextKind.COMMERCE, now=now)
    seller = text if kind is TextKind.COMMERCE else holding
    earlier = [each for each in publishing.versions(kind) if each.holds_from <= now]
    return page(
        kind.value,
        text=text,
        body=publishing.body_of(text, locale=locale),
        said={
            blank.name: publishing.words_of(seller, blank.name, locale=locale)
            for blank in BLANKS[TextKind.COMMERCE]
        },
        versions=earlier,
        receivers=receivers(current_app.config["SETTINGS"]),
    )
