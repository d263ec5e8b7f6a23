"""The report itself, and what it names besides its statements: periods, plans, places, counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from loaders import plans
from loaders.model import Extraction, Fact, Qualitative
from loaders.namespaces import BASE, safe_iri
from loaders.quads import periods
from loaders.quads.terms import Lines, Term, integer, iri, labels, line, node, part, plan, text, thing, types
from loaders.vocabulary import Vocabulary

REPORT_KINDS: Final = {
    "work-report": "WorkReport",
    "plan-report": "PlanReport",
    "bulletin": "Bulletin",
    "outline": "Outline",
    "other": "OtherReport",
}


@dataclass(frozen=True)
class Reading:
    """What was read from one report, and the nodes that everything said of it hangs on."""

    extraction: Extraction
    vocabulary: Vocabulary
    slug: str  #: the report's name in IRIs

    @cached_property
    def report(self) -> Term:
        return thing("report", self.slug)

    def statement(self, name: int | str) -> Term:
        """The node of what is stated at an offset."""
        return part(thing("statement", self.slug), name)

    @cached_property
    def statements(self) -> tuple[Fact | Qualitative, ...]:
        return (*self.extraction.facts, *self.extraction.qualitative)

    @cached_property
    def frames(self) -> tuple[str, ...]:
        """Periods of the five-year plans the report names."""
        return tuple(sorted({*plans.frames(self.extraction)}))

    @cached_property
    def planned(self) -> frozenset[str]:
        """Periods of the plans its measures are part of."""
        return frozenset((self.extraction.report.plan, *plans.spans(self.extraction)))

    def plan(self, period: str) -> Term:
        """The plan of the reporting region for a period."""
        region = self.extraction.report.region_iri.removeprefix(BASE + "region/") or self.slug
        return thing("plan", f"{region.replace('/', '-')}-{periods.printed(period)}")


def describe(reading: Reading) -> Iterator[Lines]:
    """The report as a document."""
    extraction, report = reading.extraction, reading.report
    info, document, source = extraction.report, extraction.document, extraction.source
    yield types(report, "plan:Report", "prov:Entity", "schema:Report")
    yield labels(report, info.title, f"{info.kind} {info.year or ''} ({reading.slug})".replace("  ", " "))
    yield line(report, "dct:title", text(info.title, "zh"))
    yield line(report, "plan:reportKind", plan(REPORT_KINDS[info.kind]))
    if info.region_iri:
        yield line(report, "plan:region", node(info.region_iri))
    if info.year is not None:
        yield line(report, "plan:year", integer(info.year))
    if info.date:
        yield line(report, "dct:issued", text(info.date))
    yield line(report, "plan:sha256", text(document.sha256))
    yield line(report, "plan:textLength", integer(len(document.text)))
    if source.url:  # the one IRI from elsewhere: an error when it is none
        yield line(report, "plan:source", str(ox.NamedNode(safe_iri(source.url))).encode())
    if source.publisher:
        yield line(report, "dct:publisher", text(source.publisher, "zh"))
    for predicate, period in (("plan:reviews", info.review), ("plan:plans", info.plan)):
        if period:
            yield line(report, predicate, periods.period(period))


def named_periods(reading: Reading) -> Iterator[Lines]:
    """Every period the report names."""
    extraction, info = reading.extraction, reading.extraction.report
    named = {info.review, info.plan, *reading.frames}
    named |= {item.period for item in reading.statements}
    named |= {mention.period for mention in (*extraction.projects, *extraction.project_updates)}
    named |= {measure.period for measure in extraction.measures}
    for period in sorted(named - {""}):
        yield from periods.describe(period)


def stated_plans(reading: Reading) -> Iterator[Lines]:
    """Every plan that the report states targets or measures of."""
    extraction = reading.extraction
    stated = {extraction.report.plan, *reading.frames}
    stated |= {item.period for item in reading.statements if item.kind == "target"}
    stated |= {measure.period for measure in extraction.measures}
    for period in sorted(stated - {""}):
        yield from _plan(reading, period)
    for frame in reading.frames:
        yield line(reading.plan(extraction.report.plan), "dct:isPartOf", reading.plan(frame))


def _plan(reading: Reading, period: str) -> Iterator[Lines]:
    node_, info = reading.plan(period), reading.extraction.report
    yield types(node_, "plan:Plan", "prov:Plan", "pplan:Plan", "prov:Entity")
    name = iri(node_).rpartition("/")[2]
    yield labels(node_, f"{info.region}{periods.in_chinese(period)}计划", f"plan {name}")
    if info.region_iri:
        yield line(node_, "plan:region", node(info.region_iri))
    yield periods.of(node_, period)


def minted_regions(reading: Reading) -> Iterator[Lines]:
    """Places that ``regions.ttl`` does not have: zones and ports of the reporting region."""
    host = reading.vocabulary.region_iris.get(reading.extraction.report.region_iri)
    for place, name in sorted(_regions(reading).items()):
        if place not in reading.vocabulary.region_iris and name:
            region = node(place)
            yield types(region, "plan:Region", "plan:Zone", "schema:AdministrativeArea", "geo:Feature")
            yield labels(region, name, f"{name} (zone)")
            if host:
                yield line(region, "plan:host", node(host.iri))
                for area in sorted({host.iri, *host.within}):
                    yield line(region, "plan:within", node(area))


def _regions(reading: Reading) -> dict[str, str]:
    """Every region a report names: IRI -> name."""
    extraction = reading.extraction
    named = {extraction.report.region_iri: extraction.report.region}
    for item in (*reading.statements, *extraction.projects, *extraction.project_updates):
        named.setdefault(item.region_iri, item.region)
    named.pop("", None)
    return named


def counts(extraction: Extraction) -> dict[str, int]:
    """What was seen, explained and left over, so that a release can be checked against the one before.

    Keys are local names of properties of the report in the metadata graph.
    """
    unexplained = sum(number.reason.startswith("unexplained") for number in extraction.other_numbers)
    seen = len(extraction.facts) + len(extraction.other_numbers)
    return {
        "numbersSeen": seen,
        "numbersExplained": seen - unexplained,
        "numbersUnexplained": unexplained,
        "statementCount": len(extraction.facts)
        + sum(1 + len(words.further_indicators) for words in extraction.qualitative),
        "projectCount": len(extraction.projects),
        "measureCount": len(extraction.measures),
        "otherSentenceCount": len(extraction.other_sentences),
    }


def metadata(reading: Reading) -> Iterator[Lines]:
    for name, number in counts(reading.extraction).items():
        yield line(reading.report, f"plan:{name}", integer(number))
    for warning in reading.extraction.warnings:
        yield line(reading.report, "plan:warning", text(warning))
