"""Which languages a call can be read aloud in, and by whose voice."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Voice:
    """One of the voices that Twilio's <Say> has, and the language that it is said to speak."""

    name: str
    locale: str


VOICES: Mapping[str, Voice] = {
    "sv": Voice("Polly.Astrid", "sv-SE"),
    "en": Voice("Polly.Amy", "en-GB"),
    "ar": Voice("Polly.Zeina", "arb"),
}
"""By the code of a language of the portal. Names and languages as Twilio's own library lists them for <Say>:
github.com/twilio/twilio-java, com/twilio/twiml/voice/Say.java (twilio.com/docs/voice/twiml/say/text-speech).
Which voice speaks what: docs.aws.amazon.com/polly/latest/dg/available-voices; that they can be slowed down:
docs.aws.amazon.com/polly/latest/dg/prosody-tag. Neither list has Somali, Tigrinya, Dari, Pashto or Sorani."""


def voice_of(language: str) -> Voice | None:
    """The voice for a language of the portal; None where it has none, and nobody is rung up by a machine."""
    return VOICES.get(language)
