"""S17: what was typed is kept, secrets never."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.identity.signin import kept_rules
from portal.web import typed

GOAL = (("goal", "Jag vill bli kock"), ("csrf_token", "abc"), ("when", "2026-12-01"))


def test_the_token_is_left_out_and_the_rest_stays_in_order() -> None:
    assert kept_rules.keepable(GOAL) == (("goal", "Jag vill bli kock"), ("when", "2026-12-01"))


@pytest.mark.parametrize("name", sorted(typed.SECRETS))
def test_a_form_with_a_secret_is_not_kept(name: str) -> None:
    assert kept_rules.keepable((*GOAL, (name, "135790"))) is None


@pytest.mark.parametrize(
    "fields", [(), (("csrf_token", "abc"),), (("goal", "  "),), (("goal", "å" * 10_001),)]
)
def test_nothing_and_too_much_are_not_kept(fields: kept_rules.Fields) -> None:
    assert kept_rules.keepable(fields) is None


def test_ten_thousand_letters_are_kept() -> None:
    assert kept_rules.keepable((("goal", "a" * 10_000),)) is not None


@given(st.lists(st.tuples(st.text(max_size=10), st.text(max_size=50)), max_size=5))
def test_what_is_packed_comes_back(fields: list[tuple[str, str]]) -> None:
    kept = tuple(fields)
    assert kept_rules.unpacked(kept_rules.packed(kept)) == kept


def test_words_are_what_a_person_wrote() -> None:
    fields = (
        ("goal", " Jag vill bli kock "),
        ("step", "3f0d9d0e-7a44-4b0e-9f0c-0a9e1b1d2c3d"),
        ("answer", "talk"),
        ("note", "الحافلة متأخرة"),
    )
    assert kept_rules.words(fields) == ("Jag vill bli kock", "الحافلة متأخرة")
