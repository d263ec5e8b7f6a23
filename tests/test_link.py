"""``plankg link``: candidates from a service of the Reconciliation API and from a SPARQL endpoint, both over real HTTP on
this machine; what a person accepts; what is never overwritten."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from reconciliation_service import SPACE, Service, running

from loaders.errors import ParameterError, QueryError, ServerError
from loaders.namespaces import BASE, PREFIXES
from loaders.resources import folder as folder_of
from plankg import build, check, shapes, store
from plankg.cli import plankg
from plankg.linking import accepted, candidates, labels, things
from plankg.linking.asking import Guest
from plankg.linking.candidates import Candidate
from plankg.server.engine import Engine

NAMES = {"320116": "六合区", "320117": "溧水区", "320118": "高淳区", "320831": "金湖县", "320505": "虎丘区"}
WD = "http://www.wikidata.org/entity/"


@pytest.fixture
def places(tmp_path: Path) -> Path:
    """A graph of five regions without any match; 金湖县 has one in the test service's data, so it is not asked for."""
    folder = tmp_path / "graph"
    with store.new_generation(folder) as generation:
        filled = ox.Store(str(generation))
        lines = "\n".join(
            f'<{BASE}region/{code}> a plan:Region ; rdfs:label "{name}"@zh , "{code}"@en ; plan:code "{code}" ; '
            f"plan:parent <{BASE}region/320100> ."
            for code, name in NAMES.items()
        )
        turtle = f"""@prefix plan: <{PREFIXES["plan"]}> . @prefix rdfs: <{PREFIXES["rdfs"]}> . @prefix skos: <{PREFIXES["skos"]}> .
            <{BASE}region/320100> a plan:Region ; rdfs:label "南京市"@zh ; plan:code "320100" ; skos:exactMatch <{SPACE}E0> .
            <{BASE}region/320116/1990> a plan:Region ; rdfs:label "六合县"@zh ; plan:code "320116" ; plan:validUntil 2002 .
            <{BASE}region/zone/x> a plan:Region , plan:Zone ; rdfs:label "某区"@zh ; plan:host <{BASE}region/320100> .
            <{BASE}region/320831> skos:exactMatch <{SPACE}E5> . {lines}"""
        filled.load(
            turtle.encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(BASE + "graph/regions")
        )
        filled.flush()
    return folder


@pytest.fixture
def service() -> Iterator[Service]:
    with running(Service()) as started:
        yield started


