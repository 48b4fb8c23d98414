"""windows to the minute."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_KEPT = {"sqlite_with_rowid": False}


def upgrade() -> None:
    """Say at which minute a wave opens and closes; those from before keep their whole days."""
    with op.batch_alter_table("wave", recreate="auto", table_kwargs=_KEPT) as wave:
        wave.add_column(
            sa.Column("opens_at", sa.String(length=5), nullable=False, server_default="00:00")
        )
        wave.add_column(
            sa.Column("closes_at", sa.String(length=5), nullable=False, server_default="23:59")
        )


def downgrade() -> None:
    """Whole days again."""
    with op.batch_alter_table("wave", table_kwargs=_KEPT) as wave:
        wave.drop_column("closes_at")
        wave.drop_column("opens_at")
