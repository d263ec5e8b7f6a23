"""What part of a phrase is common to the genre, and what only one place says.

A proper name is what is left when the words that reports of many provinces share are taken away: of
``国信沙洲支撑性电源项目`` that is ``国信沙洲``, of ``重点产业项目`` nothing. The words lie in
``lexicon/common-words.toml`` (counted) and ``lexicon/trade-words.toml`` (by hand).
"""

import re
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

from loaders import lexicon

WORDS: Final = lexicon.words("common-words", "words") | lexicon.words("trade-words", "words")
SMALL: Final = lexicon.words("trade-words", "small")
LATIN: Final = lexicon.words("trade-words", "latin")
_TOKEN = re.compile(r"\d[\d.,]*|[A-Za-z][A-Za-z.&-]*\d*")
_SIGNS = frozenset("、，（）()“”‘’《》·•・—-－~～/— ：:+")


#: how a word of two to six characters begins -> how long such words are, longest first
_SIZES: Final = {
    begin: tuple(sorted({len(word) for word in words}, reverse=True))
    for begin, words in groupby(sorted(word for word in WORDS if 2 <= len(word) <= 6), lambda word: word[:2])
}


class Parse(NamedTuple):
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
    length = len(phrase)
    cost = [0.0] + [float("inf")] * length
    step, odd = [0] * (length + 1), [False] * (length + 1)
    for i in range(length):
        for size, price in _steps(phrase, i):
            if cost[i] + price < cost[i + size]:
                cost[i + size], step[i + size], odd[i + size] = cost[i] + price, size, price > 0
    at = length
    while at and not odd[at]:
        at -= step[at]
    return Parse(cost[-1], at)


def _steps(phrase: str, at: int) -> list[tuple[int, float]]:
    """What can stand at ``phrase[at:]``, as (length, price)."""
    found: list[tuple[int, float]] = []
    for size in _SIZES.get(phrase[at : at + 2], ()):
        if at + size <= len(phrase) and phrase[at : at + size] in WORDS:
            found.append((size, 0))
    char = phrase[at]
    if (char.isascii() or char.isdecimal()) and (match := _TOKEN.match(phrase, at)):
        found.append((len(match[0]), 0 if char.isdigit() or _is_common(match[0].lower()) else 1))
    found.append((1, 0 if char in _SIGNS else 0.5 if char in SMALL else 1))
    return found


def _is_common(latin: str) -> bool:
    return latin in LATIN or latin.rstrip("0123456789.-&") in LATIN
