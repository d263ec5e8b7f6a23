"""``plankg check``: is the graph what the ontology says a graph is?

Four parts, each a list of findings: what the reasoners say of the ontology and of a sample of facts
(:mod:`plankg.reasoning`), the shapes over every node (:mod:`plankg.shapes`), the integrity constraints of the
W3C Data Cube recommendation, and whether each term and thing in use is declared, described and labelled.
"""

import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from itertools import chain, groupby
from pathlib import Path
from typing import Final, Literal, get_args

import click
import httpx
import pyoxigraph as ox
from rich.markup import escape

from loaders.errors import GraphError, OntologyError
from loaders.namespaces import BASE, GRAPH, PLAN, PREFIXES
from loaders.resources import folder
from plankg import against as against_figures
from plankg import reasoning, shapes
from plankg.commands import err, graph_option, out
from plankg.results import shorten
from plankg.shapes import Constraint, Severity
from plankg.store import one_line, open_store

Part = Literal["ontology", "shapes", "cube", "terms"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)
TITLES: Final[dict[Part, str]] = {
    "ontology": "OWL 2 DL and consistency",
    "shapes": "SHACL shapes",
    "cube": "Data Cube integrity constraints",
    "terms": "declared, described, labelled",
}
#: The ontology's own files, in the order in which they are read. Shapes are data about data and stay out.
FILES: Final = (
    "plankg.ttl",
    "topics.ttl",
    "units.ttl",
    "indicators.ttl",
    "regions.ttl",
    "regions-history.ttl",
    "links.ttl",
)
#: Classes whose members make up the sample of facts, and how many of each.
SAMPLED: Final = (
    "Target",
    "Result",
    "Estimate",
    "QualitativeTarget",
    "QualitativeResult",
    "RelativeTarget",
    "Measure",
    "ProjectStatement",
)
SAMPLE_SIZE: Final = 40
#: Requests to a server at the same time, and how often one is made while the server is busy.
CONNECTIONS: Final = 8
ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong (violation) or unusual (warning), and with which fact."""

    part: Part
    rule: str  #: the shape or constraint
    severity: Severity
    message: str
    message_zh: str
    focus: str  #: IRI of what it is about, or ""
    value: str  #: the value to blame, or ""
    where: str  #: the fact in words: report, offset, what is printed


@dataclass(frozen=True, slots=True)
class PartReport:
    """What one part looked at. ``checked`` counts the rules."""

    part: Part
    title: str
    checked: int
    seconds: float
    findings: tuple[Finding, ...]

    def count(self, severity: Severity) -> int:
        return sum(finding.severity == severity for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Report:
    """The whole check. It conforms when nothing is a violation."""

    parts: tuple[PartReport, ...]

    @property
    def conforms(self) -> bool:
        return not any(part.count("violation") for part in self.parts)


def run(
    store: ox.Store | None,
    parts: Sequence[Part] = PARTS,
    server: str = "",
    sample_of_server: int = 0,
    on_part: Callable[[PartReport], None] = lambda part: None,
) -> Report:
    """Checks the ontology and, where ``store`` is given, the built graph in it.

    ``server`` is the address of a running server that must answer for every IRI of the graph, or for
    ``sample_of_server`` IRIs of each kind; ``on_part`` hears of each part when it is done. Raises
    :class:`OntologyError` when a file of the ontology cannot be read and
    :class:`plankg.reasoning.ReasonerError` when Java does not run.
    """
    reports = []
    for part in parts:
        started = time.monotonic()
        if part == "ontology":
            checked, findings = _ontology(store)
        elif store is None:
            raise GraphError("these checks need a built graph")
        elif part == "shapes":
            checked, findings = _rules(store, part, shapes.constraints())
        elif part == "cube":
            checked, findings = _rules(store, part, cube_constraints(store))
        else:
            checked, findings = _rules(store, part, rules(folder("ontology") / "checks" / "terms"))
            if server:
                findings += list(_unresolved(store, server, sample_of_server))
        seconds = round(time.monotonic() - started, 2)
        reports.append(PartReport(part, TITLES[part], checked, seconds, tuple(findings)))
        on_part(reports[-1])
    return Report(tuple(reports))


# ---- rules as queries ----------------------------------------------------------------------------


def rules(path: Path) -> tuple[Constraint, ...]:
    """Every ``.rq`` file of a folder: title, rule and messages in its header, a query for what breaks it.

    Raises :class:`OntologyError` when a file lacks its title or message.
    """
    found = []
    for file in sorted(path.glob("*.rq")):
        text = file.read_text("utf-8")
        header = dict(re.findall(r"^# (title|rule|message|message-zh): (.+)$", text, re.MULTILINE))
        if not {"title", "message", "message-zh"} <= set(header):
            raise OntologyError(f"{file} lacks its title or its message in English or Chinese")
        found.append(Constraint(header["title"], header["message"], header["message-zh"], "violation", text))
    return tuple(found)


def cube_constraints(store: ox.Store) -> tuple[Constraint, ...]:
    """IC-1 to IC-21 of the Data Cube recommendation.

    A property path cannot hold a variable, so IC-20 and IC-21 are asked once for each
    ``qb:parentChildProperty`` of the graph (or of its inverse), as the recommendation says.
    """
    found = []
    for constraint in rules(folder("ontology") / "checks" / "cube"):
        if "<p>" not in constraint.query:
            found.append(constraint)
            continue
        path = "qb:parentChildProperty" + ("/owl:inverseOf" if "owl:inverseOf" in constraint.query else "")
        rows = _select(
            store,
            f"PREFIX qb: <{PREFIXES['qb']}> PREFIX owl: <{PREFIXES['owl']}>"
            f"SELECT DISTINCT ?p {{ ?list {path} ?p FILTER ISIRI(?p) }} ORDER BY ?p",
        )
        for (property_,) in rows:
            assert isinstance(property_, ox.NamedNode)
            found.append(replace(constraint, query=constraint.query.replace("<p>", str(property_))))
    return tuple(found)


def _rules(store: ox.Store, part: Part, constraints: Sequence[Constraint]) -> tuple[int, list[Finding]]:
    findings = []
    for constraint in constraints:
        seen = set()
        for row in _select(store, constraint.query):
            focus, value = row[0], row[1] if len(row) > 1 else None
            if focus is None or (focus, value) in seen:
                continue
            seen.add((focus, value))
            findings.append(
                Finding(
                    part,
                    constraint.name,
                    constraint.severity,
                    constraint.message,
                    constraint.message_zh,
                    _text(focus),
                    _text(value),
                    where(store, focus),
                )
            )
    return len(constraints), sorted(findings, key=lambda f: (f.rule, f.message, f.focus, f.value))


def _select(store: ox.Store, query: str) -> Iterator[tuple[object, ...]]:
    solutions = store.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    for row in solutions:
        yield tuple(row)


def where(store: ox.Store, node: object) -> str:
    """A fact in words: its report, its place there and what is printed; of other things the label."""
    if not isinstance(node, ox.NamedNode | ox.BlankNode):
        return ""
    report, start = _one(store, node, "plan:statedIn"), _one(store, node, "plan:start")
    words = _one(store, node, "plan:printed") or _one(store, node, "plan:quote")
    if report:
        indicator = next(_objects(store, node, "plan:indicator"), None)
        named = where(store, indicator) if indicator is not None else ""
        return f"{report.rpartition('/')[2]} at {start}: {named} {words[:60]}".replace("  ", " ").strip()
    labels = list(_objects(store, node, "rdfs:label"))
    zh = [label.value for label in labels if isinstance(label, ox.Literal) and label.language == "zh"]
    return min(zh or [label.value for label in labels if isinstance(label, ox.Literal)], default="")


def _one(store: ox.Store, node: ox.NamedNode | ox.BlankNode, name: str) -> str:
    return min((_text(value) for value in _objects(store, node, name)), default="")


def _objects(store: ox.Store, node: ox.NamedNode | ox.BlankNode, name: str) -> Iterator[object]:
    prefix, _, local = name.partition(":")
    predicate = ox.NamedNode(PREFIXES[prefix] + local)
    return (quad.object for quad in store.quads_for_pattern(node, predicate, None, None))


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal) else ""


# ---- the ontology and a sample of facts ----------------------------------------------------------


def _ontology(store: ox.Store | None) -> tuple[int, list[Finding]]:
    """Profile, class hierarchy and consistency of the files; profile and consistency of a sample of facts."""
    files = reasoning.read(*(name for name in FILES if (folder("ontology") / name).exists()))
    subjects = {"the ontology": files}
    if store is not None:
        subjects["the ontology with a sample of facts"] = sample(store)
    terms = reasoning.read("plankg.ttl", "topics.ttl")
    findings = []
    with ThreadPoolExecutor(max_workers=2) as pool:  # each runs a process of its own
        consistent = {
            name: pool.submit(reasoning.is_consistent, triples) for name, triples in subjects.items()
        }
        profiles = {
            name: pool.submit(reasoning.profile_violations, triples) for name, triples in subjects.items()
        }
        for name, triples in subjects.items():
            for sentence in profiles[name].result():
                message = f"{name} is not OWL 2 DL: {sentence}"
                findings.append(_said("OWL 2 DL profile", message, f"不符合 OWL 2 DL：{sentence}"))
            if not consistent[name].result():
                why = reasoning.contradiction(triples)
                findings.append(_said("Consistency", f"{name} contradicts itself: {why}", f"自相矛盾：{why}"))
    if not any(finding.rule == "Consistency" for finding in findings):
        for concept, above in sorted(reasoning.classify(terms).items()):
            if PREFIXES["owl"] + "Nothing" in above:
                message = f"no thing can belong to the class {shorten(concept)}"
                findings.append(_said("Class hierarchy", message, "该类不可能有成员", concept))
    return 2 * len(subjects) + 1, findings


def _said(rule: str, message: str, message_zh: str, focus: str = "") -> Finding:
    return Finding("ontology", rule, "violation", message, message_zh, focus, "", "")


def sample(store: ox.Store, size: int = SAMPLE_SIZE) -> list[ox.Triple]:
    """The graph's schema (its ontology and topics), and ``size`` members of each class with all they lead to.

    The same graph gives the same sample: members are taken in the order of a digest of their IRIs.
    """
    found: dict[ox.Triple, None] = {}
    seen: set[object] = set()
    for name in ("ontology", "topics"):
        for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH + name)):
            found[quad.triple] = None
            seen.add(quad.subject)
    queue: list[object] = []
    for name in SAMPLED:
        query = f"SELECT ?this {{ ?this a <{PLAN}{name}> }} ORDER BY MD5(STR(?this)) LIMIT {size}"
        queue += [row[0] for row in _select(store, query)]
    while queue:
        node = queue.pop()
        if node in seen or not isinstance(node, ox.NamedNode) or not node.value.startswith(BASE):
            continue
        seen.add(node)
        for quad in store.quads_for_pattern(node, None, None, None):
            found[quad.triple] = None
            queue += [quad.predicate, quad.object]
    return list(found)


# ---- a running server ----------------------------------------------------------------------------


def _unresolved(store: ox.Store, server: str, sample: int = 0) -> Iterator[Finding]:
    """Asks the server for every IRI of ours in the graph, and tells of those it does not answer, or answers
    without a word about them. ``sample``: only so many of each kind, 0 for all."""
    documents: dict[str, list[str]] = {}
    for iri in sorted(_ours(store)):
        documents.setdefault(iri.partition("#")[0], []).append(iri)
    asked = _some_of_each_kind(documents, sample) if sample else list(documents)
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    with (
        httpx.Client(timeout=30, follow_redirects=True, trust_env=False, limits=limits) as client,
        ThreadPoolExecutor(CONNECTIONS) as pool,
    ):
        base = server.rstrip("/") + "/"
        told = pool.map(lambda document: _answered(client, base, document, documents[document]), asked)
        for iri, said in chain.from_iterable(told):
            message = f"the IRI does not resolve: {said}"
            yield Finding("terms", "IRIs resolve", "violation", message, "IRI 无法解析", iri, "", "")


def _answered(client: httpx.Client, base: str, document: str, iris: Sequence[str]) -> list[tuple[str, str]]:
    """What is wrong with the answer for a document of ours: each IRI that it should describe, and why it does
    not."""
    address = base + document.removeprefix(BASE)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            answer = client.get(address, headers={"accept": "application/n-triples"})
        except httpx.HTTPError as error:
            return [(iri, f"{address}: {one_line(error)}") for iri in iris]
        if answer.status_code not in (429, 503) or attempt == ATTEMPTS:
            break
        wait = answer.headers.get("retry-after", "1")
        time.sleep(min(int(wait), 10) if wait.isdecimal() else 1)
    if not answer.is_success:
        return [(iri, f"{address} answers {answer.status_code}") for iri in iris]
    return [(iri, f"{address} does not name it") for iri in iris if f"<{iri}>" not in answer.text]


def _ours(store: ox.Store) -> set[str]:
    """Every IRI of ours in the graph, wherever it stands."""
    found: set[object] = set()
    for quad in store:
        found.update((quad.subject, quad.predicate, quad.object, quad.graph_name))
    return {node.value for node in found if isinstance(node, ox.NamedNode) and node.value.startswith(BASE)}


def _some_of_each_kind(documents: Iterable[str], most: int) -> list[str]:
    """Up to ``most`` documents of each kind (the first part of the path), evenly spread.

    >>> _some_of_each_kind([f"{BASE}unit/{n}" for n in range(9)] + [f"{BASE}topic/a"], 3)[1:]
    ['https://w3id.org/plankg/unit/0', 'https://w3id.org/plankg/unit/3', 'https://w3id.org/plankg/unit/6']
    """
    chosen = []
    for _, group in groupby(sorted(documents), lambda iri: iri.removeprefix(BASE).partition("/")[0]):
        members = list(group)
        chosen += members[:: max(1, len(members) // most)][:most]
    return chosen


# ---- the command ---------------------------------------------------------------------------------


def as_json(report: Report, graph: Path) -> str:
    """The report as JSON: ``conforms``, the parts with their counts, and every finding."""
    parts = [
        {
            "part": part.part,
            "title": part.title,
            "rules": part.checked,
            "violations": part.count("violation"),
            "warnings": part.count("warning"),
            "seconds": part.seconds,
        }
        for part in report.parts
    ]
    findings = [asdict(finding) for part in report.parts for finding in part.findings]
    whole = {"graph": str(graph), "conforms": report.conforms, "parts": parts, "findings": findings}
    return json.dumps(whole, ensure_ascii=False, indent=2)


def as_lines(report: Report, examples: int) -> Iterator[str]:
    """The report for a reader: each rule that is broken, how often, and some of the facts it is broken by."""
    for part in report.parts:
        for (severity, rule, message), group in groupby(
            sorted(part.findings, key=lambda f: (f.severity, f.rule, f.message)),
            key=lambda f: (f.severity, f.rule, f.message),
        ):
            found = list(group)
            count = f" ({len(found)} times)" if len(found) > 1 else ""
            yield f"{severity}: {rule}: {message}{count}"
            for finding in found[:examples]:
                value = f" [{shorten(finding.value)}]" if finding.value else ""
                if finding.focus:
                    yield f"    {shorten(finding.focus)}{value} {finding.where}".rstrip()
            if len(found) > examples:
                yield f"    and {len(found) - examples} more (--format json has all)"
    verdict = "conforms" if report.conforms else "does not conform"
    yield f"{verdict}: {_counts(report.parts)}"


def _counts(parts: Sequence[PartReport]) -> str:
    """
    >>> _counts([PartReport("cube", "", 19, 0.5, ())])
    '0 violations, 0 warnings'
    """
    numbers = {severity: sum(part.count(severity) for part in parts) for severity in get_args(Severity)}
    return ", ".join(f"{n} {severity}{'' if n == 1 else 's'}" for severity, n in numbers.items())


@click.command(epilog="Example: plankg check --format json --graph graph")
@graph_option
@click.option(
    "--part",
    "parts",
    type=click.Choice(PARTS),
    multiple=True,
    help="Check only this; may be given again. `ontology` needs no graph.",
)
@click.option(
    "--server",
    default="",
    metavar="URL",
    help="A running server that must answer for every IRI of the graph.",
)
@click.option(
    "--server-sample",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Ask the server for only N IRIs of each kind; 0 asks for all.",
)
@click.option(
    "--against",
    type=click.Choice([*against_figures.KINDS, "all"]),
    is_flag=False,
    flag_value="all",
    help="Instead, compare figures: with the census, between reports, within one; without a word all three.",
)
@click.option(
    "--examples", type=click.IntRange(min=0), default=3, show_default=True, help="Facts shown for each rule."
)
@click.option("--format", "format", type=click.Choice(["table", "json"]), default="table", show_default=True)
def check(
    graph: Path,
    parts: tuple[Part, ...],
    server: str,
    server_sample: int,
    against: Literal["census", "reports", "within", "all"] | None,
    examples: int,
    format: str,
) -> None:
    """Check the ontology and the built graph; exit status 1 when something is wrong.

    The reasoners look at the ontology and at a sample of facts, the shapes and the integrity constraints of
    the Data Cube recommendation at everything. A violation is wrong; a warning asks for a look at the
    sentence. --against compares what reports say with figures from outside and with each other instead, and
    lists the disagreements with both quotes; exit status 1 when there are any.
    """
    if against is not None:
        kinds = against_figures.KINDS if against == "all" else (against,)
        sys.exit(against_figures.show(open_store(graph), kinds, format))
    console = err()

    def on_part(part: PartReport) -> None:
        console.print(f"{part.title}: {part.checked} rules, {_counts([part])}, {part.seconds:.1f} s")

    wanted = parts or PARTS
    store = None if set(wanted) == {"ontology"} and not graph.exists() else open_store(graph)
    report = run(store, wanted, server, server_sample, on_part)
    if format == "json":
        click.echo(as_json(report, graph))
    else:
        for line in as_lines(report, examples):
            out().print(escape(line), soft_wrap=True)
    if not report.conforms:
        sys.exit(1)
