"""The command line, thin over the rest: each command opens a workspace, calls one function and prints."""

import getpass
import json
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.table import Table

from bluelamp.cli.resolution import resolution
from bluelamp.cli.shell import Case, Folder, Json, Purpose, Reason, User, bars, errors, in_session, kept_up, opened, out
from bluelamp.errors import BlueLampError, DeclarationError, Stopped

app = typer.Typer(
    help="Blue Lamp: an open, accountable data platform for a police force.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
audit = typer.Typer(help="Check the audit log, or hand it to an outside verifier.", no_args_is_help=True)
rejects = typer.Typer(
    help="Rows that could not be read: list them, correct them, read them again.", no_args_is_help=True
)
user = typer.Typer(help="Passwords and locks of the declared users.", no_args_is_help=True)
token = typer.Typer(help="Tokens for the API, each bound to one user and one purpose.", no_args_is_help=True)
app.add_typer(audit, name="audit")
app.add_typer(resolution, name="resolution")
app.add_typer(rejects, name="rejects")
app.add_typer(user, name="user")
app.add_typer(token, name="token")

#: the same for everybody in a made-up force, so that it can stand in the documentation
DEMO_PASSWORD = "blue lamp over the door"  # noqa: S105 (of people who do not exist)


#: the exit code of a command that somebody stopped, as shells have it
INTERRUPTED = 130


def main() -> None:
    """Run the command line; an error that a user can act on is one sentence and exit code 1."""
    try:
        app()
    except BlueLampError as error:
        errors.print(str(error), style="bold", markup=False)
        sys.exit(INTERRUPTED if isinstance(error, Stopped) else 1)


@app.command()
def new(folder: Annotated[Path, typer.Argument(metavar="FOLDER")]) -> None:
    """Make an empty workspace with one commented example source."""
    from bluelamp.workspace import new as make

    make(folder)
    out.print(f"Made {folder}. Next: bluelamp check {folder}, then bluelamp run {folder}", markup=False)


@app.command()
def check(workspace: Folder) -> None:
    """Explain every mistake in the declarations, with file, line and what to write instead."""
    from bluelamp.connectors import OPTIONS
    from bluelamp.workspace import check as look

    found, problems = look(workspace, OPTIONS)
    for problem in problems:
        out.print(str(problem), markup=False)
    if found is None:
        raise typer.Exit(1)
    out.print(
        f"{found.name}: nothing wrong. Sources: {len(found.sources)}. Purposes: {len(found.purposes)}.", markup=False
    )


@app.command()
def run(
    workspace: Folder,
    deliveries: Annotated[Path | None, typer.Option(help="The base of the relative paths in read:")] = None,
    leave_out: Annotated[
        list[str] | None,
        typer.Option(help="A source not to read; it stays as the last build has it. May be given more than once"),
    ] = None,
) -> None:
    """Read what is new, build the index and publish it, in one step."""
    with kept_up(workspace) as force, bars() as progress:
        outcome = force.run(who=getpass.getuser(), progress=progress, base=deliveries, leave_out=leave_out or ())
    for warning in outcome.build.warnings:
        errors.print(f"Warning: {warning}", markup=False)
    for each in outcome.build.unlearned.values():
        errors.print(f"Warning: {each.why}", markup=False)
    _print_status(outcome.build)
    state = "published" if outcome.published else "unchanged"
    out.print(f"Build {outcome.build.number} {state}.", markup=False)


@app.command()
def status(workspace: Folder, as_json: Json = False) -> None:
    """What the published build holds: per source read, kept, rejected, issues; objects and links by type.

    It is for whoever runs the build, as `run` prints it: numbers of whole sources, and nothing of any row.
    """
    from bluelamp.pipeline import build as builds

    with kept_up(workspace) as force:
        build = builds.current(force.store)
    if as_json:
        sources = build.sources if build else {}
        counts = {"read": "read", "kept": "kept", "rejected": "rejected", "issues": "doubts"}
        body = {
            "build": build.number if build else None,
            "sources": {
                name: {key: getattr(state, of) for key, of in counts.items()} for name, state in sources.items()
            },
            "objects": build.objects if build else {},
            "links": build.links if build else {},
        }
        print(json.dumps(body))
    elif build is None:
        out.print(f"Nothing is published yet; run: bluelamp run {workspace}", markup=False)
    else:
        _print_status(build)


def _print_status(build: Any) -> None:
    table = Table("Source", "Read", "Kept", "Rejected", "Issues", title=f"Build {build.number}")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, state in build.sources.items():
        table.add_row(name, f"{state.read:,}", f"{state.kept:,}", f"{state.rejected:,}", f"{state.doubts:,}")
    out.print(table)
    things = Table("Objects and links", "Count")
    things.columns[1].justify = "right"
    for name, count in [*build.objects.items(), *build.links.items()]:
        things.add_row(name, f"{count:,}")
    out.print(things)


@app.command()
def search(
    workspace: Folder,
    text: Annotated[str, typer.Argument(help="What to look for")],
    user: User = None,
    purpose: Purpose = None,
    reason: Reason = None,
    case: Case = None,
    kind: Annotated[list[str] | None, typer.Option("--type", help="Only these object types")] = None,
    source: Annotated[list[str] | None, typer.Option(help="Only these sources")] = None,
    since: Annotated[str | None, typer.Option("--from", help="Events from this day on, as 2026-01-31")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Events up to this day")] = None,
    page: int = 1,
    as_json: Json = False,
) -> None:
    """Search everything that the purpose opens to the user."""
    from bluelamp.session.plain import plain

    with in_session(workspace, user, purpose, reason, case) as session:
        found = session.search(
            text, types=tuple(kind or ()), sources=tuple(source or ()), first=_day(since), last=_day(until), page=page
        )
    if as_json:
        print(json.dumps(plain(found)))
        return
    for hit in found.hits:
        out.print(f"{hit.object}  {hit.caption}", markup=False)
        for why in hit.why:
            out.print(f"    {why.property}: {why.value} ({why.how})", markup=False)
    out.print(f"{'' if found.exact else 'About '}{found.total:,} found.", markup=False)


@app.command(name="object")
def object_(
    workspace: Folder,
    id: Annotated[str, typer.Argument(help="The object's id")],
    user: User = None,
    purpose: Purpose = None,
    reason: Reason = None,
    case: Case = None,
) -> None:
    """What is known of one object, as JSON."""
    from bluelamp.session.plain import plain

    with in_session(workspace, user, purpose, reason, case) as session:
        print(json.dumps(plain(session.object(id))))


@app.command()
def links(
    workspace: Folder,
    id: Annotated[str, typer.Argument(help="The object's id")],
    user: User = None,
    purpose: Purpose = None,
    reason: Reason = None,
    case: Case = None,
) -> None:
    """The links of one object, as JSON."""
    from bluelamp.session.plain import plain

    with in_session(workspace, user, purpose, reason, case) as session:
        print(json.dumps(plain(session.links(id))))


@app.command()
def lineage(
    workspace: Folder,
    source: Annotated[str, typer.Argument(help="The source's name")],
    delivery: Annotated[int, typer.Argument(help="The delivery's number")],
    row: Annotated[int, typer.Argument(help="The row, counted from 1")],
    user: User = None,
    purpose: Purpose = None,
    reason: Reason = None,
    case: Case = None,
) -> None:
    """One row of a delivery as received, as understood, and the objects that it feeds, as JSON."""
    from bluelamp.session.plain import plain

    with in_session(workspace, user, purpose, reason, case) as session:
        print(json.dumps(plain(session.lineage(source, delivery, row))))


@app.command()
def records(
    workspace: Folder,
    kind: Annotated[str, typer.Option("--type", help="The object type, such as Person")],
    into: Annotated[Path, typer.Option("--out", help="The Parquet file to write")],
    user: User = None,
    purpose: Purpose = None,
    reason: Reason = None,
    case: Case = None,
) -> None:
    """Write every visible record of a type: source, key, object id, values, and where they stand."""
    with in_session(workspace, user, purpose, reason, case) as session:
        count = session.export(kind, into)
    out.print(f"Wrote {count:,} records to {into}", markup=False)


@app.command()
def serve(
    workspace: Folder,
    host: Annotated[str | None, typer.Option(help="The address to listen on")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on")] = None,
) -> None:
    """Serve the workspace to browsers and API clients."""
    from bluelamp.web.serve import serve as listen

    with opened(workspace) as force:
        listen(force, host, port)


@app.command()
def demo(
    into: Annotated[Path, typer.Option(help="The folder to make")],
    size: Annotated[
        Literal["town", "city", "met"], typer.Option(help="town (50,000 rows), city (1 million) or met (10 million)")
    ] = "town",
    seed: int = 7,
) -> None:
    """Make a made-up force: workspace and deliveries in FOLDER, the truth beside it."""
    from bluelamp.demo import generate

    with bars() as progress:
        generate(size, into, seed, progress=lambda what, share: progress("demo", what, share))
    out.print(f"Made {into}. Next: bluelamp run {into}", markup=False)


@audit.command()
def verify(workspace: Folder) -> None:
    """Check every entry and seal of the audit log; name the first that is wrong."""
    with opened(workspace) as force:
        verdict = force.verify_audit()
    out.print(str(verdict), markup=False)
    if not verdict.ok:
        raise typer.Exit(1)


@audit.command()
def export(
    workspace: Folder,
    into: Annotated[Path, typer.Option("--out", help="The folder or .zip file to write")],
    use: Annotated[str, typer.Option(help="Which of the four permitted uses of the log this is")] = "lawfulness",
    recipient: Annotated[list[str] | None, typer.Option(help="Who receives it; may be given more than once")] = None,
    user: User = None,
    actor: Annotated[str, typer.Option(help="Only what this user did")] = "",
    subject: Annotated[str, typer.Option(help="Only what concerns this object")] = "",
    since: Annotated[str | None, typer.Option("--from", help="From this day on")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Up to this day")] = None,
) -> None:
    """Write the log, its seals and a verifier that needs only Python, for somebody outside."""
    from bluelamp.session.reading import Filter

    first, last = _day(since), _day(until)
    wanted = Filter(
        since=datetime.combine(first, time.min, UTC) if first else None,
        until=datetime.combine(last + timedelta(days=1), time.min, UTC) if last else None,
        actor=actor,
        subject=subject,
    )
    with opened(workspace) as force:
        written = force.export_audit(into, user, use, recipient or [], wanted)
    out.print(f"Wrote {written.entries:,} entries to {written.path}.", markup=False)
    out.print(f"Check them with: python3 {into}/verify_audit.py {into}", markup=False)


@rejects.command(name="list")
def list_rejects(
    workspace: Folder, source: str, user: User = None, purpose: Purpose = None, reason: Reason = None
) -> None:
    """List the rows of a source that could not be read: file, row, line, reason."""
    with in_session(workspace, user, purpose, reason, None) as session:
        for each in session.rejects(source):
            out.print(f"{each.file} row {each.row} line {each.line}: {each.reason}", markup=False)
            out.print(f"    {each.text[:200]}", markup=False)


@rejects.command(name="export")
def export_rejects(
    workspace: Folder,
    source: str,
    into: Annotated[Path, typer.Option("--out", help="The CSV file to write")],
    user: User = None,
    purpose: Purpose = None,
    reason: Reason = None,
) -> None:
    """Write the rows to a CSV file in which a person can correct them."""
    with in_session(workspace, user, purpose, reason, None) as session:
        into.write_bytes(session.rejects_file(source))
    out.print(
        f"Wrote {into}; correct the column text, then: bluelamp rejects replay {workspace} {source} {into}",
        markup=False,
    )


@rejects.command()
def replay(
    workspace: Folder, source: str, file: Annotated[Path, typer.Argument(help="The corrected CSV file")]
) -> None:
    """Read corrected rows again, and publish."""
    with opened(workspace) as force, bars() as progress:
        outcome = force.replay(source, file, who=getpass.getuser(), progress=progress)
    _print_status(outcome.build)


@app.command()
def issues(
    workspace: Folder,
    source: Annotated[str | None, typer.Argument(help="The source's name; default: all that the purpose opens")] = None,
    property: Annotated[str | None, typer.Option(help="Show the values of this property")] = None,
    code: Annotated[str | None, typer.Option(help="Show the values with this code, such as not_a_date")] = None,
    user: User = None,
    purpose: Purpose = None,
    reason: Reason = None,
) -> None:
    """Values that could not be understood: how many of each kind; with --property or --code the values themselves."""
    with in_session(workspace, user, purpose, reason, None) as session:
        for name in [source] if source else [each.name for each in session.sources() if each.open]:
            for each in session.issue_counts(name):
                if property not in (None, each.property) or code not in (None, each.code):
                    continue
                what = f"{each.record}.{each.property}" if each.property else "row"
                out.print(f"{name} {what} {each.code}: {each.count:,}  {each.message}", markup=False)
                for value in session.issues(name, each.property, each.code) if property or code else ():
                    if value.record == each.record:
                        row = "" if value.row is None else f" row {value.row}"
                        out.print(f"    {value.raw[:200]}  ({value.file}{row})", markup=False)


@user.command()
def password(workspace: Folder, name: str) -> None:
    """Give a declared user a one-time password, to be changed at the first sign-in."""
    with opened(workspace) as force:
        force.user(name)
        out.print(f"{name}: {force.accounts.reset_password(name, by=getpass.getuser())}", markup=False)


@user.command(name="demo")
def demo_users(workspace: Folder) -> None:
    """Give every user of a made-up force a password, and print them. It refuses any other workspace."""
    with opened(workspace) as force:
        if not workspace.with_name(workspace.resolve().name + "-truth").is_dir():
            raise DeclarationError(
                "Only a force made by `bluelamp demo` has demo sign-ins; use `bluelamp user password`."
            )
        table = Table("User", "Who", "Password")
        for each in force.workspace.users.values():
            if not force.accounts.state(each.name).has_password:
                force.accounts.set_password(each.name, DEMO_PASSWORD)
            table.add_row(each.name, each.title, DEMO_PASSWORD)
    out.print(table)


@user.command()
def unlock(workspace: Folder, name: str) -> None:
    """Let a locked-out user try again."""
    with opened(workspace) as force:
        force.user(name)
        force.accounts.unlock(name, by=getpass.getuser())
    out.print(f"{name} may sign in again.", markup=False)


@token.command(name="make")
def make_token(
    workspace: Folder,
    user: User = None,
    purpose: Purpose = None,
    reason: Reason = None,
    case: Case = None,
    label: Annotated[str, typer.Option(help="What will use it")] = "command line",
    days: Annotated[int, typer.Option(help="How long it works")] = 30,
) -> None:
    """Make a token for the API; it is shown once."""
    with in_session(workspace, user, purpose, reason, case) as session:
        print(session.make_token(label, days))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        message = f"{text} is not a day; write it as 2026-01-31."
        raise DeclarationError(message) from None
