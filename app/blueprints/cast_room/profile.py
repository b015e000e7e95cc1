"""プロフィール編集: what a cast writes on their page, seen as guests will see it (C26, C29)."""

from flask import flash, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField

from app import clock, policy
from app.blueprints.cast_room.dashboard import bp
from app.blueprints.casts import category_names
from app.blueprints.fields import Line, Lines
from app.blueprints.messages import KINDS
from app.casts import gallery, links, profiles
from app.casts.profiles import Words
from app.errors import N_, Problem
from app.guards import casts_only, me
from app.messages.contacts import contact_data_in
from app.talks import calling
from app.web import Answer, form_again, go

PAGE = "cast_room/profile.html"


class ProfileForm(FlaskForm):  # type: ignore[misc]
    """The rules of length stand with the profile; here is only what can be read."""

    tagline = Line(
        _("One line about you"),
        description=_("It stands on your card in the list. At most %(most)s characters.",
                      most=policy.TAGLINE_LENGTH),
    )  # fmt: skip
    profile = Lines(
        _("About me"),
        description=_("Who you are, and what one can talk about with you. At most %(most)s characters.",
                      most=policy.INTRODUCTION_LENGTH),
    )  # fmt: skip
    career = Lines(
        _("Career"),
        description=_("One line for each. At most %(most)s characters.",
                      most=policy.CAREER_LENGTH),
    )  # fmt: skip
    categories = SelectMultipleField(_("Categories"), validate_choice=False)
    site_url = Line(
        _("Your own site"),
        description=_("A page of yours that anybody can read. It begins with https://."),
    )
    links = Lines(
        _("Public channels"),
        description=_("One address a line, at most %(most)s: %(networks)s. No LINE, and no links"
                      " that open a chat.",
                      most=policy.PROFILE_LINKS, networks=", ".join(links.NETWORK_NAMES)),
    )  # fmt: skip

    def words(self) -> Words:
        """What was written, as it was written."""
        return Words(
            tagline=self.tagline.data or "",
            profile=self.profile.data or "",
            career=self.career.data or "",
            categories=self.categories.data or [],
            site_url=(self.site_url.data or "").strip(),
            links=[line.strip() for line in (self.links.data or "").split("\n") if line.strip()],
        )


@bp.get("/profile")
@casts_only
def profile() -> Answer:
    cast = _call().cast
    form = ProfileForm(
        formdata=None,
        tagline=cast.tagline,
        profile=cast.profile,
        career=cast.career,
        categories=cast.categories,
        site_url=cast.site_url,
        links="\n".join(cast.links),
    )
    return render_template(PAGE, form=form, problems=[], shown=None, **_facts())


@bp.post("/profile")
@casts_only
def save_profile() -> Answer:
    """Keep it; guests see it at once."""
    form = ProfileForm()
    if problems := _why_not(form):
        return _again(form, problems)
    profiles.edit(me().id, form.words(), by=me().id, now=clock.now())
    flash(gettext("Saved. Guests see it now."))
    return go(url_for(".profile"))


@bp.post("/profile/preview")
@casts_only
def try_profile() -> Answer:
    """The page as it would look. Nothing is kept; the form stays as it was filled."""
    form = ProfileForm()
    if problems := _why_not(form):
        return _again(form, problems)
    shown = profiles.tidy(form.words())
    return render_template(PAGE, form=form, problems=[], shown=shown, **_facts())


@bp.get("/profile/preview")
@casts_only
def preview() -> Answer:
    """The page as guests see it now."""
    facts = _facts()
    return render_template(
        "cast_room/preview.html", words=profiles.words_of(facts["call"].cast), **facts
    )


def _why_not(form: ProfileForm) -> list[Problem]:
    """What stands beside a field already is not said twice: an empty problem keeps the form."""
    if not form.validate():
        return [_UNREADABLE]
    words = form.words()
    return [*profiles.why_not_edit(words), *_why_not_said(words)]


_UNREADABLE = Problem(code="unreadable", text=N_("Please look at the marked fields once more."))


def _why_not_said(words: Words) -> list[Problem]:
    """Contact data has no place in what everybody reads (G48)."""
    text = N_(
        "Here we read %(kinds)s. Everybody sees this page, so please leave contact data out;"
        " pages that anybody can read have their own fields below."
    )
    found = {
        about: contact_data_in(getattr(words, about)) for about in ("tagline", "profile", "career")
    }
    return [
        Problem(
            code="contact_data",
            about=about,
            text=text,
            values={"kinds": gettext(", ").join(str(KINDS[kind]) for kind in sorted(kinds))},
        )
        for about, kinds in found.items()
        if kinds
    ]


def _again(form: ProfileForm, problems: list[Problem]) -> Answer:
    return form_again(PAGE, page=PAGE, problems=problems, form=form, shown=None, **_facts())


def _facts() -> dict[str, object]:
    return {
        "call": _call(),
        "category_names": category_names(),
        "gallery": gallery.pictures_of(me().id),
    }


def _call() -> calling.Call:
    return calling.call_of(me().id, now=clock.now())
