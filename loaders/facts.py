"""Quantities -> facts: who belongs to whom.

One sentence at a time, from left to right: each number finds its indicator in the words before it, after it, or in
the clause before (:mod:`loaders.naming`); the words around decide what kind of measure it is; section and wording
decide target or result and which period; a name that opens with a part of the region moves the fact there.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from loaders.grammar import FLOW_START, TRANSITIVE_END, VERB_START, strip_adverbs, strip_lead_in
from loaders.linking import Linker
from loaders.mentions import periods
from loaders.mentions.quantities import Quantity
from loaders.model import Comparator, Kind, Measure
from loaders.naming import (
    HEAD,
    RANK_LEAD,
    Lead,
    complete,
    join,
    left_name,
    needs_owner,
    owner_of,
    read_lead,
    right_name,
    split_items,
    takes_right,
    tidy,
    without_flow,
)

COUNTERS = frozenset("家 户 个 项 名 人 件 套 条 张 座 所 处 支 笔 份 种 批 颗 枚 辆 架 列 艘 台 部 篇 场 对 村 间 栋 幢 块 宗 起 例 位 门 片 组 只 棵 株 盏 根 人次 次 场次".split())
_CONNECTOR = re.compile(r"\s*(?:、|和|及|与|以及|并|/)?\s*(?:同比)?\s*")
_LIST_CONNECTOR = re.compile(r"\s*(?:、|,|，|和|及|与|以及|并|/)?\s*(?:同比)?\s*")
_SHARE = re.compile(r"(?P<part>.+?)(?:占(?P<whole>.+)|与(?P<other>.+?)之比)(?:的?(?:比重|比例|比率))?$")


@dataclass(slots=True)
class Thread:
    """What carries over from clause to clause and sentence to sentence of one passage."""

    names: list[str] = field(default_factory=list)  #: indicators of the last run of numbers
    unit: str = ""  #: of the last number
    place: str = ""  #: sub-area the sentence is about
    topic: str = ""  #: subject of a sentence without its own: 石化产业
    prefix: str = ""  #: words that open an enumeration: 新治理农村生活污水|45个村庄、1000户农户
    giver: str = ""  #: “科贷通”为2540家企业提供贷款: who gives
    memory: dict[str, str] = field(default_factory=dict)  #: head noun -> the full noun phrase last seen with it


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact before section, period and place are settled. Offsets count in the passage."""

    quantity: Quantity
    indicator: str
    measure: Measure
    value: Decimal
    comparator: Comparator
    rule: str
    confidence: float
    clause_start: int
    place: str = ""
    base: bool = False  #: A in 从A增加到B: the value a span began with


@dataclass(frozen=True, slots=True)
class Clause:
    start: int
    end: int
    mark: str  #: the character before it: ， 、 ； （ or empty


def read_sentence(text: str, start: int, end: int, quantities: Sequence[Quantity], thread: Thread, linker: Linker) -> list[Draft]:
    """The facts of ``text[start:end]``; ``quantities`` are those of the sentence, in order."""
    facts = [q for q in quantities if q.is_fact]
    if not facts:
        return []
    clauses = clauses_of(text, start, end, facts)
    drafts: list[Draft] = []
    i = 0
    while i < len(facts):
        run = _run(text, facts, i)
        clause = next(c for c in reversed(clauses) if c.start <= run[0].left)
        after = i + len(run)
        following = facts[after] if after < len(facts) else None
        if clause.mark != "、":
            _place(text[clause.start : clause.end], thread, linker)
        drafts += _read_run(text, clause, clauses, run, facts[i - 1] if i else None, following, drafts, thread, linker)
        i = after
    return drafts


def _place(clause: str, thread: Thread, linker: Linker) -> None:
    """A clause that opens with a part of the region moves what follows there; 全市 moves it back."""
    if re.match(r"(?:其中，?)?(?:全[市省区县州]|我[市省区县])", clause):
        thread.place = ""
    elif place := linker.place_at(clause):
        thread.place = place
    elif thread.place and not _GOES_ON.match(clause):
        thread.place = ""


#: a clause without a subject of its own
_GOES_ON = re.compile(rf"(?:其中|\d|同比|增长|下降|提高|比上年|累计|总量|总数|占|居|列|位)|{FLOW_START.pattern}|{VERB_START.pattern}")


