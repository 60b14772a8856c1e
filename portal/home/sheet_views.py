"""A participant's own attendance by month: to sign what is missing, and to take it along."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from portal import clock
from portal.attendance import sheet_views, words
from portal.attendance.rules import month_before, month_of, next_month
from portal.attendance.sheet_rules import Sheet, in_order
from portal.booking import sheet_queries as meetings
from portal.db import session
from portal.groups import sheet_queries as groups
from portal.identity.signin.queries import own_person
from portal.journal import service as journal
from portal.web.access import participant, viewer
from portal.web.formats import local

bp = Blueprint("my_sheet", __name__, url_prefix="/me/attendance")


def _sheet() -> Sheet:
    present = local(clock.now()).date().replace(day=1)
    month = month_of(request.args.get("month", "")) or present
    asker = viewer()
    asked = (session(), asker, asker.person_id, month, clock.now())
    lines = in_order(meetings.month_of(*asked), groups.month_of(*asked))
    return Sheet(own_person(session(), asker).name, month, lines)


@bp.get("")
@participant(tier=2)
def show() -> ResponseReturnValue:
    """The participant's meetings of a month, the latest first, with what is signed."""
    sheet = _sheet()
    return render_template(
        "attendance/own_sheet.html",
        sheet=sheet,
        words=words,
        before=month_before(sheet.month),
        after=next_month(sheet.month) if sheet.month < local(clock.now()).date().replace(day=1) else None,
    )


@bp.get("/pdf")
@participant(tier=2)
def take_out() -> Response:
    """The month as a PDF; it is noted (S42)."""
    sheet = _sheet()
    journal.note(session(), viewer(), action="export", kind="attendance", subject=viewer().person_id)
    return sheet_views.answer(sheet, viewer().house.name, "pdf", clock.now())
