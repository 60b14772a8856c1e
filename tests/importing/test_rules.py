"""What a file of participants may hold, cell by cell and row against row; no database."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from portal.identity.importing import cell_rules as cells
from portal.identity.importing import rules, sheet_rules
from portal.identity.importing.cell_rules import Menu, Wrong
from portal.identity.importing.rules import House
from portal.identity.importing.sheet_rules import COLUMNS, Problem, Unreadable

LISTS = {
    "referrer": Menu.of([("fk", ["Försäkringskassan", "fk"])]),
    "outcome": Menu.of([("work", ["Arbete", "Work", "work"]), ("dropout", ["Slutade"])]),
    "income": Menu.of([("social", ["Försörjningsstöd"]), ("wage", ["Lön"])]),
}
HOUSE = House(
    today=date(2026, 11, 24),
    languages=Menu.of([("sv", ["Svenska", "sv", "Swedish"]), ("ar", ["العربية", "ar", "arabiska"])]),
    programmes=Menu.of([("p", ["Vägen"])]),
    teams=Menu.of([("n", ["Team Norr"]), ("s", ["Team Söder"])]),
    coaches={"n": Menu.of([("k", ["Karin Lund", "k@example.se"]), ("k2", ["Karin Lund", "l@example.se"])])},
    municipalities=Menu.of([("norr", ["Norrby"])]),
    education=Menu.of([("none", ["Ingen skola"])]),
    lists={"p": LISTS},
)
HEAD = "Namn;Team;Start"


def problems(text: str) -> list[Problem]:
    return list(rules.read(sheet_rules.read(text.encode()), HOUSE).problems)


def people(text: str) -> tuple[rules.Newcomer, ...]:
    found = rules.read(sheet_rules.read(text.encode()), HOUSE)
    assert not found.problems
    return found.people


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfNamn;Team;Start\r\nNina Ny;Team Norr;2026-01-01\r\n",
        b"name,team,started_on\nNina Ny,TEAM NORR,2026-01-01",
        b"sep=;\r\nNamn;Team;Start;;\r\n\r\nNina Ny;team norr;2026-01-01 00:00:00;;\r\n;;;;\r\n",
        'Namn\tTeam\tStarted on\n"Nina\u00a0 Ny "\t="Team Norr"\t\'2026-01-01'.encode(),
    ],
)
def test_a_file_is_read_as_excel_or_anybody_writes_it(content: bytes) -> None:
    found = rules.read(sheet_rules.read(content), HOUSE)
    assert found.problems == ()
    assert [(one.own.name, one.courses[0].team, one.courses[0].begins) for one in found.people] == [
        ("Nina Ny", "n", date(2026, 1, 1))
    ]


@pytest.mark.parametrize(
    "content, says",
    [
        (b"", "empty"),
        (b" \r\n;;\r\n", "empty"),
        (b"Namn;Team;Start\n", "no row"),
        ("Namn;Kön\nÅsa;k".encode("latin-1"), "UTF-8"),
        ("Namn;Kön\nÅsa;k".encode("utf-16"), "UTF-8"),
        (b"PK\x03\x04rest", "workbook"),
        (b"Namn;Team\n" + b"x" * 200_000, "cannot be read as CSV"),
    ],
)
def test_what_is_no_table_is_told_with_what_to_do(content: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        sheet_rules.read(content)


def test_a_file_without_a_head_does_not_repeat_what_stands_in_its_place() -> None:
    """S44: the first row may be a person."""
    found = problems("Nina Ny;0701740605\nOla Ek;0701740606")
    assert [one.column for one in found[:2]] == ["column 1", "column 2"]
    assert not any("Nina" in one.reason or "0701" in one.reason for one in found)


def test_wrong_heads_are_told_by_name() -> None:
    found = {
        (one.line, one.column): one.reason
        for one in problems("Namn;Namn;Skostorlek;Team;Start\nA;A;4;Team Norr;2026-01-01;x")
    }
    assert found[1, "Namn"] == "the column is there twice"
    assert "Mobilnummer" in found[1, "column 3"]
    assert found[2, ""] == "more cells than the head has columns"
    assert (1, "Namn") in {(one.line, one.column) for one in problems("Team;Start\nTeam Norr;2026-01-01")}


@pytest.mark.parametrize(
    "typed, stored",
    [
        ("", ""),
        ("070-174 06 05", "+46701740605"),
        ("701740605", "+46701740605"),
        ("701740605.0", "+46701740605"),
        ("46701740605", "+46701740605"),
        ("0046701740605", "+46701740605"),
        ("+46 70 174 06 05", "+46701740605"),
    ],
)
def test_numbers_are_read_as_a_sheet_leaves_them(typed: str, stored: str) -> None:
    assert cells.phone(typed, foreign=False) == stored


@pytest.mark.parametrize(
    "typed, says",
    [
        ("7,01741E+08", "Excel has shortened"),
        ("08-123 456 78", "mobile"),
        ("070", "short"),
        ("ring", "no phone"),
    ],
)
def test_a_wrong_number_is_told_why(typed: str, says: str) -> None:
    with pytest.raises(Wrong, match=says):
        cells.phone(typed, foreign=False)


@pytest.mark.parametrize(
    "typed, says",
    [
        ("24/11 2026", "2026-11-24"),
        ("46350", "Excel's own number"),
        ("2026-02-30", "no such day"),
        ("2026-11-24 13:00", "2026-11-24"),
    ],
)
def test_a_day_is_written_in_one_way(typed: str, says: str) -> None:
    with pytest.raises(Wrong, match=says):
        cells.day(typed)


@pytest.mark.parametrize(
    "typed, band",
    [
        ("", ""),
        ("16", "youth"),
        ("13.0", "youth"),
        ("18", "adult"),
        ("61", "adult"),
        ("13–17 år", "youth"),
        ("13-17", "youth"),
        ("Ungdom", "youth"),
        ("18 år eller äldre", "adult"),
        ("18+", "adult"),
        ("vuxen", "adult"),
    ],
)
def test_an_age_is_a_number_of_years_or_a_band(typed: str, band: str) -> None:
    """The cut-offs of ORS and SRS are others from 13 to 17 years."""
    assert cells.age(typed) == band


@pytest.mark.parametrize(
    "typed, says",
    [("12", "from 13 years on"), ("121", "from 13 years on"), ("1987", "Valid"), ("barn", "Valid")],
)
def test_what_is_no_age_is_told(typed: str, says: str) -> None:
    with pytest.raises(Wrong, match=says):
        cells.age(typed)


def test_every_cell_that_is_wrong_is_told_at_once() -> None:
    """Every bad row by line, column and reason: all of them, in order, and none stops another."""
    text = (
        "Namn;Mobilnummer;Språk;Kön;Född i Sverige;Ålder;Kommun;Utbildning;Insats;Team;Coach;Remitterad av;"
        "Intag;Ansökan;Första mötet;Start;Avslut;Vad det blev;Inkomst vid start;Inkomst vid avslut\n"
        ";1;tlh;x;kanske;barn;Oslo;x;Bron;Team Öst;Karin Lund;x;0;igår;x;x;x;x;x;x\n"
        "Ada;;;;;;;;Vägen;Team Norr;Karin Lund;AF;1000;2027-01-01;2026-01-01;1999-01-01;;Arbete;x;Lön\n"
        "Bo;;;;;;;;;Team Söder;Karin Lund;;;;;;2026-11-25;;;\n"
    )
    found = problems(text)
    told = {(one.line, one.column): one.reason for one in found}
    assert {column for line, column in told if line == 2} == {
        "Namn", "Mobilnummer", "Språk", "Kön", "Född i Sverige", "Ålder", "Kommun", "Utbildning", "Insats",
        "Team", "Intag", "Ansökan", "Första mötet", "Start", "Avslut",
    }  # fmt: skip
    assert told[2, "Insats"] == "not in the list. Valid: Vägen"
    assert told[2, "Team"] == "not in the list. Valid: Team Norr, Team Söder"
    assert told[3, "Coach"] == "two have this name: write the e-mail address"
    assert told[3, "Remitterad av"] == "not in the list. Valid: Försäkringskassan"
    assert told[3, "Ansökan"] == "that day has not been yet"
    assert told[3, "Start"] == "that year cannot be right"
    assert (
        told[3, "Vad det blev"] == told[3, "Inkomst vid avslut"] == "stands here, but the last day is missing"
    )
    assert told[3, "Inkomst vid start"] == "not in the list. Valid: Försörjningsstöd, Lön"
    assert told[4, "Coach"] == "not in the list. Valid: nothing, the list is empty"
    assert told[4, "Avslut"] == "that day has not been yet"
    assert told[4, "Vad det blev"] == "missing for somebody who has ended. Valid: Arbete, Slutade"
    assert [one.line for one in found] == sorted(one.line for one in found)


def test_two_people_cannot_share_a_number_but_one_may_come_back() -> None:
    head = "Person;Namn;Mobilnummer;Team;Start;Avslut;Vad det blev"
    first = "Nina Ny;070-174 06 05;Team Norr;2024-01-01;2024-12-31;Arbete"
    again = "Nina Ny;;Team Söder;2025-03-01;;"
    other = "Ola Ek;0701740605;Team Norr;2025-03-01;;"
    (shared,) = problems(f"{head}\n;{first}\n;{other}")
    assert (shared.line, shared.column) == (3, "Mobilnummer")
    assert "line 2" in shared.reason
    assert "column Person" in shared.reason
    (nina,) = people(f"{head}\nN1;{again}\nN1;{first}")
    assert nina.own.phone == "+46701740605"
    assert [course.team for course in nina.courses] == ["n", "s"]
    assert nina.courses[-1].dates.closed_on is None


def test_rows_of_one_person_must_agree_and_follow_each_other() -> None:
    head = "Person;Namn;Kön;Team;Start;Avslut;Vad det blev"
    found = problems(
        f"{head}\n1;Nina Ny;k;Team Norr;2024-01-01;;"
        "\n1;Nina Gammal;man;Team Norr;2025-01-01;2025-05-01;Arbete"
    )
    assert [(one.column, one.reason.split(",")[0]) for one in found] == [
        ("Namn", "not the same as in line 2"),
        ("Kön", "not the same as in line 2"),
        ("Start", "the same person as in line 2"),
    ]


def test_the_same_row_twice_is_not_two_people() -> None:
    row = "Nina Ny;Team Norr;2026-01-01"
    (found,) = problems(f"{HEAD}\n{row}\n{row}")
    assert found == Problem(3, "Namn", "the same person and enrolment as in line 2")


def test_a_name_is_kept_as_written_and_never_mirrors_a_line() -> None:
    """S28"""
    assert cells.name("  Åsa \u00a0 Öberg ") == "Åsa Öberg"
    assert cells.name("\ufeffÅsa\u2028\u200fÖ\u200bberg\U000e0041") == "Åsa Öberg"
    assert cells.name("علی\u200cرضا") == "علی\u200cرضا"
    for wrong in ("", "x" * 121, "a\u202eb", "a\x07b", "\u200b", "\u200e\u200f", "\U000e0041", "\u2060"):
        with pytest.raises(Wrong):
            cells.name(wrong)


def test_a_word_may_be_written_in_any_of_its_languages() -> None:
    for typed in ("Arbete", "ARBETE", "work", "Work"):
        assert LISTS["outcome"].find(typed) == "work"
    many = Menu.of((str(number), [f"ord {number}"]) for number in range(40))
    assert many.listed.endswith("and 10 more")


@given(
    some.lists(
        some.dictionaries(some.sampled_from([one.key for one in COLUMNS]), some.text(max_size=30)),
        min_size=1,
        max_size=5,
    )
)
@example([{"phone": " "}, {"phone": "\u200e"}])
def test_whatever_stands_in_a_file_is_answered(rows: list[dict[str, str]]) -> None:
    """No content of cells breaks the reading, and no reason repeats a long one (S44)."""
    sheet = sheet_rules.Sheet(
        {column.key: column.names[0] for column in COLUMNS},
        tuple(sheet_rules.SheetRow(number, row) for number, row in enumerate(rows, 2)),
        (),
    )
    found = rules.read(sheet, HOUSE)
    assert bool(found.people) != bool(found.problems)
