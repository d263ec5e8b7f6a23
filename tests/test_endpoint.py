"""The endpoint from the outside: what each request must answer, what nobody may take too much of, what
survives. Real engines, real clients."""

import gzip
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
import serving
from rdflib import Graph

from loaders.namespaces import BASE, PLAN
from plankg import store
from plankg.server.settings import all_settings
from plankg.server.writing import link_copy

SELECT = f"SELECT ?r WHERE {{ ?r a <{PLAN}Report> }} ORDER BY ?r"
CONSTRUCT = f"CONSTRUCT WHERE {{ ?r a <{PLAN}Report> }}"
ASK = f"ASK {{ ?r a <{PLAN}Report> }}"
#: More work than any machine does in the time of a test, and not a row of it.
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
#: The same with rows from the first moment.
FLOOD = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }"
FORM = "application/x-www-form-urlencoded"
TOKEN = {"PLANKG_TOKEN": "a token of the test"}
OWNER = {"authorization": "Bearer a token of the test"}
#: A machine may be slow; what is tested is what comes, not when.
get, post, put, delete = (
    partial(getattr(httpx, name), timeout=60) for name in ("get", "post", "put", "delete")
)
request = partial(httpx.request, timeout=60)


@pytest.fixture(scope="module")
def url(graph: Path) -> Iterator[str]:
    with serving.plankg(graph) as served:
        yield served.url + "sparql"


@pytest.fixture
def copy(graph: Path, tmp_path: Path) -> Path:
    """A graph folder that a test may change."""
    found = store.current(graph)
    assert found is not None
    with store.new_generation(tmp_path / "graph") as folder:
        link_copy(found, folder)
    return tmp_path / "graph"


def metric(url: str, name: str) -> float:
    """A value of /metrics; ``url`` is any of the server's."""
    text = get(re.match(r"http://[^/]+", url)[0] + "/metrics").text  # type: ignore[index]
    return float(re.search(rf"^plankg_{re.escape(name)} (\S+)$", text, re.MULTILINE)[1])  # type: ignore[index]


def wait_for(condition: object, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.05)


