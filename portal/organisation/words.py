"""Words for what an organisation decides: its rules with plain labels, its lists, its crisis lines."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

GROUPS: dict[str, LazyString] = {
    "meetings": _l("Möten"),
    "attendance": _l("Närvaro"),
    "reminders": _l("Påminnelser"),
    "attention": _l("När någon behöver dig"),
    "surveys": _l("Enkäten till deltagarna"),
    "sign_in": _l("Inloggning och SMS"),
    "reports": _l("Rapporter"),
    "complaints": _l("Problem med en coach"),
    "keeping": _l("Hur länge uppgifter sparas"),
}

RULES: dict[str, tuple[str, LazyString]] = {
    "meeting_minutes": ("meetings", _l("Hur långt ett möte är, i minuter")),
    "buffer_minutes": ("meetings", _l("Paus efter varje möte, i minuter")),
    "buffer_on_site_minutes": ("meetings", _l("Paus efter ett möte på plats, i minuter")),
    "buffer_phone_minutes": ("meetings", _l("Paus efter ett telefonmöte, i minuter")),
    "buffer_video_minutes": ("meetings", _l("Paus efter ett videomöte, i minuter")),
    "buffer_walk_minutes": ("meetings", _l("Paus efter en promenad, i minuter")),
    "most_a_day": ("meetings", _l("Så många möten kan en coach ha på en dag")),
    "eve_last_hour": ("meetings", _l("Dagen före en helgdag slutar mötena klockan")),
    "minimum_notice_hours": ("meetings", _l("Hur nära inpå man kan boka, i timmar")),
    "horizon_days": ("meetings", _l("Hur långt fram man kan boka, i dagar")),
    "change_deadline_hours": ("meetings", _l("Senast så många timmar före kan man byta tid själv")),
    "upcoming_own_bookings": ("meetings", _l("Så många kommande möten kan en deltagare boka själv")),
    "interpreter_order_days": ("attention", _l("Så många arbetsdagar före behöver ni ha en tolk")),
    "agency_email": ("attention", _l("E-postadress till förmedlingen där ni beställer tolkar")),
    "default_place": ("meetings", _l("Platsen där ni brukar ses")),
    "calendar_hosts": (
        "meetings",
        _l("Fler platser än Outlook, Google och Apple att läsa personalens kalendrar från"),
    ),
    "reminder_earliest_hour": ("reminders", _l("Inga meddelanden före klockan")),
    "reminder_latest_hour": ("reminders", _l("Inga meddelanden efter klockan")),
    "answer_working_days": ("attention", _l("Den som ber om hjälp får svar inom så många arbetsdagar")),
    "no_meeting_days": ("attention", _l("Säg till när ingen tid är bokad på så många dagar")),
    "caseload_ceiling": ("attention", _l("Så många deltagare kan en coach ha")),
    "checkin_before_hours": ("attention", _l("Frågor före mötet öppnar så många timmar innan")),
    "checkin_after_hours": ("attention", _l("Frågor efter mötet är öppna i så många timmar")),
    "survey_after_months": ("surveys", _l("Frågorna kommer så många månader efter starten")),
    "survey_open_days": ("surveys", _l("Man kan svara i så många dagar")),
    "codes_per_number_a_day": ("sign_in", _l("Så många koder får ett nummer på en dag")),
    "codes_a_day": ("sign_in", _l("Så många koder skickas på en dag, till alla")),
    "sms_price_ore": ("reminders", _l("Ungefär vad en del av ett SMS kostar, i öre")),
    "smallest_cell_team": ("reports", _l("Minsta antal som skrivs ut i rapporten för teamet")),
    "smallest_cell_outside": ("reports", _l("Minsta antal som skrivs ut i rapporten för andra")),
    "complaint_name": ("complaints", _l("Vem man vänder sig till, i stället för sin coach")),
    "complaint_phone": ("complaints", _l("Numret till den personen")),
    "keep_content_months": ("keeping", _l("Allt om en deltagare, månader efter avslut")),
    "keep_notes_months": ("keeping", _l("Noteringar om vad som gjordes, i månader")),
    "keep_staff_months": ("keeping", _l("Uppgifter om personal som har slutat, i månader")),
    "keep_journal_months": ("keeping", _l("Journalen över vem som har läst, i månader")),
}
"""Each setting that has a field of its own on the page: its group and its label with the unit."""

_AS_EACH = _l("Tomt: samma som efter varje möte.")
HINTS: dict[str, LazyString] = {
    "buffer_on_site_minutes": _AS_EACH,
    "buffer_phone_minutes": _AS_EACH,
    "buffer_video_minutes": _AS_EACH,
    "buffer_walk_minutes": _AS_EACH,
    "most_a_day": _l("0: ingen gräns. En coach kan ha ett eget antal."),
    "eve_last_hour": _l("24: som andra dagar."),
}
"""What to know of a setting beside its label."""

TICKS: dict[str, tuple[str, LazyString, LazyString | str]] = {
    "closed_on_holidays": (
        "meetings",
        _l("Inga möten på helgdagar"),
        _l("Också midsommarafton, julafton och nyårsafton. En coach kan öppna en sådan dag."),
    ),
    "attendance_signed": (
        "attendance",
        _l("Deltagarna skriver under att de var med"),
        _l("På sin telefon, efter varje möte. EU:s socialfond brukar kräva det."),
    ),
    "survey_ongoing": ("surveys", _l("Fråga deltagarna efter några månader"), ""),
    "survey_closure": ("surveys", _l("Fråga deltagarna när de slutar"), ""),
    "stair_shown": (
        "attention",
        _l("Deltagarna ser trappan"),
        _l("I sin plan ser de vilket steg de är på, och sedan när."),
    ),
    "forget_daily": (
        "keeping",
        _l("Ta bort gamla uppgifter varje dag"),
        _l(
            "Det som tas bort kommer inte tillbaka. Siffror om inskrivningar blir kvar, utan personer."
            " Siffror om möten, svar och trappan blir inte kvar."
        ),
    ),
    "foreign_numbers": ("sign_in", _l("Utländska nummer kan få SMS"), ""),
}
"""Each setting that is a box to tick: its group, its label, and what to know of it ("" for nothing)."""

PROVIDERS = {"twilio": "Twilio", "46elks": "46elks", "console": "Console"}
"""The names of those who send SMS: names of firms, the same in every language."""

MODES: dict[str, LazyString] = {
    "on_site": _l("På plats"),
    "phone": _l("Telefon"),
    "video": _l("Video"),
    "walk": _l("Promenad"),
}

STEPS: dict[str, LazyString] = {
    "week": _l("En vecka före"),
    "three_days": _l("3 dagar före"),
    "one_day": _l("Dagen före"),
    "two_hours": _l("Samma dag, 2 timmar före"),
}
"""When a meeting can be reminded of."""

PROBLEMS: dict[str, LazyString] = {
    "longer_than_horizon": _l("Det är längre än man kan boka framåt."),
    "too_many": _l("Välj högst 3."),
    "no_host": _l("Skriv bara namn, så här: kalender.norrby.se. Sätt mellanslag mellan flera."),
    "no_email": _l("Det är ingen e-postadress. Skriv så här: namn@exempel.se."),
    "same_day_alone": _l("Välj en dag också. Den som har ett tidigt möte blir annars inte påmind."),
}

LISTS: dict[str, LazyString] = {
    "referrer": _l("Vem som remitterar"),
    "outcome": _l("Vad det blev vid avslut"),
    "income": _l("Inkomster"),
    "education": _l("Utbildning"),
    "municipality": _l("Kommuner"),
    "stair": _l("Trappan, det lägsta steget först"),
}

COUNTS_AS: dict[str, LazyString] = {
    "": _l("Som de andra orden"),
    "goal": _l("Som arbete eller studier"),
    "dropout": _l("Som slutade i förtid, utanför de avslutade"),
}

PURPOSES: dict[str, LazyString] = {
    "emergency": _l("Fara för livet"),
    "care": _l("Råd om vård"),
    "suicide": _l("Tankar på att dö"),
    "violence": _l("Våld i hemmet"),
}
