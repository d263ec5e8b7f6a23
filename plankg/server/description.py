"""The service description: what the endpoint can do and what is in it, as SPARQL 1.1 Service Description with
VoID and DCAT."""

from collections.abc import Iterable, Mapping
from typing import Final

import pyoxigraph as ox

from loaders.namespaces import BASE, PREFIXES
from plankg.server import formats

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
VOID: Final = "http://rdfs.org/ns/void#"
DCAT: Final = "http://www.w3.org/ns/dcat#"
DCT: Final = "http://purl.org/dc/terms/"
_TYPE: Final = ox.NamedNode(PREFIXES["rdf"] + "type")
_W3C_FORMATS: Final = "http://www.w3.org/ns/formats/"

#: How many triples each named graph has.
SIZES: Final = "SELECT ?graph (COUNT(*) AS ?n) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"

_RESULT_FORMATS: Final = (
    "SPARQL_Results_JSON SPARQL_Results_XML SPARQL_Results_CSV SPARQL_Results_TSV "
    "Turtle N-Triples N-Quads TriG RDF_XML JSON-LD"
)
_INPUT_FORMATS: Final = "Turtle N-Triples N-Quads TriG RDF_XML JSON-LD"
#: Formats of triples by media type.
RDF: Final[Mapping[str, ox.RdfFormat]] = {
    formats.TURTLE: ox.RdfFormat.TURTLE,
    formats.NTRIPLES: ox.RdfFormat.N_TRIPLES,
    formats.NQUADS: ox.RdfFormat.N_QUADS,
    formats.TRIG: ox.RdfFormat.TRIG,
    formats.RDFXML: ox.RdfFormat.RDF_XML,
    formats.JSONLD: ox.RdfFormat.JSON_LD,
}


def describe(endpoint: str, sizes: Mapping[str, int], updates: bool, federated: bool) -> list[ox.Triple]:
    """The description of the service at the address ``endpoint``, whose named graphs have these ``sizes``."""
    service, data = ox.NamedNode(endpoint), ox.NamedNode(f"{BASE}graph/")
    default = ox.BlankNode("default")
    triples = [
        *_types(service, SD + "Service", DCAT + "DataService"),
        _link(service, SD + "endpoint", endpoint),
        _link(service, DCAT + "endpointURL", endpoint),
        _link(service, SD + "supportedLanguage", SD + "SPARQL11Query"),
        _link(service, SD + "feature", SD + "UnionDefaultGraph"),
        *(_link(service, SD + "resultFormat", _W3C_FORMATS + name) for name in _RESULT_FORMATS.split()),
        _link(service, SD + "defaultDataset", data.value),
        _link(service, DCAT + "servesDataset", data.value),
        *_types(data, SD + "Dataset", VOID + "Dataset", DCAT + "Dataset"),
        ox.Triple(data, ox.NamedNode(DCT + "title"), ox.Literal("plankg", language="en")),
        _link(data, VOID + "sparqlEndpoint", endpoint),
        _link(data, DCT + "license", "https://creativecommons.org/licenses/by/4.0/"),
        ox.Triple(data, ox.NamedNode(VOID + "uriSpace"), ox.Literal(BASE)),
        _count(data, sum(sizes.values())),
        ox.Triple(data, ox.NamedNode(SD + "defaultGraph"), default),
        *_types(default, SD + "Graph"),
        _count(default, sum(sizes.values())),
    ]
    if updates:
        triples += [
            _link(service, SD + "supportedLanguage", SD + "SPARQL11Update"),
            *(_link(service, SD + "inputFormat", _W3C_FORMATS + name) for name in _INPUT_FORMATS.split()),
        ]
    if federated:
        triples.append(_link(service, SD + "feature", SD + "BasicFederatedQuery"))
    for number, (name, size) in enumerate(sorted(sizes.items())):
        named, graph = ox.BlankNode(f"named{number}"), ox.BlankNode(f"graph{number}")
        triples += [
            ox.Triple(data, ox.NamedNode(SD + "namedGraph"), named),
            *_types(named, SD + "NamedGraph"),
            _link(named, SD + "name", name),
            ox.Triple(named, ox.NamedNode(SD + "graph"), graph),
            *_types(graph, SD + "Graph"),
            _count(graph, size),
        ]
    return triples


def serialized(triples: Iterable[ox.Triple], media_type: str) -> bytes:
    """Triples in one of the RDF formats of :mod:`plankg.server.formats`."""
    prefixes = {"sd": SD, "void": VOID, "dcat": DCAT, "dct": DCT, "formats": _W3C_FORMATS}
    return ox.serialize(list(triples), format=RDF[media_type], prefixes=prefixes) or b""


def _types(subject: ox.NamedNode | ox.BlankNode, *classes: str) -> list[ox.Triple]:
    return [ox.Triple(subject, _TYPE, ox.NamedNode(name)) for name in classes]


def _link(subject: ox.NamedNode | ox.BlankNode, name: str, value: str) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(name), ox.NamedNode(value))


def _count(subject: ox.NamedNode | ox.BlankNode, count: int) -> ox.Triple:
    value = ox.Literal(str(count), datatype=ox.NamedNode(PREFIXES["xsd"] + "integer"))
    return ox.Triple(subject, ox.NamedNode(VOID + "triples"), value)
