"""How fast is the endpoint: throughput and latency beside other servers, one run, same graph, same queries.

    python bench/endpoint.py [--graph graph] [--cycles 1] [--rounds 24] [--only plankg ...] > table.md

The load comes from `wrk` (Debian package `wrk`), which writes prepared GET requests, round robin, from one thread over
1 and over 16 kept connections, and costs next to nothing itself. The workload is the project's own: each question of
`queries/` with its defaults, and among them four small lookups for each (a label, all of one thing, its statements). A run
is so many whole cycles of it. Beside the time on the clock stands the processor's, of the server with all its processes,
per request: that is what other programs on the machine do not disturb.

The servers are the bare native engine, `plankg serve` without its cache and with it, and, where installed,
`rdflib-endpoint` (PyPI, on the Oxigraph store in memory, its faster one) and Virtuoso (Debian package `virtuoso-opensource`). All are started
by this script on the loopback interface and loaded with the same quads. Before it is measured, a server is asked each
query once and its rows are counted: a wrong answer or an error is told in the table. One and the same
engine answers a long question in 300 ms in one process and in 900 ms in the next (it orders joins by hashes it seeds at
random). So what the gateway costs one client is measured on one process: `plankg serve` is started, its engine asked
through it and past it in turn; and that anew in each round, with its error over the rounds.
With more clients each server has processes of its own, in fewer rounds. Rates and processor times are means over the
rounds, latencies medians.
"""

import argparse
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pyoxigraph as ox

from loaders.namespaces import BASE, PLAN
from plankg import questions, store
from plankg.server.engine import binary

ACCEPT = "application/sparql-results+json"
CLIENTS = (1, 16)
BARE, UNCACHED, CACHED = "bare engine", "plankg serve, cache off", "plankg serve, cached"
#: Cycles of a run for each of ``--cycles``: with more clients the long questions still under way at its end must weigh little.
TAIL = {1: 1, 16: 6}
#: Rounds in which more than one client and kept answers are measured too.
OWN_ROUNDS = 3
#: Seconds a peer may take for one query before it counts as failed.
PATIENCE = 10

LOOKUPS = (
    'SELECT ?name { <THING> <http://www.w3.org/2000/01/rdf-schema#label> ?name FILTER(lang(?name) = "zh") }',
    "SELECT ?p ?o { <THING> ?p ?o }",
    f"ASK {{ ?s <{PLAN}region> <THING> }}",
    f"SELECT ?s ?printed {{ ?s <{PLAN}indicator> <THING> ; <{PLAN}printed> ?printed }} ORDER BY ?s LIMIT 20",
)

WRK = """
local requests, at, left, flag = {}, 0, 0, ""
function init(args)
  left, flag = tonumber(args[2]), args[3]
  for line in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", line, {["Accept"] = "application/sparql-results+json"})
  end
end
function request()
  at = at % #requests + 1
  return requests[at]
end
function response()
  left = left - 1
  if left == 0 then
    io.open(flag, "w"):close()
    wrk.thread:stop()
  end
end
function done(summary, latency)
  io.write(string.format("RESULT %d %d %d %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), summary.errors.status, summary.errors.timeout,
    summary.errors.connect + summary.errors.read + summary.errors.write))
end
"""


@dataclass(frozen=True)
class Measured:
    """One run of the load: requests a second, latencies and the server's processor time per request in milliseconds
    (``own``: without the processes it started), answers that were no answers."""

    throughput: float
    p50: float
    p99: float
    cpu: float
    own: float
    failed: int


