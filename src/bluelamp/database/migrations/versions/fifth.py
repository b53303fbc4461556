"""Watches: searches and areas of which somebody wants to hear what is new."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0005"
down_revision = "0004"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    words = [
        sa.Column(name, sa.Text, nullable=False)
        for name in ("title", "owner", "purpose", "reason", "case_ref", "kind", "said")
    ]
    op.create_table(
        "watches",
        sa.Column("id", sa.Text, primary_key=True),
        *words,
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ends", sa.Date, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("build", sa.BigInteger, nullable=False),
        sa.Column("found", ARRAY(sa.Text), nullable=False),
        sa.Column("news", ARRAY(sa.Text), nullable=False),
    )
    op.create_index("watches_by_owner", "watches", ["owner", "purpose"])
