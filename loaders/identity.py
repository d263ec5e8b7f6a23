"""Which names mean the same project, within a report and across reports, and why.

Two names are one project when a rule says so; every rule has a name, which is kept as the evidence. A line in
``ontology/projects.toml`` forces a pair together or keeps it apart, whatever the rules say.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, Literal

from loaders.commonwords import parse
from loaders.errors import OntologyError
from loaders.model import ProjectMention
from loaders.project_words import head, kind_of
from loaders.resources import folder

Rule = Literal["declared", "same name", "firm", "place left out", ""]

_RAIL: Final = re.compile(r"(?:高速铁路|城际铁路|高铁|城际)(?=$|[\u4e00-\u9fff]{0,4}段$|[一二三四五]期$)")
_ROAD: Final = re.compile(r"^(?:[GS](\d{1,4})|(\d{1,4})(?:国道|省道))")
_WORK: Final = re.compile(r"(?:改扩建|扩建|改建|快速化改造|快速化|改造|拓宽|扩容|新建)+$")
_PLAIN_END: Final = re.compile(r"(?:建设|工程|项目|主体工程)+$")
_SITE_WORK: Final = re.compile(r"(?<=地块|片区)(?:更新|城市更新|征收|征迁|征收拆迁|改造|开发)$")
_PHASE: Final = re.compile(r"[一二三四五六七八九十]期$")
_LINE: Final = re.compile(r"(?:铁路|高速|高速公路|大桥|过江通道|隧道|运河)$")


@dataclass(frozen=True, slots=True)
class Declared:
    """A line of ``projects.toml``: these names are one project, or are not, in this area."""

    names: frozenset[str]  #: as printed
    keys: frozenset[str]
    area: str  #: beginning of the region code; "" is everywhere
    same: bool
    because: str


_MARKS = re.compile(r"[“”‘’\"'《》\s（）()•·\-—–~～]")


@lru_cache(maxsize=50_000)
def key(name: str) -> str:
    """The name without what reports write now so, now so.

    >>> key("通苏嘉甬高铁") == key("通苏嘉甬铁路"), key("东二环快速化改造工程"), key("G346张家港绕城段改扩建工程")
    (True, '东二环', '国道346张家港绕城段')
    >>> key("广大鑫盛（二期）"), key("“邻里港湾”项目")
    ('广大鑫盛二期', '邻里港湾')
    """
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", name)).lower()
    plain = _PLAIN_END.sub("", plain) or plain
    plain = _RAIL.sub("铁路", plain)
    if _ROAD.match(plain.upper()):
        plain = re.sub(r"^[gs]\d+(?=[\u4e00-\u9fff]{2,}(?:高速|高速公路)(?:$|改|拓|扩))", "", plain)
        plain = _ROAD.sub(_road, plain.upper())
    plain = _SITE_WORK.sub("", plain)
    worked = _WORK.sub("", plain)
    if worked != plain and len(worked) > 2 and kind_of(worked) == "transport":
        plain = worked
    return plain or name


def _road(match: re.Match[str]) -> str:
    return ("省道" if "省道" in match[0] or match[0][0] == "S" else "国道") + (match[1] or match[2])


def same(a: str, b: str, is_place: Callable[[str], bool] = lambda name: False) -> Rule:
    """The rule by which two names of one area mean one project, or an empty string.

    >>> same("通苏嘉甬高铁", "通苏嘉甬铁路"), same("采埃孚", "采埃孚底盘零部件及后轮转向系统")
    ('same name', 'firm')
    >>> same("瑞金医院太仓分院", "上海瑞金医院太仓分院", lambda name: name == "上海")
    'place left out'
    >>> same("广大鑫盛（一期）", "广大鑫盛（二期）"), same("北部医疗中心", "北部文体中心")
    ('', '')
    """
    one, other = sorted((key(a), key(b)), key=len)
    if one == other:
        return "same name"
    if bool(_PHASE.search(one)) != bool(_PHASE.search(other)) or (
        _PHASE.search(one) and one[-2:] != other[-2:]
    ):
        return ""
    rest = len(other) - len(one)
    if not head(one) and 2 <= len(one) <= 8 and parse(one).strange >= 1:
        if other.startswith(one) and not other[len(one) :].startswith(("市", "区", "县", "镇", "街道")):
            return "firm"
        if other.endswith(one) and rest >= 4 and parse(other[:rest]).strange < 1:
            return "firm"
    if head(one) and len(one) >= 5 and other.endswith(one) and rest <= 8 and is_place(other[:rest]):
        return "place left out"
    return ""


def settle(
    mentions: Iterable[ProjectMention], area: str = "", is_place: Callable[[str], bool] = lambda name: False
) -> tuple[tuple[ProjectMention, ...], tuple[ProjectMention, ...]]:
    """(each project at its first mention, later mentions of one of them).

    A later mention carries the first one's name in ``repeats``. ``area`` is the code of the reporting region.
    """
    first: list[ProjectMention] = []
    later: list[ProjectMention] = []
    met: dict[str, list[tuple[int, str]]] = {}  #: mark -> (number of a first mention, one of its names)
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        if first and mention.start < first[-1].end and mention.sentence.start == first[-1].sentence.start:
            continue  # two readings of one place
        marks = _marks_within(mention.name)
        alike = sorted({named for mark in marks for named in met.get(mark, ())})
        known = next((at for at, name in alike if decide(name, mention.name, area, is_place)), len(first))
        if known == len(first):
            first.append(mention)
        else:
            later.append(mention._replace(repeats=first[known].name))
        for mark in marks:
            met.setdefault(mark, []).append((known, mention.name))
    return tuple(first), tuple(later)


def _marks_within(name: str) -> set[str]:
    """Keys under which alike names of one report meet: how they begin, how they end, and what declares them the same.

    Every rule of :func:`same` needs one name to begin or end with the other.
    """
    plain = key(name)
    declared = {min(line.keys) for line in declarations() if line.same and plain in line.keys}
    return {f"^{plain[:2]}", f"{plain[-2:]}$"} | {f"={one}" for one in declared}


def decide(
    a: str,
    b: str,
    area: str,
    is_place: Callable[[str], bool] = lambda name: False,
    lines: Sequence[Declared] | None = None,
) -> Rule:
    """:func:`same`, after what the ``lines`` (those of ``projects.toml``) declare for the area."""
    for line in declarations() if lines is None else lines:
        if not area.startswith(line.area):
            continue
        if not line.same and a != b and {a, b} <= line.names:
            return ""
        if line.same and {key(a), key(b)} <= line.keys:
            return "declared" if key(a) != key(b) else "same name"
    return same(a, b, is_place)


def node_name(name: str, area: str = "") -> str:
    """What a project's node is named after: its :func:`key`, or itself where ``projects.toml`` keeps it apart."""
    apart = (line for line in declarations() if not line.same and area.startswith(line.area))
    return name if any(name in line.names for line in apart) else key(name)


