"""``/static/``: the stylesheet and script of the pages, and the query editor that the engine brings along.

Addresses carry a digest of what is behind them (``/static/plankg.css?v=1f2e3d``), so that a browser may keep
it for ever.
"""

import hashlib
from functools import cache
from importlib import resources
from typing import Final

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from loaders.errors import ServerError
from plankg.server.problems import problem

_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
#: Files of ours, in the folder ``static`` beside this module.
OURS: Final = ("plankg.css", "query.js", "icon.svg")
#: Files the Oxigraph program serves itself.
ENGINES: Final = ("yasgui.min.js", "yasgui.min.css")
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_A_WEEK: Final = "public, max-age=604800"


def address(name: str) -> str:
    """Where a page finds a file.

    >>> address("yasgui.min.js")
    '/static/yasgui.min.js'
    """
    return f"/static/{name}" + (f"?v={_digest(content(name))}" if name in OURS else "")


@cache
def content(name: str) -> bytes:
    """A file of ours."""
    return (resources.files("plankg.server") / "static" / name).read_bytes()


def routes() -> list[BaseRoute]:
    return [Route("/static/{name}", file), Route("/favicon.ico", icon)]


async def file(request: Request) -> Response:
    """One file; the engine's are fetched from it once."""
    name = request.path_params["name"]
    if name in OURS:
        current = request.query_params.get("v") == _digest(content(name))
        return _answer(request, name, content(name), _FOR_EVER if current else _A_WEEK)
    if name in ENGINES:
        return await _editor(request, name)
    return problem(404, "No such file", f"There is no {name!r} here.", request=request)


async def icon(request: Request) -> Response:
    return _answer(request, "icon.svg", content("icon.svg"), _A_WEEK)


async def _editor(request: Request, name: str) -> Response:
    kept: dict[str, bytes] = getattr(request.app.state, "editor", {})
    if name not in kept:
        client: httpx.AsyncClient = request.app.state.client
        try:
            async with request.app.state.keeper.using() as engine:
                answer = await client.get(f"{engine.url}/{name}")
                answer.raise_for_status()
        except (httpx.HTTPError, ServerError):
            headers = {"retry-after": "1"}
            return problem(503, "Not now", "The engine is being restarted; try again.", headers=headers)
        request.app.state.editor = kept = kept | {name: answer.content}
    return _answer(request, name, kept[name], _A_WEEK)


def _answer(request: Request, name: str, body: bytes, keep: str) -> Response:
    headers = {"cache-control": keep, "etag": f'"{_digest(body)}"', "x-content-type-options": "nosniff"}
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=_TYPES[name.rpartition(".")[2]])


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]
