"""Extraction -> quads: what was read from one report, as RDF in the terms of ``ontology/plankg.ttl``.

Pure functions of their arguments: the same extraction gives the same quads in the same order. Amounts are
stored in the indicator's one unit, or, for an indicator outside the list, in the reference unit of the
printed unit's family; :func:`converted` is the only place where a number changes.

One module a subject: :mod:`~loaders.quads.terms` (how a term is written), :mod:`~loaders.quads.report`,
:mod:`~loaders.quads.statements`, :mod:`~loaders.quads.undertakings` (projects and measures),
:mod:`~loaders.quads.indicators` (those outside the list), :mod:`~loaders.quads.periods` and
:mod:`~loaders.quads.amounts`.
"""

import itertools
from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from loaders.model import Extraction
from loaders.namespaces import GRAPH
from loaders.quads import indicators, report, statements, undertakings
from loaders.quads.amounts import Amount, converted, printed_unit
from loaders.quads.periods import period_bounds
from loaders.quads.report import Reading, counts
from loaders.quads.terms import Lines, slug
from loaders.quads.undertakings import project_iri, rule_of
from loaders.vocabulary import Vocabulary

__all__ = [
    "Amount",
    "converted",
    "counts",
    "lines",
    "period_bounds",
    "printed_unit",
    "project_iri",
    "quads",
    "report_slug",
    "rule_of",
    "slug",
]


#: how many statements are written out at a time; the memory held does not depend on the length of a report
_AT_A_TIME: Final = 256


def quads(extraction: Extraction, vocabulary: Vocabulary) -> Iterator[ox.Quad]:
    """Every quad one report gives: its own named graph, and its part of the shared ones (indicators,
    metadata)."""
    for written in lines(extraction, vocabulary):
        yield from ox.parse(written, format=ox.RdfFormat.N_QUADS, lenient=True)


def lines(extraction: Extraction, vocabulary: Vocabulary) -> Iterator[bytes]:
    """The same as N-Quads, whole lines, byte for byte what :func:`pyoxigraph.serialize` writes of them."""
    reading = Reading(extraction, vocabulary, report_slug(extraction))
    mentioned = undertakings.mentions(reading)
    own = itertools.chain(
        report.describe(reading),
        statements.statements(reading),
        undertakings.project_statements(reading, mentioned),
        undertakings.measures(reading, mentioned),
    )
    graphs = {
        f"report/{reading.slug}": own,
        "indicators": indicators.minted(reading),  # from here on: what several reports name is described once
        "regions": report.minted_regions(reading),
        "periods": report.named_periods(reading),
        "plans": report.stated_plans(reading),
        "projects": undertakings.named_projects(reading, mentioned),
        "metadata": report.metadata(reading),
    }
    for name, stated in graphs.items():
        yield from _in_graph(name, filter(None, stated))


def _in_graph(name: str, stated: Iterator[Lines]) -> Iterator[bytes]:
    """Triples as quads of a graph. A literal's own line breaks are escaped, so each line is one triple."""
    stop = f" <{GRAPH}{name}> .\n".encode()
    while some := list(itertools.islice(stated, _AT_A_TIME)):
        yield b"\n".join(some).replace(b"\n", stop) + stop


def report_slug(extraction: Extraction) -> str:
    """The name a report has in IRIs: that of ``sources.toml``, else made from the file's name."""
    return extraction.source.slug or slug(extraction.document.name)
