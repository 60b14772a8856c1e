"""Keeping time free of meetings: for oneself, or by a lead for a coach of the team."""

import uuid
from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.availability import block_service as service
from portal.availability import week_queries as around
from portal.availability.block_service import WHAT, Wish
from portal.availability.rules import Span
from portal.availability.service import Taken
from portal.booking.back_rules import week_page
from portal.booking.rules import read_start
from portal.clock import now
from portal.db import session
from portal.identity.absence.desk_queries import managed
from portal.staff import week_queries, week_words
from portal.staff.block_forms import BlockForm
from portal.staff.week_queries import Entry
from portal.staff.week_rules import read_day
from portal.web.access import staff, viewer
from portal.web.errors import Refused

staff_bp = Blueprint("blocks", __name__, url_prefix="/staff/week/blocks/<uuid:person_id>")
DESK = ("coach", "lead")
HOUR = timedelta(hours=1)


def _page(
    form: BlockForm,
    person_id: uuid.UUID,
    block_id: uuid.UUID | None = None,
    wish: Wish | None = None,
    in_the_way: tuple[Entry, ...] = (),
) -> str:
    person = managed(session(), viewer(), person_id, what=WHAT)
    return render_template(
        "staff/block.html",
        form=form,
        person=person,
        own=person_id == viewer().person_id,
        block_id=block_id,
        in_the_way=[(one, week_words.way_of(one, wish.span)) for one in in_the_way] if wish else [],
        back=_week_of(person_id, form.day.data or _today()),
    )


def _today() -> date:
    return now().astimezone(viewer().zone).date()


def _week_of(person_id: uuid.UUID, day: date, removed: uuid.UUID | None = None) -> str:
    return week_page(day, None if person_id == viewer().person_id else person_id, removed=removed)


def _to_week(person_id: uuid.UUID, span: Span, removed: uuid.UUID | None = None) -> ResponseReturnValue:
    return redirect(_week_of(person_id, span.start.astimezone(viewer().zone).date(), removed), 303)


@staff_bp.get("")
@staff(*DESK)
def choose(person_id: uuid.UUID) -> ResponseReturnValue:
    """A form for any time, with the free stretch or the day that was tapped."""
    form = BlockForm(formdata=None)
    start, end = (read_start(request.args.get(name, "")) for name in ("at", "until"))
    if start is not None:
        form.show(Span(start, end if end and end > start else start + HOUR), viewer().zone)
    else:
        form.day.data = read_day(request.args.get("day", ""), _today())
    return _page(form, person_id)


@staff_bp.post("")
@staff(*DESK)
def block(person_id: uuid.UUID) -> ResponseReturnValue:
    """Block the time, or say what is in the way; nothing typed is lost."""
    form = BlockForm()
    managed(session(), viewer(), person_id, what=WHAT)
    wish = form.wish(viewer().zone)
    if wish is None:
        return _page(form, person_id), 422
    try:
        service.block(session(), viewer(), person_id, wish, now())
    except Refused as refused:
        return _refused(refused, form, person_id, None, wish)
    flash(_("Tiden är spärrad."))
    return _to_week(person_id, wish.span)


@staff_bp.get("/<uuid:block_id>")
@staff(*DESK)
def show_block(person_id: uuid.UUID, block_id: uuid.UUID) -> ResponseReturnValue:
    """One blocked time as it stands, to be changed or removed."""
    standing = around.one_blocked(session(), viewer(), person_id, block_id)
    form = BlockForm(formdata=None)
    form.show(standing.span, viewer().zone, standing.words)
    return _page(form, person_id, block_id)


@staff_bp.post("/<uuid:block_id>")
@staff(*DESK)
def change_block(person_id: uuid.UUID, block_id: uuid.UUID) -> ResponseReturnValue:
    """Another time, or another word."""
    form = BlockForm()
    around.one_blocked(session(), viewer(), person_id, block_id)
    wish = form.wish(viewer().zone)
    if wish is None:
        return _page(form, person_id, block_id), 422
    try:
        service.change(session(), viewer(), person_id, block_id, wish, now())
    except Refused as refused:
        return _refused(refused, form, person_id, block_id, wish)
    flash(_("Sparat."))
    return _to_week(person_id, wish.span)


@staff_bp.post("/<uuid:block_id>/remove")
@staff(*DESK)
def remove_block(person_id: uuid.UUID, block_id: uuid.UUID) -> ResponseReturnValue:
    """The time can be booked again; it can be undone."""
    row = service.remove(session(), viewer(), person_id, block_id, now())
    return _to_week(person_id, row.span, removed=block_id)


@staff_bp.post("/<uuid:block_id>/restore")
@staff(*DESK)
def restore_block(person_id: uuid.UUID, block_id: uuid.UUID) -> ResponseReturnValue:
    """What was removed stands again, while nobody has booked it."""
    try:
        row = service.restore(session(), viewer(), person_id, block_id, now())
    except Refused:
        flash(_("Det har ändrats sedan dess. Det går inte att ångra."), "sun")
        return redirect(_week_of(person_id, _today()), 303)
    flash(_("Tiden är spärrad igen."))
    return _to_week(person_id, row.span)


def _refused(
    refused: Refused, form: BlockForm, person_id: uuid.UUID, block_id: uuid.UUID | None, wish: Wish
) -> ResponseReturnValue:
    """The form as it was typed, with what is in the way."""
    found: tuple[Entry, ...] = ()
    if isinstance(refused, service.WrongTime):
        form.blame(refused.trouble)
    elif isinstance(refused, Taken):
        every = week_queries.in_the_way(session(), viewer(), person_id, wish.span, now())
        found = tuple(one for one in every if not (one.blocked and one.blocked.id == block_id))
        form.start.errors = [_("Tiden är upptagen.")]
    else:
        raise refused
    return _page(form, person_id, block_id, wish, found), 422