# ---- the protocol --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "accept", "format", "content_type"),
    [
        (SELECT, "", "", "application/sparql-results+json"),
        (SELECT, "*/*", "", "application/sparql-results+json"),
        (SELECT, "application/json", "", "application/sparql-results+json"),
        (SELECT, "text/xml", "", "application/sparql-results+xml"),
        (
            SELECT,
            "text/csv;q=0.5, application/sparql-results+xml;q=0.9",
            "",
            "application/sparql-results+xml",
        ),
        (SELECT, "text/turtle, text/csv;q=0.1", "", "text/csv; charset=utf-8"),
        (SELECT, "image/png", "tsv", "text/tab-separated-values; charset=utf-8"),
        (SELECT, "text/turtle", "", "406"),
        (SELECT, "*/*;q=0", "", "406"),
        (SELECT, "", "turtle", "406"),
        (SELECT, "", "docx", "400"),
        (ASK, "text/csv", "", "text/csv; charset=utf-8"),
        (ASK, "", "xml", "application/sparql-results+xml"),
        (CONSTRUCT, "", "", "text/turtle; charset=utf-8"),
        (CONSTRUCT, "application/n-triples", "", "application/n-triples"),
        (CONSTRUCT, "application/n-quads", "", "application/n-quads"),
        (CONSTRUCT, "application/trig", "", "application/trig"),
        (CONSTRUCT, "application/rdf+xml", "", "application/rdf+xml"),
        (CONSTRUCT, "application/ld+json", "", "application/ld+json"),
        (CONSTRUCT, "text/csv", "", "406"),
        (CONSTRUCT, "text/csv", "jsonld", "application/ld+json"),
        (f"DESCRIBE <{BASE}region/320582>", "text/turtle", "", "text/turtle; charset=utf-8"),
        ("PREFIX a: <b:select> # select\nASK{}", "text/turtle", "", "406"),
    ],
)
def test_the_format_is_negotiated(query: str, accept: str, format: str, content_type: str, url: str) -> None:
    params = {"query": query} | ({"format": format} if format else {})
    answered = get(url, params=params, headers={"accept": accept})
    if content_type.isdecimal():
        assert answered.status_code == int(content_type)
        assert answered.headers["content-type"] == "application/problem+json"
        assert answered.json()["status"] == int(content_type)
    else:
        assert (answered.status_code, answered.headers["content-type"]) == (200, content_type)
        assert answered.content
    assert answered.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("method", "params", "headers", "body", "status"),
    [
        ("POST", "", {"content-type": FORM}, f"query={ASK}".replace(" ", "+"), 200),
        ("POST", "", {"content-type": f"{FORM}; charset=UTF-8"}, "query=ASK{}", 200),
        ("POST", "", {"content-type": "application/sparql-query"}, ASK, 200),
        ("POST", "?default-graph-uri=a:b", {"content-type": "application/sparql-query"}, ASK, 200),
        ("POST", "", {"content-type": "application/sparql-query; charset=utf-16"}, ASK, 415),
        ("POST", "", {"content-type": "text/plain"}, ASK, 415),
        ("POST", "", {}, ASK, 415),
        ("POST", "", {"content-type": FORM, "content-encoding": "gzip"}, "query=ASK{}", 415),
        ("POST", "", {"content-type": FORM}, "", 400),
        ("POST", "", {"content-type": FORM}, "query=ASK{}&query=ASK{}", 400),
        ("POST", "", {"content-type": FORM}, "query=%FF", 400),
        ("POST", "", {"content-type": "application/sparql-query"}, b"ASK { # \xff\n}", 400),
        ("POST", "?query=ASK{}", {"content-type": "application/sparql-query"}, ASK, 400),
        ("POST", "", {"content-type": "application/sparql-update"}, "DROP ALL", 403),
        ("POST", "", {"content-type": FORM}, "update=DROP+ALL", 403),
        ("GET", "?update=DROP+ALL", {}, "", 400),
        ("GET", "?query=DROP+ALL", {}, "", 400),
        ("GET", "?query=ASK{}&query=ASK{}", {}, "", 400),
        ("GET", "?query=ASK{}&default-graph-uri=not+an+iri", {}, "", 400),
        ("GET", "?query=ASK{}&using-graph-uri=a:b", {}, "", 400),
        ("GET", "?query=SELEC", {}, "", 400),
        ("GET", "?query=ASK{}", {"host": "www.example"}, "", 200),
        ("PUT", "?query=ASK{}", {}, "", 405),
        ("DELETE", "", {}, "", 405),
        ("OPTIONS", "", {}, "", 204),
        ("HEAD", "?query=ASK{}", {}, "", 200),
    ],
)
def test_the_protocol_is_kept(
    method: str, params: str, headers: dict[str, str], body: str | bytes, status: int, url: str
) -> None:
    for address in (url, url + "/"):
        answered = request(method, address + params, headers=headers, content=body)
        assert answered.status_code == status, answered.text
        if status >= 400:
            assert answered.headers["content-type"] == "application/problem+json"
            assert answered.json()["detail"]
        if method == "HEAD":
            assert answered.content == b""
            assert answered.headers["content-length"] == "26"


def test_the_dataset_of_a_request_wins(url: str) -> None:
    graph = BASE + "graph/units"
    count = "SELECT (COUNT(*) AS ?n) %s WHERE { ?s ?p ?o }"

    def ask(query: str, **graphs: str) -> int:
        found = get(url, params={"query": query, **graphs}).json()
        return int(found["results"]["bindings"][0]["n"]["value"])

    everything, units = ask(count % ""), ask(count % f"FROM <{graph}>")
    assert 0 < units < everything
    assert ask(count % "", **{"default-graph-uri": graph}) == units
    assert ask(count % f"FROM <{BASE}graph/regions>", **{"default-graph-uri": graph}) == units
    assert ask(count % "FROM <http://127.0.0.1:9/>") == 0


def test_a_relative_iri_is_one_of_the_graphs(url: str) -> None:
    assert get(url, params={"query": "ASK { <region/320582> ?p ?o }"}).json()["boolean"]
    where = get(url, params={"query": "SELECT (IRI('x') AS ?x) {}"}).json()["results"]["bindings"]
    assert where[0]["x"]["value"] == BASE + "x"
    wrong = get(url, params={"query": "SELEC *"}).json()["detail"]
    assert wrong.startswith("error at 1:"), wrong
    assert int(re.search(r"1:(\d+)", wrong)[1]) <= 8  # type: ignore[index]


