"""Triples -> Turtle for people and for ``diff``: one line a triple, grouped by subject, reports in their
own order.

    <statement/zhonglou-plan-2023/5346>
        a plan:Assertion , plan:Statement , plan:Target , prov:Entity , qb:Observation ;
        plan:indicator <indicator/gdp/growth> ;
        plan:value "5"^^xsd:decimal ;
        .

Prefixes and base are the same in every file, and no line depends on the one after it, so that a triple that
comes or goes is one line of a diff.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import pyoxigraph as ox

from loaders.namespaces import BASE, PLAN, PREFIXES

#: What a reader looks for first; what is not named follows by its IRI.
FIRST: Final = {
    "rdf": ("type",),
    "rdfs": ("label",),
    "skos": ("prefLabel", "altLabel"),
    "dct": ("title", "description"),
    "plan": (
        *("statedIn", "indicator", "project", "status", "action", "object", "region", "year", "period"),
        *("inPlan", "comparator", "value", "low", "high", "unit", "investment", "printed", "quote"),
        *("inSection", "start", "end", "evidence"),
    ),
}
_TYPE: Final = PREFIXES["rdf"] + "type"
_START: Final = PLAN + "start"
_END: Final = PLAN + "end"
_XSD: Final = PREFIXES["xsd"]
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
_UNRESOLVED = re.compile(r"(?:^|/)\.{0,2}/|(?:^|/)\.{1,2}$|^[^/?#]*:|^$|^//")  #: what resolving would change
_DECIMAL = re.compile(r"[+-]?[0-9]*\.[0-9]+")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_RANK: Final = {
    iri: number
    for number, iri in enumerate(PREFIXES[prefix] + name for prefix, names in FIRST.items() for name in names)
}

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def header(prefixes: Mapping[str, str] = PREFIXES) -> str:
    """The lines every file begins with."""
    lines = [f"@base <{BASE}> .", *(f"@prefix {name}: <{prefixes[name]}> ." for name in sorted(prefixes))]
    return "\n".join(lines) + "\n"


def blocks(triples: Iterable[ox.Triple], prefixes: Mapping[str, str] = PREFIXES) -> Iterator[str]:
    """One block of lines a subject, in the order of :func:`in_order`."""
    names = {start: name for name, start in prefixes.items()}
    for subject, of_subject in in_order(triples):
        lines = [_term(subject, names)]
        types = [t.object for t in of_subject if t.predicate.value == _TYPE]
        if types:
            lines.append(f"    a {' , '.join(_term(kind, names) for kind in types)} ;")
        for triple in of_subject[len(types) :]:
            lines.append(f"    {_term(triple.predicate, names)} {_term(triple.object, names)} ;")
        yield "\n".join([*lines, "    .\n"])


def in_order(triples: Iterable[ox.Triple]) -> list[tuple[ox.NamedNode, list[ox.Triple]]]:
    """Subjects with their triples: what has no place in a text first, by its IRI, then what has, by its
    place; a node's own parts (``#evidence``) follow it. Within a subject types and labels come first."""
    subjects: dict[str, list[ox.Triple]] = defaultdict(list)
    places: dict[str, tuple[int, int]] = {}
    for triple in triples:
        assert isinstance(triple.subject, ox.NamedNode), "blank nodes are to have names by now"
        subjects[triple.subject.value].append(triple)
    for iri, of_subject in subjects.items():
        numbers = {t.predicate.value: t.object.value for t in of_subject if isinstance(t.object, ox.Literal)}
        if _START in numbers:
            places[iri] = int(numbers[_START]), int(numbers.get(_END, "0"))

    def place(iri: str) -> tuple[int, int, str, str]:
        whole = iri.partition("#")[0]
        return (*places.get(whole, (-1, -1)), whole, iri)

    return [(ox.NamedNode(iri), sorted(subjects[iri], key=_place)) for iri in sorted(subjects, key=place)]


def _place(triple: ox.Triple) -> tuple[int, str, bool, str]:
    predicate, value = triple.predicate.value, str(triple.object)
    foreign = predicate == _TYPE and not value.startswith("<" + PLAN)
    return _RANK.get(predicate, len(_RANK)), predicate, foreign, value


def _term(node: Node, names: Mapping[str, str]) -> str:
    if isinstance(node, ox.NamedNode):
        return _iri(node.value, names)
    assert isinstance(node, ox.Literal)
    type_ = node.datatype.value
    if type_ == _XSD + "integer" and _INTEGER.fullmatch(node.value):
        return node.value
    if type_ == _XSD + "decimal" and _DECIMAL.fullmatch(node.value):
        return node.value
    if type_ == _XSD + "boolean" and node.value in ("true", "false"):
        return node.value
    if node.language or type_ == _XSD + "string":
        return str(node)
    return f"{ox.Literal(node.value)}^^{_iri(type_, names)}"


def _iri(iri: str, names: Mapping[str, str]) -> str:
    """With its prefix where nothing needs an escape, else relative to the base, else whole."""
    at = max(iri.rfind("#"), iri.rfind("/")) + 1
    name = names.get(iri[:at])
    if name is not None and _LOCAL.fullmatch(iri, at):
        return f"{name}:{iri[at:]}"
    end = iri.removeprefix(BASE)
    return f"<{iri}>" if end == iri or _UNRESOLVED.search(end) else f"<{end}>"
