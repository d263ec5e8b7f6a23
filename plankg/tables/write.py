"""Tables -> files: CSV with its CSVW description, JSON, Excel, Parquet and Stata, chosen by the suffix.

CSV and JSON hold every number as the graph does, digit by digit; Excel, Parquet and Stata hold the nearest
64-bit float. A file appears under its name when it is whole.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from loaders.namespaces import BASE
from plankg import __version__
from plankg.tables.columns import Cell, Column, Table
from plankg.tables.facts import ROLES, Language, TableError, plain
from plankg.tables.frames import frame, needed

LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
CREDIT: Final = f"plankg {__version__}, {BASE}, CC BY 4.0"

#: The sheets of an Excel file: table, descriptions, sources.
SHEETS: Final[Mapping[Language, tuple[str, str, str]]] = {
    "zh": ("数据", "变量说明", "来源"),
    "en": ("data", "variables", "sources"),
}
_DESCRIPTION: Final[Mapping[Language, tuple[str, ...]]] = {
    "zh": ("变量", "名称", "类型", "说明"),
    "en": ("variable", "name", "type", "description"),
}
_TYPES_ZH: Final = {"string": "文本", "integer": "整数", "decimal": "小数", "anyURI": "网址"}
_WIDTHS: Final = {"quote": 80, "report": 40, "iri": 40, "indicator_iri": 40, "indicator": 30, "printed": 16}
_EXCEL_ROWS, _EXCEL_COLUMNS = 1_048_576, 16_384
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: Columns that are few words again and again: numbers with value labels in Stata.
_LABELLED: Final = ("role", "unit", "comparator", "bindingness", "basis")
_RESERVED: Final = {"end": "end_"}
_STATA_NAME, _STATA_LABEL, _STATA_TEXT = 32, 80, 2045


def write(table: Table, path: Path, language: Language, sources: Table) -> tuple[Path, ...]:
    """Writes the table to ``path`` in the format of its suffix; ``sources`` is the sheet of an Excel file.
    Returns the files written.

    Raises :class:`TableError` for another suffix, when a library is missing, and when the file cannot be
    written.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise TableError(f"{path.name}: the name of the file says its format, one of {', '.join(FORMATS)}")
    files = {path: FORMATS[suffix](table, language, sources)}
    if suffix == ".csv":
        files[path.with_name(path.name + "-metadata.json")] = csvw(table, path.name, language)
    try:
        for file, content in files.items():
            beside = file.with_name(file.name + ".new")
            beside.write_bytes(content)
            beside.replace(file)
    except OSError as error:
        raise TableError(f"{path} cannot be written: {error.strerror or error}") from None
    return tuple(files)


