"""The questions: their files, their parameters, their answers on the seeds."""

from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.errors import ParameterError, QueryError
from loaders.namespaces import BASE
from plankg import questions
from plankg.questions import Question, Term
from plankg.server.engine import Engine

ALL = questions.all_questions()
TITLES = {
    "suzhou": "关于苏州市2022年国民经济和社会发展计划执行情况与2023年国民经济和社会发展计划草案的报告",
    "zhangjiagang": "关于张家港市2022年国民经济和社会发展计划执行情况"
    "与2023年国民经济和社会发展计划草案的报告",
    "zhonglou": "关于常州市钟楼区2022年国民经济和社会发展计划执行情况与2023年计划草案的报告",
}


def answer(opened: ox.Store, name: str, **given: str) -> list[dict[str, str]]:
    """The rows of a question's answer as plain values."""
    question = questions.find(name)
    terms = questions.terms(question, given, questions.ask_store(opened))
    solutions = questions.run(opened, questions.bind(question, terms))
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [{n: row[n].value for n in names if row[n] is not None} for row in solutions]


def columns(rows: list[dict[str, str]], *names: str) -> list[tuple[str, ...]]:
    return list(dict.fromkeys(tuple(row.get(name, "") for name in names) for row in rows))


# ---- the files --------------------------------------------------------------


def test_there_are_enough_of_them() -> None:
    assert len(ALL) >= 14


@pytest.mark.parametrize("question", ALL, ids=lambda q: q.name)
def test_each_says_what_it_answers(question: Question) -> None:
    assert question.title.endswith("?")
    assert question.title_zh.endswith("？")
    assert len(question.description) > 40
    for parameter in question.parameters:
        assert parameter.description
        assert parameter.default is not None or "left out" in parameter.description


@pytest.mark.parametrize("question", ALL, ids=lambda q: q.name)
def test_each_runs_as_it_stands_and_has_an_answer(question: Question, seeds: ox.Store) -> None:
    answers = list(questions.run(seeds, question.text))  # type: ignore[arg-type]
    assert answers


@pytest.mark.parametrize("question", ALL, ids=lambda q: q.name)
def test_the_engine_gives_the_same_answer_over_http(
    question: Question, seeds: ox.Store, engine: Engine
) -> None:
    local = questions.run(seeds, question.text)
    assert isinstance(local, ox.QuerySolutions)
    answered = httpx.post(
        f"{engine.url}/query", data={"query": question.text}, headers={"accept": "text/csv"}
    )
    answered.raise_for_status()
    expected = local.serialize(format=ox.QueryResultsFormat.CSV)
    assert expected is not None
    assert sorted(answered.content.splitlines()) == sorted(expected.splitlines())


# ---- the answers ------------------------------------------------------------


def test_the_headline_question_of_2023(seeds: ox.Store) -> None:
    rows = answer(seeds, "who-targeted", indicator="gdp/growth", year="2023", value="5")
    assert sorted(columns(rows, "regionName", "printed", "reportTitle")) == sorted(
        [
            ("苏州市", "5%左右", TITLES["suzhou"]),
            ("张家港市", "5%以上", TITLES["zhangjiagang"]),
            ("钟楼区", "5%左右", TITLES["zhonglou"]),
        ]
    )


def test_the_headline_question_of_2024(seeds: ox.Store) -> None:
    rows = answer(seeds, "who-targeted", year="2024", value="5%")
    assert columns(rows, "regionName", "printed") == [("张家港市", "5%以上")]
    assert "地区生产总值增长5%以上" in rows[0]["quote"]
    assert rows[0]["reportTitle"] == "张家港市2024年政府工作报告"


def test_which_cities_leaves_the_district_out(seeds: ox.Store) -> None:
    rows = answer(seeds, "who-targeted", level="市")
    assert sorted(columns(rows, "regionName")) == [("张家港市",), ("苏州市",)]


def test_a_floor_of_five_allows_six_but_is_not_printed_as_six(seeds: ox.Store) -> None:
    assert answer(seeds, "who-targeted", value="6") == []
    assert answer(seeds, "who-targeted-from", value="6") == []
    assert columns(answer(seeds, "who-allowed", value="6"), "regionName") == [("张家港市",)]


def test_targets_against_results(seeds: ox.Store) -> None:
    rows = answer(seeds, "target-against-result", region="苏州市", year="2022")
    revenue = [row for row in rows if row["indicator"].endswith("/general-revenue/growth")]
    assert columns(revenue, "targeted", "reached", "gap", "verdict") == [
        ("4.5%以上", "0.1%", "-4.4", "missed")
    ]


def test_who_missed(seeds: ox.Store) -> None:
    rows = answer(seeds, "who-missed", year="2022", region="320500")
    assert ("苏州市", "一般公共预算收入增长", "4.5%以上", "0.1%") in columns(
        rows, "regionName", "indicatorName", "targeted", "reached"
    )


def test_top_regions(seeds: ox.Store) -> None:
    rows = answer(seeds, "top-regions", indicator="地区生产总值", year="2022", n="2")
    assert columns(rows, "rank", "regionName", "printed") == [
        ("1", "苏州市", "2.4万亿元"),
        ("2", "张家港市", "超3100亿元"),
    ]


