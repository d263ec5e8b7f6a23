"""Promises and outcomes without a number: examples of ``data/qualitative.toml``, tables, what is binding."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from loaders import bindingness, linking, pipeline, qualitative
from loaders.layout import Passage, Table, lay_out
from loaders.model import Document, Qualitative, ReportInfo
from loaders.phrasings import AFTER, BEFORE, ENDINGS, OUTLOOK_PHRASING
from loaders.sections import Part
from loaders.vocabulary import Vocabulary

SPEC = tomllib.loads((Path(__file__).parent / "data" / "qualitative.toml").read_text(encoding="utf-8"))
BASE = "https://w3id.org/plankg/"
HEADINGS = {
    "review": "一、2022年工作回顾",
    "plan": "二、2023年工作安排",
    "span": "一、过去五年工作回顾",
    "goals": "二、今后五年的奋斗目标",
}


def promises(part: str, text: str, words: Vocabulary) -> tuple[Qualitative, ...]:
    """What is read from ``text`` under the heading of ``part`` in a report of 苏州市 given in 2023."""
    report = f"""政府工作报告
——2023年1月7日在苏州市第十七届人民代表大会第二次会议上
苏州市人民政府市长
各位代表：现在，我代表苏州市人民政府向大会报告工作，请予审议。
{HEADINGS[part]}
{text}
"""
    return pipeline.extract(Document("苏州市", report, ""), words).qualitative


CASES = [
    pytest.param(case["part"], text, expected, id=f"{case['title']}: {text}")
    for case in SPEC["case"]
    for text, expected in case.items()
    if text not in ("title", "part")
]


@pytest.mark.parametrize(("part", "text", "expected"), CASES)
def test_sentence(part: str, text: str, expected: list[str], words: Vocabulary) -> None:
    found = promises(part, text, words)
    assert [f"{q.indicator} | {q.text} | {q.rule}" for q in found] == expected


@pytest.mark.parametrize("example", SPEC["meaning"], ids=lambda e: f"{e['of']}: {e['text']}")
def test_meaning(example: dict[str, Any], words: Vocabulary) -> None:
    fields = {key: value for key, value in example.items() if key not in ("part", "text", "of")}
    found = next(q for q in promises(example["part"], example["text"], words) if q.indicator == example["of"])
    for key, value in fields.items():
        stated = getattr(found, key)
        if key.endswith(("_iri", "benchmark_indicator", "benchmark_region")):
            stated = stated.removeprefix(BASE)
        elif key == "further_indicators":
            stated = [iri.removeprefix(BASE) for iri in stated]
        assert stated == value, key


def test_every_rule_has_an_example() -> None:
    rules = {p.rule for p in (*AFTER, *BEFORE, OUTLOOK_PHRASING)}
    examples = [found for case in SPEC["case"] for found in case.values() if isinstance(found, list)]
    shown = {row.rsplit(" | ", 1)[1] for found in examples for row in found}
    assert rules == shown


def test_a_phrase_points_into_the_source(words: Vocabulary) -> None:
    text = "居民人均可支配收\n入与经济增长基本同步，完成上级下达任务。"
    document = Document("苏州市", f"苏州市2023年政府工作报告\n二、2023年工作安排\n{text}\n", "")
    for found in pipeline.extract(document, words).qualitative:
        assert document.text[found.start : found.end] == found.text
        assert found.sentence.start <= found.start < found.end <= found.sentence.end


TABLE = """苏州市2023年国民经济和社会发展计划
二、2023年国民经济和社会发展计划安排
表1  2022年主要预期目标完成情况
\t指标名称
\t2022年预期目标
\t2022年预计完成情况

\t社会消费品零售总额
\t增长6.5%左右
\t基本持平

\t全员劳动生产率
\t增长5.5%左右
\t预计与GDP增长基本同步

\t生产安全事故起数和死亡人数
\t继续保持“双下降”，降幅大于全省平均水平
\t分别下降51.8%和55.9%，降幅大于全省平均水平

上述目标中，安全发展目标是约束性的，其余为预期性。
"""


def test_table_cells(words: Vocabulary) -> None:
    found = pipeline.extract(Document("苏州市", TABLE, ""), words).qualitative
    assert [(q.indicator, q.text, q.kind, q.period) for q in found] == [
        ("社会消费品零售总额", "基本持平", "result", "2022"),
        ("全员劳动生产率", "预计与GDP增长基本同步", "result", "2022"),
        ("生产安全事故起数和死亡人数", "继续保持“双下降”", "target", "2022"),
        ("生产安全事故起数和死亡人数", "降幅大于全省平均水平", "target", "2022"),
        ("生产安全事故起数和死亡人数", "降幅大于全省平均水平", "result", "2022"),
    ]


def passage(text: str) -> Passage:
    return Passage(text, range(len(text)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "上述目标中，绿色转型目标是约束性的，创新、民生福祉等目标是预期性、导向性的。",
            {"绿色转型": "约束性", "创新": "预期性", "民生福祉": "预期性"},
        ),
        ("生态环保指标为约束性指标，其余均为预期性指标。", {"生态环保": "约束性", "": "预期性"}),
        ("约束性指标包括：森林覆盖率、耕地保有量。", {"森林覆盖率": "约束性", "耕地保有量": "约束性"}),
        ("完成上级下达的约束性指标任务。", {}),
    ],
)
def test_what_sentences_say_is_binding(text: str, said: dict[str, str]) -> None:
    assert bindingness.stated([passage(text)]) == said


def test_what_rows_say_is_binding(words: Vocabulary) -> None:
    report = """苏州市2023年国民经济和社会发展计划
二、2023年国民经济和社会发展计划安排
\t类别
\t指标名称
\t属性
\t2023年目标

\t绿色
转型
\tPM2.5浓度
\t约束性
\t28微克/立方米

\t
\t空气质量优良天数比例
\t约束性
\t完成省下达任务

\t民生
\t城镇新增就业
\t预期性
\t20万人

"""
    read = pipeline.extract(Document("苏州市", report, ""), words)
    assert {f.indicator: f.bindingness for f in (*read.facts, *read.qualitative)} == {
        "PM2.5浓度": "约束性",
        "空气质量优良天数比例": "约束性",
        "城镇新增就业": "预期性",
    }


def test_groups_of_a_table_are_bound_by_a_sentence_after_it() -> None:
    rows_of = (
        ("绿色\n转型", "1", "耕地保有量", "稳定"),
        ("", "2", "森林覆盖率", "稳定"),
        ("民生", "3", "学位", "增加"),
    )
    text = "\n".join("".join(f"\t{cell}\n" for cell in row) for row in rows_of) + "\n"
    table = next(block for block in lay_out(text) if isinstance(block, Table))
    said = bindingness.stated([passage("其中，绿色转型目标是约束性的。")])
    rows = [row[-1].offsets[0] for row in table.rows]
    assert [bindingness.of_offset(table, offset, said) for offset in rows] == ["约束性", "约束性", ""]


@pytest.mark.parametrize("ending", ENDINGS)
def test_long_clauses_are_left_alone(ending: str, words: Vocabulary) -> None:
    text = "进出口总额" + "在" * 50_000 + ending + "。"
    part = Part(passage(text), "target", "2023", "")
    info = ReportInfo("", "work-report", "", "", 2023, "2022", "2023")
    assert list(qualitative.read(part, info, linking.for_region(words, None))) == []
