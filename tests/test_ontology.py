"""The ontology: OWL 2 DL, consistent, labelled in two languages, and strict where it should be."""

import io
import re

import owlready2
import pyoxigraph as ox
import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS, XSD

from loaders.errors import OntologyError
from loaders.namespaces import BASE, PLAN, PREFIXES
from loaders.resources import folder
from plankg import check, reasoning

ROOT = folder("ontology")
FILES = sorted(path.name for path in ROOT.glob("*.ttl"))
TERMS = ("plankg.ttl", "topics.ttl")
TOPICS = [
    "comprehensive",
    "industry",
    "services",
    "agriculture",
    "investment",
    "consumption",
    "trade",
    "finance",
    "innovation",
    "talent",
    "employment-income",
    "social-security",
    "education",
    "health",
    "elderly-childcare",
    "culture-sports",
    "housing-urban",
    "transport",
    "environment",
    "energy",
    "safety",
    "government-services",
    "reform",
]

plankg = rdflib.Graph().parse(ROOT / "plankg.ttl")
topics = rdflib.Graph().parse(ROOT / "topics.ttl")


def of_ours(*kinds: rdflib.URIRef) -> list[rdflib.URIRef]:
    found = {s for kind in kinds for s in plankg.subjects(RDF.type, kind) if str(s).startswith(PLAN)}
    return sorted(s for s in found if isinstance(s, rdflib.URIRef))


def local(iri: object) -> str:
    return re.split("[#/]", str(iri))[-1]