@dataclass
class Peer:
    name: str
    start: Callable[[], "contextmanager[str]"]
    wrong: int = 0
    failed: list[int] = field(default_factory=list)  # the queries it does not answer, which it is spared
    runs: dict[int, list[Measured]] = field(default_factory=dict)

    def over_rounds(self, clients: int) -> Measured:
        """All rounds together; each sent as many requests, so that rates are averaged by their time."""
        runs = self.runs[clients]
        return Measured(
            statistics.harmonic_mean([run.throughput for run in runs]),
            statistics.median([run.p50 for run in runs]),
            statistics.median([run.p99 for run in runs]),
            statistics.mean([run.cpu for run in runs]),
            statistics.mean([run.own for run in runs]),
            sum(run.failed for run in runs),
        )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the endpoint beside others.")
    parser.add_argument("--graph", type=Path, default=Path("graph"))
    parser.add_argument(
        "--cycles", type=int, default=1, help="of the workload in each run; ten times as many of kept answers"
    )
    parser.add_argument("--rounds", type=int, default=24)
    parser.add_argument("--lookups", action="store_true", help="only the small lookups")
    parser.add_argument("--only", nargs="*", help="beginnings of names of servers")
    given = parser.parse_args()
    generation = store.current(given.graph)
    if generation is None or shutil.which("wrk") is None:
        raise SystemExit("needs a built graph and the program wrk")
    workload, rows = make_workload(given.graph, given.lookups)
    print(f"{len(workload)} queries, {sum(rows):,} rows", file=sys.stderr)

    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        peers = [
            Peer(BARE, lambda: engine(generation)),
            Peer(UNCACHED, lambda: plankg(given.graph, "--cache", "0")),
            Peer(CACHED, lambda: plankg(given.graph)),
            Peer("rdflib-endpoint", lambda: rdflib_endpoint(given.graph, scratch)),
            Peer("Virtuoso", lambda: virtuoso(given.graph, scratch)),
        ]
        if given.only:
            peers = [peer for peer in peers if peer.name.startswith(tuple(given.only))]
        ours, others = peers_together(peers)
        by_name = {peer.name: peer for peer in ours}
        paired = {BARE, UNCACHED} <= by_name.keys()
        for number in range(given.rounds):
            if paired:
                pair(by_name[BARE], by_name[UNCACHED], given.graph, workload, given.cycles, scratch)
            if number >= OWN_ROUNDS:
                continue
            with ExitStack() as running:
                urls = {peer.name: running.enter_context(peer.start()) for peer in ours}
                for peer in ours if number == 0 else [peer for peer in ours if peer.name == CACHED]:
                    check(peer, urls[peer.name], workload, rows, list(range(len(workload))))
                for clients in CLIENTS:
                    for peer in ours if number % 2 == 0 else reversed(ours):
                        kept = peer.name == CACHED
                        if clients > 1 or kept or not paired:
                            until_idle(urls.values())
                            cycles = given.cycles * (10 if kept else TAIL[clients])
                            load(peer, urls[peer.name], workload, clients, cycles, scratch)
        for peer in others:
            try:
                left = list(range(len(workload)))
                while left:  # again where a query took the server down
                    with peer.start() as url:
                        left = check(peer, url, workload, rows, left)
                with peer.start() as url:
                    for clients in CLIENTS:
                        load(peer, url, workload, clients, given.cycles * TAIL[clients], scratch)
            except FileNotFoundError as error:
                print(f"{peer.name}: {error}", file=sys.stderr)
    print(table([peer for peer in peers if peer.runs], len(workload)))


def peers_together(peers: Sequence[Peer]) -> tuple[list[Peer], list[Peer]]:
    """Those that take turns, and those that run alone."""
    ours = [peer for peer in peers if peer.name in (BARE, UNCACHED, CACHED)]
    return ours, [peer for peer in peers if peer not in ours]


# The workload


