"""The five reports the package carries."""

import hashlib
import tomllib

import pytest

from loaders import pipeline
from loaders.resources import folder
from loaders.vocabulary import Vocabulary
from plankg import sources

ENTRIES = tomllib.loads((folder("seeds") / "sources.toml").read_text("utf-8"))["source"]


def test_there_are_five() -> None:
    assert {entry["file"] for entry in ENTRIES} == {path.name for path in folder("seeds").glob("*.txt")}
    assert len(ENTRIES) == 5


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["slug"])
def test_each_is_byte_for_byte_what_its_source_says(entry: dict[str, str]) -> None:
    data = (folder("seeds") / entry["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == entry["sha256"]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["slug"])
def test_the_text_at_a_facts_offsets_is_its_number(entry: dict[str, str], words: Vocabulary) -> None:
    report = sources.collect([folder("seeds") / entry["file"]])[0]
    read = pipeline.read(report.path)
    found = pipeline.extract(read, words, report.source)
    assert len(found.facts) > 50
    for fact in found.facts:
        assert "".join(read.text[fact.start : fact.end].split()) == fact.number
