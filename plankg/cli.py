"""The ``plankg`` command. A new subcommand is a click command whose place is named in :data:`COMMANDS`."""

import sys
from importlib import import_module
from typing import Final

import click

from loaders.errors import PlankgError
from plankg import __version__

#: Subcommand -> the module and the name of its click command, loaded when it is called.
COMMANDS: Final = {
    "extract": "plankg.commands.extract:command",
    "build": "plankg.commands.build:command",
    "queries": "plankg.commands.queries:command",
    "query": "plankg.commands.query:command",
    "serve": "plankg.commands.serve:command",
    "dump": "plankg.commands.dump:command",
    "diff": "plankg.commands.diff:command",
    "publish": "plankg.commands.publish:command",
    "export": "plankg.commands.export:command",
    "check": "plankg.check:check",
    "link": "plankg.commands.link:command",
}


class _Commands(click.Group):
    """Loads a subcommand's module when it is asked for, so that `plankg --help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=_Commands, epilog="Example: plankg query who-targeted --param year=2023 --param value=5")
@click.version_option(__version__, prog_name="plankg")
def plankg() -> None:
    """Chinese local-government plan and work reports as a knowledge graph that answers SPARQL."""


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; returns its exit status: 0, 1 for an error, 2 for wrong usage, or its own."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Chinese text on a console with another code page
            stream.reconfigure(encoding="utf-8")
    try:
        status = plankg.main(args=arguments, prog_name="plankg", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("interrupted", err=True)
        return 130
    except PlankgError as error:
        for line in str(error).splitlines():
            click.echo(f"Error: {line}", err=True)
        return 1
    except BrokenPipeError:  # the reader of a pipe, such as `head`, has gone
        sys.stderr.close()
        return 0
    return status if isinstance(status, int) else 0  # a number when a command exits with a status of its own


if __name__ == "__main__":
    sys.exit(main())
