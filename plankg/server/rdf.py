"""Triples -> Turtle, JSON-LD and N-Triples, the same bytes for the same triples."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pyoxigraph as ox

from loaders.namespaces import BASE, PREFIXES

#: The formats: what ``?format=`` and a suffix say, and the media type.
FORMATS: Final = {"ttl": "text/turtle", "jsonld": "application/ld+json", "nt": "application/n-triples"}
#: Other words for them in ``?format=``.
ALSO: Final = {"turtle": "ttl", "json-ld": "jsonld", "json": "jsonld", "ntriples": "nt", "n-triples": "nt"}

_TYPE: Final = ox.NamedNode(PREFIXES["rdf"] + "type")
_XSD: Final = PREFIXES["xsd"]


def serialize(triples: Iterable[ox.Triple], format: str, about: str = "") -> bytes:
    """The triples in one of :data:`FORMATS`; those of ``about`` come first."""
    ordered = sorted(set(triples), key=lambda triple: _order(triple, about))
    if format == "jsonld":
        return _json_ld(ordered)
    if format == "nt":
        return _written(ordered, ox.RdfFormat.N_TRIPLES)
    turtle = _written(ordered, ox.RdfFormat.TURTLE, _used(ordered)).decode()
    lines = turtle.splitlines(keepends=True)
    head = [line for line in lines if line.startswith("@prefix ")]
    return "".join([*sorted(head), "\n" if head else "", *lines[len(head) :]]).encode()


def parse(turtle: bytes, base: str = BASE) -> list[ox.Triple]:
    """The triples of a Turtle file of ours."""
    return [quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE, base_iri=base)]


def compact(iri: str) -> str:
    """An IRI with the shortest of our prefixes that fits, else as it is.

    >>> compact("https://w3id.org/plankg/ontology#year")
    'plan:year'
    """
    fits = [(base, prefix) for prefix, base in PREFIXES.items() if iri.startswith(base) and iri != base]
    base, prefix = max(fits, key=lambda fit: len(fit[0]), default=("", ""))
    return f"{prefix}:{iri.removeprefix(base)}" if prefix else iri


def _written(
    triples: Iterable[ox.Triple], format: ox.RdfFormat, prefixes: Mapping[str, str] | None = None
) -> bytes:
    return ox.serialize(triples, format=format, prefixes=dict(prefixes or {})) or b""


def _order(triple: ox.Triple, about: str) -> tuple[bool, bool, str, bool, str, str]:
    subject = triple.subject
    own = isinstance(subject, ox.NamedNode) and subject.value == about
    near = isinstance(subject, ox.NamedNode) and subject.value.startswith(f"{about}#")
    is_type = triple.predicate == _TYPE
    return not own, not near, str(subject), not is_type, triple.predicate.value, str(triple.object)


def _used(triples: Iterable[ox.Triple]) -> dict[str, str]:
    iris = {
        node.value
        for triple in triples
        for node in (triple.subject, triple.predicate, triple.object)
        if isinstance(node, ox.NamedNode)
    }
    iris |= {t.object.datatype.value for t in triples if isinstance(t.object, ox.Literal)}
    prefixes = {compact(iri).partition(":")[0] for iri in iris if compact(iri) != iri}
    return {prefix: iri for prefix, iri in PREFIXES.items() if prefix in prefixes}


def _json_ld(triples: Iterable[ox.Triple]) -> bytes:
    """JSON-LD 1.1 with our prefixes as its context, one object a subject."""
    nodes: dict[str, dict[str, Any]] = {}
    for triple in triples:
        subject = _name(triple.subject)
        node = nodes.setdefault(subject, {"@id": subject})
        if triple.predicate == _TYPE and isinstance(triple.object, ox.NamedNode):
            node.setdefault("@type", []).append(compact(triple.object.value))
        else:
            node.setdefault(compact(triple.predicate.value), []).append(_value(triple.object))
    content = {
        "@context": {"@version": 1.1} | _used(triples),
        "@graph": [{k: _single(v) for k, v in node.items()} for node in nodes.values()],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _single(values: Any) -> Any:
    return values[0] if isinstance(values, list) and len(values) == 1 else values


def _name(node: object) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)


def _value(term: object) -> Mapping[str, Any] | str | int:
    if not isinstance(term, ox.Literal):
        return {"@id": _name(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    datatype = term.datatype.value
    if datatype == _XSD + "string":
        return term.value
    if datatype == _XSD + "integer" and term.value == str(_integer(term.value)):
        return int(term.value)
    return {"@value": term.value, "@type": compact(datatype)}


def _integer(lexical: str) -> int | None:
    """A whole number that JSON readers keep exactly."""
    return int(lexical) if len(lexical) < 16 and lexical.removeprefix("-").isdecimal() else None
