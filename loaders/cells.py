"""Tables that a web page or a PDF left as one cell a line: where their rows begin and end.

A head (指标 | 绝对数(亿元) | 比上年增长(%)) says how many values a row has; a row is one label or more and exactly as many
values. Where that does not hold, a cell is missing and nobody can say which value is whose: the rows end there.
"""

import re
from collections.abc import Sequence

#: how the head of a table begins
_FIRST_OF_HEAD = re.compile(r"(?:主要|经济|统计)?(?:指标|项目|产品|类别|分类)(?:名称)?")
_LABEL_HEAD = re.compile(
    r"(?:主要|经济|统计)?(?:指标|项目|产品|类别|分类)?(?:名称|类型)?|单位|计量单位|属性|性质|序号"
)
_VALUE_HEAD = re.compile(
    r"(?:19|20)\d\d年|[（(](?:%|[十百千万亿]*[\u4e00-\u9fff/]{1,4})[)）]$|绝对[数值]|数值|指标值|总量|产量|实绩|完成|目标|增长|增速|增幅|涨跌|比上年|比重|占比"
)
#: 16.2%, -0.1, 预计7%左右, 保持基本稳定; not a year, and not an age, which names a row
_VALUE = re.compile(
    r"(?:预计|约|达到?|增长|下降|超过?)?-?(?!(?:19|20)\d\d年)\d[\d.,]*(?:[%‰]|个百分点|(?!周?岁)[\u4e00-\u9fff/]{1,3})?(?:左右|以上|以内|以下)?"
    r"|(?:预计|保持).{1,16}|.{1,12}同步|完成.{0,10}任务|持平|[-—–]{1,3}"
)
_MOST_LABELS = 3  #: of a row: a heading above it, its label, its unit
_SPACES = re.compile(r"\s+")


def begins_head(cell: str) -> bool:
    """Is this the first cell of a table's head: 指标, 指 标 名 称?"""
    return _FIRST_OF_HEAD.fullmatch(_SPACES.sub("", cell)) is not None


def rows_of(cells: Sequence[str]) -> list[range]:
    """The cells of each row, the head first; ``cells`` begin with that of the head. Empty where they do not fit.

    >>> rows_of(["指标", "绝对数(亿元)", "地区生产总值", "609.9", "第一产业", "63.4", "工业"])
    [range(0, 2), range(2, 4), range(4, 6)]
    """
    texts = [_SPACES.sub("", cell) for cell in cells]
    values = [_VALUE.fullmatch(text) is not None for text in texts]
    first = next((i for i, value in enumerate(values) if value), len(texts))
    labels = next((i for i in range(first) if not _LABEL_HEAD.fullmatch(texts[i])), first)
    width = _run(values, first)
    head = labels + width
    if not labels or head >= first or not all(map(_VALUE_HEAD.search, texts[labels:head])):
        return []
    rows = [range(head)]
    at = head
    while at < len(texts):
        label_end = next((i for i in range(at, len(texts)) if values[i]), len(texts))
        if not 1 <= label_end - at <= _MOST_LABELS or _run(values, label_end) != width:
            break
        rows.append(range(at, label_end + width))
        at = label_end + width
    return rows if len(rows) > 2 else []


def _run(values: Sequence[bool], at: int) -> int:
    """How many values stand one after the other from ``at``."""
    return next((i for i in range(at, len(values)) if not values[i]), len(values)) - at
