"""``plankg serve``: graph -> SPARQL over HTTP."""

from pathlib import Path

import click

from plankg import store
from plankg.commands import err, graph_option
from plankg.commands.build import run as build
from plankg.server.engine import TIMEOUT
from plankg.server.run import serve, take_port


@click.command(epilog="Example: plankg serve --graph graph --port 7878")
@graph_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=7878, show_default=True, help="0: any free one."
)
@click.option(
    "--timeout",
    type=click.IntRange(min=1),
    default=TIMEOUT,
    show_default=True,
    help="Seconds a query may take.",
)
def command(graph: Path, host: str, port: int, timeout: int) -> None:
    """Serve the graph: a start page at / and SPARQL at /sparql. Ctrl-C stops it.

    Where no graph has been built yet, one is built from the five bundled seeds first. A graph built later
    takes over without a restart.
    """
    console = err()
    taken = take_port(host, port)
    if store.current(graph) is None:
        console.print(f"no graph in {graph} yet; building one from the bundled seeds")
        build((), graph)
    serve(
        graph, taken, lambda url: console.print(f"serving {graph} at {url} (SPARQL at {url}sparql)"), timeout
    )
