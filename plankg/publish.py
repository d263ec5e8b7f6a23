"""Graph -> any SPARQL 1.1 store, by the Graph Store HTTP Protocol.

Each named graph is sent in batches: the first replaces what is there (PUT), the others add to it (POST). A
state file says after every batch how far each graph has come, so a publish that was killed goes on where it
stopped, and a later one sends only graphs that changed. Sending a batch twice does no harm: without blank
nodes a graph is a set of triples. At the end the store is asked how many triples each graph has.
"""

import hashlib
import json
import time
from collections.abc import Callable, Collection, Generator, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import httpx
import pyoxigraph as ox

from loaders.errors import PlankgError
from loaders.namespaces import GRAPH
from plankg.release import blank
from plankg.store import one_line

BATCH: Final = 20_000  #: triples a request
TIMEOUT: Final = 300.0  #: seconds a store may take for a batch or a count
_ACCEPT: Final = {"accept": "application/sparql-results+json"}
_PATIENCE: Final = (0.5, 2.0, 5.0)  #: seconds to wait before a request is sent again
#: End of a Graph Store address -> ends of the SPARQL addresses there may be beside it: Oxigraph and `plankg
#: serve`, Fuseki, RDF4J, Virtuoso.
ENDINGS: Final = {
    "/store": ("/query", "/sparql"),
    "/data": ("/sparql", "/query"),
    "/rdf-graphs/service": ("",),
    "/sparql-graph-crud-auth": ("/sparql",),
    "/sparql-graph-crud": ("/sparql",),
}


class PublishError(PlankgError):
    """A store that cannot be reached, refuses, or does not hold what was sent."""


