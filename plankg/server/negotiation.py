"""Content negotiation by the ``Accept`` and ``Accept-Language`` headers (RFC 9110, section 12.5)."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

_ITEM: Final = re.compile(r'((?:[^,"]|"(?:[^"\\]|\\.)*")+)')
_MOST_ITEMS: Final = 64


def best(header: str, offers: Sequence[str]) -> str | None:
    """The offered media type the client likes best, or None when it takes none of them; of equals the first.

    Of the ranges that fit an offer the most specific one counts. No header means that anything will do.

    >>> best("text/turtle;q=0.8, text/csv, */*;q=0.1", ["text/html", "text/turtle", "text/csv"])
    'text/csv'
    >>> best("text/*, text/turtle;q=0", ["text/turtle", "text/html"])
    'text/html'
    >>> best("image/png", ["text/html"]) is None
    True
    """
    if not header.strip():
        return offers[0]
    ranges = list(_items(header))
    chosen, most = None, 0.0
    for offer in offers:
        ranks = {"*/*": 0, f"{offer.partition('/')[0]}/*": 1, offer: 2}
        fits = [(ranks[name], quality) for name, quality in ranges if name in ranks]
        quality = max(fits)[1] if fits else 0.0
        if quality > most:
            chosen, most = offer, quality
    return chosen


def language(header: str, offers: Sequence[str]) -> str:
    """The offered language (a primary subtag) the client likes best; the first when it names none of them.

    >>> language("zh-CN,zh;q=0.9,en;q=0.8", ["en", "zh"])
    'zh'
    >>> language("fr", ["en", "zh"])
    'en'
    """
    chosen, most = offers[0], 0.0
    for name, quality in _items(header):
        primary = name.partition("-")[0]
        if primary in offers and quality > most:
            chosen, most = primary, quality
    return chosen


def _items(header: str) -> Iterator[tuple[str, float]]:
    """Each item of the header in lower case, with its q-value; one that is malformed counts as 0."""
    for found in _ITEM.findall(header)[:_MOST_ITEMS]:
        name, *parameters = (part.strip() for part in found.split(";"))
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                value = value.strip()
                quality = float(value) if re.fullmatch(r"0(\.\d{0,3})?|1(\.0{0,3})?", value) else 0.0
        if name:
            yield name.lower(), quality
