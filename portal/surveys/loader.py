"""Reads survey definitions from data files, and says plainly what is wrong with one and where."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from portal.instruments.loader import DefinitionError, Table
from portal.surveys.rules import ANSWERED, STATES, Kind, Option, Question, QuestionText, Survey

KINDS = ("choice", "text")
FEWEST_OPTIONS, MOST_OPTIONS = 2, 5


def load(folder: Path) -> Mapping[tuple[str, int], Survey]:
    """Every definition in a folder. DefinitionError names the file and place of the first fault."""
    found = [read_file(path) for path in sorted(folder.glob("*.toml"))]
    return {(survey.key, survey.version): survey for survey in found}


def read_file(path: Path) -> Survey:
    """The survey in one file. DefinitionError with the file's name when it cannot be used."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(f"{path.name}: is not TOML: {error}") from error
    survey = read(data, path.name)
    if path.stem != f"{survey.key}-{survey.version}":
        raise DefinitionError(f"{path.name}: should be named {survey.key}-{survey.version}.toml")
    return survey


def read(data: object, where: str) -> Survey:
    """The survey in a parsed table; `where` names it in errors (DefinitionError)."""
    table = Table(data, where)
    table.only({"key", "version", "minutes", "name", "title", "not_for_me", "questions"})
    title = table.table("title").by_language()
    if "sv" not in title:
        raise table.wrong("'title' has no Swedish (sv)")
    languages = tuple(title)
    not_for_me = _in_all(table.table("not_for_me"), languages)
    questions = tuple(_question(row, languages, not_for_me) for row in table.many("questions"))
    if not questions:
        raise table.wrong("has no questions")
    if len({question.key for question in questions}) != len(questions):
        raise table.wrong("two questions have the same key")
    return Survey(
        key=table.key(),
        version=table.whole("version"),
        minutes=table.whole("minutes"),
        name=_in_all(table.table("name"), languages),
        title=title,
        questions=questions,
    )


def _in_all(table: Table, languages: tuple[str, ...]) -> dict[str, str]:
    """A text in each of the languages and no other."""
    table.only(set(languages), "is not a language of 'title'")
    return {language: table.text(language) for language in languages}


def _question(row: Table, languages: tuple[str, ...], not_for_me: dict[str, str]) -> Question:
    kind = cast(Kind, row.one_of("kind", KINDS))
    own = {"longest"} if kind == "text" else {"options", "not_for_me"}
    row.only({"key", "kind", "icon", *own, *languages}, f"is not known in a question of kind {kind!r}")
    return Question(
        key=row.key(),
        kind=kind,
        icon=row.text("icon"),
        texts={language: _text(row.table(language)) for language in languages},
        options=() if kind == "text" else _options(row, languages),
        not_for_me=_in_all(row.table("not_for_me"), languages) if "not_for_me" in row.data else not_for_me,
        longest=row.whole("longest") if kind == "text" else 0,
    )


def _text(table: Table) -> QuestionText:
    table.only({"label", "question", "hint"})
    return QuestionText(table.text("label"), table.text("question"), table.text("hint", optional=True))


def _options(row: Table, languages: tuple[str, ...]) -> tuple[Option, ...]:
    options = tuple(_option(one, languages) for one in row.many("options"))
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        raise row.wrong(f"should have from {FEWEST_OPTIONS} to {MOST_OPTIONS} options, not {len(options)}")
    if len({option.key for option in options}) != len(options):
        raise row.wrong("two options have the same key")
    if not any(option.good for option in options) or all(option.good for option in options):
        raise row.wrong("some options should be good, and some not")
    return options


def _option(one: Table, languages: tuple[str, ...]) -> Option:
    one.only({"key", "good", *languages})
    good = one.data.get("good", False)
    if not isinstance(good, bool):
        raise one.wrong("'good' should be true or false")
    key = one.key()
    if key.replace("-", "_") in STATES or key == ANSWERED:
        raise one.wrong(f"'key' may not be {key!r}: it is a state")
    return Option(key, good, {language: one.text(language) for language in languages})
