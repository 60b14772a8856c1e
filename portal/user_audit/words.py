"""What the poster and the SMS say, in the language of the moment."""

from datetime import date

from babel.dates import format_date
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.languages import Language


def sms(language: Language) -> str:
    """The text that a team can send: only that there is something to answer (S31).

    No name, no service, no reason, no link; Swedish stays within GSM-7.
    """
    with force_locale(language.babel):
        return str(_("Du har något att svara på. Logga in som vanligt."))


def poster(language: Language, ends_on: date) -> dict[str, list[str]]:
    """What stands on the poster in this language; it leads to where everybody enters."""
    day = format_date(ends_on, "EEEE d MMMM", locale=language.babel)
    with force_locale(language.babel):
        return {
            "title": [_("Vad tycker du om oss?")],
            "lead": [_("Svara på några frågor. Ingen ser vem du är.")],
            "steps": [
                _("Peka på rutan med kameran i din telefon."),
                _("Logga in som vanligt."),
                _("Tryck på frågorna under Att göra nu."),
            ],
            "until": [_("Du kan svara till och med %(day)s.", day=day)],
        }
