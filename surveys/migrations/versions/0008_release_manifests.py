"""release manifests."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for what each release let out, signed by its custodian."""
    op.create_table(
        "release_manifest",
        sa.Column("wave_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.PrimaryKeyConstraint("wave_id", name=op.f("pk_release_manifest")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Forget the manifests: what was released before cannot be published any more."""
    op.drop_table("release_manifest")
