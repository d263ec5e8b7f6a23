"""The indicators of ``ontology/indicators.ttl``: each has its own names, one unit, a complete closure.

The tests on annotated reports need ``../shared`` and are skipped without it.
"""

import csv
import importlib.util
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType

import pyoxigraph as ox
import pytest

from loaders.linking import Linker
from loaders.vocabulary import Vocabulary, load, normalise

ROOT = Path(__file__).resolve().parent.parent
ONTOLOGY = ROOT / "ontology"
FILE = ONTOLOGY / "indicators.ttl"
SHARED = ROOT.parent / "shared"
BASE = "https://w3id.org/plankg/"
PLAN = BASE + "ontology#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DERIVED = {"growth": "growthOf", "annualAverageGrowth": "growthOf", "change": "changeOf", "rank": "rankOf"}
NAMES = ("label", "prefLabel", "altLabel", "hiddenLabel")
MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
CLASSES = {"Indicator", SKOS + "Concept", "https://schema.org/StatisticalVariable"}
SCHEMES = (
    "http://eurovoc.europa.eu/",
    "http://metadata.un.org/sdg/",
    "http://www.wikidata.org/entity/",
    "http://zbw.eu/stw/descriptor/",
    "https://data.worldbank.org/indicator/",
)


@dataclass
class Node:
    """What the file says of one indicator: literals as (text, language), other objects as IRI ends."""

    texts: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    links: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def one(self, name: str) -> str:
        (value,) = self.links[name]
        return value

    def zh(self, *predicates: str) -> set[str]:
        return {text for name in predicates for text, language in self.texts[name] if language == "zh"}

    @property
    def stat_type(self) -> str:
        return self.one("statType")


@cache
def nodes() -> dict[str, Node]:
    """Every indicator by its path: ``gdp``, ``gdp/growth``."""
    found: dict[str, Node] = defaultdict(Node)
    for triple in ox.parse(path=str(FILE), format=ox.RdfFormat.TURTLE):
        path = triple.subject.value.removeprefix(BASE + "indicator/")
        name = triple.predicate.value.replace("/", "#").rpartition("#")[2]
        if isinstance(triple.object, ox.Literal):
            found[path].texts[name].append((triple.object.value, triple.object.language or ""))
        else:
            found[path].links[name].append(triple.object.value.removeprefix(BASE).removeprefix("ontology#"))
    found.pop("")
    return dict(found)


@cache
def vocabulary() -> Vocabulary:
    return load(ONTOLOGY)


@cache
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_indicators", ONTOLOGY / "make" / "indicators.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@cache
def levels() -> dict[str, Node]:
    """Levels and shares: what is not derived from another."""
    return {path: node for path, node in nodes().items() if node.stat_type in ("level", "share")}


# ---- the file ------------------------------------------------------------------------------------


def test_the_file_is_what_its_tables_give() -> None:
    assert FILE.read_text(encoding="utf-8") == generator().document()


def test_there_are_enough_levels_and_every_topic_has_some() -> None:
    assert sum(node.stat_type == "level" for node in nodes().values()) >= 450
    per_topic = Counter(node.one("topic") for node in levels().values())
    assert set(per_topic) == {f"topic/{slug}" for slug in generator().topics()}
    assert len(per_topic) == 23
    assert min(per_topic.values()) >= 20


def test_every_indicator_is_written_out_in_both_languages() -> None:
    for path, node in nodes().items():
        for predicate in ("label", "prefLabel", "definition"):
            languages = sorted(language for _, language in node.texts[predicate])
            assert languages == ["en", "zh"], f"{path}: {predicate} in {languages}"
        assert sorted(node.texts["label"]) == sorted(node.texts["prefLabel"]), path
        assert {"Indicator", SKOS + "Concept", "https://schema.org/StatisticalVariable"} == set(
            node.links["type"]
        )
        assert node.one("inScheme") == "indicator/"


def test_every_indicator_has_one_unit_and_one_direction() -> None:
    for path, node in nodes().items():
        assert BASE + node.one("unit") in vocabulary().unit_iris, (
            f"{path}: no such unit as {node.one('unit')}"
        )
        assert node.one("betterDirection") in ("higherIsBetter", "lowerIsBetter", "noDirection"), path


