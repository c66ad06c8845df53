"""The worked example of the guide is true over the sample articles."""

import json
import re
import textwrap
from dataclasses import asdict
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


def contained(part, whole):
    """Whether all that a shortened reply says is in the whole one."""
    if isinstance(part, dict):
        return all(key in whole and contained(value, whole[key]) for key, value in part.items())
    if isinstance(part, list):
        return len(part) <= len(whole) and all(map(contained, part, whole))
    return part == whole


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
    pipeline = assemble(library, encoder, SentenceReader(encoder), Settings())
    checked = check_draft(pipeline, draft_of(draft))
    lines = printed.strip().splitlines()
    assert lines[0] == summary(checked)
    told = [" ".join(part.split()) for part in re.split(r"\n *\d  ", "\n".join(lines[1:]))[0:]]
    said = [re.split(" {2,}", line.strip()) for line in lines if re.match(r" +\d  ", line)]
    assert [one[1] for one in said] == [one.verdict for one in checked.quotations]
    assert [one[2].strip("“”") for one in said] == [" ".join(one.text.split()) for one in checked.quotations]
    notes = " ".join(note(one) for one in checked.quotations)
    (reply,) = (json.loads(block) for block in blocks if block.lstrip().startswith('{"failures"'))
    asked = json.loads(re.search(r"-d '(.*)'", guide)[1])
    assert contained(reply, json.loads(json.dumps(asdict(check_draft(pipeline, draft_of(asked["draft"]))))))
    for claim in re.findall(r"characters \d+-\d+|the draft names [^;.]+|the article has “[^”]+”", " ".join(told)):
        assert claim in notes
