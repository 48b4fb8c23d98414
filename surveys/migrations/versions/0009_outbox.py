"""outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for sealed contacts, the queue of mails, and addresses that want none."""
    op.create_table(
        "invitation_contact",
        sa.Column("invitation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("wave_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("invitation_id", name=op.f("pk_invitation_contact")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_invitation_contact_wave_id"), "invitation_contact", ["wave_id"])
    op.create_table(
        "outbox_mail",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("wave_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("invitation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mail")),
        sa.UniqueConstraint("invitation_id", "kind", name=op.f("uq_outbox_mail_invitation_id")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_outbox_mail_wave_id"), "outbox_mail", ["wave_id"])
    op.create_table(
        "opt_out",
        sa.Column("address_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kept_until", sa.String(length=7), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_opt_out")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Forget contacts and mails, and who wants no mail: they would get mail again."""
    op.drop_table("opt_out")
    op.drop_table("outbox_mail")
    op.drop_table("invitation_contact")
