"""The coach's side: whether an interpreter is to be there, the code to read aloud, and closing again."""

import uuid

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal import clock
from portal.availability.rooms.service import TooSmall
from portal.booking import interpreter_service
from portal.booking import queries as booking
from portal.booking.forms import InterpreterForm
from portal.booking.rules import BOOKED
from portal.booking.service import NotBooked
from portal.booking.shown_queries import Meeting
from portal.booking.time_service import TooLate
from portal.db import session
from portal.identity.people.head_queries import headed
from portal.identity.signin.rules import in_groups
from portal.interpreter import order_queries
from portal.interpreter.forms import ShownForm
from portal.interpreting import order_words, queries, service
from portal.interpreting.order_queries import usual_wish
from portal.interpreting.order_rules import OrderWish
from portal.interpreting.rules import Talk
from portal.plan import talk_queries
from portal.web.access import staff, viewer

staff_bp = Blueprint(
    "interpreter_staff",
    __name__,
    url_prefix="/staff/people/<uuid:person_id>/meetings/<uuid:meeting_id>/interpreter",
)


@staff_bp.get("")
@staff("coach", "lead")
def show(person_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """How it stands: the language, what the interpreter will read, whether somebody is in."""
    return _page(_meeting(person_id, meeting_id))


@staff_bp.post("/language")
@staff("coach", "lead")
def set_language(person_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """An interpreter of this language is to be there, or none."""
    meeting = _meeting(person_id, meeting_id)
    form = InterpreterForm()
    form.offer(meeting.interpreter, "")
    if not form.validate_on_submit():
        return _page(meeting, form), 422
    chosen = form.language.data or ""
    try:
        interpreter_service.set_interpreter(
            session(), viewer(), meeting_id, chosen, clock.now(), form.order_wish
        )
    except (NotBooked, TooLate):
        return _back(meeting, _("Mötet är avbokat, eller har redan varit."), "ribbon")
    except TooSmall as small:
        form.language.errors = [_too_small(small)]
        return _page(meeting, form), 422
    return _back(
        meeting,
        _("Sparat. Mötet står på listan över möten som behöver tolk.") if chosen else _("Ingen tolk."),
    )


@staff_bp.post("/code")
@staff("coach", "lead")
def make_code(person_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """A code to read aloud. It stands on this one answer and nowhere else."""
    meeting, now = _meeting(person_id, meeting_id), clock.now()
    if not meeting.interpreter or meeting.state != BOOKED:
        return _back(meeting, _("Välj först tolkens språk."), "sun")
    items = talk_queries.for_coach(session(), viewer(), person_id, meeting.interpreter, now)
    form = ShownForm()
    form.offer(items)
    if not form.validate_on_submit():
        return _page(meeting, shown=form), 422
    try:
        code = service.let_in(
            session(), viewer(), talk_of(meeting), language=meeting.interpreter, shown=form.ticked, now=now
        )
    except service.TooEarly:
        return _back(meeting, _("Koden kan visas tidigast 24 timmar före mötet."), "sun")
    except service.Over:
        return _back(meeting, _("Mötet är slut."), "sun")
    except service.Hidden:
        return _back(meeting, _("Personen har skyddade uppgifter. Då kan ingen tolk läsa här."), "sun")
    return _page(meeting, code=in_groups(code))


@staff_bp.post("/close")
@staff("coach", "lead")
def close(person_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Nobody reads any more, and no code works."""
    meeting = _meeting(person_id, meeting_id)
    service.shut_out(session(), viewer(), talk_of(meeting), clock.now())
    return _back(meeting, _("Stängt. Tolken ser ingenting längre."))


def _too_small(small: TooSmall) -> str:
    return ngettext(
        "Rummet har %(num)s plats, och ni blir %(needed)s. Byt rum på mötet först.",
        "Rummet har %(num)s platser, och ni blir %(needed)s. Byt rum på mötet först.",
        small.seats,
        needed=small.needed,
    )


def talk_of(meeting: Meeting) -> Talk:
    """A meeting as the interpreters' room knows it."""
    return Talk(meeting.id, meeting.person_id, meeting.starts_at, meeting.ends_at)


def _meeting(person_id: uuid.UUID, meeting_id: uuid.UUID) -> Meeting:
    return booking.meeting_of(session(), viewer(), person_id, meeting_id, clock.now())


def _page(
    meeting: Meeting, form: InterpreterForm | None = None, *, shown: ShownForm | None = None, code: str = ""
) -> str:
    asker, now = viewer(), clock.now()
    person = headed(session(), asker, meeting.person_id, now, what="meetings")
    standing = queries.standing(session(), meeting.id, now)
    items = talk_queries.for_coach(session(), asker, person.id, meeting.interpreter or "sv", now)
    ordered = order_queries.of_meeting(session(), asker, meeting.id, now)
    order = next(iter(ordered.open), None)
    if form is None:
        form = InterpreterForm(formdata=None)
        form.offer(meeting.interpreter, person.language)
        wished = OrderWish(order.dialect, order.gender, order.way) if order else None
        form.begin_wish(wished or usual_wish(session(), person.id))
    if shown is None:
        shown = ShownForm(formdata=None)
        shown.offer(items, standing.shown)
    return render_template(
        "interpreter/staff.html",
        m=meeting,
        order=order,
        to_tell=ordered.to_tell,
        order_words=order_words,
        person=person,
        form=form,
        shown=shown,
        standing=standing,
        talk=talk_of(meeting),
        now=now,
        code=code,
        address=f"{current_app.config['STIGEN'].public_base_url.partition('://')[2]}/tolk",
    )


def _back(meeting: Meeting, said: str, tone: str = "pine") -> ResponseReturnValue:
    flash(said, tone)
    return redirect(
        url_for("interpreter_staff.show", person_id=meeting.person_id, meeting_id=meeting.id), 303
    )
