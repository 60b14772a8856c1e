"""The states of a translation and the themes of the phrases in words, for staff and for participants."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from portal.wording import rules

STATES: Mapping[str, LazyString] = {
    rules.NONE: _l("Inte översatt"),
    rules.DRAFT: _l("Utkast till översättning"),
    rules.CONFIRMED: _l("Översatt"),
    rules.OUTDATED: _l("Gammal översättning"),
}
TONES: Mapping[str, str] = {
    rules.NONE: "ribbon",
    rules.DRAFT: "sun",
    rules.CONFIRMED: "pine",
    rules.OUTDATED: "ribbon",
}
TOLD: Mapping[str, LazyString] = {
    rules.NONE: _l("Det här är inte översatt än."),
    rules.DRAFT: _l("Översättningen är inte klar än."),
    rules.OUTDATED: _l("Texten på svenska är ny. Översättningen är gammal."),
}
"""What a participant is told of a text whose translation does not stand."""
KINDS: Mapping[str, LazyString] = {
    "goal": _l("Mål"),
    "subgoal": _l("Delmål"),
    "step": _l("Ett steg"),
    "audit_title": _l("Frågor till deltagare: rubrik"),
    "audit_purpose": _l("Frågor till deltagare: varför vi frågar"),
    "audit_question": _l("Frågor till deltagare: fråga"),
    "audit_works": _l("Rapport: det som fungerar"),
    "audit_improve": _l("Rapport: det som kan bli bättre"),
    "audit_proposal": _l("Rapport: förslag"),
    "audit_reply": _l("Rapport: teamets svar"),
    "message": _l("Meddelande"),
    "topic": _l("Vad någon vill prata om på ett möte"),
    "group_title": _l("Vad en grupp heter"),
    "group_about": _l("Vad en grupp är"),
    "agenda": _l("Dagordning för ett möte"),
}
THEMES: Mapping[str, LazyString] = {
    "goal": _l("Mål"),
    "subgoal": _l("Delmål"),
    "work": _l("Arbete och praktik"),
    "study": _l("Språk och studier"),
    "health": _l("Hälsa"),
    "money": _l("Pengar och myndigheter"),
    "everyday": _l("Vardag"),
    "reply": _l("Svar"),
}
TO_INTERPRETER: Mapping[str, LazyString] = {
    rules.NONE: _l("Inte översatt. Tolka texten på svenska."),
    rules.DRAFT: _l("Ett utkast. Lita på svenskan."),
    rules.OUTDATED: _l("Gammal översättning. Lita på svenskan."),
}
"""What an interpreter is told of a translation that nobody stands for."""


def confirmed(many: int, *, of_team: bool, to_staff: bool) -> str:
    """What a translator is told when words are confirmed that so many people have, or that a team reads."""
    if to_staff:
        return _("Översättningen är bekräftad. Coachen ser den nu.")
    if of_team:
        return _("Översättningen är bekräftad. Alla deltagare som läser språket får den.")
    return ngettext(
        "Översättningen är bekräftad. Deltagaren ser den nu.",
        "Översättningen är bekräftad. %(num)s deltagare ser den nu.",
        many,
    )


def shared(kind: str, many: int) -> str:
    """In how many places the very same words stand."""
    if kind in ("message", "topic", "agenda"):
        return _("Till %(number)s personer", number=many)
    return _("I %(number)s planer", number=many)
