"""Extraction -> quads: what was read from one report, as RDF in the terms of ``ontology/plankg.ttl``.

Pure functions of their arguments: the same extraction gives the same quads in the same order. Amounts are
stored in the indicator's one unit, or, for an indicator outside the list, in the reference unit of the
printed unit's family; :func:`converted` is the only place where a number changes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cache
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox

from loaders import identity, plans, project_words, unify
from loaders.model import (
    Document,
    Extraction,
    Fact,
    MeasureMention,
    ProjectMention,
    Qualitative,
    Sentence,
)
from loaders.namespaces import BASE, GRAPH, PLAN, PREFIXES, safe_iri
from loaders.vocabulary import Unit, Vocabulary, normalise

#: How many characters of context a quote selector carries on either side.
CONTEXT: Final = 32

#: Printed comparator -> term, and the term when the number is a fall: 下降10%以上 is at most -10.
COMPARATORS: Final = {
    "=": ("exactly", "exactly"),
    "~": ("about", "about"),
    ">=": ("atLeast", "atMost"),
    ">": ("moreThan", "lessThan"),
    "<=": ("atMost", "atLeast"),
    "<": ("lessThan", "moreThan"),
}
REPORT_KINDS: Final = {
    "work-report": "WorkReport",
    "plan-report": "PlanReport",
    "bulletin": "Bulletin",
    "outline": "Outline",
    "other": "OtherReport",
}
STATUSES: Final = {
    "planned": "planned",
    "signed": "signed",
    "started": "started",
    "under_construction": "underConstruction",
    "completed": "completed",
    "in_operation": "inOperation",
    "cancelled_or_deferred": "cancelledOrDeferred",
}
BINDINGNESS: Final = {"约束性": "binding", "预期性": "indicative"}
#: Indicators derived from a level: end of the IRI, kind of measure, property to the level, words added to
#: its name.
DERIVED: Final = {
    "annual-growth": ("annualAverageGrowth", "growthOf", "年均增长", "average annual growth"),
    "growth": ("growth", "growthOf", "增长", "growth"),
    "change": ("change", "changeOf", "增减", "change"),
    "rank": ("rank", "rankOf", "排名", "rank"),
}

_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
_PLACES = Decimal(1).scaleb(-12)
_A: Final = ox.NamedNode(PREFIXES["rdf"] + "type")

Subject = ox.NamedNode
Object = ox.NamedNode | ox.Literal


@dataclass(frozen=True, slots=True)
class Amount:
    """Bounds of a statement in ``unit`` (IRI, or "" when the printed unit is unknown); see
    :func:`converted`."""

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    comparator: str  #: local name of a plan:Comparator
    unit: str


def quads(extraction: Extraction, vocabulary: Vocabulary) -> Iterator[ox.Quad]:
    """Every quad one report gives: its own named graph, and its part of the shared ones (indicators,
    metadata)."""
    slug = report_slug(extraction)
    graph = ox.NamedNode(f"{GRAPH}report/{slug}")
    for subject, predicate, value in _report_triples(extraction, slug, vocabulary):
        yield ox.Quad(subject, predicate, value, graph)
    shared = {
        "indicators": _minted_indicators(extraction, vocabulary),
        "regions": _minted_regions(extraction, vocabulary),
        "periods": _periods(extraction),
        "plans": _plans(extraction),
        "projects": _named_projects(extraction, vocabulary),
        "metadata": _metadata(extraction, slug),
    }
    for name, triples in shared.items():  # what several reports name is described once
        for subject, predicate, value in triples:
            yield ox.Quad(subject, predicate, value, ox.NamedNode(GRAPH + name))


def report_slug(extraction: Extraction) -> str:
    """The name a report has in IRIs: that of ``sources.toml``, else made from the file's name."""
    return extraction.source.slug or slug(extraction.document.name)


def slug(name: str) -> str:
    """A name as part of an IRI: Chinese characters, letters and digits stay, anything else becomes one
    hyphen.

    >>> slug("苏州市 2023年（草案）")
    '苏州市-2023年-草案'
    """
    return re.sub(r"[\W_]+", "-", name).strip("-").lower() or "unnamed"


