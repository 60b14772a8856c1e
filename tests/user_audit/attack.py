"""Somebody who has the whole database and its keys, and wants to know who said what.

The dump holds every column of every table, in the order in which the engine keeps the rows, with what the
engine itself adds (rowid; ctid and xmin). Everything that is sealed is opened. From it the attack reads
*rows of people* (every column that holds the id of somebody, in every order that the table offers) and
*rows of answers* (every place where an answer's words stand, likewise), and joins them: the first to the
first, the last to the first, each language apart, by the nearest time, by a value that stands in both.
`judging` counts how often it was right.
"""

import itertools
import json
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import text

from portal.crypto import CannotOpen, keys
from portal.db import Database
from portal.tables import metadata

HIDDEN = {"sqlite": ("rowid",), "postgresql": ("ctid::text", "xmin::text::bigint")}
Row = dict[str, Any]
Guess = dict[str, uuid.UUID]


@dataclass
class Dump:
    """Every table's rows as the engine gives them, opened."""

    tables: dict[str, list[Row]]


def dump(database: Database) -> Dump:
    """Take everything."""
    tables = {}
    for table in metadata.sorted_tables:
        tables[table.name] = [_opened(table.name, row) for row in rows_of(database, table.name)]
    return Dump(tables)


def rows_of(database: Database, table: str) -> list[Row]:
    engine = database.engine
    for extra in (HIDDEN[engine.dialect.name], ()):
        columns = ", ".join([*(f"{name} AS hidden_{n}" for n, name in enumerate(extra)), "*"])
        try:
            with engine.connect() as connection:
                found = connection.execute(text(f'SELECT {columns} FROM "{table}"'))
                return [dict(row) for row in found.mappings()]
        except Exception as refused:
            # A table without a rowid has none to tell.
            if "rowid" not in str(refused):
                raise
    raise AssertionError(table)


def _opened(table: str, row: Row) -> Row:
    """The row with what is sealed in it read."""
    return {name: _read(table, name, row, value) for name, value in row.items()}


def _read(table: str, name: str, row: Row, value: Any) -> Any:
    if not name.endswith("_sealed") or not value:
        return value
    try:
        return keys().open(bytes(value), f"{table}:{name}:{uuid.UUID(str(row['id']))}")
    except CannotOpen:
        return bytes(value).hex()


@dataclass(frozen=True)
class Sighting:
    """Somebody, or an answer, in one place of the dump, with everything that stands in the same row."""

    who: Any
    beside: Mapping[str, Any]


@dataclass
class Series:
    """Sightings in one order."""

    name: str
    members: list[Sighting] = field(default_factory=list)


def series_of_people(found: Dump, people: set[uuid.UUID]) -> Iterator[Series]:
    """Each column that names people, in each order of its table."""
    for table, rows in found.tables.items():
        for column in {name for row in rows for name in row}:
            named = [(row, _person(row.get(column))) for row in rows]
            members = [Sighting(who, row) for row, who in named if who in people]
            if len({one.who for one in members}) > 1:
                yield from _orders(f"{table}.{column}", members)


def _person(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(value)) if value else None
    except ValueError:
        return None


def series_of_answers(found: Dump, words: Sequence[str]) -> Iterator[Series]:
    """Each column in which answers stand, one a row or many in one value, in each order."""
    pattern = re.compile("|".join(map(re.escape, words)))
    for table, rows in found.tables.items():
        for column in {name for row in rows for name in row}:
            members = [
                Sighting(hit, row)
                for row in rows
                for hit in dict.fromkeys(pattern.findall(_plain(row.get(column))))
            ]
            if len(members) > 1:
                yield from _orders(f"{table}.{column}", members)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)


