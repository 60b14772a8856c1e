"""What was typed when a session ended: shown to the same person, sent again, or thrown away (S17)."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.db import session
from portal.identity.signin import cookie, doors, kept_rules, queries, rules, service, words
from portal.web.access import known_viewer, signed_in, viewer

bp = Blueprint("kept", __name__, url_prefix=cookie.KEPT_PAGE)


@bp.get("")
@signed_in
def show_kept() -> ResponseReturnValue:
    """What was kept for this person and where it belongs, to be sent or thrown away."""
    asker = viewer()
    kept = queries.kept_form(session(), asker, clock.now())
    if kept is None:
        return redirect(_home(), 303)
    if kept.tier > asker.tier:
        return redirect(url_for("signin.pin.show_pin", next=cookie.KEPT_PAGE), 303)
    fields = kept_rules.unpacked(kept.fields)
    place = words.place_of(kept.path)
    return render_template("signin/kept.html", fields=fields, words=kept_rules.words(fields), place=place)


@bp.post("/send")
@signed_in
def send_kept() -> ResponseReturnValue:
    """Send it as if it had been sent then: the browser posts the same fields to the form's own address.

    It stays kept until they have come there and were taken: see `let_go`.
    """
    asker = viewer()
    kept = queries.kept_form(session(), asker, clock.now())
    path = rules.inside(kept.path) if kept and kept.tier <= asker.tier else None
    if kept is None or path is None:
        return redirect(_home(), 303)
    cookie.send_again(kept.id)
    return redirect(path, 307)


@bp.post("/drop")
@signed_in
def drop_kept() -> ResponseReturnValue:
    """Throw it away."""
    service.drop_kept(session(), viewer())
    return redirect(_home(), 303)


def let_go() -> None:
    """Before a view takes the form that is sent again: what was kept goes in the view's own transaction.

    If the form is not taken, that is rolled back, and what was kept stands as before.
    """
    asker, kept_id = known_viewer(), cookie.sent_again()
    if asker and kept_id and request.method == "POST":
        writing = session()
        if g.writing:
            service.let_go(writing, asker, kept_id, doors.here())


def _home() -> str:
    return "/staff" if viewer().is_staff else "/home"
