"""Whom to turn to, what this is, how it can be used, and one's own page."""

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from portal import clock
from portal.db import session
from portal.identity.absence.words import told
from portal.identity.signin import queries, words
from portal.organisation import queries as organisations
from portal.organisation.models import Organisation
from portal.organisation.rules import Rules
from portal.web.access import known_viewer, participant, public, viewer

bp = Blueprint("info", __name__)


def _organisation() -> Organisation | None:
    """The viewer's; else the one whose first page led here (`?at=`); else the only one."""
    if asker := known_viewer():
        return queries.own_organisation(session(), asker)
    at = request.args.get("at", "")
    return next((one for one in organisations.everyone(session()) if one.slug == at), None) or (
        organisations.only_one(session())
    )


@bp.get("/turn-to")
@public
def show_turn_to() -> ResponseReturnValue:
    """Whom to turn to: us, somebody else when it is about us, and those who answer now."""
    organisation, asker = _organisation(), known_viewer()
    helpers = queries.own_helpers(session(), asker, clock.now()) if asker and asker.is_participant else None
    rules = organisation.rules if organisation else Rules()
    others = () if organisation else organisations.everyone(session())
    return render_template(
        "signin/turn_to.html",
        organisation=organisation,
        others=others,
        helpers=helpers,
        rules=rules,
        purposes=words.CRISIS_PURPOSES,
        told=told,
    )


@bp.get("/about")
@public
def show_about() -> ResponseReturnValue:
    """What this is, for whom, what we store, and what the quick exit does not do."""
    minutes = current_app.config["STIGEN"].idle_minutes
    return render_template("signin/about.html", organisation=_organisation(), minutes=minutes)


@bp.get("/accessibility")
@public
def show_accessibility() -> ResponseReturnValue:
    """The statement that Swedish law 2018:1937 asks for."""
    return render_template("signin/accessibility.html", organisation=_organisation())


@bp.get("/me")
@participant(tier=1)
def show_me() -> ResponseReturnValue:
    """The person's own page: language, number, PIN, and the way out."""
    person = queries.own_page(session(), viewer())
    return render_template("signin/me.html", organisation=_organisation(), person=person)
