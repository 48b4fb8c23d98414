"""retention."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_KEPT = {"sqlite_with_rowid": False}


def upgrade() -> None:
    """Say of a wave when it closed and until when its answers stay, and note what was erased."""
    with op.batch_alter_table("wave", recreate="auto", table_kwargs=_KEPT) as wave:
        wave.add_column(sa.Column("closed_on", sa.String(length=10), nullable=True))
        wave.add_column(sa.Column("retention_until", sa.String(length=10), nullable=True))
    op.create_table(
        "invitation_count",
        sa.Column("wave_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("wave_id", "audience", name=op.f("pk_invitation_count")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "erasure",
        sa.Column("subject", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("erased_on", sa.String(length=10), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("subject", "kind", name=op.f("pk_erasure")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Forget what was erased; nothing comes back."""
    op.drop_table("erasure")
    op.drop_table("invitation_count")
    with op.batch_alter_table("wave", table_kwargs=_KEPT) as wave:
        wave.drop_column("retention_until")
        wave.drop_column("closed_on")
