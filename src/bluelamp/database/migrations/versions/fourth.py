"""Charts, and the tree of the changes that made each what it is."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0004"
down_revision = "0003"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "charts",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("shared", ARRAY(sa.Text), nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("case_ref", sa.Text, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("head", sa.Text),
    )
    op.create_index("charts_by_owner", "charts", ["owner"])
    op.create_index("charts_by_shared", "charts", ["shared"], postgresql_using="gin")
    op.create_table(
        "chart_changes",
        sa.Column("place", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("chart", sa.Text, sa.ForeignKey("charts.id"), nullable=False, index=True),
        sa.Column("before", sa.Text),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
    )
