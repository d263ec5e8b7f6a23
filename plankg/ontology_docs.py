"""Turtle -> documentation: ``docs/ontology.md`` and the class diagram ``docs/img/ontology.svg``.

    python -m plankg.ontology_docs          writes both
    python -m plankg.ontology_docs --check  exit status 1 when one of them is out of date

What is said of a term stands in the ontology alone; this module arranges it. The same Turtle gives the same
bytes.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import groupby
from math import inf
from pathlib import Path
from typing import Final

from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from loaders.namespaces import BASE, PLAN, PREFIXES
from loaders.resources import folder
from plankg import check, shapes

DOCS: Final = Path(__file__).resolve().parent.parent / "docs"
QB: Final = Namespace(PREFIXES["qb"])

#: Headings, and the classes under each in the order in which a reader meets them.
SECTIONS: Final = {
    "What a report says": "Assertion Statement Target Result Estimate QualitativeTarget QualitativeResult "
    "RelativeTarget Evidence Correction",
    "Reports, plans, measures, projects": "Report Plan Measure Project ProjectStatement Merge Period",
    "Indicators, units, topics": "Indicator Unit UnitFamily Topic",
    "Regions": "Region Country Province Prefecture County City Municipality PrefectureCity CountyCity "
    "MainlandProvince AutonomousRegion SpecialAdministrativeRegion AutonomousPrefecture PrefectureArea "
    "League District RuralCounty AutonomousCounty Banner AutonomousBanner ForestryDistrict SpecialDistrict "
    "Zone",
    "Code lists": "Comparator StatType BetterDirection Direction Bindingness ProjectStatus ReportKind "
    "LinkMethod",
    "Links and figures from outside": "Link ReferenceFigure",
}
#: Class -> where its example stands: a file of the ontology and how the subject is written there.
EXAMPLES: Final = {
    "Target": ("examples.ttl", "<statement/zhangjiagang-work-report-2024/6514>"),
    "Result": ("examples.ttl", "<statement/zhangjiagang-work-report-2024/4172>"),
    "Estimate": ("examples.ttl", "<statement/zhangjiagang-plan-2023/404>"),
    "QualitativeTarget": ("examples.ttl", "<statement/zhangjiagang-work-report-2024/6534>"),
    "QualitativeResult": ("examples.ttl", "<statement/zhangjiagang-work-report-2024/4007>"),
    "RelativeTarget": ("examples.ttl", "<statement/zhangjiagang-work-report-2024/6627>"),
    "Evidence": ("examples.ttl", "<statement/zhangjiagang-plan-2023/404#evidence>"),
    "Report": ("examples.ttl", "<report/zhangjiagang-work-report-2024>"),
    "Plan": ("examples.ttl", "<plan/320582-2024>"),
    "Measure": ("examples.ttl", "<measure/zhangjiagang-work-report-2024/7101>"),
    "Project": ("examples.ttl", "<project/3205-通苏嘉甬铁路>"),
    "ProjectStatement": ("examples.ttl", "<project-statement/zhangjiagang-work-report-2024/2832>"),
    "Period": ("examples.ttl", "<period/2024>"),
    "Indicator": ("indicators.ttl", "<indicator/gdp/growth>"),
    "Unit": ("units.ttl", "unit:100m-yuan"),
    "UnitFamily": ("units.ttl", "<https://w3id.org/plankg/unit/family/cny>"),
    "Topic": ("topics.ttl", "topic:environment"),
    "Region": ("regions.ttl", "region:320582"),
    "Zone": ("regions.ttl", "<https://w3id.org/plankg/region/zone/suzhou-industrial-park>"),
    "ReferenceFigure": (
        "census2020.ttl",
        "<https://w3id.org/plankg/figure/census-2020/320500/resident-population>",
    ),
}
#: What examples leave out: spellings and matches, of which there are many and which grow.
LEFT_OUT: Final = re.compile(
    r"    skos:(?:alt|hidden)Label (?:.|\n        )*;\n|    skos:\w+Match (?:.|\n        )*;\n"
)


@cache
def ontology() -> Graph:
    """The terms: ``plankg.ttl``, and the one of ``links.ttl``."""
    return Graph().parse(folder("ontology") / "plankg.ttl").parse(folder("ontology") / "links.ttl")


# ---- reading terms -------------------------------------------------------------------------------


def text(term: Node, property_: URIRef, language: str) -> str:
    """What the ontology says of a term in one language, or without one; "" when nothing."""
    found = (o for o in ontology().objects(term, property_) if isinstance(o, Literal))
    return min((str(o) for o in found if o.language in (language, None)), default="")


def short(term: Node) -> str:
    """``plan:value``, ``qb:Observation``."""
    known = ((str(iri), prefix) for prefix, iri in ontology().namespaces() if str(term).startswith(str(iri)))
    base, prefix = max(known, default=("", ""))
    return f"{prefix}:{str(term).removeprefix(base)}" if base else f"<{term}>"


def named(term: Node, property_: URIRef) -> list[URIRef]:
    """The named classes or properties a term points to; of a union, those among its members."""
    found: list[Node] = []
    for node in ontology().objects(term, property_):
        union = ontology().value(node, OWL.unionOf)
        found += [node] if union is None else Collection(ontology(), union)
    return sorted({node for node in found if isinstance(node, URIRef)}, key=short)


def properties() -> list[URIRef]:
    """Every property of ours, by name."""
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    found = {s for kind in kinds for s in ontology().subjects(RDF.type, kind) if str(s).startswith(PLAN)}
    return sorted((s for s in found if isinstance(s, URIRef)), key=lambda s: str(s).lower())


def example(name: str) -> str:
    """The example of a class as its file has it, without spellings and matches."""
    file, subject = EXAMPLES[name]
    source = (folder("ontology") / file).read_text("utf-8")
    block = re.search(rf"^{re.escape(subject)}\n(?:.+\n)+", source, re.MULTILINE)
    if block is None:
        raise LookupError(f"{file} has no {subject}")
    return LEFT_OUT.sub("", block[0]).rstrip()


# ---- the page ------------------------------------------------------------------------------------


def page() -> str:
    """``docs/ontology.md``."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    header = URIRef(BASE + "ontology")
    yield "<!-- Made by python -m plankg.ontology_docs from ontology/; change that, not this file. -->"
    yield "# The ontology"
    yield ""
    yield text(header, URIRef(PREFIXES["dct"] + "description"), "en")
    yield ""
    yield text(header, URIRef(PREFIXES["dct"] + "description"), "zh")
    yield ""
    yield f"Namespace `{PLAN}`, prefix `plan:`, version {text(header, OWL.versionInfo, 'en')}, CC BY 4.0."
    yield "OWL 2 DL; terms of other vocabularies are declared and aligned, not imported."
    yield ""
    yield "![Classes and how they are joined](img/ontology.svg)"
    yield ""
    yield "Superclass types and ancestors are written out in the graph; these need one triple pattern each:"
    yield ""
    yield "| question | pattern |"
    yield "|---|---|"
    yield "| a city, of whatever level | `?region a plan:City` |"
    yield "| anywhere in Jiangsu | `?region plan:within <https://w3id.org/plankg/region/320000>` |"
    topic = f"<{BASE}topic/environment>"
    yield f"| any indicator of the environment | `?indicator skos:broaderTransitive {topic}` |"
    yield ""
    yield "## Contents"
    yield ""
    for heading in (*SECTIONS, "Properties", "Data cubes", "Topics", "Shapes", "Integrity constraints"):
        yield f"* [{heading}](#{heading.lower().replace(',', '').replace(' ', '-')})"
    classes = {c for c in ontology().subjects(RDF.type, OWL.Class) if str(c).startswith(PLAN)}
    missing = classes - {URIRef(PLAN + name) for names in SECTIONS.values() for name in names.split()}
    if missing:
        raise LookupError(f"no section of the page has {', '.join(sorted(map(short, missing)))}")
    for heading, names in SECTIONS.items():
        yield from ("", f"## {heading}")
        for name in names.split():
            yield from _class(URIRef(PLAN + name))
    yield from _properties()
    yield from _cubes()
    yield from _topics()
    yield from _shapes()
    yield from _constraints()


