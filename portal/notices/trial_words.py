"""The texts of a test message."""

from flask_babel import force_locale
from flask_babel import gettext as _

from portal.languages import Language


def text(language: Language) -> str:
    """The whole message in this language; as neutral as every other (S31). Needs an app context."""
    with force_locale(language.babel):
        return str(_("Det här är ett test. Du behöver inte göra något."))


def subject(language: Language) -> str:
    """What stands above it, where it is an e-mail."""
    with force_locale(language.babel):
        return str(_("Ett test"))