def test_the_service_describes_itself(url: str) -> None:
    sd = "http://www.w3.org/ns/sparql-service-description#"
    for accept in ("text/turtle", "application/rdf+xml", "application/ld+json", "application/n-triples"):
        answered = get(url, headers={"accept": accept})
        assert answered.headers["content-type"].startswith(accept)
        described = Graph().parse(data=answered.text, format=accept)
        row = next(
            iter(
                described.query(
                    f"""SELECT ?service ?n (COUNT(?graph) AS ?graphs) WHERE {{
                    ?service a <{sd}Service> ; <{sd}endpoint> ?service ; <{sd}defaultDataset> ?data .
                    ?data <http://rdfs.org/ns/void#triples> ?n ; <{sd}namedGraph>/<{sd}name> ?graph }}
                    GROUP BY ?service ?n"""
                )
            )
        )
        assert str(row[0]) == url
        assert int(row[1]) > 100_000
        assert int(row[2]) > 8
    assert get(url, headers={"accept": "text/csv"}).status_code == 406


def test_answers_are_compressed_when_asked(url: str) -> None:
    small, large = "SELECT * { ?s ?p ?o } LIMIT 50", "SELECT * { ?s ?p ?o } LIMIT 20000"
    for query in (small, small, large, large):
        plain = get(url, params={"query": query}, headers={"accept-encoding": "identity"})
        packed = get(url, params={"query": query}, headers={"accept-encoding": "br, gzip;q=0.5"})
        assert "content-encoding" not in plain.headers
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.content == plain.content
        assert "accept-encoding" in packed.headers["vary"]
    refused = get(url, params={"query": small}, headers={"accept-encoding": "gzip;q=0"})
    assert "content-encoding" not in refused.headers


def test_an_answer_is_kept_until_the_graph_changes(copy: Path) -> None:
    with serving.plankg(copy) as served:
        url = served.url + "sparql"

        def ask(query: str, **headers: str) -> httpx.Response:
            return get(url, params={"query": query}, headers=headers)

        first = ask(SELECT)
        tag = first.headers["etag"]
        assert tag.startswith('"')
        assert "max-age=60" in first.headers["cache-control"]
        kept = metric(url, 'cache_lookups_total{found="yes"}')
        again = ask("# the same\n" + SELECT.replace(" ", "  \n"))
        assert again.content == first.content
        assert metric(url, 'cache_lookups_total{found="yes"}') == kept + 1
        assert ask(SELECT, **{"if-none-match": f'"x", {tag}'}).status_code == 304
        assert ask(SELECT, **{"if-none-match": '"x"'}).status_code == 200
        csv = ask(SELECT, accept="text/csv")
        assert csv.headers["etag"] != tag
        with httpx.Client(timeout=60) as client:  # byte for byte the same requests over one connection
            same = [client.get(url, params={"query": SELECT}) for _ in range(5)]
        assert {answer.content for answer in same} == {first.content}
        assert {tuple(answer.headers.items())[1:] for answer in same} == {tuple(same[0].headers.items())[1:]}
        assert ask("SELECT (RAND() AS ?x) {}").content != ask("SELECT (RAND() AS ?x) {}").content

        before = store.current(copy)
        assert before is not None
        with store.new_generation(copy) as folder:
            link_copy(before, folder)
            subprocess.run(
                [serving.binary(), "update", "--location", folder, "--update", "CLEAR ALL"], check=True
            )
        wait_for(lambda: metric(url, "reloads_total") == 1)
        assert ask(SELECT).json()["results"]["bindings"] == []
        assert ask(SELECT, **{"if-none-match": tag}).status_code == 200


# ---- SERVICE -------------------------------------------------------------------------------------


class Elsewhere(BaseHTTPRequestHandler):
    """An endpoint somewhere else, which counts who comes."""

    asked: list[str]

    def do_POST(self) -> None:
        self.asked.append(self.path)
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        assert "SELECT" in body
        if self.path == "/moved":
            self.send_response(307)
            self.send_header("location", "/sparql")
            self.send_header("content-length", "0")
            self.end_headers()
            return
        found = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"a:b"}}]}}'
        self.send_response(200)
        self.send_header("content-type", "application/sparql-results+json")
        self.send_header("content-length", str(len(found)))
        self.end_headers()
        self.wfile.write(found)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Here", (Elsewhere,), {"asked": asked}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def test_service_asks_only_whom_it_may(graph: Path, elsewhere: tuple[str, list[str]]) -> None:
    there, asked = elsewhere
    allowed, moved, public = f"{there}/sparql", f"{there}/moved", f"{there}/public"
    options = ("--service-private", allowed, "--service-private", moved, "--service", public)
    with serving.plankg(graph, *options) as served:

        def ask(service: str, prologue: str = "", **params: str) -> httpx.Response:
            query = f"{prologue} SELECT ?s {{ SERVICE {service} {{ ?s ?p ?o }} }}"
            return get(served.url + "sparql", params={"query": query, **params})

        assert ask(f"<{allowed}>").json()["results"]["bindings"][0]["s"]["value"] == "a:b"
        assert ask("e:sparql", f"PREFIX e: <{there}/>").status_code == 200
        assert asked == ["/sparql", "/sparql"]
        assert ask(f"<{there}/other>").status_code == 403
        assert ask("?s").status_code == 403
        assert ask("<x>").status_code == 403
        for name in ("json", "csv", "tsv", "xml"):  # a private address, though on the list
            assert ask(f"<{public}>", format=name).status_code == 502
        assert asked == ["/sparql", "/sparql"]
        assert ask(f"<{moved}>").status_code == 502  # not followed
        assert ask(f"SILENT <{moved}>").json()["results"]["bindings"] == [{}]
        assert asked == ["/sparql", "/sparql", "/moved", "/moved"]


