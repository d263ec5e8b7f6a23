"""What is written down: each request, slow queries with their text, and every write; JSON, a line each."""

import json
import time
from pathlib import Path
from typing import IO, Any, Final

from loaders.errors import ServerError

#: Characters of a slow query's text that are kept.
_LONGEST: Final = 10_000


class Journal:
    """The log files in a folder; what has no file is not written."""

    def __init__(self, folder: str, audit: Path | None = None) -> None:
        """Opens the files, ``audit`` for writes when there is no folder. Raises :class:`ServerError`."""
        self._access: IO[str] | None = None
        self._slow: IO[str] | None = None
        self._audit: IO[str] | None = None
        try:
            if folder:
                Path(folder).mkdir(parents=True, exist_ok=True)
                self._access = _open(Path(folder) / "access.log")
                self._slow = _open(Path(folder) / "slow.log")
            if audit is not None:
                self._audit = _open(Path(folder) / "audit.log" if folder else audit)
        except OSError as error:
            raise ServerError(f"the log {error.filename} cannot be written: {error.strerror}") from None

    @property
    def wanted(self) -> bool:
        """Whether requests are written down."""
        return self._access is not None

    def access(self, **what: Any) -> None:
        """A request: ``client``, ``method``, ``path``, ``status``, ``bytes``, ``ms``, and of a query its
        ``query`` hash and whether the answer was kept (``cache``)."""
        _write(self._access, what)

    def slow(self, text: str, **what: Any) -> None:
        """A query that took long."""
        _write(self._slow, what | {"text": text[:_LONGEST]})

    def audit(self, **what: Any) -> None:
        """A write, or an attempt at one."""
        _write(self._audit, what)

    def close(self) -> None:
        for file in (self._access, self._slow, self._audit):
            if file is not None:
                file.close()


def _open(path: Path) -> IO[str]:
    return path.open("a", encoding="utf-8", buffering=1, newline="\n")


def _write(file: IO[str] | None, what: dict[str, Any]) -> None:
    if file is not None and not file.closed:
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        file.write(json.dumps({"time": now} | what, ensure_ascii=False) + "\n")
