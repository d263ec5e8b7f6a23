"""A long rough day of the server in short: 30 clients of all kinds, engines that are killed, graphs that are swapped.

One minute here; ten with ``PLANKG_SOAK=600``. Answers are compared with those the library computed beforehand on both
graphs. Nothing is measured: a request may be slow, and on a slow machine many have no time left (504); but none may be
wrong, hang, or fail with the wrong status, and after every trouble there are good answers again.
"""

import asyncio
import hashlib
import json
import os
import random
import shutil
import signal
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pyoxigraph as ox
import pytest
import serving

from loaders.namespaces import BASE, PLAN
from plankg import questions, store

SECONDS = float(os.environ.get("PLANKG_SOAK", "60"))
KILLS, SWAPS = 5, 2
TIMEOUT = 10  # of a query, at the server
PATIENCE = 60  # of a client: a request that takes longer hangs
JSON = {"accept": "application/sparql-results+json"}
RUNAWAYS = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f LIMIT 5",
    "SELECT (COUNT(*) AS ?n) { ?a (!<a:a>)* ?c }",
)
MANY = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 60000"
#: Statuses a client of each kind may see. 503: no place, or an engine has just died; 504: the time is up.
ALLOWED = {
    "good": {200, 503, 504},
    "again": {200, 304, 503, 504},
    "slow": {200, 503, 504},
    "many": {200, 503, 504},
    "runaway": {503, 504},
    "malformed": {400, 405, 406, 415},
    "huge": {413, 414, 431},
    "abandoned": set(),
}
CLIENTS = {
    "good": 13,
    "again": 2,
    "slow": 3,
    "many": 2,
    "runaway": 2,
    "malformed": 3,
    "huge": 2,
    "abandoned": 3,
}


