"""The subcommands of ``plankg``, and the options and helpers they share."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console

F = TypeVar("F", bound=Callable[..., Any])


def graph_option(function: F) -> F:
    """``--graph DIR``, or the variable PLANKG_GRAPH, or the folder ``graph``."""
    return click.option(
        "--graph",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("graph"),
        envvar="PLANKG_GRAPH",
        show_default=True,
        show_envvar=True,
        help="Folder of the built graph.",
    )(function)


def out() -> Console:
    """Standard output."""
    return Console(file=sys.stdout, highlight=False, soft_wrap=False)


def err() -> Console:
    """Standard error: progress and remarks, so that output can be piped."""
    return Console(file=sys.stderr, highlight=False, soft_wrap=True)