def test_service_is_refused(url: str, elsewhere: tuple[str, list[str]]) -> None:
    there, asked = elsewhere
    for query in (f"ASK {{ SERVICE <{there}> {{ ?s ?p ?o }} }}", "ASK { SERVICE ?x { ?s ?p ?o } }"):
        answered = get(url, params={"query": query})
        assert (answered.status_code, answered.json()["title"]) == (403, "SERVICE refused")
    assert asked == []
    fine = 'ASK { ?service ?p "SERVICE <x> {}" } # SERVICE <x> {}'
    assert get(url, params={"query": fine}).status_code == 200


# ---- bounds --------------------------------------------------------------------------------------


def test_a_query_that_takes_too_long_is_stopped_to_the_second(graph: Path) -> None:
    with serving.plankg(graph, "--timeout", "2", "--linger", "0.5", "--cache", "0") as served:
        url = served.url + "sparql"
        with ThreadPoolExecutor(8) as clients:
            began = time.monotonic()
            endless = [clients.submit(get, url, params={"query": ENDLESS}, timeout=30) for _ in range(3)]
            while not all(query.done() for query in endless):
                assert get(url, params={"query": ASK}, timeout=10).json()["boolean"]
                time.sleep(0.05)
            assert 1.9 < time.monotonic() - began < 15
        for query in endless:
            answered = query.result()
            assert answered.status_code == 504
            assert answered.json()["title"] == "The query took too long"
        with (
            pytest.raises(httpx.TransportError),  # what was sent is not the whole, and does not look it
            httpx.stream("GET", url, params={"query": FLOOD}, timeout=30) as answer,
        ):
            assert answer.status_code == 200
            for _ in answer.iter_raw():
                pass
        assert get(url, params={"query": ASK}, timeout=10).json()["boolean"]
        assert metric(url, 'engines_replaced_total{why="runaway"}') >= 1
        assert metric(url, "answers_cut_total") == 1


def test_a_client_that_goes_away_stops_its_query(graph: Path) -> None:
    with serving.plankg(graph, "--cache", "0") as served:
        url = served.url + "sparql"
        with pytest.raises(httpx.ReadTimeout):
            get(url, params={"query": ENDLESS}, timeout=0.5)
        with pytest.raises(httpx.ReadTimeout):
            post(url, data={"query": ENDLESS}, timeout=0.5)
        wait_for(lambda: metric(url, "queries_running") == 0)
        wait_for(lambda: metric(url, 'engines_replaced_total{why="stray"}') == 2)
        with httpx.stream("GET", url, params={"query": FLOOD}, timeout=30) as answer:
            next(answer.iter_raw())
        wait_for(lambda: metric(url, "clients_gone_total") == 3)
        assert metric(url, "queries_running") == 0
        assert get(url, params={"query": ASK}).json()["boolean"]


def test_queries_wait_for_their_turn_and_too_many_are_refused(graph: Path) -> None:
    options = ("--running", "1", "--queue", "1", "--queue-time", "1", "--timeout", "4", "--cache", "0")
    with serving.plankg(graph, *options) as served, ThreadPoolExecutor(4) as clients:
        url = served.url + "sparql"
        long = clients.submit(get, url, params={"query": ENDLESS}, timeout=30)
        wait_for(lambda: metric(url, "queries_running") == 1)
        waiting = clients.submit(get, url, params={"query": ASK}, timeout=30)
        wait_for(lambda: metric(url, "queries_waiting") == 1)
        refused = get(url, params={"query": ASK}, timeout=30)
        for answered in (refused, waiting.result()):
            assert (answered.status_code, answered.json()["title"]) == (503, "The server is busy")
            assert answered.headers["retry-after"] == "5"
        assert long.result().status_code == 504
        assert get(url, params={"query": ASK}, timeout=30).status_code == 200


