"""Makes ``ontology/indicators.ttl``: what plan reports, work reports and bulletins measure, with every name.

    python ontology/make/indicators.py [--check]

``indicators.tsv`` is the one place where indicators are kept: a row for each level or share, with its names,
its unit, its parent and the growth, average annual growth, change and rank declared with it.
``indicator-matches.tsv`` holds the matches to other vocabularies. Spellings that follow from a rule (规上 for
规模以上, GDP for 地区生产总值, 比例 for 比重, 增速 for 增长) are made here and become hidden labels. With
``--check`` nothing is written, and the exit status is 1 when the file differs from what the tables give.

Names are compared as the reader compares them (:func:`loaders.vocabulary.normalise`). A name given to two
indicators stops the making with a sentence that says which.
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(ROOT)]

import pyoxigraph as ox  # noqa: E402
from ttl import text  # noqa: E402

from loaders.vocabulary import normalise  # noqa: E402

OUT = HERE.parent / "indicators.ttl"
ORDER = ox.NamedNode("https://w3id.org/plankg/ontology#order")
LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
WIDTH = 118

HEADER = """\
# Indicators: what Chinese local plan reports, work reports and statistical bulletins measure and promise.
#
# Made by ontology/make/indicators.py from indicators.tsv and indicator-matches.tsv beside it; change those,
# not this file.
#
# prefLabel is the name in official use, altLabel other current names (older names of the same series too),
# hiddenLabel spellings and longer wordings. plan:fallLabel, which is also a hiddenLabel, names the fall of
# an indicator as a positive number (单位GDP能耗降低率 4.6): the value of the growth or change it stands on
# is that number with its sign turned. A level, its growth, its average annual growth, its change and its
# rank are indicators of their own and share no name. plan:flowOf leads from what is added in a period
# (新增停车位) to the stock it adds to, plan:shareOf from a share to what it is a share of, plan:shareBase to
# the whole. Each indicator has one unit; values are stored in it. skos:broaderTransitive is the closure of
# skos:broader, written out: parents and topics.
#
# Matches. World Bank (WDI codes, CC BY 4.0), United Nations SDG indicators, Wikidata (CC0), STW Thesaurus for
# Economics (ZBW, ODbL for its labels, none of which are copied here), EuroVoc (Publications Office of the
# European Union, CC BY 4.0). exactMatch says that the definition is the same (the territory differs),
# closeMatch that it nearly is, broadMatch that the other concept is wider, narrowMatch that it is a part,
# relatedMatch that it concerns the same matter.
#
# This file: CC BY 4.0.

@base <https://w3id.org/plankg/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix eurovoc: <http://eurovoc.europa.eu/> .
@prefix plan: <https://w3id.org/plankg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix sdg: <http://metadata.un.org/sdg/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix stw: <http://zbw.eu/stw/descriptor/> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wdi: <https://data.worldbank.org/indicator/> .

<indicator/>
    a skos:ConceptScheme ;
    rdfs:label "指标"@zh , "Indicators"@en ;
    dct:title "规划与工作报告指标"@zh , "Indicators of plan and work reports"@en ;
    dct:description "中国各级地方计划报告、政府工作报告和统计公报使用的指标及其名称。"@zh ,
        "What Chinese local plan reports, work reports and statistical bulletins measure, and its names."@en ;
    dct:license <https://creativecommons.org/licenses/by/4.0/> ;
    dct:source <http://eurovoc.europa.eu/> , <http://metadata.un.org/sdg/> , <http://zbw.eu/stw/> ,
        <https://data.worldbank.org/> , <https://www.wikidata.org/> .
