"""Hard words are found where they stand and explained in both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.wording import glossary
from portal.wording.glossary import hard_words

LANGUAGES = ("sv", "en", "ar")
NEEDED = (
    "aktivitetsersättning",
    "samtycke",
    "genomförandeplan",
    "praktik",
    "arbetsträning",
    "handlingsplan",
    "sjukpenning",
    "etableringsersättning",
    "försörjningsstöd",
    "SIP",
    "kartläggning",
)


def test_every_term_has_every_language_and_one_meaning() -> None:
    assert len(glossary.terms()) >= 15
    for term in glossary.terms():
        assert set(term.meanings) == set(LANGUAGES)
        for meaning in term.meanings.values():
            assert meaning.word.strip() == meaning.word != ""
            assert meaning.sentence.endswith(".")


@pytest.mark.parametrize("word", NEEDED)
def test_the_words_people_met_are_there(word: str) -> None:
    (found,) = hard_words(f"Prata om {word} med Karin", "sv")
    assert found.written == word


def test_no_form_belongs_to_two_terms() -> None:
    forms = [form.lower() for term in glossary.terms() for form in term.forms]
    assert len(forms) == len(set(forms))


def test_arabic_meanings_are_written_in_arabic_and_the_others_are_not() -> None:
    for term in glossary.terms():
        assert any("\u0600" <= letter <= "\u06ff" for letter in term.meanings["ar"].sentence)
        for code in ("sv", "en"):
            assert not any("\u0600" <= letter <= "\u06ff" for letter in term.meanings[code].sentence)


@pytest.mark.parametrize("term", glossary.terms(), ids=lambda term: term.forms[0])
def test_swedish_sentences_are_short(term: glossary.Term) -> None:
    for sentence in term.meanings["sv"].sentence.rstrip(".").split(". "):
        assert len(sentence.split()) <= 18


def test_a_reader_of_arabic_gets_arabic_then_swedish() -> None:
    (found,) = hard_words("Praktiken i skolköket", "ar")
    assert found.written == "Praktiken"
    assert [meaning.language for meaning in found.meanings] == ["ar", "sv"]


def test_a_reader_of_swedish_gets_one_sentence() -> None:
    (found,) = hard_words("Ansök om SJUKPENNING", "sv")
    assert [meaning.language for meaning in found.meanings] == ["sv"]


def test_an_unknown_language_falls_back_to_swedish() -> None:
    (found,) = hard_words("samtycke", "so")
    assert [meaning.language for meaning in found.meanings] == ["sv"]


@pytest.mark.parametrize(
    "text",
    [
        "Inga svåra ord här",
        "praktikant",  # part of another word
        "Bo i Sipoo",
        "Ta en sip kaffe",  # an abbreviation matches in capitals only
        "",
    ],
)
def test_what_is_no_hard_word_is_left_alone(text: str) -> None:
    assert hard_words(text, "sv") == ()


def test_each_word_once_in_the_order_of_the_text() -> None:
    found = hard_words("SIP-möte om praktik, sedan praktiken och kartläggning.", "sv")
    assert [word.written for word in found] == ["SIP-möte", "praktik", "kartläggning"]


def test_odd_letters_that_fold_to_ours_do_no_harm() -> None:
    found = hard_words("\u017famtycke och PRAKTI\u212a", "en")
    assert [word.meanings[1].word for word in found] == ["samtycke", "praktik"]


@given(st.text(max_size=80), st.sampled_from([*LANGUAGES, "xx"]))
def test_any_text_can_be_searched(text: str, language: str) -> None:
    for word in hard_words(text, language):
        assert word.written in text
        assert word.meanings


@given(st.sampled_from([form for term in glossary.terms() for form in term.forms]))
def test_every_form_is_found_with_marks_around_it(form: str) -> None:
    (found,) = hard_words(f"({form}), då", "sv")
    assert found.written == form
