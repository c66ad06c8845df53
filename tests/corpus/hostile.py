"""Hostile texts for property tests, and the one check every loader must pass."""

from hypothesis import strategies as st

from corpus.offset_map import Origin

_PIECES = (
    "The mayor said no. She will not resign.",
    "A",
    "👩‍👩‍👧 \U0001f1f2\U0001f1f1 😀",
    "e\u0301le\u0300ve n\u0303",
    "\u1112\u1161\u11ab",
    "10\xa0km",
    "soft\xadhyphen",
    "\u202bמילים בעברית\u202c \u200f",
    "می\u200cخواهم",
    "a\u200bb\ufeffc",
    "long " * 300,
    "\r\n",
    "\n\n",
    "\r",
    "\u2028",
    "\t",
    "\x00\x07",
    "  ",
    "Ã© â€™",
    "snake_case **b** <i>&amp;</i> [x](y) `c`",
    "***",
    "The same paragraph, word for word, as before.",
)
hostile_texts = st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=20)), max_size=12).map("".join)
hostile_paragraphs = st.lists(st.sampled_from(_PIECES).filter(str.strip), min_size=1, max_size=8)


def assert_conforms(text: str, origin: Origin, source: str) -> None:
    """Every copied run holds the very characters of its source, in order, and runs never go back."""
    read = written = 0
    for run in origin.runs:
        assert run.start >= written
        assert run.source_start >= read or not run.copied
        if run.copied:
            assert text[run.start : run.end] == source[run.source_start : run.source_end]
        written, read = run.end, run.source_end
    assert written <= len(text)
    assert read <= len(source)
