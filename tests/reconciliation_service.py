"""A service of the Reconciliation API 0.2 over a handful of entities, for tests: it reads and answers as the
specification says, refuses what the specification does not allow, and can be told to be busy.

The entities are test data: invented, except for the code and name of the places they stand for.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any
from urllib.parse import parse_qs

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

SPACE = "http://data.example.org/entity/"
DISTRICT = {"id": "T1", "name": "市辖区"}
#: id -> name, description, type, properties
ENTITIES: dict[str, tuple[str, str, dict[str, str], dict[str, str]]] = {
    "E1": ("溧水区", "南京市的一个市辖区", DISTRICT, {"P442": "320117"}),
    "E2": ("高淳区", "南京市的一个市辖区", DISTRICT, {"P442": "320118"}),
    "E3": ("六合区", "南京市的一个市辖区", DISTRICT, {"P442": "320116"}),
    "E4": ("六合区", "别处的同名地方", {"id": "T2", "name": "村"}, {}),
    "E5": ("金湖县", "淮安市的一个县", {"id": "T3", "name": "县"}, {"P442": "320831"}),
}


@dataclass
class Service:
    """What a test may look at and change while the service runs."""

    url: str = ""
    batches: list[int] = field(default_factory=list)  #: queries in each request
    seen: list[dict[str, Any]] = field(default_factory=list)
    busy: int = 0  #: so many requests to come are answered 429
    fail_after: int = 10**6  #: requests from then on are answered 500
    versions: tuple[str, ...] = ("0.1", "0.2")
    space: str = SPACE

    async def __call__(self, request: Request) -> Response:
        text = (await request.body()).decode() if request.method == "POST" else request.url.query
        form = parse_qs(text, strict_parsing=bool(text))
        if "queries" not in form:
            return JSONResponse(self.manifest())
        if self.busy:
            self.busy -= 1
            return Response(status_code=429, headers={"retry-after": "0"})
        if len(self.batches) >= self.fail_after:
            return Response("out of order", status_code=500)
        queries = json.loads(form["queries"][0])
        for query in queries.values():
            check(query)
        self.batches.append(len(queries))
        self.seen += queries.values()
        return JSONResponse({key: {"result": candidates(query)} for key, query in queries.items()})

    def manifest(self) -> dict[str, Any]:
        return {
            "versions": list(self.versions),
            "name": "A handful of places",
            "identifierSpace": self.space,
            "schemaSpace": "http://data.example.org/property/",
            "view": {"url": self.space + "{{id}}"},
            "defaultTypes": [DISTRICT],
        }


def check(query: Any) -> None:
    """A reconciliation query of the specification, section 4.2."""
    assert isinstance(query, dict) and set(query) <= {"query", "type", "limit", "properties", "type_strict"}
    assert isinstance(query["query"], str) and query["query"]
    assert isinstance(query.get("limit", 1), int) and query.get("limit", 1) > 0
    for given in query.get("properties", []):
        assert set(given) == {"pid", "v"} and isinstance(given["pid"], str)


def candidates(query: dict[str, Any]) -> list[dict[str, Any]]:
    """Candidates by likeness of name; a property that fits counts too, one that does not counts against it."""
    found = []
    for identifier, (name, description, type_, properties) in ENTITIES.items():
        likeness = SequenceMatcher(None, query["query"], name).ratio()
        if likeness < 0.6 or query.get("type", type_["id"]) != type_["id"]:
            continue
        given = query.get("properties", [])
        fits = [properties.get(one["pid"]) == one["v"] for one in given]
        score = 100 * likeness if not fits else 60 * likeness + 40 * sum(fits) / len(fits)
        found.append(
            {
                "id": identifier,
                "name": name,
                "description": description,
                "type": [type_],
                "score": score,
                "match": False,
                "features": [{"id": "name", "value": likeness}],
            }
        )
    found.sort(key=lambda one: (-one["score"], one["id"]))
    if found and found[0]["score"] > 95 and (len(found) == 1 or found[1]["score"] < 90):
        found[0]["match"] = True
    return found[: query.get("limit", 5)]


@contextmanager
def running(service: Service) -> Iterator[Service]:
    """The service on a free port of this machine, over real HTTP."""
    routes = [Route("/reconcile", service.__call__, methods=["GET", "POST"])]
    config = uvicorn.Config(Starlette(routes=routes), host="127.0.0.1", port=0, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            thread.join(0.01)
            assert thread.is_alive(), "the service did not start"
        port = server.servers[0].sockets[0].getsockname()[1]
        service.url = f"http://127.0.0.1:{port}/reconcile"
        yield service
    finally:
        server.should_exit = True
        thread.join()
