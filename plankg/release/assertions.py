"""What a graph or a release states, report by report, in a form that two of them can be compared by."""

import gzip
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from loaders.errors import GraphError
from loaders.namespaces import BASE, GRAPH, PLAN, PREFIXES
from plankg import store
from plankg.results import shorten
from plankg.store import one_line

WHOLE: Final = "plankg.nq.gz"  #: the file of a release that holds all of it
REPORTS: Final = GRAPH + "report/"
HISTORY: Final = GRAPH + "history"
METADATA: Final = GRAPH + "metadata"
KINDS: Final = ("statement", "measure", "project-statement")
_SUBJECTS: Final = tuple(f"{BASE}{kind}/" for kind in KINDS)
_TYPE: Final = PREFIXES["rdf"] + "type"


@dataclass(frozen=True, slots=True)
class Assertion:
    """One statement, measure or statement on a project: its IRI and what is said of it, by the local name of
    the property (``value``, ``indicator``; ``type`` its classes), things by their short IRI, in order."""

    iri: str
    fields: Mapping[str, tuple[str, ...]]

    @property
    def kind(self) -> str:
        """``statement``, ``measure`` or ``project-statement``."""
        return self.iri.removeprefix(BASE).partition("/")[0]

    def first(self, field: str) -> str:
        """The field's first value, or ""."""
        return next(iter(self.fields.get(field, ())), "")


Report = tuple[str, dict[str, Assertion]]  #: IRI of a report's named graph, its assertions by their IRI


def reports(where: Path) -> Iterator[Report]:
    """The reports of a graph folder or of a release folder, in the order of their names; one is held at a
    time.

    Raises :class:`GraphError` when the folder is neither.
    """
    for graph, quads in _graphs(where, (REPORTS,)):
        yield graph, assertions(quads)


def shared(where: Path, graph: str) -> list[ox.Quad]:
    """The quads of one shared graph (:data:`HISTORY`, :data:`METADATA`) of a graph or release folder."""
    return [quad for _, quads in _graphs(where, (graph,)) for quad in quads]


def assertions(quads: Iterable[ox.Quad]) -> dict[str, Assertion]:
    """The assertions among the quads of one report."""
    fields: dict[str, dict[str, list[str]]] = {}
    for quad in quads:
        subject = quad.subject
        if isinstance(subject, ox.NamedNode) and _is_assertion(subject.value):
            name = quad.predicate.value
            name = "type" if name == _TYPE else name.removeprefix(PLAN) if PLAN in name else shorten(name)
            fields.setdefault(subject.value, {}).setdefault(name, []).append(_text(quad.object))
    return {
        iri: Assertion(iri, {name: tuple(sorted(values)) for name, values in of_one.items()})
        for iri, of_one in fields.items()
    }


def _is_assertion(iri: str) -> bool:
    return iri.startswith(_SUBJECTS) and "#" not in iri


def _text(node: object) -> str:
    assert isinstance(node, ox.NamedNode | ox.BlankNode | ox.Literal)
    return shorten(node.value) if isinstance(node, ox.NamedNode) else node.value


# ---- either kind of folder -----------------------------------------------------------------------


def _graphs(where: Path, prefixes: tuple[str, ...]) -> Iterator[tuple[str, list[ox.Quad]]]:
    """The named graphs whose IRI begins with one of ``prefixes``, by name, with their quads."""
    if (where / WHOLE).is_file():
        yield from _in_release(where / WHOLE, prefixes)
    elif (where / "CURRENT").is_file():
        opened = store.open_store(where)
        names = sorted(g.value for g in opened.named_graphs() if isinstance(g, ox.NamedNode))
        for name in names:
            if name.startswith(prefixes):
                yield name, list(opened.quads_for_pattern(None, None, None, ox.NamedNode(name)))
    else:
        raise GraphError(f"{where} is neither a graph that was built nor a release that was dumped")


def _in_release(file: Path, prefixes: tuple[str, ...]) -> Iterator[tuple[str, list[ox.Quad]]]:
    try:
        with gzip.open(file) as lines:
            for graph, of_graph in groupby(lines, _graph_of):
                if graph.startswith(prefixes):
                    yield graph, list(ox.parse(b"".join(of_graph), format=ox.RdfFormat.N_QUADS))
    except (OSError, EOFError, SyntaxError, ValueError) as error:
        raise GraphError(f"{file} cannot be read: {one_line(error)}") from None


def _graph_of(line: bytes) -> str:
    return line[line.rfind(b"<") + 1 : line.rfind(b">")].decode()
