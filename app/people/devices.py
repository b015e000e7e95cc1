"""The device test (C41): what camera, microphone, speaker and connection did, when and on what.

The page finds it out with the person; here it is kept. Whether a reservation needs one is not
known here.
"""

from datetime import datetime

from sqlalchemy import Select, select

from app.db import session
from app.people import closing
from app.people.models import DeviceCheck

DEVICE_LENGTH = 80  # characters


def keep(
    account_id: int,
    *,
    device: str,
    camera: bool,
    microphone: bool,
    speaker: bool,
    echo: bool,
    connection: bool,
    now: datetime,
) -> DeviceCheck:
    """Keep one test, also one that did not go well; earlier ones stay.

    Of the device's name, which its browser made, only what can be read is kept, and no more
    than fits.
    """
    closing.hold_open(account_id)
    check = DeviceCheck(
        account_id=account_id,
        at=now,
        device=readable_name(device),
        camera=camera,
        microphone=microphone,
        speaker=speaker,
        echo=echo,
        connection=connection,
    )
    session.add(check)
    session.flush()
    return check


def readable_name(device: str) -> str:
    """One line of printable characters, with single spaces."""
    spaced = " ".join(device.split())
    return "".join(filter(str.isprintable, spaced))[:DEVICE_LENGTH].strip()


def last_of(account_id: int) -> DeviceCheck | None:
    """The newest test of this person, however it went."""
    return session.scalars(_newest_of(account_id)).first()


def last_passed(account_id: int, *, since: datetime) -> DeviceCheck | None:
    """The newest passed test at or after `since`; a later one that failed does not undo it."""
    passed = _newest_of(account_id).where(DeviceCheck.passed, DeviceCheck.at >= since)
    return session.scalars(passed).first()


def has_passed(account_id: int, *, since: datetime) -> bool:
    return last_passed(account_id, since=since) is not None


def _newest_of(account_id: int) -> Select[DeviceCheck]:
    newest = (DeviceCheck.at.desc(), DeviceCheck.id.desc())
    return select(DeviceCheck).filter_by(account_id=account_id).order_by(*newest).limit(1)
