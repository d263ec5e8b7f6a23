"""What part of a phrase is common to the genre, and what only one place says.

A proper name is what is left when the words that reports of many provinces share are taken away: of
``国信沙洲支撑性电源项目`` that is ``国信沙洲``, of ``重点产业项目`` nothing. The words lie in
``lexicon/common-words.toml`` (counted) and ``lexicon/trade-words.toml`` (by hand).
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from loaders import lexicon

WORDS: Final = lexicon.words("common-words", "words") | lexicon.words("trade-words", "words")
SMALL: Final = lexicon.words("trade-words", "small")
LATIN: Final = lexicon.words("trade-words", "latin")
_TOKEN = re.compile(r"\d[\d.,]*|[A-Za-z][A-Za-z.&-]*\d*")
_SIGNS = frozenset("、，（）()“”‘’《》·•・—-－~～/— ：:+")


@dataclass(frozen=True, slots=True)
class Parse:
    """How a phrase divides. ``strange`` counts its characters outside common words (small ones half)."""

    strange: float
    tail: int  #: where the common words at the end of the phrase begin


@lru_cache(maxsize=20_000)
def parse(phrase: str) -> Parse:
    """The cheapest division of a phrase into common words and a rest. Linear in its length.

    >>> parse("重点产业项目").strange
    0.0
    >>> found = parse("国信沙洲支撑性电源项目")
    >>> found.strange >= 1, "国信沙洲支撑性电源项目"[found.tail :]
    (True, '支撑性电源项目')
    """
    cost = [0.0] + [float("inf")] * len(phrase)
    step, odd = [0] * (len(phrase) + 1), [False] * (len(phrase) + 1)

    def reach(start: int, size: int, price: float) -> None:
        if cost[start] + price < cost[start + size]:
            cost[start + size], step[start + size], odd[start + size] = cost[start] + price, size, price > 0

    for i in range(len(phrase)):
        for size in range(min(6, len(phrase) - i), 1, -1):
            if phrase[i : i + size] in WORDS:
                reach(i, size, 0)
        if match := _TOKEN.match(phrase, i):
            reach(i, len(match[0]), 0 if match[0][0].isdigit() or _is_common(match[0].lower()) else 1)
        reach(i, 1, 0 if phrase[i] in _SIGNS else 0.5 if phrase[i] in SMALL else 1)
    at = len(phrase)
    while at and not odd[at]:
        at -= step[at]
    return Parse(cost[-1], at)


def _is_common(latin: str) -> bool:
    return latin in LATIN or latin.rstrip("0123456789.-&") in LATIN
