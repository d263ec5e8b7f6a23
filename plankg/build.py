"""Reports -> graph: reads every report on all cores, then builds a new store beside the old one and puts it
in use.

What was read from a report is kept in ``graph/cache`` as N-Quads under a key made of the report, of what is
known of it, of the ontology and of the code that reads; a report whose key is there is not read again.
"""

import gzip
import hashlib
import io
import json
import multiprocessing
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from itertools import takewhile
from pathlib import Path
from typing import IO, Final, cast

import pyoxigraph as ox

import loaders
from loaders.errors import DocumentError, GraphError, OntologyError
from loaders.namespaces import BASE, GRAPH, PREFIXES
from loaders.resources import folder
from loaders.unify import unify
from plankg import __version__, corrections, sources, store
from plankg.release import blank, load
from plankg.store import one_line

#: Ontology file -> named graph. A file that is not there is left out; the first one must be.
ONTOLOGY_GRAPHS: Final = {
    "plankg.ttl": "ontology",
    "indicators.ttl": "indicators",
    "units.ttl": "units",
    "regions.ttl": "regions",
    "regions-history.ttl": "regions",
    "topics.ttl": "topics",
    "links.ttl": "links",
    "census2020.ttl": "reference",
}
#: In the graph folder: links a person accepted (`plankg link --accept`), part of every build there.
ACCEPTED_LINKS: Final = "accepted-links.ttl"


LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one report gave. ``counts`` are those of its metadata, see :func:`loaders.quads.counts`."""

    slug: str
    counts: dict[str, int]
    warnings: tuple[str, ...]
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Built:
    """A finished build: its readings in the order of their slugs, and the size of the graph."""

    readings: tuple[Reading, ...]
    quads: int
    generation: Path


def build(
    paths: Sequence[Path],
    graph: Path,
    *,
    workers: int | None = None,
    corrected: Path | None = None,
    on_start: Callable[[int], None] = lambda total: None,
    on_reading: Callable[[Reading], None] = lambda reading: None,
) -> Built:
    """Builds the graph of the reports in ``paths`` (files and folders; none: the seeds) in the folder
    ``graph``.

    What is declared in a file ``corrections.toml`` beside the reports, and in the file ``corrected``, is
    applied (see :mod:`plankg.corrections`).

    ``on_start`` is told how many reports there are, ``on_reading`` hears of each one read. The graph that
    was there serves on until the new one is whole, whatever happens. Raises :class:`DocumentError` when a
    report cannot be read, :class:`OntologyError` when the ontology cannot, :class:`GraphError` when the
    folder cannot be used, :class:`CorrectionError` when a correction does not fit.
    """
    inputs = sources.collect(paths or [folder("seeds")])
    declared = corrections.of_build(inputs, corrected)
    with store.new_generation(graph) as generation:
        cache = graph / "cache" / _tool_key()
        cache.mkdir(parents=True, exist_ok=True)
        on_start(len(inputs))
        readings = {}
        for reading in _read_all(inputs, cache, workers or os.cpu_count() or 1):
            readings[reading.slug] = reading
            on_reading(reading)
        quads = _fill(
            generation, [cache / _key(report) for report in inputs], graph / ACCEPTED_LINKS, declared
        )
    _forget_all_but(cache, {_key(report) for report in inputs})
    return Built(tuple(readings[report.source.slug] for report in inputs), quads, generation)


def build_from_dump(release: Path, graph: Path) -> Built:
    """Builds in the folder ``graph`` the graph that the release in the folder ``release`` was dumped from.

    Raises :class:`GraphError` when the folder holds no release or a damaged one.
    """
    load.verify(release)
    with store.new_generation(graph) as generation:
        filled = ox.Store(str(generation))
        load.load(filled, release)
        filled.flush()
        filled.optimize()
        quads = len(filled)
    return Built((), quads, generation)


# ---- reading -------------------------------------------------------------------------------------


def read_report(report: sources.Input, cache: Path) -> Reading:
    """Reads one report into the cache, or finds it there."""
    entry = cache / _key(report)
    summary = entry.with_suffix(".json")
    if summary.exists():  # written last, so the quads are there too
        kept = json.loads(summary.read_text("utf-8"))
        return Reading(kept["slug"], kept["counts"], tuple(kept["warnings"]), cached=True)
    from loaders import (  # here, because a worker that finds all in the cache needs none
        pipeline,
        quads,
        vocabulary,
    )

    words = vocabulary.load()
    extraction = pipeline.extract(pipeline.read(report.path), words, report.source)
    lines = b"".join(quads.lines(extraction, words))
    _write(entry.with_suffix(".nq.gz"), gzip.compress(lines, compresslevel=1, mtime=0))
    reading = Reading(report.source.slug, quads.counts(extraction), extraction.warnings)
    _write(summary, json.dumps(asdict(reading), ensure_ascii=False).encode())
    return reading


def _read_all(inputs: Sequence[sources.Input], cache: Path, workers: int) -> Iterator[Reading]:
    """Readings as they are done; every report that cannot be read is named in the one error at the end."""
    failures: list[str] = []
    fresh = sum(not (cache / _key(report)).with_suffix(".json").exists() for report in inputs)
    if min(workers, fresh) <= 1:
        for report in inputs:
            try:
                yield read_report(report, cache)
            except DocumentError as error:
                failures.append(str(error))
    else:
        spawn = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(min(workers, fresh), spawn, initializer=_end_with_parent)
        try:
            for job in as_completed([pool.submit(read_report, report, cache) for report in inputs]):
                try:
                    yield job.result()
                except DocumentError as error:
                    failures.append(str(error))
        except BrokenProcessPool:
            raise GraphError("a process that was reading reports died; the graph is as it was") from None
        finally:
            pool.shutdown(cancel_futures=True)
    if failures:
        raise DocumentError("\n".join(sorted(failures)))


def _end_with_parent() -> None:
    """Lets a worker end when the build it belongs to is killed."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


