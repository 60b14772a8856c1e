"""Twilio's calls: what is said, and where a call is (twilio.com/docs/voice/api/call-resource)."""

import re
from typing import Any

from twilio.twiml.voice_response import Say, VoiceResponse

from portal.config import TWILIO
from portal.messaging import rules
from portal.messaging.gateways.base import Outcome
from portal.messaging.voice_rules import Voice

RINGS_SECONDS = 30
"""Ours: six rings or so. Twilio's own is 60, and it may add 5."""
LONGEST_SECONDS = 120
"""Ours: the longest wording, said slowly and twice, takes half as long, and so does the longest recording
with its day and time; what hangs on costs no more."""
LONGEST_WORDS = 4000
"""Signs of TwiML that Twilio takes along with the request (its description of `Twiml`)."""
RATE = "85%"
"""How fast it is read: the rate that Amazon shows for listeners who know the language less well
(docs.aws.amazon.com/polly/latest/dg/voice-speed-change-vip.html)."""
TIMES = 2

# Twilio's words for where a call is (twilio.com/docs/voice/api/call-resource, "Call Status Values"); what is
# not here changes nothing. `completed` was answered: by a person, or by a machine.
STATES = {
    "queued": rules.SENT,
    "initiated": rules.SENT,
    "ringing": rules.SENT,
    "in-progress": rules.SENT,
    "completed": rules.DELIVERED,
    "busy": rules.FAILED,
    "no-answer": rules.FAILED,
    "failed": rules.FAILED,
    "canceled": rules.FAILED,
}
_REFERENCE = re.compile(r"CA[0-9a-f]{32}")


def reference_of(told: object) -> str:
    """Twilio's own name for a call; "" for anything that is none (S28: it stands in an address)."""
    return str(told) if _REFERENCE.fullmatch(str(told)) else ""


def code_of(status: str) -> str:
    """Why a call reached nobody, as one of our own codes; "" where it did, or may yet."""
    return f"call {status}" if STATES.get(status) == rules.FAILED else ""


def told(call: Any) -> Outcome | None:
    """What Twilio says of a call; None when it says nothing that we know, or not of which call."""
    status, reference = str(call.status), reference_of(call.sid)
    state = STATES.get(status)
    return Outcome(state, reference, code_of(status), TWILIO) if state and reference else None


def words(text: str, voice: Voice, played: str = "") -> str:
    """The TwiML of a call that says this text slowly, and once more, after a moment to lift the phone.

    `played`: the address of a sound that comes before the text each time (twilio.com/docs/voice/twiml/play),
    "" for none.
    """
    response = VoiceResponse()
    for _ in range(TIMES):
        said = Say(voice=voice.name, language=voice.locale)
        said.prosody(text, rate=RATE)
        response.pause(length=1)
        if played:
            response.play(played)
        response.append(said)
    return str(response)
