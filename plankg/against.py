"""``plankg check --against``: what reports say, held against figures that do not come from the same sentence.

Three comparisons, each of the same indicator, region, period and role (target or result):

* ``census``: results near the census year with the shipped census (:class:`plan:ReferenceFigure`);
* ``reports``: what two reports say;
* ``within``: what one report says in two places.

A disagreement is for a person to look at: the reader may have misread a sentence, a report may contradict
another one, or both may be right about different parts of a thing. A figure is as exact as it is printed:
2.4万亿元 stands for all that rounds to it, and 左右 allows one whole step of the last digit that is not 0.
How much more two figures may differ is written in :data:`REVISED` and :data:`CENSUS`.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import combinations
from typing import Final, Literal, get_args

import click
import pyoxigraph as ox

from loaders.namespaces import BASE, PREFIXES

Kind = Literal["census", "reports", "within"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
TITLES: Final[dict[Kind, str]] = {
    "census": "results near 2020 and the census",
    "reports": "two reports on the same",
    "within": "one report in two places",
}


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far two figures may lie apart: a part of the figure, or points where it is a percentage. ``yearly``
    is added for each year between them."""

    part: Decimal
    points: Decimal
    yearly_part: Decimal = Decimal(0)
    yearly_points: Decimal = Decimal(0)

    def of(self, value: Decimal, percentage: bool, years: int = 0) -> Decimal:
        if percentage:
            return self.points + years * self.yearly_points
        return abs(value) * (self.part + years * self.yearly_part)


#: Between an estimate (预计) and what a later report says.
REVISED: Final = Tolerance(Decimal("0.02"), Decimal("0.5"))
#: Between the census of 1 November and a year's end, and for each year more.
CENSUS: Final = Tolerance(Decimal("0.03"), Decimal("1.5"), Decimal("0.02"), Decimal("1.5"))
#: Years before and after the census in which results are compared with it.
NEAR: Final = 3

LOWER_BOUND: Final = ("atLeast", "moreThan", "above")
UPPER_BOUND: Final = ("atMost", "lessThan")


@dataclass(frozen=True, slots=True)
class Figure:
    """One side of a comparison, with its words."""

    iri: str
    value: Decimal | None  #: in the indicator's unit; None for a range
    low: Decimal | None
    high: Decimal | None
    comparator: str  #: last part of its IRI
    unit: str  #: name of the indicator's unit
    printed: str
    quote: str
    source: str  #: slug of its report, or the name of what it is from
    start: int = 0
    estimate: bool = False
    basis: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """What two figures must share to be compared."""

    role: str
    indicator: str
    region: str
    period: str
    percentage: bool


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two figures on the same thing that cannot both be right."""

    kind: Kind
    role: str
    indicator: str
    indicator_name: str
    region: str
    region_name: str
    period: str
    one: Figure
    other: Figure


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many pairs were compared, by kind, and those that disagree."""

    compared: dict[Kind, int]
    disagreements: tuple[Disagreement, ...]


def compare(store: ox.Store, kinds: Sequence[Kind] = KINDS) -> Comparison:
    """Compares every figure of the graph that has something to be compared with, in the ways of ``kinds``."""
    figures = _figures(store)
    counted: Counter[Kind] = Counter()
    found: list[tuple[Kind, Key, Figure, Figure]] = []
    for key, group in figures.items():
        for one, other in combinations(_apart(group), 2):
            if one.basis and other.basis and one.basis != other.basis:
                continue
            kind: Kind = "within" if one.source == other.source else "reports"
            if kind not in kinds:
                continue
            counted[kind] += 1
            if not agree(one, other, key.role, key.percentage):
                found.append((kind, key, one, other))
    for key, stated, census in _near_the_census(store, figures) if "census" in kinds else ():
        counted["census"] += 1
        assert stated.year is not None and census.year is not None and census.value is not None
        allowed = CENSUS.of(census.value, key.percentage, abs(stated.year - census.year))
        if not _overlap(interval(stated), (census.value - allowed, census.value + allowed)):
            found.append(("census", key, stated, census))
    names = _labels(store)
    return Comparison(
        {kind: counted[kind] for kind in kinds},
        tuple(
            Disagreement(
                kind,
                key.role,
                key.indicator,
                names.get(key.indicator, key.indicator),
                key.region,
                names.get(key.region, key.region),
                names.get(key.period, key.period),
                one,
                other,
            )
            for kind, key, one, other in sorted(
                found, key=lambda f: (KINDS.index(f[0]), f[1].region, f[1].indicator, f[1].period, f[2].iri)
            )
        ),
    )


def agree(one: Figure, other: Figure, role: str, percentage: bool) -> bool:
    """Whether both can be right, each as exact as it is printed.

    Two targets put in the same way (5%以上 and 6%以上, 5%左右 and 6%左右) are two targets, so the numbers
    themselves are compared; two such results only say that the value lies beyond or near both.
    """
    allowed = Decimal(0)
    if one.estimate != other.estimate and one.source != other.source:
        allowed = REVISED.of(one.value or one.low or Decimal(0), percentage)
    if role == "target" and _way(one.comparator) == _way(other.comparator):
        first, second = rounded(one), rounded(other)
    else:
        first, second = interval(one), interval(other)
    return _overlap(first, second, allowed)


