"""Measures of near copies: precision and recall on pairs made by editing real articles.

    python -m eval.experiments.copying DATA_FOLDER

The folder holds `articles/wikinews.jsonl.gz`. Every article is paired with edits of itself
(`eval.experiments.editing`), which are copies, and with what only looks like one: the articles nearest to it, a running
story's next version, its words with other figures; then come templates filled in twice and stories above the same
footer. Each measure's threshold is chosen on one half of the articles, and its figures are those of the other half.
Then come the precision and recall of a library's clusters of articles with three edits each.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import crc32

import numpy as np

from corpus.article import Article
from eval.datasets.files import decoded
from eval.datasets.record import lines, text
from eval.experiments.command import notice, parser, table, write
from eval.experiments.editing import COPIES, drawing, market, next_version, other_figures, weather, with_footer
from eval.temporary_library import articles_only, temporary_library
from index.encoder.encoder import Encoder
from index.near_duplicates.shingles import Shingles, same_figures, share_found, shingles
from index.near_duplicates.sketches import SKETCHES, stories_of
from index.search import HybridIndex
from rag.assemble import open_encoder
from rag.settings import Settings

_LEAST, _MOST = 80, 3000  # words of an article that is edited
_NEAREST = 5
_TEMPLATES = 200  # pairs of each
_WORDS_A_FIGURE = 40  # at most, of a text that may look like a template
_FOOTED = (60, 100, 200)  # words above a footer
_EDITED = 3  # copies of each article in a library
_THRESHOLDS = [number / 20 for number in range(1, 20)]

Similarity = Callable[[Shingles, Shingles], float]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts: how the second came about, whether it is a copy, and whether it is kept for the figures."""

    kind: str
    is_copy: bool
    is_held_out: bool
    one: Shingles
    other: Shingles


@dataclass(frozen=True, slots=True)
class DetectionRates:
    """The shares of pairs that a measure calls copies at its threshold, by kind, on the half that is held out."""

    measure: str
    threshold: float
    called: Mapping[str, float]
    precision: float
    recall: float


def resemblance(one: Shingles, other: Shingles) -> float:
    """Broder's: the share of all distinct shingles that both texts have (Jaccard)."""
    first, second = set(one.hashes.tolist()), set(other.hashes.tolist())
    return len(first & second) / max(len(first | second), 1)


def containment(one: Shingles, other: Shingles) -> float:
    """Broder's: the share of the smaller text's distinct shingles that the larger one has."""
    first, second = set(one.hashes.tolist()), set(other.hashes.tolist())
    return len(first & second) / max(min(len(first), len(second)), 1)


def stretches(one: Shingles, other: Shingles) -> float:
    """The share of the shorter text's stretches that stand in the longer one."""
    return share_found(*sorted((one, other), key=len))


def with_figures(measure: Similarity) -> Similarity:
    """A measure that is 0 where the figures do not agree."""
    return lambda one, other: measure(one, other) if same_figures(one, other) else 0.0


SIMILARITIES: Mapping[str, Similarity] = {
    "resemblance": resemblance,
    "containment": containment,
    "stretches": stretches,
    "containment and figures": with_figures(containment),
    "stretches and figures": with_figures(stretches),
}


def read_articles(folder: Path) -> list[Article]:
    """The Wikinews articles that are neither very short nor very long."""
    data = decoded(folder / "articles" / "wikinews.jsonl.gz")
    found = [Article(text(one, "_id"), text(one, "title"), text(one, "text"), text(one, "_id")) for one in lines(data)]
    return [article for article in found if _LEAST <= len(article.text.split()) <= _MOST]


def pairs(articles: list[Article], encoder: Encoder, settings: Settings) -> Iterator[Pair]:
    """All pairs; what is drawn depends on the articles alone."""
    nearest = _nearest(articles, encoder, settings)
    for article, other in _with_another(articles):
        own, held_out = shingles(article.text), bool(crc32(article.id.encode()) % 2)
        near = [articles[number].text for number in nearest[article.id]]
        for kind, words in _edits(article.text, other.text, COPIES):
            yield Pair(kind, True, held_out, own, shingles(words))
        for kind, words in _lookalikes(article.text, near):
            yield Pair(kind, False, held_out, own, shingles(words))
        for most in _FOOTED:
            one, two = (shingles(with_footer(each.text, most)) for each in (article, other))
            yield Pair(f"footer below {most} words", False, held_out, one, two)
    for template in (weather, market):
        filled = [shingles(template(drawing(number))) for number in range(2 * _TEMPLATES)]
        for number, (one, two) in enumerate(zip(filled[::2], filled[1::2], strict=True)):
            yield Pair(f"template: {template.__name__}", False, bool(number % 2), one, two)


