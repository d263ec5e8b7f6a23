"""Starts the server: takes the port, starts the engine, serves until told to stop."""

import errno
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import uvicorn

from loaders.errors import ServerError
from plankg.server.engine import TIMEOUT
from plankg.server.gateway import Keeper, application


def take_port(host: str, port: int) -> socket.socket:
    """A listening socket. Raises :class:`ServerError` when the port is in use or the host is not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":  # there it would let two servers share the port
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen(128)
    except OSError as error:
        taken.close()
        why = (
            "the port is in use; choose another with --port"
            if error.errno == errno.EADDRINUSE
            else error.strerror
        )
        raise ServerError(f"cannot serve on {host}:{port}: {why}") from None
    return taken


def serve(graph: Path, taken: socket.socket, ready: Callable[[str], None], timeout: int = TIMEOUT) -> None:
    """Serves the graph on a socket from :func:`take_port` until interrupted; ``ready`` hears the URL.

    Raises :class:`GraphError` when there is no graph, :class:`ServerError` when the engine cannot start.
    """
    keeper = Keeper(graph, timeout)
    try:
        host, port = taken.getsockname()[:2]
        ready(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
        config = uvicorn.Config(application(keeper), log_level="warning", lifespan="on")
        uvicorn.Server(config).run(sockets=[taken])
    except KeyboardInterrupt:
        pass
    finally:
        keeper.stop()
        taken.close()
