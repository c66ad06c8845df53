"""An answer service asked from Python: the dataclasses that the pipeline gives in process, over HTTP."""

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
from index.filters import Filter
from index.ingest import Entry
from rag.answer import Excerpt, Related, Reply
from rag.api.fields import MOST_QUESTIONS
from rag.api.jobs import Job
from rag.citation.article_view import ShownArticle
from rag.citation.formats import Format
from rag.connection import Connection, NotThere, ServiceBusy, ServiceError, Unreachable, as_json, path_of, read_as
from rag.conversation.earlier import Earlier
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
        """Ends the connection."""
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
        asked, fields = list(questions), _fields(options)
        replies: list[Reply] = []
        together = min(MOST_QUESTIONS, max(1, _PASSAGES_AT_ONCE // (options.get("passages") or _USUAL_PASSAGES)))
        for first in range(0, len(asked), together):
            body = {"questions": asked[first : first + together], **fields}
            try:
                replies += self._service.call(_Replies, "POST", "/v1/answers", **as_json(body)).replies
            except ServiceError as mistake:
                mistake.add_note(f"The {first:,} questions before were replied to; the service counts from there.")
                raise
        return replies

    def ask_in_steps(self, question: str, **options: Unpack[AskKeywords]) -> Iterator[tuple[Related, ...] | Reply]:
        """The passages that were found, as soon as they are; then the reply."""
        said: dict[str, Any] = {}
        body = {"question": question, "stream": True, **_fields(options)}
        for event in self._service.events("/v1/answer", body):
            if event.event == "passages":
                yield read_as(_Passages, event.data).passages
            elif event.event in {"answer", "related"}:
                said |= read_as(dict[str, Any], event.data)
        if "related" not in said:
            raise Unreachable("The service ended before it had answered; ask again.")
        yield read_as(Reply, as_json(said)["content"])

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
        """Where these very words stand, `most` places of them; else the nearest places, said to be that."""
        return self._service.call(Located, "POST", "/v1/quotes/locate", **as_json({"quote": quote, "most": most}))

    def articles(self, only: Filter | None = None) -> Iterator[ArticleHeader]:
        """What is in the library, or passes the filter, by title; asked for page by page.

        Of a library that changes meanwhile, an article may come twice, or not at all.
        """
        seen, total = 0, 1
        while seen < total:
            asked = {**_filter(only), "limit": _PAGE, "offset": seen}
            page = self._service.call(_Page, "GET", "/v1/articles", params=asked)
            yield from page.articles
            seen, total = seen + len(page.articles), page.total if page.articles else 0

    def article(self, article_id: str) -> ShownArticle:
        """One article with its text, in which every quote's `start` and `end` count; NotThere."""
        return self._service.call(ShownArticle, "GET", path_of(article_id))

    def view_url(self, quote: Excerpt) -> str:
        """The address of the service's page of the article, at the quote; a browser opens it."""
        return f"{self._service.address}{path_of(quote.article_id)}/view?start={quote.start}&end={quote.end}#quoted"

    def citation(self, quote: Excerpt, style: Format) -> str:
        """The quote as a citation, as a file of this format holds it; `w3c` and `csl-json` are JSON."""
        asked = {"start": quote.start, "end": quote.end, "format": style}
        return self._service.content("GET", f"{path_of(quote.article_id)}/citation", params=asked).decode()

    def add(self, *sources: Source, progress: Callable[[Job], None] | None = None) -> tuple[Entry, ...]:
        """What became of files and web pages (addresses as `str`), once the service is done with them.

        A file is known by its name, without folders: added again, it takes the place of the one before. `progress` is
        told the job whenever it has changed; it counts all entries, of which the first 1,000 come back. JobEnded.
        """
        if not sources:
            return ()
        urls = [source for source in sources if isinstance(source, str)]
        with ExitStack() as opened:
            files = [("file", _opened(source, opened)) for source in sources if not isinstance(source, str)]
            job = self._service.call(Job, "POST", "/v1/articles", once=True, files=files, data={"url": urls})
        return self._done(job, progress or (lambda _: None)).entries

    def job(self, job_id: str) -> Job:
        """How far a job is; NotThere."""
        return self._service.call(Job, "GET", path_of(job_id, "jobs"))

    def jobs(self) -> tuple[Job, ...]:
        """The jobs of the service, the latest first."""
        return self._service.call(tuple[Job, ...], "GET", "/v1/jobs")

    def cancel(self, job_id: str) -> Job:
        """A job that will end soon; what it has added stays. NotThere."""
        return self._service.call(Job, "DELETE", path_of(job_id, "jobs"))

    def remove(self, article_id: str) -> ArticleHeader:
        """What the article was that is taken out; its source does not bring it back before it changes. NotThere."""
        return self._service.call(ArticleHeader, "DELETE", path_of(article_id), once=True)

    def restore(self, article_id: str) -> ArticleHeader:
        """What the article is that `remove` took out lately, back under its id. NotThere."""
        return self._service.call(ArticleHeader, "POST", f"{path_of(article_id)}/restore", once=True)

    def feedback(self, question: str, verdict: Verdict, quote: Excerpt | None = None) -> Judgement:
        """What was judged of a quote, as the library keeps it: `right`, `wrong`, `better` than what was quoted.

        That `nothing` answers is said of no quote. BadJudgement.
        """
        place = (quote.article_id, quote.start, quote.end, quote.text) if quote else ()
        said = asdict(Judgement(question, verdict, *place))
        del said["judged"]
        return self._service.call(Judgement, "POST", "/v1/feedback", **as_json(said))

    def health(self) -> ServiceHealth:
        """That the service lives, and how much it knows."""
        return self._service.call(ServiceHealth, "GET", "/health")

    def ready(self) -> bool:
        """Whether a question would be answered now."""
        try:
            self._service.content("GET", "/health/ready", once=True)
        except ServiceBusy:
            return False
        return True

    def metrics(self) -> str:
        """What the service has counted, in Prometheus' text format."""
        return self._service.content("GET", "/metrics").decode()

    def _done(self, job: Job, progress: Callable[[Job], None]) -> Job:
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
    """The options as fields of a body; TypeError for what is none."""
    if unknown := sorted(options.keys() - AskKeywords.__annotations__.keys()):
        raise TypeError(f"nothing is asked with {unknown[0]!r}, only with {', '.join(AskKeywords.__annotations__)}")
    return {name: value for name, value in options.items() if name != "only"} | {"filter": _filter(options.get("only"))}


def _filter(only: Filter | None) -> dict[str, Any]:
    """What the filter asks for; empty where it lets all pass."""
    return {name: value for name, value in asdict(only).items() if value} if only else {}


def _opened(source: Path | tuple[str, bytes], opened: ExitStack) -> tuple[str, IO[bytes] | bytes]:
    """The name of a file, as UTF-8 can hold it, and what is in it."""
    name, held = source if isinstance(source, tuple) else (source.name, opened.enter_context(source.open("rb")))
    return name.encode("utf-8", "replace").decode(), held
