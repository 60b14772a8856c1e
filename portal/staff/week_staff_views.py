"""A coach's week, and booking somebody on a free time in it."""

import uuid
from datetime import date, datetime, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.booking import words as booking
from portal.booking.back_rules import to_week, week_page
from portal.booking.rules import read_start, write_start
from portal.booking.topic_queries import topics_of
from portal.clock import now
from portal.db import session
from portal.identity.absence.desk_queries import nothing
from portal.staff import choose_queries, week_queries, week_words
from portal.staff import week_rules as rules
from portal.staff.week_queries import Week
from portal.web.access import late, staff, viewer
from portal.web.forms import TEXT_MAX
from portal.web.signs import has_controls

staff_bp = Blueprint("week", __name__, url_prefix="/staff/week")
DESK = ("coach", "lead")
SEVEN = timedelta(days=7)


def _today() -> date:
    return now().astimezone(viewer().zone).date()


def _coach(given: str | None) -> uuid.UUID | None:
    """The coach whom an address names; None for the asker. Raises NoResultFound for what is no id."""
    try:
        return uuid.UUID(given) if given else None
    except ValueError:
        raise nothing() from None


@staff_bp.get("")
@staff(*DESK)
def show_week() -> ResponseReturnValue:
    """The asker's own week, or of a coach whose week they may look at; `from` is any day of it."""
    asked, today = request.args.get("from", ""), _today()
    day = rules.read_day(asked, today) if asked else today
    coach_id = _coach(request.args.get("coach"))
    page = week_queries.week(session(), viewer(), coach_id, day or today, now())
    coach = None if page.whose.own else page.whose.coach_id
    return render_template(
        "staff/week.html",
        week=page,
        words=week_words,
        topics=topics_of(session(), viewer(), page.own_meetings),
        meeting_words=booking,
        # What a form leads back to: the day whose entry was tapped.
        back=lambda on: to_week(on, coach),
        coach=coach,
        links=_links(page, coach),
        asked=asked,
        wrong=_("Det datumet finns inte. Här är den här veckan.") if day is None else "",
        whole="past" in request.args,
        removed=request.args.get("removed", type=uuid.UUID),
        write_start=write_start,
    )


def _links(page: Week, coach: uuid.UUID | None) -> dict[str, str]:
    """The weeks beside this one, and today."""
    today = page.today
    return {
        "before": week_page(page.monday - SEVEN, coach),
        "after": week_page(page.monday + SEVEN, coach),
        "today": week_page(today, coach),
        "whole": url_for("week.show_week", coach=coach, past=1),
    }


@staff_bp.get("/book")
@staff(*DESK)
def choose_whom() -> ResponseReturnValue:
    """Whom to book on a free time: whom the coach met last stands first."""
    at = read_start(request.args.get("at", ""))
    if at is None:
        return redirect(url_for("week.show_week"), 303)
    return _choose(_coach(request.args.get("coach")), at)


@staff_bp.post("/book")
@staff(*DESK)
@late
def search_whom() -> ResponseReturnValue:
    """Search by name or number; by POST, so that neither stands in an address (S44)."""
    at = read_start(request.form.get("at", ""))
    if at is None:
        return redirect(url_for("week.show_week"), 303)
    typed = request.form.get("q", "").strip()[:TEXT_MAX]
    return _choose(_coach(request.form.get("coach")), at, "" if has_controls(typed) else typed)


def _choose(coach_id: uuid.UUID | None, at: datetime, query: str = "") -> ResponseReturnValue:
    who = week_queries.whose(session(), viewer(), coach_id, _today())
    coach = None if who.own else who.coach_id
    day = at.astimezone(viewer().zone).date()
    return render_template(
        "staff/week_book.html",
        who=who,
        coach=coach,
        at=at,
        starts=week_queries.starts_in(session(), viewer(), who.coach_id, at, now()),
        found=choose_queries.choices(session(), viewer(), who.coach_id, now(), query=query),
        query=query,
        back=to_week(day, coach),
        to_week=week_page(day, coach),
        write_start=write_start,
    )
