"""The units of ``ontology/units.ttl``: what each spelling means, and that every factor is exact."""

import csv
import importlib.util
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Context, Decimal, Inexact
from pathlib import Path
from types import ModuleType

import pyoxigraph as ox
import pytest

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "ontology" / "units.ttl"
DATA = ROOT.parent / "shared" / "data"
GOLD = ROOT.parent / "shared" / "gold" / "dev"
PLAN = "https://w3id.org/plankg/ontology#"
UNIT = "https://w3id.org/plankg/unit/"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
QUDT = "http://qudt.org/vocab/unit/"


@dataclass
class Node:
    """What the file says of one unit or family."""

    labels: dict[str, str] = field(default_factory=dict)
    spellings: list[str] = field(default_factory=list)
    values: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def one(self, name: str) -> str:
        (value,) = self.values[name]
        return value.removeprefix(UNIT)

    @property
    def factor(self) -> Decimal:
        return Decimal(self.one("factor"))


def read() -> tuple[dict[str, Node], dict[str, Node]]:
    nodes: dict[str, Node] = defaultdict(Node)
    for triple in ox.parse(path=str(FILE), format=ox.RdfFormat.TURTLE):
        node, value = nodes[triple.subject.value.removeprefix(UNIT)], triple.object
        name = triple.predicate.value.rpartition("#")[2]
        if name in ("label", "altLabel"):
            if name == "label":
                assert value.language not in node.labels, f"two {value.language} labels: {triple}"
                node.labels[value.language] = value.value
            if value.language == "zh":
                node.spellings.append(value.value)
        else:
            node.values[name].append(value.value)
    is_unit = {slug: PLAN + "Unit" in node.values["type"] for slug, node in nodes.items()}
    return (
        {slug: node for slug, node in nodes.items() if is_unit[slug]},
        {slug: node for slug, node in nodes.items() if not is_unit[slug]},
    )


UNITS, FAMILIES = read()
BY_SPELLING = {spelling: slug for slug, unit in UNITS.items() for spelling in unit.spellings}


def convert(value: str, source: str, target: str) -> Decimal | None:
    """The value in another unit, exactly; None when they do not convert into each other."""
    one, other = UNITS[BY_SPELLING[source]], UNITS[BY_SPELLING[target]]
    if one.one("baseUnit") != other.one("baseUnit"):
        return None
    return Context(prec=60, traps=[Inexact]).divide(Decimal(value) * one.factor, other.factor)