def converted(fact: Fact, vocabulary: Vocabulary) -> Amount:
    """The fact's number in the unit it is stored in, with its bounds.

    A fall named as a positive number (``单位GDP能耗下降率 4.6%``) becomes the negative growth it states;
    the bounds and the comparator of a fall are turned with it. A number whose unit cannot be converted into
    the indicator's keeps the reference unit of its own family.
    """
    unit = printed_unit(fact, vocabulary)
    target = _stored_unit(fact, unit, vocabulary)
    factor = Decimal(1) if unit is None or target is None else _EXACT.divide(unit.factor, target.factor)
    sign = -1 if _names_a_fall(fact, vocabulary) else 1
    first = _scaled(fact.value * sign, factor)
    iri = target.iri if target else ""
    if fact.upper is not None:
        second = _scaled(fact.upper * sign, factor)
        return Amount(None, min(first, second), max(first, second), "between", iri)
    comparator = COMPARATORS[fact.comparator][1 if first < 0 else 0]
    low = first if comparator in ("exactly", "about", "atLeast", "moreThan") else None
    high = first if comparator in ("exactly", "about", "atMost", "lessThan") else None
    return Amount(first, low, high, comparator, iri)


def printed_unit(fact: Fact, vocabulary: Vocabulary) -> Unit | None:
    """The unit the report prints; a bare rank is a place, any other bare number is in its indicator's own unit
    (产业结构 0.2:31.9:67.9), or else counts."""
    if fact.unit:
        return vocabulary.unit(fact.unit)
    if fact.measure == "rank":
        return vocabulary.unit("位")
    indicator = vocabulary.indicator_iris.get(fact.indicator_iri)
    return vocabulary.unit_iris.get(indicator.unit if indicator else "") or vocabulary.unit("数")


# ---- report, plan, period ------------------------------------------------------------------------

Triple = tuple[Subject, Subject, Object]


def _report_triples(extraction: Extraction, slug: str, vocabulary: Vocabulary) -> Iterator[Triple]:
    info, document, source = extraction.report, extraction.document, extraction.source
    report = _thing("report", slug)
    yield from _types(report, "plan:Report", "prov:Entity", "schema:Report")
    yield from _labels(report, info.title, f"{info.kind} {info.year or ''} ({slug})".replace("  ", " "))
    yield report, _p("dct:title"), ox.Literal(info.title, language="zh")
    yield report, _p("plan:reportKind"), _term(REPORT_KINDS[info.kind])
    if info.region_iri:
        yield report, _p("plan:region"), _node(info.region_iri)
    if info.year is not None:
        yield report, _p("plan:year"), _integer(info.year)
    if info.date:
        yield report, _p("dct:issued"), ox.Literal(info.date)
    yield report, _p("plan:sha256"), ox.Literal(document.sha256)
    yield report, _p("plan:textLength"), _integer(len(document.text))
    if source.url:
        yield report, _p("plan:source"), _node(source.url)
    if source.publisher:
        yield report, _p("dct:publisher"), ox.Literal(source.publisher, language="zh")
    for predicate, period in (("plan:reviews", info.review), ("plan:plans", info.plan)):
        if period:
            yield report, _p(predicate), _period(period)

    starts = {fact.start for fact in extraction.facts}
    for fact in extraction.facts:
        yield from _fact(extraction, fact, _statement(slug, fact.start), report, vocabulary)
    for words in extraction.qualitative:
        name = f"{words.start}-words" if words.start in starts else str(words.start)
        for number, one in enumerate(_one_indicator_each(words), 1):
            node = _thing("statement", f"{slug}/{name}" + (f"-{number}" if number > 1 else ""))
            yield from _qualitative(extraction, one, node, report)
    mentions = list(_mentions(extraction, vocabulary))
    for mention, project in mentions:
        yield from _project(extraction, mention, project, slug, report, vocabulary)
    stated = frozenset([f.start for f in extraction.facts] + [q.start for q in extraction.qualitative])
    projects = {mention.start: project for mention, project in mentions}
    for measure in extraction.measures:
        yield from _measure(extraction, measure, slug, report, stated, projects)


