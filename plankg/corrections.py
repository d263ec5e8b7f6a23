"""Corrections: what a person declares to be otherwise than it was read, applied when a graph is built.

    [[correction]]
    statement = "suzhou-plan-2023/5415"  # or the whole IRI
    field = "value"
    old = "5"        # as read; "" where nothing was read
    new = "5.5"      # "" takes the value away
    reason = "The table on page 3 prints 5.5."
    who = "Li Hua"
    when = "2026-11-22"

Values are written as text: numbers in the unit of the statement, things by the end of their IRI
(``gdp/growth``, ``320500``, ``2021/2025`` is ``2021--2025``). A correction guards itself: when the reading no
longer gives the old value, the build fails and says so. The quote and its place stay, and the statement keeps
what was corrected (``plan:correction``).
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from loaders.errors import PlankgError
from loaders.namespaces import BASE, GRAPH, PLAN, PREFIXES
from plankg.sources import Input, collect

LIST: Final = "corrections.toml"
NUMBER: Final = "number"
TEXT: Final = "text"
#: Field -> what it holds: a number, a text, or things whose IRI begins with this.
FIELDS: Final = {
    "value": NUMBER,
    "low": NUMBER,
    "high": NUMBER,
    "indicator": BASE + "indicator/",
    "region": BASE + "region/",
    "period": BASE + "period/",
    "unit": BASE + "unit/",
    "project": BASE + "project/",
    "topic": BASE + "topic/",
    "comparator": PLAN,
    "bindingness": PLAN,
    "direction": PLAN,
    "status": PLAN,
    "basis": TEXT,
}
_XSD: Final = PREFIXES["xsd"]
_A: Final = ox.NamedNode(PREFIXES["rdf"] + "type")
_YEAR: Final = ox.NamedNode(PLAN + "year")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class CorrectionError(PlankgError):
    """A correction that is malformed, or that does not fit what was read."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One field of one assertion. ``statement`` is its whole IRI; ``old`` and ``new`` are as declared, ""
    for none."""

    statement: str
    field: str
    old: str
    new: str
    reason: str
    who: str
    when: str

    @property
    def report(self) -> str:
        """The slug of the report it is stated in."""
        return self.statement.removeprefix(BASE).split("/")[1]

    @property
    def name(self) -> str:
        """How a message calls it: ``suzhou-plan-2023/5415, value``."""
        return f"{self.statement.removeprefix(BASE).removeprefix('statement/')}, {self.field}"


def read(path: Path) -> tuple[Correction, ...]:
    """The corrections declared in a file.

    Raises :class:`CorrectionError` for a file that is not TOML, a key that is missing or unknown, a field
    that cannot be corrected, and two corrections of one field of one statement.
    """
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CorrectionError(f"{path} is not a list of corrections: {error}") from None
    if content.keys() - {"correction"}:
        raise CorrectionError(f"{path}: only [[correction]] may stand here")
    entries = content.get("correction", [])
    if not isinstance(entries, list):
        raise CorrectionError(f"{path} is not a list of corrections: [[correction]] begins each one")
    found = tuple(_correction(path, number, entry) for number, entry in enumerate(entries, 1))
    seen: set[tuple[str, str]] = set()
    for correction in found:
        key = correction.statement, correction.field
        if key in seen:
            raise CorrectionError(f"{path}: {correction.name} is corrected twice")
        seen.add(key)
    return found


def _correction(path: Path, number: int, entry: object) -> Correction:
    where, names = f"{path}, correction {number}", [field.name for field in fields(Correction)]
    if not isinstance(entry, dict):
        raise CorrectionError(f"{where}: [[correction]] begins each one")
    for name in names:
        if name not in entry:
            raise CorrectionError(f"{where}: {name} is missing")
        if not isinstance(entry[name], str):
            raise CorrectionError(f'{where}: {name} is to be text in quotes, like old = "5"')
    if unknown := sorted(entry.keys() - names):
        raise CorrectionError(f"{where}: nothing is called {unknown[0]!r}; there are {', '.join(names)}")
    if entry["field"] not in FIELDS:
        raise CorrectionError(
            f"{where}: the field {entry['field']!r} cannot be corrected; these can: {', '.join(FIELDS)}"
        )
    for name in ("reason", "who"):
        if not entry[name].strip():
            raise CorrectionError(f"{where}: {name} is empty")
    if not _DAY.fullmatch(entry["when"]):
        raise CorrectionError(f"{where}: when is a day, like 2026-11-22")
    return _with_iri(where, entry)


def _with_iri(where: str, entry: dict[str, Any]) -> Correction:
    name = entry["statement"].removeprefix(BASE)
    kinds = ("statement/", "measure/", "project-statement/")
    name = name if name.startswith(kinds) else f"statement/{name}"
    if not re.fullmatch(r"[a-z-]+/[^/\s#<>]+/[^/\s#<>]+", name):
        raise CorrectionError(
            f"{where}: {entry['statement']!r} is no statement; write report/start or its IRI"
        )
    return Correction(**{**entry, "statement": BASE + name})


def of_build(inputs: Sequence[Input], extra: Path | None) -> tuple[Correction, ...]:
    """The corrections of the reports of a build: those declared in ``corrections.toml`` beside them, and all
    of the file ``extra``.

    A list beside the reports may also correct reports of its folder that are not built this time. Raises
    :class:`CorrectionError` for one of a report that is not there, and as :func:`read` does.
    """
    built = {report.source.slug for report in inputs}
    found: list[Correction] = []
    for folder in sorted({report.path.parent for report in inputs}):
        if (folder / LIST).is_file():
            found += _of_folder(folder, built)
    if extra is not None:
        for correction in read(extra):
            if correction.report not in built:
                raise CorrectionError(
                    f"correction of {correction.name}: no report {correction.report} is built"
                )
            found.append(correction)
    twice = [
        c
        for at, c in enumerate(found)
        if (c.statement, c.field) in {(o.statement, o.field) for o in found[:at]}
    ]
    if twice:
        raise CorrectionError(f"correction of {twice[0].name}: it is declared in two files")
    return tuple(found)


def _of_folder(folder: Path, built: set[str]) -> Iterator[Correction]:
    there: set[str] | None = None
    for correction in read(folder / LIST):
        if correction.report in built:
            yield correction
            continue
        there = there or {report.source.slug for report in collect([folder])}
        if correction.report not in there:
            raise CorrectionError(
                f"correction of {correction.name}: {folder} has no report {correction.report}"
            )


# ---- applied -------------------------------------------------------------------------------------


def apply(store: ox.Store, corrections: Iterable[Correction]) -> int:
    """Applies corrections to a graph; returns how many.

    A corrected ``value`` takes along ``low`` and ``high`` where they said the same, a corrected ``period``
    the year. Raises :class:`CorrectionError` when there is no such statement, when the old value is not
    there, and when a new thing is not in the graph.
    """
    number = 0
    for number, correction in enumerate(corrections, 1):  # noqa: B007
        _apply(store, correction)
    return number


def _apply(store: ox.Store, correction: Correction) -> None:
    node = ox.NamedNode(correction.statement)
    graph = ox.NamedNode(f"{GRAPH}report/{correction.report}")
    if not any(True for _ in store.quads_for_pattern(node, _A, None, graph)):
        raise CorrectionError(f"correction of {correction.name}: there is no such statement in the graph")
    predicate = ox.NamedNode(PLAN + correction.field)
    there = {quad.object for quad in store.quads_for_pattern(node, predicate, None, graph)}
    old, new = (_term(correction, text) for text in (correction.old, correction.new))
    if there != ({old} if old is not None else set()):
        read_as = ", ".join(sorted(_declared(correction.field, term) for term in there)) or "nothing"
        raise CorrectionError(
            f"correction of {correction.name}: it expects {correction.old or 'nothing'!s}, "
            f"the reading gives {read_as}; drop or renew the correction"
        )
    if isinstance(new, ox.NamedNode) and not any(True for _ in store.quads_for_pattern(new, _A, None, None)):
        raise CorrectionError(f"correction of {correction.name}: nothing in the graph is {new.value}")
    _replace(store, node, predicate, old, new, graph)
    if correction.field == "value":
        for bound in ("low", "high"):
            side = ox.NamedNode(PLAN + bound)
            if old is not None and ox.Quad(node, side, old, graph) in store:
                _replace(store, node, side, old, new, graph)
    elif correction.field == "period":
        years = [quad.object for quad in store.quads_for_pattern(node, _YEAR, None, graph)]
        for year in years:
            store.remove(ox.Quad(node, _YEAR, year, graph))
        if re.fullmatch(r"\d{4}", correction.new):
            store.add(ox.Quad(node, _YEAR, ox.Literal(int(correction.new)), graph))
    store.extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in _note(correction))


def _replace(
    store: ox.Store,
    node: ox.NamedNode,
    predicate: ox.NamedNode,
    old: ox.NamedNode | ox.Literal | None,
    new: ox.NamedNode | ox.Literal | None,
    graph: ox.NamedNode,
) -> None:
    if old is not None:
        store.remove(ox.Quad(node, predicate, old, graph))
    if new is not None:
        store.add(ox.Quad(node, predicate, new, graph))


def _note(correction: Correction) -> Iterator[ox.Triple]:
    """What was corrected, why, by whom and when."""
    node = ox.NamedNode(f"{BASE}correction/{correction.statement.removeprefix(BASE)}/{correction.field}")
    yield ox.Triple(ox.NamedNode(correction.statement), ox.NamedNode(PLAN + "correction"), node)
    for class_ in (PLAN + "Correction", PREFIXES["prov"] + "Entity"):
        yield ox.Triple(node, _A, ox.NamedNode(class_))
    for predicate, text in (
        (PLAN + "correctedField", correction.field),
        (PLAN + "oldValue", correction.old),
        (PLAN + "newValue", correction.new),
        (PLAN + "reason", correction.reason),
        (PREFIXES["dct"] + "creator", correction.who),
        (PREFIXES["dct"] + "created", correction.when),
    ):
        yield ox.Triple(node, ox.NamedNode(predicate), ox.Literal(text))


def _term(correction: Correction, text: str) -> ox.NamedNode | ox.Literal | None:
    """A declared value as the term the graph holds."""
    kind = FIELDS[correction.field]
    if not text:
        return None
    if kind == TEXT:
        return ox.Literal(text, language="zh")
    if kind == NUMBER:
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise CorrectionError(f"correction of {correction.name}: {text!r} is not a number")
        plain = f"{number.normalize():f}"
        return ox.Literal(plain, datatype=ox.NamedNode(_XSD + "decimal"))
    try:
        return ox.NamedNode(text if text.startswith(BASE) else kind + text)
    except ValueError:
        raise CorrectionError(f"correction of {correction.name}: {text!r} cannot be part of an IRI") from None


def _declared(field: str, term: object) -> str:
    """A term as a correction would declare it."""
    assert isinstance(term, ox.NamedNode | ox.Literal)
    return term.value.removeprefix(FIELDS[field]) if isinstance(term, ox.NamedNode) else term.value
