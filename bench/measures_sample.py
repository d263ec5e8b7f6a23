"""Prints sixty measures drawn at random from the seed reports, to be read by hand against their sentences.

    python bench/measures_sample.py [SEED]

docs/accuracy-measures.md says what a reader found.
"""

import random
import sys

from loaders import pipeline, vocabulary
from loaders.resources import folder

SIZE = 60


def main(seed: int) -> None:
    words = vocabulary.load()
    drawn = [
        (path.stem, measure)
        for path in sorted(folder("seeds").glob("*.txt"))
        for measure in pipeline.extract(pipeline.read(path), words).measures
    ]
    random.seed(seed)
    for number, (report, measure) in enumerate(random.sample(drawn, SIZE), 1):
        topic = measure.topic.rpartition("/")[2]
        print(f"{number}. {report} [{topic}] {measure.action} | {measure.object}\n   {measure.text}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 2026)
