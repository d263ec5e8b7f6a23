"""Files and folders -> the reports to read, and what can be wrong with them."""

from pathlib import Path

import pytest

from loaders.errors import DocumentError
from loaders.resources import folder
from plankg import sources


def test_a_folder_gives_its_reports_with_what_sources_toml_says() -> None:
    found = sources.collect([folder("seeds")])
    assert [report.source.slug for report in found] == sorted(report.source.slug for report in found)
    suzhou = next(report for report in found if report.source.slug == "suzhou-plan-2023")
    assert (suzhou.source.region_code, suzhou.source.year, suzhou.source.kind) == (
        "320500",
        2023,
        "plan-report",
    )


def test_a_file_given_twice_counts_once(tmp_path: Path) -> None:
    report = tmp_path / "南京市 2024年.txt"
    report.write_text("报告", "utf-8")
    found = sources.collect([report, tmp_path, report])
    assert [r.source.slug for r in found] == ["南京市-2024年"]


@pytest.mark.parametrize(
    ("files", "toml", "message"),
    [
        ({}, None, "no such file or folder"),
        ({"readme.md": "x"}, None, "holds no report"),
        ({"a b.txt": "x", "a-b.txt": "x"}, None, "would both be report/a-b"),
        (
            {"a.txt": "x"},
            '[[source]]\nfile = "a.txt"\nsha256 = "0"',
            "is not the file that sources.toml describes",
        ),
        ({"a.txt": "x"}, "[[source]]\nslug = 'a'", "is not a list of sources"),
        ({"a.txt": "x"}, "what is this", "is not a list of sources"),
    ],
)
def test_what_can_be_wrong(files: dict[str, str], toml: str | None, message: str, tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    if files:
        reports.mkdir()
    for name, text in files.items():
        (reports / name).write_text(text, "utf-8")
    if toml is not None:
        (reports / "sources.toml").write_text(toml, "utf-8")
    with pytest.raises(DocumentError, match=message):
        sources.collect([reports])
