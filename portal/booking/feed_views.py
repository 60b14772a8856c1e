"""A coach's meetings as calendar programs read them, under an address that only they know."""

import hashlib

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from portal import clock
from portal.booking import feed_queries, feed_rules, words
from portal.booking.feed_queries import Slot
from portal.config import Settings
from portal.db import session
from portal.languages import language
from portal.web import ics
from portal.web.access import callback

bp = Blueprint("feed", __name__)


@bp.get("/calendar/<token>.ics")
@callback
def read_feed(token: str) -> ResponseReturnValue:
    """The calendar; a wrong, ended or odd token finds nothing, all alike. No session, no cookie."""
    now = clock.now()
    asker = feed_queries.reader(session(), token, now)
    with force_locale(language(asker.language).babel):
        entries = [_entry(slot) for slot in feed_queries.slots(session(), asker, now)]
        body = ics.feed_file(entries, _("Möten i Stigen"), feed_rules.REFRESH)
    answer = Response(body, mimetype="text/calendar")
    answer.set_etag(hashlib.sha256(body).hexdigest()[:32])
    return answer.make_conditional(request)


def _entry(slot: Slot) -> ics.Entry:
    """What may stand in a calendar that others keep: time, way and the house's room; nothing else."""
    settings: Settings = current_app.config["STIGEN"]
    return ics.Entry(
        uid=slot.uid,
        revision=slot.revision,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        changed_at=slot.changed_at,
        cancelled=slot.cancelled,
        title=_("Möte (%(way)s)", way=str(words.MODE[slot.mode]).lower()) if slot.open else _("Upptagen"),
        location=slot.room if slot.open else "",
        url=f"{settings.public_base_url}/staff/meetings/{slot.id}" if slot.open else "",
    )
