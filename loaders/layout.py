"""Source text -> passages a reader would see: wrapped lines joined, furniture dropped, tables rebuilt.

Every character of a passage keeps its offset in the source (code points), so that a number found in
clean text can be shown where it stands in the report. Four things are undone here:

* hard wraps, also inside words and numbers, and also when every line is followed by an empty one;
* page numbers, running headers and bracketed footnote marks;
* typographic variants: full-width digits and signs become ASCII, spaces beside Chinese characters go;
* tables flattened to one cell a line: tab-indented with rows parted by empty lines, or bare where :mod:`loaders.cells`
  finds the rows.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from loaders.cells import begins_head, rows_of

MAX_PASSAGE = 20_000  #: code points; a paragraph of a report has at most a few thousand
TERMINAL = "。！？；：!?;:"  #: a line that ends in one of these is complete
FULL_WIDTH = {ord(c): ord(c) - 0xFEE0 for c in map(chr, range(0xFF10, 0xFF1A))} | {
    ord("％"): "%", ord("．"): ".", ord("﹪"): "%", ord("℅"): "%", ord("＋"): "+", ord("－"): "-", ord("～"): "~",
    ord("∶"): ":", ord("︰"): ":", ord("﹕"): ":", ord("﹣"): "-", ord("㎡"): "㎡", ord("\u00a0"): " ", ord("\u3000"): " ", ord("\u2002"): " ",
    ord("\u2003"): " ", ord("\ufeff"): " ", ord("\u200b"): " ", ord("\ue004"): " ", ord("\ue5e5"): " ",
}  # fmt: skip
FULL_WIDTH |= {ord(c): ord(c) - 0xFEE0 for c in "ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ"}
_WIDE_FORM = re.compile(f"[{''.join(map(chr, FULL_WIDTH))}]")

#: 一、 （一） 1． 1、 （1） 第一章 ● —— at the start of a line
HEADING_MARK = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[、．]|\d{1,2}\.(?!\d)"
    r"|[(（]\d{1,2}[)）]|第[一二三四五六七八九十]{1,3}[章节篇部]|[●■◆★▲◎○•·▶]|—{1,2}|注[:：]|(?:图|表|专栏)\s*\d{1,2}\s)"
)
_CAPTION = re.compile(r"\s*(?:图|表|专栏)\s*\d{1,2}\s")  #: 图 1 2021—2025 年地区生产总值及其增长速度
_TITLE_OF_SECTION = re.compile(
    r"\s*[一二三四五六七八九十]{1,3}、[^，。；：\d]{2,24}\s*"
)  #: 五、市场、消费、物价和对外经济
PAGE_NUMBER = re.compile(r"\s*[-—–－·.\s]*\d{1,3}[-—–－·.\s]*|\s*第\s*\d+\s*页.{0,8}|\s*\d+\s*/\s*\d+\s*")
FOOTNOTE_MARK = re.compile(
    r"[\[［〔【]\s*\d{1,3}\s*[\]］〕】]|[①②③④⑤⑥⑦⑧⑨⑩⑪⑫]|(?<=[\u4e00-\u9fff])[(（]\d{1,2}[)）](?![个家项])"
)
CJK = re.compile(r"[\u2e80-\u9fff\uff00-\uffef“”‘’《》、。·—]")


class Passage(NamedTuple):
    """A run of clean text; ``offsets[i]`` is the source offset of ``text[i]``."""

    text: str
    offsets: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Source offsets of ``text[start:end]``."""
        if end <= start:
            at = self.offsets[min(start, len(self.offsets) - 1)] if self.offsets else 0
            return at, at
        return self.offsets[start], self.offsets[end - 1] + 1


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; an empty passage is an empty (often merged) cell."""

    rows: tuple[tuple[Passage, ...], ...]


Block = Passage | Table


class _Line(NamedTuple):
    start: int
    raw: str
    width: int  #: in half-width columns


def lay_out(text: str) -> tuple[Block, ...]:
    """The blocks of a text in order. Bounded by the length of the text; raises nothing."""
    lines = _rows_of_cells(_pipes_to_tabs(_lines(text)))
    furniture = _running_headers(lines)
    wrapped = _is_wrapped([line for line in lines if line.raw.strip()])
    blocks: list[Block] = []
    for tabular, group in _regions(lines):
        if tabular:
            blocks.append(_table(group))
        else:
            blocks += _paragraphs([line for line in group if line.raw.strip() not in furniture], wrapped)
    return tuple(_reunite(_join_tiles(blocks)))


def _lines(text: str) -> list[_Line]:
    lines, start = [], 0
    for raw in text.splitlines(keepends=True):
        body = raw.rstrip("\r\n\x0b\x0c\x85\u2028\u2029")
        for at in range(0, max(1, len(body)), MAX_PASSAGE):
            piece = body[at : at + MAX_PASSAGE]
            lines.append(_Line(start + at, piece, _width(piece.strip())))
        start += len(raw)
    return lines


_RULE = re.compile(r"[\s|:—-]+")


def _cells(raw: str) -> str:
    """A row without the strokes around it; where none opens it (常住人口 | 53.48 |), one at its end parts an empty cell."""
    row = raw.strip()
    return row.strip("|") if row.startswith("|") else row


def _pipes_to_tabs(lines: list[_Line]) -> list[_Line]:
    """Cells parted by upright strokes (地区生产总值 | 90.39 | 9.8) read as cells parted by tabs; length is kept."""
    strokes = [_cells(line.raw).count("|") if "。" not in line.raw else 0 for line in lines]

    def row(i: int) -> bool:
        beside = (strokes[j] for j in (i - 1, i + 1) if 0 <= j < len(lines))
        return strokes[i] > 0 and strokes[i] in beside

    def tabbed(line: _Line) -> _Line:
        body = _cells(line.raw)
        at = line.raw.index(body) if body.strip() else 0
        if _RULE.fullmatch(line.raw):  # |---|---|
            return line._replace(raw="")
        return line._replace(start=line.start + at, raw=body.replace("|", "\t"))

    return [tabbed(line) if row(i) else line for i, line in enumerate(lines)]


_LONGEST_CELL = 40
_NO_CELL = re.compile(r"[，。；！\t]")


def _rows_of_cells(lines: list[_Line]) -> list[_Line]:
    """A table of one cell a line, where its rows can be told: each cell opened by a tab, each row ended by an empty line."""
    found: list[_Line] = []
    i = 0
    while i < len(lines):
        run = _cells_from(lines, i) if begins_head(lines[i].raw.rstrip(" |\t")) else []
        rows = rows_of([line.raw for line in run])
        if not rows:
            found.append(lines[i])
            i += 1
            continue
        for row in rows:
            found += [
                line._replace(start=line.start - 1, raw="\t" + line.raw) for line in run[row.start : row.stop]
            ]
            found.append(_Line(run[row.stop - 1].start, "", 0))
        last = run[rows[-1].stop - 1].start
        i = next((j for j in range(i, len(lines)) if lines[j].start > last), len(lines))
    return found


def _cells_from(lines: list[_Line], i: int) -> list[_Line]:
    """The short lines from ``i`` on, empty ones left out, without the spaces and strokes around them."""
    run = []
    for line in lines[i:]:
        text = line.raw.rstrip(" |\t\u3000\u00a0")
        bare = text.lstrip()
        if not bare:
            continue
        if len(bare) > _LONGEST_CELL or _NO_CELL.search(bare) or HEADING_MARK.match(bare):
            break
        run.append(_Line(line.start + len(text) - len(bare), bare, line.width))
    return run


def _width(text: str) -> int:
    """Columns a line takes: Chinese characters and their punctuation are two wide."""
    return len(text) + sum(map(len, _WIDE.findall(text)))


_WIDE = re.compile(r"[\u2e80-\uffff“”‘’…—]+")


def _running_headers(lines: list[_Line]) -> frozenset[str]:
    """Short lines without sentence punctuation that come back three times or more."""
    counts = Counter(line.raw.strip() for line in lines if 5 < len(line.raw.strip()) < 40)
    return frozenset(
        t for t, n in counts.items() if n >= 3 and "\t" not in t and not re.search(r"[。，；：:%]", t)
    )


def _regions(lines: list[_Line]) -> Iterator[tuple[bool, list[_Line]]]:
    """Cuts the lines into runs of table lines and runs of prose."""
    group: list[_Line] = []
    tabular = False
    for i, line in enumerate(lines):
        cell = line.raw.startswith("\t") or "\t" in line.raw.strip() or _is_row(lines, i)
        if tabular and not cell and PAGE_NUMBER.fullmatch(line.raw) and _more_rows(lines, i + 1):
            continue
        if tabular and not cell:  # an empty line, or a further line of a cell, stays in the table
            short = len(line.raw) < 40 and not line.raw.rstrip().endswith("。")
            cell = short and not HEADING_MARK.match(line.raw) and _more_cells(lines, i + 1)
        if cell != tabular and group:
            yield tabular, group
            group = []
        tabular = cell
        group.append(line)
    if group:
        yield tabular, group


#: 居民消费价格 0.5 | 汽车 万辆 148.27 -2.8: a row of a table whose columns only spaces part
_ROW = re.compile(
    r"\s*[#＃]?(?:[\u4e00-\u9fff]|\d?[A-Z])[^。；，]{0,24}?(?:\s+[\u4e00-\u9fff/]{1,6})?(?:\s+-?\d[\d.,]*)+\s*"
)
_ROW_HEAD = re.compile(r"\s*(?:指\s*标|项\s*目|产品|类\s*别)?(?:名\s*称)?(?<=\S)(?:\s+\S{1,20}){1,5}\s*")


def _is_row(lines: list[_Line], i: int) -> bool:
    """A line of label and numbers, or the head above such lines; one alone is prose."""
    raw = lines[i].raw
    if "。" in raw or len(raw) > 60:
        return False
    if _ROW_HEAD.fullmatch(raw):
        return any(_ROW.fullmatch(line.raw) for line in lines[i + 1 : i + 4])
    return bool(_ROW.fullmatch(raw)) and any(
        _ROW.fullmatch(lines[j].raw) for j in (i - 2, i - 1, i + 1, i + 2) if 0 <= j < len(lines)
    )


def _more_rows(lines: list[_Line], i: int) -> bool:
    """Does a table whose columns spaces part go on on the next page?"""
    return any(_ROW.fullmatch(line.raw) for line in lines[i : i + 2])


def _more_cells(lines: list[_Line], i: int) -> bool:
    """Does the table go on within three short lines?"""
    for line in [line for line in lines[i : i + 7] if line.raw.strip() or "\t" in line.raw][:3]:
        if "\t" in line.raw:
            return True
        if len(line.raw) > 20 or HEADING_MARK.match(line.raw):
            return False
    return False


def _table(lines: list[_Line]) -> Table:
    """Rows from tab-indented lines: an empty line ends a row, a line without a tab continues its cell."""
    rows: list[list[list[tuple[int, str]]]] = [[]]
    for line in lines:
        if not line.raw.strip() and "\t" not in line.raw:
            if rows[-1]:
                rows.append([])
            continue
        if "\t" not in line.raw and rows[-1]:
            rows[-1][-1].append((line.start, line.raw))
            continue
        if "\t" not in line.raw:  # columns parted by spaces
            rows[-1] += [[(line.start + m.start(), m.group())] for m in re.finditer(r"\S+", line.raw)]
            rows.append([])
            continue
        at = line.start
        for i, piece in enumerate(line.raw.split("\t")):
            if i or piece.strip():
                rows[-1].append([(at, piece)])
            at += len(piece) + 1
        if "\t" in line.raw.strip():  # several cells on one line: the line is the row
            rows.append([])
    return Table(tuple(tuple(_clean(cell) for cell in row) for row in rows if row))


def _paragraphs(lines: list[_Line], all_wrapped: bool) -> Iterator[Passage]:
    """The paragraphs of a run of prose; a run too short to tell is wrapped where the whole text is."""
    shown = [line for line in lines if line.raw.strip()]
    wrapped = _is_wrapped(shown) or (all_wrapped and len(shown) < 12)
    fragments_from = _first_prose(shown) if _is_fragmented(shown) else len(shown)
    if wrapped and fragments_from == len(shown):
        shown = [line for line in shown if not PAGE_NUMBER.fullmatch(line.raw)]
        fragments_from = len(shown)
    blank_after = _blank_after(lines)
    group: list[tuple[int, str]] = []
    length = 0
    for i, line in enumerate(shown):
        length += len(line.raw)
        if group and (
            length > MAX_PASSAGE
            or not (
                _goes_on("".join(piece for _, piece in group), line.raw)
                if i > fragments_from
                else _runs_on(shown, i - 1, wrapped, blank_after)
            )
        ):
            yield _clean(group)
            group, length = [], len(line.raw)
        group.append((line.start, line.raw))
    if group:
        yield _clean(group)


def _is_wrapped(shown: list[_Line]) -> bool:
    """True for prose cut at a column: many lines end without punctuation at much the same width."""
    prose = [line for line in shown if line.width >= 16]
    if len(prose) < 8:
        return False
    open_ended = [line for line in prose if not line.raw.rstrip().endswith(tuple(TERMINAL))]
    return len(open_ended) > 0.5 * len(prose) and sorted(ln.width for ln in prose)[len(prose) // 2] <= 120


def _is_fragmented(shown: list[_Line]) -> bool:
    """True for a web page saved piece by piece: many lines open with a comma, a stop or a per cent sign."""
    return sum(line.raw.lstrip()[:1] in _INNER for line in shown) > max(5, 0.03 * len(shown))


_INNER = frozenset("，、。；：）%％,")
_HEADING_MARK_ALONE = re.compile(HEADING_MARK.pattern + r"\s*")


def _first_prose(shown: list[_Line]) -> int:
    """The first line that is part of a sentence: what stands before it (menus, letterhead) is not in pieces."""
    return next(
        (i for i, line in enumerate(shown) if len(line.raw.strip()) > 20 and "，" in line.raw), len(shown)
    )


def _goes_on(so_far: str, following: str) -> bool:
    """In a fragmented text: does the next piece belong to the same paragraph? All but a stop binds."""
    so_far, following = so_far.strip(), following.strip()
    if so_far.endswith(("。", "！", "？")) and following[:1] not in _INNER:
        return False
    if HEADING_MARK.match(following) and not so_far[-1:].isdigit():
        return False
    heading = HEADING_MARK.match(so_far) and not re.search(r"[，。；]", so_far)
    return not (heading and len(following) > 20 and not _HEADING_MARK_ALONE.fullmatch(so_far))


def _blank_after(lines: list[_Line]) -> frozenset[int]:
    """Starts of the lines that an empty line follows; none when nearly all are (double spacing)."""
    found, shown = set(), 0
    for line, following in itertools.pairwise(lines):
        if line.raw.strip():
            shown += 1
            if not following.raw.strip():
                found.add(line.start)
    return frozenset() if len(found) > 0.8 * shown else frozenset(found)


_BROKEN_OFF = tuple("的由从、和与及")  #: 全县生产总值由“十五”末的|12.8亿元


def _runs_on(shown: list[_Line], i: int, wrapped: bool, blanks: frozenset[int]) -> bool:
    """Does line ``i`` go on in the next one?"""
    line, following = shown[i], shown[i + 1]
    broken_off = len(line.raw) > 16 and line.raw.rstrip().endswith(_BROKEN_OFF)
    if broken_off and not HEADING_MARK.match(following.raw):
        return True
    if not wrapped:
        return False
    if _CAPTION.match(line.raw) or _TITLE_OF_SECTION.fullmatch(line.raw):
        return False
    blank = line.start in blanks
    if HEADING_MARK.match(following.raw) or line.raw.rstrip().endswith(("。", "！", "？")):
        # a full stop ends the paragraph only where the line is short; sentences are split later anyway
        return bool(
            not HEADING_MARK.match(following.raw)
            and not blank
            and line.width >= 0.9 * _local_width(shown, i, blanks)
        )
    column = _local_width(shown, i, blanks)
    if (
        blank
        and following.width < 0.7 * column
        and following.start in blanks
        and not re.search(r"[，。；、]", following.raw)
    ):
        return False  # a heading stands between two columns
    full = 0.9 if blank or HEADING_MARK.match(line.raw) else 0.7
    return line.width >= full * column


def _local_width(shown: list[_Line], i: int, blanks: frozenset[int]) -> int:
    """The column width at line ``i``: the widest line near it, on the side where lines are narrower.

    Where a narrow column follows a wide one, its first line must not be measured by the wide one.
    """
    if (
        shown[i].start in blanks
        and not any(line.start in blanks for line in shown[max(0, i - 2) : i])
        and i >= 2
    ):
        return max(line.width for line in shown[i - 2 : i + 1])  # the end of a block of three lines or more
    before = max((line.width for line in shown[max(0, i - 3) : i]), default=0)
    after = max((line.width for line in shown[i + 1 : i + 4]), default=0)
    return max(shown[i].width, min(before, after) or max(before, after))


def _clean(pieces: list[tuple[int, str]]) -> Passage:
    """Joins pieces of source lines: full-width forms to ASCII, footnote marks and idle spaces out."""
    texts: list[str] = []
    offsets: list[int] = []
    for start, piece in pieces:
        stripped = piece.strip()
        if not stripped:
            continue
        at = start + len(piece) - len(piece.lstrip())
        text, kept = _without_marks(_to_ascii(stripped), at)
        texts.append(text)
        offsets += kept
        if stripped[-1].isascii() and stripped[-1].isalpha():
            texts.append(" ")  # an English word may end with the line
            offsets.append(at + len(stripped) - 1)
    passage = _drop_spaces("".join(texts), offsets)
    return passage._replace(text=_to_full_width(passage.text))


_FULL_MARK = dict(zip(",;:!?()", "，；：！？（）", strict=True))
#: marks typed in half width between Chinese words; those inside numbers, times and addresses stay
_HALF = re.compile(r"[,:;!?()]")
_HALF_MARK = re.compile(r"(?<!\d)[,:](?!//)|[,:](?![\d/])|[;!?()]")


def _to_full_width(text: str) -> str:
    """全年实现生产总值212.8亿元,同比增长10.5%; -> the marks Chinese is written with, where there is Chinese."""
    if not _HALF.search(text) or not CJK.search(text):
        return text
    return _HALF_MARK.sub(lambda mark: _FULL_MARK[mark[0]], text)


def _to_ascii(text: str) -> str:
    return text.translate(FULL_WIDTH) if _WIDE_FORM.search(text) else text


def _without_marks(text: str, at: int) -> tuple[str, Sequence[int]]:
    """A line without its footnote marks, and the offsets of what stays."""
    if not FOOTNOTE_MARK.search(text):
        return text, range(at, at + len(text))
    kept = [
        i for i, shown in enumerate(FOOTNOTE_MARK.sub(lambda m: "\0" * len(m.group()), text)) if shown != "\0"
    ]
    return "".join(text[i] for i in kept), [at + i for i in kept]


def _drop_spaces(text: str, offsets: list[int]) -> Passage:
    """Spaces stay only between two Latin letters, or between two digits where they part two numbers."""
    if " " not in text and "\t" not in text:
        return Passage(text, offsets)
    kept_text: list[str] = []
    kept_offsets: list[int] = []
    at = 0
    for space in _SPACES.finditer(text):
        kept_text.append(text[at : space.start()])
        kept_offsets += offsets[at : space.start()]
        if _PARTS.match(text, space.start() - 1) if space.start() else False:
            kept_text.append(" ")
            kept_offsets.append(offsets[space.start()])
        at = space.end()
    kept_text.append(text[at:])
    kept_offsets += offsets[at:]
    return Passage("".join(kept_text), kept_offsets)


_SPACES = re.compile(r"\s+")
_PARTS = re.compile(r"[A-Za-z]\s+[A-Za-z0-9]|[0-9]\s+[A-Za-z0-9]")


#: 8% | 5%左右 | 增长10%以上 | 520亿元: the value of an infographic's tile
TILE_VALUE = re.compile(
    r"(?:增长|超|突破|达到?)?\d[\d.,]*(?:%|[十百千万亿]*[\u4e00-\u9fff]{0,4})(?:左右|以上|以内)?"
)


def _join_tiles(blocks: list[Block]) -> list[Block]:
    """A tile of an infographic: its label in one or two short lines, its value alone in the next."""
    result: list[Block] = []
    for block in blocks:
        if isinstance(block, Passage) and TILE_VALUE.fullmatch(block.text):
            label: list[Passage] = []
            while (
                result and len(label) < 3 and isinstance(last := result[-1], Passage) and _is_label(last.text)
            ):
                label.insert(0, last)
                result.pop()
            for piece in reversed(label):
                block = _concatenate(piece, block)
        result.append(block)
    return result


def _concatenate(first: Passage, second: Passage) -> Passage:
    return Passage(first.text + second.text, [*first.offsets, *second.offsets])


def _is_label(text: str) -> bool:
    return len(text) <= 10 and not re.search(r"[\d。，；：●—]", text) and not HEADING_MARK.match(text)


def _reunite(blocks: list[Block]) -> list[Block]:
    """Puts a paragraph cut by a column break together again: an open end, and later a start without head.

    Where columns of an infographic are interleaved, `...新增人` breaks off before a heading and goes on
    pages later as `才公寓3000套，...`: the first paragraph that follows a complete one with no heading between.
    """
    result = list(blocks)
    for i, block in enumerate(result):
        if not (isinstance(block, Passage) and _open_end(block.text)):
            continue
        for j in range(i + 2, len(result)):
            before, orphan = result[j - 1], result[j]
            if (
                isinstance(before, Passage)
                and isinstance(orphan, Passage)
                and _headless(before.text, orphan.text)
            ):
                result[i] = _concatenate(block, orphan)
                del result[j]
                return result
    return result


def _open_end(text: str) -> bool:
    """Breaks off in a clause, after whole sentences."""
    return len(text) > 24 and "。" in text[-24:] and text[-1] not in TERMINAL + "，、）)”"


def _headless(before: str, text: str) -> bool:
    complete = before.endswith("。") and len(before) > 24
    return complete and text.endswith("。") and "。" not in text[:4] and not HEADING_MARK.match(text)
