"""Release folder -> store: the graph it was dumped from, checked against its checksums."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from loaders.errors import GraphError
from plankg.release import blank
from plankg.release.assertions import WHOLE
from plankg.release.description import sha256
from plankg.release.dump import CHECKSUMS
from plankg.store import one_line


def load(store: ox.Store, folder: Path) -> None:
    """Loads the whole of a release that has been verified into an empty store.

    Raises :class:`GraphError` when its file cannot be read.
    """
    try:
        with gzip.open(folder / WHOLE) as lines:
            store.bulk_extend(_quads(cast(IO[bytes], lines)))
    except (OSError, EOFError, SyntaxError, ValueError) as error:
        raise GraphError(f"{folder / WHOLE} cannot be read: {one_line(error)}") from None


def verify(folder: Path) -> None:
    """Checks every file of a release against ``SHA256SUMS``.

    Raises :class:`GraphError` that names the first file that is missing or different.
    """
    try:
        lines = (folder / CHECKSUMS).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise GraphError(f"{folder} is no release: it has no {CHECKSUMS}") from None
    sums = {name: digest for digest, gap, name in (line.partition("  ") for line in lines) if gap}
    if WHOLE not in sums:
        raise GraphError(f"{folder} is no release: its {CHECKSUMS} does not name {WHOLE}")
    for name, digest in sums.items():
        if not (folder / name).is_file():
            raise GraphError(f"{folder} is damaged: {name} is missing")
        if sha256(folder / name) != digest:
            raise GraphError(f"{folder} is damaged: {name} is not what {CHECKSUMS} says")


def _quads(lines: IO[bytes]) -> Iterator[ox.Quad]:
    return (blank.unskolemized(quad) for quad in ox.parse(lines, format=ox.RdfFormat.N_QUADS))
