"""The endpoint: what happens to a request to ``/sparql``, from its first byte to its last.

Plain ASGI, because this is the path every query takes. A request is read (:mod:`protocol`), its query looked
at (:mod:`tokens`), the answer's format chosen (:mod:`formats`); the answer is one that was kept
(:mod:`cache`) or comes from an engine (:mod:`running`) when it is the query's turn (:mod:`bounds`).
"""

import asyncio
import logging
import re
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any, Final

import httpx

from plankg.server import bounds, cache, description, formats, protocol, running, tokens
from plankg.server.cache import Cache, Entry, Headers
from plankg.server.engines import Keeper
from plankg.server.journal import Journal
from plankg.server.metrics import Metrics
from plankg.server.protocol import Asked, Receive, Scope, Send, header
from plankg.server.refusals import RefusalError
from plankg.server.relay import Relay
from plankg.server.settings import MIB, Settings

App = Callable[[Scope, Receive, Send], Any]

#: Seconds after which it is watched whether the client is still there; most answers are out before.
_WATCH_AFTER: Final = 0.05
_HOST: Final = re.compile(r"[A-Za-z0-9.-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")
_CORS: Final[Headers] = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"etag, plankg-most-rows, retry-after, content-encoding"),
    (b"x-content-type-options", b"nosniff"),
]
_PREFLIGHT: Final[Headers] = [
    *_CORS,
    (b"allow", ", ".join(protocol.METHODS).encode()),
    (b"access-control-allow-methods", ", ".join(protocol.METHODS).encode()),
    (b"access-control-allow-headers", b"accept, authorization, content-type, if-none-match"),
    (b"access-control-max-age", b"86400"),
]

_log = logging.getLogger("plankg.server")


@dataclass
class Told:
    """What is written down of a request in the end."""

    kind: str = "query"
    status: int = 0
    sent: int = 0
    digest: str = ""
    kept: bool | None = None


