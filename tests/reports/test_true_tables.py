"""Five tables that reports have printed: one made-up row for each person they count, taken in by the command,

and each table that the portal prints is equal to its file, cell by cell. Each file is a programme of its own
with its own words.
"""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook

from portal.db import Database
from portal.organisation.models import Choice, Programme, Team
from tests.conftest import SignIn
from tests.support.pages import Client
from tests.support.world import World

DATA = Path(__file__).parents[1] / "data"
HEAD = (
    "Namn;Kön;Insats;Team;Remitterad av;Intag;Ansökan;Start;Avslut;Vad det blev;"
    "Inkomst vid start;Inkomst vid avslut"
)
WOMEN, MEN = {"kvinna": "women", "man": "men"}, {"women": "Kvinnor", "men": "Män", "total": "Totalt"}
Row = dict[str, str]


def file(name: str) -> list[Row]:
    """A true table, as it stands."""
    with (DATA / f"{name}.csv").open() as opened:
        return list(csv.DictReader(opened))


def each(number: str, **facts: str) -> Iterator[Row]:
    """So many made-up people."""
    for _ in range(int(number)):
        yield facts


def by_gender(name: str, leave: set[str], facts: Callable[[str], Row]) -> Iterator[Row]:
    """One row for each person of a table of women and men."""
    for row in file(name):
        kind = {"women": "kvinna", "men": "man"}.get(row["gender"])
        for column, number in row.items():
            if kind and column not in leave:
                yield from each(number, Kön=kind, **facts(column))


def closures() -> Iterator[Row]:
    (row,) = file("closures_by_outcome_2023")
    ended = {"Start": "2023-01-10", "Avslut": "2023-10-01"}
    for outcome, number in row.items():
        if outcome != "closed":
            yield from each(number, **ended, **{"Vad det blev": outcome})


def referrers() -> Iterator[Row]:
    (row,) = file("referrers_2023")
    for referrer, number in row.items():
        yield from each(number, **{"Start": "2023-03-01", "Remitterad av": referrer})


def people() -> dict[str, list[Row]]:
    """{file: a row for each person it counts}."""
    started = {"Start": "2023-05-02"}
    return {
        "closures_by_outcome_2023": list(closures()),
        "referrers_2023": list(referrers()),
        "gender_per_intake": list(
            by_gender(
                "gender_per_intake", {"gender", "total"}, lambda column: {**started, "Intag": column[7:]}
            )
        ),
        "income_at_start": list(
            by_gender("income_at_start", {"gender"}, lambda column: {**started, "Inkomst vid start": column})
        ),
        "results_at_closure_by_gender": list(
            by_gender(
                "results_at_closure_by_gender",
                {"gender", "total"},
                lambda column: {**started, "Avslut": "2023-12-01", "Vad det blev": column},
            )
        ),
    }


LISTS = {
    "closures_by_outcome_2023": ("outcome", {"closed"}),
    "referrers_2023": ("referrer", set[str]()),
    "income_at_start": ("income", {"gender"}),
    "results_at_closure_by_gender": ("outcome", {"gender", "total"}),
}
"""Of each file with words of its own: the list, and the columns that are no word of it."""


@pytest.fixture
def programmes(database: Database, world: World) -> dict[str, Programme]:
    """A programme for each file, with its words: what a column of the file is called."""
    made = {}
    with database.transaction() as session:
        position = count(100)
        codes: set[str] = set()
        for name in people():
            kind, leave = LISTS.get(name, ("", set[str]()))
            own = [column for column in file(name)[0] if column not in leave] if kind else []
            for word in own:
                code = f"{name}-{word}"
                assert code not in codes
                codes.add(code)
                session.add(
                    Choice(
                        organisation_id=world.organisation.id,
                        kind=kind,
                        code=code,
                        words={"sv": word},
                        position=next(position),
                        counts_as={"dropouts": "dropout", "work": "goal", "studies": "goal"}.get(word, ""),
                    )
                )
            made[name] = Programme(
                organisation_id=world.organisation.id,
                name=name,
                starts_on=date(2023, 1, 1),
                targets={},
                partners=[],
                lists={kind: [f"{name}-{word}" for word in own]} if kind else {},
            )
            session.add(made[name])
        session.flush()
        session.add(Team(organisation_id=world.organisation.id, name="Team Väst", municipality="Väst"))
    return made


