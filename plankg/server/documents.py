"""The ontology and the shapes at their IRIs: the files themselves, their other formats, and pages of their
terms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import pyoxigraph as ox

from loaders.namespaces import BASE, PREFIXES
from loaders.resources import folder
from plankg.server import rdf

_RDFS, _OWL, _SKOS, _DCT = (PREFIXES[prefix] for prefix in ("rdfs", "owl", "skos", "dct"))
_SH: Final = "http://www.w3.org/ns/shacl#"
_LABEL, _TYPE = _RDFS + "label", PREFIXES["rdf"] + "type"
#: The kinds of terms, in the order of a page: class, English and Chinese heading.
_KINDS: Final = (
    (_OWL + "Class", "Classes", "类"),
    (_OWL + "ObjectProperty", "Properties that lead to things", "对象属性"),
    (_OWL + "DatatypeProperty", "Properties with a value", "数据属性"),
    (_OWL + "AnnotationProperty", "Annotations", "注释属性"),
    (_SH + "NodeShape", "Shapes", "形状"),
)
_THE_REST: Final = ("", "Individuals", "个体")
#: What a page says of a term beside its name and meaning.
_SHOWN: Final = {
    _RDFS + "subClassOf": ("kind of", "上位类"),
    _RDFS + "subPropertyOf": ("kind of", "上位属性"),
    _RDFS + "domain": ("of", "定义域"),
    _RDFS + "range": ("leads to", "值域"),
    _TYPE: ("is a", "类型"),
    _SH + "targetClass": ("for every", "适用于"),
}


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the ontology, or one shape."""

    iri: str
    fragment: str
    labels: Mapping[str, str]
    meanings: Mapping[str, str]
    relations: Sequence[tuple[tuple[str, str], Sequence[str]]]
    messages: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Document:
    """A file served at an IRI."""

    iri: str
    path: str  #: under the base
    file: str  #: in ontology/
    fragment: str  #: what a term's IRI has before its own name

    def turtle(self) -> bytes:
        return (folder("ontology") / self.file).read_bytes()


ONTOLOGY: Final = Document(BASE + "ontology", "ontology", "plankg.ttl", BASE + "ontology#")
SHAPES: Final = Document(BASE + "shape/", "shape/", "shapes.ttl", BASE + "shape/")


@cache
def serialized(document: Document, format: str) -> bytes:
    """The file, or its triples in another format."""
    return document.turtle() if format == "ttl" else rdf.serialize(triples(document), format, document.iri)


@cache
def triples(document: Document) -> tuple[ox.Triple, ...]:
    return tuple(rdf.parse(document.turtle(), document.iri))


@cache
def named(document: Document) -> frozenset[str]:
    """The IRIs that the file says something of."""
    subjects = (triple.subject for triple in triples(document))
    return frozenset(subject.value for subject in subjects if isinstance(subject, ox.NamedNode))


@cache
def version() -> str:
    """The ontology's ``owl:versionIRI``."""
    return next(
        triple.object.value
        for triple in triples(ONTOLOGY)
        if triple.predicate.value == _OWL + "versionIRI" and isinstance(triple.object, ox.NamedNode)
    )


@cache
def labels() -> Mapping[str, Mapping[str, str]]:
    """Every term the ontology names, its own and other vocabularies', by language."""
    return {node.value: _texts(about, _LABEL) for node, about in _by_subject(triples(ONTOLOGY)).items()}


@cache
def terms(document: Document) -> Sequence[tuple[tuple[str, str], Sequence[Term]]]:
    """The terms by kind, with the heading of each kind in English and Chinese."""
    subjects = _by_subject(triples(document))
    messages = _messages(document)
    found: list[tuple[tuple[str, str], Sequence[Term]]] = []
    seen: set[str] = set()
    for kind, en, zh in (*_KINDS, _THE_REST):
        listed = []
        for node, about in subjects.items():
            types = [value.value for value in about.get(_TYPE, []) if isinstance(value, ox.NamedNode)]
            own = node.value.startswith(document.fragment) and node.value not in (*seen, document.iri)
            if own and (kind in types or not kind):
                seen.add(node.value)
                listed.append(_term(document, node.value, about, messages.get(node.value, ())))
        if listed:
            found.append(((en, zh), listed))
    return found


@cache
def title(document: Document) -> Mapping[str, Mapping[str, str]]:
    """``title`` and ``about`` of the whole, by language."""
    about = _by_subject(triples(document)).get(ox.NamedNode(document.iri), {})
    return {"title": _texts(about, _DCT + "title"), "about": _texts(about, _DCT + "description")}


def _term(
    document: Document,
    iri: str,
    about: Mapping[str, Sequence[object]],
    messages: Sequence[tuple[str, str]],
) -> Term:
    relations = [
        (names, [value.value for value in about.get(property_, []) if isinstance(value, ox.NamedNode)])
        for property_, names in _SHOWN.items()
    ]
    dull = {_OWL + "NamedIndividual", *(kind for kind, _, _ in _KINDS)}
    kept = [(names, [iri for iri in values if iri not in dull]) for names, values in relations]
    meanings = _texts(about, _SKOS + "definition") or _texts(about, _RDFS + "comment")
    return Term(
        iri,
        iri.removeprefix(document.fragment),
        _texts(about, _LABEL),
        meanings,
        [(names, values) for names, values in kept if values],
        messages,
    )


def _messages(document: Document) -> dict[str, Sequence[tuple[str, str]]]:
    """What each shape says of a fact that breaks it: English, Chinese."""
    subjects = _by_node(triples(document))
    found: dict[str, Sequence[tuple[str, str]]] = {}
    for node, about in subjects.items():
        if isinstance(node, ox.NamedNode):
            parts = [about]
            for property_ in ("property", "sparql"):
                parts += [subjects.get(value, {}) for value in about.get(_SH + property_, [])]
            said = [_texts(part, _SH + "message") for part in parts]
            found[node.value] = [(text.get("en", ""), text.get("zh", "")) for text in said if text]
    return found


def _texts(about: Mapping[str, Sequence[object]], property_: str) -> dict[str, str]:
    values = [value for value in about.get(property_, []) if isinstance(value, ox.Literal)]
    return {value.language or "": value.value for value in values}


def _by_subject(found: Iterable[ox.Triple]) -> dict[ox.NamedNode, dict[str, list[object]]]:
    return {node: about for node, about in _by_node(found).items() if isinstance(node, ox.NamedNode)}


def _by_node(found: Iterable[ox.Triple]) -> dict[object, dict[str, list[object]]]:
    nodes: dict[object, dict[str, list[object]]] = {}
    for triple in found:
        nodes.setdefault(triple.subject, {}).setdefault(triple.predicate.value, []).append(triple.object)
    return nodes
