"""Sentences of the planning part -> measures: who is to do what, to what, by what means, on which topic.

One measure a sentence. What a sentence does is what its first clause of action says; clauses that only lead up to it
(围绕…, 坚持…, 以…为导向) are passed over. A sentence that states no action is reported with the reason why it is none, so
that every sentence of the planning part is accounted for.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from loaders import project_words
from loaders.keywords import finders
from loaders.layout import Passage
from loaders.measure_words import (
    ACTIONS,
    ADDRESS,
    ADVERBS,
    BACKGROUND,
    INNER,
    INSTRUMENTS,
    LEAD_INS,
    LEANED_ON,
    LEANING,
    NOTE,
    NOUN_AFTER,
    NOUNISH,
    NOUNS,
    OPENING,
    PIVOTS,
    PROPOSES,
    REQUIREMENT,
)
from loaders.model import Fact, MeasureMention, OtherSentence, ProjectMention, Qualitative, ReportInfo
from loaders.namespaces import BASE
from loaders.project_words import sizes
from loaders.projects.clauses import clauses
from loaders.sections import Part, announcement
from loaders.vocabulary import Vocabulary

_ADVERBS = (ADVERBS | project_words.ADVERBS) - {"的", "至", "工作"}
_VERBS = ACTIONS | LEAD_INS | {verb for verb in project_words.VERBS if len(verb) > 1}
_ACTING = ACTIONS | LEAD_INS
#: first character -> how long the verbs and adverbs are that begin so, longest first
_SIZES = sizes((word for word in _VERBS | _ADVERBS if len(word) > 1), 0)
#: four Chinese characters
_WORDS = re.compile(r"(?:[^\u4e00-\u9fff]*[\u4e00-\u9fff]){4}")
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[．.、])"
)
_PREPOSED = re.compile(
    r"(?:把|将)(?P<object>[^，；]{2,60}?)(?P<action>摆在|作为|纳入|放在|转化为|融入|辐射(?:至|到)|配置|用在|列入|贯穿"
    r"|写入|落实到?|落到|建成|建设成为?|打造成为?|转变为|提高到|提升到|控制在|延伸)"
)
_ACTOR = re.compile(
    r"(?:由)?(?P<actor>(?!我们)[\u4e00-\u9fff、（）]{2,16}?)(?:要(?!素|求|点)|必须|应当|负责|牵头)"
)
#: what every such clause has; a quick test
_ACTS = re.compile("要|必须|应当|负责|牵头")
_BY = re.compile(r"(?:以|在|对|为|从|因|与|和|同|随着|面对|经|于)(?!及)")
#: 按照上级部署|优化调整…
_ALONG = re.compile(
    r"(?:按照|根据|依据|按)[^，、]{2,12}?(?:部署|要求|规定|安排|精神|标准|原则|需要)(?=[\u4e00-\u9fff]{4})"
)
_PIECE = re.compile(r"[，；：、。！？（）()“”]|以及|和(?=[^，。]{2,})|及(?!时)")


class Action(NamedTuple):
    """What a sentence does. ``start`` and ``end`` are those of the clause, in the sentence."""

    verb: str
    object: str
    actor: str
    start: int
    end: int


@dataclass(slots=True)
class Reader:
    """Reads the passages of one report in order; remembers the run-in heading of the passage."""

    vocabulary: Vocabulary
    info: ReportInfo
    heading: str = field(default="")

    def read_passage(
        self,
        passage: Passage,
        sentences: Sequence[tuple[int, int]],
        part: Part,
        stated: Sequence[Fact | Qualitative],
        projects: Sequence[ProjectMention],
    ) -> Iterator[MeasureMention | OtherSentence]:
        """One item for each of the ``sentences`` of a passage of the planning part; nothing for a review."""
        if part.kind != "target":
            return
        run_in, opening, topic = "", "", ""
        for n, (start, end) in enumerate(sentences):
            words = passage.text[start:end]
            at, to = passage.span(start, end)
            inside = [item for item in stated if at <= item.start < to and item.kind == "target"]
            reason = why_not(words, alone=len(sentences) == 1, first=n == 0, has_target=bool(inside))
            action = None if reason else find_action(words)
            if reason == "heading":
                run_in = _title(words)
            if action is None:
                yield OtherSentence(
                    at, to, words, reason or ("target" if inside else "background"), part.heading
                )
                continue
            opening = opening or words
            found = topic_of(words, action, part.heading, run_in or opening, self.vocabulary)
            topic = found or topic or _COMPREHENSIVE
            yield MeasureMention(
                start=at,
                end=to,
                text=words,
                heading=_path(part.heading, run_in),
                topic=topic,
                actor=action.actor,
                action=action.verb,
                object=action.object,
                instruments=tuple(instruments(words)),
                facts=tuple(item.start for item in inside),
                projects=tuple(p.start for p in projects if at <= p.start < to),
                indicators=tuple(indicators(words, inside, self.vocabulary)),
                period=part.period,
                region_iri=self.info.region_iri,
            )


def _path(heading: str, run_in: str) -> str:
    return f"{heading} / {run_in}" if run_in and run_in not in heading else heading


# ---- which sentences are measures ----------------------------------------------------------------


def why_not(words: str, *, alone: bool, first: bool, has_target: bool) -> str:
    """Why a sentence is no measure, of what can be seen without looking for an action; else an empty string."""
    bare = words.strip()
    if not _WORDS.match(bare):
        return "fragment"
    complete = bare.endswith(("。", "！", "；", "？", "”", "."))
    if alone and not complete and len(bare) <= 60:
        return "target" if has_target else "heading"
    title = _title(bare) if first and not alone else ""
    if title and not re.search(r"\d", title):
        if _NUMBERED.match(bare) and len(title) <= 40 and "；" not in title:
            return "heading"
        if len(title) <= 14 and "，" not in title:
            return "heading"
    if ADDRESS.search(bare):
        return "address"
    if not has_target and ("：" in bare or ":" in bare) and NOTE.match(bare):
        return "note"
    if (has_target or len(bare) < 80) and announcement(bare):
        return "target"
    if not has_target and REQUIREMENT.search(bare):
        return "requirement"
    opening = OPENING.match(bare)
    if BACKGROUND.match(bare[opening.end() :] if opening else bare):
        return "target" if has_target and PROPOSES.search(bare) else "background"
    if has_target and PROPOSES.search(bare):
        return "target"
    return ""


def _title(words: str) -> str:
    """A heading without its number and stop: 1．促进投资合理增长。 -> 促进投资合理增长."""
    return _NUMBERED.sub("", words.strip()).strip("。；：●■◆★ ")


# ---- action, object, actor -----------------------------------------------------------------------


def find_action(words: str) -> Action | None:
    """The main action of a sentence: that of its first clause that opens with a verb and does not only lead up.

    >>> find_action("坚持以市场主体和群众需求为导向，深化“一件事”改革。").verb
    '深化'
    >>> find_action("引导龙头企业加大技改力度。").object
    '龙头企业'
    """
    fallback: Action | None = None
    for start, end in clauses(words):
        action = _clause_action(words[start:end], start, end)
        if action is None:
            continue
        if action.verb not in LEAD_INS:
            return action
        fallback = fallback or action
    return fallback


def _clause_action(clause: str, start: int, end: int) -> Action | None:
    at = 0
    while match := OPENING.match(clause, at):
        at = match.end()
    actor, acting = "", None
    if preposed := _PREPOSED.match(clause, at):
        return Action(preposed["action"], _tidy(preposed["object"]), "", start, end)
    if _ACTS.search(clause, at) and (acting := _ACTOR.match(clause, at)):
        actor, at = acting["actor"], acting.end()
    if along := _ALONG.match(clause, at):  # 按照上级部署|优化调整…
        at = along.end()
    verb, to = _verb(clause, at)
    if not verb and acting:
        verb, to = _verb(clause, acting.start())
        actor = "" if verb else actor
    if not verb:
        return None
    thing = clause[to:]
    if verb in PIVOTS:
        thing, verb = _pivot(thing, verb)
    return Action(verb, _tidy(thing), actor, start, end)


@lru_cache(maxsize=10_000)
def _verb(clause: str, at: int) -> tuple[str, int]:
    """(the verb after the adverbs at ``at``, where its object begins); ("", at) where there is none."""
    if _BY.match(clause, at):
        return "", at
    verb, end = "", at
    last_adverb, adverb_end, leans = "", at, False
    while at < len(clause):
        for size in _SIZES.get(clause[at], ()):
            word = clause[at : at + size]
            if len(word) < size:
                continue
            if (
                not verb
                and word in NOUNISH
                and (
                    len(clause) - at < size + 2
                    or (NOUN_AFTER.match(clause, at + size) and not _joins(clause, at + size))
                )
            ):
                continue
            if word in _VERBS and (leans or not (verb and word in _ADVERBS)):
                verb, end = (verb + clause[end:at] if verb else "") + word, at + size
                break
            if word in _ADVERBS:
                if verb:
                    return verb, end
                last_adverb, adverb_end = word, at + size
                break
        else:
            if verb and clause[at : at + 1] in ("和", "并", "、") and _starts_verb(clause, at + 1):
                at += 1
                continue
            break
        at += size
        leans = bool(verb) and at == end and _leans(word, clause, at)
        if verb and at == end and not leans and not _joins(clause, at):
            return verb, end
    if not verb and last_adverb in ACTIONS:
        return last_adverb, adverb_end
    return verb, end


def _starts_verb(clause: str, at: int) -> bool:
    return any(clause[at : at + size] in ACTIONS for size in (4, 3, 2))


def _joins(clause: str, at: int) -> bool:
    """Whether another verb follows at once by a connective: 鼓励|和吸引."""
    return clause[at : at + 1] in ("和", "并", "、") and _starts_verb(clause, at + 1)


def _leans(verb: str, clause: str, at: int) -> bool:
    """Whether the verb leans on another right after it, which then has an object: 统筹|用好|政策性金融工具."""
    second = next((clause[at : at + size] for size in (4, 3, 2) if clause[at : at + size] in LEANED_ON), "")
    rest = clause[at + len(second) :]
    alone = rest.startswith(tuple("、和与及的")) and not _joins(clause, at + len(second))
    return bool(second) and verb in LEANING and len(rest) >= 2 and not alone and rest not in NOUNS


def _pivot(thing: str, verb: str) -> tuple[str, str]:
    """Object and verb where the object acts itself: 消费|加快复苏 after 推动."""
    depth = 0
    for i in range(2, len(thing) - 1):
        depth += (thing[i - 1] in "“（《") - (thing[i - 1] in "”）》")
        if depth or thing[i - 1] in "、的和与及全双" or thing[i] in "、的":
            continue
        size = next((size for size in (4, 3, 2) if thing[i : i + size] in INNER), 0)
        goes_on = size and not thing.startswith(("和", "与", "及", "、", "的"), i + size)
        if goes_on or (thing[i] in "向在" and len(thing) - i > 3):
            return thing[:i], verb
    return thing, verb


_AFTER_VERB = re.compile(r"^(?:好|了|着|一批)(?=[\u4e00-\u9fff“])")


def _tidy(text: str) -> str:
    text = _AFTER_VERB.sub("", text.strip("，。；：、 "))
    at = text.find("、") + 1
    while at:  # 加大招引、强化攻坚: the second is another action
        after = text[at : at + 6]
        verb = next((after[:size] for size in (4, 3, 2) if after[:size] in _ACTING), "")
        takes_object = len(after) >= len(verb) + 2 and after[len(verb)] not in "、的和与"
        if verb and verb not in NOUNISH and takes_object:
            return text[: at - 1][:80]
        at = text.find("、", at) + 1
    return text[:80]


# ---- topic, instruments, indicators --------------------------------------------------------------


#: the topic of what is said of everything
_COMPREHENSIVE = BASE + "topic/comprehensive"
#: headings that say nothing of a topic
_GENERAL = re.compile(
    r"国民经济和社会发展|经济社会发展|计划安排|主要目标|预期目标|工作安排|重点工作|主要措施|目标任务"
)


def topic_of(words: str, action: Action, section: str, near: str, vocabulary: Vocabulary) -> str:
    """The topic whose words weigh most, or an empty string.

    Those of the main clause come first, then those of ``near`` (the run-in heading, or the sentence the paragraph
    opens with), then those of the whole sentence and of the last heading of the ``section``.
    """
    hear = finders(vocabulary).topics_of
    heading, heard = section.rpartition(" / ")[2], hear(words)
    weighed = [
        ([word for word in heard if action.start < word[0] <= action.end], 3.0),
        (hear(near), 2.2 if len(near) <= 16 else 1.0),
        (heard, 1.0),
        (() if _GENERAL.search(heading) else hear(heading), 0.4),
    ]
    votes: dict[str, float] = {}
    for found, weight in weighed:
        for _, label, iri in found:
            share = 0.3 if iri == _COMPREHENSIVE else 1.0
            votes[iri] = votes.get(iri, 0.0) + weight * share * (len(label) - 1)
    return min(votes, key=lambda iri: (-votes[iri], iri)) if votes else ""


_MEANS: Final = sizes(INSTRUMENTS, -1)
_TITLE = re.compile(r"《[^》]*》")
_COUNTED = re.compile(r"[一二三四五六七八九十\d]")
_AFTER_MEANS = re.compile(r"等.{0,8}$|建设$|作用$|改革$|运营管理$")
#: what a piece can end in that holds such words
_AFTER_MEANS_LAST = frozenset("设用革理")
_INNER_VERB = re.compile(
    r".*(?:建立|制定|制订|出台|完善|健全|设立|用好|实施|推广|发布|编制|构建|开展|打造|搭建|深化|推行|探索|落实|争创"
    r"|创建|修订|印发|推进|建设)(?=.{4})"
)


def instruments(words: str) -> Iterator[str]:
    """The means a sentence names, as printed: 政策性开发性基金, 地方政府专项债, “一件事”改革试点."""
    seen: set[str] = set()
    if "《" in words:
        for title in re.findall(r"《[^》]{3,60}》", words):
            seen.add(title)
            yield title
        words = _TITLE.sub("", words)
    for piece in _PIECE.split(words):
        noun = piece.strip()
        if noun[-1:] in _AFTER_MEANS_LAST or "等" in noun:
            noun = _AFTER_MEANS.sub("", noun)
        means = _means_at_end(noun)
        if not means or len(noun) > 40:
            continue
        verb, to = _verb(noun, 0)
        name = noun[to:] if verb and to < len(noun) - len(means) else noun
        if inner := _INNER_VERB.search(name):
            name = name[inner.end() :]
        name = name.rpartition("的")[2] if len(name) > 16 else name
        counted = _COUNTED.match(name)
        if means != name and 3 <= len(name) <= 24 and name not in seen and not counted:
            seen.add(name)
            yield name


def _means_at_end(noun: str) -> str:
    """The longest word for an instrument that a noun ends in."""
    for size in _MEANS.get(noun[-1:], ()):
        if noun[-size:] in INSTRUMENTS:
            return noun[-size:]
    return ""


def indicators(words: str, targets: Iterable[Fact | Qualitative], vocabulary: Vocabulary) -> list[str]:
    """Indicators of the targets in the sentence, then those it names otherwise."""
    found = [target.indicator_iri for target in targets]
    found += [iri for _, _, iri in finders(vocabulary).indicators(words)]
    return list(dict.fromkeys(iri for iri in found if iri))
