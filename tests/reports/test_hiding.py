"""What is not printed can be reckoned out by nobody (S41), shown by a second calculation: linear algebra."""

from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from portal.reports.hiding_rules import Hidden, hidden, hidden_groups, hidden_in_line
from portal.reports.rules import Grid


def grid(*rows: tuple[int, ...]) -> Grid:
    letters = tuple("abcdefghij")
    return Grid(letters[: len(rows)], letters[: len(rows[0])], rows)


def reduced(rows: list[list[Fraction]]) -> list[list[Fraction]]:
    """Row echelon form, reduced."""
    done: list[list[Fraction]] = []
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows = [row for row in rows if row is not pivot]
        lead = [value / pivot[column] for value in pivot]
        rows = [[a - row[column] * b for a, b in zip(row, lead, strict=True)] for row in rows]
        done = [[a - row[column] * b for a, b in zip(row, lead, strict=True)] for row in done] + [lead]
    return done


def unknowns(table: Grid, away: Hidden) -> list[tuple[int | None, int | None]]:
    """Every number of the table that is not printed: a cell, a row's sum (column None), a column's sum."""
    places: list[tuple[int | None, int | None]] = [*sorted(away.cells)]
    places += [(row, None) for row in sorted(away.rows)]
    places += [(None, column) for column in sorted(away.columns)]
    return places + ([(None, None)] if away.total else [])


def told(table: Grid, away: Hidden) -> set[tuple[int | None, int | None]]:
    """What follows from what is printed, by solving the sums for all that is not."""
    places = unknowns(table, away)
    rows_, columns_ = range(len(table.rows)), range(len(table.columns))
    lines: list[list[tuple[int | None, int | None]]] = []
    for row in (*rows_, None):
        lines.append([(row, column) for column in (*columns_, None)])
    for column in (*columns_, None):
        lines.append([(row, column) for row in (*rows_, None)])
    equations = []
    for line in lines:
        signs = [Fraction(0)] * len(places)
        for number, place in enumerate(line):
            if place in places:
                signs[places.index(place)] = Fraction(-1 if number == len(line) - 1 else 1)
        if any(signs):
            equations.append(signs)
    alone = [row for row in reduced(equations) if sum(value != 0 for value in row) == 1]
    return {places[next(at for at, value in enumerate(row) if value)] for row in alone}


TABLES = some.tuples(some.integers(1, 5), some.integers(1, 6)).flatmap(
    lambda size: some.lists(
        some.tuples(*[some.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 20]) for _ in range(size[1])]),
        min_size=size[0],
        max_size=size[0],
    )
)


@settings(max_examples=400)
@given(TABLES, some.sampled_from([2, 3, 5, 10]))
def test_no_small_number_is_printed_and_none_follows_from_the_others(
    rows: list[tuple[int, ...]], smallest: int
) -> None:
    table = grid(*rows)
    away = hidden(table, smallest)
    for row, counts in enumerate(table.counts):
        for column, number in enumerate(counts):
            assert not 0 < number < smallest or (row, column) in away.cells
    assert all(not 0 < n < smallest or at in away.rows for at, n in enumerate(table.row_totals))
    assert all(not 0 < n < smallest or at in away.columns for at, n in enumerate(table.column_totals))
    small = {place for place in away.cells if 0 < table.counts[place[0]][place[1]] < smallest}
    known = {
        (row, column)
        for row, column in told(table, away)
        if row is not None and column is not None and (row, column) in small
    }
    # One line alone is its own margin: what is told there is a margin that may be printed.
    assert not known or len(rows) == 1 or len(rows[0]) == 1


def test_the_second_calculation_sees_a_cell_that_can_be_reckoned_out() -> None:
    table = grid((3, 10), (20, 30))
    assert told(table, Hidden(frozenset({(0, 0)}))) == {(0, 0)}
    assert told(table, Hidden(frozenset({(0, 0), (0, 1)}))) == {(0, 0), (0, 1)}
    assert told(table, Hidden(frozenset({(0, 0), (0, 1), (1, 0), (1, 1)}))) == set()


def test_two_circles_joined_by_one_cell_do_not_tell_it() -> None:
    """Each line has two hidden cells, and the one between the circles follows all the same."""
    counts = ((1, 1, 9, 9), (1, 1, 4, 9), (9, 9, 1, 1), (9, 9, 1, 1))
    away = hidden(grid(*counts), 2)
    assert not told(grid(*counts), away) & set(away.cells)


@pytest.mark.parametrize(
    "counts, smallest, away",
    [
        ((10, 20, 30), 5, ()),
        ((3, 20, 30), 5, (0, 1)),
        ((1, 1, 30), 5, (0, 1, 2)),
        ((0, 3, 0, 30, 8), 5, (1, 4)),
        ((4, 4, 30), 5, (0, 1)),
        ((1, 2, 3), 1, ()),
        ((), 5, ()),
    ],
)
def test_in_a_line_at_least_two_are_left_out_and_together_no_small_number(
    counts: tuple[int, ...], smallest: int, away: tuple[int, ...]
) -> None:
    assert hidden_in_line(counts, smallest) == frozenset(away)


@pytest.mark.parametrize(
    "groups, away",
    [
        (("abcdef", "ghijk"), ()),
        (("abc", "abcdef", "ghijkl"), (0, 1)),
        (("ab", "abc", "abcd", "abcdef"), (0, 1, 2, 3)),
        (("a", "bcdef", ""), (0, 1)),
        (("abcde", "", ""), ()),
    ],
)
def test_what_is_left_out_is_of_enough_people_together_however_often_each_stands_in_it(
    groups: tuple[str, ...], away: tuple[int, ...]
) -> None:
    """Numbers of meetings: the sum less what is printed is of five people or of nobody."""
    people = [frozenset(UUID(int=ord(one)) for one in group) for group in groups]
    assert hidden_groups(people, 5) == frozenset(away)


def test_a_margin_is_hidden_alike_however_the_table_is_split() -> None:
    """Else two reports beside each other would tell it."""
    by_gender = grid((3, 10, 10, 20), (1, 3, 20, 20))
    by_town = grid((1, 13, 0, 0), (3, 0, 30, 40))
    assert by_gender.column_totals == by_town.column_totals
    assert hidden(by_gender, 5).columns == hidden(by_town, 5).columns == {0, 1}


def test_inside_the_team_everything_is_printed() -> None:
    assert hidden(grid((1, 2), (3, 0)), 1) == Hidden()


def test_a_table_of_few_prints_nothing_at_all() -> None:
    away = hidden(grid((1, 2), (0, 1)), 5)
    assert away.total
    assert len(away.cells) == 4
    assert hidden(grid((0, 0), (0, 0)), 5) == Hidden()
