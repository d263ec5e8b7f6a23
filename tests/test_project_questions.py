"""The questions on projects, measures and plans, answered on the seeds."""

from collections import defaultdict

import pyoxigraph as ox

from plankg import questions


def answer(opened: ox.Store, name: str, **given: str) -> list[dict[str, str]]:
    """The rows of a question's answer as plain values."""
    question = questions.find(name)
    terms = questions.terms(question, given, questions.ask_store(opened))
    solutions = questions.run(opened, questions.bind(question, terms))
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [{n: row[n].value for n in names if row[n] is not None} for row in solutions]


def test_the_story_of_zhangjiagang_from_2022_to_2024(seeds: ox.Store) -> None:
    """Signed, begun, built, in use: year by year, with the words of both reports."""
    story: dict[str, list[tuple[str, str]]] = defaultdict(list)
    reports: dict[str, set[str]] = defaultdict(set)
    for row in answer(seeds, "project-story", region="张家港市"):
        story[row["projectName"]].append((row["periodName"], row["statusName"]))
        reports[row["projectName"]].add(row["reportTitle"])
        assert len(row["quote"]) > 10
    assert story["采埃孚底盘零部件及后轮转向系统"] == [
        ("2022年", "签约"),
        ("2023年", "在建"),
        ("2024年", "竣工"),
    ]
    assert story["张靖皋长江大桥"] == [("2022年", "开工"), ("2023年", "在建"), ("2024年", "在建")]
    assert story["南二环"] == [("2022年", "谋划"), ("2023年", "开工"), ("2024年", "在建")]
    assert story["泰源汽车零部件"] == [("2023年", "谋划"), ("2023年", "开工")]
    assert story["杉金光电"] == [("2023年", "在建"), ("2023年", "投用")]
    assert story["劢迪医疗器械产业创新港"] == [("2022年", "竣工"), ("2023年", "投用")]
    assert story["太字圩闸"] == [("2022年", "开工"), ("2023年", "竣工")]
    assert all(len(titles) >= 2 for titles in reports.values())


def test_what_became_of_the_projects_promised_for_2023(seeds: ox.Store) -> None:
    became = {
        row["projectName"]: (row["promised"], row.get("became"))
        for row in answer(seeds, "promised-projects", region="张家港市", year="2023")
    }
    assert became["杉金光电"] == ("在建", "投用")
    assert became["天齐锂业"] == ("谋划", "谋划")  # promised to begin in 2023, and again in 2024
    assert became["华盛锂电"] == ("在建", None)  # no later report names it


def test_projects_that_several_reports_name(seeds: ox.Store) -> None:
    rows = {row["projectName"]: row for row in answer(seeds, "shared-projects")}
    assert int(rows["通苏嘉甬铁路"]["reports"]) == 3 and int(rows["通苏嘉甬铁路"]["regions"]) == 2
    assert rows["通苏嘉甬铁路"]["otherNames"] == "通苏嘉甬高铁"
    assert "东太湖隧道" not in rows
    inside = {row["projectName"] for row in answer(seeds, "shared-projects", region="太仓市")}
    assert inside < set(rows)


def test_measures_that_answer_a_missed_target(seeds: ox.Store) -> None:
    rows = answer(seeds, "measures-for-missed", region="苏州市", year="2022")
    links = {(row["indicatorName"], row["link"], row["object"]) for row in rows if "object" in row}
    assert ("固定资产投资增长", "topic", "省重大、市重点项目建设") in links
    assert {row["link"] for row in rows} <= {"indicator", "topic"}
    only = answer(seeds, "measures-for-missed", region="苏州市", year="2022", link="topic")
    assert only and {row["link"] for row in only} == {"topic"}


def test_targets_that_no_measure_names(seeds: ox.Store) -> None:
    rows = answer(seeds, "targets-without-measure", region="苏州市", year="2023")
    left = {row["indicatorName"] for row in rows}
    assert "每千人口拥有3岁以下婴幼儿托位数" in left
    assert "村级集体经济收入" not in left
    assert {row["indicatorName"] for row in rows if row["onTopic"] == "0"} >= {
        "每千人口拥有3岁以下婴幼儿托位数"
    }


def test_projects_by_region_status_and_year(seeds: ox.Store) -> None:
    rows = answer(seeds, "projects", region="太仓市", status="started", year="2022")
    names = {row["projectName"] for row in rows}
    assert {"北沿江高铁", "沪苏通铁路二期", "海太过江通道", "金仓湖康养中心"} <= names
    assert {row["statusName"] for row in rows} == {"开工"}


def test_measures_on_a_topic_across_regions(seeds: ox.Store) -> None:
    rows = answer(seeds, "measures", topic="education")
    assert {row["topicName"] for row in rows} == {"教育"}


def test_a_plan_leads_to_its_measures_projects_and_targets(seeds: ox.Store) -> None:
    asked = """PREFIX plan: <https://w3id.org/plankg/ontology#>
        SELECT ?class (COUNT(DISTINCT ?thing) AS ?things) WHERE {
          VALUES ?class { plan:Target plan:Measure plan:ProjectStatement }
          ?thing plan:inPlan <https://w3id.org/plankg/plan/320582-2024> ; a ?class
        } GROUP BY ?class"""
    found = {
        row["class"].value.rpartition("#")[2]: int(row["things"].value) for row in questions.run(seeds, asked)
    }  # type: ignore[union-attr,index]
    assert found["Target"] > 60 and found["Measure"] > 120 and found["ProjectStatement"] > 30
