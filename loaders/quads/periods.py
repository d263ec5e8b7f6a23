"""Periods and the years of statements."""

import re
from collections.abc import Iterator

from loaders.quads.terms import Lines, Term, integer, labels, line, thing, types

_PART = re.compile(r"(\d{4})(?:-Q([1-4])|-H([12])|-(\d{2})(?:-\d{2})?)?")


def period(name: str) -> Term:
    return thing("period", printed(name))


def printed(name: str) -> str:
    """How a period is written in an IRI: 2021/2025 -> 2021--2025."""
    return name.replace("/", "--")


def describe(name: str) -> Iterator[Lines]:
    node = period(name)
    yield types(node, "plan:Period", "time:ProperInterval")
    yield labels(node, in_chinese(name), name.replace("/", " to "))
    bounds = period_bounds(name)
    if bounds is not None:
        names = ("plan:startYear", "plan:startMonth", "plan:endYear", "plan:endMonth")
        for predicate, number in zip(names, bounds, strict=True):
            if number is not None:
                yield line(node, predicate, integer(number))


def of(subject: Term, name: str) -> Lines:
    """The period something is for, and the year where it is exactly one."""
    lines = line(subject, "plan:period", period(name))
    if len(name) == 4 and name.isdecimal():
        lines += b"\n" + line(subject, "plan:year", integer(int(name)))
    return lines


def period_bounds(period: str) -> tuple[int, int | None, int, int | None] | None:
    """First year and month, last year and month of a period; months are None for whole years.

    >>> period_bounds("2022-Q1/2022-Q3")
    (2022, 1, 2022, 9)
    >>> period_bounds("2021/2025")
    (2021, None, 2025, None)
    """
    first, _, last = period.partition("/")
    begin, end = _PART.fullmatch(first), _PART.fullmatch(last or first)
    if begin is None or end is None:
        return None
    return int(begin[1]), _months(begin)[0], int(end[1]), _months(end)[1]


def _months(part: re.Match[str]) -> tuple[int, int] | tuple[None, None]:
    if part[2]:
        return 3 * int(part[2]) - 2, 3 * int(part[2])
    if part[3]:
        return 6 * int(part[3]) - 5, 6 * int(part[3])
    if part[4]:
        return int(part[4]), int(part[4])
    return None, None


def in_chinese(period: str) -> str:
    """
    >>> in_chinese("2022-Q1/2022-Q3"), in_chinese("2021/2025"), in_chinese("2022-11")
    ('2022年第1季度至2022年第3季度', '2021年至2025年', '2022年11月')
    """

    def part(text: str) -> str:
        match = _PART.fullmatch(text)
        if match is None:
            return text
        if match[2]:
            return f"{match[1]}年第{match[2]}季度"
        if match[3]:
            return f"{match[1]}年{'上' if match[3] == '1' else '下'}半年"
        day = f"{int(text[8:])}日" if len(text) == 10 else ""
        return f"{match[1]}年" + (f"{int(match[4])}月{day}" if match[4] else "")

    return "至".join(part(text) for text in period.split("/"))
