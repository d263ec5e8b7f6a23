"""What changed between two releases, and since when each statement is there: small graphs, changed by hand."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from loaders.errors import GraphError, ParameterError
from loaders.namespaces import BASE, GRAPH, PLAN, PREFIXES
from plankg import store
from plankg.cli import main
from plankg.release.diff import SORTS, Change, diff
from plankg.release.dump import dump
from plankg.release.history import release_iri, release_of


@dataclass(frozen=True)
class Stated:
    """A statement as these tests write one."""

    start: int
    indicator: str = "gdp/growth"
    value: str = "5"
    printed: str = "5%左右"
    role: str = "Target"
    report: str = "suzhou"
    kind: str = "statement"
    rule: str = "named"

    @property
    def iri(self) -> str:
        return f"{BASE}{self.kind}/{self.report}/{self.start}"


def graph_of(*stated: Stated) -> ox.Store:
    text = "".join(
        f"""GRAPH <graph/report/{s.report}> {{
        <{s.iri}> a plan:Statement , plan:{s.role} ; plan:statedIn <report/{s.report}> ; plan:rule "{s.rule}" ;
          plan:indicator <indicator/{s.indicator}> ; plan:region <region/320500> ; plan:period <period/2023> ;
          plan:value {s.value}.0 ; plan:printed "{s.printed}" ; plan:quote "增长{s.printed}。"@zh ; plan:start {s.start} .
        <{s.iri}#evidence> a plan:Evidence }}"""
        for s in stated
    )
    opened = ox.Store()
    opened.update(f"BASE <{BASE}> PREFIX plan: <{PLAN}> INSERT DATA {{ {text} }}")
    return opened


def release(folder: Path, name: str, *stated: Stated, previous: str = "") -> Path:
    dump(graph_of(*stated), folder / name, name, folder / previous if previous else None)
    return folder / name


GROWTH = Stated(100)
EXPORTS = Stated(200, "exports", "3", "3%")
LATER = Stated(900, "exports", "4", "4%")

#: What happens to a statement -> before, after, sort, fields told.
CASES = {
    "nothing": ((GROWTH,), (GROWTH,), None, ()),
    "another report comes": ((), (GROWTH,), "added", ()),
    "a report goes": ((GROWTH,), (), "removed", ()),
    "another value at its place": ((GROWTH,), (replace(GROWTH, value="6"),), "changed", ("value",)),
    "another indicator at its place": ((GROWTH,), (replace(GROWTH, indicator="gdp"),), "changed", ("indicator",)),
    "a result at its place": ((GROWTH,), (replace(GROWTH, role="Result"),), "changed", ("type",)),
    "read by another rule": ((GROWTH,), (replace(GROWTH, rule="list"),), None, ()),
    "a line before it": ((GROWTH,), (replace(GROWTH, start=107),), "moved", ()),
    "a line and another value": ((GROWTH,), (replace(GROWTH, start=107, value="6"),), "changed", ("value",)),
    "the same in another report": ((GROWTH,), (replace(GROWTH, report="taicang"),), "added removed", ()),
    "a target that becomes a result elsewhere": (
        (GROWTH,),
        (replace(GROWTH, start=107, role="Result"),),
        "added removed",
        (),
    ),
    "one of two alike goes": ((EXPORTS, LATER), (replace(LATER, start=850),), "moved removed", ()),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_sorts_of_changes(case: str, tmp_path: Path) -> None:
    before, after, sorts, fields = CASES[case]
    found = diff(release(tmp_path, "1", *before), release(tmp_path, "2", *after))
    assert " ".join(sorted(change.sort for change in found.changes)) == (sorts or "")
    assert tuple(field.field for change in found.changes for field in change.fields) == fields
    told = [change.sort for change in found.changes]
    counts = {sort: told.count(sort) for sort in SORTS}
    unchanged = len(after) - counts["added"] - counts["changed"] - counts["moved"]
    assert found.counts["statement"] == {**counts, "unchanged": unchanged}


def test_a_change_is_told_with_its_words_and_both_values(tmp_path: Path) -> None:
    old, new = (
        release(tmp_path, "1", GROWTH),
        release(tmp_path, "2", replace(GROWTH, value="6", printed="6%")),
    )
    (change,) = diff(old, new).changes
    assert change == Change(
        "changed",
        "statement",
        "report/suzhou",
        GROWTH.iri,
        GROWTH.iri,
        {
            "indicator": "indicator:gdp/growth",
            "region": "region:320500",
            "period": "period:2023",
            "role": "target",
        },
        "增长6%。",
        change.fields,
    )
    assert {(f.field, f.old, f.new) for f in change.fields} == {
        ("value", ("5",), ("6",)),
        ("printed", ("5%左右",), ("6%",)),
        ("quote", ("增长5%左右。",), ("增长6%。",)),
    }


def test_those_that_print_the_same_words_belong_together(tmp_path: Path) -> None:
    """Two statements move and one between them goes: the words tell which."""
    middle = replace(EXPORTS, start=500, value="9", printed="9%")
    old = release(tmp_path, "1", EXPORTS, middle, LATER)
    new = release(tmp_path, "2", replace(EXPORTS, start=201), replace(LATER, start=901))
    told = {(change.sort, change.old.rpartition("/")[2]) for change in diff(old, new).changes}
    assert told == {("moved", "200"), ("removed", "500"), ("moved", "900")}


def test_measures_are_counted_by_themselves(tmp_path: Path) -> None:
    measure = Stated(300, kind="measure")
    found = diff(release(tmp_path, "1"), release(tmp_path, "2", measure, GROWTH))
    assert found.counts["measure"]["added"] == found.counts["statement"]["added"] == 1


@pytest.mark.slow
def test_a_built_graph_is_compared_like_a_release(graph: Path, tmp_path: Path) -> None:
    opened = store.open_store(graph)
    one = next(q for q in opened.quads_for_pattern(None, ox.NamedNode(PLAN + "value"), None, None))
    changed = ox.Store()
    for name in opened.named_graphs():
        if name.value.startswith(GRAPH + "report/"):
            changed.extend(opened.quads_for_pattern(None, None, None, name))
    changed.remove(one)
    dump(changed, tmp_path / "new")
    found = diff(graph, tmp_path / "new")
    assert [(c.sort, c.old, [f.field for f in c.fields]) for c in found.changes] == [
        ("changed", one.subject.value, ["value"])
    ]
    assert found.counts["statement"]["unchanged"] > 500
    assert found.counts["measure"]["unchanged"] > 100


# ---- the command ---------------------------------------------------------------------------------


def test_the_command_tells_and_exits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = str(release(tmp_path, "1", GROWTH, EXPORTS))
    new = str(release(tmp_path, "2", replace(GROWTH, value="6")))
    assert main(["diff", old, new]) == 0
    assert capsys.readouterr().out.splitlines()[:6] == [
        "changed statement/suzhou/100  indicator:gdp/growth region:320500 period:2023 target",
        "    value: 5 -> 6",
        "    增长5%左右。",
        "removed statement/suzhou/200  indicator:exports region:320500 period:2023 target",
        "    增长3%。",
        "statements: 0 added, 1 changed, 0 moved, 1 removed, 0 unchanged",
    ]
    assert main(["diff", old, new, "--format", "counts"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        f"{kind}s: 0 added, 0 changed, 0 moved, 0 removed, 0 unchanged"
        for kind in ("measure", "project-statement")
    ]
    assert main(["diff", old, new, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["counts"]["statement"] == {"added": 0, "changed": 1, "moved": 0, "removed": 1, "unchanged": 0}
    assert told["changes"][0]["fields"] == [{"field": "value", "old": ["5"], "new": ["6"]}]
    assert [main(["diff", old, other, "--exit-code"]) for other in (new, old)] == [3, 0]


# ---- history -------------------------------------------------------------------------------------


def seen(folder: Path) -> dict[str, tuple[str, ...]]:
    """Statement -> first seen, last seen, successor."""
    found: dict[str, dict[str, str]] = {}
    for quad in ox.parse(path=str(folder / "lists" / "history.ttl"), format=ox.RdfFormat.TURTLE):
        local = quad.predicate.value.rpartition("#")[2].rpartition("/")[2]
        found.setdefault(quad.subject.value.removeprefix(BASE), {})[local] = quad.object.value  # type: ignore[union-attr]
    names = ("firstSeen", "lastSeen", "isReplacedBy")
    return {iri: tuple(of[name] for name in names if name in of) for iri, of in found.items()}


def test_each_statement_says_since_when_and_until_when(tmp_path: Path) -> None:
    release(tmp_path, "2026.09", GROWTH, EXPORTS)
    release(tmp_path, "2026.10", replace(GROWTH, start=107, value="6"), LATER, previous="2026.09")
    third = release(tmp_path, "2026.11", replace(GROWTH, start=107, value="7"), EXPORTS, previous="2026.10")
    assert seen(tmp_path / "2026.09") == {
        "statement/suzhou/100": ("2026.09", "2026.09"),
        "statement/suzhou/200": ("2026.09", "2026.09"),
    }
    assert seen(tmp_path / "2026.10") == {
        "statement/suzhou/100": ("2026.09", "2026.09", BASE + "statement/suzhou/107"),
        "statement/suzhou/107": ("2026.09", "2026.10"),
        "statement/suzhou/200": ("2026.09", "2026.09", BASE + "statement/suzhou/900"),
        "statement/suzhou/900": ("2026.09", "2026.10"),
    }
    assert seen(third) == {
        "statement/suzhou/100": ("2026.09", "2026.09", BASE + "statement/suzhou/107"),
        "statement/suzhou/107": ("2026.09", "2026.11"),
        "statement/suzhou/200": ("2026.09", "2026.11"),
        "statement/suzhou/900": ("2026.09", "2026.10", BASE + "statement/suzhou/200"),
    }
    assert release_of(third) == "2026.11"
    text = (third / "dcat.ttl").read_text("utf-8")
    assert "dcat:previousVersion <release/2026.10> ;" in text
    assert "2026.10" in (third / "README.md").read_text("utf-8")


def test_only_the_history_differs_where_nothing_changed(tmp_path: Path) -> None:
    """Reports stay the same byte for byte from release to release."""
    release(tmp_path, "1", GROWTH)
    release(tmp_path, "2", GROWTH, previous="1")
    reports = [(tmp_path / name / "reports" / "suzhou.ttl").read_bytes() for name in "12"]
    assert reports[0] == reports[1]
    assert seen(tmp_path / "2") == {"statement/suzhou/100": ("1", "2")}


def test_a_release_needs_a_named_one_before_it(tmp_path: Path) -> None:
    dump(graph_of(GROWTH), tmp_path / "unnamed")
    with pytest.raises(GraphError, match="is not a named release; dump it with --release"):
        dump(graph_of(GROWTH), tmp_path / "new", "2", tmp_path / "unnamed")
    release(tmp_path, "1", GROWTH)
    with pytest.raises(GraphError, match="is release 1 itself"):
        dump(graph_of(GROWTH), tmp_path / "new", "1", tmp_path / "1")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["", "2026 11", "2026/11", "-1", "十一月", "a#b"])
def test_names_of_releases(name: str) -> None:
    with pytest.raises(ParameterError, match="cannot name a release"):
        release_iri(name)


def test_the_ontology_knows_both(seeds: ox.Store) -> None:
    label = ox.NamedNode(PREFIXES["rdfs"] + "label")
    for name in ("firstSeen", "lastSeen"):
        found = seeds.quads_for_pattern(ox.NamedNode(PLAN + name), label, None, None)
        assert {q.object.language for q in found} == {"zh", "en"}  # type: ignore[union-attr]
