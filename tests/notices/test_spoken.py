"""What a voice says on the phone, and that it says no more than an SMS may to anybody."""

from datetime import UTC, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from portal.languages import LANGUAGES
from portal.messaging.gateways import twilio_calls
from portal.messaging.rules import BIDI_CONTROLS
from portal.messaging.voice_rules import VOICES
from portal.notices import rules, texts
from portal.notices.template_rules import NONE, Wordings
from tests.support.speaking import speaking_app

APP = speaking_app()
STOCKHOLM = ZoneInfo("Europe/Stockholm")
MEETING = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
OWN = {(rules.ONE_DAY, "sv"): "Välkommen {dag}, {datum}, klockan {tid}."}


def said(kind: str, code: str, starts_at: datetime = MEETING, own: Wordings = NONE) -> str:
    with APP.app_context():
        return texts.spoken(kind, starts_at, LANGUAGES[code], STOCKHOLM, own)


@pytest.mark.parametrize(
    "code, starts_at, told",
    [
        ("sv", MEETING, "Kom ihåg: Du har ett möte tisdag 24 november klockan 13 noll noll."),
        ("sv", LATER, "Kom ihåg: Du har ett möte tisdag 24 november klockan 13 och 30 minuter."),
        ("en", MEETING, "Remember: You have a meeting on Tuesday 24 November at 13 o'clock."),
        ("en", LATER, "Remember: You have a meeting on Tuesday 24 November at 30 minutes past 13."),
        ("ar", MEETING, "تذكير: لديك موعد الثلاثاء 24 نوفمبر الساعة 13 تمامًا."),
        ("ar", LATER, "تذكير: لديك موعد الثلاثاء 24 نوفمبر الساعة 13 و30 دقيقة."),
    ],
)
def test_day_and_time_as_one_says_them(code: str, starts_at: datetime, told: str) -> None:
    assert said(rules.ONE_DAY, code, starts_at) == told


@pytest.mark.parametrize("kind, code", list(product(rules.KINDS, LANGUAGES)))
def test_nothing_is_left_to_how_a_voice_reads_signs(kind: str, code: str) -> None:
    """S31: nor is there a name, a place or a link; and it fits in one request, said twice."""
    text = said(kind, code, LATER)
    assert not BIDI_CONTROLS & set(text)
    assert "13:30" not in text
    assert "13.30" not in text
    assert "stigen" not in text.casefold()
    assert len(twilio_calls.words(text, VOICES[code])) < twilio_calls.LONGEST_WORDS


def test_the_house_says_it_in_its_own_words() -> None:
    told = said(rules.ONE_DAY, "sv", LATER, OWN)
    assert told == "Välkommen tisdag 24 november, 24 november, klockan 13 och 30 minuter."
    assert said(rules.ONE_DAY, "en", MEETING, OWN).startswith("Remember")
    broken = {(rules.ONE_DAY, "sv"): "Välkommen {kl}."}
    assert said(rules.ONE_DAY, "sv", MEETING, broken).startswith("Kom ihåg")