def test_a_client_that_asks_too_often_is_told_to_wait(graph: Path) -> None:
    options = ("--rate", "0.5", "--burst", "3", "--rate-loopback", "--proxy", "127.0.0.1")
    with serving.plankg(graph, *options) as served:

        def ask(who: str, path: str = "sparql") -> int:
            headers = {"x-forwarded-for": who}
            return get(served.url + path, params={"query": ASK}, headers=headers).status_code

        assert [ask("203.0.113.1") for _ in range(4)] == [200, 200, 200, 429]
        assert ask("203.0.113.1", "health") == 429
        assert ask("203.0.113.2") == 200
        refused = get(served.url + "sparql", headers={"x-forwarded-for": "203.0.113.1"})
        assert 1 <= int(refused.headers["retry-after"]) <= 3


def test_an_answer_has_so_many_rows_and_bytes(graph: Path) -> None:
    with serving.plankg(graph, "--rows", "10", "--answer-bytes", "1") as served:
        url = served.url + "sparql"

        def rows(query: str) -> int:
            answered = get(url, params={"query": query})
            assert answered.headers["plankg-most-rows"] == "10"
            return len(answered.json()["results"]["bindings"])

        assert rows("SELECT * { ?s ?p ?o }") == 10
        assert rows("SELECT * { ?s ?p ?o } LIMIT 3") == 3
        assert rows(f"SELECT * {{ ?s a <{PLAN}Target> }} ORDER BY ?s LIMIT 30 # all") == 10
        assert rows("SELECT * { { SELECT * { ?s ?p ?o } LIMIT 30 } } VALUES ?x { 1 2 }") == 10
        with pytest.raises(httpx.TransportError):
            get(url, params={"query": "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 50000"})


def talk(url: str, *parts: bytes, pause: float = 0.0) -> bytes:
    """What comes back for bytes sent over a connection of their own."""
    host, port = re.match(r"http://([^:/]+):(\d+)", url).groups()  # type: ignore[union-attr]
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        answer = b""
        try:
            for part in parts:
                connection.sendall(part)
                time.sleep(pause)
            while more := connection.recv(65536):
                answer += more
        except ConnectionError:
            pass
        return answer


def test_slow_long_and_malformed_requests_are_ended(graph: Path) -> None:
    options = ("--request-time", "1", "--idle", "1", "--request-bytes", "4", "--header-bytes", "8")
    with serving.plankg(graph, *options) as served:
        url = served.url + "sparql"
        assert talk(url) == b""  # nothing asked
        assert talk(url, b"GET /sparql HTTP/1.1\r\nhost: a\r\n").startswith(b"HTTP/1.1 408 ")
        head = b"POST /sparql HTTP/1.1\r\nhost: a\r\ncontent-type: application/sparql-query\r\n"
        assert talk(url, head + b"content-length: 100\r\n\r\nASK").startswith(b"HTTP/1.1 408 ")
        assert talk(url, b"GET /sparql HTTP/1.1\r\nx: " + b"x" * 9000).startswith(b"HTTP/1.1 431 ")
        asked = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nhost: a\r\nconnection: close\r\nx: "
        # The piece that is too much lacks the last byte of the head, or brings it.
        for begun in (0, 4000):
            first, second = asked + b"x" * begun, b"x" * (9000 - begun) + b"\r\n\r"
            assert talk(url, first, second, pause=0.1).startswith(b"HTTP/1.1 431 "), begun
            assert talk(url, first, second + b"\n", pause=0.1).startswith(b"HTTP/1.1 431 "), begun
        assert b" 200 " in talk(url, asked + b"x" * 4000, b"x" * 3000 + b"\r\n\r", b"\n", pause=0.1)
        body = b"ASK {} #" + b"x" * 4000
        long = b"connection: close\r\ncontent-length: %d\r\nx: %s\r\n\r\n" % (len(body), b"x" * 6000)
        assert b" 200 " in talk(url, head + long + body)  # the body is no part of the head
        drip = [b"GET /sparql HTTP/1.1\r\n"] + [b"x: y\r\n"] * 10
        assert b" 200 " not in talk(url, *drip, pause=0.15)
        assert talk(url, b"\x16\x03\x01 hello\r\n\r\n").startswith(b"HTTP/1.1 400 ")
        both = (
            head
            + b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /ready HTTP/1.1\r\n\r\n"
        )
        assert talk(url, both).count(b"HTTP/1.1 ") == 1
        assert post(url, data={"query": "ASK {} #" + "x" * 5000}).status_code == 413
        assert get(url, params={"query": ASK}).status_code == 200
        assert metric(url, 'requests_total{kind="connection",status="408"}') == 3


