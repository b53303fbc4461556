"""What people decide of pairs of records."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "decisions",
        sa.Column("place", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("at", MOMENT, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("user", "purpose", "reason", "case_ref", "type")),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("record", "other")),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("undone_at", MOMENT),
        *(sa.Column(name, sa.Text) for name in ("undone_by", "undone_reason")),
        sa.CheckConstraint("record < other", name="decisions_name_the_lesser_first"),
        sa.CheckConstraint("verdict IN ('same', 'not_same', 'unsure')", name="decisions_have_a_verdict"),
    )
    op.create_index("decisions_by_record", "decisions", ["record"])
    op.create_index("decisions_by_other", "decisions", ["other"])
