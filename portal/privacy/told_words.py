"""How each thing that is kept is told to the person it is about: plain headings, and words for every fact."""

from flask_babel import lazy_gettext as _l

from portal.booking import words as booking
from portal.identity.people import words as people
from portal.languages import LANGUAGES
from portal.notices import words as notices
from portal.notices.timing_words import TIMINGS
from portal.plan import words as plan
from portal.privacy import words
from portal.privacy.holding_rules import Field, Told

_WHEN, _TEXT, _DAY, _FROM, _TO = _l("När"), _l("Text"), _l("Dag"), _l("Från"), _l("Till")
_BY, _PLACE = _l("Av"), _l("Plats")

BORN = {True: people.BORN["inside"], False: people.BORN["outside"]}
AGES = {"adult": _l("18 år eller äldre"), "youth": _l("13 till 17 år")}
DOERS = {"participant": _l("Du själv"), "coach": _l("Din coach"), "other": _l("Någon annan")}
KINDS = {"step": _l("Ett steg"), "subgoal": _l("Ett delmål")}
CHANGES = {
    "goal": _l("Målet skrevs"),
    "add": _l("Något nytt kom till"),
    "change": _l("Något ändrades"),
    "state": _l("Något blev klart, eller pausat"),
    "move": _l("Ordningen ändrades"),
    "undo": _l("En ändring togs tillbaka"),
    "help_asked": _l("Du bad om hjälp"),
    "help_closed": _l("Du fick svar"),
}
SAID = {
    "understood": _l("Jag förstår"),
    "not_understood": _l("Jag förstår inte"),
    "talk": _l("Jag vill prata"),
    "disagree": _l("Jag håller inte med"),
}
ASKED = {"before": _l("Före ett möte"), "after": _l("Efter ett möte")}
"""Our own questions; a licensed scale is called by its name, ORS or SRS."""
HELPED = {
    "": _l("Inget svar än"),
    "talked": _l("Ni pratade om det"),
    "changed": _l("Steget ändrades"),
    "booked": _l("Ni bokade ett möte"),
    "not_needed": _l("Hjälpen behövdes inte mer"),
}
HANDLED = {
    "called": _l("Coachen ringde"),
    "booked": _l("Coachen bokade ett möte"),
    "not_needed": _l("Inget behövdes"),
    "later": _l("Coachen skulle titta senare"),
}
WHY = {
    "down": _l("Dina svar blev lägre"),
    "help": _l("Du bad om hjälp"),
    "missed": _l("Du kom inte till ett möte"),
    "sms": _l("Ett meddelande kom inte fram"),
    "no_meeting": _l("Du hade inget möte bokat"),
    "question": _l("Du ville prata om något i planen"),
    "call": _l("Coachen skulle ringa dig"),
    "number": _l("Vi visste inte om ditt nummer stämde"),
    "scale": _l("Dina svar var låga, eller blev lägre"),
    "still": _l("Dina svar hade inte ändrats"),
    "unasked": _l("Du hade inte svarat på frågorna efter mötena"),
    "message": _l("Du hade skrivit, eller ville bli uppringd"),
    "follow_up": _l("Du hade sagt ja till att vi hör av oss"),
}
DONE = {
    "read": _l("Läste"),
    "change": _l("Ändrade"),
    "export": _l("Tog ut"),
    "refused": _l("Ville läsa, men fick inte"),
}
ENERGY = {
    "": _l("Lika hela dagen"),
    "morning": _l("På förmiddagen"),
    "afternoon": _l("På eftermiddagen"),
}
MEETING_STATES = {"booked": _l("Bokat"), "cancelled": _l("Avbokat")}

