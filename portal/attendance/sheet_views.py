"""A sheet as an answer that a browser saves: always in Swedish, as the fund reads it."""

from datetime import datetime

from flask import Response, g
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.attendance import words
from portal.attendance.sheet_rules import Sheet
from portal.languages import SWEDISH
from portal.web.formats import month_words, short_day, time_text
from portal.web.pdf import table_pdf
from portal.web.tables import download

WIDTHS = (9, 13, 11, 11, 7, 12, 20, 22, 24)
"""The columns of the sheet, as parts of a page."""


def answer(sheet: Sheet, house: str, kind: str, now: datetime) -> Response:
    """What can be told of the sheet as `pdf`, `csv` or `xlsx`; `house` is the organisation's name."""
    sheet = sheet.told
    name = f"narvaro-{sheet.month:%Y-%m}"
    g.language = SWEDISH.code
    with force_locale(SWEDISH.babel):
        if kind != "pdf":
            return download([words.table(sheet)], name, kind)
        content = _pdf(sheet, house, now)
    made = Response(content, mimetype="application/pdf")
    made.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return made


def _pdf(sheet: Sheet, house: str, now: datetime) -> bytes:
    title = _("Närvaro %(month)s: %(name)s", month=month_words(sheet.month), name=sheet.name)
    made = _("Utskriven %(day)s %(time)s.", day=short_day(now), time=time_text(now))
    return table_pdf(
        words.table(sheet),
        title=title,
        above=[line for line in (house,) if line],
        below=[*words.sum_words(sheet), made],
        widths=WIDTHS,
        language=SWEDISH.babel,
        made_at=now,
    )
