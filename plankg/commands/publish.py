"""``plankg publish``: graph -> a SPARQL store elsewhere."""

from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar

from loaders.namespaces import GRAPH
from plankg import store
from plankg.commands import err, graph_option
from plankg.publish import BATCH, publish, state_file, target


@click.command(epilog="Example: plankg publish http://127.0.0.1:7878/store --graph graph")
@click.argument("url")
@click.option(
    "--sparql", default="", metavar="URL", help="Where the store answers queries, if not beside it."
)
@click.option("--user", default="", envvar="PLANKG_PUBLISH_USER", show_envvar=True, help="Who may write.")
@click.option(
    "--password", default="", envvar="PLANKG_PUBLISH_PASSWORD", show_envvar=True, help="Of the user."
)
@click.option(
    "--token",
    default="",
    envvar="PLANKG_PUBLISH_TOKEN",
    show_envvar=True,
    help="Bearer token that may write.",
)
@click.option(
    "--batch", type=click.IntRange(min=1), default=BATCH, show_default=True, help="Triples a request."
)
@click.option("--prune", is_flag=True, help="Delete graphs of plankg there that this graph does not have.")
@click.option("--fresh", is_flag=True, help="Send all, whatever was sent before.")
@click.option(
    "--state", type=click.Path(dir_okay=False, path_type=Path), help="State file (default: in GRAPH)."
)
@graph_option
def command(
    url: str,
    sparql: str,
    user: str,
    password: str,
    token: str,
    batch: int,
    prune: bool,
    fresh: bool,
    state: Path | None,
    graph: Path,
) -> None:
    """Send the graph to the SPARQL 1.1 store whose Graph Store Protocol is at URL, and verify the counts.

    A publish that was stopped goes on where it stopped; a later one sends only named graphs that changed.
    """
    to = target(url, sparql, user, password, token)
    opened, kept = store.open_store(graph), state or state_file(graph, url)
    if fresh:
        kept.unlink(missing_ok=True)
    console = err()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("publishing")

        def on_batch(name: str, there: int, triples: int) -> None:
            short = name.removeprefix(GRAPH)
            bar.update(task, description=short, completed=there, total=triples)
            if not console.is_terminal and there == triples:
                console.print(f"{short}: {triples:,} triples", markup=False)

        done = publish(opened, to, kept, batch=batch, prune=prune, on_batch=on_batch)
    console.print(f"{url}: {done.graphs} graphs, {done.triples:,} triples, verified", markup=False)
    for other in done.others:
        console.print(f"{other} is there and not in this graph (--prune deletes it)", markup=False)