def maker(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "ontology" / "make" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# printed -> unit
SPELLINGS = [
    ("%", "percent"),
    ("％", "percent"),
    ("‰", "permille"),
    ("个百分点", "percentage-point"),
    ("百分点", "percentage-point"),
    ("倍", "multiple"),
    ("番", "doubling"),
    ("成", "tenth"),
    ("元", "yuan"),
    ("亿元", "100m-yuan"),
    ("万亿元", "1t-yuan"),
    ("千亿元", "100b-yuan"),
    ("亿美元", "100m-us-dollar"),
    ("万", "10k-number"),
    ("亿", "100m-number"),
    ("家", "enterprise"),
    ("万户", "10k-household"),
    ("名", "person"),
    ("万名", "10k-person"),
    ("位", "place"),
    ("亿人次", "100m-visit"),
    ("套（间）", "home"),
    ("套(间)", "home"),
    ("条（段）", "stretch"),
    ("亿亩次", "100m-mu-time"),
    ("万标箱", "10k-teu"),
    ("万标准箱", "10k-teu"),
    ("万TEU", "10k-teu"),
    ("个标箱", "teu"),
    ("千米", "kilometre"),
    ("万公里", "10k-kilometre"),
    ("㎡", "square-metre"),
    ("万平方米", "10k-square-metre"),
    ("平方千米", "square-kilometre"),
    ("亿斤", "100m-jin"),
    ("千克", "kilogram"),
    ("万吨标煤", "10k-tonne-coal-equivalent"),
    ("度", "kilowatt-hour"),
    ("亿千瓦时", "100m-kilowatt-hour"),
    ("万亿千瓦时", "1t-kilowatt-hour"),
    ("万千瓦", "10k-kilowatt"),
    ("千伏安时", "kilovolt-ampere-hour"),
    ("亿方", "100m-cubic-metre"),
    ("微克/立方米", "microgram-per-cubic-metre"),
    ("微克每立方米", "microgram-per-cubic-metre"),
    ("ug/m3", "microgram-per-cubic-metre"),
    ("克/千克", "gram-per-kilogram"),
    ("分贝", "decibel"),
    ("℃", "degree-celsius"),
    ("万PF", "10k-petaflops"),
    ("P", "petaflops"),
    ("Gbps", "gigabit-per-second"),
    ("万元/人", "10k-yuan-per-person"),
    ("人/百亿元", "person-per-10b-yuan"),
    ("吨/万元", "tonne-per-10k-yuan"),
    ("万立方米/日", "10k-cubic-metre-per-day"),
    ("亿吨公里", "100m-tonne-kilometre"),
    ("岁", "year-of-age"),
    ("个月", "month"),
    ("个工作日", "working-day"),
]


@pytest.mark.parametrize(("printed", "slug"), SPELLINGS)
def test_spelling(printed: str, slug: str) -> None:
    assert BY_SPELLING[printed] == slug


# value, unit, other unit -> value there; None where no factor leads from one to the other
CONVERSIONS = [
    ("4.36", "万亿元", "亿元", "43600"),
    ("0.5", "亿元", "万元", "5000"),
    ("3", "亿斤", "吨", "150000"),
    ("28", "克", "千克", "0.028"),
    ("1", "公顷", "亩", "15"),
    ("1", "平方公里", "公顷", "100"),
    ("200", "亩", "公顷", None),  # 13.333...: there is no exact value
    ("13.4", "万平方米", "亩", "201"),
    ("800", "万标箱", "标箱", "8000000"),
    ("1000", "亿千瓦时", "度", "100000000000"),
    ("12", "吉瓦时", "千瓦时", "12000000"),
    ("10", "兆瓦", "万千瓦", "1"),
    ("2", "立方米/秒", "立方米/日", "172800"),
    ("1.2", "毫克/立方米", "微克/立方米", "1200"),
    ("2", "成", "%", "20"),
    ("5.1", "‰", "%", "0.51"),
    ("2.2", "倍", "%", "220"),
    ("25", "个基点", "个百分点", "0.25"),
    ("1.3", "万PF", "EFLOPS", "13"),
    ("1", "年", "个月", "12"),
    ("90", "分钟", "小时", "1.5"),
    ("2", "天", "小时", "48"),
    ("0.5", "人/百亿元", "人/亿元", "0.005"),
    ("7.29", "张/千人", "个/万人", "72.9"),
    ("20", "万", "万人", "20"),
    ("500", "户", "家", "500"),
]


@pytest.mark.parametrize(("value", "source", "target", "expected"), CONVERSIONS)
def test_conversion(value: str, source: str, target: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(Inexact):
            convert(value, source, target)
    else:
        assert convert(value, source, target) == Decimal(expected)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("个百分点", "%"),
        ("番", "%"),
        ("番", "倍"),
        ("亿美元", "亿元"),
        ("吨标准煤", "吨"),
        ("亩次", "亩"),
        ("标箱", "个"),
        ("岁", "年"),
        ("个工作日", "天"),
        ("年", "天"),
        ("立方米", "标准立方米"),
        ("吨", "立方米"),
        ("吨/年", "吨/日"),
    ],
)
def test_what_does_not_convert(source: str, target: str) -> None:
    assert convert("1", source, target) is None


def test_every_unit_is_complete() -> None:
    assert len(UNITS) > 500
    for slug, unit in UNITS.items():
        assert set(unit.labels) == {"zh", "en"}, slug
        assert slug.isascii() and slug == slug.lower(), slug
        assert unit.factor > 0, slug
        family = FAMILIES[unit.one("family")]
        assert unit.one("baseUnit") == family.one("baseUnit"), slug
        assert UNITS[unit.one("baseUnit")].factor == 1, slug


