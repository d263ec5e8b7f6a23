"""Releases: what is in the folder, that it is the same everywhere, that others can read it, that it gives the
same graph again."""

import gzip
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib import RDF
from rdflib.compare import isomorphic

from loaders.errors import GraphError, ParameterError
from loaders.namespaces import BASE, GRAPH, PLAN, PREFIXES
from plankg import store
from plankg.build import build_from_dump
from plankg.cli import main
from plankg.release import blank, turtle
from plankg.release.dump import CHECKSUMS, dump
from plankg.server.engine import binary

REPORT = "zhonglou-plan-2023"
DATA = Path(__file__).resolve().parent / "data"
DCAT, DCT, VOID = (
    rdflib.Namespace(iri) for iri in (PREFIXES["dcat"], PREFIXES["dct"], "http://rdfs.org/ns/void#")
)


@pytest.fixture(scope="module")
def slice_(seeds: ox.Store) -> ox.Store:
    """The seeds' graph with the beginning of its long lists."""
    small = ox.Store()
    for name in seeds.named_graphs():
        quads = sorted(seeds.quads_for_pattern(None, None, None, name), key=str)
        small.extend(quads if len(quads) < 20_000 else quads[:2_000])
    return small


@pytest.fixture(scope="module")
def release(slice_: ox.Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """It as a release named 2026.10."""
    folder = tmp_path_factory.mktemp("release") / "2026.10"
    dump(slice_, folder, "2026.10")
    return folder


@pytest.fixture(scope="module")
def full(graph: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole of the seeds' graph as that release, for the slow tests."""
    folder = tmp_path_factory.mktemp("full") / "2026.10"
    dump(store.open_store(graph), folder, "2026.10")
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def whole(folder: Path) -> list[ox.Quad]:
    return list(
        ox.parse(gzip.decompress((folder / "plankg.nq.gz").read_bytes()), format=ox.RdfFormat.N_QUADS)
    )


# ---- what is in it -------------------------------------------------------------------------------


def test_the_folder_holds_what_its_readme_says(release: Path, seeds: ox.Store) -> None:
    names = set(files(release))
    slugs = {g.value.removeprefix(GRAPH + "report/") for g in seeds.named_graphs() if "/report/" in g.value}
    assert {f"reports/{slug}.ttl" for slug in slugs} == {n for n in names if n.startswith("reports/")}
    assert {f"lists/{name}.ttl" for name in ("indicators", "units", "regions", "topics", "links")} <= names
    top = {"plankg.nq.gz", "plankg.ttl.gz", "context.jsonld", "README.md", "dcat.ttl", CHECKSUMS}
    assert top == {name for name in names if "/" not in name}
    assert {name for name in names if name.startswith("ontology/")} == {
        "ontology/plankg.ttl",
        "ontology/shapes.ttl",
    }
    readme = (release / "README.md").read_text("utf-8")
    assert {name for name in top if f"| {name} |" in readme} == top - {"README.md"}
    assert all(f"(reports/{slug}.ttl)" in readme for slug in slugs)
    targets = len(
        list(seeds.quads_for_pattern(None, ox.NamedNode(str(RDF.type)), ox.NamedNode(PLAN + "Target"), None))
    )
    assert f"| 目标 targets | {targets} |" in readme


def test_every_file_has_its_checksum(release: Path) -> None:
    told = dict(reversed(line.split("  ")) for line in (release / CHECKSUMS).read_text("utf-8").splitlines())
    held = {n: hashlib.sha256(data).hexdigest() for n, data in files(release).items() if n != CHECKSUMS}
    assert told == held


def test_the_n_quads_are_the_graph_without_blank_nodes(release: Path, slice_: ox.Store) -> None:
    quads = whole(release)
    assert not any(isinstance(node, ox.BlankNode) for quad in quads for node in (quad.subject, quad.object))
    added = {GRAPH + "history", GRAPH + "metadata"}
    back = {blank.unskolemized(quad) for quad in quads if quad.graph_name.value not in added}  # type: ignore[union-attr]
    assert back == {quad for quad in slice_ if quad.graph_name.value not in added}  # type: ignore[union-attr]


def test_whole_turtle_reports_and_lists_say_the_same_as_the_n_quads(release: Path) -> None:
    by_graph: dict[str, set[ox.Triple]] = {}
    for quad in whole(release):
        by_graph.setdefault(quad.graph_name.value, set()).add(quad.triple)  # type: ignore[union-attr]
    text = gzip.decompress((release / "plankg.ttl.gz").read_bytes())
    assert {quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)} == set().union(
        *by_graph.values()
    )
    for graph, triples in by_graph.items():
        name = graph.removeprefix(GRAPH)
        if name == "ontology":
            continue
        path = release / (f"reports/{name[7:]}.ttl" if name.startswith("report/") else f"lists/{name}.ttl")
        assert {q.triple for q in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)} == triples, name


