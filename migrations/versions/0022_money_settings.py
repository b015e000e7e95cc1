"""Who pays: the names of our bank and branch, and two ways in which banks' files differ"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    new = {
        "bank_name": (sa.String(), "''"),
        "branch_name": (sa.String(), "''"),
        "designation": (sa.String(), "'7'"),
        "end_mark": (sa.Boolean(), "false"),
    }
    for name, (kind, filled) in new.items():
        column = sa.Column(name, kind, nullable=False, server_default=sa.text(filled))
        op.add_column("remitter", column)
        op.alter_column("remitter", name, server_default=None)


def downgrade() -> None:
    for name in ("bank_name", "branch_name", "designation", "end_mark"):
        op.drop_column("remitter", name)
