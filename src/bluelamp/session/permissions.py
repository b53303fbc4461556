"""What each role may do, as one list of verbs; a decision is a value with its reason."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bluelamp.workspace.model import User


class Action(StrEnum):
    """Everything that can be done here, written `noun:verb`; it is also what the audit log calls it."""

    ACCOUNTS = "account:manage"
    ACCOUNT_AUTHENTICATOR = "account:authenticator"
    ACCOUNT_LOCK = "account:lock"
    ACCOUNT_PASSWORD = "account:password"  # noqa: S105
    ACCOUNT_RESET = "account:reset"
    ACCOUNT_UNLOCK = "account:unlock"
    AUDIT = "audit:read"
    AUDIT_COUNT = "audit:count"
    AUDIT_EXPORT = "audit:export"
    AUDIT_VERIFY = "audit:verify"
    BUILD_RUN = "build:run"
    CHART = "chart:view"
    CHART_CHANGE = "chart:change"
    DECIDE = "decision:make"
    DECISIONS = "decision:view"
    DECISION_COUNT = "decision:count"
    DECISION_UNDO = "decision:undo"
    DELIVERY_COLLECT = "delivery:collect"
    HEALTH = "health:view"
    DATA = "source:view"
    ISSUES = "issue:view"
    LINEAGE = "lineage:view"
    LINKS = "link:view"
    PROCESSING = "processing:view"
    QUESTION = "question:ask"
    RECORD_COMBINE = "record:combine"
    RECORD_CORRECT = "record:correct"
    REVIEW = "review:view"
    REJECTS = "reject:view"
    RESOLUTION_EVALUATE = "resolution:evaluate"
    RESOLUTION_TRAIN = "resolution:train"
    RESOLUTION = "resolution:view"
    SEARCH = "search:run"
    SESSION_END = "session:end"
    SESSION_PURPOSE = "session:purpose"
    SESSION_REVOKE = "session:revoke"
    SESSION_START = "session:start"
    SOURCE_ERASE = "source:erase"
    EXPORT = "table:export"
    TOKEN_MAKE = "token:make"  # noqa: S105
    TOKEN_REVOKE = "token:revoke"  # noqa: S105
    VIEW = "object:view"
    WATCH = "watch:keep"


#: what anybody who may sign in does with their own sign-in and account
OWN = frozenset(
    {
        Action.ACCOUNT_AUTHENTICATOR,
        Action.ACCOUNT_PASSWORD,
        Action.SESSION_END,
        Action.SESSION_PURPOSE,
        Action.SESSION_REVOKE,
        Action.SESSION_START,
        Action.TOKEN_MAKE,
        Action.TOKEN_REVOKE,
    }
)

#: looking at people and things, as far as a purpose opens them
LOOK = frozenset({Action.SEARCH, Action.VIEW, Action.LINKS, Action.LINEAGE, Action.EXPORT}) | {
    Action.CHART,
    Action.CHART_CHANGE,
    Action.QUESTION,
    Action.WATCH,
}

#: saying which records are of one thing, of those that a purpose opens
JUDGE = frozenset({Action.REVIEW, Action.DECISIONS, Action.DECIDE, Action.DECISION_UNDO})

#: looking at sources as such: who owns them, what came, what was turned away
SOURCES = frozenset({Action.DATA, Action.REJECTS, Action.ISSUES, Action.HEALTH, Action.PROCESSING})

#: looking at the log
WATCH = frozenset(
    {
        Action.AUDIT,
        Action.AUDIT_COUNT,
        Action.AUDIT_EXPORT,
        Action.AUDIT_VERIFY,
        Action.DECISION_COUNT,
        Action.PROCESSING,
    }
)

#: roles that a user can be declared with, and what each adds
ROLE_ACTIONS: dict[str, frozenset[Action]] = {
    "analyst": LOOK | JUDGE | {Action.DATA, Action.RESOLUTION},
    "investigator": LOOK | JUDGE | {Action.DATA, Action.RESOLUTION},
    "standards": LOOK | {Action.DATA, Action.DECISION_COUNT, Action.RESOLUTION},
    # raw rows (lineage) open only where a purpose opens their source
    "data_engineer": SOURCES
    | {Action.LINEAGE, Action.BUILD_RUN, Action.DELIVERY_COLLECT, Action.RECORD_CORRECT, Action.SOURCE_ERASE}
    | {Action.RESOLUTION, Action.RESOLUTION_TRAIN, Action.RESOLUTION_EVALUATE},
    # sees everything about processing and nothing of what is processed; is given no operational task (s.71)
    "data_protection_officer": WATCH | {Action.DATA, Action.HEALTH, Action.RESOLUTION},
    "auditor": WATCH,
    # lets people in and keeps the platform running; sees no case data by being administrator
    "administrator": frozenset({Action.ACCOUNTS, Action.ACCOUNT_RESET, Action.ACCOUNT_UNLOCK, Action.HEALTH}),
}


@dataclass(frozen=True)
class Decision:
    """Whether something may be done, and why (not)."""

    ok: bool
    reason: str

    def __bool__(self) -> bool:
        return self.ok


# a page asks it for everything in its frame; both are values, and so is what it answers
@lru_cache(4096)
def allowed(user: User, action: Action) -> Decision:
    """Whether one of the user's roles, or being a user at all, allows `action`."""
    if action in OWN:
        return Decision(ok=True, reason="Every user may do this for themselves.")
    role = next((role for role in user.roles if action in ROLE_ACTIONS.get(role, ())), None)
    if role:
        return Decision(ok=True, reason=f"The role {role} allows {action}.")
    having = [name for name, actions in ROLE_ACTIONS.items() if action in actions]
    needed = f"it needs one of these roles: {', '.join(having)}" if having else "no role allows it"
    return Decision(
        ok=False, reason=f"{user.title or user.name} may not do this ({action}); {needed}. Ask an administrator."
    )
