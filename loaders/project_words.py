"""What reports say happens to projects, and the words they say it with (``lexicon/projects.toml``)."""

import re
from collections.abc import Container, Iterable, Mapping
from functools import lru_cache
from typing import Final, Literal, cast

from loaders import lexicon
from loaders.model import ProjectStatus

#: What a verb says of a project. Review and plan turn it into a status by :data:`STATUS`.
Stage = Literal[
    "plan", "sign", "start", "proceed", "milestone", "finish", "operate",
    "built", "launch", "build", "join", "run", "push", "cancel",
]  # fmt: skip
Kind = Literal[
    "transport", "water", "energy", "industry", "science", "education",
    "health", "care", "culture", "urban", "environment", "service", "works",
]  # fmt: skip

#: stage -> (status in a review, status in a plan: what is to be built is not yet built)
STATUS: Final[dict[Stage, tuple[ProjectStatus, ProjectStatus]]] = {
    "plan": ("planned", "planned"),
    "sign": ("signed", "planned"),
    "start": ("started", "planned"),
    "proceed": ("under_construction", "under_construction"),
    "push": ("under_construction", "under_construction"),
    "milestone": ("under_construction", "under_construction"),
    "build": ("completed", "under_construction"),
    "join": ("under_construction", "planned"),
    "finish": ("completed", "under_construction"),
    "built": ("completed", "completed"),
    "operate": ("in_operation", "under_construction"),
    "launch": ("in_operation", "planned"),
    "run": ("in_operation", "in_operation"),
    "cancel": ("cancelled_or_deferred", "cancelled_or_deferred"),
}
#: of several stages in one clause, the first of these counts
PRIORITY: Final[tuple[Stage, ...]] = (
    "cancel", "plan", "run", "built", "operate", "milestone", "finish", "start",
    "launch", "sign", "join", "build", "proceed", "push",
)  # fmt: skip
#: kind -> the topic its projects belong to, by the end of the topic's IRI
TOPICS: Final[dict[Kind, str]] = {
    "transport": "transport",
    "water": "agriculture",
    "energy": "energy",
    "industry": "industry",
    "science": "innovation",
    "education": "education",
    "health": "health",
    "care": "elderly-childcare",
    "culture": "culture-sports",
    "urban": "housing-urban",
    "environment": "environment",
    "service": "government-services",
    "works": "investment",
}

_FILE: Final = "projects"
EVENTS: Final = cast(dict[str, Stage], lexicon.by_word(_FILE, "events"))
VERBS: Final = cast(dict[str, Stage], lexicon.by_word(_FILE, "verbs"))
OTHER_VERBS: Final = lexicon.words(_FILE, "other_verbs")
ADVERBS: Final = lexicon.words(_FILE, "adverbs")
MAIN: Final = lexicon.words(_FILE, "main")
PROJECT_CLASS: Final = lexicon.pattern(_FILE, "project_class")
NO_CLASS: Final = lexicon.pattern(_FILE, "no_class")
VAGUE: Final = lexicon.pattern(_FILE, "vague")
ABSTRACT: Final = lexicon.pattern(_FILE, "abstract")
GENERIC: Final = lexicon.pattern(_FILE, "generic")
_KIND_OF: Final = cast(dict[str, Kind], lexicon.by_word(_FILE, "heads"))
_WORKS: Final = frozenset(word for word, kind in _KIND_OF.items() if kind == "works")
_AREAS: Final = lexicon.words(_FILE, "areas")
#: events that show a name without a head noun to be a work: 盛虹储能…开工
BUILT: Final = lexicon.words(_FILE, "built")
#: a sentence without any of these names no project: what a head noun, an area or such an event ends in, and 一期
NAMES_SOME: Final = re.compile("|".join(sorted({word[-2:] for word in (*_KIND_OF, *_AREAS, *BUILT, "期")})))


def sizes(words: Iterable[str], at: int) -> Mapping[str, tuple[int, ...]]:
    """How long the words are that have a character ``at`` 0, their beginning, or -1, their end; longest first."""
    found: dict[str, set[int]] = {}
    for word in words:
        found.setdefault(word[at], set()).add(len(word))
    return {char: tuple(sorted(lengths, reverse=True)) for char, lengths in found.items()}


_HEAD_SIZES: Final = sizes((word for word in _KIND_OF if len(word) <= 8), -1)
_WORK_SIZES: Final = sizes((word for word in _WORKS if len(word) <= 8), -1)
_AREA_SIZES: Final = sizes((word for word in _AREAS if len(word) <= 4), -1)


def _ending(text: str, words: Container[str], sizes: Mapping[str, tuple[int, ...]]) -> str:
    """The longest of the words that a text of at least three characters ends in, with something before it."""
    if len(text) >= 3:
        for size in sizes.get(text[-1], ()):
            if size < len(text) and text[-size:] in words:
                return text[-size:]
    return ""


_NOUN_LAST: Final = frozenset(word[-1] for word in (*_KIND_OF, *_AREAS)) | set("设期”’)） ")


def may_end_in_noun(phrase: str) -> bool:
    """A quick test of what comes before asking for :func:`head`, :func:`area` or :func:`headed`."""
    return phrase[-1:] in _NOUN_LAST


@lru_cache(maxsize=20_000)
def head(phrase: str) -> str:
    """The head noun a phrase ends in, with something before it; else an empty string.

    >>> head("独墅湖南隧道"), head("大族激光"), head("龙江路快速化")
    ('隧道', '', '快速化')
    """
    return _ending(phrase.removesuffix("建设"), _KIND_OF, _HEAD_SIZES)


@lru_cache(maxsize=20_000)
def work(phrase: str) -> str:
    """The word for work on something that a phrase ends in: 工程, 改扩建."""
    return _ending(phrase.removesuffix("建设"), _WORKS, _WORK_SIZES)


def thing(phrase: str) -> str:
    """The head noun of a thing, not of work on it: a road, a school, a plant."""
    found = head(phrase)
    return "" if found in _WORKS else found


def area(phrase: str) -> str:
    """The noun of an area a phrase ends in: 示范区, 片区."""
    return _ending(phrase, _AREAS, _AREA_SIZES)


_BESIDE_NAME = re.compile(r"[（(][^（）()]*[)）]|[“”‘’]|[一二三四五六七八九十]期$")


def kind_of(name: str) -> Kind | None:
    """The kind of project by the noun its name ends in, or that stands before 工程, 项目 and the like.

    >>> kind_of("金港污水厂二期扩建项目"), kind_of("南沿江城际铁路"), kind_of("大族激光")
    ('environment', 'transport', None)
    """
    core = _BESIDE_NAME.sub("", name)
    found: Kind | None = None
    while core and (end := head(core)):
        found = _KIND_OF[end]
        if found != "works":
            return found
        core = core[: core.rindex(end)]
    return found


_PARENTHESES = re.compile(r"[（(][^（）()]*[)）]")
PHASE = re.compile(r"[一二三四五六七八九十][一二三四五六七八九十、]*期(?:工程|项目)?$|(?:首|启动|先导)期$")


def core_of(name: str) -> str:
    """The name without brackets, quotes at its end and its phase."""
    name = without_brackets(name)
    if "期" in name:
        name = PHASE.sub("", name)
    return name.rstrip("”’").rstrip()


def without_brackets(name: str) -> str:
    return _PARENTHESES.sub("", name) if "（" in name or "(" in name else name


def headed(name: str) -> bool:
    core = core_of(name)
    return bool(head(core)) or core != name or name.endswith("”")
