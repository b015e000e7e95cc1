"""The forms of becoming a cast."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectMultipleField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    AnyOf,
    Email,
    InputRequired,
    Length,
    NumberRange,
    Optional,
)
from wtforms.widgets import FileInput

from app import clock, policy
from app.blueprints.fields import Day, Line, Lines
from app.blueprints.guest_forms import EMAIL_LENGTH, same_terms
from app.entry.models import DocumentKind
from app.people import terms

NEEDED = _("Please write it as in your document.")
WHICH_DOCUMENT = _("Please choose one of these.")
DOCUMENT_KINDS = {
    DocumentKind.LICENCE: _("Driving licence"),
    DocumentKind.PASSPORT: _("Passport"),
    DocumentKind.STUDENT_CARD: _("Student card"),
    DocumentKind.RESIDENCE_CARD: _("Residence card (foreign nationals)"),
}
ACCEPTED = "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif"


class ConsentForm(FlaskForm):  # type: ignore[misc]
    version = HiddenField(default=lambda: terms.version(terms.OF_CASTS, now=clock.now()))
    agreed = BooleanField(
        _("I have read and agree to all three"),
        validators=[InputRequired(_("Please read and agree to all three."))],
    )

    def validate_agreed(self, _field: BooleanField) -> None:
        same_terms(self, terms.OF_CASTS)


class StartForm(ConsentForm):
    email = Line(
        _("E-mail address"),
        validators=[
            InputRequired(_("Please give your e-mail address.")),
            Length(max=EMAIL_LENGTH, message=_("This address is too long.")),
            Email(_("This does not look like an e-mail address."), allow_smtputf8=False),
        ],
        description=_("The link to your application goes there, and later the result."),
    )


class PersonForm(FlaskForm):  # type: ignore[misc]
    family_name = Line(_("Family name"), validators=[InputRequired(NEEDED)])
    given_name = Line(_("Given name"), validators=[InputRequired(NEEDED)])
    family_kana = Line(_("Family name in katakana"), validators=[InputRequired(NEEDED)])
    given_kana = Line(_("Given name in katakana"), validators=[InputRequired(NEEDED)])
    born_on = Day(_("Date of birth"), validators=[InputRequired(_("When were you born?"))])
    no_pupil = BooleanField(
        _("I do not go to high school"),
        validators=[InputRequired(_("High school students cannot apply, even from 18 on."))],
    )


class ProfileForm(FlaskForm):  # type: ignore[misc]
    cast_name = Line(
        _("Cast name"),
        validators=[InputRequired(_("Please choose a cast name."))],
        description=_("Guests see this name, never your real one."),
    )
    categories = SelectMultipleField(_("Categories"), validate_choice=False)
    wished_rank = RadioField(_("Rank that you wish for"), validate_choice=False)
    introduction = Lines(
        _("Self-introduction"),
        validators=[InputRequired(_("Please write a few words about yourself."))],
        description=_("What you like to talk about, and how you listen. No contact details."),
    )


class PictureForm(FlaskForm):  # type: ignore[misc]
    """One photograph, and the square part of it that the page's script lets choose."""

    photos = MultipleFileField(_("Profile picture"), widget=FileInput())
    left = IntegerField(validators=[Optional(), NumberRange(0, 100_000)])
    top = IntegerField(validators=[Optional(), NumberRange(0, 100_000)])
    side = IntegerField(validators=[Optional(), NumberRange(1, 1000)])


class KindForm(FlaskForm):  # type: ignore[misc]
    kind = RadioField(
        _("Which document do you send?"),
        choices=[SelectChoice(value.value, label) for value, label in DOCUMENT_KINDS.items()],
        validators=[InputRequired(WHICH_DOCUMENT), AnyOf(list(DOCUMENT_KINDS), WHICH_DOCUMENT)],
        validate_choice=False,  # in words of its own, above
    )


class DocumentsForm(FlaskForm):  # type: ignore[misc]
    photos = MultipleFileField(
        _("Photographs"),
        description=_(
            "At most %(most)s pictures of %(megabytes)s MB each: JPEG, PNG, WebP or HEIC.",
            most=policy.PHOTOS_AT_ONCE,
            megabytes=policy.PHOTO_BYTES // 1_000_000,
        ),
    )
