"""What an attacker tries against `plankg serve`, from the outside. Everything stays on the loopback interface."""

import gzip
import http.server
import json
import os
import random
import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urlencode, urljoin, urlsplit

import httpx
import pyoxigraph as ox
import pytest
import serving

from loaders.namespaces import BASE, PLAN
from plankg import questions, store

TOKEN = "a-token-of-thirty-two-characters"


@pytest.fixture(scope="module")
def served(graph: Path) -> Iterator[serving.Served]:
    with serving.plankg(graph) as running:
        yield running


@pytest.fixture(scope="module")
def url(served: serving.Served) -> str:
    return served.url


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=30) as one:
        yield one


def resident(process: int) -> int:
    """Memory of a process in bytes."""
    pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


linux = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")

# ---- SERVICE and everything else that could make the server reach an address -----------------------------------


class Listener(http.server.ThreadingHTTPServer):
    """An HTTP server that keeps what it is asked; ``/moved`` sends on to ``/landed``."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class Answer(http.server.BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        self.server.asked.append(self.path)
        if self.path == "/moved":
            self.send_response(307)
            self.send_header("location", f"{self.server.url}/landed")
            self.send_header("content-length", "0")
            self.end_headers()
            return
        body = b'{"head": {"vars": ["s"]}, "results": {"bindings": []}}'
        self.send_response(200)
        self.send_header("content-type", "application/sparql-results+json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


#: Queries that make the bare engine connect to LISTENER/x (PORT is its port), and so prove what they disguise.
CONNECTING = {
    "plain": "SELECT * { SERVICE <LISTENER/x> { ?s ?p ?o } }",
    "lower case": "select * { service <LISTENER/x> { ?s ?p ?o } }",
    "silent": "SELECT * { SERVICE SILENT <LISTENER/x> { ?s ?p ?o } }",
    "no spaces": "ASK{SERVICE<LISTENER/x>{}}",
    "no spaces after WHERE": "ASK WHERE{{}SERVICE<LISTENER/x>{}}",
    "behind a keyword": "ASK { ?s ?p trueSERVICE<LISTENER/x>{} }",
    "behind a number": "ASK { ?s ?p 1SERVICE<LISTENER/x>{} }",
    "behind a decimal": "ASK { ?s ?p 1.SERVICE<LISTENER/x>{} }",
    "behind a string": "ASK { ?s ?p 'a'SERVICE<LISTENER/x>{} }",
    "behind a language": "ASK { ?s ?p 'a'@en.SERVICE<LISTENER/x>{} }",
    "behind a variable": "ASK { ?s ?p ?o.SERVICE<LISTENER/x>{} }",
    "an allowed endpoint in a comment": "ASK { SERVICE # <https://query.wikidata.org/sparql>\n<LISTENER/x> {} }",
    "a comment that ends in CR": "ASK { # x\rSERVICE <LISTENER/x> {} }",
    "a quote in a comment": "ASK { # don't\n SERVICE <LISTENER/x> {} # '\n }",
    "a prefixed name": "PREFIX e: <LISTENER/> ASK { SERVICE e:x {} }",
    "the empty prefix": "PREFIX : <LISTENER/x> ASK { SERVICE : {} }",
    "a prefix declared twice": "PREFIX e: <https://query.wikidata.org/> PREFIX e: <LISTENER/> ASK { SERVICE e:x {} }",
    "a prefixed name without a space": "PREFIX e: <LISTENER/> ASK { SERVICEe:x {} }",
    "a relative IRI": "BASE <LISTENER/> ASK { SERVICE <x> {} }",
    "an escape in the IRI": "ASK { SERVICE <LISTENER/\\u0078> {} }",
    "optional": "SELECT * { OPTIONAL { SERVICE <LISTENER/x> {} } }",
    "union": "SELECT * { {} UNION { SERVICE <LISTENER/x> {} } }",
    "minus": "SELECT * { ?s ?p ?o MINUS { SERVICE <LISTENER/x> { ?s ?p ?o } } } LIMIT 1",
    "exists": "ASK { FILTER EXISTS { SERVICE <LISTENER/x> {} } }",
    "not exists": "ASK { FILTER NOT EXISTS { SERVICE <LISTENER/x> {} } }",
    "exists in a projection": "SELECT (EXISTS { SERVICE <LISTENER/x> {} } AS ?x) {}",
    "exists in HAVING": "SELECT (COUNT(*) AS ?n) {} HAVING (EXISTS { SERVICE <LISTENER/x> {} })",
    "exists in ORDER BY": "SELECT * { ?s ?p ?o } ORDER BY (EXISTS { SERVICE <LISTENER/x> {} }) LIMIT 1",
    "exists in a function": "ASK { FILTER(COALESCE(EXISTS{SERVICE<LISTENER/x>{}})) }",
    "a sub-select": "ASK { { SELECT * { SERVICE <LISTENER/x> {} } } }",
    "a named graph": "ASK { GRAPH ?g { SERVICE <LISTENER/x> {} } }",
    "lateral": "ASK { LATERAL { SERVICE <LISTENER/x> {} } }",
    "one in another": "ASK { SERVICE <LISTENER/x> { SERVICE <LISTENER/x> {} } }",
    "construct": "CONSTRUCT { <a:a> <a:a> <a:a> } WHERE { SERVICE <LISTENER/x> {} }",
    "describe": "DESCRIBE <a:a> WHERE { SERVICE <LISTENER/x> {} }",
    "a hash in a string": "ASK { ?s ?p '#' . SERVICE <LISTENER/x> {} }",
    "an escaped quote": "ASK { ?s ?p 'it\\'s #' . SERVICE <LISTENER/x> {} }",
    "a long string": "ASK { ?s ?p '''a'b''#''' . SERVICE <LISTENER/x> {} }",
    "a long string that ends in a quote": 'ASK { ?s ?p """a\\"""" . SERVICE <LISTENER/x> {} }',
    "an empty long string": 'ASK { ?s ?p """""" . SERVICE <LISTENER/x> {} }',
    "a long string that begins with a quote": 'ASK { ?s ?p """"a""" . SERVICE <LISTENER/x> {} }',
    "a hash in an IRI": "ASK { <http://a#b> ?p ?o . SERVICE <LISTENER/x> {} }",
    "a quote in an IRI": "ASK { <http://a'b> ?p ?o . SERVICE <LISTENER/x> {} # '\n}",
    "comparisons": "ASK { FILTER(1<2) SERVICE <LISTENER/x> {} FILTER(3>2) }",
    "comparisons with quotes": "ASK { FILTER(?a<'b' ) SERVICE <LISTENER/x> {} FILTER('c'>?d) }",
    "a comparison and a comment": "ASK { BIND(1 AS ?a) FILTER(?a<2) # > \n SERVICE <LISTENER/x> {} }",
    "a comparison that looks like an IRI": "ASK { BIND(1 AS ?a) FILTER(?a<?b||'>'='>') SERVICE <LISTENER/x> {} }",
    "two that look like one": "ASK { BIND('x' AS ?a) BIND(?a<'>' AS ?c) SERVICE <LISTENER/x> {} BIND('<' AS ?d) }",
    "one that hides a comment": "ASK{BIND('x'AS?a)FILTER(?a<'#>'||true)SERVICE<LISTENER/x>{}}",
    "a quoted triple": "ASK { <<?s ?p ?o>> ?q ?r . SERVICE <LISTENER/x> {} }",
    "by name": "ASK { SERVICE <http://localhost:PORT/x> {} }",
    "as one number": "ASK { SERVICE <http://2130706433:PORT/x> {} }",
    "in hexadecimal": "ASK { SERVICE <http://0x7f.1:PORT/x> {} }",
    "in short": "ASK { SERVICE <http://127.1:PORT/x> {} }",
    "any address": "ASK { SERVICE <http://0.0.0.0:PORT/x> {} }",
}
#: Others that must not connect either, whatever the engine makes of them today.
OTHERS = {
    "a relative IRI without a base": "ASK { SERVICE <x> {} }",
    "VALUES": "SELECT * { VALUES ?u { <LISTENER/x> } SERVICE ?u { ?s ?p ?o } }",
    "VALUES behind": "SELECT * { SERVICE ?u {} } VALUES ?u { <LISTENER/x> }",
    "BIND": "SELECT * { BIND(<LISTENER/x> AS ?u) SERVICE ?u { ?s ?p ?o } }",
    "BIND of a text": "SELECT * { BIND(IRI(CONCAT('http://127.0.0.1:', 'PORT/x')) AS ?u) SERVICE ?u {} }",
    "an escaped keyword": "ASK { \\u0053ERVICE <LISTENER/x> {} }",
    "a long escape": "ASK { \\U00000053ERVICE <LISTENER/x> {} }",
    "an escaped quote sign": "ASK { ?s ?p \\u0022a # \\u0022 . SERVICE <LISTENER/x> {} }",
    "an escaped line end": "ASK { # \\u000A SERVICE <LISTENER/x> {} \n }",
    "an IPv6 address": "ASK { SERVICE <http://[::ffff:127.0.0.1]:PORT/x> {} }",
    "a user in front": "ASK { SERVICE <http://query.wikidata.org@127.0.0.1:PORT/x> {} }",
    "another scheme": "ASK { SERVICE <file:///etc/passwd> {} }",
    "FROM": "SELECT * FROM <LISTENER/x> { ?s ?p ?o }",
    "FROM NAMED": "SELECT * FROM NAMED <LISTENER/x> { GRAPH ?g { ?s ?p ?o } }",
    "LOAD": "LOAD <LISTENER/x>",
    "an insert": "INSERT { ?s ?p ?o } WHERE { SERVICE <LISTENER/x> { ?s ?p ?o } }",
}
#: Queries that only speak of it.
HARMLESS = {
    "in a string": "ASK { BIND('SERVICE <LISTENER/x> {}' AS ?s) }",
    "in a comment": "ASK { # SERVICE <LISTENER/x> {}\n }",
    "in an IRI": "ASK { ?s <http://example.org/SERVICE> <LISTENER/x> } ",
    "a variable": "SELECT ?SERVICE { VALUES ?SERVICE { 1 } }",
    "a prefix": "PREFIX service: <http://example.org/> SELECT * { VALUES ?s { service:x } }",
    "a comparison": "SELECT * { VALUES ?a { 1 } FILTER(?a<2 && 3>?a) }",
}


