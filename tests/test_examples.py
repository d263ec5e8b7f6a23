"""The tables of phrasings in tests/data are the specification of the reading steps; this runs them."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from loaders import document, pipeline, vocabulary
from loaders.mentions import periods, quantities
from loaders.mentions.quantity import Quantity
from loaders.model import Fact

DATA = Path(__file__).parent / "data"


def cases(name: str) -> Iterator[tuple[str, list[str]]]:
    table = tomllib.loads((DATA / name).read_text(encoding="utf-8"))["case"]
    groups = table if isinstance(table, list) else [table]
    for group in groups:
        yield from ((text, expected) for text, expected in group.items() if text != "title")


def show_quantity(q: Quantity) -> str:
    if not q.is_fact:
        return f"{q.number}: {q.reason}"
    number = q.number if q.upper is None else f"{q.number}-{q.upper}"
    return " ".join([number, q.unit, *(["rank"] if q.form == "rank" else []), q.comparator])


@pytest.mark.parametrize(("text", "expected"), list(cases("quantities.toml")))
def test_quantities(text: str, expected: list[str]) -> None:
    assert [show_quantity(q) for q in quantities.find(text, vocabulary.load())] == expected


@pytest.mark.parametrize(("text", "expected"), list(cases("periods.toml")))
def test_periods(text: str, expected: list[str]) -> None:
    assert [p.value for p in periods.find(text, report_year=2023, context_year=2022)] == expected


def show_fact(f: Fact) -> str:
    upper = "" if f.upper is None else f"~{f.upper}"
    return f"{f.indicator} | {f.measure} | {f'{f.value}{upper} {f.unit}'.strip()} | {f.comparator}"


HEAD = "苏州市政府工作报告\n——2023年1月7日在苏州市第十七届人民代表大会第二次会议上\n一、2022年工作回顾\n"


@pytest.mark.parametrize(("sentence", "expected"), list(cases("facts.toml")))
def test_facts(sentence: str, expected: list[str]) -> None:
    read = pipeline.extract(document.from_text(HEAD + sentence + "\n", "example"), vocabulary.load())
    assert [show_fact(f) for f in read.facts] == expected
