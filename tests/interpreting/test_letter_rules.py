"""What the next e-mail to an agency says of an order, by what the agency knows of it."""

import pytest

from portal.interpreting.letter_rules import Mailed, Said, again, called_off, is_untold, news, rung_up

ORDER, PLACE = "arabic-at-9", "library"
ASKED = Said("new", ORDER, PLACE)
MOVED = ASKED._replace(kind="changed")
OFF = ASKED._replace(kind="off")
OTHER = "arabic-at-10"


@pytest.mark.parametrize(
    "state, knows, said",
    [
        ("asked", Said(), "new"),
        ("asked", ASKED, ""),
        ("asked", MOVED, ""),
        ("asked", ASKED._replace(order=OTHER), "changed"),
        ("asked", ASKED._replace(place=OTHER), "changed"),
        ("asked", OFF, "new"),
        ("cancelled", Said(), ""),
        ("cancelled", ASKED, "off"),
        ("cancelled", MOVED, "off"),
        ("cancelled", OFF, ""),
        ("assigned", Said(), ""),
        ("assigned", ASKED, "off"),
        ("assigned", OFF, ""),
        ("confirmed", ASKED, "off"),
    ],
)
def test_it_says_what_the_agency_does_not_know(state: str, knows: Said, said: str) -> None:
    assert news(state, False, knows, ORDER, PLACE, heard=False) == said


@pytest.mark.parametrize("state", ["assigned", "changed", "confirmed"])
@pytest.mark.parametrize(
    "knows, said", [(Said(), ""), (ASKED, ""), (ASKED._replace(order=OTHER), "changed"), (OFF, "new")]
)
def test_an_agency_that_sends_somebody_hears_of_changes_if_it_was_asked_by_e_mail(
    state: str, knows: Said, said: str
) -> None:
    assert news(state, True, knows, ORDER, PLACE, heard=False) == said


@pytest.mark.parametrize(
    "last, before, arrived, knows",
    [
        (ASKED, Said(), True, ASKED),
        (ASKED, Said(), False, Said()),
        # A change that never left: they know the first time, and must hear that it is off.
        (MOVED, ASKED, False, ASKED),
        (OFF, MOVED, False, MOVED),
        (Said(), OFF, True, OFF),
    ],
)
def test_an_agency_knows_what_the_last_e_mail_said_that_arrived(
    last: Said, before: Said, arrived: bool, knows: Said
) -> None:
    assert Mailed(last, before).knows(arrived) == knows


def test_what_never_arrived_counts_as_not_said() -> None:
    assert again(Mailed(ASKED)).knows(arrived=True) == Said()
    assert again(Mailed(MOVED, ASKED)).knows(arrived=True) == ASKED
    assert again(Mailed(OFF, ASKED)).knows(arrived=True) == ASKED


@pytest.mark.parametrize("mailed", [Mailed(ASKED), Mailed(MOVED, ASKED), Mailed(OFF, ASKED)])
def test_who_was_told_that_it_is_off_is_asked_anew_when_it_is_on(mailed: Mailed) -> None:
    back = called_off(mailed).knows(arrived=True)
    assert news("asked", False, back, ORDER, PLACE, heard=False) == "new"
    assert news("changed", True, back, ORDER, PLACE, heard=False) == "new"


def test_who_was_never_written_to_is_not_written_to_when_it_is_on_again() -> None:
    assert called_off(Mailed()) == Mailed()
    assert news("changed", True, Said(), ORDER, PLACE, heard=False) == ""


@pytest.mark.parametrize(
    "mailed", [Mailed(ASKED), Mailed(OFF, Said()), Mailed(Said(), OFF), Mailed(ASKED, OFF)]
)
@pytest.mark.parametrize("arrived", [True, False])
def test_an_agency_that_says_on_the_phone_who_comes_is_not_asked_again(mailed: Mailed, arrived: bool) -> None:
    knows = rung_up(mailed).knows(arrived)
    assert news("confirmed", True, knows, ORDER, PLACE, heard=False) == ""


def test_whoever_has_heard_that_it_is_off_is_not_written_to() -> None:
    for knows in (ASKED, MOVED):
        assert news("cancelled", True, knows, ORDER, PLACE, heard=True) == ""


@pytest.mark.parametrize(
    "knows, interpreter, by_agency, sure, untold",
    [
        (Said(), False, False, True, False),
        (Said(), True, False, True, True),
        (Said(), False, True, True, True),
        (ASKED, False, False, True, True),
        (MOVED, False, True, True, True),
        (OFF, False, True, True, False),
        (OFF, False, False, False, True),
        (OFF, True, False, True, True),
    ],
)
def test_who_is_still_to_be_told_that_an_order_is_off(
    knows: Said, interpreter: bool, by_agency: bool, sure: bool, untold: bool
) -> None:
    assert is_untold(knows, interpreter, by_agency, sure=sure) == untold


def test_a_place_that_cannot_be_said_now_is_no_other_place() -> None:
    assert not ASKED.differs(ORDER, "")
    assert ASKED._replace(place="").differs(ORDER, PLACE)


@pytest.mark.parametrize("mailed", [Mailed(), Mailed(ASKED), Mailed(OFF, MOVED), Mailed(Said(), OFF)])
def test_what_is_kept_is_read_again(mailed: Mailed) -> None:
    assert Mailed.of(mailed.kept) == mailed
    assert Mailed().kept == ""
