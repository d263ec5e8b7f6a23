"""Makes ``regions.ttl``, ``regions-history.ttl`` and ``links.ttl`` in ``ontology/`` from reference data.

    python ontology/make/regions.py ../shared/data

Reads ``admin_divisions_2024.csv``, ``admin_divisions_history_1981_2024.csv`` and ``development_zones.csv``
in the folder given. The tables beside this file hold what that data lacks: ``region-names.tsv`` (other
names; English names that plain pinyin gets wrong, each with the name it replaces, so that a corrected
source is noticed), ``zones.tsv`` (zones whose English name cannot be put together from the place, and
zones the data lacks), ``history-names.tsv`` (English names of former units).
"""

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import history  # noqa: E402
import links  # noqa: E402
import zones  # noqa: E402
from places import CLASSES, COUNTRY, SOURCES, Region, given, region, rows, table  # noqa: E402
from ttl import Pair, block, decimal, document, text  # noqa: E402

HEADER = f"""
Regions of China: the 34 provinces, 333 prefectures and 2,846 counties of GB/T 2260 as of 2024, the country
itself, and zones for which reports give figures of their own.

Made by ontology/make/regions.py; change its tables, not this file.

plan:within holds every region above, written out; plan:City is on municipalities, prefecture-level cities
and county-level cities alike. plan:validFrom is the first year of this code and name, in lists that begin in
1981. plan:ambiguousName marks a region whose full, short or other name another one here has too (鼓楼区,
朝阳, 吉林): only context tells which is meant. Former units are in regions-history.ttl, matches to other
data in links.ttl.
{SOURCES}
Zones: names of national economic and technological development zones and high-tech zones as published, with
the administrative unit they lie in; a choice of new areas, free trade zones, ports and other zones.
This file: CC BY 4.0.
"""


def units(data: Path) -> list[Region]:
    """The country and the units of 2024, in the order of their codes."""
    source = rows(data / "admin_divisions_2024.csv")
    parents = {row["code"]: row["parent_code"] or COUNTRY for row in source}
    country = Region(
        region(COUNTRY),
        "中华人民共和国",
        "China",
        "中国",
        ("全国", "我国"),
        ("People's Republic of China",),
        ("Country",),
        code=COUNTRY,
        iso="CN",
    )
    return [country, *(unit(row, parents) for row in source)]


def unit(row: dict[str, str], parents: dict[str, str]) -> Region:
    """A unit from its row."""
    code, zh, short = row["code"], row["name_zh"], row["name_short"]
    correction = table("region-names.tsv").get(code)
    if correction and correction["expected"] != row["name_en"]:
        raise ValueError(f"the source now calls {code} {row['name_en']}: look at region-names.tsv")
    wrong_point = zh == "庐江县" and row["coord_flag"]  # carries the point of 庐阳区
    return Region(
        region(code),
        zh,
        correction["en"] if correction else row["name_en"],
        short,
        (*usual_names(row), *(correction["also zh"].split(";") if correction else ())),
        tuple(correction["also en"].split(";")) if correction else (),
        CLASSES[row["unit_type"]],
        code=code,
        parent=parents[code],
        ancestors=tuple(above(code, parents)),
        iso=row["iso3166_2"],
        since=row["code_since"],
        point=None if wrong_point or not row["lat"] else (row["lat"], row["lon"]),
    )


def above(code: str, parents: dict[str, str]) -> Iterator[str]:
    """The codes of all units above, nearest first, the country last."""
    while code != COUNTRY:
        code = parents[code]
        yield code


def usual_names(row: dict[str, str]) -> list[str]:
    """What an autonomous unit is called for short: 黔东南州, 景宁县, 广西自治区."""
    ending = {"autonomous prefecture": "州", "autonomous county": "县", "autonomous region": "自治区"}
    if row["unit_type"] not in ending:
        return []
    return [row["name_short"] + ending[row["unit_type"]]]


def marked(found: list[Region]) -> list[Region]:
    """The regions, those marked whose names others have too."""
    owners = defaultdict(set)
    for one in found:
        for name in one.names():
            owners[name].add(one.iri)
    return [replace(one, ambiguous=any(len(owners[name]) > 1 for name in one.names())) for one in found]


def region_block(one: Region) -> str:
    """The triples of a region in force."""
    pairs: list[Pair] = [
        ("a", ["plan:Region", *(f"plan:{name}" for name in one.classes)]),
        ("rdfs:label", [text(one.zh, "zh"), text(one.en, "en")]),
        ("plan:shortName", text(one.short, "zh") if one.short else ""),
        ("skos:altLabel", [*given(one.also_zh, "zh"), *given(one.also_en, "en")]),
        ("rdfs:comment", [text(one.kind[0], "zh"), text(one.kind[1], "en")] if one.kind else ""),
        ("plan:code", text(one.code) if one.code else ""),
        ("plan:isoCode", text(one.iso) if one.iso else ""),
        ("plan:parent", region(one.parent) if one.parent else ""),
        ("plan:host", [region(code) for code in one.hosts]),
        ("plan:within", [region(code) for code in one.ancestors]),
        ("plan:ambiguousName", "true" if one.ambiguous else ""),
        ("plan:validFrom", one.since),
    ]
    if one.point:
        lat, long = (decimal(round(Decimal(number), 5)) for number in one.point)
        pairs += [("plan:lat", lat), ("plan:long", long)]
    return block(one.iri, pairs)


def turtle(data: Path) -> dict[str, str]:
    """The text of each file, by its name."""
    known = units(data)
    regions = marked([*known, *zones.zones(data, known)])
    former = history.history(data, known)
    return {
        "regions.ttl": document(HEADER, ["plan", "rdfs", "region", "skos"], map(region_block, regions)),
        "regions-history.ttl": document(history.HEADER, ["plan", "rdfs", "region"], former),
        "links.ttl": document(
            links.HEADER, ["dct", "plan", "rdfs", "region", "skos", "void", "wd", "xsd"], links.links(data)
        ),
    }


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("usage: python ontology/make/regions.py FOLDER-OF-REFERENCE-DATA")
    for name, written in turtle(Path(sys.argv[1])).items():
        (HERE.parent / name).write_text(written, encoding="utf-8")
