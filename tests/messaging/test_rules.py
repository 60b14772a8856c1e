"""Phone numbers, SMS length, direction of text, and states, without a database."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.messaging import rules

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "typed",
    [
        "070-123 45 67",
        "0701234567",
        "+46 70 123 45 67",
        "+46 (0)70 123 45 67",
        "+46701234567",
        "0046701234567",
        "0046 70 1234567",
        "46701234567",
        "701234567",
        "  070 – 123 45 67 ",
        "070/123.45.67",
        "٠٧٠١٢٣٤٥٦٧",
        "٠٧٠-١٢٣ ٤٥ ٦٧",
        "۰۷۰ ۱۲۳ ۴۵ ۶۷",
        "+٤٦٧٠١٢٣٤٥٦٧",
        "\u2066070-123 45 67\u2069",
        "\u200f0701234567",
        "070\u00a0123\u00a045\u00a067",
        "０７０１２３４５６７",
    ],
)
def test_every_way_of_typing_one_number_gives_the_same(typed: str) -> None:
    assert rules.normalise(typed) == "+46701234567"


@pytest.mark.parametrize(
    "typed, wrong",
    [
        ("", rules.NoNumber),
        ("   ", rules.NoNumber),
        ("\u200f", rules.NoNumber),
        ("hej", rules.NotANumber),
        ("070-123 45 6x", rules.NotANumber),
        ("0701234567 ext 4", rules.NotANumber),
        ("070+1234567", rules.NotANumber),
        ("070\x001234567", rules.NotANumber),
        ("070😀", rules.NotANumber),
        ("²³", rules.NotANumber),
        ("+", rules.NotANumber),
        ("+999 12345", rules.NotANumber),
        ("0711234567", rules.NotANumber),
        ("070-123", rules.TooShort),
        ("070-123 45 6", rules.TooShort),
        ("070-123 45 678", rules.TooLong),
        ("112", rules.TooShort),
        ("00", rules.TooShort),
        ("0701234567890123", rules.TooLong),
        ("0" * 10_000, rules.TooLong),
        ("08-123 456 78", rules.Landline),
        ("010-123 45 67", rules.Landline),
        ("020-12 34 56", rules.Landline),
        ("+47 406 12 345", rules.Foreign),
        ("+1 212 555 0100", rules.Foreign),
    ],
)
def test_each_wrong_number_says_its_own_reason(typed: str, wrong: type[rules.PhoneError]) -> None:
    with pytest.raises(rules.PhoneError) as told:
        rules.normalise(typed)
    assert type(told.value) is wrong


def test_foreign_mobiles_work_where_they_are_allowed() -> None:
    assert rules.normalise("+47 406 12 345", allow_foreign=True) == "+4740612345"
    assert rules.normalise("070-123 45 67", allow_foreign=True) == "+46701234567"
    with pytest.raises(rules.Landline):
        rules.normalise("+47 21 49 99 99", allow_foreign=True)


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_a_named_error(typed: str) -> None:
    try:
        number = rules.normalise(typed)
    except rules.PhoneError:
        return
    assert number.startswith("+467")
    assert rules.normalise(number) == number


@given(st.integers(min_value=0, max_value=9_999_999), st.sampled_from(["070", "072", "073", "076", "079"]))
def test_a_swedish_mobile_comes_out_the_same_in_every_form(rest: int, series: str) -> None:
    national = f"{series}{rest:07d}"
    arabic = national.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    try:
        number = rules.normalise(national)
    except rules.NotANumber:
        return
    assert number == "+46" + national[1:]
    for typed in (arabic, "+46" + national[1:], "0046 " + national[1:], f"{national[:3]}-{national[3:]}"):
        assert rules.normalise(typed) == number


def test_the_gsm_alphabet_has_all_its_signs() -> None:
    assert len(rules.GSM_BASIC) == 127
    assert len(rules.GSM_EXTENSION) == 10
    assert not rules.GSM_BASIC & rules.GSM_EXTENSION


@pytest.mark.parametrize(
    "text, ucs2, units, parts",
    [
        ("", False, 0, 1),
        ("Möte på fredag åt dig", False, 21, 1),
        ("a" * 160, False, 160, 1),
        ("a" * 161, False, 161, 2),
        ("a" * 306, False, 306, 2),
        ("a" * 307, False, 307, 3),
        ("€" * 80, False, 160, 1),
        ("€" * 81, False, 162, 2),
        ("a" * 152 + "€" + "a" * 152, False, 306, 3),
        ("8–20", True, 4, 1),
        ("”hej”", True, 5, 1),
        ("ç", True, 1, 1),
        ("Ç", False, 1, 1),
        ("م" * 70, True, 70, 1),
        ("م" * 71, True, 71, 2),
        ("م" * 134, True, 134, 2),
        ("م" * 135, True, 135, 3),
        ("😀" * 35, True, 70, 1),
        ("م" * 66 + "😀" + "م" * 66, True, 134, 3),
    ],
)
def test_length_of_known_texts(text: str, ucs2: bool, units: int, parts: int) -> None:
    assert rules.length(text) == rules.Length(ucs2, units, parts)


_gsm = st.text(st.sampled_from(sorted(rules.GSM_BASIC | rules.GSM_EXTENSION)), max_size=700)


@given(_gsm)
def test_parts_of_gsm_text_lie_between_their_bounds(text: str) -> None:
    found = rules.length(text)
    septets = len(text) + sum(text.count(sign) for sign in rules.GSM_EXTENSION)
    assert not found.ucs2
    assert found.units == septets
    assert (found.parts == 1) == (septets <= 160)
    if septets > 160:
        assert math.ceil(septets / 153) <= found.parts <= math.ceil(septets / 152)


@given(st.text(max_size=400))
def test_units_of_other_text_are_its_utf16_units(text: str) -> None:
    found = rules.length(text + "م")
    units = len((text + "م").encode("utf-16-le", "surrogatepass")) // 2
    assert found.ucs2
    assert found.units == units
    assert (found.parts == 1) == (units <= 70)
    if units > 70:
        assert math.ceil(units / 67) <= found.parts <= math.ceil(units / 66)


@given(_gsm, _gsm)
def test_a_longer_text_never_takes_fewer_parts(first: str, more: str) -> None:
    assert rules.length(first).parts <= rules.length(first + more).parts


@given(st.text(max_size=80))
def test_a_value_can_neither_split_nor_turn_a_message(value: str) -> None:
    """S28: no line break, no control, no direction mark is left of what somebody typed."""
    line = rules.one_line(value)
    assert line.splitlines() in ([], [line])
    assert not set(line) & rules.BIDI_CONTROLS
    assert "\x00" not in line
    assert rules.one_line(line) == line


def test_a_time_is_isolated_in_right_to_left_text() -> None:
    """S28: what is inside cannot close the isolation early."""
    assert rules.isolate("13.00") == "\u206613.00\u2069"
    assert rules.isolate("13\u2069.00\u202e\r\n") == "\u206613.00\u2069"


@given(
    st.sampled_from([rules.DELIVERED, rules.FAILED, rules.EXPIRED, rules.CANCELLED]),
    st.sampled_from(rules.STATES),
)
def test_a_final_state_goes_nowhere(final: str, other: str) -> None:
    """S26."""
    assert not rules.may_become(final, other)


@given(st.lists(st.sampled_from(rules.STATES), max_size=12))
def test_receipts_in_any_order_never_bring_an_unknown_message_back_to_the_queue(told: list[str]) -> None:
    """S26, S53: once unknown, a message can only be sent, delivered or failed, and never go backwards."""
    rank = {"unknown": 0, "sent": 1, "delivered": 2, "failed": 2}
    state = rules.UNKNOWN
    for new in told:
        before = state
        state = new if rules.may_become(state, new) else state
        assert rank[state] >= rank[before]


def test_waits_double_and_stop_at_five_minutes() -> None:
    waits = [rules.wait_before_retry("meeting_moved", n).total_seconds() for n in range(1, 10)]
    assert waits == [15, 30, 60, 120, 240, 300, 300, 300, 300]
    assert rules.wait_before_retry(rules.SIGN_IN_CODE, 1) == timedelta(seconds=2)
    assert rules.wait_before_retry("x", 10_000) == rules.LONGEST_WAIT
