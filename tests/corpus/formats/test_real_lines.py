from corpus.formats.docx.reader import read_docx
from corpus.formats.markdown.reader import read_markdown
from corpus.formats.real_lines import with_real_lines
from corpus.offset_map import MappedText
from corpus.sentences import sentences
from tests.corpus.formats.docx.made import document, p, r

ITEMS = (
    "Nets have to be taken off the quay before the eastern gate shuts at",
    "Boats longer than nine metres lie at the northern berth from October",
    "Coal is landed at the southern stairs on weekdays between six and noon",
)


def test_items_as_long_as_the_lines_of_a_letter_stay_apart():
    markdown = read_markdown("\n".join(f"- {item}" for item in ITEMS).encode()).text.text
    bullet = '<w:pStyle w:val="ListBullet"/>'
    word = read_docx(document("".join(p(r(item), bullet) for item in ITEMS))).text.text
    for text in (markdown, word):
        assert [sentence.cut(text) for sentence in sentences(text)] == list(ITEMS)


def test_other_lines_and_rows_stay_as_they_are():
    for text in ("coal\ntar", "\n".join(f"{item} | 310" for item in ITEMS), "\n".join(f"1. {item}" for item in ITEMS)):
        assert with_real_lines(MappedText.of(text)).text == text
