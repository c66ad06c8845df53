"""What the command line says of an error: one sentence that ends in what to do."""

from __future__ import annotations

import sqlite3

from pydantic import ValidationError
from typer.exceptions import TyperException

from ui.unforeseen import sentence_of_unforeseen


def sentence_of(error: Exception) -> str:
    """The sentence for any error; that of one which is not foreseen names it."""
    match error:
        case TyperException():
            sentence = _usage_sentence(error)
        case ValidationError():
            sentence = _setting_sentence(error)
        case sqlite3.OperationalError():
            sentence = (
                f"The library could not be written or read ({error}); check the disk and the folder in PULLQUOTE_HOME."
            )
        case sqlite3.DatabaseError():
            sentence = f"The library file is damaged ({error}); `pullquote verify` says where, and what to do."
        case _:
            sentence = sentence_of_unforeseen(error)
    return sentence


def _usage_sentence(usage: TyperException) -> str:
    """What is wrong with the command as typed."""
    message = (usage.format_message() or str(usage)).strip().replace("Value error, ", "", 1)
    return message if "\n" in message else f"{message.rstrip('.')}; `pullquote --help` shows what can be asked for."


def _setting_sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    name = "_".join(str(part) for part in first["loc"])
    return f"The setting {name!r} cannot be taken: {first['msg']}; mend PULLQUOTE_{name.upper()} or settings.toml."