def _periods(extraction: Extraction) -> Iterator[Triple]:
    """Every period the report names."""
    info = extraction.report
    items: tuple[Fact | Qualitative | ProjectMention | MeasureMention, ...]
    mentions = (*extraction.projects, *extraction.project_updates)
    items = (*extraction.facts, *extraction.qualitative, *mentions, *extraction.measures)
    named = {info.review, info.plan, *(item.period for item in items), *plans.frames(extraction)}
    for period in sorted(named - {""}):
        yield from _period_triples(period)


def _plans(extraction: Extraction) -> Iterator[Triple]:
    """Every plan that the report states targets or measures of."""
    statements: tuple[Fact | Qualitative, ...] = (*extraction.facts, *extraction.qualitative)
    periods = {extraction.report.plan, *(item.period for item in statements if item.kind == "target")}
    periods |= {measure.period for measure in extraction.measures}
    frames = set(plans.frames(extraction))
    for period in sorted((periods | frames) - {""}):
        yield from _plan_triples(extraction, period)
    for frame in sorted(frames):
        yield _plan(extraction, extraction.report.plan), _p("dct:isPartOf"), _plan(extraction, frame)


def _minted_regions(extraction: Extraction, vocabulary: Vocabulary) -> Iterator[Triple]:
    """Places that ``regions.ttl`` does not have."""
    for region_iri, name in sorted(_regions(extraction).items()):
        if region_iri not in vocabulary.region_iris and name:
            region = _node(region_iri)
            yield from _types(region, "plan:Region", "schema:AdministrativeArea", "geo:Feature")
            yield from _labels(region, name, "")


def _regions(extraction: Extraction) -> dict[str, str]:
    """Every region a report names: IRI -> name."""
    named = {extraction.report.region_iri: extraction.report.region}
    items: tuple[Fact | Qualitative | ProjectMention, ...]
    items = (*extraction.facts, *extraction.qualitative, *extraction.projects, *extraction.project_updates)
    for item in items:
        named.setdefault(item.region_iri, item.region)
    named.pop("", None)
    return named


def _plan(extraction: Extraction, period: str) -> Subject:
    region = extraction.report.region_iri.removeprefix(BASE + "region/") or report_slug(extraction)
    return _thing("plan", f"{region.replace('/', '-')}-{_period_name(period)}")


def _plan_triples(extraction: Extraction, period: str) -> Iterator[Triple]:
    plan, info = _plan(extraction, period), extraction.report
    yield from _types(plan, "plan:Plan", "prov:Plan", "pplan:Plan", "prov:Entity")
    yield from _labels(
        plan, f"{info.region}{_period_zh(period)}计划", f"plan {plan.value.rpartition('/')[2]}"
    )
    if info.region_iri:
        yield plan, _p("plan:region"), _node(info.region_iri)
    yield plan, _p("plan:period"), _period(period)
    yield from _year(plan, period)


def _period_name(period: str) -> str:
    return period.replace("/", "--")


def _period(period: str) -> Subject:
    return _thing("period", _period_name(period))


_PART = re.compile(r"(\d{4})(?:-Q([1-4])|-H([12])|-(\d{2})(?:-\d{2})?)?")


def period_bounds(period: str) -> tuple[int, int | None, int, int | None] | None:
    """First year and month, last year and month of a period; months are None for whole years.

    >>> period_bounds("2022-Q1/2022-Q3")
    (2022, 1, 2022, 9)
    >>> period_bounds("2021/2025")
    (2021, None, 2025, None)
    """
    first, _, last = period.partition("/")
    begin, end = _PART.fullmatch(first), _PART.fullmatch(last or first)
    if begin is None or end is None:
        return None
    return int(begin[1]), _months(begin)[0], int(end[1]), _months(end)[1]


