"""Reports -> graph: what is read again, what fails, what is the same in every build."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from loaders.errors import DocumentError
from loaders.namespaces import BASE, GRAPH
from loaders.resources import folder
from plankg import store
from plankg.build import Built, build

SEED = folder("seeds") / "zhonglou-plan-2023.txt"


def test_the_seeds_give_a_graph_a_report_and_the_shared_ones(built: tuple[Path, Built]) -> None:
    opened = store.open_store(built[0])
    names = {
        graph.value.removeprefix(GRAPH) for graph in opened.named_graphs() if isinstance(graph, ox.NamedNode)
    }
    assert {f"report/{reading.slug}" for reading in built[1].readings} <= names
    assert {"ontology", "indicators", "units", "regions", "topics", "metadata", "periods", "plans"} <= names
    assert len(built[1].readings) == 5
    assert len(opened) == built[1].quads
    assert not list(opened.quads_for_pattern(None, None, None, ox.DefaultGraph()))


def test_readings_count_what_the_graph_holds(built: tuple[Path, Built]) -> None:
    opened = store.open_store(built[0])
    for reading in built[1].readings:
        report = f"<{BASE}report/{reading.slug}>"
        rows = opened.query(
            f"""PREFIX plan: <{BASE}ontology#> SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{
            ?s a plan:Statement ; plan:statedIn {report} }}""",
            use_default_graph_as_union=True,
        )
        assert isinstance(rows, ox.QuerySolutions)
        counted = next(iter(rows))["n"]
        assert isinstance(counted, ox.Literal)
        assert int(counted.value) == reading.counts["statementCount"] > 50
        assert reading.counts["numbersSeen"] == (
            reading.counts["numbersExplained"] + reading.counts["numbersUnexplained"]
        )


@pytest.mark.slow
def test_an_unchanged_report_is_not_read_again_and_a_changed_one_is(tmp_path: Path) -> None:
    report = tmp_path / "zhonglou.txt"
    report.write_bytes(SEED.read_bytes())
    graph = tmp_path / "graph"
    assert [reading.cached for reading in build([report], graph).readings] == [False]
    assert [reading.cached for reading in build([report], graph).readings] == [True]
    report.write_text(SEED.read_text("utf-8").replace("5%左右", "6%左右"), "utf-8")
    assert [reading.cached for reading in build([report], graph).readings] == [False]
    quoted = {q.object.value for q in _pattern(store.open_store(graph), "printed")}
    assert "6%左右" in quoted


@pytest.mark.slow
def test_every_report_that_cannot_be_read_is_named_and_the_old_graph_stays(tmp_path: Path) -> None:
    graph = tmp_path / "graph"
    first = build([SEED], graph)
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 40)
    with pytest.raises(DocumentError) as raised:
        build([tmp_path], graph)
    assert len(str(raised.value).splitlines()) == 2
    assert "empty.txt" in str(raised.value)
    assert "binary.txt" in str(raised.value)
    assert store.current(graph) == first.generation
    assert len(store.open_store(graph)) == first.quads


def _pattern(opened: ox.Store, local: str) -> list[ox.Quad]:
    found = opened.quads_for_pattern(None, ox.NamedNode(f"{BASE}ontology#{local}"), None, None)
    return list(found)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_a_build_killed_at_any_moment_leaves_the_old_graph_and_the_next_succeeds(tmp_path: Path) -> None:
    graph = tmp_path / "graph"
    first = build([SEED], graph)
    command = [sys.executable, "-m", "plankg.cli", "build", "--graph", str(graph)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    started = time.monotonic()
    subprocess.run(command, check=True, capture_output=True, env=environment, cwd=tmp_path)
    whole = time.monotonic() - started
    build([SEED], graph)
    moments = random.Random(5)
    completed = killed = 0
    for _ in range(20):
        before = store.current(graph)
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, cwd=tmp_path
        )
        time.sleep(moments.uniform(0.05, 1.1 * whole))
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        now = store.current(graph)
        assert now is not None
        completed += now != before
        quads = len(store.open_store(graph))
        assert quads >= first.quads
    assert killed > 5
    time.sleep(1)  # its readers end with it
    last = build([], graph)
    assert store.current(graph) == last.generation
    assert len(last.readings) == 5
    assert len(list((graph / "generations").iterdir())) <= 2
