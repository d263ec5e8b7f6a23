"""Corrections as declared data: applied, told, and guarded by the old value they expect."""

import re
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from loaders.namespaces import BASE, GRAPH, PLAN, PREFIXES
from loaders.resources import folder
from plankg import corrections, sources, store
from plankg.build import build
from plankg.cli import main
from plankg.corrections import Correction, CorrectionError

REPORT = "zhonglou-plan-2023"
NODE = f"{BASE}statement/{REPORT}/100"
ENTRY = {
    "statement": f"{REPORT}/100",
    "field": "value",
    "old": "5",
    "new": "5.5",
    "reason": "The table prints 5.5.",
    "who": "Li Hua",
    "when": "2026-11-22",
}


def declared(*entries: dict[str, str]) -> str:
    return "\n".join(
        "[[correction]]\n" + "\n".join(f'{key} = "{value}"' for key, value in entry.items())
        for entry in entries
    )


def listed(tmp_path: Path, *entries: dict[str, str]) -> Path:
    path = tmp_path / corrections.LIST
    path.write_text(declared(*entries), "utf-8")
    return path


def graph_of(
    statement: str = 'plan:value 5.0 ; plan:low 5.0 ; plan:high 5.0 ; plan:printed "5%左右" ; plan:start 100',
) -> ox.Store:
    opened = ox.Store()
    opened.update(
        f"""BASE <{BASE}> PREFIX plan: <{PLAN}> INSERT DATA {{
        GRAPH <graph/report/{REPORT}> {{ <{NODE}> a plan:Statement , plan:Target ; {statement} ; plan:year 2023 ;
          plan:indicator <indicator/gdp> ; plan:period <period/2023> }}
        GRAPH <graph/indicators> {{ <indicator/gdp/growth> a plan:Indicator }}
        GRAPH <graph/ontology> {{ plan:atLeast a plan:Comparator }}
        GRAPH <graph/periods> {{ <period/2024> a plan:Period . <period/2021--2025> a plan:Period }} }}"""
    )
    return opened


def said(opened: ox.Store, node: str = NODE) -> dict[str, str]:
    found = opened.quads_for_pattern(ox.NamedNode(node), None, None, None)
    return {re.split("[#/]", quad.predicate.value)[-1]: quad.object.value for quad in found}  # type: ignore[union-attr]


def applied(tmp_path: Path, opened: ox.Store, **changes: str) -> dict[str, str]:
    corrections.apply(opened, corrections.read(listed(tmp_path, {**ENTRY, **changes})))
    return said(opened)


# ---- applied -------------------------------------------------------------------------------------


def test_a_value_takes_its_bounds_along_and_leaves_words_and_place(tmp_path: Path) -> None:
    before = said(graph_of())
    after = applied(tmp_path, graph_of())
    assert (after["value"], after["low"], after["high"]) == ("5.5", "5.5", "5.5")
    changed = {"value", "low", "high", "correction"}
    assert {k: v for k, v in after.items() if k not in changed} == {
        k: v for k, v in before.items() if k not in changed
    }


def test_a_bound_that_says_something_else_stays(tmp_path: Path) -> None:
    after = applied(tmp_path, graph_of("plan:value 5.0 ; plan:low 5.0 ; plan:high 6.0"))
    assert (after["value"], after["low"], after["high"]) == ("5.5", "5.5", "6")


@pytest.mark.parametrize(
    ("field", "old", "new", "expected"),
    [
        ("indicator", "gdp", "gdp/growth", {"indicator": BASE + "indicator/gdp/growth"}),
        ("indicator", BASE + "indicator/gdp", "gdp/growth", {"indicator": BASE + "indicator/gdp/growth"}),
        ("period", "2023", "2024", {"period": BASE + "period/2024", "year": "2024"}),
        ("period", "2023", "2021--2025", {"period": BASE + "period/2021--2025", "year": None}),
        ("comparator", "", "atLeast", {"comparator": PLAN + "atLeast"}),
        ("high", "5.00", "", {"high": None, "low": "5", "value": "5"}),
        ("basis", "", "可比价", {"basis": "可比价"}),
    ],
)
def test_fields(field: str, old: str, new: str, expected: dict[str, str | None], tmp_path: Path) -> None:
    after = applied(tmp_path, graph_of(), field=field, old=old, new=new)
    assert {key: after.get(key) for key in expected} == expected


def test_what_was_corrected_stays_to_be_seen(tmp_path: Path) -> None:
    opened = graph_of()
    note = applied(tmp_path, opened)["correction"]
    assert note == f"{BASE}correction/statement/{REPORT}/100/value"
    told = said(opened, note)
    kinds = {
        q.object.value
        for q in opened.quads_for_pattern(ox.NamedNode(note), None, None, None)
        if "#type" in str(q.predicate)
    }  # type: ignore[union-attr]
    assert kinds == {PLAN + "Correction", PREFIXES["prov"] + "Entity"}
    del told["type"]
    assert told == {
        "correctedField": "value",
        "oldValue": "5",
        "newValue": "5.5",
        "reason": "The table prints 5.5.",
        "creator": "Li Hua",
        "created": "2026-11-22",
    }