# ---- names ---------------------------------------------------------------------------------------


def test_no_name_stands_on_two_indicators() -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for path, node in nodes().items():
        for name in node.zh(*NAMES, "fallLabel"):
            owners[normalise(name)].add(path)
    assert {name: paths for name, paths in owners.items() if len(paths) > 1} == {}


def test_english_labels_are_unique_too() -> None:
    labels = Counter(t.lower() for n in nodes().values() for t, lang in n.texts["prefLabel"] if lang == "en")
    assert [label for label, count in labels.items() if count > 1] == []


def test_an_indicator_has_a_name_only_once() -> None:
    for path, node in nodes().items():
        names = [
            t for p in ("prefLabel", "altLabel", "hiddenLabel") for t, lang in node.texts[p] if lang == "zh"
        ]
        assert len(names) == len(set(names)), path
        assert all(name == name.strip() and name for name in names), path
        assert node.zh("fallLabel") <= node.zh("hiddenLabel"), path


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("地区生产总值", "gdp"),
        ("GDP", "gdp"),
        ("全省生产总值", "gdp"),
        ("经济增长", "gdp/growth"),
        ("GDP增速", "gdp/growth"),
        ("地区生产总值年均", "gdp/annual-growth"),
        ("规上工业增加值", "scale-industry-value-added"),
        ("规模以上工业增加值", "scale-industry-value-added"),
        ("规模工业增加值", "scale-industry-value-added"),
        ("规上工业增加值增速", "scale-industry-value-added/growth"),
        ("全社会研发投入", "rd-expenditure"),
        ("研究与试验发展（R&D）经费支出", "rd-expenditure"),
        ("R&D经费投入强度", "rd-intensity"),
        ("高企", "high-tech-enterprises"),
        ("净增高新技术企业", "high-tech-enterprises/change"),
        ("居民消费价格总水平涨幅", "cpi/growth"),
        ("单位GDP能耗降低率", "energy-intensity/growth"),
        ("单位地区生产总值二氧化碳排放量下降率", "co2-intensity/growth"),
        ("国考断面水质优Ⅲ比例", "surface-water-quality-national"),
        ("国考断面水质优III比例", "surface-water-quality-national"),
        ("城镇调查失业率", "surveyed-unemployment"),
        ("城镇新增就业人数", "urban-new-jobs"),
        ("PM2.5年均浓度", "pm25"),
        ("每千人口拥有3岁以下婴幼儿托位数", "nursery-places-per-1000"),
        ("停车位", "parking-spaces"),
        ("新增停车位", "parking-spaces-new"),
        ("新三样出口", "new-three-exports"),
        ("计算机、通信和其他电子设备制造业", "computer-electronics-value-added"),
    ],
)
def test_names_as_reports_print_them(name: str, path: str) -> None:
    found = vocabulary().indicator(name)
    assert found is not None, f"{name} is no label"
    assert found.iri == f"{BASE}indicator/{path}"


