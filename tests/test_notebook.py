"""The notebook of the documentation runs from its first cell to its last and shows what it shows."""

import json
import os
from pathlib import Path

import nbclient
import nbformat
import pytest

#: a kernel is started and every cell is run
pytestmark = pytest.mark.slow
PATH = Path(__file__).resolve().parent.parent / "docs" / "first-steps.ipynb"


@pytest.fixture(scope="module")
def run(graph: Path) -> nbformat.NotebookNode:
    """The notebook after a run beside the graph of the seeds, with nothing in it that differs between runs."""
    notebook = nbformat.read(PATH, as_version=4)
    where = {"metadata": {"path": str(graph.parent)}}
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3", resources=where).execute()
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    )
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})
    return notebook


def shown(notebook: nbformat.NotebookNode) -> list[str]:
    """What each cell of code printed."""
    return [
        "".join(output.get("text", "") for output in cell.outputs)
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def test_it_shows_what_it_shows(run: nbformat.NotebookNode) -> None:
    if os.environ.get("PLANKG_WRITE_DOCS"):
        nbformat.write(run, PATH)
    kept = nbformat.read(PATH, as_version=4)
    assert shown(kept) == shown(run), "run the tests once with PLANKG_WRITE_DOCS=1 to write it anew"


def test_every_cell_that_asks_has_an_answer(run: nbformat.NotebookNode) -> None:
    first, *others = shown(run)
    assert first == "" and all(len(text.splitlines()) > 3 for text in others)


def test_it_prints_and_nothing_else(run: nbformat.NotebookNode) -> None:
    """Plain text shows the same on every page and in every difference."""
    kinds = {output.output_type for cell in run.cells for output in cell.get("outputs", ())}
    assert kinds == {"stream"}


def test_it_knows_no_machine_and_no_day() -> None:
    text = PATH.read_text("utf-8")
    assert "/home" not in text and "/tmp" not in text and "iopub" not in text
    assert json.loads(text)["metadata"].keys() == {"kernelspec"}
