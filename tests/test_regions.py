"""The regions of ``ontology/regions.ttl``, the former ones, the zones and their matches to other data."""

import importlib.util
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pyoxigraph as ox
import pytest
import rdflib

ROOT = Path(__file__).resolve().parent.parent
ONTOLOGY = ROOT / "ontology"
DATA = ROOT.parent / "shared" / "data"
BASE = "https://w3id.org/plankg/"
PLAN = BASE + "ontology#"
PREFIXES = {
    "plan": PLAN,
    "region": BASE + "region/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "wd": "http://www.wikidata.org/entity/",
}


@pytest.fixture(scope="module")
def store() -> ox.Store:
    """Regions, former regions and links together."""
    loaded = ox.Store()
    for name in ("regions.ttl", "regions-history.ttl", "links.ttl"):
        loaded.bulk_load(path=str(ONTOLOGY / name), format=ox.RdfFormat.TURTLE)
    return loaded


def ask(store: ox.Store, pattern: str) -> list[tuple[str, ...]]:
    """The solutions of a SELECT query, as strings without the namespace of regions."""
    found = store.query(pattern, prefixes=PREFIXES)
    assert isinstance(found, ox.QuerySolutions)
    return [
        tuple("" if value is None else value.value.removeprefix(PREFIXES["region"]) for value in solution)
        for solution in found
    ]


def values(store: ox.Store, pattern: str) -> set[str]:
    """The first column."""
    return {row[0] for row in ask(store, pattern)}


def pairs(store: ox.Store, pattern: str) -> dict[str, str]:
    """The first two columns, as a mapping."""
    return {row[0]: row[1] for row in ask(store, pattern)}


def maker(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ONTOLOGY / "make" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("Country", 1),
        ("Province", 34),
        ("Prefecture", 333),
        ("County", 2846),
        ("Municipality", 4),
        ("MainlandProvince", 23),
        ("AutonomousRegion", 5),
        ("SpecialAdministrativeRegion", 2),
        ("PrefectureCity", 293),
        ("AutonomousPrefecture", 30),
        ("PrefectureArea", 7),
        ("League", 3),
        ("CountyCity", 397),
        ("District", 977),
        ("RuralCounty", 1301),
        ("AutonomousCounty", 117),
        ("Banner", 49),
        ("AutonomousBanner", 3),
        ("ForestryDistrict", 1),
        ("SpecialDistrict", 1),
        ("City", 4 + 293 + 397),
    ],
)
def test_counts_of_2024(store: ox.Store, kind: str, count: int) -> None:
    found = values(store, f"SELECT ?r {{ ?r a plan:{kind} FILTER NOT EXISTS {{ ?r plan:validUntil ?y }} }}")
    assert len(found) == count


# code, Chinese, short, English, classes apart from Region
NAMES = [
    ("100000", "中华人民共和国", "中国", "China", "Country"),
    ("110000", "北京市", "北京", "Beijing", "Province City Municipality"),
    ("320000", "江苏省", "江苏", "Jiangsu Province", "Province MainlandProvince"),
    ("140000", "山西省", "山西", "Shanxi Province", "Province MainlandProvince"),
    ("610000", "陕西省", "陕西", "Shaanxi Province", "Province MainlandProvince"),
    ("150000", "内蒙古自治区", "内蒙古", "Inner Mongolia Autonomous Region", "Province AutonomousRegion"),
    ("540000", "西藏自治区", "西藏", "Xizang (Tibet) Autonomous Region", "Province AutonomousRegion"),
    ("810000", "香港特别行政区", "香港", "Hong Kong SAR", "Province SpecialAdministrativeRegion"),
    ("500000", "重庆市", "重庆", "Chongqing", "Province City Municipality"),
    ("320500", "苏州市", "苏州", "Suzhou City", "Prefecture City PrefectureCity"),
    ("350200", "厦门市", "厦门", "Xiamen City", "Prefecture City PrefectureCity"),
    ("430100", "长沙市", "长沙", "Changsha City", "Prefecture City PrefectureCity"),
    ("341500", "六安市", "六安", "Lu'an City", "Prefecture City PrefectureCity"),
    ("340300", "蚌埠市", "蚌埠", "Bengbu City", "Prefecture City PrefectureCity"),
    ("331100", "丽水市", "丽水", "Lishui City", "Prefecture City PrefectureCity"),
    ("150100", "呼和浩特市", "呼和浩特", "Hohhot City", "Prefecture City PrefectureCity"),
    ("650100", "乌鲁木齐市", "乌鲁木齐", "Ürümqi City", "Prefecture City PrefectureCity"),
    (
        "522600",
        "黔东南苗族侗族自治州",
        "黔东南",
        "Qiandongnan Miao and Dong Autonomous Prefecture",
        "Prefecture AutonomousPrefecture",
    ),
    ("320582", "张家港市", "张家港", "Zhangjiagang City", "County City CountyCity"),
    ("320585", "太仓市", "太仓", "Taicang City", "County City CountyCity"),
    ("320404", "钟楼区", "钟楼", "Zhonglou District", "County District"),
    ("320113", "栖霞区", "栖霞", "Qixia District", "County District"),
    ("320116", "六合区", "六合", "Luhe District", "County District"),
    ("320830", "盱眙县", "盱眙", "Xuyi County", "County RuralCounty"),
    ("371524", "东阿县", "东阿", "Dong'e County", "County RuralCounty"),
    ("410621", "浚县", "浚县", "Xun County", "County RuralCounty"),
    ("130224", "滦南县", "滦南", "Luannan County", "County RuralCounty"),
    ("130225", "乐亭县", "乐亭", "Laoting County", "County RuralCounty"),
    ("371481", "乐陵市", "乐陵", "Laoling City", "County City CountyCity"),
    ("330382", "乐清市", "乐清", "Yueqing City", "County City CountyCity"),
    ("620522", "秦安县", "秦安", "Qin'an County", "County RuralCounty"),
    ("621223", "宕昌县", "宕昌", "Tanchang County", "County RuralCounty"),
    ("632723", "称多县", "称多", "Chindu County", "County RuralCounty"),
    (
        "150722",
        "莫力达瓦达斡尔族自治旗",
        "莫力达瓦",
        "Morin Dawa Daur Autonomous Banner",
        "County AutonomousBanner",
    ),
]


