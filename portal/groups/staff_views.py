"""Staff make groups, put people in, move and cancel sessions, and note who came."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.clock import now
from portal.db import session
from portal.groups import (
    attendance_service,
    forms,
    making_queries,
    rules,
    seat_service,
    service,
    session_service,
    staff_queries,
    words,
)
from portal.groups.forms import AboutForm, GroupForm, SessionForm
from portal.groups.rules import Proposed
from portal.groups.seat_service import HiddenInOpen
from portal.groups.seating_service import NotForThem, Over
from portal.identity.scope import participant
from portal.web.access import staff, viewer
from portal.web.formats import day_words, listed

staff_bp = Blueprint("groups_staff", __name__, url_prefix="/staff/groups")
DESK = ("coach", "lead")


def _page(template: str, code: int = 200, **shown: object) -> ResponseReturnValue:
    return render_template(f"groups/{template}.html", words=words, **shown), code


def _to_group(group_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for("groups_staff.show_group", group_id=group_id), 303)


@staff_bp.get("")
@staff(*DESK)
def show_groups() -> ResponseReturnValue:
    """The groups of the viewer's teams; of one participant, those that they are in or wait for."""
    groups = staff_queries.group_rows(session(), viewer(), now())
    person_id = request.args.get("person", type=uuid.UUID)
    if person_id is None:
        return _page("staff_groups", groups=groups, person=None, states={})
    person = participant(session(), viewer(), person_id, what="groups")
    states = staff_queries.states_of(session(), person.id)
    groups = [one for one in groups if one.id in states]
    return _page("staff_groups", groups=groups, person=person, states=states)


@staff_bp.get("/new")
@staff(*DESK)
def ask_group() -> ResponseReturnValue:
    """What is the group, and when does it meet?"""
    return _new(_offered(GroupForm.fresh(viewer().person_id)), ())


@staff_bp.post("/new")
@staff(*DESK)
def make_group() -> ResponseReturnValue:
    """Show the days; once they have been seen, save the group with those that are chosen."""
    form = _offered(GroupForm())
    if not form.validate():
        return _new(form, (), 422)
    days = making_queries.proposed(session(), form.leaders(), form.plan(), now(), viewer().zone)
    shown = ",".join(one.day.isoformat() for one in days)
    chosen = set(request.form.getlist("day"))
    if form.shown.data != shown or "save" not in request.form:
        form.shown.data = shown
        return _new(form, days, chosen=None)
    picked = [one for one in days if one.day.isoformat() in chosen]
    if not picked or any(one.clash or one.passed for one in picked):
        form.weeks.errors = [_("Välj minst en dag. Dagar som har varit eller krockar går inte att välja.")]
        return _new(form, days, 422, chosen=chosen)
    try:
        made = service.make(
            session(),
            viewer(),
            form.told(),
            team_id=uuid.UUID(form.team.data),
            leaders=form.leaders(),
            spans=[one.span for one in picked],
            key=form.made_by(),
            now=now(),
        )
    except session_service.LeaderBusy as busy:
        form.weeks.errors = [
            _("Den som leder är upptagen: %(days)s.", days=listed(map(day_words, busy.starts)))
        ]
        return _new(form, days, 422, chosen=chosen)
    flash(_("Gruppen är sparad."))
    return _to_group(made.id)


def _offered(form: GroupForm) -> GroupForm:
    teams = making_queries.teams_of(session(), viewer())
    return form.offer(teams, making_queries.colleagues(session(), viewer()))


def _new(
    form: GroupForm, days: list[Proposed] | tuple[()], code: int = 200, *, chosen: set[str] | None = None
) -> ResponseReturnValue:
    ticked = {one.day.isoformat() for one in days if one.fits} if chosen is None else chosen
    return _page("staff_new", code, form=form, days=days, ticked=ticked)


@staff_bp.get("/<uuid:group_id>")
@staff(*DESK)
def show_group(group_id: uuid.UUID) -> ResponseReturnValue:
    """Who is in, who waits, and the sessions."""
    return _page("staff_group", page=staff_queries.group_page(session(), viewer(), group_id, now()))


@staff_bp.get("/<uuid:group_id>/change")
@staff(*DESK)
def ask_change(group_id: uuid.UUID) -> ResponseReturnValue:
    """What the group is, to be changed."""
    return _change(group_id, AboutForm.of(staff_queries.managed_group(session(), viewer(), group_id)))


def _change(group_id: uuid.UUID, form: AboutForm, code: int = 200) -> ResponseReturnValue:
    back = url_for("groups_staff.show_group", group_id=group_id)
    return _page("staff_change", code, form=form, back=back, person=None, action=None)


@staff_bp.post("/<uuid:group_id>/change")
@staff(*DESK)
def change_group(group_id: uuid.UUID) -> ResponseReturnValue:
    """Save it; more seats go to those who wait."""
    staff_queries.managed_group(session(), viewer(), group_id)
    form = AboutForm()
    if not form.validate():
        return _change(group_id, form, 422)
    try:
        service.change(session(), viewer(), group_id, form.told(), now())
    except service.TooFew:
        form.capacity.errors = [_("Fler personer än så har redan en plats.")]
        return _change(group_id, form, 422)
    except service.SomebodyHidden:
        form.sign_up.errors = [_("Någon i gruppen får inte se den i portalen. Då kan den inte vara öppen.")]
        return _change(group_id, form, 422)
    flash(_("Sparat."))
    return _to_group(group_id)


