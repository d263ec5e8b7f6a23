"""Promises and outcomes without a number: 稳中提质, 与经济增长基本同步, 完成上级下达任务, 全覆盖, 居全国前列.

A passage is cut into clauses at its stops. A clause that ends in one of the phrasings of
:data:`loaders.phrasings.AFTER` or opens with one of :data:`loaders.phrasings.BEFORE` states a promise or an outcome;
the rest of the clause names what it is about, or the clause before does (空气优良天数比例83%，保持全省前列).
Slogans are left out: where the words alone do not say that something is held against a yardstick, what they are about
must be something that can be measured.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from loaders.layout import Passage, Table
from loaders.linking import Linker
from loaders.mentions import periods
from loaders.model import Fact, Kind, Qualitative, ReportInfo, Sentence
from loaders.naming import join, left_name, needs_owner, owner_of, tidy
from loaders.grammar import strip_adverbs, strip_lead_in
from loaders.phrasings import AFTER_BY_LAST, BEFORE_COMPILED, ENDINGS, MEASURED, OUTLOOK, TASK, Compiled, Phrasing
from loaders.sections import Part
from loaders.tables import _Column, _columns, _label

#: quotes and brackets keep their stops to themselves
_STOP = re.compile(r"“[^”]{0,80}”|《[^》]{0,80}》|（[^）]{0,80}）|\([^)]{0,80}\)|[，；。：！？;]|(?<!\d)[,:]")
_ITEM_STOP = re.compile(r"“[^”]{0,80}”|《[^》]{0,80}》|（[^）]{0,80}）|、")
_NUMBER_BEFORE = re.compile(r"\d[\d.,]*[^、，\d]{0,8}$")
_COUNT = re.compile(r"^(?:全部|这|上述|其中)?[\d.,]+[余多万]*[项个套条家件所座户]")
_OPENING = re.compile(r"^(?:[一二三四五六七八九十]+是(?!否)|[●■◆★▲◎○•·▶—–-]+|[\d]+[.．、]|（[一二三四五六七八九十]+）|其中|目前|同时|并|且|而)+")
_PREPOSITION = re.compile(r"^(?:对|将|把|让|使|在全[国省市](?:范围内)?(?:首批|率先)?|首批|率先|全面|探索|首个|建议|成为全[国省市]首[个批]|有力|引导|锚定|坚定不移|各类)")
_SCOPE = re.compile(r"(?:区|企业|地区|行政村|领域|城区|乡镇|村|区域|对象|人群)$")


@dataclass(frozen=True, slots=True)
class Clause:
    start: int
    end: int
    before: str  #: the stop before it
    after: str  #: the stop after it


@dataclass(frozen=True, slots=True)
class Found:
    """A promise before section, period and place are settled. Offsets count in the passage."""

    start: int
    end: int
    name: str
    phrasing: Phrasing
    bench: str = ""
    verb: str = ""
    clause: int = 0  #: start of its clause
    place: str = ""


@dataclass(slots=True)
class _Thread:
    """What a sentence has spoken of: indicator names with their places, in order, by segment between ；"""

    names: list[tuple[str, str]] = field(default_factory=list)


def read_passage(
    passage: Passage, part: Part, info: ReportInfo, linker: Linker, facts: Sequence[Fact] = ()
) -> Iterator[Qualitative]:
    """The promises and outcomes without a number of a passage.

    ``facts`` are those read from the same passage; a phrase without a subject is about the number before it.
    """
    text = passage.text
    named: tuple[periods.Period, ...] | None = None
    for sentence, clauses in _sentences(text):
        for found in _sentence(text, clauses, part.kind, linker, _FactsBefore(passage, facts, sentence)):
            if named is None:
                year = re.findall(r"\d{4}", part.period)
                named = periods.find(text, info.year, int(year[-1]) if year else None)
            kind, period = _settle(text, found, part, named, sentence)
            yield _make(found, kind, period, passage, part, info, linker, sentence)


def clauses_of(text: str) -> Iterator[Clause]:
    """``text`` cut at its stops, those inside quotes and brackets left alone."""
    start, before = 0, ""
    for match in _STOP.finditer(text):
        if match.end() - match.start() > 1:
            continue
        yield Clause(start, match.start(), before, match.group())
        start, before = match.end(), match.group()
    if start < len(text):
        yield Clause(start, len(text), before, "")


def _sentences(text: str) -> Iterator[tuple[tuple[int, int], list[Clause]]]:
    clauses: list[Clause] = []
    for clause in clauses_of(text):
        clauses.append(clause)
        if clause.after in ("。", "！", "？", ""):
            yield (clauses[0].start, min(clause.end + 1, len(text))), clauses
            clauses = []
    if clauses:
        yield (clauses[0].start, clauses[-1].end), clauses


@dataclass(slots=True)
class _FactsBefore:
    """The facts of a sentence, found by where they stand."""

    passage: Passage
    facts: Sequence[Fact]
    sentence: tuple[int, int]

    def between(self, start: int, end: int) -> list[tuple[str, str]]:
        """(indicator, region) of the facts in ``text[start:end]``, in order, each once."""
        if not self.facts or end <= start:
            return []
        first, last = self.passage.span(start, end)
        inside = [(f.indicator, f.region) for f in self.facts if first <= f.start < last]
        return list(dict.fromkeys(inside))


def _sentence(text: str, clauses: list[Clause], kind: Kind, linker: Linker, facts: _FactsBefore) -> Iterator[Found]:
    outlook = _outlook(text, clauses) if kind == "target" else {}
    segment = clauses[0].start if clauses else 0
    spoken: list[Found] = []
    for i, clause in enumerate(clauses):
        if clause.before in ("；", ";"):
            segment, spoken = clause.start, []
        words = text[clause.start : clause.end]
        found: list[Found] = []
        if i in outlook:
            found = [outlook[i]]
        else:
            found = list(_clause(text, clause, kind, linker, facts, segment, spoken))
        spoken += found
        yield from found


def _outlook(text: str, clauses: list[Clause]) -> dict[int, Found]:
    """Clauses that state, one after the other, how things shall have become: 科技创新能力明显跃升，改革开放水平明显提高"""
    found: dict[int, Found] = {}
    for i, clause in enumerate(clauses):
        words = text[clause.start : clause.end]
        if not words.endswith(ENDINGS):
            words = words.split("的总体目标")[0]
        match = OUTLOOK.search(words)
        if not match or match.start() < 3 or re.search(r"\d", words):
            continue
        name = subject_name(words[: match.start()])
        if len(name) >= 3:
            phrasing = Phrasing("outlook", "", direction="")
            found[i] = Found(clause.start + match.start(), clause.start + match.end(), name, phrasing, clause=clause.start)
    return {i: f for i, f in found.items() if i - 1 in found or i + 1 in found}


def _clause(
    text: str, clause: Clause, kind: Kind, linker: Linker, facts: _FactsBefore, segment: int, spoken: list[Found]
) -> Iterator[Found]:
    words = text[clause.start : clause.end]
    if "全覆盖的" in words:
        words = words[: words.index("全覆盖的") + 3]
    ends = _items(words)
    begin, seen = 0, False
    for stop in ends:
        piece = words[begin:stop]
        if not piece:
            continue
        bare = piece.rstrip("”")
        match = _after(piece, linker) if bare.endswith(ENDINGS) else None
        if match:
            compiled, hit = match
            at = clause.start + begin
            yield from _followed(text, at, compiled, hit, clause, kind, linker, facts, segment, spoken)
            begin, seen = stop + 1, True
        elif _NUMBER_BEFORE.search(piece):
            begin = stop + 1
    if not seen:
        yield from _preceded(text, clause, words, kind, linker)


def _items(words: str) -> list[int]:
    """Where the items of an enumeration end."""
    ends = [m.start() for m in _ITEM_STOP.finditer(words) if m.group() == "、"] if "、" in words else []
    return [*ends, len(words)]


def _after(piece: str, linker: Linker) -> tuple[Compiled, re.Match[str]] | None:
    """The first phrasing the piece ends in."""
    last = piece.rstrip("”")[-1]
    for compiled in AFTER_BY_LAST.get(last, ()):
        match = compiled.pattern.fullmatch(piece)
        if match and _fits(compiled.phrasing, match, linker):
            return compiled, match
    return None


def _fits(phrasing: Phrasing, match: re.Match[str], linker: Linker) -> bool:
    subject = subject_name(match["subject"])
    if len(subject) < 2:
        return phrasing.elided
    if phrasing.about == "measured":
        return is_measured(subject, linker)
    if phrasing.about == "task":
        return bool(TASK.search(subject))
    return True


def is_measured(name: str, linker: Linker) -> bool:
    """Names something that can be measured: by its last word, or because the vocabulary knows it."""
    return bool(MEASURED.search(name)) or linker.vocabulary.indicator(name) is not None


def subject_name(words: str) -> str:
    """The indicator in the words before a phrase.

    >>> subject_name("确保全市零就业家庭")
    '零就业家庭'
    """
    words = _OPENING.sub("", words.strip("、 "))
    name = strip_adverbs(strip_lead_in(words))
    name = _PREPOSITION.sub("", name)
    if "实现" in name:
        before, after = name.split("实现", 1)
        before = strip_adverbs(_PREPOSITION.sub("", before))
        name = before if len(before) >= 2 else after
    name = _COUNT.sub("", name)
    name = re.sub(r"^(?:推动|推进|促进|夺取|高分夺取|高水平|守住|守牢)(?=.{3})", "", name)
    return re.sub(r"等$|等(?=部分?指标)|目标$|等[\d一二三四五六七八九十]*[个项](?:指标)?$", "", tidy(strip_lead_in(name)))


def _followed(
    text: str, at: int, compiled: Compiled, hit: re.Match[str], clause: Clause, kind: Kind, linker: Linker,
    facts: _FactsBefore, segment: int, spoken: list[Found],
) -> Iterator[Found]:  # fmt: skip
    """A phrase that follows its subject."""
    start, end = at + hit.start("text"), at + hit.end("text")
    groups = hit.groupdict()
    name, place = subject_name(hit["subject"]), ""
    tail = text[end : end + 1]
    if tail.isdigit():
        return
    named = facts.between(segment, start)
    before = [(f.name, f.place) for f in spoken if f.name]
    known = [*named, *(b for b in before if b[0] not in {n for n, _ in named})]
    if len(name) < 2:
        if groups.get("object"):
            name = tidy(groups["object"])
        if len(name) < 2:
            if not known:
                return
            wide = "均" in hit["text"] or (kind == "target" and clause.before == "，" and clause.after in ("；", "。") and groups.get("bench") in ("全国", "全省"))
            chosen = known if wide else known[-1:]
            name, place = "、".join(n for n, _ in chosen), chosen[-1][1]
    elif needs_owner(name):
        if not known:
            return
        name = join(owner_of(known[-1][0], name), name)
        place = known[-1][1]
    yield Found(start, end, name, compiled.phrasing, groups.get("bench") or "", groups.get("verb") or "", clause.start, place)


def _preceded(text: str, clause: Clause, words: str, kind: Kind, linker: Linker) -> Iterator[Found]:
    """A phrase that stands before what it is about."""
    opening = _OPENING.match(words)
    begin = opening.end() if opening else 0
    for compiled in BEFORE_COMPILED:
        hit = compiled.pattern.fullmatch(words, begin)
        if not hit:
            continue
        phrasing = compiled.phrasing
        name = tidy(re.sub(r"(?:底线|发生)$", "", hit["object"]))
        name = re.sub(r"^(?:全[市省区县州]|我[市省区县州])", "", name)
        if re.search(r"\d", name) or len(name) < 3:
            continue
        if phrasing.rule in ("raise", "cut", "keep", "limit", "better") and (kind != "target" or not MEASURED.search(name)):
            continue
        if phrasing.about == "task" and not re.search(r"(?:任务|目标|实事|整改|改造|重组|颁证)$", name):
            continue
        if phrasing.rule == "none" and not re.search(r"(?:事故|风险|返贫|致贫|污染|事件|案件|灾害)$", name):
            continue
        if phrasing.rule == "attained" and re.search(r"现代化$", name):
            continue
        yield Found(clause.start + hit.start("text"), clause.start + hit.end("text"), name, phrasing, clause=clause.start)
        return


def _settle(
    text: str, found: Found, part: Part, named: Sequence[periods.Period], sentence: tuple[int, int]
) -> tuple[Kind, str]:
    """Target or result, and the period."""
    kind, period = part.kind, part.period
    chosen = ""
    for p in named:
        if not (sentence[0] <= p.start < found.start):
            continue
        between = text[p.end : found.start]
        if p.scope == "clause" and re.search(r"[，；。]", between) or p.scope == "segment" and "；" in between:
            continue
        if p.scope == "clause" and p.value < period[:4] and "在" not in text[found.clause : p.start]:
            continue
        chosen = p.value
        if p.target and period[:4].isdigit() and p.value[-4:] > period[-4:]:
            kind = "target"
    if chosen:
        if kind == "target" and chosen[:4].isdigit() and period[:4].isdigit() and chosen[-4:] < period[:4]:
            kind = "result"
        return kind, chosen
    if kind == "result" and re.fullmatch(r"\d{4}/\d{4}", period) and found.phrasing.final:
        lasting = re.search(r"持续|保持|始终|长期", text[found.start : found.end])
        return kind, period if lasting else period[-4:]
    return kind, period


def _make(
    found: Found, kind: Kind, period: str, passage: Passage, part: Part, info: ReportInfo, linker: Linker,
    sentence: tuple[int, int],
) -> Qualitative:  # fmt: skip
    place, name = linker.split_place(found.name)
    place = found.place or place or linker.place_at(found.name)
    start, end = passage.span(found.start, found.end)
    return Qualitative(
        start=start,
        end=end,
        indicator=name,
        text=passage.text[found.start : found.end],
        kind=kind,
        period=period,
        region=place or info.region,
        indicator_iri=linker.indicator_iri(name, "level"),
        region_iri=linker.place_iri(place),
        sentence=Sentence(passage.text[slice(*sentence)], *passage.span(*sentence), part.heading),
        rule=found.phrasing.rule,
        direction=found.phrasing.direction,
        assigned=found.phrasing.rule == "assigned",
    )


def read(part: Part, info: ReportInfo, linker: Linker, facts: Sequence[Fact] = ()) -> Iterator[Qualitative]:
    """The promises and outcomes without a number of one block; ``facts`` are those read from it."""
    if isinstance(part.block, Table):
        yield from read_table(part, info, linker)
    else:
        yield from read_passage(part.block, part, info, linker, facts)


def read_table(part: Part, info: ReportInfo, linker: Linker) -> Iterator[Qualitative]:
    """Cells without a number under a head of targets or results: 与GDP增长基本同步."""
    assert isinstance(part.block, Table)
    columns: tuple[_Column, ...] = ()
    for row in part.block.rows:
        if head := _columns(row, part, info, linker.vocabulary):
            columns = head
            continue
        label = _label(row, len(columns)) if columns and len(row) >= 2 else None
        if label is None:
            continue
        for i, cell in enumerate(row):
            column = next((c for c in columns if c.at == len(row) - i), None)
            if column and cell.text and cell is not label:
                yield from _cell(cell, label.text, column, part, info, linker)


def _cell(cell: Passage, label: str, column: _Column, part: Part, info: ReportInfo, linker: Linker) -> Iterator[Qualitative]:
    """Clauses of a cell that state no number, neighbours together."""
    run: list[Clause] = []
    for clause in [*clauses_of(cell.text), None]:
        words = cell.text[clause.start : clause.end] if clause else ""
        if clause and words and not re.search(r"\d", words) and _states(words):
            run.append(clause)
            continue
        if run:
            start = run[0].start + len(words_before) if (words_before := _CELL_OPENING.match(cell.text[run[0].start :])[0]) else run[0].start  # type: ignore[index]
            first = _states(cell.text[start : run[0].end])
            phrasing = first or Phrasing("cell", "")
            found = Found(start, run[-1].end, label, phrasing)
            yield _make(found, column.kind, column.period, cell, part, info, linker, (0, len(cell.text)))
            run = []


_CELL_OPENING = re.compile(r"(?:预计)?")


def _states(words: str) -> Phrasing | None:
    """The phrasing a clause of a cell is an instance of, whatever it is about."""
    bare = words.rstrip("”")
    if not bare.endswith(ENDINGS):
        return None
    for compiled in AFTER_BY_LAST.get(bare[-1], ()):
        if compiled.pattern.fullmatch(words):
            return compiled.phrasing
    return None