def _class(term: URIRef) -> Iterator[str]:
    name = str(term).removeprefix(PLAN)
    yield from ("", f"### {name}", "")
    yield f"**{text(term, RDFS.label, 'en')}**, {text(term, RDFS.label, 'zh')}."
    yield text(term, SKOS.definition, "en")
    if note := text(term, SKOS.scopeNote, "en"):
        yield note
    yield ""
    yield text(term, SKOS.definition, "zh")
    yield ""
    above = named(term, RDFS.subClassOf)
    if above:
        yield "* under " + ", ".join(f"`{short(c)}`" for c in above)
    below = sorted(s for s in ontology().subjects(RDFS.subClassOf, term) if isinstance(s, URIRef))
    if below:
        yield "* over " + ", ".join(f"`{short(c)}`" for c in below)
    own = [p for p in properties() if term in named(p, RDFS.domain)]
    if own:
        yield "* has " + ", ".join(f"`{short(p)}`" for p in own)
    codes = sorted(s for s in ontology().subjects(RDF.type, term) if isinstance(s, URIRef))
    if codes:
        yield ""
        yield "| code | | | |"
        yield "|---|---|---|---|"
        for code in codes:
            yield (
                f"| `{short(code)}` | {text(code, RDFS.label, 'en')} | {text(code, RDFS.label, 'zh')} "
                f"| {text(code, SKOS.definition, 'en')} {_quoted(text(code, SKOS.example, 'zh'))}|"
            )
    elif name in EXAMPLES:
        yield from ("", "```turtle", example(name), "```")
    elif said := text(term, SKOS.example, "en") or text(term, SKOS.example, "zh"):
        yield f"* for example {said}"


