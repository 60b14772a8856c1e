"""A participant's plan for the coach: write, add, order, change, pause, drop, take back, answer."""

from collections.abc import Callable
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.db import session
from portal.identity.people.head_queries import headed
from portal.plan import (
    card_staff_views,
    change_queries,
    help_service,
    news_staff_views,
    news_words,
    queries,
    rules,
    service,
    stair_staff_views,
    version_staff_views,
    words,
)
from portal.plan.forms import AnswerForm, StaffGoalForm, StaffPhrased, SubgoalForm, step_form
from portal.plan.rows import PlanPage
from portal.web.access import staff, viewer
from portal.web.errors import Refused
from portal.web.forms import Form, moment

NO_EVENT = UUID(int=0)

staff_bp = Blueprint("plan_staff", __name__, url_prefix="/staff/people/<uuid:person_id>/plan")
for part in (news_staff_views.bp, card_staff_views.bp, stair_staff_views.bp, version_staff_views.bp):
    staff_bp.register_blueprint(part)


@staff_bp.get("")
@staff("coach", "lead")
def show_plan(person_id: UUID) -> ResponseReturnValue:
    """The whole plan, what was changed last, and who waits for an answer."""
    page = _page(person_id)
    last = rules.last_change(change_queries.changes(session(), viewer(), person_id))
    return render_template(
        "plan/staff_plan.html",
        page=page,
        person=headed(session(), viewer(), person_id, clock.now(), what="plan"),
        person_id=person_id,
        last=last,
        say=_say(),
        asked=news_words,
    )


@staff_bp.get("/changes")
@staff("coach", "lead")
def show_changes(person_id: UUID) -> ResponseReturnValue:
    """Everything that has happened to the plan, the latest first."""
    page = _page(person_id)
    changes = change_queries.changes(session(), viewer(), person_id)
    return render_template(
        "plan/staff_changes.html",
        name=page.name,
        person_id=person_id,
        changes=changes[::-1],
        undone={change.undoes for change in changes},
        say=_say(),
    )


@staff_bp.route("/goal", methods=["GET", "POST"])
@staff("coach", "lead")
def write_goal(person_id: UUID) -> ResponseReturnValue:
    """The goal, written down by the coach in the participant's words."""
    page = _page(person_id)
    if _cannot_change(page):
        return _back(person_id, words.refusal(service.NotOpen()), "sun")
    form = StaffGoalForm(data={"goal": page.goal, "version": page.goal_version})
    form.offer()
    shown = {"form": form, "name": page.name, "person_id": person_id, "language": page.language}
    if form.looks() or not form.validate_on_submit():
        return render_template("plan/staff_goal.html", **shown, other=None), _status(form)
    try:
        service.write_goal(
            session(),
            viewer(),
            person_id=person_id,
            words=form.said,
            version=form.version_number,
            now=clock.now(),
        )
    except service.Stale:
        page = _page(person_id)
        form.version.data = str(page.goal_version)
        return render_template("plan/staff_goal.html", **shown, other=page.goal), 422
    except Refused as refused:
        form.form_errors = words.kept(refused)
        return render_template("plan/staff_goal.html", **shown, other=None), 422
    return _back(person_id, _("Målet är sparat."))


@staff_bp.route("/add/<any(step, subgoal):kind>", methods=["GET", "POST"])
@staff("coach", "lead")
def add_step(person_id: UUID, kind: str) -> ResponseReturnValue:
    """A new step or sub-goal."""
    page = _page(person_id)
    if _cannot_change(page):
        return _back(person_id, words.refusal(service.NotOpen()), "sun")
    form = step_form(kind, _say().today, page.subgoals)
    if form.looks() or not form.validate_on_submit():
        return _new_step_page(page, person_id, form, kind), _status(form)
    try:
        service.add_step(
            session(),
            viewer(),
            person_id=person_id,
            step_id=form.step_uuid,
            kind=kind,
            wording=form.wording(),
            now=clock.now(),
        )
    except Refused as refused:
        form.form_errors = words.kept(refused)
        return _new_step_page(page, person_id, form, kind), 422
    return _back(person_id, _("Tillagt i planen."))


@staff_bp.route("/steps/<uuid:step_id>", methods=["GET", "POST"])
@staff("coach", "lead")
def change_step(person_id: UUID, step_id: UUID) -> ResponseReturnValue:
    """Other words, another doer, another time."""
    page = _page(person_id)
    step = page.step(step_id)
    if step is None:
        return _step_is_gone(person_id, step_id, page)
    if _cannot_change(page):
        return _back(person_id, words.refusal(service.NotOpen()), "sun")
    form = step_form(step.kind, _say().today, page.subgoals, step)
    title = _("Ändra steget") if step.kind == "step" else _("Ändra delmålet")
    action = url_for("plan_staff.change_step", person_id=person_id, step_id=step_id)
    if form.looks() or not form.validate_on_submit():
        return _step_page(page, person_id, form, title, action), _status(form)
    try:
        service.change_step(
            session(),
            viewer(),
            person_id=person_id,
            step_id=step_id,
            wording=form.wording(),
            version=form.version_number,
            now=clock.now(),
        )
    except service.Stale:
        page = _page(person_id)
        step = queries.in_page(page, step_id)
        form.version.data = str(step.version)
        return _step_page(page, person_id, form, title, action, words.step_facts(step, page)), 422
    except Refused as refused:
        form.form_errors = words.kept(refused)
        return _step_page(page, person_id, form, title, action), 422
    return _back(person_id, _("Ändringen är sparad."))


