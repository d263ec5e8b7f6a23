"""What the steps of the pipeline hand to each other: immutable records, no behaviour.

Dataclasses for what a report has one of; named tuples, which are made in a third of the time, for what it has thousands of.

Offsets are code points of the decoded source text (:attr:`Document.text`). ``value`` and ``unit`` are as
written in the report; the store converts them to the indicator's unit.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

Measure = Literal["level", "growth", "change", "rank"]
Kind = Literal["result", "target"]
Comparator = Literal["=", ">=", ">", "<=", "<", "~"]
ReportKind = Literal["work-report", "plan-report", "bulletin", "outline", "other"]
ProjectStatus = Literal[
    "planned", "signed", "started", "under_construction", "completed", "in_operation", "cancelled_or_deferred"
]


@dataclass(frozen=True, slots=True)
class Document:
    """A report as read: its decoded text and where it came from."""

    name: str  #: file stem, used in output file names
    text: str
    sha256: str  #: of the text encoded as UTF-8
    path: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """What is known about a report beforehand (``seeds/sources.toml``); empty fields are read from the text."""

    slug: str = ""
    title: str = ""
    kind: ReportKind | None = None
    region_code: str = ""
    year: int | None = None
    url: str = ""
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class ReportInfo:
    """What the pipeline knows about the report as a whole."""

    title: str
    kind: ReportKind
    region: str  #: official short form: 苏州市
    region_iri: str
    year: int | None  #: the year the report was given in; None when the text has no date
    review: str  #: period of the review part: "2022", or "" when unknown
    plan: str  #: period of the planning part: "2023", or ""
    date: str = ""  #: ISO date of the session, when stated


class Sentence(NamedTuple):
    """The words behind a statement."""

    text: str  #: cleaned of line breaks and page furniture
    start: int
    end: int
    section: str  #: heading path, joined by " / "


class Fact(NamedTuple):
    """One number that states a measured or planned fact."""

    start: int  #: of the digits
    end: int
    number: str  #: the digits as written
    indicator: str  #: shortest identifying noun phrase, in the report's words
    measure: Measure
    value: Decimal
    upper: Decimal | None  #: second number of a range
    unit: str  #: as written: 亿元
    comparator: Comparator
    kind: Kind
    estimated: bool
    period: str  #: 2022, 2022-Q1/2022-Q3, 2021/2025 ...
    region: str
    indicator_iri: str
    region_iri: str
    sentence: Sentence
    printed: str  #: number with its unit and comparator words: 5%左右
    rule: str  #: name of the rule that attached the indicator
    confidence: float  #: 0 to 1; how sure the rules are, not a probability
    basis: str = ""  #: 可比价, 同口径
    bindingness: str = ""  #: 约束性 or 预期性, only where stated
    stretch: bool = False  #: 力争, 争取更好结果


class Qualitative(NamedTuple):
    """A target or outcome without a number."""

    start: int
    end: int
    indicator: str
    text: str  #: the phrase that states it: 稳中提质
    kind: Kind
    period: str
    region: str
    indicator_iri: str
    region_iri: str
    sentence: Sentence
    rule: str
    direction: Literal["rise", "fall", "hold", ""] = ""
    benchmark_indicator: str = ""  #: IRI; 与经济增长基本同步
    benchmark_region: str = ""  #: IRI; 高于全省平均水平
    assigned: bool = False  #: 完成上级下达任务
    bindingness: str = ""
    further_indicators: tuple[str, ...] = ()  #: IRIs of the others, where several share the phrase


class ProjectMention(NamedTuple):
    """An individually named project with what the report says of it."""

    start: int
    end: int
    name: str
    status: ProjectStatus
    period: str
    region: str
    region_iri: str
    sentence: Sentence
    investment: tuple[Decimal, str] | None = None  #: amount and unit as written
    owner: str = ""
    repeats: str = ""  #: name of the project's first mention in the report, where this is a later one


class MeasureMention(NamedTuple):
    """One action of the planning part."""

    start: int
    end: int
    text: str
    heading: str
    topic: str  #: IRI of a topic, or ""
    actor: str
    action: str
    object: str
    instruments: tuple[str, ...]
    facts: tuple[int, ...]  #: starts of the targets stated in it, with a number or without
    projects: tuple[int, ...]  #: starts of the projects it names
    indicators: tuple[str, ...]  #: IRIs of indicators it names
    period: str
    region_iri: str


class OtherSentence(NamedTuple):
    """A sentence of the planning part that is no measure, and why."""

    start: int
    end: int
    text: str
    reason: str  #: heading, target, requirement, background, address, note or fragment
    heading: str


class OtherNumber(NamedTuple):
    """A number that is not a fact, and why: the extractor's honesty list."""

    start: int
    end: int
    number: str
    reason: str  #: date, name, ordinal, threshold, ref, range, other; or "unexplained: ..."


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything read from one report."""

    document: Document
    source: Source
    report: ReportInfo
    facts: tuple[Fact, ...] = ()
    qualitative: tuple[Qualitative, ...] = ()
    projects: tuple[ProjectMention, ...] = ()  #: each at its first mention
    project_updates: tuple[ProjectMention, ...] = ()  #: later mentions of one of them
    measures: tuple[MeasureMention, ...] = ()
    other_numbers: tuple[OtherNumber, ...] = ()
    other_sentences: tuple[OtherSentence, ...] = ()
    warnings: tuple[str, ...] = field(default=())
