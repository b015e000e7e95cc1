"""The forms of the talk pages."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange

from app.blueprints.fields import Line, Lines
from app.bookings.completions import IMPRESSION_LENGTH
from app.bookings.models import CompletionKind
from app.talks import impressions
from app.talks.models import ReportReason
from app.talks.rating import LINE_LENGTH, STARS
from app.talks.reports import WORDS_LENGTH

PLEASE_CHOOSE = _("Please choose 1 to 5 stars.")
PLEASE_SAY_WHAT = _("Please choose what happened.")
REPORT_REASONS = {
    ReportReason.HARASSMENT: _("Harassment or hurtful words"),
    ReportReason.CONTACT: _("Asks to meet, or for contact details"),
    ReportReason.MINOR: _("Seems to be under 18"),
    ReportReason.MONEY: _("Asks for money, or solicits"),
    ReportReason.OTHER: _("Something else"),
}


COMPLETION_KINDS = {
    CompletionKind.DONE: _("Completed: no problem"),
    CompletionKind.NOT_HELD: _("Not held: the guest did not come"),
    CompletionKind.TROUBLE: _("Trouble: I could not take part"),
}


class EnterForm(FlaskForm):  # type: ignore[misc]
    """The price that the guest saw; the entry holds only at that price (D9)."""

    price_points = IntegerField(validators=[InputRequired(), NumberRange(1, 1_000_000)])


class CancelForm(FlaskForm):  # type: ignore[misc]
    """A guest who cancels late says that they know what it costs (D40)."""

    accepts_loss = BooleanField(_("I understand that no points are returned."))


class CompletionForm(FlaskForm):  # type: ignore[misc]
    """The completion report of a cast (C48, C49)."""

    kind = RadioField(
        _("How did it go?"),
        choices=[SelectChoice(value.value, label) for value, label in COMPLETION_KINDS.items()],
        validators=[InputRequired(PLEASE_SAY_WHAT), AnyOf(list(COMPLETION_KINDS), PLEASE_SAY_WHAT)],
        validate_choice=False,  # in words of its own, below
    )
    impression = Lines(
        _("Impression"),
        validators=[
            InputRequired(_("Please write a word about the talk.")),
            Length(max=IMPRESSION_LENGTH, message=_("Please use at most %(max)d characters.")),
        ],
        description=_("Only the office reads it, never the guest."),
    )
    stars = StringField(
        _("Your rating of the guest"),
        validators=[InputRequired(PLEASE_CHOOSE), AnyOf([str(n) for n in STARS], PLEASE_CHOOSE)],
    )


class ImpressionForm(FlaskForm):  # type: ignore[misc]
    """How a walk-in was, for the office, if the cast likes (D23)."""

    stars = StringField(
        _("Your rating of the guest"),
        validators=[InputRequired(PLEASE_CHOOSE), AnyOf([str(n) for n in STARS], PLEASE_CHOOSE)],
    )
    words = Lines(
        _("Impression"),
        validators=[
            Length(
                max=impressions.WORDS_LENGTH, message=_("Please use at most %(max)d characters.")
            )
        ],
        description=_("Only the office reads it, never the guest."),
    )


class WordsForm(FlaskForm):  # type: ignore[misc]
    """Some words to the office: why a cast cancels, or what was otherwise."""

    words = Lines(
        _("In your words"),
        validators=[Length(max=500, message=_("Please use at most %(max)d characters."))],
    )


class RatingForm(FlaskForm):  # type: ignore[misc]
    stars = StringField(
        _("How was it?"),
        validators=[InputRequired(PLEASE_CHOOSE), AnyOf([str(n) for n in STARS], PLEASE_CHOOSE)],
    )
    line = Line(
        _("A line about the talk"),
        validators=[Length(max=LINE_LENGTH, message=_("Please use at most %(max)d characters."))],
        description=_("It may appear on the cast's page, without your name."),
    )


class ReportForm(FlaskForm):  # type: ignore[misc]
    reason = RadioField(
        _("What happened?"),
        choices=[SelectChoice(value.value, label) for value, label in REPORT_REASONS.items()],
        validators=[InputRequired(PLEASE_SAY_WHAT), AnyOf(list(REPORT_REASONS), PLEASE_SAY_WHAT)],
        validate_choice=False,  # in words of its own, below
    )
    words = Lines(
        _("In your words"),
        validators=[
            Length(max=WORDS_LENGTH, message=_("Please use at most %(max)d characters.")),
        ],
    )
