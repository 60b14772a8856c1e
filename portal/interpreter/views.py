"""The interpreter's door and the one page behind it."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock, db
from portal.db import apart, begin_writing, session
from portal.identity.signin import attempts_service, rules
from portal.identity.signin import cookie as browser
from portal.interpreter import queries
from portal.interpreter.forms import InterpreterCodeForm
from portal.interpreting import queries as interpreting_queries
from portal.interpreting import service
from portal.languages import language
from portal.web.access import guest, interpreter, known_guest, known_viewer, late, public
from portal.web.asker import Guest
from portal.web.signs import one_line, without_controls
from portal.wording import glossary, words

bp = Blueprint("interpreter", __name__, url_prefix="/tolk")

GRANT = "interpreter"
"""The cookie's name for the token of a grant that was redeemed in this browser."""
SOUGHT_MAX = 60


def find_guest() -> Guest | None:
    """The interpreter whom this browser was let in as, while that lasts. Asks nothing for anybody else."""
    token = cookie.get(GRANT)
    if not isinstance(token, str):
        return None
    return interpreting_queries.guest(db.session(), token, clock.now())


def end_guest() -> None:
    """What this browser was let in to is over, on this device and on any that has copied its cookie (S18)."""
    service.leave(db.session(), guest(), clock.now())


@bp.get("")
@public
def show_entry() -> ResponseReturnValue:
    """Ask for the code."""
    return _entry(InterpreterCodeForm())


@bp.post("")
@public
@late
def give_code() -> ResponseReturnValue:
    """Let in whoever has the code: once, on this device, for one meeting (S8, S10, S12)."""
    form, now, address = InterpreterCodeForm(), clock.now(), request.remote_addr or ""
    if known_viewer() or not form.validate_on_submit():
        return _entry(form), 422
    with apart() as counters:
        crowded = attempts_service.count_from(counters, rules.INTERPRETER_GUESSES_FROM, address, now)
        everybody = attempts_service.key("everybody")
        guesses = attempts_service.count(
            counters, rules.INTERPRETER_GUESSES, everybody, now, by=int(not crowded)
        )
    if crowded or guesses > rules.INTERPRETER_GUESSES.most:
        form.reject(_("För många försök. Vänta en timme, eller tolka utan sidan."))
        return _entry(form), 429
    if not interpreting_queries.is_waiting(session(), form.digits, now):
        with apart() as counters:
            attempts_service.count_failure(counters, now)
        return _refuse(form)
    return _let_in(form)


def _let_in(form: InterpreterCodeForm) -> ResponseReturnValue:
    writing, now, address = begin_writing(), clock.now(), request.remote_addr or ""
    attempts_service.hold(writing, address, rules.INTERPRETER_GUESSES_FROM)
    try:
        token = service.redeem(writing, form.digits, now)
    except service.CodeNotValid:
        return _refuse(form)
    attempts_service.give_back(writing, address, rules.INTERPRETER_GUESSES_FROM)
    language = browser.chosen_language()
    cookie.clear()
    cookie[GRANT] = token
    if language:
        cookie[browser.LANGUAGE] = language
    return redirect(url_for("interpreter.show_meeting"), 303)


def _refuse(form: InterpreterCodeForm) -> ResponseReturnValue:
    """Another code, a used one or an old one: all alike."""
    form.reject(_("Koden stämmer inte, eller gäller inte längre. Be coachen om en ny kod."))
    return _entry(form), 422


@bp.get("/meeting")
@interpreter
def show_meeting() -> ResponseReturnValue:
    """The meeting's time, the plan's items and the questions, in both languages."""
    sheet = queries.sheet(session(), guest(), clock.now())
    spoken = language(sheet.language)
    return _until_over("interpreter/meeting.html", sheet=sheet, spoken=spoken, words=words)


@bp.get("/still")
@public
def show_still() -> ResponseReturnValue:
    """Whether this browser may read still: its page asks by itself, and is led away once it may not."""
    if known_guest():
        return "", 204
    return Response(headers={"HX-Redirect": url_for("interpreter.show_entry")})


@bp.get("/words")
@interpreter
def show_words() -> ResponseReturnValue:
    """The hard words by letter, or those that were searched for."""
    sought = one_line(without_controls(request.args.get("q", "")))[:SOUGHT_MAX]
    spoken = language(guest().language)
    letters = glossary.by_letter(spoken.code, sought)
    return _until_over("interpreter/words.html", letters=letters, sought=sought, spoken=spoken)


def _until_over(template: str, **values: Any) -> Response:
    """A page, which the browser asks for again when the time is over, and then gets nothing (S8).

    What is the participant's asks more often by itself: `show_still`, and without a script the whole page.
    """
    answer = make_response(render_template(template, organisation=guest().house, **values))
    answer.headers["Refresh"] = str(int((guest().closes_at - clock.now()).total_seconds()) + 1)
    return answer


@bp.post("/close")
@interpreter
def close() -> ResponseReturnValue:
    """The interpreter is done: this browser forgets, and the code's grant is over."""
    end_guest()
    browser.forget()
    away: Response = make_response(redirect(url_for("interpreter.show_entry"), 303))
    return browser.wipe(away, "cache", "storage")


def _entry(form: InterpreterCodeForm) -> str:
    return render_template("interpreter/entry.html", form=form)
