"""The commands of `pullquote` under their names."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer
from typer.completion import get_completion_inspect_parameters

from ui.commands.ask import ask, search, serve
from ui.commands.completion import completion
from ui.commands.evaluate import commands as eval_commands
from ui.commands.feedback import feedback
from ui.commands.judgements import commands as judgements_commands
from ui.commands.library import add, listed, remove, show, status
from ui.commands.located import check, locate
from ui.commands.maintenance import backup, restore, verify
from ui.commands.mcp import mcp
from ui.commands.reindex import reindex
from ui.commands.sync import sync
from ui.plain_help import Commands, group_of

_HELP = "Ask your articles a question; get the quote, and the place where it stands."
_COMMANDS: Commands = {
    "add": add, "sync": sync, "remove": remove, "reindex": reindex, "list": listed, "show": show, "ask": ask,
    "search": search, "locate": locate, "check": check, "serve": serve, "mcp": mcp, "status": status,
    "feedback": feedback, "verify": verify, "backup": backup, "restore": restore, "completion": completion,
}  # fmt: skip


def create_cli() -> typer.Typer:
    get_completion_inspect_parameters()  # makes the shells known to typer, so that lines can be completed
    cli = group_of(_COMMANDS, _HELP)
    cli.add_typer(judgements_commands(), name="judgements")
    cli.add_typer(eval_commands(), name="eval")
    cli.callback()(_common)
    return cli


def _print_version(context: typer.Context, is_asked_for: bool) -> None:
    if is_asked_for and not context.resilient_parsing:
        typer.echo(f"pullquote {version('pullquote')}")
        raise typer.Exit


def _common(
    _: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Takes the options that need no command."""
