"""Individually named projects: who is said to be signed, begun, built or in use.

A clause says it in one of two ways: names and then what happens to them (``独墅湖南隧道、金鸡湖隧道|建成通车``), or a
verb and then names (``加快建设|纳米真空互联实验站、昆山超级计算中心``), often both (``推动|天齐锂业等项目|开工``). The names of
an enumeration share what stands after 等 or at the end of the last of them. A name is kept when something in it is not
common to the genre (:mod:`loaders.commonwords`) or when the event beside it is one that only happens to one building.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Final

from loaders import lexicon
from loaders.commonwords import parse
from loaders.layout import Passage
from loaders.linking import Linker
from loaders.mentions import periods
from loaders.model import ProjectMention, ProjectStatus, ReportInfo, Sentence
from loaders.project_words import (
    ABSTRACT,
    ADVERBS,
    EVENTS,
    GENERIC,
    MAIN,
    NO_CLASS,
    OTHER_VERBS,
    PRIORITY,
    PROJECT_CLASS,
    STATUS,
    VAGUE,
    VERBS,
    Stage,
    area,
    head,
    kind_of,
    thing,
    work,
)
from loaders.sections import Part
from loaders.vocabulary import Region

#: stages that only a single piece of work goes through
STRONG: Final[frozenset[Stage]] = frozenset(("start", "milestone", "finish", "operate", "cancel", "sign"))
_HAPPENED: Final[frozenset[Stage]] = frozenset(("start", "milestone", "finish", "operate"))
_OPEN, _CLOSE = "“《（(‘「", "”》）)’」"
_STOPS = "，,；;：:。！？!?—"
_NUMERAL = r"\d[\d,]*余?|[一二两三四五六七八九十]+大?|一?大?批"
_COUNTERS = "个|家|条|座|所|项|处|批|幅|栋|块|件"
_COUNT = rf"(?:{_NUMERAL})(?:{_COUNTERS})?"
#: 甲、乙等|12个|重大项目; 等 is no list's end in 高等, 中等
_CLASS = re.compile(
    r"^(?P<names>.+?)(?:(?<![高中初平同优均相])等(?!于|级|值)|等(?=\d|一?大?批))"
    rf"(?P<count>{_COUNT})?(?P<class>[^、]*)$"
)
#: 甲、乙|2个|超百亿级项目
_COUNTED = re.compile(
    r"^(?P<names>.+?、.+?)(?P<count>(?:\d+|[两二三四五六七八九十])(?:个|家|条|座|所|项|处|大))(?P<class>[^、]+)$"
)
_AMOUNT = re.compile(
    r"(?:计划)?总?投资(?:额)?(?:约|超|达|近|为)?(?P<value>\d[\d.,]*)(?P<unit>万?亿?(?:元|美元|欧元))"
)
#: before a name and no part of it: 总投资10亿元的, 全省首家, 6平方公里
_DETERMINER = re.compile(
    r"^(?:(?:计划)?总投资[^的]{2,16}的|(?:占地|规模|产能|年产|面积)[^的、]{2,16}的|实现[^的、]{2,20}的"
    r"|(?:全国|全省|全市|国内|全球|世界|苏南|省内|全县|[\u4e00-\u9fff]{2})?(?:首家|首个|首座|首条|首例|唯一)"
    r"(?:省级试点|国家级|省级)?|一座|\d+(?:\.\d+)?(?:平方公里|万平方米|亩|公里)"
    r"|[^、“”]{2,24}(?<!项目)(?<!片区)(?<!地块)的(?=[\u4e00-\u9fff“]{4}))"
)
_CONNECTIVE = re.compile(r"以及|及|和|与|其中|包括|即|并|改扩建(?=.{4})|—+|的|\s")
_AFTER_NAME = re.compile(
    r"(?:的|等|、|\s|项目建设|工程建设|(?<=.{3})建设|经(?:中央|国家|国务院|省|部|市)[^、]{0,6})$"
)
#: 13所新建、改扩建学校; 一批项目: things counted, not named
_SOME = re.compile(
    rf"(?:(?:{_NUMERAL})(?:{_COUNTERS})(?!吨级|千伏)|一系列|若干|多个|各类"
    r"|\d+(?:\.\d+)?(?:万|亿|余|多)?(?:套|户|辆|台|名|人|亩|公里|万平方米))(?!吨级|级|号线|平方公里|省道)"
)
_COUNTED_AFTER = re.compile(r"\d(?:余|多)?(?:公里|个|座|条|家|套|户|万|亩|台|处|所|项)$")
#: 采埃孚、默克半导体等|建成项目|达产达效: they stand already
_BUILT_ONES = re.compile(r"等(?:已|已经)?(?:建成|竣工)项目")
#: 济南、青岛等|市推进…项目: what follows is said of them
_ACTS = re.compile(r"[市区县地]?(?:推进|打造|建设(?!项目|工程)|创建|开展|发展|加快|实施|参与|申报)")
#: 清潭片区、花园片区的|城市更新
_OF_SEVERAL = re.compile(r"^(?P<names>[^的“]+、[^的“]+)的(?P<noun>[^、的]{2,10})$")
_PLAIN_WORK = re.compile(r"(?:建设)?(?:项目|工程)$")
_PARENTHESES = re.compile(r"[（(][^（）()]*[)）]")
_PHASE = re.compile(r"[一二三四五六七八九十][一二三四五六七八九十、]*期(?:工程|项目)?$|(?:首|启动|先导)期$")
_ROAD = re.compile(r"[GSXYC]\d{1,4}|\d{2,3}[国省县]道|\d{1,2}号线")
#: a common name that is one of a kind: 国家医学中心, 市疾控中心, 北部医疗中心
_ONE = re.compile(
    r"^(?:国家(?!级)|省(?!级|内|会)|市(?!级|域|场|政|民|内)|区(?!级|域|块)|县(?!级|域|城)"
    r"|[东西南北中]部|城[东西南北]|港区|新区)"
)
_ORGANISATION = re.compile(
    r"(?:集团|公司|银行|企业|协会|商会|联盟|大会|论坛|委员会|办公室|管委会|政府|部门|局|队|党委|学会|班|组|赛|展|节"
    r"|人|户|农商行|基金|债券|债|专列|列车|热线|航线|市|县|区|州|省|镇|乡|村|社区|街道|工作|体系|机制|制度|服务"
    r"|行动|改革|业务|模式|活动|建设)$"
)
#: predicates with an object of their own: 获批…, 列入…规划, 落户…, 荣获…奖
_RECEIVED = re.compile(
    r"^(?P<names>.{3,60}?)(?:成功|正式|顺利|已|均|再次|全部)?"
    r"(?P<verb>荣获|荣膺|获评|入选|斩获|纳入|列入|获批|获国家核准|获[^，]{0,4}核准|获[^，]{0,4}批复|落户|落地|完成|获|进入)"
    r"(?P<rest>.{0,50})$"
)
_ENTERED = re.compile(r".{3,60}?(?:荣获|荣膺|获评|入选|斩获|纳入|列入|获(?!批|得感))")
_HONOURS = frozenset(("荣获", "荣膺", "获评", "入选", "斩获", "获"))
_ENROLS = re.compile(r"(?:招生|招录|首批学生|开班)$")
_ACCEPTED = re.compile(r"(?:验收|备案|完工)$")
_WORK_DONE = re.compile(
    r"^(?P<work>提标|扩容|改造|改扩建|扩建|迁建|搬迁|修缮|提升|提标改造|整治|升级|升级改造"
    r"|主体(?:工程|结构)?(?:封顶|施工)?)$"
)
_CANCELLED = re.compile(
    r"暂不列入|不再结转|不再实施|不再建设|暂缓(?:实施|建设|推进)|予以取消|延期实施|顺延至|推迟至"
    r"|(?:项目|工程|计划)[^，；]{0,6}(?:取消|终止|停建|顺延|推迟)"
)
#: 甲工程因方案尚未确定，暂不列入计划
_PUT_OFF = re.compile(
    r"(?:^|(?<=[；：。]))(?P<names>[^；：。，]{3,50}?)(?:因|由于|作为|由)[^；：。]{2,90}?，"
    r"(?:暂不列入|不再结转|不再实施|不再建设|暂缓|取消|推迟|顺延)"
)
#: events that show a name without a head noun to be a work: 盛虹储能…开工
_BUILT = lexicon.words("projects", "built")
#: a clause without any of these says nothing of a project
_HAS_NEWS = re.compile(
    "|".join(
        sorted(
            {w[:2] for w in (*EVENTS, *VERBS)} | _HONOURS | {"落户", "纳入", "列入", "暂不"},
            key=len,
            reverse=True,
        )
    )
)
#: adverbs that may as well end a name: …试点
_NO_ADVERBS = frozenset(("集中", "试点", "的"))
_OPENERS = frozenset(
    ("其中", "同时", "实现", "目前", "今年", "年内", "全年", "当年", "并", "且", "已", "将", "又", "此外")
)
#: what a clause says on after an event: 川青铁路通车|改变历史
_WENT_ON = re.compile(
    r"(?<=通车|贯通|投运|投产|投用|建成|开工|运行|运营)"
    r"(?:带动|改变|结束|标志|让|使得?|助力|填补|实现|创下|打通|开启)[^、]+$"
)
#: a name in quotes that is no slogan: “港城金融服务万企百亿融通工程”, not “四早”工程
_QUOTED = re.compile(
    r"“(?![一二两三四五六七八九十百千万双\d])[^”、，]{4,}”|“[^”]*[A-Za-z][^”]*”"
    r"|“(?![一二两三四五六七八九十百千万双\d])[^”]{2,}”(?!工程)"
)
_SITE = re.compile(r"(?:小区|新村|厂区|地块|片区|老街|古镇|苑|弄|里|坊|河|浜|塘|圩|村)$")
#: the firm a name opens with
_FIRM = re.compile(
    r"^[\u4e00-\u9fffA-Za-z]{2,10}?(?:集团|公司|股份|科技|控股|能源|电子|汽车|光电|激光|锂业|锂电|氢能|储能|重工"
    r"|石化|化工|钢铁|制药|生物|医疗|半导体|新材|材料|动力|实业|电气|机械|光能|光伏|家居|冷链|智造)"
    r"(?=[\u4e00-\u9fff（“]|$)"
)


@dataclass(frozen=True, slots=True)
class Item:
    """One name of an enumeration. Offsets count in the passage; ``name`` has what the enumeration shares."""

    start: int
    end: int
    name: str
    listed: str = (
        ""  #: "project" before 等项目, "noun" before 等高铁, "area" before 等片区, "open" before a bare 等
    )


@dataclass(frozen=True, slots=True)
class Clause:
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
        stages = {stage for stage in (self.lead, self.tail) if stage}
        if self.lead in ("start", "launch", "join", "plan") and self.tail == "proceed":
            return self.lead
        return next((stage for stage in PRIORITY if stage in stages), None)


def read_passage(
    passage: Passage, sentences: Iterable[tuple[int, int]], part: Part, info: ReportInfo, linker: Linker
) -> Iterator[ProjectMention]:
    """Every mention of a named project in the ``sentences`` (spans) of a passage, in order.

    :func:`loaders.identity.settle` tells first mentions from later ones.
    """
    text = passage.text
    named: Sequence[periods.Period] | None = None
    for start, end in sentences:
        if not _HAS_NEWS.search(text, start, end):
            continue
        for item, stage, amount in read_sentence(text, start, end):
            if named is None:
                named = periods.find(text, info.year, _year(part.period))
            status = status_of(stage, part.kind == "target", item.name)
            place = _place(item.name, linker)
            quote = passage.span(start, end)
            yield ProjectMention(
                *passage.span(item.start, item.end),
                name=item.name,
                status=status,
                period=_period(named, start, item.start, part.period),
                region=place.name if place else info.region,
                region_iri=place.iri if place else info.region_iri,
                sentence=Sentence(text[start:end], *quote, part.heading),
                investment=amount,
                owner=owner_of(item.name),
            )


def status_of(stage: Stage, ahead: bool, name: str) -> ProjectStatus:
    """The status a stage means in a review, or in a plan (``ahead``)."""
    if stage == "sign" and not ahead and re.search(r"(?:中心|院|馆|学校|基地|站)$", name):
        return "in_operation"  # an institute that 落地 is there
    return STATUS[stage][1 if ahead else 0]


def owner_of(name: str) -> str:
    """The firm a project is named after, when its name says that it is one: 沙钢集团, 大族激光."""
    match = _FIRM.match(name)
    return match[0] if match and parse(match[0]).strange >= 1 else ""


def _year(period: str) -> int | None:
    years = re.findall(r"\d{4}", period)
    return int(years[-1]) if years else None


def _period(named: Sequence[periods.Period], start: int, at: int, default: str) -> str:
    """The period named last before the project in its sentence, when it is one the section's can contain."""
    chosen = default
    for period in named:
        if start <= period.start < at and period.scope == "sentence" and re.fullmatch(r"\d{4}", period.value):
            chosen = period.value
    return chosen


