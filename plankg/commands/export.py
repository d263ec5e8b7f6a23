"""``plankg export``: graph -> a table in a file."""

from pathlib import Path

import click

from plankg.api import open as open_graph
from plankg.commands import err, graph_option
from plankg.tables import columns
from plankg.tables.facts import ROLES, Filter, Language, facts
from plankg.tables.wide import wide
from plankg.tables.write import FORMATS, write


@click.command(epilog="Example: plankg export growth.xlsx --indicator gdp/growth --year 2023 --kind target")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--region", "regions", multiple=True, help="Only this region; may be given again.")
@click.option("--indicator", "indicators", multiple=True, help="Only this indicator; may be given again.")
@click.option("--year", "years", multiple=True, type=int, help="Only this calendar year; may be given again.")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(list(ROLES)), help="Only these; may be given again."
)
@click.option("--words", is_flag=True, help="Also statements without a number.")
@click.option(
    "--wide", "panel", is_flag=True, help="One row a region and year, one column an indicator and kind."
)
@click.option(
    "--headers", "language", type=click.Choice(["zh", "en"]), default="zh", show_default=True,
    help="Language of headers and names.",
)  # fmt: skip
@click.option("--endpoint", metavar="URL", help="Ask a SPARQL endpoint in the place of a graph folder.")
@graph_option
def command(
    file: Path,
    regions: tuple[str, ...],
    indicators: tuple[str, ...],
    years: tuple[int, ...],
    kinds: tuple[str, ...],
    words: bool,
    panel: bool,
    language: Language,
    endpoint: str | None,
    graph: Path,
) -> None:
    """Write the figures of the graph to FILE: .xlsx, .csv, .parquet, .dta (Stata) or .json, by its suffix.

    A region or an indicator may be given by its name (张家港市, GDP增速), by the end of its IRI (320582,
    gdp/growth) or by its whole IRI. All but .csv and .json need `pip install 'plankg[export]'`.
    """
    if file.suffix.lower() not in FORMATS:
        raise click.BadParameter(
            f"{file.name!r} does not end in one of {', '.join(FORMATS)}", param_hint="FILE"
        )
    source = open_graph(endpoint or graph)
    found = facts(source.select, Filter(regions, indicators, years, kinds, words), language)
    table = columns.long(found)
    if panel:
        made = wide(found)
        table = made.table
        if made.differing:
            err().print(
                f"{made.differing} cells had several different figures; the latest report's, and its first, "
                "stands in them"
            )
    for path in write(table, file, language, columns.sources(found)):
        err().print(f"{path}" + (f": {len(table.rows):,} rows" if path == file else ""))
