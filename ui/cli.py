"""The command line: `pullquote`.

Exit status as with grep: 0 answered, 1 the library does not say, 2 a mistake, told in one sentence on standard error.
"""

from __future__ import annotations

import sqlite3
import sys

import typer
from pydantic import ValidationError
from typer.exceptions import TyperException

from corpus.backup import BackupNotWritten, NotABackup, NotEmpty
from corpus.database import LibraryBusy, NotALibrary
from corpus.emptied import Emptied
from corpus.feed import UnreadableFeed
from corpus.feedback import BadJudgement
from corpus.fetch import FetchFailed
from corpus.store import NoSuchArticle
from eval.build import NoFeedback
from eval.evaluate import BadMode
from eval.gate import BaselineMissing, LoweredFloor
from eval.jsonl import BadTarget
from eval.run import BadRun
from eval.sets import BadSet
from eval.writing import AlreadyThere
from index.cluster import NoCluster, RayMissing, WorkFailed
from index.encoder import UnknownEncoder
from index.filters import BadFilter
from index.manifest import StaleIndex
from index.milvus_errors import ForeignCollection, MilvusFailed, MilvusMissing
from index.portion import Unfit
from index.repair import BeyondRepair
from index.staging import Overtaken
from rag.api.guard import TokenNeeded
from rag.cite import BrokenQuote
from rag.locate import BadQuote
from rag.pipeline import BadQuestion
from rag.read import UnknownReader
from ui.ask_commands import ask, locate, search, serve
from ui.care_commands import backup, restore, verify
from ui.console import err
from ui.eval_commands import commands as eval_commands
from ui.feedback_commands import feedback
from ui.library_commands import add, listed, remove, show, status
from ui.mcp_command import mcp
from ui.mistake import Mistake
from ui.reindex_command import reindex
from ui.sync_command import sync

_MISTAKES = (
    Mistake,
    AlreadyThere,
    BackupNotWritten,
    BadFilter,
    BadJudgement,
    BadMode,
    BadQuestion,
    BadQuote,
    BadRun,
    BadSet,
    BadTarget,
    BaselineMissing,
    BeyondRepair,
    BrokenQuote,
    Emptied,
    FetchFailed,
    ForeignCollection,
    LibraryBusy,
    LoweredFloor,
    MilvusFailed,
    MilvusMissing,
    NoCluster,
    NoFeedback,
    NoSuchArticle,
    NotABackup,
    NotALibrary,
    Overtaken,
    NotEmpty,
    RayMissing,
    StaleIndex,
    TokenNeeded,
    Unfit,
    UnknownEncoder,
    UnknownReader,
    UnreadableFeed,
    WorkFailed,
)


_INTERRUPTED = 130  # what typer returns for Ctrl-C


def create_cli() -> typer.Typer:
    """The commands of the contract."""
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
    except _MISTAKES as mistake:
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
            err().print("Stopped; what was written is kept, and the same command goes on from there.", markup=False)
        sys.exit(status if isinstance(status, int) else 0)


def _usage_sentence(usage: TyperException) -> str:
    """What is wrong with the command as typed; the whole help where nothing was typed."""
    said = (usage.format_message() or str(usage)).strip()
    return said if "\n" in said else f"{said.rstrip('.')}; `pullquote --help` shows what can be asked for."


def _setting_sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    name = "_".join(str(part) for part in first["loc"])
    return f"The setting {name!r} cannot be taken: {first['msg']}; mend PULLQUOTE_{name.upper()} or settings.toml."


def _stop(sentence: str) -> None:
    err().print(sentence, markup=False)
    sys.exit(2)
