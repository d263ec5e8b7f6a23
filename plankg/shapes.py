"""Shapes as queries: each constraint of ``ontology/shapes.ttl`` becomes one SPARQL query over the store.

A general SHACL engine looks at one node at a time, which takes minutes on a graph of a million triples; the
store answers the same question for all nodes at once. The part of SHACL that the shapes use is the table
:data:`TEMPLATES`; anything else is refused, so that no constraint is passed over in silence. That the two
ways find the same is tested with pyshacl.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import rdflib
from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from loaders.errors import OntologyError
from loaders.resources import folder

Severity = Literal["violation", "warning"]


@dataclass(frozen=True, slots=True)
class Constraint:
    """One thing that must hold. ``query`` selects what breaks it: ``?this``, and ``?value`` where one is to
    blame."""

    name: str  #: of the shape or rule
    message: str
    message_zh: str
    severity: Severity
    query: str


#: SHACL parameter -> what to look for; ``%p`` is the path, ``%a`` the parameter as a term. ``{?this a
#: ...}`` comes first.
TEMPLATES: Final[dict[Node, str]] = {
    SH["class"]: "?this %p ?value FILTER NOT EXISTS { ?value a %a } "
    "FILTER NOT EXISTS { ?value a/rdfs:subClassOf+ %a }",
    SH.datatype: "?this %p ?value FILTER (!ISLITERAL(?value) || DATATYPE(?value) != %a)",
    SH.hasValue: "FILTER NOT EXISTS { ?this %p %a }",
    SH.lessThan: "?this %p ?value ; %a ?bound FILTER (!COALESCE(?value < ?bound, false))",
    SH.lessThanOrEquals: "?this %p ?value ; %a ?bound FILTER (!COALESCE(?value <= ?bound, false))",
    SH.maxExclusive: "?this %p ?value FILTER (!COALESCE(?value < %a, false))",
    SH.maxInclusive: "?this %p ?value FILTER (!COALESCE(?value <= %a, false))",
    SH.minExclusive: "?this %p ?value FILTER (!COALESCE(?value > %a, false))",
    SH.minInclusive: "?this %p ?value FILTER (!COALESCE(?value >= %a, false))",
    SH.minLength: "?this %p ?value FILTER (STRLEN(STR(?value)) < %a)",
    SH.pattern: "?this %p ?value FILTER (!REGEX(STR(?value), %a))",
    SH["in"]: "?this %p ?value FILTER (?value NOT IN (%a))",
    SH.uniqueLang: '?this %p ?value , ?other FILTER (LANG(?value) != "" && LANG(?value) = LANG(?other) '
    "&& STR(?value) < STR(?other))",
}
_OTHER: Final = {SH.path, SH.message, SH.severity, SH.minCount, SH.maxCount}
_PREFIXES: Final = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"


def constraints(path: Path | None = None) -> tuple[Constraint, ...]:
    """Every constraint of a shapes file (default: the bundled one), in the order of their shapes' names.

    Raises :class:`OntologyError` when the file is missing, is not Turtle or uses SHACL beyond
    :data:`TEMPLATES`.
    """
    file = path or folder("ontology") / "shapes.ttl"
    try:
        graph = Graph().parse(file, format="turtle")
    except (OSError, SyntaxError) as error:
        raise OntologyError(f"{file} cannot be read as Turtle: {error}") from None
    found: list[Constraint] = []
    for shape in sorted(graph.subjects(RDF.type, SH.NodeShape), key=str):
        targets = sorted(_iri(target) for target in graph.objects(shape, SH.targetClass))
        if not targets:
            raise OntologyError(f"the shape {shape} has no sh:targetClass")
        for property_shape in graph.objects(shape, SH.property):
            found.extend(_core(graph, shape, targets, property_shape))
        found.extend(_sparql(graph, shape, targets, rule) for rule in graph.objects(shape, SH.sparql))
    return tuple(sorted(found, key=lambda c: (c.name, c.message, c.query)))


def _core(graph: Graph, shape: Node, targets: list[str], node: Node) -> Iterator[Constraint]:
    path = graph.value(node, SH.path)
    if not isinstance(path, URIRef):
        raise OntologyError(f"the shape {shape} has a property shape whose path is not one property")
    bodies = [
        _filled(graph, shape, parameter, path, value)
        for parameter, value in sorted(graph.predicate_objects(node), key=str)
        if parameter not in _OTHER
    ]
    least, most = graph.value(node, SH.minCount), graph.value(node, SH.maxCount)
    if least is not None and int(str(least)) > 0:
        bodies.append(_counted(targets, path, f"< {int(str(least))}"))
    if most is not None:
        bodies.append(_counted(targets, path, f"> {int(str(most))}"))
    for body in bodies:
        query = f"{_PREFIXES}SELECT DISTINCT ?this ?value WHERE {{ {_target(targets)} {body} }}"
        yield _constraint(graph, shape, node, query)


def _filled(graph: Graph, shape: Node, parameter: Node, path: URIRef, value: Node) -> str:
    template = TEMPLATES.get(parameter)
    if template is None:
        raise OntologyError(f"the shape {shape} uses {parameter}, which is not in the table of shapes.py")
    terms = Collection(graph, value) if isinstance(value, BNode) else [value]
    return template.replace("%p", path.n3()).replace("%a", ", ".join(term.n3() for term in terms))


def _counted(targets: list[str], path: URIRef, comparison: str) -> str:
    if comparison == "< 1":
        return f"FILTER NOT EXISTS {{ ?this {path.n3()} ?one }}"
    if comparison == "> 0":
        return f"?this {path.n3()} ?value"
    if comparison == "> 1":
        return f"?this {path.n3()} ?value , ?other FILTER (!SAMETERM(?value, ?other))"
    counted = f"{_target(targets)} OPTIONAL {{ ?this {path.n3()} ?one }}"
    return (
        f"{{ SELECT ?this (COUNT(DISTINCT ?one) AS ?value) WHERE {{ {counted} }}"
        f" GROUP BY ?this HAVING (COUNT(DISTINCT ?one) {comparison}) }}"
    )


def _sparql(graph: Graph, shape: Node, targets: list[str], rule: Node) -> Constraint:
    text = str(graph.value(rule, SH.select))
    head, where, body = text.partition("WHERE {")
    if not where:
        raise OntologyError(f"a query of the shape {shape} has no WHERE clause")
    declared = (
        (graph.value(d, SH.prefix), graph.value(d, SH.namespace))
        for prefixes in graph.objects(rule, SH.prefixes)
        for d in graph.objects(prefixes, SH.declare)
    )
    prefixes = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in sorted(declared, key=str))
    query = f"{prefixes}{head}WHERE {{ {_target(targets)} {body}".replace("$this", "?this")
    return _constraint(graph, shape, rule, query)


def _target(targets: list[str]) -> str:
    if len(targets) == 1:
        return f"?this a <{targets[0]}> ."
    return f"?this a ?target . FILTER (?target IN ({', '.join(f'<{iri}>' for iri in targets)})) "


def _constraint(graph: Graph, shape: Node, node: Node, query: str) -> Constraint:
    messages = {
        str(m.language): str(m) for m in graph.objects(node, SH.message) if isinstance(m, rdflib.Literal)
    }
    severity: Severity = "warning" if graph.value(node, SH.severity) == SH.Warning else "violation"
    if {"en", "zh"} - set(messages):
        raise OntologyError(f"a constraint of the shape {shape} lacks its message in English or Chinese")
    return Constraint(str(shape).rpartition("/")[2], messages["en"], messages["zh"], severity, query)


def _iri(node: Node) -> str:
    assert isinstance(node, URIRef)
    return str(node)
