"""Who may ask, when, and how often: turns for queries, a rate per client, and who the client is."""

import asyncio
import ipaddress
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Final

from plankg.server.refusals import RefusalError
from plankg.server.settings import Settings

#: Clients whose rate is remembered.
_CLIENTS: Final = 10_000


def client(address: str, forwarded: str, proxies: frozenset[str]) -> str:
    """Who a request is from: an IPv4 address or the /64 of an IPv6 one.

    ``forwarded`` is the ``X-Forwarded-For`` header, which counts only when the request comes from one of the
    ``proxies``: its last address that is none of theirs.

    >>> client("10.0.0.1", "1.2.3.4, 203.0.113.9, 10.0.0.2", frozenset(["10.0.0.1", "10.0.0.2"]))
    '203.0.113.9'
    >>> client("2001:db8:1:2:3:4:5:6", "1.2.3.4", frozenset())
    '2001:db8:1:2::/64'
    """
    if forwarded and address in proxies:
        hops = [hop.strip() for hop in forwarded[-1000:].split(",")]
        address = next((hop for hop in reversed(hops) if hop not in proxies), address)
    if ":" not in address:
        return address[:64]
    try:
        found = ipaddress.IPv6Address(address.partition("%")[0].strip("[]"))
    except ValueError:
        return address[:64]
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return f"{ipaddress.IPv6Network((int(found) >> 64 << 64, 64))}"


def is_loopback(client: str) -> bool:
    return client.startswith("127.") or client in ("::/64", "", "localhost")


class Rates:
    """How often each client asks: a bucket that fills at ``rate`` a second up to ``burst``."""

    def __init__(self, settings: Settings) -> None:
        self._rate, self._burst = settings.rate, float(settings.burst)
        self._loopback = settings.rate_loopback
        self._clients: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self.refused = 0

    def admit(self, client: str, now: float) -> float:
        """Counts a request. 0 when it is admitted, else the seconds until the next one would be."""
        if self._rate <= 0 or (not self._loopback and is_loopback(client)):
            return 0.0
        tokens, then = self._clients.pop(client, (self._burst, now))
        tokens = min(self._burst, tokens + (now - then) * self._rate)
        wait = 0.0 if tokens >= 1 else (1 - tokens) / self._rate
        self._clients[client] = (tokens if wait else tokens - 1, now)
        if len(self._clients) > _CLIENTS:
            self._clients.popitem(last=False)
        self.refused += wait > 0
        return wait


class Turns:
    """Lets so many queries run at a time. Of those that wait, the client with the fewest running is next;
    of its own queries, the first."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._running: dict[str, int] = {}
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}
        self.running = 0
        self.waiting = 0
        self.refused = 0

    @asynccontextmanager
    async def turn(self, client: str) -> AsyncIterator[None]:
        """Waits for a place, and holds it for the block. Raises :class:`RefusalError` (503) when too many
        wait or it takes too long."""
        await self.take(client)
        try:
            yield
        finally:
            self.leave(client)

    async def take(self, client: str) -> None:
        """Waits for a place, which :meth:`leave` gives back. Raises :class:`RefusalError` (503)."""
        if not self.waiting and self._free_for(client):
            self._enter(client)
            return
        if self.waiting >= self._settings.queue:
            self._refuse("Too many queries are waiting already.")
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(place)
        self.waiting += 1
        self._admit()
        try:
            async with asyncio.timeout(self._settings.queue_time):
                await place
        except BaseException as error:
            if place.done() and not place.cancelled():
                self.leave(client)  # admitted in the same moment
            else:
                self._forget(client, place)
            if isinstance(error, TimeoutError):
                self._refuse(f"The query waited {self._settings.queue_time:g} seconds for its turn in vain.")
            raise

    def leave(self, client: str) -> None:
        """Gives a place back."""
        self.running -= 1
        left = self._running[client] - 1
        if left:
            self._running[client] = left
        else:
            del self._running[client]
        if self.waiting:
            self._admit()

    def _free_for(self, client: str) -> bool:
        settings = self._settings
        return self.running < settings.running and self._running.get(client, 0) < settings.running_per_client

    def _enter(self, client: str) -> None:
        self.running += 1
        self._running[client] = self._running.get(client, 0) + 1

    def _admit(self) -> None:
        while self.running < self._settings.running:
            fit: Iterable[str] = (c for c in self._waiting if self._free_for(c))
            chosen = min(fit, key=lambda c: self._running.get(c, 0), default=None)
            if chosen is None:
                return
            place = self._waiting[chosen][0]
            self._forget(chosen, place)
            if not place.done():
                self._enter(chosen)
                place.set_result(None)

    def _forget(self, client: str, place: "asyncio.Future[None]") -> None:
        queue = self._waiting.get(client)
        if queue is not None and place in queue:
            queue.remove(place)
            self.waiting -= 1
            del self._waiting[client]
            if queue:
                self._waiting[client] = queue  # behind the others, so that clients take turns

    def _refuse(self, detail: str) -> None:
        self.refused += 1
        raise RefusalError(503, "The server is busy", detail + " Try again later.", {"retry-after": "5"})
