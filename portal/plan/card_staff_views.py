"""A participant's card for the coach: to read, to print, and to propose something for it."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.db import session
from portal.plan import card_queries, card_service, card_words, words
from portal.plan.card_forms import propose_form
from portal.plan.page_staff_views import back, page
from portal.web.access import staff, viewer
from portal.web.errors import Refused

bp = Blueprint("card", __name__, url_prefix="/card")


@bp.route("", methods=["GET", "POST"])
@staff("coach", "lead")
def show_card(person_id: UUID) -> ResponseReturnValue:
    """What stands on the card, what waits for a yes, and a form for one more proposal."""
    card = card_queries.persons_card(session(), viewer(), person_id)
    form = propose_form(viewer().language)
    if form.validate_on_submit():
        row_id, entry = form.proposed()
        try:
            card_service.propose(
                session(), viewer(), person_id=person_id, row_id=row_id, entry=entry, now=clock.now()
            )
        except Refused as refused:
            form.form_errors = words.kept(refused)
        else:
            return _back(person_id, _("Förslaget väntar på deltagarens ja."))
    return page("plan/staff_card.html", person_id, "card", card=card, form=form, say=card_words)


@bp.post("/<uuid:row_id>/withdraw")
@staff("coach", "lead")
def withdraw(person_id: UUID, row_id: UUID) -> ResponseReturnValue:
    """A proposal that nobody has answered is taken back."""
    try:
        card_service.withdraw(session(), viewer(), person_id=person_id, row_id=row_id, now=clock.now())
    except Refused as refused:
        return _back(person_id, words.refusal(refused), "sun")
    return _back(person_id, _("Förslaget är borta."))


def _back(person_id: UUID, said: str, tone: str = "pine") -> ResponseReturnValue:
    return back("plan_staff.card.show_card", person_id, said, tone)
