"""Days, times, numbers and phone numbers as people say them, in the language of the answer.

Babel's own patterns are left aside: it would write 12-hour times in Arabic, Somali and Tigrinya.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import phonenumbers
from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal
from flask import Flask
from markupsafe import Markup, escape

from portal import clock
from portal.languages import Language, language
from portal.web.spoken import SPOKEN
from portal.web.words import current_language, current_zone
from portal.web.words import say as _
from portal.web.words import say_many as ngettext

_ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))


def local(moment: datetime) -> datetime:
    """The moment on the organisation's clock."""
    return moment.astimezone(current_zone())


def _left_to_right(text: object) -> Markup:
    """Digits with separators come out reversed in a right-to-left line unless they are kept apart."""
    return Markup(f'<bdi dir="ltr">{escape(text)}</bdi>')


def _date_of(day: date | datetime) -> date:
    return local(day).date() if isinstance(day, datetime) else day


@lru_cache(maxsize=1024)
def _dated(day: date, pattern: str, locale: str) -> str:
    """A day by a pattern of ours. Pages say the same few days over and over, and Babel reads them anew."""
    return format_date(day, pattern, locale=locale)


def day_words(day: date | datetime, spoken: Language | None = None) -> str:
    """ "tisdag 24 november"; with the year where it is not this one. `spoken`: else the answer's language."""
    when = _date_of(day)
    pattern = "EEEE d MMMM" if when.year == local(clock.now()).year else "EEEE d MMMM y"
    return _dated(when, pattern, (spoken or current_language()).babel)


def short_day(day: date | datetime) -> str:
    """ "24 nov"; with the year where it is not this one."""
    when = _date_of(day)
    pattern = "d MMM" if when.year == local(clock.now()).year else "d MMM y"
    return _dated(when, pattern, current_language().babel)


def month_words(day: date) -> str:
    """ "november 2026"."""
    return _dated(day, "LLLL y", current_language().babel)


def time_text(moment: datetime) -> str:
    """ "13.00" in Swedish, "13:00" elsewhere; always 24 hours."""
    when = local(moment)
    return f"{when:%H.%M}" if current_language().code == "sv" else f"{when:%H:%M}"


def time_words(moment: datetime) -> Markup:
    """The time, kept in one piece in a right-to-left line."""
    return _left_to_right(time_text(moment))


def daytime(moment: datetime) -> Markup:
    """ "tisdag 24 november klockan 13.00"."""
    words = _("%(day)s klockan %(time)s", day="\x00", time="\x01")
    return Markup(words.replace("\x00", escape(day_words(moment))).replace("\x01", time_words(moment)))


def listed(words: Iterable[object]) -> str:
    """ "möten, plan och svar", with the language's own commas."""
    return format_list([str(word) for word in words], locale=current_language().babel)


def unmarked(text: str) -> str:
    """The text without the marks that keep directions apart: another system shows them as boxes."""
    return text.translate(_ISOLATES)


def in_days(day: date | datetime) -> str:
    """ "i dag", "i morgon", "om 3 dagar", "i går", "för 3 dagar sedan"."""
    distance = (_date_of(day) - local(clock.now()).date()).days
    if distance == 0:
        return _("i dag")
    if abs(distance) == 1:
        return _("i morgon") if distance == 1 else _("i går")
    if distance > 0:
        return ngettext("om %(num)d dag", "om %(num)d dagar", distance)
    return ngettext("för %(num)d dag sedan", "för %(num)d dagar sedan", -distance)


def number(value: float) -> Markup:
    """A number with the decimal mark of the language, at most one decimal."""
    return _left_to_right(format_decimal(round(value, 1), locale=current_language().babel))


def decimal(value: float) -> Markup:
    """A number with the decimal mark of the language, at most two decimals."""
    return _left_to_right(format_decimal(round(value, 2), locale=current_language().babel))


def share(part: int, base: int) -> int | None:
    """Whole per cent, halves up; None of nothing."""
    return (200 * part + base) // (2 * base) if base else None


def part_of(part: int, base: int) -> str:
    """ "27 av 31 (87 %)": a share never stands without its base."""
    per_cent = share(part, base)
    if per_cent is None:
        return _("%(part)s av %(base)s", part=part, base=base)
    return _("%(part)s av %(base)s (%(share)s %%)", part=part, base=base, share=per_cent)


def phone_text(stored: str) -> str:
    """ "070-123 45 67": a Swedish number as it is written here, another one with its country code."""
    try:
        parsed = phonenumbers.parse(stored, "SE")
    except phonenumbers.NumberParseException:
        return stored
    swedish = parsed.country_code == 46
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL if swedish else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(parsed, style)


def phone(stored: str) -> Markup:
    """The number, kept in one piece in a right-to-left line."""
    return _left_to_right(phone_text(stored))


def language_words(code: str) -> str:
    """ "arabiska", "Arabic": a language as the language of this answer calls it."""
    if code in SPOKEN:
        return _(SPOKEN[code])
    name = Locale.parse(language(code).babel).get_language_name(current_language().babel)
    return name or code


FILTERS: dict[str, Callable[..., Any]] = {
    "day": day_words,
    "short_day": short_day,
    "time": time_words,
    "time_text": time_text,
    "daytime": daytime,
    "in_days": in_days,
    "listed": listed,
    "unmarked": unmarked,
    "number": number,
    "decimal": decimal,
    "phone": phone,
    "local": local,
    "month_words": month_words,
    "language_words": language_words,
}


def install(app: Flask) -> None:
    """Give the templates the filters, and `bdi` for what else is to be kept in one piece."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals["bdi"] = _left_to_right
