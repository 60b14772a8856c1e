"""The texts of SMS in an organisation's own words: a list, and one text with what it costs. For admins."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.clock import now
from portal.db import session
from portal.languages import LANGUAGES
from portal.notices import (
    answer_words,
    staff_words,
    template_queries,
    template_rules,
    template_service,
    words,
)
from portal.notices.rules import WORDED
from portal.notices.staff_forms import WordingForm
from portal.notices.template_queries import Desk
from portal.organisation import service as house
from portal.organisation.queries import rules_of
from portal.web.access import staff, viewer

staff_bp = Blueprint("notices", __name__, url_prefix="/staff/organisation/texts")
ONE = f"/<any({', '.join(WORDED)}):kind>/<any({', '.join(LANGUAGES)}):language>"


def _desk(kind: str, language: str) -> Desk:
    found = template_queries.desk(session(), viewer(), kind, LANGUAGES[language])
    if found is None:
        raise NotFound
    return found


def _sent(desk: Desk) -> WordingForm:
    return WordingForm.sent(desk, template_queries.names(session(), viewer()))


def _page(desk: Desk, form: WordingForm, code: int = 200, **more: object) -> ResponseReturnValue:
    page = render_template(
        "notices/staff_text.html",
        desk=desk,
        form=form,
        preview=template_queries.preview(session(), viewer(), desk, form.wording(), now()),
        fields=template_rules.FIELDS[desk.kind],
        words=staff_words,
        heading=words.KINDS[desk.kind],
        ending=answer_words.ask_for_yes(desk.language) if _invites(desk.kind) else "",
        spoken=template_queries.offered(session(), viewer()),
        **more,
    )
    return page, code


def _invites(kind: str) -> bool:
    return answer_words.invites(kind, rules_of(session(), viewer()).sms_provider)


@staff_bp.get("")
@staff("admin")
def show_texts() -> ResponseReturnValue:
    """Every kind in the organisation's languages: whose words it is said in."""
    spoken, rows = template_queries.kinds(session(), viewer())
    return render_template("notices/staff_texts.html", spoken=spoken, rows=rows, kinds=words.KINDS)


@staff_bp.get(ONE)
@staff("admin")
def edit_text(kind: str, language: str) -> ResponseReturnValue:
    """What is sent now, or an older text to be saved in its place."""
    desk, asked = _desk(kind, language), request.args.get("version", type=int)
    older = next((one for one in desk.versions if one.number == asked), None)
    if asked is not None and older is None:
        raise NotFound
    form = WordingForm.of(desk, (older.text or desk.ours) if older else None)
    return _page(desk, form, older=older)


@staff_bp.post(f"{ONE}/preview")
@staff("admin")
def preview_text(kind: str, language: str) -> ResponseReturnValue:
    """The text as it would arrive; with `cheaper`, plain signs in place of costly ones. Nothing is saved."""
    desk = _desk(kind, language)
    form = _sent(desk)
    if "cheaper" in request.form:
        form.cheapen()
    return _page(desk, form, problems=form.problems(), telling=form.telling())


@staff_bp.post(ONE)
@staff("admin")
def save_text(kind: str, language: str) -> ResponseReturnValue:
    """Say it so from now on; an empty text goes back to ours."""
    house.hold(session(), viewer().organisation_id)
    desk = _desk(kind, language)
    form = _sent(desk)
    if not form.validate() or form.overtaken(WordingForm.of(desk)):
        return _page(desk, form, 422, telling=form.telling())
    template_service.word(session(), viewer(), kind, desk.language, form.wording(), now())
    flash(_("Texten är sparad. Den gäller nya meddelanden."))
    return redirect(url_for("notices.edit_text", kind=kind, language=language), 303)
