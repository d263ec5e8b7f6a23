"""A number in a text, and the words about numbers that every reader of them shares."""

import re
from decimal import Decimal
from typing import Literal, NamedTuple

from loaders.model import Comparator

Form = Literal["amount", "rank", "multiple", "proportion", "medal"]

#: words right before the number, longest first; the value is the comparator they state
BEFORE: dict[str, Comparator] = {
    "不低于": ">=", "不少于": ">=", "不小于": ">=", "不下于": ">=", "至少": ">=", "最低": ">=",
    "高于": ">", "大于": ">", "多于": ">", "超过": ">", "超出": ">", "突破": ">", "超": ">", "逾": ">", "过": ">", "破": ">",
    "不超过": "<=", "不高于": "<=", "不大于": "<=", "至多": "<=", "低于": "<", "不足": "<", "少于": "<", "小于": "<", "不到": "<",
    "大约": "~", "约为": "~", "约合": "~", "约": "~", "接近": "~", "将近": "~", "近": "~",
}  # fmt: skip
#: words right after the unit
AFTER: dict[str, Comparator] = {
    "及以上": ">=", "以上": ">=", "以内": "<=", "之内": "<=", "以下": "<=", "左右": "~", "上下": "~", "余": ">", "多": ">",
}  # fmt: skip
MORE = "余多"  #: 20多家, 1.4万余家: between number (or scale) and unit
SCALES = "十百千万亿"


class Quantity(NamedTuple):
    """A number in a text. Offsets count in the text given to :func:`find`."""

    start: int  #: of the digits
    end: int
    number: str
    value: Decimal
    upper: Decimal | None
    unit: str
    comparator: Comparator
    left: int  #: where its comparator words begin
    right: int  #: where its unit and trailing comparator end
    form: Form
    reason: str = ""  #: why it is no fact; empty for a candidate

    @property
    def is_fact(self) -> bool:
        return not self.reason


_CLAUSE_STOP = re.compile(r"[，。；]")


def clause_before(text: str, at: int) -> str:
    """The words of the clause before ``at``, at most 80."""
    return _CLAUSE_STOP.split(text[max(0, at - 80) : at])[-1]
