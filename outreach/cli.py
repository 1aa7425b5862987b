"""The ``outreach`` command. What needs no application starts without one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from outreach.core.errors import OutreachError
from outreach.proof import commands as _proof  # noqa: F401 - adds its own to elections
from outreach.rulesets.commands import elections


class Commands(click.Group):
    """Knows the commands of ``outreach.commands`` without loading them until they are asked for.

    Shows an error of ours as one line and ends with 2.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted({*super().list_commands(ctx), *_rest().commands})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name."""
        return super().get_command(ctx, cmd_name) or _rest().commands.get(cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except OutreachError as error:
            click.echo(f"outreach: {error.sentence()}", err=True)
            ctx.exit(2)
        except _database_errors() as error:
            why = str(getattr(error, "orig", error)).strip().partition("\n")[0]
            click.echo(f"outreach: the database cannot be used: {why}", err=True)
            ctx.exit(2)


def _rest() -> click.Group:
    from outreach.commands import rest  # noqa: PLC0415 - the whole application

    return rest


def _database_errors() -> tuple[type[Exception], ...]:
    """What only a command can raise that has loaded the database."""
    known = sys.modules.get("sqlalchemy.exc")
    return (known.OperationalError,) if known else ()


@click.group(cls=Commands)
def main() -> None:
    """Plan and carry out outreach visits."""


main.add_command(elections)


@elections.command()
@click.argument("election")
@click.option("-o", "target", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--organisation", default="", help="its name, if there are several")
def export(election: str, target: Path, organisation: str) -> None:
    """Write an election as a bundle that anybody may verify; it names nobody."""
    from outreach.commands import bundle_of  # noqa: PLC0415 - the whole application

    target.write_text(bundle_of(election, organisation), encoding="utf-8")
    click.echo(f"{target}: outreach elections verify {target}")


if __name__ == "__main__":
    main()