@pytest.mark.parametrize(
    ("name", "other"),
    [
        # a part and its whole
        ("农房翻建", "农房改善"),
        ("职工医保住院政策范围内报销比例", "居民医保住院政策范围内报销比例"),
        ("新增境内上市公司", "新增境内外上市公司"),
        ("新增对外开放泊位", "新增万吨级以上泊位"),
        ("执业医师", "执业（助理）医师"),
        ("地铁运营里程", "城市轨道交通运营里程"),
        ("提供就业岗位", "提供高校毕业生就业岗位"),
        ("规上数字经济核心产业增加值", "数字经济核心产业增加值"),
        ("企业职工基本养老保险参保人数", "城镇职工基本养老保险参保人数"),
        ("举办全民健身赛事活动", "举办体育赛事活动"),
        # another object
        ("打造精品街巷", "整治背街小巷"),
        ("推进“三北”工程建设", "国土绿化面积"),
        ("修改废止和宣布失效政府规章", "制定政府规章"),
        ("出台地方性法规", "提请审议地方性法规"),
        ("服务消费", "居民人均服务性消费支出"),
        ("农产品加工业营收", "农产品加工业产值"),
        ("人工造林面积", "营造林面积"),
        ("国考断面水质达标率", "国考断面水质优良比例"),
        # stock, addition, net addition
        ("制造业中长期贷款新增", "制造业中长期贷款余额"),
        ("净增高新技术企业", "新增高新技术企业"),
        ("新认定高新技术企业", "新增高新技术企业"),
        ("工业互联网平台", "新增省级工业互联网平台"),
        ("新开工改造城镇老旧小区", "改造老旧小区"),
        # a class and a threshold, the level of government
        ("新增省级以上专精特新企业", "新增省级专精特新企业"),
        ("省级众创空间", "省级以上众创空间"),
        ("办理全国人大代表建议", "办理省人大代表建议"),
        ("市重点项目完成投资", "省重点项目完成投资"),
        # another scope of the same series
        ("国省考断面水质优良率", "省考断面水质优良比例"),
        ("工业战略性新兴产业产值占工业总产值比重（国家新口径）", "工业战略性新兴产业产值占工业总产值比重"),
        ("全社会固定资产投资", "固定资产投资（不含农户）"),
        ("农民人均纯收入", "农民人均可支配收入"),
        ("洞庭湖总磷浓度", "总磷浓度"),
        ("各项贷款余额", "本外币各项贷款余额"),
        ("死亡人数", "道路交通事故死亡人数"),
    ],
)
def test_names_that_are_not_the_same_quantity(name: str, other: str) -> None:
    """A name leads to its own indicator, or to none: never to that of a part, a whole or another object."""
    found = vocabulary().indicator(other)
    assert found is not None, f"{other} is no label"
    assert vocabulary().indicator(name) != found


def test_a_threshold_is_not_a_class() -> None:
    """省级以上 (the province's list and those above it) names no indicator of 省级, nor the other way round."""
    for path, node in levels().items():
        if not any(level in path for level in ("provincial", "city-")):
            continue
        own = {bool(re.search("[省市]级(?:及)?以上", name)) for name in node.zh("prefLabel")}
        for name in node.zh(*NAMES):
            if re.search("[省市]级", name):
                assert bool(re.search("[省市]级(?:及)?以上", name)) in own, f"{path}: {name}"


def test_what_is_net_added_is_a_change() -> None:
    wrong = [
        f"{path}: {name}"
        for path, node in nodes().items()
        for name in node.zh(*NAMES)
        if name.startswith("净增") and node.stat_type != "change" and path != "valid-invention-patents-new"
    ]
    assert wrong == []


def test_a_name_of_the_fall_stands_on_a_growth_or_change_only() -> None:
    falls = {path: node for path, node in nodes().items() if node.texts["fallLabel"]}
    assert falls
    assert {node.stat_type for node in falls.values()} <= {"growth", "change"}


def test_no_level_is_named_like_a_growth() -> None:
    """A level called 增速 or 增长率 would mix two measures under one IRI; 自然增长率 is a level itself."""
    for path, node in levels().items():
        wrong = {
            n for n in node.zh(*NAMES) if n.endswith(("增速", "增幅", "涨幅", "增长率", "降低率", "下降率"))
        }
        assert not wrong or path == "natural-growth-rate", f"{path}: {wrong}"


# ---- links ---------------------------------------------------------------------------------------


def test_what_is_derived_is_declared_with_its_level() -> None:
    for path, node in nodes().items():
        if node.stat_type not in DERIVED:
            assert "/" not in path
            continue
        slug, _, kind = path.partition("/")
        assert node.one(DERIVED[node.stat_type]) == f"indicator/{slug}", path
        assert node.links["broader"] == [f"indicator/{slug}"], path
        assert nodes()[slug].one("topic") == node.one("topic"), path
        assert (kind, node.stat_type) in {
            ("growth", "growth"),
            ("annual-growth", "annualAverageGrowth"),
            ("change", "change"),
            ("rank", "rank"),
        }


