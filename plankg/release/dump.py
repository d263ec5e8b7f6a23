"""Graph -> release folder. The same graph gives the same bytes: nothing in it comes from the clock, the
machine or the order in which things were stored."""

import gzip
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from loaders.errors import GraphError
from loaders.namespaces import BASE, GRAPH, PREFIXES
from loaders.resources import folder as resources
from plankg.release import blank, turtle
from plankg.release.assertions import HISTORY, METADATA, REPORTS, WHOLE, Report, assertions
from plankg.release.context import context
from plankg.release.description import FILE, Census, describe, sha256
from plankg.release.history import PREVIOUS, VERSION, history, release_iri, release_of
from plankg.release.readme import readme

CHECKSUMS: Final = "SHA256SUMS"
WHOLE_TURTLE: Final = "plankg.ttl.gz"
#: Files of the ontology that a release carries as they are written, for tools that read OWL and SHACL.
SOURCES: Final = ("plankg.ttl", "shapes.ttl")
_DATASET: Final = ox.NamedNode(BASE)
_COMMENT: Final = ox.NamedNode(PREFIXES["rdfs"] + "comment")


def dump(opened: ox.Store, folder: Path, release: str = "", previous: Path | None = None) -> tuple[Path, ...]:
    """Writes the release folder; returns its files. A release that was there before is replaced when the new
    one is whole.

    ``release`` names it and has every assertion say when it was first and last seen, beginning with what the
    release in ``previous`` says; without a name the graph keeps the one it has. Raises :class:`GraphError`
    when the folder cannot be written or holds something else, or ``previous`` is no named release, and
    :class:`ParameterError` for a name that cannot be part of an IRI.
    """
    if previous is not None and not release:
        raise GraphError("a release that follows another needs a name of its own: give --release")
    named = _release(opened, release, previous) if release else {}
    beside = folder.with_name(folder.name + ".new")
    try:
        if folder.exists() and any(folder.iterdir()) and not (folder / CHECKSUMS).is_file():
            raise GraphError(f"{folder} is not empty and holds no release; give another folder")
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        written = _write(opened, beside, named)
        if folder.exists():
            shutil.rmtree(folder)
        beside.replace(folder)
    except OSError as error:
        raise GraphError(f"{folder} cannot be written: {error.strerror or error}") from None
    return tuple(folder / path.relative_to(beside) for path in written)


def _release(opened: ox.Store, release: str, previous: Path | None) -> dict[str, list[ox.Triple]]:
    """The graphs that naming a release makes anew."""
    about = [t for t in _triples(opened, METADATA) if t.predicate not in (VERSION, PREVIOUS)]
    release_iri(release)
    about.append(ox.Triple(_DATASET, VERSION, ox.Literal(release)))
    told = history(_reports(opened), release, previous)
    if previous is not None:
        about.append(ox.Triple(_DATASET, PREVIOUS, ox.NamedNode(release_iri(release_of(previous)))))
    return {METADATA: about, HISTORY: told}


def _reports(opened: ox.Store) -> Iterator[Report]:
    for name in _names(opened):
        if name.startswith(REPORTS):
            yield name, assertions(opened.quads_for_pattern(None, None, None, ox.NamedNode(name)))


def _names(opened: ox.Store) -> list[str]:
    return sorted(graph.value for graph in opened.named_graphs() if isinstance(graph, ox.NamedNode))


def _triples(opened: ox.Store, graph: str) -> list[ox.Triple]:
    """The triples of a named graph, without blank nodes."""
    quads = opened.quads_for_pattern(None, None, None, ox.NamedNode(graph))
    return [blank.skolemized(quad.triple) for quad in quads]


# ---- files ---------------------------------------------------------------------------------------


def _write(opened: ox.Store, folder: Path, named: dict[str, list[ox.Triple]]) -> list[Path]:
    census, files = Census(), [folder / WHOLE, folder / WHOLE_TURTLE]
    for name in ("reports", "lists", "ontology"):
        (folder / name).mkdir()
    metadata = named.get(METADATA) or _triples(opened, METADATA)
    heads, (version, previous) = _heads(metadata), _versions(metadata)
    with ExitStack() as stack:
        whole, whole_turtle = (_gzip(path, stack) for path in files)
        whole_turtle.write(turtle.header().encode())
        for graph in sorted({*_names(opened), *named}):
            triples = named.get(graph) or _triples(opened, graph)
            if not triples:
                continue
            census.count(graph, triples)
            whole.writelines(
                line.encode() for line in sorted(f"{triple} <{graph}> .\n" for triple in triples)
            )
            blocks = list(turtle.blocks(triples))
            whole_turtle.write(f"\n# <{graph}>\n\n".encode())
            whole_turtle.writelines(block.encode() for block in blocks)
            if (path := _own_file(folder, graph)) is not None:
                text = heads.get(graph, "") + turtle.header() + "\n" + "\n".join(blocks)
                files.append(_text(path, text))
    for name in SOURCES:
        source = (resources("ontology") / name).read_text("utf-8")
        files.append(_text(folder / "ontology" / name, source))
    files.append(_text(folder / "context.jsonld", context(_triples(opened, GRAPH + "ontology"))))
    files.append(_text(folder / "README.md", readme(census, version, previous.rpartition("/")[2])))
    described = describe(folder, files, census, release_iri(version), version, previous)
    files.append(_text(folder / FILE, described))
    sums = "".join(f"{sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in files)
    return [*files, _text(folder / CHECKSUMS, sums)]


def _versions(metadata: list[ox.Triple]) -> tuple[str, str]:
    """The name of the release, or the version of the program where it has none, and the IRI of the one
    before it."""
    told = {t.predicate: t.object.value for t in metadata if t.subject == _DATASET}  # type: ignore[union-attr]
    program = told.get(ox.NamedNode(PREFIXES["owl"] + "versionInfo"), "0")
    return told.get(VERSION, program), told.get(PREVIOUS, "")


def _own_file(folder: Path, graph: str) -> Path | None:
    """Where a named graph is written by itself; the ontology is there as it is written."""
    name = graph.removeprefix(GRAPH)
    if graph.startswith(REPORTS):
        return folder / "reports" / f"{graph.removeprefix(REPORTS).replace('/', '-')}.ttl"
    return None if name == "ontology" else folder / "lists" / f"{name.replace('/', '-')}.ttl"


def _heads(metadata: Iterable[ox.Triple]) -> dict[str, str]:
    """Named graph -> what the build says it is made from and under which licence, as remarks."""
    heads: dict[str, str] = {}
    for triple in sorted((t for t in metadata if t.predicate == _COMMENT), key=str):
        assert isinstance(triple.subject, ox.NamedNode)
        assert isinstance(triple.object, ox.Literal)
        lines = [f"# {line}".rstrip() for line in triple.object.value.splitlines()]
        heads[triple.subject.value] = heads.get(triple.subject.value, "") + "\n".join([*lines, "", ""])
    return heads


def _text(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8", newline="\n")
    return path


def _gzip(path: Path, stack: ExitStack) -> gzip.GzipFile:
    """A compressed file without name and time in its header, so that its bytes depend on its content
    alone."""
    plain = stack.enter_context(path.open("wb"))
    return stack.enter_context(gzip.GzipFile(filename="", mode="wb", fileobj=plain, mtime=0))
