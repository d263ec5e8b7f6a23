"""Candidates from a service that speaks the Reconciliation Service API 0.2 (W3C Entity Reconciliation
Community Group, https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from loaders.errors import ParameterError, ServerError
from plankg.linking.asking import Guest
from plankg.linking.candidates import Candidate
from plankg.linking.things import HINTS, Thing

#: Versions of the protocol whose queries and answers this module writes and reads.
VERSIONS: Final = ("0.1", "0.2")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a service says of itself. ``space`` is the beginning of the IRIs of its entities."""

    name: str
    space: str

    def iri(self, identifier: str) -> str:
        return identifier if identifier.startswith(("http://", "https://")) else self.space + identifier


def manifest(guest: Guest) -> Manifest:
    """Asks the service what it is.

    Raises :class:`ServerError` when it is no reconciliation service of these versions.
    """
    told = guest.get()
    try:
        versions = told.get("versions", ["0.1"])  # 0.1 had no such field
        name, space = str(told["name"]), str(told["identifierSpace"])
    except (AttributeError, KeyError, TypeError):
        raise ServerError(
            f"{guest.url} is no reconciliation service: its manifest lacks a name or space"
        ) from None
    if not set(VERSIONS) & set(versions):
        raise ServerError(
            f"{guest.url} speaks version {', '.join(map(str, versions))}, not {' or '.join(VERSIONS)}"
        )
    if not space.startswith(("http://", "https://")):
        raise ServerError(f"{guest.url} names things by {space!r}, which is no beginning of an IRI")
    return Manifest(name, space)


def propose(
    guest: Guest,
    service: Manifest,
    things: Sequence[Thing],
    *,
    limit: int,
    type_: str = "",
    properties: Mapping[str, str] | None = None,
) -> list[Candidate]:
    """Candidates for a batch of things, in one request; ``properties``: property of the service -> hint.

    Raises :class:`ServerError` when the answer is not one, :class:`ParameterError` for an unknown hint.
    """
    for hint in (properties or {}).values():
        if hint not in HINTS:
            raise ParameterError(f"no hint is called {hint!r}; there are {', '.join(HINTS)}")
    queries = {f"q{n}": _query(thing, limit, type_, properties or {}) for n, thing in enumerate(things)}
    answer = guest.post({"queries": json.dumps(queries, ensure_ascii=False)})
    found = []
    try:
        for n, thing in enumerate(things):
            for result in answer[f"q{n}"]["result"][:limit]:
                found.append(_candidate(thing, service, result))
    except (KeyError, TypeError, ValueError):
        raise ServerError(f"{guest.url} answers what is no list of candidates") from None
    return found


def _query(thing: Thing, limit: int, type_: str, properties: Mapping[str, str]) -> dict[str, Any]:
    query: dict[str, Any] = {"query": thing.name, "limit": limit}
    if type_:
        query["type"] = type_
    sent = [{"pid": pid, "v": value} for pid, hint in properties.items() for value in thing.hint(hint)]
    if sent:
        query["properties"] = sent
    return query


def _candidate(thing: Thing, service: Manifest, result: Mapping[str, Any]) -> Candidate:
    return Candidate(
        thing=thing.iri,
        name=thing.name,
        where=thing.where,
        candidate=service.iri(str(result["id"])),
        label=str(result["name"]),
        description=str(result.get("description") or ""),
        score=float(result["score"]),
        match=bool(result["match"]),
    )
