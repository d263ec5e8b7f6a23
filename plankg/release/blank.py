"""Blank nodes -> names that are the same in every build, and -> IRIs where a file may hold none.

A blank node is named after what it says and the named things that lead to it, so an axiom added to the
ontology leaves the names of all others as they were. In a release it is written as a Skolem IRI (RDF 1.1
Concepts, section 3.5), which reading the release back turns into the blank node again.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox

SKOLEM: Final = "https://w3id.org/.well-known/genid/plankg/"


def named(triples: Iterable[ox.Triple], graph: str) -> list[ox.Triple]:
    """The triples of one graph with its blank nodes named after their content, whatever their names were."""
    dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    found = [quad.triple for quad in dataset]
    names = _names(found, graph)

    def own(node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> ox.NamedNode | ox.BlankNode:
        return names.get(node, node)  # type: ignore[arg-type]

    return [ox.Triple(own(t.subject), t.predicate, own(t.object)) for t in found]


def skolemized(triple: ox.Triple) -> ox.Triple:
    """The triple with IRIs in the place of blank nodes."""

    def iri(node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> ox.NamedNode:
        return ox.NamedNode(SKOLEM + node.value) if isinstance(node, ox.BlankNode) else node  # type: ignore[return-value]

    if isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode):
        return ox.Triple(iri(triple.subject), triple.predicate, iri(triple.object))
    return triple


def unskolemized(quad: ox.Quad) -> ox.Quad:
    """The quad with the blank nodes that :func:`skolemized` gave IRIs."""

    def blank(node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> ox.BlankNode:
        is_skolem = isinstance(node, ox.NamedNode) and node.value.startswith(SKOLEM)
        return ox.BlankNode(node.value.removeprefix(SKOLEM)) if is_skolem else node  # type: ignore[union-attr,return-value]

    return ox.Quad(blank(quad.subject), quad.predicate, blank(quad.object), quad.graph_name)


def _names(triples: list[ox.Triple], graph: str) -> dict[ox.BlankNode, ox.BlankNode]:
    """Canonical blank node -> the one it is to be called."""
    said: dict[ox.BlankNode, list[ox.Triple]] = defaultdict(list)
    leading: dict[ox.BlankNode, list[ox.NamedNode | ox.BlankNode]] = defaultdict(list)
    for triple in triples:
        if isinstance(triple.subject, ox.BlankNode):
            said[triple.subject].append(triple)
        if isinstance(triple.object, ox.BlankNode):
            assert not isinstance(triple.subject, ox.Triple)
            leading[triple.object].append(triple.subject)

    def content(node: object, above: tuple[object, ...] = ()) -> str:
        if not isinstance(node, ox.BlankNode) or node in above:
            return str(node)
        parts = sorted(f"{t.predicate} {content(t.object, (*above, node))}" for t in said[node])
        return "[" + " ; ".join(parts) + "]"

    def roots(node: ox.BlankNode) -> Iterator[str]:
        seen, ahead = {node}, [node]
        while ahead:
            for subject in leading[ahead.pop()]:
                if isinstance(subject, ox.NamedNode):
                    yield subject.value
                elif subject not in seen:
                    seen.add(subject)
                    ahead.append(subject)

    names: dict[ox.BlankNode, ox.BlankNode] = {}
    taken: dict[str, int] = defaultdict(int)
    for node in sorted({*said, *leading}, key=lambda node: (len(node.value), node.value)):
        key = "\n".join([graph, *sorted(set(roots(node))), content(node)])
        name = "b" + hashlib.sha256(key.encode()).hexdigest()[:16]
        taken[name] += 1
        names[node] = ox.BlankNode(name if taken[name] == 1 else f"{name}-{taken[name]}")
    return names
