"""``plankg check``: each Data Cube constraint, each rule about terms, the sample, the server, the command."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from loaders.errors import GraphError, OntologyError
from loaders.namespaces import BASE, GRAPH, PLAN, PREFIXES
from loaders.resources import folder
from plankg import check, reasoning
from plankg.build import build
from plankg.store import new_generation

TARGET = f"{BASE}statement/zhangjiagang-work-report-2024/6514"


def add(store: ox.Store, turtle: str, graph: str = "report/zhangjiagang-work-report-2024") -> list[ox.Quad]:
    """Adds statements; gives those that were not there."""
    prefixes = "".join(f"@prefix {name}: <{iri}> . " for name, iri in PREFIXES.items())
    name = ox.NamedNode(GRAPH + graph)
    read = ox.parse(f"@base <{BASE}> . {prefixes} {turtle}", format=ox.RdfFormat.TURTLE)
    new = [q for t in read if (q := ox.Quad(t.subject, t.predicate, t.object, name)) not in store]
    store.extend(new)
    return new


def fill(store: ox.Store) -> ox.Store:
    """The whole ontology and the examples, as a build would lay them out."""
    for name in check.FILES:
        stem = {"plankg": "ontology", "regions-history": "regions"}.get(Path(name).stem, Path(name).stem)
        path = str(folder("ontology") / name)
        store.load(path=path, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(GRAPH + stem))
    path = str(folder("ontology") / "examples.ttl")
    report = ox.NamedNode(GRAPH + "report/zhangjiagang-work-report-2024")
    store.load(path=path, format=ox.RdfFormat.TURTLE, to_graph=report)
    return store


@pytest.fixture(scope="module")
def filled() -> ox.Store:
    return fill(ox.Store())


class Shared(NamedTuple):
    """A store that several tests share; what one adds is taken out after it."""

    store: ox.Store
    added: list[ox.Quad]

    def add(self, turtle: str, graph: str = "report/zhangjiagang-work-report-2024") -> None:
        self.added.extend(add(self.store, turtle, graph))


@pytest.fixture
def shared(filled: ox.Store) -> Iterator[Shared]:
    sharing = Shared(filled, [])
    yield sharing
    for quad in sharing.added:
        filled.remove(quad)


@pytest.fixture
def store(filled: ox.Store) -> ox.Store:
    """The same store for a test that only reads it."""
    return filled


def broken(store: ox.Store, *parts: check.Part) -> set[str]:
    """The rules that are broken in a store."""
    return {f.rule for part in check.run(store, parts).parts for f in part.findings}


def graph_folder(path: Path, turtle: str = "") -> Path:
    with new_generation(path) as generation:
        filled = fill(ox.Store(str(generation)))
        if turtle:
            add(filled, turtle)
        filled.flush()
        del filled
    return path


# ---- Data Cube -----------------------------------------------------------------------------------

CUBE = """
<cube/d1> a qb:DataSet ; qb:structure <cube/s1> .
<cube/s1> a qb:DataStructureDefinition ; qb:component <cube/c1> , <cube/c2> , <cube/c3> .
<cube/c1> qb:dimension <cube/area> . <cube/c2> qb:measure <cube/amount> .
<cube/c3> qb:attribute <cube/status> ; qb:componentRequired true .
<cube/area> a qb:DimensionProperty ; rdfs:range skos:Concept ; qb:codeList <cube/areas> .
<cube/amount> a qb:MeasureProperty . <cube/status> a qb:AttributeProperty .
<cube/areas> a skos:ConceptScheme . <cube/east> a skos:Concept ; skos:inScheme <cube/areas> .
<cube/west> a skos:Concept ; skos:inScheme <cube/areas> .
<cube/o1> a qb:Observation ; qb:dataSet <cube/d1> ;
    <cube/area> <cube/east> ; <cube/amount> 1 ; <cube/status> "a" .
<cube/o2> a qb:Observation ; qb:dataSet <cube/d1> ;
    <cube/area> <cube/west> ; <cube/amount> 1 ; <cube/status> "a" .
"""
#: A cube whose measures are told apart by qb:measureType.
BY_TYPE = """
<cube/d2> a qb:DataSet ; qb:structure <cube/s2> .
<cube/s2> a qb:DataStructureDefinition ;
    qb:component [ qb:dimension <cube/area> ] , [ qb:dimension qb:measureType ] ,
        [ qb:measure <cube/amount> ] , [ qb:measure <cube/weight> ] .