def test_requests_that_come_together_are_answered_each(url: str) -> None:
    asked = b"GET /sparql?query=SELECT(%d+AS+%%3Fx)%%7B%%7D HTTP/1.1\r\nhost: a\r\n%s\r\n"
    for _ in range(5):
        answer = talk(url, asked % (1, b"") + asked % (2, b"connection: close\r\n"))
        assert re.findall(rb'"value":"(\d)"', answer) == [b"1", b"2"]
    body = asked % (3, b"content-length: 5\r\n")
    for _ in range(5):
        answer = talk(url, body, b"ASK{}" + asked % (4, b"connection: close\r\n"), pause=0.1)
        assert re.findall(rb'"value":"(\d)"', answer) == [b"3", b"4"]


def test_nobody_sends_without_end_while_a_request_is_answered(graph: Path) -> None:
    with serving.plankg(graph, "--timeout", "5", "--header-bytes", "8") as served:
        url = served.url + "sparql"
        host, port = re.match(r"http://([^:/]+):(\d+)", url).groups()  # type: ignore[union-attr]
        query = ENDLESS.replace(" ", "+").replace("?", "%3F").replace("{", "%7B").replace("}", "%7D")
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nhost: a\r\n\r\n".encode())
            wait_for(lambda: metric(url, "queries_running") == 1)
            with pytest.raises(ConnectionError):
                connection.sendall(b"GET /health HTTP/1.1\r\n")
                for _ in range(1000):
                    connection.sendall(b"x: " + b"x" * 100_000 + b"\r\n")
        wait_for(lambda: metric(url, "queries_running") == 0)


def test_a_reader_that_takes_nothing_is_cut(graph: Path) -> None:
    with serving.plankg(graph, "--send-time", "1", "--cache", "0") as served:
        url = served.url + "sparql"
        host, port = re.match(r"http://([^:/]+):(\d+)", url).groups()  # type: ignore[union-attr]
        with socket.create_connection((host, int(port))) as connection:
            query = FLOOD.replace(" ", "+").replace("?", "%3F")
            connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nhost: a\r\n\r\n".encode())
            wait_for(lambda: metric(url, "answers_cut_total") == 1)
        assert metric(url, "queries_running") == 0


def test_a_client_has_so_many_connections(graph: Path) -> None:
    with serving.plankg(graph, "--connections-per-client", "3") as served:
        url = served.url + "sparql"
        host, port = re.match(r"http://([^:/]+):(\d+)", url).groups()  # type: ignore[union-attr]
        held = [socket.create_connection((host, int(port))) for _ in range(3)]
        try:
            time.sleep(0.2)
            assert talk(url, b"GET /health HTTP/1.1\r\nhost: a\r\n\r\n").startswith(b"HTTP/1.1 503 ")
        finally:
            for connection in held:
                connection.close()
        wait_for(lambda: b" 200 " in talk(url, b"GET /health HTTP/1.0\r\n\r\n"))


def test_no_query_takes_the_engines_stack(url: str) -> None:
    deep = "ASK { FILTER(" + "(" * 5000 + "true" + ")" * 5000 + ") }"
    long = "ASK { FILTER(" + "1 + " * 9000 + "1 = 1) }"
    unions = "ASK { " + "{} UNION " * 9000 + "{} }"
    for query in (deep, long, unions, "ASK { FILTER(" + "!" * 9000 + "true) }"):
        assert post(url, data={"query": query}).status_code == 400
    assert metric(url, 'engines_replaced_total{why="died"}') == 0


def test_an_engine_that_takes_too_much_memory_is_replaced(graph: Path) -> None:
    with serving.plankg(graph, "--engine-memory", "200", "--cache", "0", "--timeout", "30") as served:
        url = served.url + "sparql"
        eater = "SELECT DISTINCT ?a ?d WHERE { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"
        with ThreadPoolExecutor(2) as clients:
            eating = clients.submit(get, url, params={"query": eater}, timeout=60)
            while not eating.done():
                assert get(url, params={"query": ASK}, timeout=30).status_code == 200
                time.sleep(0.05)
        assert eating.result().status_code == 503
        assert eating.result().json()["title"] == "The query took too much memory"
        assert metric(url, 'engines_replaced_total{why="memory"}') >= 1