def _months(part: re.Match[str]) -> tuple[int, int] | tuple[None, None]:
    if part[2]:
        return 3 * int(part[2]) - 2, 3 * int(part[2])
    if part[3]:
        return 6 * int(part[3]) - 5, 6 * int(part[3])
    if part[4]:
        return int(part[4]), int(part[4])
    return None, None


def _period_triples(period: str) -> Iterator[Triple]:
    node = _period(period)
    yield from _types(node, "plan:Period", "time:ProperInterval")
    yield from _labels(node, _period_zh(period), period.replace("/", " to "))
    bounds = period_bounds(period)
    if bounds is not None:
        names = ("plan:startYear", "plan:startMonth", "plan:endYear", "plan:endMonth")
        for name, number in zip(names, bounds, strict=True):
            if number is not None:
                yield node, _p(name), _integer(number)


def _period_zh(period: str) -> str:
    """
    >>> _period_zh("2022-Q1/2022-Q3"), _period_zh("2021/2025"), _period_zh("2022-11")
    ('2022年第1季度至2022年第3季度', '2021年至2025年', '2022年11月')
    """

    def part(text: str) -> str:
        match = _PART.fullmatch(text)
        if match is None:
            return text
        if match[2]:
            return f"{match[1]}年第{match[2]}季度"
        if match[3]:
            return f"{match[1]}年{'上' if match[3] == '1' else '下'}半年"
        day = f"{int(text[8:])}日" if len(text) == 10 else ""
        return f"{match[1]}年" + (f"{int(match[4])}月{day}" if match[4] else "")

    return "至".join(part(text) for text in period.split("/"))


def _year(subject: Subject, period: str) -> Iterator[Triple]:
    if re.fullmatch(r"\d{4}", period):
        yield subject, _p("plan:year"), _integer(int(period))


# ---- statements ----------------------------------------------------------------------------------


def _fact(
    extraction: Extraction, fact: Fact, node: Subject, report: Subject, vocabulary: Vocabulary
) -> Iterator[Triple]:
    kinds = ["plan:Result", "plan:Estimate"] if fact.estimated else ["plan:Result"]
    yield from _types(node, *(["plan:Target"] if fact.kind == "target" else kinds))
    yield from _about(extraction, fact, node, report)
    amount = converted(fact, vocabulary)
    yield node, _p("qb:dataSet"), _thing("dataset", "figures" if amount.value is not None else "ranges")
    for name, number in (("value", amount.value), ("low", amount.low), ("high", amount.high)):
        if number is not None:
            yield node, _p(f"plan:{name}"), _decimal(number)
    yield node, _p("plan:comparator"), _term(amount.comparator)
    if amount.unit:
        yield node, _p("plan:unit"), ox.NamedNode(amount.unit)
    yield node, _p("plan:printed"), ox.Literal(fact.printed)
    yield node, _p("plan:printedValue"), _decimal(fact.value)
    if fact.basis:
        yield node, _p("plan:basis"), ox.Literal(fact.basis, language="zh")
    if fact.kind == "target" and fact.bindingness in BINDINGNESS:
        yield node, _p("plan:bindingness"), _term(BINDINGNESS[fact.bindingness])
    if fact.kind == "target" and fact.stretch:
        yield node, _p("plan:stretch"), ox.Literal(True)
    yield node, _p("plan:confidence"), _decimal(Decimal(str(round(fact.confidence, 4))))


def _one_indicator_each(words: Qualitative) -> Iterator[Qualitative]:
    """A phrase shared by several indicators is a statement on each."""
    yield words
    for indicator in words.further_indicators:
        yield replace(words, indicator_iri=indicator, further_indicators=())


