"""A participant's attendance by month: looked at, printed, and taken out for a fund."""

import uuid
from datetime import date

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from portal import clock
from portal.attendance import sheet_views, words
from portal.attendance.rules import month_before, month_of, next_month
from portal.attendance.sheet_rules import Sheet, in_order
from portal.booking import sheet_queries as meetings
from portal.db import session
from portal.groups import sheet_queries as groups
from portal.identity.people.head_queries import headed
from portal.identity.people.person_queries import Head
from portal.journal import service as journal
from portal.web.access import staff, viewer
from portal.web.formats import local

staff_bp = Blueprint("sheet", __name__, url_prefix="/staff/people/<uuid:person_id>/attendance")


def _sheet(person_id: uuid.UUID) -> tuple[Head, Sheet, date]:
    """Who it is, the month that the address names, and the present month."""
    present = local(clock.now()).date().replace(day=1)
    month = month_of(request.args.get("month", "")) or present
    person = headed(session(), viewer(), person_id, clock.now(), what="attendance")
    asked = (session(), viewer(), person_id, month, clock.now())
    lines = in_order(meetings.month_of(*asked), groups.month_of(*asked))
    return person, Sheet(person.name, month, lines), present


@staff_bp.get("")
@staff("coach", "lead")
def show(person_id: uuid.UUID) -> ResponseReturnValue:
    """One month: what was, how long, who has signed, and what is missing."""
    person, sheet, present = _sheet(person_id)
    return render_template(
        "attendance/staff_sheet.html",
        person=person,
        sheet=sheet,
        words=words,
        before=month_before(sheet.month),
        after=next_month(sheet.month) if sheet.month < present else None,
    )


@staff_bp.get("/<any(pdf,csv,xlsx):kind>")
@staff("coach", "lead")
def take_out(person_id: uuid.UUID, kind: str) -> Response:
    """The month as a file; it is noted (S42)."""
    _person, sheet, _present = _sheet(person_id)
    journal.note(session(), viewer(), action="export", kind="attendance", subject=person_id)
    return sheet_views.answer(sheet, viewer().house.name, kind, clock.now())
