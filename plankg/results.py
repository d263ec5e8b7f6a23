"""Query results -> text: a table for people, or the standard formats for programs."""

from typing import IO, Final

import pyoxigraph as ox
from rich.console import Console
from rich.table import Table

from loaders.errors import ParameterError
from loaders.namespaces import PREFIXES

ROWS: Final = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}
TRIPLES: Final = {"turtle": ox.RdfFormat.TURTLE, "ntriples": ox.RdfFormat.N_TRIPLES}
FORMATS: Final = ("table", *ROWS, *TRIPLES)

Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


def write(results: Results, format: str, out: IO[bytes], console: Console) -> None:
    """Writes the results; ``table`` goes to the console, the other formats as bytes to ``out``.

    Raises :class:`ParameterError` when the format does not fit the query: rows and truth values are csv,
    tsv, json or xml, triples are turtle or ntriples.
    """
    if isinstance(results, ox.QueryTriples):
        chosen = TRIPLES.get("turtle" if format == "table" else format)
        if chosen is None:
            raise ParameterError(f"this query gives triples: ask for {' or '.join(TRIPLES)}, not {format}")
        ox.serialize(results, out, chosen, prefixes=dict(PREFIXES))
    elif format == "table":
        console.print("yes" if results else "no") if isinstance(results, ox.QueryBoolean) else _table(
            results, console
        )
    elif format in ROWS:
        out.write(results.serialize(format=ROWS[format]) or b"")
    else:
        raise ParameterError(f"this query gives rows: ask for table, {', '.join(ROWS)}, not {format}")


def shorten(iri: str) -> str:
    """An IRI with its prefix, where it has one: ``region:320500``."""
    fits = [(base, prefix) for prefix, base in PREFIXES.items() if iri.startswith(base) and iri != base]
    if not fits:
        return iri
    base, prefix = max(fits, key=lambda fit: len(fit[0]))
    return f"{prefix}:{iri.removeprefix(base)}"


def _table(solutions: ox.QuerySolutions, console: Console) -> None:
    names = [variable.value for variable in solutions.variables]
    table = Table(*names, show_lines=False)
    count = 0
    for row in solutions:
        table.add_row(*(_cell(row[name]) for name in names))
        count += 1
    if not console.is_terminal:  # whole cells for a file or a pipe
        table.expand = False
        for column in table.columns:
            column.no_wrap = True
        console.width = 100_000
    console.print(table)
    console.print(f"{count} row{'' if count == 1 else 's'}")


def _cell(term: object) -> str:
    if isinstance(term, ox.NamedNode):
        return shorten(term.value)
    if isinstance(term, ox.Literal | ox.BlankNode):
        return term.value
    return ""
