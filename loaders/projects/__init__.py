"""Individually named projects: who is said to be signed, begun, built or in use.

:mod:`~loaders.projects.clauses` finds the noun phrase of a clause and what is said of it, :mod:`~loaders.projects.names`
takes the phrase apart, :mod:`~loaders.projects.keeping` keeps the names that are those of one project.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from loaders.commonwords import parse
from loaders.layout import Passage
from loaders.linking import Linker
from loaders.mentions import periods
from loaders.model import ProjectMention, ProjectStatus, ReportInfo, Sentence
from loaders.project_words import (
    EVENTS,
    NAMES_SOME,
    STATUS,
    VAGUE,
    VERBS,
    Stage,
    area,
    core_of,
    head,
    headed,
    may_end_in_noun,
)
from loaders.projects.clauses import HONOURS, Clause, clauses, opens_with_verb, read_clause
from loaders.projects.keeping import kept
from loaders.projects.names import Item, is_enumeration, may_end_in_name, split
from loaders.sections import Part
from loaders.vocabulary import Region

__all__ = ["Item", "clauses", "owner_of", "read_passage", "read_sentence", "status_of"]

_AMOUNT = re.compile(
    r"(?:计划)?总?投资(?:额)?(?:约|超|达|近|为)?(?P<value>\d[\d.,]*)(?P<unit>万?亿?(?:元|美元|欧元))"
)
#: 采埃孚、默克半导体等|建成项目|达产达效: they stand already
_BUILT_ONES = re.compile(r"等(?:已|已经)?(?:建成|竣工)项目")
#: 甲工程因方案尚未确定，暂不列入计划
_PUT_OFF = re.compile(
    r"(?:^|(?<=[；：。]))(?P<names>[^；：。，]{3,50}?)(?:因|由于|作为|由)[^；：。]{2,90}?，"
    r"(?:暂不列入|不再结转|不再实施|不再建设|暂缓|取消|推迟|顺延)"
)
#: how such a sentence goes on; a quick test
_PUTS_OFF = re.compile(r"暂不列入|不再结转|不再实施|不再建设|暂缓|取消|推迟|顺延")
#: a clause without any of these says nothing of a project
_HAS_NEWS = re.compile(
    "|".join(
        sorted(
            {w[:2] for w in (*EVENTS, *VERBS)} | HONOURS | {"落户", "纳入", "列入", "暂不"},
            key=len,
            reverse=True,
        )
    )
)
#: the firm a name opens with
_FIRM = re.compile(
    r"^[\u4e00-\u9fffA-Za-z]{2,10}?(?:集团|公司|股份|科技|控股|能源|电子|汽车|光电|激光|锂业|锂电|氢能|储能|重工"
    r"|石化|化工|钢铁|制药|生物|医疗|半导体|新材|材料|动力|实业|电气|机械|光能|光伏|家居|冷链|智造)"
    r"(?=[\u4e00-\u9fff（“]|$)"
)
_INSTITUTE = re.compile(r"(?:中心|院|馆|学校|基地|站)$")


def read_passage(
    passage: Passage, sentences: Iterable[tuple[int, int]], part: Part, info: ReportInfo, linker: Linker
) -> Iterator[ProjectMention]:
    """Every mention of a named project in the ``sentences`` (spans) of a passage, in order.

    :func:`loaders.identity.settle` tells first mentions from later ones.
    """
    text = passage.text
    named: Sequence[periods.Period] | None = None
    for start, end in sentences:
        if not (NAMES_SOME.search(text, start, end) and _HAS_NEWS.search(text, start, end)):
            continue
        for item, stage, amount in read_sentence(text, start, end):
            if named is None:
                named = periods.find(text, info.year, periods.last_year(part.period))
            status = status_of(stage, part.kind == "target", item.name)
            place = _place(item.name, linker)
            quote = passage.span(start, end)
            yield ProjectMention(
                *passage.span(item.start, item.end),
                name=item.name,
                status=status,
                period=_period(named, start, item.start, part.period),
                region=place.name if place else info.region,
                region_iri=place.iri if place else info.region_iri,
                sentence=Sentence(text[start:end], *quote, part.heading),
                investment=amount,
                owner=owner_of(item.name),
            )


def status_of(stage: Stage, ahead: bool, name: str) -> ProjectStatus:
    """The status a stage means in a review, or in a plan (``ahead``)."""
    if stage == "sign" and not ahead and _INSTITUTE.search(name):
        return "in_operation"  # an institute that 落地 is there
    return STATUS[stage][1 if ahead else 0]


def owner_of(name: str) -> str:
    """The firm a project is named after, when its name says that it is one: 沙钢集团, 大族激光."""
    match = _FIRM.match(name)
    return match[0] if match and parse(match[0]).strange >= 1 else ""


def _period(named: Sequence[periods.Period], start: int, at: int, default: str) -> str:
    """The period named last before the project in its sentence, when it is one the section's can contain."""
    chosen = default
    for period in named:
        if start <= period.start < at and period.scope == "sentence" and re.fullmatch(r"\d{4}", period.value):
            chosen = period.value
    return chosen


