"""The door to PostgreSQL: the base of all tables, and the session of this request or job.

Rooms read and flush; only the edges (web.py, jobs.py) commit.
"""

import enum
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any, LiteralString

import psycopg
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Enum, MetaData, TextClause
from sqlalchemy.orm import DeclarativeBase, Session, scoped_session

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 - read by SQLAlchemy only
        datetime: DateTime(timezone=True),
        enum.StrEnum: Enum(
            enum.StrEnum,
            native_enum=False,
            create_constraint=True,
            length=24,
            values_callable=lambda states: [state.value for state in states],
        ),
    }


db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True)
session: scoped_session[Session] = db.session  # type: ignore[assignment]


def unguessable() -> str:
    """A name for a URL that can be neither guessed nor counted (128 bits)."""
    return secrets.token_urlsafe(16)


def rows(statement: TextClause, **values: object) -> list[Any]:
    """The rows of a statement written by hand, for work that is set-based by nature.

    What the session holds is written before, as its own execute would; only the search for
    entities, which such a statement never has, is left out.
    """
    session.flush()
    return list(session.connection().execute(statement, values).all())


def array(numbers: Iterable[int]) -> str:
    """Numbers as PostgreSQL writes an array; psycopg looks at each of a list, and takes long."""
    return f"{{{','.join(map(str, numbers))}}}"


class AtOnce:
    """Statements that are a whole transaction by themselves, past session and pool.

    For the one door that is knocked at thousands of times a minute. A statement must bear to run
    twice: where its connection turns out to be broken, it runs again on a new one.
    """

    def __init__(self) -> None:
        self.url = ""
        # As many as ever ran at the same time. Kept, since each remembers how to write its values.
        self.idle: list[psycopg.Cursor] = []

    def count(self, statement: LiteralString, **values: object) -> int:
        """How many rows a statement in psycopg's own writing wrote or found."""
        cursor = self._take()
        try:
            return cursor.execute(statement, values, prepare=True).rowcount
        except psycopg.OperationalError:
            cursor.connection.close()
            cursor = self._connect()
            return cursor.execute(statement, values, prepare=True).rowcount
        finally:
            self.idle.append(cursor)

    def _take(self) -> psycopg.Cursor:
        try:
            return self.idle.pop()
        except IndexError:
            return self._connect()

    def _connect(self) -> psycopg.Cursor:
        url = self.url.replace("+psycopg", "", 1)
        return psycopg.connect(url, autocommit=True).cursor()

    def close(self) -> None:
        while self.idle:
            self.idle.pop().connection.close()


at_once = AtOnce()
