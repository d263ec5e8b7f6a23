"""Which part of the report a passage belongs to: review or plan, of which period, under which heading.

Headings decide (一、2022年…执行情况, 二、2023年…安排); where an infographic or a short report has none, the sentence
that announces the targets does. Everything before the body (page furniture, letterhead) and after it is left out.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from loaders.layout import Block, Passage, Table
from loaders.mentions.periods import FIVE_YEAR_PLANS
from loaders.model import Kind, ReportInfo

_TOP = re.compile(r"(?:第?[一二三四五六七八九十]{1,3}(?:、|部分|章|篇|\s)|[一二三四五六七八九十]{1,2}[.．])")
_SECOND = re.compile(r"[(（][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]{1,3}节")
_REVIEW = re.compile(
    r"回顾|成效|执行情况|完成情况|工作总结|取得的?(?:主要)?(?:成绩|成就|进展)|主要成[绩就]|工作情况|过去的?[一五三]年|的五年|进展情况|基本情况|运行情况|发展成就|实施情况|发展环境|发展基础"
)
_PLAN = re.compile(
    r"安排|预期目标|主要目标|发展目标|目标任务|主要任务|重点工作|工作打算|工作建议|主要措施|重点任务|工作思路|总体要求|今后[三五]年|计划草案|工作部署|"
    r"努力(?:实现|完成|开创|做好)|指导思想|奋斗目标|工作重点|对策措施|政策措施|工作计划|自身建设|政府建设|效能|做好.{0,12}工作|全力做好|工作要求|主攻方向|展望|建议"
)
_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")
_PLAN_NAME = re.compile(r"“?(十?[一二三四五六九十]五)”?")
#: 2023年经济社会发展的主要预期目标是 | 今年将继续办好十件民生实事 | 今年发展主要预期目标 | 2026年全市经济社会发展主要目标安排如下
_ANNOUNCEMENT = re.compile(
    r"(?:(?P<year>\d{4})年|今年|明年|新的一年|今后[五三]年)[^。；]{0,30}?(?:主要预期目标|预期目标|主要目标|奋斗目标|目标任务|发展目标|指标(?:体系)?安排|工作(?:安排|打算|总体要求|思路))(?!完成|实现|任务的?完成|的完成|圆满|顺利|较好|如期)"
    r"|^(?:全[市省区县州]|[\u4e00-\u9fff]{0,8}经济社会发展的?)?主要(?:预期)?目标(?:是|为|如下)?[：:，]|^经济社会发展的?主要预期目标"
    r"|(?:今年|明年|20\d\d年)，?(?:[我全][市省区县州们])?(?:将|要)[^。；]{0,24}?办[好成][^。；]{0,12}?实事"
)
_ANNOUNCED = ("目标", "工作", "指标", "实事")
_ANNOUNCES = re.compile(r"[：:是为]|如下")


def announcement(text: str) -> re.Match[str] | None:
    """Where a text announces targets: 2024年主要预期目标, 明年工作安排."""
    return _ANNOUNCEMENT.search(text) if any(word in text for word in _ANNOUNCED) else None


#: a paragraph about the last five years: “十四五”时期…五年, 这五年, 过去五年
_SPAN_START = re.compile(
    r"“?(?P<plan>十?[一二三四五六九十]五)”?(?:时期|期间|以来|五年)|(?:这|过去的?|回顾|刚刚过去的)(?P<these>[三四五六])年|(?:^|[。！])“?(?P<since>[三四五六])年来"
)
#: a paragraph about the year just past, also after the salutation
_YEAR_START = re.compile(
    r"(?:各位代表[，！!：:]\s*)?(?:回[顾首望])?(?:刚刚|已经)?(?:过去的?(?:一年|\d{4}年)|一年来|\d{4}年(?:以来)?|去年(?:以来)?)[，,]"
)
_LIST_ITEM = re.compile(r"\s*(?:—{1,2}|[●■◆★▲◎○•·▶])")


class Part(NamedTuple):
    """A block with what its place in the report says of it."""

    block: Block
    kind: Kind
    period: str  #: default period of the statements in it: 2022, or 2021/2025
    heading: str  #: path: 二、… / （一）…
    estimated: bool = False  #: under 预计完成情况 or after 预计数，下同
    note: bool = False  #: explains the words of the report; states nothing
    cell: bool = False  #: of a table that was flattened to one cell a line, so that nobody can say which belongs to which


class _State(NamedTuple):
    kind: Kind
    period: str
    top: str = ""
    second: str = ""
    third: str = ""
    estimated: bool = False
    notes: bool = False  #: in the glossary

    @property
    def heading(self) -> str:
        return " / ".join(h for h in (self.top, self.second, self.third) if h)


def cut(blocks: Iterable[Block], report: ReportInfo) -> tuple[Part, ...]:
    """The body of the report, block by block, each with kind, period and heading."""
    return tuple(_parts(_body(tuple(blocks)), report))


def _body(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Without page furniture before the first and after the last real sentence."""

    def opens(block: Block) -> bool:
        if isinstance(block, Table):
            return len(block.rows) > 1
        return (block.text.endswith(("。", "；", "！", "：")) and len(block.text) > 20) or bool(
            _TOP.match(block.text)
        )

    def closes(block: Block) -> bool:
        if isinstance(block, Table):
            return True
        cut_off = len(block.text) > 60 and "，" in block.text  # a text that breaks off within a sentence
        return block.text.endswith(("。", "；", "！", "，", "%")) or cut_off

    first = next((i for i, block in enumerate(blocks) if opens(block)), 0)
    last = next((i for i in range(len(blocks) - 1, first - 1, -1) if closes(blocks[i])), len(blocks) - 1)
    return blocks[first : last + 1]


