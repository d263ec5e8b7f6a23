"""What a report undertakes: its projects, what it says of each, and its measures."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

import pyoxigraph as ox

from loaders import identity, project_words, unify
from loaders.model import Extraction, MeasureMention, ProjectMention, Sentence
from loaders.namespaces import BASE
from loaders.quads import periods
from loaders.quads.amounts import in_reference_unit
from loaders.quads.report import Reading
from loaders.quads.statements import where
from loaders.quads.terms import Lines, Term, decimal, iri, line, node, part, plan, slug, text, thing, types
from loaders.vocabulary import Vocabulary

STATUSES: Final = {
    "planned": "planned",
    "signed": "signed",
    "started": "started",
    "under_construction": "underConstruction",
    "completed": "completed",
    "in_operation": "inOperation",
    "cancelled_or_deferred": "cancelledOrDeferred",
}


def project_iri(name: str, region_iri: str, vocabulary: Vocabulary) -> str:
    """One IRI for a project across the reports of a prefecture; the same name elsewhere is another
    project."""
    region = vocabulary.region_iris.get(region_iri)
    if region is not None and not region.code:
        region = vocabulary.region_iris.get(region.parent)
    code = region.code if region else ""
    return f"{BASE}project/{code[:4] or 'cn'}-{slug(identity.node_name(name, code))}"


Mentions = Sequence[tuple[ProjectMention, Term]]


def mentions(reading: Reading) -> Mentions:
    """Every mention of a project with the project's node, which is that of its first mention."""
    extraction = reading.extraction
    first = {mention.name: mention for mention in extraction.projects}
    found = []
    for mention in (*extraction.projects, *extraction.project_updates):
        named = first.get(mention.repeats, mention)
        found.append((mention, node(project_iri(named.name, named.region_iri, reading.vocabulary))))
    return found


def named_projects(reading: Reading, mentioned: Mentions) -> Iterator[Lines]:
    """Every project under all its names; where two names meet, why they are one project's."""
    for mention, project in mentioned:
        yield types(project, "plan:Project", "prov:Activity")
        label = "skos:altLabel" if mention.repeats else "rdfs:label"
        yield line(project, label, text(mention.name, "zh"))
        if mention.region_iri:
            yield line(project, "plan:region", node(mention.region_iri))
        if kind := project_words.kind_of(mention.name):
            yield line(project, "plan:topic", thing("topic", project_words.TOPICS[kind]))
        if mention.repeats and mention.name != mention.repeats:
            merge = part(thing("merge", reading.slug), mention.start)
            rule = rule_of(mention, reading.extraction)
            for triple in unify.evidence(
                ox.NamedNode(iri(merge)), ox.NamedNode(iri(project)), mention.repeats, mention.name, rule
            ):
                yield " ".join(map(str, triple)).encode()


def rule_of(mention: ProjectMention, extraction: Extraction) -> str:
    """Why a later mention is of the project it repeats: a rule of :mod:`loaders.identity`."""
    area = extraction.report.region_iri.removeprefix(BASE + "region/")
    return identity.decide(mention.repeats, mention.name, area) or "by way of another of its names"


def project_statements(reading: Reading, mentioned: Mentions) -> Iterator[Lines]:
    """What the report says of a project, at each mention."""
    for mention, project in mentioned:
        said = part(thing("project-statement", reading.slug), mention.start)
        yield types(said, "plan:ProjectStatement", "plan:Assertion", "prov:Entity")
        yield line(said, "plan:project", project)
        yield line(said, "plan:status", plan(STATUSES[mention.status]))
        if mention.region_iri:
            yield line(said, "plan:region", node(mention.region_iri))
        if mention.period:
            yield periods.of(said, mention.period)
            if mention.period in reading.planned:
                yield line(said, "plan:inPlan", reading.plan(mention.period))
        if mention.owner:
            yield line(said, "plan:owner", text(mention.owner, "zh"))
        if mention.investment is not None:
            yield from _investment(said, *mention.investment, reading.vocabulary)
        yield where(reading, said, mention.sentence, mention.start, mention.end)


def _investment(said: Term, amount: Decimal, printed: str, vocabulary: Vocabulary) -> Iterator[Lines]:
    if converted := in_reference_unit(amount, printed, vocabulary):
        value, unit = converted
        yield line(said, "plan:investment", decimal(value))
        yield line(said, "plan:unit", node(unit))


def measures(reading: Reading, mentioned: Mentions) -> Iterator[Lines]:
    """The measures, with the targets stated in each and the projects it names."""
    stated = frozenset(item.start for item in reading.statements)
    projects = {mention.start: project for mention, project in mentioned}
    for measure in reading.extraction.measures:
        yield from _measure(reading, measure, stated, projects)


def _measure(
    reading: Reading, measure: MeasureMention, stated: frozenset[int], projects: Mapping[int, Term]
) -> Iterator[Lines]:
    """``stated`` holds the starts of the report's statements, ``projects`` the node of each mention by its start."""
    said = part(thing("measure", reading.slug), measure.start)
    yield types(said, "plan:Measure", "plan:Assertion", "pplan:Step", "prov:Entity")
    if measure.period:
        yield periods.of(said, measure.period)
        yield line(said, "plan:inPlan", reading.plan(measure.period))
    if measure.region_iri:
        yield line(said, "plan:region", node(measure.region_iri))
    if measure.topic:
        yield line(said, "plan:topic", node(measure.topic))
    for name, words in (
        ("plan:heading", measure.heading),
        ("plan:actor", measure.actor),
        ("plan:action", measure.action),
        ("plan:object", measure.object),
        *(("plan:instrument", instrument) for instrument in measure.instruments),
    ):
        if words:
            yield line(said, name, text(words, "zh"))
    for start in measure.facts:
        if start in stated:
            yield line(said, "plan:target", reading.statement(start))
    for start in measure.projects:
        if start in projects:
            yield line(said, "plan:project", projects[start])
    for indicator in measure.indicators:
        yield line(said, "plan:indicator", node(indicator))
    sentence = Sentence(measure.text, measure.start, measure.end, measure.heading)
    yield where(reading, said, sentence, measure.start, measure.end)
