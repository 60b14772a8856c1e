"""Reads instrument definitions and text packs, and says plainly what is wrong with one."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, cast

from portal.instruments.rules import Comment, Instrument, Licence, Line, LineText, When
from portal.languages import LANGUAGES
from portal.web.signs import has_controls, is_seen

KEY = re.compile(r"[a-z][a-z0-9-]{0,39}")
LICENCES = ("open", "restricted", "local")
WHENS = ("before", "after")
STRUCTURE = {"key", "version", "licence_status", "when", "minutes", "lines"}
"""What a restricted definition may hold: nothing that has words in it."""
EVERYTHING = STRUCTURE | {"name", "title", "comment"}
PACK = {"key", "version", "licence_status", "name", "title", "notice", "lines"}
LONGEST = 600
"""Characters of one text of a pack: a screen holds no more."""
DEEPEST = 10
"""Tables within tables that a pack is looked through for; it needs half of them."""


class DefinitionError(Exception):
    """A definition cannot be used. The text says which file, where in it, and what is wrong."""


class Table:
    """One TOML table, read key by key; what goes wrong is told with its place."""

    def __init__(self, data: object, where: str) -> None:
        if not isinstance(data, dict):
            raise DefinitionError(f"{where}: should be a table")
        self.data: Mapping[str, Any] = data
        self.where = where

    def wrong(self, what: str) -> DefinitionError:
        """What to raise, with this table's place."""
        return DefinitionError(f"{self.where}: {what}")

    def only(self, allowed: set[str], why: str = "is not known") -> None:
        """Refuse every name but these."""
        for name in self.data:
            if name not in allowed:
                raise self.wrong(f"{name!r} {why}")

    def text(self, name: str, *, optional: bool = False) -> str:
        """A text in which something is seen; "" where it is `optional` and missing."""
        value = self.data.get(name, "" if optional else None)
        if not isinstance(value, str) or not (optional or is_seen(value)):
            raise self.wrong(f"{name!r} should be a text")
        return value

    def whole(self, name: str) -> int:
        """A whole number from 1 on."""
        value = self.data.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self.wrong(f"{name!r} should be a whole number, at least 1")
        return value

    def one_of(self, name: str, choices: tuple[str, ...]) -> str:
        """One of a few words."""
        value = self.text(name)
        if value not in choices:
            raise self.wrong(f"{name!r} should be one of {', '.join(choices)}, not {value!r}")
        return value

    def key(self) -> str:
        """The name that answers are kept under."""
        value = self.text("key")
        if not KEY.fullmatch(value):
            raise self.wrong(f"'key' should be small letters, digits and hyphens, not {value!r}")
        return value

    def table(self, name: str) -> "Table":
        """A table within this one."""
        if name not in self.data:
            raise self.wrong(f"{name!r} is missing")
        return Table(self.data[name], f"{self.where}, {name}")

    def many(self, name: str) -> list["Table"]:
        """A list of tables, each with its number as its place."""
        rows = self.data.get(name, [])
        if not isinstance(rows, list):
            raise self.wrong(f"{name!r} should be a list of tables")
        return [Table(row, f"{self.where}, {name} {number}") for number, row in enumerate(rows, start=1)]

    def by_language(self) -> dict[str, str]:
        """One text in several languages."""
        return {language: self.text(language) for language in self.data}


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a file. DefinitionError with the file's name when it is not TOML, or not there."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DefinitionError(f"{path.name}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        # No TOML, no UTF-8; a number of thousands of digits, or brackets within thousands of brackets.
        raise DefinitionError(f"{path.name}: is not TOML: {error}") from error


def read_file(path: Path) -> Instrument:
    """The instrument in one file. DefinitionError with the file's name when it cannot be used."""
    instrument = read(read_toml(path), path.name)
    if path.stem != f"{instrument.key}-{instrument.version}":
        raise DefinitionError(f"{path.name}: should be named {instrument.key}-{instrument.version}.toml")
    return instrument


def read(data: object, where: str) -> Instrument:
    """The instrument in a parsed table; `where` names it in errors (DefinitionError)."""
    table = Table(data, where)
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