"""

BETTER = {"higher": "plan:higherIsBetter", "lower": "plan:lowerIsBetter", "none": "plan:noDirection"}
#: the unit a change is counted in where the level is a ratio
CHANGE_UNIT = {"percent": "percentage-point", "permille": "permille-point"}


@dataclass(frozen=True)
class Row:
    """A row of ``indicators.tsv``: a level or share."""

    slug: str
    topic: str
    parent: str  #: slug, or "" where the topic is the parent
    unit: str
    better: str
    derived: tuple[str, ...]
    zh: str
    en: str
    names: tuple[str, ...]  #: other current names
    hidden: tuple[str, ...]
    definition: tuple[str, str]
    growth: tuple[str, ...]  #: names of the growth that no rule gives
    falls: tuple[str, ...]  #: names of the fall
    links: dict[str, str]  #: shareOf, shareBase, flowOf -> slug

    @property
    def stat_type(self) -> str:
        return "share" if "shareOf" in self.links or "shareBase" in self.links else "level"


@dataclass
class Concept:
    """An indicator on its way into the file."""

    path: str  #: below ``indicator/``
    zh: str
    en: str
    topic: str
    definition: tuple[str, str]
    stat_type: str
    unit: str
    better: str
    broader: tuple[str, ...]  #: paths below the base, the nearest first
    links: dict[str, str]
    alt: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    falls: list[str] = field(default_factory=list)


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table beside this file."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def cell(value: str) -> tuple[str, ...]:
    """The entries of a cell, which semicolons part."""
    return tuple(entry.strip() for entry in value.split(";") if entry.strip())


def rows() -> list[Row]:
    """The levels and shares of ``indicators.tsv``; ``~`` before a name makes it a hidden label."""
    found = []
    for one in table("indicators.tsv"):
        printed = cell(one["also printed"])
        links = {"shareOf": one["share of"], "shareBase": one["share base"], "flowOf": one["flow of"]}
        found.append(
            Row(
                slug=one["indicator"],
                topic=one["topic"],
                parent=one["parent"],
                unit=one["unit"],
                better=one["better"],
                derived=tuple(one["derived"].split()),
                zh=one["zh"],
                en=one["en"],
                names=tuple(name for name in printed if not name.startswith("~")),
                hidden=tuple(name.removeprefix("~") for name in printed if name.startswith("~")),
                definition=(one["definition zh"], one["definition en"]),
                growth=cell(one["growth also printed"]),
                falls=cell(one["fall printed as"]),
                links={key: slug for key, slug in links.items() if slug},
            )
        )
    return found


def units() -> dict[str, tuple[str, str]]:
    """Slug of every unit of ``units.ttl`` -> its Chinese and its English label."""
    labels: dict[str, dict[str, str]] = {}
    for triple in ox.parse(path=str(HERE.parent / "units.ttl"), format=ox.RdfFormat.TURTLE):
        subject, label = triple.subject, triple.object
        if triple.predicate == LABEL and isinstance(subject, ox.NamedNode) and isinstance(label, ox.Literal):
            slug = subject.value.rpartition("/unit/")[2]
            labels.setdefault(slug, {})[label.language or ""] = label.value
    return {slug: (label["zh"], label["en"]) for slug, label in labels.items() if "/" not in slug}


def topics() -> dict[str, str]:
    """Slug and Chinese label of the topics, in the order that ``topics.ttl`` gives them."""
    labels: dict[str, str] = {}
    order: dict[str, int] = {}
    for triple in ox.parse(path=str(HERE.parent / "topics.ttl"), format=ox.RdfFormat.TURTLE):
        if isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.Literal):
            slug = triple.subject.value.rpartition("/")[2]
            if triple.predicate == LABEL and triple.object.language == "zh":
                labels[slug] = triple.object.value
            if triple.predicate == ORDER:
                order[slug] = int(triple.object.value)
    return {slug: labels[slug] for slug in sorted(order, key=order.__getitem__)}


# ---- names ---------------------------------------------------------------------------------------

_GDP = "地区生产总值"
#: a spelling and the one that stands for it as well; each is tried on all that came before
SPELLINGS = (
    (re.compile(rf"(?<=.){_GDP}|{_GDP}(?=.)"), "GDP"),
    (re.compile(rf"(?<=.){_GDP}|{_GDP}(?=.)"), "生产总值"),
    (re.compile(r"(?<!地区)GDP(?=.{2})"), _GDP),
    (re.compile("规模以上"), "规上"),
    (re.compile("规上"), "规模以上"),
    (re.compile("(?:规模以上|规上)工业"), "规模工业"),
    (re.compile("研究与试验发展"), "研发"),
    (re.compile("研发经费"), "R&D经费"),
    (re.compile("占(.{2,}?)(?<!的)比重"), r"占\1的比重"),
    (re.compile("比重"), "比例"),
    (re.compile("天数比例"), "天数比率"),
    (re.compile("达到或好于"), "达到或优于"),
    (re.compile("达到或优于"), "优于或达到"),
    (re.compile("Ⅲ"), "III"),
    (re.compile("Ⅲ(?=类)"), "三"),
    (re.compile(r"(?<=\d)—(?=\d)"), "~"),
    (re.compile(r"(?<=\d)—(?=\d)"), "～"),
    (re.compile(r"(?<=\d)—(?=\d)"), "至"),
    (re.compile("(?<=.)高新技术企业|高新技术企业(?=.)"), "高企"),
    (re.compile("(?<=.)市场主体|市场主体(?=.)"), "经营主体"),
    (re.compile("每千人口"), "每千常住人口"),
    (re.compile("第([一二三])产业"), r"\1产"),
)
MOST_SPELLINGS = 60


def spellings(name: str) -> list[str]:
    """Other spellings of a name that follow from :data:`SPELLINGS`.

    >>> spellings("规上工业")
    ['规模以上工业', '规模工业']
    """
    found = [name]
    for pattern, other in SPELLINGS:
        found += [new for new in [pattern.sub(other, old) for old in found] if new not in found]
    return list(dict.fromkeys(found))[1:MOST_SPELLINGS]


def growth_names(row: Row) -> Iterator[str]:
    """地区生产总值 -> 地区生产总值增长, 地区生产总值增速 ..., GDP增长 ..."""
    for name in (row.zh, *row.names)[:3]:
        yield from (name + ending for ending in ("增长", "增速", "增幅", "增长率"))


def annual_names(row: Row) -> Iterator[str]:
    for name in (row.zh, *row.names)[:2]:
        yield from (name + ending for ending in ("年均增长", "年均增速", "年均增幅", "年均增长率", "年均"))


def change_names(row: Row) -> Iterator[str]:
    """净增高新技术企业 is the change of the stock, not what was added to it (新增)."""
    ratio = row.unit in CHANGE_UNIT
    rises = ("提高", "提升") if ratio else ("增加", "增加量", "净增", "增量")
    for name in (row.zh, *row.names)[:2]:
        yield from (name + ending for ending in (*rises, "变动"))
        if not ratio:
            yield "净增" + name


def rank_names(row: Row) -> Iterator[str]:
    for name in (row.zh, *row.names)[:2]:
        yield from (name + ending for ending in ("排名", "位次", "总量排名"))


def falls_on(row: Row) -> str:
    """The kind of derived indicator that the names of a fall stand on: the growth, or else the change."""
    return "growth" if "growth" in row.derived else "change"


def fall_names(row: Row) -> Iterator[str]:
    """Names of the fall of what had better be lower, and of the falls the table names."""
    for name in row.falls:
        yield from (name, *spellings(name))
    if row.better == "lower":
        for name in (row.zh, *row.names)[:3]:
            for spelling in (name, *spellings(name)[:1]):
                yield from (spelling + ending for ending in ("下降", "下降率", "降低", "降低率", "降幅"))


class Names:
    """Who has which name. A name in the table is claimed first; what a rule makes takes only what is left."""

    def __init__(self) -> None:
        self.owner: dict[str, Concept] = {}
        self.clashes: list[str] = []

    def claim(self, name: str, concept: Concept) -> bool:
        """Gives a name of the table to its concept; true when it is new to it."""
        holder = self.owner.setdefault(normalise(name), concept)
        if holder is not concept:
            self.clashes.append(f"{name!r} names both {holder.path} and {concept.path}")
        return holder is concept

    def take(self, made: Iterable[str], concept: Concept, into: list[str]) -> None:
        """Adds the made names that nobody has; one that the reader cannot tell from another is left out."""
        for name in made:
            key = normalise(name)
            if key not in self.owner:
                self.owner[key] = concept
                into.append(name)


# ---- concepts ------------------------------------------------------------------------------------


def level(row: Row, topic_of: dict[str, str]) -> Concept:
    """The concept of a row. Under its parent, and under its topic too where the parent has another."""
    up = [f"indicator/{row.parent}"] if row.parent else []
    if not row.parent or topic_of[row.parent] != row.topic:
        up.append(f"topic/{row.topic}")
    return Concept(
        row.slug,
        row.zh,
        row.en,
        row.topic,
        row.definition,
        row.stat_type,
        row.unit,
        row.better,
        tuple(up),
        row.links,
    )


@dataclass(frozen=True)
class Derived:
    """How a kind of derived indicator is named and defined; braces take the level's name."""

    zh: str
    en: str
    definition_zh: str
    definition_en: str
    stat_type: str
    link: str


