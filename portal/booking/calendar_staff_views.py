"""A coach's own calendars: where the meetings are read, what is read elsewhere, and a meeting by its link."""

import uuid

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.availability.outside import queries as outside_queries
from portal.availability.outside import service as outside
from portal.availability.outside.address_rules import WrongAddress
from portal.availability.outside.forms import CalendarForm
from portal.availability.outside.rules import MOST_CALENDARS
from portal.availability.outside.words import PROBLEMS, WRONG
from portal.booking import clash_queries, feed_queries, feed_service, queries, week_queries
from portal.booking.network.company_queries import is_guest
from portal.config import Settings
from portal.db import session
from portal.web.access import staff, viewer
from portal.web.formats import local

staff_bp = Blueprint("calendars_staff", __name__, url_prefix="/staff")


def _page(token: str = "", form: CalendarForm | None = None) -> str:
    now = clock.now()
    settings: Settings = current_app.config["STIGEN"]
    address = settings.public_base_url + url_for("feed.read_feed", token=token) if token else ""
    return render_template(
        "booking/calendars.html",
        feed=feed_queries.own_feed(session(), viewer()),
        address=address,
        outside=outside_queries.own_calendars(session(), viewer(), now),
        clashes=clash_queries.clashes(session(), viewer(), now),
        form=form or CalendarForm(formdata=None),
        problems=PROBLEMS,
    )


def _done() -> ResponseReturnValue:
    return redirect(url_for("calendars_staff.show_calendars"), 303)


@staff_bp.get("/availability/calendars")
@staff("coach", "lead")
def show_calendars() -> ResponseReturnValue:
    """What leaves for the coach's own calendar, and what comes in from there."""
    return _page()


@staff_bp.post("/availability/calendars/feed")
@staff("coach", "lead")
def make_feed() -> ResponseReturnValue:
    """A new address, shown in this answer and never again; the old one is dead."""
    return _page(feed_service.make(session(), viewer(), clock.now()))


@staff_bp.post("/availability/calendars/feed/end")
@staff("coach", "lead")
def end_feed() -> ResponseReturnValue:
    """The address is dead."""
    feed_service.end(session(), viewer())
    flash(_("Adressen fungerar inte längre."))
    return _done()


@staff_bp.post("/availability/calendars/outside")
@staff("coach", "lead")
def add_outside() -> ResponseReturnValue:
    """Another calendar; it is read by the worker, never here."""
    form = CalendarForm()
    if form.validate_on_submit():
        try:
            outside.add(session(), viewer(), form.address.data or "", clock.now())
        except WrongAddress as wrong:
            form.address.errors = [WRONG[wrong.code]]
        except outside.TooMany:
            form.address.errors = [
                _("Du har redan %(most)s kalendrar. Ta bort en först.", most=MOST_CALENDARS)
            ]
        else:
            flash(_("Sparat. Kalendern läses inom några minuter."))
            return _done()
    return _page(form=form), 422


@staff_bp.post("/availability/calendars/outside/<uuid:calendar_id>/remove")
@staff("coach", "lead")
def remove_outside(calendar_id: uuid.UUID) -> ResponseReturnValue:
    """The calendar counts no longer."""
    outside.remove(session(), viewer(), calendar_id)
    flash(_("Kalendern är borttagen."))
    return _done()


@staff_bp.get("/meetings/<uuid:meeting_id>")
@staff("coach", "lead")
def open_meeting(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """From a link that names a meeting alone to the page of whoever it is with.

    Of a meeting that a former coach or a stand-in holds nothing else may be open: that leads to its day in
    their week.
    """
    alone = week_queries.held_alone_at(session(), viewer(), meeting_id)
    if alone is not None:
        return redirect(f"/staff/week?from={local(alone).date()}", 303)
    if is_guest(session(), viewer(), meeting_id):
        return redirect(url_for("network_staff.asked", meeting_id=meeting_id), 303)
    found = queries.meeting(session(), viewer(), meeting_id, clock.now())
    return redirect(url_for("booking_staff.show_meetings", person_id=found.person_id), 303)
