"""The coach's side of what a participant says of a change: the talk, and taking its record back."""

from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.db import session
from portal.plan import news_queries, news_service, news_words, words
from portal.plan.news_forms import talk_form
from portal.plan.page_staff_views import back, page
from portal.plan.service import NotFromHere
from portal.web.access import staff, viewer
from portal.web.errors import Refused
from portal.web.forms import moment

bp = Blueprint("news", __name__)


@bp.route("/questions", methods=["GET", "POST"])
@staff("coach", "lead")
def record_talk(person_id: UUID) -> ResponseReturnValue:
    """Which of the participant's questions have you talked about, and what came of it?"""
    waiting = news_queries.questions_of(session(), viewer(), person_id)
    form = talk_form(waiting)
    if form.validate_on_submit():
        try:
            news_service.talk(
                session(),
                viewer(),
                person_id=person_id,
                answer_ids=form.answer_ids,
                outcome=form.outcome.data,
                words=form.words.data or "",
                now=clock.now(),
            )
        except Refused as refused:
            form.form_errors = words.kept(refused)
        else:
            return _back(person_id, _("Samtalet är sparat. Deltagaren ser det i sin plan."))
    return page("plan/staff_questions.html", person_id, "plan", form=form, waiting=waiting, say=news_words)


@bp.post("/questions/<uuid:answer_id>/reopen")
@staff("coach", "lead")
def reopen(person_id: UUID, answer_id: UUID) -> ResponseReturnValue:
    """A talk that was recorded by mistake is taken back."""
    waits = news_service.reopen(
        session(),
        viewer(),
        person_id=person_id,
        answer_id=answer_id,
        talked_at=moment(request.form.get("talked_at", "")),
    )
    if not waits:
        return _back(person_id, words.refusal(NotFromHere()), "sun")
    return _back(person_id, _("Frågan väntar på ett samtal igen."))


def _back(person_id: UUID, said: str, tone: str = "pine") -> ResponseReturnValue:
    return back("plan_staff.show_plan", person_id, said, tone)
