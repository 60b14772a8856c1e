"""The urn counts without order, shows nothing of fewer than five, and texts are only ever cut (S39, S41)."""

import itertools
import json
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.languages import LANGUAGES
from portal.user_audit import bank_rules, urn_rules
from portal.user_audit.draft_rules import LIFE, Draft, Ticket, ticket_of
from portal.user_audit.models import KINDS
from portal.user_audit.rules import FEW, Period, minutes, period_problem, phase, rough
from portal.user_audit.text_rules import lines, only_cuts
from portal.user_audit.urn_rules import Asked, Urn, frozen, texts

ASKED = (Asked("long", splits=True), Asked("kind"), Asked("good", is_text=True))
Answers = Sequence[tuple[str, tuple[str, str, str]]]


def urn_of(answers: Answers) -> Urn:
    urn = Urn()
    for number, (language, answer) in enumerate(answers):
        assert urn.drop(f"{number:03d}", language, ASKED, answer)
    return urn


def many(
    count: int, side: str = "long", said: str = "yes", words: str = ""
) -> list[tuple[str, tuple[str, str, str]]]:
    return [("sv", (side, said, words))] * count


# --- nothing tells in which order ---------------------------------------------------------------


@settings(max_examples=60)
@given(st.randoms(use_true_random=False))
def test_what_stands_in_the_urn_is_the_same_in_whatever_order_it_came(chance: random.Random) -> None:
    """S39: no order, not even that of the keys."""
    answers = [
        (
            chance.choice(("sv", "ar", "en", "")),
            (
                chance.choice(("long", "short", "")),
                chance.choice(("yes", "no", "")),
                chance.choice(("", "a", "ö")),
            ),
        )
        for _ in range(12)
    ]
    ballots = [f"{number:03d}" for number in chance.sample(range(1000), len(answers))]
    packed = set()
    for _ in range(6):
        order = chance.sample(range(len(answers)), len(answers))
        urn = Urn()
        for at in order:
            urn.drop(ballots[at], answers[at][0], ASKED, answers[at][1])
            urn = Urn.unpacked(urn.packed())
        packed.add(urn.packed())
    assert len(packed) == 1


def test_two_answers_cannot_be_told_apart_once_they_are_counted() -> None:
    """S39: whoever wrote a text, what else they chose is not beside it."""
    one = urn_of([("sv", ("long", "yes", "hej")), ("sv", ("long", "no", ""))])
    other = urn_of([("sv", ("long", "no", "hej")), ("sv", ("long", "yes", ""))])
    assert one.packed() == other.packed()


def test_a_ballot_is_counted_once() -> None:
    """S40"""
    urn = Urn()
    assert urn.drop("one", "sv", ASKED, ("long", "yes", "hej"))
    stands = urn.packed()
    assert not urn.drop("one", "sv", ASKED, ("short", "no", "annat"))
    assert urn.packed() == stands
    assert urn.count == 1


# --- from five ----------------------------------------------------------------------------------


def test_four_answers_show_nothing_and_leave_no_text() -> None:
    """S41"""
    urn = urn_of(many(FEW - 1, words="Karin är snäll"))
    assert frozen(urn, ASKED) == {"few": True}
    assert texts(urn) == []


def test_four_texts_of_a_question_are_no_more_shown_than_four_figures() -> None:
    """S41: also where many have answered something else."""
    urn = urn_of([*many(9), *many(FEW - 1, words="Karin är snäll")])
    assert frozen(urn, ASKED)["questions"]["good"] == {"few": True}
    assert texts(urn) == []
    urn.drop("fifth", "sv", ASKED, ("long", "yes", "Bra fika"))
    assert len(texts(urn)) == FEW


def test_five_answers_are_shown_with_those_who_left_it_out() -> None:
    urn = urn_of([*many(5), *many(1, said="no"), *many(2, said="")])
    told = frozen(urn, ASKED)
    assert told["count"] == 8
    assert told["questions"]["kind"] == {"answered": 6, "skipped": 2, "options": {"no": 1, "yes": 5}}
    assert told["questions"]["good"] == {"few": True}


@pytest.mark.parametrize(
    ("sides", "shown"),
    [
        ({"long": 5, "short": 5}, True),
        ({"long": 20, "short": 4}, False),
        ({"long": 20}, False),
        ({"long": 9, "short": 9, "": 1}, False),
        ({"long": 9, "short": 9, "": 5}, True),
    ],
)
def test_a_split_is_shown_when_every_side_has_five_and_so_has_what_is_left_over(
    sides: dict[str, int], shown: bool
) -> None:
    """S41: also those who did not say on which side they are must not be found by subtracting."""
    urn = urn_of([answer for side, count in sides.items() for answer in many(count, side)])
    split = frozen(urn, ASKED)["split"]
    assert (split is not None) is shown
    assert split is None or split["counts"] == {side: count for side, count in sides.items() if side}


def test_a_question_is_split_only_where_five_on_each_side_answered_it() -> None:
    """S41"""
    urn = urn_of([*many(8, "long"), *many(4, "short"), *many(4, "short", said="")])
    split = frozen(urn, ASKED)["split"]
    assert split is not None
    assert "kind" not in split["questions"]


