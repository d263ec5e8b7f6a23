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


@pytest.mark.parametrize(
    ("text", "estimated"),
    [
        ("预计实现地区生产总值2.4万亿元，增长5%，一般公共预算收入2300亿元；完成进出口总额2.5万亿元。", ["2.4", "5", "2300"]),
        ("2022年，预计，全年实现地区生产总值264亿元，增长6.1%；农业总产值增长4%。粮食总产量12万吨。", ["264", "6.1", "4"]),
        ("粮食总产量12万吨，主导产业预计完成产值438.7亿元，同比增长3.8%，新增企业12家。", ["438.7", "3.8"]),
        ("完成投资60亿元，预计23个项目竣工。", ["23"]),
        ("实现地区生产总值1635亿元（预计数，下同）、增长2%。工业产值3100亿元。", ["1635", "2", "3100"]),
        ("财政收入从2017年的3.5亿元增加到10亿元（2022年数据为预计数，下同），年均增长22.9%。", ["10", "22.9"]),
        ("实现地区生产总值1635亿元，增长2%。", []),
    ],
)  # fmt: skip
def test_which_results_are_estimates(text: str, estimated: list[str]) -> None:
    read = pipeline.extract(document.from_text(HEAD + text + "\n", "example"), vocabulary.load())
    assert [f.number for f in read.facts if f.estimated] == estimated


def test_a_table_measures_of_each_row_what_its_caption_says() -> None:
    text = (
        "泾源县2018年国民经济和社会发展统计公报\n一、综合\n全县经济平稳增长，产业结构继续优化。\n"
        "表1:2018年泾源县地区生产总值及其增长速度\n指标 绝对值(万元) 比上年增长(%)\n全县地区生产总值 184413 6.0\n"
        "农林牧渔业 37554 4.0\n工业 8848 -45.1\n"
    )
    read = pipeline.extract(document.from_text(text, "example"), vocabulary.load())
    assert [show_fact(f) for f in read.facts] == [
        "地区生产总值 | level | 184413 万元 | =",
        "地区生产总值 | growth | 6.0 % | =",
        "农林牧渔业增加值 | level | 37554 万元 | =",
        "农林牧渔业增加值 | growth | 4.0 % | =",
        "工业增加值 | level | 8848 万元 | =",
        "工业增加值 | growth | -45.1 % | =",
    ]
