"""``plankg build``: reports -> graph."""

from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from plankg.build import Built, Reading, build_from_dump
from plankg.build import build as build_graph
from plankg.commands import err, graph_option


@click.command(epilog="Example: plankg build reports/ more/suzhou-plan-2024.txt --graph graph")
@click.argument("sources", nargs=-1, type=click.Path(path_type=Path))
@graph_option
@click.option(
    "--workers", type=click.IntRange(min=1), help="Processes that read reports (default: one a core)."
)
@click.option(
    "--corrections",
    "corrected",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File of corrections to apply beside the `corrections.toml` of the folders.",
)
@click.option(
    "--from-dump",
    "release",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of a release: the graph it was dumped from, no report read.",
)
def command(
    sources: tuple[Path, ...], graph: Path, workers: int | None, corrected: Path | None, release: Path | None
) -> None:
    """Build the graph from reports: files, or folders of them. Without SOURCES, the five bundled seeds.

    The new graph takes the place of the old one in one step when it is whole; a build that fails or is
    killed leaves the old one as it was. Reports that have not changed are not read again. A file
    `sources.toml` in a folder may give title, kind, region and year of its reports.
    """
    if release is None:
        run(sources, graph, workers, corrected)
    elif sources or corrected:
        raise click.UsageError("--from-dump takes the graph as it is: give no SOURCES, no --corrections")
    else:
        err().print(f"{graph}: {build_from_dump(release, graph).quads:,} triples")


def run(
    sources: tuple[Path, ...], graph: Path, workers: int | None = None, corrected: Path | None = None
) -> Built:
    """Builds with a progress bar on a terminal and one line a report otherwise."""
    console = err()
    columns = (TextColumn("reading reports"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("reading")

        def on_start(total: int) -> None:
            progress.update(task, total=total)

        def on_reading(reading: Reading) -> None:
            progress.advance(task)
            progress.console.print(_line(reading))

        built = build_graph(
            sources, graph, workers=workers, corrected=corrected, on_start=on_start, on_reading=on_reading
        )
    reports = len(built.readings)
    console.print(f"{graph}: {reports} report{'' if reports == 1 else 's'}, {built.quads:,} triples")
    return built


def _line(reading: Reading) -> str:
    counts = reading.counts
    line = (
        f"{reading.slug}: {counts['statementCount']} statements, {counts['projectCount']} projects, "
        f"{counts['measureCount']} measures; {counts['numbersSeen']} numbers seen, "
        f"{counts['numbersExplained']} explained, {counts['numbersUnexplained']} not"
    )
    warnings = "".join(f"\n  warning: {warning}" for warning in reading.warnings)
    return line + (" (unchanged)" if reading.cached else "") + warnings
