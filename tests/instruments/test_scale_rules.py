"""Cut-offs by age, reliable change, and what a talk needs to know: the rules of the licensed scales."""

import pytest

from portal.instruments import scale_rules
from portal.instruments.scale_rules import AgeBand, Norms, Standing, asked, classify, norms, signal, standing
from portal.organisation.rules import Rules

ADULT = Norms("adult", 250, 50, 3, 10)
SRS = Norms("adult", 360, 50, 3, 10)
BANDS: tuple[AgeBand, ...] = ("adult", "youth")


def test_the_figures_in_common_use_are_the_defaults() -> None:
    assert norms(Rules(), "ors", "adult") == Norms("adult", 250, 50, 3, 10)
    assert norms(Rules(), "ors", "youth").cut_off == 280
    assert {norms(Rules(), "srs", band).cut_off for band in BANDS} == {360}


def test_every_value_is_a_setting() -> None:
    set_otherwise = Rules(
        ors_cut_off_youth=27.5, reliable_change=6.0, no_change_talks=4, srs_slip=1.5, srs_cut_off_adult=35.0
    )
    assert norms(set_otherwise, "ors", "youth") == Norms("youth", 275, 60, 4, 15)
    assert norms(set_otherwise, "srs", "adult").cut_off == 350


@pytest.mark.parametrize(
    "baseline, last, outcome, apart",
    [
        (200, 250, "significant", False),
        (200, 249, "unchanged", False),
        (180, 240, "improved", False),
        (249, 299, "significant", False),
        (249, 298, "unchanged", False),
        (200, 150, "deteriorated", False),
        (200, 151, "unchanged", False),
        (250, 300, "improved", True),
        (250, 200, "deteriorated", True),
        (400, 351, "unchanged", True),
    ],
)
def test_the_last_against_the_first(baseline: int, last: int, outcome: str, apart: bool) -> None:
    change = classify(baseline, last, ADULT)
    assert (change.outcome, change.apart, change.by) == (outcome, apart, last - baseline)
    assert change.norms == ADULT


@pytest.mark.parametrize(
    "totals, code",
    [
        ([200], "first"),
        ([200, 150], "down_last"),
        ([200, 151], None),
        ([240, 215, 190], "down_first"),
        ([200, 300, 245], "down_last"),
        ([200, 210, 205], None),
        ([200, 210, 205, 200], "unchanged"),
        ([200, 210, 205, 250], None),
        ([300, 300, 300, 300], "unchanged"),
        ([200, None, 210, None, 205], None),
    ],
)
def test_before_the_talk(totals: list[int | None], code: str | None) -> None:
    found = standing(totals)
    assert found is not None
    said = signal("before", found, ADULT)
    assert (said.code if said else None) == code


@pytest.mark.parametrize(
    "totals, told",
    [
        ([360], ("first", 0)),
        ([359], ("low", 0)),
        ([380, 371], None),
        ([380, 370], ("slip", 10)),
        ([370, 340], ("low", 30)),
        ([368, 359], ("low", 0)),
        ([340, 350], ("low", 0)),
    ],
)
def test_after_the_talk(totals: list[int | None], told: tuple[str, int] | None) -> None:
    found = standing(totals)
    assert found is not None
    said = signal("after", found, SRS)
    assert ((said.code, said.by) if said else None) == told


def test_a_signal_tells_how_much_and_how_long() -> None:
    down = signal("before", Standing(138, 200, 200, 2), ADULT)
    same = signal("before", Standing(200, 201, 199, 5), ADULT)
    first = signal("before", Standing(200, None, 200, 1), ADULT)
    assert down is not None
    assert same is not None
    assert first is not None
    assert (down.by, down.now, down.alarms) == (62, 138, True)
    assert (same.talks, same.alarms) == (4, True)
    assert not first.alarms


@pytest.mark.parametrize("totals", [[], [None], [200, None]])
def test_nothing_is_said_of_a_total_that_is_not_there(totals: list[int | None]) -> None:
    assert standing(totals) is None


@pytest.mark.parametrize(
    "given, missing",
    [([], False), ([False], False), ([True, False], False), ([True, False, False], True)],
)
def test_missing_twice_in_a_row(given: list[bool], missing: bool) -> None:
    assert scale_rules.missing_in_a_row(given) == missing


@pytest.mark.parametrize(
    "way, sendable, key",
    [
        ("own", {"ors"}, "before"),
        ("digital", {"ors"}, "ors"),
        ("digital", {"srs"}, "before"),
        ("digital", set(), "before"),
        ("paper", {"ors"}, None),
    ],
)
def test_what_a_phone_asks(way: str, sendable: set[str], key: str | None) -> None:
    """Without a licence our own questions are asked, so that nobody is left without."""
    assert asked(Rules(before_with=way), "before", sendable) == key


def test_the_scales_in_use() -> None:
    assert scale_rules.in_use(Rules()) == ()
    assert scale_rules.in_use(Rules(before_with="paper", after_with="digital")) == ("ors", "srs")
