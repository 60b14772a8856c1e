"""Codes as they are typed, attempts too many, and addresses that lead inside."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.identity.signin import rules

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
EXTENDED = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


@pytest.mark.parametrize(
    "typed",
    [
        "12345678",
        "1234 5678",
        "1234-5678",
        "1234–5678",
        " 1234.5678 ",
        "1 2 3 4 5 6 7 8",
        "12345678\n",
        "1234\u00a05678",
        "\u20661234 5678\u2069",
        "1234 5678".translate(ARABIC),
        "12345678".translate(EXTENDED),
    ],
)
def test_a_code_is_read_whatever_way_it_is_typed(typed: str) -> None:
    assert rules.digits(typed, 8) == "12345678"


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("", rules.NothingTyped),
        (" - ", rules.NothingTyped),
        ("1234567", rules.WrongLength),
        ("123456789", rules.WrongLength),
        ("9" * 10_000, rules.WrongLength),
        ("1234567a", rules.NotDigits),
        ("1234567²", rules.NotDigits),
        ("1234567\x00", rules.NotDigits),
        ("😀" * 8, rules.NotDigits),
        ("+1234567", rules.NotDigits),
    ],
)
def test_what_is_no_code_says_why(typed: str, wrong: type[rules.CodeError]) -> None:
    with pytest.raises(wrong) as caught:
        rules.digits(typed, 8)
    assert caught.value.code in {"empty", "length", "nonsense"}


@given(st.text(max_size=40))
def test_reading_a_code_gives_eight_western_digits_or_a_named_error(typed: str) -> None:
    try:
        read = rules.digits(typed, 8)
    except rules.CodeError:
        return
    assert len(read) == 8
    assert read.isascii()
    assert read.isdigit()


@given(st.integers(0, 10**8 - 1))
def test_what_is_shown_is_read_back(number: int) -> None:
    """S10: shown as 4+4."""
    code = rules.as_code(number)
    shown = rules.in_groups(code)
    assert [len(group) for group in shown.split(" ")] == [4, 4]
    assert rules.digits(shown, 8) == code
    assert int(code) == number


@pytest.mark.parametrize("number", [-1, 10**8])
def test_a_number_outside_the_codes_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        rules.as_code(number)


@pytest.mark.parametrize(
    ("passed", "left"), [(0.0, 60), (0.5, 60), (1.0, 59), (59.1, 1), (60.0, 0), (3600.0, 0), (-30.0, 60)]
)
def test_a_new_code_waits_a_minute_even_when_the_clock_is_set_back(passed: float, left: int) -> None:
    assert rules.seconds_until_resend(NOON, NOON + timedelta(seconds=passed)) == left


def test_a_period_ends_after_its_length_and_the_pin_limit_never() -> None:
    assert rules.CODE_GUESSES.over_since(NOON) == NOON - timedelta(days=1)
    assert rules.PIN_GUESSES.over_since(NOON) is None


def test_five_tries_for_a_pin_and_for_a_code() -> None:
    """S12, S13."""
    assert rules.PIN_GUESSES.most == rules.CODE_TRIES == 5


def test_guesses_a_day_keep_a_takeover_rarer_than_one_in_a_hundred_days() -> None:
    """S10: eight digits against 40,000 accounts."""
    assert 40_000 * rules.CODE_GUESSES.most * 100 < 10**rules.CODE_DIGITS


def test_no_counter_outlives_the_longest_period() -> None:
    """Old counters are removed by it, so none may need to live longer."""
    limits = [value for value in vars(rules).values() if isinstance(value, rules.Limit)]
    limits += [rules.codes_to(1), rules.codes_of(1)]
    assert len({limit.kind for limit in limits}) == len(limits) == 12
    assert all(limit.within is None or limit.within <= rules.LONGEST_PERIOD for limit in limits)


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("2001:db8:1:3::9", "2001:db8:1:3::"),
        ("fe80::1%eth0", "fe80::"),
        (None, "unknown"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_addresses_are_counted_by_household(address: str | None, counted_as: str) -> None:
    """S12: somebody with a whole /64 is one."""
    assert rules.network(address) == counted_as


@pytest.mark.parametrize("path", ["/", "/home", "/plan?step=2&x=å", "/check-in/1#top", "/meetings/?next=/a"])
def test_next_leads_inside(path: str) -> None:
    """S25."""
    assert rules.inside(path) == path


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "home",
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        "/\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "/ok\r\nSet-Cookie: a=b",
        "/a//evil.example",
        "//[evil",
        "/" + "a" * 500,
    ],
)
def test_next_never_leads_outside(address: str | None) -> None:
    """S25."""
    assert rules.inside(address) is None


@given(st.text(alphabet="/\\:@.ahtps?#\t\n []%", max_size=12))
def test_what_is_let_through_is_always_one_slash_and_then_no_slash(address: str) -> None:
    """S25."""
    found = rules.inside(address)
    if found is not None:
        assert found[0] == "/"
        assert found[1:2] not in {"/", "\\"}
        assert not set("\t\n \\") & set(found)
