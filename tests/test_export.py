"""Tables and DataFrames: opened again by the libraries people open them with, and counted against the store."""

import csv
import io
import json
import os
import re
import shlex
import subprocess
import sys
from contextlib import redirect_stdout
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pyoxigraph as ox
import pytest
from pyarrow import parquet

import plankg
from loaders.errors import GraphError, ParameterError, QueryError, ServerError
from loaders.namespaces import BASE, PLAN, PREFIXES
from plankg.api import Graph
from plankg.cli import main
from plankg.server.engine import Engine
from plankg.tables import frames
from plankg.tables.columns import COLUMNS, Column, Table
from plankg.tables.facts import ROLES, Fact, TableError, facts
from plankg.tables.wide import wide
from plankg.tables.write import FORMATS, SHEETS, to_excel, to_json, to_stata, write

ROOT = Path(__file__).resolve().parent.parent
KEYS = [column.key for column in COLUMNS]
HEADERS = "行政区划代码 地区 年份 期间 指标 角色 数值 下限 上限 单位 比较词 约束性质 口径 原文数字 报告语句 报告 网址 起 止 IRI 指标IRI"


@pytest.fixture(scope="module")
def g(graph: Path) -> Graph:
    return plankg.open(graph)


@pytest.fixture(scope="module")
def remote(engine: Engine) -> Graph:
    return plankg.open(engine.url + "/query")


def export(graph: Path, file: Path, *options: str) -> Path:
    assert main(["export", str(file), "--graph", str(graph), *options]) == 0
    return file


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def stored(seeds: ox.Store, predicate: str) -> dict[str, str]:
    """Statement -> what the store says of it, for statements with a bound."""
    quads = [q for p in ("low", "high") for q in seeds.quads_for_pattern(None, ox.NamedNode(PLAN + p), None)]
    numbered = {quad.subject.value for quad in quads}
    found = seeds.quads_for_pattern(None, ox.NamedNode(PLAN + predicate), None)
    return {q.subject.value: q.object.value for q in found if q.subject.value in numbered}


# ---- facts ---------------------------------------------------------------------------------------


def test_the_headline_figure(g: Graph) -> None:
    found = g.facts(region="苏州市", indicator="gdp/growth", year=2023, kind="target")
    assert list(found.columns) == KEYS
    assert len(found) >= 1
    first = found.iloc[0]
    assert (first["region_code"], first["region"], first["year"], first["role"]) == (
        "320500",
        "苏州市",
        2023,
        "目标",
    )
    assert (first["value"], first["unit"], first["comparator"], first["printed"]) == (
        5.0,
        "%",
        "左右",
        "5%左右",
    )
    assert "增长5%左右" in first["quote"]
    assert first["iri"].startswith(BASE + "statement/suzhou-plan-2023/")


@pytest.mark.parametrize("field", ["value", "low", "high", "start", "end", "quote", "printed"])
def test_what_a_table_says_is_what_the_store_says(field: str, graph: Path, seeds: ox.Store) -> None:
    found = {fact.iri: getattr(fact, field) for fact in facts(plankg.open(graph).select)}
    expected = stored(seeds, field)
    assert len(found) == len(stored(seeds, "quote")) > 500
    assert {iri: str(content) for iri, content in found.items() if content is not None} == expected


@pytest.mark.parametrize(
    "options",
    [
        {"region": "苏州市", "indicator": "gdp/growth", "year": 2023},
        {"region": "320404"},
        {"region": ["苏州市", "张家港市"], "year": [2022, 2023], "kind": ["目标", "estimate"]},
        {"indicator": BASE + "indicator/gdp/growth", "wide": True},
        {"year": 2024, "words": True, "language": "en"},
        {},
    ],
)
def test_folder_and_endpoint_give_the_same(options: dict[str, object], g: Graph, remote: Graph) -> None:
    here, there = g.facts(**options), remote.facts(**options)  # type: ignore[arg-type]
    assert len(here) > 0
    pd.testing.assert_frame_equal(here, there)


