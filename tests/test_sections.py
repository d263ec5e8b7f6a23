"""Report head and sections: region, year, kind of report; review or plan, and of which period."""

import pytest

from loaders import report, sections, vocabulary
from loaders.document import from_text
from loaders.layout import Passage, lay_out
from loaders.model import ReportInfo, Source
from loaders.sections import Part


def describe(text: str) -> ReportInfo:
    document = from_text(text, "example")
    return report.describe(document, lay_out(text), Source(), vocabulary.load())


def parts(text: str) -> list[Part]:
    return list(sections.cut(lay_out(text), describe(text)))


@pytest.mark.parametrize(
    ("head", "region", "kind", "review", "plan"),
    [
        ("关于常州市钟楼区2022年国民经济和社会发展计划执行情况与2023年计划草案的报告\n——2023年1月3日在常州市钟楼区第十七届人民代表大会第二次会议上\n",
         "钟楼区", "plan-report", "2022", "2023"),
        ("2026年吉林省政府工作报告\n——2026年1月27日在吉林省第十四届人民代表大会第五次会议上\n", "吉林省", "work-report", "2025", "2026"),
        ("黔东南苗族侗族自治州\n2016年国民经济和社会发展统计公报\n黔东南州统计局\n2017年3月16日\n", "黔东南苗族侗族自治州", "bulletin", "2016", ""),
        ("政府工作报告\n——2013年2月20日在安吉县第十五届人民代表大会第二次会议上\n安吉县人民政府县长\n", "安吉县", "work-report", "2012", "2013"),
        ("政府工作报告\n——2024年1月8日在市十五届人大三次会议上\n各位代表：\n我们在中共张家港市委的坚强领导下，奋力前行。\n", "张家港市", "work-report", "2023", "2024"),
        ("2019年兴文县人民政府工作报告\n（2018年12月26日在兴文县第十六届人民代表大会第四次会议上）\n", "兴文县", "work-report", "2018", "2019"),
        ("2020年佳县人民政府工作报告\n——2020年4月21日在佳县第十八届人民代表大会第七次会议上\n", "佳县", "work-report", "2019", "2020"),
        ("关于咸宁市2021年国民经济和社会发展计划上半年执行情况的报告\n咸宁市发展和改革委员会\n", "咸宁市", "plan-report", "2021-H1", "2021"),
        ("政府工作报告\n2016年12月13日在珙县第十七届人民代表大会第一次会议上\n过去五年工作回顾\n2016年实现地区生产总值132.76亿元。\n", "珙县", "work-report", "2016", "2017"),
        ("2012年苍山县政府工作报告\n自县十五届人大一次会议以来，在市委、市政府和县委的坚强领导下，奋力前行。\n", "苍山县", "work-report", "2011", "2012"),
        ("政府工作报告\n——2011年1月10日在吴江市第十四届人民代表大会第四次会议上\n", "吴江市", "work-report", "2010", "2011"),
        ("市发改委主任受市人民政府委托，向大会提交了《关于高邮市2020年国民经济和社会发展计划执行情况与2021年计划草案的报告》。\n", "高邮市", "plan-report", "2020", "2021"),
        ("政府工作报告\n2016年1月6日\n崇阳人民砥砺前行，“诚信崇阳”深入人心，崇阳原生态旅游成为品牌。\n", "崇阳县", "work-report", "2015", "2016"),
        ("政府工作报告\n2016年1月6日\n节约资源、用好资源，资源利用更加高效，崇阳、通城来客增多。\n", "", "work-report", "2015", "2016"),
        ("2025年一季度酉阳县经济运行情况\n一季度，全县实现地区生产总值56.82亿元。\n", "酉阳土家族苗族自治县", "other", "2025-Q1", ""),
        ("南丰县2021年1-4月经济运行简析\n全县实现社会消费品零售总额29.21亿元。\n", "南丰县", "other", "2021-01/2021-04", ""),
        ("沁水县2021年重点工程进展情况\n2022年1月21日\n", "沁水县", "other", "2021", ""),
        ("自贡市：GDP同比增长0.6%，由负转正！\n2020年07月29日17:06 来源：自贡网\n上半年全市地区生产总值644.95亿元。\n", "自贡市", "other", "2020-H1", ""),
        ("三门峡市2021年上半年全市经济稳中加固稳中向好\n上半年，全市生产总值735.4亿元。\n", "三门峡市", "other", "2021-H1", ""),
        ("漳州市每月经济运行简况（2020年3月）\n全市经济增长有所放缓。\n", "漳州市", "other", "2020-01/2020-03", ""),
        ("镇安县政府工作报告\n在回顾2015年和“十二五”工作时，县长说：全年实现生产总值83.91亿元。\n", "镇安县", "work-report", "2015", "2016"),
    ],
)  # fmt: skip
def test_the_head_of_a_report(head: str, region: str, kind: str, review: str, plan: str) -> None:
    info = describe(head)
    assert (info.region, info.kind, info.review, info.plan) == (region, kind, review, plan)