def at(query: str, listener: Listener) -> str:
    return query.replace("LISTENER", listener.url).replace("PORT", str(listener.server_port))


def test_the_disguises_are_real(listener: Listener, client: httpx.Client) -> None:
    """Each of them makes the bare engine connect; else the tests below would prove nothing."""
    with serving.engine() as bare:
        turtle = {"content-type": "text/turtle"}
        client.put(f"{bare}/store?default", content="<a:s> <a:p> 1 .", headers=turtle).raise_for_status()
        idle = []
        for name, query in CONNECTING.items():
            listener.asked.clear()
            client.get(f"{bare}/query", params={"query": at(query, listener)})
            if "/x" not in listener.asked:
                idle.append(name)
    assert not idle


@pytest.mark.parametrize("how", ["GET", "form", "body", "page"])
def test_no_query_makes_the_server_connect(
    how: str, url: str, listener: Listener, client: httpx.Client
) -> None:
    wrong = []
    for name, query in (CONNECTING | OTHERS).items():
        text = at(query, listener)
        if how in ("GET", "page"):
            accept = {"accept": "text/html" if how == "page" else "*/*"}
            answer = client.get(f"{url}sparql", params={"query": text}, headers=accept)
        elif how == "form":
            answer = client.post(f"{url}sparql", data={"query": text})
        else:
            kind = {"content-type": "application/sparql-query"}
            answer = client.post(f"{url}sparql", content=text.encode(), headers=kind)
        refused = 400 <= answer.status_code < 500
        if listener.asked or not (refused or name in ("FROM", "FROM NAMED", "an escaped line end")):
            wrong.append((name, answer.status_code, answer.text[:100]))
            listener.asked.clear()
    assert not wrong


