"""Asking the engine on behalf of a page: the whole answer at once, under the bounds every query has."""

from typing import Final

import httpx
from starlette.requests import Request

_RESTARTING: Final = "the engine is being restarted; try again"


async def ask(
    request: Request,
    query: str,
    accept: str = "application/sparql-results+json, application/n-triples;q=0.5",
) -> httpx.Response:
    """The engine's whole answer to ``query`` over all named graphs, in the best format of ``accept``.

    Never raises for what the query does: the answer's status is 400 for one that does not parse, 503 when
    there is no place for it, 504 when it ran too long.
    """
    client: httpx.AsyncClient = request.app.state.client
    async with request.app.state.keeper.using() as engine:
        try:
            return await client.post(f"{engine.url}/query", data={"query": query}, headers={"accept": accept})
        except httpx.ReadTimeout:
            await request.app.state.keeper.give_up(engine)
            return httpx.Response(504, text="the query ran too long and was stopped")
        except httpx.TransportError:
            return httpx.Response(503, text=_RESTARTING)
