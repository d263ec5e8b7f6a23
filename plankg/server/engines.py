"""The engines of the server: processes that read one generation of the graph. One answers, with as many
threads as there are queries; the others stand by to take over at once.

A query cannot be taken back from an engine: one whose client went away, or that ran too long, may go on at a
full core for minutes. So an engine with such a query is *retired*: taken out of rotation, replaced at once,
and ended as soon as its other queries are through or their grace is over; what was still running there is
repeated on another engine by :mod:`plankg.server.running` unless some of its answer was sent.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from loaders.errors import PlankgError, ServerError
from plankg import store
from plankg.server.engine import Engine
from plankg.server.settings import MIB, Settings
from plankg.server.wire import Connection, EngineGoneError, connect

#: Seconds between two looks at the engines' memory, and at the graph folder.
WATCH_EVERY: Final = 0.25
#: Seconds a query whose client went away gets to end by itself, as most do.
_GRACE: Final = 0.5
#: Share of a core that an engine without a query may use before it is held to be working on a lost one.
_IDLE: Final = 0.3

_log = logging.getLogger("plankg.server")


class Task(Protocol):
    """A query on an engine, which may be told to stop."""

    started: float

    def fail(self, error: BaseException) -> None: ...


class OutOfMemoryError(Exception):
    """The query was running when its engine took more memory than it may, and had run longest."""


@dataclass(eq=False)
class Worker:
    """An engine in use: its idle connections, the queries on it, and what it was seen doing."""

    engine: Engine
    version: str
    idle: list[Connection] = field(default_factory=list)
    tasks: set[Task] = field(default_factory=set)
    strays: int = 0
    end_at: float | None = None  # when it is ended at the latest, once it is retired
    worked: bool = True  # whether it had a query since the last look
    cpu: float = 0.0
    lost: int = 0  # how many queries were on it when it was found gone


class Keeper:
    """Keeps the engines running: replaces those that die or run away, follows a new build."""

    def __init__(self, graph: Path, settings: Settings = Settings()) -> None:  # noqa: B008 - frozen
        """Starts the engines. Raises :class:`GraphError` or :class:`ServerError` when that cannot be."""
        self.graph, self._settings = graph, settings
        self.replaced: dict[str, int] = dict.fromkeys(("died", "runaway", "memory", "stray"), 0)
        self.reloads = 0
        self._generation = self._find()
        self._retired: list[Worker] = []
        self._starting = 0
        self._stopped = False
        self._following = asyncio.Lock()
        self._changed: asyncio.Event | None = None
        self._background: set[asyncio.Task[None]] = set()
        self._rotation = self._start(self._generation, settings.engines)

    # ---- what others ask

    @property
    def engine(self) -> Engine:
        """One of the engines. Raises :class:`ServerError` while there is none."""
        if not self._rotation:
            raise ServerError("the engine is being restarted; try again")
        return self._rotation[0].engine

    @property
    def version(self) -> str:
        """Names the generation of the graph in use."""
        return self._generation.name

    @property
    def workers(self) -> tuple[Worker, ...]:
        """The engines in rotation, then those being retired."""
        return (*self._rotation, *self._retired)

    @property
    def in_rotation(self) -> int:
        """How many engines take queries."""
        return len(self._rotation)

    @asynccontextmanager
    async def using(self) -> AsyncIterator[Engine]:
        """An engine, for what is no query and over at once."""
        yield self.engine

    async def connection(self, task: Task, until: float) -> tuple[Worker, Connection]:
        """A connection for a query, which must be given back: to the first engine, whose caches are warm,
        unless it may have a lost query.

        Raises :class:`EngineGoneError` when there is no engine by the time ``until`` of the loop's clock.
        """
        loop = asyncio.get_running_loop()
        while not self._rotation:
            try:
                async with asyncio.timeout_at(min(until, loop.time() + 1.0)):
                    await self._change().wait()
            except TimeoutError:
                if loop.time() >= until:
                    raise EngineGoneError from None
        worker = min(self._rotation, key=lambda w: w.strays)
        worker.tasks.add(task)
        worker.worked = True
        try:
            while worker.idle:
                if (found := worker.idle.pop()).open:
                    return worker, found
            return worker, await connect(worker.engine.port)
        except BaseException as error:
            worker.tasks.discard(task)
            if isinstance(error, EngineGoneError):
                self.look_at(worker)
            raise

    def give_back(self, worker: Worker, connection: Connection, task: Task) -> None:
        """Ends a query's use of a connection. One that is through may be used again."""
        worker.tasks.discard(task)
        if connection.complete and connection.open and worker.end_at is None:
            worker.idle.append(connection)
        else:
            connection.close()
        if worker.end_at is not None and not worker.tasks:
            self._end(worker)

    def leave(self, worker: Worker, connection: Connection, task: Task) -> None:
        """Ends the use of a connection whose query nobody waits for any more. If the query neither ends nor
        writes within a moment (an engine that writes notices that nobody reads), its engine is replaced."""
        worker.tasks.discard(task)
        connection.forget()
        worker.strays += 1

        def settle() -> None:
            worker.strays -= 1
            through = connection.complete or not connection.open
            connection.close()
            if not through:
                self.retire(worker, "stray", self._settings.linger)
            elif worker.end_at is not None and not worker.tasks:
                self._end(worker)

        asyncio.get_running_loop().call_later(_GRACE, settle)

    def retire(self, worker: Worker, why: str, linger: float) -> None:
        """Takes an engine out of rotation and starts another; its queries have ``linger`` seconds to end."""
        now = asyncio.get_running_loop().time()
        if worker in self._rotation:
            self._rotation.remove(worker)
            self._retired.append(worker)
            self.replaced[why] += 1
            _log.warning("an engine is replaced: %s", why)
            self._replace()
        if worker in self._retired:
            worker.end_at = min(worker.end_at or now + linger, now + linger)
            for spare in worker.idle:
                spare.close()
            worker.idle.clear()
            if not worker.tasks or worker.end_at <= now:
                self._end(worker)
            for old in self._retired[: -2 * self._settings.engines]:
                self._end(old)

    def look_at(self, worker: Worker) -> None:
        """Replaces an engine if it has died."""
        if not worker.engine.running:
            self.retire(worker, "died", 0.0)

    # ---- keeping them

    async def watch(self) -> None:
        """Runs until cancelled."""
        turn = 0
        while True:
            await asyncio.sleep(WATCH_EVERY)
            try:
                self._look(turn % 4 == 0)
                if turn % 4 == 0:
                    await self.follow()
            except PlankgError:
                pass  # the graph folder is being changed; look again
            except Exception:
                _log.exception("a look at the engines failed")
            turn += 1

    async def follow(self) -> None:
        """Takes up a newer generation of the graph, if there is one: new engines first, then the old ones
        end as their queries do. Raises :class:`PlankgError` when it cannot be opened."""
        found = store.current(self.graph)
        if found is None or found == self._generation or self._stopped:
            return
        async with self._following:
            if found != self._generation and not self._stopped:
                await self._take_up(found)

    async def _take_up(self, found: Path) -> None:
        fresh = await asyncio.to_thread(self._start, found, self._settings.engines)
        before, self._rotation, self._generation = self._rotation, fresh, found
        self.reloads += 1
        self._tell()
        now = asyncio.get_running_loop().time()
        for worker in before:
            worker.end_at = now + self._settings.timeout + self._settings.send_time
            self._retired.append(worker)
            for spare in worker.idle:
                spare.close()
            worker.idle.clear()
            if not worker.tasks:
                self._end(worker)

    def stop(self) -> None:
        """Ends every engine."""
        self._stopped = True
        for worker in self.workers:
            worker.engine.stop()

    def _find(self) -> Path:
        generation = store.current(self.graph)
        if generation is None:
            raise store.missing(self.graph)
        return generation

    def _start(self, generation: Path, count: int) -> list[Worker]:
        started: list[Worker] = []
        try:
            with ThreadPoolExecutor(count) as threads:
                for engine in [threads.submit(Engine, generation) for _ in range(count)]:
                    started.append(Worker(engine.result(), generation.name))
        except BaseException:
            for worker in started:
                worker.engine.stop()
            raise
        return started

    def _replace(self) -> None:
        """Starts an engine in the background, if one is missing."""
        missing = self._settings.engines - len(self._rotation) - self._starting
        if missing <= 0 or self._stopped:
            return
        self._starting += missing

        async def start() -> None:
            generation = self._generation
            try:
                fresh = await asyncio.to_thread(self._start, generation, missing)
            except (PlankgError, OSError) as error:
                _log.warning("an engine did not start: %s", error)
                return
            finally:
                self._starting -= missing
            if self._stopped or generation != self._generation:
                for worker in fresh:
                    await asyncio.to_thread(worker.engine.stop)
            else:
                self._rotation += fresh
                self._tell()

        self._in_background(start())

    def _end(self, worker: Worker) -> None:
        if worker in self._retired:
            self._retired.remove(worker)
            self._in_background(asyncio.to_thread(worker.engine.stop))

    def _look(self, at_work: bool) -> None:
        now = asyncio.get_running_loop().time()
        for worker in list(self._retired):
            if worker.end_at is not None and worker.end_at <= now:
                self._end(worker)
        for worker in self.workers:
            if worker.engine.memory() > self._settings.engine_memory * MIB:
                if worker.tasks:
                    min(worker.tasks, key=lambda task: task.started).fail(OutOfMemoryError())
                self.retire(worker, "memory", 0.0)
        for worker in list(self._rotation):
            self.look_at(worker)
            if at_work and worker in self._rotation:
                used, worker.cpu = worker.engine.cpu() - worker.cpu, worker.engine.cpu()
                if not worker.worked and not worker.tasks and used > _IDLE * WATCH_EVERY * 4:
                    self.retire(worker, "stray", 0.0)
                worker.worked = bool(worker.tasks)
        if at_work:
            self._replace()

    def _change(self) -> asyncio.Event:
        if self._changed is None:
            self._changed = asyncio.Event()
        return self._changed

    def _tell(self) -> None:
        self._change().set()
        self._changed = None

    def _in_background(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
