"""The attendance of all one's participants by month: what lacks, and all the sheets at once."""

from datetime import date

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from portal import clock
from portal.attendance import sheet_views, words
from portal.attendance.rules import month_before, month_of, next_month
from portal.db import session
from portal.staff import sheet_queries
from portal.web.access import staff, viewer
from portal.web.formats import local

staff_bp = Blueprint("sheets", __name__, url_prefix="/staff/attendance")
DESK = ("coach", "lead")


def _months() -> tuple[date, date]:
    """The month that the address names, and the present one."""
    present = local(clock.now()).date().replace(day=1)
    return month_of(request.args.get("month", "")) or present, present


@staff_bp.get("")
@staff(*DESK)
def show() -> ResponseReturnValue:
    """Whose notes and signatures lack in one month; with `show=all` everybody who met somebody."""
    month, present = _months()
    everybody = request.args.get("show") == "all"
    number = request.args.get("page", 1, type=int)
    return render_template(
        "attendance/staff_sheets.html",
        found=sheet_queries.overview(
            session(), viewer(), month, clock.now(), everybody=everybody, number=number
        ),
        everybody=everybody,
        words=words,
        before=month_before(month),
        after=next_month(month) if month < present else None,
    )


@staff_bp.get("/<any(pdf,csv,xlsx):kind>")
@staff(*DESK)
def take_out(kind: str) -> Response:
    """Everybody's month as one file; it is noted for each (S42)."""
    month, _present = _months()
    sheets = sheet_queries.taken_out(session(), viewer(), month, clock.now())
    return sheet_views.answer_all(sheets, month, viewer().house.name, kind, clock.now())
