"""One connection to an engine: a request out, its answer in, and a way to end the wait at any moment.

A general HTTP client costs more time per request than a small query does; this one speaks just what the
engine does (HTTP/1.1, kept alive, with a length or in chunks).
"""

import asyncio
from typing import Final, cast

import httptools

#: Bytes of an answer that may lie here unread before the engine has to wait.
_HIGH: Final = 1 << 18


class EngineGoneError(Exception):
    """The engine closed the connection before its answer was whole: it died or was ended."""


class Connection(asyncio.Protocol):
    """A connection to an engine. One request at a time: :meth:`send`, :meth:`held`, then :meth:`more` until
    it gives nothing. ``status`` and ``content_type`` are there once :meth:`held` has returned."""

    def __init__(self) -> None:
        self.status = 0
        self.content_type = ""
        self.complete = True
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._parts: list[bytes] = []
        self._size = 0
        self._paused = False
        self._enough = 0
        self._until: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._error: BaseException | None = None
        self._lost = False
        self._forgotten = False
        self._loop = asyncio.get_running_loop()

    # ---- asking

    def send(self, request: bytes) -> None:
        """Sends a whole request."""
        self.status, self.content_type = 0, ""
        self.complete = False
        self._parts, self._size, self._error = [], 0, None
        if self._lost or self._transport is None:
            self.fail(EngineGoneError())
        else:
            self._transport.write(request)

    async def held(self, size: int, seconds: float) -> None:
        """Waits until the answer is complete or, of one that is not, ``size`` bytes are here or ``seconds``
        have passed since the first. Raises what :meth:`fail` was given, or :class:`EngineGoneError`."""
        self._until = seconds
        await self._wait(size)

    async def more(self) -> bytes:
        """What has come of the body since the last call, waiting when there is nothing; b"" at its end.
        Raises what :meth:`fail` was given, or :class:`EngineGoneError`."""
        if not self._parts:
            await self._wait(1)
        elif self._error is not None:
            raise self._error
        got = b"".join(self._parts) if len(self._parts) != 1 else self._parts[0]
        self._parts, self._size = [], 0
        if self._paused and self._transport is not None:
            self._paused = False
            self._transport.resume_reading()
        return got

    def fail(self, error: BaseException) -> None:
        """Ends the wait for the answer with an error. The connection stays open until it is closed."""
        if self._error is None and not self.complete:
            self._error = error
            self._wake()

    def close(self) -> None:
        if self._transport is not None and not self._lost:
            self._lost = True
            self._transport.abort()

    def forget(self) -> None:
        """Closes the connection with the next bytes that come: nobody wants them."""
        self._forgotten = True
        self._parts.clear()
        if self._paused and self._transport is not None:
            self._paused = False
            self._transport.resume_reading()

    @property
    def flowing(self) -> bool:
        """Whether some of the answer has come."""
        return self.status != 0

    @property
    def waiting(self) -> bool:
        """Whether there are bytes that :meth:`more` has not given."""
        return bool(self._parts)

    @property
    def open(self) -> bool:
        return not self._lost

    async def _wait(self, enough: int) -> None:
        if not (self.complete or self._error or self._size >= enough):
            self._enough = enough
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
                if self._timer is not None:
                    self._timer.cancel()
                    self._timer = None
                self._until = None
        if self._error is not None:
            raise self._error

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # ---- what the transport and the parser tell

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.fail(EngineGoneError())
            return
        if self._waiter is not None and (self.complete or self._size >= self._enough):
            self._wake()
        elif self._until is not None and self._size and self._timer is None:
            self._timer = self._loop.call_later(self._until, self._wake)
        if self._size > _HIGH and self._size > self._enough and not self.complete and not self._paused:
            self._paused = True
            assert self._transport is not None
            self._transport.pause_reading()

    def connection_lost(self, _: Exception | None) -> None:
        self._lost = True
        self.fail(EngineGoneError())

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"content-type":
            self.content_type = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        self.status = self._parser.get_status_code()

    def on_body(self, body: bytes) -> None:
        if self._forgotten:
            self.close()
            return
        self._parts.append(body)
        self._size += len(body)

    def on_message_complete(self) -> None:
        self.complete = True


async def connect(port: int) -> Connection:
    """A new connection to the engine on a port of this machine. Raises :class:`EngineGoneError`."""
    try:
        _, connection = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
    except OSError:
        raise EngineGoneError from None
    return connection
