"""Tables as a PDF that prints on A4 and keeps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from pathlib import Path

from fpdf import FPDF

from portal.web.tables import Cell, Table

FONT = Path(__file__).parents[2] / "static" / "fonts" / "DejaVuSansCondensed.ttf"
"""The fonts that every reader has know no letters beyond Western Europe's: names have others."""
NAME = "DejaVu"
TITLE_SIZE, SIZE, SMALL = 16, 10, 8
LINE = 1.4
"""The height of a line, as a multiple of the letters'."""
PADDING = 1
"""Between a cell's text and its edges, in millimetres."""
HEAD = 232
"""How light the head's ground is, of 255."""


class _Page(FPDF):
    """A sheet whose foot says what it is and which page."""

    foot = ""
    measured: dict[str, float]
    """How wide each text is that was measured, in the letters of a table: most of them come again."""

    def footer(self) -> None:
        """Called by the library at the end of each page."""
        self.set_y(-12)
        self.set_font(NAME, size=SMALL)
        self.cell(0, 5, f"{self.foot}  {self.page_no()}/{{nb}}", align="R")


@dataclass(frozen=True, slots=True)
class Paper:
    """A table under its title; `above` and `below` are lines of text."""

    title: str
    table: Table
    above: Sequence[str] = ()
    below: Sequence[str] = ()


def tables_pdf(
    papers: Sequence[Paper], *, title: str, widths: Sequence[int], language: str, made_at: datetime
) -> bytes:
    """Each table on as many pages as it needs, each with the head; the next one begins a page of its own.

    `title` is the file's; `widths` are the columns', as parts of the page; `language` is the text's (BCP 47);
    `made_at` is written into the file.
    """
    page = _begun(title, language, made_at)
    for paper in papers:
        _drawn(page, paper, widths)
    return bytes(page.output())


def _drawn(page: _Page, paper: Paper, widths: Sequence[int]) -> None:
    # The foot of the page before is written as this one begins, and is that one's.
    page.add_page()
    page.foot = paper.title
    page.set_font(NAME, size=TITLE_SIZE)
    page.multi_cell(0, h=10, text=paper.title, new_x="LMARGIN", new_y="NEXT")
    _lines(page, paper.above)
    page.set_font(NAME, size=SMALL)
    _Grid(page, widths).draw(paper.table)
    page.ln(4)
    _lines(page, paper.below)


class _Grid:
    """The rows of one table, drawn by ourselves: the library's own tables take many times as long."""

    def __init__(self, page: _Page, widths: Sequence[int]) -> None:
        self.page, self.height = page, SMALL * LINE / page.k
        self.widths = [page.epw * part / sum(widths) for part in widths]

    def draw(self, table: Table) -> None:
        """The head and all rows; the head again on each further page."""
        head = self._wrapped(table.head)
        self._row(head, is_head=True)
        for row in table.rows:
            left = self._wrapped(row)
            while left:
                left = self._fitting(left, head)

    def _fitting(self, lines: list[list[str]], head: list[list[str]]) -> list[list[str]]:
        """Draw a row, or as much of one as a whole page holds; what is left of it."""
        room, needed = self._room(), len(lines)
        if needed > room and self.page.get_y() > self.page.t_margin + self._tall(len(head)) + self.height:
            self.page.add_page()
            self.page.set_font(NAME, size=SMALL)
            self._row(head, is_head=True)
            room = self._room()
        shown = lines[: max(1, room)]
        self._row(shown)
        return lines[len(shown) :]

    def _room(self) -> int:
        """How many lines of text still fit on the page."""
        return int((self.page.page_break_trigger - self.page.get_y() - 2 * PADDING) / self.height)

    def _tall(self, lines: int) -> float:
        return lines * self.height + 2 * PADDING

    def _row(self, lines: list[list[str]], *, is_head: bool = False) -> None:
        """Lines across all cells, with a rule below them."""
        page, left, top = self.page, self.page.l_margin, self.page.get_y()
        bottom = top + self._tall(len(lines))
        if is_head:
            page.set_fill_color(HEAD)
            page.rect(left, top, page.epw, bottom - top, style="F")
        for column, width in enumerate(self.widths):
            for number, line in enumerate(lines):
                if line[column]:
                    page.text(left + PADDING, top + PADDING + self.height * (number + 0.72), line[column])
            left += width
        page.line(page.l_margin, bottom, page.l_margin + page.epw, bottom)
        page.set_y(bottom)

    def _wrapped(self, row: Sequence[Cell]) -> list[list[str]]:
        """A row as lines of text, each with a piece for each cell."""
        cells = [
            list(self._pieces(_text(cell), width - 2 * PADDING))
            for cell, width in zip(row, self.widths, strict=True)
        ]
        return [list(line) for line in zip_longest(*cells, fillvalue="")]

    def _pieces(self, text: str, width: float) -> Iterator[str]:
        """The text as lines that are no wider; a word that is gets broken."""
        line = ""
        for word in text.split():
            if line and self._wide(f"{line} {word}") > width:
                yield line
                line = ""
            line = f"{line} {word}" if line else word
            while self._wide(line) > width and len(line) > 1:
                end = next(n for n in range(len(line) - 1, 0, -1) if n == 1 or self._wide(line[:n]) <= width)
                yield line[:end]
                line = line[end:]
        yield line

    def _wide(self, text: str) -> float:
        measured = self.page.measured
        if text not in measured:
            measured[text] = self.page.get_string_width(text)
        return measured[text]


def _begun(title: str, language: str, made_at: datetime) -> _Page:
    page = _Page(orientation="landscape", format="A4")
    page.measured = {}
    page.set_creation_date(made_at)
    page.set_title(title)
    page.set_lang(language)
    page.add_font(NAME, fname=str(FONT))
    page.set_auto_page_break(True, margin=15)
    return page


def _lines(page: FPDF, texts: Sequence[str]) -> None:
    page.set_font(NAME, size=SIZE)
    for text in texts:
        page.multi_cell(0, h=SIZE * LINE / page.k, text=text, new_x="LMARGIN", new_y="NEXT")
    page.ln(2)


def _text(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:.2f}".replace(".", ",")
    return cell.isoformat() if isinstance(cell, date) else str("" if cell is None else cell)
