"""What the entries of a week say, seen and heard: whole words for whoever hears them."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.attendance.rules import UNKNOWN
from portal.availability.block_rules import FAR, LONG, PASSED
from portal.availability.rules import Span
from portal.availability.words import holiday_words
from portal.booking import words as meetings
from portal.booking.shown_queries import Meeting
from portal.groups.words import title_words
from portal.staff.week_queries import (
    AWAY,
    BLOCKED,
    CLOSED,
    ELSEWHERE,
    HOLIDAY,
    INTERPRETING,
    MEETING,
    TAKEN,
    Entry,
    Remark,
)
from portal.web.formats import day_words, time_text

WRONG: dict[str, LazyString] = {
    PASSED: _l("Den tiden har redan varit."),
    FAR: _l("Välj en dag inom två år."),
    LONG: _l("Spärra högst ett dygn åt gången. Är du borta längre, lägg in frånvaro."),
}


def state_words(meeting: Meeting) -> str:
    """How a meeting stands, as it stands after a name: "bokat", "har sagt ja"."""
    if meeting.state == "cancelled":
        return _("avbokat av deltagaren") if meeting.by_participant else _("avbokat av personalen")
    if meeting.there.noted != UNKNOWN:
        return str(meetings.ATTENDANCE[meeting.there.noted]).lower()
    return _("har sagt ja") if meeting.confirmed else _("bokat")


def way_words(meeting: Meeting) -> str:
    """How they meet, and in which room where it is one of the house: "på plats, Rum 3, Storgatan 1"."""
    way = str(meetings.MODE[meeting.mode]).lower()
    return f"{way}, {meeting.place}" if meeting.room_id and meeting.place else way


def meeting_words(meeting: Meeting) -> str:
    """ "måndag 30 november, 10.15 till 11.15, Amina H., bokat, på plats"."""
    return _(
        "%(when)s, %(who)s, %(state)s, %(way)s",
        when=when_words(Span(meeting.starts_at, meeting.ends_at)),
        who=meeting.person,
        state=state_words(meeting),
        way=way_words(meeting),
    )


def entry_words(entry: Entry) -> str:
    """One entry as it is heard: the day, the time, what it is."""
    if entry.kind == MEETING and entry.meeting:
        return meeting_words(entry.meeting)
    if entry.led:
        return _("%(when)s, %(what)s", when=when_words(entry.span), what=what_words(entry))
    return _("%(when)s, %(what)s", when=when_words(entry.span), what=what_words(entry).lower())


def what_words(entry: Entry) -> str:
    """What an entry without a name is: "Upptagen tid", "Ledigt", "Spärrad tid"."""
    if entry.kind == TAKEN:
        return _("Upptagen tid")
    if entry.kind == BLOCKED:
        return _("Spärrad tid")
    if entry.led:
        return title_words(entry.led.title, entry.led.own_title)
    if entry.kind == ELSEWHERE:
        return _("Upptaget i egen kalender")
    if entry.kind == INTERPRETING:
        return _("Tolkuppdrag")
    return _("Ledigt")


def when_words(span: Span) -> str:
    """ "måndag 30 november, 10.15 till 11.15"."""
    return _(
        "%(day)s, %(start)s till %(end)s",
        day=day_words(span.start),
        start=time_text(span.start),
        end=time_text(span.end),
    )


def remark_words(remark: Remark) -> str:
    """What is said of a whole day."""
    if remark.kind == AWAY:
        return _("Borta")
    if remark.kind == HOLIDAY:
        return holiday_words(remark.names)
    if remark.kind == CLOSED or remark.hours is None:
        return _("Inga möten den här dagen")
    return _(
        "Andra tider: %(start)s till %(end)s",
        start=f"{remark.hours.start:%H.%M}",
        end=f"{remark.hours.end:%H.%M}",
    )


def week_words(monday: date) -> str:
    """ "Vecka 48"."""
    return _("Vecka %(number)s", number=monday.isocalendar().week)


def way_of(entry: Entry, wished: Span) -> str:
    """What stands in the way of blocking a time, in a sentence that names its time."""
    when = when_words(entry.span)
    if entry.kind == BLOCKED:
        return _("Tiden är redan spärrad: %(when)s.", when=when)
    if entry.kind == INTERPRETING:
        return _("Då är ett tolkuppdrag bokat: %(when)s.", when=when)
    if entry.span.end <= wished.start:
        return _("Då är det paus efter mötet %(when)s.", when=when)
    if entry.led:
        return _("Då träffas en grupp: %(when)s, %(title)s.", when=when, title=what_words(entry))
    if entry.meeting:
        return _("Då är ett möte bokat med %(who)s: %(when)s.", when=when, who=entry.meeting.person)
    return _("Då är ett möte bokat: %(when)s.", when=when)
