"""Programmes and teams: somebody new, changes, and taking away what was never used. For admins."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.db import session
from portal.organisation import place_service, queries, service
from portal.organisation.models import Programme, Team
from portal.organisation.place_forms import ProgrammeForm, TeamForm
from portal.web.access import staff, viewer

bp = Blueprint("places", __name__)


def _team(team_id: uuid.UUID) -> Team:
    return queries.team(session(), viewer().organisation_id, team_id)


def _programme(programme_id: uuid.UUID) -> Programme:
    return queries.programme(session(), viewer().organisation_id, programme_id)


def _hold() -> None:
    service.hold(session(), viewer().organisation_id)


def _done(text: str) -> ResponseReturnValue:
    flash(text)
    return redirect(url_for("organisation.show_settings"), 303)


# --- teams --------------------------------------------------------------------------------------


def _team_page(form: TeamForm, team: Team | None = None, code: int = 200) -> ResponseReturnValue:
    return render_template("organisation/team.html", form=form, team=team), code


@bp.get("/teams/new")
@staff("admin")
def new_team() -> ResponseReturnValue:
    """An empty form."""
    return _team_page(TeamForm())


@bp.post("/teams/new")
@staff("admin")
def add_team() -> ResponseReturnValue:
    """Add a team; twice is once."""
    form = TeamForm()
    if form.validate():
        try:
            place_service.add_team(session(), viewer(), form.facts())
        except place_service.NameTaken:
            form.name.errors = [_("Ett annat team heter så.")]
        else:
            return _done(_("Teamet är sparat."))
    return _team_page(form, code=422)


@bp.get("/teams/<uuid:team_id>")
@staff("admin")
def edit_team(team_id: uuid.UUID) -> ResponseReturnValue:
    """One team."""
    team = _team(team_id)
    return _team_page(TeamForm.of(team), team)


@bp.post("/teams/<uuid:team_id>")
@staff("admin")
def change_team(team_id: uuid.UUID) -> ResponseReturnValue:
    """Change a team's name or municipality."""
    _hold()
    team, form = _team(team_id), TeamForm()
    if form.validate() and not form.overtaken(TeamForm.of(team)):
        try:
            place_service.change_team(session(), viewer(), team, form.facts())
        except place_service.NameTaken:
            form.name.errors = [_("Ett annat team heter så.")]
        else:
            return _done(_("Teamet är sparat."))
    return _team_page(form, team, 422)


@bp.post("/teams/<uuid:team_id>/remove")
@staff("admin")
def remove_team(team_id: uuid.UUID) -> ResponseReturnValue:
    """Take away a team that nobody is or was in."""
    _hold()
    team = _team(team_id)
    form = TeamForm.of(team)
    try:
        place_service.remove_team(session(), viewer(), team)
    except place_service.InUse:
        form.form_errors = [_("Personal eller deltagare är i teamet. Det får vara kvar.")]
    except place_service.OnlyOne:
        form.form_errors = [_("Det måste finnas minst ett team.")]
    else:
        return _done(_("Teamet är borttaget."))
    return _team_page(form, team, 422)


# --- programmes ---------------------------------------------------------------------------------


def _programme_page(
    form: ProgrammeForm, programme: Programme | None = None, code: int = 200
) -> ResponseReturnValue:
    page = "organisation/programme.html"
    return render_template(page, form=form, programme=programme), code


def _stored(programme: Programme) -> ProgrammeForm:
    lists = queries.word_lists(session(), viewer().organisation_id)
    return ProgrammeForm.of(programme, lists, viewer().language)


def _sent(programme: Programme | None = None) -> ProgrammeForm:
    form = ProgrammeForm()
    form.offer(queries.word_lists(session(), viewer().organisation_id), viewer().language, programme)
    return form


@bp.get("/programmes/new")
@staff("admin")
def new_programme() -> ResponseReturnValue:
    """An empty form."""
    return _programme_page(_sent())


@bp.post("/programmes/new")
@staff("admin")
def add_programme() -> ResponseReturnValue:
    """Add a programme; twice is once."""
    form = _sent()
    if form.validate():
        try:
            place_service.add_programme(session(), viewer(), form.facts())
        except place_service.NameTaken:
            form.name.errors = [_("En annan insats heter så.")]
        else:
            return _done(_("Insatsen är sparad."))
    return _programme_page(form, code=422)


@bp.get("/programmes/<uuid:programme_id>")
@staff("admin")
def edit_programme(programme_id: uuid.UUID) -> ResponseReturnValue:
    """One programme."""
    programme = _programme(programme_id)
    return _programme_page(_stored(programme), programme)


@bp.post("/programmes/<uuid:programme_id>")
@staff("admin")
def change_programme(programme_id: uuid.UUID) -> ResponseReturnValue:
    """Change a programme's name, days, targets, partners or words."""
    _hold()
    programme = _programme(programme_id)
    form = _sent(programme)
    if form.validate() and not form.overtaken(_stored(programme)):
        try:
            place_service.change_programme(session(), viewer(), programme, form.facts())
        except place_service.NameTaken:
            form.name.errors = [_("En annan insats heter så.")]
        else:
            return _done(_("Insatsen är sparad."))
    return _programme_page(form, programme, 422)


@bp.post("/programmes/<uuid:programme_id>/remove")
@staff("admin")
def remove_programme(programme_id: uuid.UUID) -> ResponseReturnValue:
    """Take away a programme that nobody is or was enrolled in."""
    _hold()
    programme = _programme(programme_id)
    form = _stored(programme)
    try:
        place_service.remove_programme(session(), viewer(), programme)
    except place_service.InUse:
        form.form_errors = [
            _("Någon är inskriven i insatsen. Den får vara kvar."),
            _("Skriv en sista dag i stället."),
        ]
    except place_service.OnlyOne:
        form.form_errors = [_("Det måste finnas minst en insats.")]
    else:
        return _done(_("Insatsen är borttagen."))
    return _programme_page(form, programme, 422)