CLASSES = of_ours(OWL.Class)
PROPERTIES = of_ours(OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
CODES = of_ours(SKOS.Concept)


# ---- files ---------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_rdflib_pyoxigraph_and_owlready2_load_every_file(name: str) -> None:
    by_rdflib = len(rdflib.Graph().parse(ROOT / name))
    triples = {quad.triple for quad in ox.parse(path=str(ROOT / name), format=ox.RdfFormat.TURTLE)}
    assert len(triples) == by_rdflib > 20
    world = owlready2.World()
    data = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    world.get_ontology(BASE + name).load(fileobj=io.BytesIO(data or b""))
    assert len(world.graph) >= len(triples)


@pytest.mark.parametrize("name", FILES)
def test_no_dates_that_a_reasoner_refuses(name: str) -> None:
    literals = (q.object for q in ox.parse(path=str(ROOT / name), format=ox.RdfFormat.TURTLE))
    dated = [x.value for x in literals if isinstance(x, ox.Literal) and x.datatype.value == str(XSD.date)]
    assert dated == []


def test_every_file_the_check_reads_is_there() -> None:
    assert set(check.FILES) <= set(FILES)


def test_the_header_names_version_prefix_and_licence() -> None:
    (header,) = plankg.subjects(RDF.type, OWL.Ontology)
    version = plankg.value(header, OWL.versionInfo)
    assert plankg.value(header, OWL.versionIRI) == rdflib.URIRef(f"{header}/{version}")
    vann = rdflib.Namespace("http://purl.org/vocab/vann/")
    assert str(plankg.value(header, vann.preferredNamespacePrefix)) == "plan"
    assert str(plankg.value(header, vann.preferredNamespaceUri)) == PLAN
    dct = rdflib.Namespace(PREFIXES["dct"])
    assert {
        p for p in (dct.title, dct.description, dct.license, dct.created) if (header, p, None) in plankg
    } == {
        dct.title,
        dct.description,
        dct.license,
        dct.created,
    }
    assert not list(plankg.objects(header, OWL.imports))


# ---- terms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("term", [*CLASSES, *PROPERTIES, *CODES], ids=local)
def test_terms_are_labelled_and_defined_in_both_languages(term: rdflib.URIRef) -> None:
    for property_ in (RDFS.label, SKOS.definition):
        languages = sorted(str(text.language) for text in plankg.objects(term, property_))
        assert languages == ["en", "zh"], property_


@pytest.mark.parametrize("term", CLASSES, ids=local)
def test_classes_have_an_example(term: rdflib.URIRef) -> None:
    assert list(plankg.objects(term, SKOS.example))


@pytest.mark.parametrize("term", of_ours(OWL.ObjectProperty, OWL.DatatypeProperty), ids=local)
def test_properties_say_what_they_join(term: rdflib.URIRef) -> None:
    assert list(plankg.objects(term, RDFS.domain))
    if (term, RDF.type, OWL.ObjectProperty) in plankg:
        assert list(plankg.objects(term, RDFS.range))


def test_codes_are_in_the_list_of_their_class() -> None:
    for code in CODES:
        (scheme,) = plankg.objects(code, SKOS.inScheme)
        (kind,) = [t for t in plankg.objects(code, RDF.type) if t != SKOS.Concept]
        enumeration = plankg.value(plankg.value(kind, OWL.equivalentClass), OWL.oneOf)
        assert code in plankg.items(enumeration)
        assert (scheme, RDF.type, SKOS.ConceptScheme) in plankg


def test_every_foreign_term_in_use_is_declared() -> None:
    used = set(plankg.predicates()) | set(plankg.objects(None, RDF.type))
    standard = (str(RDF), str(RDFS), str(OWL))
    foreign = {t for t in used if isinstance(t, rdflib.URIRef) and not str(t).startswith((PLAN, *standard))}
    assert {t for t in foreign if (t, RDF.type, None) not in plankg} == set()


# ---- reasoning -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def terms() -> list[ox.Triple]:
    return reasoning.read(*TERMS)


@pytest.fixture(scope="module")
def hierarchy(terms: list[ox.Triple]) -> dict[str, frozenset[str]]:
    return reasoning.classify(terms)


@pytest.mark.slow
def test_the_whole_ontology_is_owl_2_dl_and_consistent() -> None:
    everything = reasoning.read(*check.FILES)
    assert reasoning.profile_violations(everything) == []
    assert reasoning.is_consistent(everything)


@pytest.mark.slow
def test_the_examples_agree_with_it(terms: list[ox.Triple]) -> None:
    """And are OWL 2 DL together with it, so that a built graph can be."""
    both = terms + reasoning.read("examples.ttl")
    assert reasoning.profile_violations(both) == []
    assert reasoning.is_consistent(both)


def test_every_class_can_have_members(hierarchy: dict[str, frozenset[str]]) -> None:
    assert [c for c, above in hierarchy.items() if str(OWL.Nothing) in above] == []
    assert {str(c) for c in CLASSES} <= set(hierarchy)


@pytest.mark.parametrize(
    ("below", "above"),
    [
        ("plan:Estimate", "plan:Result plan:Statement plan:Assertion qb:Observation prov:Entity"),
        ("plan:QualitativeTarget", "plan:Target plan:Statement qb:Observation"),
        ("plan:RelativeTarget", "plan:Target"),
        ("plan:Municipality", "plan:City plan:Province plan:Region schema:AdministrativeArea geo:Feature"),
        ("plan:PrefectureCity", "plan:City plan:Prefecture plan:Region"),
        ("plan:CountyCity", "plan:City plan:County plan:Region"),
        ("plan:Zone", "plan:Region geo:Feature"),
        ("plan:Measure", "plan:Assertion pplan:Step"),
        ("plan:Plan", "prov:Plan pplan:Plan prov:Entity"),
        ("plan:Project", "prov:Activity"),
        ("plan:Indicator", "skos:Concept schema:StatisticalVariable"),
        ("plan:Topic", "skos:Concept"),
        ("plan:Period", "time:ProperInterval"),
    ],
)
def test_the_hierarchy_is_the_design(below: str, above: str, hierarchy: dict[str, frozenset[str]]) -> None:
    def iri(name: str) -> str:
        prefix, _, rest = name.partition(":")
        return PREFIXES[prefix] + rest

    assert {iri(name) for name in above.split()} <= hierarchy[iri(below)]


#: What the reasoner must call a contradiction, by itself, without shapes.
CONTRADICTIONS = {
    "a target that is a result": "<s> a plan:Target , plan:Result .",
    "a value on a qualitative target": "<s> a plan:QualitativeTarget ; plan:value 5.0 .",
    "a bound on a qualitative result": "<s> a plan:QualitativeResult ; plan:high 5.0 .",
    "a county within itself": "<r> a plan:County ; plan:within <r> .",
    "two regions within each other": "<r> plan:within <q> . <q> plan:parent <r> .",
    "a county that is a prefecture": "<r> a plan:County , plan:PrefectureCity .",
    "a zone that is a district": "<r> a plan:Zone , plan:District .",
    "an indicator that is a unit": "<i> a plan:Indicator , plan:Unit .",
    "a level with growthOf": "<i> plan:statType plan:level ; plan:growthOf <j> .",
    "an indicator that is its own growth": "<i> plan:growthOf <i> .",
    "an indicator of two kinds": "<i> plan:statType plan:level , plan:share .",
    "two values": "<s> plan:value 5.0 , 6.0 .",
    "a year that is a string": '<s> plan:year "2023" .',
    "a value that is a double": "<s> plan:value 5.0e0 .",
    "two comparators": "<s> plan:comparator plan:atLeast , plan:atMost .",
    "a project that is a plan": "<p> a plan:Project , plan:Plan .",
    "a result that binds": "<s> a plan:Result ; plan:bindingness plan:binding .",
}


def example(turtle: str) -> list[ox.Triple]:
    text = f"@base <{BASE}test/> . @prefix plan: <{PLAN}> . {turtle}"
    return [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]


@pytest.mark.slow
@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_the_reasoner_catches(name: str, terms: list[ox.Triple]) -> None:
    assert not reasoning.is_consistent(terms + example(CONTRADICTIONS[name]))


def test_the_reasoner_says_why(terms: list[ox.Triple]) -> None:
    why = reasoning.contradiction(terms + example(CONTRADICTIONS["a target that is a result"]))
    assert sorted(why.split("; ")) == ["Result disjointWith Target", "s type Result", "s type Target"]


def test_an_inconsistent_ontology_has_no_hierarchy(terms: list[ox.Triple]) -> None:
    with pytest.raises(OntologyError, match="contradicts itself"):
        reasoning.classify(terms + example(CONTRADICTIONS["a target that is a result"]))


@pytest.mark.slow
def test_a_class_that_cannot_have_members_is_found(terms: list[ox.Triple]) -> None:
    bad = example(
        "@prefix owl: <http://www.w3.org/2002/07/owl#> . "
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . "
        "<Both> a owl:Class ; rdfs:subClassOf plan:Target , plan:Result ."
    )
    hierarchy = reasoning.classify(terms + bad)
    assert [c for c, above in hierarchy.items() if str(OWL.Nothing) in above] == [f"{BASE}test/Both"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("turtle", "said"),
    [
        ("<x> plan:undeclared 5 .", "undeclared annotation property"),
        ("<x> a plan:Nothing .", "undeclared class"),
        ("plan:value a <http://www.w3.org/2002/07/owl#ObjectProperty> .", "Cannot pun"),
        ("plan:within a <http://www.w3.org/2002/07/owl#TransitiveProperty> .", "non-simple"),
    ],
)
def test_what_is_not_owl_2_dl_is_found(turtle: str, said: str, terms: list[ox.Triple]) -> None:
    assert any(said in sentence for sentence in reasoning.profile_violations(terms + example(turtle)))


def test_no_java_is_one_sentence(monkeypatch: pytest.MonkeyPatch, terms: list[ox.Triple]) -> None:
    monkeypatch.setattr(reasoning, "java", lambda: "/no/java")
    with pytest.raises(reasoning.ReasonerError, match="/no/java cannot be run"):
        reasoning.is_consistent(terms)


# ---- topics --------------------------------------------------------------------------------------


def test_the_topics_are_those_of_the_design_in_their_order() -> None:
    order = {
        local(topic): int(str(number))
        for topic, number in topics.subject_objects(rdflib.URIRef(PLAN + "order"))
    }
    assert sorted(order, key=lambda slug: order[slug]) == TOPICS


def test_a_heading_word_leads_to_one_topic() -> None:
    seen: dict[str, str] = {}
    for property_ in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel):
        for topic, word in topics.subject_objects(property_):
            if isinstance(word, rdflib.Literal) and word.language == "zh":
                assert seen.setdefault(str(word), local(topic)) == local(topic), word


