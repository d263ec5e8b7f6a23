"""The web application in front of the engine: ``/`` is the start page, ``/sparql`` the endpoint.

``/sparql`` speaks the SPARQL 1.1 protocol (GET, POST of a form, POST of a query) over all named graphs as
one default graph. Requests and answers pass through as streams with the engine's own content negotiation; a
browser gets the answer as a page.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlencode

import httpx
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from loaders.errors import PlankgError
from plankg import store
from plankg.server import assets, linked_data, pages, question_pages, start
from plankg.server.asking import ask
from plankg.server.engine import TIMEOUT, Engine

#: Bytes a query may have.
MAX_QUERY: Final = 1 << 20
#: Seconds beyond its own time limit that the engine may stay silent before it is stopped: it does not look at
#: the clock in every step of a query.
GRACE: Final = 3
#: Seconds between two looks at the engine and at the graph folder.
WATCH_EVERY: Final = 1.0
#: The parameter ``format`` of a link, for clients that cannot set a header.
FORMATS: Final = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
}
_RESTARTING: Final = "the engine is being restarted; try again"
_PASSED_ON: Final = ("accept", "content-type")
_PASSED_BACK: Final = ("content-type",)


class Keeper:
    """Keeps an engine running on the generation in use: restarts one that died, follows a new build."""

    def __init__(self, graph: Path, timeout: int = TIMEOUT) -> None:
        """Starts the first engine. Raises :class:`GraphError` or :class:`ServerError` when that cannot be."""
        self._graph, self.timeout = graph, timeout
        self._retired: list[Engine] = []
        self._requests: dict[Engine, int] = {}
        self.engine = self._start()

    def _start(self) -> Engine:
        generation = store.current(self._graph)
        if generation is None:
            raise store.missing(self._graph)
        return Engine(generation, self.timeout)

    @asynccontextmanager
    async def using(self) -> AsyncIterator[Engine]:
        """The engine for one request; it is not stopped while the request lasts."""
        engine = self.engine
        self._requests[engine] = self._requests.get(engine, 0) + 1
        try:
            yield engine
        finally:
            self._requests[engine] -= 1

    async def watch(self) -> None:
        """Runs until cancelled."""
        while True:
            await asyncio.sleep(WATCH_EVERY)
            try:
                if not self.engine.running or store.current(self._graph) not in (self.engine.store, None):
                    fresh = await run_in_threadpool(self._start)
                    self._retired.append(self.engine)
                    self.engine = fresh
            except PlankgError:
                pass  # the graph folder is being changed; look again
            for old in [e for e in self._retired if not self._requests.get(e)]:
                self._retired.remove(old)
                self._requests.pop(old, None)
                await run_in_threadpool(old.stop)

    async def give_up(self, engine: Engine) -> None:
        """Stops an engine that does not come back from a query; :meth:`watch` starts another."""
        await run_in_threadpool(engine.stop)

    def stop(self) -> None:
        for engine in (self.engine, *self._retired):
            engine.stop()


def application(keeper: Keeper) -> Starlette:
    """The application over a running engine; it watches the engine and stops it in the end."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=32)
        silence = httpx.Timeout(None, read=keeper.timeout + GRACE)
        async with httpx.AsyncClient(trust_env=False, timeout=silence, limits=limits) as client:
            app.state.client = client
            watching = asyncio.create_task(keeper.watch())
            try:
                yield
            finally:
                watching.cancel()
                await run_in_threadpool(keeper.stop)

    app = Starlette(
        routes=routes(),
        lifespan=lifespan,
    )
    app.state.keeper = keeper
    return app


def routes() -> list[BaseRoute]:
    """What answers at which path; the first that fits does."""
    return [
        Route("/", linked_data.root),
        Route("/sparql", sparql, methods=["GET", "POST"]),
        *start.routes(),
        *question_pages.routes(),
        *assets.routes(),
        *linked_data.routes(),
    ]


async def sparql(request: Request) -> Response:
    """The SPARQL endpoint."""
    query = _without_format(request)
    wanted = FORMATS.get(request.query_params.get("format", ""))
    browser = wanted is None and "text/html" in request.headers.get("accept", "")
    if browser and request.method == "GET":
        text = request.query_params.get("query", "")
        if not text:
            return RedirectResponse("/")
        answer = await ask(request, text)
        return pages.answer_page(request, text, answer)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_QUERY:
            return PlainTextResponse(f"the query is longer than {MAX_QUERY} bytes\n", 413)
    headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
    if wanted:
        headers["accept"] = wanted
    return await _pass_on(request, request.method, query, body, headers)


def _without_format(request: Request) -> str:
    pairs = parse_qsl(request.url.query, keep_blank_values=True)
    return urlencode([(name, value) for name, value in pairs if name != "format"])


async def _pass_on(
    request: Request, method: str, query: str, body: bytes, headers: Mapping[str, str]
) -> Response:
    """Sends the request to the engine and streams its answer back."""
    client: httpx.AsyncClient = request.app.state.client
    keeper: Keeper = request.app.state.keeper
    stack = AsyncExitStack()
    try:
        engine = await stack.enter_async_context(keeper.using())
        url = f"{engine.url}/query" + (f"?{query}" if query else "")
        stream = client.stream(method, url, content=body or None, headers=dict(headers))
        response = await stack.enter_async_context(stream)
    except httpx.TransportError as error:
        await stack.aclose()
        if isinstance(error, httpx.ReadTimeout):
            await keeper.give_up(engine)
            return PlainTextResponse("the query ran too long and was stopped\n", 504)
        return PlainTextResponse(_RESTARTING + "\n", 503, headers={"retry-after": "1"})

    async def chunks() -> AsyncIterator[bytes]:
        async with stack:
            try:
                async for chunk in response.aiter_raw():
                    yield chunk
            except httpx.ReadTimeout:
                await keeper.give_up(engine)
                raise

    back = {name: response.headers[name] for name in _PASSED_BACK if name in response.headers}
    return StreamingResponse(chunks(), response.status_code, headers=back)
