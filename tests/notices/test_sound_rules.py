"""Which files can be played in a call: told by their bytes, never by what they are called."""

import io
import struct
import wave
from collections.abc import Callable

import pytest

from portal.notices import recording_rules, rules, sound_rules
from portal.notices.sound_rules import LARGEST, WrongSound
from tests.support.sounds import FRAME, mp3, wav


def tag(length: int, footer: bool = False) -> bytes:
    """An ID3 tag with so many bytes in it."""
    size = bytes((length >> shift) & 0x7F for shift in (21, 14, 7, 0))
    head = b"ID3\x04\x00" + (b"\x10" if footer else b"\x00") + size
    return head + bytes(length) + (b"3DI" + bytes(7) if footer else b"")


def frames(head: bytes, length: int, many: int = 50) -> bytes:
    return (head + bytes(length - 4)) * many


@pytest.mark.parametrize(
    "content, form, seconds",
    [
        (wav(2), "wav", 2.0),
        (wav(1, rate=44_100), "wav", 1.0),
        (mp3(3.6), "mp3", 3.6),
        (tag(300) + mp3(3.6), "mp3", 3.6),
        (tag(20, footer=True) + mp3(3.6), "mp3", 3.6),
        (mp3(3.6) + b"TAG" + bytes(125), "mp3", 3.6),
        (mp3(3.6) + bytes(500), "mp3", 3.6),
        # The last frame is cut short, as by a recorder that was stopped.
        (mp3(3.6)[:-40], "mp3", 3.6),
    ],
)
def test_a_sound_is_known_and_measured(content: bytes, form: str, seconds: float) -> None:
    found = sound_rules.read(content)
    assert (found.content, found.format) == (content, form)
    assert found.seconds == pytest.approx(seconds)


@pytest.mark.parametrize(
    "head, length, each",
    [
        # MPEG 1, 128 kbit/s, 44.1 kHz, without padding and with it: 417 and 418 bytes.
        (b"\xff\xfb\x90\xc4", 417, 1152 / 44_100),
        (b"\xff\xfb\x92\xc4", 418, 1152 / 44_100),
        # MPEG 2, 64 kbit/s, 22.05 kHz; MPEG 2.5, 8 kbit/s, 8 kHz.
        (b"\xff\xf3\x80\xc4", 208, 576 / 22_050),
        (b"\xff\xe3\x18\xc4", 72, 576 / 8000),
    ],
)
def test_each_series_of_mp3_is_measured(head: bytes, length: int, each: float) -> None:
    """By the worked example of id3.org/mp3Frame (417 bytes), and the tables beside it."""
    assert sound_rules.read(frames(head, length)).seconds == pytest.approx(50 * each)


@pytest.mark.parametrize(
    "content, code",
    [
        (b"", "empty"),
        (wav(1) + bytes(LARGEST), "large"),
        (wav(21), "long"),
        (mp3(21), "long"),
        (b"\x00\x00\x00\x20ftypM4A " + bytes(100), "m4a"),
        (b"OggS" + bytes(100), "other"),
        (b"<html>" + bytes(100), "other"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "other"),
        # Layer II, a bitrate and a rate that do not exist: no frame.
        (frames(b"\xff\xfd\x90\xc4", 417), "other"),
        (frames(b"\xff\xfb\xf0\xc4", 417), "other"),
        (frames(b"\xff\xfb\x9c\xc4", 417), "other"),
        # They begin well.
        (FRAME * 3, "broken"),
        (mp3(1) + b"<script>alert(1)</script>", "broken"),
        (tag(5) + b"not a sound", "broken"),
        (b"ID3", "broken"),
        (wav(1)[:30], "broken"),
        (wav(0), "broken"),
        (b"RIFF\x00\x00\x00\x00WAVE" + mp3(1), "broken"),
        # 32-bit floats, which a phone line's wav is not.
        (wav(1)[:20] + struct.pack("<H", 3) + wav(1)[22:], "broken"),
    ],
)
def test_what_cannot_be_played_is_named(content: bytes, code: str) -> None:
    with pytest.raises(WrongSound) as wrong:
        sound_rules.read(content)
    assert wrong.value.code == code


def test_a_head_that_says_too_much_is_not_believed() -> None:
    """What is measured is what is there."""
    content = bytearray(wav(2))
    content[40:44] = struct.pack("<I", 10**9)
    assert sound_rules.read(bytes(content)).seconds == pytest.approx(2.0)


@pytest.mark.parametrize("make", [mp3, wav])
def test_twenty_seconds_fit(make: Callable[[float], bytes]) -> None:
    """The two limits agree: who keeps to the one keeps to the other, at a phone's quality."""
    assert sound_rules.read(make(19.9)).seconds == pytest.approx(19.9, abs=0.1)


def test_each_kind_of_message_about_a_meeting_has_its_occasion() -> None:
    assert set(recording_rules.OCCASION_OF) == set(rules.KINDS)
    assert set(recording_rules.OCCASION_OF.values()) == set(recording_rules.OCCASIONS)


def test_two_files_end_to_end_are_as_long_as_both() -> None:
    """A player goes on behind the second one's tag."""
    joined = mp3(1.0) + tag(0) + mp3(20.0)
    with pytest.raises(WrongSound, match=sound_rules.LONG):
        sound_rules.read(joined)


@pytest.mark.parametrize("channels, width, rate", [(3, 2, 8000), (1, 3, 8000), (1, 2, 1), (1, 2, 4_000_000)])
def test_a_wav_that_no_recorder_makes_is_not_played(channels: int, width: int, rate: int) -> None:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(bytes(channels * width * 8000))
    with pytest.raises(WrongSound, match=sound_rules.BROKEN):
        sound_rules.read(out.getvalue())


@pytest.mark.parametrize("make", [wav, mp3])
def test_nobody_says_anything_in_a_tenth_of_a_second(make: Callable[[float], bytes]) -> None:
    with pytest.raises(WrongSound, match=sound_rules.BROKEN):
        sound_rules.read(make(0.1))
