"""Text packs: read with their faults told by place, installed under a licence, ended and taken away."""

import re
import tomllib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.instruments import pack_queries, pack_service, queries
from portal.instruments.loader import LONGEST, DefinitionError, read_pack
from portal.instruments.models import TextPack
from portal.languages import LANGUAGES
from tests.conftest import FrozenClock
from tests.guards import tree
from tests.support.packs import LAST_DAY, MARK, PACKS, content, install

KEYS = ("ors", "srs")


@pytest.mark.parametrize("key", KEYS)
def test_a_pack_words_the_structure_in_every_language(key: str) -> None:
    found = read_pack(content(key), key, queries.structures())
    structure = queries.current(key)
    assert (found.licence, found.when, found.minutes) == ("local", structure.when, structure.minutes)
    assert [line.key for line in found.lines] == [line.key for line in structure.lines]
    assert set(found.languages) == set(LANGUAGES)
    assert found.notice["sv"] == MARK


@pytest.mark.parametrize("path", sorted(PACKS.iterdir()), ids=lambda path: path.name)
def test_a_pack_in_the_repository_is_made_up_and_says_so(path: Path) -> None:
    """The licensed wording is never here: each sentence of these names itself as made up."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    assert data["notice"] == {
        "sv": MARK,
        "en": "Demonstration text – not the licensed scale",
        "ar": "نص تجريبي – ليس المقياس المرخص",
    }
    made_up = {"sv": "påhittad", "en": "made-up", "ar": "مختلق"}
    for line in data["lines"]:
        for language, word in made_up.items():
            assert word in line[language]["question"].casefold()
            assert word in line[language]["label"].casefold()


def test_no_other_file_of_the_repository_words_a_licensed_scale() -> None:
    """The licensed wording is never here: what names itself local stands among the made-up packs."""
    elsewhere = [path for path in tree.tracked("*.toml") if PACKS not in path.parents]
    assert elsewhere
    assert [path for path in elsewhere if re.search(r"licence_status\s*=\s*.local", path.read_text())] == []


Change = Callable[[dict[str, Any]], object]
FAULTS: list[tuple[Change, str]] = [
    (lambda data: data.update(licence_status="open"), "ors.toml: 'licence_status' should be one of local"),
    (lambda data: data.update(key="xyz"), "no scale xyz 1 waits for words; these do: gsrs 1, ors 1, srs 1"),
    (lambda data: data.update(key="before"), "no scale before 1 waits for words"),
    (lambda data: data.update(version=2), "no scale ors 2 waits for words"),
    (lambda data: data.update(minutes=3), "ors.toml: 'minutes' is not known"),
    (lambda data: data["lines"].pop(), "'lines' should be line-1, line-2, line-3, line-4, in this order"),
    (lambda data: data["lines"].reverse(), "'lines' should be line-1"),
    (lambda data: data["lines"][1].pop("ar"), "ors.toml, lines 2: 'ar' is missing"),
    (lambda data: data["lines"][1].update(icon="x"), "ors.toml, lines 2: 'icon' is not known"),
    (lambda data: data["lines"][2]["en"].update(low=""), "ors.toml, lines 3, en: 'low' should be a text"),
    (lambda data: data["title"].pop("sv"), "'title' has no Swedish"),
    (lambda data: data["name"].pop("en"), "'name' and 'title' are not in the same languages"),
    (lambda data: data["notice"].pop("ar"), "'notice' and 'title' are not in the same languages"),
    (lambda data: data["title"].update(xx="x"), "'xx' is none of the portal's languages"),
    (
        lambda data: data["lines"][0]["sv"].update(question="ö" * (LONGEST + 1)),
        "ors.toml, lines 1, sv, question: has 601 characters, at most 600",
    ),
    (
        lambda data: data["lines"][3]["ar"].update(high="\u202e"),
        "lines 4, ar, high: has a sign that is not text",
    ),
    (
        lambda data: data["lines"][0]["sv"].update(question="\u200b"),
        "lines 1, sv, question: has a sign that is not text",
    ),
    (
        lambda data: data["lines"][0]["sv"].update(question="Hur\U000e0041?"),
        "lines 1, sv, question: has a sign that is not text",
    ),
    (
        lambda data: data["lines"][0]["sv"].update(question="\u200c"),
        "lines 1, sv: 'question' should be a text",
    ),
    (
        lambda data: data["title"].update(tomllib.loads(".".join(["a"] * 3000) + " = 1")),
        "is a table within too many others",
    ),
]


@pytest.mark.parametrize("change, message", FAULTS)
def test_a_fault_is_told_with_its_place(change: Change, message: str) -> None:
    data = content("ors")
    change(data)
    with pytest.raises(DefinitionError) as refused:
        read_pack(data, "ors.toml", queries.structures())
    assert message in str(refused.value)
    assert str(refused.value).startswith("ors.toml")


def states(session: Session, today: date) -> list[tuple[str, str, str]]:
    return [(pack.instrument, pack.scope, pack.state) for pack in pack_queries.packs(session, today)]


def test_a_digital_pack_is_sent_until_its_last_day(session: Session, now: datetime) -> None:
    made = install(session, "ors", now)
    found_id, found = pack_queries.to_send(session, "ors", LAST_DAY)
    assert (found_id, found.title["sv"]) == (made.id, "Påhittade frågor före mötet")
    with pytest.raises(DefinitionError, match="no licence"):
        pack_queries.to_send(session, "ors", LAST_DAY + timedelta(days=1))
    assert states(session, LAST_DAY) == [("ors", "digital", "in_use")]
    assert states(session, LAST_DAY + timedelta(days=1)) == [("ors", "digital", "expired")]


def test_a_licence_for_paper_sends_nothing_but_names_the_lines_for_staff(
    session: Session, now: datetime
) -> None:
    install(session, "ors", now, scope="paper")
    with pytest.raises(DefinitionError):
        pack_queries.to_send(session, "ors", now.date())
    (named,) = pack_queries.labelled(session, KEYS, now.date()).values()
    assert named.lines[0].texts["sv"].label == "Påhittad rad 1"


@pytest.mark.parametrize("ended", [False, True])
def test_the_lines_are_named_for_staff_as_long_as_the_licence_lasts(
    session: Session, now: datetime, ended: bool
) -> None:
    """To its last day or to when it is ended: after either, no wording is shown."""
    install(session, "ors", now, scope="paper")
    assert set(pack_queries.labelled(session, KEYS, LAST_DAY)) == {"ors"}
    if ended:
        pack_service.end(session, "ors", now)
    assert pack_queries.labelled(session, KEYS, LAST_DAY + timedelta(days=not ended)) == {}


def test_a_new_pack_takes_the_place_of_the_one_before(session: Session, now: datetime) -> None:
    install(session, "ors", now, scope="paper")
    install(session, "srs", now)
    second = install(session, "ors", now + timedelta(hours=1))
    assert pack_queries.to_send(session, "ors", now.date())[0] == second.id
    assert states(session, now.date()) == [
        ("ors", "digital", "in_use"),
        ("ors", "paper", "ended"),
        ("srs", "digital", "in_use"),
    ]
    found = pack_queries.newest(pack_queries.packs(session, now.date()), "ors")
    assert found is not None
    assert found.id == second.id


def test_what_is_wrong_replaces_nothing(session: Session, now: datetime) -> None:
    made = install(session, "ors", now)
    broken = content("ors")
    broken["lines"].pop()
    terms = pack_service.Terms("X", "1", "digital", LAST_DAY)
    with pytest.raises(DefinitionError):
        pack_service.install(session, broken, "ors.toml", terms, now)
    assert pack_queries.to_send(session, "ors", now.date())[0] == made.id


def test_ended_is_sent_no_more_and_removed_has_no_words_left(session: Session, now: datetime) -> None:
    made = install(session, "ors", now)
    pack_service.end(session, "ors", now)
    assert states(session, now.date()) == [("ors", "digital", "ended")]
    with pytest.raises(pack_service.NoPack):
        pack_service.end(session, "ors", now)
    assert pack_service.remove(session, "ors", now) == 1
    session.expire_all()
    assert session.scalars(select(TextPack.content)).all() == [None]
    assert states(session, now.date()) == [("ors", "digital", "removed")]
    assert pack_queries.wording("ors", 1, made.content).languages == ()
    with pytest.raises(pack_service.NoPack):
        pack_service.remove(session, "ors", now)


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    """An `instruments` command: its exit code, and what it printed."""
    found = app.test_cli_runner().invoke(args=["instruments", *arguments])
    return found.exit_code, found.output


LICENCE = ("--licence-holder", "Norrby", "--number", "D-7", "--scope", "digital", "--expires", "2027-06-30")


def test_the_commands_install_list_expire_and_remove(
    app: Flask, database: Database, frozen: FrozenClock
) -> None:
    code, said = run(app, "install", str(PACKS / "ors.toml"), *LICENCE)
    assert (code, "ors 1 is in use until 2027-06-30, scope digital." in said) == (0, True), said
    code, said = run(app, "list")
    assert code == 0
    assert "ors      version 1  restricted 4 lines" in said
    assert "digital  until 2027-06-30  Norrby, D-7: in use" in said
    assert run(app, "expire", "ors")[0] == 0
    assert "ended: not sent to phones" in run(app, "list")[1]
    assert run(app, "remove", "ors", "--yes")[0] == 0
    assert "wording taken away" in run(app, "list")[1]
    for command in (("expire", "ors"), ("remove", "ors", "--yes")):
        code, said = run(app, *command)
        assert code == 1
        assert "ors" in said


@pytest.mark.parametrize(
    "arguments, message",
    [
        (("no-such-file.toml", *LICENCE), "no-such-file.toml: cannot be read"),
        ((str(PACKS / "ors.toml"), *LICENCE[:-1], "2026-11-23"), "The licence ran out on 2026-11-23."),
        ((str(PACKS / "ors.toml"), "--licence-holder", " ", *LICENCE[2:]), "A licence has a holder"),
    ],
)
def test_the_command_says_what_is_wrong(
    app: Flask, database: Database, frozen: FrozenClock, arguments: tuple[str, ...], message: str
) -> None:
    code, said = run(app, "install", *arguments)
    assert code == 1
    assert message in said
    with database.reading() as session:
        assert session.scalars(select(TextPack)).all() == []
