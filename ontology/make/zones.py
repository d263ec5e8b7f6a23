"""Development zones, ports and other zones for which reports give figures of their own."""

import re
import unicodedata
from itertools import pairwise
from pathlib import Path

from places import BASE, Region, rows, table

#: class of a zone in the data -> row of zone-kinds.tsv
KINDS = {
    "economic and technological development zone": "etdz",
    "hi-tech industrial development zone": "high-tech",
    "bonded zone": "bonded",
}
ETDZ, HIGH_TECH = "经济技术开发区", "高新技术产业开发区"


def zones(data: Path, known: list[Region]) -> list[Region]:
    """National zones of the data and those of ``zones.tsv``, in the order of their IRIs."""
    by_code = {one.code: one for one in known}
    national: dict[str, dict[str, str]] = {}
    for row in rows(data / "development_zones.csv"):
        if row["zone_level"] == "national" or row["name_zh"] in table("zones.tsv"):
            national.setdefault(row["name_zh"], row)
    names = dict.fromkeys([*national, *table("zones.tsv")])
    found = sorted((zone(name, national.get(name), by_code) for name in names), key=lambda one: one.iri)
    for one, other in pairwise(found):
        if one.iri == other.iri:
            raise ValueError(
                f"{one.zh} and {other.zh} have the same IRI {one.iri}: zones.tsv must tell them apart"
            )
    return found


def zone(name: str, row: dict[str, str] | None, by_code: dict[str, Region]) -> Region:
    """A zone from its row in the data, from ``zones.tsv``, or from both."""
    own = table("zones.tsv").get(name)
    if own and own["hosts"]:
        hosts, kind = tuple(own["hosts"].split()), own["kind"]
    elif row:
        hosts, kind = (row["host_code"],), KINDS.get(row["zone_class"], "other")
    else:
        raise ValueError(f"zones.tsv: {name} has no host and is not in the data")
    if own:
        slug, en, also = own["slug"], own["en"], own["also called"].split()
    else:
        assert row is not None
        slug, en, also = *place_and_kind(name, row["province_code"], by_code), []
    described = table("zone-kinds.tsv")[kind]
    ancestors = [code for host in hosts for code in (host, *by_code[host].ancestors)]
    return Region(
        f"<{BASE}region/zone/{slug}>",
        name,
        en,
        "",
        tuple(one for one in (*short_forms(name), *also) if one != name),
        (),
        ("Zone",),
        hosts=hosts,
        ancestors=tuple(dict.fromkeys(ancestors)),
        kind=(described["zh"], described["en"]),
    )


def place_and_kind(name: str, province: str, by_code: dict[str, Region]) -> tuple[str, str]:
    """Slug and English name of a zone called after a unit of its province: 昆山经济技术开发区."""
    for ending, slug, kind in (
        (ETDZ, "etdz", "Economic and Technological Development Zone"),
        (HIGH_TECH, "high-tech-zone", "High-tech Industrial Development Zone"),
        ("高新技术产业园区", "high-tech-zone", "High-tech Industrial Park"),
    ):
        place = name.removesuffix(ending)
        if place != name:
            english = {
                re.sub(r" (City|District|County|Province|Prefecture|Banner|\w+ Autonomous .*)$", "", one.en)
                for one in by_code.values()
                if place in (one.short, one.zh) and one.code[:2] == province[:2]
            }
            if len(english) == 1:
                (spelt,) = english
                return f"{ascii_slug(spelt)}-{slug}", f"{spelt} {kind}"
    raise ValueError(f"{name} needs a row in zones.tsv")


def ascii_slug(name: str) -> str:
    """``Xi'an`` is ``xian``, ``Ürümqi`` is ``urumqi``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower().replace("'", "")).strip("-")


def short_forms(name: str) -> list[str]:
    """How reports shorten a zone's name: 昆山经开区, 昆山开发区, 苏州高新区."""
    if name.endswith(ETDZ):
        place = name.removesuffix(ETDZ)
        return [f"{place}经开区", f"{place}开发区", f"{place}经济开发区", f"{place}国家级经济技术开发区"]
    if name.endswith(HIGH_TECH):
        place = name.removesuffix(HIGH_TECH)
        return [f"{place}高新区", f"{place}高新技术开发区", f"{place}国家高新区", f"{place}国家级高新区"]
    return []
