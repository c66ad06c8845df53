"""Bugs as people make them, to be planted in the search for the length of a test; each says what goes wrong.

The search itself stays as it ships: a bug changes what one function takes or gives back.
"""

from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np

from corpus.article import Span
from corpus.library.store import Library
from index import chunked, filters, search
from index.dense.dense import DenseIndex
from index.encoder.encoder import PromptedEncoder
from index.filters import Filter
from index.lexical import lexical, proximity, terms, word_table
from index.lexical.word_table import WordTable
from index.search import HybridIndex


def _around(patch, owner, name, changed: Callable):
    """Puts `changed` in the place of a function; it gets that function and what it was called with."""
    real = getattr(owner, name)
    patch.setattr(owner, name, lambda *given, **named: changed(real, *given, **named))


def indexed_as(patch, change: Callable):
    """Has both searches take a passage for what `change` makes of it."""

    def insert(real, table, library, stored):
        real(table, library, [replace(one, passage=change(one.passage)) for one in stored])

    _around(patch, WordTable, "insert", insert)
    _around(patch, chunked, "encoded_text", lambda real, passage, titled: real(change(passage), titled))


def embeddings_in_another_order(patch):
    """Passages are encoded by length, and their embeddings not put back in order."""
    _around(patch, PromptedEncoder, "encode_passages", lambda real, it, texts: real(it, sorted(texts, key=len)))


def passages_under_each_others_rows(patch):
    """Each row that was found is given the next one's passage."""

    def turned(real, library, rows):
        found = real(library, rows)
        passages = list(found.values())
        return dict(zip(found, passages[1:] + passages[:1], strict=True))

    _around(patch, Library, "passages", turned)


def title_dropped(patch):
    """Passages are indexed without the title of their article."""
    indexed_as(patch, lambda passage: replace(passage, title=""))

    def untitled(real, query, passages, beside):
        return real(query, {row: replace(passage, title="") for row, passage in passages.items()}, beside)

    _around(patch, search, "proximity_scores", untitled)


def letters_beyond_ascii_lost(patch):
    """Letters with accents become question marks on the way into the index."""

    def ascii_only(text):
        return text.encode("ascii", "replace").decode()

    indexed_as(patch, lambda passage: replace(passage, title=ascii_only(passage.title), text=ascii_only(passage.text)))


def accents_kept_by_the_word_index(patch):
    """Words keep the accents that a question may leave out."""
    patch.setattr(word_table, "TOKENIZER", word_table.TOKENIZER.replace("remove_diacritics 2", "remove_diacritics 0"))
    made = tuple(statement.replace("remove_diacritics 2", "remove_diacritics 0") for statement in terms._SCHEMA)
    patch.setattr(terms, "_SCHEMA", made)


def letters_made_plain_in_questions_only(patch):
    """The ø of a question becomes an o, that of a passage does not."""
    patch.setattr(word_table, "indexed", lambda stored: (stored.row, stored.passage.title, stored.passage.text))
    patch.setattr(proximity, "plain_letters", str)


def lexical_search_off(patch):
    """The search by words finds nothing."""
    patch.setattr(lexical, "search", lambda *given, **named: {})


def dense_search_off(patch):
    """The search by meaning finds nothing."""
    patch.setattr(DenseIndex, "search", lambda *given, **named: {})


def order_reversed_beyond_the_first(patch):
    """The best hit comes first, and the worst second."""

    def search(real, *given, **named):
        hits = real(*given, **named)
        return hits[:1] + hits[:0:-1]

    _around(patch, HybridIndex, "search", search)


def query_behind_a_foreign_prompt(patch):
    """Queries are encoded behind the prompt of another encoder."""
    prompt = "Represent this sentence for searching relevant passages: "
    _around(patch, PromptedEncoder, "encode_query", lambda real, it, query: real(it, prompt + query))


def embeddings_not_normalised(patch):
    """The embedding of a passage is as long as the passage, so that long ones are near everything."""

    def summed(real, encoder, texts):
        return real(encoder, texts) * np.array([[len(text)] for text in texts], dtype=np.float32)

    _around(patch, PromptedEncoder, "encode_passages", summed)


def spans_off_by_one(patch):
    """A passage is said to begin and end one character late."""

    def late(real, library, rows):
        return {
            row: replace(one, span=Span(one.span.start + 1, one.span.end + 1))
            for row, one in real(library, rows).items()
        }

    _around(patch, Library, "passages", late)


def filter_ignored(patch):
    """Whatever a filter says, everything passes."""
    _around(patch, HybridIndex, "search", lambda real, it, query, k, *given, **named: real(it, query, k))


def _field_ignored(name):
    def bug(patch):
        def rows(real, library, only):
            return real(library, replace(only, **{name: getattr(Filter(), name)}))

        _around(patch, filters, "passing_rows", rows)

    bug.__name__ = f"{name}_of_filter_ignored"
    return bug


# Each bug with a metric that it lowers past its noise: those that change which articles come first, and those that
# change where in an article a passage stands.
BUGS_OF_RANKING = {
    embeddings_in_another_order: "success@1",
    passages_under_each_others_rows: "success@1",
    title_dropped: "success@1",
    letters_beyond_ascii_lost: "success@1",
    accents_kept_by_the_word_index: "success@1",
    letters_made_plain_in_questions_only: "success@1",
    lexical_search_off: "success@1",
    dense_search_off: "success@1",
    order_reversed_beyond_the_first: "ndcg@10",
    query_behind_a_foreign_prompt: "success@1",
    embeddings_not_normalised: "success@1",
    filter_ignored: "success@1",
    **{_field_ignored(field.name): "success@1" for field in fields(Filter)},
}
BUGS_OF_PLACE = {spans_off_by_one: "quotes_verbatim"}
