"""Periods a text names: 2022年, 前三季度, 1—11月, 去年, “十四五”时期, 到2030年, 近3年.

A period is written as in the facts table: ``2022``, ``2022-01/2022-11``, ``2022-Q1``, ``2022-Q1/2022-Q3``,
``2022-H1``, ``2022-03``, ``2021/2025``. Comparisons (比上年, 较“十三五”末) name no period of the value and are left out.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

Scope = Literal["sentence", "segment", "clause"]

_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
_PLAN_NUMBERS = ["九", "十", "十一", "十二", "十三", "十四", "十五", "十六"]
#: 十四五 -> (2021, 2025); the ninth plan began in 1996
FIVE_YEAR_PLANS = {f"{name}五": (1996 + 5 * i, 2000 + 5 * i) for i, name in enumerate(_PLAN_NUMBERS)}

_COMPARED = re.compile(r"(?:比|较|于|同|超|跟|与|相当于|是|对比|相比|占)\s*“?$")
_MEASURED_BY = re.compile(r"(?:同期)?(?:的)?(?:水平|基数|实绩|规模)")  #: 财政收入保持|上年|水平
_DASH = r"\s*(?:~|-|—{1,2}|–|至|到)\s*"
#: where a period can begin; a quick test
_BEGIN = re.compile(
    r"[\d“一二两三四五六七八九十第前上下今去到至截近过这最未明本年]"
    r"(?:(?<=\d)(?=\d{0,3}[\s年月个季~—–至到-])|(?<=[一二两三四五六七八九十])(?=[一二三四五六七八九十]?[年季五])"
    r"|(?<=[“第到至截近过这最未])|(?<=[上下])(?=半)|(?<=[上今去前明本])(?=[年后])|(?<=前)(?=[\d一二三四五六七八九十])|(?<=年)(?=初))"
)
_EXPRESSION = re.compile(
    rf"(?:(?P<span>(\d{{4}})年?{_DASH}(\d{{4}})年)"
    rf"|(?P<months>(?:(\d{{4}})年|(?P<rel>[今去上]年))?(\d{{1,2}})月?{_DASH}(\d{{1,2}})月(?:份)?)"
    r"|(?P<first>(?:(?P<fy>\d{4})年|(?P<frel>[今去上]年))?前(?P<fn>[一二三四五六七八九十]+|\d{1,2})个月)"
    r"|(?P<quarters>(?:(?P<qy>\d{4})年|(?P<qrel>[今去上]年))?前(?P<qn>[二三23])个?季度)"
    r"|(?P<quarter>(?:(?P<ky>\d{4})年|(?P<krel>[今去上]年))?第?(?P<kn>[一二三四1-4])季度)"
    r"|(?P<half>(?:(?P<hy>\d{4})年|(?P<hrel>[今去上]年))?(?P<hn>[上下])半年)"
    r"|(?P<by>(?:到|至|截至|截止|截止到|截至到)\s*(?P<byy>\d{4})年(?:年?[底末]|(?P<bym>\d{1,2})月[底末]?)?)"
    r"|(?P<plan>“?(?P<pn>十?[一二三四五六九十]五)”?(?P<ptail>时期|期间|以来|末期|末|五年|规划|目标)?)"
    r"|(?P<recent>(?:近|过去|这|最近)(?P<rn>[一二两三四五六七八九十]|\d{1,2})年(?:来|间)?|(?P<sn>[一二两三四五六七八九十]|\d{1,2})年来|"
    r"(?P<dn>[两三四五六七八九十]|(?<![\d.])\d{1,2})年(?=累计|增长|提升|提高|翻|增加|年均|新增|平均))"
    r"|(?P<future>今后(?P<un>[三五])年|未来(?P<vn>[三五])年)"
    r"|(?P<day>(\d{4})年(\d{1,2})月(?:(\d{1,2})日)?(?P<dayend>[底末])?)"
    r"|(?P<month>(?<!\d)(?P<mn>1[0-2]|[1-9])月份)"
    r"|(?P<year>(?P<y>\d{4})年(?P<ytail>[底末]|年[底末]|全年|度|以来)?)"
    r"|(?P<relative>去年|上年|今年|明年|前年|本年|年初))"
)


class Period(NamedTuple):
    """A period named in a text: offsets in that text, and how far it reaches."""

    start: int
    end: int
    value: str  #: 2022-Q1/2022-Q3
    scope: (
        Scope  #: clause: a year that only modifies a noun (2021年长江经济带警示片); segment: to the next ；
    )
    target: bool = False  #: 到2030年, 今后五年: looks ahead


@lru_cache(maxsize=64)
def last_year(period: str) -> int | None:
    """
    >>> last_year("2021/2025")
    2025
    """
    years = re.findall(r"\d{4}", period)
    return int(years[-1]) if years else None


@lru_cache(maxsize=16)  # facts, promises and projects of a passage ask in turn
def find(text: str, report_year: int | None, context_year: int | None) -> tuple[Period, ...]:
    """Periods of ``text``. ``report_year`` resolves 去年 and 今年, ``context_year`` a bare 一季度."""
    return tuple(_periods(text, report_year, context_year))


def _matches(text: str) -> Iterator[re.Match[str]]:
    at = 0
    for begin in _BEGIN.finditer(text):
        if begin.start() >= at and (match := _EXPRESSION.match(text, begin.start())):
            at = match.end()
            yield match


def _periods(text: str, report_year: int | None, context_year: int | None) -> Iterator[Period]:
    for match in _matches(text):
        before = text[max(0, match.start() - 5) : match.start()]
        if _COMPARED.search(before) and not match["by"]:
            continue
        if match["relative"] and _MEASURED_BY.match(text, match.end()):
            continue
        value, target = _value(match, report_year, context_year)
        if match["by"] and text.startswith("的", match.end()):  # 增加到2015年的1107.8亿元
            yield Period(match.start(), match.end(), value, "clause")
        elif value:
            yield Period(match.start(), match.end(), value, _scope(text, match), target)


def _value(match: re.Match[str], report_year: int | None, context_year: int | None) -> tuple[str, bool]:
    groups = match.groupdict()

    def year(explicit: str | None, relative: str | None) -> int | None:
        if explicit:
            return int(explicit)
        if relative and report_year:
            return report_year - (0 if relative.startswith("今") else 1)
        return context_year

    if match["span"]:
        first, last = re.findall(r"\d{4}", match["span"])[:2]
        return (f"{first}/{last}" if first < last else ""), False
    if match["months"]:
        numbers = re.findall(r"\d+", match["months"])
        stated = year(numbers.pop(0) if len(numbers[0]) == 4 else None, groups["rel"])
        first, last = (int(n) for n in numbers[:2])
        valid = stated and 1 <= first < last <= 12
        return (f"{stated}-{first:02}/{stated}-{last:02}" if valid else ""), False
    if match["first"]:
        stated, n = year(groups["fy"], groups["frel"]), _number(groups["fn"])
        return (f"{stated}-01/{stated}-{n:02}" if stated and 2 <= n <= 12 else ""), False
    if match["quarters"]:
        stated, n = year(groups["qy"], groups["qrel"]), _number(groups["qn"])
        return (f"{stated}-Q1/{stated}-Q{n}" if stated else ""), False
    if match["quarter"]:
        stated, n = year(groups["ky"], groups["krel"]), _number(groups["kn"])
        return (f"{stated}-Q{n}" if stated else ""), False
    if match["half"]:
        stated = year(groups["hy"], groups["hrel"])
        return (f"{stated}-H{'上下'.index(groups['hn']) + 1}" if stated else ""), False
    if match["by"]:
        return groups["byy"], True
    if match["plan"]:
        span = FIVE_YEAR_PLANS.get(groups["pn"])
        if not span or groups["ptail"] not in ("时期", "期间", "以来", "末期", "末", "五年"):
            return "", False
        return (str(span[1]) if groups["ptail"] in ("末期", "末") else f"{span[0]}/{span[1]}"), False
    if match["recent"]:
        n = _number(groups["rn"] or groups["sn"] or groups["dn"])
        return (f"{context_year - n + 1}/{context_year}" if context_year and 2 <= n <= 15 else ""), False
    if match["future"]:
        n = _number(groups["un"] or groups["vn"])
        return (f"{report_year}/{report_year + n - 1}" if report_year else ""), True
    if match["day"]:
        numbers = re.findall(r"\d+", match["day"])
        return "-".join(f"{int(n):02}" for n in numbers), False
    if match["month"]:
        return (f"{context_year}-{int(groups['mn']):02}" if context_year else ""), False
    if match["year"]:
        return groups["y"], False
    shift = {"去年": -1, "上年": -1, "今年": 0, "本年": 0, "明年": 1, "前年": -2}.get(match["relative"])
    return (str(report_year + shift) if report_year and shift is not None else ""), False


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    return 10 + _DIGIT.get(text[1:], 0) if text.startswith("十") else _DIGIT.get(text, 0)


def _scope(text: str, match: re.Match[str]) -> Scope:
    """A bare year before a noun reaches to its clause's end; set off by a comma, to the sentence's."""
    rest = text[match.end() : match.end() + 2]
    if match["recent"] and rest[:1] not in ("，", ","):
        return "clause"
    if match["by"] or match["plan"] or match["recent"] or match["relative"] or not rest:
        return "sentence"
    if match["year"] and not match["ytail"]:
        return "sentence" if rest[0] in "，,：:全我预" else "clause"
    return "sentence" if rest[0] in "，,：:" else "segment"
