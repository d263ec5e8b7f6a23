"""Two graphs or releases -> what was added, changed, moved and removed.

An assertion is the same one when it has the same IRI: it stands at the same place of the same report. Of
those left, one that went and one that came are the same when they are in the same report and of the same
kind and role, about the same indicator, region, period, project and object; first those that print the same
words, then in the order of the text. So a report whose text was replaced does not look like another one.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from loaders.namespaces import BASE, GRAPH
from plankg.release.assertions import KINDS, Assertion, Report, reports

Sort = Literal["added", "changed", "moved", "removed"]
SORTS: Final[tuple[Sort, ...]] = ("added", "changed", "moved", "removed")
#: What makes two assertions of one report the same one at another place.
KEY: Final = ("type", "indicator", "region", "period", "project", "object")
#: Not told as changes: how it was read, where it stands, what follows from other fields.
QUIET: Final = frozenset(
    {"rule", "confidence", "evidence", "start", "end", "qb:dataSet", "statedIn", "inSection", "target"}
)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field with its values before and after."""

    field: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One assertion that is not as it was. ``old`` and ``new`` are IRIs, "" where there is none; ``about``
    says what it is about and ``quote`` gives its words, as of the newer of the two."""

    sort: Sort
    kind: str
    report: str
    old: str
    new: str
    about: Mapping[str, str]
    quote: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """All changes, report by report, and how many of each kind of assertion are of which sort
    (``unchanged`` among them)."""

    changes: tuple[Change, ...]
    counts: Mapping[str, Mapping[str, int]]


def diff(old: Path, new: Path) -> Difference:
    """The difference between two folders, each a built graph or a release.

    Raises :class:`GraphError` for a folder that is neither.
    """
    counts = {kind: Counter(dict.fromkeys((*SORTS, "unchanged"), 0)) for kind in KINDS}
    changes = []
    for report, before, after in side_by_side(reports(old), reports(new)):
        for change in compare(report, before, after):
            changes.append(change)
            counts[change.kind][change.sort] += 1
        for assertion in after.values():
            counts[assertion.kind]["unchanged"] += 1
    for kind, of_kind in counts.items():
        of_kind["unchanged"] -= of_kind["added"] + of_kind["changed"] + of_kind["moved"]
        counts[kind] = of_kind
    return Difference(tuple(changes), counts)


def side_by_side(
    old: Iterator[Report], new: Iterator[Report]
) -> Iterator[tuple[str, dict[str, Assertion], dict[str, Assertion]]]:
    """Two runs of reports, each in the order of their names, joined by name; one without a partner has an
    empty one."""
    before, after = next(old, None), next(new, None)
    while before or after:
        name = min(side[0] for side in (before, after) if side)
        was = before[1] if before and before[0] == name else {}
        now = after[1] if after and after[0] == name else {}
        yield name, was, now
        if before and before[0] == name:
            before = next(old, None)
        if after and after[0] == name:
            after = next(new, None)


def compare(report: str, before: Mapping[str, Assertion], after: Mapping[str, Assertion]) -> Iterator[Change]:
    """The changes of one report, in the order of its text: those that came with those that stayed, then those
    that went."""
    came = [after[iri] for iri in after.keys() - before.keys()]
    went = [before[iri] for iri in before.keys() - after.keys()]
    partner = {now.iri: was for was, now in _partners(went, came)}
    for now in _by_place(after.values()):
        was = before.get(now.iri) or partner.get(now.iri)
        if was is None:
            yield _change("added", report, None, now)
        elif fields := tuple(_fields(was, now)):
            yield _change("changed", report, was, now, fields)
        elif was.iri != now.iri:
            yield _change("moved", report, was, now)
    found = {was.iri for was in partner.values()}
    for was in _by_place(gone for gone in went if gone.iri not in found):
        yield _change("removed", report, was, None)


def _partners(went: Iterable[Assertion], came: Iterable[Assertion]) -> Iterator[tuple[Assertion, Assertion]]:
    groups: dict[tuple[object, ...], tuple[list[Assertion], list[Assertion]]] = defaultdict(lambda: ([], []))
    for side, members in enumerate((went, came)):
        for one in _by_place(members):
            groups[one.kind, *(one.fields.get(field) for field in KEY)][side].append(one)
    for gone, new in groups.values():
        for was in list(gone):
            words = was.first("printed"), was.first("quote")
            same = next((now for now in new if (now.first("printed"), now.first("quote")) == words), None)
            if same is not None:
                gone.remove(was)
                new.remove(same)
                yield was, same
        yield from zip(gone, new, strict=False)


def _by_place(found: Iterable[Assertion]) -> list[Assertion]:
    return sorted(found, key=lambda one: (int(one.first("start") or "0"), one.iri))


def _fields(was: Assertion, now: Assertion) -> Iterator[FieldChange]:
    for field in sorted((was.fields.keys() | now.fields.keys()) - QUIET):
        old, new = was.fields.get(field, ()), now.fields.get(field, ())
        if old != new:
            yield FieldChange(field, old, new)


def _change(
    sort: Sort,
    report: str,
    was: Assertion | None,
    now: Assertion | None,
    fields: tuple[FieldChange, ...] = (),
) -> Change:
    one = now or was
    assert one is not None
    about = {field: one.first(field) for field in ("indicator", "project", "region", "period")}
    about["role"] = "target" if "plan:Target" in one.fields.get("type", ()) else ""
    if "plan:Result" in one.fields.get("type", ()):
        about["role"] = "result"
    return Change(
        sort,
        one.kind,
        report.removeprefix(GRAPH),
        was.iri if was else "",
        now.iri if now else "",
        {field: value for field, value in about.items() if value},
        one.first("quote"),
        fields,
    )


# ---- told ----------------------------------------------------------------------------------------


def as_json(difference: Difference) -> str:
    """The whole as one JSON object: ``counts`` and ``changes``."""
    told = {"counts": difference.counts, "changes": [asdict(change) for change in difference.changes]}
    return json.dumps(told, ensure_ascii=False, indent=1)


def as_text(difference: Difference) -> Iterator[str]:
    """One paragraph a change, then the counts."""
    for change in difference.changes:
        place = (change.new or change.old).removeprefix(BASE)
        yield f"{change.sort} {place}  {' '.join(change.about.values())}"
        if change.new and change.old and change.new != change.old:
            yield f"    was {change.old.removeprefix(BASE)}"
        for field in change.fields:
            yield f"    {field.field}: {_values(field.old)} -> {_values(field.new)}"
        yield f"    {change.quote}"
    yield from as_counts(difference)


def as_counts(difference: Difference) -> Iterator[str]:
    """One line a kind of assertion."""
    for kind, counts in difference.counts.items():
        yield f"{kind}s: " + ", ".join(f"{number:,} {sort}" for sort, number in counts.items())


def _values(values: tuple[str, ...]) -> str:
    return " | ".join(values) or "nothing"
