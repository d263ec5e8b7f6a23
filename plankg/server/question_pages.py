"""The questions over HTTP, without SPARQL: ``/questions`` lists them, ``/questions/NAME`` answers one.

Parameters are given by name in the address and take what the command line takes
(``?indicator=GDP增速&region=苏州市&year=2023``); one that is not given has its default, an empty one that may
be left open is left open. The answer is a page with a form, JSON, CSV, TSV or an Excel file, by ``?format=``,
by suffix (``/questions/who-targeted.csv``) or by the ``Accept`` header.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from loaders.errors import ParameterError
from loaders.namespaces import BASE, PLAN
from plankg import questions
from plankg.questions import Parameter, Question, Term
from plankg.server import answers, pages, revision
from plankg.server.asking import ask
from plankg.server.negotiation import best
from plankg.server.problems import problem
from plankg.server.reading import NotAnsweredError, Row, from_a_thread, named, rows, text
from plankg.tables.columns import Column, Table
from plankg.tables.facts import Language, TableError
from plankg.tables.write import to_csv, to_excel

#: The formats of an answer: what ``?format=`` and the suffix say, and the media type. The first is for a
#: client that takes anything.
FORMATS: Final = {
    "json": "application/json",
    "html": "text/html",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: Names in an address that are not parameters of a question.
RESERVED: Final = ("format", "lang")
#: Parameters in Chinese.
NAMES_ZH: Final = {
    "indicator": "指标",
    "later": "后一年",
    "level": "地区类型",
    "link": "关联方式",
    "n": "个数",
    "name": "名称",
    "region": "地区",
    "status": "状态",
    "text": "文字",
    "topic": "主题",
    "value": "数值",
    "year": "年份",
}
#: Characters a value may have.
LONGEST: Final = 2000
#: Choices a form offers for a parameter.
MOST_CHOICES: Final = 400


@dataclass(frozen=True, slots=True)
class BadParameter(Exception):  # noqa: N818 - what it is, for the reader of an answer
    """A value that does not fit its parameter."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter as a form shows it."""

    parameter: Parameter
    value: str
    required: bool
    choices: Sequence[tuple[str, str]]  #: value and name
    closed: bool  #: only these choices
    error: str = ""


def routes() -> list[BaseRoute]:
    return [
        Route("/questions", questions_page),
        Route("/questions/", questions_page),
        Route("/questions/{name}", question_page),
    ]


@cache
def bundled() -> Mapping[str, Question]:
    """The questions by name."""
    return {question.name: question for question in questions.all_questions()}


def may_be_open(parameter: Parameter) -> bool:
    """Whether a parameter may be left empty: it has no default, or its description says what then holds."""
    return parameter.default is None or "when left out" in parameter.description


def given_as(term: Term | None) -> str:
    """A term as a value in an address: the IRI of a thing, the text of a number.

    >>> given_as(ox.NamedNode("https://w3id.org/plankg/region/320500"))
    'https://w3id.org/plankg/region/320500'
    """
    return "" if term is None else term.value


def short_value(parameter: Parameter, term: Term | None) -> str:
    """The end of a thing's IRI where that names it, else :func:`given_as`."""
    prefix = PLAN if parameter.type in ("status", "level") else f"{BASE}{parameter.type}/"
    return given_as(term).removeprefix(prefix)


async def questions_page(request: Request) -> Response:
    """Every question, as a page or as JSON."""
    if best(request.headers.get("accept", ""), ("application/json", "text/html")) == "text/html":
        return pages.page(request, "questions.html", questions=list(bundled().values()))
    base = str(request.base_url).rstrip("/")
    listed = [
        {
            "name": question.name,
            "title": question.title,
            "title_zh": question.title_zh,
            "description": question.description,
            "url": f"{base}/questions/{question.name}",
            "parameters": [
                {
                    "name": parameter.name,
                    "type": parameter.type,
                    "description": parameter.description,
                    "default": given_as(parameter.default) or None,
                }
                for parameter in question.parameters
            ],
        }
        for question in bundled().values()
    ]
    return JSONResponse({"questions": listed}, headers={"vary": "Accept"})