def test_growth_is_in_percent_and_change_in_the_unit_of_its_level() -> None:
    points = {"unit/percent": "unit/percentage-point", "unit/permille": "unit/permille-point"}
    for path, node in nodes().items():
        level = nodes()[path.partition("/")[0]].one("unit")
        expected = {
            "growth": "unit/percent",
            "annualAverageGrowth": "unit/percent",
            "rank": "unit/place",
            "change": points.get(level, level),
        }.get(node.stat_type, level)
        assert node.one("unit") == expected, path


def test_shares_are_ratios_and_lead_to_what_they_are_shares_of() -> None:
    for path, node in nodes().items():
        parts = node.links["shareOf"] + node.links["shareBase"]
        assert (node.stat_type == "share") == bool(parts), path
        if parts:
            unit = vocabulary().unit_iris[BASE + node.one("unit")]
            assert unit.family == BASE + "unit/family/ratio", path


def test_links_lead_to_levels() -> None:
    for path, node in nodes().items():
        for name in ("shareOf", "shareBase", "flowOf", "growthOf", "changeOf", "rankOf"):
            for target in node.links[name]:
                slug = target.removeprefix("indicator/")
                assert slug in levels(), f"{path} {name} {target}"
                assert slug != path


def test_the_closure_is_complete() -> None:
    def above(path: str) -> set[str]:
        found = set(nodes()[path].links["broader"])
        for up in list(found):
            if up.startswith("indicator/"):
                found |= above(up.removeprefix("indicator/"))
        return found

    for path, node in nodes().items():
        closure = set(node.links["broaderTransitive"])
        assert closure == above(path), path
        assert node.one("topic") in closure, f"{path} is not under its own topic"
        assert f"indicator/{path}" not in closure, f"{path} is above itself"


def test_matches_name_a_known_vocabulary_and_one_strength_each() -> None:
    matched = [(p, m, o) for p, n in nodes().items() for m in MATCHES for o in n.links[m]]
    assert len(matched) >= 300
    assert all(target.startswith(SCHEMES) for _, _, target in matched)
    assert [pair for pair, count in Counter((p, o) for p, _, o in matched).items() if count > 1] == []


def test_every_term_of_the_reference_table_is_matched() -> None:
    table = SHARED / "data" / "indicators.csv"
    if not table.exists():
        pytest.skip(f"needs {table.relative_to(ROOT.parent)} beside the project")
    targets = {o for n in nodes().values() for m in MATCHES for o in n.links[m]}
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    missing = [row["id"] for row in rows if row["wb_code"] and SCHEMES[4] + row["wb_code"] not in targets]
    missing += [
        row["id"] for row in rows for key in ("stw", "eurovoc") if row[key] and row[key] not in targets
    ]
    assert missing == []


@pytest.mark.parametrize(
    ("path", "base"),
    [
        ("trade-total-usd", "trade-total"),
        ("exports-usd", "exports"),
        ("imports-usd", "imports"),
        ("fdi-used-cny", "fdi-used"),
        ("gdp-per-capita-usd", "gdp-per-capita"),
        ("business-start-working-days", "business-start-time"),
    ],
)
def test_a_series_counted_in_another_unit_is_an_indicator_below_the_first(path: str, base: str) -> None:
    """进出口总额 456亿美元 cannot be converted into yuan: it is 进出口总额（美元）."""
    units = vocabulary().unit_iris
    one, other = (units[BASE + nodes()[which].one("unit")] for which in (path, base))
    assert one.base != other.base
    assert nodes()[path].links["broader"] == [f"indicator/{base}"]


# ---- the generator -------------------------------------------------------------------------------


def test_spellings_follow_the_rules() -> None:
    spellings = generator().spellings
    assert spellings("规上工业") == ["规模以上工业", "规模工业"]
    assert spellings("服务业增加值占地区生产总值比重") == [
        "服务业增加值占GDP比重",
        "服务业增加值占生产总值比重",
        "服务业增加值占地区生产总值的比重",
        "服务业增加值占GDP的比重",
        "服务业增加值占生产总值的比重",
        "服务业增加值占地区生产总值比例",
        "服务业增加值占GDP比例",
        "服务业增加值占生产总值比例",
        "服务业增加值占地区生产总值的比例",
        "服务业增加值占GDP的比例",
        "服务业增加值占生产总值的比例",
    ]
    assert spellings("进出口总额") == []


