"""What a number is held against: the plan, other regions, an earlier value; and how it is named then."""

import re
from collections.abc import Sequence

from loaders.facts.clauses import Spot
from loaders.facts.thread import Draft, Thread
from loaders.grammar import PLAN_WORDS
from loaders.naming import COMPARISON, join, left_name, needs_owner, owner_of, split_items

OF_PLAN = "share of a plan"  #: the rule of 完成年计划的89.4%
PLANNED = "value of a plan"  #: the rule of 完成年计划710亿元的89.4%
COMPARED = "compared"  #: the rule of 高于全国0.4个百分点
TIMES = "times of an earlier value"  #: the rule of 是2007年的1.7倍
#: of a share: whose it is, and of what
SHARE = re.compile(
    rf"(?P<part>.+?)(?:占(?P<whole>.+)|完成(?P<plan>.+(?:{PLAN_WORDS})数?)|与(?P<other>.+?)之比)(?:的?(?:比重|比例|比率))?$"
)
#: 财政总收入完成3.33亿元，完成盟级调整任务的|107.4%
_OF_PLAN = re.compile(rf"(?:已|共)?(?P<done>(?:完成|达到)[^，。；\d]{{0,12}}(?:{PLAN_WORDS})数?)的?")
#: 生产总值635亿元，完成年计划|710亿元|的89.4%: the plan's own value, then the share of it
#: 死亡208人，占省、市政府下达年度控制目标|213人|的97.65%
_PLAN = re.compile(
    rf"(?:已|共|占)?(?P<done>(?:完成[^，。；\d]{{0,8}}|占[^，。；\d]{{0,14}}控制)(?:{PLAN_WORDS})数?)$"
)


def of_plan(at: Spot, thread: Thread, done: Sequence[Draft]) -> tuple[str, str] | None:
    """The name and rule of a plan's own value, or of the share of it that was reached; None for other numbers."""
    if not thread.previous:
        return None
    if at.first.unit == "%" and (planned := _OF_PLAN.fullmatch(at.lead)):
        return SHARE.sub(r"\g<part>", thread.previous) + planned["done"], OF_PLAN
    if at.tail.startswith("的") and _PLAN.fullmatch(at.lead):
        return SHARE.sub(r"\g<part>", thread.previous), PLANNED
    if done and done[-1].rule == PLANNED and at.lead == "的":
        planned = _PLAN.search(at.text, done[-1].clause_start, done[-1].quantity.left)
        return thread.previous + (planned["done"] if planned else ""), OF_PLAN
    return None


_RATE = re.compile(r"(?:增速|增幅|涨幅|降幅|增长)$")


def compared(name: str, at: Spot, thread: Thread, done: Sequence[Draft]) -> str:
    """What is compared, ``name`` being what stands before the comparison.

    增长5.4%、高于全国0.4个百分点: the growth is compared; 达到95%、高于全国: the level; 增速高于全国: of what came before.

    Empty where nothing says what is compared.
    """
    if not name and _RATE.search(at.earlier) and not re.search(r"\d", at.earlier):
        return left_name(at.earlier)  # 地方财政收入增幅，分别高于全省、全市4.6和3个百分点
    if not thread.previous or (name and not needs_owner(name)):
        return name
    if name:
        return join(owner_of(thread.previous, name), name)
    grew = bool(done) and (done[-1].measure == "growth" or _RATE.search(done[-1].indicator) is not None)
    return thread.previous + ("增速" if grew and not _RATE.search(thread.previous) else "")


_RATE_END = re.compile(r"(?<=.)(?:增速|增幅|涨幅|降幅)$")


def without_comparison(name: str) -> str:
    """The quantity itself, of which the next number is: 地区生产总值增速高于全国 -> 地区生产总值."""
    return _RATE_END.sub("", COMPARISON.sub("", name))


def compared_with_each(base: str, comparison: str, n: int) -> list[str]:
    """高于全省、全市4.6和6个百分点: one name for each of ``n`` numbers; empty where there are not as many."""
    match = COMPARISON.fullmatch(comparison)
    if match is None or not base:
        return []
    than, what, side = match["than"] or comparison[0], match["what"] or match["with"], match["side"] or ""
    items = split_items(what, n)
    return [base + than + item + side for item in items] if len(items) == n else []