async def question_page(request: Request) -> Response:
    """One question with its answer."""
    name, wanted = _name_and_format(request)
    if name not in bundled():
        return _unknown(request, name)
    question = bundled()[name]
    if wanted not in FORMATS:
        why = f"An answer is one of {', '.join(FORMATS)}; ask with ?format= or Accept."
        return problem(406, "No such format", why, request=request)
    if (fresh := revision.not_modified(request, wanted)) is not None:
        return fresh
    try:
        given = _given(request, question)
        terms = await run_in_threadpool(_terms, request, question, given)
    except BadParameter as bad:
        if wanted == "html":
            typed = _defaults(question) | _as_typed(request, question)
            fields = await _fields(request, question, typed, bad)
            nothing = _no_answer(bad)
            return pages.page(request, "question.html", 400, question=question, fields=fields, **nothing)
        return problem(400, "A parameter does not fit", bad.why, parameter=bad.name, question=question.name)
    except NotAnsweredError as error:
        return error.as_response(request)
    return await _answer(request, question, given, terms, wanted)


def _unknown(request: Request, name: str) -> Response:
    if name in {question.name for question in questions.federated_questions()}:
        why = f"{name} asks another endpoint too: `plankg query {name}` answers it on the command line."
        return problem(404, "Not asked here", why, request=request)
    near = [known for known in bundled() if set(known.split("-")) & set(name.split("-"))]
    hint = f"Did you mean {', '.join(near)}?" if near else "/questions lists them."
    return problem(404, "No such question", f"No question is called {name!r}. {hint}", request=request)


async def _answer(
    request: Request,
    question: Question,
    given: Mapping[str, str],
    terms: Mapping[str, Term | None],
    wanted: str,
) -> Response:
    query = _bind(question, terms)
    stamp = revision.headers(request, wanted)
    answered = await ask(request, query, "application/sparql-results+json")
    if answered.status_code != 200:
        why = " ".join(answered.text.split())[:300]
        again = {k: answered.headers[k] for k in ("retry-after",) if k in answered.headers}
        return NotAnsweredError(answered.status_code, why, again).as_response(request)
    found = answered.json()
    names: list[str] = found["head"]["vars"]
    listed: list[Row] = found["results"]["bindings"]
    headers = revision.settled(request, wanted, stamp) | {"link": _twins(question, given)}
    if wanted == "html":
        return await _page(request, question, given, terms, query, names, listed, headers)
    file = f'attachment; filename="{question.name}.{wanted}"'
    if wanted == "json":
        return Response(_as_json(question, terms, names, listed), headers=headers, media_type=FORMATS[wanted])
    headers |= {"content-disposition": file}
    table = answers.table(names, listed)
    if wanted == "xlsx":
        return await _excel(request, question, terms, table, headers)
    plain = Table(tuple(_plain(column) for column in table.columns), table.rows)
    body = _tsv(plain) if wanted == "tsv" else to_csv(plain, "en", table)
    return Response(body, headers=headers | {"content-type": f"{FORMATS[wanted]}; charset=utf-8"})


async def _excel(
    request: Request,
    question: Question,
    terms: Mapping[str, Term | None],
    table: Table,
    headers: Mapping[str, str],
) -> Response:
    sources = _origin(request, question, terms)
    language: Language = "zh" if pages.reader(request).language == "zh" else "en"
    try:
        body = await run_in_threadpool(to_excel, table, language, sources)
    except TableError as error:
        why = f"{error}; CSV and JSON work without it."
        return problem(501, "Not on this server", why, request=request)
    return Response(body, headers=dict(headers), media_type=FORMATS["xlsx"])


def _name_and_format(request: Request) -> tuple[str, str]:
    name: str = request.path_params["name"]
    stem, dot, suffix = name.rpartition(".")
    if dot and suffix in FORMATS and name not in bundled():
        return stem, suffix
    if chosen := request.query_params.get("format"):
        return name, chosen
    media = best(request.headers.get("accept", ""), list(FORMATS.values()))
    return name, next((key for key, value in FORMATS.items() if value == media), "")


def _given(request: Request, question: Question) -> dict[str, str]:
    """The parameters in the address. Raises :class:`BadParameter`."""
    known = [parameter.name for parameter in question.parameters]
    given: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in RESERVED:
            continue
        if name not in known:
            has = f"its parameters are {', '.join(known)}" if known else "it takes none"
            raise BadParameter(name, f"{question.name} has no parameter {name!r}; {has}.")
        if name in given:
            raise BadParameter(name, f"{name} is given twice.")
        if len(value) > LONGEST:
            raise BadParameter(name, f"{name} is longer than {LONGEST} characters.")
        given[name] = value.strip()
    return given


