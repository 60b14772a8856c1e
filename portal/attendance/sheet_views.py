"""Sheets as an answer that a browser saves: always in Swedish, as the fund reads them."""

from collections.abc import Sequence
from datetime import date, datetime

from flask import Response, g
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.attendance import words
from portal.attendance.sheet_rules import Sheet
from portal.languages import SWEDISH
from portal.web.formats import month_words, short_day, time_text
from portal.web.pdf import Paper, tables_pdf
from portal.web.tables import Table, download

WIDTHS = (9, 13, 11, 11, 7, 12, 20, 22, 24)
"""The columns of the sheet, as parts of a page."""


def answer(sheet: Sheet, house: str, kind: str, now: datetime) -> Response:
    """What can be told of the sheet as `pdf`, `csv` or `xlsx`; `house` is the organisation's name."""
    told = sheet.told
    g.language = SWEDISH.code
    with force_locale(SWEDISH.babel):
        paper = _paper(told, house, now)
        return _file([paper], words.table(told), f"narvaro-{sheet.month:%Y-%m}", kind, paper.title, now)


def answer_all(sheets: Sequence[Sheet], month: date, house: str, kind: str, now: datetime) -> Response:
    """The sheets of many, which the caller has found can be told: as `answer`.

    In a PDF each begins a page; `csv` and `xlsx` are one table, with whose line it is first.
    """
    g.language = SWEDISH.code
    with force_locale(SWEDISH.babel):
        title = _("Närvaro %(month)s", month=month_words(month))
        papers = [_paper(sheet, house, now) for sheet in sheets] if kind == "pdf" else []
        nobody = Paper(title, words.table(Sheet("", month, ())), [house], [_made(now)])
        name = f"narvaro-alla-{month:%Y-%m}"
        return _file(papers or [nobody], words.table_of_all(sheets), name, kind, title, now)


def _file(papers: Sequence[Paper], table: Table, name: str, kind: str, title: str, now: datetime) -> Response:
    if kind != "pdf":
        return download([table], name, kind)
    content = tables_pdf(papers, title=title, widths=WIDTHS, language=SWEDISH.babel, made_at=now)
    made = Response(content, mimetype="application/pdf")
    made.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return made


def _paper(sheet: Sheet, house: str, now: datetime) -> Paper:
    return Paper(
        _("Närvaro %(month)s: %(name)s", month=month_words(sheet.month), name=sheet.name),
        words.table(sheet),
        [line for line in (house,) if line],
        [*words.sum_words(sheet), _made(now)],
    )


def _made(now: datetime) -> str:
    return _("Utskriven %(day)s %(time)s.", day=short_day(now), time=time_text(now))