def test_namesakes_are_told_apart_by_the_region_around_them() -> None:
    """鼓楼区 exists in Nanjing, Xuzhou, Kaifeng and Fuzhou."""
    nanjing = describe("南京市鼓楼区政府工作报告\n——2023年1月5日在南京市鼓楼区人民代表大会上\n")
    fuzhou = describe("福州市鼓楼区政府工作报告\n——2023年1月5日在福州市鼓楼区人民代表大会上\n")
    assert nanjing.region_iri.endswith("/320106")
    assert fuzhou.region_iri.endswith("/350102")


REPORT = """吉林省政府工作报告
——2026年1月27日在吉林省第十四届人民代表大会第五次会议上
下载
一、工作回顾
2025年，全省上下顶压前行，经济运行总体平稳、稳中有进，地区生产总值增长5%。
“十四五”时期是吉林高质量发展攻坚克难的五年。这五年，发展质效持续提升，粮食产量增长近15%。
二、2026年工作安排
今年经济社会发展主要预期目标是：地区生产总值增长5%左右。
三、“十五五”时期主要目标任务
到2030年，常住人口城镇化率达到69%，粮食综合生产能力迈上新台阶。
相关报道：
"""


def test_sections_decide_role_and_period() -> None:
    by_text = [(p.block.text, p.kind, p.period) for p in parts(REPORT) if isinstance(p.block, Passage)]
    roles = {t: (kind, period) for t, kind, period in by_text}
    assert next(v for t, v in roles.items() if "地区生产总值增长5%。" in t) == ("result", "2025")
    assert next(v for t, v in roles.items() if t.startswith("“十四五”时期是")) == ("result", "2021/2025")
    assert next(v for t, v in roles.items() if t.startswith("今年经济")) == ("target", "2026")
    assert next(v for t, v in roles.items() if t.startswith("到2030年")) == ("target", "2026/2030")


def test_page_furniture_is_outside_the_body() -> None:
    shown = [p.block.text for p in parts(REPORT) if isinstance(p.block, Passage)]
    assert "下载" not in shown
    assert "相关报道：" not in shown


@pytest.mark.parametrize(
    "announcement",
    [
        "2023年经济社会发展的主要预期目标：",
        "报告提出了2023年全市高质量发展指标体系安排，具体为：",
        "报告明确，今年将继续统筹财力，扎实办好“十件民生实事”。",
    ],
)
def test_an_announcement_opens_the_plan_where_headings_are_missing(announcement: str) -> None:
    text = (
        "太仓市政府工作报告\n——2023年1月5日在太仓市人民代表大会上\n"
        "过去一年，面对复杂严峻的外部环境，全市完成固定资产投资492亿元，保持平稳增长。\n"
        f"{announcement}规上工业产值增长8%，完成固定资产投资520亿元。\n"
    )
    assert [p.kind for p in parts(text)][-2:] == ["result", "target"]


@pytest.mark.parametrize(
    ("opening", "period"),
    [
        ("五年来，我们坚持优化升级", "2018/2022"),
        ("四年来，我们坚持优化升级", "2019/2022"),
        ("过去的三年，我们坚持优化升级", "2020/2022"),
        ("2022年，我们坚持优化升级", "2022"),
    ],
)
def test_a_review_of_some_years_has_them_all(opening: str, period: str) -> None:
    text = f"太仓市政府工作报告\n——2023年1月5日在太仓市人民代表大会上\n一、工作回顾\n{opening}，累计建成牧场537个，转型发展实现新跨越。\n"
    assert parts(text)[-1].period == period


def test_cells_of_a_table_without_its_head_are_told_from_a_list_of_targets() -> None:
    head = "太仓市2022年国民经济和社会发展计划执行情况的报告\n一、执行情况\n全市经济运行总体平稳，主要目标较好完成。\n"
    cells = "2022年\n\n目标\n\n实绩\n\n地区生产总值\n\n7%左右\n\n预计7%左右\n\n工业增加值\n\n7%以上\n\n7.3%\n\n一般公共预算收入\n\n9%\n\n16.2%\n\n消费品零售总额\n\n10%左右\n\n预计11%左右\n\n民间投资\n\n10%\n\n20.1%\n"
    assert any(part.cell for part in parts(head + cells))
    plan = parts(head + cells + "二、2023年主要目标和任务\n\n推动经济稳定增长，完成固定资产投资520亿元。\n")[
        -1
    ]
    assert (plan.kind, plan.period, plan.cell) == ("target", "2023", False)
    listed = "地区生产总值增长7%\n\n工业增加值增长7.3%\n\n一般公共预算收入增长9%\n\n城镇新增就业12万人\n\n粮食产量30万吨\n\n民间投资增长10%\n\n进出口总额增长5%\n\n居民收入增长6%\n"
    assert not any(part.cell for part in parts(head + listed))


