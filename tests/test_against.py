"""``plankg check --against``: figures that cannot both be right are found, and those that can are left alone."""

import json
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from loaders import pipeline, quads
from loaders.namespaces import BASE, PREFIXES
from loaders.resources import folder
from loaders.vocabulary import Vocabulary
from plankg import against, check, sources, store
from plankg.against import Figure, agree

NAMES = {"about": "左右", "atLeast": "以上", "moreThan": "超", "atMost": "以内", "lessThan": "不足"}


def figure(told: str, *, estimate: bool = False, source: str = "a") -> Figure:
    """``24000 2.4万亿元 about``: value, as printed, comparator; ``4..5 4%到5%`` a range."""
    value, printed, comparator = [*told.split(), "exactly"][:3]
    low, dots, high = value.partition("..")
    if dots:
        return Figure("", None, Decimal(low), Decimal(high), "between", "", printed, "", source, 0, estimate)
    return Figure("", Decimal(value), None, None, comparator, "", printed, "", source, 0, estimate)


#: one, other -> do they agree, as results and as targets
PAIRS = [
    ("24000 2.4万亿元", "23958.3 23958.3亿元", True, True),  # rounds to it
    ("24000 2.4万亿元", "23400 23400亿元", False, False),
    ("23958.3 23958.3亿元", "23958.35 23958.35亿元", True, True),
    ("23958.3 23958.3亿元", "23958.4 23958.4亿元", False, False),
    ("23958.3 23958.3亿元", "23958.5 23958.5亿元", False, False),
    ("5 5%", "5.4 5.4%", True, True),
    ("5 5%", "5.6 5.6%", False, False),
    ("5.0 5.0%", "5.4 5.4%", False, False),
    ("24000 24000亿元 about", "23200 23200亿元", True, True),  # one step of the last digit that is not 0
    ("24000 24000亿元 about", "22000 22000亿元", False, False),
    ("5 5% about", "6 6% about", True, False),
    ("3100 3100亿元 moreThan", "3302 3302亿元", True, True),
    ("3100 3100亿元 moreThan", "2990 2990亿元", False, False),
    ("890 890亿元 atLeast", "900 900亿元 atLeast", True, False),  # two targets, one result
    ("5 5% atLeast", "6 6% atLeast", True, False),
    ("5 5% atLeast", "5 5% moreThan", True, True),
    ("3 3% atMost", "4 4% atMost", True, False),
    ("3 3% atMost", "4 4% atLeast", False, False),
    ("4..5 4%到5%", "4.5 4.5%", True, True),
    ("4..5 4%到5%", "6 6%", False, False),
    ("0 零", "0 0个", True, True),
]


@pytest.mark.parametrize(("one", "other", "results", "targets"), PAIRS)
def test_what_agrees(one: str, other: str, results: bool, targets: bool) -> None:
    for first, second in ((one, other), (other, one)):
        assert agree(figure(first), figure(second), "result", percentage="%" in first) is results
        assert agree(figure(first), figure(second), "target", percentage="%" in first) is targets


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("1000 1000亿元", "1018 1018亿元", True),  # 2 %
        ("1000 1000亿元", "1030 1030亿元", False),
        ("5.0 5.0%", "5.5 5.5%", True),  # half a point
        ("5.0 5.0%", "5.7 5.7%", False),
    ],
)
def test_an_estimate_may_be_revised(one: str, other: str, expected: bool) -> None:
    early, late = figure(one, estimate=True), figure(other, source="b")
    assert agree(early, late, "result", percentage="%" in one) is expected
    assert not agree(figure(one), late, "result", percentage="%" in one)
    assert not agree(
        early, figure(other), "result", percentage="%" in one
    )  # in one report nothing is revised


# ---- a graph -----------------------------------------------------------------

COUNTED = 1274.8262  # in the census


