"""A reminder says that one can answer yes: from a number alone, in one's own language, at no further cost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.config import ELKS, TWILIO, Settings
from portal.languages import LANGUAGES
from portal.messaging.rules import YES as MEANS_YES
from portal.messaging.rules import length
from portal.notices import answer_words, rules, texts
from portal.reminders.reply_rules import meaning
from tests.support.speaking import speaking_app

APP = speaking_app()
STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAYS = [datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=number) for number in range(366)]
NUMBER = {"sms_provider": TWILIO, "twilio_sender": "+46701740605"}


@pytest.fixture(autouse=True)
def context(settings: Settings) -> Iterator[None]:
    APP.config["STIGEN"] = settings
    with APP.app_context():
        yield
    del APP.config["STIGEN"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_word_of_each_language_is_a_yes_and_stands_in_its_sentence(code: str) -> None:
    assert meaning(answer_words.YES[code]) == MEANS_YES
    assert answer_words.YES[code] in answer_words.ask_for_yes(LANGUAGES[code])


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("kind", rules.REMINDERS)
def test_no_reminder_of_the_year_takes_a_part_more_and_each_asks(code: str, kind: str) -> None:
    language = LANGUAGES[code]
    for day in DAYS:
        plain = texts.text(kind, day, language, STOCKHOLM)
        asks = texts.text(kind, day, language, STOCKHOLM, invites=True)
        assert asks == f"{plain} {answer_words.ask_for_yes(language)}"
        assert length(asks).parts == length(plain).parts == 1
        assert length(asks).ucs2 == language.ucs2


@pytest.mark.parametrize("code", LANGUAGES)
def test_it_is_left_out_where_it_would_cost_a_part(code: str) -> None:
    """However long the place is that somebody has chosen to read."""
    language = LANGUAGES[code]
    parts = []
    for many in range(1, 120):
        more = rules.More(place="x" * many)
        plain = texts.text(rules.ONE_DAY, DAYS[0], language, STOCKHOLM, more)
        asks = texts.text(rules.ONE_DAY, DAYS[0], language, STOCKHOLM, more, invites=True)
        assert length(asks).parts == length(plain).parts
        parts.append(asks != plain)
    assert any(before and not after for before, after in pairwise(parts))


def test_the_houses_own_words_stand_as_they_are() -> None:
    own = {(rules.ONE_DAY, "sv"): "Vi ses {dag} {tid}."}
    said = texts.text(rules.ONE_DAY, DAYS[0], LANGUAGES["sv"], STOCKHOLM, own=own, invites=True)
    assert said == "Vi ses torsdag 1 januari 13.00."


def test_only_a_reminder_without_a_yes_asks_for_one() -> None:
    for kind in rules.WORDED:
        assert answer_words.invites(kind, "") == (kind in rules.REMINDERS)
        assert not answer_words.invites(kind, "", confirmed=True)


@pytest.mark.parametrize(
    ("values", "chosen", "answered"),
    [
        ({}, "", True),
        (NUMBER, "", True),
        ({**NUMBER, "twilio_sender": "Portalen"}, "", False),
        ({**NUMBER, "twilio_sender": "MG" + "0" * 32}, "", False),
        ({**NUMBER, "elks_sender": "Portalen"}, ELKS, False),
        ({**NUMBER, "elks_sender": ""}, ELKS, True),
        ({"sms_provider": ELKS, "elks_sender": "Portalen", "twilio_sender": "+46701740605"}, TWILIO, True),
    ],
)
def test_only_a_number_can_be_answered(
    settings: Settings, values: dict[str, str], chosen: str, answered: bool
) -> None:
    """The demo's phones answer; an organisation's choice counts where it is set up."""
    changed: dict[str, Any] = values
    APP.config["STIGEN"] = replace(settings, **changed)
    assert answer_words.can_be_answered(chosen) == answered