# ---- the cache -----------------------------------------------------------------------------------


def _tool_key() -> str:
    """Of the ontology and of the code that reads: what a cached reading depends on beside the report."""
    digest = hashlib.sha256(__version__.encode())
    ontology, code = folder("ontology"), Path(loaders.__file__).parent
    reading = [
        path for path in code.rglob("*") if code / "data" not in path.parents and path.suffix != ".pyc"
    ]
    for path in sorted([*ontology.glob("*.ttl"), *ontology.glob("*.toml"), *reading]):
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _key(report: sources.Input) -> str:
    known = json.dumps(asdict(report.source), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{report.sha256} {report.path.stem} {known}".encode()).hexdigest()


def _write(path: Path, data: bytes) -> None:
    beside = path.with_suffix(".new")
    beside.write_bytes(data)
    beside.replace(path)


def _forget_all_but(cache: Path, keys: set[str]) -> None:
    for other in cache.parent.iterdir():
        if other != cache:
            shutil.rmtree(other, ignore_errors=True)
    for entry in cache.iterdir():
        if entry.name.partition(".")[0] not in keys:
            entry.unlink(missing_ok=True)


# ---- the store -----------------------------------------------------------------------------------


def _fill(
    generation: Path,
    entries: Iterable[Path],
    accepted_links: Path,
    declared: Iterable[corrections.Correction],
) -> int:
    """Loads the ontology, the readings and the accepted links into a new store, corrects it and closes it;
    returns the number of quads."""
    filled = ox.Store(str(generation))
    for file, name in ONTOLOGY_GRAPHS.items():
        _load_ontology(filled, folder("ontology") / file, ox.NamedNode(GRAPH + name))
    _load_ontology(filled, accepted_links, ox.NamedNode(GRAPH + "links"))
    _name_blank_nodes(filled)
    filled.bulk_load(input=cast(IO[bytes], _Joined(entries)), format=ox.RdfFormat.N_QUADS)
    unify(filled)
    corrections.apply(filled, declared)
    _write_out_ancestors(filled)
    filled.extend(_about_the_graph())
    filled.flush()
    filled.optimize()
    return len(filled)


class _Joined(io.RawIOBase):
    """The N-Quads of many cache entries as one file: loading one large file is far quicker than many small
    ones."""

    def __init__(self, entries: Iterable[Path]) -> None:
        self._entries = iter(entries)
        self._file: gzip.GzipFile | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while True:
            data = self._file.read(size) if self._file else b""
            if data:
                return data
            if self._file:
                self._file.close()
                self._file = None
            entry = next(self._entries, None)
            if entry is None:
                return b""
            self._file = gzip.open(entry.with_suffix(".nq.gz"))  # noqa: SIM115 - closed when it has been read


def _load_ontology(filled: ox.Store, path: Path, graph: ox.NamedNode) -> None:
    if not path.exists():
        if path.name == "plankg.ttl":
            raise OntologyError(f"the ontology lacks {path.name}")
        return
    try:
        filled.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE, to_graph=graph)
    except (SyntaxError, ValueError) as error:
        raise OntologyError(f"{path.name} is not Turtle: {one_line(error)}") from None


