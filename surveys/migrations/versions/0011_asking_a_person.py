"""asking a person before a child is invited."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for the children a person has to be asked about, the answers, and the stops."""
    op.create_table(
        "cohort_question",
        sa.Column("inspection_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("child", sa.String(length=60), nullable=False),
        sa.Column("survey", sa.String(length=60), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("rule", sa.String(length=30), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("inspection_id", "child", name=op.f("pk_cohort_question")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Forget who was to be asked about and what was decided; the next import asks again."""
    op.drop_table("cohort_question")
