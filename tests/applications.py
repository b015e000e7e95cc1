"""Applications for tests, each made by the verbs that people's presses call."""

from datetime import date, datetime
from io import BytesIO
from itertools import count

from PIL import Image, ImageDraw

from app.casts import ranks
from app.casts.models import Category, Rank
from app.clock import JAPAN
from app.db import session
from app.entry import documents, opening, sending, steps
from app.entry.models import (
    Application,
    ApplicationState,
    DocumentKind,
    ScreeningStep,
    StepKind,
)
from app.people import terms
from app.people.models import Account
from app.pictures import photographs
from tests.factories import NOON

REAL_NAMES = {
    "family_name": "山田",
    "given_name": "花子",
    "family_kana": "ヤマダ",
    "given_kana": "ハナコ",
}
BORN_ON = date(1990, 4, 23)
_number = count(1)


def make_draft(*, email: str = "", now: datetime = NOON) -> Application:
    """Begun: the address has its link, and nothing is filled in."""
    asked = opening.ask(
        email or f"applicant{next(_number)}@example.com",
        consents=terms.current(terms.OF_CASTS, now=now),
        locale="ja",
        now=now,
    )
    assert asked.application
    return asked.application


def make_filled(
    *, email: str = "", cast_name: str = "", lacks: str = "", now: datetime = NOON
) -> Application:
    """Everything is filled in, but the step that it `lacks`; not sent yet."""
    ranks.set_first_prices(date(2026, 1, 1))
    session.merge(Category(slug="chat", name_ja="雑談", name_en="Small talk", position=0))
    session.flush()
    application = make_draft(email=email, now=now)
    if lacks != "person":
        today = now.astimezone(JAPAN).date()
        steps.keep_person(application, REAL_NAMES, born_on=BORN_ON, today=today)
    if lacks != "profile":
        steps.keep_profile(
            application,
            cast_name=cast_name or f"みほん{next(_number)}",
            categories=["chat"],
            wished_rank=Rank.SILVER,
            introduction="よろしくお願いします。",
        )
    if lacks != "picture":
        image = photographs.read(photograph())
        steps.keep_picture(application, image, crop=None, now=now)
    if lacks != "documents":
        documents.choose_kind(application, DocumentKind.LICENCE)
        add_document(application, now=now)
    session.flush()
    return application


def make_applied(*, email: str = "", cast_name: str = "", now: datetime = NOON) -> Application:
    """Sent; waits to be screened."""
    application = make_filled(email=email, cast_name=cast_name, now=now)
    sending.send(application, now=now)
    return application


def make_asked(
    by: Account, *, words: str = "裏面もお願いします。", now: datetime = NOON
) -> Application:
    """Sent, and the office asked for another picture."""
    application = make_applied(now=now)
    ask_for_more(application, by=by, words=words, now=now)
    return application


def ask_for_more(application: Application, *, by: Account, words: str, now: datetime) -> None:
    """What an operator's request leaves behind."""
    session.add(
        ScreeningStep(
            application_id=application.id, kind=StepKind.ASKED, by=by.id, at=now, words=words
        )
    )
    application.state = ApplicationState.MORE_DOCUMENTS
    application.key_until = opening.link_end(application, now=now)
    session.flush()


def add_document(application: Application, data: bytes = b"", *, now: datetime = NOON) -> int:
    return documents.add(
        application, documents.read([("licence.jpg", data or photograph())]), now=now
    )


def photograph(kind: str = "JPEG", *, width: int = 640, height: int = 480) -> bytes:
    """A file as a telephone makes it; no two are the same."""
    number = next(_number)
    image = Image.new("RGB", (width, height), (number * 37 % 256, number * 91 % 256, 180))
    ImageDraw.Draw(image).text((20, 20), f"SPECIMEN {number}", fill="white")
    file = BytesIO()
    image.save(file, kind)
    return file.getvalue()