def _quoted(words: str) -> str:
    return f"({words}) " if words else ""


def _properties() -> Iterator[str]:
    yield from ("", "## Properties", "")
    yield "| property | | from | to | |"
    yield "|---|---|---|---|---|"
    for term in properties():
        ends = [", ".join(short(c) for c in named(term, end)) for end in (RDFS.domain, RDFS.range)]
        aligned = ", ".join(f"`{short(p)}`" for p in named(term, RDFS.subPropertyOf))
        definition = text(term, SKOS.definition, "en") + (f" Under {aligned}." if aligned else "")
        yield f"| `{short(term)}` | {text(term, RDFS.label, 'zh')} | {ends[0]} | {ends[1]} | {definition} |"


def _cubes() -> Iterator[str]:
    yield from ("", "## Data cubes", "")
    yield "Every statement is a `qb:Observation` of one of three data sets. A cube wants every measure in"
    yield "every observation, so one number, two bounds and words alone are kept apart."
    for dataset in sorted(ontology().subjects(RDF.type, QB.DataSet), key=str):
        structure = ontology().value(dataset, QB.structure)
        assert structure is not None
        yield from ("", f"**{text(dataset, RDFS.label, 'en')}** `<{dataset}>`, `{short(structure)}`", "")
        components = sorted(
            ontology().objects(structure, QB.component), key=lambda c: int(str(ontology().value(c, QB.order)))
        )
        for kind in ("dimension", "measure", "attribute"):
            found = []
            for component in components:
                for property_ in ontology().objects(component, QB[kind]):
                    required = ontology().value(component, QB.componentRequired)
                    optional = required is not None and not required.toPython()  # type: ignore[attr-defined]
                    found.append(f"`{short(property_)}`" + (" (optional)" if optional else ""))
            yield f"* {kind}s: {', '.join(found)}"


def _topics() -> Iterator[str]:
    graph = Graph().parse(folder("ontology") / "topics.ttl")
    yield from ("", "## Topics", "")
    yield "| topic | | | Classification of the Functions of Government |"
    yield "|---|---|---|---|"
    order = URIRef(PLAN + "order")
    for topic in sorted(graph.subjects(order), key=lambda t: int(str(graph.value(t, order)))):
        labels = {
            label.language: str(label)
            for label in graph.objects(topic, RDFS.label)
            if isinstance(label, Literal)
        }
        matches = sorted(
            f"{strength} {str(code).rpartition('/')[2]}"
            for strength in ("exact", "close", "broad", "narrow", "related")
            for code in graph.objects(topic, SKOS[f"{strength}Match"])
        )
        slug = str(topic).rpartition("/")[2]
        yield f"| `topic/{slug}` | {labels['zh']} | {labels['en']} | {', '.join(matches)} |"


