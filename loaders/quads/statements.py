"""What a report states: results and targets, with a number or in words, each with the place where it stands."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final

from loaders.model import Fact, Qualitative, Sentence
from loaders.quads import periods
from loaders.quads.amounts import converted
from loaders.quads.report import Reading
from loaders.quads.terms import (
    Lines,
    Template,
    Term,
    decimal,
    integer,
    line,
    node,
    plan,
    term,
    text,
    thing,
    types,
)

#: How many characters of context a quote selector carries on either side.
CONTEXT: Final = 32
BINDINGNESS: Final = {"约束性": "binding", "预期性": "indicative"}
_ABOVE: Final = re.compile(r"高于|快于|优于|好于|超过|跑赢|领先")


def statements(reading: Reading) -> Iterator[Lines]:
    """Every number and promise the report states. A phrase at the place of a number has a name of its own."""
    starts = set()
    for fact in reading.extraction.facts:
        starts.add(fact.start)
        yield from _fact(reading, fact, reading.statement(fact.start))
    for words in reading.extraction.qualitative:
        name = f"{words.start}-words" if words.start in starts else str(words.start)
        yield from _qualitative(reading, words, reading.statement(name))
        for number, indicator in enumerate(words.further_indicators, 2):  # a statement on each that shares it
            one = words._replace(indicator_iri=indicator)
            yield from _qualitative(reading, one, reading.statement(f"{name}-{number}"))


def _fact(reading: Reading, fact: Fact, said: Term) -> Iterator[Lines]:
    target = fact.kind == "target"
    if target:
        yield types(said, "plan:Target")
    else:
        yield types(said, *(("plan:Result", "plan:Estimate") if fact.estimated else ("plan:Result",)))
    yield from _about(reading, fact, said)
    amount = converted(fact, reading.vocabulary)
    yield line(said, "qb:dataSet", thing("dataset", "figures" if amount.value is not None else "ranges"))
    for name, number in (("plan:value", amount.value), ("plan:low", amount.low), ("plan:high", amount.high)):
        if number is not None:
            yield line(said, name, decimal(number))
    yield line(said, "plan:comparator", plan(amount.comparator))
    if amount.unit:
        yield line(said, "plan:unit", node(amount.unit))
    yield line(said, "plan:printed", text(fact.printed))
    yield line(said, "plan:printedValue", decimal(fact.value))
    if fact.basis:
        yield line(said, "plan:basis", text(fact.basis, "zh"))
    if target and fact.bindingness in BINDINGNESS:
        yield line(said, "plan:bindingness", plan(BINDINGNESS[fact.bindingness]))
    if target and fact.stretch:
        yield line(said, "plan:stretch", _TRUE)
    yield line(said, "plan:confidence", _confidence(fact.confidence))


@lru_cache(maxsize=1_000)
def _confidence(sure: float) -> Term:
    return decimal(Decimal(str(round(sure, 4))))


def _qualitative(reading: Reading, words: Qualitative, said: Term) -> Iterator[Lines]:
    relative = bool(words.benchmark_indicator or words.benchmark_region or words.assigned)
    if words.kind == "target":
        yield types(said, "plan:Target", "plan:QualitativeTarget")
        if relative:
            yield types(said, "plan:RelativeTarget")
        if words.bindingness in BINDINGNESS:
            yield line(said, "plan:bindingness", plan(BINDINGNESS[words.bindingness]))
    else:
        yield types(said, "plan:Result", "plan:QualitativeResult")
    yield from _about(reading, words, said)
    yield line(said, "qb:dataSet", thing("dataset", "words"))
    yield line(said, "plan:printed", text(words.text))
    if words.direction:
        yield line(said, "plan:direction", plan(words.direction))
    if words.assigned:
        yield line(said, "plan:comparator", plan("asAssigned"))
    elif relative:
        yield line(said, "plan:comparator", plan("above" if _ABOVE.search(words.text) else "inStepWith"))
    if words.benchmark_indicator:
        yield line(said, "plan:benchmarkIndicator", node(words.benchmark_indicator))
    if words.benchmark_region:
        yield line(said, "plan:benchmarkRegion", node(words.benchmark_region))


def _about(reading: Reading, item: Fact | Qualitative, said: Term) -> Iterator[Lines]:
    """What facts and promises without a number have in common."""
    yield types(said, "plan:Statement", "plan:Assertion", "qb:Observation", "prov:Entity")
    if item.indicator_iri:
        yield line(said, "plan:indicator", node(item.indicator_iri))
    if item.region_iri:
        yield line(said, "plan:region", node(item.region_iri))
    if item.period:
        yield periods.of(said, item.period)
        if item.kind == "target":
            yield line(said, "plan:inPlan", reading.plan(item.period))
    yield line(said, "plan:rule", _rule(item.rule))
    yield where(reading, said, item.sentence, item.start, item.end)


_rule = lru_cache(maxsize=1_000)(text)
_TRUE: Final = b'"true"^^' + term("xsd:boolean")
_WHERE: Final = Template("""
{said} plan:statedIn {report}
{said} plan:quote {quote}
{said} plan:start {start}
{said} plan:end {end}{section}
{said} plan:evidence {evidence}
{evidence} rdf:type plan:Evidence
{evidence} rdf:type oa:SpecificResource
{evidence} oa:hasSource {report}
{evidence} oa:hasSelector {by_quote}
{evidence} oa:hasSelector {by_position}
{by_quote} rdf:type oa:TextQuoteSelector
{by_quote} oa:exact {exact}
{by_quote} oa:prefix {prefix}
{by_quote} oa:suffix {suffix}
{by_position} rdf:type oa:TextPositionSelector
{by_position} oa:start {first}
{by_position} oa:end {last}
""")


def where(reading: Reading, said: Term, sentence: Sentence, start: int, end: int) -> Lines:
    """Where it stands: the sentence as text and as Web Annotation selectors, the number or phrase by its
    offsets."""
    return _WHERE(
        said=said,
        report=reading.report,
        start=integer(start),
        end=integer(end),
        section=b"\n" + line(said, "plan:inSection", text(sentence.section, "zh"))
        if sentence.section
        else b"",
        evidence=said[:-1] + b"#evidence>",
        by_quote=said[:-1] + b"#quote>",
        by_position=said[:-1] + b"#position>",
        **_selected(reading.extraction.document.text, sentence.text, sentence.start, sentence.end),
    )


@lru_cache(maxsize=1)  # several numbers of one sentence follow one another
def _selected(source: str, quote: str, first: int, last: int) -> dict[str, Term]:
    return {
        "quote": text(quote, "zh"),
        "exact": text(source[first:last]),
        "prefix": text(source[max(0, first - CONTEXT) : first]),
        "suffix": text(source[last : last + CONTEXT]),
        "first": integer(first),
        "last": integer(last),
    }
