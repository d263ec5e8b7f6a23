"""Extractions written by hand -> quads: amounts and bounds, names of things, what is described where."""

from dataclasses import replace
from decimal import Decimal

import pyoxigraph as ox
import pytest

from loaders import document, quads
from loaders.model import (
    Extraction,
    Fact,
    MeasureMention,
    OtherNumber,
    ProjectMention,
    Qualitative,
    ReportInfo,
    Sentence,
    Source,
)
from loaders.namespaces import BASE, GRAPH, PLAN, PREFIXES, safe_iri
from loaders.resources import folder
from loaders.vocabulary import Vocabulary

INDICATOR = BASE + "indicator/"
RDF_TYPE = PREFIXES["rdf"] + "type"
SUZHOU = BASE + "region/320500"
TEXT = "关于苏州市2023年计划的报告\n地区生产总值增长5%左右，新建停车位2000个。推进沪苏通铁路二期建设。"
SENTENCE = Sentence("地区生产总值增长5%左右，新建停车位2000个。", 16, 40, "主要预期目标")


def fact(**changes: object) -> Fact:
    """地区生产总值增长5%左右, with changes."""
    at = TEXT.index("5%")
    plain = Fact(
        start=at,
        end=at + 1,
        number="5",
        indicator="地区生产总值",
        measure="growth",
        value=Decimal(5),
        upper=None,
        unit="%",
        comparator="~",
        kind="target",
        estimated=False,
        period="2023",
        region="苏州市",
        indicator_iri=INDICATOR + "gdp/growth",
        region_iri=SUZHOU,
        sentence=SENTENCE,
        printed="5%左右",
        rule="clause",
        confidence=0.9,
    )
    return plain._replace(**changes)


