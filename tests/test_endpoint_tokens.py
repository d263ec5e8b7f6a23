"""What is read from a query's words: examples, and the same queries asked of an engine."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from plankg.server import tokens
from plankg.server.engine import Engine

HERE = "http://127.0.0.1:{port}/"
GROUP = "{ ?s ?p ?o }"

#: Queries that make the engine ask the endpoint (HERE stands for it), however they hide it.
ASKING = [
    "ASK { SERVICE <HERE> [GROUP] }",
    "ASK { service<HERE>[GROUP] }",
    "ASK { SERVICE SILENT<HERE>[GROUP] }",
    "PREFIX h: <HERE> ASK { SERVICE h: [GROUP] }",
    "PREFIX h: <HERE> ASK { SERVICEh:x [GROUP] }",
    "PREFIX h: <HERE> ASK { SERVICESILENTh:x [GROUP] }",
    "PREFIX SERVICEh: <a:b> PREFIX h: <HERE> ASK { SERVICEh:x [GROUP] }",
    "BASE <HERE> ASK { SERVICE <x> [GROUP] }",
    "ASK { VALUES ?x { <HERE> } SERVICE ?x [GROUP] }",
    "ASK { VALUES ?s { 1 } BIND(1 AS ?a) SERVICE<HERE>[GROUP] }",
    "ASK { OPTIONAL { ?a ?b trueSERVICE<HERE>[GROUP] } }",
    "ASK { OPTIONAL { ?a ?b 1SERVICE<HERE>[GROUP] } }",
    "ASK { OPTIONAL { ?a ?b 'x'SERVICE<HERE>[GROUP] } }",
    "ASK { # '\n SERVICE # x\n <HERE> [GROUP] } # '",
    "ASK { BIND(1 AS ?a) FILTER(!(?a<'>'))SERVICE<HERE>[GROUP] FILTER(!(?a<'>')) }",
    "ASK { BIND(1 AS ?a) FILTER(?a<#>\n5)SERVICE<HERE>[GROUP] }",
    "ASK { BIND(1 AS ?a) FILTER(?a<5||?a<#>'\n6)SERVICE<HERE>[GROUP]#'\n }",
    "ASK { BIND(1 AS ?a) FILTER(!(?a<<http://x#>)) SERVICE<HERE>[GROUP]\n }",
    "ASK { FILTER EXISTS { SERVICE<HERE>[GROUP] } }",
    "SELECT (EXISTS{SERVICE<HERE>[GROUP]} AS ?x) {}",
    "ASK { GRAPH ?g { SERVICE<HERE>[GROUP] } }",
    "ASK { { SELECT * { SERVICE<HERE>[GROUP] } } }",
    "ASK { \\u0053ERVICE<HERE>[GROUP] }",
    "ASK { BIND('\\u0027 AS ?x) SERVICE <HERE> [GROUP] #' AS ?x) \n }",
    "ASK { BIND('''a''' AS ?x) SERVICE <HERE> [GROUP] BIND('''b''' AS ?y) }",
    "ASK { BIND('a\\'' AS ?x) SERVICE <HERE> [GROUP] BIND('\\'b' AS ?y) }",
    'ASK { BIND("""a""b""" AS ?x) SERVICE <HERE> [GROUP] }',
    "PREFIX e: <a:> ASK { OPTIONAL { ?a e:x\\' ?b } SERVICE<HERE>[GROUP] OPTIONAL { ?a e:x\\' ?b } }",
    "PREFIX e: <a:> ASK { OPTIONAL { ?a e:x\\# ?b } SERVICE<HERE>[GROUP] }",
]
#: Queries that ask nobody, whatever they look like.
QUIET = [
    "ASK { OPTIONAL { ?a ?b 'x'@enSERVICE<HERE>[GROUP] } }",
    "ASK { OPTIONAL { ?a ?b _:b.SERVICE<HERE>[GROUP] } }",
    "PREFIX e: <a:> ASK { OPTIONAL { ?a ?b e:x.SERVICE<HERE>[GROUP] } }",
    "ASK { ?s ?p 'SERVICE <HERE> [GROUP]' }",
    'ASK { ?s ?p """ "SERVICE <HERE> [GROUP]" """ }',
    "ASK { ?s ?p ?o } # SERVICE <HERE> [GROUP]",
    "ASK { ?s <HERE/service#SERVICE> ?o }",
    "ASK { ?service ?p $SERVICE }",
    "PREFIX service: <HERE> ASK { ?s service:x ?o }",
    "PREFIX service: <HERE> ASK { GRAPH service:x { ?s ?p ?o } }",
    "PREFIX e: <HERE> ASK { ?s e:service ?o }",
    "ASK { ?s ?p 'x'@en-service }",
    "ASK { FILTER(?service < 5 && ?x > 7) }",
    "ASK { VALUES (?a ?b) { (<HERE#service> <HERE#b>) } }",
]


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[float]]]:
    """An address on this machine, and when somebody connected to it."""
    came: list[float] = []
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                came.append(time.monotonic())
                connection.close()

        threading.Thread(target=accept, daemon=True).start()
        yield HERE.format(port=server.getsockname()[1]), came


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder: Path = tmp_path_factory.mktemp("empty") / "store"
    with Engine(folder, writable=True) as engine:
        httpx.post(
            f"{engine.url}/update",
            data={"update": "INSERT DATA { <a:s> <a:p> 1 GRAPH <a:g> { <a:s> <a:p> 2 } }"},
        )
        yield engine


@pytest.mark.parametrize("text", ASKING + QUIET)
def test_no_query_asks_elsewhere_unseen(text: str, empty: Engine, listener: tuple[str, list[float]]) -> None:
    here, came = listener
    query = text.replace("HERE", here).replace("[GROUP]", GROUP)
    came.clear()
    httpx.post(
        f"{empty.url}/query", content=query, headers={"content-type": "application/sparql-query"}, timeout=30
    )
    found = tokens.read(query)
    seen = found.unclear or bool(found.services)
    assert seen or not came, "the engine asked, and it was not seen"
    assert seen == (text in ASKING)
    if text in QUIET:
        assert not came


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * {}", "SELECT"),
        ("BASE <a:b> PREFIX select: <c:d> ask {}", "ASK"),
        ("# ASK\nPREFIX a: <b:c#SELECT>\nConstruct WHERE {}", "CONSTRUCT"),
        ("DESCRIBE <a:b>", "DESCRIBE"),
        ("PREFIX a: <b:> INSERT DATA { a:a a:a 'SELECT' }", "UPDATE"),
        ("WITH <a:b> DELETE {} WHERE { SELECT * {} }", "UPDATE"),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_the_form_of_a_query(text: str, form: str) -> None:
    assert tokens.read(text).form == form


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ASK{?s ?p 1}", "ASK # all\n{ ?s\t?p 1 }", True),
        ("ASK{?s ?p 'a b'}", "ASK{?s ?p 'a  b'}", False),
        ("ASK{?s ?p '# x'}", "ASK{?s ?p '# y'}", False),
        ("ASK{?s <a:b#x> 1}", "ASK{?s <a:b#y> 1}", False),
        ("ASK{FILTER(?a <1#> \n || true\n)}", "ASK{FILTER(?a <1#> || true\n)}", False),
        ("ASK{FILTER(?a <'> \n '||true)}", "ASK{FILTER(?a <'> '||true)}", False),
        ("ASK{?s ?p 12}", "ASK{?s ?p 1 2}", False),
        ("ASK{?s ?p '''a\n'''}", "ASK{?s ?p '''a '''}", False),
        ("ASK{FILTER(?a<?b&&?c>?d)}", "ASK{FILTER(?a<?b &&?c>?d)}", False),
    ],
)
def test_queries_that_differ_in_spaces_and_comments_only_have_one_key(
    one: str, other: str, same: bool
) -> None:
    assert (tokens.read(one).key == tokens.read(other).key) == same


@pytest.mark.parametrize(
    ("text", "limited"),
    [
        ("SELECT * {}", "SELECT * {}\nLIMIT 9"),
        ("SELECT * {} # all", "SELECT * {} # all\nLIMIT 9"),
        ("SELECT * {} LIMIT 5", "SELECT * {} LIMIT 5"),
        ("SELECT * {} LIMIT 50 OFFSET 3", "SELECT * {} LIMIT 9 OFFSET 3"),
        ("SELECT * {} OFFSET 3 LIMIT 99999999999999999999", "SELECT * {} OFFSET 3 LIMIT 9"),
        ("SELECT * {} LIMIT\n#x\n50", "SELECT * {} LIMIT\n#x\n9"),
        ("SELECT * {} VALUES ?x {1}", "SELECT * {} LIMIT 9\nVALUES ?x {1}"),
        ("SELECT * {} LIMIT 50 VALUES ?x {1}", "SELECT * {} LIMIT 9 VALUES ?x {1}"),
        (
            "SELECT * { {SELECT * {} LIMIT 50} VALUES ?x {1} }",
            "SELECT * { {SELECT * {} LIMIT 50} VALUES ?x {1} }\nLIMIT 9",
        ),
        ("SELECT * {} ORDER BY ?limit", "SELECT * {} ORDER BY ?limit\nLIMIT 9"),
        ("ASK {}", "ASK {}"),
        ("CONSTRUCT WHERE {}", "CONSTRUCT WHERE {}"),
    ],
)
def test_a_select_has_a_limit(text: str, limited: str) -> None:
    assert tokens.limited(tokens.read(text), 9) == limited


@pytest.mark.parametrize(
    ("text", "loads"),
    [
        ("LOAD <a:b>", True),
        ("INSERT DATA {} ; LOADSILENT<a:b>", True),
        ("PREFIX LOADe: <a:> PREFIX e: <b:> LOADe:x", True),
        ("BASE <a:b> LOAD<c>", True),
        ("\\u004COAD <a:b>", True),
        ("CLEAR ALL;LOAD <a:b>", True),
        ("INSERT DATA { <a:b> <a:load> 'LOAD <x>' } # LOAD", False),
        ("PREFIX load: <a:> INSERT DATA { load:x load:y 1 }", False),
    ],
)
def test_a_load_is_seen(text: str, loads: bool) -> None:
    assert tokens.read(text).loads == loads


def test_the_graphs_of_a_query() -> None:
    text = "PREFIX g: <a:> SELECT * FROM <b:c> FROM NAMED g:d FROM <units> { GRAPH ?g { ?s ?from 'FROM' } }"
    found = tokens.read(text)
    assert found.default_graphs == ("b:c", "https://w3id.org/plankg/units")
    assert found.named_graphs == ("a:d",)


@pytest.mark.parametrize(
    "text",
    [
        '"\\' * 50_000,
        "'''a\\'" * 50_000,
        "a." * 50_000,
        ":" + "." * 100_000,
        "<a" * 50_000,
        '"""' + '""a' * 50_000,
        "'a\n" * 50_000,
        "((" * 50_000,
        "@a-" * 50_000,
        "1e" * 50_000,
        "#" * 100_000,
        "<" + "\\u0041" * 20_000,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    """Each took minutes with an expression that goes back; now all take a moment."""
    assert tokens.read(text + " service").text.startswith(text[:10])
