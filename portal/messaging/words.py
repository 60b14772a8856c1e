"""Plain words for what can be wrong with a number, where a message is, and why it did not arrive."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.messaging import rules

PHONE_PROBLEMS: dict[str, LazyString] = {
    "empty": _l("Skriv ditt telefonnummer."),
    "nonsense": _l("Det är inget telefonnummer. Skriv så här: 070-123 45 67."),
    "short": _l("Numret är för kort. Skriv så här: 070-123 45 67."),
    "long": _l("Numret är för långt. Skriv så här: 070-123 45 67."),
    "landline": _l("Det numret kan inte få SMS. Skriv numret till en mobil."),
    "foreign": _l("Numret är inte svenskt. Skriv ett svenskt mobilnummer."),
}

STATES: dict[str, LazyString] = {
    rules.QUEUED: _l("Väntar på att skickas"),
    rules.ATTEMPTING: _l("Skickas nu"),
    rules.SENT: _l("Skickat, inte framme än"),
    rules.DELIVERED: _l("Framme"),
    rules.FAILED: _l("Kom inte fram"),
    rules.UNKNOWN: _l("Vi vet inte om det kom fram"),
    rules.EXPIRED: _l("Skickades inte: det blev för sent"),
    rules.CANCELLED: _l("Skickades inte: det gällde inte längre"),
}

CALL_STATES: dict[str, LazyString] = {
    rules.QUEUED: _l("Väntar på att ringa"),
    rules.ATTEMPTING: _l("Ringer nu"),
    rules.SENT: _l("Har ringt, inget svar än"),
    rules.DELIVERED: _l("Svarade"),
    rules.FAILED: _l("Nåddes inte"),
    rules.UNKNOWN: _l("Vi vet inte om det ringde"),
    rules.EXPIRED: _l("Ringde inte: det blev för sent"),
    rules.CANCELLED: _l("Ringde inte: det gällde inte längre"),
}
"""Of a call that reads a message aloud. Whether a person or a machine answered, nobody tells us."""
_NOT_REACHED: dict[str, LazyString] = {
    "call no-answer": _l("Ingen svarade"),
    "call busy": _l("Upptaget"),
}

TAKEN_AS: dict[str, LazyString] = {
    rules.YES: _l("Ja till ett möte"),
    rules.CANCEL: _l("Du ville avboka"),
    rules.CODE: _l("Kod för att avboka"),
    rules.STOP: _l("Stopp för SMS"),
    rules.START: _l("SMS igen"),
    rules.OTHER: _l("Något du skrev"),
    rules.PASSED_OVER: _l("Ingen läste det"),
    rules.UNCLEAR: _l("Ingen läste det"),
}

MAIL_SENT = _l("Skickat. E-post berättar inte om det kom fram.")

TOLD_STATES: dict[str, LazyString] = {**STATES, "mail_sent": MAIL_SENT}

TONES = {
    rules.DELIVERED: "pine",
    rules.FAILED: "ribbon",
    rules.UNKNOWN: "ribbon",
    rules.EXPIRED: "sun",
    rules.CANCELLED: "sky",
}

_NO_SUCH_NUMBER = _l("Numret finns inte. Fråga personen om rätt nummer.")
_NO_SUCH_ADDRESS = _l("E-postadressen tar inte emot. Fråga personen om rätt adress.")
_BLOCKED = _l("Operatören stoppade meddelandet.")

REASONS: dict[str, LazyString] = {
    "21211": _NO_SUCH_NUMBER,
    "21610": _l("Personen har svarat STOPP. Be personen skicka START till samma nummer."),
    "21614": _l("Numret kan inte få SMS. Fråga efter ett mobilnummer."),
    "21408": _l("Vi får inte skicka SMS till det landet."),
    "30003": _l("Telefonen är avstängd eller har ingen täckning."),
    "30004": _BLOCKED,
    "30005": _NO_SUCH_NUMBER,
    "30006": _l("Numret kan inte få SMS. Fråga efter ett mobilnummer."),
    "30007": _BLOCKED,
    "30008": _l("Operatören säger inte varför."),
    "30036": _l("Telefonen svarade inte i tid."),
    "no answer": _l("Svaret från SMS-tjänsten kom inte fram till oss."),
    "stopped": _l("Vårt program stannade mitt i. Vi vet inte om meddelandet gick i väg."),
    "unreachable": _l("SMS-tjänsten svarar inte just nu."),
    "http 400": _l("SMS-tjänsten tog inte emot meddelandet. Se efter om numret stämmer."),
    "http 401": _l("SMS-tjänsten släpper inte in oss. Säg till den som sköter systemet."),
    "http 403": _l("SMS-tjänsten släpper inte in oss. Säg till den som sköter systemet."),
    "http 429": _l("SMS-tjänsten har för mycket att göra just nu."),
    "20429": _l("SMS-tjänsten har för mycket att göra just nu."),
    "21611": _l("SMS-tjänsten har för mycket att göra just nu."),
    "20003": _l("SMS-tjänsten släpper inte in oss. Säg till den som sköter systemet."),
    "changed": _l("Mötet ändrades innan meddelandet hann skickas."),
    "cancelled": _l("Mötet ställdes in innan meddelandet hann skickas."),
    "taken back": _l("Utskicket stoppades innan det här meddelandet hann skickas."),
    "closed": _l("Inskrivningen är avslutad."),
    "newer": _l("En nyare påminnelse gick i stället."),
    "asked": _l("Personen ville inte bli uppringd, eller hade redan svarat."),
    "read": _l("Personen hade redan läst och svarat när meddelandet skulle skickas."),
    "number changed": _l("Numret byttes innan meddelandet hann skickas."),
    "no sms": _l("Personen får inga meddelanden från oss."),
    "stop": _l(
        "Personen har svarat STOPP och får inga SMS om möten. Ring i stället. "
        "Personen får SMS igen genom att skicka START."
    ),
    "started": _l("Personen hade svarat STOPP. Sedan dess har personen skickat START."),
    "calls": _l("Personen vill bli uppringd i stället för att få meddelanden."),
    "silent": _l("Numret har varit tyst i 90 dagar. Fråga personen om det fortfarande stämmer."),
    "bounces": _l("Numret fungerar inte. Fråga personen om rätt nummer."),
    "call no-answer": _l("Det ringde, men ingen svarade."),
    "call busy": _l("Det var upptaget, eller så tryckte personen bort samtalet."),
    "call failed": _l("Samtalet gick inte fram."),
    "call canceled": _l("Samtalet avbröts innan någon svarade."),
    "21214": _l("Numret går inte att ringa. Fråga personen om rätt nummer."),
    rules.NO_VOICE: _l("Ingen röst kan ringa upp: tjänsten eller språket saknar det."),
    "no mail": _l("E-post är inte inställd. Säg till den som sköter systemet."),
    "smtp address": _l("Det är ingen e-postadress."),
    "smtp unreachable": _l("E-postservern svarar inte just nu."),
    "smtp insecure": _l("E-postservern kan inte kryptera. Säg till den som sköter systemet."),
    "smtp login": _l("E-postservern släpper inte in oss. Säg till den som sköter systemet."),
    "smtp no answer": _l("Svaret från e-postservern kom inte fram till oss."),
    "no address": _l("Personen har ingen e-postadress som är bekräftad."),
    "mail bounces": _l("E-postadressen fungerar inte. Fråga personen om rätt adress."),
    "smtp 550": _NO_SUCH_ADDRESS,
    "smtp 551": _NO_SUCH_ADDRESS,
    "smtp 553": _NO_SUCH_ADDRESS,
    "smtp 521": _NO_SUCH_ADDRESS,
    "smtp 556": _NO_SUCH_ADDRESS,
    "newer code": _l("En nyare kod gick i stället."),
    "way": _l("Personen hade valt ett annat sätt att få veta."),
    "unreadable": _l("Meddelandet gick inte att läsa. Säg till den som sköter systemet."),
}


def state(code: str, channel: str, why: str = "") -> LazyString:
    """Where a message is; of an e-mail that has left nobody hears more. `why` a call reached nobody."""
    if channel == rules.VOICE:
        return _NOT_REACHED.get(why, CALL_STATES[code]) if code == rules.FAILED else CALL_STATES[code]
    return MAIL_SENT if (code, channel) == (rules.SENT, rules.EMAIL) else STATES[code]


def phone_problem(wrong: rules.PhoneError) -> LazyString:
    """One sentence to put beside the field."""
    return PHONE_PROBLEMS[wrong.code]


def reason(code: str) -> LazyString | str:
    """Why a message did not arrive, in one sentence; the provider's own code when we know no more."""
    if not code:
        return ""
    if code.startswith("smtp ") and code not in REASONS:
        return _l("E-postservern svarade med koden %(code)s.", code=code.removeprefix("smtp "))
    return REASONS.get(code) or _l("SMS-tjänsten svarade med koden %(code)s.", code=code)
