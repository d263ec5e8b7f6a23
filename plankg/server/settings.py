"""Every bound and choice of the server in one place: the options of ``plankg serve`` are made from these
fields, and ``docs/endpoint.md`` is checked against them."""

import dataclasses
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

#: The one endpoint ``--federation`` allows.
WIKIDATA: Final = "https://query.wikidata.org/sparql"

MIB: Final = 1 << 20


def _set(default: Any, about: str, unit: str = "") -> Any:
    """A field: its default, what it does in one sentence, and what a number of it counts."""
    return dataclasses.field(default=default, metadata={"about": about, "unit": unit})


@dataclass(frozen=True)
class Settings:
    """How the server behaves. Sizes are in bytes unless their unit says MiB; times in seconds."""

    # the engines
    timeout: float = _set(60.0, "Time a query may take; one that takes longer is stopped.", "s")
    engines: int = _set(2, "Engine processes: one answers, the others stand by to take over from it.")
    engine_memory: int = _set(2048, "Memory of one engine; one that takes more is replaced.", "MiB")
    linger: float = _set(
        2.0, "Time the other queries on an engine with a runaway get before they are repeated elsewhere.", "s"
    )
    # who may ask how much
    running: int = _set(32, "Queries that run at the same time; others wait their turn.")
    running_per_client: int = _set(24, "Of these, how many may be of one client.")
    queue: int = _set(256, "Queries that may wait for their turn; one more is answered 503.")
    queue_time: float = _set(15.0, "Time a query may wait for its turn before it is answered 503.", "s")
    rate: float = _set(
        20.0, "Requests per second of one client in the long run; more are answered 429. 0: any number."
    )
    burst: int = _set(200, "Requests a client may make at once before `rate` counts.")
    rate_loopback: bool = _set(False, "Whether `rate` counts for clients on this machine too.")
    # sizes
    request_bytes: int = _set(1024, "Size of a request's body; a longer one is answered 413.", "KiB")
    header_bytes: int = _set(64, "Size of a request's line and headers; longer ones are answered 431.", "KiB")
    rows: int = _set(
        1_000_000, "Rows of a SELECT; a longer answer ends there, and a header says so. 0: any number."
    )
    answer_bytes: int = _set(
        1024, "Size of an answer; one that grows longer is cut off, with the connection.", "MiB"
    )
    held_bytes: int = _set(
        256,
        "How much of an answer is held back, so that a query whose engine dies can be repeated unseen.",
        "KiB",
    )
    held_time: float = _set(1.0, "Time the first bytes of an answer are held back for that.", "s")
    written_bytes: int = _set(64, "Size of an update or of a graph that is put, in writable mode.", "MiB")
    # connections
    idle: float = _set(30.0, "Time a connection may stay open without a request.", "s")
    request_time: float = _set(20.0, "Time a request may take to arrive; a slower one is answered 408.", "s")
    send_time: float = _set(
        30.0, "Time a client may take no bytes of its answer before the connection is cut.", "s"
    )
    connections: int = _set(1000, "Open connections; further ones are answered 503 and closed.")
    connections_per_client: int = _set(200, "Of these, how many may be of one client; the rest are 503.")
    drain: float = _set(30.0, "Time that running requests get to finish when the server is stopped.", "s")
    # the cache
    cache: int = _set(64, "Memory for answers that may be asked for again. 0: none are kept.", "MiB")
    cached_bytes: int = _set(1024, "Size of the largest answer that is kept.", "KiB")
    max_age: int = _set(60, "Time a client or a proxy may use an answer without asking again.", "s")
    # other hosts
    federation: bool = _set(False, f"Allow SERVICE <{WIKIDATA}> in queries.")
    service: tuple[str, ...] = _set((), "A further endpoint that SERVICE may name. May be repeated.")
    service_private: tuple[str, ...] = _set(
        (), "One that may be at a private address (this machine or network). May be repeated."
    )
    # where it stands
    public: str = _set("", "Address under which clients reach the server, when it is behind another.")
    proxy: tuple[str, ...] = _set(
        (), "Address of a proxy whose X-Forwarded-For header is believed. May be repeated."
    )
    # writing
    writable: bool = _set(False, "Allow updates and the Graph Store Protocol to whoever has the token.")
    token_file: str = _set("", "File with that token; without it, the variable PLANKG_TOKEN.")
    # what is written down
    logs: str = _set(
        "",
        "Folder for access.log, slow.log and audit.log (JSON lines); audit.log is in the graph's without it.",
    )
    slow: float = _set(5.0, "Time from which on a query is written to slow.log, with its text.", "s")

    @property
    def services(self) -> frozenset[str]:
        """The endpoints SERVICE may name."""
        return frozenset((*self.service, *self.service_private, *((WIKIDATA,) if self.federation else ())))


class Setting(NamedTuple):
    """One field of :class:`Settings`."""

    name: str
    type: Any
    default: Any
    about: str
    unit: str

    @property
    def option(self) -> str:
        """The option of ``plankg serve``."""
        return "--" + self.name.replace("_", "-")

    @property
    def shown(self) -> str:
        """The default with its unit, as the documentation has it."""
        if isinstance(self.default, bool):
            return "off"
        if isinstance(self.default, float | int):
            return f"{self.default:,g} {self.unit}".strip() if self.default < 1e6 else f"{self.default:,}"
        return "none"


def all_settings() -> tuple[Setting, ...]:
    """The fields in order."""
    return tuple(
        Setting(field.name, field.type, field.default, field.metadata["about"], field.metadata["unit"])
        for field in dataclasses.fields(Settings)
    )
