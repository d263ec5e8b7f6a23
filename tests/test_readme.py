"""The headline question of the README in each of its forms, against the seeds' graph: what is shown is what
comes out."""

import csv
import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import httpx
import pandas as pd
import pytest
from test_server import start, stop

import plankg
from plankg.cli import main

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
HEADLINE = README.partition("## Which regions targeted 5% GDP growth?\n")[2].partition("\n## ")[0]


def shown(language: str, answer: str) -> tuple[str, str]:
    """The one block in a language and the block of its answer that follows."""
    found = re.findall(rf"```{language}\n(.*?)```\n\n```{answer}\n(.*?)```", HEADLINE, re.DOTALL)
    assert len(found) == 1
    return found[0]


def rows(text: str, columns: int) -> list[list[str]]:
    return [row[:columns] for row in csv.reader(io.StringIO(text.removeprefix("\ufeff")))]


@pytest.fixture(scope="module")
def address(graph: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running `plankg serve` on the seeds' graph."""
    process, url = start("--graph", str(graph), cwd=tmp_path_factory.mktemp("served"))
    try:
        yield url
    finally:
        stop(process)


def test_the_command_line(graph: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    command, answer = shown("sh", "csv")
    assert main([*shlex.split(command)[1:], "--graph", str(graph)]) == 0
    assert rows(capfdbinary.readouterr().out.decode("utf-8"), 3) == rows(answer, 3)


def test_sparql(graph: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    query, answer = shown("sparql", "csv")
    (tmp_path / "readme.rq").write_text(query, "utf-8")
    assert main(["query", str(tmp_path / "readme.rq"), "--format", "csv", "--graph", str(graph)]) == 0
    assert rows(capfdbinary.readouterr().out.decode("utf-8"), 3) == rows(answer, 3)


def test_sparql_at_the_endpoint(address: str) -> None:
    query, answer = shown("sparql", "csv")
    told = httpx.post(
        f"{address}sparql", data={"query": query}, headers={"accept": "text/csv"}, trust_env=False
    )
    assert rows(told.text, 3) == rows(answer, 3)


@pytest.mark.parametrize("suffix", ["", ".csv", ".json", ".xlsx"])
def test_the_web_address(suffix: str, address: str) -> None:
    (url,) = re.findall(r"```text\nhttp://127\.0\.0\.1:7878/(questions\S+)\n```", HEADLINE)
    path, _, parameters = url.partition("?")
    accept = {} if suffix else {"accept": "text/html"}
    told = httpx.get(f"{address}{path}{suffix}?{parameters}", headers=accept, trust_env=False)
    assert told.status_code == 200
    expected = rows(shown("sh", "csv")[1], 3)
    if suffix == ".csv":
        assert rows(told.text, 3) == expected
    elif suffix == ".json":
        assert [[row[name] for name in expected[0]] for row in told.json()["rows"]] == expected[1:]
    elif suffix == ".xlsx":
        frame = pd.read_excel(io.BytesIO(told.content), dtype=str)
        assert [list(frame.columns[:3]), *frame.iloc[:, :3].to_numpy().tolist()] == expected
    else:
        assert told.headers["content-type"].startswith("text/html")
        words = re.sub("<[^>]+>", "", told.text)
        assert all(cell in words for row in expected[1:] for cell in row)


def test_python_on_a_folder_and_on_the_address_of_a_server(
    graph: Path,
    address: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, answer = shown("python", "text")
    (tmp_path / "graph").symlink_to(graph, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    for text in (code, code.replace('open("graph")', f'open("{address}")')):
        assert text == code or address in text
        exec(text, {})
        assert capsys.readouterr().out.split() == answer.split()


def test_a_server_gives_the_frames_a_folder_gives(graph: Path, address: str) -> None:
    here, there = plankg.open(graph), plankg.open(address)
    for options in ({"region": "苏州市", "year": 2023}, {"indicator": "gdp/growth", "wide": True}):
        pd.testing.assert_frame_equal(here.facts(**options), there.facts(**options))  # type: ignore[arg-type]
    query = "SELECT (COUNT(*) AS ?n) WHERE { ?r a <https://w3id.org/plankg/ontology#Report> }"
    assert there.query(query)["n"].tolist() == here.query(query)["n"].tolist()
