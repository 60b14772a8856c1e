"""How far a translation has come, and what may be translated from Swedish at all."""

import pytest

from portal.wording.rules import Shown, in_latin_letters, state_of, written_in


@pytest.mark.parametrize(
    ("stored", "same", "state"),
    [
        (None, False, "none"),
        ("draft", True, "draft"),
        ("draft", False, "draft"),
        ("confirmed", True, "confirmed"),
        ("confirmed", False, "outdated"),
    ],
)
def test_a_confirmed_translation_is_outdated_once_the_swedish_is_another(
    stored: str | None, same: bool, state: str
) -> None:
    assert state_of(stored, b"a" if stored else None, b"a" if same else b"b") == state


@pytest.mark.parametrize(
    ("state", "standing", "former"),
    [("none", "", ""), ("draft", "", ""), ("confirmed", "x", ""), ("outdated", "", "x")],
)
def test_what_was_confirmed_for_other_words_never_stands_for_these(
    state: str, standing: str, former: str
) -> None:
    shown = Shown("x", state)
    assert (shown.standing, shown.former) == (standing, former)


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("Ring skolan", True),
        ("أريد أن أعمل", False),
        ("Möte på Jobbtorget (العربية)", True),
        ("12.00", False),
        ("", False),
    ],
)
def test_what_is_written_in_another_script_is_not_translated_from_swedish(text: str, latin: bool) -> None:
    assert in_latin_letters(text) is latin


@pytest.mark.parametrize(
    ("chosen", "text", "own", "found"),
    [
        ("ar", "متى نلتقي؟", "ar", "ar"),
        ("sv", "När ses vi?", "ar", "sv"),
        # The form stood at Arabic, the letters say otherwise; and the other way round.
        ("ar", "När ses vi?", "ar", "sv"),
        ("sv", "متى نلتقي؟", "ar", "ar"),
        # Between languages of the same letters nothing but the choice can tell.
        ("en", "When do we meet?", "en", "en"),
        ("sv", "När ses vi?", "en", "sv"),
        # No letters, and letters that neither of the two languages has: as chosen.
        ("ar", "070-174 06 05", "ar", "ar"),
        ("sv", "👍", "ar", "sv"),
        ("sv", "Когда?", "en", "sv"),
    ],
)
def test_the_letters_decide_where_the_choice_cannot_be_meant(
    chosen: str, text: str, own: str, found: str
) -> None:
    assert written_in(chosen, text, own) == found
