"""The graph folder: where the built store lies, how a new one takes its place, how it is opened for reading.

    graph/CURRENT               the number of the generation in use, one line
    graph/generations/000007/   one whole store each; the one in use and the one before it are kept
    graph/cache/                what was read from each report, so that an unchanged one is not read again
    graph/LOCK                  held by the one build that may run at a time

A build writes a new generation and then replaces ``CURRENT`` in one step, so a reader, and a build killed
at any moment, only ever see a whole generation. No symbolic links, so that it works on every file system.
"""

import os
import re
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import Store

from loaders.errors import GraphError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_NUMBER = re.compile(r"\d{6}")


def current(graph: Path) -> Path | None:
    """The folder of the generation in use, or None when nothing has been built there yet."""
    try:
        number = (graph / "CURRENT").read_text("ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    folder = graph / "generations" / number
    if not _NUMBER.fullmatch(number) or not folder.is_dir():
        raise GraphError(
            f"{graph} is damaged: its file CURRENT names no generation; run `plankg build` again"
        )
    return folder


def open_store(graph: Path) -> Store:
    """The built store, read-only.

    Raises :class:`GraphError` when the folder holds no graph.
    """
    folder = current(graph)
    if folder is None:
        raise missing(graph)
    try:
        return Store.read_only(str(folder))
    except (OSError, RuntimeError) as error:
        raise GraphError(f"the graph in {folder} cannot be opened: {one_line(error)}") from None


def missing(graph: Path) -> GraphError:
    """The error that says how to build a graph where there is none."""
    return GraphError(f"no graph in {graph}; build one with `plankg build --graph {graph}`")


@contextmanager
def new_generation(graph: Path) -> Iterator[Path]:
    """A fresh folder to build a store in, put in use when the block ends without an error.

    Whatever an earlier build left unfinished is cleared away first. Raises :class:`GraphError` when another
    build is running on this graph folder, or when the folder cannot be written.
    """
    try:
        (graph / "generations").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GraphError(f"{graph} cannot be used as a graph folder: {error.strerror}") from None
    with _lock(graph):
        before = _current_or_none(graph)
        kept = before.name if before else ""
        for leftover in _generations(graph):
            if leftover.name > kept:
                shutil.rmtree(leftover, ignore_errors=True)
        folder = graph / "generations" / _next_name(graph)
        folder.mkdir()
        try:
            yield folder
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        _replace(graph / "CURRENT", folder.name + "\n")
        for old in _generations(graph):
            if old.name < kept:
                shutil.rmtree(old, ignore_errors=True)


def one_line(error: BaseException) -> str:
    """An error's message on one line, at most 300 characters."""
    return " ".join(str(error).split())[:300]


def _current_or_none(graph: Path) -> Path | None:
    try:
        return current(graph)
    except GraphError:  # damaged: the build mends it
        return None


def _generations(graph: Path) -> list[Path]:
    return sorted(p for p in (graph / "generations").iterdir() if _NUMBER.fullmatch(p.name))


def _next_name(graph: Path) -> str:
    return f"{max((int(p.name) for p in _generations(graph)), default=0) + 1:06d}"


def _replace(path: Path, text: str) -> None:
    """Replaces a small file in one step, so that a reader sees the old or the new one."""
    beside = path.with_name(path.name + ".new")
    with beside.open("w", encoding="ascii", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    for patience in (0.05, 0.2, 1.0, 0.0):
        try:
            beside.replace(path)
            return
        except PermissionError:  # Windows, while a reader has the old file open
            if not patience:
                raise
            time.sleep(patience)


@contextmanager
def _lock(graph: Path) -> Iterator[None]:
    """Holds the graph folder for one build; the system lets go of it when the process ends, however it
    ends."""
    with (graph / "LOCK").open("a+b") as file:
        try:
            if sys.platform == "win32":
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise GraphError(f"another build is running on {graph}") from None
        yield
