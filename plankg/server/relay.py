"""SERVICE: the engine asks this process, and this process asks the endpoint that is meant.

The engine resolves names, follows redirects and connects to whatever comes out. So it never learns a foreign
address: the SERVICE of a query is replaced by an address on this machine, and the request is made here, to
one of the endpoints allowed, over an address that was looked at, without following anything.
"""

import asyncio
import contextlib
import ipaddress
import logging
import secrets
import socket
from collections.abc import AsyncIterator
from typing import Any, Final

import anyio
import httpcore
import httptools
import httpx

from plankg import __version__
from plankg.server import tokens
from plankg.server.settings import MIB, Settings

#: The most bytes of a query that is passed on.
_LONGEST: Final = 1 << 20
_FAILED: Final = b"not answered"
_ACCEPT: Final = "application/sparql-results+json, application/sparql-results+xml;q=0.8"


_log = logging.getLogger("plankg.server")


class RefusedAddressError(Exception):
    """The endpoint's name leads to an address that no request may reach."""


class Relay:
    """A listener on this machine that passes queries on to the endpoints allowed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._secret = secrets.token_urlsafe(16)
        self._endpoints = sorted(settings.services)
        self._private = frozenset(settings.service_private)
        self._server: asyncio.Server | None = None
        self._port = 0
        self.asked = 0
        self.failed = 0

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Listens for the block, if any endpoint is allowed."""
        if not self._endpoints:
            yield
            return
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0, limit=_LONGEST)
        self._port = self._server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            self._server.close()

    def redirected(self, query: tokens.Query) -> str:
        """The query's text with each endpoint replaced by its address here."""
        addresses = {
            endpoint: f"http://127.0.0.1:{self._port}/{self._secret}/{number}"
            for number, endpoint in enumerate(self._endpoints)
        }
        return tokens.redirected(query, addresses)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(self._settings.timeout):
                request = _Request()
                parser = httptools.HttpRequestParser(request)
                while not request.whole:
                    data = await reader.read(65536)
                    if not data or len(request.body) > _LONGEST:
                        return
                    parser.feed_data(data)
                endpoint = self._meant(request.path)
                if endpoint is None or parser.get_method() != b"POST":
                    writer.write(_head(404, "text/plain") + _FAILED)
                else:
                    await self._pass_on(endpoint, bytes(request.body), writer)
        except (OSError, TimeoutError, httptools.HttpParserError):
            self.failed += 1
        finally:
            writer.close()

    def _meant(self, path: str) -> str | None:
        secret, _, number = path.strip("/").partition("/")
        if not secrets.compare_digest(secret.encode(), self._secret.encode()) or not number.isdecimal():
            return None
        return self._endpoints[int(number)] if int(number) < len(self._endpoints) else None

    async def _pass_on(self, endpoint: str, query: bytes, writer: asyncio.StreamWriter) -> None:
        self.asked += 1
        most = self._settings.answer_bytes * MIB
        headers = {
            "accept": _ACCEPT,
            "accept-encoding": "identity",
            "content-type": "application/sparql-query",
            "user-agent": f"plankg/{__version__} (https://w3id.org/plankg/)",
        }
        timeout = httpx.Timeout(self._settings.timeout, connect=10.0)
        try:
            async with (
                httpx.AsyncClient(transport=_transport(endpoint in self._private), timeout=timeout) as client,
                client.stream("POST", endpoint, content=query, headers=headers) as answer,
            ):
                if answer.status_code != 200:  # a redirect too: it is not followed
                    raise httpx.ProtocolError(f"it answers {answer.status_code}")
                if answer.headers.get("content-encoding", "identity") != "identity":
                    raise httpx.ProtocolError("its answer is compressed, which was not asked for")
                writer.write(_head(200, answer.headers.get("content-type", "")))
                size = 0
                async for chunk in answer.aiter_raw():
                    size += len(chunk)
                    if size > most:
                        raise httpx.ProtocolError("its answer is too long")
                    writer.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
                    await writer.drain()
                writer.write(b"0\r\n\r\n")
        except (httpx.HTTPError, httpcore.NetworkError, RefusedAddressError) as error:
            self.failed += 1
            _log.warning("SERVICE <%s> failed: %s", endpoint, error)
            with contextlib.suppress(OSError):
                # no newline at its end: that is how `running` tells it from the end of a table
                writer.write(_head(502, "text/plain") + _FAILED)


class _Request:
    """What the parser tells of a request."""

    def __init__(self) -> None:
        self.path = ""
        self.body = bytearray()
        self.whole = False

    def on_url(self, url: bytes) -> None:
        self.path += url.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.whole = True


class _Backend(httpcore.AsyncNetworkBackend):
    """Connects to an address that was looked at, not to a name that may mean another one a moment later."""

    def __init__(self, private: bool) -> None:
        self._private = private
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from None
        addresses = [str(info[4][0]) for info in found]
        for address in addresses:
            if not self._private and not is_public(address):
                raise RefusedAddressError(f"{host} is at {address}, an address that is not public")
        return await self._inner.connect_tcp(addresses[0], port, timeout, local_address, socket_options)

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        raise RefusedAddressError("no socket of this machine may be asked")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet.

    >>> [is_public(a) for a in ("8.8.8.8", "10.1.2.3", "169.254.169.254", "::1", "::ffff:127.0.0.1")]
    [True, False, False, False, False]
    """
    found: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found in _TRANSLATED or found.sixtofour or found.teredo:
            return False
        found = found.ipv4_mapped or found
    return found.is_global and not found.is_multicast and not found.is_reserved


_TRANSLATED: Final = ipaddress.IPv6Network("64:ff9b::/96")


def _transport(private: bool) -> httpx.AsyncHTTPTransport:
    transport = httpx.AsyncHTTPTransport(trust_env=False)
    transport._pool = httpcore.AsyncConnectionPool(
        ssl_context=httpx.create_ssl_context(trust_env=False), network_backend=_Backend(private)
    )
    return transport


def _head(status: int, content_type: str) -> bytes:
    kind = "".join(c for c in content_type if c.isprintable())[:200] or "application/octet-stream"
    length = "transfer-encoding: chunked" if status == 200 else f"content-length: {len(_FAILED)}"
    return f"HTTP/1.1 {status} -\r\ncontent-type: {kind}\r\n{length}\r\nconnection: close\r\n\r\n".encode(
        "latin-1"
    )
