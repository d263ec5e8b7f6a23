"""Publishing to real stores: Oxigraph's own server and, where it is installed, Virtuoso."""

import base64
import http.server
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from test_server import start, stop

from loaders.namespaces import BASE, GRAPH
from plankg import store
from plankg.cli import main
from plankg.publish import PublishError, Target, publish, state_file, target
from plankg.server.engine import binary


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], url: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server until the block ends; it answers at ``url`` when the block begins."""
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        for _ in range(600):
            try:
                httpx.get(url, params={"query": "ASK {}"}, timeout=1)
                break
            except httpx.HTTPError:
                assert process.poll() is None, (folder / "server.log").read_text("utf-8", "replace")
                time.sleep(0.1)
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def oxigraph(tmp_path: Path) -> Iterator[str]:
    """The address of an empty Oxigraph server."""
    folder, port = tmp_path / "oxigraph", free_port()
    folder.mkdir()
    command = [str(binary()), "serve", "--location", str(folder / "db"), "--bind", f"127.0.0.1:{port}"]
    with running(command, f"http://127.0.0.1:{port}/query", folder):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def virtuoso(tmp_path: Path) -> Iterator[str]:
    """The address of an empty Virtuoso, whose user dba has the password dba."""
    program = shutil.which("virtuoso-t")
    if program is None:
        pytest.skip("Virtuoso is not installed (Debian: virtuoso-opensource-7-bin)")
    folder, port = tmp_path / "virtuoso", free_port()
    folder.mkdir()
    names = ["DatabaseFile", "ErrorLogFile", "LockFile", "TransactionFile", "xa_persistent_file"]
    files = "\n".join(f"{name} = {name.lower()}" for name in names)
    (folder / "virtuoso.ini").write_text(
        f"""[Database]\n{files}\n[TempDatabase]\nDatabaseFile = temp.db\nTransactionFile = temp.trx
