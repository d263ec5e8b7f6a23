"""The IRIs everything is named by, and the prefixes Turtle and SPARQL are written with."""

import re
from typing import Final
from urllib.parse import quote

BASE: Final = (
    "https://w3id.org/plankg/"  #: things: region/320500, indicator/gdp/growth, statement/... lie under it
)
PLAN: Final = BASE + "ontology#"  #: the terms of the ontology
GRAPH: Final = BASE + "graph/"  #: named graphs: graph/ontology, graph/report/{slug} ...

PREFIXES: Final = {
    "plan": PLAN,
    "region": BASE + "region/",
    "indicator": BASE + "indicator/",
    "unit": BASE + "unit/",
    "period": BASE + "period/",
    "report": BASE + "report/",
    "statement": BASE + "statement/",
    "project": BASE + "project/",
    "measure": BASE + "measure/",
    "topic": BASE + "topic/",
    "graph": GRAPH,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dct": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "oa": "http://www.w3.org/ns/oa#",
    "time": "http://www.w3.org/2006/time#",
    "schema": "https://schema.org/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "pplan": "http://purl.org/net/p-plan#",
}

_NOT_IN_IRI = re.compile(
    r"""%(?![0-9A-Fa-f]{2})|[\x00-\x20<>"{}|\[\]\\^`\x7f-\x9f]"""
    r"""|[\ud800-\uf8ff\ufdd0-\ufdef\ufff0-\uffff]|[^\x00-\uffff]"""
)


def safe_iri(text: str) -> str:
    """An IRI of a name put together from a report's words: what no IRI may hold is percent-encoded.

    >>> safe_iri("https://w3id.org/plankg/indicator/zh/95%以上参保率")
    'https://w3id.org/plankg/indicator/zh/95%25以上参保率'
    """
    return _NOT_IN_IRI.sub(lambda match: quote(match[0], safe="", errors="surrogatepass"), text)