@pytest.mark.parametrize(
    ("heading", "slug"),
    [
        ("促进投资合理增长", "investment"),
        ("推动消费加快复苏", "consumption"),
        ("保障外贸稳量提质", "trade"),
        ("聚力打造战略性新兴产业集群", "industry"),
        ("持续壮大现代服务业", "services"),
        ("大力发展都市生态农业", "agriculture"),
        ("办好人民满意教育", "education"),
        ("积极营造创新生态", "innovation"),
        ("引育集聚高素质人才", "talent"),
        ("系统推进重点改革", "reform"),
        ("高标准开展城市规划建设", "housing-urban"),
        ("全面推进乡村振兴", "agriculture"),
        ("打造优美生态环境", "environment"),
        ("切实抓好就业增收", "employment-income"),
        ("健全社会保障体系", "social-security"),
        ("推动安全稳定发展", "safety"),
        ("重塑港口优势", "transport"),
        ("倾力守护“一老一小”", "elderly-childcare"),
        ("提升社会治理水平", "safety"),
    ],
)
def test_headings_of_the_seeds_hold_words_of_their_topic(heading: str, slug: str) -> None:
    """The longest word of a heading decides, as the reading of measures has it."""
    words = {
        str(word): local(topic)
        for property_ in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
        for topic, word in topics.subject_objects(property_)
        if str(word) in heading.replace("“", "").replace("”", "")
    }
    assert words[max(words, key=lambda word: (len(word), word))] == slug