def _structure(table: Table, licence: Licence, languages: tuple[str, ...]) -> Instrument:
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


def _line(row: Table, licence: Licence, languages: tuple[str, ...]) -> Line:
    if licence == "restricted":
        row.only({"key"}, "may not stand in a restricted definition: it has structure only")
        if not re.fullmatch(r"line-\d", row.key()):
            raise row.wrong("'key' in a restricted definition should be line-1, line-2, …")
        return Line(row.key(), "", {})
    row.only({"key", "icon", *languages})
    texts = {language: line_text(row.table(language)) for language in languages}
    return Line(row.key(), row.text("icon"), texts)


def line_text(table: Table) -> LineText:
    """What is asked on one line in one language. DefinitionError names what is missing or not known."""
    table.only({field.name for field in fields(LineText)})
    return LineText(
        label=table.text("label"),
        question=table.text("question"),
        low=table.text("low"),
        high=table.text("high"),
        hint=table.text("hint", optional=True),
    )


def _comment(table: Table, languages: tuple[str, ...]) -> Comment:
    table.only({"longest", "question"})
    question = table.table("question").by_language()
    if set(question) != set(languages):
        raise table.wrong("'question' is not in the same languages as 'title'")
    return Comment(table.whole("longest"), question)


# Text packs: the wording of a licensed scale, brought from outside, onto a structure that is here already.


def read_pack(data: object, where: str, structures: Mapping[tuple[str, int], Instrument]) -> Instrument:
    """The structure that a pack words, with its words. `where` names the pack in errors (DefinitionError)."""
    table = Table(data, where)
    table.only(PACK)
    table.one_of("licence_status", ("local",))
    structure = _structure_of(table, structures)
    _plain(data, where)
    title = table.table("title").by_language()
    if "sv" not in title:
        raise table.wrong("'title' has no Swedish (sv)")
    languages = tuple(title)
    for language in languages:
        if language not in LANGUAGES:
            raise table.wrong(f"'title': {language!r} is none of the portal's languages")
    notice = table.table("notice").by_language() if "notice" in table.data else {}
    name = table.table("name").by_language()
    for part, texts in (("name", name), *([("notice", notice)] if notice else [])):
        if set(texts) != set(languages):
            raise table.wrong(f"{part!r} and 'title' are not in the same languages")
    lines = _worded(table, structure, languages)
    return replace(structure, licence="local", name=name, title=title, notice=notice, lines=lines)


def _structure_of(table: Table, structures: Mapping[tuple[str, int], Instrument]) -> Instrument:
    key, version = table.key(), table.whole("version")
    found = structures.get((key, version))
    if found is None or found.licence != "restricted":
        waiting = [one for one in structures.values() if one.licence == "restricted"]
        known = ", ".join(f"{one.key} {one.version}" for one in waiting)
        raise table.wrong(f"no scale {key} {version} waits for words; these do: {known}")
    return found


def _worded(table: Table, structure: Instrument, languages: tuple[str, ...]) -> tuple[Line, ...]:
    rows, keys = table.many("lines"), [line.key for line in structure.lines]
    if [row.key() for row in rows] != keys:
        raise table.wrong(f"'lines' should be {', '.join(keys)}, in this order")
    found = []
    for row in rows:
        row.only({"key", *languages})
        texts = {language: line_text(row.table(language)) for language in languages}
        found.append(Line(row.key(), "", texts))
    return tuple(found)


def _plain(data: object, where: str, deepest: int = DEEPEST) -> None:
    """Refuse a text that is too long for a screen, or holds signs that nobody sees."""
    if not deepest:
        raise DefinitionError(f"{where}: is a table within too many others")
    if isinstance(data, dict):
        for name, value in data.items():
            _plain(value, f"{where}, {name}", deepest - 1)
    elif isinstance(data, list):
        for number, value in enumerate(data, start=1):
            _plain(value, f"{where} {number}", deepest - 1)
    elif isinstance(data, str):
        if len(data) > LONGEST:
            raise DefinitionError(f"{where}: has {len(data)} characters, at most {LONGEST}")
        if has_controls(data):
            raise DefinitionError(f"{where}: has a sign that is not text")