PERSON = Told(
    _l("Om dig"),
    "created_at",
    (
        Field("name", _l("Namn")),
        Field("phone", _l("Telefon")),
        Field("phone_confirmed_at", _l("Dag då vi fick veta att numret är ditt")),
        Field("email", _l("E-post")),
        Field("email_confirmed_at", _l("Dag då vi fick veta att adressen är din")),
        Field("language", _l("Språk"), {code: one.name for code, one in LANGUAGES.items()}),
        Field("gender", _l("Kön"), people.GENDERS),
        Field("born_in_sweden", _l("Född"), BORN),
        Field("municipality", _l("Kommun"), "municipality"),
        Field("education", _l("Utbildning"), "education"),
        Field("age_band", _l("Ålder"), AGES),
        Field("way", _l("Så får du veta om dina möten"), notices.WAYS),
        Field("earliest_hour", _l("Vi skickar inget före klockan")),
        Field("latest_hour", _l("Vi skickar inget efter klockan")),
        Field("sms_stopped_at", _l("Du svarade STOPP")),
        Field("sms_unsafe", _l("Inga meddelanden alls")),
        Field("sms_place", _l("Platsen får stå i meddelanden")),
        Field("sms_coach", _l("Coachens förnamn får stå i meddelanden")),
        Field("reminder_timing", _l("När du blir påmind om möten"), TIMINGS),
        Field("reminder_timing_at", _l("Du valde när du blir påmind")),
        Field("one_page", _l("Alla frågor på en sida")),
        Field("pin_chosen_at", _l("Du valde pinkod")),
        Field("created_at", _l("Vi skrev in dig här")),
    ),
)
ENROLMENT = Told(
    _l("Din tid hos oss"),
    "applied_on",
    (
        Field("applied_on", _l("Ansökan")),
        Field("first_meeting_on", _l("Första mötet")),
        Field("started_on", _l("Du började")),
        Field("closed_on", _l("Du slutade")),
        Field("coach_id", _l("Coach")),
        Field("referrer", _l("Vem som hjälpte dig hit"), "referrer"),
        Field("income_at_start", _l("Pengar när du började"), "income"),
        Field("income_at_closure", _l("Pengar när du slutade"), "income"),
        Field("outcome", _l("Vad det blev"), "outcome"),
    ),
)
PERIOD = Told(
    _l("Pauser och längre tid"),
    "starts_on",
    (
        Field("kind", _l("Vad"), people.PERIODS),
        Field("starts_on", _FROM),
        Field("ends_on", _TO),
        Field("reason", _l("Varför")),
    ),
)
COACH_CHANGE = Told(
    _l("Ny coach"),
    "changed_at",
    (Field("changed_at", _WHEN), Field("former_id", _FROM), Field("coach_id", _TO)),
)
SIGNED_IN = Told(
    _l("När du loggade in"),
    "created_at",
    (Field("created_at", _FROM), Field("last_seen_at", _l("Senast använd"))),
)
MEETING = Told(
    _l("Dina möten"),
    "starts_at",
    (
        Field("starts_at", _WHEN),
        Field("mode", _l("Hur"), booking.MODE),
        Field("place", _PLACE),
        Field("coach_id", _l("Med")),
        Field("state", _l("Bokat eller inte"), MEETING_STATES),
        Field("cancel_reason", _l("Varför det avbokades")),
        Field("late_said_at", _l("Du sa att du blir sen")),
        Field("attendance", _l("Kom du?"), booking.ATTENDANCE),
    ),
)
TRAVEL = Told(
    _l("När du kan komma"),
    "changed_at",
    (
        Field("every_day", _l("Du kan vara här, alla dagar")),
        Field("monday", _l("Du kan vara här, måndag")),
        Field("tuesday", _l("Du kan vara här, tisdag")),
        Field("wednesday", _l("Du kan vara här, onsdag")),
        Field("thursday", _l("Du kan vara här, torsdag")),
        Field("friday", _l("Du kan vara här, fredag")),
        Field("energy", _l("När orkar du mest?"), ENERGY),
        Field("changed_at", _l("Sparat")),
    ),
)
CHECK_IN = Told(
    _l("Frågor före och efter möten"),
    "begun_at",
    (Field("begun_at", _l("Du började svara")), Field("asked", _l("Vilka frågor"))),
)
ANSWER = Told(
    _l("Det du skickade"),
    "sent_at",
    (
        Field("sent_at", _WHEN),
        Field("asked", _l("Vilka frågor")),
        Field("points", _l("Summa")),
        Field("comment", _l("Det du skrev")),
    ),
)
SCALE = Told(_l("Vem som skrev in dina svar"), "check_in_id", (Field("recorded_by", _l("Från papper, av")),))
CORRECTION = Told(
    _l("Svar som rättades"),
    "corrected_at",
    (Field("corrected_at", _WHEN), Field("corrected_by", _BY), Field("reason", _l("Varför"))),
)
ANSWER_LINE = Told(
    _l("Dina svar, fråga för fråga"),
    "response_id",
    (Field("question", _l("Fråga")), Field("points", _l("Svar, 0 till 10"))),
)
PLAN = Told(_l("Din plan"), "created_at", (Field("created_at", _WHEN), Field("goal", _l("Ditt mål"))))
STEP = Told(
    _l("Stegen i din plan"),
    "position",
    (
        Field("kind", _l("Vad"), KINDS),
        Field("text", _TEXT),
        Field("state", _l("Hur det går"), plan.STATES),
        Field("doer", _l("Vem som gör det"), DOERS),
        Field("doer_name", _l("Namn")),
        Field("day", _DAY),
        Field("when", _l("När, med ord")),
        Field("changed_at", _l("Ändrat")),
        Field("changed_by", _BY),
    ),
)
PLAN_EVENT = Told(
    _l("Vad som har hänt i planen"),
    "at",
    (Field("at", _WHEN), Field("by_id", _BY), Field("action", _l("Vad"), CHANGES)),
)
PLAN_ANSWER = Told(
    _l("Vad du sa om ändringar"),
    "answered_at",
    (
        Field("answered_at", _WHEN),
        Field("answer", _l("Svar"), SAID),
        Field("words", _l("Det du skrev")),
        Field("outcome_words", _l("Vad ni sa")),
        Field("talked_at", _l("Ni pratade om det")),
        Field("talked_by", _l("Med")),
    ),
)
ADAPTATION = Told(
    _l("Ditt kort: det som hjälper"),
    "position",
    (
        Field("words", _TEXT),
        Field("swedish", _l("På svenska")),
        Field("help", _l("Färdig mening")),
        Field("changed_at", _l("Ändrat")),
        Field("changed_by", _BY),
    ),
)
ADAPTATION_EVENT = Told(_l("Vad som har hänt med kortet"), "at", (Field("at", _WHEN), Field("by_id", _BY)))
STAIR = Told(
    _l("Din trappa"),
    "on",
    (
        Field("on", _DAY),
        Field("code", _l("Steg på trappan"), "stair"),
        Field("words", _TEXT),
        Field("by_id", _BY),
    ),
)
SURVEY = Told(
    _l("Frågor om vad du tycker"),
    "begun_at",
    (Field("begun_at", _l("Du började svara")), Field("sent_at", _l("Du skickade"))),
)
SURVEY_ANSWER = Told(
    _l("Det du tycker"),
    "question",
    (Field("survey_question", _l("Fråga")), Field("survey_answer", _l("Svar"))),
)
HELP = Told(
    _l("När du bad om hjälp"),
    "asked_at",
    (
        Field("asked_at", _WHEN),
        Field("words", _l("Det du skrev")),
        Field("outcome", _l("Hur det gick"), HELPED),
        Field("outcome_words", _l("Svar")),
        Field("closed_at", _l("Svaret kom")),
        Field("closed_by", _BY),
    ),
)
ATTENTION = Told(
    _l("Vad din coach har gjort för dig"),
    "handled_at",
    (
        Field("handled_at", _WHEN),
        Field("handled_by", _BY),
        Field("kind", _l("Varför"), WHY),
        Field("outcome", _l("Vad"), HANDLED),
        Field("note", _TEXT),
    ),
)
CALL_TRY = Told(
    _l("När coachen ringde och du inte svarade"),
    "tried_at",
    (Field("tried_at", _WHEN), Field("tried_by", _BY)),
)
LOOKED = Told(
    _l("Vem som har tittat"),
    "at",
    (
        Field("at", _WHEN),
        Field("actor_id", _l("Vem")),
        Field("action", _l("Vad"), DONE),
        Field("kind", _l("Om"), words.KINDS),
    ),
)
