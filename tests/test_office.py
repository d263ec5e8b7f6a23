"""The exported workbook in the programs people open it with: LibreOffice and pandas."""

import csv
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from plankg.cli import main
from plankg.tables.columns import COLUMNS

#: Comma, quotes, UTF-8, from line 1; text in quotes and numbers, as a cell shows them, not: so types can be told.
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,false"
NUMBERS = [column.key for column in COLUMNS if column.type in ("integer", "decimal")]


@pytest.fixture(scope="module")
def exported(graph: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with facts.xlsx and, digit by digit, facts.csv."""
    folder = tmp_path_factory.mktemp("office")
    for name in ("facts.xlsx", "facts.csv"):
        assert main(["export", str(folder / name), "--headers", "en", "--graph", str(graph)]) == 0
    return folder


def table(exported: Path) -> list[dict[str, str]]:
    with (exported / "facts.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.skipif(
    not shutil.which("soffice"), reason="LibreOffice is not installed (Debian: libreoffice-calc)"
)
def test_libreoffice_opens_it_with_types_intact(exported: Path, tmp_path: Path) -> None:
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", AS_CSV, "--outdir", str(tmp_path)]
    subprocess.run([*command, str(exported / "facts.xlsx")], check=True, capture_output=True, timeout=300)
    (made,) = tmp_path.glob("*.csv")
    with made.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file, quoting=csv.QUOTE_NONNUMERIC))  # what is not in quotes becomes a float
    header, *found = lines
    expected = table(exported)
    assert header == list(expected[0])
    assert len(found) == len(expected) > 500
    numbers = {column.header("en") for column in COLUMNS if column.key in NUMBERS}
    for line, row in zip(found, expected, strict=True):
        for name, cell in zip(header, line, strict=True):
            if row[name] == "":
                assert cell == ""
            elif name in numbers:
                assert isinstance(cell, float), name
                assert cell == pytest.approx(float(row[name]), rel=1e-9)
            else:
                assert cell == row[name], name


def test_pandas_opens_it_with_types_intact(exported: Path) -> None:
    frame, expected = (
        pd.read_excel(exported / "facts.xlsx", dtype={"region_code": str, "period": str}),
        table(exported),
    )
    assert list(frame.columns) == list(expected[0])
    for column in COLUMNS:
        told = [row[column.header("en")] for row in expected]
        if column.key in NUMBERS:
            assert pd.api.types.is_numeric_dtype(frame[column.header("en")]), column.key
            there = [None if pd.isna(number) else float(number) for number in frame[column.header("en")]]
            assert there == [float(text) if text else None for text in told], column.key
        else:
            assert ["" if pd.isna(text) else text for text in frame[column.header("en")]] == told, column.key