PIECES = [
    *(
        "'a'",
        '"b"',
        "'''c'''",
        '"""d"""',
        "'it\\'s'",
        '"\\""',
        "'#'",
        "# x\n",
        "# '\n",
        '# "\n',
        "# >\n",
        "#<\n",
    ),
    *(
        "<a:b>",
        "<a:b#c>",
        "<a:b'c>",
        "<1#>",
        "<'#>",
        "<#>",
        "?x",
        "?x<1",
        "?x < 'y'",
        "1>?x",
        "?x<'>'",
        "?a<?b",
    ),
    *("1", "1.", "1.5e3", "true", "'a'@en", "'1'^^<a:b>", "a:b", "a:", "a:b\\#c", "a:b\\'c", "a:%27", "_:b"),
    *(
        "||",
        "&&",
        "(1<2)",
        "(3>2)",
        "=",
        "!",
        "\\u0023",
        "'\\u0027'",
        "<<?s ?p ?o>>",
        "\n",
        "\r",
        "[]",
        "()",
        "{}",
    ),
]
FRAMES = [
    "FILTER(X) ",
    "FILTER(?q=X) ",
    "BIND(X AS ?vN) ",
    "?s ?p X . ",
    "FILTER(X||true)",
    "FILTER(?n<X)",
    "X ",
]
NAMED = [
    "SERVICE <LISTENER/x> {}",
    "SERVICE<LISTENER/x>{}",
    "service SILENT<LISTENER/x>{}",
    "SERVICE p:x {}",
    "SERVICEp:x{}",
]


@pytest.mark.slow
def test_nor_do_queries_put_together_by_chance(url: str, listener: Listener, client: httpx.Client) -> None:
    """Of some thousands of random texts those that make the bare engine connect do not make the server connect."""
    dice = random.Random(11)
    connected = 0
    with serving.engine() as bare:
        turtle = {"content-type": "text/turtle"}
        client.put(f"{bare}/store?default", content="<a:s> <a:p> 1, 'a' .", headers=turtle).raise_for_status()
        for _ in range(4000):
            parts = []
            for _ in range(dice.randrange(1, 6)):
                pieces = dice.choices(PIECES, k=dice.randrange(1, 4))
                frame = dice.choice(FRAMES).replace("N", str(dice.randrange(1000)))
                parts.append(frame.replace("X", dice.choice(["", " "]).join(pieces)))
            named = dice.choice(NAMED)
            text = f"PREFIX a: <http://a/> PREFIX p: <LISTENER/> ASK {{ {''.join(parts)}{named} }}"
            query = at(text, listener)
            client.get(f"{bare}/query", params={"query": query})
            if listener.asked:
                connected += 1
                listener.asked.clear()
                assert client.get(f"{url}sparql", params={"query": query}).status_code == 403, query
                assert not listener.asked, query
    assert connected > 20


def test_nor_does_an_address_anywhere_else(url: str, listener: Listener, client: httpx.Client) -> None:
    here = f"{listener.url}/x"
    for name in ("default-graph-uri", "named-graph-uri", "using-graph-uri", "using-named-graph-uri"):
        client.get(f"{url}sparql", params={"query": "ASK { ?s ?p ?o }", name: here})
    for params in ({"update": f"LOAD <{here}>"}, {"query": f"LOAD <{here}>"}):
        assert client.post(f"{url}sparql", data=params).status_code >= 400
    for question in questions.all_questions():
        for parameter in question.parameters:
            client.get(f"{url}questions/{question.name}", params={parameter.name: here})
    for path in (f"{here}", f"resource?uri={here}", f"describe?iri={here}", f"store?graph={here}"):
        client.get(url + path)
    for name in ("host", "x-forwarded-host", "origin", "referer", "forwarded", "x-original-url"):
        client.get(url, headers={name: urlsplit(here).netloc})
    assert listener.asked == []


def test_what_only_speaks_of_it_is_answered(url: str, listener: Listener, client: httpx.Client) -> None:
    answers = {
        name: client.get(f"{url}sparql", params={"query": at(query, listener)}).status_code
        for name, query in HARMLESS.items()
    }
    assert set(answers.values()) == {200}, answers


def test_an_allowed_endpoint_is_asked_and_sends_on_to_no_other(
    graph: Path, listener: Listener, client: httpx.Client
) -> None:
    with serving.plankg(
        graph,
        *("--service-private", f"{listener.url}/allowed", "--service-private", f"{listener.url}/moved"),
    ) as running:

        def ask(place: str) -> int:
            query = f"SELECT * {{ SERVICE SILENT <{listener.url}{place}> {{ ?s ?p ?o }} }}"
            return client.get(f"{running.url}sparql", params={"query": query}).status_code

        assert ask("/allowed") == 200
        assert listener.asked == ["/allowed"]
        ask("/moved")
        assert "/landed" not in listener.asked
        for place in ("/allowed/../other", "/allowed/", "/allowed?x", "/Allowed", "/%61llowed", "/allowed#x"):
            assert ask(place) in range(400, 500)
        assert set(listener.asked) <= {"/allowed", "/moved"}


