"""What somebody looked at, in plain words that follow "Läste:"."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

_MEETINGS, _ANSWERS, _PIN = _l("dina möten"), _l("dina svar"), _l("din pinkod")
_NUMBER, _FACTS, _LIST = _l("ditt nummer"), _l("fakta om dig"), _l("en lista där ditt namn står")
_REACHED, _MAIL = _l("hur vi når dig"), _l("din e-postadress")
_HIDDEN, _LET_IN = _l("skyddet av dina uppgifter"), _l("om du får logga in")

KINDS: dict[str, LazyString] = {
    "absence": _l("vilka dagar en coach är borta"),
    "answers": _ANSWERS,
    "attendance": _l("på vilka möten du var med"),
    "attention": _l("om du behöver hjälp"),
    "card": _FACTS,
    "check-in": _l("frågor om hur du har det"),
    "closed": _l("att du har slutat"),
    "conversation": _l("vad ni har skrivit till varandra"),
    "copy": _l("det som är nytt om dig"),
    "desk_code": _l("en kod att logga in med"),
    "detail": _REACHED,
    "disabled": _LET_IN,
    "email_asked": _MAIL,
    "email_confirmed": _MAIL,
    "email_removed": _MAIL,
    "enabled": _LET_IN,
    "enrolled": _l("att du har börjat"),
    "enrolment": _FACTS,
    "extension": _l("hur länge du är med"),
    "extension_removed": _l("hur länge du är med"),
    "facts": _FACTS,
    "follow_up": _l("hur det går för dig när du har slutat"),
    "follow_up_consent": _l("om vi får höra av oss senare"),
    "forgotten": _l("att gamla uppgifter togs bort"),
    "groups": _l("dina grupper"),
    "handler": _HIDDEN,
    "handover": _l("vem som är din coach"),
    "hours": _REACHED,
    "interpreter": _l("din plan, för tolken"),
    "interpreter_order": _l("tolk till dina möten"),
    "interpreters": _l("vilka språk en tolk kan"),
    "looked": _l("vem som har tittat"),
    "me": _l("sidan Om mig"),
    "meeting": _MEETINGS,
    "meetings": _MEETINGS,
    "messages": _l("SMS, e-post och samtal till dig"),
    "number_again_in_person": _NUMBER,
    "number_again_verified_call": _NUMBER,
    "number_enrolled": _NUMBER,
    "number_in_person": _NUMBER,
    "number_verified_call": _NUMBER,
    "pause": _l("din paus"),
    "pause_removed": _l("din paus"),
    "people_list": _LIST,
    "plan_news": _l("vad du sa om din plan"),
    "sms_started": _REACHED,
    "sms_stopped": _REACHED,
    "stair": _l("din trappa"),
    "survey": _l("frågor om vad du tycker"),
    "person": _l("en sida om dig"),
    "pin": _PIN,
    "plan": _l("din plan"),
    "protected": _HIDDEN,
    "protected_list": _LIST,
    "protection_lifted": _HIDDEN,
    "reach": _REACHED,
    "reading": _l("hur du läser frågorna"),
    "record": _l("allt om dig"),
    "reopened": _l("att du har börjat igen"),
    "translation": _l("det som är skrivet, för att översätta"),
    "timing": _REACHED,
    "way": _REACHED,
}
"""Every kind of reading or changing that is noted of a participant. A new one needs its words here."""

OTHER = _l("något annat om dig")

ACTIONS: dict[str, LazyString] = {
    "read": _l("Läste: %(what)s."),
    "change": _l("Ändrade: %(what)s."),
    "export": _l("Tog ut: %(what)s."),
    "refused": _l("Ville läsa: %(what)s. Det fick personen inte."),
}

ROLES: dict[str, LazyString] = {
    "coach": _l("coach"),
    "lead": _l("leder teamet"),
    "admin": _l("sköter systemet"),
    "translator": _l("hjälper till med språk"),
    "interpreter": _l("tolk"),
    "user_auditor": _l("frågar deltagare vad de tycker"),
    "participant": _l("deltagare"),
}
"""Who somebody is, after their first name."""
