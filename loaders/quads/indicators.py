"""Indicators outside the list: named after the report's words, placed under what the ontology has."""

from collections.abc import Iterator
from typing import Final

from loaders.keywords import finders
from loaders.namespaces import BASE
from loaders.quads.report import Reading
from loaders.quads.terms import Lines, Term, labels, line, node, plan, text, thing, types
from loaders.vocabulary import Vocabulary, normalise

#: Indicators derived from a level: end of the IRI, kind of measure, property to the level, words added to
#: its name.
DERIVED: Final = {
    "annual-growth": ("annualAverageGrowth", "growthOf", "年均增长", "average annual growth"),
    "growth": ("growth", "growthOf", "增长", "growth"),
    "change": ("change", "changeOf", "增减", "change"),
    "rank": ("rank", "rankOf", "排名", "rank"),
}
_DERIVED_WORDS: Final = tuple(zh for _, _, zh, _ in DERIVED.values())


def minted(reading: Reading) -> Iterator[Lines]:
    """Descriptions of the indicators this report measures that ``indicators.ttl`` does not have."""
    extraction, vocabulary = reading.extraction, reading.vocabulary
    named: dict[str, tuple[str, str]] = {}
    for item in reading.statements:
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


def _minted(iri: str, name: str, section: str, vocabulary: Vocabulary) -> Iterator[Lines]:
    new = node(iri)
    base, _, ending = iri.rpartition("/")
    if ending not in DERIVED:
        yield _concept(new)
        yield from _named(new, ending)
        if not name.endswith(_DERIVED_WORDS):  # met only as 城乡居民收入增长: that is its growth's name
            yield line(new, "skos:altLabel", text(name, "zh"))
        yield line(new, "plan:statType", plan("level"))
        yield from _placement(new, normalise(name), section, vocabulary)
        return
    stat_type, to_level, zh, en = DERIVED[ending]
    level = vocabulary.indicator_iris.get(base)
    yield _concept(new)
    if level is None:
        yield from _minted(base, name, section, vocabulary)
        yield from _named(new, base.rpartition("/")[2] + zh)
    else:
        name_en = base.removeprefix(BASE + "indicator/").replace("-", " ")
        yield from _named(new, level.label + zh, f"{name_en}: {en}")
        better = "lowerIsBetter" if stat_type == "rank" else level.better
        yield line(new, "plan:betterDirection", plan(better))
        yield line(new, "plan:unit", _derived_unit(stat_type, level.unit))
        if level.topic:
            yield line(new, "plan:topic", node(level.topic))
    yield line(new, "plan:statType", plan(stat_type))
    yield line(new, f"plan:{to_level}", node(base))
    yield line(new, "skos:broader", node(base))  # the build writes the closure out


def _derived_unit(stat_type: str, level_unit: str) -> Term:
    """The unit of what is derived from a listed level: a share changes by percentage points."""
    if stat_type == "rank":
        return thing("unit", "place")
    if stat_type == "change":
        is_share = level_unit == f"{BASE}unit/percent"
        return thing("unit", "percentage-point") if is_share else node(level_unit)
    return thing("unit", "percent")


def _concept(new: Term) -> Lines:
    classes = types(new, "plan:Indicator", "skos:Concept", "schema:StatisticalVariable")
    return classes + b"\n" + line(new, "skos:inScheme", node(f"{BASE}indicator/"))


def _named(new: Term, zh: str, en: str = "") -> Iterator[Lines]:
    yield labels(new, zh, en)
    yield labels(new, zh, en, "skos:prefLabel")


def _placement(new: Term, name: str, section: str, vocabulary: Vocabulary) -> Iterator[Lines]:
    """Under the longest listed indicator its name ends in (市区一般公共预算收入), and under the topic it
    names.

    Chinese noun phrases have their head at the end. Where the name holds no topic word, the nearest heading
    that does gives the topic.
    """
    for at in range(1, len(name) - 3):
        iri = vocabulary.indicators.get(name[at:])
        if iri and vocabulary.indicator_iris[iri].stat_type == "level":
            yield line(new, "skos:broader", node(iri))
            break
    topics_of = finders(vocabulary).all_topics_of
    for words in (name, *reversed(section.split(" / "))):
        if found := topics_of(words):
            _, _, topic = max(found, key=lambda word: (len(word[1]), word[1]))
            yield line(new, "plan:topic", node(topic))
            yield line(new, "skos:broader", node(topic))
            return
