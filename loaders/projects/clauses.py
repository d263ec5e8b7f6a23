"""What a clause says of a project: where its noun phrase stands, and what the words around it tell.

A clause says it in one of two ways: names and then what happens to them (``独墅湖南隧道、金鸡湖隧道|建成通车``), or a
verb and then names (``加快建设|纳米真空互联实验站、昆山超级计算中心``), often both (``推动|天齐锂业等项目|开工``).
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from loaders.project_words import (
    ADVERBS,
    EVENTS,
    MAIN,
    OTHER_VERBS,
    PRIORITY,
    VERBS,
    Stage,
    core_of,
    head,
    sizes,
)

OPEN, CLOSE = "“《（(‘「", "”》）)’」"
_MARK = re.compile(f"[，,；;：:。！？!?—、{OPEN}{CLOSE}]")
#: a stop that also ends a clause where a quote or bracket was left open
_FULL_STOPS = "。；！？"

HONOURS: Final = frozenset(("荣获", "荣膺", "获评", "入选", "斩获", "获"))
#: predicates with an object of their own: 获批…, 列入…规划, 落户…, 荣获…奖
_RECEIVED = re.compile(
    r"(?P<names>.{3,60}?)(?:成功|正式|顺利|已|均|再次|全部)?"
    r"(?P<verb>荣获|荣膺|获评|入选|斩获|纳入|列入|获批|获国家核准|获[^，]{0,4}核准|获[^，]{0,4}批复|落户|落地|完成|获|进入)"
    r"(?P<rest>.{0,50})$"
)
_ENTERED = re.compile(r"荣获|荣膺|获评|入选|斩获|纳入|列入|获(?!批|得感)")
#: the words of one of them, or the beginning of one; a quick test
_RECEIVING = re.compile(r"获|荣膺|入选|纳入|列入|落户|落地|完成|进入")
_TO_BE_BUILT = re.compile(r"(?:建设|立项|设立|筹建|实施|$)")
_AT_WORK = re.compile(r"施工|收尾|冲刺")
_PLACE = re.compile(r"(?!.*项目)[\u4e00-\u9fff]{2,8}")
_PREPARED = re.compile(r"前期工作|可研|初步设计|立项")
_ENROLS = re.compile(r"(?:招生|招录|首批学生|开班)$")
_ACCEPTED = re.compile(r"(?:验收|备案|完工)$")
_WORK_DONE = re.compile(
    r"^(?P<work>提标|扩容|改造|改扩建|扩建|迁建|搬迁|修缮|提升|提标改造|整治|升级|升级改造"
    r"|主体(?:工程|结构)?(?:封顶|施工)?)$"
)
_WORKS = re.compile(r"(?:项目|工程|平台)$")
_CANCELLED = re.compile(
    r"暂不列入|不再结转|不再实施|不再建设|暂缓(?:实施|建设|推进)|予以取消|延期实施|顺延至|推迟至"
    r"|(?:项目|工程|计划)[^，；]{0,6}(?:取消|终止|停建|顺延|推迟)"
)
#: adverbs that may as well end a name: …试点
_NO_ADVERBS = frozenset(("集中", "试点", "的"))
_SMALL_BEFORE, _SMALL_AFTER = frozenset("并且已将又"), frozenset("、并且已均将即就")
_OPENERS = frozenset(
    ("其中", "同时", "实现", "目前", "今年", "年内", "全年", "当年", "并", "且", "已", "将", "又", "此外")
)
_PARTNER = re.compile(r"(?:[\u4e00-\u9fff]{0,4}?)(?:与|和|同)[^，、]{2,14}?(?=合作共建|共建|合建)")
_FIRST_IN = re.compile(r"在[^，、]{2,8}?(?:率先|首创)")
_HURRIES = re.compile(r"(?:加快|加速|提速|全力|加力)$")
_LAPSE = re.compile(r"(?:签约)?\d+个月(?:即|就)?$")
#: what a clause says on after an event: 川青铁路通车|改变历史
_WENT_ON = re.compile(
    r"(通车|贯通|投运|投产|投用|建成|开工|运行|运营)"
    r"(?:带动|改变|结束|标志|让|使得?|助力|填补|实现|创下|打通|开启)[^、]+$"
)
#: what every clause has that is cancelled, that entered a list or won something, or that goes on; a quick test
_UNCOMMON = re.compile(
    "不再|暂不|暂缓|取消|终止|停建|延期|顺延|推迟|荣|获|入|斩|带动|改变|结束|标志|让|使|助力|填补|实现|创下|打通|开启"
)


class Clause(NamedTuple):
    """What a clause says: the span of its noun phrase and what happens to it."""

    start: int  #: of the noun phrase
    end: int
    lead: Stage | None
    tail: Stage | None
    verb: str = ""
    done: str = ""  #: work done to the thing: 提标

    @property
    def stage(self) -> Stage | None:
        """What counts of lead and tail: 推动…开工 is a start, 启动…建设 too, 开工建设…前期工作 is planning."""
        if self.lead is None or self.tail is None:
            return self.lead or self.tail
        if self.tail == "proceed" and self.lead in ("start", "launch", "join", "plan"):
            return self.lead
        return _first((self.lead, self.tail))


_RANK: Final = {stage: rank for rank, stage in enumerate(PRIORITY)}


def _first(stages: Sequence[Stage]) -> Stage | None:
    """The one that counts of several."""
    if not stages:
        return None
    first: Stage = min(stages, key=_RANK.__getitem__)
    return first


# ---- cutting -------------------------------------------------------------------------------------

_BEGIN_ANEW: Final = tuple(word for word in EVENTS if 2 <= len(word) <= 4)
_HAPPENED: Final = tuple(
    word for word in _BEGIN_ANEW if EVENTS[word] in ("start", "milestone", "finish", "operate")
)
_HAPPENED_BY_LAST: Final = {
    last: tuple(word for word in _HAPPENED if word[-1] == last) for last in {word[-1] for word in _HAPPENED}
}


@lru_cache(maxsize=512)  # the sentences of a passage, which projects and measures are read from in turn
def clauses(sentence: str) -> tuple[tuple[int, int], ...]:
    """Spans between stops outside quotes and brackets."""
    found: list[tuple[int, int]] = []
    depth = begin = 0
    for mark in _MARK.finditer(sentence):
        at, char = mark.start(), mark[0]
        if char in OPEN:
            depth += 1
        elif char in CLOSE:
            depth = max(0, depth - 1)
        elif char == "、":
            if depth == 0 and _breaks_off(sentence, begin, at):
                found.append((begin, at))
                begin = at + 1
        elif (depth == 0 or char in _FULL_STOPS) and _stops(sentence, at):
            found.append((begin, at))
            begin = at + 1
            depth = 0
    found.append((begin, len(sentence)))
    return tuple(span for span in found if span[0] < span[1])


def _stops(text: str, at: int) -> bool:
    """Whether the stop at ``at`` ends a clause: not in 12:30, nor as the hyphen of 中国—中亚."""
    if text[at] in ",:：" and text[at - 1 : at].isdigit():
        return False
    return text[at] != "—" or "—" in (text[at - 1 : at], text[at + 1 : at + 2])


def _breaks_off(text: str, begin: int, at: int) -> bool:
    """Whether 、 parts two predicates: 东郊幼儿园等11个学校项目竣工|、新增学位6810个."""
    return text.endswith(_HAPPENED_BY_LAST.get(text[at - 1], ()), begin + 1, at) and not text.startswith(
        _BEGIN_ANEW, at + 1
    )


# ---- reading -------------------------------------------------------------------------------------


def read_clause(words: str, offset: int = 0) -> Clause | None:
    """Verb, noun phrase and predicate of a clause; None when it says nothing of a project.

    >>> clause = read_clause("加快推进太仓港码头五期、南疏港高速等基础设施项目")
    >>> clause.lead, "加快推进太仓港码头五期、南疏港高速等基础设施项目"[clause.start : clause.end]
    ('proceed', '太仓港码头五期、南疏港高速等基础设施项目')
    """
    uncommon = _UNCOMMON.search(words) is not None
    if uncommon and (cancelled := _CANCELLED.search(words)):
        return Clause(offset, offset + cancelled.start(), None, "cancel") if cancelled.start() > 3 else None
    a, lead, verb = _lead(words)
    if lead is None and verb:
        return None
    words = _WENT_ON.sub(r"\1", words) if uncommon else words
    if lead is None and uncommon and (entered := _ENTERED.search(words, a + 3)) and entered.start() <= a + 60:
        return _received(words, a, offset)
    b, tails, main, event = _tail(words, a)
    tail = _first(tails)
    if main and tail in ("finish", None):
        tail = "milestone"
    if lead is None and (tail is None or b <= a):
        return _received(words, a, offset)
    while b > a and words[b - 1] in "，、的均已 ":
        b -= 1
    return Clause(offset + a, offset + b, lead, tail, verb or event) if b > a else None


def opens_with_verb(words: str) -> bool:
    _, lead, verb = _lead(words)
    return bool(lead or verb)


_LONG_ADVERBS: Final = frozenset(word for word in ADVERBS if len(word) > 1)
_LEADING: Final = sizes(
    (word for word in (*VERBS, *OTHER_VERBS, *_LONG_ADVERBS, *_SMALL_BEFORE) if len(word) <= 6), 0
)
_TRAILING: Final = sizes((word for word in (*EVENTS, *MAIN, *ADVERBS, *_SMALL_AFTER) if len(word) <= 8), -1)


@lru_cache(maxsize=4_000)
def _lead(words: str) -> tuple[int, Stage | None, str]:
    """(where the noun phrase begins, what the verbs before it say, the last verb)."""
    at, stages, verb = 0, [], ""
    if "建" in words and (partner := _PARTNER.match(words)):
        at = partner.end()
    if words.startswith("在") and (place := _FIRST_IN.match(words)):
        at = place.end()
    end = begin = at
    length = len(words)
    while at < length:
        for size in _LEADING.get(words[at], ()):
            if size > length - at:
                continue
            word = words[at : at + size]
            if word in VERBS and length - at > size:
                stages.append(VERBS[word])
                size += words[at + size] == "好"  # 建设好, 运营好
                verb, end = word, at + size
                break
            if word in OTHER_VERBS:
                return at, None, word
            if word in _LONG_ADVERBS or word in _SMALL_BEFORE:
                if not stages and word in _OPENERS:
                    begin = at + size
                break
        else:
            break
        at += size
    if stages:
        return end, _first(stages), verb
    if at and _HURRIES.search(words[:at]):
        return at, "push", words[:at]
    return begin, None, ""


def _tail(words: str, begin: int) -> tuple[int, list[Stage], bool, str]:
    """(where the noun phrase ends, what the predicates after it say, whether only of its main structure, the
    last)."""
    at, stages, main, event = len(words), [], False, ""
    while at > begin:
        for size in _TRAILING.get(words[at - 1], ()):
            if size > at - begin:
                continue
            word = words[at - size : at]
            if word in EVENTS:
                stages.append(EVENTS[word])
                event = event or word
                break
            if word in MAIN:
                main = True
                break
            if stages and ((word in ADVERBS and word not in _NO_ADVERBS) or word in _SMALL_AFTER):
                break
        else:
            lapse = _LAPSE.search(words[begin:at]) if stages else None
            if not lapse:
                break
            size = len(lapse[0])
        at -= size
    return at, stages, main, event


def _received(words: str, begin: int, offset: int) -> Clause | None:
    """Predicates with an object of their own: 获批…, 列入…规划, 落户…, 荣获…奖."""
    match = _RECEIVED.match(words, begin) if _RECEIVING.search(words, begin + 3) else None
    if not match:
        return None
    verb, rest = match["verb"], match["rest"]
    start, end = offset + begin, offset + match.end("names")
    names = match["names"]
    if verb == "获批" and not _TO_BE_BUILT.match(rest):
        return None
    if verb in ("纳入", "列入", "获批") or "核准" in verb or "批复" in verb:
        return Clause(start, end, None, "plan", verb)
    if verb == "进入":
        return Clause(start, end, None, "milestone", verb) if _AT_WORK.search(rest) else None
    if verb in ("落户", "落地"):
        return Clause(start, end, None, "sign", verb) if _PLACE.fullmatch(rest) else None
    if verb == "完成":
        if _PREPARED.search(rest):
            return Clause(start, end, None, "plan", verb)
        if _ENROLS.search(rest):
            return Clause(start, end, None, "operate", verb)
        if _ACCEPTED.search(rest):
            return Clause(start, end, None, "finish", verb)
        if (done := _WORK_DONE.match(rest)) and head(core_of(names)):
            return Clause(start, end, None, "finish", verb, re.sub(r"^主体.*", "", done["work"]))
        return None
    if verb in HONOURS and _WORKS.search(names):
        return Clause(start, end, None, "finish" if names.endswith("工程") else "operate", "honour")
    return None
