import pytest

from corpus.formats.pdf.reader import read_pdf
from tests.corpus.formats.pdf_layouts import LAYOUTS


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_page_is_read_as_a_person_reads_it(layout):
    data, text = LAYOUTS[layout]()
    assert read_pdf(data).text.text == text
