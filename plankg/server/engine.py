"""The native Oxigraph engine as a child process, on a port of the loopback interface.

A process of its own gives what the Python binding cannot: a query that runs too long is ended with its
engine, and one that takes the engine down does not take the server with it. The engine's own time limit is
not used: it parks a thread for each request, answers 200 all the same, and many queries run past it.
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

_START_PATIENCE: Final = 30.0
#: Waits for the end of its input, which comes when this process ends however it ends, and ends the engine.
_GUARD: Final = 'trap "" INT TERM HUP; while read -r _; do :; done; kill -9 "$1"'


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

    def __init__(self, store: Path, writable: bool = False) -> None:
        """Starts the engine and waits until it answers; read-only, unless it is to be ``writable``.

        Raises :class:`ServerError` when it cannot start.
        """
        self.store = store
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the engine
        self._guard: subprocess.Popen[bytes] | None = None
        mode = ("serve",) if writable else ("serve-read-only", "--union-default-graph")
        self._process = subprocess.Popen(
            [str(binary()), *mode, "--location", str(store), "--bind", f"127.0.0.1:{self.port}"],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=os.name == "posix",  # Ctrl-C goes to the gateway, which stops the engine itself
        )
        try:
            if os.name == "posix":
                self._guard = subprocess.Popen(
                    ["/bin/sh", "-c", _GUARD, "guard", str(self._process.pid)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            self._wait_until_up()
        except BaseException:
            self.stop()
            raise

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid

    def memory(self) -> int:
        """Bytes of memory the process holds; 0 where the system does not tell."""
        try:
            return int(Path(f"/proc/{self.pid}/statm").read_text("ascii").split()[1]) * _PAGE
        except (OSError, ValueError, IndexError):
            return 0

    def cpu(self) -> float:
        """Seconds of processor time the process has used; 0 where the system does not tell."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / _TICKS
        except (OSError, ValueError, IndexError):
            return 0.0

    def stop(self) -> None:
        """Ends the process at once; what it has written is safe in its store's log. May be called again."""
        if self._guard is not None:
            self._guard.kill()
            self._guard.communicate()
            self._guard = None
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


_PAGE: Final = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_TICKS: Final = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
