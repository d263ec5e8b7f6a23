"""Matches to other data and how each was made, and the figures of the census."""

import csv
import importlib.util
import re
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib

from loaders.namespaces import BASE, GRAPH, PREFIXES
from loaders.resources import folder
from plankg import check, shapes

ONTOLOGY = folder("ontology")
DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
STRENGTHS = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
VOID = "PREFIX void: <http://rdfs.org/ns/void#> " + " ".join(
    f"PREFIX {name}: <{PREFIXES[name]}>" for name in ("plan", "skos", "rdfs", "dct", "dcat")
)


def rows(store: ox.Store, pattern: str) -> list[tuple[str, ...]]:
    """The solutions of a SELECT query over all graphs, as strings."""
    found = store.query(f"{VOID} {pattern}", use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return [tuple("" if value is None else value.value for value in row) for row in found]


def maker(name: str) -> ModuleType:
    sys.path.insert(0, str(ONTOLOGY / "make"))
    spec = importlib.util.spec_from_file_location(name, ONTOLOGY / "make" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# ---- link sets ---------------------------------------------------------------


@pytest.mark.skipif(not DATA.is_dir(), reason="reference data not here")
def test_the_file_is_what_its_maker_makes() -> None:
    assert (ONTOLOGY / "links.ttl").read_text("utf-8") == maker("regions").turtle(DATA)["links.ttl"]


def test_every_match_belongs_to_one_set(seeds: ox.Store) -> None:
    """To the sets its subject names, or else to the one of its subjects, target and strength."""
    sets = rows(
        seeds,
        """SELECT ?set ?subjects ?space ?strength { ?set a void:Linkset ; void:subjectsTarget ?subjects ;
           void:objectsTarget/void:uriSpace ?space ; void:linkPredicate ?strength }""",
    )
    assert len(sets) > 20
    named = set(rows(seeds, "SELECT ?thing ?set { ?thing plan:linkSet ?set }"))
    kinds = {
        "Region": "regions",
        "Zone": "regions",
        "Indicator": "indicators",
        "Unit": "units",
        "Topic": "topics",
    }
    used: Counter[str] = Counter()
    for kind, graph in kinds.items():
        for strength in STRENGTHS:
            for thing, object_ in rows(
                seeds, f"SELECT DISTINCT ?thing ?object {{ ?thing a plan:{kind} ; skos:{strength} ?object }}"
            ):
                fitting = [
                    one
                    for one, subjects, space, predicate in sets
                    if (subjects, predicate) == (GRAPH + graph, PREFIXES["skos"] + strength)
                    and object_.startswith(space)
                ]
                if len(fitting) > 1:
                    fitting = [one for one in fitting if (thing, one) in named]
                assert len(fitting) == 1, (thing, strength, object_)
                used[fitting[0]] += 1
    assert set(used) == {one for one, *_ in sets}, "a set without any match"
    counted = rows(seeds, "SELECT ?set ?n { ?set a void:Linkset ; void:triples ?n }")
    assert counted
    assert [(one, used[one]) for one, _ in counted] == [(one, int(n)) for one, n in counted]


def test_each_kind_of_thing_and_each_target_is_joined(seeds: ox.Store) -> None:
    joined = set(
        rows(
            seeds,
            "SELECT ?subjects ?name { ?set void:subjectsTarget ?subjects ; void:objectsTarget/rdfs:label ?name FILTER (LANG(?name) = 'en') }",
        )
    )
    assert {(graph.removeprefix(GRAPH), name) for graph, name in joined} >= {
        ("regions", "Wikidata"),
        ("regions", "GeoNames"),
        ("indicators", "World Bank indicators"),
        ("indicators", "SDG indicators"),
        ("indicators", "EuroVoc"),
        ("indicators", "STW Thesaurus for Economics"),
        ("indicators", "Wikidata"),
        ("units", "QUDT units"),
    }


def test_only_what_was_looked_at_is_called_accepted(seeds: ox.Store) -> None:
    sets = rows(
        seeds,
        "SELECT ?set ?method ?confidence ?accepted { ?set plan:linkMethod ?method ; plan:linkConfidence ?confidence ; plan:accepted ?accepted }",
    )
    assert len(sets) == len(rows(seeds, "SELECT ?set { ?set a void:Linkset }"))
    for name, method, confidence, accepted in sets:
        assert (accepted == "true") == method.endswith("#byHand"), name
        assert 0.5 <= float(confidence) <= 1


def matches_without_a_set(store: ox.Store) -> list[str]:
    (rule,) = [r for r in check.rules(ONTOLOGY / "checks" / "terms") if "Matches" in r.name]
    found = store.query(rule.query, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return [row["value"].value for row in found]


def test_the_check_finds_a_match_that_nothing_explains() -> None:
    store = ox.Store()
    store.load(
        path=str(ONTOLOGY / "links.ttl"), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(GRAPH + "links")
    )
    region = "<https://w3id.org/plankg/region/320500>"
    store.update(f"INSERT DATA {{ GRAPH <{GRAPH}regions> {{ {region} a <{PREFIXES['plan']}Region> }} }}")
    store.update(f"DELETE WHERE {{ GRAPH ?g {{ ?s <{PREFIXES['plan']}linkSet> ?set }} }}")
    others = {value for value in matches_without_a_set(store) if value.endswith("Q42622")}
    assert not others  # a set fits
    store.update(
        f"INSERT DATA {{ GRAPH <{GRAPH}links> {{ {region} <{PREFIXES['skos']}broadMatch> <http://example.org/1> }} }}"
    )
    assert "http://example.org/1" in matches_without_a_set(store)


def test_the_queries_of_the_documentation_have_answers(seeds: ox.Store) -> None:
    text = (Path(__file__).parent.parent / "docs" / "links.md").read_text("utf-8")
    queries = re.findall(r"```sparql\n(.*?)```", text, re.DOTALL)
    assert len(queries) == 2
    for query in queries:
        assert any(True for _ in seeds.query(query, use_default_graph_as_union=True))  # type: ignore[union-attr]


# ---- shapes ------------------------------------------------------------------

GOOD = f"""
@base <{BASE}> .
@prefix plan: <{PREFIXES["plan"]}> .
@prefix skos: <{PREFIXES["skos"]}> .
@prefix rdfs: <{PREFIXES["rdfs"]}> .
@prefix dct: <{PREFIXES["dct"]}> .
@prefix dcat: <{PREFIXES["dcat"]}> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix xsd: <{PREFIXES["xsd"]}> .
plan:byService a plan:LinkMethod ; rdfs:label "由服务提出"@zh , "by a service"@en .
<http://example.org/> a void:Dataset .
<link-set/x> a void:Linkset ; rdfs:label "甲"@zh , "A"@en ; void:subjectsTarget <graph/regions> ;
    void:objectsTarget <http://example.org/> ; void:linkPredicate skos:exactMatch ; plan:linkMethod plan:byService ;
    plan:linkConfidence 0.9 ; plan:accepted false ; dct:created "2026-11-22T00:00:00Z"^^xsd:dateTime .
<region/320500> a plan:Region ; rdfs:label "苏州市"@zh , "Suzhou"@en ; skos:exactMatch <http://example.org/1> .
<link/1> a plan:Link ; plan:linkSubject <region/320500> ; plan:linkObject <http://example.org/1> ;
    plan:linkStrength skos:exactMatch ; plan:linkMethod plan:byService ; plan:linkConfidence 0.97 ;
    plan:acceptedBy "张三" ; dct:created "2026-11-22T00:00:00Z"^^xsd:dateTime .
<source/s> a dcat:Dataset ; rdfs:label "普查"@zh , "census"@en .
<unit/p> a plan:Unit ; rdfs:label "万人"@zh , "10,000 persons"@en ; plan:family <unit/f> ; plan:baseUnit <unit/p> ; plan:factor 1.0 .
<unit/f> a plan:UnitFamily ; rdfs:label "人"@zh , "persons"@en ; plan:referenceUnit <unit/p> .
<topic/t> a plan:Topic , skos:Concept ; rdfs:label "综合"@zh , "general"@en ; skos:prefLabel "综合"@zh , "general"@en ; skos:inScheme <topic/> .
<indicator/i> a plan:Indicator , skos:Concept ; rdfs:label "人口"@zh , "population"@en ; skos:inScheme <indicator/> ;
    plan:statType plan:level ; plan:betterDirection plan:noDirection ; plan:unit <unit/p> ;
    plan:topic <topic/t> ; skos:broader <topic/t> ; skos:broaderTransitive <topic/t> .
<figure/f> a plan:ReferenceFigure ; plan:region <region/320500> ; plan:indicator <indicator/i> ; plan:year 2020 ;
    plan:value 1274.8 ; plan:unit <unit/p> ; plan:figureSource <source/s> .
"""
#: A fault: what is written in the place of what, and what is said of it.
FAULTS = {
    "a set without method": ("plan:linkMethod plan:byService ;\n    plan:linkConfidence 0.9", "plan:linkConfidence 0.9", "does not say how its matches were made"),
    "a set of no known strength": ("void:linkPredicate skos:exactMatch", "void:linkPredicate skos:broader", "not one of the five SKOS matches"),
    "a set to nowhere": ("<http://example.org/> a void:Dataset .", "", "one described dataset"),
    "a set that is too sure": ("plan:linkConfidence 0.9 ;", "plan:linkConfidence 9.0 ;", "how sure its matches are"),
    "a set that nobody says is accepted": ("plan:accepted false ; ", "", "looked at one by one"),
    "a link without its match": ("; skos:exactMatch <http://example.org/1> .", ".", "is not stated"),
    "a link that nobody accepted": ('plan:acceptedBy "张三" ;', "", "who accepted it"),
    "a link without a date": ('"张三" ; dct:created "2026-11-22T00:00:00Z"^^xsd:dateTime', '"张三"', "the link has no date"),
    "a figure without source": (" ; plan:figureSource <source/s> .", " .", "which described dataset"),
    "a figure in another unit": ("1274.8 ; plan:unit <unit/p>", "1274.8 ; plan:unit <unit/percent>", "unit of its indicator"),
    "a figure without year": ("plan:year 2020 ;", "", "has no year"),
}  # fmt: skip


def said(turtle: str) -> set[str]:
    """What the shapes of this part say of a graph, which pyshacl must say too."""
    wanted = [c for c in shapes.constraints() if c.name in ("LinkSet", "Link", "ReferenceFigure")]
    assert len(wanted) > 30
    store = ox.Store()
    store.load(turtle.encode(), format=ox.RdfFormat.TURTLE)
    ours = {c.message for c in wanted if any(True for _ in store.query(c.query))}  # type: ignore[union-attr]
    graph = rdflib.Graph().parse(data=turtle, format="turtle")
    _, report, _ = pyshacl.validate(graph, shacl_graph=str(ONTOLOGY / "shapes.ttl"))
    theirs = {str(message) for message in report.objects(None, rdflib.SH.resultMessage)}
    assert ours == theirs & {c.message for c in wanted}
    return ours


def test_good_ones_conform() -> None:
    assert said(GOOD) == set()


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_found(fault: str) -> None:
    old, new, words = FAULTS[fault]
    assert GOOD.count(old) == 1
    assert [message for message in said(GOOD.replace(old, new)) if words in message]


# ---- the census --------------------------------------------------------------


def test_a_census_figure_is_two_triple_patterns(seeds: ox.Store) -> None:
    found = rows(
        seeds,
        f"""SELECT ?value ?unit ?source {{ ?f a plan:ReferenceFigure ; plan:region <{BASE}region/320500> ;
            plan:indicator <{BASE}indicator/resident-population> ; plan:value ?value ; plan:unit/rdfs:label ?unit ;
            plan:figureSource/rdfs:label ?source FILTER (LANG(?unit) = "zh" && LANG(?source) = "zh") }}""",
    )
    assert found == [("1274.8262", "万人", "2020年第七次全国人口普查")]


def test_census_figures_are_no_statements(seeds: ox.Store) -> None:
    assert rows(seeds, "SELECT ?f { ?f a plan:ReferenceFigure , plan:Assertion }") == []
    graphs = rows(seeds, "SELECT DISTINCT ?g { GRAPH ?g { ?f a plan:ReferenceFigure } }")
    assert graphs == [(GRAPH + "reference",)]


def test_provinces_add_up_to_the_country(seeds: ox.Store) -> None:
    """All 31; the 2 million servicemen whom the census counts with the country alone are in neither."""
    figures = "?f a plan:ReferenceFigure ; plan:indicator <https://w3id.org/plankg/indicator/resident-population> ; plan:value ?v ; plan:region ?r ."
    provinces = [Decimal(v) for (v,) in rows(seeds, f"SELECT ?v {{ {figures} ?r a plan:Province }}")]
    ((country,),) = rows(seeds, f"SELECT ?v {{ {figures} ?r a plan:Country }}")
    assert len(provinces) == 31
    assert sum(provinces) == Decimal(country)


@pytest.mark.skipif(not DATA.is_dir(), reason="reference data not here")
def test_census_figures_are_those_of_the_source() -> None:
    module = maker("census")
    assert (ONTOLOGY / "census2020.ttl").read_text("utf-8") == module.census(DATA)
    with (DATA / "census2020_by_code.csv").open(encoding="utf-8") as file:
        counted = {row["code"] for row in csv.DictReader(file)}
    with (DATA / "admin_divisions_history_1981_2024.csv").open(encoding="utf-8") as file:
        grown = module.taken_in(list(csv.DictReader(file)), counted)
    assert {"330102", "330105"} <= grown  # 上城区 took in 江干区, 拱墅区 took in 下城区, both in 2021
    assert not {"320500", "320582"} & grown