@settings(max_examples=200)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("sv", "ar", "en", "")),
            st.tuples(
                st.sampled_from(("long", "short", "")), st.sampled_from(("yes", "no", "")), st.just("")
            ),
        ),
        max_size=40,
    )
)
def test_no_subtraction_of_what_is_shown_isolates_fewer_than_five(answers: Answers) -> None:
    """S41: totals, sides, languages, and what is left when one is taken from another."""
    told = frozen(urn_of(answers), ASKED)
    if "few" in told:
        assert len(answers) < FEW
        return
    groups = [told["count"], told["count"] - sum(told["languages"].values()), *told["languages"].values()]
    if told["split"]:
        counts = told["split"]["counts"]
        groups += [*counts.values(), told["count"] - sum(counts.values())]
        for sides in told["split"]["questions"].values():
            figures = [side["answered"] for side in sides.values()]
            whole = told["questions"]["kind"]["answered"]
            groups += [*figures, whole - sum(figures)]
    assert all(group == 0 or group >= FEW for group in groups)


def test_a_rare_language_is_dropped_from_a_text_and_no_subtraction_finds_it() -> None:
    """S39"""
    answers = [*many(6, words="bra"), *[("ar", ("long", "yes", "جيد"))] * 2]
    urn = urn_of(answers)
    assert frozen(urn, ASKED)["languages"] == {}
    assert {language for _, language, words in texts(urn) if words == "جيد"} == {""}
    common = urn_of([*many(6), *[("ar", ("long", "yes", "جيد"))] * 5])
    assert frozen(common, ASKED)["languages"] == {"ar": 5, "sv": 6}
    assert {language for _, language, _ in texts(common)} == {"ar"}


def test_frozen_results_are_plain_data() -> None:
    told = frozen(urn_of(many(7, words="bra")), ASKED)
    assert json.loads(json.dumps(told)) == told


# --- the form that travels ----------------------------------------------------------------------

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def test_a_form_goes_on_at_the_first_question_without_an_answer_for_a_day() -> None:
    draft = Draft("m", "b", "sv", NOW, (None, None, None))
    assert draft.next_number == 1
    draft = draft.answered(1, "yes").answered(2, "")
    assert draft.next_number == 3
    assert not draft.empty
    assert Draft.unpacked(draft.packed()) == draft
    assert draft.alive(NOW + LIFE - timedelta(seconds=1))
    assert not draft.alive(NOW + LIFE)
    assert not draft.alive(NOW - timedelta(seconds=1))


def test_a_ticket_holds_neither_mark_nor_time() -> None:
    """S39: nothing on it stands beside the person."""
    ticket = ticket_of(Draft("mark", "ballot", "ar", NOW, ("yes", None, "")), "audit")
    assert ticket == Ticket("audit", "ballot", "ar", ("yes", "", ""))
    assert Ticket.unpacked(ticket.packed()) == ticket
    assert "mark" not in ticket.packed()
    assert "2026" not in ticket.packed()


def test_leaving_everything_out_is_nothing_to_send() -> None:
    assert Draft("m", "b", "sv", NOW, ("", "", None)).empty


# --- texts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "sound"),
    [
        ("[…] är snäll.", True),
        ("Karin på kontoret […]", True),
        ("Karin […] snäll.", True),
        ("Karin [...] är […]", True),
        ("[…]", True),
        ("Karin på kontoret är snäll.", False),
        ("Karin […] dum.", False),
        ("kontoret […] Karin", False),
        ("på kontoret […]", False),
        ("Karin […] är", False),
        ("", False),
    ],
)
def test_a_text_is_only_ever_cut(shown: str, sound: bool) -> None:
    assert only_cuts("Karin på kontoret är snäll.", shown) is sound


def test_proposals_stand_one_on_each_line() -> None:
    assert lines("- Ring tillbaka\n\n  • Fler språk \nRing tillbaka\n") == ["Ring tillbaka", "Fler språk"]


# --- periods and counts -------------------------------------------------------------------------


def test_the_first_and_the_last_day_belong_to_the_period() -> None:
    first, last, day = date(2026, 11, 20), date(2026, 12, 10), timedelta(days=1)
    assert [phase(first, last, today) for today in (first - day, first, last, last + day)] == [
        "early",
        "now",
        "now",
        "late",
    ]
    assert period_problem(Period(first, first)) == ""
    assert period_problem(Period(first, first - day)) == "order"
    assert period_problem(Period(first, first + timedelta(days=181))) == "long"


def test_a_count_is_told_in_whole_fives() -> None:
    """S39: nobody sees who answered just now."""
    assert [rough(count) for count in (0, 4, 5, 9, 10, 23)] == [0, 0, 5, 5, 10, 20]
    assert [minutes(count) for count in (1, 3, 4, 12)] == [1, 1, 2, 4]


# --- the bank -----------------------------------------------------------------------------------


def test_every_question_and_option_stands_in_every_language() -> None:
    spoken = set(LANGUAGES)
    assert len(bank_rules.bank()) >= 10
    for question in bank_rules.bank().values():
        assert set(question.words) >= spoken, question.key
        assert question.kind in KINDS
        assert (question.kind == "text") == (not bank_rules.options(question.kind))
    for option in itertools.chain.from_iterable(bank_rules.options(kind) for kind in KINDS):
        assert set(option.words) >= spoken, option.code
        assert option.code not in ("", urn_rules.WRITTEN)


def test_a_language_without_words_gets_the_swedish_ones() -> None:
    assert bank_rules.said({"sv": "Hej", "en": ""}, "en") == "Hej"
    assert bank_rules.spoken({"sv": "Hej", "en": ""}, "en") == "sv"
    assert bank_rules.spoken({"sv": "Hej", "en": "Hi"}, "en") == "en"
