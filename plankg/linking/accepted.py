"""Accepted candidates become links: Turtle in the graph folder, which every build there takes up.

Each is the SKOS match itself and a ``plan:Link`` that says who accepted it, when, how sure the service was
and which service it was. What is there is never changed: a link can be added beside it, not put in its place.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from loaders.errors import GraphError, ParameterError
from loaders.namespaces import BASE, PREFIXES
from plankg.linking.candidates import STRENGTHS, Candidate
from plankg.store import one_line

PLAN: Final = PREFIXES["plan"]
SKOS: Final = PREFIXES["skos"]
HEAD: Final = "# Links that a person accepted: written by `plankg link --accept`, read by `plankg build`.\n\n"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the accepted candidates."""

    added: tuple[Candidate, ...]
    already: tuple[Candidate, ...]
    refused: tuple[tuple[Candidate, str], ...]  #: with why


def accept(
    rows: Iterable[Candidate], path: Path, known: Mapping[str, frozenset[str]], by: str, day: str
) -> Outcome:
    """Adds the accepted rows to the links in ``path``.

    ``known``: IRI of each thing of the graph -> IRIs it is exactly matched to. ``by`` is who accepted,
    ``day`` an ISO date. A row is refused when the graph has no such thing, or when an exact match of one side
    with something else is there already. Raises :class:`ParameterError` when ``path`` is not Turtle.
    """
    before = load(path)
    exact = {thing: set(matched) for thing, matched in known.items()}
    for triple in before:
        if triple.predicate.value == SKOS + "exactMatch":
            exact.setdefault(_value(triple.subject), set()).add(_value(triple.object))
    owner = {match: thing for thing, matches in exact.items() for match in matches}
    stated = {(_value(t.subject), _value(t.object)) for t in before if t.predicate.value.startswith(SKOS)}
    added, already, refused = [], [], []
    triples = dict.fromkeys(before)
    for row in rows:
        if row.decision not in STRENGTHS:
            continue
        rivals = {one for one in exact.get(row.thing, ()) if _space(one) == _space(row.candidate)}
        if row.thing not in known:
            refused.append((row, "the graph has no such thing"))
        elif (row.thing, row.candidate) in stated or row.candidate in rivals:
            already.append(row)
        elif row.decision == "exact" and rivals:
            refused.append((row, f"it is exactly {min(rivals)} already"))
        elif row.decision == "exact" and row.candidate in owner:
            refused.append((row, f"that is exactly {owner[row.candidate]} already"))
        else:
            if row.decision == "exact":
                exact.setdefault(row.thing, set()).add(row.candidate)
                owner[row.candidate] = row.thing
            stated.add((row.thing, row.candidate))
            triples |= dict.fromkeys(_triples(row, by, day))
            added.append(row)
    if added:
        _write(path, list(triples))
    return Outcome(tuple(added), tuple(already), tuple(refused))


def load(path: Path) -> list[ox.Triple]:
    """The triples of a file of accepted links; none when it is not there."""
    if not path.exists():
        return []
    try:
        return [quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)]
    except (OSError, SyntaxError, ValueError) as error:
        raise ParameterError(f"{path} is not Turtle: {one_line(error)}") from None


def matched(store: ox.Store) -> dict[str, frozenset[str]]:
    """Every thing of the graph that can be linked -> what it is exactly matched to."""
    solutions = store.query(
        """SELECT ?thing ?match {
             VALUES ?class { plan:Region plan:Indicator plan:Unit plan:Topic plan:Project }
             ?thing a ?class OPTIONAL { ?thing skos:exactMatch ?match } }""",
        prefixes={"plan": PLAN, "skos": SKOS},
        use_default_graph_as_union=True,
    )
    assert isinstance(solutions, ox.QuerySolutions)
    found: dict[str, set[str]] = {}
    for row in solutions:
        matches = found.setdefault(row["thing"].value, set())
        if row["match"] is not None:
            matches.add(row["match"].value)
    return {thing: frozenset(matches) for thing, matches in found.items()}


def _triples(row: Candidate, by: str, day: str) -> list[ox.Triple]:
    digest = hashlib.sha256(f"{row.thing} {row.candidate}".encode()).hexdigest()[:16]
    link, thing, other = ox.NamedNode(f"{BASE}link/{digest}"), ox.NamedNode(row.thing), _iri(row.candidate)
    strength = ox.NamedNode(f"{SKOS}{row.decision}Match")
    found = [
        ox.Triple(thing, strength, other),
        ox.Triple(link, ox.NamedNode(PREFIXES["rdf"] + "type"), ox.NamedNode(PLAN + "Link")),
        ox.Triple(link, ox.NamedNode(PLAN + "linkSubject"), thing),
        ox.Triple(link, ox.NamedNode(PLAN + "linkStrength"), strength),
        ox.Triple(link, ox.NamedNode(PLAN + "linkObject"), other),
        ox.Triple(link, ox.NamedNode(PLAN + "linkMethod"), ox.NamedNode(PLAN + "byService")),
        ox.Triple(link, ox.NamedNode(PLAN + "acceptedBy"), ox.Literal(by)),
        ox.Triple(link, ox.NamedNode(PREFIXES["dct"] + "created"), _date(day)),
    ]
    if (confidence := scaled(row.score)) is not None:
        literal = ox.Literal(f"{confidence:.4f}", datatype=ox.NamedNode(PREFIXES["xsd"] + "decimal"))
        found.append(ox.Triple(link, ox.NamedNode(PLAN + "linkConfidence"), literal))
    if row.service:
        found.append(ox.Triple(link, ox.NamedNode(PREFIXES["dct"] + "source"), _iri(row.service)))
    return found


def scaled(score: float) -> float | None:
    """A score from 0 to 100 as one from 0 to 1; none where the service counts in another way.

    >>> scaled(97.0), scaled(250.0)
    (0.97, None)
    """
    return score / 100 if 0 <= score <= 100 else None


def _iri(text: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(text)
    except ValueError:
        raise ParameterError(f"{text!r} is not an IRI") from None


def _date(day: str) -> ox.Literal:
    """A date as ``xsd:dateTime``: a reasoner refuses ``xsd:date``."""
    return ox.Literal(f"{day}T00:00:00Z", datatype=ox.NamedNode(PREFIXES["xsd"] + "dateTime"))


def _space(iri: str) -> str:
    """The data an IRI belongs to: all but its last part.

    >>> _space("http://www.wikidata.org/entity/Q42622")
    'http://www.wikidata.org/entity/'
    """
    return iri[: max(iri.rstrip("/").rfind("/"), iri.rfind("#")) + 1]


def _value(node: object) -> str:
    return node.value if isinstance(node, ox.NamedNode | ox.Literal | ox.BlankNode) else ""


def _write(path: Path, triples: Sequence[ox.Triple]) -> None:
    prefixes = {name: PREFIXES[name] for name in ("plan", "skos", "dct", "xsd")}
    ordered = sorted(triples, key=str)
    turtle = ox.serialize(ordered, format=ox.RdfFormat.TURTLE, prefixes=prefixes)
    assert turtle is not None
    beside = path.with_name(path.name + ".new")
    try:
        beside.write_bytes(HEAD.encode() + turtle)
        beside.replace(path)
    except OSError as error:
        raise GraphError(f"{path} cannot be written: {error.strerror or error}") from None