[Parameters]\nServerPort = 127.0.0.1:{free_port()}\nNumberOfBuffers = 20000\nDirsAllowed = .
[HTTPServer]\nServerPort = 127.0.0.1:{port}\nServerRoot = .\n""",
        "utf-8",
    )
    with running([program, "-f", "+configfile", "virtuoso.ini"], f"http://127.0.0.1:{port}/sparql", folder):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def small(seeds: ox.Store) -> ox.Store:
    """Three graphs: one with blank nodes, a report, a short one."""
    made = ox.Store()
    for name in ("ontology", "report/zhonglou-plan-2023", "periods"):
        made.extend(seeds.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH + name)))
    return made


def held(url: str) -> dict[str, int]:
    """Named graph -> triples, as an Oxigraph server says."""
    query = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    rows = httpx.post(f"{url}/query", data={"query": query}, headers={"accept": "application/json"}).json()
    return {row["g"]["value"]: int(row["n"]["value"]) for row in rows["results"]["bindings"]}


def sizes(opened: ox.Store) -> dict[str, int]:
    return {g.value: len(list(opened.quads_for_pattern(None, None, None, g))) for g in opened.named_graphs()}


# ---- Oxigraph ------------------------------------------------------------------------------------


def test_every_graph_arrives_as_it_is(small: ox.Store, oxigraph: str, tmp_path: Path) -> None:
    to, state = target(f"{oxigraph}/store"), tmp_path / "state.json"
    done = publish(small, to, state, batch=5_000)
    assert held(oxigraph) == sizes(small)
    assert (done.graphs, done.triples, done.sent) == (
        3,
        len(small),
        sum(-(-n // 5_000) for n in sizes(small).values()),
    )
    report = ox.NamedNode(GRAPH + "report/zhonglou-plan-2023")
    answer = httpx.get(f"{oxigraph}/store", params={"graph": report.value}, headers={"accept": "text/turtle"})
    there = {quad.triple for quad in ox.parse(answer.content, format=ox.RdfFormat.TURTLE)}
    assert there == {quad.triple for quad in small.quads_for_pattern(None, None, None, report)}


def test_only_what_changed_is_sent_again(small: ox.Store, oxigraph: str, tmp_path: Path) -> None:
    to, state = target(f"{oxigraph}/store"), tmp_path / "state.json"
    publish(small, to, state)
    assert publish(small, to, state).sent == 0
    changed = ox.Store()
    changed.extend(small)
    gone = next(changed.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH + "periods")))
    changed.remove(gone)
    assert publish(changed, to, state).sent == 1
    assert held(oxigraph) == sizes(changed)


def test_a_publish_stopped_after_any_batch_goes_on_there(
    small: ox.Store, oxigraph: str, tmp_path: Path
) -> None:
    to, state = target(f"{oxigraph}/store"), tmp_path / "state.json"

    class Killed(BaseException):
        pass

    def kill(graph: str, taken: int, triples: int) -> None:
        raise Killed

    batches = sum(-(-n // 1_500) for n in sizes(small).values())
    for number in range(batches):
        before = state.read_text("utf-8") if state.exists() else "{}"
        with pytest.raises(Killed):
            publish(small, to, state, batch=1_500, on_batch=kill)
        if number % 3 == 1:  # killed after the store took the batch and before that was written down
            state.write_text(before, "utf-8")
            with pytest.raises(Killed):
                publish(small, to, state, batch=1_500, on_batch=kill)
    assert publish(small, to, state, batch=1_500).sent == 0
    assert held(oxigraph) == sizes(small)


def test_a_store_that_lost_something_is_found_and_mended(
    small: ox.Store, oxigraph: str, tmp_path: Path
) -> None:
    to, state = target(f"{oxigraph}/store"), tmp_path / "state.json"
    publish(small, to, state)
    update = f"DELETE DATA {{ GRAPH <{GRAPH}periods> {{ <{BASE}period/2023> a <{BASE}ontology#Period> }} }}"
    httpx.post(f"{oxigraph}/update", data={"update": update}).raise_for_status()
    periods = sizes(small)[GRAPH + "periods"]
    with pytest.raises(
        PublishError, match=f"periods has {periods - 1} triples, not {periods}; publishing again"
    ):
        publish(small, to, state)
    assert publish(small, to, state).sent == 1
    assert held(oxigraph) == sizes(small)


def test_graphs_of_ours_that_are_gone_are_told_and_pruned_and_those_of_others_stay(
    small: ox.Store, oxigraph: str, tmp_path: Path
) -> None:
    to, state = target(f"{oxigraph}/store"), tmp_path / "state.json"
    for graph in (GRAPH + "report/old", "http://example.org/theirs"):
        httpx.put(
            f"{oxigraph}/store", params={"graph": graph}, content="<x:s> <x:p> <x:o> .", headers={"content-type": "text/turtle"}
        ).raise_for_status()  # fmt: skip
    assert publish(small, to, state).others == (GRAPH + "report/old",)
    assert publish(small, to, state, prune=True).others == ()
    assert held(oxigraph).keys() == sizes(small).keys() | {"http://example.org/theirs"}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_a_publish_killed_at_any_moment_ends_with_every_triple_once(
    graph: Path, oxigraph: str, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "plankg.cli", "publish", f"{oxigraph}/store", "--graph", str(graph)]
    command += ["--batch", "2000", "--state", str(tmp_path / "state.json")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    moments, killed = random.Random(6), 0
    for _ in range(8):
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
        )
        time.sleep(moments.uniform(1, 4))
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
    assert killed > 2
    subprocess.run(command, check=True, env=environment, capture_output=True)
    assert held(oxigraph) == sizes(store.open_store(graph))


# ---- plankg serve --------------------------------------------------------------------------------


def folder_of(opened: ox.Store, folder: Path) -> Path:
    """A graph folder, as a build leaves one."""
    with store.new_generation(folder) as generation:
        made = ox.Store(str(generation))
        made.extend(opened)
        made.flush()
        del made
    return folder


def test_a_server_of_our_own_that_is_writable_takes_it(
    small: ox.Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANKG_TOKEN", "secret-of-the-server")
    graph = folder_of(ox.Store(), tmp_path / "served")
    process, url = start("--graph", str(graph), "--writable", cwd=tmp_path)
    try:
        state = tmp_path / "state.json"
        with pytest.raises(PublishError, match="refuses"):
            publish(small, target(f"{url}store"), state)
        done = publish(small, target(f"{url}store", token="secret-of-the-server"), state)
        assert done.triples == len(small)
    finally:
        stop(process)
    assert sizes(store.open_store(graph)) == sizes(small)


# ---- Virtuoso ------------------------------------------------------------------------------------


def test_virtuoso_takes_it_with_digest_authentication(small: ox.Store, virtuoso: str, tmp_path: Path) -> None:
    url, state = f"{virtuoso}/sparql-graph-crud-auth", tmp_path / "state.json"
    with pytest.raises(PublishError, match="refuses: give --user"):
        publish(small, target(url), state)
    with pytest.raises(PublishError, match="refuses: give --user"):
        publish(small, target(url, user="dba", password="wrong"), state)
    to = target(url, user="dba", password="dba")
    done = publish(small, to, state, batch=4_000)
    assert done.triples == len(small)
    again = ox.Store()
    again.extend(q for q in small if q.graph_name.value != GRAPH + "periods")  # type: ignore[union-attr]
    assert publish(again, to, state, batch=4_000, prune=True).sent == 0
    plan = f"{BASE}ontology#"
    quote = f"SELECT ?q {{ GRAPH ?g {{ ?s <{plan}printed> '5%左右' ; <{plan}quote> ?q }} }}"
    answer = httpx.get(
        f"{virtuoso}/sparql", params={"query": quote, "format": "application/sparql-results+json"}
    )
    quotes = {row["q"]["value"] for row in answer.json()["results"]["bindings"]}
    assert any("地区生产总值增长5%左右" in quote for quote in quotes)


# ---- who may write, and what goes wrong ----------------------------------------------------------


@contextmanager
def doorkeeper(behind: str, expected: str) -> Iterator[str]:
    """A server before an Oxigraph server that lets requests in only with one Authorization header."""

    class Door(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.headers.get("authorization") != expected:
                self.answer(401, b"", {"www-authenticate": 'Basic realm="store"'})
                return
            passed = {k: v for k, v in self.headers.items() if k.lower() in ("content-type", "accept")}
            answer = httpx.request(self.command, behind + self.path, content=body, headers=passed)
            self.answer(answer.status_code, answer.content, {})

        do_PUT = do_DELETE = do_POST  # noqa: N815

        def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


BASIC = "Basic " + base64.b64encode("li:密码".encode()).decode()


@pytest.mark.parametrize(
    ("expected", "login"),
    [(BASIC, {"user": "li", "password": "密码"}), ("Bearer secret", {"token": "secret"})],
)
def test_user_or_token(
    expected: str, login: dict[str, str], small: ox.Store, oxigraph: str, tmp_path: Path
) -> None:
    with doorkeeper(oxigraph, expected) as url:
        with pytest.raises(PublishError, match="refuses"):
            publish(small, target(f"{url}/store"), tmp_path / "state.json")
        publish(small, target(f"{url}/store", **login), tmp_path / "state.json")
    assert held(oxigraph) == sizes(small)


def test_the_command_publishes_with_a_token_from_the_environment(
    graph: Path,
    oxigraph: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    opened = store.open_store(graph)
    topics = ox.Store()
    topics.extend(opened.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH + "topics")))
    folder_of(topics, tmp_path / "graph")
    monkeypatch.setenv("PLANKG_PUBLISH_TOKEN", "secret")
    with doorkeeper(oxigraph, "Bearer secret") as url:
        assert main(["publish", f"{url}/store", "--graph", str(tmp_path / "graph")]) == 0
        said = capsys.readouterr().err.splitlines()
        triples = held(oxigraph)[GRAPH + "topics"]
        assert said == [
            f"topics: {triples:,} triples",
            f"{url}/store: 1 graphs, {triples:,} triples, verified",
        ]
        kept = json.loads(state_file(tmp_path / "graph", f"{url}/store").read_text("utf-8"))
        assert kept[GRAPH + "topics"]["done"] is True
        assert "secret" not in json.dumps(kept)
        assert main(["publish", f"{url}/store", "--graph", str(tmp_path / "graph"), "--fresh"]) == 0
        assert "topics:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("store_url", "query_url"),
    [
        ("http://h:7878/store", "http://h:7878/query"),
        ("http://h/kg/data", "http://h/kg/sparql"),
        ("https://h/repositories/kg/rdf-graphs/service", "https://h/repositories/kg"),
        ("http://h:8890/sparql-graph-crud-auth", "http://h:8890/sparql"),
    ],
)
def test_where_queries_are_answered(store_url: str, query_url: str) -> None:
    assert query_url in target(store_url).queries
    assert target("http://h/x", "http://h/y") == Target("http://h/x", ("http://h/y",))


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://127.0.0.1/x", "is not known; give --sparql URL"),
        ("127.0.0.1:7878/store", "is not an address that begins with http:// or https://"),
    ],
)
def test_addresses_that_are_none(url: str, message: str) -> None:
    with pytest.raises(PublishError, match=re.escape(message)):
        target(url)


@pytest.mark.slow
def test_a_store_that_is_not_there_or_is_none(small: ox.Store, oxigraph: str, tmp_path: Path) -> None:
    nobody = f"http://127.0.0.1:{free_port()}/store"
    with pytest.raises(PublishError, match=r"does not answer: .*; publishing again goes on from here"):
        publish(small, target(nobody), tmp_path / "state.json")
    with pytest.raises(PublishError, match="answers 404"):
        publish(small, target(f"{oxigraph}/nothing", f"{oxigraph}/query"), tmp_path / "state.json")
    (tmp_path / "state.json").write_text("[1]", "utf-8")
    with pytest.raises(PublishError, match="is not the state of a publish; delete it"):
        publish(small, target(f"{oxigraph}/store"), tmp_path / "state.json")
