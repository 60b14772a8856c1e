"""What participants read while their coach is away: until when, and who answers. Never why."""

from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _

from portal.languages import Language
from portal.web.formats import day_words
from portal.web.words import current_language


def told(coach: str, until: date, stand_in: str, spoken: Language | None = None) -> str:
    """The sentences in a language, else in that of this answer.

    The names are first names; `stand_in` "" for nobody.
    """
    spoken = spoken or current_language()
    day = day_words(until, spoken)
    with force_locale(spoken.babel):
        away = _("Din coach %(name)s är borta till och med %(day)s.", name=coach, day=day)
        instead = _("%(name)s svarar i stället.", name=stand_in)
        return " ".join((away, instead if stand_in else _("Ring oss om du inte kan vänta.")))
