"""contact requests."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for sealed messages of "I need to talk" and the steps taken for each."""
    op.create_table(
        "contact_request",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_request")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "contact_step",
        sa.Column("request_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["contact_request.id"],
            name=op.f("fk_contact_step_request_id_contact_request"),
        ),
        sa.PrimaryKeyConstraint("request_id", "step", name=op.f("pk_contact_step")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Forget every message: export nothing first, nobody but the two could read it."""
    op.drop_table("contact_step")
    op.drop_table("contact_request")
