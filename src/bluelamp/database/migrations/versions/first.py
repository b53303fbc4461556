"""The audit log with its seals, accounts, sign-ins and API tokens."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)

FIXED = """
CREATE FUNCTION audit_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log cannot be changed: % on %', TG_OP, TG_TABLE_NAME;
END $$
"""


def upgrade() -> None:
    """Make the tables; the audit log and its seals refuse UPDATE, DELETE and TRUNCATE."""
    _audit()
    _seals()
    _accounts()
    op.execute(FIXED)
    for table in ("audit", "audit_seals"):
        op.execute(
            f"CREATE TRIGGER {table}_is_fixed BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_fixed()"
        )


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _lists(*names: str) -> list[sa.Column[list[str]]]:
    return [sa.Column(name, ARRAY(sa.Text), nullable=False) for name in names]


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        *_words("event_id"),
        sa.Column("ts_utc", MOMENT, nullable=False),
        *_words("action", "operation", "actor_id", "actor_role", "actor_team", "on_behalf_of", "session_id"),
        *_words("device_or_ip", "purpose_code", "justification_text", "case_ref", "legal_basis"),
        *_lists("object_ids", "object_types", "data_subject_ids", "data_subject_categories"),
        *_words("fields_or_query"),
        sa.Column("result_count", sa.BigInteger),
        sa.Column("sensitive_processing", sa.Boolean, nullable=False),
        *_lists("recipients"),
        *_words("decision", "policy_version", "software_version", "prev_hash", "hash"),
    )
    op.create_index("audit_by_time", "audit", ["ts_utc"])
    op.create_index("audit_by_actor", "audit", ["actor_id", "seq"])
    op.create_index("audit_by_object", "audit", ["object_ids"], postgresql_using="gin")
    op.create_index("audit_by_subject", "audit", ["data_subject_ids"], postgresql_using="gin")


def _seals() -> None:
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False, server_default=sa.text("1")),
        sa.Column("seq", sa.BigInteger, nullable=False),
        *_words("hash", "key", "signature"),
        sa.CheckConstraint("id = 1", name="audit_head_has_one_row"),
    )
    op.execute("INSERT INTO audit_head (seq, hash, key, signature) VALUES (0, repeat('0', 64), '', '')")
    op.create_table(
        "audit_seals",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("first_seq", sa.BigInteger, nullable=False),
        sa.Column("last_seq", sa.BigInteger, nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        *_words("head_hash", "ts_utc", "key", "signature"),
    )


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("user", sa.Text, primary_key=True),
        sa.Column("password", sa.Text),
        sa.Column("password_ends", MOMENT),
        sa.Column("must_change", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.Column("totp_key", sa.Text),
        sa.Column("totp_offered", sa.Text),
        sa.Column("totp_step", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("recovery", ARRAY(sa.LargeBinary), nullable=False, server_default=sa.text("'{}'")),
        sa.Column("attempts", ARRAY(MOMENT), nullable=False, server_default=sa.text("'{}'")),
        sa.Column("locks", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("locked_until", MOMENT),
        sa.Column("last_sign_in", MOMENT),
    )
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("token", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("user", sa.Text, sa.ForeignKey("accounts.user"), nullable=False, index=True),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("began", "used", "ends")),
        sa.Column("ended", MOMENT),
        *_words("client"),
        *(sa.Column(name, sa.Text) for name in ("purpose", "reason", "case")),
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("token", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("user", sa.Text, sa.ForeignKey("accounts.user"), nullable=False, index=True),
        *_words("label", "purpose", "reason", "case"),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("made", "ends")),
        *(sa.Column(name, MOMENT) for name in ("used", "revoked")),
    )
