"""Connections from clients: uvicorn's HTTP protocol with bounds on how slow, how long and how many, and with
answers to requests that came before, byte for byte, straight from memory."""

import asyncio
import time
from collections import Counter
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from plankg.server import bounds
from plankg.server.cache import Headers
from plankg.server.sparql import Endpoint

#: The most requests whose whole answers are remembered, and the largest of either.
_MOST: Final = 512
_LARGEST_REQUEST: Final = 8192
_LARGEST: Final = 1 << 16
#: The most bytes the event loop hands over at a time.
_LARGEST_PIECE: Final = 1 << 18


class Connection(HttpToolsProtocol):
    """A client's connection. ``endpoint`` and ``per_client`` are set by :func:`bounded`."""

    endpoint: Endpoint
    per_client: Counter[str]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        settings = self.endpoint.settings
        self.peer = self.client[0] if self.client else ""
        self.who = bounds.client(self.peer, "", frozenset())
        self.per_client[self.peer] += 1
        self.in_head = self.whole = False  # whether the head is being read, whether the request is here
        self.early = 0  # bytes that came while a request was being answered
        self.arrived = 0  # bytes of a request that is not whole yet
        self.ending = b""  # how the piece before ended: the end of a head may lie in two
        self.raw: bytes | None = None  # the request, when it came in one piece
        self.deadline: asyncio.TimerHandle | None = None
        too_many = len(self.connections) > settings.connections
        local = self.peer in self.endpoint.proxies
        if too_many or (self.per_client[self.peer] > settings.connections_per_client and not local):
            self.refuse(503, b"too many connections", b"retry-after: 5\r\n")
        else:
            self.deadline = self.loop.call_later(settings.idle, self.idle)

    def connection_lost(self, exc: Exception | None) -> None:
        self.cancel_deadline()
        self.per_client[self.peer] -= 1
        if not self.per_client[self.peer]:
            del self.per_client[self.peer]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        free = self.cycle is None or self.cycle.response_complete
        if free and not self.arrived:
            hot = self.endpoint.cache.hot.get(data)
            if hot is not None and self.answer_at_once(hot):
                return
            self.raw = data if is_one_request(data) else None
            self.cancel_deadline()
            self.deadline = self.loop.call_later(self.endpoint.settings.request_time, self.too_slow)
            self.in_head, self.whole, self.early, self.ending = True, False, 0, b""
        else:
            self.raw = None
            if self.whole and not free:  # the next request, before this one is answered
                self.early += len(data)
                if self.early > self.endpoint.settings.header_bytes * 1024 + _LARGEST_PIECE:
                    self.abort()
                    return
        if self.in_head and self.head_is_too_long(data):
            self.refuse(431, b"the request's line and headers are too long", b"")
            return
        super().data_received(data)

    def head_is_too_long(self, data: bytes) -> bool:
        """Counts a piece of a head, the last of which may bring some of the body too."""
        before, self.arrived = self.arrived, self.arrived + len(data)
        ending, self.ending = self.ending + data, data[-3:]
        most = self.endpoint.settings.header_bytes * 1024
        if self.arrived <= most:
            return False
        end = ending.find(b"\r\n\r\n")
        return end < 0 or before + end + 4 - (len(ending) - len(data)) > most

    def on_headers_complete(self) -> None:
        self.in_head = False
        raw = self.raw
        lengths = {name for name, _ in self.headers if name in (b"transfer-encoding", b"content-length")}
        if len(lengths) == 2:
            raise ValueError("two lengths")  # RFC 9112, 6.1: what comes next may be smuggled
        self.scope["plankg.connection"] = self  # type: ignore[typeddict-unknown-key]
        if raw is not None and not lengths and self.parser.get_method() == b"GET":
            self.scope["plankg.remember"] = self.remember  # type: ignore[typeddict-unknown-key]
        super().on_headers_complete()
        self.scope["plankg.cycle"] = self.cycle  # type: ignore[typeddict-unknown-key]

    def on_message_complete(self) -> None:
        self.arrived = 0
        self.whole = True
        self.cancel_deadline()
        super().on_message_complete()

    # ---- bounds

    def cancel_deadline(self) -> None:
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None

    def idle(self) -> None:
        """Nothing was asked."""
        if not self.transport.is_closing():
            self.transport.close()

    def too_slow(self) -> None:
        """The request did not arrive in time."""
        self.refuse(408, b"the request came too slowly", b"")

    def refuse(self, status: int, why: bytes, headers: bytes) -> None:
        """Answers before there is a request, and closes."""
        self.cancel_deadline()
        if self.transport.is_closing():
            return
        answering = self.cycle is not None and not self.cycle.response_complete
        if not (answering and self.cycle.response_started):
            reasons = {408: b"Request Timeout", 431: b"Request Header Fields Too Large"}
            self.transport.write(
                b"HTTP/1.1 %d %s\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\n"
                b"%sconnection: close\r\n\r\n%s\n"
                % (status, reasons.get(status, b"Service Unavailable"), len(why) + 1, headers, why)
            )
        if answering:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.endpoint.metrics.requests["connection", status] += 1
        self.transport.close()

    def abort(self) -> None:
        """Cuts the connection at once, whatever has been sent."""
        if self.cycle is not None:
            self.cycle.disconnected = True
        self.transport.abort()

    # ---- answers in one piece

    async def answer(self, cycle: RequestResponseCycle, headers: Headers, body: bytes) -> None:
        """Sends a whole answer with status 200 in one write; the headers are ours and need no check."""
        if cycle.flow.write_paused and not cycle.disconnected:
            await cycle.flow.drain()
        if cycle.disconnected:
            return
        lines = [name + b": " + value + b"\r\n" for name, value in (*cycle.default_headers, *headers)]
        if not cycle.keep_alive:
            lines.append(b"connection: close\r\n")
        end = b"" if cycle.scope["method"] == "HEAD" else body
        self.transport.write(b"".join([b"HTTP/1.1 200 OK\r\n", *lines, b"\r\n", end]))
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()

    # ---- answers from memory

    def remember(self, headers: Headers, body: bytes, digest: str, version: str) -> None:
        """Keeps the whole answer to the request of this connection, which is one that was kept already."""
        hot = self.endpoint.cache.hot
        if self.raw is None or len(body) > _LARGEST or version != self.endpoint.keeper.version:
            return
        if not self.cycle.keep_alive:
            return
        if len(hot) >= _MOST:
            hot.clear()
        head = b"".join([name + b": " + value + b"\r\n" for name, value in headers])
        hot[self.raw] = Hot(
            head + b"\r\n" + body, len(body), digest, version, self.endpoint.client(dict(self.scope))
        )

    def answer_at_once(self, hot: "Hot") -> bool:
        """Answers a request that came before. False when it has to go the long way."""
        endpoint = self.endpoint
        started = time.perf_counter()
        who = hot.client if self.peer in endpoint.proxies else self.who
        if hot.version != endpoint.keeper.version or self.flow.write_paused or self.pipeline:
            return False
        if endpoint.rates.admit(who, time.monotonic()):
            return False
        self._unset_keepalive_if_required()
        defaults = [name + b": " + value + b"\r\n" for name, value in self.server_state.default_headers]
        self.transport.write(b"".join([b"HTTP/1.1 200 OK\r\n", *defaults, hot.answer]))
        self.server_state.total_requests += 1
        endpoint.cache.hits += 1
        endpoint.metrics.requests["query", 200] += 1
        endpoint.metrics.sent += hot.size
        if endpoint.journal.wanted:
            endpoint.journal.access(
                client=who,
                method="GET",
                path="/sparql",
                status=200,
                bytes=hot.size,
                ms=round((time.perf_counter() - started) * 1000, 2),
                query=hot.digest,
                cache=True,
            )
        self.cancel_deadline()
        self.deadline = self.loop.call_later(endpoint.settings.idle, self.idle)
        return True


def is_one_request(data: bytes) -> bool:
    """Whether bytes are the head of one request, whole, and nothing else.

    >>> is_one_request(b"GET / HTTP/1.1\\r\\n\\r\\n"), is_one_request(b"GET / HTTP/1.1\\r\\n\\r\\nGET")
    (True, False)
    """
    size = len(data)
    return size <= _LARGEST_REQUEST and data.find(b"\n\r\n") == size - 3 and b"\n\n" not in data


class Hot:
    """A whole answer, but for its first line and the date."""

    __slots__ = ("answer", "client", "digest", "size", "version")

    def __init__(self, answer: bytes, size: int, digest: str, version: str, client: str) -> None:
        self.answer, self.size, self.digest = answer, size, digest
        self.version, self.client = version, client


def bounded(endpoint: Endpoint) -> type[Connection]:
    """The protocol class for a server with this endpoint."""
    members: dict[str, Any] = {"endpoint": endpoint, "per_client": Counter()}
    return type("BoundedConnection", (Connection,), members)
