"""``plankg dump``: graph -> files."""

from pathlib import Path

import click

from plankg import store
from plankg.commands import err, graph_option
from plankg.dump import dump


@click.command(epilog="Example: plankg dump --out dump && cd dump && sha256sum -c SHA256SUMS")
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("dump"),
    show_default=True,
    help="Folder to write to.",
)
@graph_option
def command(folder: Path, graph: Path) -> None:
    """Write the graph as N-Quads and as Turtle, one file a named graph, compressed, with SHA-256 sums.

    The same reports give the same bytes, so that two releases can be compared.
    """
    files = dump(store.open_store(graph), folder)
    err().print(f"{folder}: {len(files)} files")
