"""Commands that ask the library: ask, search, serve."""

from __future__ import annotations

from typing import Annotated

import typer

from corpus.load import files_under
from eval.ask import SAMPLE_ARTICLES
from index.search import Mode
from rag.assemble import assemble, open_encoder, open_library, open_reader
from rag.pipeline import Pipeline, checked
from rag.settings import Settings
from ui.console import notice, out, print_json, print_passage, print_reply
from ui.library_commands import AsJson, add_all


def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION")],
    passages: Annotated[int | None, typer.Option(min=1, max=100, help="How many passages are read.")] = None,
    threshold: Annotated[float | None, typer.Option(min=0, max=1, help="The confidence an answer needs.")] = None,
    as_json: AsJson = False,
) -> None:
    """Ask a question; the answer is a quote with its place, or the library does not say (exit status 1)."""
    checked(question)
    settings = Settings()
    pipeline = _pipeline(settings)
    asked_threshold = settings.threshold if threshold is None else threshold
    reply = pipeline.ask(question, passages or settings.passages, asked_threshold)
    print_json(reply) if as_json else print_reply(reply)
    if reply.abstained:
        raise typer.Exit(1)


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY")],
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many passages come back.")] = 10,
    mode: Annotated[Mode, typer.Option(help="By meaning, by words, or both fused.")] = "fused",
    as_json: AsJson = False,
) -> None:
    """Search for passages; exit status 1 where there are none."""
    checked(query)
    hits = _pipeline(Settings()).search(query, k, mode)
    if as_json:
        print_json({"query": query, "mode": mode, "hits": hits})
    else:
        for hit in hits:
            print_passage(out(), hit)
    if not hits:
        notice("No passage holds a word of the query.")
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
        entries = add_all(files_under(SAMPLE_ARTICLES), library, encoder)
        notice(f"Added {len(entries)} sample articles to {settings.library_path}.")
    run_server(
        assemble(library, encoder, open_reader(settings, encoder)),
        settings,
        lambda url: notice(f"Pullquote answers at {url} (Ctrl-C stops it)."),
    )


def _pipeline(settings: Settings) -> Pipeline:
    encoder = open_encoder(settings, notice)
    return assemble(open_library(settings), encoder, open_reader(settings, encoder))