@pytest.mark.parametrize(("code", "zh", "short", "en", "classes"), NAMES)
def test_names_and_classes(store: ox.Store, code: str, zh: str, short: str, en: str, classes: str) -> None:
    assert ask(
        store,
        f"""SELECT ?zh ?short ?en ?code {{ region:{code} rdfs:label ?zh , ?en ;
                plan:shortName ?short ; plan:code ?code
            FILTER (lang(?zh) = "zh" && lang(?en) = "en") }}""",
    ) == [(zh, short, en, code)]
    found = values(store, f"SELECT ?c {{ region:{code} a ?c }}")
    assert found == {PLAN + name for name in ("Region", *classes.split())}


def test_every_region_has_one_label_in_each_language_and_a_code_or_host(store: ox.Store) -> None:
    regions = values(store, "SELECT ?r { ?r a plan:Region }")
    assert len(regions) > 3213 + 3610 + 500
    labels = Counter(ask(store, "SELECT ?r (lang(?l) AS ?in) { ?r a plan:Region ; rdfs:label ?l }"))
    assert labels == {(one, language): 1 for one in regions for language in ("zh", "en")}
    placed = values(store, "SELECT ?r { { ?r plan:code ?c } UNION { ?r plan:host ?h } }")
    assert regions <= placed


def test_english_names_are_written_in_latin_letters(store: ox.Store) -> None:
    names = values(store, 'SELECT ?l { ?r a plan:Region ; rdfs:label ?l FILTER (lang(?l) = "en") }')
    assert [name for name in names if any(ord(letter) > 0x24F for letter in name)] == []


def test_within_is_the_closure_of_parent(store: ox.Store) -> None:
    parent = pairs(store, "SELECT ?r ?p { ?r plan:parent ?p }")
    within = defaultdict(set)
    for one, above in ask(store, "SELECT ?r ?a { ?r plan:within ?a }"):
        within[one].add(above)
    current = {one for one in parent if "/" not in one}
    assert len(current) == 3213
    for one in current:
        chain = set()
        above = one
        while above in parent:
            above = parent[above]
            chain.add(above)
        assert within[one] == chain, one
        assert one not in within[one]
        assert "100000" in chain


def test_parent_is_one_level_up(store: ox.Store) -> None:
    level: dict[str, int] = {}
    for name, rank in (("Country", 0), ("Province", 1), ("Prefecture", 2), ("County", 3)):
        level |= dict.fromkeys(values(store, f"SELECT ?r {{ ?r a plan:{name} }}"), rank)
    skipping = {
        one: above
        for one, above in ask(store, "SELECT ?r ?p { ?r plan:parent ?p }")
        if level[one] != level[above] + 1 and "/" not in one
    }
    # districts of municipalities, and counties that a province runs itself (codes ..90..)
    assert set(skipping.values()) == {
        "110000", "120000", "310000", "410000", "420000", "460000", "500000", "650000",
    }  # fmt: skip
    assert all(one[2:4] in ("01", "02", "90") for one in skipping)


