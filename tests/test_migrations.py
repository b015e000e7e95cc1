from sqlalchemy import text

from app.db import Base, session

FORM = text("""
    SELECT table_name, column_name, concat_ws(' ', data_type, is_nullable, column_default,
                                             identity_generation)
    FROM information_schema.columns WHERE table_schema = :schema
    UNION ALL
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = cast(:schema AS regnamespace) AND contype <> 'n'
    UNION ALL
    SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = :schema
""")


def test_the_migrations_make_what_the_models_describe():
    """Columns, constraints and indexes; triggers and rows that only a migration makes stay out."""
    connection = session.connection()
    connection.execute(text("CREATE SCHEMA modelled"))
    translated = connection.execution_options(schema_translate_map={None: "modelled"})
    Base.metadata.create_all(translated, checkfirst=False)

    assert _form("modelled") == _form("public")


def _form(schema):
    rows = session.connection().execute(FORM, {"schema": schema})
    plain = {tuple(str(word).replace(f"{schema}.", "") for word in row) for row in rows}
    return {row for row in plain if row[0] != "alembic_version"}
