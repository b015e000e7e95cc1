"""Applications of people who want to become casts: some that wait, one passed, one refused.

Sent and screened by the rooms' own verbs. The documents are drawn, and nobody's.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from PIL import Image, ImageDraw

from app.casts.models import Rank
from app.clock import JAPAN
from app.db import session
from app.entry import documents, opening, screening, sending, steps, viewing
from app.entry.checks import Checked
from app.entry.documents import Photograph
from app.entry.models import Application, DocumentKind
from app.people import terms
from app.people.models import Account
from app.vault import vault

CARD = (1600, 1010)  # pixels
INK = "#3a3a44"


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """Who applies, and how many days ago they sent it."""

    key: str
    days_ago: int
    family: tuple[str, str]  # kanji, kana
    given: tuple[str, str]
    born_on: date
    name: str
    categories: tuple[str, ...]
    rank: Rank
    kind: DocumentKind
    color: str
    introduction: str


APPLICANTS = (
    Applicant(
        key="misaki",
        days_ago=13,
        family=("見本", "ミホン"),
        given=("美咲", "ミサキ"),
        born_on=date(1998, 6, 3),
        name="みさき",
        categories=("listening", "chat"),
        rank=Rank.SILVER,
        kind=DocumentKind.LICENCE,
        color="#c58d7a",
        introduction="図書館で働いています。静かに聞くのが得意です。\n夜にゆっくりお話ししましょう。",
    ),
    Applicant(
        key="haru",
        days_ago=6,
        family=("例示", "レイジ"),
        given=("春", "ハル"),
        born_on=date(1985, 11, 20),
        name="はる",
        categories=("work",),
        rank=Rank.GOLD,
        kind=DocumentKind.PASSPORT,
        color="#7a9cc5",
        introduction="人事の仕事を十五年しています。職場の悩みなら、たいてい一度は通った道です。",
    ),
    Applicant(
        key="misaki2",
        days_ago=4,
        family=("見本", "ミホン"),
        given=("美咲", "ミサキ"),
        born_on=date(1998, 6, 3),
        name="さきみ",
        categories=("chat",),
        rank=Rank.BLUE,
        kind=DocumentKind.STUDENT_CARD,
        color="#c58d7a",
        introduction="おしゃべりが大好きです!",
    ),
    Applicant(
        key="toru",
        days_ago=2,
        family=("見本", "ミホン"),
        given=("透", "トオル"),
        born_on=date(1979, 2, 8),
        name="とおる",
        categories=("craft", "hobbies"),
        rank=Rank.BLUE,
        kind=DocumentKind.LICENCE,
        color="#8fae86",
        introduction="家具を作っています。手を動かしながら考えたことをお話しします。",
    ),
    Applicant(
        key="rin",
        days_ago=1,
        family=("例示", "レイジ"),
        given=("凛", "リン"),
        born_on=date(2004, 9, 30),
        name="りん",
        categories=("student", "hobbies"),
        rank=Rank.BLUE,
        kind=DocumentKind.RESIDENCE_CARD,
        color="#b79ac9",
        introduction="大学で建築を学んでいます。散歩と喫茶店の話をしましょう。",
    ),
)
OLD = (
    Applicant(
        key="aoi",
        days_ago=20,
        family=("例示", "レイジ"),
        given=("葵", "アオイ"),
        born_on=date(1992, 1, 15),
        name="あおい",
        categories=("listening",),
        rank=Rank.GOLD,
        kind=DocumentKind.LICENCE,
        color="#c9b178",
        introduction="看護師をしています。夜勤明けの方も、どうぞ。",
    ),
    Applicant(
        key="kei",
        days_ago=18,
        family=("見本", "ミホン"),
        given=("圭", "ケイ"),
        born_on=date(2001, 7, 7),
        name="けい",
        categories=("chat",),
        rank=Rank.BLUE,
        kind=DocumentKind.STUDENT_CARD,
        color="#9aa7b1",
        introduction="よろしくお願いします。",
    ),
)


def send(*, operator: Account, now: datetime) -> None:
    """Everybody's application, as far as the office has come with it."""
    passed, refused = (_sent(each, now=now - timedelta(days=each.days_ago)) for each in OLD)
    _look(passed, operator, now=now - timedelta(days=16))
    screening.admit(
        passed.id,
        rank=Rank.SILVER,
        checked=_checked(passed),
        knows_number=False,
        people=1,
        seen=0,
        by=operator.id,
        now=now - timedelta(days=16),
    )
    words = "学生証のお写真から、お名前と生年月日を読み取ることができませんでした。"
    _look(refused, operator, now=now - timedelta(days=12))
    screening.refuse(refused.id, words=words, seen=0, by=operator.id, now=now - timedelta(days=12))
    waiting = [_sent(each, now=now - timedelta(days=each.days_ago)) for each in APPLICANTS]
    passport = waiting[1]
    words = "パスポートには住所の記載がありません。住所のわかる書類のお写真もお願いいたします。"
    _look(passport, operator, now=now - timedelta(days=5))
    screening.ask(passport.id, words=words, seen=0, by=operator.id, now=now - timedelta(days=5))


