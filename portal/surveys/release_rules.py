"""Which answers are let out together, so that no figure, and no difference of figures, is about too few.

Answers to one question wait in a pool until the first of a month. What is let out then is cut into atoms:
groups of at least five answers, none of which is ever cut again. Every figure that is shown, for a month, a
half-year, women, those born in Sweden, is a sum of whole atoms; so is every sum and difference of figures.
See docs/decisions/0013-five-answers-or-none.md.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from portal.days import months_after

FEWEST = 5
"""Answers in the smallest group of which anything is shown (S41)."""

WAIT_MONTHS = 3
"""What was sent longer before the turn of a month is let out then, uncut where it cannot be cut."""

HELD_SHARE = 0.2
"""At most this share of the answers waits for a later month so that the others can be cut."""

Dimension = Literal["gender", "born", "municipality", "intake"]
DIMENSIONS: tuple[Dimension, ...] = ("gender", "born", "municipality", "intake")
WANTED: tuple[Dimension, ...] = ("gender", "born")
"""The cuts that are worth waiting for."""

Traits = tuple[str, str, str, str]
"""A value for each of DIMENSIONS; in the labels of an atom "" where it is not cut."""

UNCUT: Traits = ("", "", "", "")


@dataclass(frozen=True)
class Entry:
    """One answer in a pool. `counts`: it is in the base; what was skipped only goes along."""

    id: UUID
    answer: str
    counts: bool
    traits: Traits
    sent_on: date


@dataclass(frozen=True)
class Atom:
    """A group that is shown whole or not at all. `labels` are the traits that all in it share and show."""

    labels: Traits
    entries: tuple[Entry, ...]


def release(pool: Sequence[Entry], until: date, *, first: bool, cut: bool = True) -> tuple[Atom, ...]:
    """The atoms that are let out of a pool of answers given before `until`, the first of a month.

    `first`: nothing has been let out of this pool before. `cut`: whether it may be cut at all (free text
    may not). Empty while there are too few, or while a better cut is worth waiting for.
    """
    counted = [entry for entry in pool if entry.counts]
    if len(counted) < FEWEST:
        return ()
    if not cut:
        return (Atom(UNCUT, tuple(pool)),)
    atoms = _cut(counted, DIMENSIONS, UNCUT, int(len(counted) * HELD_SHARE))
    waited = {entry.id for entry in counted if entry.sent_on < months_after(until, -WAIT_MONTHS)}
    if waited - {entry.id for atom in atoms for entry in atom.entries}:
        atoms = _cut(counted, DIMENSIONS, UNCUT, 0)
    if not (first or waited or all(_has(atom, name) for atom in atoms for name in WANTED)):
        return ()
    return _with_riders(atoms, [entry for entry in pool if not entry.counts])


def _has(atom: Atom, dimension: Dimension) -> bool:
    return bool(atom.labels[DIMENSIONS.index(dimension)])


def _cut(
    entries: Sequence[Entry], dimensions: Sequence[Dimension], labels: Traits, may_hold: int
) -> list[Atom]:
    """The entries in atoms, cut by each dimension in turn where no part becomes too small.

    Small parts are put together; what is too small even so is left out, when `may_hold` allows it.
    """
    if not dimensions:
        return [Atom(labels, tuple(entries))]
    place = DIMENSIONS.index(dimensions[0])
    groups = _grouped(entries, lambda entry: entry.traits[place])
    large = {value: group for value, group in groups.items() if value and len(group) >= FEWEST}
    small = [entry for value, group in groups.items() if value not in large for entry in group]
    held = len(small) if len(small) < FEWEST else 0
    if not large or held > may_hold:
        return _cut(entries, dimensions[1:], labels, may_hold)
    parts = [((*labels[:place], value, *labels[place + 1 :]), group) for value, group in large.items()]
    if len(small) >= FEWEST:
        parts.append((labels, small))
    left = may_hold - held
    atoms: list[Atom] = []
    for part_labels, group in parts:
        found = _cut(group, dimensions[1:], _traits(part_labels), left)
        left -= len(group) - sum(len(atom.entries) for atom in found)
        atoms += found
    return atoms


def _traits(labels: Sequence[str]) -> Traits:
    gender, born, municipality, intake = labels
    return gender, born, municipality, intake


def _with_riders(atoms: Sequence[Atom], riders: Iterable[Entry]) -> tuple[Atom, ...]:
    """The atoms with what was not answered, each in the one whose labels it shares; the others wait."""
    joined = {atom.labels: list(atom.entries) for atom in atoms}
    for rider in riders:
        fitting = [labels for labels in joined if _fits(rider.traits, labels)]
        if fitting:
            joined[max(fitting, key=lambda labels: sum(map(bool, labels)))].append(rider)
    return tuple(Atom(labels, tuple(entries)) for labels, entries in joined.items())


def _fits(traits: Traits, labels: Traits) -> bool:
    return all(not label or label == trait for trait, label in zip(traits, labels, strict=True))


def _grouped(entries: Iterable[Entry], by: Callable[[Entry], str]) -> dict[str, list[Entry]]:
    """The entries by a value, in the order of the values: what is let out hangs on no order of rows."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(by(entry), []).append(entry)
    return dict(sorted(groups.items()))
