"""The things of a graph that have no match in some other data yet, with what helps to tell them apart."""

from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from loaders.namespaces import PREFIXES

#: Kind of thing -> what it is in SPARQL.
KINDS: Final = {
    "region": "?thing a plan:Region ; plan:code ?code FILTER NOT EXISTS { ?thing plan:validUntil ?ended }",
    "zone": "?thing a plan:Zone",
    "indicator": "?thing a plan:Indicator",
    "unit": "?thing a plan:Unit",
    "topic": "?thing a plan:Topic",
    "project": "?thing a plan:Project",
}
#: What `--property PID=HINT` may send: name -> path from the thing to its value.
HINTS: Final = {
    "code": "plan:code",
    "parent": "plan:parent/rdfs:label",
    "within": "plan:within/rdfs:label",
    "host": "plan:host/rdfs:label",
    "region": "plan:region/rdfs:label",
}


@dataclass(frozen=True, slots=True)
class Thing:
    """Something to be matched. ``hints`` are values of its hint names, smallest first."""

    iri: str
    name: str
    hints: tuple[tuple[str, str], ...] = ()

    def hint(self, name: str) -> tuple[str, ...]:
        return tuple(value for hint, value in self.hints if hint == name)

    @property
    def where(self) -> str:
        """Where it is, for the person who decides."""
        return "、".join(dict.fromkeys(v for n, v in self.hints if n in ("parent", "host", "region")))


def unmatched(store: ox.Store, kind: str, space: str, language: str = "zh") -> tuple[Thing, ...]:
    """The things of a kind that have no exact or close match whose IRI begins with ``space``, by IRI.

    Things without a label in ``language`` are left out: there is nothing to ask for.
    """
    hints = " UNION ".join(
        f'{{ ?thing {path} ?value . BIND ("{name}" AS ?hint) '
        f'FILTER (LANG(?value) IN ("", {ox.Literal(language)})) }}'
        for name, path in HINTS.items()
    )
    solutions = store.query(
        f"""SELECT ?thing (MIN(?label) AS ?name) (GROUP_CONCAT(DISTINCT ?told; separator = "\\n") AS ?all) {{
              {{ SELECT DISTINCT ?thing {{ {KINDS[kind]} }} }}
              ?thing rdfs:label ?label FILTER (LANG(?label) = {ox.Literal(language)})
              FILTER NOT EXISTS {{ ?thing skos:exactMatch|skos:closeMatch ?match
                                  FILTER (STRSTARTS(STR(?match), {ox.Literal(space)})) }}
              OPTIONAL {{ {hints} BIND (CONCAT(?hint, "=", STR(?value)) AS ?told) }} }}
            GROUP BY ?thing ORDER BY STR(?thing)""",
        prefixes={name: PREFIXES[name] for name in ("plan", "rdfs", "skos")},
        use_default_graph_as_union=True,
    )
    assert isinstance(solutions, ox.QuerySolutions)
    return tuple(
        Thing(row["thing"].value, row["name"].value, _hints(row["all"].value if row["all"] else ""))
        for row in solutions
    )


def _hints(told: str) -> tuple[tuple[str, str], ...]:
    """
    >>> _hints("parent=苏州市\\ncode=320582")
    (('code', '320582'), ('parent', '苏州市'))
    """
    pairs = (line.partition("=") for line in told.splitlines())
    return tuple(sorted((name, value) for name, _, value in pairs if value))
