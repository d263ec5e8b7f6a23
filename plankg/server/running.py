"""A query under way on an engine: its deadline, its repetition when the engine goes away, its end when the
client does."""

import asyncio
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from plankg.server.engines import Keeper, OutOfMemoryError, Worker
from plankg.server.refusals import RefusalError
from plankg.server.settings import Settings
from plankg.server.wire import Connection, EngineGoneError

#: How often a query may be put to an engine; and how often it may be the only one on an engine that dies.
_TRIES: Final = 6
_ALONE: Final = 2
#: Seconds by which each wait before the next try is longer than the last.
_PAUSE: Final = 0.05
#: How answers of a format end. What goes wrong on the way the engine writes behind what is there already.
_TAILS: Final[Mapping[str, bytes]] = {
    "application/sparql-results+json": b"}",
    "application/sparql-results+xml": b"</sparql>",
    "application/rdf+xml": b"</rdf:RDF>",
    "application/ld+json": b"]",
    "text/csv; charset=utf-8": b"\n",
    "text/tab-separated-values; charset=utf-8": b"\n",
    "application/n-triples": b"\n",
    "application/n-quads": b"\n",
    "text/turtle": b"\n",
    "application/trig": b"\n",
}
_BOOLEANS: Final = (b"true", b"false")


class DeadlineError(Exception):
    """The query has run as long as it may."""


class CutError(Exception):
    """The rest of an answer that is being sent cannot be had: the connection must not look complete."""


def request(
    query: str, accept: str, default_graphs: tuple[str, ...] = (), named_graphs: tuple[str, ...] = ()
) -> bytes:
    """The bytes that put a query to an engine."""
    graphs = [f"default-graph-uri={quote(iri, safe='')}" for iri in default_graphs]
    graphs += [f"named-graph-uri={quote(iri, safe='')}" for iri in named_graphs]
    path = "/query?" + "&".join(graphs) if graphs else "/query"
    body = query.encode()
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: {accept}\r\n"
        f"content-type: application/sparql-query\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body


class Running:
    """A query on an engine. :meth:`begin`, then :meth:`more` until it gives nothing, then :meth:`end`, which
    must be called whatever happens."""

    def __init__(self, keeper: Keeper, request: bytes, settings: Settings) -> None:
        self._keeper, self._request, self._settings = keeper, request, settings
        self._loop = asyncio.get_running_loop()
        self.started = self._loop.time()
        self._deadline = self.started + settings.timeout
        self._timer: asyncio.TimerHandle | None = None
        self._worker: Worker | None = None
        self._connection: Connection | None = None
        self._error: BaseException | None = None
        self._first = b""
        self._last = b""
        self.status = 0
        self.content_type = ""
        self.version = ""
        self.tries = 0
        self._alone = 0

    @property
    def complete(self) -> bool:
        """Whether the whole answer has come from the engine."""
        return self._connection is not None and self._connection.complete

    @property
    def seconds(self) -> float:
        """How long the query has been running."""
        return self._loop.time() - self.started

    async def begin(self) -> None:
        """Puts the query to an engine, to another when that one goes away, until its answer is complete or
        enough of it is here to begin sending.

        Raises :class:`RefusalError` when it takes too long or too much memory, or engines keep going away;
        :class:`CutError` when the answer is broken.
        """
        settings = self._settings
        self._timer = self._loop.call_at(self._deadline, self.fail, DeadlineError())
        gone = 0
        while True:
            try:
                if self._error is not None:
                    raise self._error
                worker, connection = await self._keeper.connection(self, self._deadline)
                self._worker, self._connection = worker, connection
                self.tries += 1
                connection.send(self._request)
                if self._error is not None:
                    raise self._error
                await connection.held(settings.held_bytes * 1024, settings.held_time)
                self.status, self.content_type = connection.status, connection.content_type
                self.version = worker.version
                if connection.complete:
                    self._first = await connection.more()
                    self._check(self._first)
                return
            except EngineGoneError as error:
                self._lose()
                await asyncio.sleep(_PAUSE * gone)
                gone += 1
                if self.tries >= _TRIES or self._alone >= _ALONE or self._loop.time() >= self._deadline:
                    raise _refusal(error, settings) from None
            except (DeadlineError, OutOfMemoryError) as error:
                self.end()
                raise _refusal(error, settings) from None

    async def more(self) -> bytes:
        """The next bytes of the answer, b"" at its end.

        Raises :class:`CutError` when it breaks off.
        """
        if self._first:
            got, self._first = self._first, b""
            self._last = got[-32:]
            return got
        assert self._connection is not None
        if self.complete and not self._connection.waiting:
            self._check(self._last)
            return b""
        try:
            got = await self._connection.more()
        except Exception as error:
            raise CutError(type(error).__name__) from None
        if got:
            self._last = got[-32:] if len(got) >= 32 else (self._last + got)[-32:]
        else:
            self._check(self._last)
        return got

    def hold_clock(self) -> float:
        """Stops the query's time while its client is slow to take what is there; see :meth:`go_on`."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        return self._loop.time()

    def go_on(self, held_at: float) -> None:
        """Lets the time go on that :meth:`hold_clock` stopped."""
        self._deadline += self._loop.time() - held_at
        self._timer = self._loop.call_at(self._deadline, self.fail, DeadlineError())

    def fail(self, error: BaseException) -> None:
        """Ends the query: it is past its deadline, or takes too much memory."""
        if self._error is None:
            self._error = error
        if self._connection is not None:
            self._connection.fail(error)

    def end(self) -> None:
        """Gives back what the query holds. May be called again."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        worker, connection = self._worker, self._connection
        if worker is None or connection is None or self not in worker.tasks:
            return
        if connection.complete or not connection.open:
            self._keeper.give_back(worker, connection, self)
        elif isinstance(self._error, DeadlineError) and not connection.flowing:
            self._keeper.give_back(worker, connection, self)
            self._keeper.retire(worker, "runaway", self._settings.linger)
        else:
            self._keeper.leave(worker, connection, self)

    def _lose(self) -> None:
        if self._worker is not None and self._connection is not None:
            # The queries of an engine that died leave it one after the other: the first still sees them all.
            self._worker.lost = max(self._worker.lost, len(self._worker.tasks))
            self._alone += self._worker.lost == 1
            self._connection.close()
            self._keeper.give_back(self._worker, self._connection, self)
            self._keeper.look_at(self._worker)
        self._worker = self._connection = None

    def _check(self, end: bytes) -> None:
        """Whether an answer ends as one of its format does. Raises :class:`CutError` when not."""
        tail = _TAILS.get(self.content_type)
        if self.status != 200 or tail is None or end.endswith(tail) or end in _BOOLEANS:
            return
        if (end or tail != b"\n") and not end.rstrip().endswith(tail):
            raise CutError("the engine broke off")


def _refusal(error: BaseException, settings: Settings) -> RefusalError:
    if isinstance(error, DeadlineError):
        detail = f"The query was stopped after {settings.timeout:g} seconds, the most one may take here."
        return RefusalError(504, "The query took too long", detail)
    if isinstance(error, OutOfMemoryError):
        detail = "The query was stopped because it takes too much memory; sort, group or join fewer rows."
        return RefusalError(503, "The query took too much memory", detail)
    detail = "The engine is being restarted; try again in a moment."
    return RefusalError(503, "Not now", detail, {"retry-after": "1"})
