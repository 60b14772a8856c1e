"""Settings of an organisation: its rules, crisis lines and lists of words. For admins."""

import uuid
from dataclasses import replace

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.clock import now
from portal.config import Settings
from portal.db import session
from portal.languages import LANGUAGES
from portal.organisation import place_staff_views, queries, service, setting_rules, words
from portal.organisation.forms import CheckedForm, LineForm, RulesForm, WordForm
from portal.organisation.models import Organisation
from portal.organisation.rules import CrisisLine
from portal.web.access import staff, viewer
from portal.web.formats import local

staff_bp = Blueprint("organisation", __name__, url_prefix="/staff/organisation")
staff_bp.register_blueprint(place_staff_views.bp)
LIST_PATH = "/words/<any(referrer,outcome,income,education,municipality,stair):kind>"


def _own() -> Organisation:
    return queries.organisation(session(), viewer().organisation_id)


def _providers() -> tuple[str, ...]:
    settings: Settings = current_app.config["STIGEN"]
    return settings.sms_providers


def _held() -> Organisation:
    """The organisation, to be changed: nobody else changes it meanwhile."""
    service.hold(session(), viewer().organisation_id)
    return _own()


@staff_bp.get("")
@staff("admin")
def show_settings() -> ResponseReturnValue:
    """What can be set, and whether the crisis lines are to be checked again."""
    own = _own()
    return render_template(
        "organisation/settings.html",
        own=own,
        age=setting_rules.lines_age(own.rules, local(now()).date()),
        lists=words.LISTS,
        teams=queries.teams(session(), own.id),
        programmes=queries.programmes(session(), own.id),
    )


@staff_bp.get("/rules")
@staff("admin")
def edit_rules() -> ResponseReturnValue:
    """The rules as they hold now."""
    form = RulesForm.of(_own(), _providers())
    return render_template("organisation/rules.html", form=form, words=words)


@staff_bp.post("/rules")
@staff("admin")
def change_rules() -> ResponseReturnValue:
    """Let other rules hold."""
    form = RulesForm.given(_providers())
    if form.validate() and _change_rules(form):
        flash(_("Inställningarna är sparade."))
        return redirect(url_for("organisation.show_settings"), 303)
    page = render_template("organisation/rules.html", form=form, words=words)
    return page, 422


def _change_rules(form: RulesForm) -> bool:
    own, asker = _held(), viewer()
    if form.overtaken(RulesForm.of(own, _providers())):
        return False
    try:
        rules = setting_rules.dated(own.rules, form.rules(own.rules), now())
        service.change_rules(session(), asker, own, rules)
    except service.WrongRules as wrong:
        form.blame(wrong.problems)
        return False
    name, phone, languages = form.name.data or "", form.phone.data or "", form.languages.data or []
    service.change_contact(session(), asker, own, name, phone, languages=languages)
    return True


# --- crisis lines -------------------------------------------------------------------------------


def _lines_page(form: CheckedForm, code: int = 200) -> ResponseReturnValue:
    own = _own()
    age = setting_rules.lines_age(own.rules, local(now()).date())
    lines, purposes = own.rules.crisis_lines, words.PURPOSES
    page = render_template("organisation/lines.html", lines=lines, age=age, form=form, purposes=purposes)
    return page, code


def _keep_lines(lines: tuple[CrisisLine, ...]) -> ResponseReturnValue:
    own = _own()
    rules = replace(own.rules, crisis_lines=lines)
    service.change_rules(session(), viewer(), own, rules, kind="crisis_lines")
    flash(_("Linjerna är sparade. Kontrollera numren."))
    return redirect(url_for("organisation.show_lines"), 303)


@staff_bp.get("/crisis")
@staff("admin")
def show_lines() -> ResponseReturnValue:
    """The crisis lines, and when they were last checked."""
    form = CheckedForm()
    form.checked_on.data = local(now()).date()
    return _lines_page(form)


@staff_bp.post("/crisis/checked")
@staff("admin")
def check_lines() -> ResponseReturnValue:
    """Remember when the lines were checked; a day to come is not believed."""
    form, today = CheckedForm(), local(now()).date()
    if form.validate() and form.checked_on.data:
        if form.checked_on.data <= today:
            own = _held()
            rules = replace(own.rules, crisis_lines_checked_on=form.checked_on.data.isoformat())
            service.change_rules(session(), viewer(), own, rules, kind="crisis_lines_checked")
            flash(_("Datumet är sparat."))
            return redirect(url_for("organisation.show_lines"), 303)
        form.checked_on.errors = [_("Den dagen har inte varit än.")]
    return _lines_page(form, 422)


@staff_bp.get("/crisis/new")
@staff("admin")
def new_line() -> ResponseReturnValue:
    """An empty line."""
    return render_template("organisation/line.html", form=LineForm(), key=None)


