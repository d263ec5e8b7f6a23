"""Former regions: every code and name that is no longer in force."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from places import BASE, CLASSES, COUNTRY, SOURCES, Region, region, rows, table
from ttl import block, text

HEADER = f"""
Former regions of China: every code and name of GB/T 2260 that was in force between 1981 and 2024 and is no
more, with its years and the regions that took over.

Made by ontology/make/regions.py; change its tables, not this file.

A region is named by its code and the first year of that code and name. Both years are years in which it was
in force for at least a part. 1981 is the first year of the lists, so it may mean earlier. plan:parent is
the unit above in the last year in force. Where the source names no successor of an abolished prefecture,
none is given here.
{SOURCES}
This file: CC BY 4.0.
"""

#: level -> end of the name -> unit type ("" where no class fits) and its English word, longest ending first
TYPES = {
    "prefecture": {
        "自治州": ("autonomous prefecture", "Autonomous Prefecture"),
        "行政区": ("", "Administrative Region"),
        "地区": ("prefecture", "Prefecture"),
        "盟": ("league", "League"),
        "市": ("prefecture-level city", "City"),
    },
    "county": {
        "自治县": ("autonomous county", "Autonomous County"),
        "自治旗": ("autonomous banner", "Autonomous Banner"),
        "工农区": ("", "Industrial and Agricultural District"),
        "工矿区": ("", "Industrial and Mining District"),
        "矿区": ("district", "Mining District"),
        "特区": ("special district", "Special District"),
        "县": ("county", "County"),
        "市": ("county-level city", "City"),
        "区": ("district", "District"),
        "旗": ("banner", "Banner"),
        "镇": ("", "Town"),
    },
}

#: provinces split off since 1981: old province -> new ones, to find today's name of a former unit
SPLIT = {"44": ("46",), "51": ("50",)}


@dataclass(frozen=True)
class Version:
    """A code and name in force from one year until another."""

    code: str
    zh: str
    level: str
    since: int
    until: int | None  #: None while in force
    successors: tuple[tuple[str, int], ...]  #: code and year

    @property
    def iri(self) -> str:
        """Without year while in force."""
        return region(self.code) if self.until is None else f"<{BASE}region/{self.code}/{self.since}>"


def version(row: dict[str, str]) -> Version:
    """A version from its row. Successors with a year in brackets took a part before the end: left out."""
    until = int(row["valid_to_year"]) if row["valid_to_year"] else None
    later = [code for code in row["successor_codes"].split(";") if code and "[" not in code]
    return Version(
        row["code"],
        row["name_zh"],
        row["level"],
        int(row["valid_from_year"]),
        until,
        tuple((code, until) for code in later if until),
    )


def history(data: Path, known: list[Region]) -> Iterator[str]:
    """A block for each former version, in the order of codes and years."""
    source = rows(data / "admin_divisions_history_1981_2024.csv")
    versions: dict[str, list[Version]] = defaultdict(list)
    for row in source:
        versions[row["code"]].append(version(row))
    names = English(known)
    ordered = sorted((one for group in versions.values() for one in group), key=lambda v: (v.code, v.since))
    for one in ordered:
        if one.until is not None:
            yield former_block(one, versions, names)


def in_force(code: str, year: int, versions: dict[str, list[Version]]) -> Version | None:
    """The version of a code that was in force at the end of a year."""
    for one in versions.get(code, []):
        if one.since <= year and (one.until is None or year < one.until):
            return one
    return None


def former_block(one: Version, versions: dict[str, list[Version]], names: "English") -> str:
    """The triples of a former unit."""
    assert one.until is not None
    last = one.until - 1
    levels = [one.code[:2] + "0000"]
    if one.level == "county":
        levels.insert(0, one.code[:4] + "00")
    over = [found for code in levels if (found := in_force(code, max(last, one.since), versions))]
    later = [in_force(code, year, versions) for code, year in one.successors]
    if not later:  # renamed without successor in the source: the same code goes on under its next name
        later = [in_force(one.code, one.until, versions)]
    kind, en = names.of(one)
    classes = CLASSES.get(kind, ("Prefecture",) if one.level == "prefecture" else ("County",))
    above_all = [found.iri for found in over] + [region(COUNTRY)]
    return block(
        one.iri,
        [
            ("a", ["plan:Region", *(f"plan:{name}" for name in classes)]),
            ("rdfs:label", [text(one.zh, "zh"), text(en, "en")]),
            ("plan:code", text(one.code)),
            ("plan:parent", above_all[0]),
            ("plan:within", above_all),
            ("plan:validFrom", str(one.since)),
            ("plan:validUntil", str(one.until)),
            ("plan:successor", list(dict.fromkeys(found.iri for found in later if found))),
        ],
    )


class English:
    """English names of former units, from those of today where the name goes on."""

    def __init__(self, known: list[Region]) -> None:
        self.full = {(one.code[:2], one.zh): one.en for one in known}
        self.short: dict[tuple[str, str], str] = {}
        for one in known:
            plain = re.sub(
                r"^(.*?) (?:City|District|County|Banner|League|Prefecture|Province)$", r"\1", one.en
            )
            if "Autonomous" in plain:
                plain = plain.split(" ")[0]
            self.short.setdefault((one.code[:2], one.short), plain)
            self.short.setdefault((one.code[:2], one.zh), plain)

    def of(self, one: Version) -> tuple[str, str]:
        """Unit type, or "" where there is no class for it, and English name."""
        ending, (kind, word) = next(
            ((end, value) for end, value in TYPES[one.level].items() if one.zh.endswith(end)),
            ("", ("", "")),
        )
        own = table("history-names.tsv").get(one.zh)
        if own:
            return kind, own["en"]
        provinces = (one.code[:2], *SPLIT.get(one.code[:2], ()))
        place, people = split_people(one.zh.removesuffix(ending))
        for province in provinces:
            if (province, one.zh) in self.full:
                return kind, self.full[province, one.zh]
        for name in (place, one.zh):
            for province in provinces:
                if (province, name) in self.short:
                    return kind, " ".join(filter(None, [self.short[province, name], people, word]))
        raise ValueError(f"history-names.tsv needs {one.zh} ({one.code}, {one.since})")


def split_people(place: str) -> tuple[str, str]:
    """Place and English names of the peoples after it: ``来凤土家族`` is 来凤 and Tujia."""
    peoples = table("peoples.tsv")
    found: list[str] = []
    while people := next((zh for zh in peoples if place.endswith(zh) and len(place) > len(zh) + 1), ""):
        found.insert(0, peoples[people]["en"])
        place = place.removesuffix(people)
    listed = [", ".join(found[:-1]), *found[-1:]]
    return place, " and ".join(part for part in listed if part)
