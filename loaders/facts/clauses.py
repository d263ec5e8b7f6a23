"""A sentence cut into clauses, its numbers gathered into runs, and the words around a run."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from loaders.mentions.quantity import Quantity

_STOPS = "，；：,;:！？。"
_CONNECTOR = re.compile(r"\s*(?:、|和|及|与|以及|并|/)?\s*(?:同比)?\s*")
_LIST_CONNECTOR = re.compile(r"\s*(?:、|,|，|和|及|与|以及|并|/)?\s*(?:同比)?\s*")
_AND = re.compile(r"以及|和|及|与|并")
_MARK = re.compile(r"[“”《》（()），；：,;:！？。、和及与并以]")
_VERBS_IN_AND = frozenset("惠及 涉及 普及 遍及 参与 给与 授与".split())  #: 及 and 与 that join nothing
_KINDS = re.compile(r"\d+(?:大类|类|个方面)$")  #: 办好|12类|45件民生实事
SCALES = "十百千万亿"


class Clause(NamedTuple):
    start: int
    end: int
    mark: str  #: the character before it: ， 、 ； （ or empty


class Spot(NamedTuple):
    """A run of numbers in its sentence, with the words before it and after it."""

    text: str
    clauses: Sequence[Clause]
    clause: Clause  #: the one the run begins in
    run: Sequence[Quantity]
    before: Quantity | None  #: the fact's number before the run
    following: Quantity | None  #: the fact's number after it
    lead: str  #: words between the last boundary and the run
    tail: str  #: words between the run and the next boundary
    runs_on: bool  #: the next number stands in the same clause

    @property
    def first(self) -> Quantity:
        return self.run[0]

    @property
    def enumerated(self) -> bool:
        """The item follows another after 、 or 和."""
        return self.clause.mark != "" and self.clause.mark in "、和及与"

    @property
    def earlier(self) -> str:
        """The words of the clause before, empty at the start of a sentence."""
        at = self.clauses.index(self.clause)
        return self.text[self.clauses[at - 1].start : self.clauses[at - 1].end] if at else ""


def spot(
    text: str,
    clauses: Sequence[Clause],
    run: Sequence[Quantity],
    before: Quantity | None,
    following: Quantity | None,
) -> Spot:
    """The surroundings of ``run``."""
    first, last = run[0], run[-1]
    clause = next(c for c in reversed(clauses) if c.start <= first.left)
    home = next((c for c in clauses if c.start <= last.start < c.end), clause)
    lead = _KINDS.sub("", text[max(clause.start, before.right if before else 0) : first.left])
    if not lead and clause.mark in ("）", ")"):
        lead = words_before_bracket(text, clauses, clause)
    runs_on = following is not None and following.left < home.end
    tail = text[last.right : following.left if following and runs_on else max(home.end, last.right)]
    if (
        runs_on and following and tail == "的"
    ):  # 总投资15亿元的145个项目: the noun stands after the next number
        tail, runs_on = text[last.right : home.end], False
    elif runs_on and following and following.left == last.right and last.unit.strip(SCALES) == "户":
        tail, runs_on = text[following.right : home.end], False  # 14216户|52820名|建档立卡贫困人口
    elif runs_on and following and following.form == "rank":
        tail, runs_on = tail.rsplit("、", 1)[0], False
    return Spot(text, clauses, clause, run, before, following, lead, tail, runs_on)


def clauses_of(text: str, start: int, end: int, facts: Sequence[Quantity]) -> list[Clause]:
    """Cuts a sentence at stops outside quotes and brackets; beside a number also at 、 and 和.

    Brackets that hold a fact are clauses of their own; others belong to the words they explain.
    """
    ends = {q.right for q in facts} | {_after_brackets(text, q.right, end) for q in facts}
    begins = {q.left for q in facts if q.form != "rank"}
    open_brackets = {i for i in range(start, end) if text[i] in "（(" and _holds_fact(text, i, end, facts)}
    clauses: list[Clause] = []
    begin, mark, depth, skip = start, "", 0, start
    closing: list[bool] = []
    for match in _MARK.finditer(text, start, end):
        i, char = match.start(), match.group()
        boundary = 0
        if i < skip:
            continue
        if char in "“《":
            depth += 1
        elif char in "”》":
            depth = max(0, depth - 1)
        elif char in "（(":
            closing.append(i in open_brackets)
            boundary = int(i in open_brackets)
        elif char in "）)":
            boundary = int(bool(closing) and closing.pop())
        elif depth == 0 and not (closing and not closing[-1]):
            if char in _STOPS:
                boundary = int(
                    not (char in ",:" and text[i - 1 : i].isdigit()) and not _leads_on(text, i, begins)
                )
            elif i in ends and (joint := _AND.match(text, i, end)):
                boundary = len(joint.group())
            elif (
                (char == "、" and i in ends)
                or (char == "、" and _opens_amount(text, i + 1, begin, facts))
                or (i + 1 in begins and char in "、和及与" and text[i - 1 : i + 1] not in _VERBS_IN_AND)
            ):
                boundary = 1
        if boundary:
            clauses.append(Clause(begin, i, mark))
            begin = skip = i + boundary
            mark = char
    clauses.append(Clause(begin, end, mark))
    return clauses


def _leads_on(text: str, at: int, begins: set[int]) -> bool:
    """三次产业结构调整为：|11.7:43.0:45.3: a colon between the verb and its number parts nothing."""
    return text[at] in ":：" and at + 1 in begins and text[at - 1] in "为是达到至"


#: 惠及616.2万名近亲属、|共济金额|69.1亿元: a quantity of its own
_AMOUNT = re.compile(
    r"[\u4e00-\u9fff]{0,4}(?:金额|总额|资金|面积|总投资|投资额?|产值|税收|利润|销售额|人数|产能|装机|里程|床位数?|学位)"
)


def _opens_amount(text: str, at: int, begin: int, facts: Sequence[Quantity]) -> bool:
    """Do the words from ``at`` to the next number name a quantity, after another number of the clause?"""
    following = next((q for q in facts if q.left >= at), None)
    return (
        following is not None
        and following.left - at <= 8
        and any(begin <= q.left < at for q in facts)
        and _AMOUNT.fullmatch(text, at, following.left) is not None
    )


def _after_brackets(text: str, at: int, end: int) -> int:
    """Where the words after a number go on when a remark in brackets follows it: 1635亿元（预计数，下同）、"""
    if text[at : at + 1] in ("（", "("):
        return next((i for i in range(at, end) if text[i] in "）)"), at - 1) + 1
    return at


def _holds_fact(text: str, opening: int, end: int, facts: Sequence[Quantity]) -> bool:
    close = next((i for i in range(opening, end) if text[i] in "）)"), end)
    return any(opening < q.start < close for q in facts) and close - opening > 4


def run_from(text: str, facts: Sequence[Quantity], i: int) -> list[Quantity]:
    """The number at ``i`` and those after it with nothing but connectors between, of one kind: 7.5%、11.5%和17.4%."""
    run = [facts[i]]
    if text[max(0, run[0].left - 2) : run[0].left] in ("新增", "净增"):  # 运营里程新增1700公里、突破7000公里
        return run
    connector = _LIST_CONNECTOR if "分别" in text[max(0, facts[i].left - 10) : facts[i].left] else _CONNECTOR
    for q in facts[i + 1 :]:
        last = run[-1]
        between = text[last.right : q.left]
        lists = _LISTS.search(text[max(0, run[0].left - 30) : run[0].left]) if between in _BETWEEN else None
        listed = lists is not None and (between != "，" or len(run) <= lists.group().count("、"))
        if q.form != last.form or q.form == "rank" or not (listed or connector.fullmatch(between)):
            break
        if not alike(q.unit, last.unit) and not listed:
            break
        run.append(q)
    return run


#: what may part the numbers of a list; a comma where names still wait: 户数、人员、资金为2.5万户，9.9万人和256.8亿元
_BETWEEN = frozenset("、和与及，")
#: 每千人床位数、执业医师数|增至|7.83张、3.57个: two subjects, two numbers in units of their own
_LISTS = re.compile(
    r"[^，。；\d][、和及][^，。；\d]+(?:分别|增至|达到?|为|是|提高到|增加到)[^，。；\d]{0,4}$"
)


def alike(a: str, b: str) -> bool:
    """Units that differ in scale only: 家 and 万家."""
    return a.strip(SCALES) == b.strip(SCALES)


#: 三次产业结构|由2007年的|22:37:41, 从|第11位: what the value a change began with follows
ORIGIN = re.compile(r"(?:由|从)[^，。；、]{0,10}$")
_COMPARED = re.compile(r"[，、]?(?:较|比)[^，。；、]{2,10}的$")  #: 较“十三五”末的9323.1亿元增加4374.4亿元
_TO = re.compile(r"[^，。；、\d]{0,8}(?:至|到|为)(?:20\d\d年?的?|[^，。；、\d]{0,3})")
_REACHED = re.compile(r"[^，。；]{0,6}(?:至|到|为)(?:[全世][国省市界]|20\d\d年?的?)?(?:增长|下降)?")
_MORE = re.compile(r"(?:增加|减少|增长|提高|下降|扩大)")


#: 增加值下降8.7%，低于全市|（0.2%）|8.9个百分点: with whose value it is compared
_AGAINST_SCOPE = re.compile(r"(?:[高低快慢优好]于|比|较)(?P<scope>全[国省市])(?:平均)?(?:水平)?$")


def words_before_bracket(text: str, clauses: Sequence[Clause], clause: Clause) -> str:
    """A comparison that a value in brackets parts from the number after it; else empty."""
    opening = clauses[max(0, clauses.index(clause) - 2)]
    words = text[opening.start : opening.end]
    return words if _AGAINST_SCOPE.search(words) else ""


def scope_of_bracket(at: Spot) -> str:
    """全市, for the value in brackets behind 低于全市; else empty."""
    against = _AGAINST_SCOPE.search(at.earlier) if at.clause.mark in ("（", "(") and not at.lead else None
    return against["scope"] if against else ""


def begins_a_change(at: Spot) -> bool:
    """从第11位跃升至第4位, 由1327亿元、877亿元分别增加到3025亿元、1805亿元: the first of the two, or of the two runs."""
    following = at.following
    if following is None or (at.first.form == "rank") != (following.form == "rank"):
        return False
    between = at.text[at.run[-1].right : following.left]
    if _COMPARED.search(at.lead) and _MORE.match(between):
        return True
    return bool(ORIGIN.search(at.lead)) and bool(_TO.fullmatch(between))


def ends_a_change(at: Spot) -> bool:
    """Is this the number reached, right after the one it began with?"""
    return at.before is not None and bool(_REACHED.fullmatch(at.lead))


def without_origin(lead: str) -> str:
    """省属一级企业由 -> 省属一级企业."""
    return _COMPARED.sub("", ORIGIN.sub("", lead))
