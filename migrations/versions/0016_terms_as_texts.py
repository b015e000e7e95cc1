"""Terms and privacy policy among the texts that the operator edits"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

OF_SELLER = ("commerce", "prepaid", "external")
AGREED_TO = ("terms", "privacy", "cast_terms")


def upgrade() -> None:
    _allow(*OF_SELLER, *AGREED_TO)


def downgrade() -> None:
    """Refused by the database while there is a text of the new kinds: those cannot be deleted."""
    _allow(*OF_SELLER)


def _allow(*kinds: str) -> None:
    op.drop_constraint(op.f("ck_site_text_textkind"), "site_text", type_="check")
    op.create_check_constraint(
        op.f("ck_site_text_textkind"), "site_text", sa.column("kind", sa.String()).in_(kinds)
    )
