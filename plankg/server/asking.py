"""Asking the engine on behalf of a page: the whole answer at once, under the bounds every query has."""

from contextlib import ExitStack

import httpx
from starlette.requests import Request

from plankg.server.sparql import Endpoint, GoneError, watched


async def ask(
    request: Request,
    query: str,
    accept: str = "application/sparql-results+json, application/n-triples;q=0.5",
) -> httpx.Response:
    """The engine's whole answer to ``query`` over all named graphs, in the best format of ``accept``.

    Never raises for what the query does: the answer's status is 400 for one that does not parse, 403 for one
    that asks another host, 503 when there is no place for it, 504 when it ran too long; its text says why.
    """
    endpoint: Endpoint = request.app.state.endpoint
    with ExitStack() as stack:
        if request.method in ("GET", "HEAD"):  # of others the body may be unread
            stack.enter_context(watched(request.receive))
        try:
            return await endpoint.whole(query, accept, endpoint.client(request.scope))
        except GoneError:
            pass
    return httpx.Response(499, text="The client went away.")
