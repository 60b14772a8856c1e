"""Figures for the lead: as reports print them, with a picture and a table, as files, and left out."""

import csv
import io
from datetime import UTC, datetime

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.journal.models import JournalRow
from portal.surveys.freeze_service import freeze
from portal.surveys.models import SurveyLeftOut
from tests.conftest import SignIn
from tests.support.pages import Client, parse, text_of
from tests.support.world import World
from tests.surveys.conftest import Respond

SVG = "{http://www.w3.org/2000/svg}"
OCTOBER = datetime(2026, 10, 15, 9, tzinfo=UTC)


@pytest.fixture
def lead(sign_in: SignIn, world: World) -> Client:
    """The lead of the first team."""
    return sign_in(world.lead)


@pytest.fixture
def page(world: World) -> str:
    """Where the team's figures are."""
    return f"/staff/surveys/{world.here.team.id}/ongoing"


@pytest.fixture
def answered(session: Session, respond: Respond, now: datetime) -> None:
    """Thirty sheets with the shares of a known evaluation, and words that look like a formula."""
    said = ["all"] * 13 + ["none"] * 4 + ["not_for_me"] * 5 + ["dont_know"] + ["skipped"] * 7
    for number, support in enumerate(said):
        respond(
            OCTOBER,
            support=support,
            time="often" if number % 3 else "never",
            better="=1+1" if number == 0 else f"Mer tid, tack {number}",
            gender="woman" if number % 2 else "man",
        )
    freeze(session, now)
    session.commit()


def test_below_five_the_page_says_so_in_plain_words(lead: Client, page: str) -> None:
    assert "Färre än 5 svar än" in text_of(lead.get("/staff/surveys"))
    text = text_of(lead.get(page))
    assert "Färre än 5 har svarat än." in text
    assert "Ingen kan öppna en enskild persons svar." in text


@pytest.mark.usefixtures("answered")
def test_figures_are_printed_with_their_base(lead: Client, page: str) -> None:
    text = text_of(lead.get(page))
    assert "13 av 17 (76 %), 7 svarade inte, 5 gäller inte, 1 vet inte" in text
    assert "20 av 30 (67 %)" in text
    assert "30 skrev något" in text
    assert "Mer tid, tack 7" in text
    assert "Svar före 1 nov. är med." in text
    assert "Andra halvåret 2026" in text
    assert "30 svar" in text_of(lead.get("/staff/surveys"))


@pytest.mark.usefixtures("answered")
def test_every_picture_has_its_table_and_says_the_same(lead: Client, page: str) -> None:
    tree = parse(lead.get(page).text)
    pictures = [one for one in tree.iter(f"{SVG}svg") if one.get("role") == "img"]
    tables = list(tree.iter("table"))
    assert len(pictures) == len(tables) == 2
    for picture in pictures:
        (title,) = picture.iter(f"{SVG}title")
        assert "av" in (title.text or "")
        assert not [one for one in picture.iter() if one.get("style")]


@pytest.mark.usefixtures("answered")
def test_a_split_shows_both_sides_with_their_bases(lead: Client, page: str) -> None:
    text = text_of(lead.get(f"{page}?by=gender"))
    assert "Kvinnor" in text
    assert "Män" in text
    assert "10 av 15 (67 %)" in text
    assert "Lämna svar utanför" not in text
    for by in ("born", "municipality", "intake", "name"):
        assert lead.get(f"{page}?by={by}").status_code == 200
    assert "Norrby" in text_of(lead.get(f"{page}?by=municipality"))


@pytest.mark.usefixtures("answered")
def test_a_version_that_is_not_there_is_not_found(lead: Client, page: str) -> None:
    assert lead.get(f"{page}?version=1").status_code == 200
    assert lead.get(f"{page}?version=9").status_code == 404
    assert lead.get(f"{page}?version=x&period=../&by=%00").status_code == 200


