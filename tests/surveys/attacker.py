"""An attacker who sees every figure of every month, and knows who stands behind each."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from uuid import UUID

from portal.surveys.figure_rules import period_of
from portal.surveys.release_rules import DIMENSIONS, Atom, Entry

Ids = frozenset[UUID]


@dataclass(frozen=True)
class Seen:
    """What was let out at one turn of a month."""

    until: date
    atoms: tuple[Atom, ...]


def views(history: Sequence[Seen]) -> set[Ids]:
    """Who is behind each figure that can ever be asked for.

    After each month: everything and each half-year, whole or split by any dimension, each side of it.
    """
    found: set[Ids] = set()
    for month in range(1, len(history) + 1):
        shown = history[:month]
        for period in (None, *{period_of(one.until) for one in shown}):
            atoms = [atom for one in shown if period in (None, period_of(one.until)) for atom in one.atoms]
            found.add(_counted(atoms))
            for place in range(len(DIMENSIONS)):
                for value in {atom.labels[place] for atom in atoms}:
                    found.add(_counted(atom for atom in atoms if atom.labels[place] == value))
    return found - {frozenset()}


def _counted(atoms: Iterable[Atom]) -> Ids:
    return frozenset(entry.id for atom in atoms for entry in atom.entries if entry.counts)


def classes(seen: Collection[Ids]) -> list[Ids]:
    """Those whom no figure tells apart: any sum or difference of figures is made of whole classes."""
    everybody = frozenset[UUID]().union(*seen) if seen else frozenset[UUID]()
    ordered = sorted(seen, key=sorted)
    alike: dict[tuple[bool, ...], set[UUID]] = {}
    for one in everybody:
        alike.setdefault(tuple(one in view for view in ordered), set()).add(one)
    return [frozenset(group) for group in alike.values()]


def isolated(seen: Collection[Ids], terms: int = 3) -> list[Ids]:
    """What comes out, as a set of people, of adding and taking away any `terms` figures."""
    ordered = sorted(seen, key=sorted)
    found: set[Ids] = set()
    for chosen in product(range(len(ordered)), repeat=terms):
        for signs in product((1, -1, 0), repeat=terms):
            sums: dict[UUID, int] = {}
            for number, sign in zip(chosen, signs, strict=True):
                for one in ordered[number]:
                    sums[one] = sums.get(one, 0) + sign
            if set(sums.values()) <= {0, 1}:
                found.add(frozenset(one for one, times in sums.items() if times))
    return sorted(found - {frozenset()}, key=len)


def naive(months: Mapping[date, Sequence[Entry]], fewest: int) -> list[Seen]:
    """What many would do: all that has come, and each side of a split, as soon as each has enough."""
    pool: list[Entry] = []
    history = []
    for until, entries in months.items():
        pool += entries
        counted = [entry for entry in pool if entry.counts]
        women = tuple(entry for entry in counted if entry.traits[0] == "woman")
        men = tuple(entry for entry in counted if entry.traits[0] == "man")
        if min(len(women), len(men)) >= fewest:
            labelled = [Atom(("woman", "", "", ""), women), Atom(("man", "", "", ""), men)]
            history.append(Seen(until, tuple(labelled)))
    return history