def graph_of(*told: tuple[str, str, str, int, str]) -> ox.Store:
    """A graph of results: report, indicator, value in its unit, year, quote; with the census of Suzhou."""
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    lines = [
        f"""{prefixes} @base <{BASE}> .
        <region/320500> a plan:Region ; rdfs:label "苏州市"@zh .
        <unit/10k-person> a plan:Unit ; rdfs:label "万人"@zh . <unit/percent> a plan:Unit ; rdfs:label "%"@zh .
        <indicator/resident-population> a plan:Indicator ; rdfs:label "常住人口"@zh ; plan:unit <unit/10k-person> .
        <indicator/urbanisation> a plan:Indicator ; rdfs:label "城镇化率"@zh ; plan:unit <unit/percent> .
        <source/c> rdfs:label "普查"@zh .
        <figure/1> a plan:ReferenceFigure ; plan:region <region/320500> ; plan:indicator <indicator/resident-population> ;
          plan:value {COUNTED} ; plan:year 2020 ; plan:unit <unit/10k-person> ; plan:figureSource <source/c> .
        <figure/2> a plan:ReferenceFigure ; plan:region <region/320500> ; plan:indicator <indicator/urbanisation> ;
          plan:value 81.72 ; plan:year 2020 ; plan:unit <unit/percent> ; plan:figureSource <source/c> ."""
    ]
    for start, (report, indicator, value, year, quote) in enumerate(told, 1):
        unit = "percent" if indicator == "urbanisation" else "10k-person"
        lines.append(
            f"""<period/{year}> a plan:Period ; rdfs:label "{year}年"@zh .
            <statement/{report}/{start}> a plan:Result , plan:Statement ; plan:indicator <indicator/{indicator}> ;
              plan:region <region/320500> ; plan:period <period/{year}> ; plan:year {year} ; plan:value {value} ;
              plan:low {value} ; plan:high {value} ; plan:comparator plan:exactly ; plan:unit <unit/{unit}> ;
              plan:printed "{value}" ; plan:quote "{quote}" ; plan:statedIn <report/{report}> ; plan:start {start} ."""
        )
    filled = ox.Store()
    filled.load("\n".join(lines).encode(), format=ox.RdfFormat.TURTLE)
    return filled


@pytest.mark.parametrize(
    ("indicator", "value", "year", "disagrees"),
    [
        ("resident-population", "1274.96", 2020, False),
        ("resident-population", "1284.78", 2021, False),
        ("resident-population", "1235.00", 2020, True),  # 3.1 % below
        ("resident-population", "1235.00", 2021, False),  # 5 % are allowed a year later
        ("resident-population", "127.48", 2020, True),  # a digit lost
        ("resident-population", "12748262", 2020, True),  # persons taken for ten thousands
        ("resident-population", "130.00", 2024, None),  # too far from 2020
        ("urbanisation", "82.9", 2022, False),
        ("urbanisation", "86.9", 2020, True),
    ],
)
def test_the_census(indicator: str, value: str, year: int, disagrees: bool | None) -> None:
    found = against.compare(graph_of(("a", indicator, value, year, "甲")))
    assert found.compared["census"] == int(disagrees is not None)
    assert len(found.disagreements) == int(bool(disagrees))


def test_a_disagreement_has_both_quotes() -> None:
    opened = graph_of(
        ("b-2022", "urbanisation", "82.2", 2022, "城镇化率为82.2%"),
        ("a-2022", "urbanisation", "85.2", 2022, "城镇化率达85.2%"),
        ("a-2022", "urbanisation", "85.2", 2022, "再说一次85.2%"),
    )
    (found,) = against.compare(opened, ["reports"]).disagreements
    assert (found.kind, found.region_name, found.indicator_name, found.period) == (
        "reports",
        "苏州市",
        "城镇化率",
        "2022年",
    )
    assert (found.one.quote, found.other.quote) == ("城镇化率达85.2%", "城镇化率为82.2%")
    lines = list(against.as_lines(against.compare(opened, ["reports"])))
    assert lines == [
        "two reports on the same: 苏州市 城镇化率 2022年 (result): 85.2 = 85.2% / 82.2 = 82.2%",
        "    a-2022 at 2: 城镇化率达85.2%",
        "    b-2022 at 1: 城镇化率为82.2%",
        "two reports on the same: 1 pairs compared, 1 disagree",
    ]
    told = json.loads(against.as_json(against.compare(opened)))
    assert told["compared"] == {"census": 2, "reports": 1, "within": 0}
    assert [one["kind"] for one in told["disagreements"]] == ["reports"]
    assert told["disagreements"][0]["one"]["value"] == "85.2"


