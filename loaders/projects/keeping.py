"""Which of the names are kept: those that are the name of one project, given what is said of it.

A name is kept when something in it is not common to the genre (:mod:`loaders.commonwords`) or when the event beside it
is one that only happens to one building.
"""

import re
from collections.abc import Sequence
from typing import Final

from loaders.commonwords import parse
from loaders.project_words import (
    ABSTRACT,
    BUILT,
    GENERIC,
    PHASE,
    VAGUE,
    Stage,
    area,
    core_of,
    head,
    headed,
    kind_of,
    thing,
    without_brackets,
    work,
)
from loaders.projects.clauses import Clause
from loaders.projects.names import ONE, Item

#: stages that only a single piece of work goes through
STRONG: Final[frozenset[Stage]] = frozenset(("start", "milestone", "finish", "operate", "cancel", "sign"))
_ROAD = re.compile(r"[GSXYC]\d{1,4}|\d{2,3}[国省县]道|\d{1,2}号线")
_ORGANISATION = re.compile(
    r"(?:集团|公司|银行|企业|协会|商会|联盟|大会|论坛|委员会|办公室|管委会|政府|部门|局|队|党委|学会|班|组|赛|展|节"
    r"|人|户|农商行|基金|债券|债|专列|列车|热线|航线|市|县|区|州|省|镇|乡|村|社区|街道|工作|体系|机制|制度|服务"
    r"|行动|改革|业务|模式|活动|建设)$"
)
#: a name in quotes that is no slogan: “港城金融服务万企百亿融通工程”, not “四早”工程
_QUOTED = re.compile(
    r"“(?![一二两三四五六七八九十百千万双\d])[^”、，]{4,}”|“[^”]*[A-Za-z][^”]*”"
    r"|“(?![一二两三四五六七八九十百千万双\d])[^”]{2,}”(?!工程)"
)
_SITE = re.compile(r"(?:小区|新村|厂区|地块|片区|老街|古镇|苑|弄|里|坊|河|浜|塘|圩|村)$")
_LEVEL = re.compile(r"(?:国家|省|市|区|县)级")
_SPOKEN_OF = re.compile(r"[让使把被]|^“")


def kept(items: Sequence[Item], clause: Clause, stage: Stage) -> list[Item]:
    """Those of an enumeration that are names of single projects. Beside a proper name, a plain one is a name too."""
    if not items or not ends_well(items[-1], clause):
        return []
    strong = stage in STRONG and (clause.lead in STRONG or clause.tail in STRONG)
    found = [item for item in items if accepted(item, clause, strong)]
    if found and len(items) > len(found):
        return [item for item in items if item in found or beside_a_name(item, clause)]
    return found


def ends_well(last: Item, clause: Clause) -> bool:
    """An enumeration ends in a name; one that ends in other words is the subject of what is to be done by it."""
    if last.listed:
        return True
    if clause.lead is not None and not (headed(last.name) or area(core_of(last.name))):
        return False
    return not VAGUE.search(last.name)


def accepted(item: Item, clause: Clause, strong: bool) -> bool:
    """Whether the name is one of a single project, given what is said of it."""
    name = item.name
    core = core_of(name)
    end, works, place = head(core), work(core), area(core)
    built = clause.lead is None and clause.verb in BUILT
    if not (end or works or place or built or item.listed or clause.verb == "honour" or "期" in name):
        return False
    if not plausible(name):
        return False
    named = max(parse(core).strange, parse(name).strange) >= 1 or bool(_ROAD.search(name))
    if ABSTRACT.search(core) and not (item.listed == "project" and named):
        return False
    quoted = "“" in name and bool(_QUOTED.search(name))
    one = core != name.rstrip("”") or bool(ONE.match(core))
    if not strong and _LEVEL.match(core):
        return False
    if clause.verb == "honour":
        whole = len(name) == item.end - item.start
        return whole and name.endswith(("项目", "工程", "平台")) and (named or quoted or len(core) >= 7)
    if item.listed == "noun":
        return (named or quoted) and (strong or bool(end)) and clause.lead != "run"
    if item.listed == "area":
        return (named or quoted) and (strong or clause.lead in ("build", "finish"))
    if item.listed == "project" or (item.listed == "open" and clause.tail in STRONG):
        return named or quoted or bool(end and one)
    if named and PHASE.search(without_brackets(name)):
        return True
    if works:
        return _is_work(core, works, strong or (named and clause.lead is None), named, quoted, one)
    if clause.lead == "run":
        return bool(end) and (named or quoted)
    if clause.lead == "build" and end.endswith(("中心", "枢纽", "基地", "平台", "通道", "园区", "承载区")):
        return False  # 打造…中心: a role to be won, not a building
    if end:
        if named or quoted or (clause.lead == "join" and len(core) >= 8):
            return True
        if one:
            return strong or len(core) >= 8 or kind_of(core) not in ("science", "service", "industry")
        return (strong and len(core) >= 5) or (core.endswith("产业园") and clause.lead != "push")
    if place:
        outside = not name.endswith("”") or place == "港"
        return (named or quoted) and (strong or clause.lead == "build" or (quoted and outside))
    if built and named:
        return len(core) <= 20 and not (_ORGANISATION.search(core) or _SPOKEN_OF.search(name))
    return False


def _is_work(core: str, works: str, strong: bool, named: bool, quoted: bool, one: bool) -> bool:
    """东二环快速化改造工程, 大庆小区自主更新, 邹区卫生院改扩建: work on a place that has a name."""
    inner = core[: core.rindex(works)]
    plain = works in ("工程", "项目")
    if named and (strong or thing(inner) or _SITE.search(inner)):
        return True
    if plain and (quoted or (named and head(inner))):
        return True
    if one and thing(inner):
        return True
    return strong and plain and len(core) >= 8 and not GENERIC.search(core)


def plausible(name: str) -> bool:
    """Whether the words can be a name at all: of some length, quotes closed, nothing general in them."""
    if not 2 <= len(name) <= 48 or name.count("“") != name.count("”"):
        return False
    core = core_of(name)
    return not VAGUE.search(name) and (core == name or not VAGUE.search(core))


def beside_a_name(item: Item, clause: Clause) -> bool:
    """Whether a plain name may stand beside proper ones in an enumeration: 团结河、官渎河、叶家浜等14条河道."""
    core = core_of(item.name)
    if not plausible(item.name) or ABSTRACT.search(core) or GENERIC.search(core) or clause.verb == "honour":
        return False
    return item.listed == "noun" or (len(core) >= 4 and bool(head(core) or area(core)))
