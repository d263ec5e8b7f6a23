"""Named projects: the table of sentences in tests/data/projects.toml, and what the names are told apart by."""

import time
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from loaders import document, lexicon, pipeline, projects
from loaders.commonwords import parse
from loaders.model import ProjectMention
from loaders.project_words import EVENTS, PRIORITY, STATUS, VERBS
from loaders.vocabulary import Vocabulary

DATA = Path(__file__).parent / "data" / "projects.toml"


def cases() -> Iterator[tuple[str, bool, list[str]]]:
    for group in tomllib.loads(DATA.read_text("utf-8"))["case"]:
        ahead = group.pop("ahead")
        group.pop("title")
        yield from ((sentence, ahead, expected) for sentence, expected in group.items())


@pytest.mark.parametrize(("sentence", "ahead", "expected"), list(cases()))
def test_sentences(sentence: str, ahead: bool, expected: list[str]) -> None:
    found = projects.read_sentence(sentence, 0, len(sentence))
    assert [
        f"{item.name}: {projects.status_of(stage, ahead, item.name)}" for item, stage, _ in found
    ] == expected


def report(words: Vocabulary, body: str) -> tuple[ProjectMention, ...]:
    text = (
        "张家港市2023年政府工作报告\n——2023年1月4日在张家港市第十五届人民代表大会第二次会议上\n"
        f"一、2022年工作回顾\n过去一年，张家港市经济稳中有进。{body}"
    )
    return pipeline.extract(document.from_text(text, "report"), words).projects


def test_offsets_cover_the_name_as_printed(words: Vocabulary) -> None:
    found = report(words, "太字圩闸、十一圩 枢纽等水利工程全面开工。")
    assert [p.name for p in found] == ["太字圩闸", "十一圩枢纽"]
    assert all(p.end - p.start >= len(p.name) for p in found)  # the space inside the second counts


def test_one_row_a_project_and_later_mentions_apart(words: Vocabulary) -> None:
    text = (
        "张家港市2023年政府工作报告\n一、2022年工作回顾\n东二环快速化改造工程开工建设。\n"
        "二、2023年工作安排\n确保东二环建成通车。"
    )
    found = pipeline.extract(document.from_text(text, "report"), words)
    assert [(p.name, p.status, p.period) for p in found.projects] == [
        ("东二环快速化改造工程", "started", "2022")
    ]
    assert [(p.name, p.repeats, p.status, p.period) for p in found.project_updates] == [
        ("东二环", "东二环快速化改造工程", "under_construction", "2023")
    ]


@pytest.mark.parametrize(
    ("body", "investment"),
    [
        ("总投资10亿元的新能源汽车核心零部件恩都法项目落户张家港。", (Decimal(10), "亿元")),
        ("总投资120亿元的大族激光、默克半导体等项目开工建设。", None),  # of both together
        ("北部医疗中心正式开工。", None),
    ],
)
def test_investment_only_where_it_is_of_this_project_alone(
    words: Vocabulary, body: str, investment: tuple[Decimal, str] | None
) -> None:
    assert next(p.investment for p in report(words, body)) == investment


def test_a_project_lies_in_the_part_of_the_region_it_names(words: Vocabulary) -> None:
    text = (
        "苏州市2023年政府工作报告\n一、2022年工作回顾\n"
        "昆山超级计算中心建成投用，东太湖隧道开工建设，上海瑞金医院太仓分院加快推进。"
    )
    found = pipeline.extract(document.from_text(text, "report"), words).projects
    assert {p.name: p.region for p in found} == {
        "昆山超级计算中心": "昆山市",
        "东太湖隧道": "苏州市",
        "上海瑞金医院太仓分院": "太仓市",
    }


@pytest.mark.parametrize(
    ("name", "owner"),
    [("大族激光", "大族激光"), ("信义光能", "信义光能"), ("北部医疗中心", ""), ("新能源汽车零部件", "")],
)
def test_owner_is_the_firm_the_name_opens_with(name: str, owner: str) -> None:
    assert projects.owner_of(name) == owner


@pytest.mark.parametrize("phrase", ["重点产业项目", "省级技术创新中心", "新能源汽车零部件", "老旧小区改造"])
def test_common_phrases_have_nothing_strange(phrase: str) -> None:
    assert parse(phrase).strange < 1


@pytest.mark.parametrize("phrase", ["国信沙洲支撑性电源项目", "采埃孚", "东二环", "AHK学院", "古贤水利枢纽"])
def test_names_have_something_strange(phrase: str) -> None:
    assert parse(phrase).strange >= 1


def test_every_stage_has_a_status_and_a_place_in_the_order() -> None:
    assert set(EVENTS.values()) | set(VERBS.values()) <= set(STATUS) == set(PRIORITY)


@pytest.mark.parametrize(
    ("file", "key"), [("projects", "heads"), ("projects", "events"), ("measures", "instruments")]
)
def test_no_word_stands_in_two_lists(file: str, key: str) -> None:
    words = [word for line in lexicon.table(file)[key].values() for word in line.split()]
    assert len(words) == len(set(words))


def test_a_word_in_two_lists_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon, "table", lambda name: {"events": {"start": "开工", "finish": "竣工 开工"}})
    with pytest.raises(ValueError, match="开工"):
        lexicon.by_word("any", "events")


@pytest.mark.parametrize(
    "text", ["、" * 20_000, "等" * 20_000, "（" * 20_000, "加快建设" * 5_000, "“、”" * 7_000]
)
def test_odd_text_takes_bounded_time(text: str) -> None:
    begun = time.perf_counter()
    for start in range(0, len(text), pipeline.MAX_SENTENCE):
        list(projects.read_sentence(text, start, min(len(text), start + pipeline.MAX_SENTENCE)))
    assert time.perf_counter() - begun < 60  # a guard against runaway expressions, not a benchmark