def test_a_report_reads_from_its_first_statement_to_its_last(release: Path) -> None:
    text = (release / "reports" / f"{REPORT}.ttl").read_text("utf-8")
    blocks = text.split("\n\n", 1)[1].split("\n\n")
    assert blocks[0].splitlines()[:3] == [
        f"report:{REPORT}",
        "    a plan:Report , prov:Entity , schema:Report ;",
        '    rdfs:label "plan-report 2023 (zhonglou-plan-2023)"@en ;',
    ]
    starts = [int(found[1]) for block in blocks if (found := re.search(r"plan:start (\d+) ;", block))]
    assert starts == sorted(starts)
    assert len(starts) > 200
    statement = next(block for block in blocks if '"5%左右"' in block and "<indicator/gdp/growth>" in block)
    at = blocks.index(statement)
    subject = statement.splitlines()[0].rstrip(">")
    parts = [block.splitlines()[0] for block in blocks[at + 1 : at + 4]]
    assert parts == [f"{subject}#{part}>" for part in ("evidence", "position", "quote")]
    assert statement.splitlines()[1].startswith("    a plan:Assertion , ")
    assert '    plan:value "5"^^xsd:decimal ;' in statement


def test_one_triple_is_one_line(release: Path) -> None:
    """So a value that changes is one line in a diff, and nothing beside it moves."""
    text = (release / "reports" / f"{REPORT}.ttl").read_text("utf-8")
    triples = list(ox.parse(text, format=ox.RdfFormat.TURTLE))
    fewer = [q.triple for q in triples if not q.predicate.value.endswith("#confidence")]
    made = turtle.header() + "\n" + "\n".join(turtle.blocks(fewer))
    old, new = text.splitlines(), made.splitlines()
    assert [line for line in old if not line.startswith("    plan:confidence")] == new


def test_heads_of_lists_name_their_sources(release: Path) -> None:
    links = (release / "lists" / "links.ttl").read_text("utf-8").split("@base")[0]
    assert "GeoNames: CC BY 4.0" in links
    regions = (release / "lists" / "regions.ttl").read_text("utf-8").split("@base")[0]
    assert all(line.startswith("#") or not line for line in regions.splitlines())
    assert "Licence" in regions or "CC BY" in regions


TURTLE = [
    ('<https://w3id.org/plankg/region/1> <p:p> "5"^^xsd:integer', "region:1", "5"),
    ('<https://w3id.org/plankg/a/b> <p:p> "5.0"^^xsd:decimal', "<a/b>", "5.0"),
    ('<https://w3id.org/plankg/a/b> <p:p> "5"^^xsd:decimal', "<a/b>", '"5"^^xsd:decimal'),
    ('<https://w3id.org/plankg/a/../b> <p:p> "5."^^xsd:decimal', "<https://w3id.org/plankg/a/../b>", '"5."^^xsd:decimal'),
    ('<https://w3id.org/plankg/a//b> <p:p> "true"^^xsd:boolean', "<https://w3id.org/plankg/a//b>", "true"),
    ('<https://w3id.org/plankg/a:b> <p:p> "1"^^xsd:boolean', "<https://w3id.org/plankg/a:b>", '"1"^^xsd:boolean'),
    ('<https://w3id.org/plankg/> <p:p> "two\\nlines \\"q\\" \\\\ \\t"', "<https://w3id.org/plankg/>", '"two\\nlines \\"q\\" \\\\ \\t"'),
    ('<https://w3id.org/plankg/indicator/zh/产量> <p:p> "亿元"@zh', "<indicator/zh/产量>", '"亿元"@zh'),
    ('<https://w3id.org/plankg/region/a.b-> <p:p> "5"^^<x:y>', "<region/a.b->", '"5"^^<x:y>'),
    ('<https://w3id.org/plankg/a?b#c> <p:p> <x:#>', "<a?b#c>", "<x:#>"),
]  # fmt: skip


