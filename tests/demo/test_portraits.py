from app.demo.drawing import draw
from app.demo.people import CASTS, CATEGORIES
from app.demo.portraits import FACES, FOLDER

MOST_BYTES = 3000


def test_the_pictures_in_the_house_are_the_drawn_ones():
    assert {path.stem for path in FOLDER.glob("*.svg")} == set(FACES)
    for key, face in FACES.items():
        assert (FOLDER / f"{key}.svg").read_text() == draw(face), f"draw {key} again"


def test_every_portrait_is_small_and_somebody_of_its_own():
    drawn = [draw(face) for face in FACES.values()]

    assert len(set(drawn)) == len(drawn)
    assert max(len(svg.encode()) for svg in drawn) < MOST_BYTES


def test_every_cast_has_a_portrait_a_name_of_its_own_and_known_categories():
    known = {category.slug for category in CATEGORIES}

    assert {cast.key for cast in CASTS} == set(FACES)
    assert len({cast.name for cast in CASTS}) == len(CASTS)
    for cast in CASTS:
        assert set(cast.categories) <= known, cast.name