def _qualitative(
    extraction: Extraction, words: Qualitative, node: Subject, report: Subject
) -> Iterator[Triple]:
    relative = bool(words.benchmark_indicator or words.benchmark_region or words.assigned)
    if words.kind == "target":
        yield from _types(node, "plan:Target", "plan:QualitativeTarget")
        if relative:
            yield from _types(node, "plan:RelativeTarget")
        if words.bindingness in BINDINGNESS:
            yield node, _p("plan:bindingness"), _term(BINDINGNESS[words.bindingness])
    else:
        yield from _types(node, "plan:Result", "plan:QualitativeResult")
    yield from _about(extraction, words, node, report)
    yield node, _p("qb:dataSet"), _thing("dataset", "words")
    yield node, _p("plan:printed"), ox.Literal(words.text)
    if words.direction:
        yield node, _p("plan:direction"), _term(words.direction)
    if words.assigned:
        yield node, _p("plan:comparator"), _term("asAssigned")
    elif relative:
        above = re.search(r"高于|快于|优于|好于|超过|跑赢|领先", words.text)
        yield node, _p("plan:comparator"), _term("above" if above else "inStepWith")
    if words.benchmark_indicator:
        yield node, _p("plan:benchmarkIndicator"), _node(words.benchmark_indicator)
    if words.benchmark_region:
        yield node, _p("plan:benchmarkRegion"), _node(words.benchmark_region)


def _about(
    extraction: Extraction, item: Fact | Qualitative, node: Subject, report: Subject
) -> Iterator[Triple]:
    """What facts and promises without a number have in common."""
    yield from _types(node, "plan:Statement", "plan:Assertion", "qb:Observation", "prov:Entity")
    if item.indicator_iri:
        yield node, _p("plan:indicator"), _node(item.indicator_iri)
    if item.region_iri:
        yield node, _p("plan:region"), _node(item.region_iri)
    if item.period:
        yield node, _p("plan:period"), _period(item.period)
        yield from _year(node, item.period)
        if item.kind == "target":
            yield node, _p("plan:inPlan"), _plan(extraction, item.period)
    yield node, _p("plan:rule"), ox.Literal(item.rule)
    yield from _words(extraction.document, node, report, item.sentence, item.start, item.end)


def _words(
    document: Document, node: Subject, report: Subject, sentence: Sentence, start: int, end: int
) -> Iterator[Triple]:
    """Where it stands: the sentence as text and as Web Annotation selectors, the number or phrase by its
    offsets."""
    yield node, _p("plan:statedIn"), report
    yield node, _p("plan:quote"), ox.Literal(sentence.text, language="zh")
    yield node, _p("plan:start"), _integer(start)
    yield node, _p("plan:end"), _integer(end)
    if sentence.section:
        yield node, _p("plan:inSection"), ox.Literal(sentence.section, language="zh")
    evidence, by_quote, by_position = (
        ox.NamedNode(f"{node.value}#{part}") for part in ("evidence", "quote", "position")
    )
    yield node, _p("plan:evidence"), evidence
    yield from _types(evidence, "plan:Evidence", "oa:SpecificResource")
    yield evidence, _p("oa:hasSource"), report
    yield evidence, _p("oa:hasSelector"), by_quote
    yield evidence, _p("oa:hasSelector"), by_position
    text = document.text
    yield from _types(by_quote, "oa:TextQuoteSelector")
    yield by_quote, _p("oa:exact"), ox.Literal(text[sentence.start : sentence.end])
    yield by_quote, _p("oa:prefix"), ox.Literal(text[max(0, sentence.start - CONTEXT) : sentence.start])
    yield by_quote, _p("oa:suffix"), ox.Literal(text[sentence.end : sentence.end + CONTEXT])
    yield from _types(by_position, "oa:TextPositionSelector")
    yield by_position, _p("oa:start"), _integer(sentence.start)
    yield by_position, _p("oa:end"), _integer(sentence.end)


# ---- projects and measures -----------------------------------------------------------------------


def project_iri(name: str, region_iri: str, vocabulary: Vocabulary) -> str:
    """One IRI for a project across the reports of a prefecture; the same name elsewhere is another
    project."""
    region = vocabulary.region_iris.get(region_iri)
    if region is not None and not region.code:
        region = vocabulary.region_iris.get(region.parent)
    code = region.code if region else ""
    return f"{BASE}project/{code[:4] or 'cn'}-{slug(identity.node_name(name, code))}"


