"""When each assertion was first and last seen: carried from release to release in the graph ``history``.

An assertion that stays or moves (see :mod:`plankg.release.diff`) keeps the release it was first seen in. One
that went keeps its line with the release it was last seen in, and names its successor when it moved.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from loaders.errors import GraphError, ParameterError
from loaders.namespaces import BASE, PLAN, PREFIXES
from plankg.release.assertions import HISTORY, METADATA, Report, shared
from plankg.release.assertions import reports as reports_of
from plankg.release.diff import compare, side_by_side

FIRST: Final = ox.NamedNode(PLAN + "firstSeen")
LAST: Final = ox.NamedNode(PLAN + "lastSeen")
REPLACED: Final = ox.NamedNode(PREFIXES["dct"] + "isReplacedBy")
VERSION: Final = ox.NamedNode(PREFIXES["dcat"] + "version")
PREVIOUS: Final = ox.NamedNode(PREFIXES["dcat"] + "previousVersion")
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")


def release_iri(name: str) -> str:
    """The IRI of the release of that name.

    Raises :class:`ParameterError` when it is no name: letters, digits, ``.``, ``_`` and ``-``.
    """
    if not _NAME.fullmatch(name):
        raise ParameterError(f"{name!r} cannot name a release: use letters, digits, '.', '_', '-' (2026.11)")
    return f"{BASE}release/{name}"


def release_of(where: Path) -> str:
    """The name of the release in a folder; "" when it was given none."""
    return next((q.object.value for q in shared(where, METADATA) if q.predicate == VERSION), "")  # type: ignore[union-attr]


def history(now: Iterator[Report], release: str, previous: Path | None) -> list[ox.Triple]:
    """The graph ``history`` of a release with the given reports that follows the one in ``previous``.

    Raises :class:`GraphError` when ``previous`` is no named release, or is this one.
    """
    lines: dict[str, list[str]] = {}  # IRI -> first seen, last seen, successor
    before: Iterator[Report] = iter(())
    if previous is not None:
        last = release_of(previous)
        if not last:
            raise GraphError(f"{previous} is not a named release; dump it with --release")
        if last == release:
            raise GraphError(f"{previous} is release {release} itself; give this one another name")
        lines, before = _told(previous), reports_of(previous)
    for report, was, now_ in side_by_side(before, now):
        moved = {c.new: c.old for c in compare(report, was, now_) if c.old and c.new and c.old != c.new}
        for iri in now_:
            first = lines.get(moved.get(iri, iri), [release])[0]
            lines[iri] = [first, release, ""]
        for new, old in moved.items():
            if old in lines:
                lines[old][2] = new
    return [triple for iri in sorted(lines) for triple in _triples(iri, *lines[iri])]


def _told(previous: Path) -> dict[str, list[str]]:
    lines: dict[str, list[str]] = {}
    fields = {FIRST: 0, LAST: 1, REPLACED: 2}
    for quad in shared(previous, HISTORY):
        assert isinstance(quad.subject, ox.NamedNode)
        assert isinstance(quad.object, ox.NamedNode | ox.Literal)
        lines.setdefault(quad.subject.value, ["", "", ""])[fields[quad.predicate]] = quad.object.value
    return lines


def _triples(iri: str, first: str, last: str, successor: str) -> Iterator[ox.Triple]:
    node = ox.NamedNode(iri)
    yield ox.Triple(node, FIRST, ox.Literal(first))
    yield ox.Triple(node, LAST, ox.Literal(last))
    if successor:
        yield ox.Triple(node, REPLACED, ox.NamedNode(successor))