def _name_blank_nodes(filled: ox.Store) -> None:
    """Names blank nodes after what they say, so that they are the same in every build."""
    graphs = filled.query(
        "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o . FILTER (isBlank(?s) || isBlank(?o)) } }"
    )
    assert isinstance(graphs, ox.QuerySolutions)
    for graph in [row["g"] for row in graphs]:
        assert isinstance(graph, ox.NamedNode)
        quads = filled.quads_for_pattern(None, None, None, graph)
        triples = blank.named((quad.triple for quad in quads), graph.value)
        filled.clear_graph(graph)
        filled.extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples)


def _write_out_ancestors(filled: ox.Store) -> None:
    """Topics and all ancestors of the indicators that reports added: no query needs to follow a path."""
    graphs = f"USING <{GRAPH}indicators> USING <{GRAPH}topics>"
    prefixes = f"PREFIX skos: <{PREFIXES['skos']}> PREFIX plan: <{PREFIXES['plan']}>"
    filled.update(
        f"""{prefixes}
        INSERT {{ GRAPH <{GRAPH}indicators> {{ ?derived plan:topic ?topic }} }} {graphs}
        WHERE {{ ?derived plan:growthOf|plan:changeOf|plan:rankOf ?level . ?level plan:topic ?topic
          FILTER NOT EXISTS {{ ?derived plan:topic ?any }} }}"""
    )
    filled.update(
        f"""{prefixes}
        INSERT {{ GRAPH <{GRAPH}indicators> {{ ?narrow skos:broaderTransitive ?wide }} }} {graphs}
        WHERE {{ ?narrow skos:broader+ ?wide }}"""
    )


def _about_the_graph() -> list[ox.Quad]:
    graph, dataset = ox.NamedNode(GRAPH + "metadata"), ox.NamedNode(BASE)
    comment = ox.NamedNode(PREFIXES["rdfs"] + "comment")
    heads = [(name, _head(folder("ontology") / file)) for file, name in ONTOLOGY_GRAPHS.items()]
    return [
        *(ox.Quad(ox.NamedNode(GRAPH + n), comment, ox.Literal(text), graph) for n, text in heads if text),
        ox.Quad(
            dataset, ox.NamedNode(PREFIXES["rdf"] + "type"), ox.NamedNode(PREFIXES["dcat"] + "Dataset"), graph
        ),
        ox.Quad(dataset, ox.NamedNode(PREFIXES["dct"] + "title"), ox.Literal("plankg", language="en"), graph),
        ox.Quad(dataset, ox.NamedNode(PREFIXES["dct"] + "license"), ox.NamedNode(LICENCE), graph),
        ox.Quad(dataset, ox.NamedNode(PREFIXES["owl"] + "versionInfo"), ox.Literal(__version__), graph),
    ]


def _head(path: Path) -> str:
    """The remarks at the head of an ontology file: what it is made from and under which licence."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return "\n".join(
        line.removeprefix("#").strip() for line in takewhile(lambda at: at.startswith("#"), lines)
    )
