"""Which targets a report calls binding (约束性) and which anticipatory (预期性).

It says so in a column of the table (属性), in brackets behind a target (（约束性）), or in a sentence about
groups of the table: 绿色转型发展目标是约束性的，…等目标是预期性的. Nothing is assumed where it says nothing.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from loaders.layout import Block, Passage, Table
from loaders.model import Fact, Qualitative

Item = TypeVar("Item", Fact, Qualitative)

_KIND = re.compile(r"约束性|预期性")
#: 绿色转型发展目标|是约束性|的, 其余指标|为预期性|指标: what stands before it, back to a stop, are the names
_GROUPS = re.compile(r"(?:均?是|均?为|属于)(?P<kind>约束性|预期性)")
_GROUP_END = re.compile(r"等?(?:\d{0,3}[个项]?(?:目标|指标))?$")
_REACH = 120  #: characters before it that the names take at most
#: 约束性指标包括森林覆盖率、耕地保有量
_LIST = re.compile(
    r"(?P<kind>约束性|预期性)(?:指标|目标)(?:共?[\d一二三四五六七八九十]+[个项])?"
    r"(?:，?(?:包括|分别[是为]|有|为|是)：?|：)(?P<names>[^，。；：]{2,200})"
)
_BRACKETS = re.compile(r"[^，。；、]{0,12}?[（(\[【](?P<kind>约束性|预期性)")
_REST = re.compile(r"其[余他]|其它")


def _may_say(text: str) -> bool:
    return "约束性" in text or "预期性" in text


def stated(blocks: Iterable[Block]) -> dict[str, str]:
    """What the sentences of a report say of groups of targets or of targets by name; ``""`` is all others.

    >>> stated([Passage("上述目标中，绿色转型目标是约束性的，其余为预期性。", range(25))])
    {'绿色转型': '约束性', '': '预期性'}
    """
    found: dict[str, str] = {}
    for block in blocks:
        if not isinstance(block, Passage) or not _may_say(block.text):
            continue
        text = block.text
        said = [(_names_before(text, m.start()), m["kind"]) for m in _GROUPS.finditer(text)]
        said += [(m["names"], m["kind"]) for m in _LIST.finditer(text)]
        for names, kind in said:
            for name in re.split(r"、|和", names):
                name = re.sub(r"^(?:其中|上述目标中)|等$|(?:目标|指标)$", "", name)
                if 2 <= len(name) <= 30:
                    found.setdefault("" if _REST.match(name) else name, kind)
    return found


def _names_before(text: str, at: int) -> str:
    return _GROUP_END.sub("", re.split(r"[，。；：]", text[max(0, at - _REACH) : at])[-1])


def bind(items: Sequence[Item], block: Block, said: Mapping[str, str]) -> list[Item]:
    """``items`` read from ``block``, targets with what the report says of how binding they are.

    ``said`` comes from :func:`stated` over the whole report.
    """
    if isinstance(block, Table):
        rows = _rows(block, said) if items else []
        return [_with(item, _of_row(item.start, rows)) for item in items]
    remarks = bool(items) and _may_say(block.text)
    if not remarks and not said:
        return list(items)
    offsets = {offset: i for i, offset in enumerate(block.offsets)} if remarks else {}
    return [_with(item, _in_prose(item, block.text, offsets, said)) for item in items]


def of_offset(table: Table, offset: int, said: Mapping[str, str]) -> str:
    """How binding the row is in which the source offset stands: 约束性, 预期性 or empty."""
    return _of_row(offset, _rows(table, said))


def _with(item: Item, kind: str) -> Item:
    return item._replace(bindingness=kind) if kind and item.kind == "target" else item


def _in_prose(
    item: Fact | Qualitative, text: str, offsets: Mapping[int, int], said: Mapping[str, str]
) -> str:
    """``offsets``: source offset -> place in ``text``; empty where no brackets need be looked for."""
    last = offsets.get(item.end - 1)
    brackets = _BRACKETS.match(text, last + 1) if last is not None else None
    return brackets["kind"] if brackets else said.get(item.indicator, "")


def _rows(table: Table, said: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """(first offset, last offset, kind) of the rows that have one."""
    found, group = [], ""
    for row in table.rows:
        offsets = [offset for cell in row for offset in cell.offsets]
        if len(row) > 2 and row[0].text and not row[0].text.isdigit():
            group = row[0].text
        cell = next((c.text for c in row if _KIND.fullmatch(c.text)), "")
        named = next((said[c.text] for c in row if c.text and c.text in said), "")
        inner = next((m[0] for c in row if (m := re.search(r"(?<=[（(\[【])(?:约束性|预期性)", c.text))), "")
        kind = cell or inner or named or said.get(group, "") or (said.get("", "") if group else "")
        if kind and offsets:
            found.append((min(offsets), max(offsets), kind))
    return sorted(found)


def _of_row(start: int, rows: Sequence[tuple[int, int, str]]) -> str:
    at = bisect_right(rows, start, key=lambda row: row[0]) - 1
    return rows[at][2] if at >= 0 and start <= rows[at][1] else ""
