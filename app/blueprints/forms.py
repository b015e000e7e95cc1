"""The forms of the talk pages."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange

from app.blueprints.fields import Line
from app.talks.rating import LINE_LENGTH, STARS

PLEASE_CHOOSE = _("Please choose 1 to 5 stars.")


class EnterForm(FlaskForm):  # type: ignore[misc]
    """The price that the guest saw; the entry holds only at that price (D9)."""

    price_points = IntegerField(validators=[InputRequired(), NumberRange(1, 1_000_000)])


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