def test_what_changed_between_two_years(seeds: ox.Store) -> None:
    rows = answer(seeds, "changed-targets", region="张家港", year="2023", later="2024")
    changed = columns(rows, "change", "indicatorName", "before", "after", "difference")
    assert ("kept", "地区生产总值增长", "5%以上", "5%以上", "0") in changed
    assert ("lowered", "一般公共预算收入增长", "8%以上", "4%以上", "-4") in changed
    assert {change for change, *_ in changed} >= {"kept", "lowered", "new", "dropped"}


def test_exact_words(seeds: ox.Store) -> None:
    rows = answer(seeds, "exact-words", indicator="GDP增速", region="钟楼区", year="2023")
    assert columns(rows, "kind", "printed") == [("target", "5%左右")]
    assert "地区生产总值增长5%左右" in rows[0]["quote"]
    assert len(rows[0]["sha256"]) == 64


# ---- parameters -------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "value", "iri"),
    [
        ("region", "张家港市", "region/320582"),
        ("region", "张家港", "region/320582"),
        ("region", "320582", "region/320582"),
        ("region", BASE + "region/320582", "region/320582"),
        ("region", "Zhangjiagang City", "region/320582"),
        ("indicator", "GDP增速", "indicator/gdp/growth"),
        ("indicator", "gdp/growth", "indicator/gdp/growth"),
        ("status", "在建", "ontology#underConstruction"),
        ("level", "District", "ontology#District"),
        ("level", "县级市", "ontology#CountyCity"),
        ("topic", "environment", "topic/environment"),
        ("report", "suzhou-plan-2023", "report/suzhou-plan-2023"),
    ],
)
def test_a_thing_may_be_given_by_name_code_or_iri(type_: str, value: str, iri: str, seeds: ox.Store) -> None:
    assert questions.term(type_, value, questions.ask_store(seeds)) == ox.NamedNode(BASE + iri)


@pytest.mark.parametrize(
    ("type_", "value", "message"),
    [
        ("integer", "5%", "is not a whole number"),
        ("integer", "", "is not a whole number"),
        ("integer", "9" * 40, "is not a whole number"),
        ("decimal", "five", "is not a number"),
        ("decimal", "NaN", "is not a number"),
        ("decimal", "inf", "is not a number"),
        ("region", "不存在市", "no region in the graph is called"),
        ("region", "https://example.org/x", "no region in the graph is called"),
        ("region", "鼓楼区", "things are called"),
        ("region", 'x> } INSERT "', "no region in the graph is called"),
        ("indicator", "", "no indicator in the graph is called"),
    ],
)
def test_a_value_not_of_its_type_is_refused(type_: str, value: str, message: str, seeds: ox.Store) -> None:
    with pytest.raises(ParameterError, match=message):
        questions.term(type_, value, questions.ask_store(seeds))


def test_an_unknown_question_or_parameter_is_named() -> None:
    with pytest.raises(QueryError, match="no question is called 'nope'"):
        questions.find("nope")
    with pytest.raises(QueryError, match="did you mean"):
        questions.find("who-target")
    with pytest.raises(ParameterError, match="has no parameter 'yaer'; its parameters are indicator, year"):
        questions.bind(questions.find("who-targeted"), {"yaer": ox.Literal(2023)})
    with pytest.raises(ParameterError, match="it takes none"):
        questions.bind(questions.find("reports"), {"year": ox.Literal(2023)})


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_stays_one_term_and_never_becomes_syntax(text: str) -> None:
    question = questions.parse(
        '# param it string: any\nSELECT ?it {\n VALUES (?it) { ("") } # parameters\n}', "echo"
    )
    terms: dict[str, Term] = {"it": ox.Literal(text)}
    rows = list(questions.run(ox.Store(), questions.bind(question, terms)))  # type: ignore[arg-type]
    assert [row["it"].value for row in rows] == [text]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# param a integer: x\nSELECT * {}", "differ"),
        ("SELECT * {\nVALUES (?a) { (1) } # parameters\n}", "differ"),
        ("# param a number: x\nSELECT * {\nVALUES (?a) { (1) } # parameters\n}", "unknown type 'number'"),
        ("# param a\nSELECT * {}", "a param line reads"),
        ("# param a integer: x\nSELECT * {\nVALUES (?a) { (1 } # parameters\n}", "malformed"),
        ("# param a integer: x\nSELECT * {\nVALUES (?a) { (1) (2) } # parameters\n}", "one row"),
    ],
)
def test_a_header_that_does_not_fit_is_refused(text: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        questions.parse(text, "wrong")


def test_a_file_without_a_header_is_a_query(tmp_path: Path) -> None:
    path = tmp_path / "mine.rq"
    path.write_text("ASK {}", "utf-8")
    assert questions.find(str(path)).parameters == ()
    with pytest.raises(QueryError, match="no such file"):
        questions.find(str(tmp_path / "other.rq"))
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(QueryError, match="cannot be read as text"):
        questions.find(str(path))


def test_a_malformed_query_gives_one_line() -> None:
    with pytest.raises(QueryError, match=r"malformed query: error at 1:\d+ does not parse") as raised:
        questions.run(ox.Store(), "SELECT ?x WHERE {")
    assert "\n" not in str(raised.value)