# ---- what survives -------------------------------------------------------------------------------


def engines(served: serving.Served) -> list[int]:
    text = get(served.url + "metrics").text
    return [int(pid) for pid in re.findall(r'engine_memory_bytes\{pid="(\d+)"\}', text)]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_an_engine_that_is_killed_costs_nobody_an_answer(graph: Path) -> None:
    # Long enough that all three are on an engine each of the four times: one is the last to notice twice.
    query = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c FILTER(STRLEN(SHA512(CONCAT(STR(?a), STR(?c)))) > 3) }"
    with serving.plankg(graph, "--cache", "0") as served, ThreadPoolExecutor(3) as clients:
        answers = [
            clients.submit(get, served.url + "sparql", params={"query": query}, timeout=90) for _ in range(3)
        ]
        for _ in range(4):
            wait_for(lambda: len(engines(served)) == 2)  # one answers, one stands by
            time.sleep(0.3)
            os.kill(engines(served)[0], signal.SIGKILL)
        found = {answer.result().text for answer in answers}
        assert {answer.result().status_code for answer in answers} == {200}, found
        assert len(found) == 1


def test_a_new_build_is_taken_up_without_dropping_a_request(copy: Path) -> None:
    with serving.plankg(copy, "--cache", "0") as served, ThreadPoolExecutor(4) as clients:
        url, stop, statuses = served.url + "sparql", threading.Event(), set()

        def ask() -> None:
            with httpx.Client(timeout=60) as client:
                while not stop.is_set():
                    statuses.add(client.get(url, params={"query": ASK}, timeout=30).status_code)

        asking = [clients.submit(ask) for _ in range(4)]
        for swap in (1, 2):
            before = store.current(copy)
            assert before is not None
            with store.new_generation(copy) as folder:
                link_copy(before, folder)
            wait_for(lambda swap=swap: metric(url, "reloads_total") == swap)  # type: ignore[misc]
        stop.set()
        for one in asking:
            one.result()
        assert statuses == {200}


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_a_server_that_is_killed_leaves_no_engine_behind(graph: Path) -> None:
    with serving.plankg(graph) as served:
        running = engines(served)
        assert len(running) == 2
        assert all(map(alive, running))
        served.process.kill()
        served.process.wait()
        wait_for(lambda: not any(map(alive, running)))


def test_a_server_that_is_stopped_lets_queries_end(graph: Path) -> None:
    query = "SELECT (COUNT(DISTINCT ?c) AS ?n) WHERE { ?a ?b ?c }"
    with serving.plankg(graph, "--cache", "0") as served, ThreadPoolExecutor(1) as clients:
        url = served.url + "sparql"
        last = clients.submit(get, url, params={"query": query}, timeout=60)
        wait_for(lambda: last.done() or metric(url, "queries_running") == 1)
        served.process.send_signal(signal.SIGTERM)
        assert last.result().status_code == 200
        served.process.wait(20)


# ---- writing -------------------------------------------------------------------------------------


