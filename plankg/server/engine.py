"""The native Oxigraph engine as a child process: read-only, on a port of the loopback interface.

A process of its own gives what the Python binding cannot: a query that runs too long is cut off, and one
that takes the engine down does not take the server with it.
"""

import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from importlib import metadata
from pathlib import Path
from typing import IO, Final

import httpx

from loaders.errors import ServerError
from plankg.store import one_line

#: Seconds a query may take; also what the engine may take to start.
TIMEOUT: Final = 60
_START_PATIENCE: Final = 30.0


def binary() -> Path:
    """The `oxigraph` program that its PyPI package installed.

    Raises :class:`ServerError` when it is not there.
    """
    name = "oxigraph.exe" if sys.platform == "win32" else "oxigraph"
    candidates = [Path(sysconfig.get_path("scripts")) / name, Path(sys.executable).parent / name]
    try:
        files = metadata.files("oxigraph") or []
        candidates += [Path(str(file.locate())) for file in files if file.name == name]
    except metadata.PackageNotFoundError:
        pass
    if found := shutil.which("oxigraph"):
        candidates.append(Path(found))
    for candidate in candidates:
        if candidate.is_file():
            return candidate.resolve()
    raise ServerError("the oxigraph program is not installed; `pip install oxigraph` brings it")


class Engine:
    """One engine on one store folder. Use as a context manager, or call :meth:`stop`."""

    def __init__(self, store: Path, timeout: int = TIMEOUT) -> None:
        """Starts the engine and waits until it answers.

        Raises :class:`ServerError` when it cannot start.
        """
        self.store = store
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the engine
        self._process = subprocess.Popen(
            [
                str(binary()),
                "serve-read-only",
                "--location",
                str(store),
                "--bind",
                f"127.0.0.1:{port}",
                "--union-default-graph",
                "--timeout-s",
                str(timeout),
            ],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=os.name == "posix",  # Ctrl-C goes to the gateway, which stops the engine itself
        )
        try:
            self._wait_until_up()
        except BaseException:
            self.stop()
            raise

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        """Ends the process. It only reads, so nothing is lost by ending it at once. May be called again."""
        self._process.kill()
        self._process.wait()
        self._log.close()

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _wait_until_up(self) -> None:
        deadline = time.monotonic() + _START_PATIENCE
        with httpx.Client(trust_env=False, timeout=1.0) as client:
            while time.monotonic() < deadline:
                if not self.running:
                    raise ServerError(f"the oxigraph engine did not start: {self._last_words()}")
                try:
                    client.get(f"{self.url}/query", params={"query": "ASK {}"}).raise_for_status()
                    return
                except httpx.HTTPError:
                    time.sleep(0.02)
        raise ServerError(f"the oxigraph engine did not answer within {_START_PATIENCE:.0f} seconds")

    def _last_words(self) -> str:
        self._log.seek(0)
        lines = self._log.read().decode("utf-8", "replace").strip().splitlines()
        return one_line(ValueError(lines[-1])) if lines else f"exit status {self._process.returncode}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
