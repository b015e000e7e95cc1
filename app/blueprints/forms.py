"""The forms of the talk pages."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from app.talks.rating import LINE_LENGTH


class EnterForm(FlaskForm):  # type: ignore[misc]
    """The price that the guest saw; the entry holds only at that price (D9)."""

    price_points = IntegerField(validators=[InputRequired(), NumberRange(1, 1_000_000)])


class RatingForm(FlaskForm):  # type: ignore[misc]
    stars = RadioField(
        _("How was it?"),
        choices=[(n, str(n)) for n in range(1, 6)],
        coerce=int,
        validators=[InputRequired(_("Please choose 1 to 5 stars."))],
    )
    line = StringField(_("A line about the talk"), validators=[Length(max=LINE_LENGTH)])
