"""How right are the facts: scores the reading against every annotated report, by attribute.

    python bench/accuracy.py [--kind facts|qualitative|projects] [--errors NAME]

Gold: ``../shared/gold/dev`` (three reports) and ``bench/gold`` (our own annotations of further reports, read by hand by
people who did not see the extractor's output; some cover a part, given in NAME.range). Texts: ``seeds`` and
``../shared/corpus/text``. The scorer is ``../shared/gold/score.py``; without ``../shared`` nothing can be measured.
"""

import argparse
import importlib.util
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from loaders import pipeline, vocabulary
from plankg import rows

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
GOLD = (SHARED / "gold" / "dev", ROOT / "bench" / "gold")
TEXTS = (ROOT / "seeds", SHARED / "corpus" / "text")
Row = dict[str, Any]


def scorer() -> ModuleType:
    """The scorer of the shared gold. Raises :class:`SystemExit` with a message when it is missing."""
    path = SHARED / "gold" / "score.py"
    if not path.exists():
        raise SystemExit(f"skipped: the gold and its scorer are not there ({path.name} in ../shared/gold)")
    spec = importlib.util.spec_from_file_location("score", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def golds(kind: str) -> Iterator[tuple[str, Path, Path]]:
    """(name, gold file, text) of every annotated report whose text is at hand; headline targets have their own test."""
    for folder in GOLD:
        for gold in sorted(folder.glob(f"*.{kind}.jsonl")):
            name = gold.name.split(".")[0]
            text = next((p for t in TEXTS if (p := t / f"{name}.txt").exists()), None)
            if text:
                yield name, gold, text


def inside(found: list[Row], gold: Path) -> list[Row]:
    """The rows in the annotated ranges of a report annotated in part."""
    path = gold.parent / f"{gold.name.split('.')[0]}.range"
    if not path.exists():
        return found
    ranges = [tuple(map(int, line.split())) for line in path.read_text().splitlines() if line.strip()]
    return [row for row in found if any(start <= row["start"] < end for start, end in ranges)]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kind", choices=("facts", "qualitative", "projects"), default="facts")
    parser.add_argument("--errors", metavar="NAME", default="", help="list the disagreements of one report")
    args = parser.parse_args()
    score = scorer()
    attributes = score.SPAN_ATTRIBUTES.get(args.kind, score.ATTRIBUTES)
    words = vocabulary.load()
    total: Counter[str] = Counter()
    for name, gold, text in golds(args.kind):
        extraction = pipeline.extract(pipeline.read(text), words)
        found = inside(list(getattr(rows, args.kind)(extraction)), gold)
        tally, errors = score.score(score.read_jsonl(gold), found, attributes)
        total += tally
        score.show(name, score.summary(tally, attributes))
        for verdict, wanted, got, wrong in errors if name == args.errors else ():
            print(f"  {verdict} {','.join(wrong)}")
            for label, row in (("gold ", wanted), ("found", got)):
                if row:
                    print(
                        "    ",
                        label,
                        json.dumps({k: str(row.get(k, "")) for k in attributes}, ensure_ascii=False),
                    )
    score.show("all", score.summary(total, attributes))
    return 0


if __name__ == "__main__":
    sys.exit(main())
