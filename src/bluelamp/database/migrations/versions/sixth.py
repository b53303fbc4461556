"""Watches hold all that they found, as numbers; what is new stands beside them, by build, until it was seen."""

import struct

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table of news, and move into it what stood in the watches."""
    op.create_table(
        "watch_news",
        sa.Column("place", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("watch", sa.Text, sa.ForeignKey("watches.id"), nullable=False, index=True),
        sa.Column("build", sa.BigInteger, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("numbers", sa.LargeBinary, nullable=False),
        sa.Column("seen_at", MOMENT),
    )
    for column in (
        sa.Column("numbers", sa.LargeBinary, nullable=False, server_default=""),
        sa.Column("policy", sa.Text, nullable=False, server_default=""),
        sa.Column("looked_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("took", sa.Float, nullable=False, server_default="0"),
        sa.Column("unseen", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("problem", sa.Text, nullable=False, server_default=""),
    ):
        op.add_column("watches", column)
    connection = op.get_bind()
    for id, found, news in connection.execute(sa.text("SELECT id, found, news FROM watches")).all():
        said = {"id": id, "found": _packed(found), "news": _packed(news), "unseen": len(news)}
        connection.execute(sa.text("UPDATE watches SET numbers = :found, unseen = :unseen WHERE id = :id"), said)
        if news:
            made = "INSERT INTO watch_news (watch, build, at, numbers) SELECT id, build, now(), :news "
            made += "FROM watches WHERE id = :id"
            connection.execute(sa.text(made), said)
    op.drop_column("watches", "found")
    op.drop_column("watches", "news")
    op.add_column("watches", sa.Column("found", sa.BigInteger, nullable=False, server_default="0"))
    op.execute("UPDATE watches SET found = length(numbers) / 8")
    for name in ("found", "numbers", "policy", "looked_at", "took", "unseen", "problem"):
        op.alter_column("watches", name, server_default=None)


def _packed(ids: list[str]) -> bytes:
    """The numbers of objects, sorted, eight bytes each."""
    numbers = sorted({int(each.rpartition("-")[2], 16) for each in ids})
    return struct.pack(f"<{len(numbers)}q", *numbers)
