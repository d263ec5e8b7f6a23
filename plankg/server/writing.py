"""Writable mode: updates, and the SPARQL 1.1 Graph Store Protocol under ``/store``.

A store that is being read is never written. Each write takes a copy of the generation in use (its files are
linked, not copied, where they never change), is carried out there by an engine of its own, and puts the copy
in use; a write that fails, is too slow or is killed leaves nothing behind. So a write costs about half a
second, and every answer is of one whole state of the graph.
"""

import asyncio
import email
import email.policy
import hmac
import os
import shutil
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final
from urllib.parse import quote

import httpx
from starlette.responses import Response

from loaders.errors import GraphError, PlankgError, ServerError
from plankg import store
from plankg.server import description, formats, protocol, tokens
from plankg.server.engine import Engine
from plankg.server.journal import Journal
from plankg.server.protocol import Asked, Receive, Scope, Send, header
from plankg.server.refusals import RefusalError
from plankg.server.settings import MIB, Settings
from plankg.server.sparql import Endpoint, Told, address, refused

#: The path of the graph store.
STORE: Final = "/store"
_METHODS: Final = ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS")
_INPUT: Final = tuple(description.RDF)
#: Characters of an update that the audit log keeps.
_KEPT: Final = 5000


@dataclass(frozen=True)
class Step:
    """One request to the engine that writes."""

    method: str
    path: str
    content_type: str = ""
    body: bytes = b""


def token(settings: Settings) -> str:
    """What a client has to know to write. Raises :class:`ServerError` when there is none to know."""
    if settings.token_file:
        try:
            found = Path(settings.token_file).read_text("utf-8").strip()
        except OSError as error:
            raise ServerError(f"{settings.token_file} cannot be read: {error.strerror}") from None
    else:
        found = os.environ.get("PLANKG_TOKEN", "").strip()
    if len(found) < 8:
        raise ServerError(
            "--writable needs a token of 8 characters or more, in PLANKG_TOKEN or by --token-file"
        )
    return found


