"""The words of a SPARQL query, as far as policy needs them: its form, the SERVICEs it names, where a LIMIT
goes, and a text that is the same for queries that differ only in spaces and comments.

This is no parser. Strings, IRIs, comments and names are told from keywords as in the grammar's section 19.8,
and the engine's habit of reading keywords without a space around them (``trueSERVICE<...>``,
``SERVICEwd:x``) is known. Where ``<`` may be an IRI or a comparison and it matters, the query is unclear:
nothing that names a SERVICE gets by because it was misread.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final
from urllib.parse import urljoin

from loaders import namespaces

#: What stands in front of every query, so that a relative IRI in it means one of ours.
BASE: Final = f"BASE <{namespaces.BASE}> "

FORMS: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES: Final = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
_FIRST: Final = frozenset(FORMS + _UPDATES)
#: Brackets inside one another that the engine takes without running out of stack.
DEEPEST: Final = 200
#: Operators and patterns that the engine takes one inside the other, likewise.
LONGEST: Final = 1000
_CHAINED: Final = frozenset(
    ("+", "-", "*", "/", "|", "&", "!", "^", "UNION", "OPTIONAL", "MINUS", "FILTER", "BIND")
)
#: What gives another answer each time it is asked.
_VOLATILE: Final = frozenset(("RAND", "NOW", "UUID", "STRUUID", "BNODE"))

_NAME: Final = r"[^\W\d][\w·-]*+(?:\.+[\w·-]++)*+"
_LOCAL: Final = r"(?:[\w:·-]|%[0-9A-Fa-f]{2}|\\[^\s\w]|\.++(?=[\w:%\\·-]))*+"
# Possessive throughout, and a string without its end is taken as far as it goes: no text makes this slow.
_TOKEN: Final = re.compile(
    rf"""
      (?:[ \t\r\n]+|\#[^\r\n]*)+
    | ( <<
      | <(?:[^\x00-\x20<>"{{}}|^`\\]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+>
      | \"\"\"(?:\"{{0,2}}(?:[^"\\]|\\.))*+(?:\"\"\")?
      | '''(?:'{{0,2}}(?:[^'\\]|\\.))*+(?:''')?
      | "(?:[^"\\\r\n]|\\.)*+"?
      | '(?:[^'\\\r\n]|\\.)*+'?
      | @[A-Za-z]+(?:-[A-Za-z0-9]+)*+
      | [?$][\w·]++
      | {_NAME}(?::{_LOCAL})? | :{_LOCAL}
      | \d++(?:\.\d+)?(?:[eE][+-]?\d+)?
      | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_WHOLE_STRING: Final = re.compile(
    r"""\"\"\"(?:\"{0,2}(?:[^"\\]|\\.))*+\"\"\"|'''(?:'{0,2}(?:[^'\\]|\\.))*+'''"""
    r"""|"(?:[^"\\\r\n]|\\.)*+"|'(?:[^'\\\r\n]|\\.)*+'""",
    re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SCHEME: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
#: What may be an IRI or a comparison with the start of a string or of a comment behind it.
_EITHER: Final = re.compile(r"""<<|<(?![A-Za-z][A-Za-z0-9+.-]*://)[^\s<>"{}|^`]*['#][^\s<>"{}|^`]*>""")
#: How an operand of a comparison ends: a name, a number, a string, a bracket, another IRI.
_OPERAND_END: Final = re.compile(r"""[\w·"'>)\]}-]$""")


@dataclass(frozen=True, slots=True)
class Service:
    """A SERVICE of a query: the endpoint's IRI, or None when it is not written out; which token that is."""

    endpoint: str | None
    place: int = -1


@dataclass(frozen=True, slots=True)
class Query:
    """What is known of a query without parsing it.

    ``form`` is one of :data:`FORMS`, "UPDATE", or "" when it is none of them; ``key`` is the text without
    comments, with one space between the tokens, where that is sure to be the same query. ``unclear`` says
    that a SERVICE may hide in it; ``volatile`` that its answer may differ each time; ``depth`` how many
    brackets are open at once, and ``chained`` how many operators and patterns it has that may end up inside
    one another. ``loads`` says that an update has a LOAD. ``tail`` is what comes behind the last ``}``, or,
    where that may be the end of a VALUES, nothing but ``}``. The graphs are those of FROM and FROM NAMED.
    """

    text: str
    form: str
    key: str
    services: tuple[Service, ...] = ()
    unclear: bool = False
    volatile: bool = False
    depth: int = 0
    chained: int = 0
    loads: bool = False
    tail: tuple[str, ...] = ()
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


def tokens(text: str) -> list[str]:
    """The tokens of a query, without spaces and comments.

    >>> tokens("ASK{?s<p>'#'} # all")
    ['ASK', '{', '?s', '<p>', "'#'", '}']
    """
    return [token for token in _TOKEN.findall(text) if token]


def read(text: str) -> Query:
    """What a query is, as far as policy asks. Never fails: the engine says what is wrong with it."""
    return _remembered(text) if len(text) <= 8192 else _read(text)


def limited(query: Query, most: int) -> str:
    """The query's text with a LIMIT of at most ``most`` rows; a query that is no SELECT as it is.

    >>> limited(read("SELECT * {} ORDER BY ?x # all"), 9)
    'SELECT * {} ORDER BY ?x # all\\nLIMIT 9'
    >>> limited(read("SELECT * { SELECT * {} LIMIT 20 } LIMIT 10 VALUES ?x {1}"), 9)
    'SELECT * { SELECT * {} LIMIT 20 } LIMIT 9 VALUES ?x {1}'
    """
    if query.form != "SELECT":
        return query.text
    if "}" not in query.tail:
        words = [word.upper() for word in query.tail]
        if "LIMIT" not in words:
            return f"{query.text}\nLIMIT {most}"
        number = query.tail[words.index("LIMIT") + 1 :][:1]
        if number and number[0].isdecimal() and len(number[0]) < 19 and int(number[0]) <= most:
            return query.text
    depth, before, values = 0, "", None
    for found in _TOKEN.finditer(query.text):
        token = found[1]
        if token is None:
            continue
        depth += (token == "{") - (token == "}")
        if depth == 0 and before == "LIMIT" and token.isdecimal():
            if len(token) < 19 and int(token) <= most:
                return query.text
            return f"{query.text[: found.start()]}{most}{query.text[found.end() :]}"
        before = token.upper()
        if depth == 0 and before == "VALUES":
            values = found.start()
    if values is None:
        return f"{query.text}\nLIMIT {most}"
    return f"{query.text[:values]}LIMIT {most}\n{query.text[values:]}"


def silent(update: Query) -> str:
    """The update's text with CLEAR and DROP of a graph that does not exist as no error: where empty graphs
    are not kept, one may have been there.

    >>> silent(read("CLEAR GRAPH <a:b> ; DROP SILENT ALL"))
    'CLEAR SILENT GRAPH <a:b> ; DROP SILENT ALL'
    """
    parts, end, depth = [], 0, 0
    found = [match for match in _TOKEN.finditer(update.text) if match[1] is not None]
    for match, after in zip(found, [*found[1:], None], strict=True):
        depth += (match[1] == "{") - (match[1] == "}")
        if depth == 0 and match[1].upper() in ("CLEAR", "DROP") and after and after[1].upper() != "SILENT":
            parts += [update.text[end : match.end()], " SILENT"]
            end = match.end()
    return "".join([*parts, update.text[end:]])


def redirected(query: Query, addresses: Mapping[str, str]) -> str:
    """The query's text with each SERVICE's endpoint replaced by the address that stands in for it."""
    parts, end = [], 0
    places = {service.place: addresses[service.endpoint or ""] for service in query.services}
    found = [match for match in _TOKEN.finditer(query.text) if match[1] is not None]
    for place, address in sorted(places.items()):
        parts += [query.text[end : found[place].start()], f"<{address}>"]
        end = found[place].end()
    return "".join([*parts, query.text[end:]])


@lru_cache(maxsize=512)
def _remembered(text: str) -> Query:
    return _read(text)


def _read(text: str) -> Query:
    found = _scan(text)
    if "\\" not in text or not _ESCAPE.search(text):
        return found
    # SPARQL 1.1 replaces escapes before it parses, 1.2 only in some tokens: what either way shows counts
    plain = _scan(_ESCAPE.sub(lambda m: chr(min(int(m[1] or m[2], 16), 0x10FFFF)), text))
    named = [[service.endpoint for service in each.services] for each in (found, plain)]
    unclear = found.unclear or plain.unclear or named[0] != named[1]
    return replace(
        found,
        form=found.form or plain.form,
        key=text,
        unclear=unclear,
        volatile=True,
        depth=max(found.depth, plain.depth),
        chained=max(found.chained, plain.chained),
        loads=found.loads or plain.loads,
    )


def _scan(text: str) -> Query:
    pieces = tokens(text)
    words = [piece.upper() for piece in pieces]
    first = next((word for word in words if word in _FIRST), "")
    services: tuple[Service, ...] = ()
    unclear = False
    loads = False
    lower = text.lower()
    if "service" in lower or "load" in lower:
        services, unclear = _services(pieces)
        loads = _loads(pieces)
    return Query(
        text,
        "UPDATE" if first in _UPDATES else first,
        " ".join(pieces) if _EITHER.search(text) is None else text,
        services,
        unclear,
        not _VOLATILE.isdisjoint(words),
        _depth(pieces) if len(pieces) > DEEPEST else 0,
        sum(word in _CHAINED for word in words) if len(pieces) > LONGEST else 0,
        loads,
        _tail(pieces, words),
        *(_graphs(pieces, words) if "FROM" in words else ((), ())),
    )


def _graphs(pieces: Sequence[str], words: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The graphs of FROM and of FROM NAMED."""
    prefixes, base = _prefixes(pieces), namespaces.BASE
    default: list[str] = []
    named: list[str] = []
    for place, word in enumerate(words):
        if word == "{":
            break
        if word == "BASE" and words[place + 1 : place + 2]:
            base = urljoin(base, pieces[place + 1].strip("<>"))
        elif word == "FROM":
            is_named = words[place + 1 : place + 2] == ["NAMED"]
            name = "".join(pieces[place + 1 + is_named : place + 2 + is_named])
            prefix, _, local = name.partition(":")
            iri = prefixes.get(prefix, prefix + ":") + local if name[:1] != "<" else urljoin(base, name[1:-1])
            (named if is_named else default).append(iri)
    return tuple(default), tuple(named)


def _tail(pieces: Sequence[str], words: Sequence[str]) -> tuple[str, ...]:
    for back, piece in enumerate(reversed(pieces)):
        if piece == "}":
            if back or "VALUES" not in words:
                return tuple(pieces[len(pieces) - back :])
            break
    return ("}",)


def _depth(pieces: Sequence[str]) -> int:
    depth = deepest = 0
    for token in pieces:
        if token in ("{", "(", "["):
            depth += 1
            deepest = max(deepest, depth)
        elif token in ("}", ")", "]"):
            depth -= 1
    return deepest


# ---- SERVICE -------------------------------------------------------------------------------------


def _services(pieces: Sequence[str]) -> tuple[tuple[Service, ...], bool]:
    """The SERVICEs that the engine itself would ask (not those inside another), and whether the text can be
    read in another way."""
    prefixes = _prefixes(pieces)
    found: list[Service] = []
    unclear = False
    brackets: list[str] = []
    outer: int | None = None  # how many brackets were open at the SERVICE that is being read
    before = ""
    for place, token in enumerate(pieces):
        if token in ("{", "("):
            brackets.append(token)
        elif token in ("}", ")"):
            if brackets:
                brackets.pop()
            if outer is not None and len(brackets) <= outer:
                outer = None
        elif token == "<<" or token == "\\" or (token[0] in "\"'" and not _WHOLE_STRING.fullmatch(token)):
            unclear = True
        elif token[0] == "<" and len(token) > 1 and brackets[-1:] == ["("]:
            unclear = unclear or _may_compare(before, token)
        elif outer is None and _says_service(token, before, pieces[place + 1 : place + 2], prefixes):
            found.append(_service(pieces, place, prefixes))
            outer = len(brackets)
        before = token
    return tuple(found), unclear


def _may_compare(before: str, token: str) -> bool:
    """Whether ``<...>`` in round brackets may be a comparison and so hide the start of a string or of a
    comment. No comparison starts with ``<scheme://``."""
    hides = "'" in token or "#" in token or "\\" in token
    return hides and not _SCHEME.match(token) and _OPERAND_END.search(before) is not None


def _says_service(token: str, before: str, after: Sequence[str], prefixes: Mapping[str, str]) -> bool:
    """Whether a token is, or ends in, the keyword. A name in front of ``{`` that is no graph's has the
    keyword in it: ``SERVICEwd:x { ... }``."""
    if "SERVICE" not in token.upper() or not (token[0].isalpha() or token[0] == "_"):
        return False
    prefix, colon, _ = token.partition(":")
    if not colon:
        return True
    if "SERVICE" not in prefix.upper():
        return False
    return prefix not in prefixes or (list(after) == ["{"] and before.upper() != "GRAPH")


def _service(pieces: Sequence[str], place: int, prefixes: Mapping[str, str]) -> Service:
    if pieces[place].upper() != "SERVICE":
        return Service(None)
    place += 1
    if pieces[place : place + 1] and pieces[place].upper() == "SILENT":
        place += 1
    name = pieces[place] if place < len(pieces) else ""
    if len(name) > 1 and name[0] == "<" and name[-1] == ">" and "\\" not in name:
        return Service(name[1:-1], place)
    prefix, colon, local = name.partition(":")
    if colon and prefix in prefixes and not re.search(r"[\\%]", local):
        return Service(prefixes[prefix] + local, place)
    return Service(None)


def _loads(pieces: Sequence[str]) -> bool:
    """Whether an update has a LOAD, be it run into the words around it."""
    depth, before = 0, ""
    for token in pieces:
        depth += (token == "{") - (token == "}")
        says = token[0] not in "<\"'?$@" and "LOAD" in token.partition(":")[0].upper()
        if depth == 0 and before != "PREFIX" and says:
            return True
        before = token.upper()
    return False


def _prefixes(pieces: Sequence[str]) -> dict[str, str]:
    """The prefixes a query declares once, with an IRI without escapes."""
    declared: dict[str, list[str]] = {}
    for word, name, iri in zip(pieces, pieces[1:], pieces[2:], strict=False):
        if word.upper() == "PREFIX" and name.endswith(":"):
            declared.setdefault(name[:-1], []).append(iri)
    return {
        prefix: iris[0][1:-1]
        for prefix, iris in declared.items()
        if len(iris) == 1 and iris[0][0] == "<" and "\\" not in iris[0]
    }
