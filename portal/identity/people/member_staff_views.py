"""The staff: a list, somebody new, roles, new sign-in, disabling. For admins."""

import uuid
from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now
from portal.db import begin_writing, session
from portal.identity.models import Person
from portal.identity.people import (
    access_service,
    member_queries,
    member_service,
    person_queries,
    words,
)
from portal.identity.people.forms import EmptyForm
from portal.identity.people.member_forms import MemberForm, RolesForm
from portal.identity.service import lock_people
from portal.web.access import late, staff, viewer
from portal.web.qr import qr_svg

Offered = TypeVar("Offered", bound=RolesForm)

bp = Blueprint("members", __name__, url_prefix="/members")


@bp.get("")
@staff("admin")
def list_members() -> ResponseReturnValue:
    """Everybody who works here."""
    found = member_queries.members(session(), viewer())
    return render_template("people/members.html", members=found, words=words)


@bp.get("/new")
@staff("admin")
def new_member() -> ResponseReturnValue:
    """An empty form."""
    return render_template("people/member_new.html", form=_offer(MemberForm()))


@bp.post("/new")
@staff("admin")
@late
def add_member() -> ResponseReturnValue:
    """Add somebody; the answer shows, once, what they sign in with."""
    form = _offer(MemberForm())
    if form.validate():
        made, new = member_service.make_secrets(), form.member()
        try:
            person = member_service.add_member(
                begin_writing(), viewer().organisation_id, new, made, asker=viewer(), now=now()
            )
        except member_service.EmailTaken:
            form.email.errors = [_("Någon använder redan den e-postadressen.")]
        else:
            return _secrets(person, new.email, made)
    return render_template("people/member_new.html", form=form), 422


@bp.get("/<uuid:person_id>")
@staff("admin")
def show_member(person_id: uuid.UUID) -> ResponseReturnValue:
    """One member of staff: roles, and what can be done."""
    person = member_queries.member(session(), viewer(), person_id)
    return _page(person, _shown(person))


def _shown(person: Person) -> RolesForm:
    form = _offer(RolesForm(formdata=None))
    form.show(member_queries.grants_of(session(), person))
    return form


@bp.post("/<uuid:person_id>")
@staff("admin")
def set_roles(person_id: uuid.UUID) -> ResponseReturnValue:
    """Change the roles; sessions end."""
    person = member_queries.member(session(), viewer(), person_id)
    # Both at once, as every change of roles does: two admins who change each other never wait crosswise.
    lock_people(session(), (viewer().person_id, person.id))
    form = _offer(RolesForm())
    if form.validate() and not form.overtaken(_shown(person)):
        try:
            member_service.set_roles(session(), viewer(), person, form.grants(), now=now())
        except member_service.NotYourself:
            form.roles.errors = [_("Du kan inte ta bort din egen roll som administratör.")]
        except member_service.LastHandler:
            form.roles.errors = [_last_handler()]
        else:
            flash(_("Rollerna är sparade. Personen får logga in igen."))
            return redirect(url_for("people.members.list_members"), 303)
    return _page(person, form, 422)


@bp.post("/<uuid:person_id>/secrets")
@staff("admin")
@late
def renew_secrets(person_id: uuid.UUID) -> ResponseReturnValue:
    """A new password and a new code app, shown once."""
    made = member_service.make_secrets()
    person = member_queries.member(begin_writing(), viewer(), person_id)
    member_service.renew_secrets(session(), viewer(), person, made, now=now())
    return _secrets(person, member_queries.email_of(session(), person), made)


@bp.post("/<uuid:person_id>/disable")
@staff("admin")
def disable(person_id: uuid.UUID) -> ResponseReturnValue:
    """Shut a member of staff out at once."""
    person = member_queries.member(session(), viewer(), person_id)
    try:
        member_service.disable_member(session(), viewer(), person, now=now())
    except member_service.NotYourself:
        return _refused(person, _("Du kan inte stänga av dig själv."))
    except member_service.LastHandler:
        return _refused(person, _last_handler())
    flash(_("Personen är avstängd och utloggad."))
    return redirect(url_for("people.members.show_member", person_id=person.id), 303)


@bp.post("/<uuid:person_id>/enable")
@staff("admin")
def enable(person_id: uuid.UUID) -> ResponseReturnValue:
    """Let a member of staff in again."""
    person = member_queries.member(session(), viewer(), person_id)
    access_service.enable(session(), viewer(), person)
    flash(_("Personen kan logga in igen."))
    return redirect(url_for("people.members.show_member", person_id=person.id), 303)


def _last_handler() -> str:
    return _("Personen är ensam handläggare för någon med skyddade uppgifter. Välj en till först.")


def _offer(form: Offered) -> Offered:
    form.offer(tuple((str(team.id), team.name) for team in person_queries.own_teams(session(), viewer())))
    return form


def _refused(person: Person, problem: str) -> ResponseReturnValue:
    form = _shown(person)
    form.form_errors = [problem]
    return _page(person, form, 422)


def _page(person: Person, form: RolesForm, code: int = 200) -> ResponseReturnValue:
    return render_template(
        "people/member.html",
        member=person,
        email=member_queries.email_of(session(), person),
        participants=member_queries.participants(session(), viewer()).get(person.id, 0),
        form=form,
        empty=EmptyForm(),
    ), code


def _secrets(person: Person, email: str, made: member_service.Secrets) -> ResponseReturnValue:
    uri = made.uri(email)
    return render_template(
        "people/member_secrets.html",
        member=person,
        email=email,
        made=made,
        qr=qr_svg(uri, _("Kod till appen")),
    )
