"""Word lists as data: TOML files beside this one, read once each.

A list of words is one string, parted by blanks. A pattern is a table of regular expressions by where they stand in a
phrase: ``begins``, ``contains``, ``ends``.
"""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """The file ``name.toml`` of this folder."""
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text("utf-8"))


def words(name: str, key: str) -> frozenset[str]:
    """The words under ``key``."""
    return frozenset(table(name)[key].split())


def by_word(name: str, key: str) -> dict[str, str]:
    """word -> the list of ``[key]`` it stands in.

    Raises :class:`ValueError` when a word stands in two.
    """
    found: dict[str, str] = {}
    for group, line in table(name)[key].items():
        for word in line.split():
            if found.setdefault(word, group) != group:
                raise ValueError(f"{name}.toml has {word!r} under {found[word]} and {group}")
    return found


def alternatives(expressions: list[str]) -> str:
    """One regular expression for any of several."""
    return "(?:" + "|".join(expressions) + ")"


def pattern(name: str, key: str) -> re.Pattern[str]:
    """The pattern of the table ``[key]``, to be searched for."""
    where = table(name)[key]
    parts = [("^", "begins", ""), ("", "contains", ""), ("", "ends", "$")]
    return re.compile("|".join(a + alternatives(where[part]) + z for a, part, z in parts if part in where))
