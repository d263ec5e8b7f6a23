"""Linked data: every IRI of the graph at its path, in every format, in both languages, safely."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, RDFS
from test_server import start, stop

from loaders.namespaces import BASE, GRAPH, PLAN
from loaders.resources import folder
from plankg import check
from plankg.server import documents, linked_data, negotiation, rdf
from plankg.server.linked_data import read_path
from plankg.server.reading import Place, mark

VOID = "http://rdfs.org/ns/void#"
TARGET = BASE + "statement/zhangjiagang-plan-2023/6851"


@pytest.fixture(scope="module")
def site(graph: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    process, address = start("--graph", str(graph), cwd=tmp_path_factory.mktemp("linked"))
    try:
        with httpx.Client(base_url=address, trust_env=False, timeout=30) as client:
            yield client
    finally:
        stop(process)


@pytest.fixture(scope="module")
def ours(seeds: ox.Store) -> frozenset[str]:
    """Every IRI of ours in the graph of the seeds."""
    return frozenset(check._ours(seeds))


def local(iri: str) -> str:
    return "/" + iri.removeprefix(BASE).partition("#")[0]


def get(site: httpx.Client, path: str, accept: str = "text/html", **headers: str) -> httpx.Response:
    return site.get(path, headers={"accept": accept} | {k.replace("_", "-"): v for k, v in headers.items()})


@pytest.mark.parametrize(
    "path",
    [
        "/indicator/gdp/growth",
        "/indicator/zh/政府性债务",
        "/indicator/",
        "/region/320500",
        "/region/320582",
        "/region/zone/port-of-taicang",
        "/statement/zhangjiagang-plan-2023/6851",
        "/report/suzhou-plan-2023",
        "/unit/percent",
        "/topic/industry",
        "/period/2023",
        "/plan/320582-2023",
        "/link-set/geonames-unit",
        "/dataset/figures",
        "/graph/units",
        "/graph/report/suzhou-plan-2023",
        "/ontology",
        "/ontology/0.1.0",
        "/shape/",
    ],
)
def test_a_thing_has_a_page_and_three_kinds_of_rdf_that_say_the_same(path: str, site: httpx.Client) -> None:
    page = get(site, path)
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert re.search(r"<h1>\s*\S", page.text)
    graphs = []
    for name, media in rdf.FORMATS.items():
        answer = get(site, path, media)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(media)
        assert "Accept" in answer.headers["vary"]
        graphs.append(
            Graph().parse(data=answer.text, format={"ttl": "turtle", "jsonld": "json-ld"}.get(name, name))
        )
    iri = URIRef(BASE + path[1:].replace("/0.1.0", ""))
    assert (iri, RDF.type, None) in graphs[0]
    assert len(graphs[0]) == len(graphs[1]) == len(graphs[2])
    if len(graphs[0]) < 300:
        assert isomorphic(graphs[0], graphs[1])
        assert isomorphic(graphs[0], graphs[2])


@pytest.mark.parametrize("kind", ["project", "measure", "project-statement", "merge", "unit/family"])
def test_things_whose_iris_depend_on_the_reports(kind: str, site: httpx.Client, ours: frozenset[str]) -> None:
    iris = sorted(iri for iri in ours if iri.startswith(f"{BASE}{kind}/") and "#" not in iri)
    for iri in iris[:: max(1, len(iris) // 5)]:
        found = get(site, local(iri), "application/n-triples")
        assert f"<{iri}>" in found.text
        assert get(site, local(iri)).status_code == 200


@pytest.mark.slow
def test_every_iri_of_the_graph_resolves(site: httpx.Client, seeds: ox.Store, ours: frozenset[str]) -> None:
    assert len(ours) > 15_000
    assert not list(check._unresolved(seeds, str(site.base_url)))


@pytest.mark.slow
def test_a_sample_of_each_kind_of_iri_resolves(site: httpx.Client, seeds: ox.Store) -> None:
    assert not list(check._unresolved(seeds, str(site.base_url), 9))


def test_rdf_holds_the_parts_of_a_thing_and_names_what_it_leads_to(site: httpx.Client) -> None:
    found = Graph().parse(data=get(site, local(TARGET), "text/turtle").text, format="turtle")
    quote_of = URIRef(TARGET + "#quote")
    assert (quote_of, URIRef("http://www.w3.org/ns/oa#exact"), None) in found
    names = {str(o) for o in found.objects(URIRef(BASE + "region/320582"), RDFS.label)}
    assert names == {"张家港市", "Zhangjiagang City"}
    assert not set(found.subjects(URIRef(PLAN + "region"))) - {URIRef(TARGET)}


# ---- negotiation ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", "text/html"),
        ("*/*", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/turtle", "text/turtle"),
        ("text/turtle;q=0.4, application/ld+json;q=0.9", "application/ld+json"),
        ("application/n-triples, text/html;q=0.9", "application/n-triples"),
        ("application/rdf+xml, text/turtle;q=0.5, */*;q=0.1", "text/turtle"),
        ("text/*;q=0.5, text/html;q=0", "text/turtle"),
        ("application/json", "application/ld+json"),
    ],
)
def test_the_format_is_negotiated(accept: str, media: str, site: httpx.Client) -> None:
    assert get(site, "/region/320500", accept).headers["content-type"].partition(";")[0] == media


def test_what_no_format_fits_is_406_and_says_which_there_are(site: httpx.Client) -> None:
    for answer in (get(site, "/region/320500", "image/png"), site.get("/region/320500?format=yaml")):
        assert answer.status_code == 406
        assert answer.headers["content-type"] == "application/problem+json"
        assert "ttl" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("/region/320500.ttl", "text/turtle"),
        ("/region/320500.jsonld", "application/ld+json"),
        ("/region/320500.nt", "application/n-triples"),
        ("/region/320500.html", "text/html"),
        ("/region/320500?format=turtle", "text/turtle"),
        ("/region/320500?format=ntriples", "application/n-triples"),
        ("/indicator/?format=ttl", "text/turtle"),
        ("/ontology.ttl", "text/turtle"),
        ("/ontology/0.1.0.ttl", "text/turtle"),
        ("/shape/?format=ttl", "text/turtle"),
    ],
)
def test_an_address_can_name_the_format(path: str, media: str, site: httpx.Client) -> None:
    answer = get(site, path, "text/html;q=0.1, image/png")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media)


def test_headers_of_an_answer(site: httpx.Client) -> None:
    answer = get(site, "/indicator/zh/政府性债务", "text/turtle")
    assert answer.headers["content-location"] == "/indicator/zh/" + quote("政府性债务") + ".ttl"
    assert 'rel="alternate"; type="application/ld+json"' in answer.headers["link"]
    assert 'rel="license"' in answer.headers["link"]
    assert "max-age" in answer.headers["cache-control"]
    assert site.get(answer.headers["content-location"]).text == answer.text
    again = get(site, "/indicator/zh/政府性债务", "text/turtle", if_none_match=answer.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    other = get(site, "/indicator/zh/政府性债务", "application/ld+json", if_none_match=answer.headers["etag"])
    assert other.status_code == 200
    head = site.head("/indicator/zh/政府性债务", headers={"accept": "text/turtle"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == answer.headers["etag"]
    posted = site.post("/region/320500")
    assert (posted.status_code, posted.json()["detail"]) == (405, "It takes GET, HEAD.")


def test_pages_have_a_strict_policy_and_ask_no_other_host(site: httpx.Client) -> None:
    for path in (
        "/",
        "/questions",
        "/questions/who-targeted",
        "/region/320500",
        "/query",
        "/ontology",
        "/nothing",
    ):
        page = get(site, path)
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert page.headers["x-content-type-options"] == "nosniff"
        assert not re.search(r"<script(?![^>]*src=)", page.text)
        loaded = re.findall(
            r'<(?:link rel="(?:icon|stylesheet)"|script|img)[^>]*?(?:href|src)="([^"]*)"', page.text
        )
        assert loaded
        for address in loaded:
            assert address.startswith("/static/")
            assert site.get(html.unescape(address)).status_code == 200


def test_static_files_may_be_kept(site: httpx.Client) -> None:
    address = re.findall(r'"(/static/plankg\.css\?v=\w+)"', get(site, "/").text)[0]
    styles = site.get(address)
    assert "immutable" in styles.headers["cache-control"]
    assert site.get(address, headers={"if-none-match": styles.headers["etag"]}).status_code == 304
    editor = site.get("/static/yasgui.min.js")
    assert len(editor.content) > 100_000
    assert editor.headers["content-type"].startswith("text/javascript")
    assert site.get("/static/../gateway.py").status_code == 404
    assert site.get("/static/gateway.py").status_code == 404
    assert site.get("/favicon.ico").headers["content-type"] == "image/svg+xml"


# ---- pages ---------------------------------------------------------------------------------------


def test_a_page_is_in_the_readers_language(site: httpx.Client) -> None:
    chinese = get(site, "/region/320582", accept_language="zh-CN,zh;q=0.9,en;q=0.5")
    assert '<html lang="zh">' in chinese.text
    assert "<h1>张家港市</h1>" in chinese.text
    english = get(site, "/region/320582", accept_language="fr, en;q=0.5")
    assert "<h1>Zhangjiagang City</h1>" in english.text
    chosen = get(site, "/region/320582?lang=zh", accept_language="en")
    assert '<html lang="zh">' in chosen.text
    assert 'href="/region/320500?lang=zh"' in chosen.text
    assert "Accept-Language" in chosen.headers["vary"]
    assert chinese.headers["etag"] != english.headers["etag"]


def test_the_page_of_a_statement_shows_the_words_and_the_report(site: httpx.Client) -> None:
    page = get(site, local(TARGET) + "?lang=zh").text
    assert "<mark>5%以上</mark>" in page
    assert "地区生产总值按可比价增长" in page
    assert 'href="/report/zhangjiagang-plan-2023?lang=zh"' in page
    assert 'href="/region/320582?lang=zh">张家港市</a>' in page
    assert 'type="text/turtle" href="/statement/zhangjiagang-plan-2023/6851.ttl"' in page


def test_the_page_of_a_region_pages_through_its_statements(site: httpx.Client, seeds: ox.Store) -> None:
    node = ox.NamedNode(BASE + "region/320582")
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    statement = ox.NamedNode(PLAN + "Statement")
    expected = {
        quad.subject.value
        for quad in seeds.quads_for_pattern(None, ox.NamedNode(PLAN + "region"), node, None)
        if any(seeds.quads_for_pattern(quad.subject, kind, statement, None))
    }
    seen: list[str] = []
    address = "/region/320582"
    for _ in range(40):
        page = get(site, address).text
        seen += re.findall(r'href="(/statement/[^"]+)" aria-label="IRI"', page)
        following = re.search(r'rel="next" href="([^"#]+)', page)
        if following is None:
            break
        address = html.unescape(following[1])
    assert len(seen) == len(expected)
    assert {BASE + path[1:] for path in seen} == expected
    assert get(site, "/region/320582?page=99999").status_code == 200
    assert get(site, "/region/320582?page=x").status_code == 200


def test_the_pages_of_the_ontology_and_the_shapes(site: httpx.Client) -> None:
    page = get(site, "/ontology").text
    terms = {t.subject.value for t in documents.triples(documents.ONTOLOGY)
             if isinstance(t.subject, ox.NamedNode) and t.subject.value.startswith(PLAN)}  # fmt: skip
    named = set(re.findall(r'<dt id="([^"]+)"', page))
    assert {PLAN + name for name in named} == terms
    turtle = get(site, "/ontology", "text/turtle")
    assert turtle.content == (folder("ontology") / "plankg.ttl").read_bytes()
    assert get(site, "/ontology/9.9.9").status_code == 404
    assert site.get("/shapes").headers["location"] == "/shape/"
    assert site.get("/shape/Statement").headers["location"] == "/shape/#Statement"
    assert 'id="Statement"' in get(site, "/shape/").text


# ---- the data set --------------------------------------------------------------------------------


def test_void_describes_the_data_set(site: httpx.Client, seeds: ox.Store) -> None:
    answer = site.get("/.well-known/void", headers={"accept": "*/*"})
    assert answer.headers["content-type"].startswith("text/turtle")
    found = Graph().parse(data=answer.text, format="turtle")
    whole = URIRef(BASE)
    assert str(found.value(whole, URIRef(VOID + "sparqlEndpoint"))).endswith("/sparql")
    assert int(str(found.value(whole, URIRef(VOID + "triples")))) == len(seeds)
    graphs = {str(part) for part in found.objects(whole, URIRef(VOID + "subset"))}
    assert {str(name.value) for name in seeds.named_graphs()} <= graphs
    assert len(Graph().parse(data=get(site, "/", "text/turtle").text)) == len(found)
    assert site.get("/.well-known/void", headers={"accept": "text/html"}).headers["location"] == "/"
    assert site.get("/graph/").headers["location"] == "/"


def test_a_named_graph_is_described_and_can_be_had_whole(site: httpx.Client, seeds: ox.Store) -> None:
    name = GRAPH + "topics"
    found = Graph().parse(data=get(site, local(name), "text/turtle").text, format="turtle")
    size = len(list(seeds.quads_for_pattern(None, None, None, ox.NamedNode(name))))
    assert int(str(found.value(URIRef(name), URIRef(VOID + "triples")))) == size
    dump = str(found.value(URIRef(name), URIRef(VOID + "dataDump")))
    whole = httpx.get(dump, headers={"accept": "application/n-triples"}, trust_env=False)
    assert len(Graph().parse(data=whole.text, format="nt")) == size


# ---- what is not there ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/region/苏州市", "region/320500"),
        ("/indicator/GDP增速", "indicator/gdp/growth"),
        ("/indicator/gdp/no-such-thing", "indicator/gdp"),
        ("/statement/suzhou-plan-2023/1", ""),
        ("/wp-login.php", ""),
        ("/indicator/zh/%3Cscript%3Ealert(1)%3C%2Fscript%3E", ""),
    ],
)
def test_an_unknown_iri_is_404_with_help(path: str, near: str, site: httpx.Client) -> None:
    details = get(site, path, "text/turtle")
    assert details.status_code == 404
    assert details.headers["content-type"] == "application/problem+json"
    content = details.json()
    assert content["status"] == 404
    assert (
        (BASE + near in content["near"]) if near else ("/questions" in content["detail"] or content["near"])
    )
    page = get(site, path)
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "<script>alert" not in page.text
    if near:
        assert f'href="/{near}"' in page.text


def test_a_slash_too_many_or_too_few_is_mended(site: httpx.Client) -> None:
    assert site.get("/region/320500/").headers["location"] == "/region/320500"
    assert site.get("/indicator").headers["location"] == "/indicator/"
    assert site.get("/ontology/").headers["location"] == "/ontology"


@pytest.mark.parametrize(
    "path",
    ["/region/%ff", "/region/%00", "/region/" + "x" * 3000, "/..%2f..%2fetc%2fpasswd", "/%0d%0aset-cookie:x"],
)
def test_paths_that_are_no_address(path: str, site: httpx.Client) -> None:
    answer = site.get(path, headers={"accept": "text/turtle"})
    assert answer.status_code in (400, 404)
    assert "set-cookie" not in answer.headers
    assert answer.json()["status"] == answer.status_code


def graph_of(triples: str, folder_: Path) -> None:
    """A graph folder with these triples (in Turtle) and nothing else."""
    generation = folder_ / "generations" / "000001"
    generation.mkdir(parents=True)
    store = ox.Store(str(generation))
    found = ox.parse(triples, format=ox.RdfFormat.TURTLE)
    store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode(GRAPH + "odd")) for q in found)
    store.flush()
    (folder_ / "CURRENT").write_text("000001\n", "ascii")


def test_labels_and_quotes_are_escaped(tmp_path: Path) -> None:
    """A graph whose every text is an attack."""
    bad = '<script>alert(1)</script>"\' onmouseover="alert(2)'
    words, literal = str(ox.Literal(bad, language="zh")), str(ox.Literal(bad))
    graph_of(
        f"""@prefix plan: <{PLAN}> . @prefix rdfs: <{RDFS}> . @base <{BASE}> .
        <region/999999> rdfs:label {words} ; a plan:Region ; plan:source <javascript:alert(3)> .
        <statement/evil/1> a plan:Statement, plan:Target ; plan:region <region/999999> ; plan:quote {words} ;
          plan:indicator <indicator/x> ; plan:period <period/2023> ; plan:printed {literal} ; plan:start 0 ;
          plan:statedIn <report/evil> .
        <report/evil> rdfs:label {words} .""",
        tmp_path,
    )
    process, url = start("--graph", str(tmp_path), cwd=tmp_path)
    try:
        for path in ("region/999999", "statement/evil/1", "report/evil", f"region/{quote(bad, safe='')}", ""):
            for language in ("en", "zh"):
                page = httpx.get(
                    f"{url}{path}?lang={language}", headers={"accept": "text/html"}, trust_env=False
                )
                assert page.headers["content-type"].startswith("text/html")
                assert "<script>alert" not in page.text
                assert not re.search(r"<[^>]*\sonmouseover=", page.text)
                assert 'href="javascript:' not in page.text
    finally:
        stop(process)


def test_a_subject_with_too_many_triples_is_cut(tmp_path: Path) -> None:
    others = " , ".join(f"<{BASE}region/{n}>" for n in range(linked_data.MOST + 1000))
    graph_of(f'<{BASE}topic/vast> <{RDFS.label}> "vast"@en ; <{PLAN}within> {others} .', tmp_path)
    process, url = start("--graph", str(tmp_path), cwd=tmp_path)
    try:
        cut = httpx.get(f"{url}topic/vast.nt", trust_env=False, timeout=30)
        assert len(cut.text.splitlines()) == linked_data.MOST
        assert cut.headers["plankg-cut"] == str(linked_data.MOST)
        page = httpx.get(f"{url}topic/vast.html", trust_env=False, timeout=30)
        assert len(page.content) < 100_000
        assert f"the first {linked_data.MOST} triples" in page.text
        assert "plankg-cut" not in httpx.get(f"{url}region/5", trust_env=False).headers
    finally:
        stop(process)


# ---- in small ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "iri"),
    [
        (b"/region/320500", "region/320500"),
        ("/indicator/zh/政府性债务".encode(), "indicator/zh/政府性债务"),
        (quote("/indicator/zh/政府性债务").encode(), "indicator/zh/政府性债务"),
        (b"/indicator/zh/95%25%e4%bb%a5", "indicator/zh/95%25以"),
        (b"/a%2fb%23c%3Fd", "a%2Fb%23c%3Fd"),
        (b"/a%20b%3Cc%3E", "a%20b%3Cc%3E"),
        (b"/%7Ex", "~x"),
    ],
)
def test_a_path_is_read_as_an_iri(raw: bytes, iri: str) -> None:
    asked = read_path(raw)
    assert asked is not None
    assert asked.iri == BASE + iri
    assert read_path(b"/root" + raw, "/root") == asked


def test_every_iri_of_the_graph_survives_being_an_address(ours: frozenset[str]) -> None:
    for iri in ours:
        document = iri.partition("#")[0]
        asked = read_path(httpx.URL("http://127.0.0.1/" + document.removeprefix(BASE)).raw_path)
        assert asked is not None
        assert asked.iri == document
        assert asked.stem == document or not asked.format or document.endswith(".0")


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("b/x, a/x;q=0.9", "b/x"),
        ("a/*;q=0.3, */*;q=0.2", "a/x"),
        ("*/*, a/x;q=0", "b/x"),
        ("A/X; Q=1", "a/x"),
        ("a/x;q=2", None),
        (";;;,,", None),
        ('a/x;p="b,c";q=0.1, b/x;q=0.2', "b/x"),
    ],
)
def test_the_accept_header(header: str, chosen: str | None) -> None:
    assert negotiation.best(header, ["a/x", "b/x"]) == chosen


@pytest.mark.parametrize(
    ("quote_", "printed", "place", "words"),
    [
        ("增长5%左右。", "5%左右", None, "5%左右"),
        ("增长5%，下降5%。", "5%", Place(2, 4, 0, 10), "5%"),
        ("增长5%，下降5%。", "5%", None, ""),
        ("增长5%。", "6%", Place(2, 4, 0, 5), "5%"),
        ("增长5%。", "", Place(2, 4, 0, 5), ""),
        ("增长5%。", "5%", Place(900, 902, 0, 5), ""),
    ],
)
def test_the_words_of_a_figure_are_found_in_its_quote(
    quote_: str, printed: str, place: Place | None, words: str
) -> None:
    marked = mark(quote_, printed, place)
    assert marked.words == words
    assert "".join(marked) == quote_


def test_nearly_every_figure_of_the_seeds_is_highlighted(seeds: ox.Store) -> None:
    query = f"""PREFIX plan: <{PLAN}> PREFIX oa: <http://www.w3.org/ns/oa#>
    SELECT ?quote ?printed ?start ?end ?from ?to {{ ?s plan:quote ?quote ; plan:printed ?printed ;
    plan:start ?start ; plan:end ?end ; plan:evidence/oa:hasSelector ?at . ?at oa:start ?from ; oa:end ?to }}"""
    found = seeds.query(query, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    marked = []
    for row in found:
        quote_, printed, *numbers = (str(getattr(value, "value", "")) for value in row)
        marked.append(mark(quote_, printed, Place(*(int(n) for n in numbers))).words)
    assert sum(map(bool, marked)) > 0.98 * len(marked)
