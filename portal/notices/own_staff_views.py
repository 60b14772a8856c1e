"""The texts that an organisation has for its staff to send: a list, and one in one language. For admins."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.clock import now
from portal.db import session
from portal.languages import LANGUAGES, SWEDISH
from portal.notices import own_queries, own_service, staff_words, template_queries
from portal.notices.models import OwnMessage
from portal.notices.own_forms import TitleForm
from portal.notices.own_service import TitleTaken
from portal.notices.staff_forms import WordingForm
from portal.notices.template_queries import Desk
from portal.notices.template_rules import FIELDS
from portal.organisation import service as house
from portal.web.access import staff, viewer

staff_bp = Blueprint("own_texts", __name__, url_prefix="/staff/organisation/own-texts")
ONE = f"/<uuid:message_id>/<any({', '.join(LANGUAGES)}):language>"


def _message(message_id: uuid.UUID) -> OwnMessage:
    return own_queries.message_for(session(), viewer(), message_id)


def _desk(message: OwnMessage, language: str) -> Desk:
    found = own_queries.desk(session(), viewer(), message, LANGUAGES[language])
    if found is None:
        raise NotFound
    return found


def _sent(desk: Desk) -> WordingForm:
    return WordingForm.sent(desk, template_queries.names(session(), viewer()))


def _list(form: TitleForm, code: int = 200) -> ResponseReturnValue:
    page = render_template(
        "notices/staff_own_list.html",
        rows=own_queries.rows(session(), viewer(), retired=True),
        spoken=template_queries.offered(session(), viewer()),
        form=form,
    )
    return page, code


def _page(
    message: OwnMessage, desk: Desk, form: WordingForm, code: int = 200, **more: object
) -> ResponseReturnValue:
    page = render_template(
        "notices/staff_own.html",
        message=message,
        desk=desk,
        form=form,
        preview=template_queries.preview(session(), viewer(), desk, form.wording(), now()),
        fields=FIELDS[desk.kind],
        words=staff_words,
        spoken=template_queries.offered(session(), viewer()),
        **{"title_form": TitleForm(formdata=None, data={"title": message.title}), **more},
    )
    return page, code


def _back(message: OwnMessage, language: str = SWEDISH.code) -> ResponseReturnValue:
    return redirect(url_for("own_texts.edit_text", message_id=message.id, language=language), 303)


@staff_bp.get("")
@staff("admin")
def show_texts() -> ResponseReturnValue:
    """Every own message, and in which languages it says something."""
    return _list(TitleForm(formdata=None))


@staff_bp.post("")
@staff("admin")
def add_text() -> ResponseReturnValue:
    """A new one, which says nothing yet."""
    form = TitleForm()
    if not form.validate():
        return _list(form, 422)
    try:
        made = own_service.add(session(), viewer(), form.title.data or "", now())
    except TitleTaken:
        form.taken()
        return _list(form, 422)
    return _back(made)


@staff_bp.get(ONE)
@staff("admin")
def edit_text(message_id: uuid.UUID, language: str) -> ResponseReturnValue:
    """What it says now, or an older text to be saved in its place."""
    message = _message(message_id)
    desk, asked = _desk(message, language), request.args.get("version", type=int)
    older = next((one for one in desk.versions if one.number == asked), None)
    if asked is not None and older is None:
        raise NotFound
    return _page(message, desk, WordingForm.of(desk, older.text if older else None), older=older)


@staff_bp.post(f"{ONE}/preview")
@staff("admin")
def preview_text(message_id: uuid.UUID, language: str) -> ResponseReturnValue:
    """The text as it would arrive; with `cheaper`, plain signs in place of costly ones. Nothing is saved."""
    message = _message(message_id)
    desk = _desk(message, language)
    form = _sent(desk)
    if "cheaper" in request.form:
        form.cheapen()
    return _page(message, desk, form, problems=form.problems(), telling=form.telling())


@staff_bp.post(ONE)
@staff("admin")
def save_text(message_id: uuid.UUID, language: str) -> ResponseReturnValue:
    """Say it so from now on; an empty text: nothing is said in this language."""
    house.hold(session(), viewer().organisation_id)
    message = _message(message_id)
    desk = _desk(message, language)
    form = _sent(desk)
    if not form.validate() or form.overtaken(WordingForm.of(desk)):
        return _page(message, desk, form, 422, telling=form.telling())
    own_service.word(session(), viewer(), message, desk.language, form.wording(), now())
    flash(_("Texten är sparad. Den gäller nya meddelanden."))
    return _back(message, language)


@staff_bp.post("/<uuid:message_id>/title")
@staff("admin")
def rename_text(message_id: uuid.UUID) -> ResponseReturnValue:
    """Call it something else."""
    message, form = _message(message_id), TitleForm()
    desk = _desk(message, SWEDISH.code)
    if not form.validate():
        return _page(message, desk, WordingForm.of(desk), 422, title_form=form)
    try:
        own_service.rename(session(), viewer(), message, form.title.data or "")
    except TitleTaken:
        form.taken()
        return _page(message, desk, WordingForm.of(desk), 422, title_form=form)
    flash(_("Sparat."))
    return _back(message)


@staff_bp.post("/<uuid:message_id>/<any(retire, restore):act>")
@staff("admin")
def offer_text(message_id: uuid.UUID, act: str) -> ResponseReturnValue:
    """Let staff choose it no more, or again."""
    message = _message(message_id)
    try:
        if act == "retire":
            own_service.retire(session(), viewer(), message, now())
        else:
            own_service.restore(session(), viewer(), message)
    except TitleTaken:
        flash(_("En annan text heter så. Byt namn på den först."), "sun")
    else:
        flash(_("Sparat."))
    return redirect(url_for("own_texts.show_texts"), 303)
