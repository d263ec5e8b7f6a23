"""Names -> IRIs: an indicator's concept, or a minted one under its normalised name; a part of the region."""

import re
from dataclasses import dataclass, field

from loaders.grammar import EACH_YEAR, FLOW_START, VERB_START
from loaders.model import Measure
from loaders.namespaces import BASE
from loaders.vocabulary import Indicator, Region, Vocabulary, normalise

#: 苏州自贸片区, 张家港保税区, 太仓港: zones and ports that reports treat as places of their own
_ZONE = re.compile(
    r"^(?P<zone>(?:(?![和与及等])[\u4e00-\u9fff]){2,8}?(?:工业园区|自贸试验区|自贸片区|保税区|保税港区|综保区|综合保税区|经开区|高新区|经济技术开发区|经济开发区|高新技术产业开发区|国际机场|机场|国际陆港|科技城|科学城|新区|经济区(?!域)|经济圈|都市圈|城市群)"
    r"|[\u4e00-\u9fff]{2,6}?口岸(?=进出口|进口|出口|货运|过货|货物|出入境|通关|吞吐)"
    r"|[\u4e00-\u9fff]{2,4}?港(?=集装箱|货物|港口|吞吐|口岸|完成|通达|开行|新增))(?P<rest>.{2,})$"
)
_ZONE_HINT = re.compile(r"[区港场圈群城岸]")
#: after a short name (长沙|新增…, 泸州|经济总量…) only these show that the place itself is the subject
_ACTS = re.compile(
    rf"{FLOW_START.pattern}|{VERB_START.pattern}|经济总量|地区生产总值|生产总值|GDP|入境|接待|规上|规模以上|固定资产|社会消费|城镇|农村|一般公共|市辖区|进出口"
)
#: 西安至延安高铁, 成都都市圈, 长沙银行: the place is part of another name
_NO_OWNER = re.compile(
    r"[、和与及至到—-]|.?等|银行|湾|.{0,4}大学|都市圈|.{0,2}(?:平原|盆地|高原|经济[区圈带]|城市群|片区|地区|湾区)|.{0,4}(?:铁路|高铁|高速|机场|城际)|$|.$"
)
_NOT_A_ZONE = re.compile(
    r"^(?:新增|全|国家|省|市|区|县|建成|获批|入选|推进|建设|各|我|等|和|与|上年|其他|沿海|全球|内|外|通用|支线|运输|军民|民用)"
)
_WIDER_LEVELS = {"全国": "country", "全省": "province", "全市": "prefecture"}
_RATE_NAME = re.compile(r"(?:年均)?(?:增长速度|增速|增幅|涨幅|增长率|增长)$|年均(?:增速|增幅)?$")
_SUFFIX: dict[Measure, str] = {"level": "", "growth": "/growth", "change": "/change", "rank": "/rank"}
_EDGE = re.compile(
    r"^(?:全[市省区县州](?!域)|[一-九]?我[市省区县州]|地方|辖区内?|年末|全年|全社会(?=用电|消费品))|(?:总额|总量|数量|家数|人数|个数|数)$"
)


@dataclass(frozen=True, slots=True)
class Linker:
    """Look-ups for one report: the vocabulary seen from its region."""

    vocabulary: Vocabulary
    region: Region | None
    _parts: dict[str, dict[str, Region]] = field(
        default_factory=dict
    )  #: first two characters -> name -> unit

    def split_place(self, name: str) -> tuple[str, str]:
        """A part of the region a name opens with, and the rest of the name.

        ``昆山市工业总产值`` in a report of 苏州市 -> (昆山市, 工业总产值). A short name is split off only where the
        rest is a known indicator (泸州|经济总量).
        """
        zone = _ZONE.match(name) if _ZONE_HINT.search(name) else None
        if zone and not _NOT_A_ZONE.match(name) and not FLOW_START.match(name):
            return zone["zone"], zone["rest"].removeprefix("的")
        if self.region:
            for part, region in self._parts.get(name[:2], {}).items():
                if not name.startswith(part) or len(name) - len(part) < 2:
                    continue
                rest = name[len(part) :].removeprefix("的")
                if part == region.name or self.vocabulary.indicator(rest):
                    return region.name, rest
            if (flow := FLOW_START.match(name)) and name.startswith(self.region.name, flow.end()):
                return "", flow.group() + name[flow.end() + len(self.region.name) :].removeprefix("的")
            own, rest = self.region.short, name[len(self.region.short) :]
            if name.startswith(own) and len(rest) > 1 and self.vocabulary.indicator(rest):
                return "", rest  # 荔城|地区生产总值
            if name.startswith(self.region.name) and len(name) > len(self.region.name) + 2:
                return "", name[len(self.region.name) :].removeprefix("的")
        return "", name

    def place_at(self, clause: str) -> str:
        """The part of the region a clause opens with: a unit directly below by full or short name, or a zone."""
        zone = _ZONE.match(clause) if _ZONE_HINT.search(clause) else None
        if zone and not _NOT_A_ZONE.match(clause) and not FLOW_START.match(clause):
            return zone["zone"]
        for part, region in self._parts.get(clause[:2], {}).items():
            if clause.startswith(part) and (
                part == region.name or (self.region and region.parent == self.region.iri)
            ):
                rest = clause[len(part) :]
                if (
                    part == region.name
                    and not rest.startswith(("、", "和", "与", "及", "至", "到", "—", "-", "等"))
                ) or _ACTS.match(rest):
                    return region.name
        return ""

    def place_of_owner(self, name: str) -> str:
        """The unit directly below whose short name opens a name it belongs to: 庆阳|数据中心集群算力规模 -> 庆阳市."""
        for part, region in self._parts.get(name[:2], {}).items():
            below = self.region is not None and region.parent == self.region.iri and "、" not in name
            if (
                below
                and part != region.name
                and name.startswith(part)
                and not _NO_OWNER.match(name, len(part))
            ):
                return region.name
        return ""

    def wider(self, scope: str) -> str:
        """Name of the unit above the region that 全国, 全省 or 全市 means; empty where there is none such."""
        level = _WIDER_LEVELS.get(scope)
        above = self.region.within if self.region else frozenset()
        found = (unit for units in self.vocabulary.regions.values() for unit in units)
        return next((unit.name for unit in found if unit.level == level and unit.iri in above), "")

    def place_iri(self, place: str) -> str:
        """IRI of a place by its name: a part of the reporting region, a known zone, or one minted from the name."""
        if not place or (self.region and place == self.region.name):
            return self.region.iri if self.region else ""
        if part := self._parts.get(place[:2], {}).get(place):
            return part.iri
        found = self.vocabulary.regions.get(place, ())
        if len(found) == 1:
            return found[0].iri
        return f"{BASE}region/zh/{normalise(place)}"

    def indicator_iri(self, name: str, measure: Measure, unit: str = "") -> str:
        """IRI of what ``measure`` measures of ``name``; minted under ``indicator/zh/`` when no label matches."""
        return _indicator_iri(self.vocabulary, name, measure, unit)


