"""What the server has done, counted; as Prometheus reads it."""

from bisect import bisect_left
from collections import Counter
from typing import Final

from plankg import __version__
from plankg.server.bounds import Rates, Turns
from plankg.server.cache import Cache
from plankg.server.engines import Keeper

#: Upper bounds of the classes in which durations are counted, in seconds.
BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """Counts of requests by kind and status, durations of queries, bytes sent."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, int]] = Counter()
        self.durations = [0] * (len(BUCKETS) + 1)
        self.seconds = 0.0
        self.sent = 0
        self.repeated = 0
        self.cut = 0
        self.gone = 0

    def query(self, seconds: float) -> None:
        """Counts a query that was put to an engine."""
        self.durations[bisect_left(BUCKETS, seconds)] += 1
        self.seconds += seconds

    def text(self, keeper: Keeper, turns: Turns, rates: Rates, cache: Cache) -> str:
        """Everything in the text format, version 0.0.4."""
        lines: list[str] = []

        def add(name: str, kind: str, about: str, *values: tuple[str, float]) -> None:
            lines.append(f"# HELP plankg_{name} {about}")
            lines.append(f"# TYPE plankg_{name} {kind}")
            lines.extend(f"plankg_{name}{labels} {value:g}" for labels, value in values)

        add(
            "info", "gauge", "The version.", (f'{{version="{__version__}",generation="{keeper.version}"}}', 1)
        )
        add(
            "requests_total",
            "counter",
            "Requests answered, by kind and status.",
            *(
                (f'{{kind="{kind}",status="{status}"}}', float(count))
                for (kind, status), count in sorted(self.requests.items())
            ),
        )
        total, classes = 0, []
        for bound, count in zip((*map(str, BUCKETS), "+Inf"), self.durations, strict=True):
            total += count
            classes.append((f'_bucket{{le="{bound}"}}', float(total)))
        add(
            "query_seconds",
            "histogram",
            "How long queries took that an engine answered.",
            *classes,
            ("_sum", self.seconds),
            ("_count", float(total)),
        )
        add("sent_bytes_total", "counter", "Bytes of answers to queries.", ("", self.sent))
        add("queries_repeated_total", "counter", "Queries put to an engine again.", ("", self.repeated))
        add("answers_cut_total", "counter", "Answers cut off while being sent.", ("", self.cut))
        add("clients_gone_total", "counter", "Requests whose client went away.", ("", self.gone))
        add("queries_running", "gauge", "Queries running.", ("", turns.running))
        add("queries_waiting", "gauge", "Queries waiting for their turn.", ("", turns.waiting))
        add("queries_refused_total", "counter", "Queries there was no turn for.", ("", turns.refused))
        add("rate_refused_total", "counter", "Requests beyond a client's rate.", ("", rates.refused))
        add(
            "cache_lookups_total",
            "counter",
            "Answers looked for among those kept.",
            ('{found="yes"}', cache.hits),
            ('{found="no"}', cache.misses),
        )
        add("cache_bytes", "gauge", "Memory of the answers kept.", ("", cache.size))
        add("cache_answers", "gauge", "Answers kept.", ("", len(cache)))
        add("engines", "gauge", "Engines in rotation.", ("", keeper.in_rotation))
        memory = [(f'{{pid="{w.engine.pid}"}}', float(w.engine.memory())) for w in keeper.workers]
        add("engine_memory_bytes", "gauge", "Memory of each engine.", *memory)
        replaced = [(f'{{why="{why}"}}', float(count)) for why, count in keeper.replaced.items()]
        add("engines_replaced_total", "counter", "Engines replaced, by reason.", *replaced)
        add("reloads_total", "counter", "Newer graphs taken up.", ("", keeper.reloads))
        return "\n".join(lines) + "\n"
