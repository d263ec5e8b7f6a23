"""Makes ``ontology/census2020.ttl``: residents and urbanisation of the 2020 census, for each region in force.

    python ontology/make/census.py ../shared/data

Reads ``census2020_by_code.csv``, ``admin_divisions_2024.csv`` and ``admin_divisions_history_1981_2024.csv``
in the folder given. A region that has since taken in another one the census counts apart is left out: the
figure would be that of its former area.
"""

import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from places import BASE, COUNTRY, region, rows  # noqa: E402
from ttl import block, decimal, document, text  # noqa: E402

HEADER = """
Resident population and urbanisation rate of the 2020 census, to check and complement what reports say.

Made by ontology/make/census.py; change that, not this file. Every figure is a plan:ReferenceFigure, never a
statement of a report. Regions are those of 2024; left out are those that have no figure of their own in the
table, and those that have since taken in an area the census counts apart ({left_out}).

Source: Seventh National Population Census of China, as of 1 November 2020, National Bureau of Statistics,
tabulated by code in leiii/census, MIT licence.
This file: CC BY 4.0.
"""
SOURCE = f"<{BASE}source/census-2020>"
COUNTS = ("population", "resident-population", "10k-person")
RATE = ("urbanisation_pct", "urbanisation", "percent")


def census(data: Path) -> str:
    """The text of the file."""
    table = rows(data / "census2020_by_code.csv")
    counted = {COUNTRY if row["name_zh"] == "全国" else row["code"]: row for row in table}
    current = {row["code"] for row in rows(data / "admin_divisions_2024.csv")} | {COUNTRY}
    grown = taken_in(rows(data / "admin_divisions_history_1981_2024.csv"), set(counted)) & current
    kept = [code for code in sorted(counted) if code in current - grown]
    header = HEADER.format(left_out=", ".join(sorted(grown & set(counted))))
    blocks = [source(), *(one for code in kept for one in figures(code, counted[code]))]
    return document(header, ["dcat", "dct", "plan", "rdfs", "region", "unit"], blocks)


def taken_in(history: list[dict[str, str]], counted: set[str]) -> set[str]:
    """Codes of regions that took in, in 2020 or later, a unit that the census counts apart."""
    return {
        code
        for row in history
        if row["valid_to_year"] and int(row["valid_to_year"]) >= 2020 and row["code"] in counted
        for code in re.findall(r"(?<![\[\d])\d{6}(?!\[)", row["successor_codes"])
        if code != row["code"]
    }


def source() -> str:
    """Where the figures are from."""
    return block(
        SOURCE,
        [
            ("a", "dcat:Dataset"),
            ("rdfs:label", [text("2020年第七次全国人口普查", "zh"), text("2020 census of China", "en")]),
            (
                "dct:description",
                [
                    text("2020年11月1日零时的常住人口和城镇化率。", "zh"),
                    text("Residents and urbanisation rate as of 1 November 2020.", "en"),
                ],
            ),
            ("dct:publisher", [text("国家统计局", "zh"), text("National Bureau of Statistics", "en")]),
            ("dct:license", "<https://opensource.org/license/mit>"),
        ],
    )


def figures(code: str, row: dict[str, str]) -> Iterator[str]:
    """The figures of a region."""
    for (column, indicator, unit), divisor in ((COUNTS, 10000), (RATE, 1)):
        if row[column]:
            yield block(
                f"<{BASE}figure/census-2020/{code}/{indicator}>",
                [
                    ("a", "plan:ReferenceFigure"),
                    ("plan:region", region(code)),
                    ("plan:indicator", f"<{BASE}indicator/{indicator}>"),
                    ("plan:year", "2020"),
                    ("plan:value", decimal(Decimal(row[column]) / divisor)),
                    ("plan:unit", f"unit:{unit}"),
                    ("plan:figureSource", SOURCE),
                ],
            )


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("usage: python ontology/make/census.py FOLDER-OF-REFERENCE-DATA")
    (HERE.parent / "census2020.ttl").write_text(census(Path(sys.argv[1])), encoding="utf-8")
