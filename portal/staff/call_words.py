"""What is said on the phone: the same as our SMS, whoever's wording those have. It needs an app context."""

from zoneinfo import ZoneInfo

from flask_babel import force_locale
from flask_babel import gettext as _

from portal.languages import Language
from portal.notices import rules as kinds
from portal.notices import texts
from portal.reminders.call_rules import REMIND, SEAT, WRITTEN, Call


def to_say(call: Call, language: Language, zone: ZoneInfo) -> str:
    """The sentence to read aloud or to show, in this language."""
    if call.says == SEAT and call.starts_at is not None:
        return texts.answer_by(call.starts_at, language, zone)
    if call.starts_at is not None:
        kind = kinds.ONE_DAY if call.says == REMIND else call.says
        return texts.text(kind, call.starts_at, language, zone)
    if call.says == WRITTEN:
        with force_locale(language.babel):
            return str(_("Vi har skrivit ett meddelande till dig. Logga in som vanligt och läs."))
    return texts.something_new(language)
