"""Link sets, and the matches of regions to Wikidata and GeoNames."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from places import BASE, COUNTRY, region, rows, table
from ttl import block, decimal, text

HEADER = """
Link sets: which things here are matched to which other data, how strong, and how the matches were made; and
the matches of regions.

Made by ontology/make/regions.py; change its tables (link-targets.tsv, link-sets.tsv), not this file.

A set has one kind of subject, one target, one strength and one method. Every region names, in plan:linkSet,
the sets its matches belong to. Matches of indicators are in indicators.ttl, of units in units.ttl, of topics
in topics.ttl; each belongs to the one set of the same subjects, target and strength. skos:exactMatch says
that both are the same, skos:closeMatch that they may be used for each other in most uses.
plan:linkConfidence is a judgement on the method, not measured.

Wikidata: CC0. GeoNames: CC BY 4.0. Natural Earth: public domain.
This file: CC BY 4.0.
"""

#: when the tables were written
MADE = '"2026-11-22T00:00:00Z"^^xsd:dateTime'


def links(data: Path) -> Iterator[str]:
    """The targets, the link sets, then the matches of each region."""
    matches = {COUNTRY: [("wikidata-country", "wd:Q148"), ("geonames-unit", geonames("1814991"))]}
    for row in rows(data / "admin_divisions_2024.csv"):
        if found := list(region_links(row)):
            matches[row["code"]] = found
    targets = table("link-targets.tsv")
    sets = table("link-sets.tsv")
    yield from map(target_block, targets.values())
    count = Counter(name for found in matches.values() for name, _ in found)
    for name, one in sets.items():
        yield set_block(name, one, targets[one["target"]], count[name])
    for code, found in matches.items():
        strengths: dict[str, list[str]] = {"exactMatch": [], "closeMatch": []}
        for name, target in found:
            strengths[sets[name]["strength"]].append(target)
        yield block(
            region(code),
            [
                *((f"skos:{strength}", targets) for strength, targets in strengths.items()),
                ("plan:linkSet", [link_iri(name) for name, _ in found]),
            ],
        )


def target_block(one: dict[str, str]) -> str:
    """A dataset that things are matched to, with the beginning of its IRIs."""
    return block(
        f"<{one['iri']}>",
        [
            ("a", "void:Dataset"),
            ("rdfs:label", [text(one["zh"], "zh"), text(one["en"], "en")]),
            ("void:uriSpace", text(one["space"])),
            ("dct:license", f"<{one['license']}>" if one["license"] else ""),
        ],
    )


def set_block(name: str, one: dict[str, str], target: dict[str, str], count: int) -> str:
    """A link set; ``count`` is of its matches in this file, 0 when they are in another."""
    return block(
        link_iri(name),
        [
            ("a", "void:Linkset"),
            ("rdfs:label", [text(one["zh"], "zh"), text(one["en"], "en")]),
            ("dct:description", [text(one["how_zh"], "zh"), text(one["how_en"], "en")]),
            ("void:subjectsTarget", f"<{BASE}graph/{one['subjects']}>"),
            ("void:objectsTarget", f"<{target['iri']}>"),
            ("void:linkPredicate", f"skos:{one['strength']}"),
            ("void:triples", str(count) if count else ""),
            ("plan:linkMethod", f"plan:{one['method']}"),
            ("plan:linkConfidence", decimal(one["confidence"])),
            ("plan:accepted", one["accepted"]),
            ("dct:created", MADE),
            ("dct:license", f"<{target['license']}>" if target["license"] else ""),
        ],
    )


def link_iri(name: str) -> str:
    """The IRI of a link set."""
    return f"<{BASE}link-set/{name}>"


def region_links(row: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Link set and target of each match in a row."""
    if row["wikidata"]:
        how = row["wikidata_source"]
        if "P442" in how:
            slug = "wikidata-by-code"
        elif "countries" in how:
            slug = "wikidata-country"
        else:
            slug = "wikidata-by-name-and-place"
        yield slug, f"wd:{row['wikidata']}"
    if row["geonames"]:
        yield "geonames-unit", geonames(row["geonames"])
    if row["geonames_seat"]:
        yield "geonames-seat", geonames(row["geonames_seat"])


def geonames(number: str) -> str:
    """The linked-data IRI of a GeoNames record."""
    return f"<https://sws.geonames.org/{number}/>"
