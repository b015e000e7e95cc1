"""Pictures of a cast: one for the profile, up to five more in the cast's order."""

from functools import partial

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app import policy
from app.casts import gallery
from app.casts.models import Rank
from app.casts.profile_models import CastPicture
from app.db import session
from app.entry.models import Application
from app.errors import Refused
from app.pictures import keeping
from app.pictures.models import Picture, PictureSize
from tests.factories import NOON, make_cast

FLAT = Image.new("RGB", (900, 1200), "#c9b79c")


@pytest.fixture
def cast():
    return make_cast()


def add(cast, count=1):
    for _ in range(count):
        gallery.add(cast.account_id, FLAT, now=NOON)


def names(cast):
    return [each.picture.public_id for each in gallery.pictures_of(cast.account_id)]


def count(table):
    return session.scalar(select(func.count()).select_from(table))


def test_a_new_profile_picture_drops_the_one_before(cast):
    gallery.replace_portrait(cast.account_id, FLAT, now=NOON)
    first = cast.portrait
    gallery.replace_portrait(cast.account_id, FLAT, now=NOON)

    assert cast.portrait != first
    assert (count(Picture), count(PictureSize)) == (1, len(policy.PICTURE_SIDES))
    assert keeping.find(cast.portrait.removeprefix("pictures/"), pixels=400)


def test_the_picture_of_the_application_may_be_replaced(cast):
    picture = keeping.keep(FLAT, now=NOON)
    application = Application(
        email="a@example.com", locale="ja", key_until=NOON, started_at=NOON,
        picture_id=picture.id, wished_rank=Rank.BLUE,
    )  # fmt: skip
    session.add(application)
    cast.portrait = f"pictures/{picture.public_id}"
    session.flush()

    gallery.replace_portrait(cast.account_id, FLAT, now=NOON)
    session.expire_all()

    assert application.picture_id is None


def test_five_more_and_no_sixth(cast):
    add(cast, policy.MORE_PICTURES)

    with pytest.raises(Refused) as refused:
        add(cast)

    assert refused.value.codes == {"enough_pictures"}
    assert count(Picture) == policy.MORE_PICTURES


@pytest.mark.parametrize(
    ("which", "by", "order"),
    [(0, 1, "bac"), (1, -1, "bac"), (2, -1, "acb"), (0, -1, "abc"), (2, 1, "abc")],
)
def test_pictures_move_by_one_place_and_stay_at_the_ends(cast, which, by, order):
    add(cast, 3)
    before = dict(zip("abc", names(cast), strict=True))

    assert gallery.move(cast.account_id, names(cast)[which], by=by)

    session.expire_all()
    assert names(cast) == [before[each] for each in order]


def test_a_removed_picture_is_gone_and_the_others_close_up(cast):
    add(cast, 3)
    first, second, third = names(cast)

    assert gallery.remove(cast.account_id, second)

    session.expire_all()
    assert names(cast) == [first, third]
    assert [each.position for each in gallery.pictures_of(cast.account_id)] == [0, 1]
    assert (count(Picture), count(CastPicture)) == (2, 2)
    assert keeping.find(second, pixels=400) is None


def test_another_casts_picture_is_none_of_theirs(cast):
    add(cast)
    other = make_cast()
    (name,) = names(cast)

    assert not gallery.move(other.account_id, name, by=1)
    assert not gallery.remove(other.account_id, name)
    assert names(cast) == [name]


def test_the_database_keeps_to_five(cast):
    add(cast, policy.MORE_PICTURES)
    picture = keeping.keep(FLAT, now=NOON)

    session.add(CastPicture(picture_id=picture.id, account_id=cast.account_id, position=5))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


@pytest.mark.committed
def test_six_at_once_leave_five(at_once):
    cast_id = make_cast().account_id

    results = at_once(*[partial(gallery.add, cast_id, FLAT, now=NOON)] * 6)

    assert sum(isinstance(each, Refused) for each in results) == 1
    assert [each.position for each in gallery.pictures_of(cast_id)] == [0, 1, 2, 3, 4]
