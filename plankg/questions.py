"""Questions: one ``.rq`` file each, a SPARQL query whose header comment says what it answers and what it
asks for.

    # title: Which regions targeted a printed value of an indicator in a year?
    # title-zh: ...
    # description: ...
    # param year integer: the calendar year the target is for
    PREFIX plan: <https://w3id.org/plankg/ontology#>
    SELECT ... WHERE {
      VALUES (?indicator ?year) { (<https://w3id.org/plankg/indicator/gdp/growth> 2023) } # parameters
      ...

The ``# parameters`` line is SPARQL's own inline data: the file runs as it stands, with its defaults, in any
SPARQL tool. :func:`bind` puts other RDF terms into that one data row, each written out by the RDF library
as a term, so a value can never become syntax; the same text goes to the store and to an endpoint over HTTP.
``UNDEF`` as a default makes a parameter optional. A value given by hand becomes a term in :func:`term`.

A question of the folder ``federated`` also asks another SPARQL endpoint, by ``SERVICE SILENT``; its header
names the address, which :func:`at_service` changes. Without an answer from there the question still has rows.

    # service: https://query.wikidata.org/sparql
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

import httpx
import pyoxigraph as ox

from loaders.errors import ParameterError, QueryError
from loaders.namespaces import BASE, PLAN, PREFIXES
from loaders.resources import folder
from plankg.store import one_line

Term = ox.NamedNode | ox.Literal
#: Runs a SELECT and yields its rows as variable -> term; how names are looked up in a store or over HTTP.
Select = Callable[[str], Iterator[Mapping[str, Term]]]

XSD: Final = PREFIXES["xsd"]
#: Types written as literals, and those that name a thing of the graph.
LITERALS: Final = ("integer", "decimal", "string")
THINGS: Final = ("region", "level", "indicator", "topic", "report", "status", "statement", "project")

#: Seconds another endpoint may take to say that it is there.
PATIENCE: Final = 10.0

_HEADER = re.compile(r"#\s*(title-zh|title|description|service|param)\b\s*:?\s*(.*)")
_PARAM = re.compile(r"(\w+)\s+(\w+)\s*:\s*(.+)")
_ROW = re.compile(r"^([ \t]*)VALUES\s*\(([^)]*)\)\s*\{.*\}[ \t]*# parameters[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One named value of a question. ``default`` is None when it may be left open."""

    name: str
    type: str
    description: str
    default: Term | None


@dataclass(frozen=True, slots=True)
class Question:
    """A query file: its header and its text."""

    name: str
    title: str
    title_zh: str
    description: str
    parameters: tuple[Parameter, ...]
    text: str
    service: str = ""  #: address of the other endpoint it asks, or ""


def all_questions() -> tuple[Question, ...]:
    """Every bundled question, by name."""
    return tuple(read(path) for path in sorted(folder("queries").glob("*.rq")))


def federated_questions() -> tuple[Question, ...]:
    """Every bundled question that also asks another endpoint, by name."""
    return tuple(read(path) for path in sorted((folder("queries") / "federated").glob("*.rq")))


def find(name: str) -> Question:
    """The bundled question of that name, or the one in a ``.rq`` file when ``name`` is a path to one.

    Raises :class:`QueryError` when there is neither.
    """
    path = Path(name)
    if path.suffix == ".rq":
        return read(path)
    bundled = {question.name: question for question in (*all_questions(), *federated_questions())}
    if name not in bundled:
        near = ", ".join(n for n in bundled if set(n.split("-")) & set(name.split("-")))
        hint = f"; did you mean {near}?" if near else "; `plankg queries` lists them"
        raise QueryError(f"no question is called {name!r}{hint}")
    return bundled[name]


