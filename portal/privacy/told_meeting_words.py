"""How meetings, and who was there, are told to their person."""

from flask_babel import lazy_gettext as _l

from portal.attendance import words as attending
from portal.booking import words as booking
from portal.privacy.holding_rules import Field, Told

_WHEN, _BY, _PLACE = _l("När"), _l("Av"), _l("Plats")
ENERGY = {
    "": _l("Lika hela dagen"),
    "morning": _l("På förmiddagen"),
    "afternoon": _l("På eftermiddagen"),
}
MEETING_STATES = {"booked": _l("Bokat"), "cancelled": _l("Avbokat")}

NETWORKS = {"network": _l("Ett möte med flera"), "sip": _l("Ett möte om en gemensam plan")}
COMING = {"none": _l("Har inte svarat"), "yes": _l("Kommer"), "no": _l("Kan inte")}

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
        Field("attendance_as", _l("Mer om det"), booking.ATTENDANCE),
        Field("met_from", _l("Det började")),
        Field("met_until", _l("Det slutade")),
    ),
)
SIGNATURE = Told(
    _l("Det du har skrivit under"),
    "signed_at",
    (
        Field("signed_at", _WHEN),
        Field("method", _l("Hur"), attending.METHOD),
        Field("signed_by", _BY),
    ),
)
ATTENDANCE_CORRECTED = Told(
    _l("Rättat: om du kom eller inte"),
    "made_at",
    (
        Field("made_at", _WHEN),
        Field("was", _l("Förut stod det"), booking.ATTENDANCE),
        Field("becomes", _l("Nu står det"), booking.ATTENDANCE),
        Field("made_by", _BY),
        Field("why", _l("Varför")),
    ),
)
NETWORK = Told(
    _l("Möten där flera är med"),
    "changed_at",
    (
        Field("kind", _l("Vad det är för möte"), NETWORKS),
        Field("reference", _l("Gäller")),
        Field("agenda", _l("Dagordning")),
        Field("changed_at", _l("Sparat")),
        Field("changed_by", _BY),
    ),
)
PARTY = Told(
    _l("De som är bjudna till dina möten"),
    "added_at",
    (
        Field("person_id", _l("Personal")),
        Field("name", _l("Namn")),
        Field("organisation", _l("Var personen arbetar")),
        Field("answer", _l("Kommer personen?"), COMING),
        Field("words", _l("Vad personen skrev")),
        Field("added_at", _WHEN),
        Field("added_by", _BY),
        Field("removed_at", _l("Togs bort")),
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
