"""Write ``ontology/indicators.ttl`` in its one form: sorted by topic, then by slug, one predicate after another.

The Turtle file itself is the source: edit it by hand, then run ``python ontology/make/format_indicators.py``. With
``--check`` nothing is written and the exit status is 1 when the file is not in its form. Comments at the head of the
file are kept; comments between concepts are not.
"""

import sys
from pathlib import Path

from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, RDFS, SKOS
from rdflib.term import Node

BASE = "https://w3id.org/plankg/"
SCHEME = URIRef(BASE + "indicator/")
PLAN = Namespace("https://w3id.org/plankg/ontology#")
FILE = Path(__file__).resolve().parent.parent / "indicators.ttl"
WIDTH = 118

PREFIXES = {
    "dct": str(DCTERMS),
    "eurovoc": "http://eurovoc.europa.eu/",
    "plan": str(PLAN),
    "rdfs": str(RDFS),
    "schema": "https://schema.org/",
    "sdg": "http://metadata.un.org/sdg/",
    "skos": str(SKOS),
    "stw": "http://zbw.eu/stw/descriptor/",
    "wd": "http://www.wikidata.org/entity/",
    "wdi": "https://data.worldbank.org/indicator/",
}

#: slug and Chinese label of the topics, in the order of ``topics.ttl``
TOPICS = {
    "comprehensive": "综合",
    "industry": "工业",
    "services": "服务业",
    "agriculture": "农业",
    "investment": "投资",
    "consumption": "消费",
    "trade": "外贸外资",
    "finance": "财政金融",
    "innovation": "科技创新",
    "talent": "人才",
    "employment-income": "就业收入",
    "social-security": "社会保障",
    "education": "教育",
    "health": "卫生",
    "elderly-childcare": "养老托育",
    "culture-sports": "文化体育",
    "housing-urban": "住房城建",
    "transport": "交通",
    "environment": "生态环境",
    "energy": "能源",
    "safety": "安全",
    "government-services": "政务服务",
    "reform": "改革",
}

PREDICATES = (
    RDF.type,
    RDFS.label,
    SKOS.prefLabel,
    SKOS.altLabel,
    SKOS.hiddenLabel,
    PLAN.fallLabel,
    DCTERMS.title,
    DCTERMS.description,
    DCTERMS.license,
    DCTERMS.source,
    SKOS.definition,
    SKOS.scopeNote,
    SKOS.inScheme,
    PLAN.topic,
    SKOS.broader,
    SKOS.broaderTransitive,
    PLAN.statType,
    PLAN.unit,
    PLAN.betterDirection,
    PLAN.growthOf,
    PLAN.changeOf,
    PLAN.rankOf,
    PLAN.shareOf,
    PLAN.shareBase,
    PLAN.flowOf,
    SKOS.exactMatch,
    SKOS.closeMatch,
    SKOS.broadMatch,
    SKOS.narrowMatch,
    SKOS.relatedMatch,
)
TYPES = (PLAN.Indicator, SKOS.ConceptScheme, SKOS.Concept)


def term(node: Node) -> str:
    """The node as Turtle: a prefixed name where one fits, else relative to the base; Chinese literals keep their script."""
    if node == RDF.type:
        return "a"
    if isinstance(node, Literal):
        return node.n3()
    iri = str(node)
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and local and all(c.isalnum() or c in "-_." for c in local) and local[-1] != ".":
            return f"{prefix}:{local}"
    return f"<{iri.removeprefix(BASE)}>"


def order(node: Node) -> tuple[int, int, str]:
    """Sort key of an object: classes from the particular to the general, Chinese before English, then by text."""
    if isinstance(node, Literal):
        return 0, ("zh", "en").index(node.language) if node.language in ("zh", "en") else 2, str(node)
    return 1, TYPES.index(node) if node in TYPES else len(TYPES), str(node)


def block(graph: Graph, subject: Node) -> str:
    """All triples of one subject."""
    lines = [term(subject)]
    predicates = sorted(
        set(graph.predicates(subject)),
        key=lambda p: (PREDICATES.index(p) if p in PREDICATES else len(PREDICATES), str(p)),  # type: ignore[arg-type]
    )
    for predicate in predicates:
        line = f"    {term(predicate)}"
        objects = [term(o) for o in sorted(graph.objects(subject, predicate), key=order)]
        for index, text in enumerate(objects):
            end = " ;" if index == len(objects) - 1 else " ,"
            if index and len(line) + len(text) + 3 > WIDTH:
                lines.append(line)
                line = "       "
            line += f" {text}{end}"
        lines.append(line)
    return "\n".join(lines)[:-2] + " .\n"


def place(graph: Graph, subject: Node) -> tuple[int, list[str]]:
    """Sort key of an indicator: the rank of its topic, then its slug (a derived one comes right after its base)."""
    topic = str(graph.value(subject, PLAN.topic) or "").rsplit("/", 1)[-1]
    rank = list(TOPICS).index(topic) if topic in TOPICS else len(TOPICS)
    return rank, str(subject).removeprefix(str(SCHEME)).split("/")


def serialise(graph: Graph, header: str) -> str:
    """The whole file: ``header`` (its leading comment), prefixes, the scheme, then the indicators topic by topic."""
    parts = [header.rstrip() + "\n"]
    declarations = [f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items()]
    parts.append(f"@base <{BASE}> .\n" + "".join(declarations))
    parts.append(block(graph, SCHEME))
    rank_before = -1
    for subject in sorted(set(graph.subjects()) - {SCHEME}, key=lambda s: place(graph, s)):
        rank = place(graph, subject)[0]
        if rank != rank_before and rank < len(TOPICS):
            slug, name = list(TOPICS.items())[rank]
            parts.append(f"# ---- {name} {slug}\n")
        rank_before = rank
        parts.append(block(graph, subject))
    return "\n".join(parts)


def formatted(text: str) -> str:
    """``text`` (Turtle) in its one form."""
    header = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        header.append(line)
    return serialise(Graph().parse(data=text, format="turtle"), "\n".join(header))


def main() -> int:
    before = FILE.read_text(encoding="utf8")
    after = formatted(before)
    if "--check" in sys.argv[1:]:
        return int(before != after)
    FILE.write_text(after, encoding="utf8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
