"""The HTML pages, made from the templates beside this module."""

from functools import cache
from typing import Any
from urllib.parse import urlencode

import httpx
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from plankg import __version__, questions
from plankg.results import shorten

#: The question the start page answers.
HEADLINE = "who-targeted"
#: Rows a page shows of an answer; the whole of it is a link away.
MAX_ROWS = 1000


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("plankg.server", "pages"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def headline_query() -> str:
    return questions.find(HEADLINE).text


def start(answer: httpx.Response, endpoint: str) -> str:
    """The start page; ``answer`` is the engine's answer to :func:`headline_query`."""
    return (
        _environment()
        .get_template("start.html")
        .render(
            version=__version__,
            endpoint=endpoint,
            headline=questions.find(HEADLINE),
            answer=_content(answer),
            questions=[(question, _link(question.text)) for question in questions.all_questions()],
        )
    )


def answer(query: str, answer: httpx.Response) -> str:
    """The answer to a query typed into the start page."""
    return (
        _environment()
        .get_template("answer.html")
        .render(
            version=__version__,
            query=query,
            answer=_content(answer),
            downloads={name: _link(query, name) for name in ("csv", "tsv", "json", "xml")},
            max_rows=MAX_ROWS,
        )
    )


def _content(answer: httpx.Response) -> dict[str, Any]:
    """What a template shows of an answer: ``names`` and ``rows``, or a ``text``; whether it is an error."""
    content: dict[str, Any] = {"names": [], "rows": [], "more": False, "text": "", "error": False}
    if answer.status_code != 200 or "json" not in answer.headers.get("content-type", ""):
        return content | {"text": answer.text, "error": answer.status_code != 200}
    found = answer.json()
    if "boolean" in found:
        return content | {"text": "yes" if found["boolean"] else "no"}
    names, bindings = found["head"]["vars"], found["results"]["bindings"]
    rows = [[_cell(binding.get(name)) for name in names] for binding in bindings[:MAX_ROWS]]
    return content | {"names": names, "rows": rows, "more": len(bindings) > MAX_ROWS}


def _cell(value: dict[str, str] | None) -> str:
    if value is None:
        return ""
    return shorten(value["value"]) if value["type"] == "uri" else value["value"]


def _link(query: str, format: str = "") -> str:
    return "/sparql?" + urlencode({"query": query} | ({"format": format} if format else {}))
