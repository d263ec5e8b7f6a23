"""Document -> extraction: every step of the reading in order. :func:`extract` is a pure function of its arguments."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from loaders import bindingness, linking, qualitative, report, sections
from loaders import document as documents
from loaders.assembly import make_fact
from loaders.facts import (
    Draft,
    Thread,
    is_estimate,
    read_sentence,
    remember,
    settle_kind,
    settle_period,
    subject_of,
)
from loaders.layout import Block, Passage, Table, lay_out
from loaders.linking import Linker
from loaders.mentions import periods
from loaders.mentions.quantities import find
from loaders.model import Document, Extraction, Fact, OtherNumber, Qualitative, ReportInfo, Source
from loaders.sections import Part
from loaders.tables import read_table
from loaders.undertakings import Undertakings
from loaders.vocabulary import Vocabulary

_SENTENCE_END = re.compile(r"[。！？]|；(?=—)")
_ABOUT = re.compile(
    r"(?:[\d一二三四五六七八九十（）()]+[．.、]?)?关于(?P<topic>[^：:。，]{2,16})[：:]"
)  #: 1．关于经济增速：
_UNIT_LINE = re.compile(r".{0,30}[（(]?(?:计量)?单位[:：](?P<unit>[^）)、，]{1,8})[）)]?")  #: above a table
#: a breakdown of the sentence before: 其中，农业…; 分门类看，采矿业…
_BREAKDOWN = re.compile(r"其中|[按分][^，。；]{1,8}来?看，")
#: prices are surveyed in towns: 据凯里市城市物价抽样调查
_SURVEYED = re.compile(r"据(?P<place>[\u4e00-\u9fff]{2,10}?[市县区])[\u4e00-\u9fff]{0,12}调查[，,]")
#: a sentence longer than this is cut, so that garbage costs bounded time
MAX_SENTENCE = 3000


def read(path: Path | str) -> Document:
    """Reads a report; raises :class:`loaders.errors.DocumentError`."""
    return documents.read(path)


def extract(document: Document, vocabulary: Vocabulary, source: Source | None = None) -> Extraction:
    """Reads one report. Bounded in time and memory by the length of the text; raises nothing for odd text."""
    source = source or Source()
    blocks = lay_out(document.text)
    info = report.describe(document, blocks, source, vocabulary)
    linker = linking.for_region(vocabulary, vocabulary.region_iris.get(info.region_iri))
    facts: list[Fact] = []
    others: list[OtherNumber] = []
    promises: list[Qualitative] = []
    said = bindingness.stated(blocks)
    undertakings = Undertakings(info, linker)
    unit = ""
    for part in sections.cut(blocks, info):
        if part.note or part.cell:
            others += _numbers_of(part.block, vocabulary, "unexplained: cells" if part.cell else "other")
            continue
        already, promised = len(facts), len(promises)
        if isinstance(part.block, Table):
            sentences: tuple[tuple[int, int], ...] = ()
            read = read_table(part, info, linker, unit)
        else:
            unit = stated["unit"] if (stated := _UNIT_LINE.fullmatch(part.block.text)) else ""
            sentences = tuple(sentence_spans(part.block.text))
            read = _read_passage(part.block, sentences, part, info, linker)
        for item in read:
            (facts if isinstance(item, Fact) else others).append(item)  # type: ignore[arg-type]
        facts[already:] = bindingness.bind(facts[already:], part.block, said)
        promises += bindingness.bind(
            [*qualitative.read(part, info, linker, facts[already:])], part.block, said
        )
        undertakings.read(part, sentences, [*facts[already:], *promises[promised:]])
    return Extraction(
        document=document,
        source=source,
        report=info,
        facts=tuple(sorted(facts, key=lambda f: f.start)),
        qualitative=tuple(sorted(promises, key=lambda q: q.start)),
        other_numbers=tuple(sorted(others, key=lambda o: o.start)),
        warnings=_warnings(info, facts),
        **undertakings.found(),
    )


def _numbers_of(block: Block, vocabulary: Vocabulary, reason: str) -> Iterator[OtherNumber]:
    """The numbers of what states nothing, or nothing that can be told: none is a fact."""
    if isinstance(block, Passage):
        for q in find(block.text, vocabulary):
            yield OtherNumber(*block.span(q.start, q.end), q.number, q.reason or reason)


def _warnings(info: ReportInfo, facts: Sequence[Fact]) -> tuple[str, ...]:
    found = []
    if not info.region:
        found.append("no reporting region was found in the text")
    if info.year is None:
        found.append("no date was found in the text, so no period can be given")
    if not facts:
        found.append("no fact was found")
    return tuple(found)


def _read_passage(
    passage: Passage, sentences: Iterable[tuple[int, int]], part: Part, info: ReportInfo, linker: Linker
) -> Iterator[Fact | OtherNumber]:
    text = passage.text
    quantities = find(text, linker.vocabulary)
    if not quantities:
        return
    named = periods.find(text, info.year, periods.last_year(part.period))
    about = _ABOUT.match(text)
    topic, memory = about["topic"] if about else "", dict(_memory_of(part.heading))
    surveyed = linker.place_at(town["place"] + "物价") if (town := _SURVEYED.search(text)) else ""
    before = Thread()
    for start, end in sentences:
        topic = subject_of(text[start:end]) or topic
        inside = [q for q in quantities if start <= q.start < end]
        if not inside:
            continue
        thread = Thread(topic=topic, memory=memory, surveyed=surveyed)
        if _BREAKDOWN.match(text, start):
            thread.names, thread.unit, thread.amount = before.names, before.unit, before.amount
        drafts = {d.quantity.start: d for d in read_sentence(text, start, end, inside, thread, linker)}
        before = thread
        for q in inside:
            draft = drafts.get(q.start)
            if draft is None:
                at = passage.span(q.start, q.end)
                yield OtherNumber(*at, q.number, q.reason or "unexplained: no indicator")
            else:
                yield _fact(draft, passage, part, info, linker, named, (start, end))


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of a passage, closing quotes included."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        end = match.end()
        while end < len(text) and text[end] in "”）":
            end += 1
        yield from _bounded(start, end)
        start = end
    if start < len(text):
        yield from _bounded(start, len(text))


def _bounded(start: int, end: int) -> Iterator[tuple[int, int]]:
    for at in range(start, end, MAX_SENTENCE):
        yield at, min(end, at + MAX_SENTENCE)


_AROUND_TITLE = re.compile(r"^[\d一二三四五六七八九十、.．（）()]+|(?:完成|执行|进展)?情况$|(?:计划)?安排$")
_TITLE_YEAR = re.compile(r"^\d{4}年")


@lru_cache(maxsize=256)  # a section has many passages
def _memory_of(heading: str) -> tuple[tuple[str, str], ...]:
    """What a heading says its section is about: 1.基础设施建设项目完成情况 -> 项目: 基础设施建设项目."""
    memory: dict[str, str] = {}
    title = _AROUND_TITLE.sub("", heading.rpartition(" / ")[2])
    remember(_TITLE_YEAR.sub("", title), memory)
    return tuple(memory.items())


def _fact(
    draft: Draft, passage: Passage, part: Part, info: ReportInfo, linker: Linker,
    named: Sequence[periods.Period], sentence: tuple[int, int],
) -> Fact:  # fmt: skip
    text = passage.text
    kind = settle_kind(text, draft, part.kind, sentence)
    period, ahead = settle_period(text, draft, named, part.period, sentence)
    if kind == "result" and _plans_that_year(period, part, info):
        kind = "target"
    if ahead and kind == "result":
        kind = "target" if info.year and period[:4].isdigit() and int(period[-4:]) > info.year else kind
    estimated = kind == "result" and (part.estimated or is_estimate(text, draft, sentence))
    return make_fact(draft, kind, period, estimated, passage, part, info, linker, sentence)


def _plans_that_year(period: str, part: Part, info: ReportInfo) -> bool:
    """2013年，计划招引项目20个 in a report without headings given early in 2013: the year it plans, not the one it reviews."""
    early = info.date[5:7] in ("", "01", "02", "03")
    return early and period == info.plan != part.period and info.kind in ("work-report", "plan-report")