Interval = tuple[Decimal | None, Decimal | None]


def interval(figure: Figure) -> Interval:
    """The values a figure may stand for; None where nothing bounds it.

    >>> def told(printed, value, comparator="exactly"):
    ...     return Figure("", Decimal(value), None, None, comparator, "", printed, "", "")
    >>> [str(bound) for bound in interval(told("2.4万亿元", "24000"))]
    ['23500.1000', '24499.9000']
    >>> [str(bound) for bound in interval(told("24000亿元左右", "24000", "about"))]
    ['23000', '25000']
    >>> interval(told("5%以上", "5", "atLeast"))
    (Decimal('4.5001'), None)
    """
    low, high = rounded(figure)
    if figure.value is None:
        return low, high
    if figure.comparator == "about":
        whole = step(figure.printed, figure.value, significant=True)
        return figure.value - whole, figure.value + whole
    if figure.comparator in LOWER_BOUND:
        return low, None
    if figure.comparator in UPPER_BOUND:
        return None, high
    return low, high


def rounded(figure: Figure) -> Interval:
    """The values that would be printed as this number; those half way to the next one are not among them."""
    if figure.value is None:
        return figure.low, figure.high
    half = step(figure.printed, figure.value) * Decimal("0.4999")
    return figure.value - half, figure.value + half


_NUMBER = re.compile(r"\d[\d,，]*(?:\.\d+)?")


def step(printed: str, value: Decimal, significant: bool = False) -> Decimal:
    """The last digit printed, in the unit of ``value``; with ``significant`` the last one that is not 0.

    0 when no number is printed in digits.

    >>> step("2.4万亿元", Decimal(24000)), step("24000亿元", Decimal(24000), significant=True)
    (Decimal('1000'), Decimal('1000'))
    """
    match = _NUMBER.search(printed)
    if match is None:
        return Decimal(0)
    digits = re.sub("[,，]", "", match[0])
    number = Decimal(digits)
    if not number or not value:
        return Decimal(0)
    whole, _, fraction = digits.partition(".")
    exponent = -len(fraction)
    if significant and not fraction:
        exponent = len(whole) - len(whole.rstrip("0"))
    return Decimal(10) ** exponent * abs(value) / number


def _way(comparator: str) -> str:
    """How a number is put: as a lower or upper bound, or by its comparator."""
    return "low" if comparator in LOWER_BOUND else "high" if comparator in UPPER_BOUND else comparator


def _overlap(one: Interval, other: Interval, allowed: Decimal = Decimal(0)) -> bool:
    """
    >>> _overlap((Decimal(1), Decimal(2)), (Decimal(3), None))
    False
    >>> _overlap((Decimal(1), None), (Decimal(3), None))
    True
    """
    (low, high), (other_low, other_high) = one, other
    below = high is not None and other_low is not None and high + allowed < other_low
    above = low is not None and other_high is not None and other_high + allowed < low
    return not below and not above


def _apart(group: list[Figure]) -> list[Figure]:
    """One figure for each way in which a report puts it."""
    first = {(f.source, f.value, f.low, f.high, f.comparator, f.estimate): f for f in reversed(group)}
    return sorted(first.values(), key=lambda f: (f.source, f.start))


# ---- the graph -----------------------------------------------------------------------------------


def _select(store: ox.Store, query: str) -> Iterator[dict[str, str]]:
    solutions = store.query(
        query,
        prefixes={name: PREFIXES[name] for name in ("plan", "rdfs")},
        use_default_graph_as_union=True,
    )
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    for row in solutions:
        yield {n: value.value for n in names if isinstance(value := row[n], ox.NamedNode | ox.Literal)}


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _figures(store: ox.Store) -> dict[Key, list[Figure]]:
    """Every statement with a number, by what it is about, in the order of reports and places."""
    found: dict[Key, list[Figure]] = defaultdict(list)
    for row in _select(
        store,
        """SELECT ?statement ?role ?estimate ?indicator ?region ?period ?year ?basis ?value ?low ?high
                  ?comparator ?printed ?quote ?report ?start ?unit ?unitName {
             VALUES (?class ?role) { (plan:Target "target") (plan:Result "result") }
             ?statement a ?class ; plan:indicator ?indicator ; plan:region ?region ; plan:period ?period ;
               plan:printed ?printed ; plan:quote ?quote ; plan:statedIn ?report ; plan:start ?start ;
               plan:unit ?unit .
             OPTIONAL { ?unit rdfs:label ?unitName FILTER (LANG(?unitName) = "zh") }
             OPTIONAL { ?statement plan:low ?low } OPTIONAL { ?statement plan:high ?high }
             FILTER (BOUND(?low) || BOUND(?high))
             OPTIONAL { ?statement plan:value ?value } OPTIONAL { ?statement plan:comparator ?comparator }
             OPTIONAL { ?statement plan:year ?year } OPTIONAL { ?statement plan:basis ?basis }
             BIND (EXISTS { ?statement a plan:Estimate } AS ?estimate) }
           ORDER BY STR(?report) ?start""",
    ):
        percentage = row["unit"].rpartition("/")[2] in ("percent", "percentage-point")
        key = Key(row["role"], row["indicator"], row["region"], row["period"], percentage)
        found[key].append(
            Figure(
                row["statement"],
                _decimal(row.get("value")),
                _decimal(row.get("low")),
                _decimal(row.get("high")),
                row.get("comparator", "").rpartition("#")[2],
                row.get("unitName", ""),
                row["printed"],
                row["quote"],
                row["report"].removeprefix(BASE + "report/"),
                int(row["start"]),
                row["estimate"] == "true",
                row.get("basis", ""),
                int(row["year"]) if "year" in row else None,
            )
        )
    return found


