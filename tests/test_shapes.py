"""The shapes catch what they are for, say it in words, and mean the same to this project as to pyshacl."""

import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib import RDF, SH

from loaders.errors import OntologyError
from loaders.namespaces import BASE
from loaders.resources import folder
from plankg import shapes

EXAMPLES = (folder("ontology") / "examples.ttl").read_text("utf-8")
REPORT = "zhangjiagang-work-report-2024"

#: What the examples point to, in as few words as satisfy the shapes.
AROUND = f"""
@base <{BASE}> .
@prefix plan: <{BASE}ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

<indicator/gdp> a plan:Indicator , skos:Concept ;
    rdfs:label "地区生产总值"@zh , "gross regional product"@en ;
    skos:inScheme <indicator/> ; plan:statType plan:level ; plan:unit <unit/100m-yuan> ;
    plan:betterDirection plan:higherIsBetter ; plan:topic <topic/consumption> ;
    skos:broader <topic/consumption> ; skos:broaderTransitive <topic/consumption> .
<indicator/gdp/growth> a plan:Indicator , skos:Concept ;
    rdfs:label "地区生产总值增长"@zh , "growth of GRP"@en ;
    skos:inScheme <indicator/> ; plan:statType plan:growth ; plan:growthOf <indicator/gdp> ;
    plan:unit <unit/percent> ; plan:betterDirection plan:higherIsBetter ; plan:topic <topic/consumption> .
<indicator/manufacturing-share> a plan:Indicator , skos:Concept ;
    rdfs:label "制造业比重"@zh , "share"@en ;
    skos:inScheme <indicator/> ; plan:statType plan:share ; plan:unit <unit/percent> ;
    plan:betterDirection plan:noDirection ; plan:topic <topic/consumption> .
<indicator/disposable-income> a plan:Indicator , skos:Concept ;
    rdfs:label "居民收入"@zh , "income"@en ;
    skos:inScheme <indicator/> ; plan:statType plan:level ; plan:unit <unit/100m-yuan> ;
    plan:betterDirection plan:higherIsBetter ; plan:topic <topic/consumption> .
<indicator/listed-companies-new> a plan:Indicator , skos:Concept ;
    rdfs:label "新增上市企业"@zh , "newly listed"@en ;
    skos:inScheme <indicator/> ; plan:statType plan:level ; plan:unit <unit/enterprise> ;
    plan:betterDirection plan:higherIsBetter ; plan:topic <topic/consumption> .
<indicator/urban-new-jobs> a plan:Indicator , skos:Concept ;
    rdfs:label "城镇新增就业"@zh , "new jobs"@en ;
    skos:inScheme <indicator/> ; plan:statType plan:level ; plan:unit <unit/10k-person> ;
    plan:betterDirection plan:higherIsBetter ; plan:topic <topic/consumption> .
<indicator/energy-intensity> a plan:Indicator , skos:Concept ;
    rdfs:label "单位能耗"@zh , "energy intensity"@en ;
    skos:inScheme <indicator/> ; plan:statType plan:level ; plan:unit <unit/100m-yuan> ;
    plan:betterDirection plan:lowerIsBetter ; plan:topic <topic/consumption> .

<unit/percent> a plan:Unit ; rdfs:label "%"@zh , "percent"@en ;
    plan:family <unit/family/ratio> ;
    plan:baseUnit <unit/percent> ; plan:factor 1.0 .
<unit/family/ratio> a plan:UnitFamily ; rdfs:label "比率"@zh , "ratio"@en ;
    plan:referenceUnit <unit/percent> .
<unit/100m-yuan> a plan:Unit ; rdfs:label "亿元"@zh , "100 million yuan"@en ;
    plan:family <unit/family/cny> ;
    plan:baseUnit <unit/yuan> ; plan:factor 100000000.0 .
<unit/yuan> a plan:Unit ; rdfs:label "元"@zh , "yuan"@en ;
    plan:family <unit/family/cny> ;
    plan:baseUnit <unit/yuan> ; plan:factor 1.0 .
<unit/family/cny> a plan:UnitFamily ; rdfs:label "货币"@zh , "currency"@en ;
    plan:referenceUnit <unit/100m-yuan> .
<unit/enterprise> a plan:Unit ; rdfs:label "家"@zh , "enterprise"@en ;
    plan:family <unit/family/count> ;
    plan:baseUnit <unit/enterprise> ; plan:factor 1.0 .
<unit/10k-person> a plan:Unit ; rdfs:label "万人"@zh , "10,000 persons"@en ;
    plan:family <unit/family/count> ;
    plan:baseUnit <unit/enterprise> ; plan:factor 10000.0 .
<unit/family/count> a plan:UnitFamily ; rdfs:label "个数"@zh , "count"@en ;
    plan:referenceUnit <unit/enterprise> .

<topic/consumption> a plan:Topic , skos:Concept ; rdfs:label "消费"@zh , "consumption"@en ;
    skos:inScheme <topic/> ; plan:order 6 ; skos:definition "消费。"@zh , "Consumption."@en .

<region/100000> a plan:Region , plan:Country ; rdfs:label "中国"@zh , "China"@en ; plan:code "100000" .
<region/320500> a plan:Region , plan:Prefecture , plan:PrefectureCity , plan:City ;
    rdfs:label "苏州市"@zh , "Suzhou"@en ; plan:code "320500" ; plan:parent <region/100000> ;
    plan:within <region/100000> ; plan:validFrom 1981 ; plan:lat 31.3 ; plan:long 120.6 .
<region/320582> a plan:Region , plan:County , plan:CountyCity , plan:City ;
    rdfs:label "张家港市"@zh , "Zhangjiagang"@en ; plan:code "320582" ; plan:parent <region/320500> ;
    plan:within <region/320500> , <region/100000> ; plan:validFrom 1986 .
"""
GOOD = EXAMPLES + AROUND