def _orders(name: str, members: list[Sighting]) -> Iterator[Series]:
    """As they stand, backwards, and by each column that can be sorted; each once."""
    whole = [Series(f"{name} as it stands", members)]
    for column in {key for one in members for key in one.beside}:
        values = [one.beside.get(column) for one in members]
        if len({str(value) for value in values}) > 1 and None not in values:
            ordered = sorted(
                members, key=lambda one: (str(type(one.beside[column])), _sortable(one.beside[column]))
            )
            whole.append(Series(f"{name} by {column}", ordered))
    known = set()
    for one in itertools.chain(
        whole, [Series(f"{each.name}, backwards", each.members[::-1]) for each in whole]
    ):
        order = tuple(str(member.who) for member in one.members)
        if order not in known:
            known.add(order)
            yield one


def _sortable(value: Any) -> Any:
    if isinstance(value, str):
        numbers = re.fullmatch(r"\((\d+),(\d+)\)", value)
        return f"{int(numbers[1]):09d}{int(numbers[2]):09d}" if numbers else value
    return value if isinstance(value, int | float | bytes | datetime) else str(value)


def guesses(found: Dump, people: set[uuid.UUID], words: Sequence[str]) -> Iterator[tuple[str, Guess]]:
    """Every join that comes to mind: its name, and whom it takes each answer for."""
    of_people = list(series_of_people(found, people))
    of_answers = list(series_of_answers(found, words))
    for mine, theirs in itertools.product(of_answers, of_people):
        unique = list({one.who: one for one in theirs.members}.values())
        name = f"{mine.name} = {theirs.name}"
        yield name, {one.who: other.who for one, other in zip(mine.members, unique, strict=False)}
        yield f"{name}, each language apart", _by_language(found, mine.members, unique)
        yield f"{name}, by value", _by_value(mine.members, theirs.members)
        yield f"{name}, by time", _by_time(mine.members, theirs.members)


def languages_of(found: Dump) -> dict[uuid.UUID | None, str]:
    """The language of each person."""
    return {_person(row["id"]): row["language"] for row in found.tables["person"]}


def _by_language(found: Dump, answers: Sequence[Sighting], people: Sequence[Sighting]) -> Guess:
    """The first to the first among those who read the language in which the answer was given."""
    reads = languages_of(found)
    guess: Guess = {}
    for code in set(reads.values()):
        readers = [one.who for one in people if reads.get(one.who) == code]
        given = [one.who for one in answers if _language(one) == code]
        guess.update(zip(given, readers, strict=False))
    return guess


def _language(answer: Sighting) -> str:
    """The language that stands beside an answer's words: in its row, or right before them in one text."""
    for value in answer.beside.values():
        if before := re.search(rf'"(\w*)","[^"]*{re.escape(answer.who)}', _plain(value)):
            return before[1]
    return str(answer.beside.get("language", ""))


def _values(one: Sighting) -> set[str]:
    """What stands beside somebody and could stand elsewhere: ids, hashes, moments; not flags and words."""
    return {str(value) for value in one.beside.values() if value is not None and len(str(value)) > 8}


def _by_value(answers: Iterable[Sighting], people: Sequence[Sighting]) -> Guess:
    holders: dict[str, set[Any]] = {}
    for person in people:
        for value in _values(person):
            holders.setdefault(value, set()).add(person.who)
    found: Guess = {}
    for answer in answers:
        alone = [next(iter(holders[value])) for value in _values(answer) if len(holders.get(value, ())) == 1]
        if alone:
            found[answer.who] = alone[0]
    return found


def _times(one: Sighting) -> list[float]:
    return [moment for value in one.beside.values() if (moment := _moment(value)) is not None]


def _moment(value: Any) -> float | None:
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d[ T]\d\d:", value):
        return datetime.fromisoformat(value).timestamp()
    return None


def _by_time(answers: Iterable[Sighting], people: Sequence[Sighting]) -> Guess:
    timed = [(moment, person.who) for person in people for moment in _times(person)]
    found: Guess = {}
    for answer in answers:
        near = [(abs(moment - at), who) for at in _times(answer) for moment, who in timed]
        if near:
            found[answer.who] = min(near, key=lambda pair: pair[0])[1]
    return found
