"""Candidates from a SPARQL endpoint: what is called the same there."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from loaders.errors import QueryError, ServerError
from plankg.linking.asking import Guest
from plankg.linking.candidates import Candidate
from plankg.linking.things import Thing

DEFAULT: Final = Path(__file__).with_name("labels.rq")
_NAMES = re.compile(r"^[ \t]*VALUES\s*\(\s*\?n\s+\?name\s*\)\s*\{.*\}[ \t]*# names[ \t]*$", re.MULTILINE)


def template(path: Path = DEFAULT) -> str:
    """The text of a query for candidates.

    Raises :class:`QueryError` when the file is missing or has no ``VALUES (?n ?name) { } # names`` line.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise QueryError(f"{path} cannot be read as text") from None
    if len(_NAMES.findall(text)) != 1:
        raise QueryError(f"{path} has no line `VALUES (?n ?name) {{ }} # names`")
    return text


def propose(
    guest: Guest, text: str, space: str, things: Sequence[Thing], *, limit: int, language: str = "zh"
) -> list[Candidate]:
    """Candidates whose IRI begins with ``space``, for a batch of things, in one request, the best first.

    Raises :class:`ServerError` when the answer is not one of SPARQL.
    """
    names = " ".join(f"({n} {ox.Literal(thing.name, language=language)})" for n, thing in enumerate(things))
    query = _NAMES.sub(lambda _: f"  VALUES (?n ?name) {{ {names} }}", text)
    answer = guest.post({"query": query}, accept="application/sparql-results+json")
    try:
        rows = [{k: str(v["value"]) for k, v in row.items()} for row in answer["results"]["bindings"]]
        found: dict[tuple[int, str], Candidate] = {}
        for row in rows:
            one = _candidate(things[int(row["n"])], row)
            known = found.get(key := (int(row["n"]), one.candidate))
            if one.candidate.startswith(space) and (known is None or known.score < one.score):
                found[key] = one
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        raise ServerError(f"{guest.url} answers what is no list of candidates") from None
    best = sorted(found.items(), key=lambda item: (item[0][0], -item[1].score, item[1].candidate))
    kept: dict[int, list[Candidate]] = {}
    for (n, _), one in best:
        kept.setdefault(n, []).append(one)
    return [one for n in sorted(kept) for one in kept[n][:limit]]


def _candidate(thing: Thing, row: dict[str, str]) -> Candidate:
    return Candidate(
        thing=thing.iri,
        name=thing.name,
        where=thing.where,
        candidate=row["candidate"],
        label=row.get("label", ""),
        description=row.get("description", ""),
        score=float(row.get("score", 0)),
        match=False,
    )