TARGET = f"statement/{REPORT}/6514"
WORDS = f"statement/{REPORT}/6534"
RANGE = f"statement/{REPORT}/8474"
RESULT = f"statement/{REPORT}/4172"
MEASURE = f"measure/{REPORT}/7101"
PROJECT = f"project-statement/{REPORT}/2832"
PLAN_PREFIX = f"@prefix plan: <{BASE}ontology#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . "

#: Name -> what is taken away ("subject property object", ``*`` for every object), what is added (Turtle), the
#: fact it is about and what is said of it.
BAD: dict[str, tuple[list[str], str, str, str]] = {
    "no period": ([f"{TARGET} period *", f"{TARGET} year *"], "", TARGET, "has no period"),
    "no region": ([f"{TARGET} region *"], "", TARGET, "which region it is about"),
    "two regions": ([], f"<{TARGET}> plan:region <region/320500> .", TARGET, "more than one region"),
    "no indicator": ([f"{TARGET} indicator *"], "", TARGET, "which indicator it is about"),
    "undeclared indicator": (
        [f"{TARGET} indicator *"],
        f"<{TARGET}> plan:indicator <indicator/none> .",
        TARGET,
        "indicator is not declared",
    ),
    "undeclared region": (
        [f"{TARGET} region *"],
        f"<{TARGET}> plan:region <region/999999> .",
        TARGET,
        "region is not declared",
    ),
    "no quote": ([f"{TARGET} quote *"], "", TARGET, "has no quote"),
    "no evidence": ([f"{TARGET} evidence *"], "", TARGET, "no evidence node"),
    "no report": ([f"{TARGET} statedIn *"], "", TARGET, "which report it comes from"),
    "value without unit": ([f"{TARGET} unit *"], "", TARGET, "a value or a bound but no unit"),
    "another unit than the indicator's": (
        [f"{TARGET} unit *"],
        f"<{TARGET}> plan:unit <unit/100m-yuan> .",
        TARGET,
        "not its indicator's unit",
    ),
    "undeclared unit": (
        [f"{TARGET} unit *"],
        f"<{TARGET}> plan:unit <unit/none> .",
        TARGET,
        "unit of the statement",
    ),
    "value without comparator": ([f"{TARGET} comparator *"], "", TARGET, "a value but no comparator"),
    "unknown comparator": (
        [f"{TARGET} comparator *"],
        f"<{TARGET}> plan:comparator plan:roughly .",
        TARGET,
        "comparator of the statement is none of the list",
    ),
    "low above high": (
        [f"{RANGE} low *"],
        f"<{RANGE}> plan:low 4.0 .",
        RANGE,
        "greater than its upper bound",
    ),
    "range with a value": ([], f"<{RANGE}> plan:value 2.5 .", RANGE, "two bounds and no value"),
    "at least, with an upper bound": ([], f"<{TARGET}> plan:high 6.0 .", TARGET, "no upper bound"),
    "exactly, with another bound": (
        [f"{RESULT} low *"],
        f"<{RESULT}> plan:low 1.0 .",
        RESULT,
        "both bounds must equal its value",
    ),
    "at most, with a lower bound": (
        [f"{TARGET} comparator *"],
        f"<{TARGET}> plan:comparator plan:atMost .",
        TARGET,
        "no lower bound",
    ),
    "value that is a string": (
        [f"{TARGET} value *"],
        f'<{TARGET}> plan:value "5%" .',
        TARGET,
        "value of the statement is not a decimal",
    ),
    "value that is an integer": (
        [f"{TARGET} value *"],
        f"<{TARGET}> plan:value 5 .",
        TARGET,
        "value of the statement is not a decimal",
    ),
    "target and result": ([], f"<{TARGET}> a plan:Result .", TARGET, "both a target and a result"),
    "neither target nor result": ([f"{TARGET} a Target"], "", TARGET, "neither a target nor a result"),
    "value on a qualitative target": (
        [],
        f"<{WORDS}> plan:value 5.0 .",
        WORDS,
        "a qualitative statement has a value",
    ),
    "bound on a qualitative target": (
        [],
        f"<{WORDS}> plan:low 5.0 .",
        WORDS,
        "a qualitative statement has a lower bound",
    ),
    "qualitative target without Target": ([f"{WORDS} a Target"], "", WORDS, "must also be typed plan:Target"),
    "no number and not qualitative": ([f"{WORDS} a QualitativeTarget"], "", WORDS, "has no number"),
    "relative to nothing": (
        [f"statement/{REPORT}/6627 benchmarkIndicator *"],
        "",
        f"statement/{REPORT}/6627",
        "must name what it is set against",
    ),
    "growth of 900 %": (
        [f"{TARGET} value *", f"{TARGET} low *"],
        f"<{TARGET}> plan:value 900.0 ; plan:low 900.0 .",
        TARGET,
        "900 % or more is not believable",
    ),
    "fall of 120 %": (
        [f"{TARGET} value *", f"{TARGET} low *", f"{TARGET} comparator *"],
        f"<{TARGET}> plan:value -120.0 ; plan:high -120.0 ; plan:comparator plan:atMost .",
        TARGET,
        "more than 100 % is impossible",
    ),
    "share of 130 %": (
        [f"{TARGET} indicator *", f"{TARGET} value *", f"{TARGET} low *"],
        f"<{TARGET}> plan:indicator <indicator/manufacturing-share> ; plan:value 130.0 ; plan:low 130.0 .",
        TARGET,
        "between 0 and 100 %",
    ),
    "end outside the text": (
        [f"{TARGET} end *"],
        f"<{TARGET}> plan:end 99999 .",
        TARGET,
        "outside the text of its report",
    ),
    "end before start": ([f"{TARGET} end *"], f"<{TARGET}> plan:end 6000 .", TARGET, "ends before it starts"),
    "start before the text": (
        [f"{TARGET} start *"],
        f"<{TARGET}> plan:start -1 .",
        TARGET,
        "lies before its text",
    ),
    "region not yet in force": (
        ["region/320582 validFrom *"],
        "<region/320582> plan:validFrom 2030 .",
        TARGET,
        "was not in force in that year",
    ),
    "region no longer in force": (
        [],
        "<region/320582> plan:validUntil 2010 .",
        TARGET,
        "was not in force in that year",
    ),
    "year of another period": (
        [f"{TARGET} year *"],
        f"<{TARGET}> plan:year 2023 .",
        TARGET,
        "not the year of its period",
    ),
    "calendar year without plan:year": ([f"{TARGET} year *"], "", TARGET, "plan:year is missing"),
    "result after its report": (
        [f"{RESULT} period *", f"{RESULT} year *"],
        f"<{RESULT}> plan:period <period/2030> ; plan:year 2030 . <period/2030> a plan:Period ; "
        'rdfs:label "2030年"@zh , "2030"@en ; plan:startYear 2030 ; plan:endYear 2030 .',
        RESULT,
        "a result for a time after its report",
    ),
    "binding result": ([], f"<{RESULT}> plan:bindingness plan:binding .", RESULT, "only targets are binding"),
    "estimate without Result": (
        [],
        f"<{TARGET}> a plan:Estimate .",
        TARGET,
        "an estimate must also be typed plan:Result",
    ),
    "report without its digest": (
        [f"report/{REPORT} sha256 *"],
        "",
        f"report/{REPORT}",
        "SHA-256 of its text",
    ),
    "report without a length": (
        [f"report/{REPORT} textLength *"],
        "",
        f"report/{REPORT}",
        "how long its text is",
    ),
    "measure without a quote": ([f"{MEASURE} quote *"], "", MEASURE, "the measure has no quote"),
    "measure outside the text": (
        [f"{MEASURE} end *"],
        f"<{MEASURE}> plan:end 99999 .",
        MEASURE,
        "outside the text",
    ),
    "project without a status": ([f"{PROJECT} status *"], "", PROJECT, "must give one known status"),
    "investment without a unit": (
        [],
        f"<{PROJECT}> plan:investment 12.0 .",
        PROJECT,
        "an investment but no unit",
    ),
    "project nobody speaks of": (
        [f"{PROJECT} project *"],
        "",
        "project/3205-通苏嘉甬铁路",
        "no report says anything of the project",
    ),
    "merge into nothing": (
        [],
        '<merge/x> a plan:Merge ; plan:mergedName "甲"@zh ; plan:mergeRule "same name" .',
        "merge/x",
        "must lead to one described project",
    ),
    "period that ends before it starts": (
        ["period/2024 endYear *"],
        "<period/2024> plan:endYear 2020 .",
        "period/2024",
        "the period ends before it starts",
    ),
    "county within itself": (
        [],
        "<region/320582> plan:within <region/320582> .",
        "region/320582",
        "lies within itself",
    ),
    "two regions within each other": (
        [],
        "<region/320500> plan:within <region/320582> .",
        "region/320500",
        "within a region that lies within it",
    ),
    "ancestors not written out": (
        ["region/320582 within region/100000"],
        "",
        "region/320582",
        "plan:within of the region is not written out",
    ),
    "county that is a province too": (
        [],
        "<region/320582> a plan:Province .",
        "region/320582",
        "exactly one level",
    ),
    "county-level city without City": (
        ["region/320582 a City"],
        "",
        "region/320582",
        "must also be typed plan:City",
    ),
    "code of five digits": (
        ["region/320582 code *"],
        '<region/320582> plan:code "32058" .',
        "region/320582",
        "one of six digits",
    ),
    "place outside the country": (
        ["region/320500 lat *"],
        "<region/320500> plan:lat -31.3 .",
        "region/320500",
        "latitude of the region",
    ),
    "growth named like its level": (
        [],
        '<indicator/gdp/growth> rdfs:label "地区生产总值"@zh .',
        "indicator/gdp/growth",
        "shares a name with its level",
    ),
    "level that is a growth": (
        [],
        "<indicator/urban-new-jobs> plan:growthOf <indicator/gdp> .",
        "indicator/urban-new-jobs",
        "a growth must have growthOf and nothing else",
    ),
    "growth in yuan": (
        ["indicator/gdp/growth unit *"],
        "<indicator/gdp/growth> plan:unit <unit/100m-yuan> .",
        "indicator/gdp/growth",
        "growth is measured in percent",
    ),
    "closure not written out": (
        ["indicator/gdp broaderTransitive *"],
        "",
        "indicator/gdp",
        "broaderTransitive of the indicator is not written out",
    ),
    "indicator without Chinese name": (
        ["indicator/gdp label *"],
        '<indicator/gdp> rdfs:label "gross regional product"@en .',
        "indicator/gdp",
        "it has no Chinese label",
    ),
    "unit without English name": (
        ["unit/yuan label *"],
        '<unit/yuan> rdfs:label "元"@zh .',
        "unit/yuan",
        "it has no English label",
    ),
    "two Chinese names": (
        [],
        '<unit/yuan> rdfs:label "圆"@zh .',
        "unit/yuan",
        "two labels in one language",
    ),
    "factor of nought": (
        ["unit/yuan factor *"],
        "<unit/yuan> plan:factor 0.0 .",
        "unit/yuan",
        "factor above zero",
    ),
    "base unit that is none": (
        ["unit/10k-person baseUnit *"],
        "<unit/10k-person> plan:baseUnit <unit/100m-yuan> .",
        "unit/10k-person",
        "own factor is not 1",
    ),
    "reference unit of another family": (
        ["unit/family/cny referenceUnit *"],
        "<unit/family/cny> plan:referenceUnit <unit/percent> .",
        "unit/family/cny",
        "belongs to another family",
    ),
    "position outside the text": (
        [f"{TARGET}#position end *"],
        f"<{TARGET}#position> <http://www.w3.org/ns/oa#end> 99999 .",
        f"{TARGET}#evidence",
        "the position of the evidence",
    ),
}


