"""Commands that ask the library: ask, search, serve."""

from __future__ import annotations

from typing import Annotated

import typer

from corpus.sample import SAMPLE
from corpus.sync.folder import files_under
from index.filters import Filter
from rag.assemble import assemble, open_encoder, open_library, open_reader
from rag.citation.formats import Format
from rag.options import AskOptions, Ranking
from rag.pipeline import Pipeline
from rag.question import checked
from rag.settings import Settings
from ui.commands.library import AsJson, add_all
from ui.console import Marking, notice, out, print_json, print_passage, print_reply
from ui.mistake import Mistake

_SINCE = "Published on this day, month or year, or later."
_UNTIL = "Published on this day, month or year, or earlier."
_OUTLET = "The outlet, by its whole name; repeat it for any of several."
_AUTHOR = "One of the authors, by the whole name; repeat it for any of several."
_LANGUAGE = "The language, as en or fr; repeat it for any of several."
_ARTICLE = "The article with this id; repeat it for any of several."
_MODE = "By meaning, by words, both fused, or the fused best by how well they answer (which takes longer)."
_CITE = "Give each quote as a citation in this format as well."
_FORMAT = "Mark the words that answer as [[…]], or not at all; unless told, they are bold on a terminal, else marked."
_NEWEST = "Show what is about equally good newest first."


def ask(  # noqa: PLR0913, PLR0917 - the options of the contract
    question: Annotated[str, typer.Argument(metavar="QUESTION")],
    passages: Annotated[int | None, typer.Option(min=1, max=100, help="How many passages are read.")] = None,
    threshold: Annotated[float | None, typer.Option(min=0, max=1, help="The confidence an answer needs.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help=_SINCE)] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help=_UNTIL)] = None,
    outlet: Annotated[list[str] | None, typer.Option(metavar="NAME", help=_OUTLET)] = None,
    author: Annotated[list[str] | None, typer.Option(metavar="NAME", help=_AUTHOR)] = None,
    language: Annotated[list[str] | None, typer.Option(metavar="CODE", help=_LANGUAGE)] = None,
    article: Annotated[list[str] | None, typer.Option(metavar="ID", help=_ARTICLE)] = None,
    newest_first: Annotated[bool, typer.Option("--newest-first", help=_NEWEST)] = False,
    cite: Annotated[Format | None, typer.Option(help=_CITE)] = None,
    marking: Annotated[Marking | None, typer.Option("--format", help=_FORMAT)] = None,
    as_json: AsJson = False,
) -> None:
    """Ask a question; the answer is a quote with its place, or the library does not say (exit status 1)."""
    checked(question)
    if marking and as_json:
        raise Mistake("Only one of --format and --json can be asked for; choose one.")
    settings = Settings()
    options = AskOptions(
        passages=passages or settings.passages,
        threshold=settings.threshold if threshold is None else threshold,
        filter=_filter(since, until, outlet=outlet, author=author, language=language, article=article),
        newest_first=newest_first,
        citations=(cite,) if cite else (),
    )
    reply = open_pipeline(settings).ask(question, options)
    print_json(reply) if as_json else print_reply(reply, marking)
    if reply.abstained:
        raise typer.Exit(1)


def search(  # noqa: PLR0913, PLR0917 - the options of the contract
    query: Annotated[str, typer.Argument(metavar="QUERY")],
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many passages come back.")] = 10,
    mode: Annotated[Ranking, typer.Option(help=_MODE)] = "fused",
    since: Annotated[str | None, typer.Option(metavar="DATE", help=_SINCE)] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help=_UNTIL)] = None,
    outlet: Annotated[list[str] | None, typer.Option(metavar="NAME", help=_OUTLET)] = None,
    author: Annotated[list[str] | None, typer.Option(metavar="NAME", help=_AUTHOR)] = None,
    language: Annotated[list[str] | None, typer.Option(metavar="CODE", help=_LANGUAGE)] = None,
    article: Annotated[list[str] | None, typer.Option(metavar="ID", help=_ARTICLE)] = None,
    newest_first: Annotated[bool, typer.Option("--newest-first", help=_NEWEST)] = False,
    as_json: AsJson = False,
) -> None:
    """Search for passages; exit status 1 where there are none."""
    checked(query)
    passing = _filter(since, until, outlet=outlet, author=author, language=language, article=article)
    hits = open_pipeline(Settings()).search(query, k, mode, passing, newest_first)
    if as_json:
        print_json({"query": query, "mode": mode, "hits": hits})
    else:
        for hit in hits:
            print_passage(out(), hit)
    if not hits:
        what = "No passage that passes the filter" if passing else "No passage"
        notice(f"{what} {'holds a word of the query' if mode == 'lexical' or not passing else 'is in the library'}.")
        raise typer.Exit(1)


def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="The port to listen on.")] = None,
    sample: Annotated[bool, typer.Option("--sample", help="Fill an empty library with the sample articles.")] = False,
) -> None:
    """Serve the chat and the API until Ctrl-C."""
    from ui.server import serve as run_server

    given = {name: value for name, value in {"host": host, "port": port}.items() if value is not None}
    settings = Settings(**given)  # type: ignore[arg-type]
    library, encoder = open_library(settings), open_encoder(settings, notice)
    if sample and library.counts()[0] == 0:
        entries = add_all([file.path for file in files_under(SAMPLE).files], library, encoder)
        notice(f"Added {len(entries)} sample articles to {settings.library_path}.")
    run_server(
        assemble(library, encoder, open_reader(settings, encoder), settings),
        settings,
        lambda url: notice(f"Pullquote answers at {url} (Ctrl-C stops it)."),
    )


def _filter(since: str | None, until: str | None, **named: list[str] | None) -> Filter:
    """The filter that the options name; BadFilter."""
    return Filter(since, until, **{field: tuple(values or ()) for field, values in named.items()})


def open_pipeline(settings: Settings) -> Pipeline:
    """What asks the library of these settings."""
    encoder = open_encoder(settings, notice)
    return assemble(open_library(settings), encoder, open_reader(settings, encoder), settings)
