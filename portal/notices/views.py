"""The sound of a call, for whoever rings people up for us."""

import uuid

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.db import session
from portal.messaging import fetch_rules
from portal.notices import recording_queries
from portal.notices.sound_rules import CONTENT_TYPES
from portal.web.access import callback

bp = Blueprint("calls", __name__)


@bp.get("/voice/sound/<uuid:recording_id>/<int:until>/<secret>")
@callback
def fetch_sound(recording_id: uuid.UUID, until: int, secret: str) -> ResponseReturnValue:
    """What a call plays; nothing is read before the address is one of ours and not too old (S26).

    Whatever is wrong, the answer is the same: a page would repeat the address.
    """
    opens = fetch_rules.is_open(recording_id, until, secret, now())
    found = recording_queries.sound(session(), recording_id) if opens else None
    return played(*found) if found else ("", 404)


def played(content: bytes, form: str) -> Response:
    """A sound as an answer, or the part of it that was asked for (RFC 9110, 14)."""
    answer = Response(content, content_type=CONTENT_TYPES[form])
    answer.make_conditional(request, accept_ranges=True, complete_length=len(content))
    return answer
