"""The start page at ``/`` and the query editor at ``/query``."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from loaders.namespaces import BASE
from plankg.server import answers, pages, revision
from plankg.server.asking import ask
from plankg.server.question_pages import NAMES_ZH, bundled, meant
from plankg.server.reading import NotAnsweredError, rows, text

#: The question that the start page answers, and that the editor begins with.
HEADLINE: Final = "who-targeted"
#: What YASGUI needs beyond the policy of the other pages: it writes style elements of its own.
EDITOR_POLICY: Final = pages.POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")


def routes() -> list[BaseRoute]:
    return [Route("/query", query_page)]


async def start_page(request: Request) -> Response:
    """What this is, the headline question with its answer, and the list of questions."""
    if (fresh := revision.not_modified(request, "html")) is not None:
        return fresh
    stamp = revision.headers(request, "html")
    question = bundled()[HEADLINE]
    defaults = {parameter.name: parameter.default for parameter in question.parameters}
    language = pages.reader(request).language
    table, taken, error, look = None, [], "", []
    try:
        answer = await ask(request, question.text, "application/sparql-results+json")
        if answer.status_code != 200:
            raise NotAnsweredError(answer.status_code, answer.text, {})
        found = answer.json()
        table = await answers.shown(
            request, found["head"]["vars"], found["results"]["bindings"], language, pages.MAX_ROWS
        )
        taken = await meant(request, defaults, language)
        look = await _look_around(request, language)
    except NotAnsweredError as why:
        error, stamp = why.why, {"cache-control": "no-store"}
    return pages.page(
        request,
        "start.html",
        headers=revision.settled(request, "html", stamp) if not error else stamp,
        endpoint=f"{request.base_url}sparql",
        headline=question,
        meant=taken,
        parameter_names=NAMES_ZH,
        table=table,
        error=error,
        look=look,
        questions=list(bundled().values()),
    )


async def query_page(request: Request) -> Response:
    """YASGUI on the endpoint; ``?question=NAME`` or ``?query=...`` opens with that query."""
    chosen = request.query_params.get("question", HEADLINE)
    question = bundled().get(chosen, bundled()[HEADLINE])
    return pages.page(
        request,
        "query.html",
        headers={"cache-control": f"public, max-age={revision.FRESH}"},
        policy=EDITOR_POLICY,
        questions=list(bundled().values()),
        chosen=question.name,
        text=request.query_params.get("query", "") or question.text,
        endpoint=f"{request.scope.get('root_path', '').rstrip('/')}/sparql",
        base=BASE,
    )


async def _look_around(request: Request, language: str) -> list[dict[str, str]]:
    """The regions with most statements, and the reports."""
    kept = revision.memory(request)
    key = f"look around {language}"
    if key not in kept:
        found = await rows(
            request,
            f"""SELECT ?this ?label {{
            {{ SELECT ?this (COUNT(*) AS ?n) {{ ?s a plan:Statement ; plan:region ?this }}
               GROUP BY ?this ORDER BY DESC(?n) LIMIT 8 }}
            ?this rdfs:label ?label . FILTER (LANG(?label) = "{language}") }} ORDER BY DESC(?n) ?this""",
        )
        kept[key] = [{"iri": text(row, "this"), "label": text(row, "label")} for row in found]
    look: list[dict[str, str]] = kept[key]
    return look