def test_every_family_has_a_reference_unit_that_takes_exact_values() -> None:
    for slug, family in FAMILIES.items():
        assert set(family.labels) == {"zh", "en"}, slug
        reference = UNITS[family.one("referenceUnit")]
        assert reference.one("family") == slug
        for unit in UNITS.values():
            if unit.one("family") == slug:
                convert("1", unit.labels["zh"], reference.labels["zh"])  # raises Inexact


@pytest.mark.parametrize(
    ("family", "reference"),
    [
        ("cny", "亿元"),
        ("usd", "亿美元"),
        ("mass", "吨"),
        ("area", "亩"),
        ("enterprise", "家"),
        ("ratio", "%"),
    ],
)
def test_reference_unit(family: str, reference: str) -> None:
    assert UNITS[FAMILIES[f"family/{family}"].one("referenceUnit")].labels["zh"] == reference


def test_no_spelling_means_two_units() -> None:
    owners = defaultdict(set)
    for slug, unit in UNITS.items():
        for spelling in unit.spellings:
            owners[spelling].add(slug)
    assert {spelling: slugs for spelling, slugs in owners.items() if len(slugs) > 1} == {}


def test_no_two_units_match_the_same_thing_exactly() -> None:
    owners = defaultdict(set)
    for slug, unit in UNITS.items():
        for match in unit.values["exactMatch"]:
            owners[match].add(slug)
    owners.pop("http://www.wikidata.org/entity/Q577")  # year: of the calendar, and of age
    assert {match: slugs for match, slugs in owners.items() if len(slugs) > 1} == {}


@pytest.mark.parametrize("slug", ["multiple", "tenth", "doubling", "percentage-point"])
def test_what_needs_saying_is_said_in_both_languages(slug: str) -> None:
    assert len(UNITS[slug].values["comment"]) == 2


def test_the_file_is_what_its_maker_makes() -> None:
    assert FILE.read_text(encoding="utf-8") == maker("units").turtle()


# rows of the reference data whose unit QUDT lacks: kept apart here, so base and factor differ on purpose
OWN_UNITS = {"吨标准煤", "万吨标准煤", "千克标准煤", "吨标准煤/万元", "立方米/万元", "公斤/亩", "元/月"}


@pytest.mark.skipif(not (DATA / "units.csv").exists(), reason="reference data not here")
def test_agrees_with_the_reference_data() -> None:
    exact = {match: slug for slug, unit in UNITS.items() for match in unit.values["exactMatch"]}
    with (DATA / "units.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 80
    compared = 0
    for row in rows:
        unit = UNITS[BY_SPELLING[row["unit_zh"]]]
        base = exact.get(row["qudt_base_iri"])
        if row["unit_zh"] in OWN_UNITS or base is None or unit.one("baseUnit") != UNITS[base].one("baseUnit"):
            continue
        ratio = unit.factor / UNITS[base].factor
        assert ratio == pytest.approx(Decimal(row["factor_to_base"]), rel=Decimal("1e-12")), row["unit_zh"]
        compared += 1
        if row["ucum_base"] and Decimal(row["factor_to_base"]) == 1 and base == BY_SPELLING[row["unit_zh"]]:
            assert unit.values["ucum"] == [row["ucum_base"]], row["unit_zh"]
            assert unit.values["rec20"] == ([row["rec20_code"]] if row["rec20_code"] else []), row["unit_zh"]
    assert compared > 55


@pytest.mark.skipif(not GOLD.exists(), reason="annotated reports not here")
def test_every_unit_of_the_annotated_reports_is_known() -> None:
    import json

    printed = set()
    for path in sorted(GOLD.glob("*.facts.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["fact"] and row["unit"]:
                printed.add(row["unit"])
    assert len(printed) > 50
    assert printed - set(BY_SPELLING) == set()
