"""The commands of `pullquote` under their names."""

from __future__ import annotations

import typer

from ui.commands.ask import ask, locate, search, serve
from ui.commands.evaluate import commands as eval_commands
from ui.commands.feedback import feedback
from ui.commands.judgements import commands as judgements_commands
from ui.commands.library import add, listed, remove, show, status
from ui.commands.maintenance import backup, restore, verify
from ui.commands.mcp import mcp
from ui.commands.reindex import reindex
from ui.commands.sync import sync


def create_cli() -> typer.Typer:
    cli = typer.Typer(
        help="Ask your articles a question; get the quote, and the place where it stands.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    cli.command("add")(add)
    cli.command("sync")(sync)
    cli.command("remove")(remove)
    cli.command("reindex")(reindex)
    cli.command("list")(listed)
    cli.command("show")(show)
    cli.command("ask")(ask)
    cli.command("search")(search)
    cli.command("locate")(locate)
    cli.command("serve")(serve)
    cli.command("mcp")(mcp)
    cli.command("status")(status)
    cli.command("feedback")(feedback)
    cli.add_typer(judgements_commands(), name="judgements")
    cli.command("verify")(verify)
    cli.command("backup")(backup)
    cli.command("restore")(restore)
    cli.add_typer(eval_commands(), name="eval")
    return cli
