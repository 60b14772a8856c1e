"""What the next e-mail to an agency says of an order, by what the last one said and where it is."""

import pytest

from portal.interpreting.letter_rules import AFRESH, Said, back, news

ORDER, PLACE = "arabic-at-9", "library"
ASKED = Said("new", ORDER, PLACE)
OTHER = "arabic-at-10"


@pytest.mark.parametrize(
    "state, last, arrived, said",
    [
        ("asked", Said(), False, "new"),
        ("asked", ASKED, True, ""),
        ("asked", ASKED, False, "new"),
        ("asked", ASKED._replace(order=OTHER), True, "changed"),
        ("asked", ASKED._replace(place=OTHER), True, "changed"),
        ("asked", ASKED._replace(kind="changed"), True, ""),
        ("asked", ASKED._replace(kind="changed"), False, "changed"),
        ("asked", Said("off", ORDER, PLACE), True, "new"),
        ("asked", Said("off", ORDER, PLACE), False, "changed"),
        ("asked", Said(AFRESH), True, "new"),
        ("asked", Said(AFRESH), False, "new"),
        ("cancelled", Said(), False, ""),
        ("cancelled", ASKED, True, "off"),
        ("cancelled", ASKED, False, ""),
        ("cancelled", ASKED._replace(kind="changed"), False, "off"),
        ("cancelled", Said("off"), True, ""),
        ("cancelled", Said("off"), False, "off"),
        ("cancelled", Said(AFRESH), True, ""),
        ("assigned", Said(), False, ""),
        ("assigned", ASKED, True, "off"),
        ("confirmed", ASKED, True, "off"),
    ],
)
def test_it_says_what_the_agency_does_not_know(state: str, last: Said, arrived: bool, said: str) -> None:
    assert news(state, False, last, ORDER, PLACE, arrived=arrived, heard=False) == said


@pytest.mark.parametrize("state", ["assigned", "changed", "confirmed"])
@pytest.mark.parametrize(
    "last, said",
    [
        (Said(), ""),
        (ASKED, ""),
        (ASKED._replace(order=OTHER), "changed"),
        (Said(AFRESH), ""),
        (Said("off", ORDER, PLACE), "new"),
    ],
)
def test_an_agency_that_sends_somebody_hears_of_changes_if_it_was_asked_by_e_mail(
    state: str, last: Said, said: str
) -> None:
    assert news(state, True, last, ORDER, PLACE, arrived=True, heard=False) == said


def test_a_place_that_cannot_be_said_now_is_no_other_place() -> None:
    assert not ASKED.differs(ORDER, "")
    assert ASKED._replace(place="").differs(ORDER, PLACE)


@pytest.mark.parametrize("last", [ASKED, ASKED._replace(kind="changed")])
def test_whoever_has_heard_that_it_is_off_is_not_written_to_and_begins_afresh(last: Said) -> None:
    assert news("cancelled", True, last, ORDER, PLACE, arrived=True, heard=True) == ""
    assert back(last, told=True) == Said(AFRESH)
    assert back(last, told=False) == last
    assert back(Said("off", ORDER), told=True) == Said("off", ORDER)


def test_what_is_kept_is_read_again() -> None:
    assert Said.of(ASKED.kept) == ASKED
    assert Said.of("") == Said()
