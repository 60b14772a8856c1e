"""PINs that others try first are refused, each with its reason; nearly all others are free."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.identity.signin import pin_rules


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("000000", pin_rules.SameDigit),
        ("777777", pin_rules.SameDigit),
        ("123456", pin_rules.InARow),
        ("012345", pin_rules.InARow),
        ("567890", pin_rules.InARow),
        ("654321", pin_rules.InARow),
        ("987654", pin_rules.InARow),
        ("121212", pin_rules.Repeated),
        ("123123", pin_rules.Repeated),
        ("850312", pin_rules.LooksLikeADay),
        ("120385", pin_rules.LooksLikeADay),
        ("000229", pin_rules.LooksLikeADay),
        ("234567", pin_rules.InARow),
        ("345671", pin_rules.PartOfTheNumber),
    ],
)
def test_a_weak_pin_says_why(pin: str, why: type[pin_rules.WeakPin]) -> None:
    """S13: five tries are enough only where the first five guesses are not right."""
    with pytest.raises(why):
        pin_rules.check(pin, phone="+46703456719")


@pytest.mark.parametrize("pin", ["135790", "847361", "990230", "402957"])
def test_other_pins_are_free(pin: str) -> None:
    pin_rules.check(pin, phone="+46701234567")


def test_most_pins_are_free() -> None:
    """A refusal must be rare for somebody who chooses at random."""
    dice = random.Random(1)
    refused = 0
    for _ in range(5_000):
        try:
            pin_rules.check(f"{dice.randrange(10**6):06d}")
        except pin_rules.WeakPin:
            refused += 1
    assert refused < 500


@given(st.integers(0, 10**6 - 1))
def test_every_pin_is_either_free_or_refused_for_a_reason_we_have_words_for(number: int) -> None:
    codes = {kind.code for kind in pin_rules.WeakPin.__subclasses__()}
    try:
        pin_rules.check(f"{number:06d}", phone="+46701234567")
        code = None
    except pin_rules.WeakPin as weak:
        code = weak.code
    assert code is None or code in codes