@staff_bp.post("/steps/<uuid:step_id>/state")
@staff("coach", "lead")
def set_state(person_id: UUID, step_id: UUID) -> ResponseReturnValue:
    """Now, later, paused, done or dropped."""
    return _attempt(
        person_id,
        lambda: service.set_state(
            session(),
            viewer(),
            person_id=person_id,
            step_id=step_id,
            state=request.form.get("state", ""),
            version=_version(),
            now=clock.now(),
        ),
    )


@staff_bp.post("/steps/<uuid:step_id>/move")
@staff("coach", "lead")
def move_step(person_id: UUID, step_id: UUID) -> ResponseReturnValue:
    """One place up or down."""
    way = "up" if request.form.get("way") == "up" else "down"
    return _attempt(
        person_id,
        lambda: service.move(
            session(),
            viewer(),
            person_id=person_id,
            step_id=step_id,
            way=way,
            version=_version(),
            now=clock.now(),
        ),
    )


@staff_bp.post("/undo")
@staff("coach", "lead")
def undo_change(person_id: UUID) -> ResponseReturnValue:
    """The last change is taken back."""
    event_id = request.form.get("event", type=UUID, default=NO_EVENT)
    return _attempt(
        person_id,
        lambda: service.undo(session(), viewer(), person_id=person_id, event_id=event_id, now=clock.now()),
        _("Ändringen är ångrad."),
    )


@staff_bp.route("/help/<uuid:request_id>", methods=["GET", "POST"])
@staff("coach", "lead")
def answer_help(person_id: UUID, request_id: UUID) -> ResponseReturnValue:
    """What came of a question; the participant reads it."""
    row = queries.help_request(session(), viewer(), person_id, request_id)
    form = AnswerForm()
    shown = {"form": form, "person_id": person_id, "say": _say()}
    if not form.validate_on_submit():
        return render_template("plan/staff_help.html", **shown, row=row), _status(form)
    try:
        help_service.close_help(
            session(),
            viewer(),
            person_id=person_id,
            request_id=request_id,
            outcome=form.outcome.data,
            words=form.words.data or "",
            now=clock.now(),
        )
    except service.NotFromHere:
        row = queries.help_request(session(), viewer(), person_id, request_id)
        return render_template("plan/staff_help.html", **shown, row=row), 422
    return _back(person_id, _("Svaret är sparat. Deltagaren ser det i sin plan."))


@staff_bp.post("/help/<uuid:request_id>/reopen")
@staff("coach", "lead")
def reopen_help(person_id: UUID, request_id: UUID) -> ResponseReturnValue:
    """An answer that was recorded by mistake is taken back."""
    waits = help_service.reopen_help(
        session(),
        viewer(),
        person_id=person_id,
        request_id=request_id,
        answered_at=moment(request.form.get("answered_at", "")),
        now=clock.now(),
    )
    if not waits:
        return _back(person_id, words.refusal(service.NotFromHere()), "sun")
    return _back(person_id, _("Frågan väntar på svar igen."))


def _page(person_id: UUID) -> PlanPage:
    return queries.persons_plan(session(), viewer(), person_id, clock.now())


def _say() -> words.Say:
    asker = viewer()
    return words.Say(asker.language, clock.now().astimezone(asker.zone).date())


def _step_page(
    page: PlanPage,
    person_id: UUID,
    form: SubgoalForm,
    title: str,
    action: str,
    other: list[tuple[str, str]] | None = None,
) -> str:
    return render_template(
        "plan/staff_step.html",
        form=form,
        title=title,
        action=action,
        other=other,
        person_id=person_id,
        language=page.language,
    )


def _new_step_page(page: PlanPage, person_id: UUID, form: SubgoalForm, kind: str) -> str:
    title = _("Nytt steg") if kind == "step" else _("Nytt delmål")
    action = url_for("plan_staff.add_step", person_id=person_id, kind=kind)
    return _step_page(page, person_id, form, title, action)


def _step_is_gone(person_id: UUID, step_id: UUID, page: PlanPage) -> ResponseReturnValue:
    """What was written about a step that is taken back meanwhile, ready to be added anew."""
    step = queries.withdrawn_step(session(), viewer(), person_id, step_id)
    if request.method == "GET":
        return _back(person_id, words.refusal(service.Withdrawn()), "sun")
    form = step_form(step.kind, _say().today, page.subgoals)
    form.step_id.data = str(uuid4())
    form.form_errors = words.kept(service.Withdrawn())
    return _new_step_page(page, person_id, form, step.kind), 422


def _cannot_change(page: PlanPage) -> bool:
    """Whether nobody should begin to write, for it could not be saved."""
    return request.method == "GET" and not page.can_change


def _version() -> int:
    return request.form.get("version", type=int, default=-1)


def _attempt(person_id: UUID, act: Callable[[], object], said: str = "") -> ResponseReturnValue:
    """Do it and go back to the plan, with a plain sentence when it could not be done."""
    try:
        act()
    except Refused as refused:
        return _back(person_id, words.refusal(refused), "sun")
    return _back(person_id, said)


def _back(person_id: UUID, said: str, tone: str = "pine") -> ResponseReturnValue:
    if said:
        flash(said, tone)
    return redirect(url_for("plan_staff.show_plan", person_id=person_id), 303)


def _status(form: Form) -> int:
    """Of a page with a form: a ready phrase that was looked for is an answer, no refusal."""
    looked = isinstance(form, StaffPhrased) and form.looked
    return 422 if request.method == "POST" and not looked else 200
