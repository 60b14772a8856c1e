"""The participant's own plan: read it, write the goal, finish a step, ask for help."""

from collections.abc import Callable
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal import clock
from portal.db import session
from portal.organisation.queries import phone_of
from portal.plan import (
    card_views,
    help_service,
    news_views,
    queries,
    service,
    stair_queries,
    version_views,
    words,
)
from portal.plan.forms import GoalForm, HelpForm
from portal.web.access import participant, viewer
from portal.web.errors import Refused

bp = Blueprint("plan", __name__)
for part in (news_views.bp, card_views.bp, version_views.bp):
    bp.register_blueprint(part)


@bp.get("/plan")
@participant(tier=2)
def show_plan() -> ResponseReturnValue:
    """The goal, what is next, and the trail."""
    asker, now = viewer(), clock.now()
    page = queries.own_plan(session(), asker, now)
    waiting = any(row.is_open for row in page.helps)
    phone = phone_of(session(), asker) if waiting else ""
    say = words.Say(asker.language, now.astimezone(asker.zone).date(), phone)
    place = stair_queries.own_place(session(), asker)
    return render_template("plan/plan.html", page=page, place=place, say=say)


@bp.route("/plan/goal", methods=["GET", "POST"])
@participant(tier=2)
def write_goal() -> ResponseReturnValue:
    """The goal in the participant's own words."""
    asker, now = viewer(), clock.now()
    page = queries.own_plan(session(), asker, now)
    form = GoalForm(data={"goal": page.goal, "version": page.goal_version})
    form.offer(asker.language)
    if request.method == "GET" and page.enrolled and not page.can_change:
        return _back(words.refusal(service.NotOpen()), "sun")
    if not form.validate_on_submit():
        return render_template("plan/goal.html", form=form, other=None), _status()
    try:
        service.write_goal(
            session(),
            asker,
            person_id=asker.person_id,
            words=form.said,
            version=form.version_number,
            now=now,
        )
    except service.Stale:
        page = queries.own_plan(session(), asker, now)
        form.version.data = str(page.goal_version)
        return render_template("plan/goal.html", form=form, other=page.goal), 422
    except Refused as refused:
        form.form_errors = words.kept(refused)
        return render_template("plan/goal.html", form=form, other=None), 422
    return _back(_("Ditt mål är sparat."))


@bp.post("/plan/steps/<uuid:step_id>/done")
@participant(tier=2)
def finish_step(step_id: UUID) -> ResponseReturnValue:
    """The participant has done a step."""
    version = request.form.get("version", type=int, default=-1)
    return _attempt(
        lambda: service.finish(session(), viewer(), step_id=step_id, version=version, now=clock.now())
    )


@bp.post("/plan/steps/<uuid:step_id>/not-done")
@participant(tier=2)
def unfinish_step(step_id: UUID) -> ResponseReturnValue:
    """The participant takes "done" back."""
    return _attempt(lambda: service.unfinish(session(), viewer(), step_id=step_id, now=clock.now()))


@bp.route("/plan/steps/<uuid:step_id>/help", methods=["GET", "POST"])
@participant(tier=2)
def ask_help(step_id: UUID) -> ResponseReturnValue:
    """A question to the coach about a step."""
    asker, now = viewer(), clock.now()
    step = queries.own_step(session(), asker, step_id)
    if step.withdrawn and request.method == "GET":
        raise NotFound
    coach = queries.own_coach(session(), asker)
    form = HelpForm(data={"request_id": str(uuid4())})
    if form.validate_on_submit():
        try:
            help_service.ask_help(
                session(),
                asker,
                step_id=step_id,
                request_id=form.request_uuid,
                words=form.words.data or "",
                now=now,
            )
        except Refused as refused:
            form.form_errors = words.kept(refused)
        else:
            return _back(
                _("%(name)s har fått din fråga.", name=coach) if coach else _("Vi har fått din fråga.")
            )
    due_on = queries.promised_day(session(), asker, now)
    return render_template("plan/help.html", form=form, step=step, coach=coach, due_on=due_on), _status()


def _attempt(act: Callable[[], object], said: str = "") -> ResponseReturnValue:
    """Do it and go back to the plan, with a plain sentence when it could not be done."""
    try:
        act()
    except Refused as refused:
        return _back(words.refusal(refused), "sun")
    return _back(said)


def _back(said: str, tone: str = "pine") -> ResponseReturnValue:
    if said:
        flash(said, tone)
    return redirect(url_for("plan.show_plan"), 303)


def _status() -> int:
    return 422 if request.method == "POST" else 200
