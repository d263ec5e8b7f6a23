"""What the makers of region files share: a region in force, the tables, how a region is named in Turtle."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ttl import texts

HERE = Path(__file__).parent
BASE = "https://w3id.org/plankg/"
COUNTRY = "100000"

#: said at the head of every file made from the reference data
SOURCES = """
Codes and names: yescallop/areacodes, CC0. Wikidata identifiers and coordinates: Wikidata, CC0. ISO 3166-2
codes: ISO. English names: pinyin and the customary English form, made for plankg; not official.
"""

#: unit type in the data -> classes, the most general first
CLASSES = {
    "province": ("Province", "MainlandProvince"),
    "autonomous region": ("Province", "AutonomousRegion"),
    "municipality": ("Province", "City", "Municipality"),
    "special administrative region": ("Province", "SpecialAdministrativeRegion"),
    "prefecture-level city": ("Prefecture", "City", "PrefectureCity"),
    "autonomous prefecture": ("Prefecture", "AutonomousPrefecture"),
    "prefecture": ("Prefecture", "PrefectureArea"),
    "league": ("Prefecture", "League"),
    "county-level city": ("County", "City", "CountyCity"),
    "district": ("County", "District"),
    "county": ("County", "RuralCounty"),
    "autonomous county": ("County", "AutonomousCounty"),
    "banner": ("County", "Banner"),
    "autonomous banner": ("County", "AutonomousBanner"),
    "forestry district": ("County", "ForestryDistrict"),
    "special district": ("County", "SpecialDistrict"),
}


@dataclass(frozen=True)
class Region:
    """A unit or zone in force."""

    iri: str  #: as written in Turtle
    zh: str
    en: str
    short: str
    also_zh: tuple[str, ...]
    also_en: tuple[str, ...]
    classes: tuple[str, ...]
    code: str = ""
    parent: str = ""  #: code; zones have hosts
    hosts: tuple[str, ...] = ()
    ancestors: tuple[str, ...] = ()  #: codes, nearest first
    iso: str = ""
    since: str = ""
    point: tuple[str, str] | None = None  #: latitude, longitude
    kind: tuple[str, str] | None = None  #: of a zone, in Chinese and English
    ambiguous: bool = False

    def names(self) -> set[str]:
        """Every Chinese name."""
        return {self.zh, self.short, *self.also_zh} - {""}


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table: tab-separated if it is called so, else with commas."""
    with path.open(encoding="utf-8", newline="") as file:
        if path.suffix == ".tsv":
            return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        return list(csv.DictReader(file))


@cache
def table(name: str) -> dict[str, dict[str, str]]:
    """A table beside this file, by its first column; no key stands twice."""
    given = rows(HERE / name)
    key = next(iter(given[0]))
    found = {row[key]: row for row in given}
    if len(found) != len(given):
        raise ValueError(f"{name} names a {key} twice")
    return found


def region(code: str) -> str:
    """The prefixed name of a unit in force."""
    return f"region:{code}"


def given(values: Iterable[str], lang: str) -> list[str]:
    """Literals, empty values left out."""
    return texts((value for value in values if value), lang)