def changed(removed: list[str], added: str, graph: rdflib.Graph | None = None) -> rdflib.Graph:
    """The good graph, or ``graph``, with some triples taken away and others added."""
    alone = graph is None
    graph = rdflib.Graph().parse(data=GOOD, format="turtle") if graph is None else graph
    for line in removed:
        subject, name, value = line.split(" ")
        found = [
            (s, p, o)
            for s, p, o in graph.triples((rdflib.URIRef(BASE + subject), None, None))
            if (p == RDF.type if name == "a" else re.split("[#/]", str(p))[-1] == name)
            and (value == "*" or re.split("[#]", str(o))[-1].removeprefix(BASE) == value)
        ]
        assert found or not alone, f"the good graph has no {line}"
        for triple in found:
            graph.remove(triple)
    return graph.parse(data=f"@base <{BASE}> . {PLAN_PREFIX}{added}", format="turtle")


def ours(graph: rdflib.Graph) -> set[tuple[str, str]]:
    """(fact, message) of every violation and warning that the queries find."""
    store = ox.Store()
    store.load(graph.serialize(format="nt"), format=ox.RdfFormat.N_TRIPLES)
    found = set()
    for constraint in shapes.constraints():
        rows = store.query(constraint.query)
        assert isinstance(rows, ox.QuerySolutions)
        found |= {(row["this"].value.removeprefix(BASE), constraint.message) for row in rows if row["this"]}
    return found


