"""Definitions are data files: complete in every language, and licensed wording is never among them."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal.instruments import queries
from portal.instruments.loader import DefinitionError, read, read_file, read_toml
from portal.languages import LANGUAGES

FILES = sorted(queries.DEFINITIONS.glob("*.toml"))
LICENSED = ("ors", "srs", "gsrs")
OPEN = ("before", "after")


def parsed(name: str) -> dict[str, Any]:
    return tomllib.loads((queries.DEFINITIONS / f"{name}-1.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("key", OPEN)
def test_our_own_check_ins_are_open_and_whole_in_every_language(key: str) -> None:
    found = queries.current(key)
    assert found.licence == "open"
    assert set(found.languages) == set(LANGUAGES)
    for line in found.lines:
        assert set(line.texts) == set(LANGUAGES)
        assert line.icon


@pytest.mark.parametrize("key", OPEN)
def test_our_own_check_ins_are_another_construct_than_the_licensed_scales(key: str) -> None:
    found = queries.current(key)
    assert len(found.lines) != 4


@pytest.mark.parametrize("key", OPEN)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_left_in_another_script(key: str, language: str) -> None:
    found = queries.current(key)
    texts = [found.name[language], found.title[language]]
    for line in found.lines:
        text = line.texts[language]
        texts += [text.label, text.question, text.low, text.high, text.hint]
        assert text.question.endswith(("?", "؟"))
        assert text.low != text.high
    arabic = [bool(re.search(r"[\u0600-\u06ff]", text)) for text in texts if text]
    assert all(arabic) if language == "ar" else not any(arabic)


@pytest.mark.parametrize("key", LICENSED)
def test_licensed_scales_have_structure_and_no_words(key: str) -> None:
    found = queries.current(key)
    assert found.licence == "restricted"
    assert len(found.lines) == 4
    assert found.languages == ()
    with pytest.raises(DefinitionError, match="no wording"):
        queries.answerable(key)


def words_in(data: object) -> list[str]:
    if isinstance(data, dict):
        return [word for value in data.values() for word in words_in(value)]
    if isinstance(data, list):
        return [word for value in data for word in words_in(value)]
    return [data] if isinstance(data, str) else []


@pytest.mark.parametrize("path", [path for path in FILES if "restricted" in path.read_text(encoding="utf-8")])
def test_a_restricted_file_holds_no_sentence_even_in_a_remark(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert all(re.fullmatch(r"[a-z0-9-]{1,12}", word) for word in words_in(tomllib.loads(text)))
    assert [line for line in text.splitlines() if "#" in line] == [
        "# Structure only. The wording is licensed and is never kept here, in any language."
    ]


@pytest.mark.parametrize("place", ["name", "title", "comment"])
def test_a_restricted_definition_that_carries_text_is_refused(place: str) -> None:
    data = parsed("ors")
    data[place] = {"sv": "text"}
    with pytest.raises(DefinitionError, match=f"ors-1: '{place}' may not stand in a restricted"):
        read(data, "ors-1")


@pytest.mark.parametrize("name", ["sv", "icon", "label", "question"])
def test_a_line_with_text_in_a_restricted_definition_is_refused(name: str) -> None:
    data = parsed("srs")
    data["lines"][2][name] = "text"
    with pytest.raises(DefinitionError, match=f"lines 3: '{name}' may not stand in a restricted definition"):
        read(data, "srs-1.toml")


def test_a_line_key_that_says_what_is_asked_is_refused() -> None:
    data = parsed("ors")
    data["lines"][0]["key"] = "wellbeing"
    with pytest.raises(DefinitionError, match="line-1, line-2"):
        read(data, "ors-1.toml")


Change = Callable[[dict[str, Any]], object]
FAULTS: list[tuple[Change, str]] = [
    (lambda data: data["lines"][1].pop("ar"), "lines 2: 'ar' is missing"),
    (lambda data: data["title"].pop("sv"), "'title' has no Swedish"),
    (lambda data: data["name"].pop("ar"), "'name' and 'title' are not in the same languages"),
    (lambda data: data["lines"][0]["sv"].update(low=" "), "lines 1, sv: 'low' should be a text"),
    (lambda data: data["lines"][0]["sv"].update(lowest="x"), "lines 1, sv: 'lowest' is not known"),
    (lambda data: data["lines"][1].update(key="understood"), "two lines have the same key"),
    (
        lambda data: data.update(licence_status="free"),
        "'licence_status' should be one of open, restricted, local",
    ),
    (lambda data: data.update(version="one"), "'version' should be a whole number, at least 1"),
    (lambda data: data.update(key="Efter mötet"), "'key' should be small letters, digits and hyphens"),
    (lambda data: data.update(lines=[]), "has no lines"),
    (lambda data: data.update(lines="five"), "'lines' should be a list of tables"),
    (lambda data: data["comment"]["question"].pop("en"), "comment: 'question' is not in the same languages"),
    (lambda data: data.update(name="Efter"), "name: should be a table"),
]


@pytest.mark.parametrize("change, message", FAULTS)
def test_a_fault_is_told_with_its_place(change: Change, message: str) -> None:
    data = parsed("after")
    change(data)
    with pytest.raises(DefinitionError) as refused:
        read(data, "after-1.toml")
    assert str(refused.value).startswith("after-1.toml")
    assert message in str(refused.value)


@pytest.mark.parametrize(
    "nasty",
    [b"a = " + b"[" * 3000 + b"]" * 3000, b"a = " + b"9" * 5000, b"a = \xff", b"a = \x00", b"a"],
    ids=["brackets", "digits", "no UTF-8", "NUL", "no TOML"],
)
def test_a_file_that_cannot_be_read_is_told_by_name(tmp_path: Path, nasty: bytes) -> None:
    path = tmp_path / "ors.toml"
    path.write_bytes(nasty)
    with pytest.raises(DefinitionError, match=r"ors\.toml: is not TOML"):
        read_toml(path)


def test_a_file_is_named_after_its_key_and_version(tmp_path: Path) -> None:
    path = tmp_path / "efter-1.toml"
    path.write_text((queries.DEFINITIONS / "after-1.toml").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"efter-1\.toml: should be named after-1\.toml"):
        read_file(path)


@pytest.mark.parametrize("content", [b"key = ", b"key = '\xff'"])
def test_a_file_that_is_not_toml_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x-1.toml"
    path.write_bytes(content)
    with pytest.raises(DefinitionError, match=r"x-1\.toml: is not TOML"):
        read_file(path)


def test_an_older_version_stays_readable_beside_the_current_one(tmp_path: Path) -> None:
    text = (queries.DEFINITIONS / "after-1.toml").read_text(encoding="utf-8")
    (tmp_path / "after-1.toml").write_text(text, encoding="utf-8")
    (tmp_path / "after-2.toml").write_text(text.replace("version = 1", "version = 2"), encoding="utf-8")
    assert [(key, version) for key, version in queries.load(tmp_path)] == [("after", 1), ("after", 2)]