qb:measureType a qb:DimensionProperty ; rdfs:range <cube/Measure> . <cube/weight> a qb:MeasureProperty .
<cube/p1> a qb:Observation ; qb:dataSet <cube/d2> ; <cube/area> <cube/east> ; qb:measureType <cube/amount> ;
    <cube/amount> 1 .
<cube/p2> a qb:Observation ; qb:dataSet <cube/d2> ; <cube/area> <cube/east> ; qb:measureType <cube/weight> ;
    <cube/weight> 2 .
"""
#: A cube whose code list is a hierarchy, by the property given.
TREE = """
<cube/d3> a qb:DataSet ; qb:structure <cube/s3> .
<cube/s3> a qb:DataStructureDefinition ;
    qb:component [ qb:dimension <cube/place> ] , [ qb:measure <cube/amount> ] .
<cube/place> a qb:DimensionProperty ; rdfs:range <cube/Place> ; qb:codeList <cube/places> .
<cube/places> a qb:HierarchicalCodeList ; qb:hierarchyRoot <cube/root> ; qb:parentChildProperty %s .
<cube/root> %s . <cube/leaf> %s .
<cube/q1> a qb:Observation ; qb:dataSet <cube/d3> ; <cube/place> <cube/leaf> ; <cube/amount> 1 .
"""
DOWN = TREE % ("<cube/below>", "<cube/below> <cube/leaf>", "a <cube/Place>")
UP = TREE % ("[ owl:inverseOf <cube/above> ]", "a <cube/Place>", "<cube/above> <cube/root>")
SLICE = """
<cube/s1> qb:sliceKey <cube/k1> . <cube/k1> a qb:SliceKey ; qb:componentProperty <cube/area> .
<cube/d1> qb:slice <cube/l1> . <cube/l1> a qb:Slice ; qb:sliceStructure <cube/k1> ; <cube/area> <cube/east> ;
    qb:observation <cube/o1> .
