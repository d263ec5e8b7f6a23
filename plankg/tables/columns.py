"""The columns of the tables: their names in files and in programs, their types and what they mean."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from loaders.namespaces import PLAN
from plankg.tables.facts import Fact, Language

Type = Literal["string", "integer", "decimal", "anyURI"]
Cell = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``key`` is its English header and its name in DataFrames and Stata, ``zh`` its Chinese
    header; ``property`` the IRI of what it holds, where its cells are the property's own values; ``en`` an
    English header other than ``key``."""

    key: str
    zh: str
    type: Type
    about_zh: str
    about_en: str
    property: str = ""
    en: str = ""

    def header(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en or self.key

    def about(self, language: Language) -> str:
        return self.about_zh if language == "zh" else self.about_en


#: The long form, one row a statement.
COLUMNS: Final = (
    Column("region_code", "行政区划代码", "string", "GB/T 2260 代码；开发区等没有代码", "code of GB/T 2260; zones have none"),
    Column("region", "地区", "string", "地区全称", "name of the region"),
    Column("year", "年份", "integer", "数字所指的年份；不是单一年度时为空", "calendar year the figure is for; empty for other periods", PLAN + "year"),
    Column("period", "期间", "string", "数字所指的期间", "period the figure is for"),
    Column("indicator", "指标", "string", "指标名称", "name of the indicator"),
    Column("role", "角色", "string", "目标、完成或预计", "target, result or estimate (a result not yet final)"),
    Column("value", "数值", "decimal", "以指标的单位计；区间没有数值", "in the indicator's unit; a range has none", PLAN + "value"),
    Column("low", "下限", "decimal", "“以上”只有下限；无修饰或“左右”时与数值相同", "lower bound; equals the value of a plain or an about figure", PLAN + "low"),
    Column("high", "上限", "decimal", "“以内”只有上限；无修饰或“左右”时与数值相同", "upper bound; equals the value of a plain or an about figure", PLAN + "high"),
    Column("unit", "单位", "string", "数值、下限、上限的单位", "unit of value, low and high"),
    Column("comparator", "比较词", "string", "数字前后的比较词", "how the number bounds what it states"),
    Column("bindingness", "约束性质", "string", "约束性或预期性；报告未说明时为空", "binding or indicative; empty where the report does not say"),
    Column("basis", "口径", "string", "可比价、同口径等；报告未说明时为空", "basis of comparison; empty where the report does not say", PLAN + "basis"),
    Column("printed", "原文数字", "string", "报告中的写法", "as the report prints it", PLAN + "printed"),
    Column("quote", "报告语句", "string", "数字所在的句子", "sentence the number stands in", PLAN + "quote"),
    Column("report", "报告", "string", "报告标题", "title of the report"),
    Column("url", "网址", "anyURI", "报告文本取自的网页", "page the text was taken from"),
    Column("start", "起", "integer", "数字在报告文本中的起点（字符）", "where the number begins in the report's text, in code points", PLAN + "start"),
    Column("end", "止", "integer", "数字在报告文本中的终点（字符）", "where the number ends in the report's text, in code points", PLAN + "end"),
    Column("iri", "IRI", "anyURI", "该条陈述的标识", "identifier of the statement"),
    Column("indicator_iri", "指标IRI", "anyURI", "指标的标识", "identifier of the indicator"),
)  # fmt: skip

#: The sheet of sources, one row a report.
SOURCES: Final = (
    Column("report", "报告", "string", "报告标题", "title of the report"),
    Column("report_year", "报告年份", "integer", "作报告的年份", "year the report was given"),
    Column("url", "网址", "anyURI", "报告文本取自的网页", "page the text was taken from"),
    Column("sha256", "SHA-256", "string", "报告文件的校验和", "checksum of the report's file"),
    Column("report_iri", "IRI", "anyURI", "报告的标识", "identifier of the report"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells in the order of ``columns``. A cell without content is None in a column of numbers and
    an empty text in one of texts."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def long(facts: Iterable[Fact]) -> Table:
    """One row a fact."""
    return _table(COLUMNS, facts)


def sources(facts: Iterable[Fact]) -> Table:
    """One row for each report the facts stand in."""
    first = {fact.report_iri: fact for fact in facts}
    return _table(SOURCES, (first[iri] for iri in sorted(first)))


def _table(columns: tuple[Column, ...], facts: Iterable[Fact]) -> Table:
    return Table(columns, tuple(tuple(getattr(fact, c.key) for c in columns) for fact in facts))