def test_one_report_that_contradicts_itself() -> None:
    opened = graph_of(("a", "urbanisation", "82.2", 2022, "甲"), ("a", "urbanisation", "81.2", 2022, "乙"))
    found = against.compare(opened)
    assert [one.kind for one in found.disagreements] == ["within"]
    assert found.compared == {"census": 2, "reports": 0, "within": 1}


def test_a_long_quote_is_cut_around_its_number() -> None:
    long = "长" * 300 + "85.2" + "句" * 300
    opened = graph_of(("a", "urbanisation", "85.2", 2022, long), ("b", "urbanisation", "80.2", 2022, "乙"))
    line = next(line for line in against.as_lines(against.compare(opened)) if "a at 1" in line)
    assert "85.2" in line and line.count("…") == 2 and len(line) < 200


# ---- the command -------------------------------------------------------------


@pytest.mark.slow
def test_reports_read_from_text_are_compared(tmp_path: Path, words: Vocabulary) -> None:
    """From the words of two reports to their disagreement; the third agrees with the first."""
    for name, text in {
        "suzhou-bulletin-2021": "苏州市2021年国民经济和社会发展统计公报\n2021年末全市常住人口1284.78万人，常住人口城镇化率81.93%。\n",
        "suzhou-report-2022": "苏州市2022年政府工作报告\n2021年末全市常住人口1384.78万人。\n",
        "suzhou-other-2022": "苏州市2022年国民经济和社会发展计划报告\n2021年末全市常住人口1285万人。\n",
    }.items():
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    graph = tmp_path / "graph"
    with store.new_generation(graph) as generation:
        filled = ox.Store(str(generation))
        for report in sources.collect([tmp_path]):
            filled.extend(
                quads.quads(pipeline.extract(pipeline.read(report.path), words, report.source), words)
            )
        for name in ("census2020.ttl", "indicators.ttl", "units.ttl"):
            filled.bulk_load(path=str(folder("ontology") / name), to_graph=ox.NamedNode(f"{BASE}graph/x"))
        filled.flush()
        del filled
    found = against.compare(store.open_store(graph))
    told = {(one.kind, *sorted((one.one.printed, one.other.printed))) for one in found.disagreements}
    assert told == {
        ("census", "1274.8262万人", "1384.78万人"),
        ("reports", "1284.78万人", "1384.78万人"),
        ("reports", "1285万人", "1384.78万人"),
    }
    assert found.compared["reports"] == 3 and found.compared["census"] == 4
    done = CliRunner().invoke(check.check, ["--against", "--graph", str(graph)])
    assert done.exit_code == 1
    assert "2021年末全市常住人口1384.78万人。" in done.stdout and "2020年第七次全国人口普查" in done.stdout
    done = CliRunner().invoke(check.check, ["--against", "within", "--format", "json", "--graph", str(graph)])
    assert done.exit_code == 0 and json.loads(done.stdout) == {"compared": {"within": 0}, "disagreements": []}


def test_the_seeds_agree_with_each_other_where_they_meet(seeds: ox.Store) -> None:
    found = against.compare(seeds, ["census", "reports"])
    assert found.compared["reports"] > 0
    assert found.disagreements == ()
