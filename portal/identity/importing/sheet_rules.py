"""A spreadsheet as a file: its encoding, its separator, its head, its rows. Pure."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

SEPARATORS = (";", ",", "\t")
LONGEST_FILE = 20 * 1024 * 1024
"""Bytes: a hundred thousand rows. A larger file is not a list of participants."""


class Unreadable(ValueError):
    """The file is no table at all; the message says what to do."""


@dataclass(frozen=True)
class Problem:
    """What is wrong in one cell, or with a whole row (`column` ""). Never holds what stands there (S44)."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True)
class Column:
    """A column of the file: its key here, its names in Swedish and English, and what it holds."""

    key: str
    names: tuple[str, ...]
    holds: str
    needed: bool = False


COLUMNS = (
    Column("person", ("Person",), "the same word in each row of one person who came back; else empty"),
    Column("name", ("Namn", "Name"), "first name and family name", needed=True),
    Column("phone", ("Mobilnummer", "Phone", "Mobil", "Mobile", "Telefon"), "070-123 45 67, or empty"),
    Column("language", ("Språk", "Language"), "a language of the organisation; empty is Swedish"),
    Column("gender", ("Kön", "Gender"), "kvinna/woman, man, annat/other, or empty"),
    Column("born", ("Född i Sverige", "Born in Sweden"), "ja/yes, nej/no, or empty"),
    Column(
        "age",
        ("Ålder", "Age"),
        "years, or 13–17 or 18+; empty is taken as 18 or older (for ORS and SRS alone)",
    ),
    Column("municipality", ("Kommun", "Municipality"), "a word of the organisation's list, or empty"),
    Column("education", ("Utbildning", "Education"), "a word of the organisation's list, or empty"),
    Column("programme", ("Insats", "Programme", "Program"), "its name; empty where there is only one"),
    Column("team", ("Team",), "its name; empty where there is only one"),
    Column("coach", ("Coach",), "name or e-mail of a coach or lead of the team, or empty"),
    Column(
        "referrer", ("Remitterad av", "Referrer", "Remittent"), "a word of the programme's list, or empty"
    ),
    Column("intake", ("Intag", "Intake"), "a number, or empty"),
    Column("applied_on", ("Ansökan", "Applied on", "Ansökan kom"), "a day: 2026-11-24"),
    Column("first_meeting_on", ("Första mötet", "First meeting", "Första möte"), "a day, or empty"),
    Column("started_on", ("Start", "Started on"), "a day, or empty"),
    Column("closed_on", ("Avslut", "Closed on", "Sista dagen"), "a day; empty while it goes on"),
    Column("outcome", ("Vad det blev", "Outcome", "Resultat"), "a word of the programme's list, when closed"),
    Column("income_at_start", ("Inkomst vid start", "Income at start"), "a word of the programme's list"),
    Column("income_at_closure", ("Inkomst vid avslut", "Income at closure"), "the same, when closed"),
)


def folded(text: str) -> str:
    """A head or a value as it is compared: without case, spaces, hyphens and points."""
    return re.sub(r"[\s_.:?()–-]+", "", text.replace("\u00a0", " ").casefold())


KEYS: Mapping[str, str] = {
    folded(name): column.key for column in COLUMNS for name in (column.key, *column.names)
}


@dataclass(frozen=True)
class SheetRow:
    """One row: the line it begins on, and {column's key: what stands there}, bare."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """A file as a table. `heads`: {column's key: its name in this file}; `problems` are of the head."""

    heads: Mapping[str, str]
    rows: tuple[SheetRow, ...]
    problems: tuple[Problem, ...]


def read(content: bytes) -> Sheet:
    """The file as a table. Raises Unreadable when it is none."""
    lines = list(_lines(_decoded(content)))
    if not lines:
        raise Unreadable("the file is empty")
    (head_line, names), body = lines[0], lines[1:]
    heads, places, problems = _heads(head_line, names)
    rows = []
    for line, cells in body:
        problems += [
            Problem(line, "", "more cells than the head has columns")
            for _extra in [bare(cell) for cell in cells[len(names) :] if bare(cell)][:1]
        ]
        rows.append(SheetRow(line, {key: bare(cells[at]) for key, at in places.items() if at < len(cells)}))
    if not rows and not problems:
        raise Unreadable("there is no row under the head")
    return Sheet(heads, tuple(rows), tuple(problems))


def _decoded(content: bytes) -> str:
    if len(content) > LONGEST_FILE:
        raise Unreadable("the file is too large to be a list of participants")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable('this is a workbook: save it as "CSV UTF-8" in Excel')
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable('the file is not in UTF-8: save it as "CSV UTF-8" in Excel') from None
    if "\x00" in text:
        raise Unreadable('the file is not in UTF-8: save it as "CSV UTF-8" in Excel')
    return text


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line it begins on; empty rows are passed over."""
    begins, told = 1, re.match(r"sep=(.)\r?\n", text)
    separator = told.group(1) if told else _separator(text)
    reader = csv.reader(io.StringIO(text[told.end() :] if told else text, newline=""), delimiter=separator)
    offset = 1 if told else 0
    try:
        for cells in reader:
            if any(bare(cell) for cell in cells):
                yield begins + offset, cells
            begins = reader.line_num + 1
    except csv.Error:
        raise Unreadable(f"line {begins + offset} cannot be read as CSV") from None


def _separator(text: str) -> str:
    head = next((line for line in text.splitlines() if line.strip()), "")
    bare_head = re.sub(r'"[^"]*"', "", head)
    return max(SEPARATORS, key=bare_head.count)


def _heads(line: int, names: list[str]) -> tuple[dict[str, str], dict[str, int], list[Problem]]:
    heads: dict[str, str] = {}
    places: dict[str, int] = {}
    problems = []
    for at, name in enumerate(map(bare, names)):
        key = KEYS.get(folded(name), "")
        if not name:
            continue
        if not key:
            known = ", ".join(column.names[0] for column in COLUMNS)
            # Where the head is missing, a person's own words stand in its place: the number says enough.
            problems.append(Problem(line, f"column {at + 1}", f"not a column of ours. Those are: {known}"))
        elif key in heads:
            problems.append(Problem(line, heads[key], "the column is there twice"))
        else:
            heads[key], places[key] = name, at
    problems += [
        Problem(line, column.names[0], "the column is missing")
        for column in COLUMNS
        if column.needed and column.key not in heads
    ]
    return heads, places, problems


def bare(cell: str) -> str:
    """What stands in a cell, without spaces around it and without what Excel wraps texts in (="…", ')."""
    text = cell.replace("\u00a0", " ").strip()
    if wrapped := re.fullmatch(r'="(.*)"', text):
        text = wrapped.group(1).strip()
    return text.removeprefix("'").strip()