@pytest.mark.parametrize(("triple", "subject", "value"), TURTLE)
def test_terms_are_short_where_nothing_is_lost(triple: str, subject: str, value: str) -> None:
    given = f"@prefix xsd: <{PREFIXES['xsd']}> . {triple} ."
    triples = {quad.triple for quad in ox.parse(given, format=ox.RdfFormat.TURTLE)}
    made = turtle.header() + "".join(turtle.blocks(triples))
    assert made.splitlines()[-3:] == [subject, f"    <p:p> {value} ;", "    ."]
    assert {quad.triple for quad in ox.parse(made, format=ox.RdfFormat.TURTLE)} == triples
    assert len(rdflib.Graph().parse(data=made, format="turtle")) == 1


# ---- blank nodes ---------------------------------------------------------------------------------

RESTRICTIONS = """@prefix : <x:> .
:a :sub [ :on :p ; :some [ :on :q ; :n 1 ] ] , [ :on :p ; :n 2 ] . :b :sub [ :on :p ; :n 2 ] . [] :members ( :a :b ) .
:c :sub [ :on :r ] , [ :on :r ] ."""
CIRCLE = " _:x :next _:y . _:y :next _:x ."


def _triples(text: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]


def test_blank_nodes_have_the_same_names_whatever_they_were_called() -> None:
    def other(node: ox.NamedNode | ox.BlankNode) -> ox.NamedNode | ox.BlankNode:
        return ox.BlankNode("z" + node.value[::-1]) if isinstance(node, ox.BlankNode) else node

    triples = _triples(RESTRICTIONS + CIRCLE)
    named = blank.named(triples, "g")
    called = [ox.Triple(other(t.subject), t.predicate, other(t.object)) for t in reversed(triples)]  # type: ignore[arg-type]
    assert set(blank.named(called, "g")) == set(named)
    graphs = [
        rdflib.Graph().parse(
            data=str(ox.serialize(given, format=ox.RdfFormat.N_TRIPLES), "utf-8"), format="nt"
        )
        for given in (triples, named)
    ]  # type: ignore[arg-type]
    assert isomorphic(*graphs)
    assert not {t.subject for t in blank.named(triples, "h")} & {
        t.subject for t in named if "_:" in str(t.subject)
    }


def test_an_axiom_that_comes_leaves_the_names_of_the_others() -> None:
    before, after = (
        set(blank.named(_triples(text), "g"))
        for text in (RESTRICTIONS, RESTRICTIONS + " :a :sub [ :on :new ] .")
    )
    assert before < after
    assert len(after - before) == 2


def test_skolem_iris_turn_into_the_blank_nodes_they_were() -> None:
    for triple in blank.named(_triples(RESTRICTIONS + CIRCLE), "g"):
        skolem = blank.skolemized(triple)
        assert "_:" not in str(skolem)
        assert blank.unskolemized(ox.Quad(*skolem)).triple == triple


# ---- the same everywhere -------------------------------------------------------------------------


@pytest.mark.slow
def test_two_builds_on_different_days_in_different_folders_give_the_same_bytes(
    full: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "另一个 folder"
    elsewhere.mkdir()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "7"}
    environment |= {"TZ": "Asia/Shanghai", "LC_ALL": "C", "PLANKG_GRAPH": "somewhere"}
    later = ["faketime", "-f", "+1000d"] if shutil.which("faketime") else []
    for words in (["build", "--workers", "1"], ["dump", "--release", "2026.10", "--out", "out"]):
        command = [*later, sys.executable, "-m", "plankg.cli", *words]
        subprocess.run(command, check=True, cwd=elsewhere, env=environment, capture_output=True)
    assert files(elsewhere / "out") == files(full)


