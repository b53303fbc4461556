"""`bluelamp resolution`: learn the model by which records are joined, and measure how well it joins."""

import getpass
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from bluelamp.cli.shell import Case, Folder, Json, Purpose, Reason, User, bars, in_session, opened, out

resolution = typer.Typer(
    help="Which records are one person: learn a model, and measure how well it joins.", no_args_is_help=True
)


@resolution.command()
def train(workspace: Folder, kind: Annotated[str, typer.Option("--type", help="The object type")] = "Person") -> None:
    """Learn the model of a type anew from its records and from what people decided, and keep it for review."""
    with opened(workspace) as force, bars() as progress:
        model, path = force.train(kind, getpass.getuser(), progress)
    labels = model.chances.corrections.labels
    judged = f", corrected by {labels:,} decisions" if labels else ""
    learned = f"Wrote {path}, learned from {model.records:,} records{judged}. Review it; the next run joins by it."
    out.print(learned, markup=False)
    _print_bands(model)


def _print_bands(model: Any) -> None:
    table = Table("Joined from", "Expected wrong", "Expected missed", title="What joining from a probability on costs")
    for cost in model.costs:
        chosen = " (chosen)" if cost.join == model.bands.join else ""
        table.add_row(f"{cost.join:.3f}{chosen}", f"{cost.wrong:.2%}", f"{cost.missed:.2%}")
    out.print(table)
    out.print(f"From {model.bands.judge} to {model.bands.join} a person judges.", markup=False)


@resolution.command()
def evaluate(
    workspace: Folder,
    truth: Annotated[
        Path | None, typer.Option(help="Parquet or CSV: entity, and source and key, or source, file and row")
    ] = None,
    judged: Annotated[
        bool, typer.Option("--judged", help="Instead: by what people said of the sample in Review")
    ] = False,
    kind: Annotated[str, typer.Option("--type", help="The object type")] = "Person",
    by: Annotated[list[str] | None, typer.Option(help="A column of the file, or a property, to measure by")] = None,
    as_json: Json = False,
) -> None:
    """Measure how well records are joined, group by group: against a file of what is true, or by a judged sample.

    With --truth what was taken in is joined anew, without publishing. With --judged it is the published build.
    """
    if judged == (truth is not None):
        raise typer.BadParameter("Give a file by --truth, or --judged.")
    with opened(workspace) as force, bars() as progress:
        if truth is None:
            found, path = force.estimate(kind, by or (), getpass.getuser())
        else:
            found, path = force.evaluate(kind, truth, by or (), getpass.getuser(), progress)
    if as_json:
        print(path.read_text("utf-8"))
        return
    table = Table("Group", "Records", "Precision", "Recall", title=f"{kind}, within 95% intervals")
    for each in found.groups:
        name = f"{each.by}: {each.name}" if each.by else "All"
        shares = (f"{share.share:.4f} ± {share.within:.4f}" for share in (each.precision, each.recall))
        table.add_row(name, f"{each.records:,}", *shares)
    out.print(table)
    if not found.model:
        out.print(f"No model joins records of {kind}: this is what keys and writing do alone.", markup=False)
    if found.pairs:
        said = f"precision {found.pairs.precision:.4f}, recall {found.pairs.recall:.4f}, F1 {found.pairs.f1:.4f}"
        out.print(f"Of the pairs of all records: {said}.", markup=False)
    for name, (_, recall) in found.gaps().items():
        out.print(f"By {name} recall differs by {recall.share:.4f} ± {recall.within:.4f}.", markup=False)
    if found.unknown:
        rows = f"{found.unknown:,} rows of {found.truth} are not counted: "
        out.print(f"{rows}they are of no record of {kind}, or of several of one key.", markup=False)
    if found.sample is not None:
        out.print(f"From {found.truth}. {_counts(found.sample)}", markup=False)
    out.print(f"Wrote {path}", markup=False)


def _counts(sample: Any) -> str:
    kinds = ("joined pairs", sample.joined), ("doubts", sample.doubted)
    said = [f"of {each.pairs:,} {what} {each.same:,} are the same, {each.unsure:,} unclear" for what, each in kinds]
    more = f" {sample.beyond:,} more do not count yet: a pair before them is not judged." if sample.beyond else ""
    return f"Judged without a gap: {'; '.join(said)}.{more} What is missed below the band for people is not in it."


@resolution.command()
def explain(
    workspace: Folder,
    one: Annotated[str, typer.Argument(help="The id of an object or a record")],
    other: Annotated[str, typer.Argument(help="The id of another")],
    user: User = None,
    purpose: Purpose = None,
    reason: Reason = None,
    case: Case = None,
    as_json: Json = False,
) -> None:
    """What speaks for and against two records being one, property by property, as far as you may see both."""
    from bluelamp.session.plain import plain

    with in_session(workspace, user, purpose, reason, case) as session:
        found = session.compare(*session.between(one, other))
    if as_json:
        print(json.dumps(plain(found)))
        return
    out.print(
        f"{found.left.caption} ({found.left.record}) and {found.right.caption} ({found.right.record})", markup=False
    )
    out.print("The published build has them as one." if found.one else "They are two in the published build.")
    for each in found.decisions:
        out.print(f"Decided by {each.user}: {each.verdict} ({each.reason})", markup=False)
    if found.weighed is None:
        out.print("No model weighs them: only keys, writing or people join records of this type.")
        return
    table = Table("Property", "One", "Other", "How they agree", "Bits")
    table.columns[-1].justify = "right"
    for scale in found.weighed.scales:
        table.add_row(scale.label, ", ".join(scale.left), ", ".join(scale.right), scale.level, f"{scale.bits:+.1f}")
    out.print(table)
    out.print(f"Probability that they are one: {found.weighed.probability:.4f}", markup=False)