def test_an_endpoint_allowed_as_public_is_not_asked_at_a_private_address(
    graph: Path, listener: Listener, client: httpx.Client
) -> None:
    place = f"{listener.url}/x"
    by_name = f"http://localhost:{listener.server_port}/x"
    try:
        with serving.plankg(graph, "--service", place, "--service", by_name) as running:
            for endpoint in (place, by_name):
                query = f"SELECT * {{ SERVICE <{endpoint}> {{ ?s ?p ?o }} }}"
                answer = client.get(f"{running.url}sparql", params={"query": query})
                assert answer.status_code != 200
    except AssertionError as error:
        assert "private" in str(error)  # refused at the start already
    assert listener.asked == []


# ---- paths, headers ------------------------------------------------------------------------------------------------


def raw(url: str, request: bytes, patience: float = 10) -> bytes:
    """What comes back for bytes that no client library would send."""
    parts = urlsplit(url)
    assert parts.hostname and parts.port
    with socket.create_connection((parts.hostname, parts.port), patience) as connection:
        got = b""
        try:
            connection.sendall(request)  # a server that refuses the head does not wait for its end
            while chunk := connection.recv(65536):
                got += chunk
        except (TimeoutError, ConnectionError):
            pass
        return got


def get(url: str, target: str, *headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body for a target sent byte for byte."""
    lines = [f"GET {target} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *headers, "", ""]
    head, _, body = raw(url, "\r\n".join(lines).encode("latin-1")).partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    found = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
    return int(first.split(" ")[1]) if first else 0, found, body


CLIMBS = [
    "..",
    "%2e%2e",
    "%2E.",
    ".%2e",
    "..%2f..",
    "..%5c..",
    "%2e%2e%2f",
    "..;",
    "....//",
    "%c0%ae%c0%ae",
    "%252e%252e",
]
ROOTS = [
    "/",
    "/static/",
    "/dumps/",
    "/questions/",
    "/region/",
    "/ontology/",
    "/.well-known/",
    "/graph/report/",
    "/sparql/",
]
TARGETS = ["gateway.py", "CURRENT", "etc/passwd", "000001/CURRENT"]


@pytest.mark.parametrize("root", ROOTS)
def test_no_path_leaves_its_place(root: str, url: str) -> None:
    for climb in CLIMBS:
        for target in TARGETS:
            for path in (f"{root}{climb}/{target}", root + f"{climb}/" * 6 + target):
                status, _, body = get(url, path)
                assert status in (301, 302, 303, 307, 308, 400, 404, 406), (path, status)
                assert b"root:" not in body and b"import " not in body and b"[project]" not in body, path
                assert not re.fullmatch(rb"\d{6}\n?", body), path
    for path in (
        root + "%00",
        root + "plankg.css%00.html",
        root + "a" * 5000,
        root + "%ff%fe",
        root + "\xe4",
    ):
        status, _, _ = get(url, path)
        assert status in (303, 400, 404, 406, 414, 431), (path[:40], status)


@pytest.mark.parametrize(
    "target",
    [
        "/sparql%0d%0aX-Evil:%201",
        "/sparql?format=%0d%0aX-Evil:%201&query=ASK%20%7B%7D",
        "/sparql?query=%0d%0aX-Evil:%201",
        "/region/320500%0d%0aX-Evil:%201",
        "/region/320500.ttl%0d%0aX-Evil:%201",
        "/questions/who-targeted%0d%0aX-Evil:%201",
        "/questions/who-targeted.csv?lang=%0d%0aX-Evil:%201",
        "/questions/who-targeted?format=csv%0d%0aX-Evil:%201",
        "/questions/who-targeted.csv?indicator=%0d%0aX-Evil:%201",
        "/?lang=zh%0d%0aX-Evil:%201",
        "/static/plankg.css?v=%0d%0aX-Evil:%201",
        "/%0d%0aX-Evil:%201",
        "//evil.example/region/320500",
        "/%5cevil.example/",
        "//evil.example/%2e%2e",
        "/region//evil.example",
        "/region/320500%00",
        "/region/320500?lang=%22%3E",
    ],
)
def test_nothing_in_an_address_becomes_a_header_or_leads_elsewhere(target: str, url: str) -> None:
    status, headers, _ = get(url, target, "Accept: text/html")
    assert status < 500
    assert "x-evil" not in headers
    place = urljoin(url, headers.get("location", ""))
    assert urlsplit(place).netloc == urlsplit(url).netloc or place.startswith("https://w3id.org/plankg/")
    assert "\\" not in headers.get("location", "")


def test_a_host_header_changes_nothing_for_others(url: str) -> None:
    for target in ("/", "/sparql", "/openapi.json", "/.well-known/void", "/region/320500", "/questions"):
        for accept in ("Accept: text/html", "Accept: text/turtle", "Accept: application/json"):
            get(url, target, accept, "X-Forwarded-Host: evil.example", "Forwarded: host=evil.example")
            lines = [
                f"GET {target} HTTP/1.1",
                'Host: evil.example"><plankg-evil>',
                "Connection: close",
                accept,
            ]
            mine = raw(url, ("\r\n".join(lines) + "\r\n\r\n").encode())
            assert b"<plankg-evil>" not in mine
            assert b"evil.example" not in get(url, target, accept)[2], (target, accept)


def test_a_forwarded_address_is_not_believed(url: str, client: httpx.Client) -> None:
    spoofed = {
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "gopher",
        "x-forwarded-prefix": "/evil",
    }
    for target in ("", "sparql", "openapi.json", "questions"):
        assert "evil" not in client.get(url + target, headers=spoofed).text


@pytest.mark.parametrize(
    "request_",
    [
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 50\r\n\r\nASK{}",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nASK{}",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n",
        b"GARBAGE\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_a_malformed_request_is_refused_and_closed(request_: bytes, url: str) -> None:
    got = raw(url, request_, 5)
    assert got == b"" or re.match(rb"HTTP/1\.[01] [45]\d\d ", got), got[:100]
    assert got.count(b"HTTP/1.") <= 1
    assert get(url, "/sparql?query=ASK%7B%7D")[0] == 200


def test_two_requests_in_one_piece_are_both_answered(url: str) -> None:
    """However often they come: an answer kept for one must not stand for both."""
    pair = "".join(
        f"GET /sparql?query=SELECT%20({number}%20AS%20?x)%20%7B%7D HTTP/1.1\r\nHost: a\r\n\r\n"
        for number in (1, 2)
    )
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), 5) as connection:
        for _ in range(5):
            connection.sendall(pair.encode())
            got = b""
            while got.count(b'"value"') < 2:
                got += connection.recv(65536)  # raises when nothing comes for as long as the patience lasts
            assert re.findall(rb'"value":"(\d)"', got) == [b"1", b"2"]


def test_a_kept_answer_is_that_of_the_same_query(url: str, client: httpx.Client) -> None:
    """Where ``<1#>`` is a comparison and a comment, the end of the line counts."""
    counts = []
    for query in (
        "SELECT * { VALUES ?a { 5 } FILTER(?a <1#> \n || true\n) }",
        "SELECT * { VALUES ?a { 5 } FILTER(?a <1#> || true\n) }",
    ):
        answer = client.get(f"{url}sparql", params={"query": query, "format": "json"})
        counts.append(len(answer.json()["results"]["bindings"]))
    assert counts == [1, 0]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND"])
def test_other_methods_are_refused(method: str, url: str) -> None:
    for target in ("/sparql", "/", "/questions", "/store?default", "/region/320500"):
        got = raw(
            url,
            f"{method} {target} HTTP/1.1\r\nHost: a\r\nX-Secret: hush\r\nConnection: close\r\n\r\n".encode(),
        )
        assert re.match(rb"HTTP/1\.1 4\d\d ", got), (method, target, got[:60])
        assert b"hush" not in got


def test_a_method_cannot_be_overridden(url: str, client: httpx.Client) -> None:
    for name in ("x-http-method-override", "x-http-method", "x-method-override"):
        for method in ("PUT", "DELETE"):
            answer = client.post(f"{url}store?default", headers={name: method, "content-type": "text/turtle"})
            assert answer.status_code in (401, 403, 404, 405)
            answer = client.get(
                f"{url}sparql", params={"query": "ASK {}", "_method": method}, headers={name: method}
            )
            assert answer.status_code == 200


def test_other_origins_may_read_and_carry_no_credentials(url: str, client: httpx.Client) -> None:
    origin = {"origin": "https://evil.example"}
    answer = client.get(f"{url}sparql", params={"query": "ASK {}"}, headers=origin)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    asked = origin | {"access-control-request-method": "PUT"}
    allowed = client.options(f"{url}sparql", headers=asked).headers.get("access-control-allow-methods", "")
    assert "PUT" not in allowed and "DELETE" not in allowed


# ---- too much ----------------------------------------------------------------------------------------------------------


@linux
def test_a_compressed_body_is_not_unpacked(served: serving.Served, client: httpx.Client) -> None:
    bomb = gzip.compress(b"query=ASK%7B%7D%23" + b"x" * (300 << 20))
    before = resident(served.process.pid)
    for encoding in ("gzip", "x-gzip", "deflate", "br", "gzip, gzip"):
        for kind in ("application/x-www-form-urlencoded", "application/sparql-query"):
            headers = {"content-encoding": encoding, "content-type": kind}
            answer = client.post(f"{served.url}sparql", content=bomb, headers=headers)
            assert answer.status_code in (400, 413, 415), encoding
    assert resident(served.process.pid) - before < 64 << 20


@linux
def test_a_body_without_end_is_cut(served: serving.Served, client: httpx.Client) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(400):
            yield b"x" * (1 << 20)

    before = resident(served.process.pid)
    kind = {"content-type": "application/sparql-query"}
    with suppress(httpx.WriteError):  # where the connection is closed while we are sending
        assert client.post(f"{served.url}sparql", content=endless(), headers=kind).status_code == 413
    assert resident(served.process.pid) - before < 64 << 20
    assert client.get(f"{served.url}sparql", params={"query": "ASK {}"}).status_code == 200


def test_long_heads_are_refused(url: str) -> None:
    assert get(url, "/sparql?query=" + "a" * 3_000_000)[0] in (0, 400, 413, 414, 431)
    assert get(url, "/", "X-Long: " + "a" * 3_000_000)[0] in (0, 400, 413, 431)
    assert get(url, "/", *[f"X-{i}: a" for i in range(100_000)])[0] in (0, 400, 413, 431)
    assert get(url, "/sparql?query=ASK%7B%7D")[0] == 200


#: Texts on which a careless pattern or a deep grammar would work for ever.
HEAVY = {
    "dots": "a." * 30_000,
    "letters": "é" * 30_000,
    "dashes": "a-" * 30_000,
    "open strings": "'\n" * 30_000,
    "open IRIs": "<a" * 30_000,
    "backslashes": '"\\' * 30_000,
    "escapes": "\\u0041" * 10_000,
    "brackets": "(" * 60_000,
    "braces": "{" * 60_000,
    "prefixes": "PREFIX a:<b> " * 5_000,
    "comments": "#\n" * 30_000,
    "spaces": " \t" * 30_000,
    "services": "SERVICE " * 8_000,
    "numbers": "1e1.1" * 12_000,
    "limits": "LIMIT 1 " * 7_000,
    "colons": ":." * 30_000,
    "at signs": "@a-" * 20_000,
}


@pytest.mark.parametrize("what", HEAVY)
def test_a_heavy_text_is_answered_and_holds_up_nobody(what: str, url: str) -> None:
    """Each within the patience of a client; meanwhile small queries of another are answered."""
    text = HEAVY[what]
    with httpx.Client(trust_env=False, timeout=15) as client:
        for query in (f"SELECT * {{ {text}", f"ASK {{ ?s ?p '{text[:50]}' }} {text}"):
            done = threading.Event()
            said: list[int] = []

            def ask(query: str = query, done: threading.Event = done, said: list[int] = said) -> None:
                answer = client.post(f"{url}sparql", data={"query": query})
                said.append(answer.status_code)
                done.set()

            asking = threading.Thread(target=ask)
            asking.start()
            with httpx.Client(trust_env=False, timeout=5) as other:
                assert other.get(f"{url}sparql", params={"query": "ASK {}"}).status_code == 200
            asking.join(30)
            assert done.is_set() and said[0] in (200, 400, 403, 503, 504), said
        for header in ("accept", "accept-language", "accept-encoding", "if-none-match"):
            headers = {header: text[:6000].encode("utf-8", "replace").replace(b"\n", b" ").strip()}
            assert client.get(f"{url}questions", headers=headers).status_code < 500


@pytest.mark.slow
def test_heavy_parameters_are_answered(url: str, client: httpx.Client) -> None:
    one_of_each = {p.type: (q, p) for q in questions.all_questions() for p in q.parameters}
    texts = ("(" * 1500, "5" * 5000, "1e400", "-" * 1500, "٥", "０" * 30, "2023-" * 300, "\0", "a" * 20_000)
    for question, parameter in one_of_each.values():
        for text in texts:
            at_ = f"{url}questions/{question.name}.json?{urlencode({parameter.name: text})}"
            assert client.get(at_).status_code in (200, 400, 404, 413, 414, 431), (question.name, text[:20])
    many = urlencode([(f"p{i}", "x") for i in range(5000)])
    assert client.get(f"{url}questions/who-targeted?{many}").status_code in (400, 414, 431)


@pytest.mark.slow
def test_clients_that_dribble_hold_up_nobody(graph: Path) -> None:
    with serving.plankg(graph, "--request-time", "2", "--idle", "2") as running, ExitStack() as held:
        parts = urlsplit(running.url)
        assert parts.hostname and parts.port
        slow = []
        for number in range(60):
            connection = held.enter_context(socket.create_connection((parts.hostname, parts.port), 20))
            starts = (
                b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: a\r\nX: ",
                b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\nContent-Length: 9\r\n\r\nA",
                b"",
            )
            connection.sendall(starts[number % 3])
            slow.append(connection)
        with httpx.Client(trust_env=False, timeout=10) as client:
            assert client.get(f"{running.url}sparql", params={"query": "ASK {}"}).status_code == 200
        deadline = time.monotonic() + 20
        for connection in slow:  # each is ended by the server, with 408 or without a word
            connection.settimeout(max(0.1, deadline - time.monotonic()))
            got = connection.recv(100)
            assert got == b"" or got.startswith(b"HTTP/1.1 408"), got


@pytest.mark.slow
def test_a_client_that_reads_nothing_is_cut_off(graph: Path) -> None:
    with serving.plankg(graph, "--send-time", "2") as running:
        parts = urlsplit(running.url)
        assert parts.hostname and parts.port
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect((parts.hostname, parts.port))
            query = quote("SELECT * { ?s ?p ?o . ?t ?q ?o } LIMIT 3000000")
            connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            time.sleep(8)
            connection.settimeout(10)
            got = 0
            try:
                while chunk := connection.recv(65536):
                    got += len(chunk)
            except ConnectionError:
                pass
            assert got < 20 << 20  # what was under way; the whole would be many times that


# ---- markup in data ----------------------------------------------------------------------------------------------------

EVIL = "\"'--></script></title></textarea><plankg-evil onload='x'>${7*7}{{7*7}}"


class Markup(HTMLParser):
    """Whether a page has markup that is not the project's: the element, or its attributes on another."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.shown = 0
        self.scripts: list[str] = []
        self._in = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in = tag
        if tag == "plankg-evil":
            self.found.append(self.get_starttag_text() or tag)
        for name, value in attrs:
            aim = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name.startswith(("on", "plankg-")):
                self.found.append(f"{tag} {name}")
            if name in ("href", "src", "action", "formaction") and re.match(
                r"(javascript|data|vbscript):", aim
            ):
                self.found.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in == "script":
            self.scripts.append(data)
        self.shown += data.count("plankg-evil")


def check_page(page: str) -> int:
    """How often the text of the attack is shown as text. Raises `AssertionError` where it became markup."""
    markup = Markup()
    markup.feed(page)
    markup.close()
    assert markup.found == []
    assert "49{{" not in page and "}}49" not in page and "${49" not in page
    return markup.shown


@pytest.fixture(scope="module")
def marked(graph: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeds' graph with markup in every label, title, quote and other text, and a script for an IRI."""
    generation = store.current(graph)
    assert generation is not None
    folder = tmp_path_factory.mktemp("marked") / "graph"
    shutil.copytree(generation, folder / "generations" / generation.name)
    shutil.copy(graph / "CURRENT", folder / "CURRENT")
    opened = ox.Store(str(folder / "generations" / generation.name))
    prefixes = f"PREFIX plan: <{PLAN}> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX dct: <http://purl.org/dc/terms/>"
    evil = json.dumps(EVIL)
    opened.update(
        f"""{prefixes}
        DELETE {{ GRAPH ?g {{ ?s ?p ?o }} }} INSERT {{ GRAPH ?g {{ ?s ?p ?new }} }} WHERE {{
          VALUES ?p {{ rdfs:label skos:prefLabel skos:definition rdfs:comment dct:title plan:quote plan:printed plan:inSection plan:shortName }}
          GRAPH ?g {{ ?s ?p ?o }}
          BIND(IF(lang(?o) = "", STR(CONCAT(STR(?o), {evil})), STRLANG(CONCAT(STR(?o), {evil}), lang(?o))) AS ?new) }} ;
        INSERT DATA {{ GRAPH <{BASE}graph/links> {{
          <{BASE}region/320500> skos:exactMatch <javascript:alert(1)> ; rdfs:seeAlso <data:text/html,evil> }} }}"""
    )
    opened.flush()
    del opened
    return folder


@pytest.mark.slow
def test_markup_in_data_is_text_on_every_page(marked: Path, client: httpx.Client) -> None:
    with serving.plankg(marked) as running:
        client.headers["accept"] = "text/html"
        targets = [
            "",
            "?lang=zh",
            "questions",
            "sparql",
            "query",
            "region/320500",
            "indicator/gdp/growth",
            "topic",
        ]
        targets += [f"questions/{question.name}" for question in questions.all_questions()]
        kinds = "?s a ?c . VALUES ?c { plan:Report plan:Project plan:Measure plan:Target plan:Unit plan:Plan plan:Region plan:Indicator }"
        some = f"PREFIX plan: <{PLAN}> SELECT ?c (SAMPLE(?s) AS ?one) {{ {kinds} }} GROUP BY ?c"
        asked = client.get(f"{running.url}sparql", params={"query": some, "format": "json"}).json()
        targets += [row["one"]["value"].removeprefix(BASE) for row in asked["results"]["bindings"]]
        for query in (
            "SELECT * { ?s ?p ?o FILTER(CONTAINS(STR(?o), 'plankg-evil')) } LIMIT 50",
            "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER(CONTAINS(STR(?o), 'plankg-evil')) } LIMIT 50",
            "SELECT (1 AS ?plankg) { BIND(<javascript:alert(1)> AS ?x) }",
            f"SELECT ({json.dumps(EVIL)} AS ?evil) {{}}",
        ):
            targets.append("sparql?" + urlencode({"query": query}))
        shown = {}
        for target in targets:
            answer = client.get(running.url + target, follow_redirects=True)
            assert answer.status_code < 500, target
            if answer.headers["content-type"].startswith("text/html"):
                shown[target] = check_page(answer.text)
        assert sum(1 for times in shown.values() if times) > len(shown) / 2, shown


@pytest.mark.parametrize(
    "target",
    [
        "{}",
        "questions/{}",
        "region/{}",
        "static/{}",
        "sparql?query={}",
        "query?query={}",
        "?lang={}",
        "questions/who-targeted?indicator={}",
        "questions/who-targeted?lang={}",
        "questions/who-targeted?{}=1",
        "questions/who-targeted?format={}",
        "sparql?format={}&query=ASK%7B%7D",
    ],
)
def test_markup_in_an_address_is_text_on_the_page_that_answers(
    target: str, url: str, client: httpx.Client
) -> None:
    answer = client.get(url + target.format(quote(EVIL, safe="")), headers={"accept": "text/html"})
    assert answer.status_code < 500
    if answer.headers.get("content-type", "").startswith("text/html"):
        check_page(answer.text)
    else:
        assert answer.headers.get("x-content-type-options") == "nosniff"


@pytest.mark.parametrize(
    "target",
    ["", "questions", "questions/who-targeted", "region/320500", "sparql?query=ASK%7B%7D", "nothing"],
)
def test_pages_allow_no_foreign_script_and_no_frame(target: str, url: str, client: httpx.Client) -> None:
    answer = client.get(url + target, headers={"accept": "text/html"}, follow_redirects=True)
    policy = answer.headers["content-security-policy"]
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    scripts = directives.get("script-src", directives["default-src"])
    assert "'unsafe-inline'" not in scripts and "*" not in scripts and "http" not in scripts
    assert directives["frame-ancestors"] == "'none'"
    assert directives.get("base-uri", "") == "'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] in (
        "no-referrer",
        "same-origin",
        "strict-origin-when-cross-origin",
    )


