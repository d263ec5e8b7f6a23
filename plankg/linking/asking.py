"""Asking a service over HTTP as a polite guest: one request at a time, so many a second."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from loaders.errors import ServerError
from plankg import __version__
from plankg.store import one_line

TIMEOUT: Final = 60.0
#: Times a request is made again when the service is busy, and the longest wait it may ask for, in seconds.
ATTEMPTS: Final = 4
LONGEST: Final = 120.0
BUSY: Final = (429, 502, 503, 504)


@dataclass
class Guest:
    """Requests to one service, ``rate`` a second at most."""

    url: str
    rate: float = 1.0
    requests: int = field(default=0, init=False)
    _next: float = field(default=0.0, init=False)

    def get(self) -> Any:
        """The JSON at the service's own address. Raises :class:`ServerError`."""
        return self._json("GET", None, "application/json")

    def post(self, form: Mapping[str, str], accept: str = "application/json") -> Any:
        """The JSON that the service answers to a form. Raises :class:`ServerError`."""
        return self._json("POST", form, accept)

    def _json(self, method: str, form: Mapping[str, str] | None, accept: str) -> Any:
        for attempt in range(1, ATTEMPTS + 1):
            time.sleep(max(0.0, self._next - time.monotonic()))
            self._next = time.monotonic() + 1 / self.rate
            self.requests += 1
            try:
                answer = httpx.request(
                    method,
                    self.url,
                    data=form,
                    headers={
                        "accept": accept,
                        "user-agent": f"plankg/{__version__} (https://w3id.org/plankg/)",
                    },
                    timeout=TIMEOUT,
                    follow_redirects=True,
                )
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise ServerError(f"{self.url} does not answer: {one_line(error)}") from None
            if answer.status_code not in BUSY or attempt == ATTEMPTS:
                break
            self._next = max(self._next, time.monotonic() + _wait(answer, attempt))
        if not answer.is_success:
            said = one_line(ValueError(answer.text[:200]))
            raise ServerError(f"{self.url} answers {answer.status_code}: {said}")
        try:
            return answer.json()
        except ValueError:
            raise ServerError(f"{self.url} answers something that is not JSON") from None


def _wait(answer: httpx.Response, attempt: int) -> float:
    """Seconds to wait: as many as the service says, else twice as many each time."""
    told = answer.headers.get("retry-after", "")
    return min(LONGEST, float(told) if told.isdigit() else 2.0**attempt)
