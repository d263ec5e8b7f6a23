"""Terms as N-Triples writes them: a statement is a line of text, ``subject predicate object``, until it is stored.

Lines are bytes in UTF-8, as a file of quads holds them: only what a report says is Chinese and has to be encoded, the
terms around it are not. That, and writing what always comes together with one :class:`Template`, makes it fast.
"""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cache, lru_cache
from operator import itemgetter
from typing import Final
from urllib.parse import quote

from loaders.namespaces import BASE, PLAN, PREFIXES, safe_iri

#: an IRI in angle brackets, or a literal
Term = bytes
#: statements, each on a line of its own and without the stop
Lines = bytes

EXACT: Final = Context(prec=60, rounding=ROUND_HALF_EVEN)
_UNSAFE: Final = re.compile(r"[^\w/.~-]")  #: what an IRI takes only percent-encoded; Chinese characters stay
_NO_WORD: Final = re.compile(r"[\W_]+")
_PREFIXED: Final = re.compile(rf"(?<![\w\"}}])({'|'.join(PREFIXES)}):(\w+)")
_FIELD: Final = re.compile(r"{(\w+)}")
_TO_ESCAPE: Final = re.compile(r"[\x00-\x1f\x7f\ufffe\uffff\"\\]")
_ESCAPES: Final = {chr(i): f"\\u{i:04X}" for i in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)} | {
    character: "\\" + escape for character, escape in zip('\\"\b\t\n\f\r', '\\"btnfr', strict=True)
}


def slug(name: str) -> str:
    """A name as part of an IRI: Chinese characters, letters and digits stay, anything else becomes one
    hyphen.

    >>> slug("苏州市 2023年（草案）")
    '苏州市-2023年-草案'
    """
    return _NO_WORD.sub("-", name).strip("-").lower() or "unnamed"


@cache
def term(name: str) -> Term:
    """A term by its prefixed name.

    >>> term("qb:dataSet")
    b'<http://purl.org/linked-data/cube#dataSet>'
    """
    prefix, _, local = name.partition(":")
    return f"<{PREFIXES[prefix]}{local}>".encode()


class Template:
    """Lines that always come together: prefixed names, and the fields ``{name}`` that a call fills in.

    >>> Template("{said} plan:end {end}")(said=b"<a:b>", end=integer(7))
    b'<a:b> <https://w3id.org/plankg/ontology#end> "7"^^<http://www.w3.org/2001/XMLSchema#integer>'
    """

    def __init__(self, lines: str) -> None:
        written = _PREFIXED.sub(lambda match: term(match[0]).decode(), lines.strip())
        pieces = _FIELD.split(written)  # words, a field's name, words, …, words
        self._pieces = [piece.encode() for piece in pieces]
        self._fields: Callable[[dict[str, bytes]], tuple[bytes, ...]] = itemgetter(*pieces[1::2])

    def __call__(self, **fields: bytes) -> Lines:
        pieces = self._pieces.copy()
        pieces[1::2] = self._fields(fields)
        return b"".join(pieces)


@cache
def plan(local: str) -> Term:
    """A term of the ontology."""
    return f"<{PLAN}{local}>".encode()


@lru_cache(maxsize=10_000)
def node(iri: str) -> Term:
    """An IRI that may hold a report's words."""
    return f"<{safe_iri(iri)}>".encode()


@lru_cache(maxsize=10_000)
def thing(kind: str, name: str) -> Term:
    """
    >>> thing("period", "2022-Q1--2022-Q3")
    b'<https://w3id.org/plankg/period/2022-Q1--2022-Q3>'
    """
    return f"<{BASE}{kind}/{_UNSAFE.sub(lambda m: quote(m[0], safe=''), name)}>".encode()


def part(whole: Term, name: int | str) -> Term:
    """What lies under another thing: a statement under its report's name."""
    return b"%b/%b>" % (whole[:-1], str(name).encode())


def iri(name: Term) -> str:
    """The IRI without its angle brackets."""
    return name[1:-1].decode()


def text(words: str, language: str = "") -> Term:
    """A literal, escaped as :func:`pyoxigraph.serialize` does."""
    if '"' in words or "\\" in words or not words.isprintable():
        words = _TO_ESCAPE.sub(lambda match: _ESCAPES[match[0]], words)
    return (f'"{words}"@{language}' if language else f'"{words}"').encode()


def integer(number: int) -> Term:
    return b'"%d"^^<http://www.w3.org/2001/XMLSchema#integer>' % number


def decimal(number: Decimal) -> Term:
    return f'"{number.normalize(EXACT):f}"^^<http://www.w3.org/2001/XMLSchema#decimal>'.encode()


def line(subject: Term, predicate: str, value: Term) -> Lines:
    """One statement; ``predicate`` is a prefixed name."""
    return b" ".join((subject, term(predicate), value))


def types(subject: Term, *names: str) -> Lines:
    """The classes of a thing, by their prefixed names. Superclasses are written out: no store infers them."""
    return _types(names) % ((subject,) * len(names))


@cache
def _types(names: tuple[str, ...]) -> bytes:
    return b"\n".join(b"%%b %b %b" % (term("rdf:type"), term(name)) for name in names)


def labels(subject: Term, zh: str, en: str = "", predicate: str = "rdfs:label") -> Lines:
    """Its names, those that are not empty."""
    named = ((zh, "zh"), (en, "en"))
    return b"\n".join([line(subject, predicate, text(words, language)) for words, language in named if words])
