"""Graph -> facts: one row for each statement, read by the one query in ``facts.rq``.

The query is asked through a :data:`plankg.questions.Select`, so a graph folder and an endpoint over HTTP
give the same rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final, Literal

import pyoxigraph as ox

from loaders.errors import ParameterError, PlankgError
from plankg.questions import Select, Term, term

Language = Literal["zh", "en"]

#: Kind of statement -> its name in a table. 预计 figures are not final results and have a kind of their own.
ROLES: Final[Mapping[str, Mapping[Language, str]]] = {
    "target": {"zh": "目标", "en": "target"},
    "result": {"zh": "完成", "en": "result"},
    "estimate": {"zh": "预计", "en": "estimate"},
}

_QUERY: Final = Path(__file__).with_name("facts.rq")
_PLACE: Final = "# filters"


class TableError(PlankgError):
    """A table that cannot be written: unknown format, missing library, or a place that is not writable."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which statements a table holds. Every empty tuple means all. Regions and indicators are given by name,
    by the end of their IRI or by their whole IRI; ``kinds`` are the keys of :data:`ROLES` or their Chinese
    names; ``words`` adds statements without a number."""

    regions: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    words: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement. Numbers are exact and in ``unit``; a range has ``low`` and ``high`` and no ``value``;
    ``start`` and ``end`` count code points of the report's text. Names are in the language asked for, in
    Chinese where the graph has no other."""

    region_code: str
    region: str
    year: int | None
    period: str
    indicator: str
    role: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    comparator: str
    bindingness: str
    basis: str
    printed: str
    quote: str
    report: str
    url: str
    start: int
    end: int
    iri: str
    indicator_iri: str
    report_iri: str
    report_year: int | None
    sha256: str


def facts(select: Select, choice: Filter | None = None, language: Language = "zh") -> tuple[Fact, ...]:
    """The statements that ``choice`` (all numbers when left out) lets through, by region code, report and
    place in its text.

    Raises :class:`ParameterError` for a region or an indicator that the graph does not have, or an unknown
    kind.
    """
    rows = [_fact(row, language) for row in select(query(select, choice or Filter()))]
    found = {fact.iri: fact for fact in sorted(rows, key=_order, reverse=True)}  # the first of each remains
    return tuple(sorted(found.values(), key=_order))


def query(select: Select, choice: Filter) -> str:
    """The text of ``facts.rq`` with the filters in their place; ``select`` looks names up."""
    lines = [
        _values("regionIri", [term("region", name, select) for name in choice.regions]),
        _values("indicatorIri", [term("indicator", name, select) for name in choice.indicators]),
        _values("year", [term("integer", str(year), select) for year in choice.years]),
    ]
    if choice.years:
        lines.append("?iri plan:year ?year .")
    if choice.kinds:
        lines.append(f"FILTER (?role IN ({', '.join(str(ox.Literal(k)) for k in _kinds(choice.kinds))}))")
    if not choice.words:
        lines.append("FILTER (BOUND(?low) || BOUND(?high))")
    text = _QUERY.read_text("utf-8")
    before, _, after = text.partition(f"  {_PLACE}\n")
    return before + "".join(f"  {line}\n" for line in lines if line) + after


def plain(number: Decimal) -> str:
    """A number as the graph writes it, without an exponent."""
    return f"{number:f}"


def role_of(fact: Fact) -> str:
    """The key of :data:`ROLES` of a fact."""
    return next(kind for kind, names in ROLES.items() if fact.role in names.values())


def _kinds(given: Iterable[str]) -> list[str]:
    known = {name: kind for kind, names in ROLES.items() for name in (kind, *names.values())}
    for name in given:
        if name not in known:
            raise ParameterError(f"no kind of statement is called {name!r}; there are {', '.join(ROLES)}")
    return [known[name] for name in given]


def _values(variable: str, terms: Sequence[Term]) -> str:
    return f"VALUES ?{variable} {{ {' '.join(map(str, terms))} }}" if terms else ""


def _order(fact: Fact) -> tuple[str, str, str, int, str, str]:
    return (fact.region_code, fact.region, fact.report_iri, fact.start, fact.iri, repr(fact))


def _fact(row: Mapping[str, Term], language: Language) -> Fact:
    def text(name: str) -> str:
        return row[name].value if name in row else ""

    def label(name: str) -> str:
        return (text(f"{name}En") if language == "en" else "") or text(f"{name}Zh")

    def number(name: str) -> Decimal | None:
        try:
            return Decimal(text(name)) if name in row else None
        except InvalidOperation:
            raise TableError(f"{text('iri')}: {name} {text(name)!r} is not a number") from None

    def whole(name: str) -> int | None:
        return int(text(name)) if name in row else None

    return Fact(
        region_code=text("regionCode"),
        region=label("region"),
        year=whole("year"),
        period=label("period"),
        indicator=label("indicator"),
        role=ROLES[text("role")][language],
        value=number("value"),
        low=number("low"),
        high=number("high"),
        unit=label("unit"),
        comparator=label("comparator"),
        bindingness=label("bindingness"),
        basis=text("basis"),
        printed=text("printed"),
        quote=text("quote"),
        report=text("report"),
        url=text("url"),
        start=int(text("start")),
        end=int(text("end")),
        iri=text("iri"),
        indicator_iri=text("indicatorIri"),
        report_iri=text("reportIri"),
        report_year=whole("reportYear"),
        sha256=text("sha256"),
    )