def clauses_of(text: str, start: int, end: int, facts: Sequence[Quantity]) -> list[Clause]:
    """Cuts a sentence at stops outside quotes and brackets, after numbers also at 、 and 和.

    Brackets that hold a fact are clauses of their own; others belong to the words they explain.
    """
    ends = {q.right for q in facts} | {_after_brackets(text, q.right, end) for q in facts}
    begins = {q.left for q in facts if q.form != "rank"}
    open_brackets = {i for i in range(start, end) if text[i] in "（(" and _holds_fact(text, i, end, facts)}
    clauses, begin, mark, depth = [], start, "", 0
    closing: list[bool] = []
    i = start
    while i < end:
        char = text[i]
        boundary = 0
        if char in "“《":
            depth += 1
        elif char in "”》":
            depth = max(0, depth - 1)
        elif char in "（(":
            closing.append(i in open_brackets)
            boundary = 1 if i in open_brackets else 0
        elif char in "）)":
            boundary = 1 if closing and closing.pop() else 0
        elif depth == 0 and not (closing and not closing[-1]):
            if char in "，；：,;:！？。" and not (char in ",:" and text[i - 1 : i].isdigit()):
                boundary = 1
            elif char == "、" and (i in ends or i + 1 in begins):
                boundary = 1
            elif char in "和及与" and i + 1 in begins:
                boundary = 1
            elif i in ends and (match := re.match(r"和|及|与|以及|并", text[i:end])):
                boundary = len(match.group())
        if boundary:
            clauses.append(Clause(begin, i, mark))
            begin, mark = i + boundary, char
            i = begin
            continue
        i += 1
    clauses.append(Clause(begin, end, mark))
    return clauses


def _after_brackets(text: str, at: int, end: int) -> int:
    """Where the words after a number go on when a remark in brackets follows it: 1635亿元（预计数，下同）、"""
    if text[at : at + 1] in ("（", "("):
        close = next((i for i in range(at, end) if text[i] in "）)"), at - 1)
        return close + 1
    return at


def _holds_fact(text: str, opening: int, end: int, facts: Sequence[Quantity]) -> bool:
    close = next((i for i in range(opening, end) if text[i] in "）)"), end)
    return any(opening < q.start < close for q in facts) and close - opening > 4


def _run(text: str, facts: Sequence[Quantity], i: int) -> list[Quantity]:
    """Numbers with nothing but connectors between them, of one kind: 7.5%、11.5%和17.4%."""
    run = [facts[i]]
    listed = "分别" in text[max(0, facts[i].left - 10) : facts[i].left]
    for q in facts[i + 1 :]:
        last = run[-1]
        if q.form != last.form or not (_LIST_CONNECTOR if listed else _CONNECTOR).fullmatch(text[last.right : q.left]):
            break
        if q.form == "rank" or (q.unit != last.unit and not _alike(q.unit, last.unit)):
            break
        run.append(q)
    return run


def _alike(a: str, b: str) -> bool:
    return a.strip("十百千万亿") == b.strip("十百千万亿") or (a in ("金", "银", "铜", "") and b == a)