def test_filters_leave_what_they_name(g: Graph) -> None:
    every = g.facts()
    some = g.facts(region=["苏州市", "钟楼区"], year=[2022, 2023], kind="target")
    chosen = every[
        every["region"].isin(["苏州市", "钟楼区"])
        & every["year"].isin([2022, 2023])
        & (every["role"] == "目标")
    ]
    assert sorted(some["iri"]) == sorted(chosen["iri"])
    assert 0 < len(some) < len(every)
    assert set(every["role"]) == {"目标", "完成", "预计"}
    words = g.facts(words=True)
    assert len(words) > len(every)
    assert words[~words["iri"].isin(every["iri"])][["value", "low", "high"]].isna().all(axis=None)


def test_types_of_a_frame(g: Graph) -> None:
    found = g.facts()
    assert [str(found[c].dtype) for c in ("year", "start", "value")] == ["Int64", "Int64", "float64"]
    exact = g.facts(exact=True)["value"].dropna()
    assert {type(number) for number in exact} == {Decimal}
    assert [float(number) for number in exact] == found["value"].dropna().tolist()
    assert set(g.facts(language="en")["role"]) == {"target", "result", "estimate"}


def test_query_gives_any_select(g: Graph, remote: Graph) -> None:
    text = f"SELECT (COUNT(DISTINCT ?r) AS ?n) WHERE {{ ?r a <{PLAN}Report> }}"
    assert g.query(text)["n"].tolist() == remote.query(text)["n"].tolist() == ["5"]


def test_what_cannot_be_asked_says_so(g: Graph, remote: Graph, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="no region in the graph is called '苏洲市'"):
        g.facts(region="苏洲市")
    with pytest.raises(ParameterError, match="no kind of statement is called 'goal'"):
        g.facts(kind="goal")
    with pytest.raises(GraphError, match="no graph in"):
        plankg.open(tmp_path)
    for asked in (g, remote):
        with pytest.raises(QueryError):
            asked.query("SELEC")
    with pytest.raises(ServerError, match="does not answer"):
        plankg.open("http://127.0.0.1:9/sparql").facts()
    with pytest.raises(ServerError, match=r"answers 40[45]"):
        plankg.open(remote.where.replace("/query", "/nothing")).facts()


# ---- files ---------------------------------------------------------------------------------------


