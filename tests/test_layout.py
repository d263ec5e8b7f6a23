"""Source text to passages: what a reader would see, every character with its offset."""

import pytest

from loaders.layout import Passage, Table, lay_out


def texts(source: str) -> list[str]:
    return [block.text for block in lay_out(source) if isinstance(block, Passage)]


WRAPPED = """刚刚过去的一年，面对严峻复杂的外部环境、超出预期的多重压

力，全市上下坚持稳中求进，全年实现地区生产总值 31

00亿元，完成一般公共预算收入219亿元，规模以上工业增

加值增长 0.3%，全社会固定资产投资523亿元，实际使用外

资9亿美元，社会消费品零售总额800亿元，研发支出占比达

3.58%，全体居民人均可支配收入增长4.2%，单位能耗继续下

降，生产安全事故起数和死亡人数实现双下降，营商环境继续



7

优化提升，新增市场主体24083户，高质量完成全年目标任务。
"""


def test_hard_wraps_are_joined_also_inside_words_and_numbers() -> None:
    (text,) = texts(WRAPPED)
    assert "超出预期的多重压力，" in text
    assert "地区生产总值3100亿元" in text
    assert "规模以上工业增加值增长0.3%" in text


def test_a_page_number_inside_a_sentence_goes() -> None:
    assert "营商环境继续优化提升" in texts(WRAPPED)[0]


def test_offsets_point_into_the_source() -> None:
    (passage,) = (block for block in lay_out(WRAPPED) if isinstance(block, Passage))
    at = passage.text.index("219")
    start, end = passage.span(at, at + 3)
    assert WRAPPED[start:end] == "219"
    at = passage.text.index("3100")
    start, end = passage.span(at, at + 4)
    assert WRAPPED[start:end].replace("\n", "") == "3100"


@pytest.mark.parametrize(
    ("printed", "clean"),
    [
        ("增长５．５％左右", "增长5.5%左右"),
        ("2022 年 国民经济", "2022年国民经济"),
        ("跨境电商 B2B 出口额", "跨境电商B2B出口额"),
        ("打响 T-MAX Tech 品牌", "打响T-MAX Tech品牌"),
        ("地区生产总值[2]13902.67亿元", "地区生产总值13902.67亿元"),
        ("1～11月", "1~11月"),
    ],
)
def test_typographic_variants(printed: str, clean: str) -> None:
    assert texts(printed) == [clean]


#: a cell a line, indented by a tab (here |); an empty line ends a row
TABLE = """表2  2023年主要指标预期目标
|指标
分类
|序号
|指  标  名  称
|2023年预期目标

|经济
发展
实力
|1
|地区生产总值
|增长5%左右

|
|2
|全社会研究与试验
发展经费支出
|4%以上

上述目标中，绿色转型发展目标是约束性的，其他目标是预期性的。
""".replace("|", "\t")


def test_a_flattened_table_is_rebuilt() -> None:
    blocks = lay_out(TABLE)
    (table,) = (block for block in blocks if isinstance(block, Table))
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["指标分类", "序号", "指标名称", "2023年预期目标"],
        ["经济发展实力", "1", "地区生产总值", "增长5%左右"],
        ["", "2", "全社会研究与试验发展经费支出", "4%以上"],
    ]
    assert isinstance(blocks[-1], Passage)


INFOGRAPHIC = """增强转型升级驱动力

●加大人才引留

力争新增苏州市级以上领军人才超70
人，重大创新创业团队实现零的突破。新增人

增强民生服务保障力

●坚持为民造福

提高城乡居民人均可支配收入，城镇新增
就业超1万人。深入推进便民生活圈建设。

才公寓3000套，打响人到太仓就有房品牌，
擦亮才聚太仓更幸福品牌。

规上工业
产值

8%
"""


def test_columns_of_an_infographic_are_put_together() -> None:
    found = texts(INFOGRAPHIC)
    assert any("新增人才公寓3000套" in text for text in found)
    assert "增强民生服务保障力" in found


def test_a_tile_of_an_infographic_reads_as_label_and_value() -> None:
    assert "规上工业产值8%" in texts(INFOGRAPHIC)


PIECES = """现在，我代表市人民政府向大会报告工作，请予审议，并请各位委员提出意见。
一、
“十四五”时期和2025
年
工作回顾
五年来，城市发展方式实现重大变革，创新投入保持刚性增长。
地区生产总值达到
2.77
万亿元，年均增长
5.4%
，经济总量高位稳进。新增全国重点实验室
7
家，
市场平
稳增长
，
改革任务落实
352
项
，
新增就业
3
万人
、
参保
5
万人
、
培训
6
万人
。
"""


def test_a_page_saved_piece_by_piece_is_put_together() -> None:
    assert texts(PIECES)[1:] == [
        "一、“十四五”时期和2025年工作回顾",
        "五年来，城市发展方式实现重大变革，创新投入保持刚性增长。",
        "地区生产总值达到2.77万亿元，年均增长5.4%，经济总量高位稳进。新增全国重点实验室7家，市场平稳增长，"
        "改革任务落实352项，新增就业3万人、参保5万人、培训6万人。",
    ]


SPACED = """表10 2023年限额以上单位商品零售额增长速度
指标名称 单位 比上年增长
#粮油、食品类 % 0.3
饮料类 % -8.6
— 11 —
烟酒类 % 9.6
"""


def test_a_table_parted_by_spaces_goes_on_over_a_page_break() -> None:
    (table,) = (block for block in lay_out(SPACED) if isinstance(block, Table))
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["指标名称", "单位", "比上年增长"],
        ["#粮油、食品类", "%", "0.3"],
        ["饮料类", "%", "-8.6"],
        ["烟酒类", "%", "9.6"],
    ]


def test_cells_parted_by_strokes_are_a_table() -> None:
    (table,) = (
        block
        for block in lay_out(
            "指标名称 | 增加值 | 同比增长%\n| --- | --- | --- |\n| 第一产业 | 30.02 | 8.0 |\n| 第二产业 | 16.78 | 17.9 |\n"
        )
        if isinstance(block, Table)
    )
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["指标名称", "增加值", "同比增长%"],
        ["第一产业", "30.02", "8.0"],
        ["第二产业", "16.78", "17.9"],
    ]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("全年实现生产总值(GDP)212.8亿元,增长10.5%;", "全年实现生产总值（GDP）212.8亿元，增长10.5%；"),
        ("其中:出口1,055万吨,结构为8.6:49.1:42.3", "其中：出口1,055万吨，结构为8.6:49.1:42.3"),
        ("网址http://www.gov.cn,时间12:30", "网址http://www.gov.cn，时间12:30"),
        ("Dear reader, see (1): it is there.", "Dear reader,see(1):it is there."),
    ],
)
def test_marks_typed_in_half_width_are_read_as_those_of_chinese(typed: str, read: str) -> None:
    passage = lay_out(typed)[0]
    assert isinstance(passage, Passage)
    assert passage.text == read
    assert " " in typed or list(passage.offsets) == list(range(len(typed)))


def test_strokes_part_cells_also_where_the_last_is_empty() -> None:
    table = lay_out("指标 | 年末数（万人） | 比重（%）\n常住人口 | 53.48 |\n城镇 | 34.76 | 65\n")[0]
    assert isinstance(table, Table)
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["指标", "年末数（万人）", "比重（%）"],
        ["常住人口", "53.48", ""],
        ["城镇", "34.76", "65"],
    ]
