"""The office parts with a cast: why not yet, what goes at once, and what goes with the books."""

from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from app import leaving, letters, mail, policy
from app.audit import AuditEntry
from app.bookings import openings
from app.bookings.models import OpeningCall, Slot
from app.casts import favourites, gallery, invitations, jobs, memos, profiles, search, standby
from app.casts.bank_models import BankAccount
from app.casts.models import (
    Cast,
    CastMemo,
    Category,
    Favourite,
    GuestNote,
    InvitationState,
    LegalName,
    Rank,
    RankInvitation,
    State,
)
from app.casts.profile_models import CastPicture
from app.casts.profiles import Words
from app.casts.search import Search
from app.db import session
from app.desk import person_reports
from app.entry import jobs as entry
from app.entry.models import Application
from app.errors import Refused
from app.mail import Mail
from app.people import blocks, choices, closing, devices, signing_in
from app.people.blocks import Block
from app.people.choices import TOPICS
from app.people.credentials import SignIn
from app.people.models import Account, DeviceCheck, MailChoices, Role
from app.personal_data import register
from app.pictures.models import Picture
from app.talks.models import ReportReason
from tests.factories import (
    NOON,
    make_bank_account,
    make_cast,
    make_guest,
    make_operator,
    make_talk,
    publish,
    ring,
)
from tests.reservations import START, attend, make_booking, settle
from tests.screenings import admit, make_application
from tests.test_leaving import columns_with
from tests.test_leaving_races import booker

DAY = timedelta(days=1)
LATER = NOON + 2 * DAY
NAME, EMAIL = "消える葵", "kieru-aoi@secret.example"
LEGAL = "見本山"
WORDS = ("静かに聞きます", "長い話もゆっくりどうぞ", "看護の仕事を十年")
SITE = "https://kieru-aoi.jp"
MEMO, NOTED = "水曜は早く終わる", "犬を飼っている方"
ENTRIES = {each.table: each for each in register.entries()}


@pytest.fixture
def operator():
    return make_operator()


@pytest.fixture
def guest():
    return make_guest(points=20_000)


@pytest.fixture
def cast(operator, guest):
    """Screened, and with everything that a cast leaves here."""
    session.add(Category(slug="chat", name_ja="雑談", name_en="Small talk", position=0))
    application = make_application(name=NAME, email=EMAIL, family=LEGAL)
    admit(application, operator)
    cast = session.get_one(Cast, application.account_id)
    account = session.get_one(Account, cast.account_id)
    make_bank_account(cast, holder="ヤマダ ハナコ")
    tagline, profile, career = WORDS
    profiles.edit(
        account.id,
        Words(
            tagline=tagline,
            profile=profile,
            career=career,
            categories=["chat"],
            site_url=SITE,
            links=[],
        ),
        by=account.id,
        now=NOON,
    )
    image = Image.new("RGB", (200, 200), "#99bb77")
    gallery.add(account.id, image, now=NOON)
    gallery.add(account.id, image, now=NOON)
    memos.save_memo(account.id, words=MEMO, seen=0, now=NOON)
    memos.save_note(account.id, guest.id, words=NOTED, seen=0, now=NOON)
    favourites.add(guest.id, account.id, now=NOON)
    publish(cast, NOON + 2 * DAY)
    openings.ask(guest.id, account.id, starts_at=NOON + 2 * DAY, now=NOON)
    blocks.block(account, make_guest(), now=NOON)
    signing_in.begin(account, device="Chrome 131 / Windows", now=NOON)
    tested = dict.fromkeys(("camera", "microphone", "speaker", "echo", "connection"), True)
    devices.keep(account.id, device="Chrome 131, Windows", **tested, now=NOON)
    choices.keep(account, dict.fromkeys(TOPICS[Role.CAST], True), now=NOON)
    today = NOON.date()
    invitations.invite(
        account.id,
        rank=Rank.GOLD,
        holds_from=today + 9 * DAY,
        words="ぜひ",
        by=operator.id,
        now=NOON,
    )
    person_reports.report_person(account, by=guest, reason=ReportReason.OTHER, words="x", now=NOON)
    standby.begin(account.id, now=NOON)
    session.flush()
    return cast


def part(cast, operator, *, now=LATER):
    account = session.get_one(Account, cast.account_id)
    letters.left_cast(account, now=now)
    leaving.part(account.id, by=operator.id, now=now)
    session.flush()
    session.expire_all()


def why_not(cast):
    return [problem.code for problem in leaving.why_not_part(cast.account_id)]


