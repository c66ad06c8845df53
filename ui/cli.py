"""The command line: `pullquote`.

Exit status as with grep: 0 answered, 1 the library does not say, 2 a mistake, told in one sentence on standard error.
No library is imported with this module, so that an import that fails is told in a sentence too.
"""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import suppress

from corpus.address_space import LEAST_FOR_COMMANDS, check_address_space
from ui.streams import flush, prepare_streams, settle
from ui.unforeseen import sentence_of_unforeseen

_MISTAKE = 2
_INTERRUPTED = 130  # what typer returns for Ctrl-C


def main() -> None:
    """Runs a command; whatever goes wrong becomes one sentence and exit status 2."""
    try:
        prepare_streams()
        check_address_space(LEAST_FOR_COMMANDS)
        status = _run()
        flush()
    except KeyboardInterrupt:
        status = _INTERRUPTED
    except SystemExit as stopped:  # raised by a library; 1 by typer when the reader of its help has gone
        status = 0 if stopped.code in {None, 0, 1} else _MISTAKE
    except Exception as error:  # noqa: BLE001 - here exceptions become messages
        status = _told(error)
    if status == _INTERRUPTED:
        _print("Stopped; what was written is kept, and the same command goes on from there.")
    settle(sys.stderr)
    sys.exit(status)


def _run() -> int:
    """The exit status of the command that was typed."""
    from ui.commands.completion import VARIABLE
    from ui.commands.tree import create_cli

    try:
        status = create_cli()(standalone_mode=False, prog_name="pullquote", complete_var=VARIABLE)
    except SystemExit as stopped:
        if VARIABLE not in os.environ:
            raise
        status = stopped.code  # 1 where there is nothing to complete: fish then offers files
    return status if isinstance(status, int) else 0


def _told(error: Exception) -> int:
    """Prints the sentence for an error, behind its trace where that is asked for; exit status 2."""
    try:
        from ui.error_sentences import sentence_of

        sentence = sentence_of(error)
    except Exception:  # noqa: BLE001 - a module for it may be what cannot be imported
        sentence = sentence_of_unforeseen(error)
    if _is_debugging():
        _print("".join(traceback.format_exception(error)))
    _print(sentence)
    settle(sys.stdout)
    return _MISTAKE


def _is_debugging() -> bool:
    with suppress(Exception):
        from rag.settings import Settings

        return Settings().debug
    return bool(os.environ.get("PULLQUOTE_DEBUG"))


def _print(text: str) -> None:
    """Prints on standard error, where that is possible."""
    with suppress(OSError):
        try:
            from ui.console import err
        except Exception:  # noqa: BLE001 - as above
            sys.stderr.write(f"{text}\n")
        else:
            err().print(text)