@dataclass(frozen=True, slots=True)
class Target:
    """A store: the address of its Graph Store Protocol, those where it may answer SPARQL queries, and how to
    log in."""

    store: str
    queries: tuple[str, ...]
    user: str = ""
    password: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a named graph has come: the SHA-256 of its triples, how many are in a batch, how many batches
    the store has taken, whether that is all."""

    sha256: str
    batch: int
    taken: int
    done: bool


@dataclass(frozen=True, slots=True)
class Published:
    """A verified publish: graphs and triples there, batches sent this time, and the graphs of ours there that
    this graph does not have."""

    graphs: int
    triples: int
    sent: int
    others: tuple[str, ...]


def target(store: str, query: str = "", user: str = "", password: str = "", token: str = "") -> Target:
    """The store at an address of the Graph Store Protocol; the one of its queries is found where it is known
    to be.

    Raises :class:`PublishError` when it is not known.
    """
    parts = urlsplit(store)
    if parts.scheme not in ("http", "https"):
        raise PublishError(f"{store} is not an address that begins with http:// or https://")
    ending = next((end for end in ENDINGS if parts.path.endswith(end)), None)
    if not query and ending is None:
        raise PublishError(f"where {parts.netloc} answers SPARQL is not known; give --sparql URL")
    beside: tuple[str, ...] = (query,) if query else ()
    if not query and ending is not None:
        paths = (parts.path.removesuffix(ending) + end for end in ENDINGS[ending])
        beside = tuple(urlunsplit(parts._replace(path=path)) for path in paths)
    return Target(store, beside, user, password, token)


def state_file(graph: Path, store: str) -> Path:
    """Where the state of publishing a graph folder to a store is kept."""
    return graph / f"publish-{hashlib.sha256(store.encode()).hexdigest()[:12]}.json"


def publish(
    opened: ox.Store,
    to: Target,
    state: Path,
    *,
    batch: int = BATCH,
    prune: bool = False,
    on_batch: Callable[[str, int, int], None] = lambda graph, taken, triples: None,
) -> Published:
    """Sends every named graph that the store at ``to`` does not have yet, and counts.

    ``on_batch`` hears after each batch how many triples of how many of a graph are there. ``prune`` deletes
    graphs of ours that the graph does not have. Raises :class:`PublishError` when the store cannot be
    reached, refuses, or has another number of triples at the end; publishing again goes on from there.
    """
    progress = _read(state)
    triples: dict[str, int] = {}
    sent = 0
    with httpx.Client(auth=_auth(to), timeout=TIMEOUT, headers=_headers(to)) as client:
        query = _answering(client, to.queries)
        for graph in sorted(g.value for g in opened.named_graphs() if isinstance(g, ox.NamedNode)):
            lines = _lines(opened, graph)
            triples[graph] = len(lines)
            digest = hashlib.sha256(b"".join(lines)).hexdigest()
            before = progress.get(graph)
            same = before is not None and (before.sha256, before.batch) == (digest, batch)
            taken = before.taken if same and before is not None else 0
            for at in range(taken * batch, len(lines), batch):
                _send(client, "POST" if at else "PUT", to.store, graph, b"".join(lines[at : at + batch]))
                taken, sent = taken + 1, sent + 1
                progress[graph] = Progress(digest, batch, taken, at + batch >= len(lines))
                _write(state, progress)
                on_batch(graph, min(at + batch, len(lines)), len(lines))
        others = _others(client, query, triples.keys())
        if prune:
            for graph in others:
                _send(client, "DELETE", to.store, graph, b"")
                progress.pop(graph, None)
        _verify(client, to.store, query, triples, progress, state)
    return Published(len(triples), sum(triples.values()), sent, () if prune else others)


def _lines(opened: ox.Store, graph: str) -> list[bytes]:
    """The triples of a named graph as sorted N-Triples lines, without blank nodes."""
    quads = opened.quads_for_pattern(None, None, None, ox.NamedNode(graph))
    return sorted(f"{blank.skolemized(quad.triple)} .\n".encode() for quad in quads)


# ---- what was counted ----------------------------------------------------------------------------


def _others(client: httpx.Client, url: str, ours: Collection[str]) -> tuple[str, ...]:
    """Named graphs of this project in the store that are not among ``ours``."""
    query = (
        "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } "
        f'FILTER (STRSTARTS(STR(?g), "{GRAPH}")) }} ORDER BY ?g'
    )
    return tuple(row["g"] for row in _select(client, url, query) if row["g"] not in ours)


def _verify(
    client: httpx.Client,
    address: str,
    url: str,
    triples: dict[str, int],
    progress: dict[str, Progress],
    state: Path,
) -> None:
    wrong = []
    for graph, expected in triples.items():
        query = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        counted = int(next(_select(client, url, query))["n"])
        if counted != expected:
            wrong.append(f"{graph.removeprefix(GRAPH)} has {counted:,} triples, not {expected:,}")
            progress.pop(graph, None)
    if wrong:
        _write(state, progress)
        more = f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""
        raise PublishError(
            f"{address} does not hold what was sent: {'; '.join(wrong[:5])}{more}; "
            "publishing again sends these anew"
        )


def _answering(client: httpx.Client, urls: tuple[str, ...]) -> str:
    """The first of the addresses that answers SPARQL; asked before anything is sent."""
    *others, last = urls
    asked = {"query": "SELECT (1 AS ?one) WHERE {}"}
    for url in others:
        try:
            if client.post(url, data=asked, headers=_ACCEPT).status_code not in (404, 405):
                last = url
                break
        except httpx.HTTPError:
            break  # the next request says why, after trying again
    next(_select(client, last, asked["query"]))
    return last


def _select(client: httpx.Client, url: str, query: str) -> Iterator[dict[str, str]]:
    answer = _request(client, "POST", url, data={"query": query}, headers=_ACCEPT)
    try:
        rows = answer.json()["results"]["bindings"]
    except (ValueError, KeyError, TypeError):
        raise PublishError(f"{url} is no SPARQL endpoint: its answer is not SPARQL JSON") from None
    for row in rows:
        yield {name: value["value"] for name, value in row.items()}


# ---- requests ------------------------------------------------------------------------------------


def _send(client: httpx.Client, method: str, store: str, graph: str, body: bytes) -> None:
    headers = {"content-type": "text/turtle; charset=utf-8"} if body else {}  # N-Triples are Turtle
    _request(client, method, store, params={"graph": graph}, content=body, headers=headers)


def _request(client: httpx.Client, method: str, url: str, **parts: object) -> httpx.Response:
    """Sends until the store takes it or has refused it three times for a reason that may pass."""
    said = ""
    for patience in (*_PATIENCE, 0.0):
        try:
            answer = client.request(method, url, **parts)  # type: ignore[arg-type]
        except httpx.InvalidURL as error:
            raise PublishError(f"{url} is no address: {one_line(error)}") from None
        except httpx.HTTPError as error:
            said = f"does not answer: {one_line(error) or type(error).__name__}"
        else:
            if answer.is_success:
                return answer
            said = f"answers {answer.status_code}: {one_line(ValueError(answer.text[:300]))}"
            if answer.status_code in (401, 403):
                raise PublishError(f"{url} refuses: give --user and a password, or --token, that may write")
            if answer.status_code == 413:
                raise PublishError(f"{url} takes no request of this size; give a smaller --batch")
            if answer.status_code < 500 and answer.status_code != 429:
                break
        time.sleep(patience)
    raise PublishError(f"{url} {said}; publishing again goes on from here")


def _headers(to: Target) -> dict[str, str]:
    return {"authorization": f"Bearer {to.token}"} if to.token else {}


def _auth(to: Target) -> httpx.Auth | None:
    return _Login(to.user, to.password) if to.user else None


class _Login(httpx.Auth):
    """User and password in the way the store asks for, Basic or Digest."""

    def __init__(self, user: str, password: str) -> None:
        self._user, self._password = user, password
        self._way: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._way is None:
            answer = yield request
            if answer.status_code != 401:
                return
            digest = "digest" in answer.headers.get("www-authenticate", "").lower()
            way = httpx.DigestAuth if digest else httpx.BasicAuth
            self._way = way(self._user, self._password)
        yield from self._way.auth_flow(request)


# ---- the state file ------------------------------------------------------------------------------


def _read(state: Path) -> dict[str, Progress]:
    try:
        kept = json.loads(state.read_text("utf-8"))
        return {graph: Progress(**progress) for graph, progress in kept.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError):
        raise PublishError(f"{state} is not the state of a publish; delete it to send all anew") from None


def _write(state: Path, progress: dict[str, Progress]) -> None:
    beside = state.with_name(state.name + ".new")
    text = json.dumps({graph: asdict(of_graph) for graph, of_graph in progress.items()}, indent=1)
    try:
        beside.write_text(text, "utf-8", newline="\n")
        beside.replace(state)
    except OSError as error:
        raise PublishError(f"{state} cannot be written: {error.strerror or error}") from None