def test_answers_for_programs_are_not_sniffed(url: str, client: httpx.Client) -> None:
    query = f"SELECT ({json.dumps(EVIL)} AS ?evil) {{}}"
    for kind in ("csv", "tsv", "json", "xml"):
        answer = client.get(f"{url}sparql", params={"query": query, "format": kind})
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "html" not in answer.headers["content-type"]


def test_an_error_says_nothing_of_the_machine(url: str, client: httpx.Client, graph: Path) -> None:
    for target in (
        "sparql?query=SELEC",
        "nothing",
        "region/nothing",
        "questions/who-targeted?year=x",
        "store?default",
    ):
        for accept in ("text/html", "application/json", "*/*"):
            answer = client.get(url + target, headers={"accept": accept})
            for word in ("Traceback", str(graph), "127.0.0.1:", "site-packages", "httpx"):
                said = answer.text.replace(urlsplit(url).netloc, "")
                assert word not in said, (target, word)
            assert "uvicorn" not in answer.headers.get("server", "").lower()


# ---- writing -----------------------------------------------------------------------------------------------------------


@contextmanager
def writable(graph: Path, tmp_path: Path) -> Iterator[serving.Served]:
    folder = tmp_path / "graph"
    shutil.copytree(graph, folder)
    with serving.plankg(folder, "--writable", environment={"PLANKG_TOKEN": TOKEN}) as running:
        yield running


