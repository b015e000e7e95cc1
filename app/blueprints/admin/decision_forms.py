"""What an operator decides of a case: points and yen of a reservation, minutes of a walk-in."""

from datetime import datetime
from typing import Any, Self

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, Length

from app.blueprints.fields import Lines
from app.cases import deciding, walk_ins
from app.cases.models import Case
from app.errors import Problem
from app.web import say


class Amount(IntegerField):
    """Whole points or yen."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Please give a whole number.")) from None


class _Told(FlaskForm):  # type: ignore[misc]
    """What both are told."""

    said = Lines(
        _("What we tell both"),
        description=_("Both read it on the page of their talk. It can be changed freely."),
        validators=[
            InputRequired(_("Please say in a sentence why; both read it.")),
            Length(max=deciding.SAID_LENGTH, message=_("Please use at most %(max)d characters.")),
        ],
    )


class DecisionForm(_Told):
    returned_points = Amount(
        _("Points returned to the guest, in all"),
        validators=[InputRequired(_("Please give a whole number."))],
    )
    earned_yen = Amount(
        _("Yen earned by the cast, in all"),
        validators=[InputRequired(_("Please give a whole number."))],
    )

    @classmethod
    def proposed(cls, facts: dict[str, Any]) -> Self:
        """Filled in with what the record proposes."""
        proposal: deciding.Proposal = facts["proposal"]
        return cls(
            formdata=None,
            returned_points=proposal.returned_points,
            earned_yen=proposal.earned_yen,
            said=_suggested(proposal.because),
        )

    def decide(self, case: Case, *, by: int, now: datetime) -> Case:
        return deciding.decide(
            case.id,
            returned_points=self.returned_points.data,
            earned_yen=self.earned_yen.data,
            said=self.said.data,
            by=by,
            now=now,
        )


class RefundForm(_Told):
    """Of a walk-in (G31)."""

    minutes = Amount(
        _("Minutes to return"),
        validators=[InputRequired(_("Please give a whole number."))],
    )
    keeps_reward = BooleanField(
        _("The cast keeps the reward for them"),
        description=_("The house bears it."),
    )

    @classmethod
    def proposed(cls, facts: dict[str, Any]) -> Self:
        """Filled in with what the record proposes."""
        proposal: walk_ins.Proposal = facts["proposal"]
        said = _suggested(proposal.because)
        return cls(formdata=None, minutes=proposal.minutes, said=said)

    def decide(self, case: Case, *, by: int, now: datetime) -> Case:
        return walk_ins.decide(
            case.id,
            minutes=self.minutes.data,
            keeps_reward=self.keeps_reward.data,
            said=self.said.data,
            by=by,
            now=now,
        )


def _suggested(because: Problem) -> str:
    """A sentence for both to begin with, in the operator's language."""
    return str(gettext("We have looked at the record. %(because)s", because=say(because)))
