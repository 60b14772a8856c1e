"""A translator's desk: what waits, and one text with its translation beside it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.db import session
from portal.languages import LANGUAGES
from portal.web.access import staff, viewer
from portal.wording import queries, rules, service, words
from portal.wording.forms import TranslationForm

staff_bp = Blueprint("wording", __name__, url_prefix="/staff/translations")

ONE = f"/<uuid:text_id>/<any({', '.join(LANGUAGES)}):language>"


@staff_bp.get("")
@staff("translator")
def show_waiting() -> ResponseReturnValue:
    """What waits, oldest first; of the language and in the state that were asked for, else of all."""
    asked = request.args.get("language", "")
    chosen, number = asked if asked in LANGUAGES else None, request.args.get("page", type=int, default=1)
    desk = queries.desk(session(), viewer(), chosen, state=_state(), number=number)
    return render_template("wording/waiting.html", desk=desk, chosen=chosen, state=_state(), words=words)


@staff_bp.get(ONE)
@staff("translator")
def show_text(text_id: UUID, language: str) -> ResponseReturnValue:
    """One text, and what it is called in the other language so far."""
    work = queries.work(session(), viewer(), text_id, language)
    return _page(work, TranslationForm(data={"text": work.translated or work.suggested, "seen": work.seen}))


@staff_bp.post(ONE)
@staff("translator")
def save_text(text_id: UUID, language: str) -> ResponseReturnValue:
    """Keep it as a draft, or confirm it and go on to the next."""
    work = queries.work(session(), viewer(), text_id, language)
    form, confirm = TranslationForm(), "confirm" in request.form
    if not form.validate_on_submit():
        return _page(work, form), 422
    try:
        service.write(
            session(),
            viewer(),
            text_id,
            language,
            text=form.text.data or "",
            confirm=confirm,
            seen=form.seen.data or "",
            now=clock.now(),
        )
    except service.Stale:
        work = queries.work(session(), viewer(), text_id, language)
        form.overtaken(work.seen)
        return _page(work, form), 422
    if not confirm:
        flash(_("Utkastet är sparat."))
        return redirect(_list(language), 303)
    flash(words.confirmed(work.many, of_team=work.of_team, to_staff=work.language == rules.SWEDISH))
    return redirect(_next(work) or _list(language), 303)


def _state() -> str | None:
    """The state that the list is narrowed to."""
    asked = request.args.get("state", "")
    return asked if asked in rules.STATES else None


def _list(language: str) -> str:
    return url_for("wording.show_waiting", language=language, state=_state())


def _next(work: queries.Work) -> str | None:
    """Where the next text of the list stands; nowhere after the last, and after a correction."""
    if work.state == rules.CONFIRMED:
        return None
    found = queries.next_after(session(), viewer(), work, _state())
    if found is None:
        return None
    return url_for("wording.show_text", text_id=found, language=work.language, state=_state())


def _page(work: queries.Work, form: TranslationForm) -> str:
    return render_template(
        "wording/text.html",
        work=work,
        form=form,
        spoken=LANGUAGES[work.language],
        written=LANGUAGES[work.written_in],
        words=words,
        state=_state(),
        back=_list(work.language),
        following=_next(work),
    )