def test_next_year_is_the_year_a_report_without_a_date_plans() -> None:
    info = describe(
        "贡井区政府工作报告\n报告确立了区政府2014年工作的总体要求：稳中求进。\n"
        "2013年，全区地区生产总值增长12.5%。报告提出明年的奋斗目标主要是：地区生产总值增长10%。\n"
    )
    assert (info.year, info.review, info.plan) == (2013, "2013", "2014")


def test_a_plan_itself_is_all_targets() -> None:
    (part,) = (
        p
        for p in parts(
            "咸阳市2023年国民经济和社会发展计划\n咸阳市人民政府\n2023年2月21日\n主要预期目标是：生产总值增长6%左右，粮食产量保持在180万吨以上。\n"
        )
        if "6%" in getattr(p.block, "text", "")
    )
    assert (part.kind, part.period) == ("target", "2023")


def test_a_heading_that_names_the_year_first_begins_with_the_year() -> None:
    text = """2026年山东省政府工作报告
——2026年1月27日在山东省第十四届人民代表大会第四次会议上
一、2025年及“十四五”时期工作回顾
（一）经济增长迈出坚实步伐。地区生产总值增长5.5%、达到10.3万亿元，主要指标好于预期。
各位代表！2025年是“十四五”收官之年。五年来，我们牢记嘱托，地区生产总值年均增长5.9%，新增市场主体300万户。
各位代表，刚刚过去的2025年，我们顶压前行，地区生产总值增长5.5%，居民收入增长5.3%。
二、2026年工作安排
2026年全省经济社会发展主要预期目标是：地区生产总值增长5%以上。
"""
    periods = [p.period for p in parts(text) if "增长" in getattr(p.block, "text", "")]
    assert periods == ["2025", "2021/2025", "2025", "2026"]


def test_a_glossary_states_nothing_and_ends_where_its_entries_end() -> None:
    text = (
        "政府工作报告\n——2025年1月7日在云南省第十四届人民代表大会第三次会议上\n各位代表：\n让我们更加紧密地团结起来，不断谱写云南发展新篇章！\n名词解释\n"
        "1.“两重”：国家重大战略实施和重点领域安全能力建设。\n2.“16+16”园区共建：上海16个区与云南16个州（市）合作共建。\n"
        "2025年10件惠民实事\n1.就业创业促进行动。年度目标：城镇新增就业50万人以上。\n"
    )
    noted = {part.block.text[:4]: part.note for part in parts(text) if isinstance(part.block, Passage)}
    assert noted["1.“两"] and noted["2.“1"]
    assert not noted["2025"] and not noted["1.就业"]


#: districts said of any town, which a text must name with their city, and units of another time or without a government
_NO_REPORT = frozenset(["城区", "矿区", "郊区", "东区", "西区", "新区", "市区", "中沙群岛的岛礁及其海域"])


def test_every_unit_reports_under_its_own_name() -> None:
    words = vocabulary.load()
    for region in words.region_iris.values():
        if region.level not in ("province", "prefecture", "county") or region.name in _NO_REPORT:
            continue
        namesakes = [other for other in words.regions[region.name] if other.iri != region.iri]
        host = (
            words.region_iris[region.parent].name if namesakes and region.parent in words.region_iris else ""
        )
        head = (
            f"政府工作报告\n——2015年1月7日在{host}{region.name}第十六届人民代表大会第四次会议上\n"
            f"一、2014年工作回顾\n在市委、市政府和县委的领导下，建成国家级示范县。\n"
        )
        assert describe(head).region_iri == region.iri, region.name


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("一、全市各族人民团结奋斗，“十一五”目标任务胜利完成", "result"),
        ("二、2011年的目标任务", "target"),
        ("一、过去四年政府工作回顾", "result"),
    ],
)
def test_what_a_heading_says_of_its_section(heading: str, kind: str) -> None:
    text = f"2011年拉萨市政府工作报告\n2010年12月18日在拉萨市第九届人民代表大会第四次会议上\n{heading}\n全市地区生产总值182亿元，增长13.2%，地方财政收入15亿元，增长49%。\n"
    assert parts(text)[-1].kind == kind