DERIVED = {
    "growth": Derived(
        "{zh}增长",
        "{en}: growth",
        "{zh}比上年同期增长的百分比，下降为负。",
        "Growth of {low} over the same period of the previous year, in percent; a fall is negative.",
        "growth",
        "growthOf",
    ),
    "annual-growth": Derived(
        "{zh}年均增长",
        "{en}: average annual growth",
        "{zh}在多年间的年均增长百分比，下降为负。",
        "Average annual growth of {low} over several years, in percent; a fall is negative.",
        "annualAverageGrowth",
        "growthOf",
    ),
    "change": Derived(
        "{zh}变化",
        "{en}: change",
        "{zh}与上期相比的增减，单位为{unit_zh}，下降为负。",
        "Change of {low} against an earlier period, in {unit_en}; a fall is negative.",
        "change",
        "changeOf",
    ),
    "rank": Derived(
        "{zh}排名",
        "{en}: rank",
        "本地区{zh}在同级地区中的位次，第一为1。",
        "Place of the region among its peers by {low}; the first is 1.",
        "rank",
        "rankOf",
    ),
}


def derived(row: Row, kind: str, units: dict[str, tuple[str, str]]) -> Concept:
    """The growth, annual-growth, change or rank of a row."""
    how = DERIVED[kind]
    level_unit = CHANGE_UNIT.get(row.unit, row.unit)
    unit = {"change": level_unit, "rank": "place"}.get(kind, "percent")
    words = {
        "zh": row.zh,
        "en": row.en,
        "low": row.en
        if re.match("[A-Z0-9]{2}|[A-Z][0-9-]|Engel", row.en)
        else row.en[:1].lower() + row.en[1:],
        "unit_zh": units[unit][0],
        "unit_en": units[unit][1],
    }
    return Concept(
        f"{row.slug}/{kind}",
        how.zh.format(**words),
        how.en.format(**words),
        row.topic,
        (how.definition_zh.format(**words), how.definition_en.format(**words)),
        how.stat_type,
        unit,
        "lower" if kind == "rank" else row.better,
        (f"indicator/{row.slug}",),
        {how.link: row.slug},
    )


