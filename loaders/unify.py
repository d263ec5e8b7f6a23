"""Over all reports of a graph: one node for each project, and which plan comes after which.

A report is read alone, so two reports may give one project two nodes. Once all are in the store, the rules of
:mod:`loaders.identity` and the lines of ``ontology/projects.toml`` say which nodes are one; the others are written
over to it, and each such step is kept as a ``plan:Merge`` with both names and the rule.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from loaders import identity
from loaders.identity import Merge, Node
from loaders.namespaces import BASE, GRAPH, PLAN, PREFIXES
from loaders.project_words import head

PROJECTS: Final = ox.NamedNode(GRAPH + "projects")
_A: Final = ox.NamedNode(PREFIXES["rdf"] + "type")
_LABEL: Final = ox.NamedNode(PREFIXES["rdfs"] + "label")
_ALTERNATIVE: Final = ox.NamedNode(PREFIXES["skos"] + "altLabel")
_CODE: Final = re.compile(r"/project/(\d{4})-")


def unify(store: ox.Store) -> tuple[Merge, ...]:
    """Merges the projects of a store, gives each one label, and links plans to the ones that follow them."""
    merges = identity.merges(_nodes(store), _place_names(store).__contains__)
    for merge in merges:
        _rewrite(store, ox.NamedNode(merge.merged), ox.NamedNode(merge.kept))
    for merge in merges:
        node = ox.NamedNode(f"{BASE}merge/{merge.merged.removeprefix(BASE + 'project/')}")
        kept = ox.NamedNode(merge.kept)
        told = evidence(node, kept, merge.name, merge.other, merge.rule, merge.merged)
        store.extend(ox.Quad(*triple, PROJECTS) for triple in told)
    _relabel(store)
    _link_plans(store)
    return merges


def _nodes(store: ox.Store) -> list[Node]:
    names: dict[str, set[str]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, _A, ox.NamedNode(PLAN + "Project"), PROJECTS):
        for predicate in (_LABEL, _ALTERNATIVE):
            for named in store.quads_for_pattern(quad.subject, predicate, None, PROJECTS):
                if isinstance(quad.subject, ox.NamedNode) and isinstance(named.object, ox.Literal):
                    names[quad.subject.value].add(named.object.value)
    return [Node(iri, tuple(sorted(found)), _area(iri)) for iri, found in sorted(names.items())]


def _area(iri: str) -> str:
    """The code of the prefecture a project's IRI is made with; "" for one of no known region."""
    match = _CODE.search(iri)
    return match[1] + "00" if match else ""


def _place_names(store: ox.Store) -> frozenset[str]:
    graph = ox.NamedNode(GRAPH + "regions")
    return frozenset(
        quad.object.value
        for predicate in (_LABEL, ox.NamedNode(PLAN + "shortName"))
        for quad in store.quads_for_pattern(None, predicate, None, graph)
        if isinstance(quad.object, ox.Literal)
    )


def _rewrite(store: ox.Store, old: ox.NamedNode, new: ox.NamedNode) -> None:
    """Writes every statement about or pointing to ``old`` over to ``new``."""
    about = list(store.quads_for_pattern(old, None, None, None))
    to = list(store.quads_for_pattern(None, None, old, None))
    store.extend(ox.Quad(new, q.predicate, q.object, q.graph_name) for q in about)
    store.extend(ox.Quad(q.subject, q.predicate, new, q.graph_name) for q in to)
    for quad in (*about, *to):
        store.remove(quad)


def evidence(
    merge: ox.NamedNode, project: ox.NamedNode, name: str, other: str, rule: str, node: str = ""
) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]:
    """Why two names are names of ``project``; ``node`` is the IRI one of them had before."""
    yield merge, _A, ox.NamedNode(PLAN + "Merge")
    yield merge, _A, ox.NamedNode(PREFIXES["prov"] + "Entity")
    yield merge, ox.NamedNode(PLAN + "mergedInto"), project
    for text in (name, other):
        yield merge, ox.NamedNode(PLAN + "mergedName"), ox.Literal(text, language="zh")
    if node:
        yield merge, ox.NamedNode(PLAN + "mergedNode"), ox.Literal(node)
    yield merge, ox.NamedNode(PLAN + "mergeRule"), ox.Literal(rule)


def _relabel(store: ox.Store) -> None:
    """Gives each project the shortest of its complete names as label; the others become alternative labels."""
    for node in _nodes(store):
        subject, best = ox.NamedNode(node.iri), best_name(node.names)
        told = _told(store, subject)
        for i, name in enumerate(node.names):
            if name != best and name not in told:
                merge = ox.NamedNode(f"{BASE}merge/{node.iri.removeprefix(BASE + 'project/')}/{i}")
                rule = identity.decide(best, name, node.area) or "same name"
                store.extend(
                    ox.Quad(*triple, PROJECTS) for triple in evidence(merge, subject, best, name, rule)
                )
            literal = ox.Literal(name, language="zh")
            right, wrong = (_LABEL, _ALTERNATIVE) if name == best else (_ALTERNATIVE, _LABEL)
            store.remove(ox.Quad(subject, wrong, literal, PROJECTS))
            store.add(ox.Quad(subject, right, literal, PROJECTS))


def _told(store: ox.Store, project: ox.NamedNode) -> frozenset[str]:
    """The names of a project that some evidence is kept for."""
    merges = store.quads_for_pattern(None, ox.NamedNode(PLAN + "mergedInto"), project, PROJECTS)
    return frozenset(
        named.object.value
        for merge in merges
        for named in store.quads_for_pattern(merge.subject, ox.NamedNode(PLAN + "mergedName"), None, PROJECTS)
        if isinstance(named.object, ox.Literal)
    )


def best_name(names: tuple[str, ...]) -> str:
    """The shortest name that says what is built; where none does, the longest.

    >>> best_name(("东二环", "东二环快速化改造工程")), best_name(("采埃孚", "采埃孚底盘零部件及后轮转向系统"))
    ('东二环', '采埃孚底盘零部件及后轮转向系统')
    """
    complete = [name for name in names if head(re.sub(r"[（(][^（）()]*[)）]", "", name))]
    if complete:
        return min(complete, key=lambda name: (len(name), name))
    return max(names, key=lambda name: (len(name), name))


def _link_plans(store: ox.Store) -> None:
    """A plan is replaced by the region's next plan for a span of the same length; all else stays as it is."""
    store.update(
        f"""PREFIX plan: <{PLAN}> PREFIX dct: <{PREFIXES["dct"]}> PREFIX prov: <{PREFIXES["prov"]}>
        INSERT {{ GRAPH <{GRAPH}plans> {{ ?plan dct:isReplacedBy ?next . ?next prov:wasRevisionOf ?plan }} }}
        USING <{GRAPH}plans> USING <{GRAPH}periods>
        WHERE {{
          ?plan a plan:Plan ; plan:region ?region ; plan:period ?period .
          ?period plan:startYear ?from ; plan:endYear ?to .
          ?next a plan:Plan ; plan:region ?region ; plan:period ?later .
          ?later plan:startYear ?then ; plan:endYear ?until .
          FILTER (?then = ?to + 1 && ?until - ?then = ?to - ?from)
          FILTER NOT EXISTS {{ ?period plan:startMonth ?month }}
          FILTER NOT EXISTS {{ ?later plan:startMonth ?month }}
        }}"""
    )
