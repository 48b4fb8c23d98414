"""withdrawn invitations."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for who is not to be asked again, and for how many were taken out."""
    op.create_table(
        "withdrawn_member",
        sa.Column("wave_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("member_id", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("wave_id", "member_id", name=op.f("pk_withdrawn_member")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "withdrawn_count",
        sa.Column("wave_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("wave_id", "audience", name=op.f("pk_withdrawn_count")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Forget who was taken out: at the next issuing they would be asked again."""
    op.drop_table("withdrawn_count")
    op.drop_table("withdrawn_member")