def test_csv_opens_in_excel_and_keeps_every_digit(graph: Path, seeds: ox.Store, tmp_path: Path) -> None:
    path = export(graph, tmp_path / "facts.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = read_csv(path)
    assert list(rows[0]) == HEADERS.split()
    assert {row["IRI"]: row["数值"] for row in rows if row["数值"]} == stored(seeds, "value")
    assert {row["角色"] for row in rows} == {names["zh"] for names in ROLES.values()}


def test_csvw_describes_the_csv(graph: Path, tmp_path: Path) -> None:
    path = export(graph, tmp_path / "facts.csv", "--headers", "en")
    described = json.loads((tmp_path / "facts.csv-metadata.json").read_text("utf-8"))
    columns = described["tableSchema"]["columns"]
    rows = read_csv(path)
    assert described["url"] == "facts.csv"
    assert [column["titles"] for column in columns] == list(rows[0]) == KEYS
    of_type = {"integer": int, "decimal": Decimal, "string": str, "anyURI": str}
    for column in columns:
        for row in rows:
            if row[column["titles"]]:
                of_type[column["datatype"]](row[column["titles"]])
    assert {c["name"]: c["propertyUrl"] for c in columns if "propertyUrl" in c}["value"] == PLAN + "value"
    assert len({row["iri"] for row in rows}) == len(rows), "iri is the primary key"


def test_json_keeps_every_digit(graph: Path, seeds: ox.Store, tmp_path: Path) -> None:
    text = export(graph, tmp_path / "facts.json", "--headers", "en").read_text("utf-8")
    rows = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    assert {row["iri"]: str(row["value"]) for row in rows if row["value"] is not None} == stored(
        seeds, "value"
    )
    many = "0.1234567890123456789012345"
    table = Table((Column("n", "数", "decimal", "", ""),), ((Decimal(many),), (None,)))
    assert to_json(table, "en", table).decode() == f'[\n{{"n": {many}}},\n{{"n": null}}\n]\n'


def test_xlsx_has_typed_cells_descriptions_and_sources(graph: Path, seeds: ox.Store, tmp_path: Path) -> None:
    path = export(graph, tmp_path / "facts.xlsx")
    book = openpyxl.load_workbook(path)
    assert tuple(book.sheetnames) == SHEETS["zh"]
    rows = list(book["数据"].iter_rows(values_only=True))
    assert list(rows[0]) == HEADERS.split()
    place = {name: index for index, name in enumerate(rows[0])}
    for row in rows[1:]:
        assert row[place["行政区划代码"]] is None or re.fullmatch(r"\d{6}", row[place["行政区划代码"]])
        assert row[place["数值"]] is None or isinstance(row[place["数值"]], int | float)
        assert row[place["年份"]] is None or isinstance(row[place["年份"]], int)
    values = {row[place["IRI"]]: row[place["数值"]] for row in rows[1:] if row[place["数值"]] is not None}
    assert values == {iri: float(text) for iri, text in stored(seeds, "value").items()}
    assert [row[1] for row in book["变量说明"].iter_rows(min_row=2, values_only=True)] == HEADERS.split()
    sources = list(book["来源"].iter_rows(min_row=2, values_only=True))
    assert {row[0] for row in sources} == {row[place["报告"]] for row in rows[1:]}
    assert all(re.fullmatch(r"[0-9a-f]{64}", row[3]) for row in sources)
    read = pd.read_excel(path, dtype={"行政区划代码": str})
    assert read["数值"].dtype == "float64"
    assert len(read) == len(rows) - 1


def test_text_is_never_a_formula() -> None:
    table = Table((Column("t", "文", "string", "", ""),), (("=1+1",), ("甲\x0b乙",)))
    sheet = openpyxl.load_workbook(io.BytesIO(to_excel(table, "en", table)))["data"]
    assert [(c.value, c.data_type) for c in sheet["A"]] == [("t", "s"), ("=1+1", "s"), ("甲乙", "s")]


def test_too_many_columns_for_excel_say_so() -> None:
    columns = tuple(Column(f"c{n}", str(n), "decimal", "", "") for n in range(16_385))
    with pytest.raises(TableError, match=r"16,385 columns do not fit in an Excel sheet"):
        to_excel(Table(columns, ()), "en", Table((), ()))


def test_parquet_has_types_and_descriptions(graph: Path, g: Graph, tmp_path: Path) -> None:
    path = export(graph, tmp_path / "facts.parquet", "--headers", "en")
    schema = parquet.read_schema(path)
    assert [str(schema.field(name).type) for name in ("year", "value", "quote")] == [
        "int64",
        "double",
        "string",
    ]
    assert b"description" in schema.field("value").metadata
    read = pd.read_parquet(path)
    assert read["value"].equals(g.facts()["value"])


def test_stata_has_labels_and_long_text(graph: Path, g: Graph, tmp_path: Path) -> None:
    path = export(graph, tmp_path / "facts.dta")
    with pd.io.stata.StataReader(path) as reader:
        labels = reader.variable_labels()
        assert labels["value"] == "数值" and labels["end_"] == "止"
        assert list(reader.value_labels()["role"].values()) == ["目标", "完成", "预计"]
    read = pd.read_stata(path)
    known = g.facts()
    assert read["role"].astype(str).tolist() == known["role"].tolist()
    assert read["value"].equals(known["value"])
    assert read["quote"].tolist() == known["quote"].tolist()
    numbers = pd.read_stata(path, convert_categoricals=False)["role"]
    assert set(numbers) == {0, 1, 2}


def test_stata_keeps_text_of_any_length_and_names_within_its_limits(tmp_path: Path) -> None:
    long = "增" * 3000
    keys = ("end", "quote", "report", "5g", "x" * 40 + "a", "x" * 40 + "b")
    columns = tuple(Column(key, key * 9, "string", "", "") for key in keys)
    (tmp_path / "t.dta").write_bytes(to_stata(Table(columns, ((long,) * 6, ("",) * 6)), "zh", Table((), ())))
    read = pd.read_stata(tmp_path / "t.dta")
    assert list(read.columns) == ["end_", "quote", "report", "_5g", "x" * 32, "x" * 30 + "_2"]
    assert (read.iloc[0] == long).all() and (read.iloc[1] == "").all()


@pytest.mark.parametrize("suffix", list(FORMATS))
def test_a_table_without_rows_is_a_table(suffix: str, graph: Path, tmp_path: Path) -> None:
    path = export(graph, tmp_path / f"none{suffix}", "--year", "1949")
    assert path.stat().st_size > 0
    if suffix == ".dta":
        assert list(pd.read_stata(path).columns)[:2] == ["region_code", "region"]


# ---- the wide form -------------------------------------------------------------------------------


def fact(**changes: object) -> Fact:
    plain = dict.fromkeys(Fact.__slots__, "") | {
        "region_code": "320500", "region": "苏州市", "year": 2023, "indicator": "地区生产总值增长", "role": "目标",
        "value": Decimal("5"), "low": Decimal("5"), "high": Decimal("5"), "unit": "%", "start": 10, "end": 11,
        "report_year": 2023, "indicator_iri": BASE + "indicator/gdp/growth",
    }  # fmt: skip
    return Fact(**(plain | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "columns", "cells", "differing"),
    [
        ([fact()], ["gdp_growth_target"], [("320500", "苏州市", 2023, Decimal(5))], 0),
        # the latest report's figure stands
        ([fact(), fact(value=Decimal(6), report_year=2024)], ["gdp_growth_target"], [("320500", "苏州市", 2023, Decimal(6))], 1),
        # in one report, the first
        ([fact(value=Decimal(6), start=20), fact()], ["gdp_growth_target"], [("320500", "苏州市", 2023, Decimal(5))], 1),
        # a range has bounds and no value, never a midpoint
        ([fact(value=None, high=Decimal(6))], ["gdp_growth_target_low", "gdp_growth_target_high"], [("320500", "苏州市", 2023, Decimal(5), Decimal(6))], 0),
        # a column an indicator and role
        ([fact(), fact(role="完成", value=Decimal(4), year=2022)], ["gdp_growth_target", "gdp_growth_result"], [("320500", "苏州市", 2022, None, Decimal(4)), ("320500", "苏州市", 2023, Decimal(5), None)], 0),
        # other periods than a year are left out
        ([fact(year=None)], [], [], 0),
    ],
)  # fmt: skip
def test_wide(rows: list[Fact], columns: list[str], cells: list[tuple[object, ...]], differing: int) -> None:
    panel = wide(rows)
    assert [column.key for column in panel.table.columns] == ["region_code", "region", "year", *columns]
    assert list(panel.table.rows) == cells
    assert panel.differing == differing


def test_the_wide_file_holds_the_figures_of_the_long_one(graph: Path, g: Graph, tmp_path: Path) -> None:
    path = export(graph, tmp_path / "panel.csv", "--wide")
    panel = read_csv(path)
    known = g.facts()
    known = known[known["year"].notna() & known["value"].notna()]
    assert len(panel) == len(known.groupby(["region_code", "region", "year"]))
    suzhou = next(row for row in panel if (row["地区"], row["年份"]) == ("苏州市", "2023"))
    assert suzhou["地区生产总值增长 目标（%）"] == "5"
    figures = sum(
        1 for row in panel for name, cell in row.items() if cell and "下限" not in name and "上限" not in name
    ) - sum(bool(row[name]) for row in panel for name in ("行政区划代码", "地区", "年份"))
    assert figures == len(known.groupby(["region_code", "region", "year", "indicator_iri", "role", "unit"]))
    assert len(pd.read_stata(export(graph, tmp_path / "panel.dta", "--wide"))) == len(panel)
    assert len(pd.read_excel(export(graph, tmp_path / "panel.xlsx", "--wide"))) == len(panel)


# ---- the command line ----------------------------------------------------------------------------


def test_filters_of_the_command_line(graph: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = [
        "--region",
        "张家港市",
        "--region",
        "320500",
        "--indicator",
        "GDP增速",
        "--year",
        "2023",
        "--kind",
        "target",
    ]
    rows = read_csv(export(graph, tmp_path / "some.csv", *options))
    assert {(row["地区"], row["原文数字"]) for row in rows} == {("苏州市", "5%左右"), ("张家港市", "5%以上")}
    assert f"{tmp_path / 'some.csv'}: {len(rows)} rows" in capsys.readouterr().err


def test_export_from_an_endpoint(graph: Path, engine: Engine, tmp_path: Path) -> None:
    here = export(graph, tmp_path / "here.csv")
    there = export(tmp_path, tmp_path / "there.csv", "--endpoint", engine.url + "/query")
    assert here.read_bytes() == there.read_bytes()


def test_wrong_use_and_an_unwritable_place_say_so(
    graph: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "facts.pdf", "--graph", str(graph)]) == 2
    assert "does not end in one of .xlsx, .csv" in capsys.readouterr().err
    assert main(["export", str(tmp_path / "no" / "facts.csv"), "--graph", str(graph)]) == 1
    assert "cannot be written" in capsys.readouterr().err
    with pytest.raises(TableError, match="says its format"):
        write(Table((), ()), Path("facts.pdf"), "en", Table((), ()))


@pytest.mark.slow
def test_a_missing_library_is_one_clear_line(graph: Path, tmp_path: Path) -> None:
    """The libraries are really not there: the program runs with a path on which importing them fails."""
    for library in ("pandas", "openpyxl", "pyarrow"):
        (tmp_path / f"{library}.py").write_text(f"raise ImportError('no {library}')", "utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}

    def run(file: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "plankg.cli", "export", file, "--graph", str(graph)]
        return subprocess.run(
            words, cwd=tmp_path, env=environment, capture_output=True, text=True, encoding="utf-8"
        )

    for file, library in (("a.xlsx", "openpyxl"), ("a.dta", "pandas"), ("a.parquet", "pyarrow")):
        done = run(file)
        assert done.returncode == 1
        assert done.stderr == (
            f"Error: this needs {library}, which is not installed; `pip install 'plankg[export]'` brings it\n"
        )
    assert run("a.csv").returncode == run("a.json").returncode == 0
    with pytest.raises(TableError):
        frames.needed("plankg_without_such_a_module")


# ---- the documents -------------------------------------------------------------------------------


@pytest.mark.parametrize("document", ["README.md", "docs/tables.md"])
def test_python_in_the_documents_prints_what_they_show(
    document: str, graph: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "graph").symlink_to(graph, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    text = (ROOT / document).read_text("utf-8")
    told = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", text, re.DOTALL)
    assert told
    for code, shown in told:
        printed = io.StringIO()
        with redirect_stdout(printed):
            exec(code, {})
        assert printed.getvalue().split() == shown.split()


@pytest.mark.slow
@pytest.mark.parametrize("document", ["README.md", "docs/tables.md"])
def test_exports_in_the_documents_run(document: str, graph: Path, tmp_path: Path) -> None:
    text = (ROOT / document).read_text("utf-8")
    told = re.findall(r"^plankg export .*$", text, re.MULTILINE)
    assert told
    for command in told:
        file, *options = shlex.split(command)[2:]
        export(graph, tmp_path / file, *options)


def test_every_column_is_described_in_tables_md() -> None:
    text = (ROOT / "docs" / "tables.md").read_text("utf-8")
    for column in COLUMNS:
        assert f"| `{column.key}` | {column.zh} | {column.about_en} |" in text
    properties = {column.property for column in COLUMNS if column.property}
    ontology = (ROOT / "ontology" / "plankg.ttl").read_text("utf-8")
    for property in properties:
        assert re.search(rf"^plan:{property.removeprefix(PREFIXES['plan'])}$", ontology, re.MULTILINE), (
            property
        )
