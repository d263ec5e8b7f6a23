"""Tables left as one cell a line: rows are told where every row has as many values as the head says, and only there."""

import pytest

from loaders import document, pipeline, vocabulary
from loaders.cells import begins_head, rows_of

HEAD = ["指 标", "绝对数（亿元）", "比上年增长（%）"]


@pytest.mark.parametrize(
    ("cells", "rows"),
    [
        ([*HEAD, "地区生产总值", "609.9", "5.2", "第一产业", "63.4", "4.5"], [3, 3, 3]),
        ([*HEAD, "地区生产总值", "609.9", "5.2", "其中：", "第一产业", "63.4", "-4.5"], [3, 3, 4]),
        (["指标", "单位", "2021年", "2022年", "粮食", "万吨", "12.4", "13", "油料", "万吨", "2.1", "2.2"], [4, 4, 4]),
        (["指标类型", "指标名称", "目标", "全年实绩", "规模", "生产总值", "7%左右", "预计7%", "服务业", "8%以上", "持平"], [4, 4, 3]),
        (["指标", "比重（%）", "0-17岁", "16.1", "18-34岁", "22.3", "65岁以上", "18"], [2, 2, 2, 2]),
    ],
)  # fmt: skip
def test_rows_of_a_table_whose_cells_fit(cells: list[str], rows: list[int]) -> None:
    found = rows_of(cells)
    assert [len(row) for row in found] == rows
    assert found[-1].stop == len(cells)


@pytest.mark.parametrize(
    ("cells", "whole_rows"),
    [
        ([*HEAD, "地区生产总值", "609.9", "5.2", "第一产业", "63.4", "第二产业", "296.7", "6.0"], 0),
        ([*HEAD, "地区生产总值", "609.9", "5.2", "工业", "6", "1", "建筑业", "4.5", "林业", "2.5", "6.0"], 3),
        (["指标", "名次", "甲县", "12", "乙县", "13", "丙县", "14"], 0),
        (["项目", "道路改造", "12", "桥梁改造", "13", "管网改造", "14"], 0),
    ],
)
def test_where_a_cell_is_missing_or_the_head_says_nothing_the_rows_end(
    cells: list[str], whole_rows: int
) -> None:
    assert len(rows_of(cells)) == whole_rows


def test_what_begins_a_head() -> None:
    assert [begins_head(cell) for cell in ("指 标 名 称", "主要指标", "项目", "项目建设", "产业")] == [
        True
    ] * 3 + [False] * 2


def test_such_a_table_is_read_as_any_other_and_what_does_not_fit_is_listed() -> None:
    head = "颍东区2022年国民经济和社会发展统计公报\n颍东区统计局\n一、综合\n初步核算，全区经济总体平稳，增长基础不断巩固，民生有保障。\n"
    table = "2022年全区生产总值及增速\n\n指    标\n\n绝对数(万元)\n\n比上年增长(%)\n\n地区生产总值\n\n2673224\n\n5.2\n\n     其中:第一产业\n\n298071\n\n4.0\n\n房地产业\n\n130535\n\n-14.6\n\n金融业\n\n186117\n\n"
    text = head + table + "年末全区常住人口53.7万人，与上年持平。\n"
    read = pipeline.extract(document.from_text(text, "example"), vocabulary.load())
    assert [(f.indicator, f.measure, str(f.value), f.unit) for f in read.facts] == [
        ("地区生产总值", "level", "2673224", "万元"),
        ("地区生产总值", "growth", "5.2", "%"),
        ("第一产业增加值", "level", "298071", "万元"),
        ("第一产业增加值", "growth", "4.0", "%"),
        ("房地产业增加值", "level", "130535", "万元"),
        ("房地产业增加值", "growth", "-14.6", "%"),
        ("常住人口", "level", "53.7", "万人"),
    ]
    assert all(text[f.start : f.end] == f.number for f in read.facts)
    assert "186117" in [n.number for n in read.other_numbers if n.reason.startswith("unexplained")]