class Writer:
    """Takes writes to the graph in a folder, one at a time."""

    def __init__(self, graph: Path, endpoint: Endpoint, journal: Journal) -> None:
        """Raises :class:`ServerError` when the settings give no token."""
        self._graph, self._endpoint, self._journal = graph, endpoint, journal
        self._settings = endpoint.settings
        self._token = token(endpoint.settings).encode()
        self._turn = asyncio.Lock()

    # ---- updates

    async def update(self, scope: Scope, asked: Asked, client: str) -> Response:
        """Carries out an update. Raises :class:`RefusalError`."""
        text = asked.update or ""
        query = tokens.read(text)
        what = {"client": client, "update": text[:_KEPT]}
        try:
            self._authorize(scope)
            if query.loads or query.unclear:
                raise RefusalError(403, "LOAD refused", "LOAD is not available here; send the graph itself.")
            if query.services:
                raise RefusalError(403, "SERVICE refused", "An update may not ask another endpoint.")
            self._endpoint.check_size(query)
            graphs = [("using-graph-uri", iri) for iri in asked.default_graphs]
            graphs += [("using-named-graph-uri", iri) for iri in asked.named_graphs]
            path = "/update?" + "&".join(f"{name}={quote(iri, safe='')}" for name, iri in graphs)
            body = (tokens.BASE + tokens.silent(query)).encode()
            await self._write([Step("POST", path, protocol.UPDATE, body)])
        except RefusalError as refusal:
            self._journal.audit(**what, status=refusal.status, why=refusal.detail)
            raise
        self._journal.audit(**what, status=204, generation=self._endpoint.keeper.version)
        return Response(status_code=204, headers={"access-control-allow-origin": "*"})

    # ---- the graph store

    async def store(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request to ``/store``, ``/store?graph=IRI``, ``/store?default`` or ``/store/NAME``."""
        started, told, client = time.perf_counter(), Told("store"), self._endpoint.client(scope)
        try:
            response = await self._store(scope, receive, send, client, told)
        except RefusalError as refusal:
            response = refusal.response()
        try:
            if response is not None:
                told.status = response.status_code
                response.headers["access-control-allow-origin"] = "*"
                await response(scope, receive, send)
        finally:
            self._endpoint.note(scope, told, client, time.perf_counter() - started)

    async def _store(
        self, scope: Scope, receive: Receive, send: Send, client: str, told: Told
    ) -> Response | None:
        method = scope["method"]
        if method == "OPTIONS":
            allow = ", ".join(_METHODS)
            return Response(status_code=204, headers={"allow": allow, "access-control-allow-methods": allow})
        if method not in _METHODS:
            raise RefusalError(
                405, "Wrong method", f"{method} does nothing here.", {"allow": ", ".join(_METHODS)}
            )
        if method in ("GET", "HEAD"):
            named = _named(scope, self._settings)
            if named is None:
                raise RefusalError(400, "Which graph?", "Name it by ?graph=IRI, or say ?default.")
            accept, name = header(scope, b"accept"), _parameter(scope, "format")
            wanted = formats.choose("CONSTRUCT", accept or formats.TURTLE, name, False)
            await self._endpoint.pass_on(scope, receive, send, _path(named), wanted, told)
            return None
        what = {"client": client, "method": method, "path": scope["path"], "graph": ""}
        try:
            self._authorize(scope)
            named = _named(scope, self._settings)
            made = named is None
            if named is None and method != "POST":
                raise RefusalError(400, "Which graph?", "Name it by ?graph=IRI, or say ?default.")
            if named is None:
                named = f"{address(scope, self._settings)}{STORE}/{uuid.uuid4()}"
            what["graph"] = named or "default"
            body = await protocol.whole_body(scope, receive, self._settings.written_bytes * MIB)
            if method == "DELETE":
                steps = [Step("DELETE", _path(named))]
            else:
                parts = _parts(header(scope, b"content-type"), body)
                steps = [Step(method, _path(named), kind, content) for kind, content in parts]
            what["sha"] = blake2b(body, digest_size=16).hexdigest()
            statuses = await self._write(steps)
        except RefusalError as refusal:
            self._journal.audit(**what, status=refusal.status, why=refusal.detail)
            raise
        status = 201 if made or 201 in statuses else 204
        self._journal.audit(**what, status=status, generation=self._endpoint.keeper.version)
        return Response(status_code=status, headers={"location": named} if made and named else None)

    # ---- writing

    def _authorize(self, scope: Scope) -> None:
        scheme, _, given = header(scope, b"authorization").partition(" ")
        right = hmac.compare_digest(given.strip().encode("utf-8", "surrogateescape"), self._token)
        if scheme.lower() != "bearer" or not right:
            detail = "A write has the header `Authorization: Bearer TOKEN`."
            raise RefusalError(401, "Not authorized", detail, {"www-authenticate": 'Bearer realm="plankg"'})

    async def _write(self, steps: Sequence[Step]) -> list[int]:
        """Carries out the steps on a copy, all or none, and puts it in use. Gives the status of each.

        Raises :class:`RefusalError`.
        """
        try:
            async with asyncio.timeout(self._settings.queue_time):
                await self._turn.acquire()
        except TimeoutError:
            detail = "Other writes are being carried out; try again."
            raise RefusalError(503, "The server is busy", detail, {"retry-after": "2"}) from None
        try:
            # a write that was begun is finished, even when its client goes away
            return await asyncio.shield(asyncio.ensure_future(self._written(steps)))
        finally:
            self._turn.release()

    async def _written(self, steps: Sequence[Step]) -> list[int]:
        statuses = await asyncio.to_thread(carry_out, self._graph, steps, self._settings.timeout)
        try:
            await self._endpoint.keeper.follow()
        except PlankgError as error:
            raise RefusalError(503, "Not now", f"The write is done but not in use yet: {error}") from None
        return statuses


def carry_out(graph: Path, steps: Sequence[Step], seconds: float) -> list[int]:
    """Makes a new generation from the one in use by sending an engine the steps; their statuses.

    Raises :class:`RefusalError` when one fails, or all together take longer than ``seconds``; then the
    generation in use stays.
    """
    until = time.monotonic() + seconds
    statuses: list[int] = []
    try:
        with store.new_generation(graph) as folder:
            before = store.current(graph)
            if before is not None:
                link_copy(before, folder)
            with Engine(folder, writable=True) as engine, httpx.Client(trust_env=False) as client:
                for step in steps:
                    headers = {"content-type": step.content_type} if step.content_type else {}
                    left = max(0.001, until - time.monotonic())
                    answer = client.request(
                        step.method, engine.url + step.path, content=step.body, headers=headers, timeout=left
                    )
                    if answer.status_code >= 400:
                        raise refused(answer.status_code, answer.text)
                    statuses.append(answer.status_code)
    except httpx.TimeoutException:
        detail = f"The write was stopped after {seconds:g} seconds; nothing was changed."
        raise RefusalError(504, "The write took too long", detail) from None
    except httpx.TransportError:
        raise RefusalError(500, "The engine failed", "The engine could not carry out this write.") from None
    except (GraphError, ServerError) as error:
        raise RefusalError(503, "Not now", f"Nothing was changed: {error}.", {"retry-after": "5"}) from None
    return statuses


def link_copy(source: Path, target: Path) -> None:
    """Copies a store that nobody writes to an empty folder. Tables, which never change, are linked."""
    link: Callable[[Path, Path], None] = os.link
    for path in source.iterdir():
        if path.name == "LOCK" or path.name.startswith("LOG") or not path.is_file():
            continue
        if path.suffix == ".sst":
            try:
                link(path, target / path.name)
                continue
            except OSError:  # a file system without links
                pass
        shutil.copy2(path, target / path.name)


def _named(scope: Scope, settings: Settings) -> str | None:
    """The graph a request is about: its IRI, "" for the default graph, None when it says none.

    Raises :class:`RefusalError` (400).
    """
    given = protocol.parameters(scope["query_string"])
    graphs = given.get("graph", [])
    if len(graphs) + ("default" in given) > 1:
        raise RefusalError(400, "Which graph?", "A request names one graph.")
    if graphs:
        return protocol.iris("graph", graphs)[0]
    if "default" in given:
        return ""
    if scope["path"].rstrip("/") == STORE:
        return None
    raw = scope.get("raw_path", b"").decode("latin-1") or scope["path"]
    return protocol.iris("graph", [address(scope, settings) + raw])[0]


def _parameter(scope: Scope, name: str) -> str:
    return protocol.parameters(scope["query_string"]).get(name, [""])[0]


def _path(named: str) -> str:
    return f"{STORE}?graph={quote(named, safe='')}" if named else f"{STORE}?default"


def _parts(content_type: str, body: bytes) -> list[tuple[str, bytes]]:
    """The graphs in a request's body, each with its media type. Raises :class:`RefusalError` (400, 415)."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        return [(_input_type(kind), body)]
    whole = b"Content-Type: " + content_type.encode("latin-1") + b"\r\n\r\n" + body
    message = email.message_from_bytes(whole, policy=email.policy.HTTP)
    if not message.is_multipart():
        raise RefusalError(400, "Malformed form", "The parts of the form cannot be told apart.")
    parts: list[tuple[str, bytes]] = []
    for part in message.iter_parts():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            parts.append((_input_type(part.get_content_type()), content))
    return parts


def _input_type(kind: str) -> str:
    if kind not in _INPUT:
        detail = f"A graph comes as {', '.join(_INPUT)}."
        raise RefusalError(415, "Unsupported media type", detail)
    return kind
