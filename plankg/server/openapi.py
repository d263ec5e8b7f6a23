"""``/openapi.json``: what can be asked without SPARQL, as OpenAPI 3.1, from the headers of the questions."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from loaders.namespaces import BASE
from plankg import __version__
from plankg.questions import Parameter, Question
from plankg.server import revision
from plankg.server.problems import MEDIA_TYPE
from plankg.server.question_pages import FORMATS, bundled, given_as, may_be_open

_HOW_NAMED: Final = (
    "by its name (苏州市, GDP增速), by the end of its IRI (320500, gdp/growth) or by its whole IRI"
)
_PROBLEM: Final = {"$ref": "#/components/responses/Problem"}


def routes() -> list[BaseRoute]:
    return [Route("/openapi.json", description)]


async def description(request: Request) -> Response:
    root = request.scope.get("root_path", "").rstrip("/")
    headers = {"cache-control": f"public, max-age={revision.FRESH}"}
    return JSONResponse({**document(), "servers": [{"url": root or "/"}]}, headers=headers)


@cache
def document() -> Mapping[str, Any]:
    """The description, without the address of a server."""
    paths: dict[str, Any] = {
        "/questions": {
            "get": {
                "operationId": "questions",
                "summary": "Every question with its parameters",
                "responses": {"200": _json("The questions", {"$ref": "#/components/schemas/Questions"})},
            }
        }
    }
    for question in bundled().values():
        paths[f"/questions/{question.name}"] = {"get": _operation(question)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "plankg questions",
            "version": __version__,
            "summary": "What Chinese local governments planned and reported, with the exact words.",
            "description": f"Each question is a SPARQL query with parameters. The data is a graph: every IRI "
            f"under {BASE} is answered at its path here, and /sparql takes any query.",
            "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
        },
        "paths": paths,
        "components": {"schemas": _schemas(), "responses": {"Problem": _problem()}},
    }


def _operation(question: Question) -> dict[str, Any]:
    format_: dict[str, Any] = {
        "name": "format",
        "in": "query",
        "required": False,
        "description": "The format; without it the Accept header says which.",
        "schema": {"type": "string", "enum": list(FORMATS)},
    }
    content: dict[str, Any] = {media: {"schema": {"type": "string"}} for media in FORMATS.values()}
    content[FORMATS["json"]] = {"schema": {"$ref": "#/components/schemas/Answer"}}
    content[FORMATS["xlsx"]] = {}  # bytes
    return {
        "operationId": question.name,
        "summary": question.title,
        "description": f"{question.description}\n\n{question.title_zh}".strip(),
        "parameters": [*(_parameter(parameter) for parameter in question.parameters), format_],
        "responses": {
            "200": {"description": "The answer", "content": content},
            **dict.fromkeys(("400", "406", "501", "503", "504"), _PROBLEM),
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    """A parameter; it is never required, since one that is not given has its default."""
    schema: dict[str, Any] = {"type": "string"}
    about = f"{parameter.description[0].upper()}{parameter.description[1:]}."
    if parameter.type == "integer":
        schema = {"type": "integer"}
    elif parameter.type == "decimal":
        schema = {"type": "number"}
    elif parameter.type != "string":
        about += f" A {parameter.type}: {_HOW_NAMED}."
    if parameter.default is not None:
        text = given_as(parameter.default)
        kinds: dict[str, type[int] | type[float]] = {"integer": int, "number": float}
        schema["default"] = kinds[schema["type"]](text) if schema["type"] in kinds else text
    described = {"name": parameter.name, "in": "query", "required": False, "description": about}
    if may_be_open(parameter):
        described["allowEmptyValue"] = True
    return {**described, "schema": schema}


def _schemas() -> dict[str, Any]:
    text: dict[str, Any] = {"type": "string"}
    value: dict[str, Any] = {"type": ["string", "number", "null"]}
    parameter = {
        "type": "object",
        "required": ["name", "type", "description", "default"],
        "properties": {
            "name": text,
            "type": text,
            "description": text,
            "default": {"type": ["string", "null"]},
        },
    }
    question = {
        "type": "object",
        "required": ["name", "title", "title_zh", "description", "url", "parameters"],
        "properties": {
            **dict.fromkeys(("name", "title", "title_zh", "description", "url"), text),
            "parameters": {"type": "array", "items": parameter},
        },
    }
    return {
        "Questions": {
            "type": "object",
            "required": ["questions"],
            "properties": {"questions": {"type": "array", "items": question}},
        },
        "Answer": {
            "type": "object",
            "required": ["question", "title", "title_zh", "parameters", "columns", "count", "rows"],
            "properties": {
                **dict.fromkeys(("question", "title", "title_zh"), text),
                "parameters": {
                    "type": "object",
                    "description": "What was asked for: IRIs of things, null for what was left open.",
                    "additionalProperties": value,
                },
                "columns": {"type": "array", "items": text},
                "count": {"type": "integer"},
                "rows": {
                    "type": "array",
                    "description": "One object a row, every column in each; numbers with all their digits.",
                    "items": {"type": "object", "additionalProperties": value},
                },
            },
        },
        "Problem": {
            "type": "object",
            "description": "Problem details (RFC 9457).",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": text,
                "title": text,
                "status": {"type": "integer"},
                "detail": text,
                "parameter": {"type": "string", "description": "The parameter that does not fit."},
                "question": text,
            },
        },
    }


def _problem() -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": "What is wrong, and with which parameter", "content": content}


def _json(about: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": about, "content": {"application/json": {"schema": schema}}}