def _sent(applicant: Applicant, *, now: datetime) -> Application:
    consents = terms.current(terms.OF_CASTS, now=now)
    email = f"{applicant.key}@example.com"
    application = opening.ask(email, consents=consents, locale="ja", now=now).application
    assert application, "an applicant of the demo is no cast yet"
    (family_name, family_kana), (given_name, given_kana) = applicant.family, applicant.given
    steps.keep_person(
        application,
        {
            "family_name": family_name,
            "given_name": given_name,
            "family_kana": family_kana,
            "given_kana": given_kana,
        },
        born_on=applicant.born_on,
        today=now.astimezone(JAPAN).date(),
    )
    steps.keep_profile(
        application,
        cast_name=applicant.name,
        categories=list(applicant.categories),
        wished_rank=applicant.rank,
        introduction=applicant.introduction,
    )
    steps.keep_picture(application, _face(applicant.color), crop=None, now=now)
    documents.choose_kind(application, applicant.kind)
    card = Photograph(image=_card(applicant), mark=vault.mark(f"demo:{applicant.key}"))
    documents.add(application, [card], now=now)
    sending.send(application, now=now)
    return application


def _look(application: Application, operator: Account, *, now: datetime) -> None:
    for picture in viewing.pictures_of(application):
        viewing.look(picture, by=operator, now=now)
    session.flush()


def _checked(application: Application) -> Checked:
    return Checked(
        kind=application.document_kind or DocumentKind.LICENCE,
        issuer="東京都公安委員会",
        number=f"30{application.id:010}",
        face_ok=True,
        name_ok=True,
        born_ok=True,
        address_ok=True,
    )


def _face(color: str) -> Image.Image:
    image = Image.new("RGB", (800, 800), "#efe6d8")
    pen = ImageDraw.Draw(image)
    pen.ellipse((100, 520, 700, 1200), fill=color)
    pen.ellipse((260, 160, 540, 500), fill="#f1d3ba")
    pen.pieslice((240, 120, 560, 460), 180, 360, fill=INK)
    return image


def _card(applicant: Applicant) -> Image.Image:
    """A card of some kind, with lines in place of words."""
    image = Image.new("RGB", (CARD[0] + 200, CARD[1] + 200), "#6d6259")
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((100, 100, 100 + CARD[0], 100 + CARD[1]), 48, fill="#e9eef2")
    pen.rectangle((100, 220, 100 + CARD[0], 250), fill=applicant.color)
    image.paste(_face(applicant.color).resize((420, 420)), (1180, 320))
    for number, (label, words) in enumerate(
        {
            "KIND": applicant.kind.value.upper().replace("_", " "),
            "NAME": applicant.key.rstrip("2").upper(),
            "BORN": f"{applicant.born_on:%Y-%m-%d}",
            "ADDRESS": "1-2-3 MIHON, TOKYO",
            "NO.": "SPECIMEN",
        }.items()
    ):
        top = 320 + 130 * number
        pen.text((170, top), label, fill="#7a8590", font_size=34)
        pen.text((420, top - 8), words, fill=INK, font_size=48)
        pen.line((410, top + 64, 1100, top + 64), fill="#b9c3cb", width=3)
    return image
