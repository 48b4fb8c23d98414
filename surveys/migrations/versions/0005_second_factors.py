"""second factors."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for apps, passkeys and recovery codes of accounts, and invitations to them."""
    op.create_table(
        "authenticator",
        sa.Column("account_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("locked", sa.LargeBinary(), nullable=False),
        _of_account("authenticator"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_authenticator")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.LargeBinary(length=1023), nullable=False),
        sa.Column("account_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        _of_account("passkey"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "recovery_code",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.LargeBinary(length=16), nullable=False),
        _of_account("recovery_code"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_recovery_code")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "staff_invitation",
        sa.Column("account_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("last_day", sa.String(length=10), nullable=False),
        _of_account("staff_invitation"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_staff_invitation")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Forget every second factor and invitation: a password alone then opens an account."""
    for table in ("staff_invitation", "recovery_code", "passkey", "authenticator"):
        op.drop_table(table)


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_account_id_account")
    return sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=name)
