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


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("指标 | 年末数（万人） | 比重（%）\n户籍人口 | 117.95 | 100.0\n其中：城镇 | 44.37 | 37.6\n0-17岁 | 18.95 | 16.1\n",
         ["户籍人口 | level | 117.95 万人 | =", "户籍人口比重 | level | 100.0 % | =", "城镇人口 | level | 44.37 万人 | =",
          "城镇人口比重 | level | 37.6 % | =", "0-17岁人口 | level | 18.95 万人 | =", "0-17岁人口比重 | level | 16.1 % | ="]),
        ("指标 | 涨跌幅度（%）\n居民消费价格 | 1.9\n食品烟酒 | 2.2\n居住 | -1.7\n",
         ["居民消费价格 | growth | 1.9 % | =", "食品烟酒价格 | growth | 2.2 % | =", "居住价格 | growth | -1.7 % | ="]),
        ("单位：万元\n指标 | 绝对数 | 比上年增长 | 占GDP比重\n地区生产总值 | 3551817 | 0.6 | 100\n工业 | 415720 | 2.3 | 11.7\n",
         ["地区生产总值 | level | 3551817 万元 | =", "地区生产总值 | growth | 0.6 % | =", "地区生产总值占GDP比重 | level | 100 % | =",
          "工业增加值 | level | 415720 万元 | =", "工业增加值 | growth | 2.3 % | =", "工业增加值占GDP比重 | level | 11.7 % | ="]),
    ],
)  # fmt: skip
def test_the_rows_below_a_whole_are_measured_as_it_is(rows: str, expected: list[str]) -> None:
    head = (
        "桐城市2022年国民经济和社会发展统计公报\n一、综合\n全市经济稳中向好，社会大局和谐稳定，民生有保障。\n"
    )
    read = pipeline.extract(document.from_text(head + rows, "example"), vocabulary.load())
    assert [show_fact(f) for f in read.facts] == expected


def test_the_target_beside_its_result_is_that_of_the_year_reviewed() -> None:
    text = (
        "关于绍兴市2018年国民经济和社会发展计划执行情况与2019年计划草案的报告\n——2019年2月20日在绍兴市人民代表大会上\n"
        "一、2018年计划执行情况\n全市经济运行总体平稳，主要目标基本完成，民生持续改善。\n"
        "指标名称 | 目标 | 全年实绩\n服务业增加值 | 8%以上 | 预计8%左右\n民间投资 | 10%以上 | 预计20%左右\n"
    )
    read = pipeline.extract(document.from_text(text, "example"), vocabulary.load())
    assert [(f.indicator, f.measure, f.kind, f.period, str(f.value)) for f in read.facts] == [
        ("服务业增加值", "growth", "target", "2018", "8"),
        ("服务业增加值", "growth", "result", "2018", "8"),
        ("民间投资", "growth", "target", "2018", "10"),
        ("民间投资", "growth", "result", "2018", "20"),
    ]
