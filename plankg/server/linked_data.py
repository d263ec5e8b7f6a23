"""Linked data: every IRI under ``https://w3id.org/plankg/`` is answered at its path on this server.

The format is chosen by ``?format=``, by suffix (``/region/320500.ttl``) or by the ``Accept`` header, and the
answer is given at once, without a redirect: HTML, Turtle, JSON-LD or N-Triples. RDF holds the triples of the
thing and of its parts (IRIs with a fragment), and the labels of what they lead to.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote_to_bytes

import pyoxigraph as ox
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from loaders.namespaces import BASE, GRAPH, PREFIXES, safe_iri
from plankg.server import documents, pages, rdf, revision, start, thing_pages
from plankg.server.documents import ONTOLOGY, SHAPES, Document
from plankg.server.negotiation import best
from plankg.server.problems import problem, wants_page
from plankg.server.reading import NotAnsweredError, rows, text, triples

#: The formats by name, the one for a client that takes anything first.
FORMATS: Final = {"html": "text/html", **rdf.FORMATS}
_NAMED: Final = {media: name for name, media in FORMATS.items()}
#: Triples an answer holds at most; a subject with more is cut, which the header ``plankg-cut`` says.
MOST: Final = 5000
CUT: Final = "plankg-cut"
#: Characters a path may have.
LONGEST: Final = 2000
_VOID: Final = "http://rdfs.org/ns/void#"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for."""

    iri: str  #: the IRI at this path
    stem: str  #: the IRI without the suffix that names a format; else the same
    format: str  #: by suffix, "" without one


class _AnyText(Convertor[str]):
    """A path whatever characters it has, line breaks too."""

    regex = "(?s:.*)"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("any_text", _AnyText())


def routes() -> list[BaseRoute]:
    """The last of the server's routes: they take every path that is left."""
    return [
        Route("/.well-known/void", void),
        Route("/shapes", shapes),
        Route("/{path:any_text}", thing),
    ]


async def root(request: Request) -> Response:
    """``/``: the start page, or the description of the data set for a client that prefers RDF."""
    if _format(request, "") in rdf.FORMATS:
        return await void(request)
    return await start.start_page(request)


async def shapes(request: Request) -> Response:
    return RedirectResponse(_root(request) + "/" + SHAPES.path, 308)


async def thing(request: Request) -> Response:
    """What is known of the IRI at this path."""
    asked = read_path(bytes(request.scope.get("raw_path") or b""), request.scope.get("root_path", ""))
    if asked is None:
        why = "An address is UTF-8, percent-encoded, and not longer than 2,000 characters."
        return problem(400, "No address of ours", why, request=request)
    wanted = _format(request, asked.format)
    if wanted not in FORMATS:
        why = f"It can be had as {', '.join(FORMATS)}; ask with ?format= or Accept."
        return problem(406, "No such format", why, request=request)
    if (fixed := await _fixed(request, asked, wanted)) is not None:
        return fixed
    if (fresh := revision.not_modified(request, wanted)) is not None:
        return fresh
    try:
        for iri in dict.fromkeys((asked.stem, asked.iri)):
            form = wanted if iri == asked.stem else _format(request, "")
            if (found := await _describe(request, iri, form)) is not None:
                return found
        return await _not_found(request, asked)
    except NotAnsweredError as error:
        return error.as_response(request)


async def void(request: Request) -> Response:
    """The description of the data set: VoID and DCAT. A browser is sent to the start page."""
    offers = [*rdf.FORMATS.values(), "text/html"]
    wanted = request.query_params.get("format", "")
    wanted = rdf.ALSO.get(wanted, wanted)
    if not wanted:
        media = best(request.headers.get("accept", ""), offers)
        wanted = _NAMED.get(media or "", "ttl")
    if wanted not in rdf.FORMATS:
        return RedirectResponse(_root(request) + "/", 303, {"vary": "Accept"})
    if (fresh := revision.not_modified(request, wanted)) is not None:
        return fresh
    stamp = revision.headers(request, wanted)
    try:
        found = [
            *await triples(request, _OWN % {"iri": f"<{BASE}>", "most": MOST}),
            *await _data_set(request),
        ]
    except NotAnsweredError as error:
        return error.as_response(request)
    return _rdf(rdf.serialize(found, wanted, BASE), wanted, revision.settled(request, wanted, stamp))


