"""Amounts as they are stored: in the indicator's one unit, with their bounds. The only place where a number changes."""

from decimal import Decimal
from typing import Final, NamedTuple

from loaders.facts.against import TIMES
from loaders.model import Fact
from loaders.quads.terms import EXACT
from loaders.vocabulary import Unit, Vocabulary

#: Printed comparator -> term, and the term when the number is a fall: 下降10%以上 is at most -10.
COMPARATORS: Final = {
    "=": ("exactly", "exactly"),
    "~": ("about", "about"),
    ">=": ("atLeast", "atMost"),
    ">": ("moreThan", "lessThan"),
    "<=": ("atMost", "atLeast"),
    "<": ("lessThan", "moreThan"),
}
_PLACES: Final = Decimal(1).scaleb(-12)
_FALLING: Final = ("下降率", "降低率", "下降幅度", "降低幅度", "降幅", "下降", "降低")


class Amount(NamedTuple):
    """Bounds of a statement in ``unit`` (IRI, or "" when the printed unit is unknown); see
    :func:`converted`."""

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    comparator: str  #: local name of a plan:Comparator
    unit: str


def converted(fact: Fact, vocabulary: Vocabulary) -> Amount:
    """The fact's number in the unit it is stored in, with its bounds.

    A fall named as a positive number (``单位GDP能耗下降率 4.6%``) becomes the negative growth it states;
    the bounds and the comparator of a fall are turned with it. A number whose unit cannot be converted into
    the indicator's keeps the reference unit of its own family.
    """
    fact = _in_percent(fact)
    unit = printed_unit(fact, vocabulary)
    target = _stored_unit(fact, unit, vocabulary)
    factor = Decimal(1) if unit is None or target is None else EXACT.divide(unit.factor, target.factor)
    sign = -1 if _names_a_fall(fact, vocabulary) else 1
    first = scaled(fact.value * sign, factor)
    iri = target.iri if target else ""
    if fact.upper is not None:
        second = scaled(fact.upper * sign, factor)
        return Amount(None, min(first, second), max(first, second), "between", iri)
    comparator = COMPARATORS[fact.comparator][1 if first < 0 else 0]
    low = first if comparator in ("exactly", "about", "atLeast", "moreThan") else None
    high = first if comparator in ("exactly", "about", "atMost", "lessThan") else None
    return Amount(first, low, high, comparator, iri)


def _in_percent(fact: Fact) -> Fact:
    """翻两番 is a growth of 300 %, and what is 1.7 times (是2007年的1.7倍) has grown by 70 %: these are no multiples of a per
    cent, so they are turned here."""
    if fact.rule == TIMES and fact.unit == "倍":
        upper = None if fact.upper is None else (fact.upper - 1) * 100
        return fact._replace(value=(fact.value - 1) * 100, upper=upper, unit="%")
    if fact.measure != "growth" or fact.unit != "番":
        return fact
    upper = None if fact.upper is None else (2**fact.upper - 1) * 100
    return fact._replace(value=(2**fact.value - 1) * 100, upper=upper, unit="%")


def in_reference_unit(amount: Decimal, printed: str, vocabulary: Vocabulary) -> tuple[Decimal, str] | None:
    """An amount as written in the reference unit of its family, and that unit's IRI; None for an unknown unit."""
    unit = vocabulary.unit(printed)
    target = _reference(unit, vocabulary)
    if unit is None or target is None:
        return None
    return scaled(amount, EXACT.divide(unit.factor, target.factor)), target.iri


def printed_unit(fact: Fact, vocabulary: Vocabulary) -> Unit | None:
    """The unit the report prints; a bare rank is a place, any other bare number is in its indicator's own unit
    (产业结构 0.2:31.9:67.9), or else counts."""
    if fact.unit:
        return vocabulary.unit(fact.unit)
    if fact.measure == "rank":
        return vocabulary.unit("位")
    indicator = vocabulary.indicator_iris.get(fact.indicator_iri)
    return vocabulary.unit_iris.get(indicator.unit if indicator else "") or vocabulary.unit("数")


def scaled(value: Decimal, factor: Decimal) -> Decimal:
    """``value`` times ``factor``, to twelve decimal places (a store keeps eighteen)."""
    return EXACT.quantize(EXACT.multiply(value, factor), _PLACES)


def _names_a_fall(fact: Fact, vocabulary: Vocabulary) -> bool:
    """Whether the fact is a level by name (单位GDP能耗下降率) that stands for a growth or change of an
    indicator."""
    indicator = vocabulary.indicator_iris.get(fact.indicator_iri)
    moves = indicator is not None and indicator.stat_type in ("growth", "annualAverageGrowth", "change")
    return moves and fact.measure == "level" and fact.value > 0 and fact.indicator.endswith(_FALLING)


def _stored_unit(fact: Fact, unit: Unit | None, vocabulary: Vocabulary) -> Unit | None:
    indicator = vocabulary.indicator_iris.get(fact.indicator_iri) or vocabulary.indicator_iris.get(
        fact.indicator_iri.removesuffix("/change")  # a change is stored in the unit of its level
    )
    own = vocabulary.unit_iris.get(indicator.unit) if indicator else None
    if unit is None:
        return None
    return own if own is not None and own.base == unit.base else _reference(unit, vocabulary)


def _reference(unit: Unit | None, vocabulary: Vocabulary) -> Unit | None:
    if unit is None:
        return None
    reference = vocabulary.unit_iris.get(vocabulary.reference_units.get(unit.family, ""))
    return (
        reference
        if reference is not None and reference.base == unit.base
        else vocabulary.unit_iris.get(unit.iri)
    )
