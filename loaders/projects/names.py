"""The names in a noun phrase: enumerations taken apart, each name with what the enumeration shares.

The names of an enumeration share what stands after 等 (甲、乙等|高速公路) or at the end of the last of them
(西康、西十|高铁).
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from loaders.commonwords import parse
from loaders.project_words import (
    EVENTS,
    NO_CLASS,
    OTHER_VERBS,
    PROJECT_CLASS,
    VERBS,
    area,
    core_of,
    head,
    headed,
    kind_of,
    may_end_in_noun,
    thing,
    work,
)
from loaders.projects.clauses import CLOSE, OPEN, opens_with_verb

_NUMERAL = r"\d[\d,]*余?|[一二两三四五六七八九十]+大?|一?大?批"
_COUNTERS = "个|家|条|座|所|项|处|批|幅|栋|块|件"
_COUNT = rf"(?:{_NUMERAL})(?:{_COUNTERS})?"
_COUNT_AT_END = re.compile(rf"{_COUNT}$")
#: 甲、乙等|12个|重大项目; 等 is no list's end in 高等, 中等
_CLASS = re.compile(
    r"^(?P<names>.+?)(?:(?<![高中初平同优均相])等(?!于|级|值)|等(?=\d|一?大?批))"
    rf"(?P<count>{_COUNT})?(?P<class>[^、]*)$"
)
#: 甲、乙|2个|超百亿级项目
_COUNTED = re.compile(
    r"^(?P<names>.+?、.+?)(?P<count>(?:\d+|[两二三四五六七八九十])(?:个|家|条|座|所|项|处|大))(?P<class>[^、]+)$"
)
#: before a name and no part of it: 总投资10亿元的, 全省首家, 6平方公里
_DETERMINER = re.compile(
    r"(?:(?:计划)?总投资[^的]{2,16}的|(?:占地|规模|产能|年产|面积)[^的、]{2,16}的|实现[^的、]{2,20}的"
    r"|(?:全国|全省|全市|国内|全球|世界|苏南|省内|全县|[\u4e00-\u9fff]{2})?(?:首家|首个|首座|首条|首例|唯一)"
    r"(?:省级试点|国家级|省级)?|一座|\d+(?:\.\d+)?(?:平方公里|万平方米|亩|公里)"
    r"|[^、“”]{2,24}(?<!项目)(?<!片区)(?<!地块)的(?=[\u4e00-\u9fff“]{4}))"
)
#: what every determiner holds one of; a quick test
_DETERMINED = re.compile(r"[的首座\d]|唯一")
_CONNECTIVE = re.compile(r"以及|及|和|与|其中|包括|即|并|改扩建(?=.{4})|—+|的|\s")
_AFTER_NAME = re.compile(
    r"(?:的|等|、|\s|项目建设|工程建设|(?<=.{3})建设|经(?:中央|国家|国务院|省|部|市)[^、]{0,6})$"
)
#: what every such ending ends in; 经 opens one that ends in anything
_AFTER_LAST = frozenset("的等、设 \t\n\u3000\xa0")
#: 13所新建、改扩建学校; 一批项目: things counted, not named
_SOME = re.compile(
    rf"(?:(?:{_NUMERAL})(?:{_COUNTERS})(?!吨级|千伏)|一系列|若干|多个|各类"
    r"|\d+(?:\.\d+)?(?:万|亿|余|多)?(?:套|户|辆|台|名|人|亩|公里|万平方米))(?!吨级|级|号线|平方公里|省道)"
)
_COUNTED_AFTER = re.compile(r"\d(?:余|多)?(?:公里|个|座|条|家|套|户|万|亩|台|处|所|项)$")
#: 济南、青岛等|市推进…项目: what follows is said of them
_ACTS = re.compile(r"[市区县地]?(?:推进|打造|建设(?!项目|工程)|创建|开展|发展|加快|实施|参与|申报)")
#: 清潭片区、花园片区的|城市更新
_OF_SEVERAL = re.compile(r"^(?P<names>[^的“]+、[^的“]+)的(?P<noun>[^、的]{2,10})$")
_PLAIN_WORK = re.compile(r"(?:建设)?(?:项目|工程)$")
#: a common name that is one of a kind: 国家医学中心, 市疾控中心, 北部医疗中心
ONE = re.compile(
    r"^(?:国家(?!级)|省(?!级|内|会)|市(?!级|域|场|政|民|内)|区(?!级|域|块)|县(?!级|域|城)"
    r"|[东西南北中]部|城[东西南北]|港区|新区)"
)
#: what ends a phrase whose last name ends before it
_NO_NAME_LAST = _AFTER_LAST | set("及和与中括即并—")
#: what parts names from words after them
_TAKEN_APART = re.compile(r"[等经（(]|[\d两二三四五六七八九十][个家条座所项处大]")
_SLOGAN = re.compile(r"“[一二两三四五六七八九十]+(?:大|个|条|座)[^”]+”$")
_KIND_OF_CLASS = re.compile(r"^(?:一批|一大批|新建|重大|重点|省|市|区)+")
_SECOND_HEAD = re.compile(r"(?<=[站厂路])和[^和]+?(?=项目$|工程$)")
_INVESTS = re.compile(r"对外投资|安置房")
_WORKS_AT_END = re.compile(r"(?:改扩建|扩建|迁建|改造|提升)+(?:工程|项目)?$")
_LINE_NUMBER = re.compile(r"\d+号线.*")
_JOINTS = re.compile(f"[、，和及与{OPEN}{CLOSE}]")


class Item(NamedTuple):
    """One name of an enumeration. Offsets count in the passage; ``name`` has what the enumeration shares."""

    start: int
    end: int
    name: str
    listed: str = (
        ""  #: "project" before 等项目, "noun" before 等高铁, "area" before 等片区, "open" before a bare 等
    )


def is_enumeration(words: str) -> bool:
    """Whether the words end as an enumeration does: in its number (甲、乙|2个|项目) or its class (等项目)."""
    return bool(_COUNTED.match(words) or ("等" in words and _CLASS.match(words)))


def may_end_in_name(phrase: str) -> bool:
    """A quick test: False where the last of the names :func:`split` finds has no head noun, or there is none."""
    if may_end_in_noun(phrase) or phrase[-1] in _NO_NAME_LAST or _TAKEN_APART.search(phrase):
        return True
    return _is_no_name(phrase.rpartition("、")[2])


def split(text: str, start: int, end: int, listed: str = "") -> Iterator[Item]:
    """The names of the noun phrase ``text[start:end]``, each with what the enumeration shares."""
    phrase = text[start:end]
    if phrase.endswith("”"):
        phrase = _SLOGAN.sub("", phrase)
        end = start + len(phrase)
    if _SOME.match(phrase) or ("一批" in phrase and "一批" in phrase.replace("等一批", "")):
        return
    shared, noun = listed, ""
    if match := _list_of(phrase):
        shared, noun = _class_of(match["class"])
        if not shared:
            return
        end = start + match.end("names")
    elif _COUNTED_AFTER.search(phrase):
        return
    elif "的" in phrase and (of := _OF_SEVERAL.match(phrase)) and work(of["noun"]):
        shared, noun, end = "noun", of["noun"], start + of.end("names")
    pieces = list(_pieces(text, start, end))
    names = [text[a:b] for a, b in pieces]
    for i, (a, b) in enumerate(pieces):
        trimmed = _trim(text, a, b)
        if trimmed is None:
            continue
        a, b = trimmed
        name = text[a:b]
        if _is_no_name(name):
            continue
        if noun and (not headed(name) or (work(_PLAIN_WORK.sub("", noun)) and not work(name))):
            name += noun
        elif not noun and not name[-1].isdecimal() and not headed(name):
            tail = _shared_tail(names[i + 1 :])
            name += tail if shared != "project" or (len(name) <= 3 and kind_of(tail) == "transport") else ""
        if name[-1].isdecimal() or _LINE_NUMBER.fullmatch(name):
            name = _numbered(name, names)
        yield Item(a, b, name.strip("，、：: "), shared)


def _is_no_name(words: str) -> bool:
    return words in VERBS or words in OTHER_VERBS or words in EVENTS


def _list_of(phrase: str) -> re.Match[str] | None:
    """The parts of an enumeration that says what its names are: ``names`` and ``class``."""
    if "等" in phrase and _outside(phrase, "等") and (match := _CLASS.match(phrase)):
        return match
    return _COUNTED.match(phrase) if "、" in phrase else None


def _class_of(words: str) -> tuple[str, str]:
    """What the words after 等 make of the names before it, and what they add to each.

    >>> _class_of("重大项目"), _class_of("高速公路"), _class_of("重点产业")
    (('project', ''), ('noun', '高速公路'), ('', ''))
    """
    group = _COUNT_AT_END.sub("", words)
    group = _KIND_OF_CLASS.sub("", group).strip("“”")
    group = _SECOND_HEAD.sub("", group)
    if not group:
        return "open", ""
    if NO_CLASS.search(group) or _ACTS.match(words) or (opens_with_verb(group + "　") and not head(group)):
        return "", ""
    if PROJECT_CLASS.search(group):
        bare = _PLAIN_WORK.sub("", group)
        adds = thing("一" + bare) or (work(bare) and len(bare) > 3) or _INVESTS.search(group)
        return "project", group if adds else ""
    if head("一" + group):
        return "noun", group
    return ("area", group) if area("一" + group) else ("", "")


def _outside(phrase: str, char: str) -> bool:
    """Whether the character stands outside quotes and brackets."""
    depth = 0
    for c in phrase:
        depth += (c in OPEN) - (c in CLOSE)
        if c == char and depth <= 0:
            return True
    return False


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cuts at 、 outside quotes and brackets, and at 和 where both sides are names of their own."""
    depth, begin = 0, start
    for mark in _JOINTS.finditer(text, start, end):
        i, char = mark.start(), mark[0]
        depth += (char in OPEN) - (char in CLOSE)
        if depth > 0:
            continue
        if char in "、，":
            yield begin, i
            begin = i + 1
        elif char in "和及与" and i > begin and i + 2 < end:
            left = text[begin : i - 1] if text[i - 1] == "以" else text[begin:i]
            if not headed(left):
                continue
            right = text[i + 1 : end].partition("、")[0]
            joint = char == "与" and work(core_of(right))  # 甲运河与乙航道连通工程
            if len(right) > 1 and not joint and (parse(right).strange >= 1 or ONE.match(right)):
                yield begin, begin + len(left)
                begin = i + 1
    if begin < end:
        yield begin, end