@pytest.mark.slow
def test_a_release_gives_the_same_graph_and_the_same_release_again(
    release: Path, slice_: ox.Store, tmp_path: Path
) -> None:
    built = build_from_dump(release, tmp_path / "graph")
    again = store.open_store(tmp_path / "graph")
    assert built.quads == len(again)
    dump(again, tmp_path / "again")
    assert files(tmp_path / "again") == files(release)
    for name in ("ontology", f"report/{REPORT}"):
        sides = []
        for opened in (slice_, again):
            quads = opened.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH + name))
            data = ox.serialize((q.triple for q in quads), format=ox.RdfFormat.N_TRIPLES)
            sides.append(rdflib.Graph().parse(data=data or b"", format="nt"))
        assert isomorphic(*sides)


def test_a_damaged_release_is_not_loaded(release: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(release, broken)
    (broken / "lists" / "units.ttl").write_bytes(b"# nothing\n")
    with pytest.raises(GraphError, match=r"damaged: lists/units\.ttl is not what SHA256SUMS says"):
        build_from_dump(broken, tmp_path / "graph")
    (broken / "lists" / "units.ttl").unlink()
    with pytest.raises(GraphError, match=r"damaged: lists/units\.ttl is missing"):
        build_from_dump(broken, tmp_path / "graph")
    with pytest.raises(GraphError, match="is no release: it has no SHA256SUMS"):
        build_from_dump(tmp_path, tmp_path / "graph")
    assert store.current(tmp_path / "graph") is None


def test_a_release_takes_the_place_of_the_one_that_was_there_and_of_nothing_else(
    seeds: ox.Store, tmp_path: Path
) -> None:
    small = ox.Store()
    small.extend(seeds.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH + "metadata")))
    folder = tmp_path / "out"
    dump(small, folder)
    (folder / "reports" / "gone.ttl").write_text("", "utf-8")
    dump(small, folder)
    assert not (folder / "reports" / "gone.ttl").exists()
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "one.txt").write_text("dear", "utf-8")
    with pytest.raises(GraphError, match="is not empty and holds no release"):
        dump(small, tmp_path / "letters")
    with pytest.raises(ParameterError, match="cannot name a release"):
        dump(small, folder, "2026 11")
    with pytest.raises(GraphError, match="needs a name of its own"):
        dump(small, folder, previous=folder)
    assert {path.name for path in tmp_path.iterdir()} == {"out", "letters"}


# ---- others read it ------------------------------------------------------------------------------


def test_rdflib_reads_reports_lists_ontology_and_description(release: Path) -> None:
    for name in (
        f"reports/{REPORT}.ttl",
        "lists/topics.ttl",
        "lists/projects.ttl",
        "dcat.ttl",
        "ontology/plankg.ttl",
    ):
        expected = {q.triple for q in ox.parse(path=str(release / name), format=ox.RdfFormat.TURTLE)}
        assert len(rdflib.Graph().parse(release / name, format="turtle")) == len(expected)


@pytest.mark.slow
def test_the_whole_gives_the_same_release_again(full: Path, tmp_path: Path) -> None:
    build_from_dump(full, tmp_path / "graph")
    dump(store.open_store(tmp_path / "graph"), tmp_path / "again")
    assert files(tmp_path / "again") == files(full)