CHANGE = "INSERT DATA { GRAPH <http://example.org/evil> { <http://example.org/s> <http://example.org/p> 1 } }"


def changed(url: str, client: httpx.Client) -> bool:
    ask = {"query": "ASK { <http://example.org/s> ?p ?o }"}
    return bool(client.get(f"{url}sparql", params=ask).json()["boolean"])


def attempts(
    url: str, client: httpx.Client, headers: Mapping[str, str | bytes]
) -> Iterator[tuple[str, httpx.Response]]:
    """Every way to write."""
    headers = {name: value if isinstance(value, bytes) else value.encode() for name, value in headers.items()}
    turtle = headers | {"content-type": b"text/turtle"}
    triple = "<http://example.org/s> <http://example.org/p> 1 ."
    update = headers | {"content-type": b"application/sparql-update"}
    yield "form", client.post(f"{url}sparql", data={"update": CHANGE}, headers=headers)
    yield "body", client.post(f"{url}sparql", content=CHANGE, headers=update)
    yield "as a query", client.post(f"{url}sparql", data={"query": CHANGE}, headers=headers)
    yield "address", client.get(f"{url}sparql", params={"update": CHANGE}, headers=headers)
    yield "address of a POST", client.post(f"{url}sparql", params={"update": CHANGE}, headers=headers)
    yield "put", client.put(f"{url}store?graph=http://example.org/evil", content=triple, headers=turtle)
    yield "post", client.post(f"{url}store?graph=http://example.org/evil", content=triple, headers=turtle)
    yield "put default", client.put(f"{url}store?default", content=triple, headers=turtle)
    yield "direct", client.put(f"{url}store/evil.ttl", content=triple, headers=turtle)
    yield "delete", client.delete(f"{url}store?graph={BASE}graph/regions", headers=headers)