def concepts(table_rows: list[Row]) -> list[Concept]:
    """Every indicator with its names, levels before what is derived from them.

    Raises ValueError with one line for each name, link or parent that does not hold.
    """
    topic_of = {row.slug: row.topic for row in table_rows}
    known_topics, known_units = topics(), units()
    twice = [slug for slug, count in Counter(row.slug for row in table_rows).items() if count > 1]
    wrong = [f"{slug} stands twice" for slug in twice]
    wrong += [f"{row.slug} has no topic {row.topic}" for row in table_rows if row.topic not in known_topics]
    wrong += [f"{row.slug} has no unit {row.unit}" for row in table_rows if row.unit not in known_units]
    wrong += [
        f"{row.slug} points to {slug}, which is not in the table"
        for row in table_rows
        for slug in (row.parent, *row.links.values())
        if slug and slug not in topic_of
    ]
    if wrong:
        raise ValueError("\n".join(wrong))
    levels = [(row, level(row, topic_of)) for row in table_rows]
    moves = [(row, kind, derived(row, kind, known_units)) for row in table_rows for kind in row.derived]
    names = Names()
    for _, concept in levels:
        names.claim(concept.zh, concept)
    for row, concept in levels:
        for given, into in ((row.names, concept.alt), (row.hidden, concept.hidden)):
            new = [name for name in dict.fromkeys(given) if name not in (concept.zh, *concept.alt)]
            into += [name for name in new if names.claim(name, concept)]
    for row, kind, concept in moves:
        names.claim(concept.zh, concept)
        if kind == "growth":
            concept.alt += [name for name in row.growth if names.claim(name, concept)]
        if kind == falls_on(row):
            concept.falls += [name for name in row.falls if names.claim(name, concept)]
    for row, concept in levels:
        for name in (row.zh, *row.names, *row.hidden):
            names.take(spellings(name), concept, concept.hidden)
    made = {"growth": growth_names, "annual-growth": annual_names, "change": change_names, "rank": rank_names}
    for row, kind, concept in moves:
        names.take(made[kind](row), concept, concept.hidden)
        names.take(spellings(concept.zh)[:2], concept, concept.hidden)
        for name in row.growth if kind == "growth" else ():
            names.take(spellings(name), concept, concept.hidden)
        if kind == falls_on(row):
            names.take(fall_names(row), concept, concept.falls)
    if names.clashes:
        raise ValueError("\n".join(names.clashes))
    return [concept for _, concept in levels] + [concept for *_, concept in moves]


