"""No figure, and nothing that can be reckoned from figures, is about fewer than five answers (S41)."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.days import months_after
from portal.surveys.release_rules import FEWEST, UNCUT, Atom, Entry, Traits, release
from tests.surveys.attacker import Seen, classes, isolated, naive, views

MANY = ["woman"] * 7 + ["man"] * 6
MONTHS = [date(2026, month, 1) for month in range(2, 13)] + [date(2027, 1, 1)]


def entry(
    gender: str = "woman",
    born: str = "inside",
    municipality: str = "norr",
    intake: str = "1",
    *,
    counts: bool = True,
    on: date = date(2026, 1, 10),
) -> Entry:
    return Entry(uuid4(), "often" if counts else "skipped", counts, (gender, born, municipality, intake), on)


def let_out(
    pool: Sequence[Entry], *, first: bool = False, until: date = date(2026, 2, 1)
) -> tuple[Atom, ...]:
    return release(pool, until, first=first)


def sizes(atoms: Sequence[Atom]) -> dict[Traits, int]:
    return {atom.labels: sum(one.counts for one in atom.entries) for atom in atoms}


def walk(months: dict[date, list[Entry]], *, cut: bool = True) -> list[Seen]:
    """What is let out month by month of the answers that came before each turn."""
    pool: list[Entry] = []
    history: list[Seen] = []
    for until, entries in months.items():
        pool += entries
        atoms = release(pool, until, first=not history, cut=cut)
        gone = {one.id for atom in atoms for one in atom.entries}
        pool = [one for one in pool if one.id not in gone]
        if atoms:
            history.append(Seen(until, atoms))
    return history


def test_four_answers_are_none_and_five_are_shown() -> None:
    assert let_out([entry() for _ in range(4)], first=True) == ()
    assert let_out([*(entry() for _ in range(4)), entry(counts=False)], first=True) == ()
    assert sum(sizes(let_out([entry() for _ in range(5)], first=True)).values()) == 5


def test_the_first_five_are_let_out_uncut_when_they_cannot_be_cut() -> None:
    mixed = [entry("woman"), entry("woman"), entry("man"), entry("man"), entry("man", "outside")]
    (atom,) = let_out(mixed, first=True)
    assert atom.labels[:2] == ("", "")
    assert len(atom.entries) == 5


def test_later_ones_wait_until_they_can_be_cut() -> None:
    few = [entry("woman") for _ in range(5)] + [entry("man") for _ in range(2)]
    assert let_out(few) == ()
    assert sizes(let_out([*few, *(entry("man") for _ in range(3))])) == {
        ("woman", "inside", "norr", "1"): 5,
        ("man", "inside", "norr", "1"): 5,
    }


def test_they_do_not_wait_for_ever() -> None:
    few = [entry("woman") for _ in range(5)] + [entry("man", on=date(2025, 10, 31)) for _ in range(2)]
    assert sizes(let_out(few)) == {("", "inside", "norr", "1"): 7}


def test_a_few_wait_so_that_the_many_can_be_cut() -> None:
    pool = [entry("woman") for _ in range(5)] + [entry("man") for _ in range(5)] + [entry("other")]
    atoms = let_out(pool)
    assert set(sizes(atoms).values()) == {5}
    assert pool[-1].id not in {one.id for atom in atoms for one in atom.entries}


def test_who_is_alone_in_a_group_waits_three_months_and_no_longer() -> None:
    """One of another gender among seven women and six men a month: then all go together, uncut by gender."""
    lone = entry("other", on=date(2026, 1, 10))
    months = {until: [entry(gender, on=until - timedelta(days=9)) for gender in MANY] for until in MONTHS}
    months[MONTHS[0]].append(lone)
    history = walk(months)
    (let,) = [seen for seen in history if lone.id in ids(seen.atoms)]
    assert let.until == date(2026, 5, 1)
    assert [seen.until for seen in history] == MONTHS
    assert all(atom.labels[0] for seen in history if seen != let for atom in seen.atoms)
    assert all(len(group) >= FEWEST for group in classes(views(history)))


def test_small_groups_are_put_together() -> None:
    pool = (
        [entry("woman") for _ in range(5)] + [entry("man") for _ in range(3)] + [entry("") for _ in range(2)]
    )
    assert sizes(let_out(pool, first=True)) == {
        ("woman", "inside", "norr", "1"): 5,
        ("", "inside", "norr", "1"): 5,
    }


def test_what_was_passed_over_goes_along_with_its_own_group() -> None:
    riders = [entry("woman", counts=False), entry("man", counts=False), entry("other", counts=False)]
    pool = [entry("woman") for _ in range(5)] + [entry("man") for _ in range(5)] + riders
    atoms = {atom.labels[0]: atom.entries for atom in let_out(pool)}
    assert riders[0] in atoms["woman"]
    assert riders[1] in atoms["man"]
    assert riders[2] not in (*atoms["woman"], *atoms["man"])


def test_free_words_are_never_cut() -> None:
    pool = [entry(gender) for gender in ("woman", "man") * 5]
    assert [atom.labels for atom in release(pool, date(2026, 2, 1), first=False, cut=False)] == [UNCUT]
    assert release(pool[:4], date(2026, 2, 1), first=True, cut=False) == ()


def arrivals() -> st.SearchStrategy[dict[date, list[Entry]]]:
    """A year of answers: up to fourteen a month, in any mix."""

    def built(until: date) -> Callable[[tuple[str, str, str, str, bool]], Entry]:
        def make(facts: tuple[str, str, str, str, bool]) -> Entry:
            gender, born, municipality, intake, counts = facts
            on = until - timedelta(days=3)
            return entry(gender, born, municipality, intake, counts=counts, on=on)

        return make

    facts = st.tuples(
        st.sampled_from(("woman", "woman", "man", "man", "other", "")),
        st.sampled_from(("inside", "outside", "outside", "")),
        st.sampled_from(("norr", "norr", "norr", "syd")),
        st.sampled_from(("1", "2", "3")),
        st.sampled_from((True, True, True, False)),
    )
    return st.fixed_dictionaries({until: st.lists(facts.map(built(until)), max_size=14) for until in MONTHS})


@settings(max_examples=150)
@given(arrivals())
def test_nothing_isolates_fewer_than_five(months: dict[date, list[Entry]]) -> None:
    """S41: whom no figure of any month, half-year or split tells apart are at least five."""
    history = walk(months)
    assert all(len(group) >= FEWEST for group in classes(views(history)))
    counted = [one.id for seen in history for atom in seen.atoms for one in atom.entries]
    assert len(counted) == len(set(counted))


@settings(max_examples=100)
@given(arrivals())
def test_no_answer_waits_longer_where_five_are_together(months: dict[date, list[Entry]]) -> None:
    """Whatever is left in the pool after a turn is younger than three months, or among fewer than five."""
    pool: list[Entry] = []
    first = True
    for until, entries in months.items():
        pool += entries
        atoms = let_out(pool, first=first, until=until)
        first = first and not atoms
        enough = sum(one.counts for one in pool) >= FEWEST
        pool = [one for one in pool if one.id not in ids(atoms)]
        old = [one for one in pool if one.counts and one.sent_on < months_after(until, -3)]
        assert not (enough and old)


@settings(max_examples=6)
@given(arrivals())
def test_no_sum_or_difference_of_three_figures_is_about_fewer_than_five(
    months: dict[date, list[Entry]],
) -> None:
    """S41: every way to add and take away three of the figures that can be asked for."""
    seen = sorted(views(walk(months)), key=sorted)[:24]
    assert all(len(group) >= FEWEST for group in isolated(seen))


@settings(max_examples=100)
@given(arrivals())
def test_free_words_come_five_or_more_at_a_time(months: dict[date, list[Entry]]) -> None:
    """S41: what is new on the page since last month is never fewer than five."""
    for seen in walk(months, cut=False):
        assert sum(one.counts for atom in seen.atoms for one in atom.entries) >= FEWEST


def test_the_attacker_finds_what_a_plainer_rule_gives_away() -> None:
    """Each side has five or more in each month, and yet one woman stands alone between two months."""
    months = {
        MONTHS[0]: [entry("woman") for _ in range(5)] + [entry("man") for _ in range(5)],
        MONTHS[1]: [lone := entry("woman")],
    }
    history = naive(months, FEWEST)
    # A plainer rule shows all that has come anew each month, so each month replaces the one before.
    seen = {view for one in history for view in views([one])}
    assert isolated(seen, terms=2)[0] == {lone.id}
    assert min(len(group) for group in classes(seen)) == 1


def test_the_attacker_finds_a_group_inside_another() -> None:
    """Six women and five born in Sweden, all of them women: the difference is one woman."""
    women = [entry("woman", "inside") for _ in range(5)] + [entry("woman", "outside")]
    men = [entry("man", "outside") for _ in range(5)]
    seen = {
        frozenset(one.id for one in group)
        for group in (women, men, women[:5], [women[5], *men], [*women, *men])
    }
    assert len(isolated(seen)[0]) == 1
    assert sizes(let_out([*women, *men], first=True)).keys() >= {("woman", "inside", "norr", "1")}
    released = let_out([*women, *men], first=True)
    assert all(len(group) >= FEWEST for group in classes(views([Seen(date(2026, 2, 1), released)])))


@pytest.mark.parametrize("pool", [[], [entry(counts=False) for _ in range(9)]])
def test_where_nobody_answered_nothing_is_shown(pool: list[Entry]) -> None:
    assert let_out(pool, first=True) == ()


def ids(atoms: Sequence[Atom]) -> set[UUID]:
    return {one.id for atom in atoms for one in atom.entries}


def test_all_of_a_pool_is_let_out_when_nobody_must_wait() -> None:
    pool = [
        entry(gender, born) for gender in ("woman", "man") for born in ("inside", "outside") for _ in range(6)
    ]
    assert ids(let_out(pool)) == {one.id for one in pool}


@settings(max_examples=100)
@given(arrivals(), st.randoms(use_true_random=False))
def test_the_order_of_rows_decides_nothing(months: dict[date, list[Entry]], chance: Random) -> None:
    """S41: a database gives rows in an order of its own, which a changed answer may change."""
    pool = [one for entries in months.values() for one in entries]
    mixed = chance.sample(pool, len(pool))
    assert ids(let_out(pool, first=True)) == ids(let_out(mixed, first=True))
    assert sizes(let_out(pool, first=True)) == sizes(let_out(mixed, first=True))
