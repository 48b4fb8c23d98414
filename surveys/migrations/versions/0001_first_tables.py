"""first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "account",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("session_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cohort_member",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("inspection_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("survey", sa.String(length=60), nullable=False),
        sa.Column("child", sa.String(length=60), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_member")),
        sa.UniqueConstraint("inspection_id", "child", name=op.f("uq_cohort_member_inspection_id")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_cohort_member_inspection_id"), "cohort_member", ["inspection_id"], unique=False
    )
    op.create_table(
        "inspection",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.Column("framework", sa.String(length=40), nullable=False),
        sa.Column("day_1", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("wave_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("member_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_invitation_wave_id"), "invitation", ["wave_id"], unique=False)
    op.create_table(
        "response",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("wave_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "slot",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("wave_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "wave",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("inspection_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("survey", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("opens_on", sa.String(length=10), nullable=False),
        sa.Column("closes_on", sa.String(length=10), nullable=False),
        sa.Column("padded_length", sa.Integer(), nullable=False),
        sa.Column("instrument_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("single_custodian", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave")),
        sa.UniqueConstraint(
            "inspection_id", "survey", "number", name=op.f("uq_wave_inspection_id")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "wave_progress",
        sa.Column("wave_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("offered", sa.Integer(), nullable=False),
        sa.Column("answered_rounded", sa.Integer(), nullable=True),
        sa.Column("counted_on", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("wave_id", name=op.f("pk_wave_progress")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take every table away."""
    op.drop_table("wave_progress")
    op.drop_table("wave")
    op.drop_table("slot")
    op.drop_table("response")
    op.drop_index(op.f("ix_invitation_wave_id"), table_name="invitation")
    op.drop_table("invitation")
    op.drop_table("inspection")
    op.drop_index(op.f("ix_cohort_member_inspection_id"), table_name="cohort_member")
    op.drop_table("cohort_member")
    op.drop_table("account")
