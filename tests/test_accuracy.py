"""The reading against annotated reports, as the shared scorer judges it; skipped where ../shared is missing."""

import json
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from loaders import pipeline, vocabulary

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
TEXTS = {p.stem: p for folder in (SHARED / "seeds", SHARED / "corpus" / "text") for p in folder.glob("*.txt")}
GOLD = SHARED / "gold" / "dev"
HEADLINES = ROOT / "bench" / "gold" / "headline-targets-2026.facts.jsonl"

needs_shared = pytest.mark.skipif(
    not GOLD.exists(), reason="the annotated reports are not there (../shared/gold/dev)"
)
needs_corpus = pytest.mark.skipif(
    "zhejiang-work-report-2026" not in TEXTS,
    reason="the provincial reports are not there (../shared/corpus/text)",
)


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `plankg extract` writes for the annotated reports."""
    out = tmp_path_factory.mktemp("extracted")
    reports = [str(TEXTS[gold.name.split(".")[0]]) for gold in sorted(GOLD.glob("*.facts.jsonl"))]
    command = [sys.executable, "-m", "plankg", "extract", *reports, "--out-dir", str(out)]
    subprocess.run(command, check=True, capture_output=True)
    return out


@needs_shared
@pytest.mark.parametrize(
    ("kind", "measure", "bar"),
    [
        ("facts", "strict", 0.97),
        ("facts", "detection", 0.98),
        ("qualitative", "strict", 0.85),
        ("projects", "detection", 0.92),
    ],
)
def test_agreement_with_careful_readers(extracted: Path, kind: str, measure: str, bar: float) -> None:
    command = [sys.executable, str(SHARED / "gold" / "score.py"), "--pairs", "--json", "--kind", kind]
    printed = subprocess.run(
        [*command, str(GOLD), str(extracted)], capture_output=True, text=True, check=True
    ).stdout
    assert round(json.loads(printed)["all"][measure]["f1"], 3) >= bar


@needs_corpus
def test_the_headline_targets_of_2026_are_right_without_exception() -> None:
    wanted: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in HEADLINES.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        wanted[row["document"]].append(row)
    assert len(wanted) == 9
    for document, rows in wanted.items():
        found = {
            f.start: f for f in pipeline.extract(pipeline.read(TEXTS[document]), vocabulary.load()).facts
        }
        for row in rows:
            fact = found[row["start"]]
            upper = None if row["upper"] is None else Decimal(str(row["upper"]))
            read = (fact.value, fact.upper, fact.comparator, fact.kind, fact.period, fact.region)
            value = Decimal(str(row["value"]))
            where = (document, row["indicator"], row["number"])
            assert read == (value, upper, row["comparator"], "target", row["period"], row["region"]), where
            assert fact.measure == row["measure"] or row["indicator"].endswith("涨幅"), (
                where
            )  # a rate that names itself
