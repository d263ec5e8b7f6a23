"""Numerals as reports write them: 1,055 | 4.36 | 三千 | 两 | 十五."""

from decimal import Decimal

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}


def arabic(text: str) -> Decimal:
    """``1,055.5`` -> 1055.5. The text must be digits, thousands separators and at most one point."""
    return Decimal(text.replace(",", ""))


def chinese(text: str) -> Decimal:
    """``三千五百`` -> 3500, ``十五`` -> 15, ``千`` -> 1000, ``二〇二三`` -> 2023.

    Raises :class:`ValueError` when a character is not a Chinese numeral.
    """
    if not set(text) <= DIGITS.keys() | POWERS.keys() or not text:
        raise ValueError(f"not a Chinese numeral: {text!r}")
    if len(text) > 1 and not set(text) & POWERS.keys():
        return Decimal("".join(str(DIGITS[c]) for c in text))
    total, section, digit = 0, 0, 0
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
            continue
        power = POWERS[char]
        if power < 10_000:
            section += (digit or 1) * power
        else:
            total += max(1, section + digit) * power
            section = 0
        digit = 0
    return Decimal(total + section + digit)