def _place(name: str, linker: Linker) -> Region | None:
    """The one part of the reporting region that the name names: 昆山超级计算中心 -> 昆山市."""
    region = linker.region
    if region is None:
        return None
    found = [
        child
        for child in linker.vocabulary.children.get(region.iri, ())
        if len(child.short) > 1 and child.short in name and child.level != "zone"
    ]
    return found[0] if len(found) == 1 else None


# ---- sentences and clauses -----------------------------------------------------------------------


def read_sentence(
    text: str, start: int, end: int
) -> Iterator[tuple[Item, Stage, tuple[Decimal, str] | None]]:
    """The projects of ``text[start:end]`` with what the sentence says of each and the investment in it alone."""
    yield from _cancelled(text, start, end)
    before: list[tuple[int, int]] = []  #: noun phrases that wait for the end of their enumeration
    carried: Clause | None = None  #: the clause whose verb goes on
    for first, last in clauses(text, start, end):
        words = text[first:last]
        clause = read_clause(words, first)
        if clause is None or clause.stage is None:
            goes_on = carried and carried.lead and (_COUNTED.match(words) or _CLASS.match(words))
            if carried and goes_on and not _opens_with_verb(words):
                clause = replace(carried, start=first, end=last, tail=None, done="")
            else:
                waits = (
                    (head(_core(words)) or area(_core(words)))
                    and len(words) < 60
                    and not _opens_with_verb(words)
                )
                before = [*before, (first, last)] if waits else []
                carried = None if _opens_with_verb(words) else carried
                continue
        elif not clause.lead and carried and clause.tail == "proceed" and words.startswith(("以及", "及")):
            clause = replace(clause, lead=carried.lead)
        stage = "built" if _BUILT_ONES.search(words) else clause.stage
        assert stage is not None
        items = list(split(text, clause.start, clause.end))
        if items and items[0].listed and before and clause.lead is None:
            items = [i for span in before for i in split(text, *span, listed="project")] + items
        before = []
        strong = stage in STRONG and (clause.lead in STRONG or clause.tail in STRONG)
        kept = [item for item in items if accepted(item, clause, strong)] if _ends_well(items, clause) else []
        if kept and len(items) > len(kept):  # beside a proper name, a plain one is a name too
            kept = [item for item in items if item in kept or beside_a_name(item, clause)]
        if clause.done:
            kept = [replace(item, name=item.name + clause.done) for item in kept]
        amount = _amount(text[start:last], words) if len(kept) == 1 and not kept[0].listed else None
        for item in kept:
            yield item, stage, amount
        carried = clause if kept or clause.lead else None


