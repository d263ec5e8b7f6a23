"""The command line as a user meets it: help, output, and one clear line for everything that goes wrong."""

import hashlib
import json
import socket
from pathlib import Path

import pytest

from loaders.namespaces import safe_iri
from loaders.resources import folder
from plankg import store
from plankg.cli import COMMANDS, main

SEED = str(folder("seeds") / "zhonglou-plan-2023.txt")


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    assert f"Example: plankg {name}" in " ".join(capsys.readouterr().out.split())


def test_the_commands_and_the_version_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    listed = capsys.readouterr().out
    assert all(f"  {name}" in listed for name in COMMANDS)
    assert main(["--version"]) == 0


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["build", "{tmp}/missing.txt"], 1, "no such file or folder"),
        (["build", "{tmp}/empty.txt"], 1, "is empty"),
        (["build", "{tmp}/binary.txt"], 1, "is not a text file"),
        (["extract", "{tmp}/missing.txt"], 1, "no such file or folder"),
        (["extract", "{tmp}/empty.txt"], 1, "is empty"),
        (["extract", "{tmp}/binary.txt"], 1, "is not a text file"),
        (["query", "who-targeted", "--graph", "{tmp}/none"], 1, "no graph in"),
        (["query", "nope"], 1, "no question is called 'nope'"),
        (["query", "who-targeted", "--param", "yaer=2023"], 1, "has no parameter 'yaer'"),
        (["query", "who-targeted", "--param", "year=soon"], 1, "is not a whole number"),
        (["query", "{tmp}/bad.rq"], 1, "malformed query: error at 1:"),
        (["query", "{tmp}/missing.rq"], 1, "no such file"),
        (["query", "{tmp}/triples.rq", "--format", "csv"], 1, "ask for turtle or ntriples"),
        (["query", "reports", "--format", "turtle"], 1, "ask for table, csv"),
        (["dump", "--graph", "{tmp}/none"], 1, "no graph in"),
        (["dump", "--out", "{tmp}/empty.txt/x"], 1, "cannot be written"),
        (["dump", "--out", "{tmp}"], 1, "is not empty and holds no release"),
        (["dump", "--release", "2026/11"], 1, "cannot name a release"),
        (["dump", "--previous", "{tmp}"], 1, "needs a name of its own"),
        (["build", "--from-dump", "{tmp}"], 1, "is no release"),
        (["build", "--from-dump", "{tmp}", "x.txt"], 2, "takes the graph as it is"),
        (["diff", "{tmp}", "{tmp}"], 1, "is neither a graph that was built nor a release"),
        (["serve", "--port", "{port}"], 1, "the port is in use"),
        (["query", "who-targeted", "--param", "year"], 2, "not of the form name=value"),
        (["query", "who-targeted", "--format", "word"], 2, "is not one of"),
        (["nonsense"], 2, "No such command 'nonsense'"),
        (["extract"], 2, "Missing argument"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_goes_wrong_is_said_in_one_line(
    arguments: list[str],
    status: int,
    message: str,
    graph: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PLANKG_GRAPH", str(graph))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.txt").write_bytes(b" \n")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "bad.rq").write_text("SELECT ?x WHERE {", "utf-8")
    (tmp_path / "triples.rq").write_text("CONSTRUCT WHERE { ?s ?p ?o }", "utf-8")
    own = ["--graph", str(tmp_path / "own")] if arguments[0] == "build" else []
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        real = [a.replace("{tmp}", str(tmp_path)).replace("{port}", port) for a in arguments]
        assert main(real + own) == status
    said = capsys.readouterr().err.strip().splitlines()
    assert message in said[-1]
    assert "Traceback" not in "".join(said)
    if status == 1:
        assert len(said) == 1
        assert said[0].startswith("Error: ")


def test_extract_prints_facts_as_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", SEED]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    targets = [row for row in rows if row["kind"] == "target"]
    growth = next(row for row in targets if row["indicator_iri"].endswith("/gdp/growth"))
    assert (growth["number"], growth["value"], growth["unit"], growth["comparator"]) == ("5", 5, "%", "~")
    assert (growth["period"], growth["region"], growth["measure"]) == ("2023", "钟楼区", "growth")
    wanted = "start end number indicator measure value upper unit comparator kind estimated period region"
    assert set(wanted.split()) <= growth.keys()
    assert {"indicator_iri", "region_iri", "sentence", "section", "document"} <= growth.keys()


@pytest.mark.parametrize("what", ["facts", "qualitative"])
def test_extract_prints_tables(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", SEED, "--what", what, "--format", "table"]) == 0
    assert "钟楼区" in capsys.readouterr().out


def test_extract_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", SEED, "--explain"]) == 0
    said = capsys.readouterr().out
    assert "5%左右  地区生产总值 [gdp/growth] growth, target for 2023 in 钟楼区" in said
    assert "numbers that are not facts" in said


def test_extract_writes_one_file_a_report_and_kind(tmp_path: Path) -> None:
    assert main(["extract", SEED, "--out-dir", str(tmp_path / "out")]) == 0
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {
        f"zhonglou-plan-2023.{k}.jsonl" for k in ("facts", "qualitative", "projects", "measures")
    }
    assert len((tmp_path / "out" / "zhonglou-plan-2023.facts.jsonl").read_text("utf-8").splitlines()) > 50


def test_facts_of_the_command_line_are_those_of_the_store(graph: Path, tmp_path: Path) -> None:
    assert main(["extract", str(folder("seeds")), "--out-dir", str(tmp_path)]) == 0
    files = [path.read_text("utf-8") for path in tmp_path.glob("*.facts.jsonl")]
    rows = [json.loads(line) for text in files for line in text.splitlines()]
    printed = store.open_store(graph).query(
        """PREFIX plan: <https://w3id.org/plankg/ontology#>
        SELECT DISTINCT ?s ?start ?indicator WHERE {
          ?s plan:printedValue ?v ; plan:start ?start ; plan:indicator ?indicator }""",
        use_default_graph_as_union=True,
    )
    stored = sorted((int(row["start"].value), row["indicator"].value) for row in printed)  # type: ignore[union-attr]
    assert stored == sorted((row["start"], safe_iri(row["indicator_iri"])) for row in rows)


@pytest.mark.parametrize(
    ("format", "starts"),
    [("csv", "title,"), ("tsv", "?title"), ("json", '{"head"'), ("xml", "<?xml"), ("table", "┏")],
)
def test_query_formats(
    format: str, starts: str, graph: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["query", "reports", "--format", format, "--graph", str(graph)]) == 0
    out = capfdbinary.readouterr().out.decode("utf-8")
    assert out.startswith(starts)
    assert "张家港市2024年政府工作报告" in out


def test_queries_lists_and_describes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["queries"]) == 0
    listed = capsys.readouterr().out
    assert "who-targeted\n" in listed
    assert main(["queries", "who-targeted"]) == 0
    said = capsys.readouterr().out
    assert "--param year=INTEGER" in said
    assert "# parameters" in said


@pytest.mark.slow
def test_dump_writes_checksums_that_hold(graph: Path, tmp_path: Path) -> None:
    assert main(["dump", "--graph", str(graph), "--out", str(tmp_path)]) == 0
    for line in (tmp_path / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest
    turtle = (tmp_path / "reports" / "zhonglou-plan-2023.ttl").read_text("utf-8")
    assert '"5%左右"' in turtle
