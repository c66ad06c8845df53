"""What the page does: asks the pipeline for replies, and opens an article at a quote of the conversation."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator

from corpus.article import Article, Span
from corpus.store import NoSuchArticle
from index.manifest import StaleIndex
from rag.answer import Excerpt, Reply
from rag.cite import BrokenQuote
from rag.markup import escaped
from rag.pipeline import BadQuestion, Pipeline
from rag.settings import Settings
from ui.page.conversation import Address, Conversation, asked, find, quotes_from, settled
from ui.page.examples import ExampleQuestions
from ui.page.facets import Facets
from ui.page.selection import EVERYTHING, Selection
from ui.page.source import problem_html, source_html

_NOT_THERE = "That quote is no longer part of this conversation; ask the question again."
_CHANGED = "The article has changed since it was quoted; ask the question again to read the quote in its new text."
_UNREADABLE = "The library cannot be read at the moment; try again, and see `pullquote status` if it stays so."


class Chat:
    """The conversations of every session with one library; holds none of them."""

    def __init__(self, pipeline: Pipeline, settings: Settings, told: Callable[[Reply], None] | None = None) -> None:
        """`told` hears of every reply, as one who counts them."""
        self._pipeline = pipeline
        self._told = told
        self._passages = settings.passages
        self._threshold = settings.threshold
        self._examples = ExampleQuestions(pipeline, settings.passages, settings.threshold)
        self.facets = Facets(pipeline.library)

    def ask(self, conversation: Conversation, question: str, selection: Selection) -> Iterator[Conversation]:
        """The conversation while a question is asked of the articles selected, then with the reply."""
        only = selection.in_words(self._title)
        conversation = asked(conversation, question, only, newest_first=selection.newest_first)
        yield conversation
        yield self.reply(conversation, selection)

    def reply(self, conversation: Conversation, selection: Selection = EVERYTHING) -> Conversation:
        """The conversation with its last question replied to, or with a sentence that says why it is not."""
        question, only, newest_first = conversation[-1].question, selection.only, selection.newest_first
        try:
            reply = self._pipeline.ask(question, self._passages, self._threshold, only, newest_first)
        except (BadQuestion, BrokenQuote, NoSuchArticle, StaleIndex) as mistake:
            return settled(conversation, None, str(mistake))
        except sqlite3.Error:
            return settled(conversation, None, _UNREADABLE)
        if self._told:
            self._told(reply)
        return settled(conversation, reply, languages=self._languages(reply))

    def source(self, conversation: Conversation, sent: object, shown: int) -> str:
        """The article at the excerpt whose address a browser sent, or a sentence that says why it is not shown."""
        address = Address.parsed(sent)
        excerpt = find(conversation, address) if address else None
        if excerpt is None:
            return problem_html(_NOT_THERE, shown)
        try:
            article = self._pipeline.library.article(excerpt.article_id)
        except NoSuchArticle as mistake:
            return problem_html(str(mistake), shown)
        except sqlite3.Error:
            return problem_html(_UNREADABLE, shown)
        if not _stands_in(article, excerpt):
            return problem_html(_CHANGED, shown)
        return source_html(article, excerpt, quotes_from(conversation, article.id), shown)

    def welcome(self, *, examples: bool = True) -> str:
        """What the page is for, with questions to begin with."""
        articles, _ = self._pipeline.library.counts()
        if not articles:
            return _welcome("The library is empty. Add articles with <code>pullquote add PATH</code>.", "")
        count = "one article" if articles == 1 else f"{articles:,} articles"
        promise = (
            f"Every answer is an exact quote from {count}. That it is the right one is for you to see: open it there."
        )
        return _welcome(promise, _examples(self._examples.questions() if examples else ()))

    def make_examples(self) -> None:
        """Makes the questions of the welcome, which takes a moment where the library is new."""
        self._examples.questions()

    def _title(self, article_id: str) -> str:
        """An article's title, or its id where it cannot be read: the reply will say so."""
        try:
            return self._pipeline.library.article(article_id).title
        except (NoSuchArticle, sqlite3.Error):
            return article_id

    def _languages(self, reply: Reply) -> dict[str, str]:
        """The language of each article of a reply, where it is known."""
        found = {}
        quotes = (quote for answer in reply.answers for quote in answer.quotes)
        for article_id in dict.fromkeys(excerpt.article_id for excerpt in (*quotes, *reply.related)):
            try:
                language = self._pipeline.library.article(article_id).language
            except NoSuchArticle:  # removed since it was quoted; the quote stands as it was read
                continue
            if language:
                found[article_id] = language
        return found


def _stands_in(article: Article, excerpt: Excerpt) -> bool:
    """Whether the very words stand at their place still, in the very same article."""
    span = Span(excerpt.start, excerpt.end)
    same = article.sha256 == excerpt.sha256 and span.end <= len(article.text)
    return same and span.cut(article.text) == excerpt.text


def _welcome(promise: str, examples: str) -> str:
    heading = "Ask your articles a question.<br>Get the quote, and the place where it stands."
    return f'<section class="welcome"><h1>{heading}</h1><p>{promise}</p>{examples}</section>'


def _examples(questions: tuple[str, ...]) -> str:
    if not questions:
        return ""
    items = "".join(
        f'<li><button type="button" class="example" dir="auto">{escaped(question)}</button></li>'
        for question in questions
    )
    return f'<h2 id="examples">For example</h2><ul aria-labelledby="examples">{items}</ul>'