def _read_run(
    text: str, clause: Clause, clauses: list[Clause], run: list[Quantity], before: Quantity | None,
    following: Quantity | None, done: list[Draft],
    thread: Thread, linker: Linker,
) -> list[Draft]:  # fmt: skip
    first = run[0]
    begin = clause.start
    if before and before.right > begin:
        begin = before.right
    lead_text = text[begin : first.left]
    home = next((c for c in clauses if c.start <= run[-1].start < c.end), clause)
    runs_on = following is not None and following.left < home.end
    limit = following.left if following and runs_on else max(home.end, run[-1].right)
    tail = text[run[-1].right : limit]
    if runs_on and following and (following.form == "rank" or tail == "的"):
        tail = tail.rsplit("、", 1)[0] if tail != "的" else text[run[-1].right : home.end]
        runs_on = False
    enumerated = clause.mark == "、" or (clause.mark in "和及与" and clause.mark != "")
    if first.form == "rank":
        base = bool(following and following.form == "rank" and _is_base(text, lead_text, first, following))
        if before and done and done[-1].base and re.fullmatch(r"[^，。；]{0,6}(?:至|到|为)(?:[全世][国省市界])?", lead_text):
            return [Draft(first, done[-1].indicator, "rank", first.value, first.comparator, "from base", 0.9, clause.start, thread.place)]
        ranks = [_rank(text, q, re.sub(r"(?:由|从)[^，。；]{0,10}$", "", lead_text) if base else lead_text, clause, clauses, thread, done, linker) for q in run]
        return [replace(d, base=True) for d in ranks] if base else ranks
    if first.form == "proportion":
        return _proportion(run, lead_text, clause, linker)
    if following and len(run) == 1 and _is_base(text, lead_text, first, following):
        lead = read_lead(re.sub(r"(?:由|从)[^，。；]{0,10}$", "", lead_text))
        name, _ = complete(left_name(lead.body), lead, (thread.names or [""])[-1], enumerated=False, same_unit=False)
        thread.names = [name] if name else thread.names
        return [Draft(first, name, "level", first.value, first.comparator, "base", 0.8, clause.start, thread.place, True)] if name else []
    if before and done and done[-1].base and re.fullmatch(r"[^，。；]{0,6}(?:至|到|为)(?:[全世][国省市界])?", lead_text):
        return [Draft(first, done[-1].indicator, "level", first.value, first.comparator, "from base", 0.9, clause.start, thread.place)]
    lead = read_lead(lead_text)
    subject = lead.body
    if not subject and lead.verb and "分别" in lead_text and len(thread.names) != len(run):
        subject = lead_text
    if len(run) > 1:
        names, rule = _names_of_list(lead, lead_text, run, thread, text, clause, clauses, done)
    else:
        name, rule = _name(text, lead, lead_text, tail, first, thread, enumerated, clause, clauses, done, linker, runs_on)
        names = [name]
    comparators = _spread(run)
    drafts = []
    if first.form == "medal":
        names = [re.sub(r"[金银铜]?牌?$", "", name) + text[q.end] + "牌" for q, name in zip(run, names, strict=False)]
    for q, name, comparator in zip(run, names, comparators, strict=False):
        measure, value, name, sure = _measure(q, lead, lead_text, name, tail)
        if len(name) < 2 or name in _NO_NAME:
            continue
        known = linker.vocabulary.indicator(name)
        if measure == "level" and known and not re.search(r"[率比重度]$|比例|指数", name) and known.stat_type == "level" and grows(known.unit, q):
            measure, sure = "growth", 0.7
        place, name = linker.split_place(name)
        thread.place = place or thread.place
        name = recall(name, thread.memory)
        remember(name, thread.memory)
        drafts.append(
            Draft(q, name, measure, value, comparator, rule, sure * (1.0 if rule == "named" else 0.85), clause.start,
                  place or thread.place)
        )  # fmt: skip
    if names and names[0]:
        thread.names = [re.sub(r"(?<=.)(?:[一二三四五六七八九十百千万]*亿元?)?(?:台阶|大关)$", "", d.indicator) for d in drafts] or names
        thread.unit = run[-1].unit
    return drafts


_HEAD_NOUN = re.compile(r"(?:项目|企业|工程|小区|事项)$")
_DEFINITE = re.compile(r"^(?:当年|其中|已|未|新)?(?:竣工|开工|已开工|开工建设|已完成|完成|未启动|未开工|微调|调出|实施|竣工投产|投产|开工建设中)?$")


def remember(name: str, memory: dict[str, str]) -> None:
    """Keeps the fullest name seen last for its head noun: 项目 -> 基础设施建设项目."""
    head = _HEAD_NOUN.search(name)
    core = without_flow(name)
    if head and len(core) > len(head.group()) + 2 and not re.search(r"(?:入选|获|签约|引进|招引|科技招商)", name):
        memory[head.group()] = core


def recall(name: str, memory: dict[str, str]) -> str:
    """A bare 项目, 竣工项目 or 竣工 means the projects spoken of before: 竣工基础设施建设项目."""
    head = _HEAD_NOUN.search(name)
    action = name[: head.start()] if head else name
    if not _DEFINITE.match(action) or not (head or action) or action in ("新", "完成", "实施") and not head:
        return name
    known = memory.get(head.group() if head else "项目", "")
    return ("" if action == "实施" else action) + known if known else name


_NO_NAME = frozenset("年均 平均 累计 总量 总数 其中 人均 新增 增速 占比 规模 数量 合计".split())  #: nothing alone


