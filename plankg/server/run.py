"""Starts the server: takes the port, starts the engines, serves until told to stop."""

import errno
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import uvicorn

from loaders.errors import ServerError
from plankg.server.connections import bounded
from plankg.server.engines import Keeper
from plankg.server.gateway import application
from plankg.server.journal import Journal
from plankg.server.settings import Settings


def take_port(host: str, port: int) -> socket.socket:
    """A listening socket. Raises :class:`ServerError` when the port is in use or the host is not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # the protocol is named, or the event loop would let every small answer wait for others (no TCP_NODELAY)
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform != "win32":  # there it would let two servers share the port
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen(1024)
    except OSError as error:
        taken.close()
        why = (
            "the port is in use; choose another with --port"
            if error.errno == errno.EADDRINUSE
            else error.strerror
        )
        raise ServerError(f"cannot serve on {host}:{port}: {why}") from None
    return taken


def serve(
    graph: Path, taken: socket.socket, ready: Callable[[str], None], settings: Settings | None = None
) -> None:
    """Serves the graph on a socket from :func:`take_port` until interrupted; ``ready`` hears the URL.

    Told to stop, it takes no more connections and lets running requests end. Raises :class:`GraphError` when
    there is no graph, :class:`ServerError` when the engines cannot start.
    """
    settings = settings or Settings()
    journal = Journal(settings.logs, graph / "audit.log" if settings.writable else None)
    keeper = Keeper(graph, settings)
    try:
        host, port = taken.getsockname()[:2]
        app = application(keeper, settings, journal)
        config = uvicorn.Config(
            app,
            http=bounded(app.endpoint),
            ws="none",
            log_level="warning",
            access_log=False,
            lifespan="on",
            loop="auto",
            timeout_keep_alive=max(1, round(settings.idle)),
            timeout_graceful_shutdown=max(1, round(settings.drain)),
            proxy_headers=False,
            server_header=False,
        )
        ready(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
        uvicorn.Server(config).run(sockets=[taken])
    except KeyboardInterrupt:
        pass
    finally:
        keeper.stop()
        journal.close()
        taken.close()