def _near_the_census(
    store: ox.Store, figures: dict[Key, list[Figure]]
) -> Iterator[tuple[Key, Figure, Figure]]:
    census: dict[tuple[str, str], list[Figure]] = defaultdict(list)
    for row in _select(
        store,
        """SELECT ?figure ?indicator ?region ?value ?year ?source ?unit {
             ?figure a plan:ReferenceFigure ; plan:indicator ?indicator ; plan:region ?region ;
               plan:value ?value ; plan:year ?year ; plan:unit/rdfs:label ?unit ;
               plan:figureSource/rdfs:label ?source .
             FILTER (LANG(?source) = "zh" && LANG(?unit) = "zh") }""",
    ):
        value = Decimal(row["value"])
        printed = row["value"] + row["unit"]
        figure = Figure(
            row["figure"],
            value,
            value,
            value,
            "exactly",
            row["unit"],
            printed,
            printed,
            row["source"],
            year=int(row["year"]),
        )
        census[row["indicator"], row["region"]].append(figure)
    for key, group in figures.items():
        for reference in census.get((key.indicator, key.region), ()) if key.role == "result" else ():
            for stated in _apart(group):
                assert reference.year is not None
                if stated.year is not None and abs(stated.year - reference.year) <= NEAR:
                    yield key, stated, reference


def _labels(store: ox.Store) -> dict[str, str]:
    rows = _select(
        store,
        """SELECT ?thing (MIN(?label) AS ?name) { VALUES ?class { plan:Indicator plan:Region plan:Period }
             ?thing a ?class ; rdfs:label ?label FILTER (LANG(?label) = "zh") } GROUP BY ?thing""",
    )
    return {row["thing"]: row["name"] for row in rows}


# ---- telling it ----------------------------------------------------------------------------------


def show(store: ox.Store, kinds: Sequence[Kind], format: str) -> int:
    """Prints the comparison as ``json`` or as text; the exit status: 1 when figures disagree, else 0."""
    comparison = compare(store, kinds)
    if format == "json":
        click.echo(as_json(comparison))
    else:
        for line in as_lines(comparison):
            click.echo(line)
    return int(bool(comparison.disagreements))


def as_json(comparison: Comparison) -> str:
    """``compared`` by kind, and the disagreements with both sides and their quotes; numbers as text."""
    whole = {
        "compared": comparison.compared,
        "disagreements": [asdict(one) for one in comparison.disagreements],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2, default=str)


def as_lines(comparison: Comparison, longest: int = 160) -> Iterator[str]:
    """The disagreements for a reader, each with both quotes, and the counts."""
    for one in comparison.disagreements:
        about = f"{one.region_name} {one.indicator_name} {one.period} ({one.role})"
        yield f"{TITLES[one.kind]}: {about}: {_told(one.one)} / {_told(one.other)}"
        for figure in (one.one, one.other):
            place = f"{figure.source} at {figure.start}" if figure.start else figure.source
            yield f"    {place}: {_cut(figure, longest)}"
    disagreeing = Counter(one.kind for one in comparison.disagreements)
    for kind, count in comparison.compared.items():
        yield f"{TITLES[kind]}: {count} pairs compared, {disagreeing[kind]} disagree"


def _told(figure: Figure) -> str:
    """As printed, and in the indicator's unit where that is another way to say it."""
    if figure.value is None or f"{figure.value.normalize():f}{figure.unit}" in figure.printed:
        return figure.printed
    return f"{figure.printed} = {figure.value.normalize():f}{figure.unit}"


def _cut(figure: Figure, longest: int) -> str:
    """The quote; where it is long, the part around what is printed."""
    if len(figure.quote) <= longest:
        return figure.quote
    at = max(0, figure.quote.find(figure.printed))
    start = max(0, min(at - longest // 2, len(figure.quote) - longest))
    part = figure.quote[start : start + longest]
    return ("…" if start else "") + part + ("…" if start + longest < len(figure.quote) else "")