@staff_bp.post("/<uuid:group_id>/people")
@staff(*DESK)
def put_in(group_id: uuid.UUID) -> ResponseReturnValue:
    """Give somebody a seat, or a place in the queue."""
    page = staff_queries.group_page(session(), viewer(), group_id, now())
    person_id = request.form.get("person", type=uuid.UUID)
    if person_id is None:
        flash(_("Välj en person."), "sun")
        return _to_group(group_id)
    hidden = bool(request.form.get("hidden"))
    try:
        seat = seat_service.put_in(session(), viewer(), page.group.id, person_id, now(), in_portal=not hidden)
    except (Over, NotForThem):
        flash(_("Personen kan inte läggas till i den här gruppen."), "sun")
        return _to_group(group_id)
    except HiddenInOpen:
        flash(_("Alla i teamet ser gruppen. Därför kan ingen vara dold i den."), "sun")
        return _to_group(group_id)
    flash(
        _("Personen är med i gruppen.")
        if seat.state == rules.IN
        else _("Gruppen är full. Personen står i kö.")
    )
    return _to_group(group_id)


@staff_bp.post("/<uuid:group_id>/people/<uuid:person_id>/out")
@staff(*DESK)
def take_out(group_id: uuid.UUID, person_id: uuid.UUID) -> ResponseReturnValue:
    """Somebody is not in the group any longer."""
    seat_service.take_out(session(), viewer(), group_id, person_id, now())
    flash(_("Personen är inte med i gruppen längre."))
    return _to_group(group_id)


@staff_bp.get("/sessions/<uuid:session_id>")
@staff(*DESK)
def show_session(session_id: uuid.UUID) -> ResponseReturnValue:
    """One session, and who came."""
    return _page("staff_session", page=staff_queries.session_page(session(), viewer(), session_id, now()))


@staff_bp.post("/sessions/<uuid:session_id>")
@staff(*DESK)
def note_attendance(session_id: uuid.UUID) -> ResponseReturnValue:
    """Save the whole list at once."""
    page = staff_queries.session_page(session(), viewer(), session_id, now())
    marks = forms.marks_of(request.form, [one.id for one in page.parts])
    try:
        saved = attendance_service.note_attendance(session(), viewer(), session_id, marks, now())
    except session_service.TooEarly:
        flash(_("Det går inte att fylla i listan än."), "sun")
    else:
        flash(_("Sparat."))
        if saved.left:
            flash(
                ngettext(
                    "%(num)d rad har någon annan ändrat. Den står kvar som den är.",
                    "%(num)d rader har någon annan ändrat. De står kvar som de är.",
                    saved.left,
                ),
                "sun",
            )
    return redirect(url_for("groups_staff.show_session", session_id=session_id), 303)


@staff_bp.get("/sessions/<uuid:session_id>/move")
@staff(*DESK)
def ask_move(session_id: uuid.UUID) -> ResponseReturnValue:
    """Another time or place for one session."""
    page = staff_queries.session_page(session(), viewer(), session_id, now())
    return _move(session_id, SessionForm.of(page.session, viewer().zone))


def _move(
    session_id: uuid.UUID, form: SessionForm, code: int = 200, *, names: str = ""
) -> ResponseReturnValue:
    back = url_for("groups_staff.show_session", session_id=session_id)
    return _page("staff_move", code, form=form, back=back, names=names, person=None, action=None)


@staff_bp.post("/sessions/<uuid:session_id>/move")
@staff(*DESK)
def move_session(session_id: uuid.UUID) -> ResponseReturnValue:
    """Move it, and tell everybody who is in."""
    staff_queries.session_page(session(), viewer(), session_id, now())
    form = SessionForm()
    wish = form.change(now(), viewer().zone) if form.validate() else None
    if wish is None:
        return _move(session_id, form, 422)
    seen = forms.seen_revision(form.seen.data)
    try:
        session_service.move_session(
            session(), viewer(), session_id, wish, now(), seen=seen, anyway=bool(form.anyway.data)
        )
    except session_service.OthersBusy as busy:
        return _move(session_id, form, 422, names=listed(making_queries.names(session(), busy.people)))
    except session_service.LeaderBusy:
        form.starts.errors = [_("Den som leder gruppen är upptagen då.")]
        return _move(session_id, form, 422)
    except (session_service.ChangedSince, session_service.TooLate):
        flash(_("Mötet har ändrats sedan du öppnade sidan. Se hur det är nu."), "sun")
    else:
        flash(_("Mötet är ändrat. De som vi når får veta det. Ring de andra."))
    return redirect(url_for("groups_staff.show_session", session_id=session_id), 303)


@staff_bp.get("/sessions/<uuid:session_id>/cancel")
@staff(*DESK)
def ask_to_cancel(session_id: uuid.UUID) -> ResponseReturnValue:
    """Ask once more: everybody is told at once."""
    return _page("staff_cancel", page=staff_queries.session_page(session(), viewer(), session_id, now()))


@staff_bp.post("/sessions/<uuid:session_id>/cancel")
@staff(*DESK)
def cancel_session(session_id: uuid.UUID) -> ResponseReturnValue:
    """It is off, and everybody who was in is told."""
    seen = forms.seen_revision(request.form.get("seen"))
    try:
        session_service.cancel_session(session(), viewer(), session_id, now(), seen=seen)
    except (session_service.ChangedSince, session_service.TooLate):
        flash(_("Mötet har ändrats sedan du öppnade sidan. Se hur det är nu."), "sun")
    else:
        flash(_("Mötet är inställt. De som vi når får veta det. Ring de andra."))
    return redirect(url_for("groups_staff.show_session", session_id=session_id), 303)
