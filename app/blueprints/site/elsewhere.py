"""Everything that a visitor's browser loads from, or sends to, a house that is not this one.

The page 外部送信 is drawn from this list (facts: Japan 3.5), and a test sees to it that no page
or script names another origin.
"""

from dataclasses import dataclass

from app.config import Settings
from app.errors import N_


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """One that is sent something: who, what, what for, and when. All are msgids but the origin."""

    origin: str
    name: str
    sent: str
    purpose: str
    when: str


def receivers(settings: Settings) -> list[Receiver]:
    """Who receives something with these settings."""
    if not settings.jitsi_origin:
        return []
    return [
        Receiver(
            origin=settings.jitsi_origin,
            name=N_("The video server of Sashitalk, run by ourselves"),
            sent=N_(
                "Network address, kind of browser, the name shown in the talk, and during the talk"
                " picture and voice, encrypted"
            ),
            purpose=N_(
                "Connecting the two people of a talk, and recording when they are connected"
            ),
            when=N_("Only on the page of a talk, while it is open"),
        )
    ]
