"""Makes ``ontology/units.ttl``: the units that Chinese plan and work reports print.

    python ontology/make/units.py

The tables beside this file are the one place where units are kept: ``units.tsv`` (a unit, its exact factor
to the base unit, the multipliers it is printed with, other spellings, identifiers), ``unit-families.tsv``
(sets of units, the base unit of each, the unit in which its figures are stored) and ``unit-notes.tsv``.
"""

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from ttl import block, decimal, document, text, texts  # noqa: E402

OUT = HERE.parent / "units.ttl"

HEADER = """
Units as Chinese plan and work reports print them.

Made by ontology/make/units.py from the tables beside it; change those, not this file.

plan:factor is exact and leads to plan:baseUnit: value in the unit * factor = value in the base unit. Units
with the same base unit convert into each other. The plan:referenceUnit of a family is the unit in which
figures of indicators outside the indicator list are stored. Counters (家, 户, 所 ...) all count one by one,
so they share the base unit "number", but each is a family of its own: what they count differs.

QUDT identifiers: QUDT.org, CC BY 4.0. Codes of UN/CEFACT Recommendation 20: UNECE, by way of
datasets/unece-units, MIT. UCUM codes: Regenstrief Institute. Wikidata: CC0. A unit with a multiplier (万吨)
has no match of its own: that of its base unit and the factor say the same. Spellings were collected from
published reports.
This file: CC BY 4.0.
"""

#: multiplier as printed -> (slug, English, power of ten)
MULTIPLIERS = {
    "千": ("1k", "thousand", 3),
    "万": ("10k", "10 thousand", 4),
    "十万": ("100k", "100 thousand", 5),
    "百万": ("1m", "million", 6),
    "千万": ("10m", "10 million", 7),
    "亿": ("100m", "100 million", 8),
    "十亿": ("1b", "billion", 9),
    "百亿": ("10b", "10 billion", 10),
    "千亿": ("100b", "100 billion", 11),
    "万亿": ("1t", "trillion", 12),
}

NUMBER = "number"  #: a number without counter; base unit of every counter
COUNTER = "counter"  #: in the family column: a counter is a family of its own


@dataclass(frozen=True)
class Unit:
    """A row of ``units.tsv``."""

    slug: str
    zh: str
    en: str
    factor: Decimal
    multipliers: tuple[str, ...]
    printed: tuple[str, ...]  #: other spellings
    exact: tuple[str, ...]  #: matches in QUDT and Wikidata
    close: str
    ucum: str
    rec20: str
    notes: tuple[str, ...]  #: Chinese and English, or none


@dataclass(frozen=True)
class Family:
    """Units that convert into each other."""

    slug: str
    zh: str
    en: str
    reference: str
    base: str
    units: tuple[Unit, ...]


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table beside this file."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def unique(values: list[str]) -> None:
    """Fails with the first value that stands twice."""
    for value in values:
        if values.count(value) > 1:
            raise ValueError(f"units.tsv has {value!r} twice")


def unit(row: dict[str, str], notes: dict[str, tuple[str, ...]]) -> Unit:
    """A unit from its row; ``~`` before a QUDT name says that the match is close, not exact."""
    close = row["qudt"].removeprefix("~") if row["qudt"].startswith("~") else ""
    exact = [f"qudt:{row['qudt']}" if row["qudt"] and not close else ""]
    exact.append(f"wd:{row['wikidata']}" if row["wikidata"] else "")
    return Unit(
        slug=row["unit"],
        zh=row["zh"],
        en=row["en"],
        factor=Decimal(row["factor"]),
        multipliers=tuple(row["multipliers"].split()),
        printed=tuple(row["also printed"].split()),
        exact=tuple(exact),
        close=f"qudt:{close}" if close else "",
        ucum=row["ucum"],
        rec20=row["rec20"],
        notes=notes.get(row["unit"], ()),
    )


def families() -> Iterator[Family]:
    """All families in the order of the tables, counters last; no two units share a slug or spelling."""
    unique([row["unit"] for row in rows("units.tsv")])
    unique([one for row in rows("units.tsv") for one in (row["zh"], *row["also printed"].split())])
    notes: dict[str, tuple[str, ...]] = {
        row["unit"]: (text(row["zh"], "zh"), text(row["en"], "en")) for row in rows("unit-notes.tsv")
    }
    members: dict[str, list[Unit]] = {}
    for row in rows("units.tsv"):
        members.setdefault(row["family"], []).append(unit(row, notes))
    for row in rows("unit-families.tsv"):
        units = tuple(members[row["family"]])
        yield Family(row["family"], row["zh"], row["en"], row["reference"], row["base"], units)
    for one in members[COUNTER]:
        yield Family(one.slug, f"量词“{one.zh}”", f"counter {one.zh}: {one.en}", one.slug, NUMBER, (one,))


def plain(one: Unit, family: Family) -> str:
    """The block of a unit without multiplier."""
    return block(
        f"unit:{one.slug}",
        [
            ("a", "plan:Unit"),
            ("rdfs:label", [text(one.zh, "zh"), text(one.en, "en")]),
            ("skos:altLabel", texts(one.printed, "zh")),
            ("rdfs:comment", one.notes),
            ("plan:family", family_iri(family)),
            ("plan:baseUnit", f"unit:{family.base}"),
            ("plan:factor", decimal(one.factor)),
            ("plan:ucum", text(one.ucum) if one.ucum else ""),
            ("plan:rec20", text(one.rec20) if one.rec20 else ""),
            ("skos:exactMatch", one.exact),
            ("skos:closeMatch", one.close),
        ],
    )


def multiplied(one: Unit, family: Family, multiplier: str) -> str:
    """The block of a unit with a multiplier in front: 万吨. A bare multiplier (万) is a multiplied number."""
    slug, english, power = MULTIPLIERS[multiplier]
    bare = one.slug == NUMBER
    ucum = f"10*{power}.{one.ucum}" if one.ucum[:1].isalpha() else ""
    return block(
        f"unit:{slug}-{one.slug}",
        [
            ("a", "plan:Unit"),
            (
                "rdfs:label",
                [
                    text(multiplier if bare else multiplier + one.zh, "zh"),
                    text(english if bare else f"{english} {one.en}", "en"),
                ],
            ),
            ("skos:altLabel", texts((multiplier + spelling for spelling in one.printed), "zh")),
            ("plan:family", family_iri(family)),
            ("plan:baseUnit", f"unit:{family.base}"),
            ("plan:factor", decimal(one.factor.scaleb(power))),
            ("plan:ucum", text(ucum) if ucum else ""),
        ],
    )


def family_iri(family: Family) -> str:
    """The IRI of a family, in angle brackets: a prefixed name cannot hold its slash."""
    return f"<https://w3id.org/plankg/unit/family/{family.slug}>"


def blocks() -> Iterator[str]:
    """Each family, then its units, each followed by its multiplied forms."""
    for family in families():
        yield block(
            family_iri(family),
            [
                ("a", "plan:UnitFamily"),
                ("rdfs:label", [text(family.zh, "zh"), text(family.en, "en")]),
                ("plan:baseUnit", f"unit:{family.base}"),
                ("plan:referenceUnit", f"unit:{family.reference}"),
            ],
        )
        for one in family.units:
            yield plain(one, family)
            for multiplier in one.multipliers:
                yield multiplied(one, family, multiplier)


def turtle() -> str:
    """The text of ``units.ttl``."""
    return document(HEADER, ["plan", "qudt", "rdfs", "skos", "unit", "wd"], blocks())


if __name__ == "__main__":
    OUT.write_text(turtle(), encoding="utf-8")