def read_path(raw: bytes, mounted_at: str = "") -> Asked | None:
    """The IRI that a request's path stands for (RFC 3987, section 3.2), None when it cannot be one.

    >>> read_path("/indicator/zh/95%25%E4%BB%A5%E4%B8%8A%E5%8F%82%E4%BF%9D%E7%8E%87".encode()).iri
    'https://w3id.org/plankg/indicator/zh/95%25以上参保率'
    >>> asked = read_path(b"/region/320500.ttl")
    >>> asked.stem, asked.format
    ('https://w3id.org/plankg/region/320500', 'ttl')
    >>> read_path(b"/region/%ff") is None
    True
    """
    path = raw.partition(b"?")[0].removeprefix(mounted_at.encode()).removeprefix(b"/")
    if len(path) > LONGEST * 9:
        return None
    try:
        local = unquote_to_bytes(_KEPT.sub(lambda code: b"%25" + code[1].upper(), path)).decode("utf-8")
        iri = ox.NamedNode(BASE + safe_iri(local)).value
    except (UnicodeDecodeError, ValueError):
        return None
    if len(local) > LONGEST:
        return None
    stem, dot, suffix = iri.rpartition(".")
    known = bool(dot) and suffix in FORMATS and len(stem) > len(BASE)
    return Asked(iri, stem if known else iri, suffix if known else "")


#: What stays percent-encoded: ``%`` itself and what divides an IRI (``#``, ``?``, ``/``).
_KEPT: Final = re.compile(rb"%(25|23|3f|2f)", re.IGNORECASE)

_OWN: Final = """CONSTRUCT { ?s ?p ?o } WHERE {
  { SELECT ?s ?p ?o WHERE { VALUES ?s { %(iri)s } ?s ?p ?o } LIMIT %(most)d } }"""

#: A thing, its parts (an IRI with a fragment, up to two steps away) and the labels of what they lead to.
_ABOUT: Final = """CONSTRUCT { ?s ?p ?o . ?o rdfs:label ?label } WHERE {
  { SELECT ?s ?p ?o WHERE {
      { VALUES ?s { %(iri)s } ?s ?p ?o }
      UNION { %(iri)s ?q ?s . FILTER (STRSTARTS(STR(?s), %(hash)s)) ?s ?p ?o }
      UNION { %(iri)s ?q ?part . FILTER (STRSTARTS(STR(?part), %(hash)s))
              ?part ?r ?s . FILTER (STRSTARTS(STR(?s), %(hash)s)) ?s ?p ?o }
  } LIMIT %(most)d }
  OPTIONAL { FILTER (ISIRI(?o)) ?o rdfs:label ?label } }"""


async def _describe(request: Request, iri: str, wanted: str) -> Response | None:
    """The answer for an IRI, None when the graph does not have it."""
    stamp = revision.headers(request, wanted)
    if iri.startswith(GRAPH) and (size := await _size(request, iri)):
        found, cut = await _named_graph(request, iri, size), False
    else:
        node = ox.NamedNode(iri)
        text_ = str(ox.Literal(iri + "#"))
        about = {"iri": str(node), "hash": text_, "most": MOST + 1}
        found = await triples(request, _ABOUT % about)
        own = [triple for triple in found if triple.subject == node]
        if not own:
            return None
        cut = len(found) > MOST
        found = found[:MOST] if cut else found
    headers = revision.settled(request, wanted, stamp) | {"link": _links(request, iri)}
    headers["content-location"] = _location(request, iri, wanted)
    headers |= {CUT: str(MOST)} if cut else {}
    if wanted == "html":
        return await thing_pages.thing_page(request, iri, found, cut, headers)
    return _rdf(rdf.serialize(found, wanted, iri), wanted, headers)


