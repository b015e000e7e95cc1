"""Looking at identity documents: each look written down, once for each address, and watermarked."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image, ImageChops
from redis import Redis
from sqlalchemy import select

from app.audit import AuditEntry
from app.db import session
from app.entry import history, looks, sending, viewing, watermark
from app.errors import Refused
from tests.applications import add_document, make_asked
from tests.factories import MINUTE, NOON, make_operator
from tests.screenings import jpeg_of, look_at_all, make_application, pictures_of


@pytest.fixture
def operator():
    operator = make_operator()
    operator.nickname = "審査 太郎"
    return operator


@pytest.fixture
def application():
    return make_application(pictures=2)


def opened(jpeg):
    return Image.open(BytesIO(jpeg))


def difference(one, other):
    return ImageChops.difference(opened(one).convert("RGB"), opened(other).convert("RGB"))


def is_marked_everywhere(plain, marked):
    """Each quarter of the picture differs from what it was."""
    changed = difference(plain, marked).convert("L").point(lambda by: 255 * (by > 24))
    half = (changed.width // 2, changed.height // 2)
    boxes = [(x, y, x + half[0], y + half[1]) for x in (0, half[0]) for y in (0, half[1])]
    return all(changed.crop(box).getbbox() for box in boxes)


@pytest.mark.req("C20")
def test_a_look_is_written_down_with_who_when_and_which(application, operator):
    _first, second = pictures_of(application)

    viewing.look(second, by=operator, now=NOON)

    entry = session.scalars(select(AuditEntry).filter_by(did="identity.looked")).one()
    assert (entry.by, entry.at) == (operator.id, NOON)
    assert entry.about == f"application:{application.id}"
    assert entry.facts == {"picture": second.id}


def test_an_address_shows_the_picture_once(application, operator):
    [picture, _] = pictures_of(application)
    token = viewing.look(picture, by=operator, now=NOON)

    assert viewing.fetch(token, by=operator)
    assert viewing.fetch(token, by=operator) is None


def test_an_address_is_of_one_operator_and_dies_when_another_tries(application, operator):
    [picture, _] = pictures_of(application)
    token = viewing.look(picture, by=operator, now=NOON)

    assert viewing.fetch(token, by=make_operator()) is None
    assert viewing.fetch(token, by=operator) is None


def test_an_address_holds_for_a_minute(application, operator, app):
    [picture, _] = pictures_of(application)
    token = viewing.look(picture, by=operator, now=NOON)

    with Redis.from_url(app.config["SETTINGS"].redis_url) as valkey:
        [key] = valkey.keys("identity-look:*")
        assert 0 < valkey.ttl(key) <= looks.HOLDS.total_seconds() == 60
        valkey.delete(key)
    assert viewing.fetch(token, by=operator) is None


def test_where_nothing_keeps_the_address_one_is_asked_to_press_again(
    application, operator, monkeypatch
):
    [picture, _] = pictures_of(application)
    nowhere = looks.Addresses()
    nowhere.connect("redis://127.0.0.1:1/0")
    monkeypatch.setattr(viewing, "addresses", nowhere)

    with pytest.raises(Refused) as refused:
        viewing.look(picture, by=operator, now=NOON)
    assert refused.value.codes == {"no_address"}


@pytest.mark.req("C20")
def test_the_picture_carries_a_mark_all_over(application, operator):
    [picture, _] = pictures_of(application)
    plain = picture.jpeg

    marked = viewing.fetch(viewing.look(picture, by=operator, now=NOON), by=operator)

    assert marked
    assert opened(marked).format == "JPEG"
    assert opened(marked).size == opened(plain).size
    assert is_marked_everywhere(plain, marked)


def test_the_mark_tells_one_operator_and_one_moment_from_another():
    plain = jpeg_of(size=(900, 600))
    marks = [
        watermark.stamped(plain, lines=lines)
        for lines in (["太郎", "12:00"], ["花子", "12:00"], ["太郎", "12:01"])
    ]

    assert difference(marks[0], marks[1]).getbbox()
    assert difference(marks[0], marks[2]).getbbox()


@pytest.mark.parametrize("color", ["#000000", "#ffffff", "#b01c14"])
@pytest.mark.parametrize("size", [(2400, 1500), (300, 1200), (3, 2)])
def test_a_mark_shows_on_any_ground_and_any_size(color, size):
    plain = jpeg_of(color, size)

    marked = watermark.stamped(plain, lines=["name", "2026-11-22 12:00:00", "A-00001"])

    assert opened(marked).size == size
    assert size == (3, 2) or is_marked_everywhere(plain, marked)


def test_without_a_japanese_font_the_operators_address_is_written(operator, monkeypatch):
    monkeypatch.setattr(watermark, "FONTS", ())
    watermark._japanese.cache_clear()
    watermark._font.cache_clear()
    try:
        assert not watermark.can_write(operator.nickname)
        plain = jpeg_of(size=(900, 600))
        assert is_marked_everywhere(plain, watermark.stamped(plain, lines=[operator.email]))
    finally:
        watermark._japanese.cache_clear()
        watermark._font.cache_clear()


def test_a_deleted_picture_says_when_it_went(application, operator):
    [picture, _] = pictures_of(application)
    picture.jpeg, picture.deleted_at = None, NOON
    session.flush()

    with pytest.raises(Refused) as refused:
        viewing.look(picture, by=operator, now=NOON + MINUTE)

    [problem] = refused.value.problems
    assert (problem.code, problem.values["day"]) == ("deleted", "2026-11-22 12:00")
    assert session.scalars(select(AuditEntry).filter_by(did="identity.looked")).all() == []


def test_a_picture_that_goes_between_press_and_fetch_is_not_shown(application, operator):
    [picture, _] = pictures_of(application)
    token = viewing.look(picture, by=operator, now=NOON)
    picture.jpeg, picture.deleted_at = None, NOON
    session.flush()

    assert viewing.fetch(token, by=operator) is None


def test_a_picture_is_found_within_its_own_application_only(application):
    another = make_application()
    [picture] = pictures_of(another)

    assert viewing.find(application, picture.public_id) is None
    assert viewing.find(another, picture.public_id) is picture


@pytest.mark.req("C20")
def test_the_history_tells_who_looked_when(application, operator):
    look_at_all(application, operator, now=NOON + timedelta(hours=1))

    told = [(each.did, each.by, each.number) for each in history.of(application)]

    assert told[-2:] == [("identity.looked", "審査 太郎", 1), ("identity.looked", "審査 太郎", 2)]
    assert ("application.sent", "", 0) in told


@pytest.mark.req("C20", "D28")
def test_the_history_tells_of_the_first_sending_when_more_was_sent(operator):
    application = make_asked(operator, now=NOON)
    add_document(application, now=NOON + timedelta(days=1))
    sending.send_again(application, now=NOON + timedelta(days=1))

    told = [(each.did, each.at) for each in history.of(application) if "sent" in each.did]

    assert told == [
        ("application.sent", NOON),
        ("application.sent_again", NOON + timedelta(days=1)),
    ]