def detection_rates(paired: Iterable[Pair]) -> list[DetectionRates]:
    """The rates of each measure of similarity; every kind of copy counts alike, and every kind of lookalike."""
    scored: dict[bool, dict[str, list[tuple[Pair, float]]]] = {True: defaultdict(list), False: defaultdict(list)}
    for pair in paired:
        for name, measure in SIMILARITIES.items():
            scored[pair.is_held_out][name].append((pair, measure(pair.one, pair.other)))
    found = []
    for name in SIMILARITIES:
        tuned = [_rates(name, threshold, scored[False][name]) for threshold in _THRESHOLDS]
        best = max(tuned, key=lambda one: 2 * one.precision * one.recall / max(one.precision + one.recall, 1e-9))
        found.append(_rates(name, best.threshold, scored[True][name]))
    return found


def in_library(articles: list[Article]) -> tuple[float, float]:
    """Precision and recall of the pairs that a library clusters as one story: articles and three edits of each."""
    family: dict[str, str] = {}
    library_articles = []
    for article, other in _with_another(articles):
        draw = drawing(article.id)
        chosen = {kind: COPIES[kind] for kind in draw.sample(sorted(COPIES), _EDITED)}
        for number, words in enumerate((article.text, *dict(_edits(article.text, other.text, chosen)).values())):
            one = replace(article, id=f"{article.id}-{number}", source=f"{article.id}-{number}", text=words)
            family[one.id] = article.id
            library_articles.append(one)
    with articles_only(library_articles) as library:
        with library.writing():
            SKETCHES.rebuild(library)
        stories = stories_of(library, family)
    together = _pairs_in(Counter(stories.values()))
    right = _pairs_in(Counter((story, family[one]) for one, story in stories.items()))
    return right / max(together, 1), right / _pairs_in(Counter(family.values()))


def markdown(found: list[DetectionRates]) -> Iterator[str]:
    """A table with a row for each kind of pair and a column for each measure."""
    rows: list[tuple[object, ...]] = [
        ("threshold", *(f"{one.threshold:.2f}" for one in found)),
        *((kind if kind in COPIES else f"*{kind}*", *(one.called[kind] for one in found)) for kind in found[0].called),
        ("**recall**", *(one.recall for one in found)),
        ("**precision**", *(one.precision for one in found)),
    ]
    return table(("pairs called copies, by measure", *(one.measure for one in found)), rows)


def _rates(measure: str, threshold: float, scored: list[tuple[Pair, float]]) -> DetectionRates:
    by_kind: dict[str, list[bool]] = defaultdict(list)
    for pair, score in scored:
        by_kind[pair.kind].append(score >= threshold - 1e-9)
    called = {kind: float(np.mean(flags)) for kind, flags in by_kind.items()}
    recall = float(np.mean([called[kind] for kind in COPIES]))
    mistaken = float(np.mean([share for kind, share in called.items() if kind not in COPIES]))
    return DetectionRates(measure, threshold, called, recall / max(recall + mistaken, 1e-9), recall)


def _with_another(articles: list[Article]) -> Iterator[tuple[Article, Article]]:
    """Each article with one that has nothing to do with it, more likely than not."""
    for number, article in enumerate(articles):
        yield article, articles[(number + len(articles) // 3) % len(articles)]


def _edits(words: str, other: str, chosen: Mapping[str, Callable[..., str]]) -> Iterator[tuple[str, str]]:
    for kind, edit in chosen.items():
        yield kind, edit(words, other, drawing(f"{kind} {words}"))


def _lookalikes(words: str, near: list[str]) -> Iterator[tuple[str, str]]:
    draw = drawing(words)
    yield from (("nearest articles", one) for one in near)
    yield "a running story's next version", next_version(words, near[0], draw)
    if sum(word[0].isdigit() for word in words.split()) * _WORDS_A_FIGURE >= len(words.split()):
        yield "the same with other figures", other_figures(words, near[0], draw)


def _nearest(articles: list[Article], encoder: Encoder, settings: Settings) -> dict[str, list[int]]:
    """The numbers of the articles whose passages are the nearest to each article's beginning."""
    numbers = {article.id: number for number, article in enumerate(articles)}
    with temporary_library(articles, encoder, settings) as library:
        index = HybridIndex(library, encoder)
        found = {}
        for article in articles:
            hits = index.search(f"{article.title} {article.text[:500]}", 50)
            others = dict.fromkeys(hit.passage.article_id for hit in hits if hit.passage.article_id != article.id)
            found[article.id] = [numbers[other] for other in list(others)[:_NEAREST]]
    return found


def _pairs_in(sizes: Counter[object]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


if __name__ == "__main__":
    options, current = parser("copying", "Measures that tell near copies."), Settings()
    options.add_argument("folder", type=Path, help="the data folder, with articles/wikinews.jsonl.gz")
    real = read_articles(options.parse_args().folder)
    write(markdown(detection_rates(pairs(real, open_encoder(current, notice), current))))
    precision, recall = in_library(real)
    write(["", f"In a library, with three edits of each article: precision {precision:.3f}, recall {recall:.3f}"])
