"""What stands here with somebody who has left: their questions to the office, and others' wishes."""

import pytest

from app.casts import memos
from app.db import session
from app.desk import inquiries
from app.desk.inquiry_tables import Inquiry, Subject
from app.errors import Refused
from app.people import blocks
from app.people.models import Account
from tests.evening_of_a_guest import EMAIL, NICKNAME, NOTED, WORDS
from tests.factories import NOON, make_cast, make_guest, make_operator
from tests.test_leaving import LATER, leave


@pytest.mark.req("D35")
def test_questions_to_the_office_lose_their_asker_and_nobody_can_answer_or_open_them():
    guest, operator = make_guest(email=EMAIL, nickname=NICKNAME), make_operator()
    asked = inquiries.Asked(
        subject=Subject.BECOMING_CAST,
        name=NICKNAME,
        email=EMAIL,
        about="",
        words=WORDS["inquiry"],
        locale="ja",
        account_id=guest.id,
    )
    inquiry = inquiries.ask(asked, form_key="k", now=NOON)
    inquiry_id, key = inquiry.id, inquiry.key

    leave(guest)

    inquiry = session.get_one(Inquiry, inquiry_id)
    assert (inquiry.waits_since, inquiry.closed_at) == (None, LATER)
    assert inquiries.find(key, reader=None) is None
    with pytest.raises(Refused) as refused:
        inquiries.answer(inquiry_id, words="はい", seen=1, closes=True, by=operator.id, now=LATER)
    assert refused.value.codes == {"left"}
    with pytest.raises(Refused) as refused:
        inquiries.lead_to_application(inquiry_id, by=operator.id, now=LATER)
    assert refused.value.codes == {"left"}


def test_nobody_notes_blocks_or_asks_for_somebody_who_has_left():
    guest, cast = make_guest(), make_cast()
    person = session.get_one(Account, cast.account_id)
    leave(guest)

    for what in (
        lambda: memos.save_note(cast.account_id, guest.id, words=NOTED, seen=0, now=LATER),
        lambda: blocks.block(person, guest, now=LATER),
        lambda: blocks.block(guest, person, now=LATER),
    ):
        with pytest.raises(Refused) as refused:
            what()
        assert refused.value.codes == {"closed"}
