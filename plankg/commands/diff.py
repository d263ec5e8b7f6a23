"""``plankg diff``: two graphs or releases -> what changed."""

from pathlib import Path

import click

from plankg.release.diff import as_counts, as_json, as_text, diff

#: Exit status for ``--exit-code`` when there are differences; 1 and 2 are taken by errors and wrong usage.
DIFFERENT = 3
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command(epilog="Example: plankg diff 2026.10 2026.11 --format json > changes.json")
@click.argument("old", type=_FOLDER)
@click.argument("new", type=_FOLDER)
@click.option(
    "--format", "format", type=click.Choice(["text", "json", "counts"]), default="text", show_default=True
)
@click.option("--exit-code", is_flag=True, help=f"Exit with status {DIFFERENT} when there are differences.")
def command(old: Path, new: Path, format: str, exit_code: bool) -> None:
    """Tell what was added, changed, moved and removed between OLD and NEW, each the folder of a built graph
    or of a release.

    A statement is the same one when it stands at the same place of the same report, or else when its report,
    role, indicator, region and period are the same.
    """
    difference = diff(old, new)
    if format == "json":
        click.echo(as_json(difference))
    else:
        for line in as_text(difference) if format == "text" else as_counts(difference):
            click.echo(line)
    if exit_code and difference.changes:
        click.get_current_context().exit(DIFFERENT)
