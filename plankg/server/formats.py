"""In which format a query is answered: what clients may ask for and what the engine is asked for."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from plankg.server.negotiation import best
from plankg.server.refusals import RefusalError

JSON: Final = "application/sparql-results+json"
XML: Final = "application/sparql-results+xml"
CSV: Final = "text/csv"
TSV: Final = "text/tab-separated-values"
TURTLE: Final = "text/turtle"
NTRIPLES: Final = "application/n-triples"
NQUADS: Final = "application/n-quads"
TRIG: Final = "application/trig"
RDFXML: Final = "application/rdf+xml"
JSONLD: Final = "application/ld+json"
HTML: Final = "text/html"

#: What may stand in an Accept header for rows, best first, with the format that is meant.
TABLES: Final[Mapping[str, str]] = {
    JSON: JSON,
    XML: XML,
    CSV: CSV,
    TSV: TSV,
    "application/json": JSON,
    "application/xml": XML,
    "text/xml": XML,
}
#: The same for triples.
GRAPHS: Final[Mapping[str, str]] = {
    TURTLE: TURTLE,
    NTRIPLES: NTRIPLES,
    JSONLD: JSONLD,
    RDFXML: RDFXML,
    NQUADS: NQUADS,
    TRIG: TRIG,
    "application/json": JSONLD,
    "application/xml": RDFXML,
    "text/xml": RDFXML,
    "application/x-turtle": TURTLE,
    "text/plain": NTRIPLES,
}
#: The parameter ``format`` of a link, for clients that cannot set a header; a media type may stand there too.
NAMES: Final[Mapping[str, Sequence[str]]] = {
    "json": (JSON, JSONLD),
    "xml": (XML, RDFXML),
    "csv": (CSV,),
    "tsv": (TSV,),
    "turtle": (TURTLE,),
    "ttl": (TURTLE,),
    "ntriples": (NTRIPLES,),
    "nt": (NTRIPLES,),
    "nquads": (NQUADS,),
    "nq": (NQUADS,),
    "trig": (TRIG,),
    "rdfxml": (RDFXML,),
    "rdf": (RDFXML,),
    "jsonld": (JSONLD,),
    "html": (HTML,),
}
#: The Content-Type of each format.
CONTENT_TYPES: Final[Mapping[str, str]] = {
    CSV: "text/csv; charset=utf-8",
    TSV: "text/tab-separated-values; charset=utf-8",
    TURTLE: "text/turtle; charset=utf-8",
    **{name: name for name in (JSON, XML, NTRIPLES, NQUADS, TRIG, RDFXML, JSONLD)},
}
#: The longest Accept header that is looked at.
_LONGEST: Final = 4096


def offered(form: str) -> Mapping[str, str]:
    """What a query of this form can be answered in."""
    return GRAPHS if form in ("CONSTRUCT", "DESCRIBE", "DESCRIPTION") else TABLES


@lru_cache(maxsize=1024)
def choose(form: str, accept: str, name: str, html: bool) -> str:
    """The media type to answer in: that of the parameter ``name`` if there is one, else by ``accept``.

    ``form`` is a query's form, or "DESCRIPTION". ``html`` says whether a page may be the
    answer. Raises :class:`RefusalError`: 406 when nothing fits, 400 for an unknown ``name``.
    """
    table = offered(form)
    if name:
        meant = NAMES.get(name.lower(), (TABLES.get(name) or GRAPHS.get(name) or "",))
        if meant == ("",):
            detail = f"No format is called {name[:40]!r}; there are {', '.join(NAMES)}."
            raise RefusalError(400, "Unknown format", detail)
        fit = [m for m in meant if m in table.values() or (m == HTML and html)]
        if not fit:
            _none(form, table)
        return fit[0]
    if len(accept) > _LONGEST:
        raise RefusalError(400, "Accept header too long", f"It may have {_LONGEST} characters.")
    found = best(accept, [*table, *((HTML,) if html else ())])
    if found is None:
        _none(form, table)
        raise AssertionError
    return table.get(found, found)


def _none(form: str, table: Mapping[str, str]) -> None:
    kinds = ", ".join(dict.fromkeys(table.values()))
    what = (
        "this" if form not in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE") else f"the answer to a {form} query"
    )
    raise RefusalError(406, "No such format", f"There is {what} as {kinds}.")