@pytest.mark.usefixtures("answered")
def test_answers_are_left_out_and_counted_again(lead: Client, page: str, database: Database) -> None:
    form = f"{page}/leave-out/support?period=2026-2"
    text = text_of(lead.get(form))
    assert "Du ser inte vem som svarade vad." in text
    assert "Nej, jag får inte det stöd jag behöver (4)" in text
    wrong = lead.post(form, data={"answer": "none", "count": "5", "reason": "Missförstod"})
    assert wrong.status_code == 422
    assert "Högst 4 kan lämnas utanför." in text_of(wrong)
    assert lead.post(form, data={"answer": "none", "count": "3"}).status_code == 422
    done = lead.post(form, data={"answer": "none", "count": "3", "reason": "Missförstod frågan"})
    assert done.status_code == 303
    assert done.location.endswith("#support")
    text = text_of(lead.get(page))
    assert "13 av 17 (76 %)" in text
    assert "13 av 14 (93 %)" in text
    assert "Missförstod frågan" in text
    assert "Lena Ek" in text
    with database.reading() as session:
        left_out = session.scalars(select(SurveyLeftOut)).one()
    back = lead.post(f"{page}/left-out/{left_out.id}/take-back?period=2026-2")
    assert back.status_code == 303
    assert "13 av 14" not in text_of(lead.get(page))


def test_nothing_can_be_left_out_where_nothing_is_shown(lead: Client, page: str) -> None:
    assert "inga svar som kan lämnas utanför" in text_of(lead.get(f"{page}/leave-out/support"))
    assert lead.get(f"{page}/leave-out/nothing").status_code == 404


def rows_of(answer: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.usefixtures("answered")
def test_figures_are_taken_out_as_csv_and_noted(lead: Client, page: str, database: Database) -> None:
    """S42"""
    lead.post(
        f"{page}/leave-out/support?period=2026-2",
        data={"answer": "none", "count": "3", "reason": "=HYPERLINK()"},
    )
    answer = lead.get(f"{page}/figures.csv?by=gender")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="survey-ongoing-2026-2.csv"'
    rows = rows_of(answer.data)
    support = "Får du stöd på ett sätt som passar dig?"
    assert [support, "Alla", "13", "17", "76", "7", "5", "1"] in [row[:8] for row in rows]
    assert [row[1] for row in rows if row and row[0] == "Har vi tid nog för dig?"][:3] == [
        "Alla",
        "Män",
        "Kvinnor",
    ]
    assert "'=HYPERLINK()" in answer.text
    assert "13 av 14 (93 %)" in answer.text
    assert "Mer tid, tack" not in answer.text
    with database.reading() as session:
        exports = session.scalars(select(JournalRow).where(JournalRow.action == "export")).all()
    assert [row.kind for row in exports] == ["survey-figures"]


@pytest.mark.usefixtures("answered")
def test_the_workbook_holds_numbers_and_no_formula(lead: Client, page: str) -> None:
    """S27"""
    lead.post(
        f"{page}/leave-out/support?period=2026-2", data={"answer": "none", "count": "3", "reason": "=1+1"}
    )
    book = openpyxl.load_workbook(io.BytesIO(lead.get(f"{page}/figures.xlsx").data))
    assert book.sheetnames == ["Siffror", "Svar", "Lämnade utanför"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert "'=1+1" in {cell.value for cell in cells}
    assert 17 in {cell.value for cell in cells}


def test_an_empty_file_says_why(lead: Client, page: str) -> None:
    assert "Ingen siffra än." in lead.get(f"{page}/figures.csv").text


@pytest.mark.parametrize("who", ["coach", "admin", "translator", "user_auditor", "participant"])
def test_only_leads_read_figures(sign_in: SignIn, world: World, page: str, who: str) -> None:
    browser = sign_in(getattr(world, who))
    for path in ("/staff/surveys", page, f"{page}/figures.csv", f"{page}/leave-out/support"):
        assert browser.get(path).status_code == 404
