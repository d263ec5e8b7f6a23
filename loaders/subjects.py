"""What a phrase without a number is about: the noun phrase beside it, or what the clause before spoke of.

Examples for every function stand in ``tests/data/qualitative.toml``.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from loaders.grammar import VERB_START, strip_adverbs, strip_lead_in
from loaders.layout import Passage
from loaders.model import Fact, Kind
from loaders.naming import join, needs_owner, owner_of, tidy

#: quotes and brackets keep their stops to themselves
_STOP = re.compile(
    r"[“《（(，；。：！？;,:]"
    r"(?:(?<=[，；。：！？;])|(?<=“)[^”]{0,80}”|(?<=《)[^》]{0,80}》|(?<=（)[^）]{0,80}）|(?<=\()[^)]{0,80}\)|(?<=[,:])(?<!\d.))"
)
_ITEM_STOP = re.compile(r"“[^”]{0,80}”|《[^》]{0,80}》|（[^）]{0,80}）|、")
_SENTENCE_END = frozenset("。！？")
#: a sentence of more clauses than this is cut, so that garbage costs bounded time
MAX_CLAUSES = 150


class Clause(NamedTuple):
    """``text[start:end]`` between two stops. There is one for every clause of a report, so it is a light one."""

    start: int
    end: int
    before: str  #: the stop before it, or empty
    after: str  #: the stop after it, or empty

    @property
    def is_sentence(self) -> bool:
        """It stands alone: 创新能力持续增强。"""
        return self.before in ("", "。", "：") and self.after in ("", "。")


def sentences(text: str) -> list[list[Clause]]:
    """``text`` cut into sentences and these at their stops, those inside quotes and brackets left alone."""
    found: list[list[Clause]] = [[]]
    start, before = 0, ""
    for match in _STOP.finditer(text):
        if match.end() - match.start() > 1:
            continue
        stop = match.group()
        found[-1].append(Clause(start, match.start(), before, stop))
        start, before = match.end(), stop
        if stop in _SENTENCE_END or len(found[-1]) >= MAX_CLAUSES:
            found.append([])
    if start < len(text):
        found[-1].append(Clause(start, len(text), before, ""))
    return [clauses for clauses in found if clauses]


def item_ends(words: str) -> list[int]:
    """Where the items of an enumeration end: at 、 outside quotes and brackets, and at the end."""
    ends = [m.start() for m in _ITEM_STOP.finditer(words) if m.group() == "、"] if "、" in words else []
    return [*ends, len(words)]


class Spoken(NamedTuple):
    """What a number or a phrase earlier in the sentence is about."""

    start: int  #: in the source
    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a passage, looked up by where they stand in it."""

    passage: Passage
    facts: Sequence[Fact]
    _starts: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, passage: Passage, facts: Sequence[Fact]) -> "Facts":
        ordered = sorted(facts, key=lambda fact: fact.start)
        return cls(passage, ordered, [fact.start for fact in ordered])

    def between(self, start: int, end: int) -> list[Spoken]:
        """What the facts in ``passage.text[start:end]`` are about, in order."""
        if not self.facts or end <= start:
            return []
        first, last = self.passage.span(start, end)
        inside = self.facts[bisect_left(self._starts, first) : bisect_left(self._starts, last)]
        return [Spoken(fact.start, fact.indicator, fact.region) for fact in inside]


class Context(NamedTuple):
    """A clause with what its sentence has said before it."""

    text: str
    clause: Clause
    previous: Clause | None
    kind: Kind
    facts: Facts
    segment: int  #: where the sentence began, or its part after the last ；
    spoken: Sequence[Spoken]  #: phrases of the segment before this clause

    @property
    def words(self) -> str:
        return self.text[self.clause.start : self.clause.end]

    def known(self, at: int) -> list[Spoken]:
        """What the numbers and phrases of the segment up to ``at`` are about, in order, each once."""
        listed = sorted([*self.facts.between(self.segment, at), *self.spoken], key=lambda known: known.start)
        return list({known.name: known for known in listed}.values())


#: 一是, ——, 1．, （一）, 其中 at the start of a clause
OPENING = re.compile(
    r"(?:[一二三四五六七八九十]+是(?!否)|[●■◆★▲◎○•·▶—–-]+|\d+[.．、]|（[一二三四五六七八九十]+）"
    "|其中|目前|同时|并|且|而)+"
)
#: 42项|民生实事, but not 20户|以上自然村
_COUNT = re.compile(r"^(?:全部|这|上述|其中)?[\d.,]+[余多万]*[项个套条家件所座户](?!以上|以下|及以上)")
#: words before a name that only say how it came about
_AGENT = re.compile(
    r"^(?:对(?!外|口|接)|将|把|让|使|在全[国省市](?:范围内)?(?:首批|率先)?|首批|率先|全面|探索|首个|建议|成为全[国省市]首[个批]"
    r"|有力|引导|锚定|坚定不移|各类)"
)
_EFFORT = re.compile(r"^(?:推动|推进|促进|高分夺取|夺取|高水平|守住|守牢|\d{4}年前?)(?=.{3})")
#: what is covered, as against what covers it: 实现|适宜区|全覆盖, 公共文化设施|五级|全覆盖
_SCOPE = re.compile(r"(?:区|企业|地区|领域|乡镇|村|区域|对象|人群|市|县|市县|县城)$")
_ATTAINS = re.compile(r"(?:已|均|基本|全面|率先|力争|推动)*实现(.{1,6})")
_SCOPE_END = re.compile(
    r"(?<=.{4})(?:设区市|行政村|省域|市域|全域|城乡|村级|县级|[二三四五]级|各级|县市|县（市、区）|州（市）"
    r"|\d+个[^，。；]{1,8}|所有[^，。；]{2,6})$"
)
#: 在中消协2021年百城消费者满意度测评中
_SURVEY = re.compile(r"^.*?在(?:[^，]{0,8}?\d{4}年)?(?P<name>[^，]+(?:测评|评价|考核|评估|评选))中$")
_TAIL = re.compile(
    r"等$|等(?=部分?指标)|(?<=[速长额入])目标$|等[\d一二三四五六七八九十]*[个项](?:指标)?$|得到?$|年均$"
)


