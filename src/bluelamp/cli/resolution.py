"""`bluelamp resolution`: learn the model by which records are joined, and measure how well it joins."""

import getpass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from bluelamp.cli.shell import Folder, Json, bars, opened, out

resolution = typer.Typer(
    help="Which records are one person: learn a model, and measure how well it joins.", no_args_is_help=True
)


@resolution.command()
def train(workspace: Folder, kind: Annotated[str, typer.Option("--type", help="The object type")] = "Person") -> None:
    """Learn the model of a type anew from its records, without labels, and keep it in the workspace for review."""
    with opened(workspace) as force, bars() as progress:
        model, path = force.train(kind, getpass.getuser(), progress)
    out.print(
        f"Wrote {path}, learned from {model.records:,} records. Review it; the next run joins by it.", markup=False
    )
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
    truth: Annotated[Path, typer.Option(help="Parquet or CSV: entity, and source and key, or source, file and row")],
    kind: Annotated[str, typer.Option("--type", help="The object type")] = "Person",
    by: Annotated[list[str] | None, typer.Option(help="A column of the file, or a property, to measure by")] = None,
    as_json: Json = False,
) -> None:
    """Join what was taken in, without publishing, and measure it against what is true, group by group."""
    with opened(workspace) as force, bars() as progress:
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
    for name, (_, recall) in found.gaps().items():
        out.print(f"By {name} recall differs by {recall.share:.4f} ± {recall.within:.4f}.", markup=False)
    out.print(f"Wrote {path}", markup=False)
