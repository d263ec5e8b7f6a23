"""Anything may come in: whatever the text, reading ends, in bounded time, and every offset is true."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders import pipeline, vocabulary
from loaders.document import from_text
from loaders.errors import DocumentError
from loaders.layout import Passage, lay_out
from loaders.model import Extraction

HEAD = "张家港市政府工作报告\n——2024年1月8日在张家港市第十五届人民代表大会第三次会议上\n一、2023年工作回顾\n"
PIECES = st.sampled_from(
    [*"0123456789.,，。；、：（）“”《》%\n\t ", "增长", "分别", "亿元", "万家", "第", "前", "以上", "左右", "地区生产总值", "新增", "企业",
     "2023年", "其中", "由", "至", "个百分点", "项目", "~", "—", "和", "超", "\ufeff", "２", "％", "[1]", "翻一番", "八成"]
)  # fmt: skip
REPORTS = st.lists(PIECES, max_size=80).map("".join)


def read(text: str) -> Extraction:
    return pipeline.extract(from_text(text, "any"), vocabulary.load())


def digits(text: str) -> str:
    """A number as printed, without what a wrapped line puts into it."""
    wide = str.maketrans("０１２３４５６７８９．", "0123456789.")
    return "".join(c for c in text.translate(wide) if c not in "\n\r\t \u3000")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(REPORTS)
def test_offsets_are_true_and_rows_do_not_overlap(body: str) -> None:
    text = HEAD + body + "\n"
    read_text = read(text)
    spans = [(f.start, f.end) for f in read_text.facts]
    for fact in read_text.facts:
        assert digits(text[fact.start : fact.end]).replace("[1]", "") == fact.number
        assert fact.sentence.start <= fact.start < fact.end <= fact.sentence.end
        assert fact.indicator
        assert fact.period
    assert len(set(spans)) == len(spans)


@settings(max_examples=100, deadline=None)
@given(REPORTS)
def test_reading_twice_gives_the_same(body: str) -> None:
    assert read(HEAD + body) == read(HEAD + body)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400))
def test_layout_keeps_order_and_stays_inside(text: str) -> None:
    for block in lay_out(text):
        for passage in (
            [block] if isinstance(block, Passage) else [cell for row in block.rows for cell in row]
        ):
            assert len(passage.text) == len(passage.offsets)
            assert all(0 <= at < len(text) for at in passage.offsets)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("0123456789" * 200_000, id="digits"),
        pytest.param("（" * 50_000 + "）" * 50_000, id="nested brackets"),
        pytest.param("“《（" * 20_000, id="unclosed quotes"),
        pytest.param("\x01\x02\x7f\u202e" * 50_000, id="control characters"),
        pytest.param("增长5%、" * 50_000, id="one endless sentence"),
        pytest.param("It was the best of times, it was the worst of times. " * 20_000, id="an English novel"),
        pytest.param("\n" * 500_000, id="empty lines"),
        pytest.param("\t1\n" * 50_000, id="an endless table"),
    ],
)
def test_garbage_takes_bounded_time(text: str) -> None:
    started = time.monotonic()
    result = read(text)
    assert time.monotonic() - started < 60  # a guard against runaway expressions, not a benchmark
    assert result.warnings


def test_text_without_date_or_region_says_so() -> None:
    result = read(
        "一、工作回顾\n全年完成固定资产投资492亿元，增长9.8%，各项工作取得新的成效，为今后发展打下基础。\n"
    )
    assert any("region" in w for w in result.warnings)
    assert any("date" in w for w in result.warnings)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"", "is empty"), (b"  \n", "is empty"), (bytes(range(256)) * 40, "is not a text file")],
)
def test_files_that_are_no_reports(tmp_path, content: bytes, complaint: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "report.txt"
    path.write_bytes(content)
    with pytest.raises(DocumentError, match=complaint):
        pipeline.read(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_of_chinese_reports(tmp_path, encoding: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "report.txt"
    path.write_bytes((HEAD + "全年地区生产总值增长4%。").encode(encoding))
    assert "地区生产总值增长4%" in pipeline.read(path).text
