"""The W3C's suites against `plankg serve --writable`; skipped where they are absent.

Put `sparql/sparql11/protocol`, `graph-store-protocol` and `service-description` of the W3C's repository `rdf-tests`
into a folder and name it: `PLANKG_W3C=folder python -m pytest tests/w3c`.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import serving

from plankg import store

sys.path.insert(0, str(Path(__file__).parent))
import suite

FOLDER = os.environ.get("PLANKG_W3C", "")
CASES = suite.read(Path(FOLDER)) if FOLDER else []
TOKEN = "a token for tests of writing"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[suite.Server]:
    graph = tmp_path_factory.mktemp("w3c") / "graph"
    with store.new_generation(graph) as folder:
        ox.Store(str(folder)).flush()
    with serving.plankg(graph, "--writable", environment={"PLANKG_TOKEN": TOKEN}) as running:
        headers = {"authorization": f"Bearer {TOKEN}"}
        yield suite.Server(f"{running.url}sparql", f"{running.url}sparql", f"{running.url}store", headers)


@pytest.mark.skipif(not FOLDER, reason="the W3C's suites are not here: name their folder in PLANKG_W3C")
def test_the_suites_are_whole() -> None:
    counts = {kind: sum(case.kind == kind for case in CASES) for kind in (suite.PROTOCOL, suite.STORE)}
    assert counts[suite.PROTOCOL] >= 34 and counts[suite.STORE] >= 12, counts


@pytest.mark.parametrize("case", CASES, ids=[f"{case.kind}-{case.name}" for case in CASES])
def test_the_server_passes(case: suite.Case, server: suite.Server) -> None:
    with suite.client() as client:
        assert suite.run(case, server, client) == ""
