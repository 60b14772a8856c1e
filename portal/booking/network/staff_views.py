"""Meetings of several, for staff: finding a time that suits all, and who is asked to one."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.availability.rooms.service import Unsuited
from portal.availability.service import RoomTaken, Taken
from portal.availability.shown_rules import by_day
from portal.booking import queries, room_queries
from portal.booking import words as booking_words
from portal.booking.hold_service import CoachGone
from portal.booking.network import offer_queries, party_queries, rules, service
from portal.booking.network import staff_words as words
from portal.booking.network.company_queries import reached
from portal.booking.network.offer_queries import Times
from portal.booking.network.staff_forms import AboutForm, ColleagueForm, GuestForm, PlanForm
from portal.booking.rules import BOOKED, write_start
from portal.booking.service import NoCoach, NotBooked, OutsideHours
from portal.booking.shown_queries import Meeting
from portal.booking.time_service import TooLate
from portal.db import session
from portal.identity import scope
from portal.identity.people.head_queries import headed
from portal.interpreting.assign_service import CannotInterpret
from portal.interpreting.order_queries import register
from portal.notices import invitation_service
from portal.organisation.queries import rules_of
from portal.web.access import staff, viewer
from portal.web.errors import Refused
from portal.web.formats import local

staff_bp = Blueprint("network_staff", __name__, url_prefix="/staff")
DESK = ("coach", "lead")
REFUSED = (service.NoColleague, service.NotForProtected, service.TwiceThere, service.TooMany)
NEW = "/people/<uuid:person_id>/meetings/with-others"
ONE = "/people/<uuid:person_id>/meetings/<uuid:meeting_id>/with-others"


# A new meeting


def _plan_form(person_id: uuid.UUID, *, sent: bool) -> PlanForm:
    """The form as it was sent, by POST or as the address says it, or empty."""
    asked = request.args if "minutes" in request.args else None
    form = PlanForm() if sent else PlanForm(formdata=asked, meta={"csrf": False})
    colleagues = offer_queries.colleagues(session(), viewer(), person_id)
    modes, rooms = rules_of(session(), viewer()).modes, room_queries.choosable(session(), viewer())
    form.offer(modes, rooms, colleagues, register(session(), viewer()))
    if not sent and asked is None:
        form.begin(offer_queries.usual_language(session(), person_id), modes)
    return form


def _plan_page(person_id: uuid.UUID, form: PlanForm, times: Times | None = None, problem: str = "") -> str:
    more = request.args.get("more", 0, int)
    return render_template(
        "booking/network/plan.html",
        person=headed(session(), viewer(), person_id, clock.now(), what="meetings"),
        form=form,
        times=times,
        problem=problem,
        days=list(by_day(times.fitting, viewer().zone).items()) if times else [],
        shown=rules.DAYS_SHOWN * (1 + max(0, min(more, 50))),
        more=more + 1,
        args=(request.form if form.is_submitted() else request.args).to_dict(flat=False),
        words=booking_words,
        write_start=write_start,
        key=uuid.uuid4(),
    )


@staff_bp.get(NEW)
@staff(*DESK)
def plan(person_id: uuid.UUID) -> ResponseReturnValue:
    """Who must be there; then the times at which all of them can."""
    person = scope.participant(session(), viewer(), person_id, what="meetings")
    if person.protected:
        flash(str(words.PROTECTED), "sun")
        return redirect(url_for("booking_staff.show_meetings", person_id=person_id), 303)
    form = _plan_form(person_id, sent=False)
    if "minutes" not in request.args:
        return _plan_page(person_id, form)
    if not form.validate():
        return _plan_page(person_id, form), 422
    return _plan_page(person_id, form, _times(person_id, form))


def _times(person_id: uuid.UUID, form: PlanForm) -> Times | None:
    language = form.interpreter.data or ""
    asked = offer_queries.Asked(form.mode.data, form.length, form.plan, form.room_id, language)
    return offer_queries.times(session(), viewer(), person_id, asked, clock.now())


@staff_bp.post(NEW)
@staff(*DESK)
def book(person_id: uuid.UUID) -> ResponseReturnValue:
    """Book all of them at the chosen time; what was chosen stays where somebody was quicker."""
    scope.participant(session(), viewer(), person_id, what="meetings")
    form = _plan_form(person_id, sent=True)
    if not form.validate():
        return _plan_page(person_id, form), 422
    wish = form.wish()
    try:
        if wish is None:
            raise Taken
        made = service.book(session(), viewer(), person_id, wish, form.plan, clock.now())
    except (Taken, OutsideHours, TooLate, CannotInterpret, Unsuited) as refused:
        return _plan_page(person_id, form, _times(person_id, form), _why(refused)), 422
    except (NoCoach, CoachGone, *REFUSED) as refused:
        return _plan_page(person_id, form, problem=_why(refused)), 422
    flash(_("Mötet är bokat. Här bjuder du in dem som kommer utifrån."))
    return _to(person_id, made.id)


# One meeting


def _to(person_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for("network_staff.show", person_id=person_id, meeting_id=meeting_id), 303)


def _meeting(person_id: uuid.UUID, meeting_id: uuid.UUID) -> Meeting:
    return queries.meeting_of(session(), viewer(), person_id, meeting_id, clock.now())


def _page(
    meeting: Meeting,
    *,
    about: AboutForm | None = None,
    colleague: ColleagueForm | None = None,
    guest: GuestForm | None = None,
) -> str:
    now = clock.now()
    found = party_queries.gathering(session(), meeting, local(meeting.starts_at).date())
    person = headed(session(), viewer(), meeting.person_id, now, what="meetings")
    colleague = colleague or ColleagueForm(formdata=None)
    offered = offer_queries.colleagues(session(), viewer(), meeting.person_id, meeting_id=meeting.id)
    colleague.offer(offered)
    return render_template(
        "booking/network/meeting.html",
        person=person,
        m=meeting,
        found=found,
        about=about or AboutForm.of(found, meeting.coach),
        colleague=colleague,
        guest=guest or GuestForm(formdata=None),
        open=meeting.state == BOOKED and meeting.ends_at > now and not person.protected,
        mail=invitation_service.leaves(),
        words=words,
        booking_words=booking_words,
    )


@staff_bp.get(ONE)
@staff(*DESK)
def show(person_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Who is to be there, what they have said, and what they are told."""
    return _page(_meeting(person_id, meeting_id))


