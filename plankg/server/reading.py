"""What pages read from the graph: rows of SPARQL, and the words of a quote that a statement rests on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import httpx
import pyoxigraph as ox
from anyio import from_thread
from starlette.requests import Request
from starlette.responses import Response

from loaders.namespaces import PREFIXES
from plankg.questions import Select, Term
from plankg.server.asking import ask
from plankg.server.problems import phrase, problem

#: A value as the SPARQL JSON format writes it: ``type``, ``value``, and ``xml:lang`` or ``datatype``.
Value = Mapping[str, str]
Row = Mapping[str, Value]

_PROLOGUE: Final = {f"{prefix}:": f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items()}


@dataclass(frozen=True, slots=True)
class NotAnsweredError(Exception):
    """The engine did not answer a query of ours; ``status`` is the HTTP status that says why."""

    status: int
    why: str
    headers: Mapping[str, str]

    def as_response(self, request: Request) -> Response:
        return problem(self.status, phrase(self.status), self.why, request=request, headers=self.headers)


async def rows(request: Request, query: str) -> list[Row]:
    """The rows of a SELECT; the usual prefixes are declared for it.

    Raises :class:`NotAnsweredError`.
    """
    answer = await ask(request, _with_prefixes(query), "application/sparql-results+json")
    return _rows(answer)


async def triples(request: Request, query: str) -> list[ox.Triple]:
    """The triples of a CONSTRUCT, each once. Raises :class:`NotAnsweredError`."""
    answer = await ask(request, _with_prefixes(query), "application/n-triples")
    _expect(answer)
    found = ox.parse(answer.content, format=ox.RdfFormat.N_TRIPLES)
    return list(dict.fromkeys(quad.triple for quad in found))


def from_a_thread(request: Request) -> Select:
    """Asks the engine from a worker thread; how :mod:`plankg.questions` looks names up here."""

    def select(query: str) -> Iterator[Mapping[str, Term]]:
        for row in _rows(from_thread.run(ask, request, query, "application/sparql-results+json")):
            yield {name: as_term(value) for name, value in row.items() if value["type"] != "bnode"}

    return select


def as_term(value: Value) -> Term:
    if value["type"] == "uri":
        return ox.NamedNode(value["value"])
    if "xml:lang" in value:
        return ox.Literal(value["value"], language=value["xml:lang"])
    datatype = value.get("datatype", PREFIXES["xsd"] + "string")
    return ox.Literal(value["value"], datatype=ox.NamedNode(datatype))


def text(row: Row, name: str) -> str:
    """The value of a variable as text, "" where it has none."""
    return row[name]["value"] if name in row else ""


async def named(request: Request, iris: Iterable[str], language: str) -> dict[str, str]:
    """What things are called, in the language where they have a name in it; a statement by its figure or its
    words. Things without any are left out. Raises :class:`NotAnsweredError`."""
    nodes = " ".join(str(ox.NamedNode(iri)) for iri in dict.fromkeys(iris) if iri.startswith("http"))
    if not nodes:
        return {}
    found = await rows(
        request,
        f"""SELECT ?this ?rank ?label WHERE {{ VALUES ?this {{ {nodes} }}
        VALUES (?property ?rank) {{ (rdfs:label 1) (dct:title 2) (plan:printed 3) (plan:quote 4) }}
        ?this ?property ?label }}""",
    )
    best: dict[str, tuple[tuple[str, bool], str]] = {}
    for row in found:
        rank = (text(row, "rank"), row["label"].get("xml:lang", language) != language)
        this, label = text(row, "this"), text(row, "label")
        if this not in best or (rank, label) < best[this]:
            best[this] = (rank, label)
    return {this: label for this, (_, label) in best.items()}


def _with_prefixes(query: str) -> str:
    return "".join(line for prefix, line in _PROLOGUE.items() if prefix in query) + query


def _rows(answer: httpx.Response) -> list[Row]:
    _expect(answer)
    found: list[Row] = answer.json()["results"]["bindings"]
    return found


def _expect(answer: httpx.Response) -> None:
    if answer.status_code != 200:
        again = {k: answer.headers[k] for k in ("retry-after",) if k in answer.headers}
        raise NotAnsweredError(answer.status_code, " ".join(answer.text.split())[:300], again)


# ---- the words behind a figure -------------------------------------------------------------------


class Place(NamedTuple):
    """Where a number stands, and where the sentence around it: code points of the report's text."""

    start: int
    end: int
    sentence_start: int
    sentence_end: int


class Marked(NamedTuple):
    """A quote in three pieces; ``words`` are those to highlight and may be empty."""

    before: str
    words: str
    after: str


async def places(request: Request, statements: Iterable[str]) -> dict[str, Place]:
    """The place of each statement that has one."""
    nodes = " ".join(str(ox.NamedNode(iri)) for iri in dict.fromkeys(statements))
    if not nodes:
        return {}
    found = await rows(
        request,
        f"""SELECT ?this ?start ?end ?from ?to WHERE {{ VALUES ?this {{ {nodes} }}
        ?this plan:start ?start ; plan:end ?end ; plan:evidence/oa:hasSelector ?position .
        ?position oa:start ?from ; oa:end ?to }}""",
    )
    return {
        text(row, "this"): Place(*(int(text(row, name)) for name in ("start", "end", "from", "to")))
        for row in found
    }


def mark(quote: str, printed: str, place: Place | None = None) -> Marked:
    """Finds the words of a figure in its sentence.

    A quote is its sentence without the line breaks of the source, so an offset is off by as many characters
    as were left out before it; the words are looked for in that window. Where they cannot be told for sure
    (two fives in one sentence and no place) nothing is highlighted.

    >>> mark("增长5%左右，力争5%左右。", "5%左右", Place(112, 114, 102, 117))
    Marked(before='增长5%左右，力争', words='5%左右', after='。')
    >>> mark("增长5%左右。", "5%左右")
    Marked(before='增长', words='5%左右', after='。')
    >>> mark("增长5%，下降5%。", "5%").words
    ''
    """
    length = len(printed)
    if not printed:
        return Marked(quote, "", "")
    found = [i for i in range(len(quote) - length + 1) if quote.startswith(printed, i)]
    if place is not None:
        left_out = max(0, place.sentence_end - place.sentence_start - len(quote))
        at, size = place.start - place.sentence_start, place.end - place.start
        window = [i for i in found if at - left_out - length < i <= at and i + length >= at - left_out + size]
        if not window and not left_out and at >= 0 and at + size <= len(quote):
            return Marked(quote[:at], quote[at : at + size], quote[at + size :])
        found = window
    if len(found) != 1:
        return Marked(quote, "", "")
    return Marked(quote[: found[0]], quote[found[0] : found[0] + length], quote[found[0] + length :])
