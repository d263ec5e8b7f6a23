"""The page of one thing: its names, what is said of it, the words of a report behind it, the statements on it
and what else leads to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from loaders.namespaces import BASE, PLAN, PREFIXES
from plankg.results import shorten
from plankg.server import answers, documents, linked_data, pages
from plankg.server.answers import ShownTable
from plankg.server.reading import Marked, Place, mark, named, rows, text

#: Statements on one page.
PAGE: Final = 50
#: Things listed for each way in which others lead to this one.
LISTED: Final = 24
#: Things without a label of their own whose words are looked up.
NAMED: Final = 500
#: The last page that is shown; the rest is a query away.
LAST_PAGE: Final = 200

_RDF, _RDFS, _SKOS, _DCT, _OA, _PROV, _QB = (
    PREFIXES[prefix] for prefix in ("rdf", "rdfs", "skos", "dct", "oa", "prov", "qb")
)
_TYPE, _LABEL = _RDF + "type", _RDFS + "label"
#: Where statements on a thing are found: by the first part of its path.
_STATEMENTS: Final = {
    "indicator": "indicator",
    "region": "region",
    "report": "statedIn",
    "plan": "inPlan",
    "period": "period",
    "unit": "unit",
}
#: What is shown elsewhere on the page, or says nothing to a reader.
_NOT_LISTED: Final = {
    _LABEL, _TYPE, _SKOS + "prefLabel", PLAN + "quote", PLAN + "evidence", PLAN + "start", PLAN + "end",
    PLAN + "printed", _QB + "dataSet", PLAN + "rule",
}  # fmt: skip
#: What comes first, in this order.
_FIRST: Final = (
    PLAN + "indicator", PLAN + "region", PLAN + "period", PLAN + "value", PLAN + "low", PLAN + "high",
    PLAN + "unit", PLAN + "comparator", PLAN + "statedIn", PLAN + "inSection", _SKOS + "definition",
    _DCT + "title", _DCT + "description", PLAN + "shortName", PLAN + "code", PLAN + "parent", PLAN + "topic",
    PLAN + "betterDirection", PLAN + "statType",
)  # fmt: skip
#: Names of properties that are not in our ontology.
_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    _SKOS + "altLabel": ("also called", "别名"),
    _SKOS + "hiddenLabel": ("also written", "其他写法"),
    _SKOS + "definition": ("definition", "定义"),
    _SKOS + "broader": ("broader", "上位概念"),
    _SKOS + "broaderTransitive": ("all broader", "全部上位概念"),
    _SKOS + "narrower": ("narrower", "下位概念"),
    _SKOS + "inScheme": ("in the scheme", "所属体系"),
    _SKOS + "hasTopConcept": ("top concepts", "顶层概念"),
    _SKOS + "topConceptOf": ("top concept of", "顶层概念属于"),
    _SKOS + "exactMatch": ("the same as", "完全对应"),
    _SKOS + "closeMatch": ("close to", "近似对应"),
    _SKOS + "broadMatch": ("part of", "上位对应"),
    _SKOS + "narrowMatch": ("wider than", "下位对应"),
    _SKOS + "relatedMatch": ("related to", "相关对应"),
    _DCT + "title": ("title", "标题"),
    _DCT + "description": ("description", "说明"),
    _DCT + "license": ("licence", "许可"),
    _DCT + "issued": ("issued", "发布日期"),
    _DCT + "isPartOf": ("part of", "属于"),
    _DCT + "source": ("source", "来源"),
    "http://rdfs.org/ns/void#triples": ("triples", "三元组数"),
    "http://rdfs.org/ns/void#dataDump": ("all triples", "全部三元组"),
    "http://rdfs.org/ns/void#sparqlEndpoint": ("endpoint", "端点"),
    "http://www.w3.org/2002/07/owl#versionInfo": ("version", "版本"),
}


Node = ox.NamedNode | ox.BlankNode | ox.Literal


#: What those are to a thing that have it as the value of a property; others go by the property's own name.
_BACK: Final[Mapping[str, tuple[str, str]]] = {
    _SKOS + "broader": ("narrower", "下位概念"),
    _SKOS + "broaderTransitive": ("all narrower", "全部下位概念"),
    PLAN + "topic": ("on this topic", "属于本主题"),
    PLAN + "parent": ("directly below it", "直接下辖"),
    PLAN + "within": ("within it", "下辖"),
    PLAN + "growthOf": ("its growth", "其增速"),
    PLAN + "changeOf": ("its change", "其变动"),
    PLAN + "shareOf": ("its shares", "其占比"),
    PLAN + "rankOf": ("its rank", "其排名"),
    PLAN + "unit": ("measured in it", "以此计量"),
    PLAN + "family": ("units of the family", "同类单位"),
    PLAN + "baseUnit": ("units built on it", "以此为基准的单位"),
    PLAN + "successor": ("what it came from", "前身"),
    PLAN + "statedIn": ("said in it", "其中所述"),
    PLAN + "inPlan": ("in the plan", "计划内容"),
    PLAN + "project": ("said of it", "相关论述"),
    _DCT + "isPartOf": ("its parts", "组成部分"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One value of a property: text in a language, or a thing."""

    text: str
    iri: str
    language: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A property with its values."""

    name: str
    iri: str
    values: Sequence[Said]


@dataclass(frozen=True, slots=True)
class Incoming:
    """The things that lead to this one by a property: some of them, and how many there are."""

    name: str
    iri: str
    things: Sequence[Said]
    count: int
    query: str  #: all of them, in SPARQL


async def thing_page(
    request: Request, iri: str, found: Sequence[ox.Triple], cut: bool, headers: Mapping[str, str]
) -> Response:
    """The page of a thing whose triples are ``found``. Raises :class:`NotAnsweredError`."""
    language = pages.reader(request).language
    own = [triple for triple in found if triple.subject == ox.NamedNode(iri)]
    labels = await _labels(request, own, found, language)
    kind = iri.removeprefix(BASE).partition("/")[0]
    number = _page_number(request)
    statements, count = await _statements(request, iri, kind, number, language)
    return pages.page(
        request,
        "thing.html",
        headers=headers,
        iri=iri,
        names=_names(own),
        composed=await _composed(request, iri, own, labels),
        kinds=_kinds(own, language),
        facts=_facts(own, labels, language),
        quote=_quote(found, iri),
        report=_report(own, labels),
        statements=statements,
        count=count,
        number=number,
        last=min(LAST_PAGE, -(-count // PAGE)),
        path="/" + iri.removeprefix(BASE),
        incoming=await _incoming(request, iri, kind, language),
        twins=linked_data.twins(iri),
        cut=cut,
        most=linked_data.MOST,
    )


# ---- what is said of it --------------------------------------------------------------------------


def _names(own: Iterable[ox.Triple]) -> dict[str, str]:
    """Its labels by language."""
    return {
        triple.object.language or "": triple.object.value
        for triple in own
        if triple.predicate.value in (_LABEL, _DCT + "title") and isinstance(triple.object, ox.Literal)
    }


async def _composed(request: Request, iri: str, own: Sequence[ox.Triple], labels: Mapping[str, str]) -> str:
    """A title for what has no label: of a statement its region, indicator, period and figure."""
    words = [
        labels.get(value.value, "") if isinstance(value, ox.NamedNode) else value.value
        for name in ("region", "project", "indicator", "period", "status", "printed")
        for value in sorted(_values(own, PLAN + name), key=str)
    ]
    return " · ".join(word for word in words if word) or shorten(iri)


def _kinds(own: Iterable[ox.Triple], language: str) -> list[Said]:
    """Its classes, those of our ontology."""
    classes = sorted(value.value for value in _values(own, _TYPE) if isinstance(value, ox.NamedNode))
    return [Said(_term(iri, language), iri, "") for iri in classes if iri.startswith(PLAN)] or [
        Said(shorten(iri), iri, "") for iri in classes
    ]


def _facts(own: Sequence[ox.Triple], labels: Mapping[str, str], language: str) -> list[Fact]:
    properties = dict.fromkeys(triple.predicate.value for triple in own)
    listed = [iri for iri in properties if iri not in _NOT_LISTED]
    listed.sort(key=lambda iri: (_FIRST.index(iri) if iri in _FIRST else len(_FIRST), shorten(iri)))
    facts = []
    for iri in listed:
        values = [
            Said(labels.get(value.value, shorten(value.value)), value.value, "")
            if isinstance(value, ox.NamedNode)
            else Said(value.value, "", value.language or "" if isinstance(value, ox.Literal) else "")
            for value in _values(own, iri)
            if not isinstance(value, ox.BlankNode)
        ]
        values.sort(key=lambda said: (said.language not in ("", language), said.language, said.text))
        if values:
            facts.append(Fact(_term(iri, language), iri, values))
    return facts


def _quote(found: Sequence[ox.Triple], iri: str) -> Marked | None:
    """The sentence of a statement with the words of its figure."""
    own = [triple for triple in found if triple.subject == ox.NamedNode(iri)]
    quote = _one(own, PLAN + "quote")
    if not quote:
        return None
    parts = {t.predicate.value: t.object.value for t in found
             if isinstance(t.subject, ox.NamedNode) and t.subject.value == f"{iri}#position"
             and isinstance(t.object, ox.Literal)}  # fmt: skip
    offsets = (
        _one(own, PLAN + "start"),
        _one(own, PLAN + "end"),
        parts.get(_OA + "start", ""),
        parts.get(_OA + "end", ""),
    )
    place = Place(*(int(offset) for offset in offsets)) if all(o.isdecimal() for o in offsets) else None
    return mark(quote, _one(own, PLAN + "printed"), place)


def _report(own: Sequence[ox.Triple], labels: Mapping[str, str]) -> Said | None:
    report = _one(own, PLAN + "statedIn")
    return Said(labels.get(report, report), report, "") if report else None


def _values(own: Iterable[ox.Triple], property_: str) -> list[Node]:
    return [
        triple.object
        for triple in own
        if triple.predicate.value == property_ and not isinstance(triple.object, ox.Triple)
    ]


def _one(own: Iterable[ox.Triple], property_: str) -> str:
    values = _values(own, property_)
    return min((v.value for v in values if isinstance(v, ox.NamedNode | ox.Literal)), default="")


def _term(iri: str, language: str) -> str:
    """What a class or property is called."""
    if iri in _NAMES:
        return _NAMES[iri][language == "zh"]
    names = documents.labels().get(iri, {})
    return names.get(language) or names.get("en") or shorten(iri)


async def _labels(
    request: Request, own: Sequence[ox.Triple], found: Sequence[ox.Triple], language: str
) -> dict[str, str]:
    """What the things it leads to are called: their labels, or the words of a statement."""
    labels: dict[str, str] = {}
    for triple in found:
        subject, label = triple.subject, triple.object
        if triple.predicate.value != _LABEL or not isinstance(subject, ox.NamedNode):
            continue
        if isinstance(label, ox.Literal) and (label.language == language or subject.value not in labels):
            labels[subject.value] = label.value
    nameless = [
        triple.object.value
        for triple in own
        if isinstance(triple.object, ox.NamedNode)
        and triple.object.value.startswith(BASE)
        and triple.object.value not in labels
        and "#" not in triple.object.value
    ]
    return labels | await named(request, nameless[:NAMED], language)


# ---- what is said about it -----------------------------------------------------------------------


async def _statements(
    request: Request, iri: str, kind: str, number: int, language: str
) -> tuple[ShownTable | None, int]:
    """A page of the statements on it, those of the newest reports first, and how many there are."""
    if kind not in _STATEMENTS or number > LAST_PAGE:
        return None, 0
    node, property_, skipped = ox.NamedNode(iri), _STATEMENTS[kind], (number - 1) * PAGE
    counted = await rows(
        request, f"SELECT (COUNT(*) AS ?n) {{ ?s plan:{property_} {node} ; a plan:Statement }}"
    )
    count = int(text(counted[0], "n"))
    if not count:
        return None, 0
    target, result = ("目标", "完成") if language == "zh" else ("target", "result")
    names = ["regionName", "indicatorName", "periodName", "kind", "printed", "quote", "reportTitle"]
    dropped = {
        "indicator": "indicatorName",
        "region": "regionName",
        "report": "reportTitle",
        "period": "periodName",
    }
    kept = [name for name in names if name != dropped.get(kind)]
    found = await rows(
        request,
        f"""SELECT * WHERE {{
          {{ SELECT ?statement ?report ?given ?start WHERE {{
            ?statement plan:{property_} {node} ; a plan:Statement ; plan:start ?start ;
              plan:statedIn ?report .
            OPTIONAL {{ ?report plan:year ?given }}
          }} ORDER BY DESC(?given) ?report ?start ?statement LIMIT {PAGE} OFFSET {skipped} }}
          ?statement plan:region ?region ; plan:indicator ?indicator ; plan:period ?period ;
            plan:quote ?quote .
          OPTIONAL {{ ?statement plan:printed ?printed }}
          OPTIONAL {{ ?report dct:title ?reportTitle }}
          OPTIONAL {{ ?region rdfs:label ?regionName . FILTER (LANG(?regionName) = "{language}") }}
          OPTIONAL {{ ?indicator rdfs:label ?indicatorName . FILTER (LANG(?indicatorName) = "{language}") }}
          OPTIONAL {{ ?period rdfs:label ?periodName . FILTER (LANG(?periodName) = "{language}") }}
          BIND (IF(EXISTS {{ ?statement a plan:Target }}, "{target}", "{result}") AS ?kind)
        }} ORDER BY DESC(?given) ?report ?start ?statement""",
    )
    once = list({text(row, "statement"): row for row in found}.values())
    columns = [*kept, "region", "indicator", "period", "report", "statement"]
    used = [
        name for name in columns if name + "Name" in kept or name in kept or name in ("report", "statement")
    ]
    if "reportTitle" not in kept:
        used.remove("report")
    return await answers.shown(request, used, once, language, PAGE), count


async def _incoming(request: Request, iri: str, kind: str, language: str) -> list[Incoming]:
    """The other ways in which things lead here."""
    node = ox.NamedNode(iri)
    hidden = {_OA + "hasSource", _TYPE, PLAN + _STATEMENTS.get(kind, "evidence"), _SKOS + "inScheme"}
    counted = await rows(
        request, f"SELECT ?p (COUNT(?s) AS ?n) {{ ?s ?p {node} FILTER (ISIRI(?s)) }} GROUP BY ?p ORDER BY ?p"
    )
    ways = [(text(row, "p"), int(text(row, "n"))) for row in counted if text(row, "p") not in hidden]
    found = []
    for property_, count in ways[:20]:
        query = f"SELECT DISTINCT ?this {{ ?this <{property_}> {node} }} ORDER BY ?this"
        listed = [text(row, "this") for row in await rows(request, query + f" LIMIT {LISTED}")]
        listed = [one for one in listed if not one.startswith(f"{iri}#")]
        names = await named(request, listed, language)
        things = [Said(names.get(one, shorten(one)), one, "") for one in listed]
        if things:
            name = _BACK[property_][language == "zh"] if property_ in _BACK else _term(property_, language)
            found.append(Incoming(name, property_, things, count, query))
    return found


def _page_number(request: Request) -> int:
    given = request.query_params.get("page", "1")
    return max(1, int(given)) if given.isascii() and given.isdecimal() and len(given) < 7 else 1


# ---- what is not there ---------------------------------------------------------------------------


async def near(request: Request, iri: str, language: str) -> list[dict[str, str]]:
    """Things that someone who asked for ``iri`` may have meant: those with that name, then those whose IRI
    begins like it, and the next shorter path. Raises :class:`NotAnsweredError`."""
    local = iri.removeprefix(BASE).rstrip("/")
    name = local.rpartition("/")[2]
    if not name:
        return []
    by_name = await rows(
        request,
        f"""SELECT DISTINCT ?this {{
        VALUES ?property {{ rdfs:label plan:shortName skos:altLabel skos:hiddenLabel }}
        VALUES ?label {{ {_literal(name)}@zh {_literal(name)}@en {_literal(name.replace("-", " "))}@en }}
        ?this ?property ?label . FILTER (ISIRI(?this) && STRSTARTS(STR(?this), "{BASE}"))
        }} ORDER BY ?this LIMIT 8""",
    )
    found = [text(row, "this") for row in by_name]
    shorter = [local.rsplit("/", n)[0] for n in range(1, local.count("/") + 1)]
    longer = [f"{local}{end}" for end in ("/growth", "/change", "/annual-growth", "/rank")]
    if found or shorter:
        nodes = " ".join(str(ox.NamedNode(BASE + path)) for path in [*longer, *shorter])
        exist = await rows(request, f"SELECT DISTINCT ?this {{ VALUES ?this {{ {nodes} }} ?this ?p ?o }}")
        found += [text(row, "this") for row in exist]
    found = list(dict.fromkeys(found))[:8]
    names = await named(request, found, language)
    return [{"iri": one, "label": names.get(one, "")} for one in found]


def _literal(words: str) -> str:
    return str(ox.Literal(words))
