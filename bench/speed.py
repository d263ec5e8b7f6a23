"""How fast is reading: the whole way from text to quads, beside what jieba takes to segment the same text.

    python bench/speed.py

Both are measured in one run on the same texts (the seeds, and ``../shared/corpus/text`` where it is there), after one
warm-up each, best of three. The bar is twice jieba's time. Memory is measured over many readings: it must not grow.
"""

import logging
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import jieba

from loaders import pipeline, quads, vocabulary

ROOT = Path(__file__).resolve().parent.parent
TEXTS = sorted((ROOT / "seeds").glob("*.txt")) + sorted(
    (ROOT.parent / "shared" / "corpus" / "text").glob("*.txt")
)


def best(run: Callable[[], object], times: int = 3) -> float:
    """The shortest of ``times`` runs, in seconds."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        run()
        taken.append(time.perf_counter() - started)
    return min(taken)


def main() -> None:
    jieba.setLogLevel(logging.WARNING)
    words = vocabulary.load()
    documents = [pipeline.read(path) for path in TEXTS]

    def read(document: pipeline.Document) -> int:
        return sum(1 for _ in quads.quads(pipeline.extract(document, words), words))

    read(documents[0])
    jieba.lcut(documents[0].text)
    ours = theirs = 0.0
    for document in documents:
        a, b = best(lambda d=document: read(d)), best(lambda d=document: jieba.lcut(d.text))  # type: ignore[misc]
        ours, theirs = ours + a, theirs + b
        print(
            f"{document.name:45} {len(document.text):7} characters  plankg {a:.3f} s  jieba {b:.3f} s  {a / b:.2f}"
        )
    print(f"all: plankg {ours:.3f} s, jieba {theirs:.3f} s, ratio {ours / theirs:.2f}")
    tracemalloc.start()
    peaks = []
    for _ in range(3):
        for document in documents:
            read(document)
        peaks.append(tracemalloc.get_traced_memory()[0] / 1e6)
    print("memory held after 1, 2 and 3 rounds over all texts (MB): " + ", ".join(f"{p:.1f}" for p in peaks))


if __name__ == "__main__":
    main()
