"""Tables to take out: a CSV or an XLSX file whose cells no spreadsheet program runs (S27)."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Response
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from portal.web.signs import one_line, without_controls

Cell = str | int | float | date | None

RUN_BY_SPREADSHEETS = ("=", "+", "-", "@")
BREAKS = ("\t", "\r", "\n")
RUN_WHEN_SPLIT = re.compile(r"""([,;|\t\r\n][\s"]*)(?=[=@]|[+-].*[(|])""")
"""Where a program that splits at commas, or at lines in a cell, would begin a formula.

A plus or a minus counts only before a call, so that "bread, -butter" stays what it is.
"""
LONGEST_CELL = 32_000
"""Excel takes 32,767 characters in a cell."""
WIDEST, NARROWEST = 60, 8
FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
LONGEST_NAME = 31
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Table:
    """One table: its name, the words of its columns, and its rows, a cell for each column."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def neutral(cell: Cell) -> Cell:
    """The cell with a mark before what a spreadsheet program would take for a formula (S27).

    Numbers and days stay what they are; a text loses the characters that nobody types.
    """
    if not isinstance(cell, str):
        return cell
    text = without_controls(cell)[:LONGEST_CELL]
    runs = text.startswith(BREAKS) or cell.startswith(BREAKS) or text.lstrip().startswith(RUN_BY_SPREADSHEETS)
    return f"'{text}" if runs else text


def csv_file(tables: Sequence[Table]) -> bytes:
    """The tables one after another, an empty line between them.

    Semicolons and a byte order mark: so a Swedish spreadsheet program opens it by a tap. No line says which
    separator it is: Excel then forgets the mark. So what others would split at is made harmless in each cell.
    """
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    for number, table in enumerate(tables):
        if number:
            writer.writerow([])
        if len(tables) > 1:
            writer.writerow([_written(table.name)])
        writer.writerow([_written(word) for word in table.head])
        writer.writerows([_written(cell) for cell in row] for row in table.rows)
    return written.getvalue().encode("utf-8-sig")


def _written(cell: Cell) -> Cell:
    """The cell as text has it: with a decimal comma, for a Swedish program makes a day of 31.5."""
    if isinstance(cell, float):
        return str(cell).replace(".", ",")
    kept = neutral(cell)
    return RUN_WHEN_SPLIT.sub(r"\1'", kept) if isinstance(kept, str) else kept


def xlsx_file(tables: Sequence[Table], *, right_to_left: bool = False) -> bytes:
    """A workbook with a sheet for each table: the head in bold, and it stays in sight."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = ""
    taken: set[str] = set()
    for table in tables:
        sheet = book.create_sheet(_sheet_name(table.name, taken))
        sheet.sheet_view.rightToLeft = right_to_left
        sheet.freeze_panes = "A2"
        for number, row in enumerate([table.head, *table.rows], start=1):
            for column, value in enumerate(row, start=1):
                cell = sheet.cell(number, column, neutral(value))
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.font = Font(bold=number == 1)
        for column, width in enumerate(_widths(table), start=1):
            sheet.column_dimensions[get_column_letter(column)].width = width
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _widths(table: Table) -> list[int]:
    columns = zip(*[table.head, *table.rows], strict=True)
    return [max(NARROWEST, min(WIDEST, 2 + max(len(str(cell)) for cell in column))) for column in columns]


def _sheet_name(name: str, taken: set[str]) -> str:
    """The name as a sheet may be called, and no two alike."""
    plain = one_line(FORBIDDEN_IN_NAMES.sub(" ", without_controls(name)))[:LONGEST_NAME] or "–"
    numbered = (f"{plain[: LONGEST_NAME - 4]} {number}" for number in range(2, len(taken) + 3))
    chosen = next(one for one in (plain, *numbered) if one.casefold() not in taken)
    taken.add(chosen.casefold())
    return chosen


def download(tables: Sequence[Table], name: str, kind: str, *, right_to_left: bool = False) -> Response:
    """The answer that a browser saves as `<name>.csv` or `<name>.xlsx`; `kind` says which.

    `name` is ours: small letters, digits and hyphens.
    """
    if kind == "csv":
        answer = Response(csv_file(tables), mimetype="text/csv")
    else:
        answer = Response(xlsx_file(tables, right_to_left=right_to_left), mimetype=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer
