"""Finds every number of a text, with its unit and comparator, and says which cannot be a fact and why.

The tables below are the grammar of numbers in the genre; each entry is met in real reports and has its example in
``tests/data/quantities.toml``. What is not understood is returned with reason ``unexplained``, never dropped.
"""

import re
from decimal import Decimal

from loaders.mentions.chinese_numbers import chinese_numbers
from loaders.mentions.not_facts import DATE_AFTER, not_a_fact, not_a_quantity
from loaders.mentions.numerals import arabic
from loaders.mentions.quantity import AFTER, BEFORE, MORE, Form, Quantity
from loaders.mentions.units import unit_printed
from loaders.model import Comparator
from loaders.vocabulary import Vocabulary

MAX_DIGITS = 20  #: a longer run of digits is no number a report states
_ARABIC = r"\d(?:\d*(?:,\d{3})+(?:\.\d+)?(?!\d)|\d*(?:\.\d+)?)"
_NUMBER = re.compile(_ARABIC)
_RANGE = re.compile(rf"\s*(?:~|-|—{{1,2}}|–|至|到)\s*({_ARABIC})")
_BEFORE = re.compile("(?:" + "|".join(sorted(BEFORE, key=len, reverse=True)) + r")$")
_AFTER = re.compile("|".join(sorted(AFTER, key=len, reverse=True)))
_RATIO = re.compile(r"\d+(?:\.\d+)?(?:[:：]\d+(?:\.\d+)?){1,3}")
_TO_ONE = re.compile(r"(?P<first>[\d.]+)[:：]1(?:00)?")  #: 收入比2.52:1, 性别比105.23:100
_STRUCTURE = re.compile(
    r"(?:产业结构|结构比|三产比|产业比例|增加值比例|比例)[^，。；]*$"
)  #: 三次产业结构由22:37:41
_MINUS = re.compile(r"[\u4e00-\u9fff、，]-$")  #: 增长-16%
_MEDAL = re.compile(r"[金银铜](?=[、，。；\d和枚]|$)")  #: 9金、5银、6铜

_ADDRESS = re.compile(
    r"(?:https?:?//|www\.)[\x21-\x7e]+|(?<![\w.])[\w.]{1,60}@[\w.]{1,60}"
)  #: web and mail addresses hold names, not numbers
_QUOTE = re.compile(r"[“”《》‘’「」]")
_QUOTES = {"“": "”", "《": "》", "‘": "’", "「": "」"}

_SPEECH = 60  #: a quotation with a full stop in it that is longer repeats what was said

_RANK_PLACE = re.compile(r"(?:位|名)")


def find(text: str, vocabulary: Vocabulary) -> tuple[Quantity, ...]:
    """All numbers of ``text`` in order: candidates for facts, and the others with their reason."""
    quoted = _quoted_spans(text)
    found: list[Quantity] = []
    at = 0
    for match in _NUMBER.finditer(text):
        if match.start() < at:
            continue
        ratio = _RATIO.match(text, match.start())
        if ratio and (
            "." in ratio.group() or _STRUCTURE.search(text, max(0, ratio.start() - 24), ratio.start())
        ):
            found += _ratio(ratio)
            at = ratio.end()
            continue
        group = _read(text, match, vocabulary)
        inside = next((q for q in quoted if q[0] < match.start() < q[1]), None)
        if inside and (group[0].is_fact or group[0].reason.startswith("unexplained")):
            group = [group[0]._replace(reason="name"), *group[1:]]
        found += group
        at = max(at, group[-1].end)
    found += [
        q
        for q in chinese_numbers(text, vocabulary)
        if not any(f.start < q.end and q.start < f.end for f in found)
    ]
    return _without_milestones(text, _share_units(text, sorted(found, key=lambda q: q.start)))


def _share_units(text: str, found: list[Quantity]) -> list[Quantity]:
    """分别提高20.9、36.2、54个百分点, 提高9.2个和6.8个百分点: the unit printed last is that of the whole list."""
    for i in range(len(found) - 2, -1, -1):
        q, following = found[i], found[i + 1]
        printed = text[following.left : following.start] in ("", "-")
        listed = printed and text[q.right : following.left] in ("、", "和", "及", "与")
        bare = q.reason == "unexplained: no unit" or (q.unit == "个" and following.unit == "个百分点")
        if (
            listed
            and bare
            and following.is_fact
            and following.unit
            and following.form in ("amount", "multiple")
        ):
            found[i] = q._replace(unit=following.unit, form=following.form, reason="")
    return found


_MILESTONES = re.compile(r"(?:[、和]\d[\d.]*[千万亿]+元?)*[两三四五六七八九几]个(?:大)?(?:台阶|关口|大关)")


def _without_milestones(text: str, found: list[Quantity]) -> tuple[Quantity, ...]:
    """跨越7万亿、8万亿、9万亿三个大台阶: steps passed on the way, not what was reached."""
    steps = [
        q._replace(reason="other") if q.is_fact and _MILESTONES.match(text, q.right) else q for q in found
    ]
    return _spread_thresholds(text, steps)


def _spread_thresholds(text: str, found: list[Quantity]) -> tuple[Quantity, ...]:
    """超30亿元或3亿美元项目: what is a size class for the second amount is one for the first."""
    for i in range(len(found) - 2, -1, -1):
        q, following = found[i], found[i + 1]
        if (
            q.is_fact
            and q.unit.endswith("元")
            and following.reason == "threshold"
            and text[q.right : following.left] in ("或", "、", "/", "或者")
        ):
            found[i] = q._replace(reason="threshold")
    return tuple(found)


