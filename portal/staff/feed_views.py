"""A coach's time as calendar programs read it, under an address that only they know."""

import hashlib

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from portal import clock
from portal.booking import feed_rules, words
from portal.booking.feed_queries import Slot, reader
from portal.config import Settings
from portal.db import session
from portal.groups.week_queries import LedSlot
from portal.languages import language
from portal.staff import feed_queries
from portal.staff.feed_queries import Feed
from portal.web import ics
from portal.web.access import callback

bp = Blueprint("feed", __name__)


@bp.get("/calendar/<token>.ics")
@callback
def read_feed(token: str) -> ResponseReturnValue:
    """The calendar; a wrong, ended or odd token finds nothing, all alike. No session, no cookie."""
    now = clock.now()
    asker = reader(session(), token, now)
    with force_locale(language(asker.language).babel):
        entries = _entries(feed_queries.feed(session(), asker, now))
        body = ics.feed_file(entries, _("Möten i Stigen"), feed_rules.REFRESH)
    answer = Response(body, mimetype="text/calendar")
    answer.set_etag(hashlib.sha256(body).hexdigest()[:32])
    return answer.make_conditional(request)


def _entries(feed: Feed) -> list[ics.Entry]:
    """What may stand in a calendar that others keep: of blocked time, absence and duties the time alone."""
    busy = _("Upptagen")
    return [
        *(_meeting(one, busy) for one in feed.meetings),
        *(ics.entry(one, busy) for one in feed.blocked),
        *(ics.entry(one, _("Borta")) for one in feed.away),
        *(_session(one) for one in feed.led),
        *(ics.entry(one, busy if one.hidden else _("Tolka")) for one in feed.duties),
    ]


def _meeting(slot: Slot, busy: str) -> ics.Entry:
    """Time, way and the house's room; nothing else."""
    if not slot.open:
        return ics.entry(slot, busy)
    title = _("Möte (%(way)s)", way=str(words.MODE[slot.mode]).lower())
    return ics.entry(slot, title, url=f"{_base()}/staff/meetings/{slot.id}", location=slot.room)


def _session(one: LedSlot) -> ics.Entry:
    """Never what the group is called: that tells what those who come have in common."""
    title = _("Grupp (%(way)s)", way=str(words.MODE[one.mode]).lower())
    return ics.entry(one, title, url=f"{_base()}/staff/groups/sessions/{one.id}")


def _base() -> str:
    settings: Settings = current_app.config["STIGEN"]
    return settings.public_base_url