def _is_base(text: str, lead: str, q: Quantity, following: Quantity) -> bool:
    """从第11位跃升至第4位, 由66户整合至12户: the first of the two is where it began."""
    return bool(re.search(r"(?:由|从)[^，。；、]{0,10}$", lead)) and bool(
        re.fullmatch(r"[^，。；、\d]{0,8}(?:至|到|为)[^，。；、\d]{0,3}", text[q.right : following.left])
    )


def _spread(run: list[Quantity]) -> list[Comparator]:
    """分别增长10%、35%以上: the last comparator covers the list."""
    trailing = run[-1].comparator
    if len(run) > 1 and trailing in (">=", "~", "<=") and run[-1].left == run[-1].start:
        return [q.comparator if q.comparator != "=" else trailing for q in run]
    leading = run[0].comparator
    return [q.comparator if q.comparator != "=" or leading not in (">",) else leading for q in run] if len(run) > 1 else [run[0].comparator]


def _name(
    text: str, lead: Lead, lead_text: str, tail: str, q: Quantity, thread: Thread, enumerated: bool, clause: Clause,
    clauses: list[Clause], done: list[Draft], linker: Linker, runs_on: bool,
) -> tuple[str, str]:  # fmt: skip
    """The indicator of a single number and the rule that found it."""
    previous = thread.names[-1] if thread.names else ""
    same_unit = bool(q.unit) and q.unit not in ("%", "‰") and _alike(q.unit, thread.unit)
    counts = q.unit.strip("十百千万亿") in COUNTERS
    if not lead.verb and not lead.comparison and takes_right(lead_text, tail, counts):
        body = strip_subject(lead_text)
        name = right_name(lead_text, tail, runs_on=runs_on, plain=bool(body))
        if name:
            if giver := re.match(r"^(?P<who>[^，。；]{2,14})为(?:全[市省区县州])?(?:近|超)?$", strip_lead_in(lead_text)):
                thread.giver = giver["who"]
                words = re.search(r"(?:提供|发放|减免|兑现|授信|投放|配备)[^，。；]*$", tail)
                noun = tail[: words.start()] if words else tail
                return thread.giver + (words.group() if words else "") + noun, "given"
            if ("、" in body or lead_text.endswith("等")) and (flow := FLOW_START.match(left_name(lead_text))):
                body = flow.group()
            if body and not tail.startswith("的") and RELATIONAL_FREE.search(body):
                if len(body) <= 12:
                    thread.prefix = body
                    name = tidy(body + name)
            if following_noun := _shared_head(name, text, run_end=q.right + len(tail), clauses=clauses):
                name = following_noun
            if enumerated and thread.prefix and not lead.body:
                return thread.prefix + name, "enumerated"
            if enumerated and previous and not FLOW_START.match(name) and (flow := FLOW_START.match(previous)):
                name = flow.group() + name
            return name, "noun after number"
    if clause.mark in ("（", "(") and not lead.body and previous:
        return _in_brackets(previous, q), "in brackets"
    name = left_name(lead.body, counted=counts)
    if lead.comparison:
        owner = name or previous
        return owner + lead.comparison, "compared"
    if thread.giver and (given := re.search(r"(?:提供|发放|减免|兑现|授信|投放|配备).+$", name)):
        return thread.giver + given.group(), "given"
    if not name and not previous:
        name = _subject_before(text, clause, clauses, linker) or ("" if done else thread.topic)
    if name.startswith("产业") and needs_owner(name):
        return (join(thread.topic, name) if re.search(r"(?:产业|经济)$", thread.topic) else name), "owner from topic"
    if not previous and FLOW_START.fullmatch(name) and (thing := _object_before(text, clause, clauses)):
        return name + thing, "object of clause before"
    if not previous and name and needs_owner(name):
        owner = _topic_before(text, clause, clauses) or thread.topic
        if owner:
            return join(owner_of(owner, name), name), "owner from topic"
    restored, rule = complete(
        name, lead, previous, enumerated=enumerated, same_unit=same_unit, known=linker.vocabulary.indicator(name) is not None
    )
    if rule == "inherited" and q.unit not in ("%", "个百分点", "‰", "倍", "番") and not lead.verb:
        restored = _in_brackets(restored, q)
    if rule == "inherited" and not lead.verb and not lead.stock and done and not enumerated and clause.mark not in ("（",):
        rule = "inherited without verb"
    return restored, rule


