"""A participant's groups: look, join, wait, answer an offered seat, leave."""

import uuid

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.attendance.rules import month_of
from portal.clock import now
from portal.db import session
from portal.groups import attendance_service, queries, rules, seat_service, words
from portal.groups.seating_service import NotForThem, Over
from portal.groups.session_service import TooEarly, TooLate
from portal.organisation.queries import phone_of
from portal.web import ics
from portal.web.access import participant, viewer
from portal.wording.words import TOLD

bp = Blueprint("groups", __name__, url_prefix="/groups")


def _to_group(group_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for("groups.show_group", group_id=group_id), 303)


def _page(template: str, code: int = 200, **shown: object) -> ResponseReturnValue:
    return render_template(f"groups/{template}.html", words=words, told=TOLD, **shown), code


@bp.get("")
@participant(tier=1)
def show_groups() -> ResponseReturnValue:
    """The groups that one is in, and those that one can join."""
    return _page("groups", groups=queries.own_groups(session(), viewer(), now()))


@bp.get("/<uuid:group_id>")
@participant(tier=1)
def show_group(group_id: uuid.UUID) -> ResponseReturnValue:
    """What it is, when and where it meets, and what can be done."""
    return _group(group_id)


def _group(group_id: uuid.UUID, problem: str = "") -> ResponseReturnValue:
    group = queries.own_group(session(), viewer(), group_id, now())
    phone = phone_of(session(), viewer())
    return _page("group", 422 if problem else 200, group=group, problem=problem, phone=phone)


@bp.get("/<uuid:group_id>/join")
@participant(tier=2)
def ask_to_join(group_id: uuid.UUID) -> ResponseReturnValue:
    """Ask once more, with the days on which one has something else."""
    group = queries.own_group(session(), viewer(), group_id, now())
    if group.mine or group.next is None:
        return _to_group(group_id)
    return _page("join", group=group)


@bp.post("/<uuid:group_id>/join")
@participant(tier=2)
def join_group(group_id: uuid.UUID) -> ResponseReturnValue:
    """A seat, or a place in the queue."""
    try:
        seat = seat_service.join(session(), viewer(), group_id, now())
    except (Over, NotForThem):
        return _group(group_id, _("Gruppen är slut. Du kan inte gå med."))
    if seat.state == rules.IN:
        flash(_("Du är med i gruppen."))
    else:
        flash(_("Du står i kö. Vi hör av oss när det finns en plats."))
    return _to_group(group_id)


@bp.post("/<uuid:group_id>/accept")
@participant(tier=1)
def accept_seat(group_id: uuid.UUID) -> ResponseReturnValue:
    """Take the offered seat."""
    try:
        seat_service.accept(session(), viewer(), group_id, now())
    except seat_service.OfferOver:
        return _too_late(group_id)
    flash(_("Du är med i gruppen."))
    return _to_group(group_id)


@bp.post("/<uuid:group_id>/decline")
@participant(tier=1)
def decline_seat(group_id: uuid.UUID) -> ResponseReturnValue:
    """Say no to the offered seat: it goes to the next."""
    try:
        seat_service.decline(session(), viewer(), group_id, now())
    except seat_service.OfferOver:
        return _too_late(group_id)
    flash(_("Du har sagt nej till platsen."))
    return redirect(url_for("groups.show_groups"), 303)


def _too_late(group_id: uuid.UUID) -> ResponseReturnValue:
    """The offer is over: said on the group's page while it is theirs to see."""
    if queries.can_see(session(), viewer(), group_id):
        return _group(group_id, _("Tiden för att svara är slut. Platsen går till nästa person."))
    flash(_("Tiden för att svara är slut. Platsen går till nästa person."), "sun")
    return redirect(url_for("groups.show_groups"), 303)


@bp.get("/<uuid:group_id>/leave")
@participant(tier=1)
def ask_to_leave(group_id: uuid.UUID) -> ResponseReturnValue:
    """Ask once more before the seat goes to somebody else."""
    group = queries.own_group(session(), viewer(), group_id, now())
    return _page("leave", group=group) if group.mine else _to_group(group_id)


@bp.post("/<uuid:group_id>/leave")
@participant(tier=1)
def leave_group(group_id: uuid.UUID) -> ResponseReturnValue:
    """Give up the seat, or the place in the queue."""
    seat_service.leave(session(), viewer(), group_id, now())
    flash(_("Du är inte med i gruppen längre."))
    return redirect(url_for("groups.show_groups"), 303)


@bp.get("/<uuid:group_id>.ics")
@participant(tier=1)
def calendar_file(group_id: uuid.UUID) -> ResponseReturnValue:
    """All of one's sessions for the phone's own calendar, under a neutral title (S31)."""
    entries = [
        ics.Entry(
            uid=one.uid,
            revision=one.revision,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            changed_at=one.changed_at,
            cancelled=one.state == rules.CANCELLED,
            title=_("Möte"),
        )
        for one in queries.sessions_for_calendar(session(), viewer(), group_id)
    ]
    answer = Response(ics.calendar_file(*entries), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = "attachment; filename=moten.ics"
    return answer


@bp.post("/parts/<uuid:part_id>/here")
@participant(tier=1)
def sign(part_id: uuid.UUID) -> ResponseReturnValue:
    """The participant was at a session; the time and the way in are kept."""
    try:
        attendance_service.sign_own(session(), viewer(), part_id, now())
        flash(_("Tack! Du har skrivit under att du var med."))
    except attendance_service.NotThere:
        flash(_("Din coach har skrivit att du inte kom. Prata med din coach om det är fel."), "sun")
    except TooEarly:
        flash(_("Mötet har inte börjat än. Skriv under när du är där."), "sun")
    except TooLate:
        flash(_("Det är för länge sedan. Prata med din coach."), "sun")
    return redirect(_after_signing(), 303)


@bp.post("/parts/<uuid:part_id>/here/undo")
@participant(tier=1)
def unsign(part_id: uuid.UUID) -> ResponseReturnValue:
    """It was a slip of the finger."""
    if attendance_service.unsign_own(session(), viewer(), part_id, now()):
        flash(_("Din underskrift är borttagen."))
    else:
        flash(_("Det går inte att ta bort nu. Prata med din coach."), "sun")
    return redirect(_after_signing(), 303)


def _after_signing() -> str:
    """The month that it was signed in, or the first page."""
    month = month_of(request.form.get("back", "").removeprefix("month:"))
    return f"/me/attendance?month={month:%Y-%m}" if month else url_for("home.show_home")
