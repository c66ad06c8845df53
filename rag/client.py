"""The Python client of an answer service: the dataclasses of the pipeline, over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from time import sleep
from types import TracebackType
from typing import IO, Any, Self, Unpack

import httpx

from corpus.library.feedback import Judgement, Verdict
from corpus.library.store import ArticleHeader
from corpus.regular_file import open_regular
from index.filters import Filter
from index.ingest import Entry
from rag.answer import Excerpt, Related, Reply
from rag.api.fields import MOST_QUESTIONS
from rag.api.jobs import Job
from rag.citation.article_view import ShownArticle
from rag.citation.formats import Format
from rag.connection import Connection, NotThere, ServiceBusy, ServiceError, Unreachable, as_json, path_of, read_as
from rag.conversation.earlier import Earlier
from rag.draft.checked_draft import CheckedDraft
from rag.judgements.answer_of_quote import answer_of
from rag.locate.locate import Located
from rag.options import AskKeywords, Ranking
from rag.verify_quotes import Misquoted, check

__all__ = ["JobEnded", "Misquoted", "NotThere", "Pullquote", "ServiceBusy", "ServiceError", "Unreachable"]

_PASSAGES_AT_ONCE, _USUAL_PASSAGES = 1_000, 10  # read for one request, about ten seconds of work
_PAGE = 1_000  # articles listed in one request
_FIRST_LOOK, _LATER, _SELDOMEST = 0.05, 1.5, 1.0  # seconds between looks at a job, how much longer each, at most

Source = Path | tuple[str, bytes] | str


class JobEnded(ServiceError):
    """The service did not do the whole job; see the `job` for what it has done, and add the others again."""

    def __init__(self, job: Job) -> None:
        why = job.detail or f"The job was {job.status} before it was done."
        super().__init__(f"{why} {job.read:,} of {job.sources:,} sources were read; add the others again.")
        self.job = job


@dataclass(frozen=True, slots=True)
class ServiceHealth:
    """How much the service's library holds, and its generation, which every change raises."""

    articles: int
    passages: int
    generation: int


@dataclass(frozen=True, slots=True)
class _Replies:
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class _Hits:
    hits: tuple[Related, ...]


@dataclass(frozen=True, slots=True)
class _Passages:
    passages: tuple[Related, ...]


@dataclass(frozen=True, slots=True)
class _Page:
    total: int
    articles: tuple[ArticleHeader, ...]


