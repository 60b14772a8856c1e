"""Recordings for calls: what there is in each language, hearing, replacing, removing one. For admins."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.clock import now
from portal.db import session
from portal.languages import LANGUAGES
from portal.messaging.voice_rules import voice_of
from portal.notices import recording_queries, recording_service, recording_words, template_queries
from portal.notices.recording_forms import RecordingForm
from portal.notices.recording_queries import Shelf
from portal.notices.recording_rules import OCCASIONS
from portal.notices.sound_rules import LARGEST
from portal.notices.views import played
from portal.web.access import staff, viewer
from portal.web.uploads import takes_file

staff_bp = Blueprint("recordings", __name__, url_prefix="/staff/organisation/recordings")
ONE = f"/<any({', '.join(OCCASIONS)}):occasion>/<any({', '.join(LANGUAGES)}):language>"


def _shelf(language: str) -> Shelf:
    for shelf in recording_queries.shelves(session(), viewer()):
        if shelf.language.code == language:
            return shelf
    raise NotFound


def _page(occasion: str, language: str, form: RecordingForm, code: int = 200) -> ResponseReturnValue:
    shelf = _shelf(language)
    page = render_template(
        "notices/staff_recording.html",
        occasion=occasion,
        language=shelf.language,
        kept=shelf.kept[occasion],
        form=form,
        heading=recording_words.OCCASIONS[occasion],
        example=recording_words.example,
        spoken=template_queries.offered(session(), viewer()),
        has_voice=voice_of(language) is not None,
    )
    return page, code


@staff_bp.get("")
@staff("admin")
def show_recordings() -> ResponseReturnValue:
    """What there is in each of the organisation's languages."""
    return render_template(
        "notices/staff_recordings.html",
        shelves=recording_queries.shelves(session(), viewer()),
        occasions=recording_words.OCCASIONS,
        voice_of=voice_of,
    )


@staff_bp.get(ONE)
@staff("admin")
def edit_recording(occasion: str, language: str) -> ResponseReturnValue:
    """What is played now, and a form for another one."""
    return _page(occasion, language, RecordingForm(formdata=None))


@staff_bp.post(ONE)
@staff("admin")
@takes_file
def save_recording(occasion: str, language: str) -> ResponseReturnValue:
    """Play this from now on, in place of what was played."""
    shelf, file = _shelf(language), request.files.get("sound")
    content = file.read(LARGEST + 1) if file else b""
    form = RecordingForm.sent(content, template_queries.names(session(), viewer()))
    if not form.validate():
        return _page(occasion, language, form, 422)
    recording_service.record(
        session(), viewer(), occasion, shelf.language, form.read, words=form.said, now=now()
    )
    flash(_("Inspelningen är sparad. Samtal spelar den från och med nu."))
    return redirect(url_for("recordings.edit_recording", occasion=occasion, language=language), 303)


@staff_bp.post(f"{ONE}/remove")
@staff("admin")
def remove_recording(occasion: str, language: str) -> ResponseReturnValue:
    """Play nothing here any more."""
    if recording_service.remove(session(), viewer(), occasion, _shelf(language).language, now()):
        flash(_("Inspelningen är borttagen."))
    return redirect(url_for("recordings.edit_recording", occasion=occasion, language=language), 303)


@staff_bp.get("/<uuid:recording_id>/sound")
@staff("admin")
def hear_recording(recording_id: uuid.UUID) -> ResponseReturnValue:
    """The sound itself, as the page plays it."""
    return played(*recording_queries.sound_for(session(), viewer(), recording_id))
