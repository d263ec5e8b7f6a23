"""What the documents say is what the program does: every command in them is run, every table is made anew."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from loaders.resources import folder
from plankg import questions
from plankg.cli import COMMANDS
from plankg.results import shorten

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def commands(document: str) -> list[str]:
    text = (ROOT / document).read_text("utf-8")
    return [
        line for block in BLOCK.findall(text) for line in block.splitlines() if line.startswith("plankg ")
    ]


def run(command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    line, _, target = command.partition(" > ")
    words = [sys.executable, "-m", "plankg.cli", *shlex.split(line)[1:]]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    environment.pop("PLANKG_GRAPH", None)
    done = subprocess.run(
        words, cwd=cwd, capture_output=True, text=True, encoding="utf-8", env=environment, timeout=300
    )
    if target:
        (cwd / target).write_text(done.stdout, "utf-8")
    return done


@pytest.mark.slow
def test_every_command_of_cli_md_runs(tmp_path: Path) -> None:
    shutil.copy(folder("seeds") / "zhonglou-plan-2023.txt", tmp_path / "report.txt")
    told = commands("docs/cli.md")
    assert {shlex.split(command)[1] for command in told} == set(COMMANDS)
    for command in told:
        done = run(command, tmp_path)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
    assert len((tmp_path / "facts.jsonl").read_text("utf-8").splitlines()) > 50
    assert (tmp_path / "2026.10" / "SHA256SUMS").exists()


def test_the_commands_of_queries_md_and_the_readme_run(graph: Path, tmp_path: Path) -> None:
    example = re.search(r"```sparql\n(.*?)```", (ROOT / "docs" / "queries.md").read_text("utf-8"), re.DOTALL)
    assert example
    (tmp_path / "mine.rq").write_text(example[1], "utf-8")
    for command in [*commands("docs/queries.md"), *commands("README.md")]:
        if shlex.split(command)[1] == "query":
            done = run(f"{command} --graph {shlex.quote(str(graph))} --format csv", tmp_path)
            assert done.returncode == 0, f"{command}\n{done.stderr}"
            assert len(done.stdout.splitlines()) > 3, command


def table_of_questions() -> str:
    lines = []
    for question in questions.all_questions():
        lines.append(
            f"### {question.name}\n\n{question.title} {question.title_zh}\n\n{question.description}\n"
        )
        if question.parameters:
            lines.append("| parameter | type | meaning | default |\n|---|---|---|---|")
        for parameter in question.parameters:
            default = "" if parameter.default is None else f"`{shorten(parameter.default.value)}`"
            lines.append(f"| `{parameter.name}` | {parameter.type} | {parameter.description} | {default} |")
        lines.append("")
    return "\n".join(lines)


def test_queries_md_describes_every_question() -> None:
    path = ROOT / "docs" / "queries.md"
    head, begin, rest = path.read_text("utf-8").partition("<!-- questions -->\n")
    _, end, tail = rest.partition("<!-- end -->")
    expected = head + begin + table_of_questions() + end + tail
    if os.environ.get("PLANKG_WRITE_DOCS"):
        path.write_text(expected, "utf-8", newline="\n")
    assert path.read_text("utf-8") == expected, "run the tests once with PLANKG_WRITE_DOCS=1 to write it anew"


@pytest.mark.parametrize(
    "document", ["README.md", "docs/cli.md", "docs/queries.md", "docs/releases.md", "CHANGELOG.md"]
)
def test_links_within_the_project_lead_somewhere(document: str) -> None:
    path = ROOT / document
    for target in re.findall(r"\]\((?!https?://)([^)#]+)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), target