def _mentions(extraction: Extraction, vocabulary: Vocabulary) -> Iterator[tuple[ProjectMention, Subject]]:
    """Every mention of a project with the project's node, which is that of its first mention."""
    first = {mention.name: mention for mention in extraction.projects}
    for mention in (*extraction.projects, *extraction.project_updates):
        named = first.get(mention.repeats, mention)
        yield mention, ox.NamedNode(project_iri(named.name, named.region_iri, vocabulary))


def _named_projects(extraction: Extraction, vocabulary: Vocabulary) -> Iterator[Triple]:
    for mention, project in _mentions(extraction, vocabulary):
        yield from _types(project, "plan:Project", "prov:Activity")
        label = "skos:altLabel" if mention.repeats else "rdfs:label"
        yield project, _p(label), ox.Literal(mention.name, language="zh")
        if mention.region_iri:
            yield project, _p("plan:region"), _node(mention.region_iri)
        if kind := project_words.kind_of(mention.name):
            yield project, _p("plan:topic"), _thing("topic", project_words.TOPICS[kind])
        if mention.repeats and mention.name != mention.repeats:
            merge = _thing("merge", f"{report_slug(extraction)}/{mention.start}")
            yield from unify.evidence(
                merge, project, mention.repeats, mention.name, rule_of(mention, extraction)
            )


def rule_of(mention: ProjectMention, extraction: Extraction) -> str:
    """Why a later mention is of the project it repeats: a rule of :mod:`loaders.identity`."""
    area = extraction.report.region_iri.removeprefix(BASE + "region/")
    return identity.decide(mention.repeats, mention.name, area) or "by way of another of its names"


def _project(
    extraction: Extraction,
    mention: ProjectMention,
    project: Subject,
    slug: str,
    report: Subject,
    vocabulary: Vocabulary,
) -> Iterator[Triple]:
    node = _thing("project-statement", f"{slug}/{mention.start}")
    yield from _types(node, "plan:ProjectStatement", "plan:Assertion", "prov:Entity")
    yield node, _p("plan:project"), project
    yield node, _p("plan:status"), _term(STATUSES[mention.status])
    if mention.region_iri:
        yield node, _p("plan:region"), _node(mention.region_iri)
    if mention.period:
        yield node, _p("plan:period"), _period(mention.period)
        yield from _year(node, mention.period)
    if mention.period and mention.period in (extraction.report.plan, *plans.spans(extraction)):
        yield node, _p("plan:inPlan"), _plan(extraction, mention.period)
    if mention.owner:
        yield node, _p("plan:owner"), ox.Literal(mention.owner, language="zh")
    if mention.investment is not None:
        yield from _investment(node, *mention.investment, vocabulary)
    yield from _words(extraction.document, node, report, mention.sentence, mention.start, mention.end)


def _investment(node: Subject, amount: Decimal, printed: str, vocabulary: Vocabulary) -> Iterator[Triple]:
    unit = vocabulary.unit(printed)
    target = _reference(unit, vocabulary)
    if unit is not None and target is not None:
        yield (
            node,
            _p("plan:investment"),
            _decimal(_scaled(amount, _EXACT.divide(unit.factor, target.factor))),
        )
        yield node, _p("plan:unit"), ox.NamedNode(target.iri)


def _measure(
    extraction: Extraction,
    measure: MeasureMention,
    slug: str,
    report: Subject,
    stated: frozenset[int],
    projects: Mapping[int, Subject],
) -> Iterator[Triple]:
    """``stated`` holds the starts of the report's statements, ``projects`` the node of each mention by its start."""
    node = _thing("measure", f"{slug}/{measure.start}")
    yield from _types(node, "plan:Measure", "plan:Assertion", "pplan:Step", "prov:Entity")
    if measure.period:
        yield node, _p("plan:period"), _period(measure.period)
        yield from _year(node, measure.period)
        yield node, _p("plan:inPlan"), _plan(extraction, measure.period)
    if measure.region_iri:
        yield node, _p("plan:region"), _node(measure.region_iri)
    if measure.topic:
        yield node, _p("plan:topic"), _node(measure.topic)
    for name, text in (
        ("heading", measure.heading),
        ("actor", measure.actor),
        ("action", measure.action),
        ("object", measure.object),
        *(("instrument", instrument) for instrument in measure.instruments),
    ):
        if text:
            yield node, _p(f"plan:{name}"), ox.Literal(text, language="zh")
    for start in measure.facts:
        if start in stated:
            yield node, _p("plan:target"), _statement(slug, start)
    for start in measure.projects:
        if start in projects:
            yield node, _p("plan:project"), projects[start]
    for indicator in measure.indicators:
        yield node, _p("plan:indicator"), _node(indicator)
    sentence = Sentence(measure.text, measure.start, measure.end, measure.heading)
    yield from _words(extraction.document, node, report, sentence, measure.start, measure.end)