def test_a_city_in_jiangsu_is_two_triple_patterns(store: ox.Store) -> None:
    found = values(
        store,
        """SELECT ?name { ?r a plan:City ; plan:within region:320000 ; plan:shortName ?name
           FILTER NOT EXISTS { ?r plan:validUntil ?y } }""",
    )
    assert len(found) == 13 + 21
    assert {"苏州", "南京", "张家港", "太仓", "昆山"} <= found
    assert not {"钟楼", "沭阳"} & found


@pytest.mark.parametrize(
    ("code", "ambiguous"),
    [
        ("320106", True),  # 鼓楼区: in Nanjing, Xuzhou, Kaifeng, Fuzhou
        ("110105", True),  # 朝阳区
        ("211300", True),  # 朝阳市
        ("220000", True),  # 吉林省
        ("220200", True),  # 吉林市
        ("140302", True),  # 城区
        ("460000", True),  # 海南省, and 海南藏族自治州
        ("320500", False),
        ("320582", False),
        ("320404", False),
    ],
)
def test_ambiguous_names(store: ox.Store, code: str, ambiguous: bool) -> None:
    assert bool(ask(store, f"SELECT ?a {{ region:{code} plan:ambiguousName ?a }}")) is ambiguous


def test_all_and_only_shared_names_are_marked(store: ox.Store) -> None:
    owners = defaultdict(set)
    for one, name in ask(
        store,
        """SELECT ?r ?n { ?r a plan:Region ; rdfs:label|plan:shortName|skos:altLabel ?n
           FILTER (lang(?n) = "zh") FILTER NOT EXISTS { ?r plan:validUntil ?y } }""",
    ):
        owners[name].add(one)
    shared = {one for group in owners.values() if len(group) > 1 for one in group}
    assert values(store, "SELECT ?r { ?r plan:ambiguousName true }") == shared
    assert 250 < len(shared) < 300


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("黔东南州", "522600"),
        ("广西自治区", "450000"),
        ("景宁县", "331127"),
        ("全国", "100000"),
        ("科左中旗", "150521"),
    ],
)
def test_other_names(store: ox.Store, name: str, code: str) -> None:
    assert values(store, f'SELECT ?r {{ ?r skos:altLabel "{name}"@zh }}') == {code}


def test_iso_codes_of_all_provinces(store: ox.Store) -> None:
    found = pairs(store, "SELECT ?r ?c { ?r plan:isoCode ?c }")
    assert len(found) == 35 == len(set(found.values()))
    assert (found["320000"], found["540000"], found["100000"]) == ("CN-JS", "CN-XZ", "CN")


def test_points_lie_in_china(store: ox.Store) -> None:
    points = ask(store, "SELECT ?r ?lat ?long { ?r plan:lat ?lat ; plan:long ?long }")
    assert len(points) > 3050
    for one, lat, long in points:
        assert 3 < float(lat) < 54 and 73 < float(long) < 136, one
    assert "340124" not in {one for one, _, _ in points}  # 庐江县: the source gives its neighbour's point


# zone or another name of it -> hosts
ZONES = [
    ("苏州工业园区", "320500"),
    ("张家港保税区", "320582"),
    ("太仓港", "320585"),
    ("苏州高新区", "320505"),
    ("昆山开发区", "320583"),
    ("江宁经开区", "320115"),
    ("钟楼经开区", "320404"),
    ("苏州自贸片区", "320500"),
    ("襄阳经开区", "420600"),
    ("中关村", "110108"),
    ("西咸新区", "610100 610400"),
    ("雄安新区", "130629 130632 130638"),
    ("江苏自贸试验区", "320000"),
]


@pytest.mark.parametrize(("name", "hosts"), ZONES)
def test_zones_and_their_hosts(store: ox.Store, name: str, hosts: str) -> None:
    zones = values(store, f'SELECT ?z {{ ?z a plan:Zone ; rdfs:label|skos:altLabel "{name}"@zh }}')
    assert len(zones) == 1
    (zone,) = zones
    assert zone.startswith("zone/") and zone.isascii()
    assert values(store, f"SELECT ?h {{ <{BASE}region/{zone}> plan:host ?h }}") == set(hosts.split())


def test_zones_lie_where_their_hosts_lie(store: ox.Store) -> None:
    assert len(values(store, "SELECT ?z { ?z a plan:Zone }")) > 500
    assert (
        ask(
            store,
            """SELECT ?z ?a { ?z plan:host ?h . { BIND (?h AS ?a) } UNION { ?h plan:within ?a }
           FILTER NOT EXISTS { ?z plan:within ?a } }""",
        )
        == []
    )


# name, years -> successors
FORMER = [
    ("沙洲县", 1983, 1986, ["329004/1986"]),
    ("吴江市", 1992, 2012, ["320509"]),
    ("吴县市", 1995, 2000, ["320506", "320507"]),
    ("平江区", 1983, 2012, ["320508"]),
    ("襄樊市", 1981, 2010, ["420600"]),
    ("鄂西土家族苗族自治州", 1983, 1993, ["422800"]),
    ("万县市", 1992, 1997, None),
]


