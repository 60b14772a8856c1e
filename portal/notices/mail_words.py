"""What stands above every e-mail, and the text with the digits that confirm an address."""

from flask_babel import force_locale
from flask_babel import gettext as _

from portal.languages import Language
from portal.messaging.rules import isolate


def subject(language: Language) -> str:
    """The subject line, the same for all: no name, service or reason (S31). Needs an app context."""
    with force_locale(language.babel):
        return str(_("Ett meddelande till dig"))


def code(digits: str, language: Language) -> str:
    """The whole text with these digits: no link, and not where they are asked for (S31)."""
    shown = isolate(digits) if language.dir == "rtl" else digits
    with force_locale(language.babel):
        return str(
            _(
                "Din kod är %(code)s. Den gäller i 30 minuter. Har du inte bett om den? "
                "Då behöver du inte göra något.",
                code=shown,
            )
        )
