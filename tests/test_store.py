"""The graph folder: one generation in use, the next one built beside it."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from loaders.errors import GraphError
from plankg import store

ONE = ox.Quad(ox.NamedNode("http://example.org/a"), ox.NamedNode("http://example.org/b"), ox.Literal(1))


def fill(graph: Path) -> Path:
    with store.new_generation(graph) as folder:
        filled = ox.Store(str(folder))
        filled.add(ONE)
        filled.flush()
        del filled
    return folder


def test_a_generation_is_in_use_when_it_is_whole(tmp_path: Path) -> None:
    graph = tmp_path / "graph"
    assert store.current(graph) is None
    with store.new_generation(graph) as folder:
        assert store.current(graph) is None
    assert store.current(graph) == folder


def test_a_build_that_fails_leaves_the_old_one_in_use_and_nothing_behind(tmp_path: Path) -> None:
    first = fill(tmp_path)
    with pytest.raises(RuntimeError), store.new_generation(tmp_path) as folder:
        (folder / "half").touch()
        raise RuntimeError
    assert store.current(tmp_path) == first
    assert not folder.exists()
    assert len(store.open_store(tmp_path)) == 1


def test_what_a_killed_build_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    first = fill(tmp_path)
    leftover = tmp_path / "generations" / "000002"
    leftover.mkdir()
    (leftover / "half").touch()
    second = fill(tmp_path)
    assert store.current(tmp_path) == second
    assert not (second / "half").exists()
    assert first.exists(), "the one before stays, for a server that has it open"
    third = fill(tmp_path)
    assert (first.exists(), second.exists(), third.exists()) == (False, True, True)


def test_only_one_build_at_a_time(tmp_path: Path) -> None:
    with (
        store.new_generation(tmp_path),
        pytest.raises(GraphError, match="another build is running"),
        store.new_generation(tmp_path),
    ):
        pass


def test_no_graph_and_a_damaged_one_say_so(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match=r"build one with `plankg build"):
        store.open_store(tmp_path / "nothing")
    (tmp_path / "CURRENT").write_text("../../etc", "ascii")
    with pytest.raises(GraphError, match="names no generation"):
        store.open_store(tmp_path)
    assert store.current(tmp_path / "CURRENT") is None
    fill(tmp_path)
    assert len(store.open_store(tmp_path)) == 1


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "graph").touch()
    with (
        pytest.raises(GraphError, match="cannot be used as a graph folder"),
        store.new_generation(tmp_path / "graph"),
    ):
        pass
