from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select, text

from app import policy
from app.db import session
from app.entry import documents, opening
from app.entry.models import ApplicationState, DocumentKind, IdentityPicture
from app.errors import Refused
from tests.applications import add_document, ask_for_more, make_applied, make_draft, photograph
from tests.factories import MINUTE, NOON, make_operator


@pytest.fixture
def application():
    application = make_draft()
    documents.choose_kind(application, DocumentKind.PASSPORT)
    return application


def codes(refused):
    return [each.code for each in refused.value.problems]


@pytest.mark.req("C9", "C11")
@pytest.mark.parametrize("kind", list(DocumentKind))
def test_a_document_of_each_kind_is_kept(kind):
    application = make_draft()
    documents.choose_kind(application, kind)

    add_document(application)

    [picture] = session.scalars(select(IdentityPicture))
    assert picture.kind is kind
    assert documents.is_complete(application)


@pytest.mark.req("C9")
def test_it_stands_sealed_in_the_database_and_only_as_pixels(application):
    add_document(application)

    [sealed] = session.execute(text("SELECT jpeg FROM identity_picture")).scalars()
    assert b"JFIF" not in sealed and bytes(sealed).startswith(b"gAAAA")
    [kept] = documents.received(application)
    shown = Image.open(BytesIO(documents.preview(application, kept.public_id)))
    assert max(shown.size) == policy.PREVIEW_SIDE


@pytest.mark.req("D28")
def test_several_pictures_are_kept_and_no_more_than_the_most(application):
    files = [("a.jpg", photograph()) for _ in range(policy.PHOTOS_AT_ONCE)]
    documents.add(application, documents.read(files), now=NOON)
    assert documents.room_left(application) == 0

    with pytest.raises(Refused) as refused:
        add_document(application)

    assert codes(refused) == ["too_many"]
    assert len(documents.received(application)) == policy.PHOTOS_AT_ONCE


def test_too_many_files_are_refused_before_any_is_read():
    with pytest.raises(Refused) as refused:
        documents.read([("a.jpg", b"no photograph")] * (policy.PHOTOS_AT_ONCE + 1))

    assert codes(refused) == ["too_many"]


def test_each_file_that_is_none_is_named():
    files = [("fine.jpg", photograph()), ("x" * 99, b"<svg/>"), ("empty.jpg", b"")]

    with pytest.raises(Refused) as refused:
        documents.read(files)

    assert codes(refused) == ["not_taken", "no_photograph"] * 2
    assert refused.value.problems[0].values == {"file": "x" * 60}
    assert refused.value.problems[2].values == {"file": "empty.jpg"}


@pytest.mark.req("D44")
def test_the_same_file_is_kept_once_and_knows_itself_again(application):
    data, other = photograph(), make_draft()
    documents.choose_kind(other, DocumentKind.LICENCE)

    assert [add_document(application, data) for _ in range(2)] == [1, 0]
    assert add_document(other, data) == 1
    assert len(set(session.scalars(select(IdentityPicture.mark)))) == 1


def test_nothing_is_taken_before_the_kind_is_chosen_or_without_a_file():
    application = make_draft()
    with pytest.raises(Refused) as refused:
        add_document(application)
    assert codes(refused) == ["no_kind"]

    documents.choose_kind(application, DocumentKind.LICENCE)
    with pytest.raises(Refused) as refused:
        documents.add(application, [], now=NOON)
    assert codes(refused) == ["no_photos"]


def test_another_kind_needs_a_picture_of_its_own(application):
    add_document(application)

    documents.choose_kind(application, DocumentKind.LICENCE)

    assert not documents.is_complete(application)


def test_a_picture_can_be_taken_away_until_it_is_sent(application):
    add_document(application)
    [kept] = documents.received(application)

    assert documents.remove(application, kept.public_id)
    assert documents.received(application) == []
    assert not documents.remove(application, kept.public_id)


def test_another_applications_picture_does_not_exist(application):
    add_document(application)
    [kept] = documents.received(application)
    stranger = make_draft()

    assert documents.preview(stranger, kept.public_id) is None
    assert not documents.remove(stranger, kept.public_id)
    assert len(documents.received(application)) == 1


def test_nothing_is_added_or_taken_away_while_it_waits():
    application = make_applied()
    [kept] = documents.received(application)
    works = [
        lambda: add_document(application),
        lambda: documents.remove(application, kept.public_id),
        lambda: documents.choose_kind(application, DocumentKind.PASSPORT),
    ]

    for work in works:
        with pytest.raises(Refused) as refused:
            work()
        assert codes(refused) == ["sent_already"]
    assert not kept.may_go


@pytest.mark.req("D28")
def test_when_more_is_asked_for_what_was_seen_stays_and_new_ones_can_go():
    application = make_applied()
    ask_for_more(application, by=make_operator(), words="裏面も", now=NOON + MINUTE)
    assert documents.last_request(application).words == "裏面も"
    assert documents.room_left(application) == policy.PHOTOS_AT_ONCE

    add_document(application, now=NOON + 2 * MINUTE)

    seen, new = documents.received(application)
    assert (seen.may_go, new.may_go) == (False, True)
    assert not documents.remove(application, seen.public_id)
    assert documents.remove(application, new.public_id)
    assert application.state is ApplicationState.MORE_DOCUMENTS


@pytest.mark.committed
def test_two_uploads_at_once_never_keep_more_than_the_most(at_once):
    application = make_draft()
    documents.choose_kind(application, DocumentKind.LICENCE)
    key = application.key
    files = [photograph() for _ in range(5)]

    def upload(data):
        def work():
            return add_document(opening.get_locked(key, now=NOON), data)

        return work

    outcomes = at_once(*map(upload, files))

    assert sum(isinstance(each, Refused) for each in outcomes) == 2
    assert len(session.scalars(select(IdentityPicture)).all()) == policy.PHOTOS_AT_ONCE
