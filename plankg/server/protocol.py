"""What a request to ``/sparql`` asks: the SPARQL 1.1 Protocol, section 2."""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from plankg.server.refusals import RefusalError

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

METHODS: Final = ("GET", "HEAD", "POST", "OPTIONS")
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
FORM: Final = "application/x-www-form-urlencoded"
#: Parameters that name the graphs a request is about.
GRAPHS: Final = ("default-graph-uri", "named-graph-uri", "using-graph-uri", "using-named-graph-uri")
#: The most parameters that are looked at.
_MOST: Final = 2000
_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`\x7f]*")
#: A second graph that was written into the value of the first.
_INSIDE: Final = re.compile(r"&(?:default|named)-graph-uri=")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: a query, an update, or neither, which asks for the service's description."""

    query: str | None = None
    update: str | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str = ""


def header(scope: Scope, name: bytes) -> str:
    """The value of a header, "" without it; of one that comes several times, all of them with commas."""
    found = [value for key, value in scope["headers"] if key == name]
    return b", ".join(found).decode("latin-1") if found else ""


async def read(scope: Scope, receive: Receive, most: int) -> Asked:
    """What a GET, HEAD or POST asks; its body may have ``most`` bytes.

    Raises :class:`RefusalError`: 400 for what the protocol does not allow, 413 for too long a body, 415 for
    one of another type or in a coding.
    """
    given = parameters(scope["query_string"])
    if scope["method"] != "POST":
        if "update" in given:
            raise RefusalError(400, "Not by GET", "An update comes by POST.")
        return _asked(given)
    kind, _, rest = header(scope, b"content-type").partition(";")
    kind = kind.strip().lower()
    if kind not in (QUERY, UPDATE, FORM):
        detail = f"A POST has the Content-Type {QUERY}, {UPDATE} or {FORM}."
        raise RefusalError(
            415, "Unsupported media type", detail, {"accept-post": f"{QUERY}, {UPDATE}, {FORM}"}
        )
    charset = re.search(r"charset\s*=\s*\"?([^\s\";]+)", rest, re.IGNORECASE)
    if charset and charset[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise RefusalError(415, "Unsupported charset", "A request is in UTF-8.")
    body = await whole_body(scope, receive, most)
    if kind == FORM:
        for name, values in parameters(body).items():
            given.setdefault(name, []).extend(values)
        if "query" not in given and "update" not in given:
            raise RefusalError(400, "Nothing asked", "A form has the field `query` or the field `update`.")
        return _asked(given)
    name = "query" if kind == QUERY else "update"
    if "query" in given or "update" in given:
        raise RefusalError(400, "Asked twice", f"With Content-Type {kind} the body is the {name}.")
    given[name] = [_text(body)]
    return _asked(given)


async def whole_body(scope: Scope, receive: Receive, most: int) -> bytes:
    """The body of a request. Raises :class:`RefusalError` (413, 415)."""
    if header(scope, b"content-encoding").strip().lower() not in ("", "identity"):
        raise RefusalError(415, "Unsupported coding", "A request's body comes as it is, not compressed.")
    too_long = RefusalError(413, "Request too long", f"A request's body may have {most} bytes.")
    length = header(scope, b"content-length")
    if length.isdecimal() and int(length[:20]) > most:
        raise too_long
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RefusalError(400, "Cut short", "The request ended before its body did.")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            raise too_long
        more = message.get("more_body", False)
    return b"".join(parts)


def parameters(encoded: bytes) -> dict[str, list[str]]:
    """The fields of a form or of an address's query, each with its values. Raises :class:`RefusalError` (400)
    when they are not UTF-8 or too many.

    >>> parameters(b"query=ASK+%7B%7D&format=json")
    {'query': ['ASK {}'], 'format': ['json']}
    """
    given: dict[str, list[str]] = {}
    if not encoded:
        return given
    pairs = encoded.split(b"&", _MOST)
    if len(pairs) > _MOST:
        raise RefusalError(400, "Too many parameters", f"A request may have {_MOST} parameters.")
    for pair in pairs:
        name, _, value = pair.partition(b"=")
        if pair:
            given.setdefault(_field(name), []).append(_field(value))
    return given


def _field(encoded: bytes) -> str:
    return _text(unquote_to_bytes(encoded.replace(b"+", b" ")))


def _text(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise RefusalError(400, "Not UTF-8", "A request is in UTF-8.") from None
    if "\x00" in text:
        raise RefusalError(400, "Not text", "A request holds no NUL characters.")
    return text


def _asked(given: dict[str, list[str]]) -> Asked:
    queries, updates = given.get("query", []), given.get("update", [])
    if len(queries) + len(updates) > 1:
        raise RefusalError(400, "Asked twice", "A request has one `query` or one `update`.")
    names = (
        ("using-graph-uri", "using-named-graph-uri") if updates else ("default-graph-uri", "named-graph-uri")
    )
    for other in set(GRAPHS).intersection(given).difference(names):
        raise RefusalError(400, "Wrong parameter", f"`{other}` does not go with this request.")
    default, named = (iris(name, given.get(name, [])) for name in names)
    return Asked(
        queries[0] if queries else None,
        updates[0] if updates else None,
        default,
        named,
        given.get("format", [""])[0],
    )


def iris(name: str, values: list[str]) -> tuple[str, ...]:
    """The values of a parameter that names graphs. Raises :class:`RefusalError` (400) when one is no IRI."""
    found = [iri for value in values for iri in _INSIDE.split(value)]
    for iri in found:
        if not _IRI.fullmatch(iri):
            raise RefusalError(400, "Not an IRI", f"`{name}` is an absolute IRI, not {iri[:80]!r}.")
    return tuple(found)