def test_whoever_has_the_token_may_write(copy: Path) -> None:
    here = f"{BASE}graph/test"
    with serving.plankg(copy, "--writable", environment=TOKEN) as served:
        url, shop = served.url + "sparql", served.url + "store"

        def update(text: str, headers: dict[str, str] = OWNER) -> httpx.Response:
            kind = {"content-type": "application/sparql-update"}
            return post(url, content=text, headers=headers | kind, timeout=30)

        def size() -> int:
            count = f"SELECT (COUNT(*) AS ?n) FROM <{here}> {{ ?s ?p ?o }}"
            found = get(url, params={"query": count}).json()["results"]["bindings"]
            return int(found[0]["n"]["value"])

        insert = f"INSERT DATA {{ GRAPH <{here}> {{ <a:s> <a:p> 1, 2 }} }}"
        for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Basic x"}):
            refused = update(insert, headers)
            assert refused.status_code == 401
            assert refused.headers["www-authenticate"].startswith("Bearer")
            assert put(shop, params={"graph": here}, headers=headers).status_code == 401
        assert size() == 0
        assert update(insert).status_code == 204
        assert size() == 2
        for text, status in {
            "INSERT DATA {": 400,
            "LOAD <http://127.0.0.1:9/>": 403,
            "BASE <http://127.0.0.1:9/> LOADSILENT<x>": 403,
            "INSERT { <a:b> <a:b> ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }": 403,
            f"CLEAR GRAPH <{here}> ; LOAD <http://127.0.0.1:9/>": 403,
        }.items():
            assert update(text).status_code == status, text
        assert size() == 2, "a write is done as a whole or not at all"
        turtle = {"content-type": "text/turtle"}
        made = put(shop, params={"graph": here}, content="<a:x> <a:y> <a:z> .", headers=OWNER | turtle)
        assert made.status_code == 204
        assert get(shop, params={"graph": here}).text.strip() == "<a:x> <a:y> <a:z> ."
        assert get(shop, params={"graph": here + "/no"}).status_code == 404
        wrong = put(shop, params={"graph": here}, content="<a:x>", headers=OWNER | turtle)
        assert (wrong.status_code, size()) == (400, 1)
        assert delete(shop, params={"graph": here}, headers=OWNER).status_code == 204
        assert size() == 0
        assert get(url, params={"query": ASK}).json()["boolean"], "the rest of the graph is there"
    audit = [json.loads(line) for line in (copy / "audit.log").read_text("utf-8").splitlines()]
    assert [line["status"] for line in audit].count(401) == 6
    assert next(line.get("update") for line in audit if line["status"] == 204) == insert
    assert all(line["client"] == "127.0.0.1" and line["time"].endswith("Z") for line in audit)


def test_writing_needs_a_token(copy: Path) -> None:
    told = subprocess.run(
        [serving.sys.executable, "-m", "plankg.cli", "serve", "--graph", copy, "--port", "0", "--writable"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(serving.sys.path), "PLANKG_TOKEN": "short"},
    )
    assert told.returncode == 1
    assert "--writable needs a token" in told.stderr


# ---- what can be seen of it ----------------------------------------------------------------------


def test_health_readiness_metrics_and_logs(graph: Path, tmp_path: Path) -> None:
    with serving.plankg(graph, "--logs", str(tmp_path / "logs"), "--slow", "0.000001") as served:
        assert get(served.url + "health").text == "ok\n"
        assert get(served.url + "ready").text == "ready\n"
        with httpx.Client(timeout=60) as client:
            for _ in range(3):
                client.get(served.url + "sparql", params={"query": SELECT})
        get(served.url + "sparql", params={"query": "SELEC"})
        assert metric(served.url, 'requests_total{kind="query",status="200"}') == 3
        assert metric(served.url, 'requests_total{kind="query",status="400"}') == 1
        assert metric(served.url, "query_seconds_count") == 2
        assert metric(served.url, "engines") == 2
    access = [json.loads(line) for line in (tmp_path / "logs" / "access.log").read_text().splitlines()]
    queries = [line for line in access if line["path"] == "/sparql"]
    assert [line["cache"] for line in queries] == [False, True, True, False]
    assert [line["status"] for line in queries] == [200, 200, 200, 400]
    assert len({line["query"] for line in queries[:3]}) == 1
    slow = [json.loads(line) for line in (tmp_path / "logs" / "slow.log").read_text().splitlines()]
    assert slow[0]["text"] == SELECT
    assert slow[0]["query"] == queries[0]["query"]


def test_the_document_names_every_setting_with_its_default() -> None:
    text = (Path(__file__).parent.parent / "docs" / "endpoint.md").read_text("utf-8")
    told = re.findall(r"^\| `(--[a-z-]+)` \| (.*?) \| (.*?) \|$", text, re.MULTILINE)
    assert told == [(s.option, s.shown, s.about) for s in all_settings()]


def test_curl_gets_an_answer(url: str) -> None:
    curl = subprocess.run(["sh", "-c", "command -v curl"], capture_output=True, text=True).stdout.strip()
    if not curl:
        pytest.skip("curl is not installed")
    told = subprocess.run(
        [curl, "-s", "--compressed", "-H", "Accept: text/csv", "--data-urlencode", f"query={SELECT}", url],
        capture_output=True,
    )
    assert told.stdout.startswith(b"r\r\n" + BASE.encode())
    packed = subprocess.run(
        [curl, "-s", "-H", "Accept-Encoding: gzip", f"{url}?query=SELECT+*%7B%3Fs+%3Fp+%3Fo%7DLIMIT+20"],
        capture_output=True,
    )
    assert b'"results"' in gzip.decompress(packed.stdout)