def written(url: str, client: httpx.Client, update: str, headers: dict[str, str]) -> None:
    """Writes, again where the server says that it cannot just now."""
    for _ in range(5):
        answer = client.post(f"{url}sparql", data={"update": update}, headers=headers)
        if answer.status_code != 503:
            break
        time.sleep(float(answer.headers["retry-after"]))
    assert answer.status_code in (200, 204), answer.text


def test_a_server_that_only_reads_cannot_be_written(url: str, client: httpx.Client) -> None:
    for headers in ({}, {"authorization": f"Bearer {TOKEN}"}, {"authorization": "Bearer x"}):
        for how, answer in attempts(url, client, headers):
            assert 400 <= answer.status_code < 500, (how, answer.status_code)
    assert not changed(url, client)


def test_nothing_is_written_without_the_token(graph: Path, tmp_path: Path, client: httpx.Client) -> None:
    with writable(graph, tmp_path) as running:
        url = running.url
        wrong = [
            {},
            {"authorization": "Bearer x"},
            {"authorization": "Bearer"},
            {"authorization": TOKEN},
            {"authorization": f"Basic {TOKEN}"},
            {"authorization": f"Bearer {TOKEN}x"},
            {"authorization": f"Bearer {TOKEN[:-1]}"},
            {"authorization": f"Bearer {TOKEN.upper()}"},
            {"authorization": f"Bearer {TOKEN},{TOKEN}"},
            {"authorization": "Bearer ü"},
            {"authorization": "Bearer " + "x" * 5000},
            {"cookie": f"token={TOKEN}"},
            {"x-token": TOKEN},
            {"x-forwarded-for": "127.0.0.1"},
        ]
        for headers in wrong:
            sent = {name: value.encode("latin-1") for name, value in headers.items()}
            for how, answer in attempts(url, client, sent):
                assert 400 <= answer.status_code < 500, (headers, how, answer.status_code)
                assert TOKEN not in answer.text
        assert client.post(f"{url}sparql", params={"token": TOKEN}, data={"update": CHANGE}).status_code in (
            401,
            403,
        )
        assert not changed(url, client)
        right = {"authorization": f"Bearer {TOKEN}"}
        written(url, client, CHANGE, right)
        assert changed(url, client)
        assert client.get(f"{url}sparql", params={"update": CHANGE}, headers=right).status_code in range(
            400, 500
        )
        assert TOKEN not in "".join(running.said)
        audit = (tmp_path / "graph" / "audit.log").read_bytes()
        assert audit and TOKEN.encode() not in audit