# ---- indicators outside the list -----------------------------------------------------------------


def _minted_indicators(extraction: Extraction, vocabulary: Vocabulary) -> Iterator[Triple]:
    """Descriptions of the indicators this report measures that ``indicators.ttl`` does not have."""
    named: dict[str, tuple[str, str]] = {}
    statements: tuple[Fact | Qualitative, ...] = (*extraction.facts, *extraction.qualitative)
    for item in statements:
        if item.indicator_iri and item.indicator_iri not in vocabulary.indicator_iris:
            named.setdefault(item.indicator_iri, (item.indicator, item.sentence.section))
    others = [
        (iri, words.sentence.section) for words in extraction.qualitative for iri in words.further_indicators
    ]
    others += [(iri, measure.heading) for measure in extraction.measures for iri in measure.indicators]
    for iri, section in others:
        if iri not in vocabulary.indicator_iris:
            named.setdefault(iri, (iri.partition("/zh/")[2].partition("/")[0], section))
    for iri, (name, section) in sorted(named.items()):
        yield from _minted(iri, name, section, vocabulary)


def _minted(iri: str, name: str, section: str, vocabulary: Vocabulary) -> Iterator[Triple]:
    node = _node(iri)
    base, _, ending = iri.rpartition("/")
    if ending not in DERIVED:
        yield from _concept(node)
        yield from _named(node, iri.rpartition("/")[2])
        yield node, _p("skos:altLabel"), ox.Literal(name, language="zh")
        yield node, _p("plan:statType"), _term("level")
        yield from _placement(node, normalise(name), section, vocabulary)
        return
    stat_type, to_level, zh, en = DERIVED[ending]
    level = vocabulary.indicator_iris.get(base)
    yield from _concept(node)
    if level is None:
        yield from _minted(base, name, section, vocabulary)
        yield from _named(node, base.rpartition("/")[2] + zh)
    else:
        yield from _named(
            node, level.label + zh, f"{base.removeprefix(BASE + 'indicator/').replace('-', ' ')}: {en}"
        )
        yield (
            node,
            _p("plan:betterDirection"),
            _term("lowerIsBetter" if stat_type == "rank" else level.better),
        )
        yield node, _p("plan:unit"), _derived_unit(stat_type, level.unit)
        if level.topic:
            yield node, _p("plan:topic"), _node(level.topic)
    yield node, _p("plan:statType"), _term(stat_type)
    yield node, _p(f"plan:{to_level}"), _node(base)
    yield from _broader(node, base)


def _derived_unit(stat_type: str, level_unit: str) -> Subject:
    """The unit of what is derived from a listed level: a share changes by percentage points."""
    if stat_type == "rank":
        return _thing("unit", "place")
    if stat_type == "change":
        is_share = level_unit == f"{BASE}unit/percent"
        return _thing("unit", "percentage-point") if is_share else ox.NamedNode(level_unit)
    return _thing("unit", "percent")


def _concept(node: Subject) -> Iterator[Triple]:
    yield from _types(node, "plan:Indicator", "skos:Concept", "schema:StatisticalVariable")
    yield node, _p("skos:inScheme"), ox.NamedNode(BASE + "indicator/")


def _named(node: Subject, zh: str, en: str = "") -> Iterator[Triple]:
    yield from _labels(node, zh, en)
    yield node, _p("skos:prefLabel"), ox.Literal(zh, language="zh")
    if en:
        yield node, _p("skos:prefLabel"), ox.Literal(en, language="en")