def read(path: Path) -> Question:
    """Reads a ``.rq`` file. A file without a header is a question without parameters.

    Raises :class:`QueryError` when the file is missing, is not SPARQL, or its header and data row disagree.
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise QueryError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"{path} cannot be read as text: {one_line(error)}") from None
    return parse(text, path.stem)


def parse(text: str, name: str) -> Question:
    """A question from the text of its file; see :func:`read`."""
    fields: dict[str, str] = {}
    declared: list[tuple[str, str, str]] = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        match = _HEADER.match(line)
        if match is None:
            continue
        if match[1] != "param":
            fields[match[1]] = match[2].strip()
        elif param := _PARAM.fullmatch(match[2].strip()):
            declared.append((param[1], param[2], param[3]))
        else:
            raise QueryError(f"{name}: a param line reads `# param NAME TYPE: description`, not {line!r}")
    defaults = _defaults(text, name)
    if [n for n, _, _ in declared] != list(defaults):
        raise QueryError(f"{name}: the param lines and the variables of the `# parameters` line differ")
    for parameter, type_, _ in declared:
        if type_ not in LITERALS + THINGS:
            raise QueryError(f"{name}: parameter {parameter} has the unknown type {type_!r}")
    service = fields.get("service", "")
    if service and f"<{service}>" not in text:
        raise QueryError(f"{name}: the service of the header is not the one that the query asks")
    return Question(
        name=name,
        title=fields.get("title", name),
        title_zh=fields.get("title-zh", ""),
        description=fields.get("description", ""),
        parameters=tuple(Parameter(n, t, d, defaults[n]) for n, t, d in declared),
        text=text,
        service=service,
    )


def bind(question: Question, terms: Mapping[str, Term]) -> str:
    """The question's text with ``terms`` in its data row, defaults where none is given.

    Raises :class:`ParameterError` for a name the question does not have.
    """
    known = {parameter.name: parameter for parameter in question.parameters}
    for name in terms:
        if name not in known:
            has = f"its parameters are {', '.join(known)}" if known else "it takes none"
            raise ParameterError(f"{question.name} has no parameter {name!r}; {has}")
    if not known:
        return question.text
    row = [terms.get(p.name, p.default) for p in question.parameters]
    variables = " ".join(f"?{name}" for name in known)
    data = " ".join("UNDEF" if value is None else str(value) for value in row)
    return _ROW.sub(
        lambda m: f"{m[1]}VALUES ({variables}) {{ ({data}) }} # parameters", question.text, count=1
    )


def at_service(question: Question, address: str) -> Question:
    """The question asked of another endpoint than the one in its file.

    Raises :class:`ParameterError` when it asks none, or when the address is not one of HTTP.
    """
    if not question.service:
        raise ParameterError(f"{question.name} asks no service")
    if not address.startswith(("http://", "https://")) or re.search(r"[\s<>\"{}|\\^`]", address):
        raise ParameterError(f"{address!r} is not the address of a SPARQL endpoint")
    text = question.text.replace(f"<{question.service}>", f"<{address}>")
    return replace(question, text=text, service=address)


def unanswered(service: str) -> str:
    """Why an endpoint does not answer, in a few words; "" when it does."""
    try:
        answer = httpx.post(
            service,
            data={"query": "ASK {}"},
            headers={"accept": "application/sparql-results+json"},
            timeout=PATIENCE,
            follow_redirects=True,
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return one_line(error) or type(error).__name__
    return "" if answer.is_success else f"it answers {answer.status_code}"


def terms(question: Question, given: Mapping[str, str], select: Select) -> dict[str, Term]:
    """The terms for values given by hand (``{"year": "2023", "region": "张家港市"}``).

    Raises :class:`ParameterError` for an unknown parameter or a value that is not of its type.
    """
    types = {parameter.name: parameter.type for parameter in question.parameters}
    bind(question, dict.fromkeys(given, ox.Literal("")))  # complains about unknown names
    return {name: term(types[name], value, select) for name, value in given.items()}


def term(type_: str, value: str, select: Select) -> Term:
    """The RDF term for a value given by hand.

    A thing may be given by its IRI, by the end of its IRI (``320582``, ``gdp/growth``) or by its name
    (``张家港市``, ``GDP增速``); ``select`` looks names up. Raises :class:`ParameterError` when it is not of
    the type, when nothing is so called or when several things are.
    """
    value = value.strip()
    if type_ == "string":
        return ox.Literal(value)
    if type_ == "integer":
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", value):
            raise ParameterError(f"{value!r} is not a whole number")
        return ox.Literal(value, datatype=ox.NamedNode(XSD + "integer"))
    if type_ == "decimal":
        return ox.Literal(_decimal(value), datatype=ox.NamedNode(XSD + "decimal"))
    return _thing(type_, value, select)


def ask_store(store: ox.Store) -> Select:
    """Looks names up in an open store."""

    def select(query: str) -> Iterator[Mapping[str, Term]]:
        solutions = store.query(query, use_default_graph_as_union=True)
        assert isinstance(solutions, ox.QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        for row in solutions:
            yield {n: v for n in names if isinstance(v := row[n], ox.NamedNode | ox.Literal)}

    return select


def run(store: ox.Store, text: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """Runs a query over all named graphs as one.

    Raises :class:`QueryError`, with the place, when the text is not a SPARQL query.
    """
    try:
        return store.query(text, use_default_graph_as_union=True)
    except SyntaxError as error:
        raise QueryError(f"malformed query: {syntax_message(error)}") from None


def syntax_message(error: SyntaxError) -> str:
    """The engine's message without its long list of what might have come instead."""
    return re.sub(r": expected (one of )?.*", "", one_line(error)) + " does not parse"


