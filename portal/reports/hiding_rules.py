"""Which cells of a table are not printed, so that none below the smallest can be reckoned out (S41). Pure.

The organisation decides the smallest cell. A margin is decided from itself alone, so that the same margin
is hidden alike however the table is split; then whole lines whose margin is hidden; then single cells.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from portal.reports.rules import Grid

Place = tuple[int, int]


@dataclass(frozen=True)
class Hidden:
    """What is not printed: places of cells, of row totals and of column totals."""

    cells: frozenset[Place] = field(default_factory=frozenset)
    rows: frozenset[int] = field(default_factory=frozenset)
    columns: frozenset[int] = field(default_factory=frozenset)
    total: bool = False


def hidden(grid: Grid, smallest: int) -> Hidden:
    """The places that are not printed when no cell may be smaller than this, nothing (0) aside."""
    everything = frozenset(_places(grid))
    if grid.total < smallest:
        if not grid.total:
            return Hidden()
        return Hidden(
            everything, frozenset(range(len(grid.rows))), frozenset(range(len(grid.columns))), total=True
        )
    rows = hidden_in_line(grid.row_totals, smallest)
    columns = hidden_in_line(grid.column_totals, smallest)
    cells = {place for place in everything if place[0] in rows or place[1] in columns}
    cells |= {place for place in everything if 0 < _at(grid, place) < smallest}
    _hide_more(grid, cells, smallest, rows, columns)
    return Hidden(frozenset(cells), rows, columns)


def hidden_in_line(counts: Sequence[int], smallest: int) -> frozenset[int]:
    """Which places of a line are not printed when its sum is: at least two, and together no small number."""
    return _away(counts, lambda places: sum(counts[place] for place in places), smallest)


def hidden_groups(groups: Sequence[Collection[UUID]], smallest: int) -> frozenset[int]:
    """As `hidden_in_line`, for numbers of something else than people: who stands behind each of them.

    Somebody may stand behind several, so what is left out is together about enough of them all.
    """
    sizes = [len(set(group)) for group in groups]
    return _away(sizes, lambda places: len({one for place in places for one in groups[place]}), smallest)


def _away(sizes: Sequence[int], together: Callable[[set[int]], int], smallest: int) -> frozenset[int]:
    found = {place for place, number in enumerate(sizes) if 0 < number < smallest}
    rest = sorted(
        (place for place in range(len(sizes)) if place not in found), key=lambda at: _order(sizes[at])
    )
    while found and rest and (len(found) == 1 or together(found) < smallest):
        found.add(rest.pop(0))
    return frozenset(found)


def _order(number: int) -> tuple[bool, int]:
    """The smallest first, nothing last: a 0 hides nobody."""
    return number == 0, number


def _places(grid: Grid) -> Iterator[Place]:
    return ((row, column) for row in range(len(grid.rows)) for column in range(len(grid.columns)))


def _at(grid: Grid, place: Place) -> int:
    return grid.counts[place[0]][place[1]]


def _hide_more(
    grid: Grid, cells: set[Place], smallest: int, rows: frozenset[int], columns: frozenset[int]
) -> None:
    """Hide cells until no hidden one can be reckoned out of its row, its column, or all of them together."""
    while True:
        open_line = next(_unsafe_lines(grid, cells, smallest, rows, columns), None)
        if open_line is None:
            told = next(_reckonable(grid, cells, rows, columns), None)
            if told is None:
                return
            around = [place for place in _places(grid) if place[0] == told[0] or place[1] == told[1]]
            open_line = [place for place in around if place not in cells]
            open_line = open_line or [place for place in _places(grid) if place not in cells]
        if not open_line:
            return
        cells.add(min(open_line, key=lambda place: _cost(grid, cells, place)))


def _cost(grid: Grid, cells: set[Place], place: Place) -> tuple[bool, int, int, Place]:
    """Which cell to hide next: one that helps in both its lines, and of those the smallest."""
    alone = sum(sum(other[axis] == place[axis] for other in cells) == 1 for axis in (0, 1))
    number = _at(grid, place)
    return number == 0, -alone, number, place


def _unsafe_lines(
    grid: Grid, cells: set[Place], smallest: int, rows: frozenset[int], columns: frozenset[int]
) -> Iterator[list[Place]]:
    """What is still printed of each line that tells too much of what is not."""
    lines = [
        [(row, column) for column in range(len(grid.columns))]
        for row in range(len(grid.rows))
        if row not in rows
    ]
    lines += [
        [(row, column) for row in range(len(grid.rows))]
        for column in range(len(grid.columns))
        if column not in columns
    ]
    for line in lines:
        away = [place for place in line if place in cells]
        together = sum(_at(grid, place) for place in away)
        if away and (len(away) == 1 or 0 < together < smallest):
            left = [place for place in line if place not in cells]
            if left:
                yield left


def _reckonable(
    grid: Grid, cells: set[Place], rows: frozenset[int], columns: frozenset[int]
) -> Iterator[Place]:
    """Hidden cells that follow from the others: rows and columns are points, hidden cells lines between them,

    and what lies on no circle of such lines is told by the sums.
    """
    edges: list[tuple[str, str, Place | None]] = [
        (f"r{row}", f"c{column}", (row, column)) for row, column in cells
    ]
    edges += [(f"r{row}", "ct", None) for row in rows]
    edges += [("rt", f"c{column}", None) for column in columns]
    for number, (start, end, place) in enumerate(edges):
        others = [(one, other) for at, (one, other, _place) in enumerate(edges) if at != number]
        if place is not None and not _joined(start, end, others):
            yield place


def _joined(start: str, end: str, edges: Iterable[tuple[str, str]]) -> bool:
    near: dict[str, list[str]] = {}
    for one, other in edges:
        near.setdefault(one, []).append(other)
        near.setdefault(other, []).append(one)
    seen, todo = {start}, [start]
    while todo:
        for point in near.get(todo.pop(), ()):
            if point not in seen:
                seen.add(point)
                todo.append(point)
    return end in seen