def test_a_name_given_twice_stops_the_making() -> None:
    make = generator()
    row = make.rows()[0]
    other = make.Row(**{**vars(row), "slug": "gdp-again", "zh": "另一个名称"})
    with pytest.raises(ValueError, match="names both gdp and gdp-again"):
        make.concepts([row, other])


def test_a_link_into_nothing_stops_the_making() -> None:
    make = generator()
    row = make.rows()[0]
    with pytest.raises(ValueError, match="points to nowhere"):
        make.concepts([make.Row(**{**vars(row), "parent": "nowhere"})])


# ---- annotated reports ---------------------------------------------------------------------------

#: where headline targets of annotated reports stand: from one mark to the next, "" for the end of the text
HEADLINES = {
    "suzhou-plan-2023": [
        ("表1  2022年", "（二）重点任务完成情况"),
        ("表2  2023年", "三、完成2023年"),
    ],
    "zhangjiagang-plan-2023": [("二、2023年国民经济和社会发展主要预期目标", "")],
    "jilin-work-report-2026": [
        ("今年经济社会发展主要预期目标是", "\n"),
        ("主要目标包括：", "\n"),
    ],
}


def headline_rows(name: str, kind: str = "facts") -> Iterator[dict[str, str]]:
    """The annotated facts (or promises without a number) that stand in the headline targets of a report."""
    gold = SHARED / "gold" / "dev" / f"{name}.{kind}.jsonl"
    texts = [SHARED / folder / f"{name}.txt" for folder in ("seeds", "corpus/text")]
    text = next((path.read_bytes().decode() for path in texts if path.exists()), None)
    if text is None or not gold.exists():
        pytest.skip(f"needs the annotated report {name} in ../shared")
    spans = []
    for first, last in HEADLINES[name]:
        start = text.index(first)
        spans.append((start, text.index(last, start + len(first)) if last else len(text)))
    for line in gold.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row.get("fact", True) and any(start <= row["start"] < end for start, end in spans):
            yield row


#: what an annotated row measures -> the kinds of indicator that may hold it
HOLDS = {
    "level": {"level", "share"},
    "growth": {"growth", "annualAverageGrowth"},
    "change": {"change"},
    "rank": {"rank"},
}


@pytest.mark.parametrize(
    ("name", "at_least"),
    [("suzhou-plan-2023", 100), ("zhangjiagang-plan-2023", 20), ("jilin-work-report-2026", 18)],
)
def test_headline_indicators_resolve_with_the_right_unit(name: str, at_least: int) -> None:
    """Growth and level never mix; a rate called by name (单位GDP能耗降低率 4.6) is the growth it states."""
    linker = Linker(vocabulary(), None)
    seen = 0
    for row in headline_rows(name):
        called, measure = row["indicator"], row["measure"]
        iri = linker.indicator_iri(called, measure)  # type: ignore[arg-type]
        found = vocabulary().indicator_iris.get(iri)
        assert found is not None, f"{called} ({measure}) leads to {iri}"
        rate = called in nodes()[iri.removeprefix(BASE + "indicator/")].zh("fallLabel", *NAMES)
        assert found.stat_type in HOLDS[measure] or (measure == "level" and rate), (
            f"{called}: {measure} in {iri}"
        )
        own = vocabulary().unit_iris[found.unit]
        printed = vocabulary().unit(row["unit"] or ("位" if measure == "rank" else "数"))
        assert printed is not None, f"{called}: no unit {row['unit']}"
        assert printed.base == own.base, f"{called}: {row['unit']} cannot be stored in {own.label}"
        seen += 1
    assert seen >= at_least


def test_headline_promises_of_suzhou_resolve() -> None:
    """Enumerations (PM2.5浓度、优良天数比例) are taken apart by the reader, not by the vocabulary."""
    linker = Linker(vocabulary(), None)
    minted = [
        row["indicator"]
        for row in headline_rows("suzhou-plan-2023", "qualitative")
        if "/zh/" in linker.indicator_iri(row["indicator"], "level") and "、" not in row["indicator"]
    ]
    assert minted == []
