"""Facts -> a panel: one row a region and year, one column an indicator, role and unit.

A range has no single number: an indicator and role with ranges has two more columns, for the bounds. Facts
for other periods than one calendar year are left out.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from urllib.parse import unquote

from loaders.namespaces import BASE
from plankg.tables.columns import COLUMNS, Cell, Column, Table
from plankg.tables.facts import ROLES, Fact, role_of

Series = tuple[str, str, str]  # indicator IRI, kind, unit
Place = tuple[str, str, int]  # region code, region, year

_ROWS: Final = tuple(column for column in COLUMNS if column.key in ("region_code", "region", "year"))
_BOUNDS: Final = {"low": ("下限", "low"), "high": ("上限", "high")}


@dataclass(frozen=True, slots=True)
class Panel:
    """The wide table; ``differing``: how many cells had several different figures to choose from."""

    table: Table
    differing: int


def wide(facts: Iterable[Fact]) -> Panel:
    """The panel. Where several statements give one cell, that of the latest report stands in it, and in one
    report the first in its text."""
    by_cell: dict[Series, dict[Place, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for fact in facts:
        if fact.year is not None:
            series = (fact.indicator_iri, role_of(fact), fact.unit)
            by_cell[series][fact.region_code, fact.region, fact.year].append(fact)
    kinds = list(ROLES)
    order = sorted(
        by_cell, key=lambda s: (s[0].startswith(BASE + "indicator/zh/"), s[0], kinds.index(s[1]), s[2])
    )
    places = sorted({place for cells in by_cell.values() for place in cells})
    columns, contents, differing = list(_ROWS), [], 0
    for series in order:
        chosen = {place: _chosen(group) for place, group in by_cell[series].items()}
        differing += sum(len({(f.value, f.low, f.high) for f in g}) > 1 for g in by_cell[series].values())
        for column, field in _columns(series, list(chosen.values()), {c.key for c in columns}):
            columns.append(column)
            contents.append({place: _content(fact, field) for place, fact in chosen.items()})
    rows = tuple((*place, *(content.get(place) for content in contents)) for place in places)
    return Panel(Table(tuple(columns), rows), differing)


def _chosen(group: Sequence[Fact]) -> Fact:
    return min(group, key=lambda fact: (-(fact.report_year or 0), fact.report_iri, fact.start))


def _content(fact: Fact, field: str) -> Decimal | None:
    """``low`` and ``high`` are for ranges alone: other figures have their ``value``."""
    if field != "value" and fact.value is not None:
        return None
    content: Cell = getattr(fact, field)
    assert content is None or isinstance(content, Decimal)
    return content


def _columns(series: Series, facts: Sequence[Fact], taken: set[str]) -> Iterable[tuple[Column, str]]:
    iri, kind, unit = series
    slug = re.sub(r"\W+", "_", unquote(iri.removeprefix(BASE + "indicator/"))).strip("_")
    name, role = facts[0].indicator, facts[0].role
    fields = [
        field for field in ("value", "low", "high") if any(_content(f, field) is not None for f in facts)
    ]
    for field in fields:
        key = free = "_".join([slug, kind, *([field] if field in _BOUNDS else [])])
        number = 2
        while free in taken:
            free, number = f"{key}_{number}", number + 1
        taken.add(free)
        bound_zh, bound_en = _BOUNDS.get(field, ("", ""))
        column = Column(
            key=free,
            zh=" ".join(filter(None, [name, role, bound_zh])) + (f"（{unit}）" if unit else ""),
            en=" ".join(filter(None, [name, role, bound_en])) + (f" ({unit})" if unit else ""),
            type="decimal",
            about_zh=f"{iri}",
            about_en=f"{iri}",
        )
        yield column, field
