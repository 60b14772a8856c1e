"""How messages, calls, translations and interpreters are told to the person they are about."""

from flask_babel import lazy_gettext as _l

from portal.booking import words as booking
from portal.conversation import words as conversation
from portal.followup import words as followup
from portal.languages import LANGUAGES
from portal.messaging import words as messaging
from portal.notices import words as notices
from portal.privacy.holding_rules import Field, Told

_WHEN, _TEXT, _FROM, _TO, _BY = _l("När"), _l("Text"), _l("Från"), _l("Till"), _l("Av")

RESULTS = {
    "reached": _l("Du svarade"),
    "unreached": _l("Vi fick inte tag i dig"),
    "declined": _l("Du sa nej"),
}

MESSAGE = Told(
    _l("SMS, e-post och samtal till dig"),
    "created_at",
    (
        Field("created_at", _WHEN),
        Field("kind", _l("Vad"), notices.KINDS),
        Field("played", _l("Inspelad röst före texten")),
        Field("body", _TEXT),
        Field("channel", _l("Hur"), notices.WAYS),
        Field("address", _l("Till")),
        Field("told_state", _l("Hur det gick"), messaging.TOLD_STATES),
    ),
)
INCOMING = Told(
    _l("SMS från dig"),
    "received_at",
    (
        Field("received_at", _WHEN),
        Field("taken_as", _l("Vad"), messaging.TAKEN_AS),
        Field("body", _TEXT),
        Field("address", _l("Från nummer")),
    ),
)
_SPOKEN = {code: one.name for code, one in LANGUAGES.items()}
TRANSLATION = Told(
    _l("Det som är skrivet, på andra språk"),
    "written_at",
    (
        Field("language", _l("Språk"), _SPOKEN),
        Field("translated", _TEXT),
        Field("written_at", _WHEN),
        Field("written_by", _BY),
    ),
)
CONVERSATION = Told(
    _l("Vad ni har skrivit till varandra"),
    "number",
    (
        Field("written_at", _WHEN),
        Field("author_id", _BY),
        Field("kind", _l("Vad"), conversation.KINDS),
        Field("words", _TEXT),
        Field("wished", _l("Vilken tid du ville ha")),
        Field("call_when", _l("När samtalet passar"), conversation.TIMES),
        Field("outcome", _l("Hur det gick"), conversation.OUTCOMES),
        Field("closed_at", _l("Svaret kom")),
        Field("closed_by", _l("Svar av")),
        Field("read_at", _l("Du läste")),
        Field("taken_back_at", _l("Texten togs bort")),
        Field("by_sms", _l("Kom som SMS")),
    ),
)
WANTED_LANGUAGE = Told(
    _l("Språk för dina möten"), "since", (Field("language", _l("Språk"), _SPOKEN), Field("since", _FROM))
)
INTERPRETER = Told(
    _l("Tolk vid dina möten"),
    "made_at",
    (
        Field("language", _l("Språk"), _SPOKEN),
        Field("starts_at", _FROM),
        Field("ends_at", _TO),
        Field("redeemed_at", _l("Tolken kom in")),
        Field("made_by", _l("Insläppt av")),
    ),
)
CALL = Told(
    _l("Samtal som coachen ska ringa"),
    "wished_at",
    (Field("wished_at", _WHEN), Field("kind", _l("Vad"), notices.KINDS), Field("starts_at", _l("Mötet"))),
)
FOLLOW_UP_CONSENT = Told(
    _l("Om vi får höra av oss senare"),
    "said_at",
    (
        Field("said", _l("Vad"), {"yes": _l("ja"), "no": _l("nej"), "never": _l("nej")}),
        Field("said_at", _FROM),
        Field("said_until", _TO),
    ),
)
FOLLOW_UP = Told(
    _l("Hur det gick när du hade slutat"),
    "noted_at",
    (
        Field("months", _l("Månader efteråt")),
        Field("noted_at", _WHEN),
        Field("noted_by", _BY),
        Field("result", _l("Vad"), RESULTS),
        Field("occupation", _l("Vad du gjorde"), "outcome"),
        Field("feels", _l("Hur du mådde"), followup.FEELS),
        Field("note", _TEXT),
    ),
)
SIDES = {"participant": _l("Du själv"), "staff": _l("Din coach")}
TOPICS = Told(
    _l("Vad ni ville prata om på möten"),
    "said_at",
    (
        Field("said_at", _l("När")),
        Field("side", _l("Vem"), SIDES),
        Field("codes", _l("Ämnen"), booking.STAFF_TOPICS),
        Field("words", _l("Text")),
        Field("said_by", _l("Av")),
    ),
)
