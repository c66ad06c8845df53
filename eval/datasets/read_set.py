"""Files and folders to evaluation sets."""

from __future__ import annotations

import hashlib
from pathlib import Path

from corpus.article import Article
from corpus.errors import PullquoteError
from corpus.load import load_folder
from eval.datasets.beir import read_beir
from eval.datasets.example import EvalSet
from eval.datasets.files import content, fault, plain_name
from eval.datasets.jsonl import read_lines
from eval.datasets.squad import read_squad

_SHIPPED = Path(__file__).parents[1] / "sets"
_QUESTIONS, _ARTICLES = "questions.jsonl", "articles"  # of a folder that brings its articles as files


class BadSet(PullquoteError):
    """No evaluation set can be read here; give a SQuAD JSON file, a .jsonl of questions, or a folder of a set."""

    status = 422

    wanted = (
        "a SQuAD JSON file, a .jsonl with a question and its answers on each line, a BEIR folder, or a folder with "
        "questions.jsonl and articles"
    )

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} is no evaluation set that can be read ({why}); give {self.wanted}.")
        self.why = why

    @property
    def public(self) -> str:
        return f"The set cannot be read ({self.why}); put back the file that came with Pullquote."


def read_set(path: Path) -> EvalSet:
    """The set at `path`: a SQuAD file (.json), our own .jsonl, either of them also gzipped, or a folder.

    A folder is BEIR's, or holds questions.jsonl and the folder `articles` with the files that it asks. BadSet for
    anything else, and for a set without questions.
    """
    if (path / _QUESTIONS).is_file() and (path / _ARTICLES).is_dir():
        return _read_with_articles(path)
    files = beir_files(path) if path.is_dir() else [path]
    try:
        contents = {file: content(file) for file in files}
        digest = hashlib.sha256(b"".join(contents.values())).hexdigest()
        found = _read(path, {plain_name(file): data.decode("utf-8-sig") for file, data in contents.items()}, digest)
    except ValueError as error:
        raise BadSet(path, fault(error)) from error
    if not found.examples:
        raise BadSet(path, "there is no question in it")
    return found


def _read_with_articles(folder: Path) -> EvalSet:
    """The questions of a folder with the articles of its files, read as `pullquote add` reads them."""
    questions = read_set(folder / _QUESTIONS)
    articles: list[Article] = []
    for entry in load_folder(folder / _ARTICLES):
        if not isinstance(entry, Article):
            raise BadSet(folder, entry.reason)
        articles.append(entry)
    digests = [questions.digest, *sorted(article.sha256 for article in articles)]
    digest = hashlib.sha256("".join(digests).encode()).hexdigest()
    return EvalSet(folder.name, "jsonl", digest, questions.examples, tuple(articles))


def shipped_sets() -> dict[str, Path]:
    """The files of the .jsonl sets that come with the package, by name."""
    return {path.stem: path for path in sorted(_SHIPPED.glob("*.jsonl"))}


def _read(path: Path, texts: dict[str, str], digest: str) -> EvalSet:
    plain = plain_name(path)
    name = plain.removesuffix(".jsonl").removesuffix(".json")
    if path.is_dir():
        examples, articles = read_beir(name, {Path(file).name.removesuffix(".jsonl"): texts[file] for file in texts})
        return EvalSet(name, "beir", digest, examples, articles)
    if plain.endswith(".jsonl"):
        return EvalSet(name, "jsonl", digest, read_lines(texts[plain]))
    if plain.endswith(".json"):
        examples, articles = read_squad(name, texts[plain])
        return EvalSet(name, "squad", digest, examples, articles)
    raise ValueError("its name ends neither in .json nor in .jsonl")


def beir_files(folder: Path) -> list[Path]:
    """The corpus, queries and qrels of a BEIR folder: of the test split where there is one, else of every split."""
    found = []
    for name in ("corpus.jsonl", "queries.jsonl"):
        candidates = [file for file in (folder / name, folder / f"{name}.gz") if file.is_file()]
        if not candidates:
            raise BadSet(folder, f"it has no {name}")
        found.append(candidates[0])
    splits = sorted(file for file in (folder / "qrels").glob("*.tsv*") if plain_name(file).endswith(".tsv"))
    if not splits:
        raise BadSet(folder, "it has no qrels/*.tsv")
    return found + ([file for file in splits if plain_name(file) == "test.tsv"][:1] or splits)