def _ends_well(items: Sequence[Item], clause: Clause) -> bool:
    """An enumeration ends in a name; one that ends in other words is the subject of what is to be done by it."""
    if not items or items[-1].listed:
        return True
    last = items[-1].name
    return not VAGUE.search(last) and bool(clause.lead is None or _headed(last) or area(_core(last)))


def clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans between stops outside quotes and brackets."""
    depth, begin = 0, start
    for i in range(start, end):
        char = text[i]
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        elif char == "、" and depth == 0 and _breaks_off(text, begin, i, end):
            yield begin, i
            begin = i + 1
        elif char in _STOPS and (depth == 0 or char in "。；！？") and _stops(text, i):
            if i > begin:
                yield begin, i
            begin = i + 1
            depth = 0
    if end > begin:
        yield begin, end


def _stops(text: str, at: int) -> bool:
    """Whether the stop at ``at`` ends a clause: not in 12:30, nor as the hyphen of 中国—中亚."""
    if text[at] in ",:：" and text[at - 1 : at].isdigit():
        return False
    return text[at] != "—" or "—" in (text[at - 1 : at], text[at + 1 : at + 2])


def _breaks_off(text: str, begin: int, at: int, end: int) -> bool:
    """Whether 、 parts two predicates: 东郊幼儿园等11个学校项目竣工|、新增学位6810个."""
    event = any(EVENTS.get(text[at - size : at]) in _HAPPENED for size in range(2, 5) if at - size > begin)
    again = any(text[at + 1 : at + 1 + size] in EVENTS for size in range(2, 5) if at + 1 + size <= end)
    return event and not again


def _cancelled(text: str, start: int, end: int) -> Iterator[tuple[Item, Stage, None]]:
    """甲工程因方案尚未确定，暂不列入计划: the subject of the clause before is what is put off."""
    for match in _PUT_OFF.finditer(text, start, end):
        for item in split(text, *match.span("names")):
            if _headed(item.name) and not VAGUE.search(item.name):
                yield item, "cancel", None


def read_clause(words: str, offset: int = 0) -> Clause | None:
    """Verb, noun phrase and predicate of a clause; None when it says nothing of a project.

    >>> clause = read_clause("加快推进太仓港码头五期、南疏港高速等基础设施项目")
    >>> clause.lead, "加快推进太仓港码头五期、南疏港高速等基础设施项目"[clause.start : clause.end]
    ('proceed', '太仓港码头五期、南疏港高速等基础设施项目')
    """
    if cancelled := _CANCELLED.search(words):
        return Clause(offset, offset + cancelled.start(), None, "cancel") if cancelled.start() > 3 else None
    a, lead, verb = _lead(words)
    if lead is None and verb:
        return None
    words = _WENT_ON.sub("", words)
    if lead is None and _ENTERED.match(words[a:]):
        return _received(words, a, offset)
    b, tails, main, event = _tail(words, a)
    tail = next((stage for stage in PRIORITY if stage in tails), None)
    if main and tail in ("finish", None):
        tail = "milestone"
    if lead is None and (tail is None or b <= a):
        return _received(words, a, offset)
    while b > a and words[b - 1] in "，、的均已 ":
        b -= 1
    return Clause(offset + a, offset + b, lead, tail, verb or event) if b > a else None


@lru_cache(maxsize=4_000)
def _lead(words: str) -> tuple[int, Stage | None, str]:
    """(where the noun phrase begins, what the verbs before it say, the last verb)."""
    at, stages, verb = 0, [], ""
    partner = re.match(r"(?:[\u4e00-\u9fff]{0,4}?)(?:与|和|同)[^，、]{2,14}?(?=合作共建|共建|合建)", words)
    if partner:
        at = partner.end()
    place = re.match(r"在[^，、]{2,8}?(?:率先|首创)", words)
    if place:
        at = place.end()
    end = begin = at
    while at < len(words):
        for size in range(min(6, len(words) - at), 0, -1):
            word = words[at : at + size]
            if word in VERBS and len(words) - at > size:
                stages.append(VERBS[word])
                size += words[at + size] == "好"  # 建设好, 运营好
                verb, end = word, at + size
                break
            if word in OTHER_VERBS:
                return at, None, word
            if (size > 1 and word in ADVERBS) or word in ("并", "且", "已", "将", "又"):
                if not stages and word in _OPENERS:
                    begin = at + size
                break
        else:
            break
        at += size
    if stages:
        return end, _first(stages), verb
    if at and re.search(r"(?:加快|加速|提速|全力|加力)$", words[:at]):
        return at, "push", words[:at]
    return begin, None, ""


def _first(stages: Sequence[Stage]) -> Stage | None:
    return next((stage for stage in PRIORITY if stage in stages), None)


def _opens_with_verb(words: str) -> bool:
    _, lead, verb = _lead(words)
    return bool(lead or verb)


def _tail(words: str, begin: int) -> tuple[int, list[Stage], bool, str]:
    """(where the noun phrase ends, what the predicates after it say, whether only of its main structure, the
    last)."""
    at, stages, main, event = len(words), [], False, ""
    while at > begin:
        for size in range(min(8, at - begin), 0, -1):
            word = words[at - size : at]
            if word in EVENTS:
                stages.append(EVENTS[word])
                event = event or word
                break
            if word in MAIN:
                main = True
                break
            if stages and (
                (word in ADVERBS and word not in _NO_ADVERBS) or word in tuple("、并且已均将即就")
            ):
                break
        else:
            lapse = re.search(r"(?:签约)?\d+个月(?:即|就)?$", words[begin:at]) if stages else None
            if not lapse:
                break
            size = len(lapse[0])
        at -= size
    return at, stages, main, event


def _received(words: str, begin: int, offset: int) -> Clause | None:
    """Predicates with an object of their own: 获批…, 列入…规划, 落户…, 荣获…奖."""
    match = _RECEIVED.match(words[begin:])
    if not match:
        return None
    verb, rest = match["verb"], match["rest"]
    start, end = offset + begin, offset + begin + match.end("names")
    names = match["names"]
    if verb == "获批" and not re.match(r"(?:建设|立项|设立|筹建|实施|$)", rest):
        return None
    if verb in ("纳入", "列入", "获批") or "核准" in verb or "批复" in verb:
        return Clause(start, end, None, "plan", verb)
    if verb == "进入":
        return Clause(start, end, None, "milestone", verb) if re.search(r"施工|收尾|冲刺", rest) else None
    if verb in ("落户", "落地"):
        if not re.fullmatch(r"(?!.*项目)[\u4e00-\u9fff]{2,8}", rest):
            return None
        return Clause(start, end, None, "sign", verb)
    if verb == "完成":
        if re.search(r"前期工作|可研|初步设计|立项", rest):
            return Clause(start, end, None, "plan", verb)
        if _ENROLS.search(rest):
            return Clause(start, end, None, "operate", verb)
        if _ACCEPTED.search(rest):
            return Clause(start, end, None, "finish", verb)
        if (done := _WORK_DONE.match(rest)) and head(_core(names)):
            return Clause(start, end, None, "finish", verb, re.sub(r"^主体.*", "", done["work"]))
        return None
    if verb in _HONOURS and re.search(r"(?:项目|工程|平台)$", names):
        return Clause(start, end, None, "finish" if names.endswith("工程") else "operate", "honour")
    return None


# ---- enumerations --------------------------------------------------------------------------------


def split(text: str, start: int, end: int, listed: str = "") -> Iterator[Item]:
    """The names of the noun phrase ``text[start:end]``, each with what the enumeration shares."""
    phrase = re.sub(r"“[一二两三四五六七八九十]+(?:大|个|条|座)[^”]+”$", "", text[start:end])
    end = start + len(phrase)
    if _SOME.match(phrase) or "一批" in phrase.replace("等一批", ""):
        return
    shared, noun = listed, ""
    if match := (_outside(phrase, "等") and _CLASS.match(phrase)) or _COUNTED.match(phrase):
        shared, noun = _class_of(match["class"])
        if not shared:
            return
        end = start + match.end("names")
    elif _COUNTED_AFTER.search(phrase):
        return
    elif (of := _OF_SEVERAL.match(phrase)) and work(of["noun"]):
        shared, noun, end = "noun", of["noun"], start + of.end("names")
    pieces = list(_pieces(text, start, end))
    names = [text[a:b] for a, b in pieces]
    for i, (a, b) in enumerate(pieces):
        trimmed = _trim(text, a, b)
        if trimmed is None:
            continue
        a, b = trimmed
        name = text[a:b]
        if name in VERBS or name in OTHER_VERBS or name in EVENTS:
            continue
        if noun and (not _headed(name) or (work(_PLAIN_WORK.sub("", noun)) and not work(name))):
            name += noun
        elif not noun and not _headed(name) and not re.search(r"\d$", name):
            tail = _shared_tail(names[i + 1 :])
            name += tail if shared != "project" or (len(name) <= 3 and kind_of(tail) == "transport") else ""
        if re.search(r"\d$", name) or re.fullmatch(r"\d+号线.*", name):
            name = _numbered(name, names)
        yield Item(a, b, _tidy(name), shared)


def _class_of(words: str) -> tuple[str, str]:
    """What the words after 等 make of the names before it, and what they add to each.

    >>> _class_of("重大项目"), _class_of("高速公路"), _class_of("重点产业")
    (('project', ''), ('noun', '高速公路'), ('', ''))
    """
    group = re.sub(rf"{_COUNT}$", "", words)
    group = re.sub(r"^(?:一批|一大批|新建|重大|重点|省|市|区)+", "", group).strip("“”")
    group = re.sub(r"(?<=[站厂路])和[^和]+?(?=项目$|工程$)", "", group)
    if not group:
        return "open", ""
    if NO_CLASS.search(group) or _ACTS.match(words) or (_opens_with_verb(group + "　") and not head(group)):
        return "", ""
    if PROJECT_CLASS.search(group):
        bare = _PLAIN_WORK.sub("", group)
        adds = thing("一" + bare) or (work(bare) and len(bare) > 3) or re.search(r"对外投资|安置房", group)
        return "project", group if adds else ""
    if head("一" + group):
        return "noun", group
    return ("area", group) if area("一" + group) else ("", "")


def _outside(phrase: str, char: str) -> bool:
    """Whether the character stands outside quotes and brackets."""
    depth = 0
    for c in phrase:
        depth += (c in _OPEN) - (c in _CLOSE)
        if c == char and depth <= 0:
            return True
    return False


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cuts at 、 outside quotes and brackets, and at 和 where both sides are names of their own."""
    depth, begin = 0, start
    for i in range(start, end):
        char = text[i]
        depth += (char in _OPEN) - (char in _CLOSE)
        if depth > 0:
            continue
        if char in "、，":
            yield begin, i
            begin = i + 1
        elif char in "和及与" and i > begin and i + 2 < end and i >= begin:
            size = 2 if text[i : i + 2] in ("以及",) else 1
            left = text[begin : i - 1] if text[i - 1] == "以" else text[begin:i]
            right = re.split(r"、", text[i + size : end], maxsplit=1)[0]
            joint = char == "与" and work(_core(right))  # 甲运河与乙航道连通工程
            named = parse(right).strange >= 1 or _ONE.match(right)
            if _headed(left) and named and not joint and len(right) > 1:
                yield begin, begin + len(left)
                begin = i + size
    if begin < end:
        yield begin, end


