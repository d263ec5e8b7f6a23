"""The words of the ontology, read once: units, indicators, regions, topics.

Labels live in ``ontology/*.ttl`` only; this module turns them into the look-up tables the reading steps need.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from loaders.errors import OntologyError
from loaders.namespaces import PLAN
from loaders.resources import folder

RDFS_LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
LABELS: Final = frozenset(
    {RDFS_LABEL, SKOS + "prefLabel", SKOS + "altLabel", SKOS + "hiddenLabel", PLAN + "shortName"}
)

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
#: one subject's triples: predicate -> objects
Record = dict[str, list[Node]]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as printed. ``factor`` turns an amount in it into the base unit of its family."""

    iri: str
    label: str
    family: str
    base: str
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Indicator:
    iri: str
    label: str
    unit: str  #: IRI of its one unit
    stat_type: str  #: local name: level, growth, change, rank, share
    better: str  #: higherIsBetter, lowerIsBetter, noDirection
    level_of: str  #: IRI of the level a growth or change belongs to; its own IRI for a level
    topic: str  #: IRI of its topic


@dataclass(frozen=True, slots=True)
class Region:
    iri: str
    code: str  #: six digits; "" for a zone
    name: str  #: 苏州市
    short: str  #: 苏州
    level: str  #: country, province, prefecture, county, zone
    parent: str  #: IRI
    within: frozenset[str]  #: IRIs of all ancestors
    ambiguous: bool
    until: int = 0  #: the year it ended in; 0 for a unit of today


@dataclass(frozen=True, slots=True)
class Vocabulary:
    units: dict[str, Unit]  #: by every label
    unit_iris: dict[str, Unit]
    reference_units: dict[str, str]  #: family IRI -> unit IRI
    indicators: dict[str, str]  #: normalised label -> IRI
    indicator_iris: dict[str, Indicator]
    regions: dict[str, tuple[Region, ...]]  #: full and short name -> every unit so called
    region_iris: dict[str, Region]
    topics: dict[str, str]  #: keyword -> IRI
    children: dict[str, tuple[Region, ...]]  #: region IRI -> units directly below it
    _unit_heads: dict[str, tuple[str, ...]] = field(
        repr=False
    )  #: first two characters -> labels, longest first

    def unit_at(self, text: str, at: int) -> str:
        """The longest unit label printed at ``text[at:]``, or an empty string."""
        for label in self._unit_heads.get(text[at : at + 2], ()):
            if text.startswith(label, at):
                return label
        single = text[at : at + 1]
        return single if single in self.units else ""

    def is_unit(self, text: str) -> bool:
        return text in self.units

    def unit(self, printed: str) -> Unit | None:
        """The unit of a printed form, composing a scale with a known unit where need be (千家 = 1000 家)."""
        if known := self.units.get(printed):
            return known
        plain = _IN_BRACKETS.sub("", printed)
        match = _SCALED.fullmatch(plain)
        if match and (inner := self.units.get(match.group(2))):
            return Unit(
                inner.iri, inner.label, inner.family, inner.base, inner.factor * scale(match.group(1))
            )
        return self.units.get(plain)

    def indicator(self, name: str) -> Indicator | None:
        """The concept one of whose labels is ``name`` after :func:`normalise`."""
        iri = self.indicators.get(normalise(name))
        return self.indicator_iris[iri] if iri else None


def scale(characters: str) -> Decimal:
    """万亿 -> 1e12."""
    powers = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
    return Decimal(10) ** sum(powers[c] for c in characters)


_IN_BRACKETS = re.compile(r"[（(].*")
_SCALED = re.compile(r"([十百千万亿]+)(.+)")
_NOISE = re.compile(r"[\s“”‘’\"'《》〈〉()（）\[\]【】,，:：;；。.·•\-—–/]")


@lru_cache(maxsize=4096)
def normalise(name: str) -> str:
    """The form in which labels are compared: no spaces, quotes, brackets or stops; Latin letters in lower case.

    >>> normalise("全社会研究与试验发展（R&D）经费")
    '全社会研究与试验发展r&d经费'
    """
    return _NOISE.sub("", name.replace("％", "%")).lower()


@lru_cache(maxsize=4)
def load(path: Path | None = None) -> Vocabulary:
    """Reads the ontology folder (default: the bundled one). Takes about a second; cached.

    Raises :class:`loaders.errors.OntologyError` when a file is missing or is not Turtle.
    """
    root = path or folder("ontology")
    units = _units(_records(root / "units.ttl"))
    indicators = _records(root / "indicators.ttl")
    regions = _regions(_records(root / "regions.ttl"))
    regions += _former(_regions(_records(root / "regions-history.ttl")), {r.name for r, _ in regions})
    by_iri = {
        iri: _indicator(iri, record) for iri, record in indicators.items() if PLAN + "statType" in record
    }
    heads: dict[str, list[str]] = defaultdict(list)
    for label in units[0]:
        heads[label[:2]].append(label)
    named: dict[str, list[Region]] = defaultdict(list)
    for region, names in regions:
        for name in names:
            named[name].append(region)
    children: dict[str, list[Region]] = defaultdict(list)
    for region, _ in regions:
        children[region.parent].append(region)
    return Vocabulary(
        units=units[0],
        unit_iris={u.iri: u for u in units[1]},
        reference_units=units[2],
        indicators=_labels(indicators, by_iri),
        indicator_iris=by_iri,
        regions={name: tuple(found) for name, found in named.items()},
        region_iris={region.iri: region for region, _ in regions},
        topics=_topics(_records(root / "topics.ttl")),
        children={iri: tuple(found) for iri, found in children.items()},
        _unit_heads={head: tuple(sorted(labels, key=len, reverse=True)) for head, labels in heads.items()},
    )