@pytest.mark.parametrize(("name", "since", "until", "successors"), FORMER)
def test_former_regions(
    store: ox.Store, name: str, since: int, until: int, successors: list[str] | None
) -> None:
    rows = ask(
        store,
        f"""SELECT ?r ?s ?u {{ ?r rdfs:label "{name}"@zh ; plan:validFrom ?s ; plan:validUntil ?u
            FILTER (?s = {since}) }}""",
    )
    assert [(s, u) for _, s, u in rows] == [(str(since), str(until))]
    found = values(store, f"SELECT ?t {{ <{BASE}region/{rows[0][0]}> plan:successor ?t }}")
    assert successors is None or found == set(successors)


def test_versions_of_a_code_do_not_overlap(store: ox.Store) -> None:
    versions = defaultdict(list)
    for code, since, until in ask(
        store,
        "SELECT ?c ?s ?u { ?r plan:code ?c ; plan:validFrom ?s OPTIONAL { ?r plan:validUntil ?u } }",
    ):
        versions[code].append((int(since), int(until or 9999)))
    assert sum(map(len, versions.values())) == 6823
    for code, years in versions.items():
        years.sort()
        assert all(since < until for since, until in years), code
        assert all(until <= since for (_, until), (since, _) in pairwise(years)), code
        assert years[0][0] >= 1981 and years[-1][0] <= 2024, code


def test_a_successor_is_in_force_when_its_predecessor_ends(store: ox.Store) -> None:
    rows = ask(
        store,
        """SELECT ?r ?until ?since ?end { ?r plan:validUntil ?until ; plan:successor ?s .
           ?s plan:validFrom ?since
           OPTIONAL { ?s plan:validUntil ?end } }""",
    )
    assert len(rows) > 3700
    for one, until, since, end in rows:
        assert int(since) <= int(until) < int(end or 9999), one
    targets = values(store, "SELECT ?s { ?r plan:successor ?s }")
    assert targets <= values(store, "SELECT ?r { ?r a plan:Region }")


def test_a_former_region_lies_in_regions_of_its_time(store: ox.Store) -> None:
    rows = ask(
        store,
        """SELECT ?r ?since ?until ?from ?end {
           ?r plan:validFrom ?since ; plan:validUntil ?until ; plan:parent ?p .
           ?p plan:validFrom ?from OPTIONAL { ?p plan:validUntil ?end } }""",
    )
    assert len(rows) == 3610
    for one, since, until, start, end in rows:
        assert int(start) <= int(until) and int(since) <= int(end or 9999), one


def test_matches(store: ox.Store) -> None:
    def match(code: str) -> list[tuple[str, ...]]:
        query = f"SELECT ?p ?o {{ region:{code} ?p ?o FILTER (STRSTARTS(STR(?p), STR(skos:))) }}"
        return sorted((p.rpartition("#")[2], o) for p, o in ask(store, query))

    assert match("320500") == [
        ("closeMatch", "https://sws.geonames.org/1881771/"),
        ("exactMatch", "http://www.wikidata.org/entity/Q42622"),
    ]
    assert {strength for strength, _ in match("710000")} == {"closeMatch"}  # Q865 is no province


def test_no_thing_elsewhere_is_exactly_two_regions(store: ox.Store) -> None:
    targets = [target for _, target in ask(store, "SELECT ?r ?o { ?r skos:exactMatch ?o }")]
    assert len(targets) == len(set(targets)) > 3000
    assert all(target.startswith("http://www.wikidata.org/entity/Q") for target in targets)


@pytest.mark.skipif(not DATA.is_dir(), reason="reference data not here")
@pytest.mark.parametrize("name", ["regions.ttl", "regions-history.ttl"])
def test_the_files_are_what_their_maker_makes(name: str) -> None:
    assert (ONTOLOGY / name).read_text(encoding="utf-8") == maker("regions").turtle(DATA)[name]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(path.name for path in ONTOLOGY.glob("*.ttl")))
def test_every_library_reads_every_file(name: str, tmp_path: Path) -> None:
    import owlready2

    path = ONTOLOGY / name
    triples = set(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    graph = rdflib.Graph().parse(path, format="turtle")
    assert len(graph) == len(triples)
    lines = tmp_path / "file.nt"
    graph.serialize(lines, format="nt", encoding="utf-8")
    world = owlready2.World()
    world.get_ontology(lines.as_uri()).load()
    added = world.as_rdflib_graph().triples((None, rdflib.RDF.type, rdflib.OWL.Ontology))
    own = [triple for triple in added if str(triple[0]) in ("http://anonymous", lines.as_uri())]
    assert len(world.graph) - len(own) == len(triples)  # owlready2 names each file as an ontology
    world.close()