def _trim(text: str, a: int, b: int) -> tuple[int, int] | None:
    """Without determiners before, and connectives and stray quotes around."""
    while a < b and (match := _DETERMINER.match(text[a:b]) or _CONNECTIVE.match(text[a:b])):
        a += match.end()
    while a < b and (after := _AFTER_NAME.search(text[a:b])):
        b = a + after.start() + (2 if after[0] in ("项目建设", "工程建设") else 0)
    while a < b and text[a] in "”）":
        a += 1
    while a < b and text[b - 1] == "”" and "“" not in text[a:b]:
        b -= 1
    return (a, b) if b > a else None


def _core(name: str) -> str:
    """The name without brackets, quotes at its end and its phase."""
    return _PHASE.sub("", _PARENTHESES.sub("", name)).rstrip("”’").rstrip()


def _headed(name: str) -> bool:
    core = _core(name)
    return bool(head(core)) or core != name or name.endswith("”")


def _shared_tail(following: Sequence[str]) -> str:
    """What the next name that has a head lends to the ones before it: 西康、西十|高铁."""
    for name in following:
        core = _core(name)
        end = head(core)
        if end:
            tail = core[parse(core).tail :]
            if len(end) <= len(tail) < len(core) and head("一" + tail) and tail not in ("工程", "项目"):
                return tail
            works = re.search(r"(?:改扩建|扩建|迁建|改造|提升)+(?:工程|项目)?$", core)
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


