"""What is wrong with a calendar elsewhere, or with the address of one."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

PROBLEMS: dict[str, LazyString] = {
    "not_found": _l("Adressen finns inte längre. Ta bort den och lägg till en ny."),
    "refused": _l("Kalendern är inte delad längre. Dela den igen, eller lägg till en ny adress."),
    "moved": _l("Adressen leder någon annanstans, och därifrån läser vi inte."),
    "host": _l("Vi läser inte från den platsen längre. Fråga din administratör."),
    "unsafe": _l("Adressen leder till ett nät som vi inte läser från."),
    "no_answer": _l("Vi fick inget svar. Vi försöker igen."),
    "too_big": _l("Kalendern är för stor för att läsa."),
    "not_calendar": _l("Det som finns på adressen är ingen kalender."),
    "stopped": _l("Vi kom inte igenom kalendern. Felet är vårt, inte ditt. Vi försöker igen."),
}
WRONG: dict[str, LazyString] = {
    "odd": _l("Det är ingen adress till en kalender. Kopiera hela adressen."),
    "not_https": _l("Adressen måste börja med https."),
    "host": _l("Därifrån läser vi inte. Fråga din administratör om platsen kan läggas till."),
}
