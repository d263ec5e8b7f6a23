"""Extraction -> flat rows, as ``plankg extract`` prints them. One fact, promise, project or measure a row."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from loaders.model import Extraction, Fact, MeasureMention, ProjectMention, Qualitative

Row = dict[str, Any]


def facts(extraction: Extraction) -> Iterator[Row]:
    """One row a number that states a fact; ``value`` and ``unit`` as printed."""
    for fact in extraction.facts:
        yield {
            "start": fact.start,
            "end": fact.end,
            "number": fact.number,
            "indicator": fact.indicator,
            "measure": fact.measure,
            "value": _number(fact.value),
            "upper": None if fact.upper is None else _number(fact.upper),
            "unit": fact.unit,
            "comparator": fact.comparator,
            "kind": fact.kind,
            "estimated": fact.estimated,
            "period": fact.period,
            "region": fact.region,
            "indicator_iri": fact.indicator_iri,
            "region_iri": fact.region_iri,
            "printed": fact.printed,
            "basis": fact.basis,
            "bindingness": fact.bindingness,
            "stretch": fact.stretch,
            "rule": fact.rule,
            "confidence": fact.confidence,
            **_place(extraction, fact),
        }


def qualitative(extraction: Extraction) -> Iterator[Row]:
    """One row a target or outcome without a number."""
    for words in extraction.qualitative:
        yield {
            "start": words.start,
            "end": words.end,
            "indicator": words.indicator,
            "text": words.text,
            "kind": words.kind,
            "period": words.period,
            "region": words.region,
            "indicator_iri": words.indicator_iri,
            "region_iri": words.region_iri,
            "direction": words.direction,
            "benchmark_indicator": words.benchmark_indicator,
            "benchmark_region": words.benchmark_region,
            "assigned": words.assigned,
            "bindingness": words.bindingness,
            "rule": words.rule,
            **_place(extraction, words),
        }


def projects(extraction: Extraction) -> Iterator[Row]:
    """One row a named project at its first useful mention."""
    for project in extraction.projects:
        amount = project.investment
        yield {
            "start": project.start,
            "end": project.end,
            "name": project.name,
            "status": project.status,
            "period": project.period,
            "region": project.region,
            "investment": amount and {"value": _number(amount[0]), "unit": amount[1]},
            "region_iri": project.region_iri,
            "owner": project.owner,
            **_place(extraction, project),
        }


def measures(extraction: Extraction) -> Iterator[Row]:
    """One row an action of the planning part; ``facts`` and ``projects`` are starts of rows of those."""
    for measure in extraction.measures:
        yield _measure(extraction, measure)


def explain(extraction: Extraction) -> Iterator[str]:
    """The report sentence by sentence: what was read from each and by which rule, then the numbers left
    out."""
    info = extraction.report
    yield f"{info.title}: {info.kind}, {info.region}, {info.year}; reviews {info.review}, plans {info.plan}"
    sentence, section = None, None
    for fact in sorted(extraction.facts, key=lambda f: (f.sentence.start, f.start)):
        if fact.sentence.section != section:
            section = fact.sentence.section
            yield f"\n## {section}"
        if fact.sentence != sentence:
            sentence = fact.sentence
            yield f"\n{sentence.start}: {sentence.text}"
        yield "    " + _fact_line(fact)
    if extraction.other_numbers:
        yield "\n## numbers that are not facts"
    for other in extraction.other_numbers:
        yield f"    {other.start}: {other.number}  {other.reason}"
    if extraction.other_sentences:
        yield "\n## sentences of the plan that are no measures"
    for words in extraction.other_sentences:
        yield f"    {words.start}: {words.text}  {words.reason}"
    for warning in extraction.warnings:
        yield f"warning: {warning}"


def _fact_line(fact: Fact) -> str:
    estimated = " estimated" if fact.estimated else ""
    return (
        f"{fact.start}: {fact.printed}  {fact.indicator} [{fact.indicator_iri.rpartition('/indicator/')[2]}] "
        f"{fact.measure}, {fact.kind}{estimated} for {fact.period} in {fact.region} "
        f"(rule {fact.rule}, {fact.confidence:.2f})"
    )


def _measure(extraction: Extraction, measure: MeasureMention) -> Row:
    return {
        "start": measure.start,
        "end": measure.end,
        "text": measure.text,
        "heading": measure.heading,
        "topic": measure.topic,
        "actor": measure.actor,
        "action": measure.action,
        "object": measure.object,
        "instruments": list(measure.instruments),
        "facts": list(measure.facts),
        "projects": list(measure.projects),
        "indicators": list(measure.indicators),
        "period": measure.period,
        "region_iri": measure.region_iri,
        "document": extraction.document.name,
    }


def _place(extraction: Extraction, item: Fact | Qualitative | ProjectMention) -> Row:
    return {
        "sentence": item.sentence.text,
        "section": item.sentence.section,
        "document": extraction.document.name,
    }


def _number(value: Decimal) -> int | float:
    """For JSON: a whole number as such, another as the shortest decimal that reads the same."""
    return int(value) if value == value.to_integral_value() else float(value)