# ---- what does not fit ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"old": "6"}, "it expects 6, the reading gives 5; drop or renew the correction"),
        ({"old": ""}, "it expects nothing, the reading gives 5"),
        ({"field": "basis", "old": "可比价"}, "it expects 可比价, the reading gives nothing"),
        ({"field": "indicator", "old": "exports"}, "it expects exports, the reading gives gdp;"),
        ({"field": "indicator", "old": "gdp", "new": "gpd"}, f"nothing in the graph is {BASE}indicator/gpd"),
        ({"statement": f"{REPORT}/101"}, "there is no such statement in the graph"),
        ({"new": "five"}, "'five' is not a number"),
        ({"field": "unit", "old": "", "new": "a b"}, "'a b' cannot be part of an IRI"),
    ],
)
def test_a_correction_that_does_not_fit_says_so(
    changes: dict[str, str], message: str, tmp_path: Path
) -> None:
    opened = graph_of()
    before = set(opened)
    with pytest.raises(CorrectionError, match=re.escape(message)) as raised:
        applied(tmp_path, opened, **changes)
    assert "\n" not in str(raised.value)
    assert set(opened) == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (declared(ENTRY, ENTRY), f"{REPORT}/100, value is corrected twice"),
        (
            declared({**ENTRY, "field": "quote"}),
            "the field 'quote' cannot be corrected; these can: value, low",
        ),
        (declared({**ENTRY, "note": "x"}), "nothing is called 'note'; there are statement, field"),
        (declared({k: v for k, v in ENTRY.items() if k != "old"}), "old is missing"),
        (declared({**ENTRY, "reason": " "}), "reason is empty"),
        (declared({**ENTRY, "when": "today"}), "when is a day, like 2026-11-22"),
        (declared({**ENTRY, "statement": "suzhou"}), "'suzhou' is no statement"),
        (declared(ENTRY).replace('"5"', "5"), "old is to be text in quotes"),
        ("correction = 5", "[[correction]] begins each one"),
        ("[[correctoin]]", "only [[correction]] may stand here"),
        ("[[correction", "is not a list of corrections"),
    ],
    ids=lambda value: value[-40:] if "message" not in value else "",
)
def test_a_list_that_is_malformed_says_where(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / corrections.LIST
    path.write_text(text, "utf-8")
    with pytest.raises(CorrectionError) as raised:
        corrections.read(path)
    assert message in str(raised.value)
    assert str(path) in str(raised.value)


# ---- in a build ----------------------------------------------------------------------------------


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A folder with two of the seeds and a list of corrections."""
    made = tmp_path / "reports"
    made.mkdir()
    for name in (REPORT, "zhangjiagang-plan-2023"):
        shutil.copy(folder("seeds") / f"{name}.txt", made)
    return made


def test_a_list_beside_the_reports_may_speak_of_those_that_are_not_built(reports: Path) -> None:
    other = {**ENTRY, "statement": "zhangjiagang-plan-2023/1"}
    listed(reports, ENTRY, other)
    inputs = sources.collect([reports / f"{REPORT}.txt"])
    assert [c.statement for c in corrections.of_build(inputs, None)] == [NODE]
    listed(reports, {**ENTRY, "statement": "suzhou/1"})
    with pytest.raises(CorrectionError, match="has no report suzhou"):
        corrections.of_build(inputs, None)


def test_another_list_must_speak_of_what_is_built_and_of_nothing_twice(reports: Path, tmp_path: Path) -> None:
    inputs = sources.collect([reports / f"{REPORT}.txt"])
    extra = listed(tmp_path, ENTRY)
    assert corrections.of_build(inputs, extra) == (Correction(**{**ENTRY, "statement": NODE}),)
    listed(reports, ENTRY)
    with pytest.raises(CorrectionError, match="is declared in two files"):
        corrections.of_build(inputs, extra)
    (reports / corrections.LIST).unlink()
    listed(tmp_path, {**ENTRY, "statement": "zhangjiagang-plan-2023/1"})
    with pytest.raises(CorrectionError, match="no report zhangjiagang-plan-2023 is built"):
        corrections.of_build(inputs, extra)


def test_the_list_of_the_seeds_is_in_order() -> None:
    corrections.of_build(sources.collect([folder("seeds")]), None)


@pytest.mark.slow
def test_a_build_is_corrected_and_one_that_does_not_fit_leaves_the_old_graph(
    reports: Path, tmp_path: Path, seeds: ox.Store, capsys: pytest.CaptureFixture[str]
) -> None:
    value = ox.NamedNode(PLAN + "value")
    read = next(seeds.quads_for_pattern(None, value, None, ox.NamedNode(f"{GRAPH}report/{REPORT}")))
    name, old = read.subject.value.removeprefix(BASE + "statement/"), read.object.value  # type: ignore[union-attr]
    listed(reports, {**ENTRY, "statement": name, "old": old, "new": "1234.5"})
    report, graph = reports / f"{REPORT}.txt", tmp_path / "graph"
    built = build([report], graph)
    assert said(store.open_store(graph), read.subject.value)["value"] == "1234.5"  # type: ignore[union-attr]
    capsys.readouterr()
    listed(reports, {**ENTRY, "statement": name, "old": "1234.5", "new": old})
    assert main(["build", str(report), "--graph", str(graph)]) == 1
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last == (
        f"Error: correction of {name}, value: it expects 1234.5, the reading gives {old}; "
        "drop or renew the correction"
    )
    assert store.current(graph) == built.generation
