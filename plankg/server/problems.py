"""Errors over HTTP as problem details (RFC 9457): ``application/problem+json``, and a page for a browser."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from plankg.server.negotiation import best

MEDIA_TYPE: Final = "application/problem+json"


def problem(
    status: int,
    title: str,
    detail: str,
    *,
    request: Request | None = None,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    """An answer that says what is wrong.

    ``title`` is one short sentence that stays the same for this kind of problem, ``detail`` says what
    happened this time and what to do about it; ``more`` are further members (``parameter="year"``,
    ``near=[...]``). Where ``request`` is given and comes from a browser, the answer is a page.
    """
    content = {"type": "about:blank", "title": title, "status": int(status), "detail": detail} | more
    if request is not None and wants_page(request):
        from plankg.server import pages  # the pages' own errors are problems too

        return pages.problem_page(request, content, headers)
    return Response(
        json.dumps(content, ensure_ascii=False, indent=2) + "\n",
        status,
        {"cache-control": "no-store", "vary": "Accept"} | dict(headers or {}),
        MEDIA_TYPE,
    )


async def refused(request: Request, error: Exception) -> Response:
    """A refusal of the web library as a problem: a method that an address does not take, mostly."""
    assert isinstance(error, HTTPException)
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    detail = f"{error.detail}."
    if "allow" in headers:
        headers["allow"] = ", ".join(sorted(headers["allow"].split(", ")))
        detail = f"It takes {headers['allow']}."
    return problem(error.status_code, phrase(error.status_code), detail, request=request, headers=headers)


async def failed(request: Request, error: Exception) -> Response:
    """What we did not foresee. The log has the error; the client is not told what lies inside."""
    why = "Something went wrong here; the server's log says what."
    return problem(500, phrase(500), why, request=request)


#: For the web application.
HANDLERS: Final = {HTTPException: refused, 500: failed}


def phrase(status: int) -> str:
    """
    >>> phrase(404)
    'Not Found'
    """
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def wants_page(request: Request) -> bool:
    """Whether the client would rather read HTML than JSON: a browser does, a client that takes anything
    does not."""
    offers = ("application/json", MEDIA_TYPE, "text/html")
    return best(request.headers.get("accept", ""), offers) == "text/html"
