"""The forms of the screening."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, Length
from wtforms.widgets import HiddenInput

from app import policy
from app.blueprints.applying_forms import DOCUMENT_KINDS
from app.blueprints.fields import Line, Lines
from app.entry import checks
from app.entry.checks import Checked
from app.entry.models import DocumentKind
from app.entry.screening import WORDS_LENGTH

CHOOSE = _("Please choose one of these.")
TOO_LONG = _("Please use at most %(max)d characters.")


class SeenForm(FlaskForm):  # type: ignore[misc]
    """The last act that stood on the operator's page, so that none is passed over unseen."""

    seen = IntegerField(widget=HiddenInput())


class AdmissionForm(SeenForm):
    kind = RadioField(
        _("Kind of document"),
        choices=[SelectChoice(value.value, label) for value, label in DOCUMENT_KINDS.items()],
        validators=[AnyOf(list(DocumentKind), CHOOSE)],
        validate_choice=False,
    )
    issuer = Line(
        _("Issuer"),
        description=_("As it stands there, such as the public safety commission of Tokyo."),
        validators=[
            InputRequired(_("Please write who issued it, as it stands there.")),
            Length(max=checks.ISSUER_LENGTH, message=TOO_LONG),
        ],
    )
    number = Line(
        _("Number of the document"),
        description=_("Whole. Only a mark is kept, by which the same number is seen again."),
        validators=[InputRequired(_("Please type the whole number."))],
    )
    face_ok = BooleanField(_("The face is that of the profile picture"))
    name_ok = BooleanField(_("The name is the one of the application"))
    born_ok = BooleanField(_("The birthday is the one of the application, 18 or older"))
    address_ok = BooleanField(_("An address is shown"))
    rank = RadioField(
        _("Rank that is given"),
        choices=[SelectChoice(rank, rank.upper()) for rank in policy.FIRST_RANKS],
        validators=[AnyOf(policy.FIRST_RANKS, CHOOSE)],
        validate_choice=False,
    )
    knows_number = BooleanField(_("I know that this number was checked before, and pass it"))

    def checked(self) -> Checked:
        return Checked(
            kind=DocumentKind(self.kind.data),
            issuer=self.issuer.data or "",
            number=self.number.data or "",
            face_ok=self.face_ok.data,
            name_ok=self.name_ok.data,
            born_ok=self.born_ok.data,
            address_ok=self.address_ok.data,
        )


class QuestionForm(SeenForm):
    words = Lines(
        _("What we ask for"),
        description=_("The applicant reads it in the mail and on the page behind its link."),
        validators=[
            InputRequired(_("Please write to the applicant in a sentence.")),
            Length(max=WORDS_LENGTH, message=TOO_LONG),
        ],
    )


class RefusalForm(SeenForm):
    words = Lines(
        _("The reason"),
        description=_("The applicant reads it in the mail. Please write it kindly."),
        validators=[
            InputRequired(_("Please write to the applicant in a sentence.")),
            Length(max=WORDS_LENGTH, message=TOO_LONG),
        ],
    )
