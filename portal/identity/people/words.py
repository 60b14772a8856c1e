"""Words for the codes of people: states, what comes next, what is wrong with a day, answers."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.identity.people import rules

STATES: dict[str, LazyString] = {
    rules.OPEN: _l("Pågår"),
    rules.PAUSED: _l("Pausad"),
    rules.CLOSED: _l("Avslutad"),
}
STATE_TONES = {rules.OPEN: "pine", rules.PAUSED: "sun", rules.CLOSED: "sky"}

NEXT: dict[str, LazyString] = {
    "closed": _l("Avslutad %(day)s"),
    "disabled": _l("Kan inte logga in: avstängd"),
    "no_coach": _l("Har ingen coach än"),
    "paused": _l("Pausad tills vidare"),
    "paused_until": _l("Pausad till och med %(day)s"),
    "first_meeting": _l("Första mötet %(day)s"),
    "starts": _l("Börjar %(day)s"),
    "no_phone": _l("Har inget nummer hos oss"),
    "no_pin": _l("Har inte valt pinkod än"),
    "pause_begins": _l("Pausas från %(day)s"),
    "extension_ends": _l("Förlängd till och med %(day)s"),
}

DATES: dict[str, LazyString] = {
    "far_away": _l("Det året kan inte stämma."),
    "not_yet": _l("Den dagen har inte varit än."),
    "before_application": _l("Den dagen är före ansökan."),
    "before_start": _l("Den dagen är före starten."),
    "before_first_day": _l("Sista dagen är före första dagen."),
    "after_closure": _l("Inskrivningen slutade före den dagen."),
    "needs_end": _l("Skriv sista dagen."),
    "overlaps": _l("De dagarna finns redan i listan."),
}

AGES: dict[str, LazyString] = {"adult": _l("18 år eller äldre"), "youth": _l("13–17 år")}

GENDERS: dict[str, LazyString] = {
    "woman": _l("Kvinna"),
    "man": _l("Man"),
    "other": _l("Annat"),
    "not_told": _l("Har inte berättat"),
}
BORN: dict[str, LazyString] = {
    "inside": _l("I Sverige"),
    "outside": _l("I ett annat land"),
    "not_told": _l("Har inte berättat"),
}
CONFIRMED: dict[str, LazyString] = {
    "in_person": _l("Vi träffades, och numret ringde i personens telefon"),
    "verified_call": _l("Vi talades vid, och jag vet att det var rätt person"),
}
CONFIRMED_SHORT: dict[str, LazyString] = {
    "in_person": _l("på plats"),
    "verified_call": _l("i ett samtal"),
    "desk": _l("på plats"),
    "call": _l("i ett samtal"),
    "enrolled": _l("vid inskrivningen"),
}
PERIODS: dict[str, LazyString] = {"pause": _l("Paus"), "extension": _l("Förlängning")}
ROLES: dict[str, LazyString] = {
    "coach": _l("Coach"),
    "lead": _l("Teamledare"),
    "admin": _l("Administratör"),
    "translator": _l("Språkstöd"),
    "user_auditor": _l("Brukarrevisor"),
}


def next_words(thing: rules.NextThing, day: str) -> str:
    """What comes next in a few words; `day` is its day as people say it."""
    return str(NEXT[thing.code]) % {"day": day} if thing.code else ""
