"""A participant's way on the organisation's stairs, for the coach: dated records, with their trail."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal import clock
from portal.db import session
from portal.plan import stair_queries, stair_service, words
from portal.plan.page_staff_views import back, page
from portal.plan.stair_forms import move_form
from portal.web.access import staff, viewer
from portal.web.errors import Refused
from portal.web.formats import local

bp = Blueprint("stair", __name__, url_prefix="/stair")


@bp.route("", methods=["GET", "POST"])
@staff("coach", "lead")
def show_stair(person_id: UUID) -> ResponseReturnValue:
    """Where the person is, every record, and a form for one more."""
    stair = stair_queries.persons_stair(session(), viewer(), person_id)
    form = move_form(stair.steps, local(clock.now()).date())
    if form.validate_on_submit():
        try:
            stair_service.move(
                session(),
                viewer(),
                person_id=person_id,
                move_id=form.move_uuid,
                code=form.code.data,
                on=form.day,
                words=form.words.data or "",
                now=clock.now(),
            )
        except stair_service.WrongDay as wrong:
            form.blame(wrong.problem)
        except Refused as refused:
            form.form_errors = words.kept(refused)
        else:
            return _back(person_id, _("Sparat på trappan."))
    return page("plan/staff_stair.html", person_id, "stair", form=form, stair=stair)


@bp.route("/<uuid:move_id>", methods=["GET", "POST"])
@staff("coach", "lead")
def correct_move(person_id: UUID, move_id: UUID) -> ResponseReturnValue:
    """One record is put right; the wrong one is struck and stays to be read."""
    stair = stair_queries.persons_stair(session(), viewer(), person_id)
    wrong = next((one for one in stair.moves if one.id == move_id), None)
    if wrong is None:
        raise NotFound
    form = move_form(stair.steps, local(clock.now()).date(), wrong)
    if form.validate_on_submit():
        try:
            stair_service.correct(
                session(),
                viewer(),
                person_id=person_id,
                wrong_id=move_id,
                move_id=form.move_uuid,
                code=form.code.data,
                on=form.day,
                words=form.words.data or "",
                now=clock.now(),
            )
        except stair_service.WrongDay as problem:
            form.blame(problem.problem)
        except Refused as refused:
            form.form_errors = words.kept(refused)
        else:
            return _back(person_id, _("Rättat. Det gamla går att läsa i listan."))
    return page("plan/staff_stair_move.html", person_id, "stair", form=form, stair=stair, wrong=wrong)


@bp.post("/<uuid:move_id>/strike")
@staff("coach", "lead")
def strike_move(person_id: UUID, move_id: UUID) -> ResponseReturnValue:
    """A record that should not be there is struck."""
    try:
        stair_service.strike(session(), viewer(), person_id=person_id, move_id=move_id, now=clock.now())
    except Refused as refused:
        return _back(person_id, words.refusal(refused), "sun")
    return _back(person_id, _("Struket. Det går att läsa i listan."))


def _back(person_id: UUID, said: str, tone: str = "pine") -> ResponseReturnValue:
    return back("plan_staff.stair.show_stair", person_id, said, tone)
