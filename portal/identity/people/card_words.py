"""What stands on the card that a participant takes home."""

from flask_babel import gettext as _


def card_lines(*, has_phone: bool) -> dict[str, list[str]]:
    """What stands on the card that a person takes home, in the language of the moment.

    Neither a name nor what the place is for: the card may lie where others see it (S31).
    """
    ways = [
        _("Öppna adressen i din telefon."),
        _("Skriv ditt mobilnummer."),
        _("Du får ett SMS med en kod. Skriv koden på sidan."),
    ]
    return {
        "title": [_("Så kommer du in")],
        "steps": ways if has_phone else [_("Du loggar in tillsammans med din coach.")],
        "pin": [_("Välj en egen pinkod med din coach. Då ser du din plan.")] if has_phone else [],
        "safe": [_("Vi skickar aldrig länkar i SMS."), _("Visa aldrig din kod för någon.")],
        "help": [_("Kommer du inte in? Ring oss.")],
    }
