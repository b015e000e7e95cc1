"""Changing the key of what is sealed, over the real tables."""

import pytest
from sqlalchemy import Column, LargeBinary, MetaData, Table, select, type_coerce
from sqlalchemy.orm import undefer

from app import vault_rotation
from app.audit import AuditEntry
from app.db import session
from app.entry.models import IdentityPicture
from app.vault import Lost, Sealed, SealedText, vault
from tests.screenings import make_application, pictures_of

OLD, NEW = "a" * 40, "b" * 40
MARKS = "m" * 40


@pytest.fixture(autouse=True)
def keys_back(app):
    yield
    settings = app.config["SETTINGS"]
    vault.open_with(settings.vault_keys, marks_key=settings.marks_key)


@pytest.fixture
def rotate(app):
    """rotate(): the command, with the keys that are known now."""

    def run():
        session.commit()
        return app.test_cli_runner().invoke(args=["vault", "rotate"])

    return run


def know(*keys):
    vault.open_with(keys, marks_key=MARKS)
    session.expire_all()


def pictures():
    wanted = select(IdentityPicture).options(undefer(IdentityPicture.jpeg))
    return [each.jpeg for each in session.scalars(wanted.order_by(IdentityPicture.id))]


def sealed():
    raw = type_coerce(IdentityPicture.jpeg, LargeBinary)
    return session.scalars(select(raw).order_by(IdentityPicture.id)).all()


@pytest.fixture
def plain(monkeypatch):
    """What stands sealed with the old key, in more than one batch."""
    monkeypatch.setattr(vault_rotation, "BATCH", 2)
    know(OLD)
    make_application(pictures=5)
    session.commit()
    return pictures()


def test_after_a_rotation_the_former_key_is_not_needed(plain, rotate):
    know(NEW, OLD)

    told = rotate()

    assert told.exit_code == 0, told.output
    assert "identity_picture (jpeg): 5 sealed anew" in told.output
    know(NEW)
    assert pictures() == plain
    assert len(plain) == 5


def test_without_a_rotation_it_is(plain):
    know(NEW)

    with pytest.raises(Lost):
        pictures()


def test_run_again_it_leaves_what_is_done(plain, rotate):
    know(NEW, OLD)
    rotate()
    before = sealed()

    told = rotate()

    assert "identity_picture (jpeg): 0 sealed anew" in told.output
    assert sealed() == before


def test_stopped_half_way_the_rest_is_done_by_the_next(plain, rotate):
    know(NEW, OLD)
    [half] = [each for each in vault_rotation.rotations() if each.table.name == "identity_picture"]
    vault_rotation.go_on(half)
    assert half.sealed == 2

    told = rotate()

    assert "identity_picture (jpeg): 3 sealed anew" in told.output
    know(NEW)
    assert pictures() == plain


def test_what_no_key_opens_is_named_and_the_rest_is_sealed(plain, rotate):
    know("c" * 40)
    [lost] = [each.id for each in pictures_of(make_application(pictures=1))]
    session.commit()
    know(NEW, OLD)

    told = rotate()

    assert told.exit_code == 1
    assert f"No key opens identity_picture.jpeg ({lost},)." in told.output
    assert "5 sealed anew" in told.output


def test_a_deleted_picture_stays_deleted(plain, rotate):
    first = session.scalars(select(IdentityPicture).order_by(IdentityPicture.id)).first()
    first.jpeg, first.deleted_at = None, first.added_at
    session.flush()
    know(NEW, OLD)

    assert "4 sealed anew" in rotate().output
    assert pictures()[0] is None


def test_a_rotation_is_written_down(plain, rotate):
    know(NEW, OLD)
    rotate()

    entry = session.scalars(select(AuditEntry).filter_by(did="vault.rotated")).one()
    assert entry.facts == {"lost": 0}


def test_a_sealed_column_is_found_by_its_type():
    table = Table(
        "box", MetaData(), Column("id"), Column("a", Sealed), Column("b", SealedText), Column("c")
    )

    assert vault_rotation.sealed_columns(table) == ["a", "b"]
    assert "identity_picture" in {each.table.name for each in vault_rotation.rotations()}
