"""The list of participants, enrolling somebody, and the card they take home."""

import secrets
import uuid
from collections.abc import Callable, Sequence

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.clock import now
from portal.db import session
from portal.identity.people import (
    access_staff_views,
    card_words,
    enrolment_staff_views,
    member_staff_views,
    person_queries,
    protected_staff_views,
    queries,
    reach_queries,
    rules,
    service,
    words,
)
from portal.identity.people.forms import ANOTHER, EmptyForm, EnrolForm, read_phone
from portal.languages import language
from portal.organisation import queries as organisations
from portal.web.access import late, staff, viewer
from portal.web.formats import short_day, time_text
from portal.web.forms import TEXT_MAX
from portal.web.qr import qr_svg
from portal.web.signs import has_controls

staff_bp = Blueprint("people", __name__, url_prefix="/staff")
for part in (enrolment_staff_views, access_staff_views, protected_staff_views, member_staff_views):
    staff_bp.register_blueprint(part.bp)


@staff_bp.get("/people")
@staff("coach", "lead", "admin")
def list_people() -> ResponseReturnValue:
    """Everybody the viewer may find, by state."""
    return _list("", request.args.get("state", ""), request.args.get("page", 1, type=int))


@staff_bp.post("/people")
@staff("coach", "lead", "admin")
@late
def search_people() -> ResponseReturnValue:
    """Search by name or number; by POST, so that neither stands in an address (S44)."""
    typed = request.form.get("q", "").strip()[:TEXT_MAX]
    query = "" if has_controls(typed) else typed
    return _list(query, request.form.get("state", ""), request.form.get("page", 1, type=int))


def _list(query: str, state: str, number: int) -> ResponseReturnValue:
    state = state if state in rules.STATES else ""
    found = queries.people(session(), viewer(), now(), query=query, state=state, number=number)
    return render_template(
        "people/list.html",
        found=found,
        query=query,
        state=state,
        states=words.STATES,
        tones=words.STATE_TONES,
        next_of=_next_words(found.page.items),
        handles=person_queries.handles_somebody(session(), viewer()),
        form=EmptyForm(),
    )


def _next_words(rows: Sequence[queries.CaseRow]) -> Callable[[queries.CaseRow], str]:
    """What stands beside each: the next meeting, unless something keeps it from mattering."""
    reads = bool(viewer().roles & set(rules.TEAM_ROLES))
    next_meetings = current_app.extensions["next_meetings"]
    starts = next_meetings(session(), viewer(), [row.person_id for row in rows], now()) if reads else {}

    def words_for(row: queries.CaseRow) -> str:
        start = starts.get(row.person_id)
        if start and row.next.code not in rules.BEFORE_A_MEETING:
            return _("Möte %(day)s klockan %(time)s", day=short_day(start), time=time_text(start))
        if reads and not row.next.code:
            return _("Inget möte bokat")
        return words.next_words(row.next, short_day(row.next.day) if row.next.day else "")

    return words_for


@staff_bp.get("/people/new")
@staff("coach", "lead", "admin")
def new_person() -> ResponseReturnValue:
    """An empty form, with what is likely filled in."""
    options = person_queries.options(session(), viewer())
    form = EnrolForm(ticket=secrets.token_hex(16))
    form.offer(options)
    form.applied_on.data = reach_queries.today_of(viewer(), now())
    if any(value == str(viewer().person_id) for value, _name in options.coaches):
        form.coach.data = str(viewer().person_id)
    return render_template("people/new.html", form=form)


@staff_bp.post("/people/new")
@staff("coach", "lead", "admin")
def enrol() -> ResponseReturnValue:
    """Enrol, ask whether it is somebody who comes back, or say beside the field what is wrong."""
    form = EnrolForm()
    form.offer(person_queries.options(session(), viewer()))
    sound = form.validate()
    organisation = organisations.organisation(session(), viewer().organisation_id)
    phone = read_phone(form.phone, foreign=organisation.rules.foreign_numbers)
    if sound and not form.phone.errors and (person_id := _enrol(form, phone)):
        return redirect(url_for("people.card", person_id=person_id), 303)
    return render_template("people/new.html", form=form), 422


def _enrol(form: EnrolForm, phone: str) -> uuid.UUID | None:
    try:
        made = service.enrol(
            session(),
            viewer(),
            form.new(phone),
            ticket=form.ticket.data or "",
            answer=form.answer(),
            now=now(),
        )
    except service.NumberInUse:
        form.phone.errors = [
            _("Numret används redan av någon annan. Två personer kan inte dela nummer."),
            _("Hjälp personen till ett eget nummer, eller lämna rutan tom så länge."),
        ]
    except service.AlreadyOpen:
        form.form_errors = [_("Personen är redan inskriven. Sök efter namnet i listan.")]
    except service.CoachNotInTeam:
        form.coach.errors = [
            _("Coachen arbetar inte i det teamet. Välj ett annat team eller en annan coach.")
        ]
    except service.WrongDays as wrong:
        form.blame(wrong.problems)
    except service.PerhapsTheSame as found:
        _ask_who(form, found)
    else:
        _say_kept_number(made.person_id, phone)
        return made.person_id
    return None


def _ask_who(form: EnrolForm, found: service.PerhapsTheSame) -> None:
    form.same.choices = [
        (str(person.id), _("Ja, %(name)s som var inskriven förut", name=person.name))
        for person in found.people
    ]
    form.same.flags.required = True
    if not found.by_number:
        form.same.choices.append((ANOTHER, _("Nej, en annan person med samma namn")))
    form.same.errors = [
        _("Det här numret har varit hos oss förut. Är det samma person?")
        if found.by_number
        else _("En person med det namnet har varit hos oss förut. Är det samma person?")
    ]


def _say_kept_number(person_id: uuid.UUID, phone: str) -> None:
    person = person_queries.enrolled(session(), viewer(), person_id, what="enrolment") if phone else None
    if person and person.phone != phone:
        flash(_("Personen är inskriven med det nummer vi hade. En administratör kan byta det."), "sun")


@staff_bp.get("/people/<uuid:person_id>/card")
@staff("coach", "lead", "admin")
def card(person_id: uuid.UUID) -> ResponseReturnValue:
    """The card: where one enters, whom to call, and the next step, in the person's own language."""
    person = person_queries.enrolled(session(), viewer(), person_id, what="card")
    organisation = organisations.organisation(session(), viewer().organisation_id)
    address = f"{current_app.config['STIGEN'].public_base_url}/{organisation.slug}"
    spoken = language(person.language)
    with force_locale(spoken.babel):
        lines = card_words.card_lines(by_sms=bool(person.phone_hash) and not person.sms_unsafe)
    return render_template(
        "people/card.html",
        spoken=spoken,
        lines=lines,
        address=address.partition("://")[2],
        phone=organisation.phone,
        qr=qr_svg(address, address),
        by_sms=bool(person.phone_hash) and not person.sms_unsafe,
        person=person_queries.head(session(), viewer(), person, reach_queries.today_of(viewer(), now())),
    )