def _shapes() -> Iterator[str]:
    yield from ("", "## Shapes", "")
    yield "`plankg check` holds every node to `ontology/shapes.ttl`. What it says when one does not fit:"
    for name, constraints in groupby(shapes.constraints(), key=lambda c: c.name):
        yield from ("", f"**{name}**", "")
        for message, severity in sorted({(c.message, c.severity) for c in constraints}):
            yield f"* {message}" + (" (warning)" if severity == "warning" else "")


def _constraints() -> Iterator[str]:
    yield from ("", "## Integrity constraints", "")
    yield "Of the W3C Data Cube recommendation and of our own terms; one query each in `ontology/checks/`."
    yield ""
    for kind in ("cube", "terms"):
        for rule in check.rules(folder("ontology") / "checks" / kind):
            text_of_rule = re.search(r"^# rule: (.+)$", rule.query, re.MULTILINE)
            assert text_of_rule is not None
            yield f"* **{rule.name}**: {text_of_rule[1]}"


# ---- the diagram ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Box:
    """A class in the diagram: its place, its names and the lines below them."""

    name: str
    left: int
    top: int
    zh: str
    lines: tuple[str, ...]

    @property
    def height(self) -> int:
        return HEAD + LINE * len(self.lines) + (8 if self.lines else 0)

    @property
    def middle(self) -> tuple[float, float]:
        return self.left + WIDTH / 2, self.top + self.height / 2

    def edge(self, towards: tuple[float, float]) -> tuple[float, float]:
        """Where a line from the middle to another point leaves the box."""
        x, y = self.middle
        dx, dy = towards[0] - x, towards[1] - y
        reach = min(WIDTH / 2 / abs(dx) if dx else inf, self.height / 2 / abs(dy) if dy else inf)
        return x + dx * reach, y + dy * reach


#: Class -> left and top of its box; a box is as tall as its properties with literal values need.
PLACES: Final = {
    "Report": (30, 30),
    "Plan": (30, 300),
    "Measure": (30, 420),
    "Project": (30, 740),
    "Evidence": (390, 30),
    "Statement": (390, 180),
    "ProjectStatement": (390, 740),
    "Period": (740, 30),
    "Indicator": (740, 240),
    "Target": (430, 470),
    "Result": (830, 470),
    "QualitativeTarget": (310, 610),
    "RelativeTarget": (507, 610),
    "Estimate": (704, 610),
    "QualitativeResult": (901, 610),
    "Unit": (1080, 30),
    "Topic": (1080, 240),
    "Region": (1150, 340),
    "Zone": (950, 740),
    "City": (1150, 740),
}
#: Properties drawn as lines: from, name, to, and how far along the line the name stands.
LINES: Final = (
    ("Statement", "statedIn", "Report", 0.5),
    ("Statement", "evidence", "Evidence", 0.5),
    ("Statement", "inPlan", "Plan", 0.5),
    ("Statement", "indicator", "Indicator", 0.5),
    ("Statement", "region", "Region", 0.62),
    ("Statement", "period", "Period", 0.5),
    ("Measure", "inPlan", "Plan", 0.5),
    ("Measure", "target", "Statement", 0.5),
    ("Measure", "project", "Project", 0.5),
    ("ProjectStatement", "project", "Project", 0.5),
    ("Indicator", "unit", "Unit", 0.5),
    ("Indicator", "topic", "Topic", 0.5),
)
#: Literal properties every assertion has, told once.
ASSERTED: Final = frozenset(("quote", "start", "end", "inSection", "confidence", "rule"))
WIDTH: Final = 190
LINE: Final = 16
HEAD: Final = 44
WHOLE: Final = 1370