def _quoted_spans(text: str) -> list[tuple[int, int]]:
    """Spans of quoted names, titles and addresses; the innermost mark that closes decides. A speech is no name."""
    spans: list[tuple[int, int]] = []
    stack: list[tuple[str, int]] = []
    for match in _QUOTE.finditer(text):
        char = match.group()
        if char in _QUOTES:
            stack.append((char, match.start()))
        elif stack and char == _QUOTES[stack[-1][0]]:
            opened, closed = stack.pop()[1], match.start()
            if closed - opened < _SPEECH or "。" not in text[opened:closed]:
                spans.append((opened, closed))
    if "." in text and ("//" in text or "www" in text or "@" in text):
        spans += [(m.start() - 1, m.end()) for m in _ADDRESS.finditer(text)]
    return spans


def _plain(match: re.Match[str], reason: str, right: int | None = None) -> Quantity:
    """A number that is no fact."""
    value = arabic(match.group()[:MAX_DIGITS])
    end = match.end()
    return Quantity(
        match.start(), end, match.group(), value, None, "", "=", match.start(), right or end, "amount", reason
    )


def _read(text: str, match: re.Match[str], vocabulary: Vocabulary) -> list[Quantity]:
    """Reads the number at ``match`` (and the second one of its range)."""
    if len(match.group()) > MAX_DIGITS:
        return [_plain(match, "other")._replace(value=Decimal(0))]
    reason = not_a_quantity(text, match, vocabulary)
    if reason:
        return [_plain(match, reason)]
    start, end = match.span()
    rank = _rank(text, match)
    if rank:
        return [rank]
    unit, after_unit, more = unit_printed(text, end, vocabulary)
    second = _RANGE.match(text, after_unit if unit else end) or (_RANGE.match(text, end) if unit else None)
    upper: Decimal | None = None
    others: list[Quantity] = []
    if second:
        unit2, after2, more = unit_printed(text, second.end(1), vocabulary)
        if (
            unit2
            and (not unit or unit == unit2 or unit2.endswith(unit))
            and arabic(second.group(1)) > arabic(match.group())
        ):
            upper, unit, after_unit = arabic(second.group(1)), unit2, after2
            others = [
                Quantity(second.start(1), second.end(1), second.group(1), upper, None, unit2, "=", second.start(1),
                         after2, "amount", "range")
            ]  # fmt: skip
    left, comparator = _comparator_before(text, start)
    negative = bool(_MINUS.search(text[max(0, start - 2) : start]))
    right = after_unit
    trailing = _AFTER.match(text, right)
    if trailing and not (trailing.group() in MORE and not unit):
        right = trailing.end()
        comparator = _combine(comparator, AFTER[trailing.group()])
    elif more:
        comparator = ">"
    if not unit and others == [] and DATE_AFTER.match(text, end):
        return [_plain(match, "date")]
    medal = not unit and bool(_MEDAL.match(text, end))
    form: Form = "multiple" if unit in ("倍", "番") else "medal" if medal else "amount"
    quantity = Quantity(start, end, match.group(), arabic(match.group()), upper, unit, comparator, left,
                        end + 1 if medal else right, form)  # fmt: skip
    if negative:
        quantity = quantity._replace(value=-quantity.value, left=start - 1)
    return [quantity._replace(reason=not_a_fact(text, quantity)), *others]


def _rank(text: str, match: re.Match[str]) -> Quantity | None:
    """第7位, 前10名, 第3。: the row covers only the numeral."""
    start, end = match.span()
    lead = text[start - 1 : start]
    if lead not in ("第", "前"):
        return None
    rest = text[end : end + 3]
    place = _RANK_PLACE.match(rest)
    if not place and (lead == "前" or not re.match(r"[，。；、,;）)]|$", rest)):
        return _plain(match, "ordinal") if lead == "第" else None
    unit = place.group() if place and not match.group().isdigit() else (place.group() if place else "")
    return Quantity(start, end, match.group(), arabic(match.group()), None, unit, "<=" if lead == "前" else "=",
                    start - 1, end + (len(unit) if place else 0), "rank")  # fmt: skip


_NOT_ABOUT = frozenset("节制签契预解公条违集")  #: 年节约8万吨标准煤, 签约12个


def _comparator_before(text: str, start: int) -> tuple[int, Comparator]:
    lead = _BEFORE.search(text[max(0, start - 4) : start])
    if not lead:
        return start, "="
    word = lead.group()
    if word in ("过", "破") and not re.search(
        r"(?:已|将|首次|超|总额|规模|人口|量|个)$", text[max(0, start - 4) : start - 1]
    ):
        return start, "="
    if word == "约" and text[start - 2 : start - 1] in _NOT_ABOUT:
        return start, "="
    return start - len(word), BEFORE[word]


def _combine(before: Comparator, after: Comparator) -> Comparator:
    """超过5%以上 is >; 控制在5.5%以内 is <=; 达到约5%以上 is >=."""
    return after if before in ("=", "~") else before


def _ratio(match: re.Match[str]) -> list[Quantity]:
    """0.2:31.9:67.9 gives one quantity for each part."""
    parts = []
    if to_one := _TO_ONE.fullmatch(match.group()):
        first = to_one["first"]
        end = match.start() + len(first)
        return [
            Quantity(
                match.start(), end, first, arabic(first), None, "", "=", match.start(), match.end(), "amount"
            )
        ]
    for piece in re.finditer(r"\d+(?:\.\d+)?", match.group()):
        start = match.start() + piece.start()
        end = match.start() + piece.end()
        parts.append(
            Quantity(
                start,
                end,
                piece.group(),
                arabic(piece.group()),
                None,
                "",
                "=",
                match.start(),
                match.end(),
                "proportion",
            )
        )
    return parts
