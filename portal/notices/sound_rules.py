"""What a sound file is and how long it lasts, told by its bytes alone."""

import io
import wave
from dataclasses import dataclass

MP3, WAV = "mp3", "wav"
FORMATS = (MP3, WAV)
CONTENT_TYPES = {MP3: "audio/mpeg", WAV: "audio/wav"}
"""Of those that Twilio's <Play> takes, the two that people can make (twilio.com/docs/voice/twiml/play,
"Supported audio file types"). The m4a that phones record is not among them."""
LARGEST = 500_000
"""Bytes. Ours: twenty seconds as mp3 are less than half of it, and a phone line carries no more than that."""
LONGEST = 20.0
"""Seconds. Ours: one sentence, twice in a call that ends after two minutes."""
SHORTEST = 0.2
"""Seconds. Ours: nobody says anything in less, and so much of a file that can be read is no chance."""
_HERTZ = range(8_000, 48_001)
"""Ours: what a phone line carries, to what recorders make; with one or two channels of 8 or 16 bits."""

EMPTY, LARGE, LONG, M4A, OTHER, BROKEN = "empty", "large", "long", "m4a", "other", "broken"


class WrongSound(ValueError):
    """A file that cannot be played in a call; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Sound:
    """A file that can be played: its bytes, one of FORMATS, and how many seconds it lasts."""

    content: bytes
    format: str
    seconds: float


def read(content: bytes) -> Sound:
    """The sound in a file, whatever it is called and said to be. Raises WrongSound."""
    if not content:
        raise WrongSound(EMPTY)
    if len(content) > LARGEST:
        raise WrongSound(LARGE)
    form = format_of(content)
    seconds = _wav_seconds(content) if form == WAV else _mp3_seconds(content)
    if seconds > LONGEST:
        raise WrongSound(LONG)
    return Sound(content, form, seconds)


def format_of(content: bytes) -> str:
    """One of FORMATS, by how the file begins. Raises WrongSound.

    RIFF and WAVE (WAVEFORM audio file format, IBM and Microsoft 1991), an ID3 tag (id3.org/id3v2.3.0, 3.1)
    or a frame of MPEG audio. `ftyp` is the box that an m4a begins with (ISO/IEC 14496-12, 4.3).
    """
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return WAV
    if content[:3] == b"ID3" or _frame(content, 0):
        return MP3
    raise WrongSound(M4A if content[4:8] == b"ftyp" else OTHER)


def _wav_seconds(content: bytes) -> float:
    try:
        with wave.open(io.BytesIO(content)) as file:
            size, rate = file.getnchannels() * file.getsampwidth(), file.getframerate()
            if file.getnchannels() > 2 or file.getsampwidth() > 2 or rate not in _HERTZ:
                raise WrongSound(BROKEN)
            # By what is there, not by what its head says that there is.
            seconds: float = len(file.readframes(file.getnframes())) / size / rate
    except (wave.Error, EOFError, ArithmeticError, RuntimeError):
        raise WrongSound(BROKEN) from None
    if seconds < SHORTEST:
        raise WrongSound(BROKEN)
    return seconds


# --- MPEG audio, layer III -----------------------------------------------------------------------
# Its tables: ISO/IEC 11172-3 and 13818-3, as id3.org/mp3Frame and mp3-tech.org/programmer/frame_header.html
# repeat them, the latter with the half rates that came after (MPEG 2.5).

_KBITS = {
    1: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {0b11: (44_100, 48_000, 32_000), 0b10: (22_050, 24_000, 16_000), 0b00: (11_025, 12_000, 8_000)}
_SAMPLES = {1: 1152, 2: 576}
_LAYER_III = 0b01
_TAILS = (b"TAG", b"APETAGEX", b"LYRICSBEGIN", b"ID3")
"""How what may follow the sound begins: names and pictures that players show."""


@dataclass(frozen=True)
class _Frame:
    length: int
    seconds: float


def _frame(content: bytes, at: int) -> _Frame | None:
    """The frame that begins here; None where none does, or one of another layer."""
    head = content[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] >> 5 != 0b111 or (head[1] >> 1) & 0b11 != _LAYER_III:
        return None
    version, bits, rate = (head[1] >> 3) & 0b11, head[2] >> 4, (head[2] >> 2) & 0b11
    if version not in _RATES or rate == 0b11 or not 1 <= bits <= 14:
        return None
    series, hertz = (1 if version == 0b11 else 2), _RATES[version][rate]
    samples, padding = _SAMPLES[series], (head[2] >> 1) & 1
    return _Frame(samples // 8 * _KBITS[series][bits - 1] * 1000 // hertz + padding, samples / hertz)


def _mp3_seconds(content: bytes) -> float:
    at, seconds = _after_tag(content), 0.0
    while True:
        while frame := _frame(content, at):
            at, seconds = at + frame.length, seconds + frame.seconds
        # Files put end to end: a player goes on behind the next one's tag.
        if content[at : at + 3] != b"ID3" or (behind := at + _after_tag(content[at : at + 10])) == at:
            break
        at = min(behind, len(content))
    rest = content[at:].lstrip(b"\0")
    if seconds < SHORTEST or (rest and not rest.startswith(_TAILS)):
        raise WrongSound(BROKEN)
    return seconds


def _after_tag(content: bytes) -> int:
    """Where the sound begins: behind a tag, whose length has seven bits a byte (id3.org/id3v2.3.0, 3.1)."""
    if content[:3] != b"ID3" or len(content) < 10:
        return 0
    length = 0
    for byte in content[6:10]:
        length = length << 7 | byte & 0x7F
    return 10 + length + (10 if content[5] & 0x10 else 0)
