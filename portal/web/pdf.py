"""Tables as a PDF that prints on A4 and keeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, TextEmphasis
from fpdf.fonts import FontFace

from portal.web.tables import Cell, Table

FONT = Path(__file__).parents[2] / "static" / "fonts" / "DejaVuSansCondensed.ttf"
"""The fonts that every reader has know no letters beyond Western Europe's: names have others."""
NAME = "DejaVu"
TITLE_SIZE, SIZE, SMALL = 16, 10, 8
LINE = 1.4
"""The height of a line, as a multiple of the letters'."""


class _Page(FPDF):
    """A sheet whose foot says what it is and which page."""

    foot = ""

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
    head = FontFace(emphasis=TextEmphasis.NONE, fill_color=(232, 232, 232))
    with page.table(
        col_widths=tuple(widths),
        headings_style=head,
        text_align="LEFT",
        line_height=SMALL * LINE / page.k,
        padding=1,
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
    ) as drawn:
        for row in (paper.table.head, *paper.table.rows):
            drawn.row([_text(cell) for cell in row])
    page.ln(4)
    _lines(page, paper.below)


def _begun(title: str, language: str, made_at: datetime) -> _Page:
    page = _Page(orientation="landscape", format="A4")
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