@staff_bp.post("/crisis/new")
@staff("admin")
def add_line() -> ResponseReturnValue:
    """Add a crisis line; the same line again is there once."""
    form = LineForm()
    if form.validate():
        lines = _held().rules.crisis_lines
        return _keep_lines(lines if form.line() in lines else (*lines, form.line()))
    return render_template("organisation/line.html", form=form, key=None), 422


@staff_bp.get("/crisis/<key>")
@staff("admin")
def edit_line(key: str) -> ResponseReturnValue:
    """One crisis line in its form."""
    found = next((line for line in _own().rules.crisis_lines if line.key == key), None)
    if found is None:
        raise NotFound
    return render_template("organisation/line.html", form=LineForm(obj=found), key=key)


@staff_bp.post("/crisis/<key>")
@staff("admin")
def change_line(key: str) -> ResponseReturnValue:
    """Change a crisis line; what was written about one that is gone meanwhile stays in the form."""
    form = LineForm()
    if not form.validate():
        return render_template("organisation/line.html", form=form, key=key), 422
    line = form.line()
    changed = [line if one.key == key else one for one in _held().rules.crisis_lines]
    if line not in changed:
        return render_template("organisation/line.html", form=form, key=None, gone=True), 422
    return _keep_lines(tuple(dict.fromkeys(changed)))


@staff_bp.post("/crisis/<key>/remove")
@staff("admin")
def remove_line(key: str) -> ResponseReturnValue:
    """Take a crisis line away; one that is gone already, or is another by now, is not said to be saved."""
    standing = _held().rules.crisis_lines
    left = tuple(line for line in standing if line.key != key)
    if left == standing:
        flash(_("Linjen är ändrad eller borttagen redan. Så här är det nu."))
        return redirect(url_for("organisation.show_lines"), 303)
    return _keep_lines(left)


# --- lists of words -----------------------------------------------------------------------------


def _list_page(kind: str, form: WordForm, code: int = 200) -> ResponseReturnValue:
    return render_template(
        "organisation/words.html",
        kind=kind,
        heading=words.LISTS[kind],
        rows=queries.word_lists(session(), viewer().organisation_id)[kind],
        form=form,
        tongues=LANGUAGES.values(),
        counts_as=words.COUNTS_AS,
    ), code


@staff_bp.get(LIST_PATH)
@staff("admin")
def show_words(kind: str) -> ResponseReturnValue:
    """One list, and a form for one more word."""
    return _list_page(kind, WordForm.for_list(kind))


@staff_bp.post(LIST_PATH)
@staff("admin")
def add_word(kind: str) -> ResponseReturnValue:
    """Add a word; the same word again is there once."""
    form = WordForm.for_list(kind)
    if form.validate():
        service.add_word(session(), viewer(), kind, form.filled(), counts_as=form.counted)
        flash(_("Ordet är sparat."))
        return redirect(url_for("organisation.show_words", kind=kind), 303)
    return _list_page(kind, form, 422)


@staff_bp.get(f"{LIST_PATH}/<uuid:word_id>")
@staff("admin")
def edit_word(kind: str, word_id: uuid.UUID) -> ResponseReturnValue:
    """One word in its languages."""
    word = queries.word(session(), viewer().organisation_id, kind, word_id)
    return _word_page(kind, WordForm.of(word))


@staff_bp.post(f"{LIST_PATH}/<uuid:word_id>")
@staff("admin")
def change_word(kind: str, word_id: uuid.UUID) -> ResponseReturnValue:
    """Change a word, or take it out of use."""
    _held()
    word, form = queries.word(session(), viewer().organisation_id, kind, word_id), WordForm.for_list(kind)
    if form.validate() and not form.overtaken(WordForm.of(word)):
        retired = bool(form.retired.data)
        service.change_word(session(), viewer(), word, form.filled(), retired=retired, counts_as=form.counted)
        flash(_("Ordet är sparat."))
        return redirect(url_for("organisation.show_words", kind=kind), 303)
    return _word_page(kind, form, 422)


@staff_bp.post(f"{LIST_PATH}/<uuid:word_id>/move")
@staff("admin")
def move_word(kind: str, word_id: uuid.UUID) -> ResponseReturnValue:
    """One place up or down in its list."""
    _held()
    word = queries.word(session(), viewer().organisation_id, kind, word_id)
    service.move_word(session(), viewer(), word, up=request.form.get("way") == "up")
    return redirect(url_for("organisation.show_words", kind=kind), 303)


def _word_page(kind: str, form: WordForm, code: int = 200) -> ResponseReturnValue:
    page = render_template("organisation/word.html", kind=kind, form=form, tongues=LANGUAGES.values())
    return page, code
