"""Being away: for oneself, or by a lead for somebody of the team."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now
from portal.db import session
from portal.identity.absence import desk_queries, service
from portal.identity.absence.rules import Period
from portal.identity.absence.words import told
from portal.languages import SWEDISH
from portal.staff import absence_queries
from portal.staff.absence_forms import AbsenceForm, ChangeForm
from portal.web.access import staff, viewer
from portal.web.errors import Refused

staff_bp = Blueprint("absence", __name__, url_prefix="/staff/absence/<uuid:person_id>")
DESK = ("coach", "lead")


def _page(
    person_id: uuid.UUID,
    form: AbsenceForm | None = None,
    changed: tuple[uuid.UUID, ChangeForm] | None = None,
    preview: str = "",
) -> str:
    """The page; `changed` is what came back about one absence, `preview` what participants would read."""
    page = absence_queries.page(session(), viewer(), person_id, now())
    form = form or AbsenceForm(formdata=None)
    changes = {one.away.id: _change_form(one) for one in page.rows} | (
        {changed[0]: changed[1]} if changed else {}
    )
    for one in (form, *changes.values()):
        one.offer(page.colleagues)
    return render_template(
        "staff/absence.html",
        page=page,
        form=form,
        changes=changes,
        preview=preview,
        told=lambda row: told(page.first_name, row.days.last, row.stand_in.partition(" ")[0], SWEDISH),
        removed=request.args.get("removed", type=uuid.UUID),
    )


def _change_form(one: absence_queries.Listed) -> ChangeForm:
    away = one.away
    return ChangeForm(
        formdata=None,
        prefix=f"{away.id}-",
        data={"last": away.days.last, "stand_in": str(away.stand_in_id or "")},
    )


def _back(person_id: uuid.UUID, removed: uuid.UUID | None = None) -> ResponseReturnValue:
    return redirect(url_for("absence.show_absence", person_id=person_id, removed=removed), 303)


@staff_bp.get("")
@staff(*DESK)
def show_absence(person_id: uuid.UUID) -> ResponseReturnValue:
    """When somebody is away, who answers instead, and what is booked on those days."""
    return _page(person_id)


@staff_bp.post("")
@staff(*DESK)
def save_absence(person_id: uuid.UUID) -> ResponseReturnValue:
    """Show what participants will read, or save it."""
    person = desk_queries.managed(session(), viewer(), person_id)
    form = AbsenceForm()
    form.offer(colleagues := desk_queries.colleagues(session(), viewer(), person_id))
    wish = form.wish()
    if wish is None:
        return _page(person_id, form), 422
    if "preview" in request.form:
        names = {one.person_id: one.name.partition(" ")[0] for one in colleagues}
        stand_in = names[wish.stand_in_id] if wish.stand_in_id else ""
        return _page(person_id, form, preview=told(person.first_name, wish.last, stand_in, SWEDISH))
    try:
        taken = service.take(session(), viewer(), person_id, wish, now())
    except Refused as refused:
        form.blame(refused)
        return _page(person_id, form), 422
    _saved(person_id, wish.days)
    if absence_queries.meetings_in(session(), viewer(), person_id, taken.id, now()):
        return redirect(url_for("away.show_meetings", person_id=person_id, absence_id=taken.id), 303)
    return _back(person_id)


@staff_bp.post("/<uuid:absence_id>")
@staff(*DESK)
def change_absence(person_id: uuid.UUID, absence_id: uuid.UUID) -> ResponseReturnValue:
    """Another last day, or somebody else who answers."""
    form = ChangeForm(prefix=f"{absence_id}-")
    form.offer(desk_queries.colleagues(session(), viewer(), person_id))
    held = desk_queries.one(session(), viewer(), person_id, absence_id)
    if form.validate() and form.last.data is not None:
        last, stand_in = form.last.data, form.chosen
        try:
            service.change(
                session(), viewer(), person_id, absence_id, last=last, stand_in_id=stand_in, now=now()
            )
        except Refused as refused:
            form.blame(refused)
        else:
            _saved(person_id, Period(held.first, last))
            return _back(person_id)
    return _page(person_id, changed=(absence_id, form)), 422


@staff_bp.post("/<uuid:absence_id>/remove")
@staff(*DESK)
def remove_absence(person_id: uuid.UUID, absence_id: uuid.UUID) -> ResponseReturnValue:
    """They are not away after all; it can be undone."""
    service.take_back(session(), viewer(), person_id, absence_id, now())
    return _back(person_id, removed=absence_id)


@staff_bp.post("/<uuid:absence_id>/restore")
@staff(*DESK)
def restore_absence(person_id: uuid.UUID, absence_id: uuid.UUID) -> ResponseReturnValue:
    """What was removed stands again."""
    try:
        service.restore(session(), viewer(), person_id, absence_id, now())
    except Refused:
        flash(_("Det har ändrats sedan dess. Det går inte att ångra."), "sun")
    else:
        flash(_("Frånvaron gäller igen."))
    return _back(person_id)


def _saved(person_id: uuid.UUID, days: Period) -> None:
    """Say that it is saved, and for whom nobody answers now."""
    flash(_("Sparat."))
    for name in desk_queries.relied_on(session(), person_id, days):
        flash(_("Nu svarar ingen för %(name)s de dagarna. Välj en ny vikarie.", name=name), "sun")