def test_nothing_personal_of_a_cast_is_left_but_what_the_register_keeps(cast, operator, at, queue):
    cast_id = cast.account_id
    for words in (NAME, EMAIL, LEGAL, *WORDS, SITE, MEMO, NOTED):
        assert columns_with(words), f"there is no {words}"

    part(cast, operator)

    mails, reported = {("mail", "body"), ("mail", "subject")}, {("person_report", "seen")}
    for gone in (SITE, MEMO, NOTED):
        assert columns_with(gone) == set()
    for words in (NAME, *WORDS):
        assert columns_with(words) <= mails | reported, words
    assert columns_with(EMAIL) == {("mail", "to")}
    assert columns_with(LEGAL) == {("legal_name", "family_name")}
    for model in (
        CastMemo,
        GuestNote,
        CastPicture,
        Favourite,
        OpeningCall,
        Block,
        SignIn,
        DeviceCheck,
        MailChoices,
    ):
        assert ENTRIES[model.__tablename__].goes
        assert session.scalars(select(model)).all() == [], model
    assert session.scalars(select(Picture)).all() == []
    assert session.scalars(select(Slot)).all() == []
    left = session.get_one(Cast, cast_id)
    erased = {
        getattr(left, name) or ""
        for name in ENTRIES["talk_cast"].erased.split()
        if name not in ("categories", "links", "words", "name", "folded_name", "portrait")
    }
    assert erased == {""}
    assert (left.name, left.portrait, left.state) == (
        closing.GONE_CAST,
        gallery.EMPTY,
        State.OFFLINE,
    )
    assert left.categories == left.links == []

    at(LATER + policy.MAILS_KEPT + DAY)
    mail.send_due(smtp_url="", sender="us@example.com", now=LATER)
    queue.do(letters.erase_old)
    assert columns_with(EMAIL) == set()
    assert columns_with(NAME) == reported


def test_the_cast_is_found_nowhere_and_can_apply_anew_under_the_same_name(cast, operator, guest):
    key = signing_in.begin(session.get_one(Account, cast.account_id), device="x", now=NOON).key

    part(cast, operator)

    assert signing_in.find(key) is None
    assert search.find(Search()).casts == []
    assert profiles.find_for(cast.public_id, guest) is None
    assert standby.begin(cast.account_id, now=LATER).state is State.OFFLINE
    again = make_application(name=NAME, email=EMAIL, family=LEGAL)
    admit(again, operator)
    assert again.account_id not in (None, cast.account_id)
    states = session.scalars(select(RankInvitation.state)).all()
    assert states == [InvitationState.WITHDRAWN]
    note = session.scalars(select(AuditEntry).filter_by(did="account.left")).one()
    assert (note.about, note.by) == (f"account:{cast.account_id}", operator.id)


def test_nobody_parts_with_a_cast_who_is_rung_or_talks(operator, guest):
    rung, talks = make_cast(), make_cast()
    ring(guest, rung)
    make_talk(make_guest(points=500), talks)

    for cast in (rung, talks):
        assert why_not(cast) == ["in_a_talk"]
        with pytest.raises(Refused):
            leaving.part(cast.account_id, by=operator.id, now=NOON)
        assert session.get_one(Account, cast.account_id).closed_at is None


def test_nor_with_a_reservation_ahead_or_not_settled_or_a_case_to_decide():
    booking = make_booking()
    cast = session.get_one(Cast, booking.cast_id)
    assert why_not(cast) == ["booked"]
    attend(booking, guest=[(0, 1_000)], cast=[(0, 1_000)])
    settle(booking)
    assert why_not(cast) == []

    unclear = make_booking(slots=3)
    attend(unclear, cast=[(0, 60)])
    settle(unclear)
    assert why_not(session.get_one(Cast, unclear.cast_id)) == ["open_case"]


def test_real_name_and_bank_account_go_with_the_books_and_a_replaced_one_with_its_own(
    cast, operator, at, queue
):
    make_bank_account(cast, number="7654321", now=NOON + DAY)
    stays = make_cast()
    part(cast, operator)
    own = {"account_id": cast.account_id}

    at(NOON + DAY + policy.BOOKS_KEPT)
    queue.do(jobs.forget_books)
    assert len(session.scalars(select(BankAccount).filter_by(**own)).all()) == 2
    at(LATER + policy.BOOKS_KEPT)
    queue.do(jobs.forget_books)
    assert len(session.scalars(select(BankAccount).filter_by(**own)).all()) == 1
    assert session.get(LegalName, cast.account_id)

    at(LATER + policy.BOOKS_KEPT + DAY)
    queue.do(jobs.forget_books)
    queue.do(entry.forget_applications)
    session.expire_all()
    assert session.scalars(select(BankAccount.account_id)).all() == [stays.account_id]
    assert session.scalars(select(LegalName.account_id)).all() == [stays.account_id]
    assert session.scalars(select(Application)).all() == []
    assert columns_with(LEGAL) == set()


@pytest.mark.parametrize(
    ("locale", "subject", "gone"),
    [
        ("ja", "【サシトーク】退会が完了しました", "「退会したキャスト」と表示されます"),
        ("en", "Sashitalk: your account is closed", '"a cast who left"'),
    ],
)
def test_the_last_mail_says_what_is_gone_and_what_stays(operator, locale, subject, gone):
    cast = make_cast(name=NAME)
    account = session.get_one(Account, cast.account_id)
    account.locale, address = locale, account.email

    part(cast, operator)

    last = session.scalars(select(Mail)).one()
    assert (last.to, last.subject) == (address, subject)
    assert gone in last.body and str(policy.BOOKS_KEPT_YEARS) in last.body


@pytest.mark.committed
def test_of_parting_and_reserving_at_once_only_one_happens(at_once):
    for _ in range(4):
        operator, guest, cast = make_operator().id, make_guest(points=5_000), make_cast()
        publish(cast, START)
        guest_id, cast_id = guest.id, cast.account_id

        parted, booked = at_once(
            lambda: leaving.part(cast_id, by=operator, now=NOON),  # noqa: B023 - runs at once
            booker(guest_id, cast_id),
        )

        assert isinstance(parted, Refused) != isinstance(booked, Refused)