def theirs(graph: rdflib.Graph) -> set[tuple[str, str]]:
    """(fact, message) of every result that pyshacl reports."""
    _, report, _ = pyshacl.validate(graph, shacl_graph=str(folder("ontology") / "shapes.ttl"))
    english = {constraint.message for constraint in shapes.constraints()}
    return {
        (str(report.value(result, SH.focusNode)).removeprefix(BASE), str(message))
        for result in report.subjects(RDF.type, SH.ValidationResult)
        for message in report.objects(result, SH.resultMessage)
        if str(message) in english
    }


def test_the_examples_conform() -> None:
    assert ours(changed([], "")) == set()


@pytest.mark.parametrize("name", BAD)
def test_each_fault_is_found_and_named(name: str) -> None:
    removed, added, fact, words = BAD[name]
    found = ours(changed(removed, added))
    assert [said for about, said in found if about == fact and words in said], sorted(found)


@pytest.mark.slow
@pytest.mark.parametrize("half", [0, 1])
def test_pyshacl_finds_the_same(half: int) -> None:
    """Every other fault at once: what one fault hides in one half shows in the other."""
    graph = rdflib.Graph().parse(data=GOOD, format="turtle")
    for removed, added, _, _ in list(BAD.values())[half::2]:
        graph = changed(removed, added, graph)
    found = ours(graph)
    assert found == theirs(graph)
    assert len({message for _, message in found}) > 25


