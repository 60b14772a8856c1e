"""What stands on the card that a participant takes home."""

from flask_babel import gettext as _


def card_lines(*, by_sms: bool) -> dict[str, list[str]]:
    """What stands on the card that a person takes home, in the language of the moment.

    Neither a name nor what the place is for: the card may lie where others see it (S31). Where no code comes
    by SMS it stands on the coach's screen (S34).
    """
    ways = [
        _("Öppna adressen i din telefon."),
        _("Skriv ditt mobilnummer."),
        _("Du får ett SMS med en kod. Skriv koden på sidan."),
    ]
    at_the_desk = [
        _("Be din coach om en kod."),
        _("Öppna adressen i en telefon."),
        _('Tryck på "Logga in", och sedan på "Jag har en kod från min coach".'),
        _("Skriv koden och din pinkod."),
    ]
    return {
        "title": [_("Så kommer du in")],
        "steps": ways if by_sms else at_the_desk,
        "pin": [_("Välj en egen pinkod med din coach. Då ser du din plan.")],
        "safe": [_("Vi skickar aldrig länkar."), _("Visa aldrig din kod för någon.")],
        "help": [_("Kommer du inte in? Ring oss.")],
    }
