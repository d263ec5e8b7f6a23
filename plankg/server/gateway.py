"""The web application in front of the engines: ``/`` is the start page, ``/sparql`` the endpoint.

Every request passes :class:`Gateway`, which counts it against its client's rate, hands ``/sparql`` to the
endpoint and the rest to the pages, and writes down what became of it.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from plankg.server import assets, linked_data, openapi, pages, question_pages, start
from plankg.server.asking import ask
from plankg.server.engines import Keeper
from plankg.server.journal import Journal
from plankg.server.problems import HANDLERS, problem
from plankg.server.protocol import Receive, Scope, Send
from plankg.server.refusals import RefusalError
from plankg.server.settings import Settings
from plankg.server.sparql import Endpoint, Told
from plankg.server.writing import STORE, Writer

#: Where the endpoint is; with a slash behind it too.
SPARQL: Final = ("/sparql", "/sparql/")


class Gateway:
    """The ASGI application: the endpoint, what takes writes if anything does, and everything else."""

    def __init__(self, endpoint: Endpoint, site: Starlette, writer: Writer | None = None) -> None:
        self.endpoint, self.site, self.writer = endpoint, site, writer
        self.state = site.state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.site(scope, receive, send)
            return
        endpoint = self.endpoint
        try:
            endpoint.admit(scope)
        except RefusalError as refusal:
            endpoint.note(scope, Told("refused", refusal.status), endpoint.client(scope), 0.0)
            await refusal.response()(scope, receive, send)
            return
        if scope["path"] in SPARQL:
            await endpoint(scope, receive, send)
            return
        if self.writer is not None and (scope["path"] == STORE or scope["path"].startswith(STORE + "/")):
            await self.writer.store(scope, receive, send)
            return
        started = time.perf_counter()
        told = Told("page")

        async def counted(message: Any) -> None:
            if message["type"] == "http.response.start":
                told.status = message["status"]
            else:
                told.sent += len(message.get("body", b""))
            await send(message)

        try:
            await self.site(scope, receive, counted)
        finally:
            endpoint.note(scope, told, endpoint.client(scope), time.perf_counter() - started)


def application(keeper: Keeper, settings: Settings | None = None, journal: Journal | None = None) -> Gateway:
    """The application over running engines; it watches the engines and stops them in the end.

    Raises :class:`ServerError` when it is to be writable and there is no token.
    """
    settings, journal = settings or Settings(), journal or Journal("")
    endpoint = Endpoint(keeper, settings, journal)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with httpx.AsyncClient(trust_env=False) as client, endpoint.relay.running():
            app.state.client = client
            watching = asyncio.create_task(keeper.watch())
            try:
                yield
            finally:
                watching.cancel()
                await run_in_threadpool(keeper.stop)

    site = Starlette(routes=routes(), lifespan=lifespan, exception_handlers=HANDLERS)
    site.state.keeper = keeper
    site.state.endpoint = endpoint
    site.state.settings = settings
    endpoint.pages = site
    if not settings.writable:
        return Gateway(endpoint, site)
    writer = Writer(keeper.graph, endpoint, journal)
    endpoint.update = writer.update
    return Gateway(endpoint, site, writer)


def routes() -> list[BaseRoute]:
    """What answers at which path; the first that fits does."""
    return [
        Route("/health", health),
        Route("/ready", ready),
        Route("/metrics", metrics),
        Route("/", linked_data.root),
        *(Route(path, query_page) for path in SPARQL),
        *start.routes(),
        *question_pages.routes(),
        *openapi.routes(),
        *assets.routes(),
        *linked_data.routes(),
    ]


async def query_page(request: Request) -> Response:
    """The answer to a query as a page, for a browser."""
    text = request.query_params.get("query", "")
    if not text:
        return RedirectResponse("/")
    answer = await ask(request, text)
    return pages.answer_page(request, text, answer)


async def health(_: Request) -> Response:
    """Whether the server answers at all."""
    return PlainTextResponse("ok\n", headers={"cache-control": "no-store"})


async def ready(request: Request) -> Response:
    """Whether queries are answered: not while no engine is up. A server that is being stopped takes no more
    connections."""
    keeper: Keeper = request.app.state.keeper
    if keeper.in_rotation:
        return PlainTextResponse("ready\n", headers={"cache-control": "no-store"})
    return problem(503, "Not ready", "No engine is up yet.", headers={"retry-after": "1"})


async def metrics(request: Request) -> Response:
    """Counts of everything, for Prometheus."""
    endpoint: Endpoint = request.app.state.endpoint
    text = endpoint.metrics.text(endpoint.keeper, endpoint.turns, endpoint.rates, endpoint.cache)
    return PlainTextResponse(
        text, media_type="text/plain; version=0.0.4", headers={"cache-control": "no-store"}
    )
