"""The command line: `pullquote`.

Exit status as with grep: 0 answered, 1 the library does not say, 2 a mistake, told in one sentence on standard error.
"""

from __future__ import annotations

import sqlite3
import sys

import typer
from pydantic import ValidationError
from typer.exceptions import TyperException

from corpus.errors import PullquoteError
from ui.commands.ask import ask, locate, search, serve
from ui.commands.evaluate import commands as eval_commands
from ui.commands.feedback import feedback
from ui.commands.library import add, listed, remove, show, status
from ui.commands.maintenance import backup, restore, verify
from ui.commands.mcp import mcp
from ui.commands.reindex import reindex
from ui.commands.sync import sync
from ui.console import err

_INTERRUPTED = 130  # what typer returns for Ctrl-C


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
    cli.command("verify")(verify)
    cli.command("backup")(backup)
    cli.command("restore")(restore)
    cli.add_typer(eval_commands(), name="eval")
    return cli


def main() -> None:
    """Runs a command; a mistake becomes one sentence and exit status 2."""
    try:
        status = create_cli()(standalone_mode=False)
    except PullquoteError as mistake:
        _stop(str(mistake))
    except TyperException as usage:
        _stop(_usage_sentence(usage))
    except ValidationError as error:
        _stop(_setting_sentence(error))
    except sqlite3.OperationalError as error:
        _stop(f"The library could not be written or read ({error}); check the disk and the folder in PULLQUOTE_HOME.")
    except sqlite3.DatabaseError as error:
        _stop(f"The library file is damaged ({error}); `pullquote verify` says where, and what to do.")
    except OSError as error:
        _stop(f"A file could not be used ({error}); check that it exists and may be read and written.")
    else:
        if status == _INTERRUPTED:
            err().print("Stopped; what was written is kept, and the same command goes on from there.")
        sys.exit(status if isinstance(status, int) else 0)


def _usage_sentence(usage: TyperException) -> str:
    """What is wrong with the command as typed; the whole help where nothing was typed."""
    message = (usage.format_message() or str(usage)).strip()
    return message if "\n" in message else f"{message.rstrip('.')}; `pullquote --help` shows what can be asked for."


def _setting_sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    name = "_".join(str(part) for part in first["loc"])
    return f"The setting {name!r} cannot be taken: {first['msg']}; mend PULLQUOTE_{name.upper()} or settings.toml."


def _stop(sentence: str) -> None:
    err().print(sentence)
    sys.exit(2)
