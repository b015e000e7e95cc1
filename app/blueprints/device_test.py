"""The device test: guests and casts try camera, microphone, speaker and connection (C41, C43)."""

from flask import Blueprint, render_template, request, url_for
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import InputRequired

from app import clock, policy
from app.blueprints.fields import Line
from app.blueprints.own_bookings import own_account
from app.bookings import notices
from app.guards import own_path
from app.people import devices
from app.people.models import Account, Role
from app.talks import calling
from app.web import Answer, answer, form_again

bp = Blueprint("device_test", __name__)


class DeviceTestForm(FlaskForm):  # type: ignore[misc]
    """What the page found, in fields that nobody fills in by hand."""

    device = Line(
        validators=[
            InputRequired(_("The page did not say which device this is. Please load it again."))
        ]
    )
    camera = BooleanField()
    microphone = BooleanField()
    speaker = BooleanField()
    echo = BooleanField()
    connection = BooleanField()


@bp.get("/device-test")
def show() -> Answer:
    """The five steps, the last result, and the one that still counts. `back` leads back."""
    shown = _shown(own_account())
    return render_template("device_test/show.html", form=DeviceTestForm(formdata=None), **shown)


@bp.post("/device-test")
def keep() -> Answer:
    """Keep what the page found, whole or in part. Pressing again keeps a newer result."""
    person, form = own_account(), DeviceTestForm()
    if not form.validate():
        page, fragment = "device_test/show.html", "device_test/_outcome.html"
        return form_again(fragment, page=page, form=form, **_shown(person))
    found = {name: value for name, value in form.data.items() if name != "csrf_token"}
    now = clock.now()
    if devices.keep(person.id, **found, now=now).passed:
        notices.withdraw_test_missing(person.id, now=now)
    otherwise = url_for(".show", back=_back(), _anchor="device-test-outcome")
    blank = DeviceTestForm(formdata=None)
    return answer("device_test/_outcome.html", otherwise=otherwise, form=blank, **_shown(person))


@bp.get("/device-test/round-trip")
def round_trip() -> Answer:
    """Nothing, as fast as can be: the page measures how long it takes."""
    own_account()
    return "", 204


def _back() -> str | None:
    return own_path(request.args.get("back"))


def _shown(person: Account) -> dict[str, object]:
    now, is_cast = clock.now(), person.role is Role.CAST
    return {
        "party": person.role.value,
        "call": calling.call_of(person.id, now=now) if is_cast else None,
        "check": devices.last_of(person.id),
        "counts": devices.last_passed(person.id, since=now - policy.DEVICE_TEST_HOLDS),
        "back": _back(),
    }