def _defaults(question: Question) -> dict[str, str]:
    return {parameter.name: short_value(parameter, parameter.default) for parameter in question.parameters}


def _as_typed(request: Request, question: Question) -> dict[str, str]:
    names = {parameter.name for parameter in question.parameters}
    return {name: value[:LONGEST] for name, value in request.query_params.items() if name in names}


def _terms(request: Request, question: Question, given: Mapping[str, str]) -> dict[str, Term | None]:
    """A term for every parameter, None for one that is left open. Runs in a thread of its own.

    Raises :class:`BadParameter` and :class:`NotAnsweredError`.
    """
    terms: dict[str, Term | None] = {}
    for parameter in question.parameters:
        value = given.get(parameter.name)
        if value is None:
            terms[parameter.name] = parameter.default
        elif value:
            try:
                terms[parameter.name] = questions.term(parameter.type, value, from_a_thread(request))
            except ParameterError as error:
                raise BadParameter(parameter.name, f"{parameter.name}: {error}.") from None
        elif may_be_open(parameter):
            terms[parameter.name] = None
        else:
            raise BadParameter(parameter.name, f"{parameter.name} is empty; it is {parameter.description}.")
    return terms


def _bind(question: Question, terms: Mapping[str, Term | None]) -> str:
    opened = tuple(replace(parameter, default=terms[parameter.name]) for parameter in question.parameters)
    return questions.bind(replace(question, parameters=opened), {})


# ---- the formats ---------------------------------------------------------------------------------


def _as_json(
    question: Question, terms: Mapping[str, Term | None], names: Sequence[str], listed: Sequence[Row]
) -> str:
    head = {
        "question": question.name,
        "title": question.title,
        "title_zh": question.title_zh,
        "parameters": {name: _json_term(term) for name, term in terms.items()},
        "columns": list(names),
        "count": len(listed),
    }
    rows_ = ",\n    ".join(answers.as_objects(names, listed))
    start = json.dumps(head, ensure_ascii=False, indent=2).removesuffix("\n}")
    return start + ',\n  "rows": [' + (f"\n    {rows_}\n  " if rows_ else "") + "]\n}\n"


def _json_term(term: Term | None) -> Any:
    if term is None or isinstance(term, ox.NamedNode):
        return None if term is None else term.value
    kind = term.datatype.value.rpartition("#")[2]
    return int(term.value) if kind == "integer" else float(term.value) if kind == "decimal" else term.value


def _plain(column: Column) -> Column:
    return Column(column.key, column.key, column.type, "", "")


def _tsv(table: Table) -> bytes:
    """Tab-separated values; a tab or a line break within a cell becomes a space."""
    lines = [[column.key for column in table.columns]]
    lines += [["" if cell is None else " ".join(f"{cell}".split()) for cell in row] for row in table.rows]
    return "".join("\t".join(line) + "\r\n" for line in lines).encode()


def _origin(request: Request, question: Question, terms: Mapping[str, Term | None]) -> Table:
    """The sheet that says where an Excel file comes from."""
    who = pages.reader(request)
    given = {name: given_as(term) for name, term in terms.items()}
    address = str(request.base_url).rstrip("/") + f"/questions/{question.name}?" + urlencode(given)
    lines = [
        (who.say("question", "问题"), who.say(question.title, question.title_zh or question.title)),
        (who.say("description", "说明"), question.description),
        *given.items(),
        (who.say("address", "网址"), address),
        (who.say("licence", "许可"), "CC BY 4.0, plankg, " + BASE),
    ]
    columns = (
        Column("what", "项目", "string", "", ""),
        Column("content", "内容", "string", "", ""),
    )
    return Table(columns, tuple(lines))


def _twins(question: Question, given: Mapping[str, str]) -> str:
    """The same answer in its other formats, as a Link header (RFC 8288)."""
    return ", ".join(
        f'<{_address(question, given, format)}>; rel="alternate"; type="{media}"'
        for format, media in FORMATS.items()
    )


