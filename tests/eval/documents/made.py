"""Writes the PDF and Word files of the set with their gold files: `python -m tests.eval.documents.made`."""

import json
from pathlib import Path

from tests.eval.documents import pdfs, pdfs_of_programs, pdfs_of_signs, pdfs_of_speech, word_files

FOLDER = Path(__file__).parents[3] / "eval" / "sets" / "documents"
PDFS = (
    pdfs.one_column, pdfs.two_columns_by_columns, pdfs.two_columns_by_rows, pdfs.three_columns, pdfs.sidebar, pdfs.form,
    pdfs.heads_constant, pdfs.heads_odd_even, pdfs.heads_roman, pdfs.heads_of_sections, pdfs.footnotes,
    pdfs_of_signs.table_with_rules, pdfs_of_signs.table_over_pages, pdfs_of_signs.drop_cap, pdfs_of_signs.hyphens,
    pdfs_of_signs.watermark, pdfs_of_signs.caption, pdfs_of_signs.fake_bold, pdfs_of_signs.ligatures, pdfs_of_signs.letter,
    pdfs_of_programs.printed_page, pdfs_of_programs.rules_of_the_house, pdfs_of_programs.two_stories,
    pdfs_of_programs.long_table, pdfs_of_programs.turned_page, pdfs_of_programs.notes_in_columns,
    pdfs_of_programs.contents, pdfs_of_programs.raised_signs,
    pdfs_of_speech.verse, pdfs_of_speech.hearing, pdfs_of_speech.slides, pdfs_of_speech.numbered_lines, pdfs_of_speech.margins,
    pdfs_of_speech.accounts,
)  # fmt: skip
WORD_FILES = (
    word_files.controls, word_files.notes, word_files.tracked, word_files.numbered, word_files.hidden, word_files.text_box,
    word_files.equation, word_files.defaults, word_files.plain_article, word_files.signs, word_files.contents,
    word_files.minutes,
)  # fmt: skip


def made():
    """The bytes of each file, and of its gold file, by their path in the set."""
    files = {}
    for suffix, documents in (("pdf", PDFS), ("docx", WORD_FILES)):
        for document in documents:
            written, gold = document()
            files[f"{suffix}/{document.__name__.replace('_', '-')}.{suffix}"] = written.written(), gold
    return {
        path: content
        for name, (data, gold) in files.items()
        for path, content in ((name, data), (f"{name}.gold.json", as_json(gold)))
    }


def as_json(gold):
    return (json.dumps(gold, ensure_ascii=False, indent=1) + "\n").encode()


def main():
    for name, content in made().items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main()
