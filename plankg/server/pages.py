"""The HTML pages, made from the templates beside this module.

Every page is English or Chinese (:func:`reader`), escapes what it shows, and asks for nothing from another
host: its one stylesheet and the query editor are under ``/static/``.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

import httpx
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from loaders.namespaces import BASE
from plankg import __version__
from plankg.results import shorten
from plankg.server import assets, negotiation

#: The languages of the pages; the first is for those who ask for neither.
LANGUAGES: Final = ("en", "zh")
#: Rows a page shows of an answer; the whole of it is a link away.
MAX_ROWS: Final = 1000
#: What a page may load and do: nothing but what this server serves itself.
POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a page is written."""

    language: str
    chosen: bool  #: by ``?lang=``, which then stays on every link
    root: str  #: the path the server is mounted at, mostly ""

    def say(self, en: str, zh: str) -> str:
        return zh if self.language == "zh" else en

    def link(self, path: str, **parameters: str | int) -> str:
        """The address of one of our pages, in the language chosen."""
        given = {name: str(value) for name, value in parameters.items() if str(value)}
        given |= {"lang": self.language} if self.chosen else {}
        return self.root + path + ("?" + urlencode(given) if given else "")

    def href(self, iri: str) -> str:
        """Where a thing can be looked at: ours on this server, another's at its own address; "" for what has
        no web address."""
        if iri.startswith(BASE):
            path, hash_, fragment = iri.removeprefix(BASE).partition("#")
            return self.link("/" + path) + hash_ + fragment
        return iri if iri.startswith(("http://", "https://")) else ""


def reader(request: Request) -> Reader:
    """The reader by ``?lang=``, else by the browser's languages."""
    chosen = request.query_params.get("lang", "")
    language = (
        chosen
        if chosen in LANGUAGES
        else negotiation.language(request.headers.get("accept-language", ""), LANGUAGES)
    )
    return Reader(language, chosen in LANGUAGES, request.scope.get("root_path", "").rstrip("/"))


def page(
    request: Request,
    template: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    policy: str = POLICY,
    **context: Any,
) -> HTMLResponse:
    """A template as an answer. ``context`` is what it shows; it also has the :class:`Reader`'s functions."""
    who = reader(request)
    text = (
        _environment()
        .get_template(template)
        .render(
            version=__version__,
            reader=who,
            say=who.say,
            link=who.link,
            href=who.href,
            static=lambda name: who.root + assets.address(name),
            other_language=_in_other_language(request, who),
            **context,
        )
    )
    fixed = SECURITY | {
        "content-security-policy": policy,
        "content-language": who.language,
        "vary": "Accept, Accept-Language",
    }
    return HTMLResponse(text, status, fixed | {k.lower(): v for k, v in (headers or {}).items()})


def problem_page(
    request: Request, content: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Response:
    """Problem details (see :mod:`plankg.server.problems`) for a browser."""
    fixed = {"cache-control": "no-store"} | dict(headers or {})
    near = content.get("near", ())
    return page(request, "problem.html", content["status"], fixed, problem=content, near=near)


def answer_page(request: Request, query: str, answer: httpx.Response) -> Response:
    """The answer to a query typed into the start page, or what is wrong with it."""
    return page(
        request,
        "answer.html",
        answer.status_code,
        query=query,
        answer=_content(answer),
        downloads={name: _link(query, name) for name in ("csv", "tsv", "json", "xml")},
        max_rows=MAX_ROWS,
    )


@cache
def digest() -> str:
    """A digest of the templates: a page is another one when they change."""
    loader = _environment().loader
    assert loader is not None
    sources = (loader.get_source(_environment(), name)[0] for name in loader.list_templates())
    return hashlib.sha256("\n".join(sources).encode()).hexdigest()[:16]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("plankg.server", "pages"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["short"] = shorten
    return environment


def _in_other_language(request: Request, who: Reader) -> str:
    other = LANGUAGES[1 - LANGUAGES.index(who.language)]
    given = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return "?" + urlencode([*given, ("lang", other)])


def _content(answer: httpx.Response) -> dict[str, Any]:
    """What a template shows of an answer: ``names`` and ``rows``, or a ``text``; whether it is an error."""
    content: dict[str, Any] = {"names": [], "rows": [], "more": False, "text": "", "error": False}
    if answer.status_code != 200 or "json" not in answer.headers.get("content-type", ""):
        return content | {"text": answer.text, "error": answer.status_code != 200}
    found = answer.json()
    if "boolean" in found:
        return content | {"text": "yes" if found["boolean"] else "no"}
    names: Sequence[str] = found["head"]["vars"]
    bindings: Sequence[Mapping[str, Any]] = found["results"]["bindings"]
    rows = [[_cell(binding.get(name)) for name in names] for binding in bindings[:MAX_ROWS]]
    return content | {"names": names, "rows": rows, "more": len(bindings) > MAX_ROWS}


def _cell(value: Mapping[str, str] | None) -> dict[str, str]:
    if value is None:
        return {"text": "", "iri": ""}
    if value["type"] == "uri":
        return {"text": shorten(value["value"]), "iri": value["value"]}
    return {"text": value["value"], "iri": ""}


def _link(query: str, format: str = "") -> str:
    return "/sparql?" + urlencode({"query": query} | ({"format": format} if format else {}))
