"""A graph in Python: ``plankg.open("graph")`` or ``plankg.open("http://127.0.0.1:7878/")``, then
``.facts(...)`` as a pandas DataFrame."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit, urlunsplit

import httpx
import pyoxigraph as ox

from loaders.errors import ParameterError, QueryError, ServerError
from plankg import store
from plankg.questions import Select, Term, ask_store, syntax_message
from plankg.store import one_line
from plankg.tables import facts as reading
from plankg.tables.facts import Filter, Language
from plankg.tables.frames import long_frame, pandas, wide_frame

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T", str, int)

#: Seconds an endpoint may take to answer.
TIMEOUT: Final = 120.0
_JSON: Final = "application/sparql-results+json"


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph to ask: a folder on this machine, or an endpoint over HTTP. Made by :func:`open`."""

    where: str
    select: Select

    def facts(
        self,
        region: str | Iterable[str] | None = None,
        indicator: str | Iterable[str] | None = None,
        year: int | Iterable[int] | None = None,
        kind: str | Iterable[str] | None = None,
        *,
        wide: bool = False,
        words: bool = False,
        language: Language = "zh",
        exact: bool = False,
    ) -> "pd.DataFrame":
        """The figures as a DataFrame, one row a statement; ``wide``: one row a region and year, one column an
        indicator and role.

        Each of the first four takes one value or several; regions and indicators go by name (``苏州市``), by
        the end of their IRI (``320500``, ``gdp/growth``) or by their IRI; ``kind`` is ``target``,
        ``result`` or ``estimate``. ``words`` adds statements without a number, ``language`` chooses the
        names of things, ``exact`` keeps numbers as :class:`decimal.Decimal` instead of float64. Columns are
        described in :data:`plankg.tables.columns.COLUMNS`.

        Raises :class:`ParameterError` for names the graph does not have, :class:`ServerError` when an
        endpoint does not answer, :class:`TableError` without pandas.
        """
        choice = Filter(_several(region), _several(indicator), _several(year), _several(kind), words)
        found = reading.facts(self.select, choice, language)
        return wide_frame(found, exact) if wide else long_frame(found, exact)

    def query(self, text: str) -> "pd.DataFrame":
        """The rows of a SPARQL SELECT over all named graphs, each value as its text.

        Raises :class:`QueryError` when it is malformed.
        """
        rows = [{name: value.value for name, value in row.items()} for row in self.select(text)]
        return pandas().DataFrame(rows)


def open(source: str | Path = "graph") -> Graph:
    """The graph in a folder, or behind the URL of a SPARQL endpoint (of a ``plankg serve``, its own address
    will do).

    Raises :class:`GraphError` when the folder holds no graph.
    """
    text = str(source)
    if text.startswith(("http://", "https://")):
        return Graph(text, ask_endpoint(text))
    lookup = ask_store(store.open_store(Path(source)))

    def select(query: str) -> Iterator[Mapping[str, Term]]:
        try:
            yield from lookup(query)
        except SyntaxError as error:
            raise QueryError(f"malformed query: {syntax_message(error)}") from None

    return Graph(text, select)


def ask_endpoint(url: str) -> Select:
    """Asks a SPARQL 1.1 endpoint over HTTP, by POST, for SPARQL JSON results.

    Asking raises :class:`ServerError` when it cannot be reached or does not speak SPARQL, and
    :class:`QueryError` when it refuses the query.
    """
    parts = urlsplit(url)
    endpoint = urlunsplit(parts._replace(path="/sparql")) if parts.path in ("", "/") else url

    def select(query: str) -> Iterator[Mapping[str, Term]]:
        try:
            answer = httpx.post(
                endpoint,
                data={"query": query},
                headers={"accept": _JSON},
                timeout=TIMEOUT,
                follow_redirects=True,
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ServerError(f"{endpoint} does not answer: {one_line(error)}") from None
        if answer.status_code == 400:
            raise QueryError(f"{endpoint} refuses the query: {one_line(ValueError(answer.text))}")
        if answer.status_code != 200:
            raise ServerError(
                f"{endpoint} answers {answer.status_code}: {one_line(ValueError(answer.text[:300]))}"
            )
        try:
            rows = answer.json()["results"]["bindings"]
        except (ValueError, KeyError, TypeError):
            raise ServerError(f"{endpoint} is no SPARQL endpoint: its answer is not SPARQL JSON") from None
        for row in rows:
            yield {name: _term(value) for name, value in row.items() if value["type"] != "bnode"}

    return select


def _term(value: Mapping[str, str]) -> Term:
    if value["type"] == "uri":
        return ox.NamedNode(value["value"])
    if "xml:lang" in value:
        return ox.Literal(value["value"], language=value["xml:lang"])
    if "datatype" in value:
        return ox.Literal(value["value"], datatype=ox.NamedNode(value["datatype"]))
    return ox.Literal(value["value"])


def _several(given: T | Iterable[T] | None) -> tuple[T, ...]:
    if given is None:
        return ()
    if isinstance(given, str | int):
        return (given,)
    if not isinstance(given, Iterable):
        raise ParameterError(f"{given!r} is neither a value nor several")
    return tuple(given)
