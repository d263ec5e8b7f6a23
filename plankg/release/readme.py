"""The README of a release, in Chinese and English."""

from collections.abc import Mapping

from loaders.namespaces import GRAPH, PLAN
from plankg.release.description import LICENCE, Census

#: What a release counts: class -> its name in Chinese and English.
COUNTED: Mapping[str, tuple[str, str]] = {
    "Report": ("报告", "reports"),
    "Target": ("目标", "targets"),
    "Result": ("完成情况", "results"),
    "Measure": ("举措", "measures"),
    "Project": ("项目", "projects"),
    "Region": ("地区", "regions"),
    "Indicator": ("指标", "indicators"),
}


def readme(census: Census, version: str, previous: str) -> str:
    """The text of ``README.md``."""
    triples = sum(census.triples.values())
    counts = "\n".join(
        f"| {zh} {en} | {census.classes[PLAN + name]:,} |" for name, (zh, en) in COUNTED.items()
    )
    reports = "\n".join(
        f"| {title} | [{_slug(iri)}.ttl](reports/{_slug(iri)}.ttl) "
        f"| {census.triples[GRAPH + 'report/' + _slug(iri)]:,} |"
        for iri, title in sorted(census.titles.items())
    )
    before_zh = f"上一次发布：{previous}。" if previous else ""
    before_en = f" The release before it: {previous}." if previous else ""
    return f"""# plankg {version}

规划知识图谱：地方政府计划报告、工作报告中的目标、完成情况、举措和项目，每条都附原文和位置。{before_zh}

Targets, results, measures and projects of Chinese local-government plan and work reports as RDF, each with
its exact words and their place.{before_en}

| 内容 what | 数量 number |
|---|---|
{counts}
| 三元组 triples | {triples:,} |

| 文件 file | 内容 what is in it |
|---|---|
| plankg.nq.gz | 全图，N-Quads，每份报告一个命名图 the whole graph as N-Quads, one named graph a report |
| plankg.ttl.gz | 全图，Turtle the whole graph as Turtle |
| reports/ | 每份报告一个 Turtle 文件 one Turtle file a report |
| lists/ | 指标、单位、地区、主题、链接等 indicators, units, regions, topics, links and what reports share |
| ontology/ | 本体（OWL 2 DL）与约束（SHACL） the ontology (OWL 2 DL) and the shapes (SHACL) |
| context.jsonld | JSON-LD 上下文 JSON-LD context |
| dcat.ttl | DCAT 3 与 VoID 描述 description in DCAT 3 and VoID |
| SHA256SUMS | 校验和 checksums: `sha256sum -c SHA256SUMS` |

| 报告 report | 文件 file | 三元组 triples |
|---|---|---|
{reports}

读入 To load it:

```sh
plankg build --from-dump . --graph graph
oxigraph load --location store --file plankg.nq.gz
```

```python
import gzip, rdflib
graph = rdflib.Dataset()
graph.parse(gzip.open("plankg.nq.gz"), format="nquads")
```

许可 Licence: [CC BY 4.0]({LICENCE})。注明来源“plankg”并说明修改。各文件开头注明其他来源。
Name the source as "plankg" and say what you changed; files made from other sources name them at their head.
"""


def _slug(iri: str) -> str:
    return iri.rpartition("/report/")[2]