def make_workload(graph: Path, only_lookups: bool) -> tuple[list[str], list[int]]:
    """The queries in the order they are sent, and how many rows each gives (1 for ASK)."""
    opened = store.open_store(graph)
    things = [
        row["s"].value
        for row in opened.query(
            f"SELECT DISTINCT ?s {{ ?x <{PLAN}region>|<{PLAN}indicator> ?s }} ORDER BY ?s",
            use_default_graph_as_union=True,
        )
    ]
    asked = [question.text for question in questions.all_questions()]
    step = max(1, len(things) // (len(asked) * len(LOOKUPS)))
    queries = []
    for number, question in enumerate(asked):
        for kind, lookup in enumerate(LOOKUPS):
            thing = things[(number * len(LOOKUPS) + kind) * step % len(things)]
            queries.append(lookup.replace("THING", thing))
        if not only_lookups:
            queries.append(re.sub(r"(?m)^#.*\n", "", question))
    rows = []
    for query in queries:
        answer = opened.query(query, use_default_graph_as_union=True)
        rows.append(1 if isinstance(answer, ox.QueryBoolean) else sum(1 for _ in answer))
    return queries, rows


def check(
    peer: Peer, url: str, workload: Sequence[str], rows: Sequence[int], numbers: Sequence[int]
) -> list[int]:
    """Asks each query once and counts the rows; gives the queries left when one took the server down or keeps it."""
    with httpx.Client(trust_env=False, timeout=PATIENCE) as client:
        for place, number in enumerate(numbers):
            try:
                params = {"query": workload[number]}
                answer = client.get(url, params=params, headers={"accept": ACCEPT})
                found = answer.json()
                got = 1 if "boolean" in found else len(found["results"]["bindings"])
                peer.wrong += got != rows[number]
            except (httpx.RemoteProtocolError, httpx.ConnectError, httpx.ReadError, httpx.ReadTimeout):
                peer.failed.append(number)
                return list(numbers[place + 1 :])
            except (httpx.HTTPError, ValueError, KeyError):
                peer.failed.append(number)
    return []


def load(peer: Peer, url: str, workload: Sequence[str], clients: int, cycles: int, scratch: Path) -> None:
    """One run of wrk."""
    script, lines = scratch / "load.lua", scratch / "requests.txt"
    script.write_text(WRK, "utf-8")
    parts = urlsplit(url)
    asked = [query for number, query in enumerate(workload) if number not in peer.failed]
    lines.write_text("".join(f"{parts.path}?query={quote(query, safe='')}\n" for query in asked), "ascii")
    command = ["wrk", "-t1", f"-c{clients}", "-d300s", f"--timeout={PATIENCE}s", "-s", str(script)]
    target = f"{parts.scheme}://{parts.netloc}/"
    server = PROCESSES[url]
    before, own_before = processor_time(server), processor_time(server, with_children=False)
    flag = scratch / "done"
    flag.unlink(missing_ok=True)
    wanted = [str(lines), str(cycles * len(asked)), str(flag)]
    with subprocess.Popen([*command, target, "--", *wanted], stdout=subprocess.PIPE, text=True) as running:
        while running.poll() is None and not flag.exists():
            time.sleep(0.005)
        running.send_signal(signal.SIGINT)  # it would go on for the time it was given
        said, _ = running.communicate()
    found = re.search(r"RESULT (.*)", said)
    assert found, said
    requests, duration, p50, p99, *failed = map(int, found[1].split())
    spent = (processor_time(server) - before) / requests * 1000
    own = (processor_time(server, with_children=False) - own_before) / requests * 1000
    run = Measured(requests / duration * 1e6, p50 / 1000, p99 / 1000, spent, own, sum(failed))
    peer.runs.setdefault(clients, []).append(run)
    print(f"{peer.name}, {clients}: {run}", file=sys.stderr)


def pair(bare: Peer, gateway: Peer, graph: Path, workload: Sequence[str], cycles: int, scratch: Path) -> None:
    """One engine asked by one client, once it is warm: through its gateway, past it, past it, through it."""
    with plankg(graph, "--cache", "0", "--engines", "1") as url:
        past = f"{engine_behind(PROCESSES[url])}/query"
        PROCESSES[past] = PROCESSES[url]
        load(Peer("warming", gateway.start), url, workload, 1, 1, scratch)
        with asked_now_and_then(url):
            for peer, address in ((gateway, url), (bare, past), (bare, past), (gateway, url)):
                load(peer, address, workload, 1, cycles, scratch)


@contextmanager
def asked_now_and_then(url: str) -> Iterator[None]:
    """A gateway asked the least there is three times a second: it would take an engine that works while nobody asks
    for one gone astray, and end it."""
    over = threading.Event()

    def ask() -> None:
        with httpx.Client(trust_env=False) as client:
            while not over.wait(0.3):
                client.get(url, params={"query": "ASK {}"})

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield
    finally:
        over.set()
        asking.join()


def engine_behind(gateway: int) -> str:
    """The address of the one engine a gateway has started."""
    for number, fields in processes():
        if int(fields[1]) == gateway:
            words = Path(f"/proc/{number}/cmdline").read_text("utf-8", "replace").split("\0")
            if "--bind" in words:
                return f"http://{words[words.index('--bind') + 1]}"
    raise RuntimeError("the gateway has no engine")


#: The process of each server by the address that is asked.
PROCESSES: dict[str, int] = {}


def processes() -> Iterator[tuple[int, list[str]]]:
    """Every process, with what ``/proc`` says of it from its state on."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                yield (
                    int(folder.name),
                    (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split(),
                )
            except OSError:
                continue


def processor_time(process: int, *, with_children: bool = True) -> float:
    """Seconds a process and those it started have been running on a processor."""
    found, children = {}, {}
    last = 15 if with_children else 13  # its own, and those of children that ended
    for number, fields in processes():
        found[number] = sum(map(int, fields[11:last]))
        children.setdefault(int(fields[1]), []).append(number)
    ticks, open_ = 0, [process]
    while open_:
        one = open_.pop()
        ticks += found.get(one, 0)
        open_ += children.get(one, []) if with_children else []
    return ticks / os.sysconf("SC_CLK_TCK")


def until_idle(urls: Iterable[str]) -> None:
    """Waits, a minute at most, until no server works on questions of a load that has ended: the bare engine cannot stop them."""
    for _ in range(120):
        before = [processor_time(PROCESSES[url]) for url in urls]
        time.sleep(0.5)
        if sum(processor_time(PROCESSES[url]) for url in urls) - sum(before) < 0.05:
            return


def table(peers: Sequence[Peer], queries: int) -> str:
    lines = [
        "| server | clients | requests/s | of the bare engine | p50 | p99 | processor per request | of the bare engine | no answer | wrong rows |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for clients in CLIENTS:
        bare = next((peer for peer in peers if peer.name == BARE), peers[0]).over_rounds(clients)
        for peer in peers:
            run = peer.over_rounds(clients)
            share = f"{run.throughput / bare.throughput:,.2f}"
            spent = f"{run.cpu:,.2f} ms | {run.cpu / bare.cpu:,.3f}"
            failed = f"{len(peer.failed)} of {queries} queries" if peer.failed else str(run.failed or "-")
            lines.append(
                f"| {peer.name} | {clients} | {run.throughput:,.1f} | {share} | {run.p50:,.1f} ms "
                f"| {run.p99:,.1f} ms | {spent} | {failed} | {peer.wrong or '-'} |"
            )
    spread = [
        statistics.pstdev([run.throughput for run in runs])
        / statistics.mean([run.throughput for run in runs])
        for peer in peers
        for runs in peer.runs.values()
        if len(runs) > 1
    ]
    if spread:
        lines += [
            "",
            f"Between the rounds of one server throughput varies by {max(spread):.1%} at most (standard deviation).",
        ]
    for clients in CLIENTS:
        lines += apart(peers, clients)
    return "\n".join(lines)


def apart(peers: Sequence[Peer], clients: int) -> Iterator[str]:
    """What the gateway takes on top of the bare engine, with its standard error over the rounds: with one client on
    the same engines, pair by pair, with more on engines of their own."""
    runs = {peer.name: peer.runs[clients] for peer in peers}
    bare, ours = runs.get(BARE, []), runs.get(UNCACHED, [])
    if min(len(bare), len(ours)) > 2:
        for said, number in (
            ("time", lambda run: 1 / run.throughput),
            ("processor time", lambda run: run.cpu),
        ):
            a, b = [number(run) for run in bare], [number(run) for run in ours]
            ratio = statistics.mean(b) / statistics.mean(a)
            if clients == 1:
                error = statistics.stdev(y / x for x, y in zip(a, b, strict=True)) / len(a) ** 0.5
            else:
                parts = ((statistics.stdev(x) / statistics.mean(x)) ** 2 / len(x) for x in (a, b))
                error = ratio * sum(parts) ** 0.5
            yield f"{clients} clients, {said} per request: {ratio - 1:+.1%} ± {error:.1%} against the bare engine."
        own, engines = (
            statistics.mean([run.own for run in ours]),
            statistics.mean([run.cpu - run.own for run in ours]),
        )
        yield f"{clients} clients: of that the gateway's own process took {own:.2f} ms, {own / engines:.1%} of its engine's."


# The servers


@contextmanager
def process(command: Sequence[str], ask: str, **options: object) -> Iterator["subprocess.Popen[bytes]"]:
    """A server; waits until the address ``ask`` answers a query, at most five minutes."""
    started = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)  # type: ignore[call-overload]
    try:
        deadline = time.monotonic() + 300
        while True:
            try:
                httpx.get(ask, params={"query": "ASK {}"}, trust_env=False, timeout=5).raise_for_status()
                break
            except httpx.HTTPError:
                if started.poll() is not None or time.monotonic() > deadline:
                    raise FileNotFoundError(f"{command[0]} did not start") from None
                time.sleep(0.2)
        PROCESSES[ask] = started.pid
        yield started
    finally:
        started.terminate()
        try:
            started.wait(5)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def engine(generation: Path) -> Iterator[str]:
    port = free_port()
    url = f"http://127.0.0.1:{port}/query"
    place = ["--location", str(generation), "--bind", f"127.0.0.1:{port}"]
    with process([str(binary()), "serve-read-only", *place, "--union-default-graph"], url):
        yield url


@contextmanager
def plankg(graph: Path, *arguments: str) -> Iterator[str]:
    port = free_port()
    url = f"http://127.0.0.1:{port}/sparql"
    command = [sys.executable, "-m", "plankg.cli", "serve", "--graph", str(graph), "--port", str(port)]
    root = str(Path(__file__).resolve().parent.parent)
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    }
    with process([*command, *arguments], url, env=environment):
        yield url


def quads(graph: Path, scratch: Path) -> Path:
    """The graph as one file of quads."""
    file = scratch / "graph.nq"
    if not file.exists():
        store.open_store(graph).dump(str(file), format=ox.RdfFormat.N_QUADS)
    return file


@contextmanager
def rdflib_endpoint(graph: Path, scratch: Path) -> Iterator[str]:
    program = shutil.which("rdflib-endpoint") or shutil.which(
        "rdflib-endpoint", path=str(Path(sys.executable).parent)
    )
    if program is None:
        raise FileNotFoundError("rdflib-endpoint is not installed")
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    command = [
        program,
        "serve",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--store",
        "Oxigraph",
        str(quads(graph, scratch)),
    ]
    with process(command, url):
        yield url


@contextmanager
def virtuoso(graph: Path, scratch: Path) -> Iterator[str]:
    program, isql = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if program is None or isql is None:
        raise FileNotFoundError("Virtuoso is not installed")
    folder = scratch / "virtuoso"
    loaded = folder.exists()
    folder.mkdir(exist_ok=True)
    port, http = free_port(), free_port()
    settings = f"""
[Database]
DatabaseFile = {folder}/db.db
ErrorLogFile = {folder}/log
TransactionFile = {folder}/trx
xa_persistent_file = {folder}/pxa
LockFile = {folder}/lck
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{port}
ServerThreads = 40
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 40
MaxKeepAlives = 40
KeepAliveTimeout = 10
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryExecutionTime = {PATIENCE}
"""
    (folder / "virtuoso.ini").write_text(settings, "ascii")
    url = f"http://127.0.0.1:{http}/sparql"
    with process([program, "+foreground", "+configfile", str(folder / "virtuoso.ini")], url, cwd=folder):
        if not loaded:
            shutil.copy(quads(graph, scratch), folder / "graph.nq")
            commands = f"ld_dir('{folder}', 'graph.nq', '{BASE}'); rdf_loader_run(); checkpoint;"
            login = [isql, f"127.0.0.1:{port}", "dba", "dba"]
            subprocess.run([*login, f"exec={commands}"], check=True, capture_output=True, timeout=600)
        yield url


if __name__ == "__main__":
    main()