def _decimal(value: str) -> str:
    try:
        number = Decimal(value.removesuffix("%"))
    except InvalidOperation:
        raise ParameterError(f"{value!r} is not a number") from None
    if not number.is_finite():
        raise ParameterError(f"{value!r} is not a number")
    return f"{number:f}"


def _defaults(text: str, name: str) -> dict[str, Term | None]:
    """The variables of the ``# parameters`` line with the terms it gives them, as the RDF library reads
    them."""
    rows = list(_ROW.finditer(text))
    if not rows:
        return {}
    if len(rows) > 1:
        raise QueryError(f"{name}: more than one `# parameters` line")
    prologue = "\n".join(re.findall(r"^\s*(?:PREFIX|BASE)\b.*$", text, re.MULTILINE | re.IGNORECASE))
    try:
        solutions = ox.Store().query(f"{prologue}\nSELECT * WHERE {{\n{rows[0][0]}\n}}")
    except SyntaxError as error:
        raise QueryError(f"{name}: the `# parameters` line is malformed: {syntax_message(error)}") from None
    assert isinstance(solutions, ox.QuerySolutions)
    found = list(solutions)
    if len(found) != 1:
        raise QueryError(f"{name}: the `# parameters` line holds one row")
    defaults: dict[str, Term | None] = {}
    for variable in rows[0][2].split():
        value = found[0][variable.lstrip("?$")]
        assert value is None or isinstance(value, ox.NamedNode | ox.Literal)
        defaults[variable.lstrip("?$")] = value
    return defaults


_CLASSES: Final = {
    "region": PLAN + "Region",
    "level": PREFIXES["owl"] + "Class",
    "indicator": PLAN + "Indicator",
    "topic": PREFIXES["skos"] + "Concept",
    "report": PLAN + "Report",
    "status": PLAN + "ProjectStatus",
    "statement": PLAN + "Statement",
    "project": PLAN + "Project",
}

_LOOKUP: Final = """
PREFIX plan: <https://w3id.org/plankg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?thing ?rank WHERE {
  VALUES (?class ?text) { (%s %s) }
  VALUES (?predicate ?nearness) {
    (rdfs:label 1) (skos:prefLabel 1) (plan:shortName 2) (skos:altLabel 3) (skos:hiddenLabel 4) }
  VALUES ?language { "zh" "en" "" }
  BIND (IF(?language = "", STR(?text), STRLANG(STR(?text), ?language)) AS ?label)
  ?thing ?predicate ?label . ?thing a ?class .
  BIND (IF(EXISTS { ?thing plan:validUntil ?ended }, 10, 0) + ?nearness AS ?rank)
} ORDER BY ?rank STR(?thing)
"""


def _thing(type_: str, value: str, select: Select) -> Term:
    prefix = PLAN if type_ in ("status", "level") else f"{BASE}{type_}/"
    for iri in (value, prefix + value):
        if not iri.startswith("http") or (iri == value and "://" not in value):
            continue
        try:
            node = ox.NamedNode(iri)
        except ValueError:
            continue
        data = f"VALUES (?thing ?class) {{ ({node} <{_CLASSES[type_]}>) }}"
        known = f"SELECT ?thing WHERE {{ {data} ?thing a ?class }}"
        if any(True for _ in select(known)):
            return node
    found = list(select(_LOOKUP % (ox.NamedNode(_CLASSES[type_]), ox.Literal(value))))
    best = [row["thing"] for row in found if row["rank"] == found[0]["rank"]] if found else []
    things = [t for t in dict.fromkeys(best) if isinstance(t, ox.NamedNode) and t.value.startswith(prefix)]
    if len(things) == 1:
        return things[0]
    if not things:
        raise ParameterError(f"no {type_} in the graph is called {value!r}")
    names = ", ".join(t.value.removeprefix(prefix) for t in things[:8])
    raise ParameterError(f"{len(things)} things are called {value!r}; say which {type_}: {names}")
