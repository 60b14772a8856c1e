"""Tables to take out: what a spreadsheet program finds in them, and what it never runs (S27)."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.web.tables import Cell, Table, csv_file, download, neutral, xlsx_file

EVIL = ("=1+1", "+46", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1+1", "\u00a0=HYPERLINK()", "\x00=1")
TABLE = Table("Svar", ("Fråga", "Ja"), [("Tid", 27), ("=1+1", 4), (None, 0.5), (date(2026, 11, 24), -3)])


@pytest.mark.parametrize("text", EVIL)
def test_what_looks_like_a_formula_gets_a_mark_before_it(text: str) -> None:
    """S27"""
    assert str(neutral(text)).startswith("'")


@pytest.mark.parametrize("cell", ["Ja", "– nej", "a=b", "مرحبا", 27, -3, 0.5, None, date(2026, 1, 1), ""])
def test_everything_else_stays_as_it_is(cell: Cell) -> None:
    assert neutral(cell) == cell


@given(st.text())
def test_no_text_at_all_begins_as_a_formula(text: str) -> None:
    """S27: whatever is written, its cell begins with nothing that is run."""
    found = str(neutral(text))
    assert not found.lstrip().startswith(("=", "+", "-", "@"))
    assert not found.startswith(("\t", "\r", "\n"))


def test_a_csv_opens_in_a_swedish_spreadsheet_program() -> None:
    written = csv_file([TABLE])
    assert written.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(written.decode("utf-8-sig")), delimiter=";"))
    assert rows == [["Fråga", "Ja"], ["Tid", "27"], ["'=1+1", "4"], ["", "0,5"], ["2026-11-24", "-3"]]


def cells_of(texts: list[list[str]], separator: str) -> list[str]:
    """Every cell that a program finds in a file of these texts when it splits it at another separator."""
    written = csv_file([Table("Ord", ("A", "B"), texts)]).decode("utf-8-sig")
    return [cell for row in csv.reader(io.StringIO(written, newline=""), delimiter=separator) for cell in row]


@pytest.mark.parametrize(
    "text",
    [
        "Vård, =1+1,=HYPERLINK(A1)",
        'Vård,"=HYPERLINK(A1)&"',
        "Vård\n=1+1",
        "Vård|@SUM(A1)",
        "Vård, -2+3+cmd|' /C calc'!A0",
        "Vård,\u00a0+SUM(A1)",
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_no_part_of_a_text_becomes_a_formula(text: str, separator: str) -> None:
    """S27: whatever a program splits at."""
    assert not [
        cell
        for cell in cells_of([["Ja", text], [text, text]], separator)
        if cell.lstrip().startswith(("=", "+", "-", "@"))
    ]


@given(st.lists(st.lists(st.text('a=@,;|"\t\n '), min_size=2, max_size=2)), st.sampled_from(",;\t|"))
def test_no_part_of_any_text_becomes_a_formula(texts: list[list[str]], separator: str) -> None:
    """S27: in any company, in any place."""
    assert not [cell for cell in cells_of(texts, separator) if cell.lstrip().startswith(("=", "@"))]


@pytest.mark.parametrize(
    "text", ["smör, -bröd", "ring, +46 70 174 06 05", "sömn; - mat", "a, b=c", "två\n- rader", 'säg "ja"']
)
def test_a_text_that_only_looks_a_little_like_it_stays(text: str) -> None:
    assert text in cells_of([["Ja", text]], ";")


def test_several_tables_stand_one_after_another_with_their_names() -> None:
    rows = csv_file([TABLE, Table("=Två", ("A",), [])]).decode("utf-8-sig").split("\r\n")
    assert rows[0] == '"Svar"'
    assert rows[6:9] == ["", '"\'=Två"', '"A"']


def test_a_workbook_has_a_sheet_for_each_table_and_no_formula() -> None:
    """S27"""
    book = openpyxl.load_workbook(io.BytesIO(xlsx_file([TABLE, Table("Svar", ("A",), [("x" * 40_000,)])])))
    assert book.sheetnames == ["Svar", "Svar 2"]
    sheet = book["Svar"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(max_row=4)] == [
        ["Fråga", "Ja"],
        ["Tid", 27],
        ["'=1+1", 4],
        [None, 0.5],
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert sheet.freeze_panes == "A2"
    assert not sheet.sheet_view.rightToLeft


def test_names_that_sheets_cannot_have_are_mended() -> None:
    names = ["[a]:*?/\\'", "", "x" * 50, "X" * 50]
    book = openpyxl.load_workbook(io.BytesIO(xlsx_file([Table(name, ("A",), []) for name in names])))
    assert len(book.sheetnames) == 4
    assert all(0 < len(name) <= 31 for name in book.sheetnames)


def test_an_arabic_workbook_begins_at_the_right() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_file([TABLE], right_to_left=True)))
    assert book["Svar"].sheet_view.rightToLeft


@pytest.mark.parametrize("kind, mimetype", [("csv", "text/csv"), ("xlsx", "application/vnd.openxml")])
def test_a_browser_saves_it_under_its_name(app: Flask, kind: str, mimetype: str) -> None:
    with app.test_request_context():
        answer = download([TABLE], "svar", kind)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="svar.{kind}"'
    assert (answer.mimetype or "").startswith(mimetype)


def test_a_decimal_number_has_a_comma_in_text_and_stays_a_number_in_a_workbook() -> None:
    table = Table("Medel", ["Första"], [[31.5], [7]])
    assert csv_file([table]).decode("utf-8-sig").split() == ['"Första"', '"31,5"', "7"]
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_file([table]))).worksheets[0]
    assert [cell.value for cell in sheet["A"]] == ["Första", 31.5, 7]
