"""``plankg extract``: reports -> rows, without a graph."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import click
from rich.table import Table

from loaders import pipeline, vocabulary
from loaders.model import Extraction
from plankg import rows, sources
from plankg.commands import err, out

Rows = Callable[[Extraction], Iterator[dict[str, Any]]]
KINDS: Final[dict[str, Rows]] = {
    "facts": rows.facts,
    "qualitative": rows.qualitative,
    "projects": rows.projects,
    "measures": rows.measures,
}


@click.command(epilog="Example: plankg extract report.txt --what facts --format jsonl > report.facts.jsonl")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "--what", type=click.Choice(list(KINDS)), default="facts", show_default=True, help="What to read."
)
@click.option("--format", "format", type=click.Choice(["jsonl", "table"]), default="jsonl", show_default=True)
@click.option(
    "--out-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write NAME.facts.jsonl, NAME.qualitative.jsonl, NAME.projects.jsonl and NAME.measures.jsonl there.",
)
@click.option(
    "--explain", is_flag=True, help="Show every sentence with what was read from it, by which rule."
)
def command(files: Sequence[Path], what: str, format: str, out_dir: Path | None, explain: bool) -> None:
    """Read reports and print what they state, one row each: the facts, or --what else.

    Offsets count code points of the file's text; value and unit are as printed.
    """
    if out_dir is not None:
        out_dir.mkdir(parents=True, exist_ok=True)
    words = vocabulary.load()
    reports = sources.collect(files)
    for number, report in enumerate(reports, 1):
        extraction = pipeline.extract(pipeline.read(report.path), words, report.source)
        if out_dir is not None:
            for kind, read in KINDS.items():
                path = out_dir / f"{extraction.document.name}.{kind}.jsonl"
                path.write_text("".join(map(_line, read(extraction))), "utf-8", newline="\n")
            err().print(f"{number}/{len(reports)} {extraction.document.name}", markup=False)
        elif explain:
            for text in rows.explain(extraction):
                click.echo(text)
        elif format == "table":
            _table(list(KINDS[what](extraction)))
        else:
            sys.stdout.writelines(map(_line, KINDS[what](extraction)))


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def _table(found: Sequence[dict[str, Any]]) -> None:
    if not found:
        return
    hidden = {"sentence", "section", "document", "indicator_iri", "region_iri"}
    names = [name for name in found[0] if name not in hidden]
    table = Table(*names)
    for row in found:
        table.add_row(*("" if row[name] is None else str(row[name]) for name in names))
    console = out()
    if not console.is_terminal:
        console.width = 100_000
    console.print(table, markup=False)
