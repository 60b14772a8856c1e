"""The rooms of the house: adding, changing, closing and opening them. For admins."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.availability.rooms import queries, service
from portal.availability.rooms.forms import RoomForm
from portal.availability.rooms.models import Room
from portal.booking import room_service
from portal.db import session
from portal.organisation.service import hold
from portal.web.access import staff, viewer

staff_bp = Blueprint("rooms", __name__, url_prefix="/staff/organisation/rooms")


def _done(text: str) -> ResponseReturnValue:
    flash(text)
    return redirect(url_for("rooms.show_rooms"), 303)


def _room_page(form: RoomForm, room: Room | None = None, code: int = 200) -> ResponseReturnValue:
    held = queries.held_ahead(session(), viewer(), room.id, clock.now()) if room else 0
    coaches = queries.in_hours(session(), viewer(), room.id) if room else 0
    return render_template("booking/room.html", form=form, room=room, held=held, coaches=coaches), code


@staff_bp.get("")
@staff("admin")
def show_rooms() -> ResponseReturnValue:
    """The rooms in use, and those that are closed."""
    return render_template(
        "booking/rooms.html",
        rooms=queries.rooms(session(), viewer()),
        closed=queries.rooms(session(), viewer(), closed=True),
    )


@staff_bp.get("/new")
@staff("admin")
def new_room() -> ResponseReturnValue:
    """An empty form."""
    return _room_page(RoomForm())


@staff_bp.post("/new")
@staff("admin")
def add_room() -> ResponseReturnValue:
    """Add a room; twice is once."""
    form = RoomForm()
    if form.validate():
        try:
            service.add(session(), viewer(), form.facts())
        except service.NameTaken:
            form.name.errors = [_("Ett annat rum heter så.")]
        else:
            return _done(_("Rummet är sparat."))
    return _room_page(form, code=422)


@staff_bp.get("/<uuid:room_id>")
@staff("admin")
def edit_room(room_id: uuid.UUID) -> ResponseReturnValue:
    """One room, and what it is held for."""
    room = queries.room(session(), viewer(), room_id)
    return _room_page(RoomForm.of(room), room)


@staff_bp.post("/<uuid:room_id>")
@staff("admin")
def change_room(room_id: uuid.UUID) -> ResponseReturnValue:
    """Change a room's name, place or seats; coming meetings show it as it is now."""
    hold(session(), viewer().organisation_id)
    room, form = queries.room(session(), viewer(), room_id), RoomForm()
    if form.validate() and not form.overtaken(RoomForm.of(room)):
        try:
            room_service.change_room(session(), viewer(), room_id, form.facts(), clock.now())
        except service.NameTaken:
            form.name.errors = [_("Ett annat rum heter så.")]
        else:
            return _done(_("Rummet är sparat."))
    return _room_page(form, room, 422)


@staff_bp.post("/<uuid:room_id>/close")
@staff("admin")
def close_room(room_id: uuid.UUID) -> ResponseReturnValue:
    """Nobody is booked there any longer."""
    service.close(session(), viewer(), room_id, clock.now())
    return _done(_("Rummet är stängt. Möten som är bokade där ligger kvar."))


@staff_bp.post("/<uuid:room_id>/open")
@staff("admin")
def open_room(room_id: uuid.UUID) -> ResponseReturnValue:
    """The room is in use again."""
    try:
        service.reopen(session(), viewer(), room_id)
    except service.NameTaken:
        room = queries.room(session(), viewer(), room_id)
        form = RoomForm.of(room)
        form.name.errors = [_("Ett annat rum heter så. Byt namn först.")]
        return _room_page(form, room, 422)
    return _done(_("Rummet används igen."))
