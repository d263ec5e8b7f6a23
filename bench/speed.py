"""What reading costs: the whole way from text to quads, beside what jieba takes to segment the same text.

    python bench/speed.py [--rounds 5] [--memory 200]

The way is the one ``plankg build`` goes: file to text, text to facts, promises, projects and measures, these to N-Quads for
the store; ``parsed`` is what turning the N-Quads into objects of pyoxigraph costs on top, which no build does.
Processor time, both in one run over the same texts (the seeds, and ``../shared/corpus/text`` where it is there), turn by
turn, for each text the best of the rounds. The first table reads every report as if it were the first of its kind:
what the steps remember of the words they met is forgotten before each round; the last line does not forget. The bar is
twice jieba's time.

Memory is that of the process after every fifty of ``--memory`` reports, the texts over and over: it must not grow.
"""

import argparse
import logging
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jieba
import pyoxigraph as ox

from loaders import identity, lexicon, pipeline, quads, resources, vocabulary

ROOT = Path(__file__).resolve().parent.parent
TEXTS = sorted((ROOT / "seeds").glob("*.txt")) + sorted(
    (ROOT.parent / "shared" / "corpus" / "text").glob("*.txt")
)
#: what is read from files once, whatever the reports
KEPT = (identity.declarations, lexicon.table, resources.folder, vocabulary.load)
STEPS = ("read", "extract", "quads", "parsed", "jieba")


def forget() -> None:
    """Empties what the reading steps remember."""
    for name, module in list(sys.modules.items()):
        if name.startswith("loaders"):
            for thing in vars(module).values():
                if hasattr(thing, "cache_clear") and thing not in KEPT:
                    thing.cache_clear()


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    """Processor time in seconds, and what came out."""
    started = time.process_time()
    result = run()
    return time.process_time() - started, result


def turn(words: vocabulary.Vocabulary, path: Path) -> Iterator[tuple[str, float]]:
    """One text read by both: (step, seconds)."""
    seconds, document = timed(lambda: pipeline.read(path))
    yield "read", seconds
    seconds, extraction = timed(lambda: pipeline.extract(document, words))
    yield "extract", seconds
    seconds, written = timed(lambda: b"".join(quads.lines(extraction, words)))
    yield "quads", seconds
    seconds, _ = timed(lambda: sum(1 for _ in ox.parse(written, format=ox.RdfFormat.N_QUADS, lenient=True)))
    yield "parsed", seconds
    seconds, _ = timed(lambda: jieba.lcut(document.text))
    yield "jieba", seconds


def measure(words: vocabulary.Vocabulary, rounds: int, *, first: bool) -> dict[Path, dict[str, float]]:
    """text -> step -> the fewest seconds of the rounds; ``first``: forget between them."""
    best: dict[Path, dict[str, float]] = defaultdict(dict)
    for _ in range(rounds):
        if first:
            forget()
        for path in TEXTS:
            for step, seconds in turn(words, path):
                best[path][step] = min(seconds, best[path].get(step, seconds))
    return best


def row(name: str, characters: int, taken: dict[str, float]) -> str:
    base = taken["jieba"]
    shares = [taken[step] / base for step in STEPS[:3]]
    return f"{name:42} {characters:7} {base:8.3f} " + "".join(
        f"{n:9.2f}" for n in (*shares, sum(shares), taken["parsed"] / base)
    )


def total(best: dict[Path, dict[str, float]]) -> dict[str, float]:
    return {step: sum(taken[step] for taken in best.values()) for step in STEPS}


def resident() -> float:
    """Memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def memory(words: vocabulary.Vocabulary, reports: int) -> Iterator[tuple[int, float]]:
    """(reports read, MB held) after every fifty."""
    for number in range(1, reports + 1):
        for _ in turn(words, TEXTS[number % len(TEXTS)]):
            pass
        if number % 50 == 0:
            yield number, resident()


def main() -> None:
    parser = argparse.ArgumentParser(description="What reading costs beside jieba.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", type=int, default=200, metavar="REPORTS")
    chosen = parser.parse_args()
    jieba.setLogLevel(logging.WARNING)
    jieba.lcut("热身")
    words = vocabulary.load()
    lengths = {path: len(pipeline.read(path).text) for path in TEXTS}
    best = measure(words, chosen.rounds, first=True)
    print(f"{'':42} {'':7} {'jieba':>8}  times as much: plankg")
    print(f"{'report':42} {'chars':>7} {'seconds':>8}      read  extract    quads      all   parsed")
    for path, taken in best.items():
        print(row(path.stem, lengths[path], taken))
    print(row("all", sum(lengths.values()), total(best)))
    print(
        row(
            "all, words met before",
            sum(lengths.values()),
            total(measure(words, chosen.rounds, first=False)),
        )
    )
    for number, held in memory(words, chosen.memory):
        print(f"memory after {number} reports: {held:.0f} MB")


if __name__ == "__main__":
    main()
