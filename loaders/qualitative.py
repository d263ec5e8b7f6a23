"""Promises and outcomes without a number: 稳中提质, 与经济增长基本同步, 完成上级下达任务, 全覆盖, 居全国前列.

A passage is cut into clauses at its stops. A clause that ends in one of the phrasings of
:data:`loaders.phrasings.AFTER` or opens with one of :data:`loaders.phrasings.BEFORE` states a promise or an
outcome; the rest of the clause names what it is about, or the clause before does
(空气优良天数比例83%，保持全省前列). Slogans are left out: where the phrase holds what it is about against no
yardstick, that must be something that can be measured.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from loaders.layout import Passage, Table
from loaders.linking import Linker
from loaders.mentions import periods
from loaders.model import Fact, Kind, Measure, Qualitative, ReportInfo, Sentence
from loaders.naming import split_items, tidy
from loaders.phrasings import (
    AFTER_BY_LAST,
    BEFORE_COMPILED,
    BEFORE_HINT,
    DIRECTED,
    ENDINGS_BY_LAST,
    FORWARD,
    MEASURED,
    OBJECT,
    OUTLOOK,
    OUTLOOK_ENDINGS,
    OUTLOOK_PHRASING,
    TASK,
    VAGUE,
    Direction,
    Phrasing,
)
from loaders.sections import Part
from loaders.subjects import (
    OPENING,
    Clause,
    Context,
    Facts,
    Spoken,
    award_before,
    item_ends,
    object_name,
    restore,
    sentences,
    subject_name,
)
from loaders.tables import Column, columns_of, label_of

#: no clause that is written to be read is longer; bounds the time garbage costs
_MAX_CLAUSE = 300
#: 1．关于经济增速：
_ABOUT = re.compile(r"(?:[\d一二三四五六七八九十（）()]+[.．、]?)?关于(?P<topic>[^：:。，]{2,16})[：:]")
#: characters of a clause in which the verb of a phrase stands that goes before what it is about
_HINT_REACH = 24
_NUMBER_BEFORE = re.compile(r"(?<![A-Za-z_\d.])\d[\d.,]*[^、，\d]{0,8}$")


@dataclass(frozen=True, slots=True)
class Found:
    """A promise before section, period and place are settled. Offsets count in the passage."""

    start: int
    end: int
    name: str
    phrasing: Phrasing
    clause: int  #: start of its clause
    bench: str = ""  #: what it is held against: 经济增长, 全国平均水平
    place: str = ""


def read(part: Part, info: ReportInfo, linker: Linker, facts: Sequence[Fact] = ()) -> Iterator[Qualitative]:
    """The promises and outcomes without a number of one block; ``facts`` are those read from it."""
    if isinstance(part.block, Table):
        yield from read_table(part, info, linker)
    else:
        yield from read_passage(part.block, part, info, linker, facts)


def read_passage(
    passage: Passage, part: Part, info: ReportInfo, linker: Linker, facts: Sequence[Fact] = ()
) -> Iterator[Qualitative]:
    """The promises and outcomes of a passage; a phrase without a subject is about the number before it."""
    text = passage.text
    if not text.endswith(("。", "；", "！", "：")) and part.heading.endswith(text):
        return
    topic = _ABOUT.match(text)
    about = (Spoken(-1, topic["topic"], ""),) if topic else ()
    known = Facts.of(passage, facts)
    for clauses in sentences(text):
        span = (clauses[0].start, min(clauses[-1].end + 1, len(text)))
        named: tuple[periods.Period, ...] | None = None
        for found in _sentence(text, clauses, part, linker, known, about):
            if named is None:
                named = periods.find(text[slice(*span)], info.year, periods.last_year(part.period))
            kind, period = _settle(text, found, part, named, span[0])
            yield _make(found, kind, period, passage, part, info, linker, span)


def _sentence(
    text: str, clauses: list[Clause], part: Part, linker: Linker, facts: Facts, about: Sequence[Spoken]
) -> Iterator[Found]:
    outlook = _outlook(text, clauses, part)
    segment, spoken = clauses[0].start, list(about)
    for i, clause in enumerate(clauses):
        if clause.before in ("；", ";"):
            segment, spoken = clause.start, []
        if clause.end - clause.start > _MAX_CLAUSE:
            continue
        if i not in outlook and not _may_state(text[clause.start : clause.end]):
            continue
        context = Context(text, clause, clauses[i - 1] if i else None, part.kind, facts, segment, spoken)
        for found in [outlook[i]] if i in outlook else _clause(context, linker):
            start, _ = facts.passage.span(found.start, found.end)
            spoken.append(Spoken(start, found.name, found.place))
            yield found


_BY_YEAR = re.compile(r"到20\d\d年")
_SEEN_FROM = re.compile(r"从[^，。]{1,12}看")
_AIMS = re.compile(r"目标|锚定|到20\d\d年")


def _outlook(text: str, clauses: list[Clause], part: Part) -> dict[int, Found]:
    """Goals for several years, by the number of their clause: 科技创新能力明显跃升，改革开放水平明显提高.

    Only where the part plans a span of years or the sentence says 到2030年; a look at how things stand
    (从全国看，…更加凸显) has no goals.
    """
    if part.kind != "target":
        return {}
    sentence = text[clauses[0].start : clauses[-1].end]
    far = "/" in part.period or _BY_YEAR.search(sentence)
    if not far or _SEEN_FROM.search(sentence):
        return {}
    stated = bool(_AIMS.search(sentence))
    found: dict[int, Found] = {}
    for i, clause in enumerate(clauses):
        words = text[clause.start : clause.end].split("的总体目标")[0]
        match = OUTLOOK.search(words) if words.endswith(OUTLOOK_ENDINGS) else None
        if not match or match.start() < 3 or re.search(r"\d", words):
            continue
        if match["text"].startswith("更") and not stated:
            continue
        name = subject_name(words[: match.start()])
        if len(name) >= 3 and not name.startswith("在") and not name.endswith("现代化"):
            start, end = clause.start + match.start(), clause.start + match.end()
            found[i] = Found(start, end, name, OUTLOOK_PHRASING, clause.start)
    return found


_REMARK = re.compile(r"（[^（）]{1,12}）$")


def _may_state(words: str) -> bool:
    """A quick test of a clause: one of its items can end in a phrase, or a phrase can stand near its start."""
    if any(map(ends_in_phrase, words.split("、"))) or words.endswith("）") or "全覆盖的" in words:
        return True
    return BEFORE_HINT.search(words, 0, _HINT_REACH) is not None


def _clause(context: Context, linker: Linker) -> Iterator[Found]:
    words = context.words
    if "全覆盖的" in words:  # 成为全省首个…全覆盖的地区
        words = words[: words.index("全覆盖的") + 3]
    if words.endswith("）"):
        words = _REMARK.sub("", words)
    begin, seen = 0, False
    for stop in item_ends(words):
        piece = words[begin:stop]
        if ends_in_phrase(piece) and (match := _after(piece, context, linker)):
            if found := _followed(context, begin, *match):
                yield found
            begin, seen = stop + 1, True
        elif stop < len(words) and _NUMBER_BEFORE.search(piece):
            begin = stop + 1
    if not seen and (preceded := _preceded(context, words)):
        yield preceded


def ends_in_phrase(words: str) -> bool:
    """Can the words end in a phrase that follows its subject? A quick test."""
    if words.endswith("”"):
        words = words.rstrip("”")
    endings = ENDINGS_BY_LAST.get(words[-1:])
    return endings is not None and words.endswith(endings)


def _after(piece: str, context: Context, linker: Linker) -> tuple[Phrasing, re.Match[str]] | None:
    """The first phrasing the piece ends in."""
    alone, bare = False, piece.rstrip("”")
    for compiled in AFTER_BY_LAST.get(bare[-1], ()):
        match = compiled.pattern.fullmatch(piece) if bare.endswith(compiled.ends) else None
        if not match or (alone and match["subject"]):
            continue
        alone = alone or not match["subject"]  # the piece is all phrase; 量质|双升 has no subject either
        name = subject_name(match["subject"])
        if name and _is_nobody(name, compiled.phrasing, match, linker):
            return None
        if _fits(name, compiled.phrasing, match, context, linker):
            return compiled.phrasing, match
    return None


#: who speaks of nobody in particular, or only of an effort or an award
_NOBODY = re.compile(r"疫情|争创|荣获|获评(?!数)|勇夺|夺得|\d%|^(?:有的|一些|个别|少数)")
_SLOGAN = re.compile(r"(?:经济(?:发展|运行|社会发展)?|社会大局|发展|外贸|高质量发展)")


def _is_nobody(name: str, phrasing: Phrasing, match: re.Match[str], linker: Linker) -> bool:
    """Is the subject none that could be held to anything?"""
    if _NOBODY.search(match["subject"]) or re.fullmatch(r"在[^，]+[中上]", name):
        return True
    if linker.region and name in (linker.region.name, linker.region.short):
        return True
    if phrasing.rule == "standing" and re.search(r"[走立]在前列", match["text"]):
        return True
    return phrasing.rule in ("steady and better", "standing") and _SLOGAN.fullmatch(name) is not None


def _fits(name: str, phrasing: Phrasing, match: re.Match[str], context: Context, linker: Linker) -> bool:
    """Is ``name``, the subject of the match, one that the phrasing can be about?"""
    if len(name) < 2:
        return phrasing.elided
    if phrasing.rule in ("changed", "growth") and re.search(r"\d", name):
        return False
    noun = name.rstrip("”")
    if phrasing.about == "measured":
        return is_measured(noun, linker) and not _is_heading(phrasing, match, noun, context)
    if phrasing.about == "task":
        return bool(TASK.search(noun))
    if phrasing.about == "plural":
        return "工程" not in name and ("完成" in match["text"] or "、" not in name)
    return True


def _is_heading(phrasing: Phrasing, match: re.Match[str], noun: str, context: Context) -> bool:
    """A sentence that says no more than that things improve (对外开放水平不断提升。), or an effort."""
    upward = match.groupdict().get("verb") in FORWARD or phrasing.rule == "steady and better"
    if upward and (VAGUE.search(noun) or not MEASURED.search(noun)) and context.clause.is_sentence:
        return True
    return context.kind == "result" and match["subject"].startswith(("促进", "发展"))


def is_measured(name: str, linker: Linker) -> bool:
    """Names something that can be measured: by its last word, or because the vocabulary knows it."""
    return bool(MEASURED.search(name)) or linker.vocabulary.indicator(name) is not None


def _followed(context: Context, begin: int, phrasing: Phrasing, match: re.Match[str]) -> Found | None:
    """A phrase that follows its subject; ``begin`` is where the matched piece starts in the clause."""
    at = context.clause.start + begin
    start, end = at + match.start("text"), at + match.end("text")
    if context.text[end : end + 1].isdigit():
        return None
    groups = match.groupdict()
    bench, name, place = groups.get("bench") or "", subject_name(match["subject"]), ""
    if len(name) < 2:
        name = re.sub(r"目标$", "", tidy(groups.get("object") or ""))
    if len(name) < 2 or not groups.get("object"):
        name, place = restore(context, name, start, widely=_is_wide(context, start, bench, match["text"]))
    if phrasing.rule == "all" and name and (done := re.search(r"完成([^，。；、]{2,})$", match["text"])):
        name += done[1]
    if not name and phrasing.rule == "first":
        name = award_before(context)
    return Found(start, end, name, phrasing, context.clause.start, bench, place) if name else None


def _is_wide(context: Context, at: int, bench: str, words: str) -> bool:
    """均居中部前列; or the last clause of a list of targets: …增长3.7%，努力跑赢全国；"""
    clause = context.clause
    closes = at == clause.start and clause.before == "，" and clause.after in ("；", "。")
    if re.search(r"(?<!平)均(?!值)", words):
        return True
    return context.kind == "target" and closes and bench in ("全国", "全省", "全市")


#: what may stand between the start of a clause and a phrase before its object
_LEADING = re.compile(rf"(?:{OPENING.pattern})?(?:全年|年内|全[市省区县州]|我[市省区县]|要|同时)*")


def _preceded(context: Context, words: str) -> Found | None:
    """A phrase that stands before what it is about."""
    if not BEFORE_HINT.search(words, 0, _HINT_REACH):
        return None
    leading = _LEADING.match(words)
    begin = leading.end() if leading else 0
    for compiled in BEFORE_COMPILED:
        match = compiled.pattern.fullmatch(words, begin)
        if match:
            name, at = object_name(match["object"]), context.clause.start
            if not _takes(compiled.phrasing, name, context):
                return None
            return Found(at + match.start("text"), at + match.end("text"), name, compiled.phrasing, at)
    return None


_DIGIT = re.compile(r"\d(?!G)")
_QUOTED = re.compile(r"“[^”]*”")


def _takes(phrasing: Phrasing, name: str, context: Context) -> bool:
    """Is ``name`` something the phrase before it promises, and not the heading of a paragraph?"""
    if len(name) < 3 or _DIGIT.search(_QUOTED.sub("", name)):
        return False
    if phrasing.about == "measured":
        planned = context.kind == "target" and not name.startswith(("合理", "适度"))
        return planned and bool(OBJECT.search(name))
    if phrasing.about == "task":
        return bool(TASK.search(name)) and not (context.clause.is_sentence and len(name) < 5)
    if phrasing.rule == "none":
        return bool(re.search(r"(?:事故|风险|返贫|致贫|污染|事件|案件|灾害)$", name))
    return not name.endswith("现代化")


def _settle(
    text: str, found: Found, part: Part, named: Sequence[periods.Period], sentence: int
) -> tuple[Kind, str]:
    """Target or result, and the period; ``named`` are those of the sentence, which starts at ``sentence``."""
    kind, period, chosen = part.kind, part.period, ""
    for candidate in named:
        start, end = sentence + candidate.start, sentence + candidate.end
        if start >= found.start or _is_title(text[sentence:start]):
            continue
        between = text[end : found.start]
        if re.search({"clause": "[，；。]", "segment": "；"}.get(candidate.scope, "。"), between):
            continue
        inside = candidate.scope == "clause" and "在" not in text[found.clause : start]
        if inside and candidate.value < period[:4]:
            continue  # 2021年长江经济带警示片披露问题: the year is the film's
        chosen = candidate.value
        if candidate.target and candidate.value[-4:] > period[-4:]:
            kind = "target"
    if chosen:
        past = kind == "target" and chosen[:4].isdigit() and chosen[-4:] < period[:4]
        return ("result" if past else kind), chosen
    if kind == "result" and found.phrasing.final and re.fullmatch(r"\d{4}/\d{4}", period):
        lasting = re.search(r"持续|保持|始终|长期|稳居", text[found.start : found.end])
        return kind, period if lasting else period[-4:]
    return kind, period


def _is_title(before: str) -> bool:
    """Ends inside 《…》."""
    return before.rfind("《") > before.rfind("》")


def _make(
    found: Found, kind: Kind, period: str, passage: Passage, part: Part, info: ReportInfo, linker: Linker,
    sentence: tuple[int, int],
) -> Qualitative:  # fmt: skip
    """The promise with offsets in the source, IRIs, benchmark and direction."""
    place, name = _split_place(found.name, linker)
    place = found.place or place
    start, end = passage.span(found.start, found.end)
    words = passage.text[found.start : found.end]
    against, region = benchmark(found.bench, linker)
    first, *further = indicators_of(name, "growth" if against.endswith("/growth") else "level", linker)
    return Qualitative(
        start=start,
        end=end,
        indicator=name,
        text=words,
        kind=kind,
        period=period,
        region=place or info.region,
        indicator_iri=first,
        region_iri=linker.place_iri(place),
        sentence=Sentence(passage.text[slice(*sentence)], *passage.span(*sentence), part.heading),
        rule=found.phrasing.rule,
        direction=found.phrasing.direction or direction_of(words, found.phrasing),
        benchmark_indicator=against,
        benchmark_region=region,
        assigned=found.phrasing.rule == "assigned",
        further_indicators=tuple(further),
    )


def _split_place(name: str, linker: Linker) -> tuple[str, str]:
    """A part of the region a name opens with, and the rest: 长春|交通健康指数改善率."""
    place, rest = linker.split_place(name)
    if place or not linker.region:
        return place, rest
    for below in linker.vocabulary.children.get(linker.region.iri, ()):
        rest = name.removeprefix(below.short)
        if len(below.short) < 2 or below.short == linker.region.short or rest == name:
            continue
        if len(rest) >= 4 and MEASURED.search(rest):
            return below.name, rest
    return linker.place_at(name), name


def indicators_of(name: str, measure: Measure, linker: Linker) -> list[str]:
    """IRIs of the indicators a name joins, at least one.

    ``进出口总额、实际使用外资`` are two; 和 parts only what the vocabulary knows apart.
    """
    items, begin = [], 0
    for stop in item_ends(name):
        items.append(name[begin:stop])
        begin = stop + 1
    if len(items) == 1 and linker.vocabulary.indicator(name) is None:
        parts = split_items(name)
        items = parts if all(linker.vocabulary.indicator(part) for part in parts) else items
    return list(dict.fromkeys(linker.indicator_iri(item, measure) for item in filter(None, items))) or [
        linker.indicator_iri(name, measure)
    ]


_BENCHMARK = re.compile(
    r"(?P<place>全国|国家|全省|全自治区|省|全市|市)?的?(?P<name>[^，。；]*?)的?(?:平均水平|平均数?|均值|总和|同期|水平)?"
)
_LEVELS = {
    "全国": "country", "国家": "country", "全省": "province", "全自治区": "province", "省": "province",
    "全市": "prefecture", "市": "prefecture",
}  # fmt: skip


def benchmark(words: str, linker: Linker) -> tuple[str, str]:
    """(indicator IRI, region IRI) a promise is held against; empty where the words name none that is known.

    ``GDP增长`` -> (indicator/gdp/growth, ""); ``全国平均水平`` -> ("", region/100000).
    """
    match = _BENCHMARK.fullmatch(words) if words else None
    if not match:
        return "", ""
    level, name, region = _LEVELS.get(match["place"] or ""), match["name"], ""
    if level and linker.region:
        known = linker.vocabulary.region_iris
        region = next((iri for iri in linker.region.within if iri in known and known[iri].level == level), "")
    if re.fullmatch(r"(?:国民)?经济", name):
        name = "经济增长"
    growth = re.search(r"(?:增长|增速|增幅|增长速度)$", name) is not None
    iri = linker.indicator_iri(name, "growth" if growth else "level") if name else ""
    return ("" if "/indicator/zh/" in iri else iri), region


_RISE = re.compile(r"增|升|提高|扩大|新高|最高|前移|改善")
_FALL = re.compile(r"降|减|缩|新低|最低|回落|清零|出清|归零|消除|不发生|未发生")


def direction_of(words: str, phrasing: Phrasing) -> Direction:
    """Rise or fall, where the words of a phrase that tells of change say so."""
    if phrasing.rule not in DIRECTED:
        return ""
    return "rise" if _RISE.search(words) else "fall" if _FALL.search(words) else ""


def read_table(part: Part, info: ReportInfo, linker: Linker) -> Iterator[Qualitative]:
    """Cells without a number under a head of targets or results: 与GDP增长基本同步."""
    assert isinstance(part.block, Table)
    columns: tuple[Column, ...] = ()
    for row in part.block.rows:
        if head := columns_of(row, part, info, linker.vocabulary):
            columns = head
            continue
        label = label_of(row, len(columns), linker.vocabulary) if columns and len(row) >= 2 else None
        for i, cell in enumerate(row) if label else ():
            column = next((c for c in columns if c.at == len(row) - i), None)
            if label and column and cell is not label:
                yield from _cell(cell, label.text, column, part, info, linker)


def _cell(
    cell: Passage, label: str, column: Column, part: Part, info: ReportInfo, linker: Linker
) -> Iterator[Qualitative]:
    """Each clause of a cell that states a promise without a number, whatever the row is about."""
    for clauses in sentences(cell.text):
        for clause in clauses:
            words = cell.text[clause.start : clause.end]
            if len(words) > _MAX_CLAUSE or re.search(r"\d", words) or not ends_in_phrase(words):
                continue
            for compiled in AFTER_BY_LAST.get(words.rstrip("”")[-1], ()):
                if match := compiled.pattern.fullmatch(words):
                    bench = match.groupdict().get("bench") or ""
                    found = Found(clause.start, clause.end, label, compiled.phrasing, clause.start, bench)
                    whole = (0, len(cell.text))
                    yield _make(found, column.kind, column.period, cell, part, info, linker, whole)
                    break
