"""Alembic's environment: the app's own engine and tables."""

from alembic import context
from flask import current_app

from app.db import Base

database = current_app.extensions["migrate"].db


def run() -> None:
    """Bring the database to the wanted revision, in one transaction."""
    with database.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
