"""Matches of regions to Wikidata and GeoNames, and how each was made."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from places import BASE, COUNTRY, region, rows, table
from ttl import block, text

HEADER = """
Matches of regions to other data, and how each was made.

Made by ontology/make/regions.py; change its tables, not this file.

Every region names, in plan:linkSet, the sets its matches belong to; a set has one target, one strength and
one method. skos:exactMatch says that both are the same unit, skos:closeMatch that they may be used for each
other in most uses. Matches of indicators are in indicators.ttl, of units in units.ttl, of topics in
topics.ttl.

Wikidata: CC0. GeoNames: CC BY 4.0. Natural Earth: public domain.
This file: CC BY 4.0.
"""


def links(data: Path) -> Iterator[str]:
    """The link sets, then the matches of each region."""
    matches = {COUNTRY: [("wikidata-country", "wd:Q148"), ("geonames-unit", geonames("1814991"))]}
    for row in rows(data / "admin_divisions_2024.csv"):
        if found := list(region_links(row)):
            matches[row["code"]] = found
    yield LINK_SET
    sets = table("link-sets.tsv")
    count = Counter(name for found in matches.values() for name, _ in found)
    for name, one in sets.items():
        yield block(
            link_iri(name),
            [
                ("a", "void:Linkset"),
                ("rdfs:label", [text(one["zh"], "zh"), text(one["en"], "en")]),
                ("dct:description", [text(one["how_zh"], "zh"), text(one["how_en"], "en")]),
                ("void:subjectsTarget", f"<{BASE}graph/regions>"),
                ("void:objectsTarget", f"<{one['target']}>"),
                ("void:linkPredicate", f"skos:{one['strength']}"),
                ("void:triples", str(count[name])),
                ("dct:license", f"<{one['license']}>"),
            ],
        )
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


LINK_SET = block(
    "plan:linkSet",
    [
        ("a", "owl:AnnotationProperty"),
        ("rdfs:label", [text("链接集", "zh"), text("link set", "en")]),
        (
            "skos:definition",
            [
                text("本地区的匹配所属的链接集，说明匹配的对象、强度和方法。", "zh"),
                text("A set that matches of this region belong to: to what, how strong, how made.", "en"),
            ],
        ),
        ("rdfs:isDefinedBy", f"<{BASE}ontology>"),
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
