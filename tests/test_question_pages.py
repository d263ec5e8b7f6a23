"""The questions over HTTP: forms, JSON, CSV, TSV, Excel, their errors, and the OpenAPI description."""

import csv
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import httpx
import openpyxl
import pyoxigraph as ox
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from test_server import ANSWER, start, stop

from loaders.namespaces import BASE
from plankg import questions
from plankg.server import answers, openapi
from plankg.server.question_pages import FORMATS, RESERVED

HEADLINE = "/questions/who-targeted"
ASKED = {"indicator": "GDP增速", "value": "5", "year": "2023"}
NAMES = [question.name for question in questions.all_questions()]


@pytest.fixture(scope="module")
def site(graph: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    process, address = start("--graph", str(graph), cwd=tmp_path_factory.mktemp("asked"))
    try:
        with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
            yield client
    finally:
        stop(process)


def test_the_headline_answer_by_its_address(site: httpx.Client) -> None:
    answer = site.get(
        f"{HEADLINE}?indicator=GDP增速&value=5&year=2023", headers={"accept": "application/json"}
    )
    content = answer.json()
    assert content["parameters"] == {
        "indicator": BASE + "indicator/gdp/growth",
        "year": 2023,
        "value": 5,
        "level": None,
    }
    assert {(row["regionName"], row["printed"]) for row in content["rows"]} == ANSWER
    assert content["count"] == len(content["rows"])
    assert all(list(row) == content["columns"] for row in content["rows"])
    assert isinstance(content["rows"][0]["start"], int)


@pytest.mark.parametrize("name", NAMES)
def test_every_question_answers_with_its_defaults_like_the_library(
    name: str, site: httpx.Client, seeds: ox.Store
) -> None:
    content = site.get(f"/questions/{name}.json").json()
    solutions = questions.run(seeds, questions.find(name).text)
    assert isinstance(solutions, ox.QuerySolutions)
    assert content["columns"] == [variable.value for variable in solutions.variables]
    assert content["count"] == len(list(solutions))
    page = site.get(f"/questions/{name}", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert page.text.count("<tr>") == content["count"] + bool(content["count"])


@pytest.mark.parametrize(
    ("path", "accept", "media"),
    [
        (HEADLINE, "", "application/json"),
        (HEADLINE, "*/*", "application/json"),
        (HEADLINE, "text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        (HEADLINE, "text/csv", "text/csv"),
        (HEADLINE, "text/csv;q=0.1, text/tab-separated-values", "text/tab-separated-values"),
        (HEADLINE + ".csv", "text/html", "text/csv"),
        (HEADLINE + "?format=csv", "text/html", "text/csv"),
        (HEADLINE + ".html", "", "text/html"),
        (HEADLINE + ".xlsx", "", FORMATS["xlsx"]),
    ],
)
def test_formats(path: str, accept: str, media: str, site: httpx.Client) -> None:
    answer = site.get(path, headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media
    assert "Accept" in answer.headers["vary"]


def test_csv_and_tsv_hold_what_json_holds(site: httpx.Client) -> None:
    rows = site.get(HEADLINE + ".json", params=ASKED).json()["rows"]
    expected = [{key: "" if cell is None else str(cell) for key, cell in row.items()} for row in rows]
    text = site.get(HEADLINE + ".csv", params=ASKED).content.decode("utf-8-sig")
    assert list(csv.DictReader(io.StringIO(text))) == expected
    lines = site.get(HEADLINE + ".tsv", params=ASKED).text.splitlines()
    assert [dict(zip(lines[0].split("\t"), line.split("\t"), strict=True)) for line in lines[1:]] == expected
    assert 'filename="who-targeted.csv"' in site.get(HEADLINE + ".csv").headers["content-disposition"]


def test_excel_has_the_rows_and_where_they_come_from(site: httpx.Client) -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(site.get(HEADLINE + ".xlsx", params={**ASKED, "lang": "en"}).content)
    )
    data, _, sources = book.worksheets
    found = list(data.values)
    assert len(found) == 1 + len(site.get(HEADLINE + ".json", params=ASKED).json()["rows"])
    assert {(row[0], row[1]) for row in found[1:]} == ANSWER
    said = {row[0]: row[1] for row in sources.values}
    assert said["indicator"] == BASE + "indicator/gdp/growth"
    assert "/questions/who-targeted?" in str(said["address"])


def test_numbers_keep_all_their_digits() -> None:
    decimal = {"type": "literal", "value": "0.10", "datatype": "http://www.w3.org/2001/XMLSchema#decimal"}
    (line,) = answers.as_objects(["a", "b"], [{"a": decimal}])
    assert line == '{"a": 0.10, "b": null}'
    assert answers.table(["a"], [{"a": decimal}]).rows == ((Decimal("0.10"),),)
    assert answers.table(["a"], [{"a": {**decimal, "value": "NaN"}}]).rows == (("NaN",),)


# ---- parameters ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "parameter", "says"),
    [
        ("year=twenty", "year", "'twenty' is not a whole number"),
        ("year=2023&year=2024", "year", "given twice"),
        ("value=five", "value", "not a number"),
        ("region=苏州市", "region", "no parameter 'region'"),
        ("indicator=没有这个指标", "indicator", "no indicator in the graph is called"),
        ("year=", "year", "is empty"),
        ("level=" + "x" * 3000, "level", "longer than"),
        ('indicator=<script>alert(1)</script>"><b>', "indicator", "no indicator"),
        ("indicator=x%00y", "indicator", "no indicator"),
        ("indicator=%22%29%7D%20%23", "indicator", "no indicator"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(
    query: str, parameter: str, says: str, site: httpx.Client
) -> None:
    answer = site.get(f"{HEADLINE}?{query}", headers={"accept": "application/json"})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    content = answer.json()
    assert content["parameter"] == parameter
    assert says in content["detail"]
    page = site.get(f"{HEADLINE}?{query}", headers={"accept": "text/html"})
    assert page.status_code == 400
    assert 'role="alert"' in page.text
    assert "<script>alert" not in page.text
    assert "<b>" not in page.text


def test_a_name_that_several_things_have_is_an_error_that_lists_them(site: httpx.Client) -> None:
    answer = site.get("/questions/targets-of-region.json", params={"region": "鼓楼区", "year": "2023"})
    assert answer.status_code == 400
    assert "320106" in answer.json()["detail"]


def test_what_may_be_left_open_is_left_open_by_an_empty_value(site: httpx.Client) -> None:
    one = site.get("/questions/projects.json").json()
    everywhere = site.get("/questions/projects.json", params={"region": ""}).json()
    assert everywhere["parameters"]["region"] is None
    assert everywhere["count"] > one["count"] > 0


def test_a_thing_may_be_given_by_name_by_code_or_by_iri(site: httpx.Client) -> None:
    found = [
        site.get("/questions/targets-of-region.json", params={"region": region, "year": "2024"}).text
        for region in ("张家港市", "320582", BASE + "region/320582", "Zhangjiagang City")
    ]
    assert len(set(found)) == 1


def test_a_question_that_is_not_there(site: httpx.Client) -> None:
    names = [question.name for question in questions.federated_questions()]
    for name in (*names, "who-knows", "who-targeted.exe", "%2e%2e%2fsecret.rq", "../queries/who-targeted.rq"):
        answer = site.get(f"/questions/{name}", headers={"accept": "application/json"}, follow_redirects=True)
        assert answer.status_code == 404
        assert answer.json()["status"] == 404
    assert "who-targeted" in site.get("/questions/who-knows", headers={"accept": "text/html"}).text
    assert site.get(HEADLINE + "?format=pdf").status_code == 406


def test_no_question_has_a_parameter_that_an_address_keeps_for_itself() -> None:
    for question in questions.all_questions():
        assert not {parameter.name for parameter in question.parameters} & set(RESERVED)


def test_answers_are_revalidated(site: httpx.Client) -> None:
    first = site.get(HEADLINE + ".json", params=ASKED)
    again = site.get(HEADLINE + ".json", params=ASKED, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert site.get(HEADLINE + ".json").headers["etag"] != first.headers["etag"]
    assert site.head(HEADLINE + ".json").status_code == 200


# ---- pages ---------------------------------------------------------------------------------------


def test_the_form_shows_what_was_asked_and_what_may_be(site: httpx.Client) -> None:
    page = site.get(HEADLINE, params={**ASKED, "lang": "zh"}, headers={"accept": "text/html"}).text
    assert 'name="indicator" value="GDP增速"' in page
    assert re.search(r'<option value="gdp/growth">地区生产总值增长</option>', page)
    assert re.search(r'<select name="level"[^>]*>\s*<option value=""></option>', page)
    assert '<input type="hidden" name="lang" value="zh">' in page
    assert "<mark>5%以上</mark>" in page
    assert 'href="/questions/who-targeted.csv?indicator=GDP%E5%A2%9E%E9%80%9F' in page
    assert "哪些地区某年某指标的目标写明为某数值" in page
    assert "地区生产总值增长</a>" in page


def test_the_list_of_questions(site: httpx.Client) -> None:
    page = site.get("/questions", headers={"accept": "text/html"}).text
    listed = site.get("/questions", headers={"accept": "application/json"}).json()["questions"]
    assert [question["name"] for question in listed] == NAMES
    for question in listed:
        assert f'href="/questions/{question["name"]}"' in page
        assert question["url"].endswith(f"/questions/{question['name']}")
    assert 'href="/questions"' in site.get("/").text


def test_without_the_excel_library_there_is_a_clear_problem(
    graph: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "openpyxl.py").write_text("raise ImportError\n", "ascii")  # hides the installed one
    monkeypatch.syspath_prepend(str(tmp_path))
    process, url = start("--graph", str(graph), cwd=tmp_path)
    try:
        answer = httpx.get(f"{url}questions/who-targeted.xlsx", trust_env=False)
        assert answer.status_code == 501
        assert "pip install 'plankg[export]'" in answer.json()["detail"]
        assert httpx.get(f"{url}questions/who-targeted.csv", trust_env=False).status_code == 200
    finally:
        stop(process)


# ---- OpenAPI -------------------------------------------------------------------------------------


def test_openapi_is_valid_and_has_every_question(site: httpx.Client) -> None:
    description = site.get("/openapi.json").json()
    validate(description)
    assert description["openapi"].startswith("3.1")
    for question in questions.all_questions():
        operation = description["paths"][f"/questions/{question.name}"]["get"]
        named = [parameter["name"] for parameter in operation["parameters"]]
        assert named == [*(parameter.name for parameter in question.parameters), "format"]
        assert operation["summary"] == question.title


def test_answers_fit_their_openapi_schemas(site: httpx.Client) -> None:
    description = site.get("/openapi.json").json()

    def fits(name: str, content: object) -> None:
        schema = {"$ref": f"#/components/schemas/{name}", "components": description["components"]}
        Draft202012Validator(schema).validate(content)

    fits("Answer", site.get(HEADLINE + ".json").json())
    fits("Answer", site.get("/questions/reports.json").json())
    fits("Questions", site.get("/questions", headers={"accept": "application/json"}).json())
    fits("Problem", site.get(HEADLINE + ".json?year=x").json())


def test_defaults_in_openapi_are_of_their_type() -> None:
    types = {"integer": int, "number": (int, float), "string": str}
    for path in openapi.document()["paths"].values():
        for parameter in path["get"].get("parameters", []):
            schema = parameter["schema"]
            assert "default" not in schema or isinstance(schema["default"], types[schema["type"]])
