"""The bank of ready phrases: whole in every language, easy to read, stable."""

import hashlib

import pytest

from portal.languages import LANGUAGES
from portal.plan.forms import GOAL_MAX, STEP_MAX
from portal.wording import phrases
from portal.wording.phrases import Phrase, bank
from portal.wording.words import THEMES

FIRST_SWEDISH = "fe8e"
"""The beginning of the hash of every key with its Swedish, in version 1 of the bank: answers came with 2."""


def test_there_are_enough_of_every_kind() -> None:
    assert len(bank()) >= 60
    for kind in phrases.KINDS:
        assert sum(len(found) for found in phrases.offered(kind).values()) >= 10


def test_keys_and_swedish_texts_are_one_phrase_each() -> None:
    assert len({phrase.key for phrase in bank()}) == len(bank())
    assert len({phrase.swedish for phrase in bank()}) == len(bank())


@pytest.mark.parametrize("phrase", bank(), ids=lambda phrase: phrase.key)
def test_a_phrase_stands_in_every_language_and_its_script(phrase: Phrase) -> None:
    assert set(phrase.texts) == set(LANGUAGES)
    assert phrase.kind in phrases.KINDS
    assert phrase.theme in THEMES
    for code, text in phrase.texts.items():
        assert text.strip() == text
        assert 0 < len(text) <= min(GOAL_MAX, STEP_MAX)
        assert any("\u0600" <= sign <= "\u06ff" for sign in text) is (code == "ar")
    ends = {text.endswith(".") for text in phrase.texts.values()}
    assert ends == {phrase.kind in ("goal", "reply")}


def test_a_phrase_is_known_by_exactly_its_swedish() -> None:
    phrase = phrases.by_key("health-doctor")
    assert phrase is not None
    assert phrases.known("Gå till läkaren") == phrase
    assert phrases.known("Gå till läkaren i dag") is None
    assert phrase.text("ar") == "الذهاب إلى الطبيب"
    assert phrase.text("so") == "Gå till läkaren"
    assert phrases.by_key("nothing") is None


def test_what_is_retired_is_known_but_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    old = Phrase("old", "step", "work", {"sv": "Gammalt", "en": "Old"}, retired=True)
    monkeypatch.setattr(phrases, "bank", lambda: (*bank(), old))
    phrases._by_swedish.cache_clear()
    assert phrases.known("Gammalt") == old
    assert old not in [one for found in phrases.offered("step").values() for one in found]
    phrases._by_swedish.cache_clear()


def test_a_phrase_keeps_its_swedish_for_life() -> None:
    """Plans hold the Swedish: a reworded phrase is a new one with a new key, and the version rises."""
    first = sorted((one for one in bank() if one.kind != "reply"), key=lambda one: one.key)
    said = "\n".join(f"{phrase.key}={phrase.swedish}" for phrase in first)
    assert (phrases.version(), hashlib.sha256(said.encode()).hexdigest()[:4]) == (2, FIRST_SWEDISH)