def test_whoever_may_write_may_still_not_make_the_server_connect_or_read_files(
    graph: Path, tmp_path: Path, listener: Listener, client: httpx.Client
) -> None:
    with writable(graph, tmp_path) as running:
        right = {"authorization": f"Bearer {TOKEN}"}
        for update in (
            f"LOAD <{listener.url}/x>",
            f"LOAD SILENT <{listener.url}/x> INTO GRAPH <http://example.org/g>",
            f"load<{listener.url}/x>",
            f"PREFIX e: <{listener.url}/> LOAD e:x",
            f"BASE <{listener.url}/> LOAD <x>",
            f"INSERT DATA {{}} ; LOAD <{listener.url}/x>",
            f"INSERT DATA {{ <a:a> <a:a> '# ' }} ; LOAD <{listener.url}/x>",
            f"\\u004cOAD <{listener.url}/x>",
            f"LOAD <{listener.url}/\\u0078>",
            "LOAD <file:///etc/passwd>",
            "LOAD <FILE:/etc/passwd> INTO GRAPH <http://example.org/g>",
            f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{listener.url}/x> {{ ?s ?p ?o }} }}",
            f"INSERT {{ ?s ?p ?o }} WHERE {{ {{ SELECT * {{ SERVICE SILENT <{listener.url}/x> {{ ?s ?p ?o }} }} }} }}",
            f"DELETE WHERE {{ ?s ?p ?o }} ; INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE<{listener.url}/x>{{ ?s ?p ?o }} }}",
        ):
            answer = client.post(f"{running.url}sparql", data={"update": update}, headers=right)
            assert answer.status_code in range(400, 500), (update, answer.status_code)
        assert listener.asked == []
        said = {
            "update": "INSERT DATA { <http://example.org/s> <http://example.org/p> 'LOAD <x> SERVICE <y>' }"
        }
        written(running.url, client, said["update"], right)