def for_region(vocabulary: Vocabulary, region: Region | None) -> Linker:
    parts: dict[str, Region] = {}
    if region:
        below = list(vocabulary.children.get(region.iri, ()))
        for child in list(below):
            below += vocabulary.children.get(child.iri, ())
        for part in below:
            for name in (part.name, part.short):
                if len(name) > 1 and name not in ("市辖区", region.short):
                    parts.setdefault(name, part)
    opened: dict[str, dict[str, Region]] = {}
    for name, part in sorted(parts.items(), key=lambda p: -len(p[0])):
        opened.setdefault(name[:2], {})[name] = part
    return Linker(vocabulary, region, opened)


#: series kept apart by what they are counted in: 进出口总额（美元）
_COUNTED_IN = ("（美元）", "（人民币）", "（工作日）")


def _in_unit(vocabulary: Vocabulary, known: Indicator | None, name: str, unit: str) -> Indicator | None:
    """The concept of ``name`` that is measured in what ``unit`` measures; None when there is none."""
    printed = vocabulary.unit(unit) if unit else None
    if known is None or printed is None or known.stat_type not in ("level", "share", "annualAverageGrowth"):
        return known
    for candidate in (known, *(vocabulary.indicator(name + currency) for currency in _COUNTED_IN)):
        own = vocabulary.unit_iris.get(candidate.unit) if candidate else None
        if candidate and (own is None or own.base == printed.base):
            return candidate
    return None


_POINTS = ("个百分点", "百分点")


def _indicator_iri(vocabulary: Vocabulary, name: str, measure: Measure, unit: str = "") -> str:
    known = vocabulary.indicator(name) or vocabulary.indicator(_EDGE.sub("", name))
    if measure == "level":
        known = _in_unit(vocabulary, known, name, unit)
    rate = ""
    if not known and (core := _RATE_NAME.sub("", name)) != name:
        known = vocabulary.indicator(core)
        measure, rate = ("growth", "") if measure == "level" else (measure, "/growth")
    if known and rate and measure in ("change", "rank") and known.iri + rate not in vocabulary.indicator_iris:
        known = None
    if known and measure == "change" and not rate and unit in _POINTS and not _moves_by_points(known):
        known = None  # 二产上升1.7个百分点 is of its share or its growth, not of the amount
    if not known:
        core = (_RATE_NAME.sub("", name) if measure == "growth" else name) or name
        return f"{BASE}indicator/zh/{normalise(core)}" + (_SUFFIX[measure] if measure != "level" else "")
    if known.stat_type in _RATES:  # 增速提高1个百分点, 增速居全省第三
        return known.iri if measure in ("level", "growth", known.stat_type) else known.iri + _SUFFIX[measure]
    if measure == "growth" and EACH_YEAR.search(name):
        return known.iri + "/annual-growth"
    return known.iri + (rate if measure in ("change", "rank") else "") + _SUFFIX[measure]


_RATES = ("growth", "change", "annualAverageGrowth", "rank")


def _moves_by_points(known: Indicator) -> bool:
    """Is it a share or a rate, which changes by percentage points?"""
    return known.stat_type in _RATES or known.unit.endswith(("/percent", "/permille", "/percentage-point"))
