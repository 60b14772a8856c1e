"""Recordings for calls in words: when each is played, what could be said, what is wrong with a file."""

from flask_babel import LazyString, force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.languages import Language
from portal.notices import recording_rules as rules
from portal.notices import sound_rules as sounds

OCCASIONS: dict[str, LazyString] = {
    rules.BOOKED: _l("Nytt möte"),
    rules.MOVED: _l("Möte med ny tid"),
    rules.CHANGED: _l("Ändrat möte"),
    rules.CANCELLED: _l("Inställt möte"),
    rules.REMINDER: _l("Påminnelse"),
}

PROBLEMS: dict[str, LazyString] = {
    sounds.EMPTY: _l("Välj en fil."),
    sounds.LARGE: _l("Filen är för stor. Den får vara högst 500 kB. Spara den som mp3, så blir den mindre."),
    sounds.LONG: _l("Inspelningen är för lång. Den får vara högst 20 sekunder."),
    sounds.M4A: _l("Filen är m4a, och den kan inte spelas i ett samtal. Spara den som mp3 eller wav."),
    sounds.OTHER: _l("Filen är inte mp3 eller wav. Spara inspelningen som mp3 eller wav."),
    sounds.BROKEN: _l("Filen går inte att läsa. Spara inspelningen en gång till, som mp3 eller vanlig wav."),
}
"""By the code of a `WrongSound`; the numbers are those of `sound_rules`."""


def example(occasion: str, language: Language) -> str:
    """What somebody could say on this occasion, in this language. Needs an app context."""
    with force_locale(language.babel):
        return {
            rules.BOOKED: _("Hej. Du har ett nytt möte. Nu säger vi dag och tid."),
            rules.MOVED: _(
                "Hej. Ditt möte har fått en ny tid. Logga in om du vill läsa mer. Nu säger vi ny dag och tid."
            ),
            rules.CHANGED: _(
                "Hej. Något är ändrat i ditt möte. Tiden är samma som förut. Logga in och läs."
                " Nu säger vi dag och tid."
            ),
            rules.CANCELLED: _(
                "Hej. Ditt möte är inställt. Logga in om du vill läsa mer."
                " Nu säger vi vilken dag och tid det var."
            ),
            rules.REMINDER: _("Hej. Kom ihåg ditt möte. Nu säger vi dag och tid."),
        }[occasion]