# ---- the examples and the words they quote -------------------------------------------------------


def test_the_examples_quote_their_reports() -> None:
    graph = rdflib.Graph().parse(ROOT / "examples.ttl")
    plan, oa = rdflib.Namespace(PLAN), rdflib.Namespace(PREFIXES["oa"])
    seen = 0
    for node, report in graph.subject_objects(plan.statedIn):
        text = (folder("seeds") / f"{local(report)}.txt").read_text("utf-8")
        start, end = (int(str(graph.value(node, p))) for p in (plan.start, plan.end))
        printed = graph.value(node, plan.printed)
        if printed is not None:
            assert text[start:end] in str(printed)
        quote, position = (rdflib.URIRef(f"{node}#{part}") for part in ("quote", "position"))
        first, last = (int(str(graph.value(position, p))) for p in (oa.start, oa.end))
        assert text[first:last] == str(graph.value(quote, oa.exact))
        assert first <= start < end <= last
        assert (
            str(graph.value(node, plan.quote)).replace(" ", "") == text[first:last].replace(" ", "").strip()
        )
        seen += 1
    assert seen == 9


def test_the_examples_show_every_class_that_a_build_writes() -> None:
    graph = rdflib.Graph().parse(ROOT / "examples.ttl")
    shown = {local(kind) for kind in graph.objects(None, RDF.type) if str(kind).startswith(PLAN)}
    assert shown == {
        "Statement",
        "Target",
        "Result",
        "Estimate",
        "QualitativeTarget",
        "QualitativeResult",
        "RelativeTarget",
        "Assertion",
        "Evidence",
        "Report",
        "Plan",
        "Measure",
        "Project",
        "ProjectStatement",
        "Period",
    }
