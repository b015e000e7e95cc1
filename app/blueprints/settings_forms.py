"""The forms of passwords, addresses and second factors."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms.validators import Email, InputRequired, Length

from app import policy
from app.blueprints.fields import Line, Secret
from app.blueprints.guest_forms import EMAIL_LENGTH


def _without_space(text: str | None) -> str:
    """Telephones like to add a space after an address."""
    return (text or "").strip()


class AskForm(FlaskForm):  # type: ignore[misc]
    email = Line(
        _("E-mail address"),
        filters=[_without_space],
        validators=[
            InputRequired(_("Please give your e-mail address.")),
            Length(max=EMAIL_LENGTH, message=_("This address is too long.")),
            Email(_("This does not look like an e-mail address."), allow_smtputf8=False),
        ],
        description=_("The one that you log in with."),
    )


class ChooseForm(FlaskForm):  # type: ignore[misc]
    password = Secret(
        _("New password"),
        validators=[InputRequired(_("Please choose a password."))],
        description=_("At least %(least)s characters.", least=policy.PASSWORD_LENGTH[0]),
    )


class NameForm(FlaskForm):  # type: ignore[misc]
    nickname = Line(
        _("Nickname"),
        validators=[InputRequired(_("Please choose a nickname."))],
        description=_("The casts call you by this name. Not your real name, please."),
    )


class OperatorNameForm(NameForm):
    nickname = Line(
        _("Your name"),
        validators=[InputRequired(_("Please give your name."))],
        description=_("Guests and casts do not see it."),
    )


class OwnerForm(FlaskForm):  # type: ignore[misc]
    """What only the owner of the account knows, before something important changes."""

    current = Secret(
        _("Your password now"), validators=[InputRequired(_("Please give your password."))]
    )


class PasswordForm(OwnerForm):
    password = Secret(
        _("New password"),
        validators=[InputRequired(_("Please choose a password."))],
        description=_("At least %(least)s characters.", least=policy.PASSWORD_LENGTH[0]),
    )


class EmailForm(OwnerForm):
    email = Line(
        _("New e-mail address"),
        filters=[_without_space],
        validators=[
            InputRequired(_("Please give your e-mail address.")),
            Length(max=EMAIL_LENGTH, message=_("This address is too long.")),
            Email(_("This does not look like an e-mail address."), allow_smtputf8=False),
        ],
        description=_("We send a link there to confirm it. Nobody else sees it."),
    )


class CodeForm(FlaskForm):  # type: ignore[misc]
    code = Line(
        _("Code"),
        validators=[InputRequired(_("Please give the code.")), Length(max=40)],
    )
