"""Applications for tests, as their writers leave them when they send them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from io import BytesIO
from itertools import count

from PIL import Image
from sqlalchemy import select

from app import audit
from app.casts import profiles, ranks
from app.casts.models import Rank
from app.db import session
from app.entry import screening, sending, viewing
from app.entry.checks import Checked
from app.entry.models import (
    Application,
    ApplicationState,
    DocumentKind,
    IdentityPicture,
    ScreeningStep,
)
from app.people import terms
from app.people.models import Account
from app.pictures import keeping
from app.vault import vault
from tests.factories import NOON

_number = count(1)


def jpeg_of(color: str = "#7799bb", size: tuple[int, int] = (480, 300)) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, color).save(file, "JPEG")
    return file.getvalue()


def make_application(
    *,
    name: str = "",
    email: str = "",
    family: str = "",
    given: str = "花子",
    born_on: date = date(1996, 4, 23),
    kind: DocumentKind = DocumentKind.LICENCE,
    pictures: int = 1,
    now: datetime = NOON,
) -> Application:
    """One that was sent at `now`."""
    number = next(_number)
    ranks.set_first_prices(date(2026, 1, 1))
    name = name or f"花{number}"
    application = Application(
        state=ApplicationState.APPLIED,
        email=email or f"applicant{number}@example.com",
        locale="ja",
        key_until=now + timedelta(days=14),
        consents=dict(terms.FIRST),
        started_at=now,
        family_name=family or f"山田{number}",
        given_name=given,
        family_kana="ヤマダ",
        given_kana="ハナコ",
        born_on=born_on,
        cast_name=name,
        folded_name=profiles.fold_name(name),
        categories=["chat"],
        wished_rank=Rank.SILVER,
        introduction="話すのが好きです。聞くのはもっと好きです。",
        picture_id=keeping.keep(Image.new("RGB", (200, 200), "#bb9977"), now=now).id,
        document_kind=kind,
        submitted_at=now,
    )
    session.add(application)
    session.flush()
    audit.note(sending.SENT, about=viewing.about(application.id), by=None, now=now)
    for _ in range(pictures):
        add_picture(application, now=now)
    return application


def add_picture(
    application: Application, *, jpeg: bytes = b"", now: datetime = NOON
) -> IdentityPicture:
    number = next(_number)
    jpeg = jpeg or jpeg_of(f"#{number % 256:02x}99bb")
    picture = IdentityPicture(
        application_id=application.id,
        kind=application.document_kind or DocumentKind.LICENCE,
        mark=vault.mark(f"file:{number}"),
        jpeg=jpeg,
        added_at=now,
    )
    session.add(picture)
    session.flush()
    return picture


def checked(number: str = "", **more: object) -> Checked:
    """Everything was seen, on a document of this number or of one of its own."""
    given: dict[str, object] = {
        "kind": DocumentKind.LICENCE,
        "issuer": "東京都公安委員会",
        "number": number or f"30 1234 56789{next(_number):03}",
        "face_ok": True,
        "name_ok": True,
        "born_ok": True,
        "address_ok": True,
    }
    return Checked(**{**given, **more})  # type: ignore[arg-type]


def look_at_all(application: Application, by: Account, *, now: datetime = NOON) -> None:
    for picture in viewing.pictures_of(application):
        if picture.deleted_at is None:
            viewing.look(picture, by=by, now=now)
    session.flush()


def seen_of(application: Application) -> int:
    """The last act, as an operator's page carries it."""
    wanted = select(ScreeningStep.id).filter_by(application_id=application.id)
    return session.scalar(wanted.order_by(ScreeningStep.id.desc()).limit(1)) or 0


def admit(
    application: Application,
    by: Account,
    *,
    rank: Rank = Rank.BLUE,
    found: Checked | None = None,
    knows_number: bool = False,
    people: int = 1,
    seen: int | None = None,
    look: bool = True,
    now: datetime = NOON,
) -> ScreeningStep:
    """Look at every picture, and pass."""
    if look:
        look_at_all(application, by, now=now)
    return screening.admit(
        application.id,
        rank=rank,
        checked=found or checked(),
        knows_number=knows_number,
        people=people,
        seen=seen_of(application) if seen is None else seen,
        by=by.id,
        now=now,
    )


def refuse(application: Application, by: Account, *, now: datetime = NOON) -> ScreeningStep:
    words = "お写真の文字を読み取ることができませんでした。"
    seen = seen_of(application)
    return screening.refuse(application.id, words=words, seen=seen, by=by.id, now=now)


def pictures_of(application: Application) -> Sequence[IdentityPicture]:
    return viewing.pictures_of(application)
