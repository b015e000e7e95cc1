"""The demo's applicants: one who has begun, and several who wait for the office."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app import letters
from app.casts.models import Rank
from app.clock import JAPAN
from app.demo.papers import Sitter, card, face
from app.entry import documents, opening, sending, steps
from app.entry.models import Application, DocumentKind
from app.people import terms

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Applicant:
    key: str
    real_names: tuple[str, str, str, str]
    born_on: date
    cast_name: str
    categories: tuple[str, ...]
    rank: Rank
    introduction: str
    sitter: Sitter
    kind: DocumentKind
    papers: tuple[tuple[str, ...], ...]  # each a title and its lines
    days_ago: int


APPLICANTS = (
    Applicant(
        key="mihon-misaki",
        real_names=("見本", "美咲", "ミホン", "ミサキ"),
        born_on=date(1994, 6, 2),
        cast_name="みさき",
        categories=("listening", "office-worker", "love"),
        rank=Rank.SILVER,
        introduction="昼は会社で働いています。仕事帰りの愚痴、なんでもどうぞ。\n話すより聞くほうが得意です。",
        sitter=Sitter(ground="#dfe7ee", hair="#4a2f22", skin="#f0cfb2", clothes="#5b6f8f"),
        kind=DocumentKind.LICENCE,
        papers=(("Driving licence", "MIHON Misaki", "1994-06-02", "Tokyo, 1-2-3"),),
        days_ago=2,
    ),
    Applicant(
        key="mihon-takeru",
        real_names=("見本", "尊", "ミホン", "タケル"),
        born_on=date(1987, 11, 19),
        cast_name="たける",
        categories=("work", "hobbies"),
        rank=Rank.GOLD,
        introduction="元・店長です。人の悩みを聞いて十五年。釣りと将棋の話もできます。",
        sitter=Sitter(ground="#e9e2d3", hair="#26211d", skin="#dfb48d", clothes="#37594a"),
        kind=DocumentKind.PASSPORT,
        papers=(
            ("Passport", "MIHON / TAKERU", "19 NOV 1987", "JPN"),
            ("Water bill", "MIHON Takeru", "Osaka, 4-5-6", "2026"),
        ),
        days_ago=5,
    ),
    Applicant(
        key="mihon-lin",
        real_names=("林", "美玲", "リン", "メイリン"),
        born_on=date(1999, 2, 8),
        cast_name="リン",
        categories=("chat", "hobbies"),
        rank=Rank.BLUE,
        introduction="台湾から来ました。お茶とお菓子の話が好きです。日本語でも中国語でもどうぞ。",
        sitter=Sitter(ground="#f3dfd8", hair="#1d1a1a", skin="#f2d3b8", clothes="#a8495a"),
        kind=DocumentKind.RESIDENCE_CARD,
        papers=(("Residence card", "LIN MEILING", "1999-02-08", "Yokohama, 7-8-9"),),
        days_ago=11,
    ),
    Applicant(
        key="mihon-sakura",
        real_names=("見本", "桜", "ミホン", "サクラ"),
        born_on=date(2006, 4, 30),
        cast_name="さくら",
        categories=("student", "chat"),
        rank=Rank.BLUE,
        introduction="大学で心理学を勉強しています。夜更かしのお供に、どうぞ。",
        sitter=Sitter(ground="#e3ecd9", hair="#6b4a2f", skin="#f4d6bd", clothes="#c98a3a"),
        kind=DocumentKind.STUDENT_CARD,
        papers=(("Student card", "MIHON Sakura", "Faculty of Letters"),),
        days_ago=4,
    ),
)
BEGUN = Applicant(
    key="mihon-begun",
    real_names=("見本", "遥", "ミホン", "ハルカ"),
    born_on=date(1991, 9, 14),
    cast_name="はるか",
    categories=("parenting", "housewife", "listening"),
    rank=Rank.SILVER,
    introduction="二児の母です。子育ての愚痴、夫婦のこと、なんでもお聞きします。",
    sitter=Sitter(ground="#dfe9e4", hair="#3a2a22", skin="#f1d0b4", clothes="#7a5b86"),
    kind=DocumentKind.PASSPORT,
    papers=(("Passport", "MIHON / HARUKA", "14 SEP 1991", "JPN"),),
    days_ago=1,
)


def fill(*, now: datetime) -> list[Application]:
    """Those who wait for the office; and one who has begun, and lacks only the picture."""
    waiting = [_apply(each, now=now - each.days_ago * DAY) for each in APPLICANTS]
    _fill_in(BEGUN, now=now - BEGUN.days_ago * DAY)
    return waiting


def _apply(applicant: Applicant, *, now: datetime) -> Application:
    application = _fill_in(applicant, now=now)
    steps.keep_picture(application, face(applicant.sitter), crop=None, now=now)
    sending.send(application, now=now)
    letters.entry_received(application, now=now)
    return application


def _fill_in(applicant: Applicant, *, now: datetime) -> Application:
    application = _begin(f"{applicant.key}@example.com", now=now)
    today = now.astimezone(JAPAN).date()
    real_names = dict(zip(steps.REAL_NAMES, applicant.real_names, strict=True))
    steps.keep_person(application, real_names, born_on=applicant.born_on, today=today)
    steps.keep_profile(
        application,
        cast_name=applicant.cast_name,
        categories=list(applicant.categories),
        wished_rank=applicant.rank,
        introduction=applicant.introduction,
    )
    documents.choose_kind(application, applicant.kind)
    files = [
        (title, card(title, tuple(lines), None if number else applicant.sitter))
        for number, (title, *lines) in enumerate(applicant.papers)
    ]
    documents.add(application, documents.read(files), now=now)
    return application


def _begin(email: str, *, now: datetime) -> Application:
    consents = terms.current(terms.OF_CASTS)
    asked = opening.ask(email, consents=consents, locale="ja", now=now)
    assert asked.application, "the demo's house was not empty"
    letters.entry_asked(asked, now=now)
    return asked.application
