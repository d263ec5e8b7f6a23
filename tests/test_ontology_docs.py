"""The documentation of the ontology is what the ontology gives now, whole and well-formed."""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from plankg import ontology_docs as docs

PAGE = docs.page()
HEADINGS = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)


def test_the_documentation_is_up_to_date() -> None:
    assert docs.stale() == [], "run python -m plankg.ontology_docs"


@pytest.mark.slow
def test_the_same_turtle_gives_the_same_bytes() -> None:
    """Whatever the order in which Python keeps its sets."""
    program = "from plankg import ontology_docs as d; print(d.page() + d.diagram())"
    made = {
        subprocess.run(
            [sys.executable, "-X", "utf8", "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(made) == 1


def test_every_entry_of_the_contents_leads_to_a_heading() -> None:
    contents = re.findall(r"^\* \[(.+)\]\(#(.+)\)$", PAGE, re.MULTILINE)
    assert [name for name, _ in contents] == HEADINGS[1:]
    for name, anchor in contents:
        assert anchor == re.sub(r"[^\w -]", "", name.lower()).replace(" ", "-")


@pytest.mark.parametrize("term", docs.properties(), ids=docs.short)
def test_every_property_is_described(term: object) -> None:
    (line,) = re.findall(rf"^\| `{re.escape(docs.short(term))}` \|.*$", PAGE, re.MULTILINE)  # type: ignore[arg-type]
    assert line.count("|") == 6
    assert not line.endswith("|  |")


def test_every_example_is_shown() -> None:
    assert PAGE.count("```turtle") == len(docs.EXAMPLES)
    assert "skos:hiddenLabel" not in PAGE


def test_the_diagram_shows_each_class_and_line() -> None:
    drawing = ET.fromstring(docs.diagram())
    words = [text.text for text in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert set(docs.PLACES) <= set(words)
    assert {name for _, name, _, _ in docs.LINES} <= set(words)


def test_boxes_do_not_lie_on_each_other() -> None:
    boxes = [docs._box(name) for name in docs.PLACES]
    for one in boxes:
        for other in boxes:
            apart = (
                one is other
                or abs(one.left - other.left) >= docs.WIDTH
                or one.top + one.height <= other.top
                or other.top + other.height <= one.top
            )
            assert apart, (one.name, other.name)


def test_a_line_the_ontology_does_not_have_is_refused() -> None:
    report, unit = docs._box("Report"), docs._box("Unit")
    with pytest.raises(LookupError, match="does not join Report to Unit by unit"):
        list(docs._line(report, unit, "to", "#000", "unit"))


def test_wrong_usage() -> None:
    assert docs.main(["--nonsense"]) == 2
    assert docs.main(["--check"]) == 0
