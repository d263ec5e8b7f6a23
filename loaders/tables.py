"""Tables -> facts: the row head is the indicator, the column head gives kind and period."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from loaders import facts as reading
from loaders.assembly import make_fact
from loaders.layout import Passage, Table
from loaders.linking import Linker
from loaders.mentions import periods
from loaders.mentions.quantities import find
from loaders.model import Fact, Kind, OtherNumber, ReportInfo
from loaders.sections import Part
from loaders.vocabulary import Vocabulary

SUBJECT_END = "\u2063"  #: invisible separator between row label and cell

_VALUE_HEAD = re.compile(
    r"产量|产值|增加值|投资额|销售额|目标|完成|实绩|实际|预计|绝对[数值]|数值|指标值|增长|增速|累计|\d{4}年|计划|合计|总量|比上年|涨跌|比重|占比"
)
_MEASURES = frozenset({"产量", "产值", "总产值", "增加值", "投资额", "销售额", "面积"})
_LABEL_HEAD = re.compile(
    r"(?:主要|经济|统计)?(?:指\s*标|名\s*称|项\s*目|类\s*别|分\s*类|序\s*号|单\s*位|属\s*性|性\s*质|地\s*区)(?:$|[（(分名类和])"
)
_TARGET = re.compile(r"目标|计划(?!完成)|预期(?!完成)|安排")
_RESULT = re.compile(r"完成|实绩|实际|预计完成|执行")


@dataclass(frozen=True, slots=True)
class Column:
    at: int  #: counted from the right end of the row, because merged cells on the left are missing
    kind: Kind
    period: str
    estimated: bool
    growth: bool
    measure: str  #: what the table measures of every row: 产量
    unit: str = ""  #: that its head prints: 总量（户）
    share: str = ""  #: 比重, where the column gives that of each row


def read_table(
    part: Part, info: ReportInfo, linker: Linker, stated: str = ""
) -> Iterator[Fact | OtherNumber]:
    """The facts of a table; numbers of rows before any head, of ordinals and labels are listed as others.

    ``stated``: the unit that a line above the table gives for all of it (单位：亿元).
    """
    table = part.block
    assert isinstance(table, Table)
    columns: tuple[Column, ...] = ()
    breakdown: _Breakdown | None = None
    first = True
    for row in table.rows:
        if head := columns_of(row, part, info, linker.vocabulary):
            columns, first = head, True
            for cell in row:
                yield from _others(cell, "date", linker)
            continue
        if not columns or len(row) < 2:
            for cell in row:
                yield from _others(cell, "other", linker)
            continue
        label = label_of(row, len(columns), linker.vocabulary)
        if first:
            breakdown = next((b for b in _BREAKDOWNS if label and b.whole.search(label.text)), None)
        elif label and breakdown and breakdown.part.search(label.text):
            label = _followed_by(label, breakdown.measure)
        first = False
        unit = next((c.text for c in row if linker.vocabulary.unit(c.text) is not None), stated)
        for i, cell in enumerate(row):
            column = next((c for c in columns if c.at == len(row) - i), None)
            if column is None or label is None:
                yield from _others(cell, "ordinal" if cell.text.isdigit() else "name", linker)
                continue
            yield from _cell(cell, column, label, unit, part, info, linker)


class _Breakdown(NamedTuple):
    """A table whose first row is a whole, and what the rows of its parts are measured by."""

    whole: re.Pattern[str]
    part: re.Pattern[str]
    measure: str


_BREAKDOWNS = (
    _Breakdown(re.compile(r"^(?:地区)?生产总值"), re.compile(r"业$"), "增加值"),
    _Breakdown(re.compile(r"^居民消费价格"), re.compile(r"^(?!.*(?:价格|指数|消费品)$)"), "价格"),
    _Breakdown(
        re.compile(r"(?:常住|户籍|总)人口"), re.compile(r"^(?:城镇|乡村|农村|男性?|女性?)$|岁"), "人口"
    ),
)


def _followed_by(label: Passage, word: str) -> Passage:
    return Passage(label.text + word, [*label.offsets, *[label.offsets[-1]] * len(word)])


def columns_of(
    row: tuple[Passage, ...], part: Part, info: ReportInfo, vocabulary: Vocabulary
) -> tuple[Column, ...]:
    """The value columns of a head row; empty when the row is none."""
    texts = [cell.text for cell in row]
    measured = any(q.is_fact for cell in row for q in find(cell.text, vocabulary))
    if measured or not any(_LABEL_HEAD.match(t) for t in texts[:-1]) or any(len(t) > 24 for t in texts):
        return ()
    found = []
    measure = next((t for t in texts[1:] if t in _MEASURES), "")
    measured_by = _measured_by(part.heading)
    #: 目标 | 全年实绩: what was aimed at beside what came of it
    reviews = part.kind == "result" and any(_RESULT.search(text) for text in texts)
    for i, text in enumerate(texts):
        if (
            not (_VALUE_HEAD.search(text) or _unit_of(text, vocabulary))
            or (i == 0 and len(texts) > 1)
            or re.fullmatch(r"序号|指标名称", text)
        ):
            continue
        year = re.search(r"((?:19|20)\d\d)年?", text)
        kind: Kind = (
            "target"
            if _TARGET.search(text) and not _RESULT.search(text)
            else "result"
            if _RESULT.search(text)
            else part.kind
        )
        aimed = part.period if reviews else info.plan
        period = year[1] if year else (aimed if kind == "target" else part.period)
        share = _SHARE_HEAD.match(text)
        found.append(
            Column(
                len(row) - i,
                kind,
                period,
                "预计" in text,
                bool(re.search(r"增长|增速|比上年|涨跌|±", text)),
                measure or measured_by,
                _unit_of(text, vocabulary),
                share.group() if share else "",
            )
        )
    return tuple(found)


def _unit_of(head: str, vocabulary: Vocabulary) -> str:
    """The unit a column's head prints: 年末数（万人） -> 万人."""
    unit = _IN_BRACKETS.search(head)
    return unit["unit"] if unit and vocabulary.unit(unit["unit"]) is not None else ""


