"""What an answer by SMS means: forgiven in its spelling, never guessed from a sentence."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.languages import LANGUAGES
from portal.messaging.rules import ANSWERS, CANCEL, CODE, OTHER, START, STOP, YES
from portal.reminders import reply_rules as rules
from portal.reminders.reply_rules import Opening, digits, meaning, one_slip, opens

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
KNOWN = [(word, means) for said in rules.WORDS.values() for means, words in said.items() for word in words]
DIGITS = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == "Nd"]
LETTERS = st.characters(categories=["Ll", "Lu"])


def test_every_language_of_the_portal_has_its_words() -> None:
    assert rules.WORDS.keys() == LANGUAGES.keys()
    for said in rules.WORDS.values():
        assert said.keys() == {YES, CANCEL, STOP, START}


def test_no_word_means_two_things() -> None:
    assert len({(rules._bare(word), means) for word, means in KNOWN}) == len(
        {rules._bare(word) for word, _ in KNOWN}
    )


@pytest.mark.parametrize(
    "text, means",
    [
        ("JA", YES),
        (" ja. ", YES),
        ("Ja!!", YES),
        ("J a", YES),
        ("já", YES),
        ("ＪＡ", YES),
        ("ja tack", YES),
        ("Ja 😊", YES),
        ("Yes", YES),
        ("نعم", YES),
        ("نَعَم.", YES),
        ("👍", YES),
        ("👍🏽👍", YES),
        ("avboka", CANCEL),
        ("AVBOKA.", CANCEL),
        ("av boka", CANCEL),
        ("Avbåka", CANCEL),
        ("avbok", CANCEL),
        ("avbkoa", CANCEL),
        ("avbooka", CANCEL),
        ("الغاء", CANCEL),
        ("STOPP", STOP),
        ("stop", STOP),
        ("Stoppp", STOP),
        ("Stpop", STOP),
        ("توقف", STOP),
        ("start", START),
        ("stopa", STOP),
        ("ابدأ", START),
        ("1234", CODE),
        ("12 34.", CODE),
        ("١٢٣٤", CODE),
    ],
)
def test_what_is_meant_is_understood(text: str, means: str) -> None:
    assert meaning(text) == means


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "Jag kan inte, ja det blev fel",
        "ja men jag kommer senare",
        "Ja?",
        "ja 👎",
        "nja",
        "jag",
        "Topp!",
        "stor",
        "star",
        "smart",
        "slutat",
        "Kan jag avboka?",
        "avboka inte",
        "12345",
        "123",
        "klockan 1234",
        "CANCEL",
        "👎",
        "👍🏠",
        "nej",
        "hej",
        "\x00",
    ],
)
def test_everything_else_is_for_a_person_to_read(text: str) -> None:
    assert meaning(text) == OTHER


@given(st.sampled_from(KNOWN), st.lists(st.sampled_from(" .,!-\n\u200f\u00a0"), max_size=4), st.booleans())
def test_case_dots_and_spaces_are_forgiven(known: tuple[str, str], around: list[str], upper: bool) -> None:
    word, means = known
    half = len(around) // 2
    text = "".join(around[:half]) + (word.upper() if upper else word.title()) + "".join(around[half:])
    assert meaning(text) == means


@given(st.sampled_from([word for word, _ in KNOWN]), st.sampled_from([" inte idag", " men", " eller hur då"]))
def test_a_sentence_that_contains_a_word_is_for_a_person(word: str, more: str) -> None:
    assert meaning(word + more) == OTHER


@given(st.lists(st.sampled_from(DIGITS), min_size=4, max_size=4))
def test_four_digits_of_any_script_are_a_code(signs: list[str]) -> None:
    text = "".join(signs)
    assert meaning(text) == CODE
    assert digits(text) == "".join(str(unicodedata.decimal(sign)) for sign in signs)


@given(st.text(max_size=60))
def test_anything_has_a_meaning(text: str) -> None:
    assert meaning(text) in ANSWERS


@given(st.text(LETTERS, min_size=1, max_size=8), st.data())
def test_one_slip_is_one_slip(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    sign = data.draw(LETTERS.filter(lambda one: one != word[place]))
    wrong, missing, more = (
        word[:place] + sign + word[place + 1 :],
        word[:place] + word[place + 1 :],
        word[:place] + sign + word[place:],
    )
    for written in (wrong, missing, more):
        assert one_slip(word, written)
        assert one_slip(written, word)
    assert not one_slip(word, word)
    assert not one_slip(word, more + sign)


@pytest.mark.parametrize(
    "sent, came_after, works",
    [
        (Opening(NOW + rules.CODE_LIVES, 0, False), timedelta(minutes=29), True),
        (Opening(NOW + rules.CODE_LIVES, 2, False), timedelta(0), True),
        (Opening(NOW + rules.CODE_LIVES, 3, False), timedelta(0), False),
        (Opening(NOW + rules.CODE_LIVES, 0, False), timedelta(minutes=30), False),
        (Opening(NOW + rules.CODE_LIVES, 0, True), timedelta(0), False),
    ],
)
def test_digits_work_for_half_an_hour_once_and_for_three_tries(
    sent: Opening, came_after: timedelta, works: bool
) -> None:
    assert opens(sent, NOW + came_after) is works
