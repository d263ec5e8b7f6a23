"""Which names mean one project: within a report, across reports, and by the lines of projects.toml."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from loaders import identity, unify
from loaders.errors import OntologyError
from loaders.identity import Node, decide, declarations, key, merges
from loaders.namespaces import BASE, GRAPH, PLAN, PREFIXES
from plankg import questions

SUZHOU = "320500"


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        ("通苏嘉甬高铁", "通苏嘉甬铁路", "same name"),
        ("G346张家港绕城段改扩建工程", "346国道张家港绕城段", "same name"),
        ("G15沪武高速拓宽", "沪武高速改扩建工程", "same name"),
        ("东二环快速化改造工程", "东二环", "same name"),
        ("“邻里港湾”项目", "邻里港湾", "same name"),
        ("古松弄地块", "古松弄地块更新", "same name"),
        ("采埃孚", "采埃孚底盘零部件及后轮转向系统", "firm"),
        ("东久", "东久新宜项目", "firm"),
        ("恩都法", "新能源汽车核心零部件恩都法项目", "firm"),
        ("上海瑞金医院太仓分院", "瑞金医院太仓分院", "place left out"),
        ("南沿江城际铁路", "沪宁沿江高铁", "declared"),
    ],
)
def test_one_project(one: str, other: str, rule: str) -> None:
    places = {"上海"}.__contains__
    assert decide(one, other, SUZHOU, places) == decide(other, one, SUZHOU, places) == rule


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("广大鑫盛（一期）", "广大鑫盛（二期）"),
        ("沪苏通铁路", "沪苏通铁路二期"),
        ("北沿江高铁", "北沿江高铁苏州段"),
        ("东二环", "南二环"),
        ("市第一中学", "市第二中学"),
        ("苏州大学未来校区", "苏州大学师范学院"),
        ("中医医院", "中医医院改扩建工程"),
        ("苏州北站", "苏州北站综合枢纽"),
        ("新城小学", "城小学"),
    ],
)
def test_two_projects(one: str, other: str) -> None:
    assert decide(one, other, SUZHOU) == ""


def nodes(*names: tuple[str, str]) -> list[Node]:
    return [
        Node(f"{BASE}project/{area[:4]}-{key(name)}-{i}", (name,), area)
        for i, (name, area) in enumerate(names)
    ]


@pytest.mark.parametrize(
    ("one", "other", "merged"),
    [
        (("采埃孚", "320500"), ("采埃孚底盘零部件及后轮转向系统", "320500"), True),  # one prefecture
        (
            ("采埃孚", "320500"),
            ("采埃孚底盘零部件及后轮转向系统", "330500"),
            False,
        ),  # a plant elsewhere is another
        (("实验小学", "320500"), ("实验小学", "320400"), False),
        (("东太湖隧道", "320500"), ("东太湖隧道", "320000"), True),  # the province speaks of it too
        (("通苏嘉甬铁路", "320500"), ("通苏嘉甬高铁", "330400"), True),  # a line runs through both
    ],
)
def test_where_like_names_are_one(one: tuple[str, str], other: tuple[str, str], merged: bool) -> None:
    found = merges(nodes(one, other))
    assert bool(found) == merged
    assert not merged or {found[0].name, found[0].other} == {one[0], other[0]}


def test_merges_do_not_depend_on_the_order() -> None:
    some = nodes(
        ("采埃孚", "320500"),
        ("采埃孚底盘零部件及后轮转向系统", "320500"),
        ("通苏嘉甬高铁", "330400"),
        ("通苏嘉甬铁路", "320500"),
    )
    assert merges(some) == merges(some[::-1]) and len(merges(some)) == 2


def test_a_line_of_the_data_file_undoes_a_merge_and_forces_one(tmp_path: Path) -> None:
    lines = tmp_path / "projects.toml"
    lines.write_text(
        """
        [[different]]
        names = ["采埃孚", "采埃孚底盘零部件及后轮转向系统"]
        area = "3205"
        because = "two plants"

        [[same]]
        names = ["港区医院", "太仓港人民医院"]
        because = "renamed"
        """,
        "utf-8",
    )
    pair = nodes(("采埃孚", "320500"), ("采埃孚底盘零部件及后轮转向系统", "320500"))
    renamed = nodes(("港区医院", "320500"), ("太仓港人民医院", "320500"))
    declared = declarations(lines)
    assert merges(pair) and not merges(pair, lines=declared)
    assert not merges(renamed) and merges(renamed, lines=declared)[0].rule == "declared"


@pytest.mark.parametrize("text", ["[[same]]\nnames = [", "[[same]]\nnames = ['甲']"])
def test_a_malformed_data_file_says_so(tmp_path: Path, text: str) -> None:
    lines = tmp_path / "projects.toml"
    lines.write_text(text, "utf-8")
    with pytest.raises(OntologyError, match=r"projects\.toml is malformed"):
        declarations(lines)


def test_every_declared_line_gives_its_reason() -> None:
    assert declarations()
    assert all(len(line.names) >= 2 and len(line.because) > 20 for line in declarations())


# ---- in the graph --------------------------------------------------------------------------------


def test_one_node_with_one_label_and_the_other_names_beside(seeds: ox.Store) -> None:
    asked = f"""PREFIX plan: <{PLAN}> PREFIX rdfs: <{PREFIXES["rdfs"]}>
        SELECT ?project (COUNT(DISTINCT ?label) AS ?labels) (COUNT(DISTINCT ?report) AS ?reports) WHERE {{
          ?project a plan:Project ; rdfs:label ?label . ?statement plan:project ?project ; plan:statedIn ?report
        }} GROUP BY ?project"""
    rows = list(questions.run(seeds, asked))
    assert len(rows) > 250
    assert {row["labels"].value for row in rows} == {"1"}
    several = {row["project"].value: int(row["reports"].value) for row in rows}
    assert several[BASE + "project/3205-张靖皋长江大桥"] == 2
    assert several[BASE + "project/3205-通苏嘉甬铁路"] == 3


def test_the_reason_of_every_merge_is_kept(seeds: ox.Store) -> None:
    graph = ox.NamedNode(GRAPH + "projects")
    kept = {}
    for quad in seeds.quads_for_pattern(None, ox.NamedNode(PLAN + "mergeRule"), None, graph):
        names = seeds.quads_for_pattern(quad.subject, ox.NamedNode(PLAN + "mergedName"), None, graph)
        kept[frozenset(name.object.value for name in names)] = quad.object.value
    assert kept[frozenset({"采埃孚", "采埃孚底盘零部件及后轮转向系统"})] == "firm"
    assert kept[frozenset({"南沿江城际铁路", "沪宁沿江高铁"})] == "declared"
    for quad in seeds.quads_for_pattern(None, ox.NamedNode(PLAN + "mergedNode"), None, graph):
        gone = ox.NamedNode(quad.object.value)
        assert not any(seeds.quads_for_pattern(gone, None, None, None))
        assert not any(seeds.quads_for_pattern(None, None, gone, None))


def test_plans_follow_one_another_and_lie_in_five_year_plans(seeds: ox.Store) -> None:
    def plan(name: str) -> ox.NamedNode:
        return ox.NamedNode(f"{BASE}plan/{name}")

    graph = ox.NamedNode(GRAPH + "plans")
    replaced = ox.NamedNode(PREFIXES["dct"] + "isReplacedBy")
    revision = ox.NamedNode(PREFIXES["prov"] + "wasRevisionOf")
    part = ox.NamedNode(PREFIXES["dct"] + "isPartOf")
    assert ox.Quad(plan("320582-2023"), replaced, plan("320582-2024"), graph) in seeds
    assert ox.Quad(plan("320582-2024"), revision, plan("320582-2023"), graph) in seeds
    assert ox.Quad(plan("320582-2024"), part, plan("320582-2021--2025"), graph) in seeds
    assert not any(seeds.quads_for_pattern(plan("320582-2024"), replaced, None, None))


@pytest.mark.parametrize(
    ("names", "best"),
    [
        (("东二环", "东二环快速化改造工程"), "东二环"),
        (("采埃孚", "采埃孚底盘零部件及后轮转向系统"), "采埃孚底盘零部件及后轮转向系统"),
        (("通苏嘉甬铁路", "通苏嘉甬高铁"), "通苏嘉甬铁路"),
    ],
)
def test_the_label_is_the_shortest_complete_name(names: tuple[str, ...], best: str) -> None:
    assert unify.best_name(names) == best


def test_lots_told_apart_by_their_number_alone_stay_apart() -> None:
    many = [
        Node(f"{BASE}project/{10 + i % 30}05-{i}", (f"第{i}号地块改造工程",), f"{10 + i % 30}0500")
        for i in range(500)
    ]
    assert identity.merges(many) == ()