#: 表10 2023年限额以上法人企业（单位）商品零售额增长速度: what a table's caption says is measured of each row
_CAPTION = re.compile(
    r"表\s*\d+.*?(?P<measure>地区生产总值|固定资产投资|商品零售额|零售额|销售额|产品产量|价格|增加值)(?:增长(?:速度|情况)?|及其?增[^，]*|比上年.*|.{0,4}情况)?$"
)
_SHARE_HEAD = re.compile(r"占[^（]{1,10}比重|比重|占比")


def _measured_by(heading: str) -> str:
    caption = _CAPTION.search(heading)
    measure = caption["measure"].removeprefix("产品").removeprefix("固定资产") if caption else ""
    return "增加值" if measure == "地区生产总值" else measure


def label_of(row: tuple[Passage, ...], values: int, vocabulary: Vocabulary) -> Passage | None:
    """The indicator of a row: its last cell before the values that is no ordinal, unit or kind of target."""
    for cell in reversed(row[: len(row) - values]):
        text = cell.text
        if not text or _NO_LABEL.fullmatch(text) or vocabulary.unit(text) is not None:
            continue
        opening = _PART_OF.match(text)
        cut = opening.end() if opening else 0
        return Passage(text[cut:], cell.offsets[cut:])
    return None


_NO_LABEL = re.compile(r"[\d.、（）()一二三四五六七八九十]+|%|[约预]束?[期性]+")
_PART_OF = re.compile(r"(?:其中[:：]|\d+[.、．]|[#＃]|全[市省区县州](?!域))+")


def _others(cell: Passage, reason: str, linker: Linker) -> Iterator[OtherNumber]:
    for q in find(cell.text, linker.vocabulary):
        yield OtherNumber(
            *cell.span(q.start, q.end),
            q.number,
            q.reason if q.reason and not q.reason.startswith("unex") else reason,
        )


def _cell(
    cell: Passage, column: Column, label: Passage, unit: str, part: Part, info: ReportInfo, linker: Linker
) -> Iterator[Fact | OtherNumber]:
    """Reads a cell as a clause whose subject is the row's label."""
    clause = _as_clause(cell, column, label, unit, linker)
    shift = clause.text.index(SUBJECT_END) + 1
    quantities = [q for q in find(clause.text, linker.vocabulary) if q.start >= shift]
    thread = reading.Thread(names=[clause.text[: shift - 1]])
    drafts = {
        d.quantity.start: d
        for d in reading.read_sentence(clause.text, shift, len(clause.text), quantities, thread, linker)
    }
    year = re.match(r"\d{4}", column.period)
    named = periods.find(clause.text, info.year, int(year.group()) if year else None)
    for q in quantities:
        draft = drafts.get(q.start)
        if draft is None:
            yield OtherNumber(*clause.span(q.start, q.end), q.number, q.reason or "unexplained: no indicator")
            continue
        whole = (shift, len(clause.text))
        period, _ = reading.settle_period(clause.text, draft, named, column.period, whole)
        yield make_fact(draft, column.kind, period, column.estimated, clause, part, info, linker, whole)


_IN_BRACKETS = re.compile(r"[（(](?P<unit>[^（()）]*)[)）]$")  #: 地区生产总值（亿元）


def _is_bare(name: str) -> bool:
    """Does a row's label lack the quantity that the table measures? 食品烟酒, 汽车类, not 居民消费价格."""
    return not re.search(r"[额量值率价]$|价格$|指数$|产能$|投资$|收入$|面积$|人数$", name)


def _as_clause(cell: Passage, column: Column, label: Passage, unit: str, linker: Linker) -> Passage:
    """``label | cell`` as one passage; a unit or 增长 that only the head prints is supplied at the cell's place."""
    name, printed = label.text, column.unit or unit
    inner = _IN_BRACKETS.search(name)
    if inner and linker.vocabulary.unit(inner["unit"]) is not None:
        name, printed = name[: inner.start()], inner["unit"]
    bare = re.fullmatch(r"(?P<minus>-)?[\d.,]+%?", cell.text)
    before = "" if not (column.growth and bare) else "下降" if bare["minus"] else "增长"
    if before == "下降":
        cell = Passage(cell.text[1:], cell.offsets[1:])
    for word in (column.measure if _is_bare(name) else "", column.share):
        if word and not name.endswith(word):
            label = _followed_by(Passage(name, label.offsets[: len(name)]), word)
            name += word
    after = (
        ("%" if column.growth or column.share else printed) if re.fullmatch(r"-?[\d.,]+", cell.text) else ""
    )
    text = name + SUBJECT_END + before + cell.text + after
    first, last = (cell.offsets[0], cell.offsets[-1]) if cell.offsets else (0, 0)
    offsets = (
        *label.offsets[: len(name)],
        first,
        *[first] * len(before),
        *cell.offsets,
        *[last] * len(after),
    )
    return Passage(text, offsets)