def _trim(text: str, a: int, b: int) -> tuple[int, int] | None:
    """Without determiners before, and connectives and stray quotes around."""
    while a < b and (match := _before_name(text, a, b)):
        a = match.end()
    while a < b and (after := _after_name(text[a:b])):
        b = a + after.start() + (2 if after[0] in ("项目建设", "工程建设") else 0)
    while a < b and text[a] in "”）":
        a += 1
    while a < b and text[b - 1] == "”" and "“" not in text[a:b]:
        b -= 1
    return (a, b) if b > a else None


def _before_name(text: str, a: int, b: int) -> re.Match[str] | None:
    determined = _DETERMINER.match(text, a, b) if _DETERMINED.search(text, a, b) else None
    return determined or _CONNECTIVE.match(text, a, b)


def _after_name(name: str) -> re.Match[str] | None:
    return _AFTER_NAME.search(name) if name[-1] in _AFTER_LAST or "经" in name else None


def _shared_tail(following: Sequence[str]) -> str:
    """What the next name that has a head lends to the ones before it: 西康、西十|高铁."""
    for name in following:
        core = core_of(name)
        end = head(core)
        if end:
            tail = core[parse(core).tail :]
            if len(end) <= len(tail) < len(core) and head("一" + tail) and tail not in ("工程", "项目"):
                return tail
            works = _WORKS_AT_END.search(core)
            return works[0] if works else end if end not in ("工程", "项目") else ""
    return ""


def _numbered(name: str, names: Sequence[str]) -> str:
    """轨道交通2、4、7号线延伸线: the 4 is 轨道交通4号线延伸线."""
    first = re.match(r"(\D+)\d+$", names[0])
    last = next((n for n in names if re.match(r"\d+\D", n)), "")
    number = re.search(r"\d+", name)
    if not first or not last or not number:
        return name
    return first[1] + number[0] + re.sub(r"^\d+", "", last)
