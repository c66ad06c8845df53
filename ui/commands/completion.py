"""The command that has a shell complete what is typed: completion."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from typing import Annotated, Literal

import typer
from typer.completion import shell_complete

from ui.streams import write

VARIABLE = "_PULLQUOTE_COMPLETE"  # of the environment: with it, a shell asks `pullquote` how a line can go on


def completion(
    context: typer.Context,
    shell: Annotated[Literal["bash", "zsh", "fish"], typer.Argument(metavar="bash|zsh|fish", help="Your shell.")],
) -> None:
    """Print the script by which a shell completes `pullquote`, its commands, options and their values.

    bash: save it as ~/.local/share/bash-completion/completions/pullquote, or
    source it from ~/.bashrc.

    zsh: save it as _pullquote in a folder of your $fpath.

    fish: save it as ~/.config/fish/completions/pullquote.fish.
    """
    root = context.find_root()
    script = io.StringIO()
    with redirect_stdout(script):
        shell_complete(root.command, {}, root.info_name or "", VARIABLE, f"source_{shell}")
    write(f"{script.getvalue().strip()}\n")
