"""Screening: asking for more, passing with a rank, refusing; by one person or by two."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app import policy
from app.audit import AuditEntry
from app.casts import profiles
from app.casts.models import Cast, LegalName, Rank
from app.db import session
from app.entry import admission, checks, screening
from app.entry.models import ApplicationState, DocumentCheck, StepKind
from app.errors import Refused
from app.people import addresses
from app.people.models import Account, Consent, Role
from app.people.registration import find_account
from app.pictures import keeping
from tests.factories import MINUTE, NOON, PASSWORD, make_cast, make_guest, make_operator
from tests.screenings import (
    add_picture,
    admit,
    checked,
    look_at_all,
    make_application,
    refuse,
    seen_of,
)

DAY = timedelta(days=1)


@pytest.fixture
def operator():
    return make_operator()


@pytest.fixture
def other():
    return make_operator()


@pytest.fixture
def application():
    return make_application()


def ask(application, by, *, words="裏面のお写真もお願いします。", seen=None, now=NOON):
    seen = seen_of(application) if seen is None else seen
    return screening.ask(application.id, words=words, seen=seen, by=by.id, now=now)


def confirm(application, by, *, look=True, seen=None, now=NOON):
    if look:
        look_at_all(application, by, now=now)
    seen = seen_of(application) if seen is None else seen
    return screening.confirm(application.id, seen=seen, by=by.id, now=now)


def codes(act, *args, **how):
    with pytest.raises(Refused) as refused:
        act(*args, **how)
    return refused.value.codes


def cast_of(application):
    return session.get_one(Cast, application.account_id)


def count(table):
    return session.scalar(select(func.count()).select_from(table))


@pytest.mark.req("C19", "C20", "C23")
def test_a_pass_makes_a_cast_with_the_rank_that_the_office_gives(application, operator):
    step = admit(application, operator, rank=Rank.BLUE, now=NOON + DAY)

    assert application.wished_rank is Rank.SILVER
    assert (step.kind, step.rank) == (StepKind.PASSED, Rank.BLUE)
    assert (application.state, application.decided_at) == (ApplicationState.PASSED, NOON + DAY)
    cast = cast_of(application)
    assert (cast.name, cast.rank, cast.price_points) == (application.cast_name, Rank.BLUE, 100)
    assert (cast.age_band, cast.categories) == ("30s", ["chat"])
    assert cast.tagline == "話すのが好きです。"
    assert cast.profile == application.introduction
    public_id = cast.portrait.removeprefix("pictures/")
    assert keeping.find(public_id, pixels=400)


@pytest.mark.req("C23")
def test_the_new_account_is_confirmed_and_carries_consents_and_real_name(application, operator):
    admit(application, operator)

    account = session.get_one(Account, application.account_id)
    assert (account.role, account.email) == (Role.CAST, application.email)
    assert (account.confirmed_at, account.born_on) == (NOON, date(1996, 4, 23))
    consents = session.scalars(select(Consent).filter_by(account_id=account.id)).all()
    assert {each.terms: each.version for each in consents} == application.consents
    legal = session.get_one(LegalName, account.id)
    assert (legal.family_name, legal.given_kana) == (application.family_name, "ハナコ")


@pytest.mark.req("C20", "D44")
def test_what_was_checked_is_kept_and_the_number_is_not(application, operator):
    admit(application, operator, found=checked("30-1234 567890"))

    check = checks.find(application)
    assert check and check.face_ok and check.name_ok and check.born_ok and check.address_ok
    assert (check.by, check.issuer) == (operator.id, "東京都公安委員会")
    row = session.execute(select(DocumentCheck.__table__)).one()
    assert "567890" not in "".join(map(str, row))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"face_ok": False}, "not_face_ok"),
        ({"name_ok": False}, "not_name_ok"),
        ({"born_ok": False}, "not_born_ok"),
        ({"address_ok": False}, "not_address_ok"),
        ({"issuer": " "}, "no_issuer"),
        ({"number": "- 1 2 -"}, "no_number"),
        ({"number": "9" * 41}, "no_number"),
    ],
)
@pytest.mark.req("C20", "D28")
def test_nobody_passes_before_everything_is_seen(application, operator, more, code):
    found = checked(**{"number": "123456", **more})

    assert codes(admit, application, operator, found=found) == {code}
    assert application.state is ApplicationState.APPLIED
    assert count(Cast) == 0


@pytest.mark.req("D29")
def test_nobody_passes_before_the_eighteenth_birthday(operator):
    young = make_application(born_on=date(2008, 11, 23))  # the day after tomorrow's noon in Japan

    assert codes(admit, young, operator, now=NOON) == {"not_adult"}
    admit(young, operator, now=NOON + DAY)
    assert cast_of(young).age_band == "20s"


@pytest.mark.req("C16")
@pytest.mark.parametrize("rank", [Rank.PLATINUM, Rank.BLACK])
def test_platinum_and_black_are_not_given_at_the_entry(application, operator, rank):
    assert codes(admit, application, operator, rank=rank) == {"not_first"}


@pytest.mark.req("C20")
def test_whoever_passes_has_opened_every_picture_themselves(application, operator, other):
    look_at_all(application, other)
    assert codes(admit, application, operator, look=False) == {"unseen"}

    look_at_all(application, operator)
    add_picture(application)
    assert codes(admit, application, operator, look=False) == {"unseen"}
    assert admit(application, operator).kind is StepKind.PASSED


def test_without_any_document_nobody_passes(operator):
    assert codes(admit, make_application(pictures=0), operator) == {"no_document"}


@pytest.mark.req("D44")
def test_a_name_that_a_cast_took_meanwhile_is_a_reason_and_nothing_is_half_done(operator):
    application = make_application(name="ＨＡＮＡ")
    make_cast(name="hana")
    session.commit()
    casts, accounts = count(Cast), count(Account)

    assert codes(admit, application, operator) == {"name_taken"}
    session.rollback()
    assert (count(Cast), count(Account), count(DocumentCheck)) == (casts, accounts, 0)


@pytest.mark.req("D44")
def test_a_name_taken_at_the_last_moment_is_a_reason_too(application, operator, monkeypatch):
    make_cast(name=application.cast_name)
    monkeypatch.setattr(admission, "is_name_taken", lambda _application: False)

    assert codes(admit, application, operator) == {"name_taken"}


def test_a_cast_of_the_same_address_is_a_reason_and_a_guest_is_none(operator):
    application = make_application(email="same@example.com")
    make_guest(email="same@example.com")
    known = make_cast()
    session.get_one(Account, known.account_id).email = "second@example.com"
    session.flush()

    assert codes(admit, make_application(email="second@example.com"), operator) == {"address_taken"}
    admit(application, operator)
    assert find_account("same@example.com", Role.GUEST)
    assert find_account("same@example.com", Role.CAST)


@pytest.mark.req("D44")
def test_a_documents_number_that_is_known_has_to_be_accepted_knowingly(operator):
    refuse(make_application(), operator)
    first, second = make_application(), make_application()
    admit(first, operator, found=checked("AB 123-4567"))

    same = checked("ab1234567")
    assert codes(admit, second, operator, found=same) == {"same_number"}
    admit(second, operator, found=same, knows_number=True)
    assert second.state is ApplicationState.PASSED


@pytest.mark.req("D28")
def test_asking_for_more_renews_the_link_for_fourteen_days(application, operator):
    former = application.key

    step = ask(application, operator, now=NOON + DAY)

    assert application.state is ApplicationState.MORE_DOCUMENTS
    assert application.key != former
    assert application.key_until == NOON + DAY + policy.MORE_DOCUMENTS_WITHIN
    assert step.words == "裏面のお写真もお願いします。"


@pytest.mark.parametrize(("words", "code"), [(" \n", "nothing_said"), ("。" * 1001, "too_long")])
def test_asking_and_refusing_need_words(application, operator, words, code):
    assert codes(ask, application, operator, words=words) == {code}
    how = {"words": words, "seen": 0, "by": operator.id, "now": NOON}
    assert codes(screening.refuse, application.id, **how) == {code}


def test_who_was_asked_for_more_may_be_passed_or_refused_all_the_same(operator):
    passed, refused = make_application(), make_application()
    ask(passed, operator)
    ask(refused, operator)

    admit(passed, operator)
    refuse(refused, operator)

    assert passed.state is ApplicationState.PASSED
    assert refused.state is ApplicationState.FAILED


@pytest.mark.req("C22")
def test_a_refusal_keeps_its_reason_and_makes_nobody(application, operator):
    step = refuse(application, operator, now=NOON + DAY)

    assert (application.state, application.decided_at) == (ApplicationState.FAILED, NOON + DAY)
    assert application.account_id is None
    assert step.words == "お写真の文字を読み取ることができませんでした。"
    assert count(Cast) == 0


def test_every_act_is_in_the_audit(application, operator):
    ask(application, operator)
    refuse(application, operator)

    wanted = select(AuditEntry).where(AuditEntry.did.like("application.%")).order_by(AuditEntry.id)
    entries = session.scalars(wanted).all()
    assert [(each.did, each.by) for each in entries] == [
        ("application.sent", None),
        ("application.asked", operator.id),
        ("application.refused", operator.id),
    ]
    assert {each.about for each in entries} == {f"application:{application.id}"}


def test_what_is_decided_stays_so(application, operator, other):
    refuse(application, operator)

    assert codes(admit, application, other) == {"decided"}
    assert codes(ask, application, other) == {"decided"}
    assert codes(refuse, application, other) == {"decided"}


def test_whoever_saw_an_older_state_is_told(application, operator, other):
    ask(application, operator)

    assert codes(admit, application, other, seen=0) == {"changed"}
    assert codes(ask, application, other, seen=0) == {"changed"}
    assert admit(application, other).kind is StepKind.PASSED


def test_a_second_press_is_the_first_one(application, operator):
    first = ask(application, operator, seen=0)
    key = application.key
    assert ask(application, operator, seen=0, now=NOON + MINUTE).id == first.id
    assert application.key == key

    seen = seen_of(application)
    passed = admit(application, operator, seen=seen)
    assert admit(application, operator, seen=seen, now=NOON + MINUTE).id == passed.id
    assert count(Cast) == 1


@pytest.mark.req("C20")
def test_where_two_decide_the_first_proposes_and_the_second_passes(application, operator, other):
    proposed = admit(application, operator, rank=Rank.GOLD, people=2)
    assert proposed.kind is StepKind.PROPOSED_PASS
    assert (application.state, count(Cast)) == (ApplicationState.APPLIED, 0)

    step = confirm(application, other, now=NOON + DAY)

    assert (step.kind, step.by, step.rank) == (StepKind.PASSED, other.id, Rank.GOLD)
    assert cast_of(application).rank is Rank.GOLD
    check = checks.find(application)
    assert check and check.by == operator.id


def test_nobody_confirms_their_own_proposal(application, operator):
    admit(application, operator, people=2)

    assert codes(confirm, application, operator) == {"same_person"}
    assert application.state is ApplicationState.APPLIED


def test_whoever_confirms_has_opened_every_picture(application, operator, other):
    admit(application, operator, people=2)

    assert codes(confirm, application, other, look=False) == {"unseen"}


def test_a_question_takes_the_proposal_back(application, operator, other):
    admit(application, operator, people=2)
    ask(application, other)

    assert codes(confirm, application, other) == {"no_proposal"}


def test_a_proposal_may_be_made_again_with_another_rank(application, operator, other):
    admit(application, operator, rank=Rank.GOLD, people=2)
    admit(application, other, rank=Rank.BLUE, people=2)

    confirm(application, operator)

    assert cast_of(application).rank is Rank.BLUE
    assert count(DocumentCheck) == 1


def test_a_draft_is_not_the_offices(application):
    application.state, application.submitted_at = ApplicationState.DRAFT, None
    session.flush()

    assert screening.find(application.public_id) is None


@pytest.mark.parametrize(
    ("introduction", "line"),
    [
        ("話します。聞きます。", "話します。"),
        ("ひとこと", "ひとこと"),
        ("Hello there! I listen.", "Hello there!"),
        ("一行目\n二行目", "一行目"),
        ("あ" * 60, "あ" * 39 + "…"),
        ("", ""),
    ],
)
def test_the_first_sentence_is_the_tagline(introduction, line):
    assert admission.tagline_of(introduction) == line


@pytest.mark.parametrize(
    ("born_on", "band"),
    [(date(2007, 5, 1), "20s"), (date(1986, 11, 22), "40s"), (date(1930, 1, 1), "60s")],
)
def test_the_age_band_is_one_that_guests_choose_from(born_on, band):
    assert admission.age_band_of(born_on, today=date(2026, 11, 22)) == band


def test_the_fold_of_a_new_cast_is_that_of_the_application(operator):
    application = make_application(name="Ｌily")
    admit(application, operator)

    assert cast_of(application).folded_name == profiles.fold_name("lily")


def test_nobody_is_passed_with_an_address_that_a_cast_may_still_come_back_to(operator):
    former = person_of(make_cast())
    left = former.email
    change = addresses.ask(former, "moved@example.com", password=PASSWORD, now=NOON)
    addresses.confirm(change, now=NOON)
    application = make_application(email=left)

    assert codes(admit, application, by=operator) == {"address_taken"}

    addresses.revert(change, now=NOON)
    assert former.email == left


def person_of(cast):
    return session.get_one(Account, cast.account_id)