"""
GOOD_CUBE = CUBE + BY_TYPE + DOWN + UP.replace("cube/", "up/").replace("up/amount", "cube/amount") + SLICE

#: Constraint -> what is replaced in the good cube, and by what.
FAULTS: dict[str, tuple[str, str]] = {
    "IC-1. Unique DataSet": ("<cube/o1> a", "<cube/o1> qb:dataSet <cube/d2> ; a"),
    "IC-2. Unique DSD": ("<cube/d1> a qb:DataSet ; qb:structure <cube/s1>", "<cube/d1> a qb:DataSet"),
    "IC-3. DSD includes measure": ("<cube/amount> a qb:MeasureProperty .", ""),
    "IC-4. Dimensions have range": ("rdfs:range <cube/Place> ;", ""),
    "IC-5. Concept dimensions have code lists": ("; qb:codeList <cube/areas>", ""),
    "IC-6. Only attributes may be optional": (
        "<cube/c1> qb:dimension",
        "<cube/c1> qb:componentRequired false ; qb:dimension",
    ),
    "IC-7. Slice Keys must be declared": ("<cube/s1> qb:sliceKey <cube/k1> .", ""),
    "IC-8. Slice Keys consistent with DSD": (
        "qb:componentProperty <cube/area>",
        "qb:componentProperty <cube/area> , <cube/place>",
    ),
    "IC-9. Unique slice structure": ("qb:sliceStructure <cube/k1> ;", ""),
    "IC-10. Slice dimensions complete": ("<cube/k1> ; <cube/area> <cube/east> ;", "<cube/k1> ;"),
    "IC-11. All dimensions required": ("<cube/area> <cube/west> ;", ""),
    "IC-12. No duplicate observations": ("<cube/area> <cube/west> ;", "<cube/area> <cube/east> ;"),
    "IC-13. Required attributes": ('<cube/west> ; <cube/amount> 1 ; <cube/status> "a"', "<cube/west>"),
    "IC-14. All measures present": ("<cube/west> ; <cube/amount> 1 ;", "<cube/west> ;"),
    "IC-15. Measure dimension consistent": (";\n    <cube/weight> 2", ""),
    "IC-16. Single measure on measure dimension observation": (
        "<cube/weight> 2",
        "<cube/weight> 2 ; <cube/amount> 2",
    ),
    "IC-17. All measures present in measures dimension cube": (
        "<cube/p2> a qb:Observation ; qb:dataSet <cube/d2> ;",
        "<cube/p2> a qb:Observation ; qb:dataSet <cube/none> ;",
    ),
    "IC-18. Consistent data set links": ("qb:observation <cube/o1>", "qb:observation <cube/p1>"),
    "IC-19. Codes from code list": ("<cube/west> a skos:Concept ; skos:inScheme <cube/areas> .", ""),
    "IC-20. Codes from hierarchy": ("<cube/below> <cube/leaf> .", "<cube/below> <cube/other> ."),
    "IC-21. Codes from hierarchy (inverse)": ("<up/above> <up/root>", "<up/above> <up/other>"),
}


def cube(turtle: str) -> set[str]:
    store = ox.Store()
    add(store, turtle)
    return broken(store, "cube")


def test_a_good_cube_breaks_nothing() -> None:
    assert cube(GOOD_CUBE) == set()


def test_the_constraints_are_the_21_of_the_recommendation() -> None:
    titles = [rule.name for rule in check.rules(folder("ontology") / "checks" / "cube")]
    assert titles == list(FAULTS)


@pytest.mark.parametrize("rule", FAULTS)
def test_each_constraint_finds_its_fault(rule: str) -> None:
    before, after = FAULTS[rule]
    assert before in GOOD_CUBE
    assert rule in cube(GOOD_CUBE.replace(before, after))


def test_collections_are_code_lists_too() -> None:
    collection = GOOD_CUBE.replace(
        "<cube/areas> a skos:ConceptScheme",
        "<cube/areas> a skos:Collection ; skos:member <cube/east> , <cube/west>",
    )
    assert cube(collection) == set()
    assert cube(collection.replace(", <cube/west>", "")) == {"IC-19. Codes from code list"}


def test_observations_of_any_number_of_dimensions_are_told_apart() -> None:
    """Equal strings are equal keys: neither order nor neighbours may make two keys one."""
    extra = (
        "<cube/s1> qb:component [ qb:dimension <cube/size> ] . "
        "<cube/size> a qb:DimensionProperty ; rdfs:range <cube/Size> ."
    )
    rows = "".join(
        f'<cube/x{i}> a qb:Observation ; qb:dataSet <cube/d1> ; <cube/amount> 1 ; <cube/status> "a" ; '
        f"<cube/area> <cube/{area}> ; <cube/size> {size} ."
        for i, (area, size) in enumerate([("east", 1), ("east", 2), ("west", 1), ("west", 2)])
    )
    sized = GOOD_CUBE.replace(
        "<cube/amount> 1 ; <cube/status>", "<cube/size> 0 ; <cube/amount> 1 ; <cube/status>"
    )
    assert cube(sized + extra + rows) == set()
    twin = rows.replace("<cube/size> 2", "<cube/size> 1")
    assert cube(sized + extra + twin) == {"IC-12. No duplicate observations"}


# ---- the whole, and terms ------------------------------------------------------------------------


def test_the_examples_conform(store: ox.Store) -> None:
    report = check.run(store, ["shapes", "cube", "terms"])
    assert [f for part in report.parts for f in part.findings] == []
    assert report.conforms


@pytest.mark.parametrize(
    ("pattern", "among", "not_among"),
    [
        ("?x a plan:City", ["region/310000", "region/320500", "region/320582"], ["region/320404"]),
        (f"?x plan:within <{BASE}region/320000>", ["region/320500", "region/320582"], ["region/330000"]),
        (
            f"?x skos:broaderTransitive <{BASE}topic/environment>",
            ["indicator/pm25", "indicator/pm25/growth"],
            ["indicator/gdp"],
        ),
    ],
)
def test_one_triple_pattern_is_enough(
    store: ox.Store, pattern: str, among: list[str], not_among: list[str]
) -> None:
    prefixes = f"PREFIX plan: <{PLAN}> PREFIX skos: <{PREFIXES['skos']}>"
    rows = store.query(f"{prefixes} SELECT ?x {{ {pattern} }}", use_default_graph_as_union=True)
    assert isinstance(rows, ox.QuerySolutions)
    found = {row["x"].value.removeprefix(BASE) for row in rows}
    assert set(among) <= found
    assert not found & set(not_among)


@pytest.mark.parametrize(
    ("turtle", "rule"),
    [
        ("<statement/x/1> plan:region <region/999999> .", "Things of ours are described"),
        ("<statement/x/1> plan:surprise 1 .", "Properties are declared"),
        ("<statement/x/1> a plan:Surprise .", "Classes are declared"),
        ("<statement/x/1> a <https://example.org/Thing> .", "Classes are declared"),
        ("plan:odd a owl:Class ; rdfs:label 'odd'@en .", "Terms are labelled and defined"),
    ],
)
def test_each_rule_about_terms(shared: Shared, turtle: str, rule: str) -> None:
    shared.add(turtle)
    assert rule in broken(shared.store, "terms")


def test_a_named_graph_counts_as_described(shared: Shared) -> None:
    shared.add("<report/x> dct:source <graph/report/zhangjiagang-work-report-2024> .", "metadata")
    assert broken(shared.store, "terms") == set()


def test_a_finding_says_which_fact_it_is_about(shared: Shared) -> None:
    shared.add(f"<{TARGET}> plan:region <region/320500> .")
    (part,) = check.run(shared.store, ["shapes"]).parts
    finding = next(f for f in part.findings if f.rule == "Statement")
    assert finding.focus == TARGET
    assert finding.value == f"{BASE}region/320500"
    assert finding.message == "the statement is about more than one region"
    assert finding.message_zh == "陈述有多个地区"
    assert finding.where == "zhangjiagang-work-report-2024 at 6514: 地区生产总值增长 5%以上"


def test_a_rule_without_words_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.rq").write_text("# title: A\nSELECT ?this { ?this ?p ?o }", encoding="utf-8")
    with pytest.raises(OntologyError, match="lacks its title or its message"):
        check.rules(tmp_path)


# ---- the sample the reasoners see ----------------------------------------------------------------


def test_the_sample_is_closed_and_always_the_same(store: ox.Store) -> None:
    first, again = check.sample(store), check.sample(store)
    assert first == again
    subjects = {triple.subject for triple in first}
    led_to = {
        triple.object
        for triple in first
        if isinstance(triple.object, ox.NamedNode) and triple.object.value.startswith(BASE + "region/")
    }
    assert led_to and led_to <= subjects
    assert ox.NamedNode(TARGET) in subjects
    assert len(check.sample(store, size=1)) < len(first)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("turtle", "rule"),
    [
        (f"<{TARGET}> a plan:Result .", "Consistency"),
        ("<region/320582> plan:within <region/320582> .", "Consistency"),
        ("<statement/zhangjiagang-work-report-2024/6534> plan:value 5.0 .", "Consistency"),
        (f"<{TARGET}> plan:surprise 1 .", "OWL 2 DL profile"),
    ],
)
def test_the_reasoners_look_at_facts_too(shared: Shared, turtle: str, rule: str) -> None:
    shared.add(turtle)
    triples = check.sample(shared.store)
    if rule == "Consistency":
        assert not reasoning.is_consistent(triples)
    else:
        assert any("surprise" in sentence for sentence in reasoning.profile_violations(triples))


# ---- a server ------------------------------------------------------------------------------------


@pytest.fixture
def server(store: ox.Store) -> Iterator[tuple[str, list[str]]]:
    """A server that answers for everything but regions, and says nothing of units; and the paths it was asked
    for."""
    asked: list[str] = []
    about: dict[str, bytes] = {}
    for iri in check._ours(store):
        path = "/" + unquote(iri.removeprefix(BASE).partition("#")[0])
        about[path] = about.get(path, b"") + f"<{iri}> ".encode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_GET(self) -> None:
            asked.append(self.path)
            body = b"" if self.path.startswith("/unit") else about[unquote(self.path)]
            self.send_response(404 if self.path.startswith("/region") else 200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}", asked
    running.shutdown()
    running.server_close()


@pytest.mark.parametrize("sample", [pytest.param(0, marks=pytest.mark.slow), 2])
def test_a_server_must_answer_for_every_iri(
    sample: int, store: ox.Store, server: tuple[str, list[str]]
) -> None:
    address, asked = server
    (part,) = check.run(store, ["terms"], address, sample).parts
    assert {f.rule for f in part.findings} == {"IRIs resolve"}
    said = {
        (f.focus.removeprefix(BASE).partition("/")[0], f.message.rpartition(" ")[2]) for f in part.findings
    }
    assert said == {("region", "404"), ("unit", "it")}
    kinds = [path.split("/")[1] for path in asked]
    assert {"indicator", "unit", "topic", "report", "statement", "plan", "measure", "ontology"} <= set(kinds)
    documents = {iri.partition("#")[0] for iri in check._ours(store)}
    assert len(kinds) == len(documents) if not sample else max(kinds.count(kind) for kind in kinds) == sample


@pytest.mark.slow
def test_a_server_that_is_not_there_is_a_finding(store: ox.Store) -> None:
    (part,) = check.run(store, ["terms"], "http://127.0.0.1:9").parts
    assert part.findings
    assert {f.rule for f in part.findings} == {"IRIs resolve"}


# ---- the command ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_graph_that_conforms(tmp_path: Path) -> None:
    graph = graph_folder(tmp_path / "graph")
    result = CliRunner().invoke(check.check, ["--graph", str(graph)])
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == ["conforms: 0 violations, 0 warnings"]
    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == list(check.TITLES.values())


@pytest.mark.slow
def test_a_graph_that_does_not(tmp_path: Path) -> None:
    bad = f"<{TARGET}> a plan:Result . <region/320582> plan:within <region/320582> ."
    graph = graph_folder(tmp_path / "graph", bad)
    arguments = ["--graph", str(graph), "--part", "shapes"]
    result = CliRunner().invoke(check.check, arguments)
    assert result.exit_code == 1
    assert "violation: Statement: the statement is both a target and a result" in result.stdout
    assert "statement:zhangjiagang-work-report-2024/6514" in result.stdout
    assert "violation: Region: the region lies within itself" in result.stdout
    assert "region:320582 张家港市" in result.stdout
    assert result.stdout.splitlines()[-1] == "does not conform: 2 violations, 0 warnings"

    result = CliRunner().invoke(check.check, [*arguments, "--format", "json"])
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert answer["conforms"] is False
    assert [(p["part"], p["violations"], p["warnings"]) for p in answer["parts"]] == [("shapes", 2, 0)]
    assert {f["focus"] for f in answer["findings"]} == {TARGET, f"{BASE}region/320582"}
    assert set(answer["findings"][0]) == {
        "part", "rule", "severity", "message", "message_zh", "focus", "value", "where"
    }  # fmt: skip


@pytest.mark.slow
def test_a_warning_does_not_fail(tmp_path: Path) -> None:
    long_tail = f"""<indicator/zh/出口/growth> a plan:Indicator , skos:Concept ; rdfs:label "出口增长"@zh ;
        skos:inScheme <indicator/> ; plan:statType plan:growth ; plan:growthOf <indicator/zh/出口> ;
        plan:unit <unit/percent> .
    <indicator/zh/出口> a plan:Indicator , skos:Concept ; rdfs:label "出口"@zh ; skos:inScheme <indicator/> ;
        plan:statType plan:level .
    <{TARGET}> plan:indicator <indicator/zh/出口/growth> ; plan:value 420.0 ; plan:low 420.0 ."""
    graph = tmp_path / "graph"
    with new_generation(graph) as generation:
        filled = fill(ox.Store(str(generation)))
        for name in ("indicator", "value", "low"):
            for quad in list(filled.quads_for_pattern(ox.NamedNode(TARGET), ox.NamedNode(PLAN + name), None)):
                filled.remove(quad)
        add(filled, long_tail)
        filled.flush()
        del filled
    result = CliRunner().invoke(check.check, ["--graph", str(graph), "--part", "shapes"])
    assert result.exit_code == 0, result.output
    assert "warning: Statement: a growth of more than 300 % is unusual" in result.stdout
    assert result.stdout.splitlines()[-1] == "conforms: 0 violations, 1 warning"


@pytest.mark.slow
def test_the_ontology_alone_needs_no_graph(tmp_path: Path) -> None:
    result = CliRunner().invoke(check.check, ["--graph", str(tmp_path / "none"), "--part", "ontology"])
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == ["conforms: 0 violations, 0 warnings"]


def test_without_a_graph_there_is_one_sentence(tmp_path: Path) -> None:
    result = CliRunner().invoke(check.check, ["--graph", str(tmp_path / "none")])
    assert isinstance(result.exception, GraphError)
    assert "plankg build" in str(result.exception)
    assert "\n" not in str(result.exception)


@pytest.mark.slow
def test_a_graph_of_other_provinces_conforms(tmp_path: Path) -> None:
    """Whatever a report says, what the build writes of it keeps the shapes: nine reports nobody wrote rules for."""
    reports = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "text"
    if not reports.exists():
        pytest.skip("the provincial reports are not there (../shared/corpus/text)")
    graph = tmp_path / "graph"
    build([reports], graph)
    result = CliRunner().invoke(
        check.check, ["--graph", str(graph), "--part", "shapes", "--part", "terms", "--part", "cube"]
    )
    assert result.exit_code == 0, result.output
