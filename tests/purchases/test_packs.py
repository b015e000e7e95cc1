import pytest

from app.purchases import packs


@pytest.mark.req("G12")
@pytest.mark.parametrize(
    ("missing", "pack"),
    [(1, 500), (500, 500), (501, 1000), (1001, 3000), (30_000, 30_000), (30_001, 30_000)],
)
def test_the_smallest_pack_that_covers_a_shortage(missing, pack):
    assert packs.pack_for(missing) == pack


@pytest.mark.req("G4")
def test_a_point_costs_a_yen():
    assert [packs.price_yen(pack) for pack in packs.PACKS] == list(packs.PACKS)
    assert packs.USUAL in packs.PACKS
