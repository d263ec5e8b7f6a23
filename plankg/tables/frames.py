"""Tables -> pandas DataFrames.

Columns are named by :attr:`Column.key`; text is text, whole numbers are Int64, figures float64 or, exact,
:class:`decimal.Decimal`.
"""

from collections.abc import Iterable
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any

from plankg.tables.columns import Table, long
from plankg.tables.facts import Fact, TableError
from plankg.tables.wide import wide

if TYPE_CHECKING:
    import pandas as pd


def needed(name: str) -> Any:
    """A library of the ``export`` extra. Raises :class:`TableError` when it is not installed."""
    try:
        return import_module(name)
    except ImportError:
        raise TableError(
            f"this needs {name}, which is not installed; `pip install 'plankg[export]'` brings it"
        ) from None


def pandas() -> Any:
    """The pandas module. Raises :class:`TableError` when it is not installed."""
    return needed("pandas")


def long_frame(facts: Iterable[Fact], exact: bool = False) -> "pd.DataFrame":
    """One row a fact."""
    return frame(long(facts), exact)


def wide_frame(facts: Iterable[Fact], exact: bool = False) -> "pd.DataFrame":
    """One row a region and year."""
    return frame(wide(facts).table, exact)


def frame(table: Table, exact: bool = False) -> "pd.DataFrame":
    """Any table as a DataFrame."""
    pd = pandas()
    types = {"integer": "Int64", "decimal": object if exact else "float64"}
    columns = {}
    for place, column in enumerate(table.columns):
        cells: list[object] = [row[place] for row in table.rows]
        if column.type == "decimal" and not exact:
            cells = [float(cell) if isinstance(cell, Decimal) else None for cell in cells]
        columns[column.key] = pd.Series(cells, dtype=types.get(column.type, "str"))
    return pd.DataFrame(columns)
