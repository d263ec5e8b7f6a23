"""Runs the W3C's SPARQL protocol, graph store protocol and service description tests against a server.

The tests are manifests in RDF: each is a list of HTTP requests in the vocabulary *HTTP in RDF*, with what must
come back. They belong to the W3C (repository `w3c/rdf-tests`, folders `sparql/sparql11/protocol`,
`graph-store-protocol` and `service-description`) and are not part of this project; a folder that holds them is
given by its path. By hand, against any server:

    python tests/w3c/suite.py FOLDER http://127.0.0.1:7878/sparql --store http://127.0.0.1:7878/store
"""

import argparse
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

import httpx
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic, to_isomorphic
from rdflib.query import Result
from rdflib.term import BNode, IdentifiedNode, Node

MF: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT: Final = Namespace("http://www.w3.org/2011/http#")
CNT: Final = Namespace("http://www.w3.org/2011/content#")
UT: Final = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
SD: Final = Namespace("http://www.w3.org/ns/sparql-service-description#")
RDFS: Final = Namespace("http://www.w3.org/2000/01/rdf-schema#")

PROTOCOL, STORE, DESCRIPTION = "ProtocolTest", "GraphStoreProtocolTest", "ServiceDescriptionTest"

#: What `mf:expectedStatus` may name.
STATUSES: Final = {"OK": 200, "Created": 201, "NoContent": 204, "BadRequest": 400, "NotFound": 404}
#: Media types by what `mf:expectedFormat` calls them.
RDF_TYPES: Final = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
    "application/n-quads": "nquads",
    "application/trig": "trig",
}
TABLE_TYPES: Final = {
    "application/sparql-results+xml": "xml",
    "application/sparql-results+json": "json",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
FORMATS: Final[Mapping[str, Mapping[str, str]]] = {
    "boolean": TABLE_TYPES,
    "tabular": TABLE_TYPES,
    "RDF": RDF_TYPES,
}


@dataclass(frozen=True)
class Expected:
    """What must come back: one of the statuses (a number, or a class such as "2xx"), and the rest if given."""

    statuses: frozenset[str]
    headers: tuple[tuple[str, str], ...] = ()
    graph: str | None = None  # Turtle
    format: str | None = None  # a key of FORMATS
    boolean: bool | None = None
    location: str | None = None  # the name that stands for the Location header in the requests that follow
    words: str | None = None  # an expectation in words


@dataclass(frozen=True)
class Exchange:
    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: str | None
    encoding: str
    expected: Expected


@dataclass(frozen=True)
class Case:
    """One test: what to load first (file, name of the graph), then what to ask in this order."""

    name: str
    kind: str
    graphs: tuple[tuple[Path, str], ...] = ()
    exchanges: tuple[Exchange, ...] = ()


@dataclass(frozen=True)
class Server:
    """The addresses of a server; ``headers`` go with every request (an authorization, say)."""

    query: str
    update: str
    store: str
    headers: Mapping[str, str] = field(default_factory=dict)


# Reading manifests


def read(folder: Path) -> list[Case]:
    """All tests of the manifests in a folder and the folders below, by kind and name."""
    cases: dict[tuple[str, str], Case] = {}
    for path in sorted(folder.resolve().rglob("manifest*.ttl")):
        graph = Graph().parse(path, publicID=path.as_uri())
        for kind in (PROTOCOL, STORE, DESCRIPTION):
            for test in graph.subjects(RDF.type, MF[kind]):
                assert isinstance(test, IdentifiedNode)
                case = _case(graph, test, kind)
                if case.exchanges or kind == DESCRIPTION:  # else it is described in prose only
                    cases[kind, case.name] = case
    return [cases[key] for key in sorted(cases)]


def _case(graph: Graph, test: IdentifiedNode, kind: str) -> Case:
    loads = [
        (_file(graph.value(load, UT.graph)), str(graph.value(load, RDFS.label)))
        for load in graph.objects(test, UT.graphData)
    ]
    action = graph.value(test, MF.action)
    requests = graph.value(action, HT.requests) if action else None
    exchanges = [_exchange(graph, request) for request in _items(graph, requests)]
    return Case(str(test).partition("#")[2], kind, tuple(sorted(loads)), tuple(exchanges))


def _exchange(graph: Graph, request: Node) -> Exchange:
    body = graph.value(request, HT.body)
    response = graph.value(request, HT.resp)
    assert response is not None, "a request without a response"
    return Exchange(
        method=str(graph.value(request, HT.methodName)),
        path=str(graph.value(request, HT.absolutePath)),
        headers=_headers(graph, request),
        body=_text(graph, body, CNT.chars) if body else None,
        encoding=(_text(graph, body, CNT.characterEncoding) if body else None) or "UTF-8",
        expected=_expected(graph, response),
    )


def _expected(graph: Graph, response: Node) -> Expected:
    body = graph.value(response, HT.body)
    boolean = graph.value(response, MF.expectedBoolean)
    statuses = frozenset(_status(status) for status in graph.objects(response, MF.expectedStatus))
    assert statuses, "a response without a status"
    return Expected(
        statuses=statuses,
        headers=_headers(graph, response),
        graph=_text(graph, body, CNT.chars) if body else None,
        format=_text(graph, response, MF.expectedFormat),
        boolean=bool(boolean.toPython()) if isinstance(boolean, Literal) else None,
        location=_text(graph, response, MF.expectedLocation),
        words=_text(graph, response, MF.expectation),
    )


def _status(status: Node) -> str:
    name = str(status).rpartition("#")[2]
    if name.startswith("StatusCode"):
        return name.removeprefix("StatusCode")  # 2xx
    return str(STATUSES[name])


def _headers(graph: Graph, message: Node) -> tuple[tuple[str, str], ...]:
    found = _items(graph, graph.value(message, HT.headers))
    return tuple((str(graph.value(h, HT.fieldName)), str(graph.value(h, HT.fieldValue))) for h in found)


def _items(graph: Graph, head: Node | None) -> Iterable[Node]:
    return Collection(graph, head) if isinstance(head, IdentifiedNode) else ()


def _text(graph: Graph, subject: Node, predicate: URIRef) -> str | None:
    found = graph.value(subject, predicate)
    return None if found is None else str(found)


def _file(iri: Node | None) -> Path:
    return Path(urlsplit(str(iri)).path)


# Running them


def client() -> httpx.Client:
    """A client with a connection for each request: some servers send a body after HEAD, which spoils the next."""
    return httpx.Client(trust_env=False, timeout=30, limits=httpx.Limits(max_keepalive_connections=0))


def run(case: Case, server: Server, client: httpx.Client) -> str:
    """What was wrong with the first answer that was not as expected; "" when all were.

    A test begins with an empty store, which is why the server must allow updates.
    """
    if case.kind == DESCRIPTION:
        return described(case.name, server, client)
    prepare(case, server, client)
    known: dict[str, str] = {}
    for number, exchange in enumerate(case.exchanges, 1):
        for name, value in known.items():
            exchange = replace(
                exchange,
                path=exchange.path.replace(name, value),
                body=exchange.body.replace(name, value) if exchange.body else exchange.body,
            )
        answer = ask(exchange, server, client)
        if wrong := judge(exchange.expected, answer):
            said = answer.text[:200].strip()
            return f"request {number} ({exchange.method} {exchange.path}): {wrong}; the answer says {said!r}"
        if exchange.expected.location:
            known[exchange.expected.location] = answer.headers["location"]
    return ""


def prepare(case: Case, server: Server, client: httpx.Client) -> None:
    """Empties the store and loads the graphs of a test. Raises `httpx.HTTPError` when that is refused."""
    update = {**server.headers, "content-type": "application/sparql-update"}
    client.post(server.update, content="DROP ALL", headers=update).raise_for_status()
    for file, name in case.graphs:
        triples = {**server.headers, "content-type": "application/n-triples"}
        target = f"{server.store}?graph={quote(name, safe='')}"
        client.put(target, content=file.read_bytes(), headers=triples).raise_for_status()


def ask(exchange: Exchange, server: Server, client: httpx.Client) -> httpx.Response:
    """Sends one request, its path byte for byte as the manifest has it but for the endpoint's own part."""
    content_type = dict(exchange.headers).get("content-type", "")
    path, mark, query = exchange.path.partition("?")
    updates = "update" in content_type or (exchange.body or "").startswith("update=") or "update=" in query
    if path.startswith("/gsp"):
        address, rest = server.store, path.removeprefix("/gsp")
    else:
        address, rest = server.update if updates else server.query, ""
    return client.request(
        exchange.method,
        address,
        headers=[*server.headers.items(), *exchange.headers],
        content=None if exchange.body is None else exchange.body.encode(exchange.encoding),
        extensions={"target": (urlsplit(address).path + rest + mark + query).encode("ascii")},
    )


def judge(expected: Expected, answer: httpx.Response) -> str:
    """What is wrong with an answer; "" when nothing is."""
    status = str(answer.status_code)
    if not {status, status[0] + "xx"} & expected.statuses:
        return f"status {status} instead of {' or '.join(sorted(expected.statuses))}"
    for name, value in expected.headers:
        if _media_type(answer.headers.get(name, "")) != _media_type(value):
            return f"{name} is {answer.headers.get(name)!r} instead of {value!r}"
    if expected.location and "location" not in answer.headers:
        return "no Location header"
    found = _media_type(answer.headers.get("content-type", ""))
    if expected.format and found not in FORMATS[expected.format]:
        return f"content-type {found!r} is none for a {expected.format} answer"
    if expected.boolean is not None and (truth := _result(answer).askAnswer) is not expected.boolean:
        return f"{truth} instead of {expected.boolean}"
    if expected.words and (wrong := _judge_words(expected.words, answer)):
        return wrong
    if expected.graph is not None:
        base = str(answer.url)
        wanted = Graph().parse(data=expected.graph, format="turtle", publicID=base)
        got = Graph().parse(data=answer.content, format=RDF_TYPES[found], publicID=base)
        if not isomorphic(wanted, got):
            return f"another graph: {len(to_isomorphic(got))} triples, not those {len(wanted)}"
    return ""


def _judge_words(words: str, answer: httpx.Response) -> str:
    if words != "one result with `?o` bound to an IRI that is _not_ `<test>`":
        return f"an expectation this runner does not know: {words}"
    rows = list(_result(answer).bindings)
    values = [value for row in rows for value in row.values()]
    if len(rows) != 1 or not isinstance(values[0], URIRef) or not urlsplit(str(values[0])).scheme:
        return f"{values} instead of one absolute IRI"
    return ""


def _media_type(value: str) -> str:
    return value.partition(";")[0].strip().lower()


def _result(answer: httpx.Response) -> Result:
    kind = TABLE_TYPES[_media_type(answer.headers["content-type"])]
    return Result.parse(BytesIO(answer.content), format=kind)


# The service description


def described(name: str, server: Server, client: httpx.Client) -> str:
    """The three tests of the service description, which the suite names and does not spell out."""
    accept = {"accept": "text/turtle, application/rdf+xml;q=0.9, application/n-triples;q=0.8"}
    answer = client.get(server.query, headers={**server.headers, **accept})
    found = _media_type(answer.headers.get("content-type", ""))
    if answer.status_code != 200 or found not in RDF_TYPES:
        return f"status {answer.status_code}, content-type {found!r}: no RDF"
    graph = Graph().parse(data=answer.content, format=RDF_TYPES[found], publicID=server.query)
    if name == "returns-rdf":
        return "" if len(graph) else "an empty graph"
    if name == "has-endpoint-triple":
        endpoints = sorted(map(str, graph.objects(None, SD.endpoint)))
        return "" if server.query in endpoints else f"sd:endpoint is {endpoints}, not {server.query}"
    if name == "conforms-to-schema":
        return "; ".join(misdescribed(graph))
    return f"a test this runner does not know: {name}"


#: The properties of the vocabulary: what has them, and what their values are (a class, or "resource" for an IRI).
SCHEMA: Final = {
    "endpoint": ("Service", "resource"),
    "feature": ("Service", "Feature"),
    "defaultEntailmentRegime": ("Service", "resource"),
    "entailmentRegime": ("NamedGraph", "resource"),
    "defaultSupportedEntailmentProfile": ("Service", "resource"),
    "supportedEntailmentProfile": ("NamedGraph", "resource"),
    "extensionFunction": ("Service", "resource"),
    "extensionAggregate": ("Service", "resource"),
    "languageExtension": ("Service", "resource"),
    "supportedLanguage": ("Service", "Language"),
    "propertyFeature": ("Service", "resource"),
    "inputFormat": ("Service", "resource"),
    "resultFormat": ("Service", "resource"),
    "defaultDataset": ("Service", "Dataset"),
    "availableGraphs": ("Service", "GraphCollection"),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("GraphCollection", "NamedGraph"),
    "name": ("NamedGraph", "resource"),
    "graph": ("NamedGraph", "Graph"),
}
SUBCLASSES: Final = {"Dataset": "GraphCollection"}
INSTANCES: Final = {
    "Language": {"SPARQL10Query", "SPARQL11Query", "SPARQL11Update"},
    "Feature": {
        "DereferencesURIs",
        "UnionDefaultGraph",
        "RequiresDataset",
        "EmptyGraphs",
        "BasicFederatedQuery",
    },
}


def misdescribed(graph: Graph) -> list[str]:
    """Where a service description goes against the vocabulary's own schema."""
    services = set(graph.subjects(RDF.type, SD.Service))
    if not services:
        return ["no sd:Service"]
    wrong = [f"{s.n3()} has no sd:endpoint" for s in services if (s, SD.endpoint, None) not in graph]
    known = {SD[name] for name in SCHEMA}
    for subject, predicate, value in graph:
        if str(predicate).startswith(str(SD)) and predicate not in known:
            wrong.append(f"{predicate.n3()} is no property of the vocabulary")
        elif predicate in known:
            domain, range_ = SCHEMA[str(predicate).removeprefix(str(SD))]
            if not _is(graph, subject, domain):
                wrong.append(f"{subject.n3()} has {predicate.n3()} and is no sd:{domain}")
            if isinstance(value, Literal) or (isinstance(value, BNode) and range_ == "resource"):
                wrong.append(f"{predicate.n3()} has the value {value.n3()}, no IRI")
            elif range_ in INSTANCES:
                names = {SD[name] for name in INSTANCES[range_]}
                if str(value).startswith(str(SD)) and value not in names:
                    wrong.append(f"{value.n3()} is no sd:{range_}")
            elif range_ != "resource" and not _is(graph, value, range_):
                wrong.append(f"{value.n3()}, value of {predicate.n3()}, is no sd:{range_}")
    return sorted(wrong)


def _is(graph: Graph, thing: Node, name: str) -> bool:
    """Whether a thing is stated to be of a class, or of one below it, or is not typed at all."""
    types = {str(kind).removeprefix(str(SD)) for kind in graph.objects(thing, RDF.type)}
    return not types or name in types or any(SUBCLASSES.get(kind) == name for kind in types)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Run the W3C's protocol tests against a server.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("query")
    parser.add_argument("--update", help="where updates go (default: where queries go)")
    parser.add_argument("--store", help="the graph store (default: /store beside it)")
    parser.add_argument("--token", help="sent as a bearer token")
    given = parser.parse_args(arguments)
    server = Server(
        given.query,
        given.update or given.query,
        given.store or given.query.rpartition("/")[0] + "/store",
        {"authorization": f"Bearer {given.token}"} if given.token else {},
    )
    passed: dict[str, list[bool]] = {}
    with client() as asker:
        for case in read(given.folder):
            try:
                wrong = run(case, server, asker)
            except Exception as error:  # a server may answer anything
                wrong = f"{type(error).__name__}: {error}"
            passed.setdefault(case.kind, []).append(not wrong)
            print(f"{'not ' if wrong else ''}ok {case.kind} {case.name}{' # ' + wrong if wrong else ''}")
    for kind, results in passed.items():
        print(f"{kind}: {sum(results)} of {len(results)}")
    return 0 if all(map(all, passed.values())) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