def _parts(blocks: tuple[Block, ...], report: ReportInfo) -> Iterator[Part]:
    plans = report.kind == "outline" or (report.kind == "plan-report" and _IS_PLAN.search(report.title))
    default: Kind = "target" if plans else "result"
    state = _State(default, (report.plan if plans else report.review) or report.review)
    numbered = any(isinstance(b, Passage) and _TOP.match(b.text) and len(b.text) < 60 for b in blocks)
    flattened = _flattened(blocks)
    for at, block in enumerate(blocks):
        if isinstance(block, Table):
            yield Part(block, state.kind, state.period, state.heading, state.estimated)
            continue
        text = block.text
        if at in flattened:
            yield Part(block, state.kind, state.period, state.heading, cell=True)
            continue
        if state.notes and _ENTRY.match(text):
            yield Part(block, state.kind, state.period, state.heading, note=True)
            continue
        state = state._replace(notes=_GLOSSARY.fullmatch(text) is not None)
        heading = _heading_of(text)
        if heading:
            state = _enter(state, heading, text, report)
        elif not _LIST_ITEM.match(text):
            state = state._replace(estimated=False)
        announced = announcement(text)
        if announced and state.kind == "result" and not numbered and report.kind not in ("bulletin",):
            state = state._replace(kind="target", period=announced["year"] or report.plan or state.period)
        elif announced and state.kind == "result" and _plans_year(announced, text, report):
            yield Part(block, "target", report.plan, state.heading)
            continue
        part = Part(block, state.kind, state.period, state.heading, state.estimated)
        if ahead := _looks_ahead(text, state):
            state = state._replace(kind="target", period=ahead)
        elif state.kind == "result" and _YEAR_START.match(text):
            state = state._replace(period=report.review)
        elif state.kind == "result" and (span := _five_years(text, bool(heading), report)):
            state = state._replace(period=span)
        yield part._replace(kind=state.kind, period=state.period)
        if "下同" in text and re.search(r"预计数[^）。]{0,4}下同", text):
            state = state._replace(estimated=bool(_LIST_ITEM.match(text)))


_STOP = re.compile(r"[，。；！]")
#: a cell that is a number and nothing else: 16.2%, 预计11%左右, 10%以上
_BARE_CELL = re.compile(
    r"(?:预计|约|达到?|超)?-?\d[\d.,]*(?:[%‰]|个百分点|[\u4e00-\u9fff/]{1,3})?(?:左右|以上|以内|以下)?"
)
_LONGEST_CELL, _FEWEST_CELLS, _FEWEST_BARE = 40, 8, 3


def _may_be_cell(block: Block) -> bool:
    if isinstance(block, Table) or len(block.text) > _LONGEST_CELL:
        return False
    numbered = _TOP.match(block.text) or _SECOND.match(block.text)  # the heading of what follows the table
    return not numbered and not _STOP.search(block.text)


def _flattened(blocks: tuple[Block, ...]) -> set[int]:
    """Which blocks are cells of a table flattened to one cell a line: many short ones without a stop, bare numbers among
    them."""
    found: set[int] = set()
    for cells, run in groupby(enumerate(blocks), key=lambda placed: _may_be_cell(placed[1])):
        texts = {at: block.text for at, block in run if isinstance(block, Passage)}
        bare = sum(_BARE_CELL.fullmatch(text) is not None for text in texts.values())
        if cells and len(texts) >= _FEWEST_CELLS and bare >= _FEWEST_BARE:
            found.update(texts)
    return found


#: the heading of the explanations at a report's end, and how each begins
_GLOSSARY = re.compile(
    r"(?:附件?[\d：:\s]*)?[^，。]{0,16}(?:名词|用语|术语|词语)[^，。]{0,4}(?:解释|注释|说明|释义)[^，。]{0,4}|注释[:：]?"
)
_ENTRY = re.compile(r"(?:\d{1,3}[.．、]|[（(\[]\d{1,3}[)）\]]|“)\s*[^，。]{2,60}?(?:[:：]|是?指)")

#: 咸阳市2023年国民经济和社会发展计划: the plan itself, not a report on it
_IS_PLAN = re.compile(r"发展计划(?:（草案）)?$")


def _plans_year(announced: re.Match[str], text: str, report: ReportInfo) -> bool:
    """2011年全省国民经济和社会发展主要预期目标为：… stands in the review: does it plan the year to come?"""
    rest = text[announced.end() : announced.end() + 6]
    return bool(report.plan) and announced["year"] == report.plan and bool(_ANNOUNCES.match(rest))