@pytest.mark.slow
def test_what_its_readme_says_loads_the_whole(
    full: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readme, quads = (full / "README.md").read_text("utf-8"), whole(full)
    (code,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    (commands,) = re.findall(r"```sh\n(.*?)```", readme, re.DOTALL)
    monkeypatch.chdir(full)
    names: dict[str, rdflib.Dataset] = {}
    exec(code, names)
    assert len(names["graph"]) == len(quads)
    to_graph, to_store = (shlex.split(line) for line in commands.splitlines())
    assert main([*to_graph[1:-1], str(tmp_path / "graph")]) == 0
    assert len(store.open_store(tmp_path / "graph")) == len(quads)
    to_store[to_store.index("store")] = str(tmp_path / "store")
    subprocess.run([str(binary()), *to_store[1:]], check=True, capture_output=True)
    assert len(ox.Store.read_only(str(tmp_path / "store"))) == len(quads)


def unpacked(release: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The whole as plain Turtle and N-Quads: tools differ in what they make of a suffix .gz."""
    for name in ("plankg.ttl", "plankg.nq"):
        (tmp_path / name).write_bytes(gzip.decompress((release / f"{name}.gz").read_bytes()))
    return tmp_path / "plankg.ttl", tmp_path / "plankg.nq"


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("rapper"), reason="Raptor is not installed (Debian: raptor2-utils)")
def test_raptor_reads_it(full: Path, tmp_path: Path) -> None:
    quads, (as_turtle, as_quads) = whole(full), unpacked(full, tmp_path)
    triples = len({quad.triple for quad in quads})
    for path, format, expected in ((as_turtle, "turtle", triples), (as_quads, "nquads", len(quads))):
        done = subprocess.run(
            ["rapper", "-q", "-c", "-i", format, str(path)], capture_output=True, text=True, check=True
        )
        assert "rror" not in done.stderr
        counted = subprocess.run(["rapper", "-c", "-i", format, str(path)], capture_output=True, text=True)
        assert f"returned {expected} triples" in counted.stderr


def riot(tmp_path: Path) -> list[str]:
    """Jena's reader: `riot`, or the classes of Debian's package, which has no command and keeps the messages
    of its XML datatypes in a folder where its classes do not look."""
    if shutil.which("riot"):
        return ["riot"]
    jars = Path("/usr/share/java")
    if not (jars / "jena-cmds.jar").exists() or not shutil.which("java"):
        pytest.skip("Jena is not installed (Debian: libapache-jena-java, default-jre-headless)")
    inside = "org/apache/jena/ext/"
    with zipfile.ZipFile(jars / "jena-core.jar") as jar:
        for name in jar.namelist():
            if name.startswith(inside) and not name.endswith(("/", ".class")):
                path = tmp_path / "messages" / name.removeprefix(inside)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(jar.read(name))
    wanted = (
        "jena|slf4j-(api|nop)|commons|guava|jsonld|jackson|protobuf|titanium|http|thrift|dexx|gson|jakarta"
    )
    found = [str(path) for path in sorted(jars.glob("*.jar")) if re.match(wanted, path.name)]
    return ["java", "-cp", os.pathsep.join([str(tmp_path / "messages"), *found]), "riotcmd.riot"]


@pytest.mark.slow
def test_jena_reads_it(full: Path, tmp_path: Path) -> None:
    command, quads = riot(tmp_path), whole(full)
    paths = [*unpacked(full, tmp_path), full / "dcat.ttl", full / f"reports/{REPORT}.ttl"]
    done = subprocess.run([*command, "--count", *map(str, paths)], capture_output=True, text=True, check=True)
    said = (done.stdout + done.stderr).replace(",", "")
    assert f"plankg.ttl : Triples = {len({quad.triple for quad in quads})}" in said
    assert f"plankg.nq : Quads = {len(quads)}" in said
    assert "ERROR" not in said
    assert "WARN" not in said


# ---- JSON-LD -------------------------------------------------------------------------------------


def test_data_in_the_context_expands_to_the_report(release: Path) -> None:
    path = release / "reports" / f"{REPORT}.ttl"
    graph = rdflib.Graph().parse(path, format="turtle")
    context = json.loads((release / "context.jsonld").read_text("utf-8"))["@context"]
    text = graph.serialize(format="json-ld", context=context, auto_compact=False)
    nodes = {node["id"]: node for node in json.loads(text)["@graph"]}
    growth = next(
        n
        for n in nodes.values()
        if str(n.get("indicator")).endswith("indicator/gdp/growth") and n.get("printed") == "5%左右"
    )
    assert (growth["value"], growth["comparator"], int(growth["year"])) == ("5", "about", 2023)
    assert {"Target", "Statement"} <= set(growth["type"])
    assert growth["region"] == BASE + "region/320404"
    assert isomorphic(rdflib.Graph().parse(data=text, format="json-ld"), graph)
    by_oxigraph = {quad.triple for quad in ox.parse(text, format=ox.RdfFormat.JSON_LD)}
    assert by_oxigraph == {quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)}


def test_what_a_person_writes_in_the_context_is_what_the_ontology_means(release: Path) -> None:
    context = json.loads((release / "context.jsonld").read_text("utf-8"))["@context"]
    written = {
        "@context": context,
        "id": BASE + "statement/x/1",
        "type": ["Target"],
        "value": "5.5",
        "year": 2023,
    }
    written |= {
        "comparator": "atLeast",
        "unit": "plankg:unit/percent",
        "printed": "5.5%以上",
        "stretch": True,
    }
    node = ox.NamedNode(BASE + "statement/x/1")
    decimal = ox.NamedNode(PREFIXES["xsd"] + "decimal")
    expected = {
        ("type", ox.NamedNode(PLAN + "Target")),
        ("value", ox.Literal("5.5", datatype=decimal)),
        ("year", ox.Literal(2023)),
        ("comparator", ox.NamedNode(PLAN + "atLeast")),
        ("unit", ox.NamedNode(BASE + "unit/percent")),
        ("printed", ox.Literal("5.5%以上")),
        ("stretch", ox.Literal(True)),
    }
    quads = list(ox.parse(json.dumps(written), format=ox.RdfFormat.JSON_LD))
    assert {quad.subject for quad in quads} == {node}
    assert {(re.split("[#/]", q.predicate.value)[-1], q.object) for q in quads} == expected


# ---- DCAT and VoID -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def description(release: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(release / "dcat.ttl", format="turtle")


def test_the_description_has_what_dcat_and_void_ask_for(description: rdflib.Graph) -> None:
    valid, _, text = pyshacl.validate(description, shacl_graph=str(DATA / "dcat-shapes.ttl"))
    assert valid, text
    assert not any(isinstance(node, rdflib.BNode) for node in description.all_nodes())


@pytest.mark.parametrize(
    "gone",
    ["dct:license", "dcat:version", "dcat:byteSize", "spdx:checksumValue", "void:triples", "dcat:dataset"],
)
def test_a_description_that_lacks_something_is_found(gone: str, release: Path) -> None:
    lines = (release / "dcat.ttl").read_text("utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.strip().startswith(gone + " "))
    assert len(text) < len("\n".join(lines))
    graph = rdflib.Graph().parse(data=text, format="turtle")
    assert not pyshacl.validate(graph, shacl_graph=str(DATA / "dcat-shapes.ttl"))[0]


def test_the_description_says_what_is_in_the_files(description: rdflib.Graph, release: Path) -> None:
    (dataset,) = description.subjects(RDF.type, DCAT.Dataset)
    assert str(dataset) == BASE + "release/2026.10"
    assert str(description.value(dataset, DCAT.version)) == "2026.10"
    quads = whole(release)
    assert int(str(description.value(dataset, VOID.triples))) == len(quads)
    for part in description.objects(dataset, VOID.subset):
        held = sum(quad.graph_name.value == str(part) for quad in quads)  # type: ignore[union-attr]
        assert int(str(description.value(part, VOID.triples))) == held
    for part in description.objects(dataset, VOID.classPartition):
        class_ = ox.NamedNode(str(description.value(part, VOID["class"])))
        type_ = ox.NamedNode(PREFIXES["rdf"] + "type")
        members = sum(quad.predicate == type_ and quad.object == class_ for quad in quads)
        assert int(str(description.value(part, VOID.entities))) == members
    held = files(release)
    told = {}
    for file in description.objects(dataset, DCAT.distribution):
        checksum = description.value(file, rdflib.URIRef("http://spdx.org/rdf/terms#checksum"))
        digest = description.value(checksum, rdflib.URIRef("http://spdx.org/rdf/terms#checksumValue"))
        told[str(file).removeprefix(str(dataset) + "/")] = (
            int(str(description.value(file, DCAT.byteSize))),
            digest.toPython().hex() if isinstance(digest, rdflib.Literal) else "",  # type: ignore[union-attr]
        )
    data = {n: d for n, d in held.items() if n not in ("README.md", "dcat.ttl", CHECKSUMS)}
    assert told == {n: (len(d), hashlib.sha256(d).hexdigest()) for n, d in data.items()}


def test_a_graph_without_a_release_is_described_by_the_version_of_the_program(
    slice_: ox.Store, tmp_path: Path
) -> None:
    dump(slice_, tmp_path / "out")
    text = (tmp_path / "out" / "dcat.ttl").read_text("utf-8")
    assert re.search(r'dcat:version "\d+\.\d+\.\d+" ;', text)
    assert "previousVersion" not in text
    assert not (tmp_path / "out" / "lists" / "history.ttl").exists()