def _tidy(name: str) -> str:
    return name.strip("，、：: ")


# ---- which names are kept ------------------------------------------------------------------------


def accepted(item: Item, clause: Clause, strong: bool) -> bool:
    """Whether the name is one of a single project, given what is said of it."""
    name = item.name
    core = _core(name)
    if not plausible(name):
        return False
    named = max(parse(core).strange, parse(name).strange) >= 1 or bool(_ROAD.search(name))
    if ABSTRACT.search(core) and not (item.listed == "project" and named):
        return False
    quoted = bool(_QUOTED.search(name))
    end, works, place = head(core), work(core), area(core)
    one = core != name.rstrip("”") or bool(_ONE.match(core))
    if not strong and re.match(r"(?:国家|省|市|区|县)级", core):
        return False
    if clause.verb == "honour":
        whole = len(name) == item.end - item.start
        return whole and name.endswith(("项目", "工程", "平台")) and (named or quoted or len(core) >= 7)
    if item.listed == "noun":
        return (named or quoted) and (strong or bool(end)) and clause.lead != "run"
    if item.listed == "area":
        return (named or quoted) and (strong or clause.lead in ("build", "finish"))
    if item.listed == "project" or (item.listed == "open" and clause.tail in STRONG):
        return named or quoted or bool(end and one)
    if named and _PHASE.search(_PARENTHESES.sub("", name)):
        return True
    if works:
        return _is_work(core, works, strong or (named and clause.lead is None), named, quoted, one)
    if clause.lead == "run":
        return bool(end) and (named or quoted)
    if clause.lead == "build" and end.endswith(("中心", "枢纽", "基地", "平台", "通道", "园区", "承载区")):
        return False  # 打造…中心: a role to be won, not a building
    if end:
        if named or quoted or (clause.lead == "join" and len(core) >= 8):
            return True
        if one:
            return strong or len(core) >= 8 or kind_of(core) not in ("science", "service", "industry")
        return (strong and len(core) >= 5) or (core.endswith("产业园") and clause.lead != "push")
    if place:
        outside = not name.endswith("”") or place == "港"
        return (named or quoted) and (strong or clause.lead == "build" or (quoted and outside))
    if clause.lead is None and clause.verb in _BUILT and named:
        return len(core) <= 20 and not (_ORGANISATION.search(core) or re.search(r"[让使把被]|^“", name))
    return False


