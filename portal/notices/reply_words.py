"""The texts of our answers to an SMS: as neutral as every other (S31), in the recipient's language.

They need an app context. `number` is the organisation's own, "" where it has none.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import force_locale
from flask_babel import gettext as _

from portal.languages import Language
from portal.messaging.rules import isolate, one_line
from portal.notices.texts import clock_time, day


def ask(code: str, starts_at: datetime, language: Language, zone: ZoneInfo) -> str:
    """The digits with which a meeting is cancelled."""
    wall = starts_at.astimezone(zone)
    with force_locale(language.babel):
        return str(
            _(
                "Svara med %(code)s om du vill avboka mötet %(day)s klockan %(time)s.",
                code=_kept(code, language),
                day=day(wall, language),
                time=clock_time(wall, language),
            )
        )


def cancelled(starts_at: datetime, language: Language, zone: ZoneInfo) -> str:
    """The meeting is off."""
    wall = starts_at.astimezone(zone)
    with force_locale(language.babel):
        return str(
            _(
                "Mötet %(day)s klockan %(time)s är avbokat.",
                day=day(wall, language),
                time=clock_time(wall, language),
            )
        )


def too_late(number: str, language: Language) -> str:
    """It takes a call to cancel now."""
    with force_locale(language.babel):
        return _with_number(str(_("Det är för sent att avboka här.")), number, language)


def not_here(number: str, language: Language) -> str:
    """What comes next is not cancelled by SMS: somebody must hear of it."""
    with force_locale(language.babel):
        return _with_number(str(_("Det mötet kan du inte avboka med SMS.")), number, language)


def no_meeting(number: str, language: Language) -> str:
    """There is nothing that the answer could be about."""
    with force_locale(language.babel):
        return _with_number(str(_("Vi hittar inget möte.")), number, language)


def wrong_code(language: Language) -> str:
    """The digits cancel nothing."""
    with force_locale(language.babel):
        return str(_("Koden stämmer inte. Inget möte är avbokat. Skicka AVBOKA för att få en ny kod."))


def stopped(language: Language) -> str:
    """The last SMS to somebody who wants none."""
    with force_locale(language.babel):
        return str(_("Du får inga fler SMS om möten. Skicka START om du vill få dem igen."))


def started(language: Language) -> str:
    """The first SMS to somebody who wants them again."""
    with force_locale(language.babel):
        return str(_("Nu får du SMS om möten igen."))


def _with_number(said: str, number: str, language: Language) -> str:
    ring = _("Ring oss på %(number)s.", number=_kept(number, language)) if number else _("Ring oss.")
    return f"{said} {ring}"


def _kept(value: str, language: Language) -> str:
    return isolate(value) if language.dir == "rtl" else one_line(value)
