import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db import session
from app.points import checks
from app.points.models import PointEntry
from tests.factories import give_points, make_guest


def test_a_lot_that_lost_points_is_seen():
    lot = give_points(make_guest(), 100)

    lot.remaining = 90
    session.flush()
    found = checks.problems()
    lot.remaining = 100
    session.flush()

    assert found == [f"lot {lot.id}: remaining 90, but its entries add up to 100"]
    assert checks.problems() == []


@pytest.mark.req("G37")
@pytest.mark.parametrize("act", ["UPDATE point_entry SET delta = 5", "DELETE FROM point_entry"])
def test_an_entry_is_never_changed_nor_deleted(act):
    give_points(make_guest(), 100)

    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text(act))

    assert session.query(PointEntry).one().delta == 100