RELATIONAL_FREE = re.compile(r"[\u4e00-\u9fff”]{2,}$")


def _shared_head(name: str, text: str, run_end: int, clauses: list[Clause]) -> str:
    """2家千亿级、24家百亿级工业企业: the head after the next number belongs to both."""
    if not re.search(r"[级考]$", name):
        return ""
    match = re.match(r"[、和及与]\d[\d.,]*[\u4e00-\u9fff]{1,2}?(?P<noun>[\u4e00-\u9fff]{1,4}[级考])(?P<head>[\u4e00-\u9fff]{0,6}?(?:企业|园区|断面|项目|平台|产业|集群|机构|工厂|中心|城市|县|镇|村|区))", text[run_end : run_end + 24])
    return name + match["head"] if match else ""


def strip_subject(lead_text: str) -> str:
    """A noun right before a counted noun stays with it (产业、科创|2支|基金); verbs are the flow's business."""
    lead = read_lead(lead_text.rsplit("为", 1)[-1])
    return "" if lead.verb or re.search(r"[了的在为对向将把由等及和与]$|[，：]", lead.body) or _ends_in_verb(lead_text) else left_name(lead.body)


def _ends_in_verb(lead_text: str) -> bool:
    return bool(TRANSITIVE_END.search(lead_text))


#: 经营主体|持续壮大, 新材料产业|瞄准高端化, 吉化乙烯项目|投产: the words before such a predicate are the sentence's subject
_SUBJECT = re.compile(
    r"^(?P<s>[^，。；：\d]{2,14}?)(?=量质齐升|持续|不断|更加|加速|稳步|显著|明显|超前|提速|瞄准|聚焦|突出|深度|抢占|重点推动|投产|建成|竣工|上线|发布|做大|规模持续|稳中)"
)


def subject_of(sentence: str) -> str:
    """The subject a sentence opens with, when it is an industry, a project or the like; else an empty string."""
    match = _SUBJECT.match(sentence)
    if not match or FLOW_START.match(match["s"]) or VERB_START.match(match["s"]):
        return ""
    return match["s"]


def _topic_before(text: str, clause: Clause, clauses: list[Clause]) -> str:
    """The subject of the clause before, when that has no number: 吉化乙烯项目投产，总产能达…"""
    at = clauses.index(clause) if clause in clauses else 0
    if not at:
        return ""
    earlier = clauses[at - 1]
    words = text[earlier.start : earlier.end]
    quoted = re.search(r"“[^”]{2,12}”[\u4e00-\u9fff]{0,6}$|“[^”]{2,12}”", words)
    if quoted and words.endswith(quoted.group()):
        return quoted.group()
    match = _SUBJECT.match(words)
    if verb_object := re.match(r"(?:实施|推进|深化|加强|加快|推动)(?P<o>[\u4e00-\u9fff]{1,5}?(?:国企|企业|园区|产业|行业|基金|农业|工业|渔业))", words):
        return verb_object["o"]
    if match and not VERB_START.match(words):
        return re.sub(r"(?:项目|工程)$", "", match["s"])
    return quoted.group() if quoted else ""


def _subject_before(text: str, clause: Clause, clauses: list[Clause], linker: Linker) -> str:
    """经济总量跨过两个万亿元大关、超过6万亿元; 固定资产投资稳步回升，增长5%: the subject of the clause before."""
    at = clauses.index(clause) if clause in clauses else 0
    if not at:
        return ""
    words = strip_lead_in(text[clauses[at - 1].start : clauses[at - 1].end])
    if clause.mark == "、":
        return left_name(read_lead(words).body)
    match = _SUBJECT.match(words)
    return match["s"] if match and linker.vocabulary.indicator(match["s"]) else ""


def _object_before(text: str, clause: Clause, clauses: list[Clause]) -> str:
    """培育壮大“四上”企业，力争新增300家: what the clause before acts on."""
    at = clauses.index(clause) if clause in clauses else 0
    words = text[clauses[at - 1].start : clauses[at - 1].end] if at else ""
    while opening := re.match(rf"(?:{VERB_START.pattern}|{FLOW_START.pattern})", words):
        words = words[opening.end() :]
    return words if 2 <= len(words) <= 16 and HEAD.search(words) else ""


