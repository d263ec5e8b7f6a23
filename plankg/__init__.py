"""The graph in use: store, build, questions, server, dumps, tables and the ``plankg`` command.

>>> import plankg
>>> g = plankg.open("graph")  # or the URL of an endpoint
>>> g.facts(region="苏州市", indicator="gdp/growth", year=2023)
"""

from pathlib import Path
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from plankg.api import Graph


def open(source: str | Path = "graph") -> "Graph":
    """The graph in a folder or behind a URL; see :func:`plankg.api.open`."""
    from plankg import api  # here, so that the command line starts quickly

    return api.open(source)
