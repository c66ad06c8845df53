"""The blocks of a Markdown file, read line by line: headings, paragraphs, items, tables, code, notes.

Blocks that follow each other without a blank line get one; items of a list and rows of a table stay together.
"""

from __future__ import annotations

from corpus.formats.markdown import lines
from corpus.formats.markdown.code import closes_code, opened_code
from corpus.formats.markdown.inline import inline_edits
from corpus.formats.markdown.raw import raw_end
from corpus.formats.markdown.raw_table import table_edits
from corpus.formats.markdown.tables import cells, columns_of, is_rule, row_edits
from corpus.formats.markdown.wrapped import line_edits
from corpus.offset_map import Edit, MappedText

_TOGETHER = frozenset(
    {("item", "item"), ("row", "row"), ("code", "code"), ("paragraph", "meaning"), ("meaning", "meaning")}
)


class MarkdownBlocks:
    """Reads a file; `edits` delete its markup, some of them inside others, and `title` is its first top heading."""

    def __init__(self, source: str, labels: frozenset[str]) -> None:
        self.edits: list[Edit] = []
        self.title: str | None = None
        self._source = source
        self._labels = labels  # of links
        self._next = 0  # where the next line begins
        self._code = ""  # how the code that is being read began
        self._depth = 0  # of the quotation that the block stands in
        self._block: list[tuple[int, int]] = []  # the lines of the block, without their markers
        self._kind = ""  # of the block that was begun last
        self._last = ""  # the same, but for a blank line since
        self._columns = 0  # of the table that is being read
        self._in_list = False  # whether lines may be indented without being code
        self._unclosed: set[str] = set()  # what opens comments that the rest of the file does not close

    def read(self, start: int) -> None:
        while start < len(self._source):
            newline = self._source.find("\n", start)
            end = len(self._source) if newline < 0 else newline
            self._next = end + 1
            self._line(self._source[start:end].rstrip("\r"), start)
            start = self._next
        self._close()

    def _line(self, line: str, begin: int) -> None:
        """Reads a line that begins at an offset; `_next` is the offset up to which the source has been read."""
        quote = lines.QUOTE.match(line)
        depth = quote.group().count(">") if quote else 0
        if self._code and (depth or not self._depth):  # the end of a quotation ends its code
            self._code_line(line, begin, quote.end() if quote and self._depth else 0)
            return
        self._code = ""
        start = begin + (quote.end() if quote else 0)
        if quote:
            self.edits.append(Edit(begin, start))
            line = line[quote.end() :]
        if depth > self._depth or not line.strip():
            self._close()
        self._depth = max(depth, self._depth) if self._block else depth
        if not line.strip():
            self._last, self._columns = "", 0
        elif not self._special(line, start, begin):
            self._words(line, start, begin)

    def _special(self, line: str, start: int, begin: int) -> bool:
        """Reads a line that begins code, a comment, a table in HTML, or a callout; whether it does."""
        end = start + len(line)
        if begin < start and not self._block and (callout := lines.CALLOUT.match(line)):
            self._marked(start, start + callout.end(), end, begin)
        elif code := opened_code(self._source, line, end, is_indented=self._in_list):
            self._code = code
            if code == "$$":  # formulas stay as they are written
                self._open("code", begin)
            else:
                self._gone(start, end)
        elif (raw := lines.RAW.match(line)) and (to := raw_end(self._source, start, raw, self._unclosed)) is not None:
            self._raw(raw, start, to, begin)
        else:
            return False
        return True

    def _code_line(self, line: str, begin: int, marker: int) -> None:
        self.edits.append(Edit(begin, begin + marker))
        words = line[marker:]
        is_end = closes_code(self._code, words)
        if self._code == "export" or (is_end and self._code != "$$"):
            self._gone(begin + marker, begin + len(line))
        if is_end:
            self._code = ""

    def _raw(self, raw: lines.Match, start: int, end: int, begin: int) -> None:
        """Deletes a comment, script or style sheet, which may run over many lines; of a table the rows stay."""
        if (raw["tag"] or "").lower() == "table":
            self._open("table", begin)
            self.edits.extend(table_edits(self._source, start, end, self._labels))
        else:
            self._gone(start, end)
        newline = self._source.find("\n", end)
        line_end = len(self._source) if newline < 0 else newline
        self._next = end if self._source[end:line_end].strip() else line_end + 1

    def _words(self, line: str, start: int, begin: int) -> None:
        end = start + len(line)
        underline = lines.UNDERLINE.fullmatch(line) if self._block and self._kind == "paragraph" else None
        if is_rule(line) or ("|" in line and self._is_row(line)):
            self._row(line, start, begin)
        elif underline or lines.RULE.fullmatch(line) or lines.DEFINITION.fullmatch(line) or lines.GONE.fullmatch(line):
            self._close(is_heading=underline is not None, is_title=underline is not None and "=" in underline["mark"])
            self._gone(start, end)
        elif heading := lines.HEADING.match(line):
            words_end = start + heading.end() + len(lines.heading_words(line[heading.end() :]))
            self.edits.append(Edit(words_end, end))
            self._marked(start, start + heading.end(), words_end, begin, is_title=len(heading["marks"]) == 1)
        elif (box := lines.BOX.match(line)) and self._is_box(box):
            title = lines.box_title(box, line)
            self.edits.append(Edit(start + title[1], end))
            self._marked(start, start + title[0], start + title[1], begin)
            self._in_list = True
        else:
            self._paragraph_line(line, start, begin)

    def _is_row(self, line: str) -> bool:
        """Whether a line is a row: of a table that was begun, above the rule of one, or between bars."""
        if self._columns or (line.strip()[0] == "|" and line.count("|") > 1):
            return True
        following = self._source[self._next : self._next + len(line) * 4 + 200].partition("\n")[0]
        return is_rule(following[len(quote.group()) :] if (quote := lines.QUOTE.match(following)) else following)

    def _is_box(self, box: lines.Match) -> bool:
        """Whether a line that may open a box has its title, or what is in it stands below, further in."""
        below = self._source[self._next : self._next + 200].lstrip("\r\n")
        return not box["indents"] or box["title"] is not None or lines.INDENTED.match(below) is not None

    def _row(self, line: str, start: int, begin: int) -> None:
        found = [place for place in cells(line) if place[0] < place[1]]
        if is_rule(line):
            self._close()
            self._columns = columns_of(line)
        if is_rule(line) or not found:
            if self._last == "row":  # the line end before it goes too, so that the rows stay together
                self.edits.append(Edit(begin - len(_line_end(self._source, begin)), start + len(line)))
            else:
                self._gone(start, start + len(line))
            return
        self._open("row", begin)
        self.edits.extend(Edit(start + one.start, start + one.end, one.text) for one in row_edits(line, self._columns))
        for place in found:
            self._inline(start + place[0], start + place[1], on_one_line=True)

    def _paragraph_line(self, line: str, start: int, begin: int) -> None:
        """Reads a line of a paragraph, an item, a note or the meaning of a term; or one of code that is indented."""
        self._columns = 0
        if not self._block and not self._in_list and lines.INDENTED.match(line):
            self._open("code", begin)
            return
        if not self._block and lines.EXPORT.match(line):
            self._code = "export"
            self._gone(start, start + len(line))
            return
        kind, marker = self._marker(line)
        if kind:
            self._open(kind, begin)
            self._in_list = True
        elif not self._block:
            self._in_list = self._in_list and line[0].isspace()
            self._open("paragraph", begin)
        self.edits.append(Edit(start, start + marker))
        task = lines.TASK.match(line, marker) if kind == "item" else None
        self._block.append((start + (task.end() if task else marker), start + len(line)))
        if task:
            self.edits.append(Edit(start + marker, start + task.end()))
        elif kind == "item" and (numbered := lines.NUMBERED_TASK.match(line, marker)):
            self.edits.append(Edit(start + numbered.start("task"), start + numbered.end()))

    def _marker(self, line: str) -> tuple[str, int]:
        """The kind of block that a line begins, and the end of its marker, of which numbers stay; "" for none."""
        if note := lines.NOTE.match(line):
            return "note", note.end()
        if (self._block or self._last in ("paragraph", "meaning", "row")) and (meaning := lines.MEANING.match(line)):
            return "meaning", meaning.end()
        item = lines.ITEM.match(line)
        goes_on = self._block and self._kind == "paragraph"
        if item and not (goes_on and (item.end() == len(line) or item["number"] not in (None, "1"))):
            return "item", item.end() if item["bullet"] else item.end("space")
        return "", 0

    def _marked(self, start: int, words: int, end: int, begin: int, *, is_title: bool = False) -> None:
        """Reads a line that is a block, and whose words begin after a marker."""
        if words >= end:
            self._gone(start, words)
            return
        self._open("heading", begin)
        self.edits.append(Edit(start, words))
        self._block.append((words, end))
        self._close(is_heading=True, is_title=is_title)

    def _gone(self, start: int, end: int) -> None:
        """Deletes a line, or more; what is left is a blank line."""
        self._close()
        self.edits.append(Edit(start, end))
        self._last = ""

    def _open(self, kind: str, begin: int) -> None:
        """Begins a block on the line at `begin`, after a blank line."""
        self._close()
        if self._last and (self._last, kind) not in _TOGETHER and self._source[begin - 1 : begin] == "\n":
            self.edits.append(Edit(begin - 1, begin, "\n\n"))
        self._kind = self._last = kind

    def _close(self, *, is_heading: bool = False, is_title: bool = False) -> None:
        """Ends the current block: inline markup may run over its lines."""
        if not self._block:
            return
        start, end = self._block[0][0], self._block[-1][1]
        joins = list(line_edits(self._source, self._block, is_item=self._kind in ("item", "note", "meaning")))
        self.edits.extend(joins)
        edits = self._inline(start, end, on_one_line=is_heading)
        if is_title and self.title is None:
            self.title = " ".join(MappedText.of(self._source[start:end]).edited(edits).text.split()) or None
        self._block.clear()
        if is_heading:
            self._last = "heading"

    def _inline(self, start: int, end: int, *, on_one_line: bool) -> list[Edit]:
        """Adds the edits of the markup inside a block; they, counted from its start."""
        edits = inline_edits(self._source[start:end], self._labels, on_one_line=on_one_line)
        self.edits.extend(Edit(start + edit.start, start + edit.end, edit.text) for edit in edits)
        return edits


def _line_end(source: str, begin: int) -> str:
    """The line end before a line."""
    return "\r\n" if source[max(begin - 2, 0) : begin] == "\r\n" else source[max(begin - 1, 0) : begin]