async def _fixed(request: Request, asked: Asked, wanted: str) -> Response | None:
    """The ontology and the shapes, which are files."""
    path = asked.stem.removeprefix(BASE)
    if asked.stem == documents.version() or asked.iri == documents.version():
        # a version's own dots are no suffix
        wanted = wanted if asked.stem == documents.version() else _format(request, "")
        return _file(request, ONTOLOGY, wanted)
    if asked.stem == GRAPH:  # all named graphs: the data set
        return RedirectResponse(_root(request) + "/", 303, {"vary": "Accept"})
    for document in (ONTOLOGY, SHAPES):
        if path == document.path:
            return _file(request, document, wanted)
        if path.rstrip("/") == document.path.rstrip("/"):
            suffix = f".{asked.format}" if asked.format else ""
            return RedirectResponse(_root(request) + "/" + document.path + suffix, 308)
    if asked.stem in documents.named(SHAPES):
        return RedirectResponse(
            _root(request) + "/" + SHAPES.path + f"#{path.removeprefix(SHAPES.path)}", 303
        )
    return None


def _file(request: Request, document: Document, wanted: str) -> Response:
    if (fresh := revision.not_modified(request, wanted)) is not None:
        return fresh
    headers = revision.headers(request, wanted) | {"link": _links(request, document.iri)}
    headers["content-location"] = _location(request, document.iri, wanted)
    if wanted == "html":
        kinds, title = documents.terms(document), documents.title(document)
        return pages.page(request, "terms.html", headers=headers, document=document, kinds=kinds, title=title,
                          twins=twins(document.iri))  # fmt: skip
    return _rdf(documents.serialized(document, wanted), wanted, headers)


# ---- the data set and its named graphs -----------------------------------------------------------


async def _size(request: Request, graph: str) -> int:
    found = await rows(request, f"SELECT (COUNT(*) AS ?n) {{ GRAPH {ox.NamedNode(graph)} {{ ?s ?p ?o }} }}")
    return int(text(found[0], "n")) if found else 0


async def _named_graph(request: Request, graph: str, size: int) -> list[ox.Triple]:
    """A named graph is described, not poured out: how large it is and where its triples are."""
    node = ox.NamedNode(graph)
    base = str(request.base_url).rstrip("/")
    whole = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {node} {{ ?s ?p ?o }} }}"
    name = graph.removeprefix(GRAPH)
    own = await triples(request, _OWN % {"iri": str(node), "most": MOST})
    return [
        *own,
        _triple(node, "rdf:type", ox.NamedNode(_VOID + "Dataset")),
        _triple(node, "rdfs:label", ox.Literal(f"graph {name}", language="en")),
        _triple(node, "rdfs:label", ox.Literal(f"命名图 {name}", language="zh")),
        _triple(node, "dct:isPartOf", ox.NamedNode(BASE)),
        ox.Triple(node, ox.NamedNode(_VOID + "triples"), ox.Literal(size)),
        ox.Triple(node, ox.NamedNode(_VOID + "sparqlEndpoint"), ox.NamedNode(f"{base}/sparql")),
        ox.Triple(
            node,
            ox.NamedNode(_VOID + "dataDump"),
            ox.NamedNode(f"{base}/sparql?query={quote(whole, safe='')}"),
        ),
    ]