def link(places: Path, *words: str) -> Result:
    done = CliRunner().invoke(plankg, ["link", "--graph", str(places), "--rate", "100", *words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def decide(path: Path, **decisions: str) -> None:
    """Fills the decision of candidates, by the last part of their IRI."""
    rows = candidates.read(path)
    candidates.write(
        path, [replace(r, decision=decisions.get(r.candidate.rpartition("/")[2], "")) for r in rows]
    )


def names(rows: tuple[Candidate, ...]) -> list[tuple[str, str]]:
    return [(row.name, row.candidate.removeprefix(SPACE)) for row in rows]


# ---- what lacks a match ------------------------------------------------------


def test_what_lacks_a_match(places: Path) -> None:
    opened = store.open_store(places)
    found = things.unmatched(opened, "region", SPACE)
    assert [thing.name for thing in found] == ["六合区", "溧水区", "高淳区", "虎丘区"]
    assert found[0].hint("code") == ("320116",) and found[0].where == "南京市"
    assert len(things.unmatched(opened, "region", WD)) == 6
    (zone,) = things.unmatched(opened, "zone", SPACE)
    assert (zone.name, zone.where) == ("某区", "南京市")


@pytest.mark.parametrize("kind", things.KINDS)
def test_every_kind_can_be_asked_for(seeds: ox.Store, kind: str) -> None:
    found = things.unmatched(seeds, kind, SPACE)
    assert len(found) > 20
    assert len({thing.iri for thing in found}) == len(found)


def test_regions_of_the_seeds_without_wikidata_are_those_of_the_reference_data(seeds: ox.Store) -> None:
    found = {thing.iri.rpartition("/")[2] for thing in things.unmatched(seeds, "region", WD)}
    assert {"320104", "320116", "320312", "320382", "320413", "320813"} <= found
    assert len(found) == 6 + 143  # prefectures and counties


def test_without_a_service_it_shows_what_would_be_asked(places: Path, tmp_path: Path) -> None:
    done = link(places, "--what", "region", "--out", str(tmp_path / "c.csv"))
    assert done.exit_code == 0
    assert "六合区  南京市" in done.stdout and "六合县" not in done.stdout
    assert not (tmp_path / "c.csv").exists()


# ---- the Reconciliation API --------------------------------------------------


def test_candidates_with_scores(places: Path, service: Service, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    done = link(places, "--service", service.url, "--out", str(path))
    assert done.exit_code == 0, done.output
    rows = candidates.read(path)
    assert names(rows) == [
        ("六合区", "E3"),
        ("六合区", "E4"),
        ("溧水区", "E1"),
        ("高淳区", "E2"),
        ("虎丘区", ""),
    ]
    assert [row.score for row in rows] == [100, 100, 100, 100, 0]
    assert [row.match for row in rows] == [False, False, True, True, False]  # two of one name: not sure
    assert {row.decision for row in rows} == {""} and {row.service for row in rows} == {service.url}
    assert rows[0].description == "南京市的一个市辖区" and rows[0].where == "南京市"


def test_a_hint_tells_two_of_one_name_apart(places: Path, service: Service, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    link(places, "--service", service.url, "--property", "P442=code", "--limit", "1", "--out", str(path))
    first, *_ = candidates.read(path)
    assert (first.candidate, first.score, first.match) == (SPACE + "E3", 100, True)
    assert service.seen[0] == {
        "query": "六合区",
        "limit": 1,
        "properties": [{"pid": "P442", "v": "320116"}],
    }


def test_a_type_keeps_others_out(places: Path, service: Service, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    link(places, "--service", service.url, "--type", "T2", "--out", str(path))
    assert [row.candidate for row in candidates.read(path) if row.candidate] == [SPACE + "E4"]


def test_it_asks_in_batches(places: Path, service: Service, tmp_path: Path) -> None:
    link(places, "--service", service.url, "--batch", "3", "--out", str(tmp_path / "c.csv"))
    assert service.batches == [3, 1]


def test_a_run_goes_on_where_it_stopped(places: Path, service: Service, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    service.fail_after = 1
    words = ("--service", service.url, "--batch", "2", "--out", str(path))
    with pytest.raises(ServerError, match="answers 500: out of order"):
        link(places, *words)
    before = candidates.read(path)
    assert {row.name for row in before} == {"六合区", "溧水区"}
    decide(path, E3="exact")
    service.fail_after = 10**6
    assert link(places, *words).exit_code == 0
    after = candidates.read(path)
    assert [query["query"] for query in service.seen] == ["六合区", "溧水区", "高淳区", "虎丘区"]
    assert after[0].decision == "exact" and len(after) == 5
    assert link(places, *words).exit_code == 0
    assert len(service.seen) == 4 and candidates.read(path) == after  # nothing is asked for twice


def test_some_now_and_the_rest_another_time(places: Path, service: Service, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    for expected in (1, 2):
        link(places, "--service", service.url, "--first", "1", "--out", str(path))
        assert len({row.thing for row in candidates.read(path)}) == expected


def test_it_waits_for_a_busy_service(places: Path, service: Service, tmp_path: Path) -> None:
    service.busy = 2
    assert link(places, "--service", service.url, "--out", str(tmp_path / "c.csv")).exit_code == 0
    service.busy = 4
    with pytest.raises(ServerError, match="answers 429"):
        link(places, "--service", service.url, "--out", str(tmp_path / "d.csv"))


def test_it_keeps_to_the_rate(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten a second at most: the pauses are asked for, whatever the clock of this machine says."""
    pauses: list[float] = []
    monkeypatch.setattr("plankg.linking.asking.time.sleep", pauses.append)
    guest = Guest(service.url, rate=0.01)
    for _ in range(3):
        guest.get()
    assert guest.requests == 3
    assert pauses[0] == 0 and all(90 < pause <= 200 for pause in pauses[1:])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"versions": ("2.0",)}, "speaks version 2.0"),
        ({"space": "entities"}, "no beginning of an IRI"),
    ],
)
def test_a_service_that_cannot_be_used(
    places: Path, service: Service, change: dict[str, object], said: str
) -> None:
    for name, value in change.items():
        setattr(service, name, value)
    with pytest.raises(ServerError, match=said):
        link(places, "--service", service.url)


def test_what_is_no_service(places: Path, service: Service) -> None:
    with pytest.raises(ServerError, match="answers 404"):
        link(places, "--service", service.url + "/none")
    with pytest.raises(ServerError, match="does not answer"):
        link(places, "--service", "http://127.0.0.1:1/")


def test_wrong_usage(places: Path, service: Service) -> None:
    assert link(places, "--service", "http://a/", "--sparql", "http://b/").exit_code == 2
    assert link(places, "--service", "http://a/", "--property", "P442").exit_code == 2
    with pytest.raises(ParameterError, match="no hint is called 'colour'"):
        link(places, "--service", service.url, "--property", "P1=colour")


# ---- a SPARQL endpoint -------------------------------------------------------


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The native engine with things of some names."""
    folder = tmp_path_factory.mktemp("names") / "store"
    filled = ox.Store(str(folder))
    turtle = f"""@prefix e: <{SPACE}> . @prefix rdfs: <{PREFIXES["rdfs"]}> . @prefix skos: <{PREFIXES["skos"]}> .
        @prefix schema: <http://schema.org/> .
        e:E3 rdfs:label "六合区"@zh ; skos:altLabel "六合"@zh ; schema:description "南京市的一个市辖区"@zh .
        e:E4 rdfs:label "六合"@zh ; skos:altLabel "六合区"@zh .
        e:E2 rdfs:label "高淳区"@zh , "Gaochun"@en ; skos:altLabel "高淳区"@zh .
        <http://elsewhere.example.org/1> rdfs:label "高淳区"@zh ."""
    filled.load(turtle.encode(), format=ox.RdfFormat.TURTLE)
    filled.flush()
    del filled
    with Engine(folder) as engine:
        yield f"{engine.url}/query"


def test_things_of_the_same_name(places: Path, endpoint: str, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    done = link(places, "--sparql", endpoint, "--space", SPACE, "--batch", "3", "--out", str(path))
    assert done.exit_code == 0, done.output
    rows = candidates.read(path)
    assert names(rows) == [
        ("六合区", "E3"),
        ("六合区", "E4"),
        ("溧水区", ""),
        ("高淳区", "E2"),
        ("虎丘区", ""),
    ]
    assert [row.score for row in rows] == [100, 80, 0, 100, 0]
    assert (rows[0].label, rows[0].description) == ("六合区", "南京市的一个市辖区")


def test_another_query(places: Path, endpoint: str, tmp_path: Path) -> None:
    query = tmp_path / "mine.rq"
    query.write_text(
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
        "SELECT ?n ?candidate (55.5 AS ?score) {\n  VALUES (?n ?name) { } # names\n  ?candidate rdfs:label ?name }",
        "utf-8",
    )
    path = tmp_path / "c.csv"
    link(places, "--sparql", endpoint, "--space", SPACE, "--query", str(query), "--out", str(path))
    assert {(row.name, row.score) for row in candidates.read(path) if row.candidate} == {
        ("六合区", 55.5),
        ("高淳区", 55.5),
    }
    query.write_text("SELECT * { ?s ?p ?o }", "utf-8")
    with pytest.raises(QueryError, match="has no line"):
        link(places, "--sparql", endpoint, "--query", str(query))


def test_a_name_cannot_become_syntax(endpoint: str) -> None:
    odd = things.Thing(BASE + "region/1", '六合区"@zh) } # \\ \n')
    assert labels.propose(Guest(endpoint, 100), labels.template(), SPACE, [odd], limit=5) == []


# ---- the list ----------------------------------------------------------------

ROW = Candidate(
    BASE + "region/320116",
    "六合区",
    "南京市",
    SPACE + "E3",
    "六合区",
    "区",
    97.5,
    True,
    "",
    "http://s/",
    "2026-11-22",
)


def test_the_list_as_spreadsheets_save_it(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    candidates.write(path, [ROW])
    assert candidates.read(path) == (ROW,)
    text = path.read_text("utf-8-sig")
    path.write_text(text.replace("\n,", "\nExactMatch,").replace(",", ";"), "utf-8", newline="\r\n")
    assert candidates.read(path) == (replace(ROW, decision="exact"),)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("\n,", "\nmaybe,", "line 2: the decision 'maybe' is none of no, exact"),
        (SPACE + "E3", "", "line 2: there is no candidate"),
        ("97.5", "high", "the score 'high' is not a number"),
        ("decision,", "choice,", "no list of candidates"),
    ],
)
def test_a_list_that_is_wrong(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "c.csv"
    candidates.write(path, [replace(ROW, decision="exact" if not new else "")])
    path.write_text(path.read_text("utf-8-sig").replace(old, new), "utf-8")
    with pytest.raises(ParameterError, match=said):
        candidates.read(path)


def test_another_encoding_is_said(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes("decision,六合区".encode("gb18030"))
    with pytest.raises(ParameterError, match="not UTF-8"):
        candidates.read(path)


# ---- accepting ---------------------------------------------------------------


def links(places: Path) -> set[tuple[str, str, str]]:
    found = accepted.load(places / build.ACCEPTED_LINKS)
    return {
        (_local(t.subject), t.predicate.value.rpartition("#")[2], _local(t.object))
        for t in found
        if t.predicate.value.startswith(PREFIXES["skos"])
    }


def _local(node: object) -> str:
    assert isinstance(node, ox.NamedNode)
    return node.value.rpartition("/")[2]


def test_accepted_candidates_become_links(places: Path, service: Service, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    link(places, "--service", service.url, "--out", str(path))
    decide(path, E3="exact", E4="no", E1="close")
    done = link(places, "--accept", str(path), "--by", "张三")
    assert done.exit_code == 0 and "2 added" in done.stderr
    assert links(places) == {("320116", "exactMatch", "E3"), ("320117", "closeMatch", "E1")}
    described = {
        triple.predicate.value.rpartition("/")[2].rpartition("#")[2]: triple.object
        for triple in accepted.load(places / build.ACCEPTED_LINKS)
        if "/link/" in str(triple.subject)
    }
    assert set(described) == {
        "type", "linkSubject", "linkStrength", "linkObject", "linkMethod", "linkConfidence", "acceptedBy", "created",
        "source",
    }  # fmt: skip
    assert described["acceptedBy"] == ox.Literal("张三")
    assert described["source"] == ox.NamedNode(service.url)


def test_accepting_again_changes_nothing(places: Path, service: Service, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    link(places, "--service", service.url, "--out", str(path))
    decide(path, E3="exact")
    link(places, "--accept", str(path), "--by", "张三")
    before = (places / build.ACCEPTED_LINKS).read_bytes()
    done = link(places, "--accept", str(path), "--by", "李四")
    assert done.exit_code == 0 and "0 added" in done.stderr and "1 there already" in done.stderr
    assert (places / build.ACCEPTED_LINKS).read_bytes() == before


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"candidate": SPACE + "E9"}, "it is exactly http://data.example.org/entity/E3 already"),
        ({"thing": BASE + "region/320117"}, "that is exactly .*region/320116 already"),
        (
            {"thing": BASE + "region/320831", "candidate": SPACE + "E9"},
            "it is exactly .*E5 already",
        ),  # in the graph
        ({"thing": BASE + "region/999999", "candidate": SPACE + "E9"}, "no such thing"),
    ],
)
def test_what_is_accepted_is_never_overwritten(
    places: Path, tmp_path: Path, row: dict[str, str], why: str
) -> None:
    first, second = replace(ROW, decision="exact"), replace(ROW, decision="exact", **row)
    known = accepted.matched(store.open_store(places))
    path = tmp_path / "links.ttl"
    assert accepted.accept([first], path, known, "张三", "2026-11-22").added == (first,)
    before = path.read_bytes()
    outcome = accepted.accept([second], path, known, "李四", "2026-11-23")
    ((refused, said),) = outcome.refused
    assert refused == second and path.read_bytes() == before
    assert re.search(why, said)


def test_a_weaker_match_may_stand_beside_an_exact_one_and_other_data_beside_these(
    places: Path, tmp_path: Path
) -> None:
    known = accepted.matched(store.open_store(places))
    rows = [
        replace(ROW, decision="exact"),
        replace(ROW, decision="close", candidate=SPACE + "E4"),
        replace(ROW, decision="exact", candidate=WD + "Q1"),
    ]
    outcome = accepted.accept(rows, tmp_path / "links.ttl", known, "张三", "2026-11-22")
    assert len(outcome.added) == 3 and not outcome.refused


def test_a_refusal_is_told_and_fails(places: Path, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    candidates.write(path, [replace(ROW, decision="exact", thing=BASE + "region/0")])
    done = link(places, "--accept", str(path), "--by", "张三")
    assert done.exit_code == 1 and "refused: " in done.stderr
    with pytest.raises(ParameterError, match="--by"):
        link(places, "--accept", str(path))


def test_a_file_that_is_not_turtle_is_left_alone(places: Path, tmp_path: Path) -> None:
    path = tmp_path / "links.ttl"
    path.write_text("no turtle", "utf-8")
    with pytest.raises(ParameterError, match="is not Turtle"):
        accepted.accept(
            [replace(ROW, decision="exact")], path, {ROW.thing: frozenset()}, "张三", "2026-11-22"
        )
    assert path.read_text("utf-8") == "no turtle"


@pytest.mark.slow
def test_a_build_takes_accepted_links_up_and_the_shapes_find_nothing_wrong(
    seeds: ox.Store, tmp_path: Path
) -> None:
    """From a candidate to a question that follows the link."""
    report = tmp_path / "report.txt"
    report.write_text("2023年六合区政府工作报告\n2023年地区生产总值增长5%左右。\n", "utf-8")
    folder = tmp_path / "graph"
    folder.mkdir()
    row = replace(ROW, decision="exact", candidate=WD + "Q1000000009")
    links = folder / build.ACCEPTED_LINKS
    assert accepted.accept([row], links, accepted.matched(seeds), "张三", "2026-11-22").added == (row,)
    build.build([report], folder, workers=1)
    opened = store.open_store(folder)

    def ask(query: str) -> list[str]:
        prefixes = {name: PREFIXES[name] for name in ("plan", "skos")}
        rows = opened.query(query, prefixes=prefixes, use_default_graph_as_union=True)
        assert isinstance(rows, ox.QuerySolutions)
        return [str(row[0].value) for row in rows if row[0] is not None]

    who = f"<{ROW.thing}> skos:exactMatch ?match . ?link plan:linkObject ?match ; plan:acceptedBy ?who"
    assert ask(f"SELECT ?who {{ {who} }}") == ["张三"]
    rules = [rule for rule in shapes.constraints() if rule.name == "Link"]
    rules += [
        rule for rule in check.rules(folder_of("ontology") / "checks" / "terms") if "Matches" in rule.name
    ]
    assert len(rules) > 5
    assert [rule.message for rule in rules if ask(rule.query)] == []
