"""The texts of SMS: neutral, short, in the recipient's language; the house's own wording where it has one.

No name, service, reason, place or link, in any language (S31): whoever sees the phone learns that its
owner has a meeting, and when. Place and the coach's first name stand there only for whoever has chosen it
behind the second door, having read this very text. Swedish stays within GSM-7 (no dash, no curly quotes).
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from portal.languages import Language
from portal.messaging.rules import BIDI_CONTROLS, isolate, length, one_line
from portal.notices import rules, template_rules
from portal.notices.answer_words import ask_for_yes
from portal.notices.template_rules import DATE, DAY, NONE, TIME, Wordings

NOTHING_MORE = rules.More()
_ENDS = (".", "!", "?", "؟")


def text(
    kind: str,
    starts_at: datetime,
    language: Language,
    zone: ZoneInfo,
    more: rules.More = NOTHING_MORE,
    own: Wordings = NONE,
    *,
    invites: bool = False,
) -> str:
    """The whole SMS of this kind about a meeting that starts then. Needs an app context.

    `own`: the organisation's wordings (`template_queries.wordings`); what it has not worded is said by ours.
    `invites`: ours asks for a yes by SMS, where that costs no further part.
    """
    wall = starts_at.astimezone(zone)
    wording = own.get((kind, language.code), "")
    with force_locale(language.babel):
        # A field may have gone since the wording was saved: nobody is sent a text with braces in it.
        usable = template_rules.usable(wording, kind)
        if usable:
            said = worded(wording, wall, language)
        else:
            said = _sentence(kind, day(wall, language), clock_time(wall, language))
        added = _more(kind, more, language)
        if added and not said.endswith(_ENDS):
            said += "."
        whole = " ".join([said, *added])
    return _inviting(whole, language) if invites and not usable else whole


def _inviting(said: str, language: Language) -> str:
    longer = f"{said} {ask_for_yes(language)}"
    return longer if length(longer).parts == length(said).parts else said


def spoken(kind: str, starts_at: datetime, language: Language, zone: ZoneInfo, own: Wordings = NONE) -> str:
    """What a call says, once: as `text`, for a voice to read. Needs an app context.

    The time alone, whatever the person lets an SMS say: nobody knows who lifts the phone (S31). No digits
    with points or strokes, which voices read as they like, and no signs that only the eye needs.
    """
    wall = starts_at.astimezone(zone)
    wording = own.get((kind, language.code), "")
    with force_locale(language.babel):
        day_said, time_said = day(wall, language), spoken_time(wall)
        if template_rules.usable(wording, kind):
            date_said = format_date(wall.date(), "d MMMM", locale=language.babel)
            values = {DAY: day_said, TIME: time_said, DATE: date_said}
            said = template_rules.fill(wording, values, rtl=False)
        else:
            said = _sentence(kind, day_said, time_said)
    return "".join(sign for sign in said if sign not in BIDI_CONTROLS)


def when(starts_at: datetime, language: Language, zone: ZoneInfo) -> str:
    """The day and the time alone, for a voice to read after a recorded sentence. Needs an app context."""
    wall = starts_at.astimezone(zone)
    with force_locale(language.babel):
        said = _("%(day)s, klockan %(time)s.", day=day(wall, language), time=spoken_time(wall))
    return "".join(sign for sign in said if sign not in BIDI_CONTROLS)


def spoken_time(wall: datetime) -> str:
    """ "13 noll noll", "13 och 30 minuter": how one says a time of the clock of 24 hours, in this locale."""
    if not wall.minute:
        return _("%(hour)s noll noll", hour=wall.hour)
    return ngettext("%(hour)s och %(num)s minut", "%(hour)s och %(num)s minuter", wall.minute, hour=wall.hour)


def ours(kind: str, language: Language) -> str:
    """Our own text of this kind with its fields in braces, as a wording begins. Needs an app context."""
    with force_locale(language.babel):
        return _sentence(kind, f"{{{DAY}}}", f"{{{TIME}}}")


def worded(wording: str, wall: datetime, language: Language) -> str:
    """A wording filled for a meeting that starts at this wall time."""
    values = {DAY: day(wall, language), TIME: clock_time(wall, language), DATE: date_digits(wall, language)}
    return template_rules.fill(wording, values, rtl=language.dir == "rtl")


@lru_cache(maxsize=64)
def longest_day(language: Language, year: int) -> date:
    """The first day of the year that has the longest name in this language: no SMS is longer than its."""
    first = date(year, 1, 1)
    days = [first + timedelta(days=number) for number in range(365)]
    return max(days, key=lambda one: len(format_date(one, "EEEE d MMMM", locale=language.babel)))


def something_new(language: Language, own: Wordings = NONE) -> str:
    """The whole SMS that says that there is something to read or answer, not what. Needs an app context."""
    wording = own.get((rules.SOMETHING_NEW, language.code), "")
    if template_rules.usable(wording, rules.SOMETHING_NEW):
        return template_rules.fill(wording, {}, rtl=language.dir == "rtl")
    return ours(rules.SOMETHING_NEW, language)


def will_ring(language: Language) -> str:
    """The whole SMS that says that somebody will ring, not who and not why. Needs an app context."""
    with force_locale(language.babel):
        return str(_("Hej! Vi ringer dig snart. Du behöver inte göra något."))


def answer_by(until: datetime, language: Language, zone: ZoneInfo) -> str:
    """The whole SMS that says until when something is to be answered, not what. Needs an app context."""
    wall = until.astimezone(zone)
    with force_locale(language.babel):
        return str(
            _(
                "Du har något att svara på. Svara före %(day)s klockan %(time)s. Logga in som vanligt.",
                day=day(wall, language),
                time=clock_time(wall, language),
            )
        )


def _more(kind: str, more: rules.More, language: Language) -> list[str]:
    """What else the reader has chosen to be told, unless the meeting is off."""
    said: list[str] = []
    if kind in rules.OFF:
        return said
    if more.coach:
        name = _kept(more.coach, language)
        said.append(
            _("%(coach)s ringer dig.", coach=name) if more.calls else _("Du träffar %(coach)s.", coach=name)
        )
    if more.place:
        said.append(_("Plats: %(place)s.", place=_kept(more.place, language)))
    return said


def _kept(value: str, language: Language) -> str:
    """A name or a place that can neither break nor turn the text around it (S28)."""
    return isolate(value) if language.dir == "rtl" else one_line(value)


def day(wall: datetime, language: Language) -> str:
    """ "tisdag 24 november" in this language."""
    return format_date(wall.date(), "EEEE d MMMM", locale=language.babel)


def clock_time(wall: datetime, language: Language) -> str:
    """ "13.00" in Swedish, "13:00" elsewhere; kept in one piece in right-to-left text (S28)."""
    written = f"{wall:%H.%M}" if language.code == "sv" else f"{wall:%H:%M}"
    return isolate(written) if language.dir == "rtl" else written


def date_digits(wall: datetime, language: Language) -> str:
    """ "24/11": day and month in digits; kept in one piece in right-to-left text (S28)."""
    written = f"{wall.day}/{wall.month}"
    return isolate(written) if language.dir == "rtl" else written


def _sentence(kind: str, day: str, time: str) -> str:
    said = {
        rules.BOOKED: _("Du har ett möte %(day)s klockan %(time)s.", day=day, time=time),
        rules.MOVED: _("Din nya mötestid är %(day)s klockan %(time)s.", day=day, time=time),
        rules.MOVED_MORE: _(
            "Din nya mötestid är %(day)s klockan %(time)s. Något mer är ändrat. Logga in och läs.",
            day=day,
            time=time,
        ),
        rules.CHANGED: _(
            "Något är ändrat i ditt möte %(day)s klockan %(time)s. "
            "Tiden är samma som förut. Logga in och läs.",
            day=day,
            time=time,
        ),
        rules.CANCELLED: _("Mötet %(day)s klockan %(time)s är inställt.", day=day, time=time),
        rules.CANCELLED_MORE: _(
            "Mötet %(day)s klockan %(time)s är inställt. Något mer är ändrat. Logga in och läs.",
            day=day,
            time=time,
        ),
        rules.SOMETHING_NEW: _("Det finns något nytt till dig. Logga in som vanligt."),
    }
    return str(said.get(kind) or _("Kom ihåg: Du har ett möte %(day)s klockan %(time)s.", day=day, time=time))