def constraint_messages() -> Iterator[str]:
    for constraint in shapes.constraints():
        yield constraint.message
        yield constraint.message_zh


def test_every_constraint_has_words_of_its_own() -> None:
    """Within a shape no two constraints that look for different things say the same."""
    assert all(message and message[-1] not in ".。" for message in constraint_messages())
    assert len(shapes.constraints()) > 200


@pytest.mark.parametrize(
    ("turtle", "words"),
    [
        (
            "sh:property [ sh:path plan:unit ; sh:maxLength 3 ; sh:message 'x'@en , '甲'@zh ]",
            "not in the table",
        ),
        ("sh:property [ sh:path plan:unit ; sh:minCount 1 ; sh:message 'x'@en ]", "English or Chinese"),
        ("sh:property [ sh:path ( plan:unit plan:family ) ; sh:minCount 1 ]", "path is not one property"),
    ],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, turtle: str, words: str) -> None:
    file = tmp_path / "shapes.ttl"
    file.write_text(
        f"@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix plan: <{BASE}ontology#> ."
        f"plan:S a sh:NodeShape ; sh:targetClass plan:Unit ; {turtle} .",
        encoding="utf-8",
    )
    with pytest.raises(OntologyError, match=words):
        shapes.constraints(file)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match="cannot be read as Turtle"):
        shapes.constraints(tmp_path / "none.ttl")
