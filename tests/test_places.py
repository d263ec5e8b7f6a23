"""Of which place a number speaks: the reporting region, a unit in it, or a zone of its own."""

import pytest

from loaders import document, pipeline, vocabulary

HEAD = "2026年四川省政府工作报告\n2026年1月20日\n四川省人民政府省长\n一、2025年工作回顾\n"

# sentence -> the place of each of its numbers
PLACES = {
    "地区生产总值增长5.5%。": ["四川省"],
    "成都市地区生产总值增长5.7%。": ["成都市"],
    "泸州新增上市公司2家。": ["泸州市"],
    "成都平原经济区经济总量突破5万亿元。": ["成都平原经济区"],
    "成渝地区双城经济圈建设走深走实，经济总量超9万亿元。": ["成渝地区双城经济圈"],
    "成都都市圈建设加快，全省城镇化率达到61%。": ["四川省"],
    "成都高新区规上工业增加值增长8%，全省规上工业增加值增长7%。": ["成都高新区", "四川省"],
    "建成经济区块链平台3个。": ["四川省"],
    "规上工业增加值下降1%，低于全国（4.2%）5.2个百分点。": ["四川省", "中华人民共和国", "四川省"],
    "巴克图口岸进出口货物34万吨，货值20亿美元。全省进出口总额增长5%。": [
        "巴克图口岸",
        "巴克图口岸",
        "四川省",
    ],
}


@pytest.mark.parametrize(("sentence", "places"), PLACES.items())
def test_place_of_a_number(sentence: str, places: list[str]) -> None:
    read = pipeline.extract(document.from_text(HEAD + sentence + "\n", "example"), vocabulary.load())
    assert [fact.region for fact in read.facts] == places