def digest(answer: bytes) -> str:
    """The rows of an answer, whatever their order."""
    found = json.loads(answer)
    rows = [found["boolean"]] if "boolean" in found else found["results"]["bindings"]
    lines = sorted(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def workload() -> list[str]:
    """The project's questions and some small lookups."""
    lookups = [
        f"SELECT ?p ?o {{ <{BASE}{thing}> ?p ?o FILTER(!isBlank(?o)) }}"
        for thing in (
            "region/320500",
            "region/320582",
            "indicator/gdp",
            "indicator/gdp/growth",
            "unit/percent",
        )
    ]
    counts = [
        f"SELECT (COUNT(*) AS ?n) {{ ?s a <{PLAN}{kind}> }}" for kind in ("Target", "Result", "Project")
    ]
    return [question.text for question in questions.all_questions()] + (lookups + counts + ["ASK {}"]) * 2


def answers(folder: Path, queries: list[str]) -> list[str]:
    opened = ox.Store.read_only(str(folder))
    kind = ox.QueryResultsFormat.JSON
    return [digest(opened.query(q, use_default_graph_as_union=True).serialize(format=kind)) for q in queries]


@dataclass
class Soak:
    """What is going on, and what has been seen of it."""

    url: str
    queries: list[str]
    known: dict[str, list[str]]  # the answers by name of the graph
    right: set[str]  # the graphs an answer may be of now
    seen: dict[str, Counter[str]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    kept: dict[int, tuple[str, bytes]] = field(default_factory=dict)  # answers and their tags, by query
    served: list[int] = field(default_factory=lambda: [0])  # good answers up to each trouble
    over: bool = False

    def note(self, kind: str, status: int, about: str, again: str | None = None) -> None:
        self.seen.setdefault(kind, Counter())[str(status)] += 1
        if status not in ALLOWED[kind]:
            self.wrong.append(f"{kind}: status {status} for {about}")
        if status in (429, 503) and again is None and kind != "runaway":  # that may be for its memory
            self.wrong.append(f"{kind}: status {status} without Retry-After for {about}")

    def compare(self, kind: str, number: int, answer: bytes, before: set[str]) -> None:
        """Whether an answer is that of a graph that was in use while it was asked for."""
        may = {self.known[name][number] for name in before | self.right}
        if digest(answer) not in may:
            self.wrong.append(f"{kind}: a wrong answer to {self.queries[number][:200]!r}")


Client = Callable[[Soak, httpx.AsyncClient, random.Random], Awaitable[None]]


async def good(soak: Soak, client: httpx.AsyncClient, dice: random.Random) -> None:
    number = dice.randrange(len(soak.queries))
    before = set(soak.right)
    query = soak.queries[number]
    if dice.random() < 0.5:
        answer = await client.get("sparql", params={"query": query}, headers=JSON)
    else:
        answer = await client.post("sparql", data={"query": query}, headers=JSON)
    soak.note("good", answer.status_code, query[:80], answer.headers.get("retry-after"))
    if answer.status_code == 200:
        soak.compare("good", number, answer.content, before)
        soak.served[-1] += 1
    await asyncio.sleep(dice.random() / 5)


async def again(soak: Soak, client: httpx.AsyncClient, dice: random.Random) -> None:
    """Asks whether what it has is still right."""
    number = dice.randrange(len(soak.queries))
    before = set(soak.right)
    tag, body = soak.kept.get(number, ("", b""))
    headers = JSON | ({"if-none-match": tag} if tag else {})
    answer = await client.get("sparql", params={"query": soak.queries[number]}, headers=headers)
    soak.note("again", answer.status_code, soak.queries[number][:80], answer.headers.get("retry-after"))
    if answer.status_code == 200:
        body = answer.content
        soak.kept[number] = (answer.headers.get("etag", ""), body)
    if answer.status_code in (200, 304):
        soak.compare("again", number, body, before)
    await asyncio.sleep(dice.random() / 5)


async def many(soak: Soak, client: httpx.AsyncClient, dice: random.Random) -> None:
    """A long answer, which is whole or is seen to be cut."""
    try:
        answer = await client.get("sparql", params={"query": MANY}, headers={"accept": "text/csv"})
    except httpx.RemoteProtocolError:
        soak.seen.setdefault("many", Counter())["cut"] += 1
        return
    soak.note("many", answer.status_code, MANY, answer.headers.get("retry-after"))
    if answer.status_code == 200 and answer.content.count(b"\r\n") < 60001:
        soak.wrong.append("many: an answer that looks whole and is not")
    await asyncio.sleep(1)


async def slow(soak: Soak, client: httpx.AsyncClient, dice: random.Random) -> None:
    """Writes its request in pieces and reads its answer in sips."""
    parts = urlsplit(soak.url)
    number = dice.randrange(len(soak.queries))
    before = set(soak.right)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=4096)
    try:
        target = f"/sparql?query={quote(soak.queries[number], safe='')}"
        request = f"GET {target} HTTP/1.1\r\nHost: a\r\nAccept: {JSON['accept']}\r\nConnection: close\r\n\r\n"
        for at in range(0, len(request), 400):
            writer.write(request[at : at + 400].encode())
            await asyncio.sleep(0.05)
        got = b""
        while chunk := await asyncio.wait_for(reader.read(2000), PATIENCE):
            got += chunk
            await asyncio.sleep(0.02)
    finally:
        writer.close()
    head, _, body = got.partition(b"\r\n\r\n")
    if not head:
        soak.wrong.append("slow: a connection closed without an answer")
        return
    retry = "1" if b"retry-after" in head.lower() else None
    soak.note("slow", int(head.split(b" ", 2)[1]), soak.queries[number][:80], retry)
    if head.split(b" ", 2)[1] == b"200":
        if b"transfer-encoding: chunked" in head.lower():
            body = unchunk(body)
        soak.compare("slow", number, body, before)
    await asyncio.sleep(dice.random())


def unchunk(body: bytes) -> bytes:
    whole, at = b"", 0
    while True:
        line, _, _ = body[at:].partition(b"\r\n")
        size = int(line, 16)
        if not size:
            return whole
        at += len(line) + 2
        whole += body[at : at + size]
        at += size + 2


async def runaway(soak: Soak, client: httpx.AsyncClient, dice: random.Random) -> None:
    query = dice.choice(RUNAWAYS)
    started = time.monotonic()
    answer = await client.post("sparql", data={"query": query}, headers=JSON)
    soak.note("runaway", answer.status_code, query, answer.headers.get("retry-after"))
    if time.monotonic() - started > TIMEOUT + 30:
        soak.wrong.append(f"runaway: {time.monotonic() - started:.0f} s for {query}")
    await asyncio.sleep(5 + 10 * dice.random())


async def malformed(soak: Soak, client: httpx.AsyncClient, dice: random.Random) -> None:
    broken = soak.queries[0][: dice.randrange(20, 200)]
    kind = {"content-type": "application/sparql-query"}
    answer = await dice.choice(
        [
            lambda: client.get("sparql", params={"query": broken}),
            lambda: client.post("sparql", content=os.urandom(200), headers=kind),
            lambda: client.post("sparql", content=b"ASK {}", headers={"content-type": "text/plain"}),
            lambda: client.get("sparql?query=ASK%7B%7D&query=ASK%7B%7D"),
            lambda: client.put("sparql", content=b"x"),
            lambda: client.get("sparql", params={"query": "ASK {}"}, headers={"accept": "image/png"}),
        ]
    )()
    soak.note("malformed", answer.status_code, f"{answer.request.method} {answer.request.url}"[:120])
    await asyncio.sleep(dice.random() / 4)


async def huge(soak: Soak, client: httpx.AsyncClient, dice: random.Random) -> None:
    try:
        if dice.random() < 0.7:
            answer = await client.post("sparql", data={"query": "ASK {} #" + "x" * (3 << 20)})
        else:
            answer = await client.get("sparql", params={"query": "ASK {}"}, headers={"x": "x" * 300_000})
        soak.note("huge", answer.status_code, "a huge request")
    except (httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):  # closed while we were sending
        soak.seen.setdefault("huge", Counter())["closed"] += 1
    await asyncio.sleep(dice.random())


async def abandoned(soak: Soak, client: httpx.AsyncClient, dice: random.Random) -> None:
    """Goes away without its answer."""
    query = dice.choice([*RUNAWAYS, MANY, *soak.queries[:25]])
    try:
        async with asyncio.timeout(dice.random() * 2):
            async with client.stream("GET", "sparql", params={"query": query}) as answer:
                async for _ in answer.aiter_raw(4096):
                    await asyncio.sleep(dice.random())
    except TimeoutError:
        pass
    soak.seen.setdefault("abandoned", Counter())["gone"] += 1
    await asyncio.sleep(dice.random() * 2)


KINDS: dict[str, Client] = {
    "good": good,
    "again": again,
    "slow": slow,
    "many": many,
    "runaway": runaway,
    "malformed": malformed,
    "huge": huge,
    "abandoned": abandoned,
}


async def one(kind: str, number: int, soak: Soak) -> None:
    """A client: the same thing until all is over, one request after the other."""
    dice = random.Random(f"{kind} {number}")
    async with httpx.AsyncClient(base_url=soak.url, trust_env=False, timeout=PATIENCE) as client:
        while not soak.over:
            try:
                await asyncio.wait_for(KINDS[kind](soak, client, dice), PATIENCE + 20)
            except (TimeoutError, httpx.TimeoutException):
                soak.wrong.append(f"{kind}: no answer within {PATIENCE} seconds")
            except (httpx.TransportError, ConnectionError) as error:
                soak.seen.setdefault(kind, Counter())[type(error).__name__] += 1
                if kind != "abandoned":
                    soak.wrong.append(f"{kind}: {type(error).__name__} {error}")


def engines(process: int) -> list[int]:
    """The process ids of the engines of a server."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
                name = (folder / "comm").read_text("utf-8").strip()
            except OSError:
                continue
            if int(fields[1]) == process and name.startswith("oxigraph") and fields[0] != "Z":
                found.append(int(folder.name))
    return sorted(found)


def resident(process: int) -> int:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


async def trouble(soak: Soak, process: int, graph: Path, others: dict[str, Path]) -> None:
    """Kills engines and swaps graphs, spread over the time."""
    happenings = [("kill", "")] * KILLS
    for number, name in enumerate(list(others)[:SWAPS]):
        happenings.insert(2 * number + 1, ("swap", name))
    dice = random.Random(7)
    for what, name in happenings:
        await asyncio.sleep(SECONDS / (len(happenings) + 1))
        if what == "kill":
            running = engines(process)
            for engine in running if dice.random() < 0.5 else running[:1]:
                os.kill(engine, signal.SIGKILL)
            soak.seen.setdefault("trouble", Counter())["engine killed" if running else "no engine"] += 1
            soak.served.append(0)
            continue
        soak.right.add(name)
        await asyncio.to_thread(swap, graph, others[name])
        deadline = time.monotonic() + 60
        async with httpx.AsyncClient(base_url=soak.url, trust_env=False, timeout=PATIENCE) as client:
            marker = f"ASK {{ <{BASE}graph/marker> <{PLAN}marker> '{name}' }}"
            while time.monotonic() < deadline:
                answer = await client.get("sparql", params={"query": marker}, headers=JSON)
                if answer.status_code == 200 and answer.json()["boolean"]:
                    break
                await asyncio.sleep(0.3)
            else:
                soak.wrong.append(f"graph {name} is not served a minute after it was built")
        await asyncio.sleep(2)  # both may be answered until all engines have changed over
        soak.right = {name}
        soak.seen.setdefault("trouble", Counter())["graph swapped"] += 1
        soak.served.append(0)


def swap(graph: Path, other: Path) -> None:
    """Puts another store into use as a build does."""
    with store.new_generation(graph) as folder:
        shutil.copytree(other, folder, dirs_exist_ok=True)


def marked_copy(store_: Path, folder: Path, name: str, less: bool) -> Path:
    """A copy of a store that says its name; with ``less`` some statements are gone."""
    shutil.copytree(store_, folder)
    opened = ox.Store(str(folder))
    if less:
        opened.update(f"DELETE WHERE {{ GRAPH <{BASE}graph/report/suzhou-plan-2023> {{ ?s ?p ?o }} }}")
        opened.update(
            f"DELETE {{ GRAPH ?g {{ ?s <{PLAN}printed> ?o }} }} INSERT {{ GRAPH ?g {{ ?s <{PLAN}printed> ?n }} }} "
            f"WHERE {{ GRAPH ?g {{ ?s <{PLAN}printed> ?o }} BIND(CONCAT(STR(?o), '!') AS ?n) }}"
        )
    node = ox.NamedNode(f"{BASE}graph/marker")
    opened.add(ox.Quad(node, ox.NamedNode(f"{PLAN}marker"), ox.Literal(name), node))
    opened.flush()
    return folder


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="processes and memory are read from /proc")
def test_nothing_is_wrong_hangs_or_grows_on_a_rough_day(graph: Path, tmp_path: Path) -> None:
    generation = store.current(graph)
    assert generation is not None
    stores = {
        name: marked_copy(generation, tmp_path / name, name, less)
        for name, less in (("first", False), ("second", True), ("third", False))
    }
    queries = workload()
    known = {name: answers(folder, queries) for name, folder in stores.items()}
    changed = sum(a != b for a, b in zip(known["first"], known["second"], strict=True))
    assert changed > 10, "the swap must be seen in the answers"
    served = tmp_path / "graph"
    swap(served, stores["first"])
    arguments = ("--timeout", str(TIMEOUT), "--cache", "16", "--drain", "5")
    with serving.plankg(served, *arguments) as running:
        soak = Soak(running.url, queries, known, {"first"})
        process = running.process.pid
        memory: list[int] = []

        async def day() -> None:
            clients = [
                asyncio.create_task(one(kind, n, soak))
                for kind, count in CLIENTS.items()
                for n in range(count)
            ]
            others = {name: stores[name] for name in ("second", "third")}
            troubled = asyncio.create_task(trouble(soak, process, served, others))
            until = time.monotonic() + SECONDS
            while time.monotonic() < until or not troubled.done():
                await asyncio.sleep(SECONDS / 60)
                memory.append(resident(process))
                if running.process.poll() is not None:
                    soak.wrong.append("the server ended")
                    break
            soak.over = True
            await asyncio.wait_for(asyncio.gather(*clients), PATIENCE + 30)
            await troubled

        asyncio.run(day())
        report = "; ".join(f"{kind}: {dict(counts)}" for kind, counts in sorted(soak.seen.items()))
        warm, end = (int(statistics.median(part)) >> 20 for part in (memory[15:30], memory[-15:]))
        print(f"\n{SECONDS:.0f} s: {report}; memory of the server {warm} MiB then, {end} MiB in the end")
        assert not soak.wrong, (Counter(soak.wrong).most_common(20), report)
        assert soak.seen["trouble"] == {"engine killed": KILLS, "graph swapped": SWAPS}
        assert len(soak.served) == KILLS + SWAPS + 1
        assert all(soak.served), f"no good answer after a trouble: {soak.served}; {report}"
        assert end - warm < 48, (warm, end)
        time.sleep(3)
        assert len(engines(process)) <= 3
        health = httpx.get(f"{running.url}health", trust_env=False)
        assert health.status_code == 200
        last = httpx.get(f"{running.url}sparql", params={"query": queries[0]}, headers=JSON, trust_env=False)
        assert digest(last.content) == known["third"][0]
    assert running.process.returncode == 0, "".join(running.said)[-2000:]
