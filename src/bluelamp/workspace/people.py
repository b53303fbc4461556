"""Who may do what: `users.yaml` and `purposes/*.yaml`."""

import re

from bluelamp.workspace.document import Table, Text
from bluelamp.workspace.fields import Fields
from bluelamp.workspace.model import Marking, Purpose, User
from bluelamp.workspace.problems import Report, choose

#: what a user may be; a purpose names the roles that may use it
ROLES = (
    "analyst",
    "investigator",
    "data_engineer",
    "standards",
    "data_protection_officer",
    "auditor",
    "administrator",
)

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,59}")
_USER = re.compile(r"[a-z][a-z0-9._-]{0,59}")


def purposes(tables: list[Table], report: Report) -> dict[str, Purpose]:
    """Every declared purpose by name."""
    found: dict[str, Purpose] = {}
    for table in tables:
        fields = Fields(table, "The purpose", report)
        purpose = _purpose(fields, report)
        if purpose.name in found:
            first = found[purpose.name].place
            where = f"{first.file.as_posix()}:{first.line}" if first else "another file"
            report.add(
                "B027",
                fields.at("purpose"),
                f"The purpose {purpose.name} is declared twice",
                f"see {where}: rename one",
            )
        elif purpose.name:
            found[purpose.name] = purpose
    return found


def _purpose(fields: Fields, report: Report) -> Purpose:
    name = fields.required("purpose", "write `purpose: investigation`, the name that sources use")
    if name and not _NAME.fullmatch(name):
        fix = "use small letters, digits and hyphens, as in `public-protection`"
        report.add("B028", fields.at("purpose"), f'"{name}" is not a name for a purpose', fix)
        name = ""
    fields.what = f"The purpose {name}" if name else fields.what
    sensitive = fields.flag("sensitive", default=False)
    policy = fields.text("policy_document")
    if sensitive and not policy:
        fix = "write `policy_document:` with its reference, or remove `sensitive: true`"
        report.add(
            "B044",
            fields.at("sensitive"),
            f"{fields.what} opens sensitive values without a policy document (DP-3)",
            fix,
        )
    purpose = Purpose(
        name=name,
        title=fields.text("title", name.replace("-", " ").capitalize()),
        lawful_basis=fields.required("lawful_basis", "write `lawful_basis: DPA 2018 s.35(2)(b); ...`"),
        roles=_purpose_roles(fields, report),
        needs_reason=fields.flag("needs_reason", default=True),
        needs_case=fields.flag("needs_case", default=False),
        sensitive=sensitive,
        policy_document=policy,
        safeguarding=fields.flag("safeguarding", default=False),
        dpia=fields.required("dpia", "write `dpia:` with the reference of the approved assessment (DP-43)", "B043"),
        ends=fields.day("ends"),
        description=fields.text("description"),
        place=fields.at("purpose"),
    )
    fields.finish()
    return purpose


def _purpose_roles(fields: Fields, report: Report) -> tuple[str, ...]:
    texts = fields.texts("roles")
    if not texts:
        fix = f"write `roles: [...]` with some of {', '.join(ROLES)}"
        report.add("B042", fields.at("roles"), f"{fields.what} may be used by no role", fix)
    return _roles(texts, report)


def _roles(texts: tuple[Text, ...], report: Report) -> tuple[str, ...]:
    for each in texts:
        if each.text not in ROLES:
            report.add("B039", each.place, f'There is no role "{each.text}"', choose(each.text, ROLES))
    return tuple(each.text for each in texts if each.text in ROLES)


def users(table: Table | None, markings: dict[str, Marking], report: Report) -> dict[str, User]:
    """Every declared user by name."""
    if table is None:
        return {}
    fields = Fields(table, "users.yaml", report)
    everyone = fields.table_at("users", "`users`")
    if fields.node("users") is None:
        fields.missing("users", "write `users:` and below it one block for each user")
    fields.finish()
    if everyone is None:
        return {}
    found = {}
    for name, node in everyone.table.entries.items():
        if not _USER.fullmatch(name):
            fix = "use small letters, digits, full stops and hyphens, as in `amara.singh`"
            report.add("B028", everyone.at(name), f'"{name}" is not a name for a user', fix)
            continue
        own = everyone.open(node, f"The user {name}")
        if own:
            found[name] = _user(name, own, markings, report)
    return found


def _user(name: str, fields: Fields, markings: dict[str, Marking], report: Report) -> User:
    roles = fields.texts("roles")
    if not roles:
        fields.missing("roles", f"write `roles: [...]` with some of {', '.join(ROLES)}")
    clearance = fields.texts("clearance")
    if not clearance:
        fields.missing("clearance", f"write `clearance: [...]` with some of {', '.join(markings)}")
    for each in clearance:
        if each.text not in markings:
            report.add("B023", each.place, f'There is no marking "{each.text}"', choose(each.text, tuple(markings)))
    user = User(
        name=name,
        title=fields.text("title", name),
        roles=_roles(roles, report),
        clearance=tuple(each.text for each in clearance if each.text in markings),
        team=fields.text("team"),
        email=fields.text("email"),
    )
    fields.finish()
    return user
