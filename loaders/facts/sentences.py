"""A sentence -> the drafts of its facts, run by run from left to right."""

import re
from collections.abc import Sequence

from loaders.facts.against import without_comparison
from loaders.facts.clauses import (
    Spot,
    begins_a_change,
    clauses_of,
    ends_a_change,
    run_from,
    scope_of_bracket,
    spot,
    without_origin,
)
from loaders.facts.kinds import comparators_of, is_growth_of_amount, measure_of, proportions_of, rank_of
from loaders.facts.names import RATIO_UNITS, name_of, names_of_list
from loaders.facts.thread import Draft, Thread, follow_place, recall, remember, subject_before
from loaders.grammar import FLOW_START, VERB_START
from loaders.linking import Linker
from loaders.mentions.quantity import Quantity
from loaders.model import Measure
from loaders.naming import complete, left_name, read_lead

#: words that name nothing alone
_NO_NAME = frozenset(
    "目标 预期目标 年度目标 控制目标 目标任务 计划 年均 平均 累计 总量 总数 其中 人均 新增 增速 占比 规模 数量 合计".split()
)
_MILESTONE = re.compile(r"(?<=.)(?:[一二三四五六七八九十百千万]*亿元?)?(?:台阶|大关)$")
#: 生产总值|连续跨越7万亿、8万亿、9万亿三个大台阶，年均增长5.9%: the steps are no values, their subject goes on
_STEPS = re.compile(r"(?:跨越|迈上|跃上|跨过|站上)\d")
_PASSED_STEPS = re.compile(rf"(?P<subject>[^，。；\d]{{2,20}}?)(?:连续|先后|接连)*{_STEPS.pattern}")
_PASSED = ("突破", "超过", "超")  #: 新增1700公里、突破7000公里: what is there now
_MEDAL = re.compile(r"[金银铜]?牌?$")


def read_sentence(
    text: str, start: int, end: int, quantities: Sequence[Quantity], thread: Thread, linker: Linker
) -> list[Draft]:
    """The facts of ``text[start:end]``; ``quantities`` are those of the sentence, in order."""
    facts = [q for q in quantities if q.is_fact]
    if not facts:
        return []
    clauses = clauses_of(text, start, end, facts)
    if (
        not thread.names
        and _STEPS.search(text, start, end)
        and (passed := _PASSED_STEPS.search(text, start, end))
    ):
        thread.names = [name] if (name := left_name(passed["subject"])) else []
    drafts: list[Draft] = []
    i = 0
    while i < len(facts):
        run = run_from(text, facts, i)
        after = i + len(run)
        at = spot(
            text, clauses, run, facts[i - 1] if i else None, facts[after] if after < len(facts) else None
        )
        if at.clause.mark != "、":
            follow_place(text[at.clause.start : at.clause.end], thread, linker)
        drafts += _read_run(at, drafts, thread, linker)
        i = after
    return drafts


def _read_run(at: Spot, done: Sequence[Draft], thread: Thread, linker: Linker) -> list[Draft]:
    base = begins_a_change(at)
    if done and done[-1].base and at.first.form != "proportion" and ends_a_change(at):
        return _reached(at, done, thread)
    if at.first.form == "rank":
        ranked = rank_of(at, thread, done, linker, base=base)
        # 荣获…竞赛第二名 ranks nothing of the region
        return [ranked] if ranked.indicator and not FLOW_START.fullmatch(ranked.indicator) else []
    if at.first.form == "proportion":
        return proportions_of(at, done)
    if base:
        return _origin(at, done, thread, linker)
    return _measured(at, done, thread, linker)


_STRIVES = re.compile(r"(?:力争|争取|确保)[^，。；]{0,4}$")


def _goes_further(at: Spot, q: Quantity, done: Sequence[Draft], name: str) -> bool:
    """固定资产投资增长25%，力争30%: the aim beyond a growth is a growth."""
    last = done[-1] if done else None
    return bool(
        last
        and last.measure == "growth"
        and last.indicator == name
        and last.quantity.unit == q.unit == "%"
        and _STRIVES.search(at.lead)
    )


