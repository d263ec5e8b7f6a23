"""The answer of a question -> a table: for a page, with things linked and words highlighted, and for files.

The questions name their variables in one way: ``?regionName`` and ``?region`` are the name and the IRI of one
thing, ``?targetQuote`` is the quote of the statement ``?target``, ``?quote`` that of ``?statement`` or
``?measure``.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from starlette.requests import Request

from loaders.namespaces import PREFIXES
from plankg.server.reading import Marked, Row, Value, mark, places, text
from plankg.tables.columns import Cell, Column, Table, Type

_XSD: Final = PREFIXES["xsd"]
_WHOLE: Final = _XSD + "integer"
_NUMBERS: Final = (_WHOLE, _XSD + "decimal", _XSD + "double", _XSD + "float")
#: Where the IRI of a named or quoted thing is looked for when it is not simply the first part of the name.
_IRI_OF: Final[Mapping[str, Sequence[str]]] = {
    "quote": ("statement", "measure", "promise", "target"),
    "reportTitle": ("report",),
    "title": ("report",),
    "name": ("indicator", "region", "project"),
    "beforeQuote": (),
    "afterQuote": (),
}
#: Which column holds the words to highlight in a quote.
_WORDS_OF: Final = {
    "quote": "printed",
    "targetQuote": "targeted",
    "resultQuote": "reached",
    "beforeQuote": "before",
    "afterQuote": "after",
    "widerQuote": "widerPrinted",
    "otherQuote": "otherPrinted",
}
#: Columns that serve programs; a page leaves them out.
_NOT_SHOWN: Final = ("start", "end", "sha256")

#: What a variable is called in headings: English, Chinese.
NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "action": ("action", "行动"),
    "after": ("later target", "后一年目标"),
    "afterQuote": ("later words", "后一年原文"),
    "became": ("later status", "后来的状态"),
    "before": ("earlier target", "前一年目标"),
    "beforeQuote": ("earlier words", "前一年原文"),
    "benchmark": ("measured against", "参照"),
    "change": ("change", "变化"),
    "comparator": ("comparator", "比较词"),
    "difference": ("difference", "差值"),
    "direction": ("direction", "方向"),
    "end": ("end", "止"),
    "explained": ("explained", "已解释"),
    "first": ("first year", "最早年份"),
    "gap": ("gap", "差距"),
    "heading": ("heading", "标题"),
    "high": ("at most", "上限"),
    "indicator": ("indicator IRI", "指标标识"),
    "indicatorName": ("indicator", "指标"),
    "investment": ("investment", "投资"),
    "kind": ("kind", "类型"),
    "kindName": ("kind", "类型"),
    "last": ("last year", "最晚年份"),
    "later": ("later statement IRI", "后来陈述标识"),
    "laterPeriod": ("later period", "后来的时期"),
    "laterQuote": ("later words", "后来的原文"),
    "laterReport": ("later report", "后来的报告"),
    "link": ("link", "关联方式"),
    "low": ("at least", "下限"),
    "measure": ("measure IRI", "举措标识"),
    "measures": ("measures", "举措数"),
    "name": ("name", "名称"),
    "numbers": ("numbers", "数字个数"),
    "object": ("object", "对象"),
    "onTopic": ("measures on the topic", "同主题举措"),
    "other": ("other IRI", "另一条标识"),
    "otherNames": ("other names", "其他名称"),
    "otherPrinted": ("other figure", "另一数字"),
    "otherQuote": ("other words", "另一处原文"),
    "periodName": ("period", "时期"),
    "printed": ("as printed", "原文数字"),
    "project": ("project IRI", "项目标识"),
    "projectName": ("project", "项目"),
    "projects": ("projects", "项目"),
    "promise": ("promise IRI", "承诺标识"),
    "promised": ("promised", "计划状态"),
    "quote": ("words", "原文"),
    "rank": ("rank", "名次"),
    "reached": ("reached", "完成情况"),
    "region": ("region IRI", "地区标识"),
    "regionName": ("region", "地区"),
    "regions": ("regions", "地区数"),
    "report": ("report IRI", "报告标识"),
    "reportTitle": ("report", "报告"),
    "reports": ("reports", "报告数"),
    "result": ("result IRI", "完成情况标识"),
    "resultQuote": ("words of the result", "完成情况原文"),
    "section": ("section", "章节"),
    "sha256": ("SHA-256", "SHA-256"),
    "start": ("start", "起"),
    "statement": ("statement IRI", "陈述标识"),
    "statements": ("statements", "陈述数"),
    "statusName": ("status", "状态"),
    "target": ("target IRI", "目标标识"),
    "targetQuote": ("words of the target", "目标原文"),
    "targeted": ("targeted", "目标"),
    "targets": ("targets", "目标"),
    "title": ("report", "报告"),
    "topicName": ("topic", "主题"),
    "unexplained": ("unexplained", "未解释"),
    "unitName": ("unit", "单位"),
    "value": ("value", "数值"),
    "verdict": ("verdict", "结论"),
    "wider": ("wider region's IRI", "上级目标标识"),
    "widerName": ("wider region", "上级地区"),
    "widerPrinted": ("its target", "上级目标"),
    "widerQuote": ("its words", "上级原文"),
    "year": ("year", "年份"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell of a page: its text or marked quote, and what it leads to."""

    text: str
    iri: str = ""
    quote: Marked | None = None
    number: bool = False


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table of a page; ``more`` says how many rows were left out."""

    headings: Sequence[str]
    rows: Sequence[Sequence[Shown]] = field(default_factory=tuple)
    more: int = 0


def heading(name: str, language: str) -> str:
    """
    >>> heading("regionName", "zh"), heading("indicatorCount", "en")
    ('地区', 'indicator count')
    """
    known = NAMES.get(name)
    if known is not None:
        return known[language == "zh"]
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()


async def shown(
    request: Request, names: Sequence[str], rows: Sequence[Row], language: str, most: int
) -> ShownTable:
    """The first ``most`` rows for a page. Raises :class:`NotAnsweredError`."""
    listed = rows[:most]
    links = {name: _leads_to(name, names) for name in names}
    used = {target for target in links.values() if target}
    kept = [name for name in names if name not in used and name not in _NOT_SHOWN]
    quoted = [links[name] for name in kept if name in _WORDS_OF and links[name]]
    at = await places(
        request, (text(row, name) for row in listed for name in quoted if text(row, name).startswith("http"))
    )
    table = []
    for row in listed:
        cells = []
        for name in kept:
            iri = text(row, links[name])
            if name in _WORDS_OF and name in row:
                words = mark(text(row, name), text(row, _WORDS_OF[name]), at.get(iri))
                cells.append(Shown(text(row, name), iri, words))
            elif name in row:
                value = row[name]
                own = value["value"] if value["type"] == "uri" else iri
                cells.append(Shown(value["value"], own, number=value.get("datatype", "") in _NUMBERS))
            else:
                cells.append(Shown(""))
        table.append(cells)
    return ShownTable([heading(name, language) for name in kept], table, max(0, len(rows) - most))


def _leads_to(name: str, names: Sequence[str]) -> str:
    """The variable with the IRI of what ``name`` names or quotes, "" when there is none."""
    candidates = _IRI_OF.get(name)
    if candidates is None:
        base = re.sub(r"(Name|Quote)$", "", name)
        candidates = (base,) if base != name else ()
    return next((candidate for candidate in candidates if candidate in names), "")


def table(names: Sequence[str], rows: Sequence[Row]) -> Table:
    """The whole answer for a file; numbers with all their digits."""
    types: list[Type] = [_type([row[name] for row in rows if name in row]) for name in names]
    columns = tuple(
        Column(name, heading(name, "zh"), type_, heading(name, "zh"), heading(name, "en"))
        for name, type_ in zip(names, types, strict=True)
    )
    cells = (
        tuple(_cell(row.get(name), type_) for name, type_ in zip(names, types, strict=True)) for row in rows
    )
    return Table(columns, tuple(cells))


def as_objects(names: Sequence[str], rows: Sequence[Row]) -> list[str]:
    """Each row as a JSON object: numbers are JSON numbers with all their digits, what is absent is null."""
    keys = [json.dumps(name, ensure_ascii=False) for name in names]
    return [
        "{" + ", ".join(f"{key}: {_json(row.get(name))}" for key, name in zip(keys, names, strict=True)) + "}"
        for row in rows
    ]


def _type(values: Sequence[Value]) -> Type:
    kinds = {value.get("datatype", "") if value["type"] != "uri" else "uri" for value in values}
    if kinds == {"uri"}:
        return "anyURI"
    if kinds and kinds <= set(_NUMBERS) and all(_number(value["value"]) is not None for value in values):
        return "integer" if kinds == {_WHOLE} else "decimal"
    return "string"


def _cell(value: Value | None, type_: Type) -> Cell:
    if value is None:
        return None if type_ in ("integer", "decimal") else ""
    if type_ == "integer":
        return int(value["value"])
    return _number(value["value"]) if type_ == "decimal" else value["value"]


def _number(lexical: str) -> Decimal | None:
    """
    >>> _number("5.10"), _number("INF"), _number("+7")
    (Decimal('5.10'), None, Decimal('7'))
    """
    return Decimal(lexical) if re.fullmatch(r"[+-]?[0-9]{1,300}(\.[0-9]{1,300})?", lexical) else None


def _json(value: Value | None) -> str:
    if value is None:
        return "null"
    if value.get("datatype", "") in _NUMBERS and (number := _number(value["value"])) is not None:
        return f"{number:f}"
    text_: Any = value["value"]
    return json.dumps(text_, ensure_ascii=False)