class Pullquote:
    """A library behind an answer service. Every method raises ServiceError; may be shared between threads."""

    def __init__(
        self,
        address: str = "http://127.0.0.1:8000",
        token: str | None = None,
        *,
        patience: float = 30,
        timeout: float = 60,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """`patience`: seconds in which a busy service is asked again, when it says so; 0 for never.

        `timeout`: seconds that the service may be silent. A `transport` of httpx takes the place of the network.
        """
        self._service = Connection(address, token, patience, timeout, transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._service.close()

    def ask(
        self, question: str, *, earlier: Sequence[Earlier] = (), verify: bool = False, **options: Unpack[AskKeywords]
    ) -> Reply:
        """The answers, each with its quotes, or an abstention with its reason; with `verify`, Misquoted."""
        body = {"question": question, **_fields(options), "earlier": [asdict(turn) for turn in earlier]}
        reply = self._service.call(Reply, "POST", "/v1/answer", **as_json(body))
        if verify:
            self.verify(reply)
        return reply

    def ask_all(self, questions: Iterable[str], **options: Unpack[AskKeywords]) -> list[Reply]:
        """The replies to any number of questions, in their order: those that `ask` gives, in less time."""
        all_questions, fields = list(questions), _fields(options)
        replies: list[Reply] = []
        batch = min(MOST_QUESTIONS, max(1, _PASSAGES_AT_ONCE // (options.get("passages") or _USUAL_PASSAGES)))
        for first in range(0, len(all_questions), batch):
            body = {"questions": all_questions[first : first + batch], **fields}
            try:
                replies += self._service.call(_Replies, "POST", "/v1/answers", **as_json(body)).replies
            except ServiceError as error:
                error.add_note(f"The {first:,} questions before were replied to; the service counts from there.")
                raise
        return replies

    def ask_in_steps(self, question: str, **options: Unpack[AskKeywords]) -> Iterator[tuple[Related, ...] | Reply]:
        """The passages that were found, as soon as they are; then the reply."""
        reply: dict[str, Any] = {}
        body = {"question": question, "stream": True, **_fields(options)}
        for event in self._service.events("/v1/answer", body):
            if event.event == "passages":
                yield read_as(_Passages, event.data).passages
            elif event.event in {"answer", "related"}:
                reply |= read_as(dict[str, Any], event.data)
        if "related" not in reply:
            raise Unreachable("The service ended before it had answered; ask again.")
        yield read_as(Reply, as_json(reply)["content"])

    def verify(self, reply: Reply) -> None:
        """Raises Misquoted where words of the reply do not stand in the service's articles at their offsets.

        One request for each article.
        """
        check(reply, self._text)

    def search(
        self, query: str, k: int = 10, mode: Ranking = "fused", only: Filter | None = None, newest_first: bool = False
    ) -> tuple[Related, ...]:
        """The `k` best passages for a query, best first; they are not answers."""
        body = {"query": query, "k": k, "mode": mode, "filter": _filter(only), "newest_first": newest_first}
        return self._service.call(_Hits, "POST", "/v1/search", **as_json(body)).hits

    def locate(self, quote: str, most: int = 10) -> Located:
        """At most `most` places of these very words, or else the nearest places, marked as such."""
        return self._service.call(Located, "POST", "/v1/quotes/locate", **as_json({"quote": quote, "most": most}))

    def check_draft(self, draft: str, *, short: bool = False, most: int = 10) -> CheckedDraft:
        """The verdict on each quotation of a text or Markdown, with at most `most` places; short ones if asked."""
        body = {"draft": draft, "short": short, "most": most}
        return self._service.call(CheckedDraft, "POST", "/v1/drafts/check", **as_json(body))

    def articles(self, only: Filter | None = None) -> Iterator[ArticleHeader]:
        """The articles that pass the filter, by title; requested page by page.

        Where the library changes meanwhile, an article may come twice, or not at all.
        """
        offset, total = 0, 1
        while offset < total:
            params = {**_filter(only), "limit": _PAGE, "offset": offset}
            page = self._service.call(_Page, "GET", "/v1/articles", params=params)
            yield from page.articles
            offset, total = offset + len(page.articles), page.total if page.articles else 0

    def article(self, article_id: str) -> ShownArticle:
        """One article with its text, in which every quote's `start` and `end` count; NotThere."""
        return self._service.call(ShownArticle, "GET", path_of(article_id))

    def view_url(self, quote: Excerpt) -> str:
        """The address of the service's page of the article, at the quote; a browser opens it."""
        return f"{self._service.address}{path_of(quote.article_id)}/view?start={quote.start}&end={quote.end}#quoted"

    def citation(self, quote: Excerpt, style: Format) -> str:
        """The quote as a citation, as a file of this format holds it; `w3c` and `csl-json` are JSON."""
        params = {"start": quote.start, "end": quote.end, "format": style}
        return self._service.content("GET", f"{path_of(quote.article_id)}/citation", params=params).decode()

    def add(self, *sources: Source, progress: Callable[[Job], None] | None = None) -> tuple[Entry, ...]:
        """The entries of files and web pages (addresses as `str`), once the service has added or refused them.

        A file is known by its name, without folders: added again, it replaces the one before. `progress` is called with
        the job whenever it has changed. The job counts all entries; the first 1,000 come back. JobEnded.
        """
        if not sources:
            return ()
        urls = [source for source in sources if isinstance(source, str)]
        with ExitStack() as opened:
            files = [("file", _opened(source, opened)) for source in sources if not isinstance(source, str)]
            job = self._service.call(Job, "POST", "/v1/articles", once=True, files=files, data={"url": urls})
        return self._finished(job, progress or (lambda _: None)).entries

    def job(self, job_id: str) -> Job:
        """A job with its progress; NotThere."""
        return self._service.call(Job, "GET", path_of(job_id, "jobs"))

    def jobs(self) -> tuple[Job, ...]:
        """The jobs of the service, the latest first."""
        return self._service.call(tuple[Job, ...], "GET", "/v1/jobs")

    def cancel(self, job_id: str) -> Job:
        """The job, which will end soon; articles that it has added stay. NotThere."""
        return self._service.call(Job, "DELETE", path_of(job_id, "jobs"))

    def remove(self, article_id: str) -> ArticleHeader:
        """The article that was removed; its source does not add it again until it changes. NotThere."""
        return self._service.call(ArticleHeader, "DELETE", path_of(article_id), once=True)

    def restore(self, article_id: str) -> ArticleHeader:
        """The article that `remove` took out lately, restored under its id. NotThere."""
        return self._service.call(ArticleHeader, "POST", f"{path_of(article_id)}/restore", once=True)

    def feedback(
        self, question: str, verdict: Verdict, quote: Excerpt | None = None, reply: Reply | None = None
    ) -> Judgement:
        """The judgement as the library keeps it: a quote is `right`, `wrong`, or `better` than what was quoted.

        `nothing`, that nothing answers, takes no quote. With the reply that the quote is of, the confidence is kept
        from which `pullquote eval calibrate` fits a threshold. BadJudgement.
        """
        place = (quote.article_id, quote.start, quote.end, quote.text) if quote else ()
        body = asdict(Judgement(question, verdict, *place))
        del body["judged"]
        if reply and quote and (answer := answer_of(quote, reply)):
            body |= asdict(answer)
        return self._service.call(Judgement, "POST", "/v1/feedback", **as_json(body))

    def health(self) -> ServiceHealth:
        """The size of the service's library; raises where the service is down."""
        return self._service.call(ServiceHealth, "GET", "/health")

    def ready(self) -> bool:
        """Whether the service can answer now."""
        try:
            self._service.content("GET", "/health/ready", once=True)
        except ServiceBusy:
            return False
        return True

    def metrics(self) -> str:
        """The service's metrics in Prometheus' text format."""
        return self._service.content("GET", "/metrics").decode()

    def _finished(self, job: Job, progress: Callable[[Job], None]) -> Job:
        """The job once it is done; JobEnded where it ended otherwise."""
        progress(job)
        wait = _FIRST_LOOK
        while not job.finished:
            sleep(wait)
            wait = min(wait * _LATER, _SELDOMEST)
            before, job = job, self.job(job.id)
            if job != before:
                progress(job)
        if job.status != "done":
            raise JobEnded(job)
        return job

    def _text(self, article_id: str) -> str:
        """The article's text, empty where there is none."""
        try:
            return self.article(article_id).text
        except NotThere:
            return ""


def _fields(options: AskKeywords) -> dict[str, object]:
    """The options as fields of a request body; TypeError for an unknown one."""
    if unknown := sorted(options.keys() - AskKeywords.__annotations__.keys()):
        raise TypeError(f"nothing is asked with {unknown[0]!r}, only with {', '.join(AskKeywords.__annotations__)}")
    return {name: value for name, value in options.items() if name != "only"} | {"filter": _filter(options.get("only"))}


def _filter(only: Filter | None) -> dict[str, Any]:
    """The fields of a filter that are set."""
    return {name: value for name, value in asdict(only).items() if value} if only else {}


def _opened(source: Path | tuple[str, bytes], opened: ExitStack) -> tuple[str, IO[bytes] | bytes]:
    """The name of a file, as UTF-8 can hold it, and its content."""
    name, content = source if isinstance(source, tuple) else (source.name, opened.enter_context(open_regular(source)))
    return name.encode("utf-8", "replace").decode(), content
