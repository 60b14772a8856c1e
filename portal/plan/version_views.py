"""What has changed in the participant's own plan, and how it looked before."""

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from portal import clock
from portal.db import session
from portal.plan import change_queries, version_queries, words
from portal.plan.version_words import SayPast
from portal.web.access import participant, viewer

bp = Blueprint("versions", __name__, url_prefix="/plan/changes")
A_PAGE = 20
"""Ours: as many as somebody scrolls through."""


@bp.get("")
@participant(tier=2)
def show_changes() -> ResponseReturnValue:
    """What has happened to the plan, the latest first."""
    changes = change_queries.own_changes(session(), viewer())[::-1]
    first = max(request.args.get("from", type=int, default=0), 0)
    return render_template(
        "plan/changes.html",
        changes=changes[first : first + A_PAGE],
        more=first + A_PAGE if len(changes) > first + A_PAGE else None,
        say=words.change_sentence,
    )


@bp.get("/<day>")
@participant(tier=2)
def show_version(day: str) -> ResponseReturnValue:
    """The plan as it was when that day ended."""
    on = read_day(day, clock.now().astimezone(viewer().zone).date())
    past = version_queries.own_past(session(), viewer(), on, clock.now())
    return render_template("plan/version.html", past=past, day=on, say=SayPast(past, own=True))


def read_day(text: str, today: date) -> date:
    """A day in an address. Raises NotFound for what is none, and for one that has not come."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NotFound from None
    if day > today:
        raise NotFound
    return day