class Endpoint:
    """The endpoint over running engines. ``pages`` answers browsers; ``writer`` takes updates, if any may
    come."""

    def __init__(self, keeper: Keeper, settings: Settings, journal: Journal) -> None:
        self.keeper, self.settings, self.journal = keeper, settings, journal
        self.pages: App | None = None
        self.update: Callable[[Scope, Asked, str], Any] | None = None
        self.relay = Relay(settings)
        self.rates = bounds.Rates(settings)
        self.turns = bounds.Turns(settings)
        self.cache = Cache(settings.cache * MIB)
        self.metrics = Metrics()
        self.proxies = frozenset(settings.proxy)

    # ---- the request

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request to ``/sparql``."""
        started = time.perf_counter()
        told = Told()
        scope["plankg.told"] = told
        client = self.client(scope)
        try:
            await self._answer(scope, receive, send, client, told)
        except RefusalError as refusal:
            told.status = refusal.status
            response = refusal.response()
            response.raw_headers.extend(_CORS)
            await response(scope, receive, send)
        except GoneError:
            told.status = 499
            self.metrics.gone += 1
        except asyncio.CancelledError:  # the time to drain is over
            if told.status:
                abort(scope)
                return
            told.status = 503
            detail = "The server is being stopped; try again."
            await RefusalError(503, "Not now", detail, {"retry-after": "5"}).response()(scope, receive, send)
        except running.CutError as error:
            self.metrics.cut += 1
            _log.warning("an answer was cut off: %s", error)
            abort(scope)
        finally:
            self.note(scope, told, client, time.perf_counter() - started)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, client: str, told: Told) -> None:
        method = scope["method"]
        if method == "OPTIONS":
            told.kind, told.status = "options", 204
            await _send(send, 204, _PREFLIGHT, b"")
            return
        if method not in protocol.METHODS:
            allow = {"allow": ", ".join(protocol.METHODS)}
            raise RefusalError(405, "Wrong method", f"{method} does nothing here.", allow)
        asked = await protocol.read(scope, receive, self._most(scope))
        if asked.update is not None:
            told.kind = "update"
            await self._update(scope, receive, send, asked, client, told)
            return
        accept = header(scope, b"accept")
        if asked.query is None:
            told.kind = "description"
            await self._describe(scope, receive, send, accept, asked.format, told)
            return
        query = tokens.read(asked.query)
        self.check(query)
        told.digest = digest(query)
        wanted = formats.choose(query.form, accept, asked.format, method == "GET")
        if wanted == formats.HTML and self.pages is not None:
            told.kind = "page"
            await self.pages(scope, receive, _counted(send, told))
            return
        key = (
            self.keeper.version,
            blake2b(query.key.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest(),
            wanted,
            *dataset(query, asked),
        )
        entry = None if query.volatile else self.cache.get(key)
        told.kept = entry is not None
        if entry is not None:
            await self._send_entry(scope, send, entry, told)
            return
        with watched(receive):
            async with self.turns.turn(client):
                request = running.request(self._text(query), wanted, *key[3:])
                await self._run(scope, send, query, request, key, told)

    async def pass_on(
        self, scope: Scope, receive: Receive, send: Send, path: str, wanted: str, told: Told
    ) -> None:
        """Answers with what an engine has at ``path``, under the bounds of a query. Raises
        :class:`RefusalError`."""
        request = f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: {wanted}\r\n\r\n".encode("ascii")
        key = (self.keeper.version, path, wanted, (), ())
        try:
            with watched(receive):
                async with self.turns.turn(self.client(scope)):
                    await self._run(scope, send, tokens.Query(path, "STORE", path), request, key, told)
        except GoneError:
            told.status = 499
        except running.CutError:
            abort(scope)

    async def _run(
        self, scope: Scope, send: Send, query: tokens.Query, request: bytes, key: cache.Key, told: Told
    ) -> None:
        settings = self.settings
        wanted = key[2]
        ran = running.Running(self.keeper, request, settings)
        try:
            await ran.begin()
            if ran.status != 200:
                raise refused(ran.status, (await ran.more()).decode("utf-8", "replace"))
            headers = self._headers(wanted, query, settings)
            if ran.complete:
                entry = Entry(body := await ran.more(), cache.tag(body), headers)
                if not query.volatile and len(body) <= settings.cached_bytes * 1024:
                    self.cache.put((ran.version, *key[1:]), entry)
                ran.end()
                await self._send_entry(scope, send, entry, told)
            elif scope["method"] == "HEAD":
                told.status = 200
                await _send(send, 200, headers, b"")
            else:
                await self._stream(scope, send, ran, query, headers, key, told)
        except running.CutError:
            if told.status:
                raise
            if query.services:
                detail = "An endpoint that SERVICE names did not answer; SERVICE SILENT goes on without it."
                raise RefusalError(502, "The other endpoint failed", detail) from None
            raise refused(500, "the engine broke off") from None
        except RefusalError as refusal:
            told.status = refusal.status
            raise
        finally:
            self._ran(ran, query, told.status)

    async def _stream(
        self,
        scope: Scope,
        send: Send,
        ran: running.Running,
        query: tokens.Query,
        headers: Headers,
        key: cache.Key,
        told: Told,
    ) -> None:
        """Sends an answer while it comes. Keeps it too, if it turns out to be small enough."""
        settings = self.settings
        most, kept = settings.answer_bytes * MIB, settings.cached_bytes * 1024
        packer = None
        if _takes_gzip(scope):
            packer = zlib.compressobj(cache.LEVEL, wbits=31)
            headers = [*headers, (b"content-encoding", b"gzip")]
        if scope.get("http_version") == "1.0":
            raise RefusalError(505, "HTTP too old", "An answer as long as this one needs HTTP/1.1.")
        told.status = 200
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        parts: list[bytes] | None = None if query.volatile else []
        size, more = 0, True
        while more:
            got = await ran.more()
            more = bool(got)
            size += len(got)
            if size > most:
                raise running.CutError(f"it is longer than {settings.answer_bytes} MiB")
            if parts is not None:
                parts.append(got)
                if size > kept:
                    parts = None
            if packer is not None:
                got = packer.compress(got) if more else packer.flush()
            if got or not more:
                held_at = ran.hold_clock()
                try:
                    async with asyncio.timeout(settings.send_time):
                        await send({"type": "http.response.body", "body": got, "more_body": more})
                except TimeoutError:
                    raise running.CutError("its client is too slow") from None
                ran.go_on(held_at)
                told.sent += len(got)
        if parts is not None:
            body = b"".join(parts)
            plain = [pair for pair in headers if pair[0] != b"content-encoding"]
            self.cache.put((ran.version, *key[1:]), Entry(body, cache.tag(body), plain))

    async def _send_entry(self, scope: Scope, send: Send, entry: Entry, told: Told) -> None:
        compress = _takes_gzip(scope)
        known = header(scope, b"if-none-match")
        if known and entry.known_to(known):
            told.status = 304
            _, headers = entry.coded(compress)
            drop = (b"content-length", b"content-encoding", b"content-type")
            await _send(send, 304, [pair for pair in headers if pair[0] not in drop], b"")
            return
        body, headers = entry.coded(compress)
        told.status, told.sent = 200, len(body)
        remember = scope.get("plankg.remember")
        if remember is not None and told.kept:
            remember(headers, body, told.digest, self.keeper.version)
        try:
            async with asyncio.timeout(self.settings.send_time):
                connection = scope.get("plankg.connection")
                if connection is not None:
                    await connection.answer(scope["plankg.cycle"], headers, body)
                else:
                    await _send(send, 200, headers, body)
        except TimeoutError:
            raise running.CutError("its client is too slow") from None

    async def _describe(
        self, scope: Scope, receive: Receive, send: Send, accept: str, name: str, told: Told
    ) -> None:
        wanted = formats.choose("DESCRIPTION", accept, name, scope["method"] == "GET")
        if wanted == formats.HTML and self.pages is not None:
            await self.pages(scope, receive, _counted(send, told))
            return
        endpoint = address(scope, self.settings) + scope.get("root_path", "") + "/sparql"
        key = (self.keeper.version, f"description of {endpoint}", wanted, (), ())
        entry = self.cache.get(key)
        if entry is None:
            sizes = await self.whole(description.SIZES, formats.JSON, "127.0.0.1")
            if sizes.status_code != 200:
                raise RefusalError(503, "Not now", "The engine is being restarted.", {"retry-after": "1"})
            rows = sizes.json()["results"]["bindings"]
            triples = description.describe(
                endpoint,
                {row["graph"]["value"]: int(row["n"]["value"]) for row in rows if "graph" in row},
                self.settings.writable,
                bool(self.settings.services),
            )
            body = description.serialized(triples, wanted)
            entry = Entry(body, cache.tag(body), self._headers(wanted, None, self.settings))
            self.cache.put(key, entry)
        await self._send_entry(scope, send, entry, told)

    async def _update(
        self, scope: Scope, receive: Receive, send: Send, asked: Asked, client: str, told: Told
    ) -> None:
        if self.update is None:
            raise RefusalError(403, "Read-only", "This endpoint takes no updates.")
        response = await self.update(scope, asked, client)
        told.status = response.status_code
        await response(scope, receive, send)

    # ---- what pages ask

    async def whole(self, text: str, accept: str, client: str) -> httpx.Response:
        """The whole answer to a query, for a page: under the same bounds, kept in the same cache."""
        try:
            query = tokens.read(text)
            self.check(query)
            wanted = formats.choose(query.form, accept, "", False)
            named = blake2b(query.key.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
            key: cache.Key = (self.keeper.version, named, wanted, *dataset(query, Asked()))
            entry = None if query.volatile else self.cache.get(key)
            if entry is None:
                async with self.turns.turn(client):
                    entry = await self._gather(query, key)
        except RefusalError as refusal:
            return httpx.Response(refusal.status, headers=dict(refusal.headers), text=refusal.detail)
        except running.CutError:
            return httpx.Response(500, text="The engine broke off.")
        return httpx.Response(
            200,
            headers={"content-type": formats.CONTENT_TYPES[wanted], "etag": f'"{entry.tag}"'},
            content=entry.body,
        )

    async def _gather(self, query: tokens.Query, key: cache.Key) -> Entry:
        most = min(self.settings.answer_bytes, 64) * MIB
        ran = running.Running(self.keeper, running.request(self._text(query), *key[2:]), self.settings)
        try:
            await ran.begin()
            parts, size = [], 0
            while got := await ran.more():
                parts.append(got)
                size += len(got)
                if size > most:
                    detail = "The answer is too long for a page; ask for it as a file."
                    raise RefusalError(413, "Answer too long", detail)
            body = b"".join(parts)
            if ran.status != 200:
                raise refused(ran.status, body.decode("utf-8", "replace"))
            entry = Entry(body, cache.tag(body), self._headers(key[2], query, self.settings))
            if not query.volatile and size <= self.settings.cached_bytes * 1024:
                self.cache.put((ran.version, *key[1:]), entry)
            return entry
        finally:
            self._ran(ran, query, ran.status)

    # ---- policy

    def client(self, scope: Scope) -> str:
        """Who a request is from; see :func:`bounds.client`."""
        peer = (scope.get("client") or ("",))[0]
        forwarded = header(scope, b"x-forwarded-for") if self.proxies else ""
        return bounds.client(peer, forwarded, self.proxies)

    def admit(self, scope: Scope) -> None:
        """Counts a request against its client's rate. Raises :class:`RefusalError` (429)."""
        wait = self.rates.admit(self.client(scope), time.monotonic())
        if wait:
            seconds = str(max(1, round(wait + 0.5)))
            detail = f"A client may send {self.settings.rate:g} requests a second."
            raise RefusalError(429, "Too many requests", detail, {"retry-after": seconds})

    def check(self, query: tokens.Query) -> None:
        """Refuses what no query may do here. Raises :class:`RefusalError`."""
        if query.form == "UPDATE":
            raise RefusalError(400, "Not a query", "This is an update; it comes as `update`, by POST.")
        self.check_size(query)
        if not query.services and not query.unclear:
            return
        allowed = self.settings.services
        if not query.unclear and all(service.endpoint in allowed for service in query.services):
            return
        if query.unclear:
            detail = "Where this query names a SERVICE is unclear: put a space behind each `<` that compares."
        elif not allowed:
            detail = "SERVICE is not available here; `plankg serve --federation` allows Wikidata's endpoint."
        else:
            detail = f"SERVICE may name, as a constant, {', '.join(sorted(allowed))}."
        raise RefusalError(403, "SERVICE refused", detail)

    def check_size(self, query: tokens.Query) -> None:
        """Refuses what would take the engine's stack. Raises :class:`RefusalError` (400)."""
        if query.depth > tokens.DEEPEST:
            raise RefusalError(400, "Nested too deep", f"Brackets may be {tokens.DEEPEST} deep.")
        if query.chained > tokens.LONGEST:
            detail = f"A query may have {tokens.LONGEST} operators; VALUES and IN take longer lists."
            raise RefusalError(400, "Too many operators", detail)

    def _most(self, scope: Scope) -> int:
        kind = header(scope, b"content-type") if self.settings.writable else ""
        return self.settings.written_bytes * MIB if "update" in kind else self.settings.request_bytes * 1024

    def _text(self, query: tokens.Query) -> str:
        if query.services:
            query = replace(query, text=self.relay.redirected(query))
        text = tokens.limited(query, self.settings.rows) if self.settings.rows else query.text
        return tokens.BASE + text

    def _headers(self, wanted: str, query: tokens.Query | None, settings: Settings) -> Headers:
        headers = [
            (b"content-type", formats.CONTENT_TYPES[wanted].encode()),
            (b"cache-control", f"public, max-age={settings.max_age}".encode()),
            (b"vary", b"accept, accept-encoding"),
            *_CORS,
        ]
        if query is not None and query.volatile:
            headers[1] = (b"cache-control", b"no-store")
        if query is not None and query.form == "SELECT" and settings.rows:
            headers.append((b"plankg-most-rows", str(settings.rows).encode()))
        return headers

    # ---- what is written down

    def _ran(self, ran: running.Running, query: tokens.Query, status: int) -> None:
        """Ends a query's run, and counts it; a slow one is written down."""
        seconds = ran.seconds
        ran.end()
        self.metrics.query(seconds)
        self.metrics.repeated += ran.tries > 1
        if seconds >= self.settings.slow:
            self.journal.slow(
                query.text, query=digest(query), seconds=round(seconds, 3), status=status, tries=ran.tries
            )

    def note(self, scope: Scope, told: Told, client: str, seconds: float) -> None:
        """Counts a request, and writes it down if requests are."""
        self.metrics.requests[told.kind, told.status] += 1
        self.metrics.sent += told.sent
        if self.journal.wanted:
            self.journal.access(
                client=client,
                method=scope["method"],
                path=scope["path"],
                status=told.status,
                bytes=told.sent,
                ms=round(seconds * 1000, 2),
                query=told.digest or None,
                cache=told.kept,
            )