def _place(name: str, linker: Linker) -> Region | None:
    """The one part of the reporting region that the name names: 昆山超级计算中心 -> 昆山市."""
    region = linker.region
    if region is None:
        return None
    found = [
        child
        for child in linker.vocabulary.children.get(region.iri, ())
        if len(child.short) > 1 and child.short in name and child.level != "zone"
    ]
    return found[0] if len(found) == 1 else None


# ---- sentences -----------------------------------------------------------------------------------


def read_sentence(
    text: str, start: int, end: int
) -> Iterator[tuple[Item, Stage, tuple[Decimal, str] | None]]:
    """The projects of ``text[start:end]`` with what the sentence says of each and the investment in it alone."""
    if _PUTS_OFF.search(text, start, end):
        yield from _put_off(text, start, end)
    before: list[tuple[int, int]] = []  #: noun phrases that wait for the end of their enumeration
    carried: Clause | None = None  #: the clause whose verb goes on
    for begin, stop in clauses(text[start:end]):
        first, last = start + begin, start + stop
        words = text[first:last]
        clause = read_clause(words, first)
        stage = clause.stage if clause else None
        if clause is None or stage is None:
            verb_first = opens_with_verb(words)
            if not verb_first and carried and carried.lead and is_enumeration(words):
                clause = carried._replace(start=first, end=last, tail=None, done="")
                stage = carried.lead
            else:
                before = [*before, (first, last)] if not verb_first and _waits(words) else []
                carried = None if verb_first else carried
                continue
        elif not clause.lead and carried and clause.tail == "proceed" and words.startswith(("以及", "及")):
            clause = clause._replace(lead=carried.lead)
            stage = clause.stage
        assert stage is not None
        if "等" in words and _BUILT_ONES.search(words):
            stage = "built"
        named = clause.lead is None or may_end_in_name(text[clause.start : clause.end])
        items = list(split(text, clause.start, clause.end)) if named else []
        if items and items[0].listed and before and clause.lead is None:
            items = [i for span in before for i in split(text, *span, listed="project")] + items
        before = []
        names = kept(items, clause, stage)
        if clause.done:
            names = [item._replace(name=item.name + clause.done) for item in names]
        amount = _amount(words) if len(names) == 1 and not names[0].listed else None
        for item in names:
            yield item, stage, amount
        carried = clause if names or clause.lead else None


def _waits(words: str) -> bool:
    """Whether a clause without a predicate can be the beginning of an enumeration that goes on in the next."""
    if len(words) >= 60 or not may_end_in_noun(words):
        return False
    core = core_of(words)
    return bool(head(core) or area(core))


def _put_off(text: str, start: int, end: int) -> Iterator[tuple[Item, Stage, None]]:
    """甲工程因方案尚未确定，暂不列入计划: the subject of the clause before is what is put off."""
    for match in _PUT_OFF.finditer(text, start, end):
        for item in split(text, *match.span("names")):
            if headed(item.name) and not VAGUE.search(item.name):
                yield item, "cancel", None


def _amount(clause: str) -> tuple[Decimal, str] | None:
    """The investment a clause names, as written."""
    match = _AMOUNT.search(clause)
    if not match:
        return None
    value = match["value"].replace(",", "").rstrip(".")
    return Decimal(value), match["unit"]
