"""``plankg dump``: graph -> release folder."""

from pathlib import Path

import click

from plankg import store
from plankg.commands import err, graph_option
from plankg.release.dump import dump


@click.command(epilog="Example: plankg dump --out 2026.11 --release 2026.11 --previous 2026.10")
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("dump"),
    show_default=True,
    help="Folder to write to; a release that is there is replaced.",
)
@click.option(
    "--release",
    default="",
    metavar="NAME",
    help="Name of this release, such as 2026.11; statements then say since which release they are there.",
)
@click.option(
    "--previous",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the release before this one.",
)
@graph_option
def command(folder: Path, release: str, previous: Path | None, graph: Path) -> None:
    """Write the graph as a release: N-Quads, Turtle, one Turtle a report, ontology, code lists, JSON-LD
    context, description (DCAT, VoID), README and SHA-256 sums.

    The same reports give the same bytes, so that two releases can be compared line by line.
    """
    files = dump(store.open_store(graph), folder, release, previous)
    err().print(f"{folder}: {len(files)} files")