@pytest.fixture
def taken_in(app: Flask, programmes: dict[str, Programme], tmp_path: Path) -> dict[str, Programme]:
    """Everybody of the five files, in one file, through the command."""
    columns = HEAD.split(";")
    lines = [HEAD]
    for name, rows in people().items():
        for number, row in enumerate(rows):
            whole = {"Namn": f"Påhittad {name} {number}", "Insats": name, "Team": "Team Norr", **row}
            lines.append(";".join(whole.get(column, "") for column in columns))
    path = tmp_path / "people.csv"
    path.write_text("\n".join(lines))
    asked = ["participants", "import", str(path), "--organisation", "norrby"]
    done = app.test_cli_runner().invoke(args=asked)
    assert done.exit_code == 0, done.output
    assert f"people:           {len(lines) - 1}, 0 with a number" in done.output
    return programmes


def taken_out(browser: Client, programme: Programme, table: str) -> list[list[str]]:
    """The table that the portal prints, head and rows, as its CSV has it."""
    path = f"/staff/reports/csv?table={table}&period=2023&programme={programme.id}"
    text = browser.get(path).get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def expected(name: str, heads: Row) -> list[list[str]]:
    """The true table with the words that the portal uses for its first column and its sums."""
    rows = file(name)
    words = [heads.get(column, column) for column in rows[0]]
    return [words, *([MEN.get(cell, cell) for cell in row.values()] for row in rows)]


CASES = [
    ("closures_by_outcome_2023", "closures", {"closed": "Avslutade", "dropouts": "Slutade i förtid"}),
    ("referrers_2023", "referrers", {}),
    (
        "gender_per_intake",
        "gender-per-intake",
        {"gender": "Kön", "total": "Totalt", **{f"intake_{n}": f"Intag {n}" for n in range(1, 9)}},
    ),
    ("income_at_start", "income-at-start", {"gender": "Kön"}),
    ("results_at_closure_by_gender", "outcomes", {"gender": "Kön", "total": "Totalt"}),
]


def test_each_table_is_equal_to_its_file(
    taken_in: dict[str, Programme], sign_in: SignIn, world: World
) -> None:
    lead = sign_in(world.lead)
    for name, table, heads in CASES:
        assert taken_out(lead, taken_in[name], table) == expected(name, heads), name


def test_each_table_stands_on_the_page_and_in_the_workbook_too(
    taken_in: dict[str, Programme], sign_in: SignIn, world: World
) -> None:
    lead = sign_in(world.lead)
    for name, table, heads in CASES:
        query = f"period=2023&programme={taken_in[name].id}"
        wanted = expected(name, heads)
        assert on_page(lead.get(f"/staff/reports?{query}").text, table) == wanted, name
        book = load_workbook(io.BytesIO(lead.get(f"/staff/reports/xlsx?table={table}&{query}").data))
        rows = [[str(cell) for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)]
        assert rows == wanted, name


def on_page(html: str, table: str) -> list[list[str]]:
    """A table's cells as the page shows them."""
    import html5lib

    tree = html5lib.parse(html, namespaceHTMLElements=False)
    section = next(one for one in tree.iter("div") if one.get("aria-labelledby") == table)
    return [
        ["".join(cell.itertext()).strip() for cell in row if cell.tag in ("th", "td")]
        for row in section.iter("tr")
    ]


def test_the_files_count_as_they_say() -> None:
    """The sums of the files themselves: drop-outs stand outside the closed, totals are totals."""
    (closed,) = file("closures_by_outcome_2023")
    outcomes = {name: int(number) for name, number in closed.items() if name not in ("closed", "dropouts")}
    assert (int(closed["closed"]), sum(outcomes.values()), int(closed["dropouts"])) == (62, 62, 1)
    counted = {name: len(rows) for name, rows in people().items()}
    assert counted == {
        "closures_by_outcome_2023": 63,
        "referrers_2023": 30,
        "gender_per_intake": 101,
        "income_at_start": 96,
        "results_at_closure_by_gender": 68,
    }
