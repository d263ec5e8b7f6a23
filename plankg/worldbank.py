"""World Bank figures as RDF, for a SPARQL server that the question ``beside-the-nation`` can ask.

    python -m plankg.worldbank FILE.json ... > world-bank.ttl

The World Bank has an API and no SPARQL endpoint. This turns the API's answers, fetched beforehand with
``https://api.worldbank.org/v2/country/CHN/indicator/NY.GDP.MKTP.KD.ZG?format=json&per_page=100``, into
``schema:Observation``: about the country (its Wikidata item), of the indicator (the IRI that our indicators
are matched to), dated, with a value in the indicator's own unit. World Bank data: CC BY 4.0.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from loaders.errors import DocumentError, PlankgError
from loaders.namespaces import PREFIXES
from plankg.store import one_line

INDICATOR: Final = "https://data.worldbank.org/indicator/"
OBSERVATION: Final = "https://data.worldbank.org/observation/"
#: ISO 3166-1 alpha-3 -> Wikidata item, as in links.ttl.
COUNTRIES: Final = {"CHN": "http://www.wikidata.org/entity/Q148"}


def triples(answer: str, name: str) -> Iterator[ox.Triple]:
    """The observations of one answer of the API, and the names of its indicators.

    Raises :class:`DocumentError` when it is no such answer. Years without a value, and countries without an
    entry in :data:`COUNTRIES`, are left out.
    """
    try:
        head, rows = json.loads(answer, parse_float=Decimal, parse_int=Decimal)
        for row in rows if head["page"] else ():
            if row["value"] is not None and row["countryiso3code"] in COUNTRIES:
                yield from _observation(row)
    except (ValueError, TypeError, KeyError):
        raise DocumentError(f"{name} is no answer of the World Bank's API (version 2, format=json)") from None


def _observation(row: Mapping[str, object]) -> Iterator[ox.Triple]:
    indicator = row["indicator"]
    assert isinstance(indicator, dict)
    code, country, date = str(indicator["id"]), str(row["countryiso3code"]), str(row["date"])
    of, node = ox.NamedNode(INDICATOR + code), ox.NamedNode(f"{OBSERVATION}{country}/{code}/{date}")
    value = ox.Literal(f"{row['value']:f}", datatype=ox.NamedNode(PREFIXES["xsd"] + "decimal"))
    yield ox.Triple(
        of, ox.NamedNode(PREFIXES["rdfs"] + "label"), ox.Literal(str(indicator["value"]), language="en")
    )
    for term, object_ in (
        (PREFIXES["rdf"] + "type", ox.NamedNode(PREFIXES["schema"] + "Observation")),
        (PREFIXES["schema"] + "variableMeasured", of),
        (PREFIXES["schema"] + "observationAbout", ox.NamedNode(COUNTRIES[country])),
        (PREFIXES["schema"] + "observationDate", ox.Literal(date)),
        (PREFIXES["schema"] + "value", value),
    ):
        yield ox.Triple(node, ox.NamedNode(term), object_)


def turtle(files: Sequence[Path]) -> bytes:
    """The observations of all files as Turtle.

    Raises :class:`DocumentError` for a file that cannot be read.
    """
    found: dict[ox.Triple, None] = {}
    for file in files:
        try:
            text = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise DocumentError(f"{file} cannot be read: {one_line(error)}") from None
        found |= dict.fromkeys(triples(text, str(file)))
    prefixes = {name: PREFIXES[name] for name in ("rdfs", "schema", "xsd")}
    return ox.serialize(found, format=ox.RdfFormat.TURTLE, prefixes=prefixes) or b""


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python -m plankg.worldbank FILE.json ... > world-bank.ttl")
    try:
        sys.stdout.buffer.write(turtle([Path(name) for name in sys.argv[1:]]))
    except PlankgError as error:
        sys.exit(f"Error: {error}")