class GoneError(Exception):
    """The client went away."""


@contextmanager
def watched(receive: Receive) -> Iterator[None]:
    """Cancels the block when the client goes away in the meantime, and raises :class:`GoneError` then. The
    request's body has been read."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None
    gone = False
    watching: asyncio.Task[None] | None = None

    async def watch() -> None:
        nonlocal gone
        while (await receive())["type"] != "http.disconnect":
            pass
        gone = True
        task.cancel()

    def begin() -> None:
        nonlocal watching
        watching = loop.create_task(watch())

    timer = loop.call_later(_WATCH_AFTER, begin)
    try:
        yield
    except asyncio.CancelledError:
        if gone and task.uncancel() == 0:
            raise GoneError from None
        raise
    finally:
        timer.cancel()
        if watching is not None:
            watching.cancel()


def dataset(query: tokens.Query, asked: Asked) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The graphs a query is asked of: the request's, else its own. The engine, whose default graph is the
    union of all, does not look at FROM."""
    if asked.default_graphs or asked.named_graphs:
        return asked.default_graphs, asked.named_graphs
    return query.default_graphs, query.named_graphs


def digest(query: tokens.Query) -> str:
    """Names a query in the logs: the same for texts that differ in spaces and comments only."""
    return blake2b(query.key.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def address(scope: Scope, settings: Settings) -> str:
    """The address the server is reached at, without a slash at the end."""
    if settings.public:
        return settings.public.rstrip("/")
    host = header(scope, b"host")
    if not _HOST.fullmatch(host):
        name, port = scope.get("server") or ("localhost", 80)
        host = f"{name}:{port}"
    return f"{scope.get('scheme', 'http')}://{host}"


def refused(status: int, said: str) -> RefusalError:
    """What the engine's refusal of a query means for the client."""
    if status == 400:
        return RefusalError(400, "Malformed query", _place(" ".join(said.split())[:1000]))
    if status == 404:
        return RefusalError(404, "No such graph", "There is no such graph in the store.")
    _log.warning("the engine answered %s: %s", status, said[:300])
    return RefusalError(500, "The engine failed", "The engine could not answer this query.")


def _place(said: str) -> str:
    """The engine's complaint with the place in the text that the client sent."""
    return re.sub(r"\b1:(\d+)", lambda m: f"1:{max(1, int(m[1]) - len(tokens.BASE))}", said, count=1)


def abort(scope: Scope) -> None:
    """Cuts the connection, so that nobody takes what was sent for the whole."""
    connection = scope.get("plankg.connection")
    if connection is None:
        raise ConnectionAbortedError
    connection.abort()


def _takes_gzip(scope: Scope) -> bool:
    accepted = header(scope, b"accept-encoding")
    if "gzip" not in accepted:
        return False
    for part in accepted.split(","):
        name, _, rest = part.partition(";")
        if name.strip().lower() == "gzip":
            return not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", rest)
    return False


def _counted(send: Send, told: Told) -> Send:
    async def counted(message: Any) -> None:
        if message["type"] == "http.response.start":
            told.status = message["status"]
        else:
            told.sent += len(message.get("body", b""))
        await send(message)

    return counted


async def _send(send: Send, status: int, headers: Headers, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