def _address(question: Question, given: Mapping[str, str], format: str = "") -> str:
    asked = urlencode(dict(given))
    return f"/questions/{question.name}" + (f".{format}" if format else "") + (f"?{asked}" if asked else "")


# ---- the page ------------------------------------------------------------------------------------


async def _page(
    request: Request,
    question: Question,
    given: Mapping[str, str],
    terms: Mapping[str, Term | None],
    query: str,
    names: Sequence[str],
    listed: Sequence[Row],
    headers: Mapping[str, str],
) -> Response:
    language = pages.reader(request).language
    try:
        table = await answers.shown(request, names, listed, language, pages.MAX_ROWS)
        fields = await _fields(request, question, _defaults(question) | dict(given), None)
        taken = await meant(request, terms, language)
    except NotAnsweredError as error:
        return error.as_response(request)
    return pages.page(
        request,
        "question.html",
        headers=headers,
        question=question,
        fields=fields,
        parameter_names=NAMES_ZH,
        table=table,
        count=len(listed),
        meant=taken,
        sparql=query,
        twins={format: _address(question, given, format) for format in FORMATS if format != "html"},
        error="",
    )


def _no_answer(bad: BadParameter) -> dict[str, Any]:
    return {
        "parameter_names": NAMES_ZH,
        "table": None,
        "count": 0,
        "meant": [],
        "sparql": "",
        "twins": {},
        "error": bad.why,
    }


async def _fields(
    request: Request, question: Question, values: Mapping[str, str], bad: BadParameter | None
) -> list[Field]:
    language = pages.reader(request).language
    found = []
    for parameter in question.parameters:
        choices = await _choices(request, parameter.type, language)
        found.append(
            Field(
                parameter,
                values.get(parameter.name, ""),
                not may_be_open(parameter),
                choices,
                parameter.type in ("topic", "status", "level", "report") and bool(choices),
                bad.why if bad is not None and bad.name == parameter.name else "",
            )
        )
    return found


#: What a form offers: things of each type that the graph says something of, most often first.
_CHOICES: Final = {
    "region": "{ SELECT ?this (COUNT(?s) AS ?n) { ?s plan:region ?this ; plan:year ?y } GROUP BY ?this }",
    "indicator": "{ SELECT ?this (COUNT(?s) AS ?n) { ?s plan:indicator ?this } GROUP BY ?this }",
    "topic": "?this a plan:Topic ; plan:order ?order . BIND (-?order AS ?n)",
    "report": "?this a plan:Report ; plan:year ?n",
    "status": "?this a plan:ProjectStatus . BIND (0 AS ?n)",
    "level": "?this rdfs:subClassOf+ plan:Region . BIND (0 AS ?n)",
}


async def _choices(request: Request, type_: str, language: str) -> list[tuple[str, str]]:
    """Value and name of the things a parameter may be. Raises nothing: without them a form still works."""
    if type_ not in _CHOICES:
        return []
    kept = revision.memory(request)
    key = f"choices {type_} {language}"
    if key not in kept:
        query = f"""SELECT ?this ?name WHERE {{ {_CHOICES[type_]}
            ?this rdfs:label ?name . FILTER (LANG(?name) = "{language}") FILTER (ISIRI(?this)) }}
            ORDER BY DESC(?n) ?name LIMIT {MOST_CHOICES}"""
        try:
            found = await rows(request, query)
        except NotAnsweredError:
            return []
        prefix = PLAN if type_ in ("status", "level") else f"{BASE}{type_}/"
        kept[key] = [(text(row, "this").removeprefix(prefix), text(row, "name")) for row in found]
    choices: list[tuple[str, str]] = kept[key]
    return choices


async def meant(
    request: Request, terms: Mapping[str, Term | None], language: str
) -> list[tuple[str, str, str]]:
    """What the values given were taken for: parameter, name, IRI. Raises :class:`NotAnsweredError`."""
    things = {name: term for name, term in terms.items() if isinstance(term, ox.NamedNode)}
    labels = await named(request, [term.value for term in things.values()], language)
    return [
        (name, labels.get(term.value, term.value) if isinstance(term, ox.NamedNode) else term.value,
         term.value if isinstance(term, ox.NamedNode) else "")
        for name, term in terms.items()
        if term is not None
    ]  # fmt: skip
