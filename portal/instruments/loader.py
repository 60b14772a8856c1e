"""Reads instrument definitions from data files, and says plainly what is wrong with one."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, cast

from portal.instruments.rules import Comment, Instrument, Licence, Line, LineText, When

KEY = re.compile(r"[a-z][a-z0-9-]{0,39}")
LICENCES = ("open", "restricted", "local")
WHENS = ("before", "after")
STRUCTURE = {"key", "version", "licence_status", "when", "minutes", "lines"}
"""What a restricted definition may hold: nothing that has words in it."""
EVERYTHING = STRUCTURE | {"name", "title", "comment"}


class DefinitionError(Exception):
    """A definition cannot be used. The text says which file, where in it, and what is wrong."""


class _Table:
    """One TOML table, read key by key; what goes wrong is told with its place."""

    def __init__(self, data: object, where: str) -> None:
        if not isinstance(data, dict):
            raise DefinitionError(f"{where}: should be a table")
        self.data: Mapping[str, Any] = data
        self.where = where

    def wrong(self, what: str) -> DefinitionError:
        return DefinitionError(f"{self.where}: {what}")

    def only(self, allowed: set[str], why: str = "is not known") -> None:
        for name in self.data:
            if name not in allowed:
                raise self.wrong(f"{name!r} {why}")

    def text(self, name: str, *, optional: bool = False) -> str:
        value = self.data.get(name, "" if optional else None)
        if not isinstance(value, str) or not (optional or value.strip()):
            raise self.wrong(f"{name!r} should be a text")
        return value

    def whole(self, name: str) -> int:
        value = self.data.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self.wrong(f"{name!r} should be a whole number, at least 1")
        return value

    def one_of(self, name: str, choices: tuple[str, ...]) -> str:
        value = self.text(name)
        if value not in choices:
            raise self.wrong(f"{name!r} should be one of {', '.join(choices)}, not {value!r}")
        return value

    def key(self) -> str:
        value = self.text("key")
        if not KEY.fullmatch(value):
            raise self.wrong(f"'key' should be small letters, digits and hyphens, not {value!r}")
        return value

    def table(self, name: str) -> "_Table":
        if name not in self.data:
            raise self.wrong(f"{name!r} is missing")
        return _Table(self.data[name], f"{self.where}, {name}")

    def many(self, name: str) -> list["_Table"]:
        rows = self.data.get(name, [])
        if not isinstance(rows, list):
            raise self.wrong(f"{name!r} should be a list of tables")
        return [_Table(row, f"{self.where}, {name} {number}") for number, row in enumerate(rows, start=1)]

    def by_language(self) -> dict[str, str]:
        return {language: self.text(language) for language in self.data}


def read_file(path: Path) -> Instrument:
    """The instrument in one file. DefinitionError with the file's name when it cannot be used."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(f"{path.name}: is not TOML: {error}") from error
    instrument = read(data, path.name)
    if path.stem != f"{instrument.key}-{instrument.version}":
        raise DefinitionError(f"{path.name}: should be named {instrument.key}-{instrument.version}.toml")
    return instrument


def read(data: object, where: str) -> Instrument:
    """The instrument in a parsed table; `where` names it in errors (DefinitionError)."""
    table = _Table(data, where)
    licence = cast(Licence, table.one_of("licence_status", LICENCES))
    if licence == "restricted":
        table.only(STRUCTURE, "may not stand in a restricted definition: it has structure only")
        return _structure(table, licence, ())
    table.only(EVERYTHING)
    name, title = table.table("name").by_language(), table.table("title").by_language()
    if "sv" not in title:
        raise table.wrong("'title' has no Swedish (sv)")
    languages = tuple(title)
    if set(name) != set(languages):
        raise table.wrong("'name' and 'title' are not in the same languages")
    comment = _comment(table.table("comment"), languages) if "comment" in table.data else None
    return replace(_structure(table, licence, languages), name=name, title=title, comment=comment)


def _structure(table: _Table, licence: Licence, languages: tuple[str, ...]) -> Instrument:
    lines = tuple(_line(row, licence, languages) for row in table.many("lines"))
    if not lines:
        raise table.wrong("has no lines")
    if len({line.key for line in lines}) != len(lines):
        raise table.wrong("two lines have the same key")
    return Instrument(
        key=table.key(),
        version=table.whole("version"),
        licence=licence,
        when=cast(When, table.one_of("when", WHENS)),
        minutes=table.whole("minutes"),
        lines=lines,
        name={},
        title={},
    )


def _line(row: _Table, licence: Licence, languages: tuple[str, ...]) -> Line:
    if licence == "restricted":
        row.only({"key"}, "may not stand in a restricted definition: it has structure only")
        if not re.fullmatch(r"line-\d", row.key()):
            raise row.wrong("'key' in a restricted definition should be line-1, line-2, …")
        return Line(row.key(), "", {})
    row.only({"key", "icon", *languages})
    texts = {language: _line_text(row.table(language)) for language in languages}
    return Line(row.key(), row.text("icon"), texts)


def _line_text(table: _Table) -> LineText:
    table.only({field.name for field in fields(LineText)})
    return LineText(
        label=table.text("label"),
        question=table.text("question"),
        low=table.text("low"),
        high=table.text("high"),
        hint=table.text("hint", optional=True),
    )


def _comment(table: _Table, languages: tuple[str, ...]) -> Comment:
    table.only({"longest", "question"})
    question = table.table("question").by_language()
    if set(question) != set(languages):
        raise table.wrong("'question' is not in the same languages as 'title'")
    return Comment(table.whole("longest"), question)
