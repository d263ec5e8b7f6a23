"""A release described for catalogues: DCAT 3 and VoID in Turtle, without a time and without blank nodes."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from loaders.namespaces import BASE, GRAPH, PLAN, PREFIXES
from plankg.release import turtle

FILE: Final = "dcat.ttl"
LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
EXTRA: Final = {
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "void": "http://rdfs.org/ns/void#",
}
_ALL: Final = {**PREFIXES, **EXTRA}
_IANA: Final = "https://www.iana.org/assignments/media-types/"
#: Suffix -> media type, media type of the compression, what it conforms to.
TYPES: Final = {
    ".nq.gz": ("application/n-quads", "application/gzip", "https://www.w3.org/TR/n-quads/"),
    ".ttl.gz": ("text/turtle", "application/gzip", "https://www.w3.org/TR/turtle/"),
    ".ttl": ("text/turtle", "", "https://www.w3.org/TR/turtle/"),
    ".jsonld": ("application/ld+json", "", "https://www.w3.org/TR/json-ld11/"),
}
_TYPE: Final = ox.NamedNode(PREFIXES["rdf"] + "type")


@dataclass(slots=True)
class Census:
    """What is in the graph: triples of each named graph, members of each class, uses of each property, the
    regions and titles of the reports. Filled by :meth:`count`."""

    triples: dict[str, int] = field(default_factory=dict)
    classes: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)
    regions: set[str] = field(default_factory=set)
    titles: dict[str, str] = field(default_factory=dict)  #: report IRI -> title

    def count(self, graph: str, triples: Iterable[ox.Triple]) -> None:
        """Takes in one named graph."""
        number = 0
        for number, (subject, predicate, value) in enumerate(triples, 1):  # noqa: B007
            self.properties[predicate.value] += 1
            if predicate == _TYPE and isinstance(value, ox.NamedNode):
                self.classes[value.value] += 1
            elif graph == GRAPH + "report/" + _end(subject):
                assert isinstance(subject, ox.NamedNode)
                if predicate.value == PLAN + "region" and isinstance(value, ox.NamedNode):
                    self.regions.add(value.value)
                elif predicate.value == PREFIXES["dct"] + "title" and isinstance(value, ox.Literal):
                    self.titles[subject.value] = value.value
        self.triples[graph] = number


def _end(node: object) -> str:
    return node.value.removeprefix(BASE + "report/") if isinstance(node, ox.NamedNode) else ""


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def describe(
    folder: Path, files: Iterable[Path], census: Census, dataset: str, version: str, previous: str
) -> str:
    """The description of the release in ``folder`` whose files these are.

    ``dataset`` is the IRI of the release, ``previous`` that of the one before it, or "".
    """
    triples = [
        *_dataset(census, dataset, version, previous),
        *_subsets(census, dataset),
        *(triple for path in files for triple in _distribution(folder, path, dataset)),
    ]
    return turtle.header(_ALL) + "\n" + "\n".join(turtle.blocks(triples, _ALL))


def _dataset(census: Census, dataset: str, version: str, previous: str) -> Iterator[ox.Triple]:
    catalogue, publisher = BASE + "catalog", BASE + "publisher"
    about: Mapping[str, tuple[object, ...]] = {
        "rdf:type": ("dcat:Catalog",),
        "dct:title": (_zh("规划知识图谱发布目录"), _en("Releases of plankg")),
        "dct:description": (_zh("规划知识图谱的各次发布。"), _en("The releases of the plankg graph.")),
        "dct:publisher": (publisher,),
        "dct:license": (LICENCE,),
        "dct:language": ("http://id.loc.gov/vocabulary/iso639-1/zh", "http://id.loc.gov/vocabulary/iso639-1/en"),
        "dcat:dataset": (dataset,),
    }  # fmt: skip
    yield from _node(catalogue, about)
    yield from _node(publisher, {"rdf:type": ("foaf:Agent",), "foaf:name": (ox.Literal("plankg"),)})
    about = {
        "rdf:type": ("dcat:Dataset", "void:Dataset"),
        "dct:title": (_zh(f"规划知识图谱 {version}"), _en(f"plankg {version}")),
        "dct:description": (
            _zh("地方政府计划报告、工作报告和统计公报中的目标、完成情况、举措和项目，每条都附原文和位置。"),
            _en(
                "Targets, results, measures and projects stated in Chinese local-government plan and work "
                "reports, each with its exact words and their place."
            ),
        ),
        "dct:publisher": (publisher,),
        "dct:license": (LICENCE,),
        "dct:language": ("http://id.loc.gov/vocabulary/iso639-1/zh", "http://id.loc.gov/vocabulary/iso639-1/en"),
        "dct:identifier": (ox.Literal(dataset),),
        "dct:conformsTo": (PLAN.rstrip("#"),),
        "dct:spatial": tuple(census.regions),
        "dcat:keyword": (_zh("政府工作报告"), _zh("发展计划"), _en("targets"), _en("local government")),
        "dcat:version": (ox.Literal(version),),
        "dcat:isVersionOf": (BASE,),
        "dcat:previousVersion": (previous,) if previous else (),
        "void:triples": (ox.Literal(sum(census.triples.values())),),
        "void:entities": (ox.Literal(sum(census.classes[PLAN + name] for name in _ENTITIES)),),
        "void:classes": (ox.Literal(len(census.classes)),),
        "void:properties": (ox.Literal(len(census.properties)),),
        "void:uriSpace": (ox.Literal(BASE),),
        "void:vocabulary": (PLAN, *(PREFIXES[name] for name in ("skos", "qb", "prov", "oa", "time", "dct"))),
        "void:exampleResource": tuple(sorted(census.titles)[:1]),
    }  # fmt: skip
    yield from _node(dataset, about)


#: The classes whose members a release is about.
_ENTITIES: Final = (
    "Assertion",
    "Report",
    "Plan",
    "Project",
    "Region",
    "Indicator",
    "Unit",
    "Topic",
    "Period",
)


def _subsets(census: Census, dataset: str) -> Iterator[ox.Triple]:
    """Each named graph with its size, and each class of ours with the number of its members."""
    for graph, number in census.triples.items():
        about: dict[str, tuple[object, ...]] = {
            "rdf:type": ("void:Dataset",),
            "void:triples": (ox.Literal(number),),
        }
        report = graph.replace(GRAPH, BASE)
        if report in census.titles:
            about |= {"dct:title": (_zh(census.titles[report]),), "dct:source": (report,)}
        yield from _node(dataset, {"void:subset": (graph,)})
        yield from _node(graph, about)
    for class_, number in sorted(census.classes.items()):
        if class_.startswith(PLAN):
            part = f"{dataset}#{class_.removeprefix(PLAN)}"
            yield from _node(dataset, {"void:classPartition": (part,)})
            yield from _node(part, {"void:class": (class_,), "void:entities": (ox.Literal(number),)})


def _distribution(folder: Path, path: Path, dataset: str) -> Iterator[ox.Triple]:
    name = path.relative_to(folder).as_posix()
    suffix = next((suffix for suffix in TYPES if name.endswith(suffix)), None)
    if suffix is None:
        return
    media, compression, standard = TYPES[suffix]
    file, checksum = f"{dataset}/{name}", f"{dataset}/{name}#sha256"
    yield from _node(dataset, {"dcat:distribution": (file,)})
    size = ox.Literal(str(path.stat().st_size), datatype=_iri("xsd:nonNegativeInteger"))
    about: Mapping[str, tuple[object, ...]] = {
        "rdf:type": ("dcat:Distribution",),
        "dct:title": (_en(name),),
        "dct:license": (LICENCE,),
        "dct:conformsTo": (standard,),
        "dcat:accessURL": (file,),
        "dcat:downloadURL": (file,),
        "dcat:mediaType": (_IANA + media,),
        "dcat:compressFormat": (_IANA + compression,) if compression else (),
        "dcat:byteSize": (size,),
        "spdx:checksum": (checksum,),
    }
    yield from _node(file, about)
    digest = ox.Literal(sha256(path), datatype=_iri("xsd:hexBinary"))
    about = {
        "rdf:type": ("spdx:Checksum",),
        "spdx:algorithm": ("spdx:checksumAlgorithm_sha256",),
        "spdx:checksumValue": (digest,),
    }
    yield from _node(checksum, about)


def _node(iri: str, about: Mapping[str, tuple[object, ...]]) -> Iterator[ox.Triple]:
    for predicate, values in about.items():
        for value in values:
            object_ = value if isinstance(value, ox.Literal) else _iri(str(value))
            yield ox.Triple(ox.NamedNode(iri), _iri(predicate), object_)


def _iri(name: str) -> ox.NamedNode:
    prefix, _, local = name.partition(":")
    return ox.NamedNode(_ALL[prefix] + local if prefix in _ALL else name)


def _zh(text: str) -> ox.Literal:
    return ox.Literal(text, language="zh")


def _en(text: str) -> ox.Literal:
    return ox.Literal(text, language="en")