_ANNOUNCED = re.compile(r"^.*(?:预期目标|主要目标)(?:是|为)?(?=.{4})")
_COUNT_AFTER = re.compile(r"等\d+[个项条类大](?:指标$)?")


def subject_name(words: str) -> str:
    """The indicator in the words before a phrase; empty when they name none.

    >>> subject_name("确保全市零就业家庭")
    '零就业家庭'
    """
    words = words.strip("、 ")
    words = words[opening.end() :] if (opening := OPENING.match(words)) else words
    if survey := _SURVEY.match(words):
        return survey["name"]
    if (scope := _ATTAINS.fullmatch(words)) and _SCOPE.search(scope[1]):
        return ""
    words = _COUNT_AFTER.sub("等", _ANNOUNCED.sub("", words))
    name = _COUNT.sub("", _attained(_AGENT.sub("", strip_adverbs(strip_lead_in(words)))))
    name = tidy(strip_lead_in(name[effort.end() :]) if (effort := _EFFORT.match(name)) else name)
    return _TAIL.sub("", _SCOPE_END.sub("", _COUNT.sub("", name)).removeprefix("等"))


def _attained(name: str) -> str:
    """What 实现 parts: who attains it and what is attained, or what covers and what is covered."""
    if "实现" not in name:
        return name
    before, after = name.split("实现", 1)
    before = strip_adverbs(_AGENT.sub("", before))
    if len(before) < 2:
        return "" if _SCOPE.search(after) and len(after) <= 6 else after
    return before if _SCOPE.search(after) else before + after


_OBJECT_END = re.compile(r"(?:的?底线|发生)$")
_WHOLE_REGION = re.compile(r"^(?:全[市省区县州]|我[市省区县])")


def object_name(words: str) -> str:
    """The indicator in the words after a phrase, up to the next verb of an enumeration.

    >>> object_name("规模性返贫致贫的底线")
    '规模性返贫致贫'
    """
    items = words.split("、")
    cut = next((i for i, item in enumerate(items) if i and VERB_START.match(item)), len(items))
    name = tidy(_OBJECT_END.sub("", "、".join(items[:cut])))
    return _WHOLE_REGION.sub("", name)


_RATE = re.compile(r"(?:降幅|增幅|涨幅|幅度)")
_OWNED_RATE = re.compile(r"(?:改善|提升|提高|下降|降低|增长)幅度")
_COUNT_OF = re.compile(r"(?:数量|金额|总数|获评数|入选数|总量)")
_ALONE = frozenset(("投资", "消费", "收入", "价格", "服务"))


def restore(context: Context, name: str, at: int, *, widely: bool) -> tuple[str, str]:
    """(indicator, place) with what ``name`` leaves out taken from before ``at``; empty when there is nothing.

    ``widely``: the phrase is about all that its segment spoke of (…34.6万家，…9家，均居中部前列).
    """
    if len(name) >= 2 and (event := _event_before(context, name)):
        return event + name, ""
    bare = len(name) < 2 or bool(_RATE.fullmatch(name))
    counted = bool(_COUNT_OF.fullmatch(name) or _OWNED_RATE.fullmatch(name))
    if not bare and not counted and (name in _ALONE or not needs_owner(name)):
        return name, ""
    known = context.known(at)
    if not known:
        return "", ""
    last = known[-1]
    if bare:
        chosen = known if widely else _last_run(context, known)
        return "、".join(item.name for item in chosen), last.place
    return join(last.name if counted else owner_of(last.name, name), name), last.place


def _last_run(context: Context, known: list[Spoken]) -> list[Spoken]:
    """The last one, or those of 起数、死亡人数分别下降51.8%和55.9%."""
    previous = context.previous
    if previous and "分别" in context.text[previous.start : previous.end]:
        first, _ = context.facts.passage.span(previous.start, previous.end)
        return [item for item in known if item.start >= first] or known[-1:]
    return known[-1:]


_EVENT = re.compile(
    r"在(?P<event>[^，。；在]{0,4}第[\d一二三四五六七八九十]+届[^，。；]{2,12}?[会赛])(?:上|中)(?P<part>[^，。；]{2,6}项目)?"
)


def _event_before(context: Context, name: str) -> str:
    """The games medals were won at: 在第9届亚冬会上…，金牌和奖牌数均创历史新高."""
    if not re.search(r"金牌|奖牌|参赛", name):
        return ""
    events = list(_EVENT.finditer(context.text, context.segment, context.clause.start))
    return events[-1]["event"] + (events[-1]["part"] or "") if events else ""


def award_before(context: Context) -> str:
    """What the clause before won: 天兵科技获评“中国独角兽企业”，实现“零的突破”."""
    if not context.previous:
        return ""
    words = context.text[context.previous.start : context.previous.end]
    award = re.search(r"(?:获评|入选|获批|荣获|新增).{2,}$", words)
    return award.group() if award else ""
