"""Why a request is not answered as it asked: one exception, which becomes a problem details answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.responses import Response

from plankg.server.problems import problem


@dataclass(eq=False)
class RefusalError(Exception):
    """A request that is refused: the HTTP status, what kind of problem it is, what happened this time."""

    status: int
    title: str
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.detail

    def response(self) -> Response:
        """The answer: RFC 9457 problem details."""
        return problem(self.status, self.title, self.detail, headers=self.headers)
