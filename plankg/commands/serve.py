"""``plankg serve``: graph -> SPARQL over HTTP."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from plankg import store
from plankg.commands import err, graph_option
from plankg.commands.build import run as build
from plankg.server.run import serve, take_port
from plankg.server.settings import Setting, Settings, all_settings


def settings_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """An option for each of :class:`Settings`."""
    for setting in reversed(all_settings()):
        function = click.option(setting.option, setting.name, **_option(setting))(function)
    return function


def _option(setting: Setting) -> dict[str, Any]:
    about = setting.about + (f" [{setting.unit}]" if setting.unit else "")
    default = setting.default
    if isinstance(default, bool):
        return {"is_flag": True, "help": about}
    if isinstance(default, tuple):
        return {"multiple": True, "metavar": "URL" if "service" in setting.name else "ADDRESS", "help": about}
    if isinstance(default, str):
        return {"default": "", "metavar": "TEXT", "help": about}
    least = 0 if setting.name in _MAY_BE_0 else 1
    kind: click.IntRange | click.FloatRange = click.IntRange(min=least)
    if isinstance(default, float):
        kind = click.FloatRange(min=0, min_open=setting.name not in _MAY_BE_0)
    return {"type": kind, "default": default, "show_default": True, "help": about}


_MAY_BE_0 = frozenset(("rate", "queue", "rows", "cache", "cached_bytes", "max_age", "linger", "held_bytes"))


@click.command(epilog="Example: plankg serve --graph graph --port 7878")
@graph_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=7878, show_default=True, help="0: any free one."
)
@settings_options
def command(graph: Path, host: str, port: int, **chosen: Any) -> None:
    """Serve the graph: a start page at / and SPARQL at /sparql. Ctrl-C stops it.

    Where no graph has been built yet, one is built from the five bundled seeds first. A graph built later
    takes over without a restart. docs/endpoint.md explains each setting.
    """
    console = err()
    taken = take_port(host, port)
    if store.current(graph) is None:
        console.print(f"no graph in {graph} yet; building one from the bundled seeds")
        build((), graph)
    serve(
        graph,
        taken,
        lambda url: console.print(f"serving {graph} at {url} (SPARQL at {url}sparql)"),
        Settings(**chosen),
    )
