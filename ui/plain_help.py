"""Groups of commands whose help is plain text, as wide as the terminal."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

_LEAST_WIDTH = 20  # characters; a narrower terminal breaks the lines itself
_LONGEST = 10_000  # characters of a command's first sentence

# Classes of a private module of typer.
Context = Any
Formatter = Any

Commands = Mapping[str, Callable[..., None]]  # by their names


class PlainCommand(TyperCommand):
    """A command that shows its parameters as they are typed: `--json`, `--passages N`, `PATH|URL...`."""

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        arguments = (one for one in self.get_params(ctx) if isinstance(one, TyperArgument))
        return ["[OPTIONS]", *(one.display_name_raw for one in arguments)]

    def format_options(self, ctx: Context, formatter: Formatter) -> None:
        arguments = (one for one in self.get_params(ctx) if isinstance(one, TyperArgument))
        _write(formatter, "Arguments", ((one.display_name_raw, one.help) for one in arguments if one.help))
        _write(formatter, "Options", _options(self, ctx))


class PlainGroup(TyperGroup):
    """A group that lists its commands, each with the first sentence of its help."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        if not args and not ctx.resilient_parsing:
            typer.echo(ctx.get_help())
            ctx.fail("Name a command")
        return super().parse_args(ctx, args)

    def format_options(self, ctx: Context, formatter: Formatter) -> None:
        _write(formatter, "Options", _options(self, ctx))
        commands = ((name, one.get_short_help_str(_LONGEST)) for name, one in self.commands.items())
        _write(formatter, "Commands", commands)


def group_of(commands: Commands, described: str) -> typer.Typer:
    """A group of these commands, all with `-h` beside `--help`."""
    group = typer.Typer(
        cls=PlainGroup,
        help=described,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={
            "help_option_names": ["-h", "--help"],
            "terminal_width": max(shutil.get_terminal_size().columns, _LEAST_WIDTH),
        },
    )
    for name, command in commands.items():
        group.command(name, cls=PlainCommand)(command)
    return group


def _options(command: TyperCommand | TyperGroup, ctx: Context) -> Iterator[tuple[str, str]]:
    for one in command.get_params(ctx):
        record = one.get_help_record(ctx) if isinstance(one, TyperOption) else None
        if isinstance(one, TyperOption) and record:
            yield record[0] if one.is_flag else f"{', '.join(one.opts)} {_value(one)}", record[1]


def _value(option: TyperOption) -> str:
    """What stands for an option's value: its metavar, all that it may be, N for a number, or the option's name."""
    described = option.type_descriptor
    if option.metavar or described.choices:
        return option.metavar or "|".join(map(str, described.choices or ()))
    return "N" if described.annotation in {int, float} else option.name.upper()


def _write(formatter: Formatter, heading: str, rows: Iterable[tuple[str, str]]) -> None:
    if listed := list(rows):
        with formatter.section(heading):
            formatter.write_dl(listed, col_max=min(30, formatter.width * 2 // 5))
