"""Our survey is whole in every language, and a fault in a definition is told with its place."""

import re
import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from portal.instruments.loader import DefinitionError
from portal.languages import LANGUAGES
from portal.surveys import queries
from portal.surveys.loader import read, read_file
from portal.web.icons import icon_svg

NAME = "satisfaction-1.toml"


def parsed() -> dict[str, Any]:
    return tomllib.loads((queries.DEFINITIONS / NAME).read_text(encoding="utf-8"))


def test_our_survey_has_twelve_to_fifteen_questions_about_what_evaluations_ask() -> None:
    found = queries.current()
    assert 12 <= len(found.questions) <= 15
    assert {question.key for question in found.questions} >= {
        "reception",
        "time",
        "influence",
        "told",
        "support",
        "interpreter",
        "premises",
        "information",
        "fair",
        "closer",
        "change",
        "better",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there_in_every_language_and_in_its_script(language: str) -> None:
    found = queries.current()
    texts = [found.name[language], found.title[language]]
    for question in found.questions:
        asked = question.texts[language]
        texts += [asked.label, asked.question, asked.hint, question.not_for_me[language]]
        texts += [option.texts[language] for option in question.options]
        assert asked.question.endswith(("?", "؟"))
        assert len({option.texts[language] for option in question.options}) == len(question.options)
        assert icon_svg(question.icon)
    arabic = [bool(re.search(r"[\u0600-\u06ff]", text)) for text in texts if text]
    assert all(arabic) if language == "ar" else not any(arabic)


def test_a_no_to_adapted_support_cannot_be_mistaken_for_needing_none() -> None:
    """An evaluation struck three of four no's as misunderstood: here each answer says what it means."""
    support = queries.current().question("support")
    (no,) = [option for option in support.options if option.key == "none"]
    assert "inte det stöd jag behöver" in no.texts["sv"]
    assert "behöver inget" in support.not_for_me["sv"]
    assert "Till exempel" in support.texts["sv"].hint


Change = Callable[[dict[str, Any]], object]
FAULTS: list[tuple[Change, str]] = [
    (lambda data: data["title"].pop("sv"), "'title' has no Swedish"),
    (lambda data: data["name"].pop("ar"), "name: 'ar' should be a text"),
    (lambda data: data["name"].update(fi="Kysely"), "name: 'fi' is not a language of 'title'"),
    (lambda data: data["questions"][1].pop("ar"), "questions 2: 'ar' is missing"),
    (lambda data: data["questions"][0]["sv"].update(question=" "), "questions 1, sv: 'question' should be"),
    (lambda data: data["questions"][0]["sv"].update(help="x"), "questions 1, sv: 'help' is not known"),
    (lambda data: data["questions"][0].update(kind="scale"), "'kind' should be one of choice, text"),
    (lambda data: data["questions"][1].update(key="reception"), "two questions have the same key"),
    (lambda data: data["questions"][0].update(options=[]), "from 2 to 5 options, not 0"),
    (
        lambda data: data["questions"][0]["options"][1].update(key="very-good"),
        "two options have the same key",
    ),
    (lambda data: data["questions"][0]["options"][1].update(key="skipped"), "options 2: 'key' may not be"),
    (lambda data: data["questions"][0]["options"][0].pop("en"), "options 1: 'en' should be a text"),
    (lambda data: data["questions"][0]["options"][0].update(good="yes"), "'good' should be true or false"),
    (
        lambda data: [option.update(good=False) for option in data["questions"][0]["options"]],
        "some options should be good, and some not",
    ),
    (lambda data: data["questions"][-1].update(options=[]), "is not known in a question of kind 'text'"),
    (lambda data: data["questions"][-1].pop("longest"), "'longest' should be a whole number"),
    (lambda data: data.update(questions=[]), "has no questions"),
    (lambda data: data.update(version="one"), "'version' should be a whole number"),
    (lambda data: data.update(extra=1), "'extra' is not known"),
]


@pytest.mark.parametrize("change, message", FAULTS)
def test_a_fault_is_told_with_its_place(change: Change, message: str) -> None:
    data = parsed()
    change(data)
    with pytest.raises(DefinitionError) as refused:
        read(data, NAME)
    assert str(refused.value).startswith(NAME)
    assert message in str(refused.value)


def test_a_file_is_named_by_its_key_and_version(tmp_path: Any) -> None:
    wrong = tmp_path / "survey.toml"
    wrong.write_text((queries.DEFINITIONS / NAME).read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(DefinitionError, match=re.escape("should be named satisfaction-1.toml")):
        read_file(wrong)
    wrong.write_text("key = ", encoding="utf-8")
    with pytest.raises(DefinitionError, match="is not TOML"):
        read_file(wrong)