def extraction(*facts: Fact, **changes: object) -> Extraction:
    plain = Extraction(
        document=document.from_text(TEXT, "suzhou-plan-2023"),
        source=Source(slug="suzhou-plan-2023"),
        report=ReportInfo(
            title="关于苏州市2023年计划的报告",
            kind="plan-report",
            region="苏州市",
            region_iri=SUZHOU,
            year=2023,
            review="2022",
            plan="2023",
        ),
        facts=facts,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


#: printed value, unit, comparator, measure, indicator -> value, low, high, comparator, unit
AMOUNTS = [
    (("5", "%", "~", "growth", "gdp/growth"), ("5", "5", "5", "about", "percent")),
    (("5", "%", "=", "growth", "gdp/growth"), ("5", "5", "5", "exactly", "percent")),
    (("5", "%", ">=", "growth", "gdp/growth"), ("5", "5", None, "atLeast", "percent")),
    (("5", "%", ">", "growth", "gdp/growth"), ("5", "5", None, "moreThan", "percent")),
    (("3", "%", "<=", "growth", "cpi/growth"), ("3", None, "3", "atMost", "percent")),
    (("3", "%", "<", "growth", "cpi/growth"), ("3", None, "3", "lessThan", "percent")),
    (("2.4", "万亿元", "=", "level", "gdp"), ("24000", "24000", "24000", "exactly", "100m-yuan")),
    (("1635", "亿元", "=", "level", "gdp"), ("1635", "1635", "1635", "exactly", "100m-yuan")),
    (("0.1", "‰", "=", "growth", "gdp/growth"), ("0.01", "0.01", "0.01", "exactly", "percent")),
    (("-10", "%", ">=", "growth", "pm25/growth"), ("-10", None, "-10", "atMost", "percent")),
    (("-10", "%", "<=", "growth", "pm25/growth"), ("-10", "-10", None, "atLeast", "percent")),
    (("1.4", "万家", "=", "level", "zh/新增市场主体"), ("14000", "14000", "14000", "exactly", None)),
    (("3", "", "<=", "rank", "gdp/rank"), ("3", None, "3", "atMost", "place")),
    (("7", "不知何物", "=", "level", "gdp"), ("7", "7", "7", "exactly", "")),
]


@pytest.mark.parametrize(("printed", "stored"), AMOUNTS)
def test_amounts_are_stored_in_the_indicators_unit_with_their_bounds(
    printed: tuple[str, ...], stored: tuple[str | None, ...], words: Vocabulary
) -> None:
    value, unit, comparator, measure, indicator = printed
    stated = fact(
        value=Decimal(value),
        unit=unit,
        comparator=comparator,
        measure=measure,
        indicator_iri=INDICATOR + indicator,
    )
    amount = quads.converted(stated, words)
    numbers = [None if n is None else Decimal(n) for n in stored[:3]]
    assert [amount.value, amount.low, amount.high] == numbers
    assert amount.comparator == stored[3]
    if stored[4] is not None:
        assert amount.unit.removeprefix(BASE + "unit/") == stored[4]


def test_what_is_so_many_times_an_earlier_value_has_grown_by_one_less(words: Vocabulary) -> None:
    amount = quads.converted(
        fact(value=Decimal("1.7"), unit="倍", comparator="=", rule="times of an earlier value"), words
    )
    assert (amount.value, amount.unit) == (Decimal(70), BASE + "unit/percent")


def test_a_range_has_bounds_and_no_value(words: Vocabulary) -> None:
    amount = quads.converted(fact(value=Decimal(-3), upper=Decimal(-5)), words)
    assert (amount.value, amount.low, amount.high, amount.comparator) == (None, -5, -3, "between")


def test_a_fall_named_as_a_positive_number_is_stored_as_the_growth_it_states(words: Vocabulary) -> None:
    named = fact(
        indicator="单位地区生产总值能耗下降率",
        measure="level",
        value=Decimal("4.6"),
        comparator="=",
        indicator_iri=INDICATOR + "energy-intensity/growth",
    )
    assert named.indicator_iri in words.indicator_iris
    assert quads.converted(named, words).value == Decimal("-4.6")


@pytest.mark.parametrize(
    ("period", "bounds"),
    [
        ("2023", (2023, None, 2023, None)),
        ("2021/2025", (2021, None, 2025, None)),
        ("2022-Q1", (2022, 1, 2022, 3)),
        ("2022-Q1/2022-Q3", (2022, 1, 2022, 9)),
        ("2022-H2", (2022, 7, 2022, 12)),
        ("2022-01/2022-11", (2022, 1, 2022, 11)),
        ("2022-11-30", (2022, 11, 2022, 11)),
        ("不详", None),
    ],
)
def test_period_bounds(period: str, bounds: tuple[int | None, ...] | None) -> None:
    assert quads.period_bounds(period) == bounds


def store_of(read: Extraction, words: Vocabulary) -> ox.Store:
    filled = ox.Store()
    filled.extend(quads.quads(read, words))
    return filled


def ask(filled: ox.Store, pattern: str) -> bool:
    prefixes = "".join(f"PREFIX {prefix}: <{base}>\n" for prefix, base in PREFIXES.items())
    return bool(filled.query(f"{prefixes}ASK {{ {pattern} }}", use_default_graph_as_union=True))


def test_a_target_says_what_when_where_how_much_and_with_which_words(words: Vocabulary) -> None:
    filled = store_of(extraction(fact(basis="可比价", stretch=True, bindingness="预期性")), words)
    at = TEXT.index("5%")
    assert ask(
        filled,
        f"""GRAPH <{GRAPH}report/suzhou-plan-2023> {{
          <{BASE}statement/suzhou-plan-2023/{at}> a plan:Target, plan:Statement, qb:Observation, prov:Entity ;
            plan:indicator <{INDICATOR}gdp/growth> ; plan:region <{SUZHOU}> ; plan:year 2023 ;
            plan:period <{BASE}period/2023> ; plan:value ?v ; plan:low ?v ; plan:high ?v ;
            plan:comparator plan:about ; plan:unit <{BASE}unit/percent> ; plan:printed "5%左右" ;
            plan:basis "可比价"@zh ; plan:stretch true ; plan:bindingness plan:indicative ;
            plan:quote "{SENTENCE.text}"@zh ; plan:start {at} ; plan:end {at + 1} ;
            plan:statedIn <{BASE}report/suzhou-plan-2023> ; plan:inPlan <{BASE}plan/320500-2023> ;
            plan:inSection "主要预期目标"@zh ; plan:evidence ?evidence .
          ?evidence a plan:Evidence ; oa:hasSource <{BASE}report/suzhou-plan-2023> ;
            oa:hasSelector ?quote, ?position .
          ?quote a oa:TextQuoteSelector ; oa:exact ?exact .
          ?position a oa:TextPositionSelector ; oa:start {SENTENCE.start} ; oa:end {SENTENCE.end} .
          FILTER (?v = 5) FILTER (?exact = "{TEXT[SENTENCE.start : SENTENCE.end]}") }}""",
    )


@pytest.mark.parametrize(
    ("changes", "pattern"),
    [
        ({"kind": "result"}, "?s a plan:Result . FILTER NOT EXISTS { ?s a plan:Target }"),
        ({"kind": "result", "estimated": True}, "?s a plan:Result, plan:Estimate"),
        ({"kind": "result"}, "?s a plan:Result . FILTER NOT EXISTS { ?s plan:inPlan ?p }"),
        ({"period": "2021/2025"}, "?s plan:period <https://w3id.org/plankg/period/2021--2025>"),
        ({"period": "2021/2025"}, "?s a plan:Target . FILTER NOT EXISTS { ?s plan:year ?y }"),
        ({"upper": Decimal(6)}, "?s plan:comparator plan:between . FILTER NOT EXISTS { ?s plan:value ?v }"),
    ],
)
def test_kinds_and_periods(changes: dict[str, object], pattern: str, words: Vocabulary) -> None:
    assert ask(store_of(extraction(fact(**changes)), words), pattern)


def test_an_indicator_outside_the_list_is_described_once_under_its_own_name(words: Vocabulary) -> None:
    iri = INDICATOR + "zh/停车位建成率95%以上项目"
    new = fact(indicator="停车位建成率95%以上项目", measure="growth", indicator_iri=iri + "/growth")
    filled = store_of(extraction(new), words)
    node = f"<{safe_iri(iri)}>"
    assert ask(
        filled,
        f"""GRAPH <{GRAPH}indicators> {{
          {node} a plan:Indicator, skos:Concept ; plan:statType plan:level ; skos:prefLabel ?level .
          <{safe_iri(iri)}/growth> plan:growthOf {node} ; plan:statType plan:growth ; skos:prefLabel ?growth .
          FILTER (?level != ?growth) }}""",
    )


def test_an_indicator_outside_the_list_hangs_under_the_one_its_name_ends_in(words: Vocabulary) -> None:
    new = fact(
        indicator="高新区一般公共预算收入",
        measure="level",
        indicator_iri=INDICATOR + "zh/高新区一般公共预算收入",
    )
    filled = store_of(extraction(new), words)
    assert ask(filled, f"<{INDICATOR}zh/高新区一般公共预算收入> skos:broader <{INDICATOR}general-revenue>")


def test_a_derived_indicator_of_a_listed_one_takes_its_name_and_unit(words: Vocabulary) -> None:
    iri = INDICATOR + "gdp/annual-growth"
    filled = store_of(extraction(fact(indicator="地区生产总值年均", indicator_iri=iri)), words)
    assert iri in words.indicator_iris or ask(
        filled,
        f"""<{iri}> plan:growthOf <{INDICATOR}gdp> ; plan:statType plan:annualAverageGrowth ;
          plan:unit <{BASE}unit/percent> ; skos:prefLabel "地区生产总值年均增长"@zh""",
    )


def test_promises_without_a_number(words: Vocabulary) -> None:
    promise = Qualitative(
        start=16,
        end=20,
        indicator="居民人均可支配收入",
        text="与经济增长基本同步",
        kind="target",
        period="2023",
        region="苏州市",
        indicator_iri=INDICATOR + "disposable-income",
        region_iri=SUZHOU,
        sentence=SENTENCE,
        rule="promise",
        benchmark_indicator=INDICATOR + "gdp/growth",
    )
    filled = store_of(extraction(qualitative=(promise,)), words)
    assert ask(
        filled,
        f"""?s a plan:Target, plan:QualitativeTarget, plan:RelativeTarget ;
          plan:printed "与经济增长基本同步" ;
          plan:benchmarkIndicator <{INDICATOR}gdp/growth> ; plan:comparator plan:inStepWith .
        FILTER NOT EXISTS {{ ?s plan:value|plan:low|plan:high ?n }}""",
    )


def test_projects_and_measures(words: Vocabulary) -> None:
    start = TEXT.index("沪苏通")
    project = ProjectMention(
        start=start,
        end=start + 7,
        name="沪苏通铁路二期",
        status="under_construction",
        period="2023",
        region="苏州市",
        region_iri=SUZHOU,
        sentence=SENTENCE,
        investment=(Decimal("1.2"), "亿元"),
    )
    measure = MeasureMention(
        start=start - 2,
        end=len(TEXT),
        text="推进沪苏通铁路二期建设。",
        heading="综合交通",
        topic=BASE + "topic/transport",
        actor="",
        action="推进",
        object="沪苏通铁路二期建设",
        instruments=("资金",),
        facts=(TEXT.index("5%"),),
        projects=(start,),
        indicators=(),
        period="2023",
        region_iri=SUZHOU,
    )
    filled = store_of(extraction(fact(), projects=(project,), measures=(measure,)), words)
    assert ask(
        filled,
        f"""?project a plan:Project, prov:Activity ; rdfs:label "沪苏通铁路二期"@zh .
        ?said a plan:ProjectStatement ; plan:project ?project ; plan:status plan:underConstruction ;
          plan:year 2023 ;
          plan:investment 1.2 ; plan:unit <{BASE}unit/100m-yuan> .
        ?measure a plan:Measure, pplan:Step ; plan:topic <{BASE}topic/transport> ;
          plan:project ?project ;
          plan:target ?target ; plan:action "推进"@zh ; plan:inPlan <{BASE}plan/320500-2023> .
        ?target plan:indicator <{INDICATOR}gdp/growth>""",
    )


def test_the_same_name_in_another_prefecture_is_another_project(words: Vocabulary) -> None:
    zhangjiagang, changzhou = BASE + "region/320582", BASE + "region/320400"
    here = quads.project_iri("人民医院二期", SUZHOU, words)
    assert here == quads.project_iri("“人民医院”二期", zhangjiagang, words)
    assert here != quads.project_iri("人民医院二期", changzhou, words)


def test_counts_say_what_was_seen_and_what_was_left_over(words: Vocabulary) -> None:
    others = (OtherNumber(1, 2, "1", "date"), OtherNumber(3, 4, "2", "unexplained: no indicator"))
    read = extraction(fact(), other_numbers=others, warnings=("watch out",))
    assert quads.counts(read)["numbersSeen"] == 3
    assert ask(
        store_of(read, words),
        f"""GRAPH <{GRAPH}metadata> {{ <{BASE}report/suzhou-plan-2023> plan:numbersSeen 3 ;
          plan:numbersExplained 2 ; plan:numbersUnexplained 1 ; plan:warning "watch out" }}""",
    )


def test_the_same_extraction_gives_the_same_quads(words: Vocabulary) -> None:
    read = extraction(fact(), fact(start=30, end=34))
    assert list(quads.quads(read, words)) == list(quads.quads(read, words))


def test_lines_are_what_a_serializer_writes_of_the_quads(words: Vocabulary) -> None:
    odd = "".join(map(chr, range(1, 0x180))) + "\u3000\u2028\ufffe\uffff\U0001f600<>{}|^`"
    stated = fact(indicator=odd, indicator_iri=INDICATOR + "zh/" + odd, printed=odd, basis=odd, rule=odd)
    read = extraction(stated, warnings=(odd,))
    written = b"".join(quads.lines(read, words))
    assert written == ox.serialize(quads.quads(read, words), format=ox.RdfFormat.N_QUADS)
    checked = ox.parse(written, format=ox.RdfFormat.N_QUADS)  # not lenient: every IRI is one
    assert list(checked) == list(quads.quads(read, words))


def test_every_term_written_is_declared_in_the_ontology(seeds: ox.Store) -> None:
    files = folder("ontology").glob("*.ttl")
    declared = {
        q.subject for file in files for q in ox.parse(path=str(file)) if q.predicate.value == RDF_TYPE
    }
    used = {row["p"] for row in _rows(seeds, "SELECT DISTINCT ?p WHERE { GRAPH ?g { ?s ?p ?o } }")}
    used |= {row["c"] for row in _rows(seeds, "SELECT DISTINCT ?c WHERE { GRAPH ?g { ?s a ?c } }")}
    ours = {term for term in used if term.value.startswith(PLAN)}
    assert ours
    assert ours - declared == set()


def _rows(opened: ox.Store, query: str) -> list[ox.QuerySolution]:
    solutions = opened.query(query)
    assert isinstance(solutions, ox.QuerySolutions)
    return list(solutions)


@pytest.mark.parametrize(
    "character", ["%", " ", "<", ">", '"', "{", "[", "]", "\\", "^", "`", "\x00", "\ue004", "😀"]
)
def test_no_character_of_a_name_breaks_an_iri(character: str) -> None:
    assert ox.NamedNode(safe_iri(f"{BASE}indicator/zh/甲{character}乙"))
