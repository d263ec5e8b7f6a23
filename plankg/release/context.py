"""The ontology -> a JSON-LD context: its terms by their local names, typed as it says."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pyoxigraph as ox

from loaders.namespaces import BASE, PLAN, PREFIXES

_TYPE: Final = ox.NamedNode(PREFIXES["rdf"] + "type")
_RANGE: Final = ox.NamedNode(PREFIXES["rdfs"] + "range")
_ONE_OF: Final = ox.NamedNode(PREFIXES["owl"] + "oneOf")
_SAME: Final = ox.NamedNode(PREFIXES["owl"] + "equivalentClass")
_OWL: Final = PREFIXES["owl"]


def context(ontology: Iterable[ox.Triple]) -> str:
    """The context document made of the ontology's triples.

    Properties that point to a thing take an IRI (``@id``), those that point to an entry of a code list its
    local name (``@vocab``: ``"comparator": "atLeast"``), things of ours have the prefix ``plankg:`` (a prefix
    ``region:`` would clash with the property ``region``), numbers carry their datatype (decimals are to be
    JSON strings: a JSON number is a double), text keeps its language tag.
    """
    graph = set(ontology)
    enumerated = {triple.subject for triple in graph if triple.predicate == _ONE_OF}
    kinds: dict[str, set[str]] = {}
    ranges: dict[str, str] = {}
    coded: set[str] = set()
    for triple in graph:
        if not isinstance(triple.subject, ox.NamedNode):
            continue
        if triple.predicate == _TYPE and isinstance(triple.object, ox.NamedNode):
            kinds.setdefault(triple.subject.value, set()).add(triple.object.value)
        elif triple.predicate == _RANGE and isinstance(triple.object, ox.NamedNode):
            ranges[triple.subject.value] = triple.object.value
        elif triple.predicate == _SAME and triple.object in enumerated:
            coded.add(triple.subject.value)
    terms: dict[str, Any] = {"id": "@id", "type": "@type"}
    for iri in sorted(kinds):
        local = iri.removeprefix(PLAN)
        if local != iri and local.isalnum():
            terms.setdefault(local, _term(iri, kinds[iri], ranges.get(iri, ""), coded))
    prefixes = {"plankg": BASE, **PREFIXES}
    named = {
        name: {"@id": prefixes[name], "@prefix": True} for name in sorted(prefixes.keys() - terms.keys())
    }
    return json.dumps({"@context": {"@version": 1.1, **named, **terms}}, ensure_ascii=False, indent=1) + "\n"


def _term(iri: str, kinds: Iterable[str], range_: str, coded: set[str]) -> str | Mapping[str, str]:
    short = "plan:" + iri.removeprefix(PLAN)
    if _OWL + "ObjectProperty" in kinds:
        return {"@id": short, "@type": "@vocab" if range_ in coded else "@id"}
    if _OWL + "DatatypeProperty" in kinds and range_.startswith(PREFIXES["xsd"]):
        datatype = range_.removeprefix(PREFIXES["xsd"])
        return short if datatype == "string" else {"@id": short, "@type": f"xsd:{datatype}"}
    return short
