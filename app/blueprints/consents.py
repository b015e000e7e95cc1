"""Agreeing anew: the page that shows what is new in the terms, and the views that wait for it (C7).

It comes up after a login and before something new begins. A talk that runs goes on, with points
bought for it; what is paid, one's data and leaving never wait.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired

from app import clock
from app.blueprints.documents import PAGES, TITLES
from app.errors import Problem, Refused
from app.guards import casts_or_guests_only, me, own_path, page_before
from app.people import terms
from app.people.models import Account, Role
from app.talks import calling, entering
from app.texts import publishing
from app.texts.editions import Edition
from app.web import Answer, form_again, go, undone

P = ParamSpec("P")
View = Callable[P, Answer]

bp = Blueprint("consents", __name__, url_prefix="/consents")


class AgreeForm(FlaskForm):  # type: ignore[misc]
    """`seen` are the editions that the page showed."""

    seen = HiddenField()
    agreed = BooleanField(
        _("I have read what is new and agree to it"),
        validators=[InputRequired(_("Please read it and tick here."))],
    )


def agreed_first(view: View[P]) -> View[P]:
    """Show what is new before something begins, and come back; only a running talk goes before."""

    @wraps(view)
    def asked(*args: P.args, **kwargs: P.kwargs) -> Answer:
        if not _whats_new(me()) or entering.live_talk_of_guest(me().id):
            return view(*args, **kwargs)
        back = request.full_path.rstrip("?") if request.method == "GET" else page_before()
        return go(url_for("consents.show", next=own_path(back)))

    return asked


def after_login(account: Account, home: str) -> str:
    """Where somebody goes who came for nothing special: first to what is new."""
    return url_for("consents.show" if _whats_new(account) else home)


@bp.get("")
@casts_or_guests_only
def show() -> Answer:
    new = _whats_new(me())
    if not new:
        return redirect(_way_on(), code=303)
    form = AgreeForm(formdata=None, seen=_seen(new))
    return render_template(_page(), form=form, problems=[], **_shown(new))


@bp.post("")
@casts_or_guests_only
def agree() -> Answer:
    """Agree to what the page showed; where that has changed since, show it anew."""
    form = AgreeForm()
    if not form.validate():
        return _again(form)
    try:
        terms.agree(me().id, terms.read(form.seen.data or ""), now=clock.now())
    except Refused as refusal:
        return _again(form, *undone(refusal))
    flash(gettext("Thank you. Everything is open again."))
    return go(_way_on())


def _again(form: AgreeForm, *problems: Problem) -> Answer:
    new = _whats_new(me())
    form.seen.data, page = _seen(new), _page()
    return form_again(page, page=page, form=form, problems=problems, **_shown(new))


def _whats_new(account: Account) -> dict[str, Edition]:
    return terms.whats_new(account.id, terms.OF_ROLE[account.role], now=clock.now())


def _seen(new: dict[str, Edition]) -> str:
    return terms.written({name: edition.name for name, edition in new.items()})


def _way_on() -> str:
    return own_path(request.args.get("next")) or url_for("home.show")


def _page() -> str:
    return "consents/show.html" if me().role is Role.GUEST else "consents/cast.html"


def _shown(new: dict[str, Edition]) -> dict[str, object]:
    """The new editions, each with what the operator says is new since the one that was agreed to."""
    return {
        "news": [
            (TITLES[each.kind], PAGES[each.kind], each, _changes(each)) for each in new.values()
        ],
        "goes_on": own_path(request.args.get("next")) or "",
        "is_guest": me().role is Role.GUEST,
        "call": calling.call_of(me().id, now=clock.now()) if me().role is Role.CAST else None,
    }


def _changes(edition: Edition) -> list[tuple[str, str]]:
    """Words and their language, the oldest first."""
    locale, since = str(get_locale()), terms.since_agreed(me().id, edition)
    texts = (publishing.find_version(each.kind, each.number) for each in since)
    return [publishing.words_of(text, "changes", locale=locale) for text in texts]