@staff_bp.post(ONE)
@staff(*DESK)
def describe(person_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """What the meeting is, who leads it, and the agenda."""
    meeting = _meeting(person_id, meeting_id)
    found = party_queries.gathering(session(), meeting, local(meeting.starts_at).date())
    form = AboutForm.of(found, meeting.coach, sent=True)
    if not form.validate_on_submit() or form.overtaken(AboutForm.of(found, meeting.coach)):
        return _page(meeting, about=form), 422
    try:
        service.describe(session(), viewer(), meeting_id, form.about, clock.now())
        flash(_("Sparat."))
    except Refused as refused:
        flash(_why(refused), "ribbon")
    return _to(person_id, meeting_id)


@staff_bp.post(f"{ONE}/colleague")
@staff(*DESK)
def ask_colleague(person_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """One more colleague, if they are free then."""
    meeting, form = _meeting(person_id, meeting_id), ColleagueForm()
    form.offer(offer_queries.colleagues(session(), viewer(), person_id, meeting_id=meeting_id))
    if not form.validate_on_submit():
        return _page(meeting, colleague=form), 422
    try:
        service.ask_colleague(session(), viewer(), meeting_id, uuid.UUID(form.person.data), clock.now())
    except Refused as refused:
        form.person.errors = [_why(refused)]
        return _page(meeting, colleague=form), 422
    flash(_("Kollegan är med på mötet nu. Tiden står i kollegans kalender."))
    return _to(person_id, meeting_id)


@staff_bp.post(f"{ONE}/invite")
@staff(*DESK)
def invite(person_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Ask somebody from outside by e-mail."""
    meeting, form = _meeting(person_id, meeting_id), GuestForm()
    if not form.validate_on_submit():
        return _page(meeting, guest=form), 422
    try:
        service.invite(session(), viewer(), meeting_id, form.guest, clock.now())
    except Refused as refused:
        form.email.errors = [_why(refused)]
        return _page(meeting, guest=form), 422
    flash(_("%(name)s är inbjuden.", name=form.guest.name))
    return _to(person_id, meeting_id)


@staff_bp.post(f"{ONE}/<uuid:party_id>/<any(remove,again,yes,no,none):act>")
@staff(*DESK)
def change_party(
    person_id: uuid.UUID, meeting_id: uuid.UUID, party_id: uuid.UUID, act: str
) -> ResponseReturnValue:
    """They are not to come; the e-mail once more; or what they have said on the phone."""
    _meeting(person_id, meeting_id)
    now = clock.now()
    try:
        if act == "remove":
            service.take_off(session(), viewer(), meeting_id, party_id, now)
            flash(_("Borttagen från mötet."))
        elif act == "again":
            service.say_again(session(), viewer(), meeting_id, party_id, now)
            flash(_("E-posten skickas en gång till."))
        else:
            service.note_answer(session(), viewer(), meeting_id, party_id, act, now)
            flash(_("Sparat."))
    except Refused as refused:
        flash(_why(refused), "ribbon")
    return _to(person_id, meeting_id)


@staff_bp.get("/asked/<uuid:meeting_id>")
@staff(*DESK)
def asked(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """A meeting to which the asking colleague is asked; whoever may read its person reads all of it."""
    whose = reached(session(), viewer(), meeting_id)
    if whose is not None:
        return _to(whose, meeting_id)
    found = party_queries.invited(session(), viewer(), meeting_id)
    return render_template("booking/network/asked.html", m=found, words=words, booking_words=booking_words)


def _why(refused: Refused) -> str:
    """The sentence beside the field, or above the times."""
    if isinstance(refused, Taken) and refused.subject_id:
        name = party_queries.choosable(session(), viewer()).get(refused.subject_id)
        if name:
            return _("%(name)s är upptagen då.", name=name)
    known: dict[type[Refused], str] = {
        RoomTaken: _("Rummet är upptaget då."),
        Taken: _("Tiden är inte ledig längre. Välj en annan."),
        OutsideHours: _("Tiden är inte ledig längre. Välj en annan."),
        TooLate: str(words.OVER),
        NotBooked: str(words.OFF),
        CannotInterpret: _("Tolken kan inte väljas längre. Välj en annan."),
        NoCoach: _("Personen har ingen coach. Utse en coach först."),
        CoachGone: _("Coachen tar inte emot möten längre. Byt coach först."),
        service.NoColleague: _("Kollegan arbetar inte här längre."),
        service.NotForProtected: str(words.PROTECTED),
        service.TooMany: str(words.TOO_MANY),
        service.TwiceThere: _("Den som tolkar kan inte vara med som något annat också."),
        service.Away: _("Kollegan är borta den dagen."),
    }
    if isinstance(refused, Unsuited):
        return _("Rummet är för litet, eller används inte längre. Välj ett annat rum.")
    return known[type(refused)]
