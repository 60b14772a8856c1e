"""The coach's morning, one participant's page, and what is new to copy."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.booking.words import missed_words
from portal.clock import now
from portal.db import session
from portal.groups.week_queries import groups_today
from portal.groups.words import title_words
from portal.identity.people.case_words import over_words, waiting_words
from portal.plan.words import change_sentence
from portal.staff import overview_queries, queries, rules, service, team_queries
from portal.staff.forms import HandleForm
from portal.web.access import staff, viewer

staff_bp = Blueprint("staff", __name__, url_prefix="/staff")

DESK = ("coach", "lead")


@staff_bp.get("")
@staff()
def show_today() -> ResponseReturnValue:
    """A coach's morning; for other roles, where their work is."""
    asker = viewer()
    if asker.roles & set(DESK):
        today = queries.today(session(), asker, now(), number=request.args.get("page", 1, type=int))
        return render_template(
            "staff/today.html",
            today=today,
            team=team_queries.team(session(), asker, now()) if "lead" in asker.roles else None,
            form=HandleForm(formdata=None),
            groups=groups_today(session(), asker, now()),
            group_title=title_words,
            now=now(),
            over_words=over_words,
            waiting_words=waiting_words,
            missed_words=missed_words,
        )
    if "admin" in asker.roles:
        return redirect("/staff/people", 303)
    if "user_auditor" in asker.roles:
        return redirect("/staff/audits", 303)
    return redirect("/staff/translations", 303)


@staff_bp.get("/people/<uuid:person_id>/handle")
@staff(*DESK)
def ask_how(person_id: uuid.UUID) -> ResponseReturnValue:
    """What did you do, or when later?"""
    need = queries.need_of(session(), viewer(), person_id, now())
    return render_template("staff/handle.html", need=need, form=HandleForm(outcome="later"))


@staff_bp.post("/people/<uuid:person_id>/handle")
@staff(*DESK)
def handle(person_id: uuid.UUID) -> ResponseReturnValue:
    """Record what was done about what stood on the list."""
    form = HandleForm()
    need = queries.need_of(session(), viewer(), person_id, now())
    if not form.validate():
        return render_template("staff/handle.html", need=need, form=form), 422
    open_now = [cause.key for cause in need.need.causes]
    handling = form.handling(person_id, open_now, request.form.getlist("key"))
    if handling.keys and not any(rules.may_settle(key, handling.outcome) for key in handling.keys):
        return redirect(_where_it_is_written(person_id, handling.keys[0]), 303)
    try:
        service.handle(session(), viewer(), handling, now())
    except service.Settled:
        form.form_errors = [_("Det här är redan klart, eller gäller inte längre. Inget är ändrat nu.")]
        return render_template("staff/handle.html", need=need, form=form), 422
    return redirect(url_for("staff.show_today", handled=person_id, _anchor="needs"), 303)


def _where_it_is_written(person_id: uuid.UUID, key: str) -> str:
    """The page on which a cause is settled that no tap on the list settles."""
    if key.startswith(f"{rules.FOLLOW_UP}:"):
        return url_for("followup_staff.show_follow_ups", person_id=person_id)
    return url_for("plan_staff.news.record_talk", person_id=person_id)


@staff_bp.post("/people/<uuid:person_id>/take-back")
@staff(*DESK)
def take_back(person_id: uuid.UUID) -> ResponseReturnValue:
    """Put somebody back on the list, unless a colleague has seen to it since."""
    at = overview_queries.read_moment(request.form.get("at", ""), now())
    service.take_back(session(), viewer(), person_id, at, now())
    if queries.need_of(session(), viewer(), person_id, now()).need.causes:
        flash(_("Tillbaka på listan."))
    else:
        flash(_("Det har ändrats sedan dess. Det går inte att ångra."), "sun")
    return redirect(url_for("staff.show_today"), 303)


@staff_bp.get("/people/<uuid:person_id>")
@staff(*DESK)
def show_person(person_id: uuid.UUID) -> ResponseReturnValue:
    """One participant: what to know before the talk, and everything a tap away."""
    page = overview_queries.overview(session(), viewer(), person_id, now())
    return render_template(
        "staff/person.html",
        page=page,
        now=now(),
    )


@staff_bp.get("/people/<uuid:person_id>/copy")
@staff(*DESK)
def show_new(person_id: uuid.UUID) -> ResponseReturnValue:
    """What is new since the asker last copied, as plain text for the case system."""
    page = overview_queries.news(session(), viewer(), person_id, now())
    return render_template("staff/copy.html", page=page, change_words=change_sentence)


@staff_bp.post("/people/<uuid:person_id>/copy")
@staff(*DESK)
def mark_copied(person_id: uuid.UUID) -> ResponseReturnValue:
    """Remember that what was shown has been copied."""
    upto = overview_queries.read_moment(request.form.get("upto", ""), now())
    service.mark_copied(session(), viewer(), person_id, upto)
    flash(_("Nästa gång visas bara det som är nytt."))
    return redirect(url_for("staff.show_person", person_id=person_id), 303)