def _reached(at: Spot, done: Sequence[Draft], thread: Thread) -> list[Draft]:
    """The values reached, one for each that the change began with."""
    origins = done[-len(at.run) :]
    if len(origins) < len(at.run) or not all(origin.base for origin in origins):
        return []
    sign = -1 if origins[0].measure == "growth" and read_lead(at.lead).falls else 1
    return [
        origin._replace(quantity=q, value=sign * q.value, comparator=q.comparator, rule="from base", confidence=0.9,
                        clause_start=at.clause.start, place=thread.place, base=False)
        for q, origin in zip(at.run, origins, strict=True)
    ]  # fmt: skip


def _origin(at: Spot, done: Sequence[Draft], thread: Thread, linker: Linker) -> list[Draft]:
    """The values a change began with; what they measure is measured at its end too.

    利润由1-4月的|下降3.3%|转为增长2.1%: the growth of then.
    """
    lead = read_lead(without_origin(at.lead))
    then = read_lead(at.lead)
    grew = at.first.unit == "%" and bool(then.verb) and not then.to
    measure: Measure = "growth" if grew else "level"
    sign = -1 if grew and then.falls else 1
    if len(at.run) > 1:
        names, _ = names_of_list(at, lead, thread, done)
    else:
        own = left_name(lead.body)
        if not own and at.clause.mark == "，":
            own = subject_before(at, linker)  # 财政收入实现翻倍增长，从8.8亿元增至20.2亿元
        names = [complete(own, lead, thread.previous, enumerated=False, same_unit=False)[0]]
    if not all(names):
        return []
    thread.names = names
    return [
        Draft(
            q,
            name,
            measure,
            sign * q.value,
            q.comparator,
            "base",
            0.8,
            at.clause.start,
            thread.place,
            base=True,
        )
        for q, name in zip(at.run, names, strict=True)
    ]


def _measured(at: Spot, done: Sequence[Draft], thread: Thread, linker: Linker) -> list[Draft]:
    lead = read_lead(at.lead)
    if not at.lead and at.first.comparator == ">" and at.text[at.first.left : at.first.start] in _PASSED:
        lead = lead._replace(reached=True)
    if len(at.run) > 1:
        names, rule = names_of_list(at, lead, thread, done)
    else:
        name, rule = name_of(at, lead, thread, done, linker)
        names = [name]
    if at.first.form == "medal":
        names = [_MEDAL.sub("", n) + at.text[q.end] + "牌" for q, n in zip(at.run, names, strict=True)]
    drafts = []
    for q, named, comparator in zip(at.run, names, comparators_of(at.run), strict=True):
        measure, value, name, sure = measure_of(q, lead, named)
        if len(name) < 2 or name in _NO_NAME or VERB_START.fullmatch(name):
            continue
        if measure == "level" and is_growth_of_amount(name, q, linker):
            measure, sure = "growth", 0.7
        if measure == "level" and rule == "inherited without verb" and _goes_further(at, q, done, name):
            measure, sure = "growth", 0.8
        place, name = linker.split_place(name)
        thread.place = place or thread.place
        if scope := scope_of_bracket(at):
            place = linker.wider(scope)
            if not place:
                continue
        if not place and not thread.place:
            place = linker.place_of_owner(name)
        if thread.surveyed and "价格" in name:
            place = thread.surveyed
        name = recall(name, thread.memory)
        remember(name, thread.memory)
        sure *= 1.0 if rule == "named" else 0.85
        drafts.append(
            Draft(q, name, measure, value, comparator, rule, sure, at.clause.start, place or thread.place)
        )
    if drafts:
        thread.names = [_MILESTONE.sub("", d.indicator) for d in drafts]
        if lead.comparison:
            thread.names = [without_comparison(name) for name in thread.names]
        thread.unit = at.run[-1].unit
        if thread.unit not in RATIO_UNITS:
            thread.amount = thread.unit
    return drafts