def diagram() -> str:
    """``docs/img/ontology.svg``: the classes a reader meets, their literal properties, how they join."""
    boxes = {name: _box(name) for name in PLACES}
    height = max(box.top + box.height for box in boxes.values()) + 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WHOLE} {height}" font-family="sans-serif" '
        'font-size="12" role="img" aria-label="Classes of the plankg ontology and how they are joined">',
        "<defs>"
        '<marker id="to" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
        'orient="auto"><path d="M0 0 10 5 0 10z" fill="#475569"/></marker>'
        '<marker id="under" viewBox="0 0 12 12" refX="11" refY="6" markerWidth="12" markerHeight="12" '
        'orient="auto"><path d="M1 1 11 6 1 11z" fill="#ffffff" stroke="#1d4ed8"/></marker>'
        "</defs>",
        f'<rect width="{WHOLE}" height="{height}" fill="#ffffff"/>',
    ]
    for below in PLACES:
        for above in PLACES:
            if URIRef(PLAN + above) in named(URIRef(PLAN + below), RDFS.subClassOf):
                parts += _line(boxes[below], boxes[above], "under", "#1d4ed8")
    for source, name, target, along in LINES:
        parts += _line(boxes[source], boxes[target], "to", "#475569", name, along)
    for box in boxes.values():
        parts += _drawn(box)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _box(name: str) -> Box:
    term = URIRef(PLAN + name)
    kinds = {p for p in properties() if (p, RDF.type, OWL.DatatypeProperty) in ontology()}
    of = {term, URIRef(PLAN + "Assertion")} if name == "Statement" else {term}
    own = [str(p).removeprefix(PLAN) for p in properties() if p in kinds and of & set(named(p, RDFS.domain))]
    return Box(name, *PLACES[name], text(term, RDFS.label, "zh"), tuple(n for n in own if n not in ASSERTED))


def _line(
    source: Box, target: Box, marker: str, colour: str, name: str = "", along: float = 0.5
) -> Iterator[str]:
    """A line between two boxes. Raises :class:`LookupError` when the ontology does not join them so."""
    if name:
        ends = (URIRef(PLAN + source.name), URIRef(PLAN + target.name))
        joined = URIRef(PLAN + name)
        above = {*named(ends[0], RDFS.subClassOf), ends[0], URIRef(PLAN + "Assertion")}
        if not above & set(named(joined, RDFS.domain)) or ends[1] not in named(joined, RDFS.range):
            raise LookupError(f"the ontology does not join {source.name} to {target.name} by {name}")
    x1, y1 = source.edge(target.middle)
    x2, y2 = target.edge(source.middle)
    yield (
        f'<line x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}" stroke="{colour}" '
        f'marker-end="url(#{marker})"/>'
    )
    if name:
        x, y = x1 + (x2 - x1) * along, y1 + (y2 - y1) * along
        for look in ('stroke="#ffffff" stroke-width="5"', 'fill="#334155"'):
            yield f'<text x="{x:.0f}" y="{y + 4:.0f}" text-anchor="middle" {look}>{escape(name)}</text>'


def _drawn(box: Box) -> Iterator[str]:
    x = box.left
    yield (
        f'<rect x="{x}" y="{box.top}" width="{WIDTH}" height="{box.height}" rx="4" fill="#f8fafc" '
        'stroke="#1e293b"/>'
    )
    yield (
        f'<rect x="{x}" y="{box.top}" width="{WIDTH}" height="{HEAD - 4}" rx="4" fill="#e2e8f0" '
        'stroke="#1e293b"/>'
    )
    yield (
        f'<text x="{x + 10}" y="{box.top + 17}" font-weight="bold" fill="#0f172a">{escape(box.name)}</text>'
        f'<text x="{x + 10}" y="{box.top + 33}" fill="#334155">{escape(box.zh)}</text>'
    )
    for row, line in enumerate(box.lines, 1):
        yield f'<text x="{x + 10}" y="{box.top + HEAD + LINE * row - 4}" fill="#334155">{escape(line)}</text>'


# ---- the command ---------------------------------------------------------------------------------


def files() -> dict[Path, str]:
    """Each file this module makes, and its text."""
    return {DOCS / "ontology.md": page(), DOCS / "img" / "ontology.svg": diagram()}


def stale() -> list[Path]:
    """The files that are missing or differ from what the ontology gives now."""
    return [path for path, made in files().items() if not path.exists() or path.read_text("utf-8") != made]


def main(arguments: list[str]) -> int:
    """Writes the documentation, or with ``--check`` tells what is out of date."""
    if arguments == ["--check"]:
        for path in stale():
            print(f"{path} is out of date; run python -m plankg.ontology_docs", file=sys.stderr)
        return 1 if stale() else 0
    if arguments:
        print("usage: python -m plankg.ontology_docs [--check]", file=sys.stderr)
        return 2
    for path, made in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made, "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