async def _data_set(request: Request) -> list[ox.Triple]:
    """VoID of the whole: where to ask, how IRIs look, how many triples, which graphs and link sets."""
    node, base = ox.NamedNode(BASE), str(request.base_url).rstrip("/")
    kept = revision.memory(request)
    if "void" not in kept:
        kept["void"] = (
            await rows(
                request, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
            ),
            await triples(
                request,
                f"CONSTRUCT {{ ?set ?p ?o . <{BASE}> <{_VOID}subset> ?set }} "
                f"{{ VALUES ?class {{ <{_VOID}Linkset> qb:DataSet }} ?set a ?class ; ?p ?o }}",
            ),
        )
    graphs, sets = kept["void"]
    found = [
        _triple(node, "rdf:type", ox.NamedNode(_VOID + "Dataset")),
        _void(node, "sparqlEndpoint", ox.NamedNode(f"{base}/sparql")),
        _void(node, "uriSpace", ox.Literal(BASE)),
        _void(node, "vocabulary", ox.NamedNode(ONTOLOGY.iri)),
        _void(node, "exampleResource", ox.NamedNode(BASE + "indicator/gdp/growth")),
        _void(node, "exampleResource", ox.NamedNode(BASE + "region/320500")),
        _void(node, "triples", ox.Literal(sum(int(text(row, "n")) for row in graphs))),
        *sets,
    ]
    found += [
        _void(node, "feature", ox.NamedNode(f"http://www.w3.org/ns/formats/{name}"))
        for name in ("Turtle", "JSON-LD", "N-Triples")
    ]
    for row in graphs:
        part = ox.NamedNode(text(row, "g"))
        found += [
            _void(node, "subset", part),
            _triple(part, "rdf:type", ox.NamedNode(_VOID + "Dataset")),
            _void(part, "triples", ox.Literal(int(text(row, "n")))),
        ]
    return found


def _void(subject: ox.NamedNode, name: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(_VOID + name), value)


def _triple(subject: ox.NamedNode, name: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    prefix, _, local = name.partition(":")
    return ox.Triple(subject, ox.NamedNode(PREFIXES[prefix] + local), value)


# ---- what is not there ---------------------------------------------------------------------------


async def _not_found(request: Request, asked: Asked) -> Response:
    other = asked.stem.removesuffix("/") if asked.stem.endswith("/") else asked.stem + "/"
    if other != BASE and await _exists(request, other):
        suffix = f".{asked.format}" if asked.format else ""
        return RedirectResponse(_root(request) + _path(other) + suffix, 308)
    language = pages.reader(request).language
    near = await thing_pages.near(request, asked.stem, language)
    detail = f"The graph has nothing called {asked.stem}."
    if near:
        detail += " Near it are: " + ", ".join(thing["iri"] for thing in near) + "."
    else:
        detail += " /questions lists what can be asked, /sparql takes any query."
    shown: object = near if wants_page(request) else [thing["iri"] for thing in near]
    return problem(404, "Nothing of that name", detail, request=request, near=shown)


async def _exists(request: Request, iri: str) -> bool:
    return bool(await rows(request, f"SELECT ?p {{ {ox.NamedNode(iri)} ?p ?o }} LIMIT 1"))


# ---- headers -------------------------------------------------------------------------------------


def twins(iri: str) -> dict[str, str]:
    """The addresses of a thing's formats, by format."""
    path = _path(iri)
    return {name: f"{path}?format={name}" if path.endswith("/") else f"{path}.{name}" for name in FORMATS}


def _path(iri: str) -> str:
    return "/" + quote(iri.removeprefix(BASE), safe="/%~!$&'()*+,;=:@-._")


def _links(request: Request, iri: str) -> str:
    links = [
        f'<{_root(request)}{address}>; rel="alternate"; type="{FORMATS[name]}"'
        for name, address in twins(iri).items()
    ]
    return ", ".join([*links, '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'])


def _location(request: Request, iri: str, wanted: str) -> str:
    return _root(request) + twins(iri)[wanted]


def _root(request: Request) -> str:
    root: str = request.scope.get("root_path", "")
    return root.rstrip("/")


def _format(request: Request, suffix: str) -> str:
    """The format asked for, "" when it is none of ours."""
    if suffix:
        return suffix
    if chosen := request.query_params.get("format", ""):
        named = rdf.ALSO.get(chosen, chosen)
        return named if named in FORMATS else ""
    media = best(request.headers.get("accept", ""), [*FORMATS.values(), "application/json"])
    return "jsonld" if media == "application/json" else _NAMED.get(media or "", "")


def _rdf(body: bytes, wanted: str, headers: dict[str, str]) -> Response:
    fixed = {"content-type": rdf.FORMATS[wanted] + ("; charset=utf-8" if wanted != "jsonld" else "")}
    return Response(body, headers=headers | fixed)