def to_csv(table: Table, language: Language, sources: Table) -> bytes:
    """RFC 4180 with a byte-order mark, without which Excel does not read the Chinese."""
    out = io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerow([column.header(language) for column in table.columns])
    lines.writerows([_text(cell) for cell in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def to_json(table: Table, language: Language, sources: Table) -> bytes:
    """An array of objects, one a line; numbers are JSON numbers with all their digits, empty cells null."""
    names = [json.dumps(column.header(language), ensure_ascii=False) for column in table.columns]
    rows = (", ".join(f"{n}: {_json(c)}" for n, c in zip(names, row, strict=True)) for row in table.rows)
    return ("[\n" + ",\n".join(f"{{{row}}}" for row in rows) + "\n]\n").encode()


def csvw(table: Table, name: str, language: Language) -> bytes:
    """The description of a CSV file by CSV on the Web (https://www.w3.org/TR/tabular-metadata/)."""
    described: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": language}],
        "url": name,
        "dc:creator": f"plankg {__version__}",
        "dc:license": {"@id": LICENCE},
        "dialect": {"encoding": "utf-8", "header": True},
        "tableSchema": {"columns": [_csvw_column(column, language) for column in table.columns]},
    }
    if any(column.key == "iri" for column in table.columns):
        described["tableSchema"] |= {"primaryKey": "iri", "aboutUrl": "{+iri}"}
    return (json.dumps(described, ensure_ascii=False, indent=2) + "\n").encode()


def to_excel(table: Table, language: Language, sources: Table) -> bytes:
    """A workbook of three sheets: the table, what its columns mean, and the reports it comes from."""
    openpyxl = needed("openpyxl")
    if len(table.rows) >= _EXCEL_ROWS or len(table.columns) > _EXCEL_COLUMNS:
        raise TableError(
            f"{len(table.rows):,} rows and {len(table.columns):,} columns do not fit in an Excel sheet; "
            "filter them, or write .csv or .parquet"
        )
    book = openpyxl.Workbook(write_only=True)
    data, variables, reports = SHEETS[language]
    _sheet(book, data, table, language)
    _sheet(book, variables, _descriptions(table, language), language)
    _sheet(book, reports, sources, language)
    book.properties.creator = CREDIT
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def to_parquet(table: Table, language: Language, sources: Table) -> bytes:
    """Columns under their headers, with their descriptions as field metadata."""
    pa, parquet = needed("pyarrow"), needed("pyarrow.parquet")
    types = {"integer": pa.int64(), "decimal": pa.float64()}
    fields, arrays = [], []
    for place, column in enumerate(table.columns):
        type_ = types.get(column.type, pa.string())
        about = {"description": column.about(language)}
        fields.append(pa.field(column.header(language), type_, metadata=about))
        arrays.append(pa.array([_float(row[place]) for row in table.rows], type_))
    schema = pa.schema(fields, metadata={"source": CREDIT, "licence": LICENCE})
    out = io.BytesIO()
    parquet.write_table(pa.Table.from_arrays(arrays, schema=schema), out)
    return out.getvalue()


def to_stata(table: Table, language: Language, sources: Table) -> bytes:
    """Stata 14 and later: variables are named by their keys and labelled with their headers, words that
    come again and again are labelled numbers, long text is strL."""
    pd = needed("pandas")
    data = frame(table)
    names: dict[str, str] = {}
    for column in table.columns:
        names[column.key] = _stata_name(column.key, set(names.values()))
        if column.key in _LABELLED and table.rows:
            kinds = [names_of[language] for names_of in ROLES.values()] if column.key == "role" else None
            words = kinds or sorted({word for word in data[column.key] if word})
            cells = [word or None for word in data[column.key]]
            data[column.key] = pd.Categorical(cells, categories=words)
        elif column.type == "integer":  # missing values are a matter of floating numbers there
            data[column.key] = data[column.key].astype("float64")
        elif column.type != "decimal":
            data[column.key] = data[column.key].astype(object)
    long_text = [
        names[column.key]
        for place, column in enumerate(table.columns)
        if column.key == "quote"
        or any(
            isinstance(row[place], str) and len(str(row[place]).encode()) > _STATA_TEXT for row in table.rows
        )
    ]
    out = io.BytesIO()
    data.rename(columns=names).to_stata(
        out,
        write_index=False,
        version=118,
        variable_labels={names[c.key]: c.header(language)[:_STATA_LABEL] for c in table.columns},
        convert_strl=long_text,
        data_label=CREDIT[:_STATA_LABEL],
    )
    return out.getvalue()


FORMATS: Final[Mapping[str, Callable[[Table, Language, Table], bytes]]] = {
    ".xlsx": to_excel,
    ".csv": to_csv,
    ".parquet": to_parquet,
    ".dta": to_stata,
    ".json": to_json,
}


def _text(cell: Cell) -> str:
    return "" if cell is None else plain(cell) if isinstance(cell, Decimal) else str(cell)


def _json(cell: Cell) -> str:
    return (
        "null"
        if cell in (None, "")
        else _text(cell)
        if not isinstance(cell, str)
        else json.dumps(cell, ensure_ascii=False)
    )


def _float(cell: Cell) -> Cell | float:
    return float(cell) if isinstance(cell, Decimal) else cell


def _csvw_column(column: Column, language: Language) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": column.key,
        "titles": column.header(language),
        "dc:description": column.about(language),
        "datatype": column.type,
    }
    return described | ({"propertyUrl": column.property} if column.property else {})


def _descriptions(table: Table, language: Language) -> Table:
    columns = tuple(
        Column(f"about_{n}", name, "string", "", "", en=name) for n, name in enumerate(_DESCRIPTION[language])
    )
    rows = tuple(
        (c.key, c.header(language), _TYPES_ZH[c.type] if language == "zh" else c.type, c.about(language))
        for c in table.columns
    )
    return Table(columns, rows)


def _sheet(book: Any, title: str, table: Table, language: Language) -> None:
    cells = needed("openpyxl.cell")
    styles = needed("openpyxl.styles")
    letter = needed("openpyxl.utils").get_column_letter
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{letter(len(table.columns))}{len(table.rows) + 1}"
    for place, column in enumerate(table.columns, 1):
        sheet.column_dimensions[letter(place)].width = _WIDTHS.get(column.key, 14)

    def cell(content: Cell, bold: bool = False) -> Any:
        if isinstance(content, str):
            text = cells.WriteOnlyCell(sheet, _NOT_IN_XML.sub("", content))
            text.data_type = "s"  # also where it begins with "=": text is no formula
            if bold:
                text.font = styles.Font(bold=True)
            return text if content else None
        return content

    sheet.append([cell(column.header(language), bold=True) for column in table.columns])
    for row in table.rows:
        sheet.append([cell(content) for content in row])


def _stata_name(key: str, taken: set[str]) -> str:
    """At most 32 characters, no digit in front, no word of Stata's language, and none twice."""
    name, number = _RESERVED.get(key, key)[:_STATA_NAME], 2
    if name[0].isdigit():
        name = f"_{name}"[:_STATA_NAME]
    while name in taken:
        ending = f"_{number}"
        name, number = key[: _STATA_NAME - len(ending)] + ending, number + 1
    return name