def _records(path: Path) -> dict[str, Record]:
    """Subject -> predicate -> objects of a Turtle file."""
    if not path.exists():
        raise OntologyError(f"the ontology lacks {path.name}")
    records: dict[str, Record] = defaultdict(lambda: defaultdict(list))
    try:
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            if isinstance(quad.subject, ox.NamedNode):
                records[quad.subject.value][quad.predicate.value].append(quad.object)
    except (SyntaxError, ValueError) as error:
        raise OntologyError(f"{path.name} is not Turtle: {error}") from None
    return records


def _text(record: Record, predicate: str, language: str | None = None) -> str:
    for node in record.get(predicate, ()):
        if isinstance(node, ox.Literal) and (language is None or node.language == language):
            return node.value
        if isinstance(node, ox.NamedNode) and language is None:
            return node.value
    return ""


def _local(iri: str) -> str:
    return iri.rsplit("#", 1)[-1]


def _zh(record: Record, predicates: frozenset[str] = LABELS) -> set[str]:
    return {
        node.value
        for predicate in predicates
        for node in record.get(predicate, ())
        if isinstance(node, ox.Literal) and (node.language or "zh").startswith("zh")
    }


def _units(records: dict[str, Record]) -> tuple[dict[str, Unit], list[Unit], dict[str, str]]:
    by_label: dict[str, Unit] = {}
    found = []
    for iri, record in records.items():
        if PLAN + "factor" not in record:
            continue
        unit = Unit(
            iri,
            _text(record, RDFS_LABEL, "zh"),
            _text(record, PLAN + "family"),
            _text(record, PLAN + "baseUnit") or iri,
            Decimal(_text(record, PLAN + "factor")),
        )
        found.append(unit)
        for label in _zh(record):
            by_label.setdefault(label, unit)
    references = {
        iri: _text(record, PLAN + "referenceUnit")
        for iri, record in records.items()
        if PLAN + "referenceUnit" in record
    }
    return by_label, found, references


def _indicator(iri: str, record: Record) -> Indicator:
    level = next(
        (_text(record, PLAN + p) for p in ("growthOf", "changeOf", "rankOf") if PLAN + p in record), iri
    )
    return Indicator(
        iri,
        _text(record, SKOS + "prefLabel", "zh"),
        _text(record, PLAN + "unit"),
        _local(_text(record, PLAN + "statType")),
        _local(_text(record, PLAN + "betterDirection")),
        level,
        _text(record, PLAN + "topic"),
    )


def _labels(records: dict[str, Record], indicators: dict[str, Indicator]) -> dict[str, str]:
    """Normalised label -> IRI; a level comes before its growth where both claim a label."""
    table: dict[str, str] = {}
    for iri in sorted(indicators, key=lambda i: (indicators[i].level_of != i, i)):
        for label in sorted(_zh(records[iri])):
            table.setdefault(normalise(label), iri)
    return table


_LEVELS = {
    "Country": "country",
    "Province": "province",
    "Prefecture": "prefecture",
    "County": "county",
    "Zone": "zone",
}


def _regions(records: dict[str, Record]) -> list[tuple[Region, set[str]]]:
    found = []
    for iri, record in records.items():
        types = {_local(n.value) for n in record.get(ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type").value, ())
                 if isinstance(n, ox.NamedNode)}  # fmt: skip
        level = next((name for local, name in _LEVELS.items() if local in types), "")
        if not level:
            continue
        name = _text(record, RDFS_LABEL, "zh")
        region = Region(
            iri,
            _text(record, PLAN + "code"),
            name,
            _text(record, PLAN + "shortName") or name,
            level,
            _text(record, PLAN + "parent") or _text(record, PLAN + "host"),
            frozenset(n.value for n in record.get(PLAN + "within", ()) if isinstance(n, ox.NamedNode)),
            _text(record, PLAN + "ambiguousName") == "true",
            int(_text(record, PLAN + "validUntil") or 0),
        )
        found.append((region, _zh(record)))
    return found


#: reports of the genre are read from this year on
_OLDEST = 2000


def _former(units: list[tuple[Region, set[str]]], today: set[str]) -> list[tuple[Region, set[str]]]:
    """The units of former years whose name no unit has today (吴江市, until 2012), each as it was last."""
    last: dict[str, Region] = {}
    for region, _ in sorted(units, key=lambda unit: unit[0].until):
        if region.name not in today and region.until >= _OLDEST:
            last[region.name] = region
    return [(region, {name}) for name, region in last.items()]


def _topics(records: dict[str, Record]) -> dict[str, str]:
    return {
        label: iri
        for iri, record in records.items()
        if SKOS + "prefLabel" in record and "/topic/" in iri
        for label in _zh(record)
    }
