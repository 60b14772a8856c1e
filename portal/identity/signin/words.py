"""What is said when digits, a PIN or a password will not do, and the text of the code's SMS."""

from flask_babel import LazyString, force_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.identity.signin import rules
from portal.languages import language
from portal.messaging.rules import isolate

CODE_PROBLEMS: dict[str, LazyString] = {
    "empty": _l("Skriv koden som står i SMS:et."),
    "nonsense": _l("Koden har bara siffror. Skriv så här: 1234 5678."),
    "length": _l("Koden har 8 siffror. Titta i SMS:et igen."),
}
DESK_PROBLEMS: dict[str, LazyString] = {
    "empty": _l("Skriv koden som står på din coachs skärm."),
    "nonsense": _l("Koden har bara siffror. Skriv så här: 1234 5678."),
    "length": _l("Koden har 8 siffror. Titta på skärmen igen."),
}
PIN_PROBLEMS: dict[str, LazyString] = {
    "empty": _l("Skriv din pinkod."),
    "nonsense": _l("Pinkoden har bara siffror."),
    "length": _l("Pinkoden har 6 siffror."),
}
WEAK_PINS: dict[str, LazyString] = {
    "same": _l("Välj olika siffror. Samma siffra 6 gånger är lätt att gissa."),
    "row": _l("Siffror i rad är lätta att gissa. Välj andra siffror."),
    "repeated": _l("Siffror som kommer om och om igen är lätta att gissa. Välj andra siffror."),
    "day": _l("Det liknar en födelsedag. Den kan andra gissa. Välj andra siffror."),
    "phone": _l("Siffrorna finns i ditt telefonnummer. Välj andra siffror."),
}
TOTP_PROBLEMS: dict[str, LazyString] = {
    "empty": _l("Skriv koden som appen visar."),
    "nonsense": _l("Koden har bara siffror."),
    "length": _l("Koden har 6 siffror."),
}
PASSWORD_PROBLEMS: dict[str, LazyString] = {
    "short": _l("Lösenordet är för kort. Skriv minst 12 tecken."),
    "long": _l("Lösenordet är för långt. Skriv högst 200 tecken."),
    "simple": _l("Lösenordet är för lätt att gissa. Skriv till exempel fyra olika ord."),
    "email": _l("Lösenordet liknar din e-postadress. Välj ett annat."),
    "same": _l("Det är samma lösenord som förut. Välj ett annat."),
}
CRISIS_PURPOSES: dict[str, LazyString] = {
    "emergency": _l("Någon är i fara nu"),
    "care": _l("Du är sjuk och vill ha råd"),
    "suicide": _l("Du tänker på att ta ditt liv"),
    "violence": _l("Någon slår eller hotar dig"),
}
PLACES: dict[str, LazyString] = {
    "/plan": _l("Min plan"),
    "/meetings": _l("Möten"),
    "/check-in": _l("Dina svar på frågorna"),
    "/home": _l("Hem"),
    "/staff/people": _l("Deltagare"),
    "/staff/protected": _l("Deltagare"),
    "/staff/availability": _l("Mina tider"),
    "/staff/members": _l("Personal"),
    "/staff/organisation": _l("Inställningar"),
}
"""The rooms of the house by where their pages begin, called as in the menus."""


def place_of(path: str) -> str:
    """Where a form with this address belongs, in words; "" where there are none."""
    return next((str(word) for start, word in PLACES.items() if path.startswith(start)), "")


def wrong_code(left: int) -> str:
    """What to say of a code that is another's; `left` tries remain."""
    if left <= 0:
        return _("Koden går inte att använda längre. Be om en ny kod.")
    return ngettext(
        "Koden stämmer inte. Titta i det senaste SMS:et. Du kan försöka %(num)d gång till.",
        "Koden stämmer inte. Titta i det senaste SMS:et. Du kan försöka %(num)d gånger till.",
        left,
    )


def wrong_pin(left: int) -> str:
    """What to say of a PIN that is another's; `left` tries remain."""
    return ngettext(
        "Pinkoden stämmer inte. Du kan försöka %(num)d gång till.",
        "Pinkoden stämmer inte. Du kan försöka %(num)d gånger till.",
        left,
    )


def desk_lines(*, chooses_pin: bool) -> list[str]:
    """How one comes in with a code from the coach's screen, in the language of the moment."""
    return [
        _('Tryck på "Logga in", och sedan på "Jag har en kod från min coach".'),
        *([_('Tryck på "Jag har ingen pinkod än".')] if chooses_pin else []),
        _("Skriv koden, och välj 6 egna siffror.") if chooses_pin else _("Skriv koden och din pinkod."),
    ]


def code_message(code: str, language_code: str) -> str:
    """The SMS with a sign-in code: neutral, no name, no service, no link (S31).

    In a right-to-left language the two groups would change places if they were not kept together.
    """
    spoken = language(language_code)
    shown = rules.in_groups(code)
    with force_locale(spoken.babel):
        advice = _("Säg inte koden till någon.")
    return f"{isolate(shown) if spoken.dir == 'rtl' else shown}\n{advice}"
