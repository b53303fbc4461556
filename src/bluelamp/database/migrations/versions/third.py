"""Decisions that hold only when a second person says the same."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Say of each decision whether it needs a second judge; none that stand already do."""
    op.add_column("decisions", sa.Column("second", sa.Boolean, nullable=False, server_default=sa.false()))
    op.alter_column("decisions", "second", server_default=None)
