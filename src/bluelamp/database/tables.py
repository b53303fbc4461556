"""Every table of the database, as the migrations leave it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

metadata = MetaData()

MOMENT = DateTime(timezone=True)


def _words(name: str) -> Column[list[str]]:
    return Column(name, ARRAY(Text), nullable=False)


def _word(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


#: one row per act; a trigger refuses every change (DPA 2018 s.62). The columns' order is that of inserts.
audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    _word("event_id"),
    Column("ts_utc", MOMENT, nullable=False),
    _word("action"),
    _word("operation"),
    _word("actor_id"),
    _word("actor_role"),
    _word("actor_team"),
    _word("on_behalf_of"),
    _word("session_id"),
    _word("device_or_ip"),
    _word("purpose_code"),
    _word("justification_text"),
    _word("case_ref"),
    _word("legal_basis"),
    _words("object_ids"),
    _words("object_types"),
    _words("data_subject_ids"),
    _words("data_subject_categories"),
    _word("fields_or_query"),
    Column("result_count", BigInteger),
    Column("sensitive_processing", Boolean, nullable=False),
    _words("recipients"),
    _word("decision"),
    _word("policy_version"),
    _word("software_version"),
    _word("prev_hash"),
    _word("hash"),
    Index("audit_by_time", "ts_utc"),
    Index("audit_by_actor", "actor_id", "seq"),
    Index("audit_by_object", "object_ids", postgresql_using="gin"),
    Index("audit_by_subject", "data_subject_ids", postgresql_using="gin"),
)

#: the one row that says where the chain ends, signed; writers lock it, so entries come one after the other
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False, server_default=text("1")),
    Column("seq", BigInteger, nullable=False),
    _word("hash"),
    _word("key"),
    _word("signature"),
    CheckConstraint("id = 1", name="audit_head_has_one_row"),
)

#: signed statements over runs of entries; a trigger refuses every change
audit_seals = Table(
    "audit_seals",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("first_seq", BigInteger, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("count", BigInteger, nullable=False),
    _word("head_hash"),
    _word("ts_utc"),
    _word("key"),
    _word("signature"),
)

#: the secrets and the state of users whom the workspace declares
accounts = Table(
    "accounts",
    metadata,
    Column("user", Text, primary_key=True),
    Column("password", Text),
    #: a one-time password stops working then
    Column("password_ends", MOMENT),
    Column("must_change", Boolean, nullable=False, server_default=text("false")),
    Column("totp_key", Text),
    #: shown to the user, not yet confirmed with a code
    Column("totp_offered", Text),
    #: the last 30-second step of which a code was used: each works once
    Column("totp_step", BigInteger, nullable=False, server_default=text("0")),
    Column("recovery", ARRAY(LargeBinary), nullable=False, server_default=text("'{}'")),
    Column("attempts", ARRAY(MOMENT), nullable=False, server_default=text("'{}'")),
    #: how often it locked since the last success
    Column("locks", Integer, nullable=False, server_default=text("0")),
    Column("locked_until", MOMENT),
    Column("last_sign_in", MOMENT),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("id", Text, primary_key=True),
    Column("token", LargeBinary, nullable=False, unique=True),
    Column("user", Text, ForeignKey("accounts.user"), nullable=False, index=True),
    Column("began", MOMENT, nullable=False),
    Column("used", MOMENT, nullable=False),
    Column("ends", MOMENT, nullable=False),
    Column("ended", MOMENT),
    _word("client"),
    Column("purpose", Text),
    Column("reason", Text),
    Column("case", Text),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Text, primary_key=True),
    Column("token", LargeBinary, nullable=False, unique=True),
    Column("user", Text, ForeignKey("accounts.user"), nullable=False, index=True),
    _word("label"),
    _word("purpose"),
    _word("reason"),
    _word("case"),
    Column("made", MOMENT, nullable=False),
    Column("ends", MOMENT, nullable=False),
    Column("used", MOMENT),
    Column("revoked", MOMENT),
)

#: what people said of pairs of records; undoing one is noted beside it
decisions = Table(
    "decisions",
    metadata,
    #: one after the other; never shown, for it tells how many there are
    Column("place", BigInteger, Identity(always=True), primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("at", MOMENT, nullable=False),
    _word("user"),
    _word("purpose"),
    _word("reason"),
    _word("case_ref"),
    _word("type"),
    Column("record", BigInteger, nullable=False),
    Column("other", BigInteger, nullable=False),
    _word("verdict"),
    Column("undone_at", MOMENT),
    Column("undone_by", Text),
    Column("undone_reason", Text),
    #: whether it holds only once another person has said the same
    Column("second", Boolean, nullable=False),
    CheckConstraint("record < other", name="decisions_name_the_lesser_first"),
    CheckConstraint("verdict IN ('same', 'not_same', 'unsure')", name="decisions_have_a_verdict"),
    Index("decisions_by_record", "record"),
    Index("decisions_by_other", "other"),
)

#: charts of the workbench; what each shows is what its changes up to `head` come to
charts = Table(
    "charts",
    metadata,
    Column("id", Text, primary_key=True),
    _word("title"),
    _word("owner"),
    #: other users who may open it, for the same purpose
    _words("shared"),
    _word("purpose"),
    _word("case_ref"),
    Column("made_at", MOMENT, nullable=False),
    Column("changed_at", MOMENT, nullable=False),
    #: the change that it stands at; none: it is empty
    Column("head", Text),
    Index("charts_by_owner", "owner"),
    Index("charts_by_shared", "shared", postgresql_using="gin"),
)

#: every change that was ever made to a chart, as a tree; only its name is ever changed
chart_changes = Table(
    "chart_changes",
    metadata,
    Column("place", BigInteger, Identity(always=True), primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("chart", Text, ForeignKey("charts.id"), nullable=False, index=True),
    #: the change that it was made after
    Column("before", Text),
    Column("at", MOMENT, nullable=False),
    _word("user"),
    _word("kind"),
    #: what it says, as JSON
    _word("said"),
    #: what somebody called the chart as it stood then
    _word("name"),
)

#: what somebody has watched: a search, an area or a question, until a day
watches = Table(
    "watches",
    metadata,
    Column("id", Text, primary_key=True),
    _word("title"),
    _word("owner"),
    _word("purpose"),
    _word("reason"),
    _word("case_ref"),
    _word("kind"),
    #: what is looked for, as JSON
    _word("said"),
    Column("made_at", MOMENT, nullable=False),
    Column("ends", Date, nullable=False),
    Column("ended_at", MOMENT),
    #: the build that was looked at last, under which declarations, and how many objects were found
    Column("build", BigInteger, nullable=False),
    _word("policy"),
    Column("found", BigInteger, nullable=False),
    #: of all that are not new any more, 8 bytes each
    Column("numbers", LargeBinary, nullable=False),
    Column("looked_at", MOMENT, nullable=False),
    #: seconds that it took
    Column("took", Float, nullable=False),
    #: how many things of `watch_news` the owner has not seen yet
    Column("unseen", BigInteger, nullable=False),
    #: why it could not be looked at, as one sentence; empty: it was
    _word("problem"),
    Index("watches_by_owner", "owner", "purpose"),
)

#: what a look at a watch found that was not there before
watch_news = Table(
    "watch_news",
    metadata,
    Column("place", BigInteger, Identity(always=True), primary_key=True),
    Column("watch", Text, ForeignKey("watches.id"), nullable=False, index=True),
    Column("build", BigInteger, nullable=False),
    #: when the build was made
    Column("at", MOMENT, nullable=False),
    #: of objects, as in `watches`
    Column("numbers", LargeBinary, nullable=False),
    Column("seen_at", MOMENT),
)
