"""Which graph an answer comes from: entity tags, and what may be remembered until the next build."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from plankg import __version__
from plankg.server import assets, pages
from plankg.server.engines import Keeper

#: A page may be shown again for this many seconds without asking.
FRESH: Final = 60


def generation(request: Request) -> str:
    """A name of the graph in use that no other graph has."""
    keeper: Keeper = request.app.state.keeper
    stores = [worker.engine.store for worker in keeper.workers[:1]]
    try:
        return "-".join([keeper.version, *(f"{store.stat().st_mtime_ns:x}" for store in stores)])
    except OSError:  # just replaced
        return keeper.version


def tag(request: Request, variant: str) -> str:
    """The entity tag of what is at this address, in this format and language, while this graph is in use."""
    scope = request.scope
    here = (request.headers.get("host", ""), scope.get("root_path", ""), scope["path"], scope["query_string"])
    parts: tuple[object, ...] = (__version__, generation(request), variant, *here)
    if variant in ("html", "xlsx"):
        parts += (pages.reader(request).language, pages.digest(), assets.address("plankg.css"))
    return '"' + hashlib.sha256(repr(parts).encode()).hexdigest()[:24] + '"'


def headers(request: Request, variant: str) -> dict[str, str]:
    """The headers of an answer that stays the same until the next build."""
    return {
        "etag": tag(request, variant),
        "cache-control": f"public, max-age={FRESH}",
        "vary": "Accept, Accept-Language" if variant in ("html", "xlsx") else "Accept",
    }


def settled(request: Request, variant: str, stamp: Mapping[str, str]) -> dict[str, str]:
    """The headers taken before the graph was asked, without the entity tag when another graph has come into
    use since."""
    same = stamp["etag"] == tag(request, variant)
    return {name: value for name, value in stamp.items() if same or name != "etag"}


def not_modified(request: Request, variant: str) -> Response | None:
    """The answer to a client that has this already, None for the others."""
    held = [item.strip().removeprefix("W/") for item in request.headers.get("if-none-match", "").split(",")]
    if tag(request, variant) not in held:
        return None
    return Response(status_code=304, headers=headers(request, variant))


def memory(request: Request) -> dict[str, Any]:
    """A place to remember what was read from the graph in use; it is emptied when another takes its place."""
    name = generation(request)
    kept: tuple[str, dict[str, Any]] = getattr(request.app.state, "memory", ("", {}))
    if kept[0] != name:
        request.app.state.memory = kept = (name, {})
    return kept[1]
