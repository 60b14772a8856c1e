"""That an SMS of ours can be answered, where it comes from a number, and with what. Needs an app context."""

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.config import Settings
from portal.languages import Language
from portal.notices import rules

YES = {"sv": "JA", "en": "YES", "ar": "نعم"}
"""What one answers to say that one comes, in each language: `reminders.reply_rules` takes it for a yes."""


def can_be_answered(chosen: str) -> bool:
    """Whether the SMS of an organisation that chose this provider ("": the usual one) come from a number."""
    settings: Settings | None = current_app.config.get("STIGEN")
    return settings is not None and settings.is_answered(chosen)


def invites(kind: str, chosen: str, *, confirmed: bool = False) -> bool:
    """Whether an SMS of this kind asks for a yes: a reminder of a meeting that has none yet."""
    return kind in rules.REMINDERS and not confirmed and can_be_answered(chosen)


def ask_for_yes(language: Language) -> str:
    """The short sentence that a reminder ends with."""
    with force_locale(language.babel):
        return str(_("Svara %(yes)s om du kommer.", yes=YES[language.code]))