_FULL_STOP = re.compile(r"[。！？]")


def _heading_of(text: str) -> int:
    """1 for 一、, 2 for （一）, 3 for a short unnumbered title; 0 for prose."""
    first = _FULL_STOP.split(text, maxsplit=1)[0]
    short = len(text) <= 60 and not ("。" in text or "；" in text)
    if _TOP.match(text) and (short or len(first) <= 40):
        return 1
    if _SECOND.match(text) and len(first) <= 50:
        return 2
    if (
        short
        and len(text) <= 40
        and not re.search(r"[，：:、]$", text)
        and not re.search(r"\d%|\d亿|\d万", text)
    ):
        return 3
    return 0


#: 主要目标, alone on its line, in a text without numbered sections
_TARGETS_ALONE = re.compile(
    r"(?:今年|20\d\d年)?(?:全[市省区县州])?(?:经济社会发展)?的?(?:主要|预期|奋斗|发展)(?:预期)?(?:目标|指标)"
)


def _enter(state: _State, level: int, text: str, report: ReportInfo) -> _State:
    first = _FULL_STOP.split(text, maxsplit=1)[0]
    estimated = "预计完成" in first
    if level == 1:
        state = state._replace(top=first, second="", third="", estimated=estimated)
    elif level == 2:
        state = state._replace(second=first, third="", estimated=estimated)
    else:
        state = state._replace(third=first if len(first) <= 30 else state.third, estimated=estimated)
    kind = _kind_of(first)
    years = [int(y) for y in _YEAR.findall(first)]
    if kind is None and level == 1 and years and report.plan:
        kind = "target" if max(years) >= int(report.plan[:4]) else "result"
    if (
        kind is None
        or (level == 3 and not _YEAR.search(first) and not _TARGETS_ALONE.fullmatch(first))
        or (level == 2 and kind == "target" and not re.search(r"目标|安排", first))
    ):
        return state
    if report.kind == "bulletin":
        return state
    return state._replace(kind=kind, period=_period_of(first, kind, report) or state.period)


#: “十一五”目标任务胜利完成: what was aimed at is done
_REACHED = re.compile(r"目标(?:任务)?(?:胜利|圆满|全面|顺利|如期|较好|基本)*(?:完成|实现)$")


def _kind_of(heading: str) -> Kind | None:
    if _REVIEW.search(heading) or _REACHED.search(heading):
        return "result"
    return "target" if _PLAN.search(heading) else None


def _period_of(heading: str, kind: Kind, report: ReportInfo) -> str:
    """The period a heading names; the report's own where it names none."""
    years = _YEAR.findall(heading)
    plan = _PLAN_NAME.search(heading)
    if years:
        return (
            report.review
            if report.review in years and kind == "result"
            else years[0]
            if kind == "result"
            else years[-1]
        )
    if plan and (span := FIVE_YEAR_PLANS.get(plan[1])):
        return f"{span[0]}/{span[1]}"
    if kind == "target" and re.search(r"今后五年|未来五年", heading) and report.year:
        return f"{report.year}/{report.year + 4}"
    if kind == "result" and re.search(r"五年", heading) and report.year:
        return f"{report.year - 5}/{report.year - 1}"
    return report.review if kind == "result" else report.plan


def _looks_ahead(text: str, state: _State) -> str:
    """In a section on the last five years and the next: the period of the paragraph that turns to the next."""
    if state.kind == "target" or not _PLAN.search(state.top):
        return ""
    match = re.match(
        r"[^。]{0,40}?“?(十[一二三四五]五)”?(?:时期|规划|发展|经济|主要)|(?:今后|未来)五年", text
    )
    plan = FIVE_YEAR_PLANS.get(match[1]) if match and match[1] else None
    done = FIVE_YEAR_PLANS.get(m[1]) if (m := _PLAN_NAME.search(state.top)) else None
    if match and (plan is None or not done or plan[0] > done[0]):
        return f"{plan[0]}/{plan[1]}" if plan else state.period
    return ""


def _five_years(text: str, heading: bool, report: ReportInfo) -> str:
    """Period of a paragraph that looks back on five years, else an empty string.

    A heading that names the year first (2025年及“十四五”时期工作回顾) begins with the year.
    """
    match = _SPAN_START.search(text[:60])
    if match and heading and _YEAR.search(text[: match.start()]):
        return ""
    if not match or not report.review:
        return ""
    term = match["these"] or match["since"]
    if not term and "五年" not in text[:160] and "时期" not in text[:40]:
        return ""
    if re.match(
        r"(?:以来|时期|期间)?(?:第[一二三四五]年|的?开局|的?收官|的?[^，。]{0,6}之年)", text[match.end() :]
    ):
        return ""
    last = int(re.findall(r"\d{4}", report.review)[-1])
    if match["plan"]:
        span = FIVE_YEAR_PLANS.get(match["plan"])
        return f"{span[0]}/{min(span[1], last)}" if span and span[0] < last else ""
    return f"{last - '一二三四五六'.index(term or '五')}/{last}"
