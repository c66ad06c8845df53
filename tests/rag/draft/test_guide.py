"""The worked example of the guide is true over the sample articles."""

import re
import textwrap
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.load import load_folder
from corpus.sample import SAMPLE
from index.ingest import add
from rag.assemble import assemble, open_encoder
from rag.draft.check import check_draft
from rag.draft.draft_text import draft_of
from rag.draft.marked_draft import note, summary
from rag.reader.sentence_reader import SentenceReader
from rag.settings import Settings

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "check-a-draft.md"


@pytest.mark.model
def test_the_example_of_the_guide_is_true(library):
    encoder = open_encoder(Settings(), print)
    list(add(library, encoder, [one for one in load_folder(SAMPLE) if isinstance(one, Article)]))
    guide = GUIDE.read_text(encoding="utf-8")
    blocks = [
        textwrap.dedent(block) for block in re.findall(r"(?:(?:^ {4}.*)?\n)+", guide, re.MULTILINE) if block.strip()
    ]
    draft, printed = (
        next(block for block in blocks if block.lstrip().startswith(start)) for start in ("On Sunday", "5 quot")
    )
    checked = check_draft(assemble(library, encoder, SentenceReader(encoder), Settings()), draft_of(draft))
    lines = printed.strip().splitlines()
    assert lines[0] == summary(checked)
    told = [" ".join(part.split()) for part in re.split(r"\n *\d  ", "\n".join(lines[1:]))[0:]]
    said = [re.split(" {2,}", line.strip()) for line in lines if re.match(r" +\d  ", line)]
    assert [one[1] for one in said] == [one.verdict for one in checked.quotations]
    assert [one[2].strip("“”") for one in said] == [" ".join(one.text.split()) for one in checked.quotations]
    notes = " ".join(note(one) for one in checked.quotations)
    for claim in re.findall(r"characters \d+-\d+|the draft names [^;.]+|the article has “[^”]+”", " ".join(told)):
        assert claim in notes
