"""Target or result, and of which period: the section's, unless the words say otherwise."""

import re
from collections.abc import Sequence

from loaders.facts.against import COMPARED, OF_PLAN, PLANNED, TIMES
from loaders.facts.thread import Draft
from loaders.grammar import EACH_YEAR, FLOW_START, strip_lead_in
from loaders.mentions.periods import Period
from loaders.model import Kind

_AIMS = re.compile(
    r"(?:力争|确保|预期目标|目标(?:为|是|值)|计划(?:到|于|新|实施|今年|明年)|到20[3-9]\d年|将(?:达到|新增|建成))[^，。；]*$|目标(?:增长|下降|降低|提高)?$"
)
_HAPPENED = re.compile(
    r"(?:(?<![比较于])去年|(?<![比较于])上年|已(?:完成|建成|实现|累计|达)|较好完成|目前)[^，。；]*$"
)
_CLAUSE_END = re.compile(r"[。；]")
_COMMA = re.compile(r"[，；。]")
_FIVE_YEARS = re.compile(r"\d{4}/\d{4}")
#: a flow: in a review of five years its number is that of all five
_CUMULATIVE = re.compile(
    r"累计|新增|新建|建成|建设(?!用地)|完成|改造|引进|实施|发放|年均|净增|获批|培育|就业(?!率)|治理|任务|民生占比|争取(?!.*率)|台阶|增量|"
    r"投资(?!率|占)|退出|脱贫|转移|筹建|开挖|疏浚|消除|探明|新设|重组|解决|撬动|召开|举行|发射|补充|改善|提请|打通|扩容(?!至|到)|开通|削减|^通过|^投入运营|^获国家|^获全国|^获(?!得感)"
)
#: what stands at the end although it was built up: 累计建成高标准农田, 建成5G基站, 建成养老床位; or is of one year or month
_STANDS = re.compile(r"累计(?:建成|缔结)|建成5G基站|建成.*养老(?:床位|服务设施)|月(?:访问|活跃|均)|年度产量")
_OVER_TIME = re.compile(r"累计|稳定在|保持在")
_REACHED = re.compile(r"(?:达到?|为|至|到|[共拥]有|总数)$")
_PASSED = re.compile(r"(?:超过?|突破)$")


def settle_kind(text: str, draft: Draft, kind: Kind, sentence: tuple[int, int]) -> Kind:
    """Target or result: the section's ``kind``, unless the clause says otherwise."""
    if draft.rule == PLANNED:
        return "target"
    clause = _CLAUSE_END.split(text[max(sentence[0], draft.quantity.start - 40) : draft.quantity.start])[-1]
    if (
        kind == "result" and draft.rule not in (COMPARED, OF_PLAN) and _AIMS.search(clause)
    ):  # 比预期目标高0.8个百分点
        return "target"
    if kind == "target" and _HAPPENED.search(clause):
        return "result"
    return kind


_ESTIMATED = "预计"
#: 预计，全年实现…；…: up to the end of the sentence; 预计完成…，…；…: up to the semicolon
_ESTIMATES = re.compile(
    r"(?:[^，。；、\d]{0,8}，)?(?:\d{4}年|\d{1,2}月底|年底)?，?[^，。；、\d]{0,4}预计(?:[，：][^。]*|[^。；]*)"
)
_ESTIMATED_BELOW = re.compile(r"[（(][^（()）]{0,10}预计数?[，、]下同[）)]")
_NOTED = re.compile(r"[（(][^（()）]{0,10}预计")  #: 1635亿元（预计数; 171亿元（2010年数据为预计数
_GROWTH = re.compile(r"[^，。；、\d]{0,8}(?:增长|下降|增加|减少|提高|降低)")


def is_estimate(text: str, draft: Draft, sentence: tuple[int, int]) -> bool:
    """Whether the report calls a result 预计: before it in its clause or in that of the amount that grew, behind it, or
    for all that follows."""
    if _ESTIMATED not in text:
        return False
    start, q = draft.clause_start, draft.quantity
    if _ESTIMATED in text[start : q.start] or _NOTED.match(text, q.right):
        return True
    if not draft.base and _ESTIMATED_BELOW.search(text, 0, q.start):
        return True
    opening = _ESTIMATES.match(text, sentence[0])
    if opening is not None and q.start < opening.end():
        return True
    before = _COMMA.split(text[sentence[0] : start].rstrip("，、"))[-1]
    return _ESTIMATED in before and _GROWTH.match(text, start) is not None