def _is_work(core: str, works: str, strong: bool, named: bool, quoted: bool, one: bool) -> bool:
    """东二环快速化改造工程, 大庆小区自主更新, 邹区卫生院改扩建: work on a place that has a name."""
    inner = core[: core.rindex(works)]
    plain = works in ("工程", "项目")
    if named and (strong or thing(inner) or _SITE.search(inner)):
        return True
    if plain and (quoted or (named and head(inner))):
        return True
    if one and thing(inner):
        return True
    return strong and plain and len(core) >= 8 and not GENERIC.search(core)


def plausible(name: str) -> bool:
    """Whether the words can be a name at all: of some length, quotes closed, nothing general in them."""
    if not 2 <= len(name) <= 48 or name.count("“") != name.count("”"):
        return False
    return not VAGUE.search(name) and not VAGUE.search(_core(name))


def beside_a_name(item: Item, clause: Clause) -> bool:
    """Whether a plain name may stand beside proper ones in an enumeration: 团结河、官渎河、叶家浜等14条河道."""
    core = _core(item.name)
    if not plausible(item.name) or ABSTRACT.search(core) or GENERIC.search(core) or clause.verb == "honour":
        return False
    return item.listed == "noun" or (len(core) >= 4 and bool(head(core) or area(core)))


def _amount(sentence: str, clause: str) -> tuple[Decimal, str] | None:
    match = _AMOUNT.search(clause)
    if not match:
        return None
    value = match["value"].replace(",", "").rstrip(".")
    return Decimal(value), match["unit"]