def _names_of_list(
    lead: Lead, lead_text: str, run: list[Quantity], thread: Thread, text: str, clause: Clause, clauses: list[Clause],
    done: list[Draft],
) -> tuple[list[str], str]:  # fmt: skip
    """One name for each number of a list, in order."""
    body = lead.body
    if not left_name(body):
        if len(thread.names) == len(run):
            return list(thread.names), "list as before"
        levels = list(dict.fromkeys(d.indicator for d in done if d.measure == "level"))
        if "分别" in lead_text and len(levels) >= len(run):
            return levels[-len(run) :], "list as before"
        previous = thread.names[-1] if thread.names else ""
        items = split_items(previous, len(run))
        return (items, "list as before") if len(items) == len(run) else ([previous] * len(run), "list inherited")
    verb_object = re.match(r"^(?P<subjects>.+?)(?:分别|各)(?:实现|完成|达到|新增|为)?(?P<object>[^，。；]*)$", lead_text)
    items = split_items(left_name(body, single=False), len(run))
    if verb_object and (subjects := split_items(left_name(strip_adverbs(verb_object["subjects"]), single=False), len(run))) and len(subjects) == len(run):
        noun = read_lead(verb_object["object"]).body if verb_object["object"] else ""
        return [s + noun if noun and not s.endswith(noun) else s for s in subjects], "list"
    if len(items) == len(run):
        return items, "list"
    joined = "分别" in lead_text and _subjects_before(text, clause, clauses, len(run))
    if joined:
        return [subject + body if body not in subject else subject for subject in joined], "list"
    name = left_name(body)
    return [name] * len(run), "list undivided"


def _subjects_before(text: str, clause: Clause, clauses: list[Clause], n: int) -> list[str]:
    at = clauses.index(clause) if clause in clauses else 0
    if not at:
        return []
    items = split_items(left_name(text[clauses[at - 1].start : clauses[at - 1].end], single=False), n)
    return items if len(items) == n else []


def _in_brackets(previous: str, q: Quantity) -> str:
    """4%以上（1055亿元左右）: an amount beside a share is that of its part."""
    share = _SHARE.match(previous)
    if share and q.unit not in ("%", "‰", "个百分点"):
        return share["part"].removesuffix("的")
    return previous


def _measure(q: Quantity, lead: Lead, lead_text: str, name: str, tail: str) -> tuple[Measure, Decimal, str, float]:
    """(measure, signed value, name, confidence) of a number that is no rank."""
    sign = -1 if lead.falls else 1
    if q.unit in ("番", "倍") and q.form == "multiple":
        if q.number and not q.number[0].isdigit():
            return "growth", q.value, name, 0.9
        if lead.verb and not lead.to:
            return "growth", sign * q.value, name, 0.95
        return "level", q.value, name, 0.8
    if lead.comparison:
        return "level", q.value, name, 0.9
    if q.unit == "位" and lead.verb:
        return "change", sign * q.value, name, 0.9
    if q.unit in ("个百分点", "百分点"):
        if not lead.verb and (verb := re.match(r"(?P<fall>降低|压降|减少|下调|压减)|提高|提升|上调|增加", name)):
            return "change", (-1 if verb["fall"] else 1) * q.value, name[verb.end() :], 0.85
        return "change", sign * q.value, name, 0.95
    if lead.verb and not lead.to and q.unit in ("%", "‰", "成"):
        return "growth", sign * q.value, name, 0.98
    if q.unit in ("%", "‰") and re.search(r"增速|增幅|涨幅|增长率", name[-5:]):
        return "growth", q.value, re.sub(r"(?:的)?(?:总水平)?(?:增速|增幅|涨幅|增长率)$", "", name) if not name.endswith("总水平涨幅") else name, 0.95
    if lead.verb and not lead.to and q.unit.strip("十百千万亿") in COUNTERS and lead.verb not in _COUNTED_CHANGE:
        return "level", q.value, name + lead.verb, 0.8
    if lead.verb and not lead.to:
        return "change", sign * q.value, name, 0.85 if lead.body else 0.7
    return "level", q.value, name, 0.95


#: 户籍人口增加3万人 is a change; 农村户厕改造提升4500户 counts what was done
_COUNTED_CHANGE = frozenset("增长 增加 减少 下降 增 减 上升".split())


def grows(indicator_unit: str, q: Quantity) -> bool:
    """产值 8%: a per cent of what is measured in yuan or tonnes can only be its growth."""
    return q.unit == "%" and bool(indicator_unit) and not indicator_unit.rsplit("/", 1)[-1].startswith(("percent", "permille"))


