"""Measures: the table of sentences in tests/data/measures.toml, and every sentence of a plan accounted for."""

import tomllib
from pathlib import Path

import pytest

from loaders import document, measures, pipeline, sections
from loaders.layout import Passage, Table, lay_out
from loaders.model import Extraction, MeasureMention, Source
from loaders.namespaces import BASE
from loaders.report import describe
from loaders.resources import folder
from loaders.vocabulary import Vocabulary

CASES = [
    (sentence, expected)
    for group in tomllib.loads((Path(__file__).parent / "data" / "measures.toml").read_text("utf-8"))["case"]
    for sentence, expected in group.items()
    if sentence != "title"
]
SEEDS = sorted(folder("seeds").glob("*.txt"))
HEAD = "张家港市2024年政府工作报告\n——2024年1月8日在市十五届人大三次会议上\n一、2023年工作回顾\n过去一年稳中有进。\n"


@pytest.mark.parametrize(("sentence", "expected"), CASES)
def test_sentences(sentence: str, expected: str) -> None:
    reason = measures.why_not(sentence, alone=False, first=False, has_target="%" in sentence)
    action = None if reason else measures.find_action(sentence)
    found = f"{action.verb} | {action.object}" if action else f"- {reason or 'background'}"
    assert found == expected


def read(words: Vocabulary, plan: str) -> Extraction:
    return pipeline.extract(document.from_text(f"{HEAD}二、2024年工作安排\n{plan}", "report"), words)


def only(words: Vocabulary, plan: str) -> MeasureMention:
    (measure,) = read(words, plan).measures
    return measure


def test_a_measure_knows_its_heading_targets_projects_and_indicators(words: Vocabulary) -> None:
    found = read(
        words,
        "（六）厚植生态优势，筑牢绿色发展根基\n改善生态环境质量。建成投运金港片区水质净化厂（一期），"
        "空气优良天数比例达83%。",
    )
    (measure,) = found.measures
    assert measure.heading.endswith("（六）厚植生态优势，筑牢绿色发展根基 / 改善生态环境质量")
    assert [f.indicator for f in found.facts if f.start in measure.facts] == ["空气优良天数比例"]
    assert [p.name for p in found.projects if p.start in measure.projects] == ["金港片区水质净化厂（一期）"]
    assert BASE + "indicator/good-air-days" in measure.indicators
    assert measure.topic == BASE + "topic/environment"
    assert measure.period == "2024"
    assert [s.reason for s in found.other_sentences if "改善生态" in s.text] == ["heading"]


@pytest.mark.parametrize(
    ("sentence", "topic"),
    [
        ("推进义务教育优质均衡发展，新增学位4000个。", "education"),
        ("加快建设通苏嘉甬铁路、沪苏通铁路二期。", "transport"),
        ("强化食品药品监管，坚决遏制重特大事故。", "safety"),
        ("深化简政放权、放管结合、优化服务改革，持续优化营商环境。", "government-services"),
        ("坚持过紧日子，严控“三公”经费和一般性支出。", "government-services"),
    ],
)
def test_the_topic_is_that_of_the_clause(words: Vocabulary, sentence: str, topic: str) -> None:
    assert only(words, sentence).topic == f"{BASE}topic/{topic}"


@pytest.mark.parametrize(
    ("sentence", "means"),
    [
        ("统筹用好政策性开发性基金、地方政府专项债等金融工具。", ["政策性开发性基金", "地方政府专项债"]),
        (
            "落实《太湖新城规划建设三年行动计划》，开展城市更新试点。",
            ["《太湖新城规划建设三年行动计划》", "城市更新试点"],
        ),
        ("制定城市更新政策清单，完善安全生产监管平台。", ["城市更新政策清单", "安全生产监管平台"]),
        ("加快推进省重大项目建设。", []),
    ],
)
def test_instruments_are_named_as_printed(sentence: str, means: list[str]) -> None:
    assert list(measures.instruments(sentence)) == means


def test_a_review_has_no_measures(words: Vocabulary) -> None:
    text = f"{HEAD}加快推进省重大项目建设，完善基础设施。"
    found = pipeline.extract(document.from_text(text, "report"), words)
    assert found.measures == () and found.other_sentences == ()


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)
def test_every_sentence_of_a_plan_is_a_measure_or_said_not_to_be_one(seed: Path, words: Vocabulary) -> None:
    read_document = pipeline.read(seed)
    blocks = lay_out(read_document.text)
    info = describe(read_document, blocks, Source(), words)
    expected = []
    for part in sections.cut(blocks, info):
        if part.kind == "target" and isinstance(part.block, Passage):
            spans = pipeline.sentence_spans(part.block.text)
            expected += [part.block.span(start, end) for start, end in spans]
        elif part.kind == "target" and isinstance(part.block, Table):
            rows = [[cell for cell in row if cell.text] for row in part.block.rows]
            expected += [(row[0].span(0, 1)[0], -1) for row in rows if row]
    found = pipeline.extract(read_document, words)
    items = sorted(
        [(m.start, m.end) for m in found.measures] + [(s.start, s.end) for s in found.other_sentences]
    )
    assert len(items) == len(expected) > 30
    sentences = {span for span in expected if span[1] != -1}
    assert sentences <= set(items)
    assert len({start for start, _ in items}) == len(items)
    assert {s.reason for s in found.other_sentences} <= {
        "heading", "target", "requirement", "background", "address", "note", "fragment",
    }  # fmt: skip


def test_most_of_a_plan_is_measures(words: Vocabulary) -> None:
    found = pipeline.extract(pipeline.read(folder("seeds") / "zhangjiagang-work-report-2024.txt"), words)
    assert len(found.measures) > 3 * len(found.other_sentences)
    assert all(m.action and (m.object or m.facts) for m in found.measures)
    assert sum(bool(m.topic) for m in found.measures) > 0.97 * len(found.measures)
