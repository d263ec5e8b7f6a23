"""What several tests share: the vocabulary, and one graph built from the seeds."""

import pickle
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from filelock import FileLock

from loaders import vocabulary
from loaders.vocabulary import Vocabulary
from plankg import store
from plankg.build import Built, build
from plankg.server.engine import Engine


@pytest.fixture(scope="session")
def words() -> Vocabulary:
    return vocabulary.load()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> tuple[Path, Built]:
    """The graph of the five seeds and what its build reported: built once, by the first worker that asks."""
    if worker_id == "master":
        graph = tmp_path_factory.mktemp("seeds") / "graph"
        return graph, build([], graph)
    shared = tmp_path_factory.getbasetemp().parent / "seeds"
    graph, told = shared / "graph", shared / "built.pickle"
    with FileLock(f"{shared}.lock"):
        if not told.exists():
            shared.mkdir()
            told.write_bytes(pickle.dumps(build([], graph)))
    return graph, pickle.loads(told.read_bytes())


@pytest.fixture(scope="session")
def graph(built: tuple[Path, Built]) -> Path:
    """The folder of the graph of the five seeds. Tests read it and do not change it."""
    return built[0]


@pytest.fixture(scope="session")
def seeds(graph: Path) -> ox.Store:
    """The opened graph of the five seeds."""
    return store.open_store(graph)


@pytest.fixture(scope="session")
def engine(graph: Path) -> Iterator[Engine]:
    """The native engine on the graph of the five seeds."""
    generation = store.current(graph)
    assert generation is not None
    with Engine(generation) as running:
        yield running
