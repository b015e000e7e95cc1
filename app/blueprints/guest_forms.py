"""The forms of the way in."""

from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField
from wtforms.validators import Email, InputRequired, Length, ValidationError

from app import clock, policy
from app.blueprints.fields import Day, Line, Secret
from app.people import terms

EMAIL_LENGTH = 254  # what the mail standards allow
OLDEST_YEARS = 120


def same_terms(form: FlaskForm, names: tuple[str, ...]) -> None:
    """Who read an older version has not agreed to this one; the form then shows the new one."""
    holds = terms.version(names, now=clock.now())
    seen, form.version.data = form.version.data or holds, holds
    if seen != holds:
        raise ValidationError(gettext(terms.CHANGED.text))


class RegisterForm(FlaskForm):
    email = Line(
        _("E-mail address"),
        validators=[
            InputRequired(_("Please give your e-mail address.")),
            Length(max=EMAIL_LENGTH, message=_("This address is too long.")),
            Email(_("This does not look like an e-mail address."), allow_smtputf8=False),
        ],
        description=_("We send a link there to confirm it. Nobody else sees it."),
    )
    password = Secret(
        _("Password"),
        validators=[InputRequired(_("Please choose a password."))],
        description=_("At least %(least)s characters.", least=policy.PASSWORD_LENGTH[0]),
    )
    nickname = Line(
        _("Nickname"),
        validators=[InputRequired(_("Please choose a nickname."))],
        description=_("The casts call you by this name. Not your real name, please."),
    )
    born_on = Day(_("Date of birth"), validators=[InputRequired(_("When were you born?"))])
    version = HiddenField(default=lambda: terms.version(now=clock.now()))
    agreed = BooleanField(
        _("I have read and agree to the terms and the privacy policy"),
        validators=[InputRequired(_("Please read and agree to both."))],
    )

    def validate_agreed(self, _field: BooleanField) -> None:
        same_terms(self, terms.OF_GUESTS)


class LoginForm(FlaskForm):
    email = Line(
        _("E-mail address"),
        validators=[InputRequired(_("Please give your e-mail address."))],
    )
    password = Secret(_("Password"), validators=[InputRequired(_("Please give your password."))])


def picker_of(today: date) -> dict[str, str]:
    """What the browser's own date picker offers for a date of birth."""
    oldest = today.replace(year=today.year - OLDEST_YEARS, day=1)
    return {"min": oldest.isoformat(), "max": today.isoformat()}