def _placement(node: Subject, name: str, section: str, vocabulary: Vocabulary) -> Iterator[Triple]:
    """Under the longest listed indicator its name ends in (市区一般公共预算收入), and under the topic it
    names.

    Chinese noun phrases have their head at the end. Where the name holds no topic word, the nearest heading
    that does gives the topic.
    """
    for at in range(1, len(name) - 3):
        iri = vocabulary.indicators.get(name[at:])
        if iri and vocabulary.indicator_iris[iri].stat_type == "level":
            yield from _broader(node, iri)
            break
    for words in (name, *reversed(section.split(" / "))):
        topics = [label for label in vocabulary.topics if label in words]
        if topics:
            topic = vocabulary.topics[max(topics, key=lambda label: (len(label), label))]
            yield node, _p("plan:topic"), ox.NamedNode(topic)
            yield from _broader(node, topic)
            return


def _broader(node: Subject, iri: str) -> Iterator[Triple]:
    yield node, _p("skos:broader"), _node(iri)  # the build writes the closure out


# ---- metadata ------------------------------------------------------------------------------------


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


def _metadata(extraction: Extraction, slug: str) -> Iterator[Triple]:
    report = _thing("report", slug)
    for name, number in counts(extraction).items():
        yield report, _p(f"plan:{name}"), _integer(number)
    for warning in extraction.warnings:
        yield report, _p("plan:warning"), ox.Literal(warning)


# ---- amounts -------------------------------------------------------------------------------------

_FALLING: Final = ("下降率", "降低率", "下降幅度", "降低幅度", "降幅", "下降", "降低")


def _names_a_fall(fact: Fact, vocabulary: Vocabulary) -> bool:
    """Whether the fact is a level by name (单位GDP能耗下降率) that stands for a growth or change of an
    indicator."""
    indicator = vocabulary.indicator_iris.get(fact.indicator_iri)
    moves = indicator is not None and indicator.stat_type in ("growth", "annualAverageGrowth", "change")
    return moves and fact.measure == "level" and fact.value > 0 and fact.indicator.endswith(_FALLING)


def _stored_unit(fact: Fact, unit: Unit | None, vocabulary: Vocabulary) -> Unit | None:
    indicator = vocabulary.indicator_iris.get(fact.indicator_iri)
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


def _scaled(value: Decimal, factor: Decimal) -> Decimal:
    """``value`` times ``factor``, to twelve decimal places (a store keeps eighteen)."""
    return _EXACT.quantize(_EXACT.multiply(value, factor), _PLACES)


# ---- terms ---------------------------------------------------------------------------------------


@cache
def _p(name: str) -> Subject:
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


def _term(local: str) -> Subject:
    return ox.NamedNode(PLAN + local)


def _thing(kind: str, name: str) -> Subject:
    return ox.NamedNode(f"{BASE}{kind}/{_UNSAFE.sub(lambda m: quote(m[0], safe=''), name)}")


def _node(text: str) -> Subject:
    return ox.NamedNode(safe_iri(text))


def _statement(slug: str, start: int) -> Subject:
    return _thing("statement", f"{slug}/{start}")


_UNSAFE = re.compile(r"[^\w/.~-]")  #: what an IRI takes only percent-encoded; Chinese characters stay


def _types(node: Subject, *names: str) -> Iterator[Triple]:
    for name in names:
        yield node, _A, _p(name)


def _labels(node: Subject, zh: str, en: str) -> Iterator[Triple]:
    for text, language in ((zh, "zh"), (en, "en")):
        if text:
            yield node, _p("rdfs:label"), ox.Literal(text, language=language)


def _integer(number: int) -> ox.Literal:
    return ox.Literal(number)


def _decimal(number: Decimal) -> ox.Literal:
    plain = number.normalize(_EXACT)
    return ox.Literal(f"{plain:f}", datatype=ox.NamedNode(PREFIXES["xsd"] + "decimal"))
