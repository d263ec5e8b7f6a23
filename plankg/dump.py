"""Graph -> files: sorted N-Quads of the whole and Turtle of each named graph, compressed, with their
checksums.

The same graph gives the same bytes: quads are sorted, and the files carry no time.
"""

import gzip
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from loaders.errors import GraphError
from loaders.namespaces import GRAPH, PREFIXES

CHECKSUMS: Final = "SHA256SUMS"


def dump(store: ox.Store, folder: Path) -> tuple[Path, ...]:
    """Writes ``plankg.nq.gz``, ``turtle/{graph}.ttl.gz`` and ``SHA256SUMS`` into ``folder``; returns the
    files.

    Raises :class:`GraphError` when the folder cannot be written.
    """
    try:
        return tuple(_write(store, folder))
    except OSError as error:
        raise GraphError(f"{folder} cannot be written: {error.strerror or error}") from None


def graph_name(graph: ox.NamedNode) -> str:
    """The file name of a named graph: ``report/suzhou-plan-2023`` -> ``report-suzhou-plan-2023``."""
    return graph.value.removeprefix(GRAPH).replace("/", "-")


def _write(store: ox.Store, folder: Path) -> Iterator[Path]:
    (folder / "turtle").mkdir(parents=True, exist_ok=True)
    graphs = sorted((g for g in store.named_graphs() if isinstance(g, ox.NamedNode)), key=lambda g: g.value)
    sums = []
    whole = folder / "plankg.nq.gz"
    with _gzip(whole) as lines:
        for graph in graphs:
            quads = sorted(store.quads_for_pattern(None, None, None, graph), key=str)
            lines.write(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
            turtle = folder / "turtle" / f"{graph_name(graph)}.ttl.gz"
            triples = [quad.triple for quad in quads]
            with _gzip(turtle) as file:
                file.write(ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=dict(PREFIXES)) or b"")
            sums.append(turtle)
    yield from (whole, *sums)
    checksums = folder / CHECKSUMS
    lines_of_sums = (f"{_sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in (whole, *sums))
    checksums.write_text("".join(lines_of_sums), "ascii", newline="\n")
    yield checksums


def _gzip(path: Path) -> gzip.GzipFile:
    """A compressed file without name and time in its header, so that its bytes depend on its content
    alone."""
    return gzip.GzipFile(filename="", mode="wb", fileobj=path.open("wb"), mtime=0)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
