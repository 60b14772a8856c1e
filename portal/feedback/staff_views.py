"""What a participant has answered, for the staff who may read it; and mending what staff typed."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now
from portal.db import session
from portal.feedback import queries, record_service, trail_queries
from portal.feedback.forms import CorrectForm
from portal.feedback.record_service import AnotherFirst, TooLate
from portal.feedback.trail_queries import Typed
from portal.identity import scope
from portal.identity.people import person_queries as people
from portal.instruments import pack_queries
from portal.instruments.scale_rules import recorded
from portal.organisation.queries import rules_of
from portal.web.access import staff, viewer
from portal.web.formats import day_words

staff_bp = Blueprint("feedback_staff", __name__, url_prefix="/staff")
ANSWERS = "/people/<uuid:person_id>/answers"


@staff_bp.get(ANSWERS)
@staff("coach", "lead")
def show_answers(person_id: uuid.UUID) -> ResponseReturnValue:
    """Each series with its curve, each line of each time, and what is begun but not sent."""
    person = scope.participant(session(), viewer(), person_id, what="answers")
    today = now().astimezone(viewer().zone).date()
    found = queries.series(session(), viewer(), person, words_of=today)
    on_scales = [entry.check_in_id for one in found if one.course for entry in one.entries]
    return render_template(
        "feedback/staff_answers.html",
        person=people.head(session(), viewer(), person, today),
        all_series=found,
        unsent=queries.unsent(session(), viewer(), person),
        scales=recorded(rules_of(session(), viewer())),
        silent=pack_queries.silent(session(), rules_of(session(), viewer()), today),
        mended=trail_queries.mended(session(), on_scales) if on_scales else [],
        typists=trail_queries.typists(session(), on_scales) if on_scales else {},
    )


@staff_bp.get(f"{ANSWERS}/<uuid:check_in_id>")
@staff("coach", "lead")
def show_typed(person_id: uuid.UUID, check_in_id: uuid.UUID) -> ResponseReturnValue:
    """What was typed from one paper form, with its total; undone or corrected from here."""
    found = trail_queries.typed_one(session(), viewer(), person_id, check_in_id, now())
    return _page("staff_typed", person_id, found, mended=trail_queries.mended(session(), [check_in_id]))


def _page(name: str, person_id: uuid.UUID, found: Typed, **more: object) -> str:
    today = now().astimezone(viewer().zone).date()
    person = scope.participant(session(), viewer(), person_id, what="answers")
    head = people.head(session(), viewer(), person, today)
    return render_template(f"feedback/{name}.html", person=head, typed=found, **more)


@staff_bp.post(f"{ANSWERS}/<uuid:check_in_id>/undo")
@staff("coach", "lead")
def undo_typed(person_id: uuid.UUID, check_in_id: uuid.UUID) -> ResponseReturnValue:
    """Take back what was typed a moment ago."""
    try:
        record_service.undo(session(), viewer(), person_id, check_in_id, now())
    except TooLate:
        flash(_("Det går inte att ångra längre. Du kan ändra talen."), "sun")
        here = url_for("feedback_staff.show_typed", person_id=person_id, check_in_id=check_in_id)
        return redirect(here, 303)
    flash(_("Talen är borttagna."))
    return redirect(url_for("feedback_staff.show_answers", person_id=person_id), 303)


@staff_bp.get(f"{ANSWERS}/<uuid:check_in_id>/correct")
@staff("coach", "lead")
def ask_correction(person_id: uuid.UUID, check_in_id: uuid.UUID) -> ResponseReturnValue:
    """The numbers as they stand, to be changed."""
    found = trail_queries.typed_one(session(), viewer(), person_id, check_in_id, now())
    form = CorrectForm.of(found.values)
    return _page("staff_correct", person_id, found, form=form)


@staff_bp.post(f"{ANSWERS}/<uuid:check_in_id>/correct")
@staff("coach", "lead")
def correct_typed(person_id: uuid.UUID, check_in_id: uuid.UUID) -> ResponseReturnValue:
    """Let other numbers stand; what stood before is kept beside them."""
    record_service.hold(session(), viewer(), person_id)
    found, form = trail_queries.typed_one(session(), viewer(), person_id, check_in_id, now()), CorrectForm()
    if not form.validate() or form.overtaken(CorrectForm.of(found.values)):
        return _page("staff_correct", person_id, found, form=form), 422
    numbers, reason, ticked = form.numbers(), form.reason.data or "", bool(form.first.data)
    try:
        record_service.correct(
            session(), viewer(), person_id, check_in_id, numbers, reason=reason, now=now(), moves_first=ticked
        )
    except AnotherFirst as moved:
        form.first.errors = [_another_first(found.instrument.key, moved)]
        return _page("staff_correct", person_id, found, form=form), 422
    flash(_("Talen är ändrade. Det som stod förut finns kvar i listan."))
    return redirect(url_for("feedback_staff.show_typed", person_id=person_id, check_in_id=check_in_id), 303)


def _another_first(scale: str, moved: AnotherFirst) -> str:
    return _(
        "Den första %(scale)s är från %(day)s. Med de här talen blir den från %(other)s den nya första, "
        "och all förändring räknas från den. Kontrollera talen, eller kryssa i rutan om det är rätt.",
        scale=scale.upper(),
        day=day_words(moved.was),
        other=day_words(moved.becomes),
    )
