"""Servers for tests that look at them from the outside: ours as a user starts it, and the bare engine."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from plankg.server.engine import binary


@dataclass
class Served:
    """A running ``plankg serve``."""

    process: "subprocess.Popen[str]"
    url: str  # with a slash at the end
    said: list[str] = field(default_factory=list)  # the lines of its standard error so far


@contextmanager
def plankg(graph: Path, *arguments: str, environment: dict[str, str] | None = None) -> Iterator[Served]:
    """``plankg serve`` on a graph folder and a free port; stopped in the end as Ctrl-C does."""
    process = subprocess.Popen(
        [sys.executable, "-m", "plankg.cli", "serve", "--graph", str(graph), "--port", "0", *arguments],
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PYTHONUTF8": "1",
            **(environment or {}),
        },
    )
    assert process.stderr is not None
    said: list[str] = []
    found = threading.Event()

    def listen() -> None:
        assert process.stderr is not None
        for line in process.stderr:
            said.append(line)
            if line.startswith("serving "):
                found.set()
        found.set()

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        found.wait(120)
        lines = [line for line in said if line.startswith("serving ")]
        assert lines, "".join(said)
        yield Served(process, lines[0].split(" at ")[1].split(" ")[0], said)
    finally:
        process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
        try:
            process.wait(40)
        finally:
            process.kill()
            process.wait()
            listener.join(10)
            process.stderr.close()


@contextmanager
def engine() -> Iterator[str]:
    """The bare engine with an empty store in memory that may be written; its URL without a slash at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [str(binary()), "serve", "--union-default-graph", "--bind", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                httpx.get(f"{url}/query", params={"query": "ASK {}"}, trust_env=False).raise_for_status()
                break
            except httpx.HTTPError:
                time.sleep(0.05)
        yield url
    finally:
        process.kill()
        process.wait()
