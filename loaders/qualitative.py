"""Promises and outcomes without a number: 稳中提质, 与经济增长基本同步, 完成上级下达任务, 全覆盖, 居全国前列.

A passage is cut into clauses at its stops. A clause that ends in one of the phrasings of
:data:`loaders.phrasings.AFTER` or opens with one of :data:`loaders.phrasings.BEFORE` states a promise or an outcome;
the rest of the clause names what it is about, or the clause before does (空气优良天数比例83%，保持全省前列).
Slogans are left out: where the words alone do not say that something is held against a yardstick, what they are about
must be something that can be measured.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from loaders.layout import Passage, Table
from loaders.linking import Linker
from loaders.mentions import periods
from loaders.model import Fact, Kind, Qualitative, ReportInfo, Sentence
from loaders.naming import join, left_name, needs_owner, owner_of, tidy
from loaders.grammar import VERB_START, strip_adverbs, strip_lead_in
from loaders.phrasings import AFTER_BY_LAST, BEFORE_COMPILED, ENDINGS, FORWARD, MEASURED, OBJECT, OUTLOOK, OUTLOOK_ENDINGS, TASK, VAGUE, Compiled, Phrasing
from loaders.sections import Part
from loaders.tables import _Column, _columns, _label

#: quotes and brackets keep their stops to themselves
_STOP = re.compile(r"“[^”]{0,80}”|《[^》]{0,80}》|（[^）]{0,80}）|\([^)]{0,80}\)|[，；。：！？;]|(?<!\d)[,:]")
_ITEM_STOP = re.compile(r"“[^”]{0,80}”|《[^》]{0,80}》|（[^）]{0,80}）|、")
_NUMBER_BEFORE = re.compile(r"\d[\d.,]*[^、，\d]{0,8}$")
_COUNT = re.compile(r"^(?:全部|这|上述|其中)?[\d.,]+[余多万]*[项个套条家件所座户]")
_OPENING = re.compile(r"^(?:[一二三四五六七八九十]+是(?!否)|[●■◆★▲◎○•·▶—–-]+|[\d]+[.．、]|（[一二三四五六七八九十]+）|其中|目前|同时|并|且|而)+")
_PREPOSITION = re.compile(r"^(?:对(?!外|口|接)|将|把|让|使|在全[国省市](?:范围内)?(?:首批|率先)?|首批|率先|全面|探索|首个|建议|成为全[国省市]首[个批]|有力|引导|锚定|坚定不移|各类)")
_ABOUT = re.compile(r"(?:[\d一二三四五六七八九十（）()]+[.．、]?)?关于(?P<topic>[^：:。，]{2,16})[：:]")  #: 1．关于经济增速：
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


def read_passage(
    passage: Passage, part: Part, info: ReportInfo, linker: Linker, facts: Sequence[Fact] = ()
) -> Iterator[Qualitative]:
    """The promises and outcomes without a number of a passage.

    ``facts`` are those read from the same passage; a phrase without a subject is about the number before it.
    """
    text = passage.text
    named: tuple[periods.Period, ...] | None = None
    if not text.endswith(("。", "；", "！", "：")) and part.heading.endswith(text):
        return
    about = topic["topic"] if (topic := _ABOUT.match(text)) else ""
    for sentence, clauses in _sentences(text):
        for found in _sentence(text, clauses, part, linker, _FactsBefore(passage, facts), about):
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


@dataclass(frozen=True, slots=True)
class Known:
    """What a number or a promise earlier in the sentence is about."""

    start: int  #: in the source
    name: str
    place: str


@dataclass(slots=True)
class _FactsBefore:
    """The facts of a sentence, found by where they stand."""

    passage: Passage
    facts: Sequence[Fact]

    def between(self, start: int, end: int) -> list[Known]:
        """What the facts in ``text[start:end]`` are about, in order."""
        if not self.facts or end <= start:
            return []
        first, last = self.passage.span(start, end)
        return [Known(f.start, f.indicator, f.region) for f in self.facts if first <= f.start < last]


def _sentence(
    text: str, clauses: list[Clause], part: Part, linker: Linker, facts: _FactsBefore, about: str
) -> Iterator[Found]:
    outlook = _outlook(text, clauses) if _looks_far(part, text[clauses[0].start : clauses[-1].end]) else {}
    segment = clauses[0].start
    spoken: list[Known] = []
    if about:
        spoken.append(Known(0, about, ""))
    for i, clause in enumerate(clauses):
        if clause.before in ("；", ";"):
            segment, spoken = clause.start, []
        context = _Context(text, clause, clauses[i - 1] if i else None, part.kind, linker, facts, segment, spoken)
        found = [outlook[i]] if i in outlook else list(_clause(context))
        spoken += [Known(facts.passage.span(f.start, f.end)[0], f.name, f.place) for f in found]
        yield from found


@dataclass(frozen=True, slots=True)
class _Context:
    """A clause with what its sentence has said before it."""

    text: str
    clause: Clause
    previous: Clause | None
    kind: Kind
    linker: Linker
    facts: _FactsBefore
    segment: int
    spoken: list[Known]

    @property
    def words(self) -> str:
        return self.text[self.clause.start : self.clause.end]

    def known(self, at: int) -> list[Known]:
        """What the numbers and promises of the segment up to ``at`` are about, in order, each once."""
        listed = sorted([*self.facts.between(self.segment, at), *self.spoken], key=lambda k: k.start)
        return list({k.name: k for k in reversed(listed)}.values())[::-1]


def _looks_far(part: Part, sentence: str) -> bool:
    """A goal for several years: the part plans a span, or the sentence says 到2030年."""
    return part.kind == "target" and ("/" in part.period or bool(re.search(r"到20\d\d年", sentence)))


def _outlook(text: str, clauses: list[Clause]) -> dict[int, Found]:
    """Clauses that state how things shall have become: 科技创新能力明显跃升，改革开放水平明显提高"""
    found: dict[int, Found] = {}
    whole = text[clauses[0].start : clauses[-1].end]
    goals = bool(re.search(r"目标|锚定|到20\d\d年", whole))
    if re.search(r"从[^，。]{1,12}看", whole):
        return found
    for i, clause in enumerate(clauses):
        words = text[clause.start : clause.end].split("的总体目标")[0]
        match = OUTLOOK.search(words) if words.endswith(OUTLOOK_ENDINGS) else None
        if not match or match.start() < 3 or re.search(r"\d", words):
            continue
        name = subject_name(words[: match.start()])
        if len(name) >= 3 and not name.endswith("现代化") and (goals or not match["text"].startswith("更")):
            found[i] = Found(clause.start + match.start(), clause.start + match.end(), name, _OUTLOOK, clause=clause.start)
    return found


_OUTLOOK = Phrasing("outlook", "")


def _clause(context: _Context) -> Iterator[Found]:
    words = context.words
    if "全覆盖的" in words:
        words = words[: words.index("全覆盖的") + 3]
    begin, seen = 0, False
    for stop in _items(words):
        piece = words[begin:stop]
        if not piece:
            continue
        match = _after(piece, context) if piece.rstrip("”").endswith(ENDINGS) else None
        if match:
            yield from _followed(context, context.clause.start + begin, *match)
            begin, seen = stop + 1, True
        elif _NUMBER_BEFORE.search(piece):
            begin = stop + 1
    if not seen:
        yield from _preceded(context, words)


def _items(words: str) -> list[int]:
    """Where the items of an enumeration end."""
    ends = [m.start() for m in _ITEM_STOP.finditer(words) if m.group() == "、"] if "、" in words else []
    return [*ends, len(words)]


def _after(piece: str, context: _Context) -> tuple[Compiled, re.Match[str]] | None:
    """The first phrasing the piece ends in."""
    last = piece.rstrip("”")[-1]
    for compiled in AFTER_BY_LAST.get(last, ()):
        match = compiled.pattern.fullmatch(piece)
        if match and _fits(compiled.phrasing, match, context):
            return compiled, match
    return None


def _fits(phrasing: Phrasing, match: re.Match[str], context: _Context) -> bool:
    subject = subject_name(match["subject"])
    if len(subject) < 2:
        return phrasing.elided
    if phrasing.rule == "changed" and re.search(r"\d", subject):
        return False
    if re.search(r"疫情|争创|荣获|获评(?!数)", match["subject"]) or re.match(r"在[^，]+中$", subject):
        return False
    bare = subject.rstrip("”")
    if phrasing.about == "measured":
        verb = match.groupdict().get("verb") or ""
        if verb in FORWARD and VAGUE.search(bare) and _is_heading(context.clause) or re.match(r"(?:促进|发展)", match["subject"]) and context.kind == "result":
            return False
        return is_measured(bare, context.linker)
    if phrasing.about == "task":
        return bool(TASK.search(bare))
    if phrasing.about == "plural":
        return "工程" not in subject and ("完成" in match["text"] or "、" not in subject)
    return True


def _is_heading(clause: Clause) -> bool:
    """A sentence of a single clause."""
    return clause.before in ("", "。", "：") and clause.after in ("", "。")


def is_measured(name: str, linker: Linker) -> bool:
    """Names something that can be measured: by its last word, or because the vocabulary knows it."""
    return bool(MEASURED.search(name)) or linker.vocabulary.indicator(name) is not None


_SURVEY = re.compile(r"^.*?在(?:[^，]{0,8}?\d{4}年)?(?P<name>[^，]+(?:测评|评价|考核|评估|评选))中$")
_STANDALONE = frozenset("投资 消费 收入 价格 服务".split())


def subject_name(words: str) -> str:
    """The indicator in the words before a phrase.

    >>> subject_name("确保全市零就业家庭")
    '零就业家庭'
    """
    words = _OPENING.sub("", words.strip("、 "))
    if survey := _SURVEY.match(words):
        return survey["name"]
    if (scope := re.fullmatch(r".{0,4}?实现(.{1,6})", words)) and _SCOPE.search(scope[1]):
        return ""
    words = re.sub(r"^.*(?:预期目标|主要目标)(?:是|为)?(?=.{4})", "", words)
    name = strip_adverbs(strip_lead_in(words))
    name = _PREPOSITION.sub("", name)
    if "实现" in name:
        before, after = name.split("实现", 1)
        before = strip_adverbs(_PREPOSITION.sub("", before))
        if len(before) < 2:
            name = "" if _SCOPE.search(after) and len(after) <= 6 else after
        else:
            name = before if _SCOPE.search(after) else before + after
    name = _COUNT.sub("", name)
    name = re.sub(r"^(?:推动|推进|促进|夺取|高分夺取|高水平|守住|守牢|\d{4}年前?)(?=.{3})", "", name)
    name = tidy(strip_lead_in(name))
    return re.sub(r"等$|等(?=部分?指标)|(?<=[速长额入])目标$|等[\d一二三四五六七八九十]*[个项](?:指标)?$", "", name)


def _followed(context: _Context, at: int, compiled: Compiled, hit: re.Match[str]) -> Iterator[Found]:
    """A phrase that follows its subject."""
    start, end = at + hit.start("text"), at + hit.end("text")
    if context.text[end : end + 1].isdigit():
        return
    groups = hit.groupdict()
    name, place = _restore(context, subject_name(hit["subject"]), start, compiled.phrasing, hit)
    if name:
        yield Found(
            start, end, name, compiled.phrasing, groups.get("bench") or "", groups.get("verb") or "",
            context.clause.start, place,
        )  # fmt: skip


_RATE_WORD = re.compile(r"(?:降幅|增幅|涨幅|幅度)$")
_KEPT_OWNER = re.compile(r"(?:数量|金额|总数|获评数|入选数|总量)$")


def _restore(context: _Context, name: str, at: int, phrasing: Phrasing, hit: re.Match[str]) -> tuple[str, str]:
    """(indicator, place) with what the subject leaves out taken from the clause before; empty when that fails."""
    if len(name) < 2 and (given := tidy(hit.groupdict().get("object") or "")):
        return re.sub(r"目标$", "", given), ""
    if len(name) >= 2 and (event := _event_before(context, name)):
        return event + name, ""
    lacks = len(name) < 2 or _RATE_WORD.fullmatch(name) or (needs_owner(name) or _KEPT_OWNER.fullmatch(name)) and name not in _STANDALONE
    if not lacks:
        return name, ""
    known = context.known(at)
    if not known:
        if phrasing.rule == "first" and context.previous:
            before = context.text[context.previous.start : context.previous.end]
            achieved = re.search(r"(?:获评|入选|获批|荣获|新增).{2,}$", before)
            return (achieved.group() if achieved else ""), ""
        return "", ""
    last = known[-1]
    if len(name) < 2 or _RATE_WORD.fullmatch(name):
        chosen = known if _covers_all(context, phrasing, hit) else _last_run(context, known)
        return "、".join(k.name for k in chosen), last.place
    if _KEPT_OWNER.fullmatch(name):
        return join(last.name, name), last.place
    return join(owner_of(last.name, name), name), last.place


def _covers_all(context: _Context, phrasing: Phrasing, hit: re.Match[str]) -> bool:
    """均居中部前列; a target list that ends …，努力跑赢全国；"""
    bench = hit.groupdict().get("bench")
    closing = context.clause.before == "，" and context.clause.after in ("；", "。")
    return "均" in hit["text"] or context.kind == "target" and closing and bench in ("全国", "全省", "全市")


def _last_run(context: _Context, known: list[Known]) -> list[Known]:
    """The last one, or those of 起数、死亡人数分别下降51.8%和55.9%."""
    previous = context.previous
    if previous and "分别" in context.text[previous.start : previous.end]:
        first = context.facts.passage.span(previous.start, previous.end)[0]
        return [k for k in known if k.start >= first] or known[-1:]
    return known[-1:]


_EVENT = re.compile(r"在(?P<event>[^，。；在]{0,4}第[\d一二三四五六七八九十]+届[^，。；]{2,12}?[会赛])(?:上|中)(?P<part>[^，。；]{2,6}项目)?")


def _event_before(context: _Context, name: str) -> str:
    """The games medals were won at: 在第9届亚冬会上…，金牌和奖牌数均创历史新高."""
    if not re.search(r"金牌|奖牌|参赛", name):
        return ""
    events = list(_EVENT.finditer(context.text, context.segment, context.clause.start))
    return events[-1]["event"] + (events[-1]["part"] or "") if events else ""


def _preceded(context: _Context, words: str) -> Iterator[Found]:
    """A phrase that stands before what it is about."""
    opening = _OPENING.match(words)
    begin = opening.end() if opening else 0
    for compiled in BEFORE_COMPILED:
        hit = compiled.pattern.fullmatch(words, begin)
        if not hit:
            continue
        name = _object_name(hit["object"])
        if _takes(compiled.phrasing, name, context):
            at = context.clause.start
            yield Found(at + hit.start("text"), at + hit.end("text"), name, compiled.phrasing, clause=at)
        return


def _object_name(words: str) -> str:
    items = words.split("、")
    cut = next((i for i, item in enumerate(items) if i and VERB_START.match(item)), len(items))
    name = tidy(re.sub(r"(?:底线|发生)$", "", "、".join(items[:cut])))
    return re.sub(r"^(?:全[市省区县州]|我[市省区县])", "", name)


def _takes(phrasing: Phrasing, name: str, context: _Context) -> bool:
    """Is ``name`` something the phrase before it promises, and not the heading of a paragraph?"""
    if len(name) < 3 or re.search(r"\d(?!G)", re.sub(r"“[^”]*”", "", name)):
        return False
    if phrasing.about == "measured":
        return context.kind == "target" and bool(OBJECT.search(name)) and not re.match(r"合理|适度", name)
    if phrasing.about == "task":
        return bool(TASK.search(name)) and not (_is_heading(context.clause) and len(name) < 7)
    if phrasing.rule == "none":
        return bool(re.search(r"(?:事故|风险|返贫|致贫|污染|事件|案件|灾害)$", name))
    return not name.endswith("现代化")


def _settle(
    text: str, found: Found, part: Part, named: Sequence[periods.Period], sentence: tuple[int, int]
) -> tuple[Kind, str]:
    """Target or result, and the period."""
    kind, period = part.kind, part.period
    chosen = ""
    for p in named:
        if text.rfind("《", 0, p.start) > text.rfind("》", 0, p.start):
            continue
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
        lasting = re.search(r"持续|保持|始终|长期|稳居", text[found.start : found.end])
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
    """Each clause of a cell that states no number."""
    for clause in clauses_of(cell.text):
        words = cell.text[clause.start : clause.end]
        if re.search(r"\d", words) or not (phrasing := _states(words)):
            continue
        found = Found(clause.start, clause.end, label, phrasing)
        yield _make(found, column.kind, column.period, cell, part, info, linker, (0, len(cell.text)))


def _states(words: str) -> Phrasing | None:
    """The phrasing a clause of a cell is an instance of, whatever it is about."""
    bare = words.rstrip("”")
    if not bare.endswith(ENDINGS):
        return None
    for compiled in AFTER_BY_LAST.get(bare[-1], ()):
        if compiled.pattern.fullmatch(words):
            return compiled.phrasing
    return None
