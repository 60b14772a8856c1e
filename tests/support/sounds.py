"""Sound files as tests need them: of a kind, a length and nothing to hear; and recordings made of them."""

import io
import uuid
import wave
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from portal.languages import LANGUAGES
from portal.notices import recording_queries, recording_service, sound_rules
from portal.notices.models import Recording
from portal.notices.recording_rules import OCCASIONS
from portal.web.asker import Asker

# MPEG 1, layer III, 32 kbit/s, 32 kHz: frames of 144 bytes, each 36 ms.
FRAME = bytes([0xFF, 0xFB, 0x18, 0xC4]) + bytes(140)
SAID = "Hej. Kom ihåg ditt möte."


def mp3(seconds: float = 1.0) -> bytes:
    """An mp3 file without a tag."""
    return FRAME * round(seconds / 0.036)


def wav(seconds: float = 1.0, rate: int = 8000) -> bytes:
    """A wav file: one channel, 16 bits."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(2 * round(seconds * rate)))
    return out.getvalue()


def record(
    session: Session,
    asker: Asker,
    now: datetime,
    language: str = "sv",
    occasions: Iterable[str] = OCCASIONS,
    said: str = SAID,
) -> list[Recording]:
    """Recordings of these occasions in the asker's organisation."""
    sound, spoken = sound_rules.read(mp3()), LANGUAGES[language]
    return [
        recording_service.record(session, asker, occasion, spoken, sound, words=said, now=now)
        for occasion in occasions
    ]


def recording(session: Session, participant: Asker, coach: Asker, now: datetime) -> dict[str, object]:
    """The first occasion that the organisation has not recorded yet."""
    free = [
        one
        for one in OCCASIONS
        if recording_queries.in_use(session, coach.organisation_id, one, "sv") is None
    ]
    made: uuid.UUID = record(session, coach, now, occasions=free[:1])[0].id
    return {"recording": made}
