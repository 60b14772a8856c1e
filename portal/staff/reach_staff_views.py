"""How one participant is reached and comes in, for their coach and lead (S34, S36)."""

import uuid

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.booking.queries import held
from portal.clock import now
from portal.config import Settings
from portal.db import session
from portal.identity.models import Person
from portal.identity.people import access_service
from portal.identity.signin import desk_service
from portal.identity.signin.rules import CODE_LIFE, in_groups
from portal.identity.signin.words import desk_lines
from portal.notices import reach_service, rules
from portal.notices.forms import HoursForm
from portal.notices.hours_queries import hours_of
from portal.notices.voice_words import no_voice
from portal.organisation.queries import organisation
from portal.staff import reach_queries
from portal.staff.reach_forms import HereForm, NumberStandsForm, TimingForm, WayForm
from portal.web.access import staff, viewer

staff_bp = Blueprint("reach_staff", __name__, url_prefix="/staff/people/<uuid:person_id>/reach")
DESK = ("coach", "lead")


def _page(person_id: uuid.UUID, code: int = 200, **forms: object) -> ResponseReturnValue:
    person = reach_queries.person_for(session(), viewer(), person_id)
    found = reach_queries.reach(session(), viewer(), person, now())
    shown = {
        "way_form": WayForm.of(found.way, _offered(person, found.no_voice)),
        "timing_form": TimingForm.among(
            found.timings, formdata=None, data={"timing": found.person.reminder_timing}
        ),
        "hours_form": HoursForm.of(found.house, person.earliest_hour, person.latest_hour),
        "number_form": NumberStandsForm(formdata=None),
        "here_form": HereForm(formdata=None),
        "safe_form": HereForm(formdata=None, prefix="safe-"),
        **forms,
    }
    page = render_template("staff/reach.html", reach=found, person=found.head, mail=mail_leaves(), **shown)
    return page, code


def mail_leaves() -> bool:
    """Whether this installation sends e-mail."""
    settings: Settings = current_app.config["STIGEN"]
    return bool(settings.mail_provider)


def _offered(person: Person, silent: str) -> tuple[str, ...]:
    return rules.offered(person.way, mail=mail_leaves(), has_mail=bool(person.email), voice=not silent)


def _back(person_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for("reach_staff.show_reach", person_id=person_id), 303)


@staff_bp.get("")
@staff(*DESK)
def show_reach(person_id: uuid.UUID) -> ResponseReturnValue:
    """SMS or a call, what an SMS says, whether the number works, and how the person comes in."""
    return _page(person_id)


@staff_bp.post("")
@staff(*DESK)
def choose_way(person_id: uuid.UUID) -> ResponseReturnValue:
    """What the person has asked for: SMS, e-mail, a voice, or a call."""
    person = reach_queries.person_for(session(), viewer(), person_id)
    silent = no_voice(session(), viewer(), person.language)
    form = WayForm.of(person.way, _offered(person, silent), sent=True)
    if not form.validate():
        return _page(person_id, 422, way_form=form)
    reach_service.choose_way(session(), viewer(), person, form.way.data, now(), held)
    flash(_("Sparat."))
    return _back(person_id)


@staff_bp.post("/timing")
@staff(*DESK)
def choose_timing(person_id: uuid.UUID) -> ResponseReturnValue:
    """When the person has asked to be reminded of meetings."""
    person = reach_queries.person_for(session(), viewer(), person_id)
    form = TimingForm.among(reach_queries.reach(session(), viewer(), person, now()).timings)
    if not form.validate():
        return _page(person_id, 422, timing_form=form)
    reach_service.choose_timing(session(), viewer(), person, form.timing.data, now())
    flash(_("Sparat."))
    return _back(person_id)


@staff_bp.post("/hours")
@staff(*DESK)
def choose_hours(person_id: uuid.UUID) -> ResponseReturnValue:
    """Between which hours of the day the person wants to be written to."""
    person = reach_queries.person_for(session(), viewer(), person_id)
    form = HoursForm.of(hours_of(organisation(session(), person.organisation_id)), sent=True)
    if not form.validate():
        return _page(person_id, 422, hours_form=form)
    reach_service.choose_hours(session(), viewer(), person, *form.chosen)
    flash(_("Sparat."))
    return _back(person_id)


@staff_bp.post("/less")
@staff(*DESK)
def say_less(person_id: uuid.UUID) -> ResponseReturnValue:
    """Let SMS say the time alone. Nobody but the person lets them say more."""
    person = reach_queries.person_for(session(), viewer(), person_id)
    reach_service.say_less(session(), viewer(), person)
    flash(_("Nu står bara tiden i personens meddelanden."))
    return _back(person_id)


@staff_bp.post("/unsafe")
@staff(*DESK)
def mark_unsafe(person_id: uuid.UUID) -> ResponseReturnValue:
    """SMS is not safe for the person: everything stops at once."""
    person = reach_queries.person_for(session(), viewer(), person_id)
    access_service.mark_unsafe(session(), viewer(), person, now=now())
    flash(_("Alla meddelanden är stoppade. Personen är utloggad, och loggar in med en kod från din skärm."))
    return _back(person_id)


@staff_bp.post("/safe")
@staff(*DESK)
def mark_safe(person_id: uuid.UUID) -> ResponseReturnValue:
    """The person sits here and wants SMS again."""
    person, form = reach_queries.person_for(session(), viewer(), person_id), HereForm(prefix="safe-")
    if not form.validate():
        return _page(person_id, 422, safe_form=form)
    access_service.mark_safe(session(), viewer(), person)
    flash(_("Personen får meddelanden igen."))
    return _back(person_id)


@staff_bp.post("/number")
@staff(*DESK)
def confirm_number(person_id: uuid.UUID) -> ResponseReturnValue:
    """The number is still theirs. Another one is given by an admin alone (S35, S36)."""
    person, form = reach_queries.person_for(session(), viewer(), person_id), NumberStandsForm()
    if not form.validate():
        return _page(person_id, 422, number_form=form)
    if person.phone:
        confirmed = form.confirmed.data
        access_service.change_number(
            session(), viewer(), person, person.phone, confirmed=confirmed, now=now()
        )
        flash(_("Numret är bekräftat."))
    return _back(person_id)


@staff_bp.post("/code")
@staff(*DESK)
def show_code(person_id: uuid.UUID) -> ResponseReturnValue:
    """A code for somebody whom no code by SMS reaches: shown once, on this page alone."""
    person, form = reach_queries.person_for(session(), viewer(), person_id), HereForm()
    needs_pin = person.pin_hash is None
    if needs_pin and not form.validate():
        return _page(person_id, 422, here_form=form)
    try:
        code = desk_service.show(session(), viewer(), person, is_here=needs_pin, now=now())
    except desk_service.ComesInBySms:
        flash(_("Personen får koder i SMS. Då visas ingen kod här."), "sun")
        return _back(person_id)
    found = reach_queries.reach(session(), viewer(), person, now())
    with force_locale(found.spoken.babel):
        lines, locked_out = desk_lines(chooses_pin=needs_pin), _("Kommer du inte in? Ring oss.")
    return render_template(
        "staff/reach_code.html",
        reach=found,
        person=found.head,
        code=in_groups(code),
        until=now() + CODE_LIFE,
        lines=lines,
        help=locked_out,
        slug=organisation(session(), viewer().organisation_id).slug,
    )
