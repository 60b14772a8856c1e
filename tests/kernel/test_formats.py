"""Days, times and numbers as people say them, in each language."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask, g

from portal.config import Settings
from portal.web import formats, words
from tests.conftest import NOW, FrozenClock

Speak = Callable[[str], None]


@pytest.fixture
def speak(settings: Settings, frozen: FrozenClock) -> Iterator[Speak]:
    """Let the rest of the test speak this language."""
    small = Flask("small")
    small.secret_key = "k"
    from portal.app import ROOT

    words.install(small, ROOT / "translations", settings.leave_to)
    with ExitStack() as stack:

        def speaking(language: str) -> None:
            stack.enter_context(small.test_request_context())
            g.language = language

        yield speaking


@pytest.mark.parametrize(
    "language, day",
    [("sv", "tisdag 24 november"), ("en", "Tuesday 24 November"), ("ar", "الثلاثاء 24 نوفمبر")],
)
def test_a_day_of_this_year(speak: Speak, language: str, day: str) -> None:
    speak(language)
    assert formats.day_words(NOW) == day


def test_a_day_of_another_year_says_which(speak: Speak) -> None:
    speak("sv")
    assert formats.day_words(date(2027, 1, 4)) == "måndag 4 januari 2027"


@pytest.mark.parametrize("language, time", [("sv", "21.05"), ("en", "21:05"), ("ar", "21:05")])
def test_24_hours_in_every_language(speak: Speak, language: str, time: str) -> None:
    speak(language)
    assert formats.time_text(datetime(2026, 11, 24, 20, 5, tzinfo=UTC)) == time


def test_a_time_is_kept_in_one_piece(speak: Speak) -> None:
    speak("ar")
    assert formats.time_words(NOW) == '<bdi dir="ltr">09:00</bdi>'


def test_midnight_belongs_to_the_organisations_day(speak: Speak) -> None:
    speak("sv")
    assert formats.day_words(datetime(2026, 11, 24, 23, 30, tzinfo=UTC)) == "onsdag 25 november"


@pytest.mark.parametrize(
    "days, words",
    [(0, "i dag"), (1, "i morgon"), (-1, "i går"), (3, "om 3 dagar"), (-3, "för 3 dagar sedan")],
)
def test_how_far_away(speak: Speak, days: int, words: str) -> None:
    speak("sv")
    assert formats.in_days(NOW + timedelta(days=days)) == words


def test_tomorrow_is_tomorrow_though_it_is_an_hour_away(speak: Speak, frozen: FrozenClock) -> None:
    speak("sv")
    frozen.moment = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    assert formats.in_days(datetime(2026, 11, 24, 23, 30, tzinfo=UTC)) == "i morgon"


@pytest.mark.parametrize(
    "stored, shown",
    [
        ("+46701740605", "070-174 06 05"),
        ("+4740612345", "+47 40 61 23 45"),
        ("010-123 45 67", "010-123 45 67"),
        ("växeln", "växeln"),
    ],
)
def test_phone_numbers_as_they_are_written_here(stored: str, shown: str) -> None:
    assert formats.phone_text(stored) == shown


def test_the_decimal_mark_is_the_languages_own(speak: Speak) -> None:
    speak("sv")
    assert "20,8" in formats.number(20.75)


def test_daytime_escapes_and_keeps_its_parts(speak: Speak) -> None:
    speak("sv")
    assert formats.daytime(NOW) == 'tisdag 24 november klockan <bdi dir="ltr">09.00</bdi>'
