"""The gateway over HTTP, asked by real SPARQL clients; the engine behind it."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, POST, POSTDIRECTLY, URLENCODED, SPARQLWrapper

from loaders.errors import GraphError, ServerError
from loaders.namespaces import BASE, PLAN
from loaders.resources import folder
from plankg import questions
from plankg.build import build
from plankg.server.engine import binary
from plankg.server.engines import Keeper
from plankg.server.run import take_port

HEADLINE = f"""PREFIX plan: <{PLAN}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?city ?printed WHERE {{
  ?t a plan:Target ; plan:indicator <{BASE}indicator/gdp/growth> ; plan:year 2023 ;
     plan:region/rdfs:label ?city ; plan:value ?v ; plan:printed ?printed ; plan:quote ?quote .
  FILTER (?v = 5 && lang(?city) = "zh") }}"""
ANSWER = {("苏州市", "5%左右"), ("张家港市", "5%以上"), ("钟楼区", "5%左右")}


def start(*arguments: str, cwd: Path) -> tuple[subprocess.Popen[str], str]:
    """`plankg serve` as a user starts it, and its URL."""
    process = subprocess.Popen(
        [sys.executable, "-m", "plankg.cli", "serve", "--port", "0", *arguments],
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"},
    )
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if line.startswith("serving "):
            return process, line.split(" at ")[1].split(" ")[0]
    raise AssertionError("".join(said))


def stop(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
    process.wait(20)
    assert process.stderr is not None
    process.stderr.close()


@pytest.fixture(scope="module")
def url(graph: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    process, address = start("--graph", str(graph), cwd=tmp_path_factory.mktemp("elsewhere"))
    try:
        yield address
    finally:
        stop(process)


@pytest.mark.parametrize("method", ["GET", "POST", "DIRECT"])
def test_sparqlwrapper_gets_the_headline_answer(method: str, url: str) -> None:
    client = SPARQLWrapper(url + "sparql")
    client.setReturnFormat(JSON)
    if method != "GET":
        client.setMethod(POST)
        client.setRequestMethod(POSTDIRECTLY if method == "DIRECT" else URLENCODED)
    client.setQuery(HEADLINE)
    rows = client.queryAndConvert()["results"]["bindings"]
    assert {(row["city"]["value"], row["printed"]["value"]) for row in rows} == ANSWER


def test_rdflib_gets_the_headline_answer(url: str) -> None:
    remote = Graph(SPARQLStore(url + "sparql"))
    assert {(str(city), str(printed)) for city, printed in remote.query(HEADLINE)} == ANSWER
    assert (URIRef(BASE + "region/320582"), None, None) in remote


@pytest.mark.parametrize(
    ("accept", "format", "content_type", "starts"),
    [
        ("text/csv", "", "text/csv", "city,printed"),
        ("application/sparql-results+xml", "", "application/sparql-results+xml", "<?xml"),
        ("*/*", "tsv", "text/tab-separated-values", "?city\t?printed"),
        ("text/html", "json", "application/sparql-results+json", '{"head"'),
        ("text/html", "", "text/html", "<!doctype html>"),
    ],
)
def test_formats_are_negotiated(accept: str, format: str, content_type: str, starts: str, url: str) -> None:
    params = {"query": HEADLINE} | ({"format": format} if format else {})
    answered = httpx.get(url + "sparql", params=params, headers={"accept": accept})
    assert answered.status_code == 200
    assert answered.headers["content-type"].startswith(content_type)
    assert answered.text.startswith(starts)
    assert "张家港市" in answered.text


def test_construct_gives_triples(url: str) -> None:
    query = f"CONSTRUCT WHERE {{ ?t <{PLAN}printed> ?p }}"
    answered = httpx.get(url + "sparql", params={"query": query}, headers={"accept": "text/turtle"})
    assert len(Graph().parse(data=answered.text, format="turtle")) > 500


def test_a_malformed_query_and_an_update_are_refused(url: str) -> None:
    assert httpx.get(url + "sparql", params={"query": "SELEC"}).status_code == 400
    page = httpx.get(url + "sparql", params={"query": "<script>"}, headers={"accept": "text/html"})
    assert page.status_code == 400
    assert "<script>" not in page.text
    update = {"update": "DROP ALL"}
    assert httpx.post(url + "sparql", data=update).status_code >= 400
    too_long = httpx.post(url + "sparql", data={"query": "ASK {} #" + "x" * (1 << 20)})
    assert too_long.status_code == 413
    assert httpx.get(url + "sparql", params={"query": "ASK { ?s ?p ?o }"}).json()["boolean"]


def test_the_start_page_shows_the_headline_answer_and_every_question(url: str) -> None:
    page = httpx.get(url).text
    for city, printed in ANSWER:
        assert f'>{city}</a></td><td class="short">{printed}</td>' in page
    for question in questions.all_questions():
        assert f"<code>{question.name}</code>" in page
    assert httpx.get(url + "sparql", headers={"accept": "text/html"}).status_code == 307


@pytest.mark.slow
def test_serve_builds_the_seeds_first_where_there_is_no_graph_and_follows_a_new_build(tmp_path: Path) -> None:
    process, url = start(cwd=tmp_path)
    try:
        assert (tmp_path / "graph" / "CURRENT").exists()
        count = {"query": f"SELECT (COUNT(DISTINCT ?r) AS ?n) WHERE {{ ?r a <{PLAN}Report> }}"}

        def reports() -> str:
            answered = httpx.get(url + "sparql", params=count).json()
            return str(answered["results"]["bindings"][0]["n"]["value"])

        assert reports() == "5"
        build([folder("seeds") / "zhonglou-plan-2023.txt"], tmp_path / "graph")
        deadline = time.monotonic() + 20
        while reports() != "1" and time.monotonic() < deadline:
            time.sleep(0.2)
        assert reports() == "1"
    finally:
        stop(process)


def test_an_engine_that_dies_is_started_again(graph: Path) -> None:
    keeper = Keeper(graph)

    async def survive() -> None:
        watching = asyncio.create_task(keeper.watch())
        dead = keeper.engine
        os.kill(dead.pid, signal.SIGKILL)
        while keeper.replaced["died"] == 0 or keeper.in_rotation < 2:
            await asyncio.sleep(0.05)
        assert dead not in [worker.engine for worker in keeper.workers]
        watching.cancel()

    try:
        asyncio.run(asyncio.wait_for(survive(), 20))
        assert all(worker.engine.running for worker in keeper.workers)
    finally:
        keeper.stop()


def test_what_cannot_be_served_says_so(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="no graph in"):
        Keeper(tmp_path)
    (tmp_path / "CURRENT").write_text("000001", "ascii")
    (tmp_path / "generations" / "000001").mkdir(parents=True)
    with pytest.raises(ServerError, match="did not start"):
        Keeper(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ServerError, match="the port is in use"):
            take_port("127.0.0.1", taken.getsockname()[1])
    with pytest.raises(ServerError, match="cannot serve on"):
        take_port("192.0.2.1", 0)


def test_the_engines_program_is_found() -> None:
    assert binary().is_file()