@cache
def declarations(path: Path | None = None) -> tuple[Declared, ...]:
    """The lines of ``projects.toml``. Raises :class:`OntologyError` when one is not understood."""
    file = path or folder("ontology") / "projects.toml"
    if not file.exists():
        return ()
    try:
        table = tomllib.loads(file.read_text("utf-8"))
        return tuple(
            Declared(
                frozenset(line["names"]),
                frozenset(map(key, line["names"])),
                line.get("area", ""),
                kind == "same",
                line["because"],
            )
            for kind in ("different", "same")
            for line in table.get(kind, ())
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise OntologyError(f"{file.name} is malformed: {error}") from None


# ---- across reports ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Node:
    """A project as one or more reports name it."""

    iri: str
    names: tuple[str, ...]
    area: str  #: six-digit code of its region


@dataclass(frozen=True, slots=True)
class Merge:
    """That two nodes are one project: which stays, which goes, the names that say so, and the rule."""

    kept: str
    merged: str
    name: str
    other: str
    rule: Rule


def merges(
    nodes: Sequence[Node],
    is_place: Callable[[str], bool] = lambda name: False,
    lines: Sequence[Declared] | None = None,
) -> tuple[Merge, ...]:
    """Which nodes of a graph are one project. Near linear: only names that begin or end alike are compared.

    Names are compared within a prefecture, with the province around it, and, for railways, expressways, bridges
    and other lines, everywhere. The node with the shorter IRI stays; the order of ``nodes`` does not matter.
    """
    ordered = sorted(nodes, key=lambda n: (len(n.iri), n.iri))
    buckets: dict[str, list[Node]] = {}
    found: list[Merge] = []
    home: dict[str, str] = {}
    for node in ordered:
        hits: list[tuple[Node, str, str, Rule]] = []
        seen = set()
        for name in node.names:
            for mark in _marks(name, node.area, lines):
                for other in buckets.get(mark, ()):
                    if other.iri in seen or other.iri == node.iri or not _near(node, other, name):
                        continue
                    for their in other.names:
                        area = max(node.area, other.area, key=lambda code: len(code.rstrip("0")))
                        if rule := decide(their, name, area, is_place, lines):
                            seen.add(other.iri)
                            hits.append((other, their, name, rule))
                            break
        if hits:
            other, their, name, rule = hits[0]
            kept = home.get(other.iri, other.iri)
            home[node.iri] = kept
            found.append(Merge(kept, node.iri, their, name, rule))
        for name in node.names:
            for mark in _marks(name, node.area, lines):
                buckets.setdefault(mark, []).append(node)
    return tuple(found)


def _marks(name: str, area: str, lines: Sequence[Declared] | None) -> set[str]:
    """Keys under which alike names meet: how they begin and end in one province, lines and declared ones anywhere."""
    plain = key(name)
    known = declarations() if lines is None else lines
    declared = {min(line.keys) for line in known if line.same and plain in line.keys}
    lines_anywhere = {plain} if _LINE.search(plain) else set()
    return {area[:2] + plain[:2], area[:2] + plain[-3:]} | declared | lines_anywhere


def _near(a: Node, b: Node, name: str) -> bool:
    """Whether two regions are one prefecture, or a province and a part of it; lines run through many."""
    if not a.area or not b.area or a.area[:4] == b.area[:4]:
        return True
    if a.area[:2] == b.area[:2] and "00" in (a.area[2:4], b.area[2:4]):
        return True
    return bool(_LINE.search(key(name))) and parse(key(name)).strange >= 2 and len(key(name)) >= 5
