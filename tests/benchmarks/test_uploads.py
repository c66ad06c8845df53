"""The files that are uploaded, what is said of their jobs, and the memory of a process."""

import os

import pytest

from benchmarks.upload_files import MEGABYTE, upload_files
from benchmarks.uploads import Upload, highest, summary
from corpus.article import LONGEST_ARTICLE, Article
from corpus.file_format import format_by_name
from corpus.sandbox.worker_pool import WorkerLimits, WorkerPool
from corpus.sourcefile import SourceFile

FILES = {one.what: one for one in upload_files()}


def test_every_format_is_among_the_files():
    assert {format_by_name(one.name).name for one in FILES.values()} == {
        "Text", "Markdown", "Web page", "PDF", "Word", "JSON Lines",
    }  # fmt: skip


def test_a_file_at_the_cap_has_as_many_characters_as_an_article_may(tmp_path):
    text = FILES["CJK, 10 million characters"].write(tmp_path).read_text("utf-8")
    assert len(text) == LONGEST_ARTICLE
    assert FILES["one letter, 64 MB"].write(tmp_path).stat().st_size == 64 * MEGABYTE - 2


@pytest.mark.parametrize("what", ["PDF, 1,000 pages", "Word, 9 MB of paragraphs unpacked"])
def test_the_documents_are_those_that_can_be_read(what, tmp_path):
    pool = WorkerPool(WorkerLimits(seconds=90))  # a machine that does much else needs more than the usual time
    path = FILES[what].write(tmp_path)
    [article] = pool.read(SourceFile.at(path))
    pool.close()
    assert isinstance(article, Article)
    assert len(article.text) > 3_000_000


def test_what_a_job_says_is_one_cell():
    entries = [{"outcome": "added", "reason": ""}, {"outcome": "refused", "reason": "a|b is empty."}]
    job = {"counts": {"refused": 1, "added": 2_000}, "entries": entries, "detail": None, "finished": "now"}
    assert summary(job) == "2,000 added, 1 refused: a/b is empty."
    assert summary(job | {"finished": None}).endswith(": cancelled, as it takes longer")
    assert Upload("a file", 3 * MEGABYTE, 61.7, "1 added", 10**9).row() == "| a file | 3.00 | 62 | 1 added | 1,000 |"


def test_the_most_memory_of_a_process_is_that_of_the_kernel():
    assert 10 * MEGABYTE < highest(os.getpid()) < 10**11
    usual = highest(os.getpid())
    assert len(b"1" * (256 * MEGABYTE)) == 256 * MEGABYTE  # is given back at once
    assert highest(os.getpid()) > usual + 200 * MEGABYTE
    assert highest(os.getpid()) < usual + 50 * MEGABYTE
    assert highest(2**22 + 1) == 0