# ---- Turtle --------------------------------------------------------------------------------------


def closure(broader: dict[str, tuple[str, ...]], path: str) -> set[str]:
    """All that stands above ``path``: parents, their parents, topics."""
    above = broader.get(path, ())
    return set(above).union(*(closure(broader, one) for one in above))


def objects(predicate: str, terms: Iterable[str]) -> str:
    """A predicate with its objects, wrapped; empty without objects."""
    lines, line = [], f"    {predicate}"
    for number, term in enumerate(given := list(terms)):
        end = " ;" if number == len(given) - 1 else " ,"
        if number and len(line) + len(term) + 3 > WIDTH:
            lines.append(line)
            line = "       "
        line += f" {term}{end}"
    return "\n".join([*lines, line]) + "\n" if given else ""


def zh(names: Iterable[str]) -> list[str]:
    return [text(name, "zh") for name in sorted(dict.fromkeys(names))]


def block(concept: Concept, above: set[str], matches: list[tuple[str, str]]) -> str:
    """The triples of one indicator."""
    both = [text(concept.zh, "zh"), text(concept.en, "en")]
    parts = [
        f"<indicator/{concept.path}>\n",
        objects("a", ["plan:Indicator", "skos:Concept", "schema:StatisticalVariable"]),
        objects("rdfs:label", both),
        objects("skos:prefLabel", both),
        objects("skos:altLabel", zh(concept.alt)),
        objects("skos:hiddenLabel", zh(concept.hidden + concept.falls)),
        objects("plan:fallLabel", zh(concept.falls)),
        objects("skos:definition", [text(concept.definition[0], "zh"), text(concept.definition[1], "en")]),
        objects("skos:inScheme", ["<indicator/>"]),
        objects("plan:topic", [f"<topic/{concept.topic}>"]),
        objects("skos:broader", [f"<{path}>" for path in sorted(concept.broader)]),
        objects("skos:broaderTransitive", [f"<{path}>" for path in sorted(above)]),
        objects("plan:statType", [f"plan:{concept.stat_type}"]),
        objects("plan:unit", [f"<unit/{concept.unit}>"]),
        objects("plan:betterDirection", [BETTER[concept.better]]),
        *(objects(f"plan:{link}", [f"<indicator/{slug}>"]) for link, slug in sorted(concept.links.items())),
        *(
            objects(f"skos:{kind}Match", sorted(iri for one, iri in matches if one == kind))
            for kind in ("exact", "close", "broad", "narrow", "related")
        ),
    ]
    return "".join(parts).removesuffix(" ;\n") + " .\n"


def document() -> str:
    """The whole file: topic by topic, what is derived right after its level."""
    found = concepts(rows())
    broader = {f"indicator/{concept.path}": concept.broader for concept in found}
    matches: dict[str, list[tuple[str, str]]] = {}
    for match in table("indicator-matches.tsv"):
        if f"indicator/{match['indicator']}" not in broader:
            raise ValueError(f"indicator-matches.tsv matches {match['indicator']}, which is not in the table")
        matches.setdefault(match["indicator"], []).append((match["match"], match["concept"]))
    parts = [HEADER]
    for topic, name in topics().items():
        parts.append(f"# ---- {name} {topic}\n")
        for concept in sorted((c for c in found if c.topic == topic), key=lambda c: c.path.split("/")):
            above = closure(broader, f"indicator/{concept.path}")
            parts.append(block(concept, above, matches.get(concept.path, [])))
    return "\n".join(parts)


def main() -> int:
    try:
        made = document()
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    if "--check" in sys.argv[1:]:
        return int(OUT.read_text(encoding="utf-8") != made)
    OUT.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