def _rank(
    text: str, q: Quantity, lead_text: str, clause: Clause, clauses: list[Clause], thread: Thread, done: list[Draft],
    linker: Linker,
) -> Draft:  # fmt: skip
    match = RANK_LEAD.match(lead_text)
    body = match["body"] if match else lead_text
    previous = thread.names[-1] if thread.names else ""
    name = left_name(strip_adverbs(body))
    rule = "rank"
    if not name or len(name) < 2:
        name = done[-1].indicator if done else previous
        rule = "rank of previous"
    elif needs_owner(split_items(name)[0]) and (owner := previous or _topic_before(text, clause, clauses) or thread.topic):
        name = join(owner_of(owner, split_items(name)[0]), name)
    place, name = linker.split_place(name)
    return Draft(q, name or "排名", "rank", q.value, q.comparator, rule, 0.85, clause.start, place or thread.place)


def _proportion(run: list[Quantity], lead_text: str, clause: Clause, linker: Linker) -> list[Draft]:
    name = left_name(read_lead(lead_text).body)
    parts = ["第一产业", "第二产业", "第三产业"] if "三次产业" in name or "三产" in name or "产业结构" in name else []
    names = [f"{name}（{part}）" for part in parts] if len(parts) == len(run) else [name] * len(run)
    return [
        Draft(q, n, "level", q.value, "=", "proportion", 0.8, clause.start) for q, n in zip(run, names, strict=False)
    ]


def settle_kind(text: str, draft: Draft, kind: Kind, sentence: tuple[int, int]) -> Kind:
    """Target or result: the section's, unless the clause says otherwise."""
    clause = text[max(sentence[0], draft.quantity.start - 40) : draft.quantity.start]
    clause = re.split(r"[。；]", clause)[-1]
    if kind == "result" and re.search(r"(?:力争|确保|预期目标|目标(?:为|是|值)|计划(?:到|于|新|实施|今年|明年)|到20[3-9]\d年|将(?:达到|新增|建成))[^，。；]*$", clause):
        return "target"
    if kind == "target" and re.search(r"(?:(?<![比较于])去年|(?<![比较于])上年|已(?:完成|建成|实现|累计|达)|较好完成|目前)[^，。；]*$", clause):
        return "result"
    return kind


def settle_period(
    text: str, draft: Draft, named: Sequence[periods.Period], default: str, sentence: tuple[int, int]
) -> tuple[str, bool]:
    """The period of a fact and whether it looks ahead: the last one named before it that still reaches it."""
    at = draft.quantity.start
    chosen, ahead = default, False
    for period in named:
        if not (sentence[0] <= period.start < at):
            continue
        between = text[period.end : at]
        if period.scope == "clause" and re.search(r"[，；。]", between) or period.scope == "segment" and "；" in between:
            continue
        chosen, ahead = period.value, period.target
    if draft.base:
        first = int(re.findall(r"\d{4}", chosen or "0000")[0])
        return (str(first - 1) if first else chosen), False
    if "/" in chosen and chosen == default and re.fullmatch(r"\d{4}/\d{4}", chosen):
        return _end_or_span(draft, chosen, re.split(r"[，。；、]", text[: draft.quantity.start])[-1]), ahead
    return chosen, ahead


_CUMULATIVE = re.compile(r"累计|新增|新建|建成|建设(?!用地)|完成|改造|引进|实施|发放|年均|净增|获批|培育|就业(?!率)|治理|任务|民生占比|台阶|增量|投资(?!率|占)|退出|脱贫|转移")


def _end_or_span(draft: Draft, span: str, lead: str) -> str:
    """In a five-year review a stock or rate is that of the last year, a flow or growth that of the span."""
    if draft.measure == "rank":
        return span[-4:]
    if draft.measure in ("growth", "change") or "年均" in draft.indicator or re.search(r"累计|稳定在|保持在", lead):
        return span
    if re.search(r"(?:达到?|为|至|到|[共拥]有|总数)$", lead):
        return span[-4:]
    if _CUMULATIVE.search(draft.indicator):
        return span
    counted = draft.quantity.unit.strip("十百千万亿") in COUNTERS and not re.search(r"(?:超过?|突破)$", lead)
    return span if counted else span[-4:]
