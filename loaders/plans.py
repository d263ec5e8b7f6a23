"""Plans a report states: its own, those its targets are for, and the five-year plans it names as their frame."""

import re
from collections.abc import Iterator

from loaders.mentions.periods import FIVE_YEAR_PLANS
from loaders.model import Extraction

#: “十四五”规划, “十四五”时期, 实施“十四五”规划的关键之年
_NAMED = re.compile(r"[一二三四五六]五”?(?:规划|时期|发展|目标|国民经济|开局|收官|的?[^，。]{0,6}之年)")


def frames(extraction: Extraction) -> Iterator[str]:
    """Periods of the five-year plans that the report names and that hold the year it plans.

    ``2023`` in a report that speaks of 实施“十四五”规划 -> ``2021/2025``.
    """
    if not re.fullmatch(r"\d{4}", extraction.report.plan):
        return
    year = int(extraction.report.plan)
    text = re.sub(r"\s", "", extraction.document.text)
    named = {
        text[at - (text[at - 1 : at] == "十") : at + 2] for at in map(re.Match.start, _NAMED.finditer(text))
    }
    for name in sorted(named):
        first, last = FIVE_YEAR_PLANS.get(name, (0, 0))
        if first <= year <= last:
            yield f"{first}/{last}"


def spans(extraction: Extraction) -> Iterator[str]:
    """Periods of several years that the report's measures are for: 2026/2030 in a section on the next five years."""
    yield from sorted({measure.period for measure in extraction.measures if "/" in measure.period})