def settle_period(
    text: str, draft: Draft, named: Sequence[Period], default: str, sentence: tuple[int, int]
) -> tuple[str, bool]:
    """The period of a fact and whether it looks ahead: the last one named before it that still reaches it."""
    q = draft.quantity
    at = q.left if q.form == "proportion" else q.start
    chosen, ahead, close, reached = default, False, False, sentence[0]
    for period in named:
        if not sentence[0] <= period.start < at:
            continue
        origin = text[max(0, period.start - 1) : period.start] in ("从", "由")
        if origin and draft.base and at - period.end <= 4:
            return period.value, False  # 从上半年5.5%降到5.3%, 从2020年的3.68万亿元增长到…
        if not origin and _reaches(period, text[period.end : at]):
            chosen, ahead, close, reached = period.value, period.target, period.scope == "clause", period.end
    if _PART_OF_YEAR.search(chosen) and _WHOLE_YEAR.search(text, max(sentence[0], reached), at):
        chosen, ahead, close = default, False, False
    if since := _growth_since(draft, chosen, text[max(sentence[0], at - 400) : at]):
        return since, False
    if draft.rule == "from base" and chosen != default and _FIVE_YEARS.fullmatch(chosen):
        return chosen[-4:], ahead  # “十四五”期间，比重由2020年的7.2%提升至7.4%
    spans = bool(_FIVE_YEARS.fullmatch(default))
    if spans and EACH_YEAR.search(draft.indicator):  # 2020年实现144亿元、年均增长8.7%: of no single year
        return (chosen if close and len(chosen) > 4 else default), ahead
    if draft.base:
        years = re.findall(r"\d{4}", default if spans else chosen)
        return (str(int(years[0]) - 1) if years else chosen), False
    if chosen == default and spans and not close:
        return _year_or_span(draft, chosen, _COMMA.split(text[max(0, at - 60) : at])[-1]), ahead
    return chosen, ahead


_PART_OF_YEAR = re.compile(r"-")  #: 2020-Q4, 2020-01/2020-05
_WHOLE_YEAR = re.compile(r"[，；、]全年")  #: 四季度加快恢复，|全年|增长3.9%
_SINCE = re.compile(r"(?:比|较)(?P<base>20\d\d)年[末底]?[^，。；]{0,6}$")
#: 是2007年的2.5倍，年均增长16.1%
_TIMES_SINCE = re.compile(r"(?:相当于|是)(?P<base>20\d\d)年[末底]?的[^。]*$")


def _growth_since(draft: Draft, period: str, clause: str) -> str:
    """2016年…浓度比2013年下降34.3%: a change against an earlier year is that of the years since; else empty."""
    if draft.measure not in ("growth", "change"):
        return ""
    base = _SINCE.search(clause)
    if draft.rule == TIMES or EACH_YEAR.search(draft.indicator):
        base = base or _TIMES_SINCE.search(clause)
    first, last = int(base["base"]) + 1 if base else 0, period[-4:]
    return f"{first}/{last}" if base and last.isdigit() and first < int(last) else ""


def _reaches(period: Period, between: str) -> bool:
    if period.scope == "clause":
        return not _COMMA.search(between)
    return period.scope == "sentence" or "；" not in between


def _year_or_span(draft: Draft, span: str, clause: str) -> str:
    """In a five-year review a stock, rate or rank is that of the last year, a flow or growth that of the span.

    ``clause``: the words before the number in its clause; what it opens with holds for all it enumerates.
    """
    last, lead = span[-4:], clause.rsplit("、", 1)[-1]
    if draft.measure == "rank":
        return last
    if draft.measure in ("growth", "change") or EACH_YEAR.search(draft.indicator):
        return span
    if draft.rule == COMPARED and "增速" in draft.indicator:
        return span
    if draft.indicator.endswith("率") or _STANDS.search(draft.indicator):
        return last
    if _REACHED.search(lead):
        return last
    if _OVER_TIME.search(clause) or _CUMULATIVE.search(draft.indicator):
        return span
    if clause.startswith(("完成", "五年")):  # 完成营造林18万亩; 五年全社会环保投入
        return span
    acted = FLOW_START.match(draft.indicator) or FLOW_START.match(strip_lead_in(clause))
    return span if acted and not _PASSED.search(lead) else last
