"""What the coach reads: the curve with its words and table, each line, and whose it is."""

import uuid
from dataclasses import replace
from datetime import timedelta
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.instruments import queries as instruments
from portal.instruments.models import Response
from portal.journal.models import JournalRow
from tests.conftest import FrozenClock, SignIn
from tests.feedback.conftest import Begin, Fill, People
from tests.support.pages import parse, text_of
from tests.support.world import World

WEEK = timedelta(days=7)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def answered(session: Session, people: People, fill: Fill, frozen: FrozenClock) -> str:
    """The address of the answers of a participant who fell from 30 to 20,5, and wrote something."""
    asker = people.of(people.world.participant, language="ar")
    fill(asker, [60] * 5, at=frozen.moment - 2 * WEEK)
    fill(asker, [60, None, 60, 60, 60], at=frozen.moment - WEEK)
    fill(asker, [41] * 5)
    fill(asker, [80] * 5, "after", comment="<script>alert(1)</script> Mer tid")
    session.commit()
    return f"/staff/people/{people.world.participant.id}/answers"


def test_the_curve_has_a_title_a_description_and_a_table(
    sign_in: SignIn, world: World, answered: str
) -> None:
    page = sign_in(world.coach).get(answered)
    tree = parse(page.text)
    before, after = [svg for svg in tree.iter(f"{SVG}svg") if svg.get("role") == "img"]
    title, description = before.find(f"{SVG}title"), before.find(f"{SVG}desc")
    assert isinstance(title, Element)
    assert isinstance(description, Element)
    assert title.text == "Avstämning före samtalet"
    assert description.text == "Från 30 den 10 nov. till 20,5 den 24 nov., av högst 50."
    assert len(list(before.iter(f"{SVG}circle"))) == 2
    assert list(before.iter(f"{SVG}polyline")) == []
    words = "".join(before.itertext())
    assert "första 30 ± 6,3" in words
    assert "20,5" in words
    assert len(list(after.iter(f"{SVG}circle"))) == 1


def test_one_table_of_every_answer_in_plain_words(sign_in: SignIn, world: World, answered: str) -> None:
    page = sign_in(world.coach).get(answered)
    before, _after = parse(page.text).iter("table")
    rows = [["".join(cell.itertext()).strip() for cell in row] for row in before.iter("tr")]
    assert rows[0] == ["Fråga", "24 nov.", "17 nov.", "10 nov."]
    assert rows[1] == ["Kraft", "4,1", "6", "6"]
    assert rows[2] == ["Vardag", "4,1", "hoppade över", "6"]
    assert rows[6] == ["Summa (av 50)", "20,5", "ingen summa", "30"]
    assert rows[7] == ["Språk", "arabiska", "arabiska", "arabiska"]
    assert len(rows) == 8
    text = text_of(page)
    assert "Ner 9,5" in text
    assert "Summan är lägre än förra gången" in text
    for machine in ("version", "från höger", "Visa talen"):
        assert machine not in text


def test_swedish_goes_without_saying_and_older_questions_are_called_so(
    session: Session, sign_in: SignIn, people: People, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(people.of(people.world.participant), [60] * 5)
    fill(people.of(people.world.participant), [70] * 5)
    session.commit()
    at = f"/staff/people/{people.world.participant.id}/answers"
    text = text_of(sign_in(people.world.coach).get(at))
    assert "Språk" not in text
    assert "äldre frågor" not in text
    newest = session.scalars(select(Response.id).order_by(Response.sent_at.desc(), Response.id)).first()
    session.execute(update(Response).where(Response.id == newest).values(version=2))
    session.commit()
    known = instruments.instrument
    monkeypatch.setattr(
        instruments, "instrument", lambda key, version: replace(known(key, 1), version=version)
    )
    titles = [head.text for head in parse(sign_in(people.world.coach).get(at).text).iter("h2")]
    assert titles == ["Avstämning före samtalet", "Avstämning före samtalet (äldre frågor)"]


def test_stored_markup_is_inert(sign_in: SignIn, world: World, answered: str) -> None:
    """S23"""
    page = sign_in(world.coach).get(answered)
    assert "<script>alert(1)</script> Mer tid" in text_of(page)
    assert "<script>alert" not in page.text


def test_what_is_begun_and_not_sent_is_told_without_its_answers(
    session: Session, sign_in: SignIn, people: People, begin: Begin
) -> None:
    begin(people.of(people.world.participant))
    session.commit()
    text = text_of(sign_in(people.world.coach).get(f"/staff/people/{people.world.participant.id}/answers"))
    assert "är påbörjad tisdag 24 november men inte skickad" in text
    assert "Inga svar har skickats än." in text


def test_who_may_read_the_answers(sign_in: SignIn, world: World, answered: str) -> None:
    """S2: own coach and the team's lead; the same 404 as for nobody for everybody else."""
    for person in (world.coach, world.lead):
        assert sign_in(person).get(answered).status_code == 200
    for person in (world.other_coach, world.admin, world.translator, world.far_coach, world.participant):
        browser = sign_in(person)
        theirs, missing = browser.get(answered), browser.get(f"/staff/people/{uuid.uuid4()}/answers")
        assert theirs.status_code == missing.status_code == 404
        assert text_of(theirs) == text_of(missing)


def test_the_reading_and_the_refusal_are_in_the_journal(
    session: Session, sign_in: SignIn, world: World, answered: str
) -> None:
    """S42"""
    sign_in(world.coach).get(answered)
    sign_in(world.other_coach).get(answered)
    session.rollback()
    rows = session.execute(
        select(JournalRow.actor_id, JournalRow.action).where(
            JournalRow.kind == "answers", JournalRow.action.in_(["read", "refused"])
        )
    )
    assert {(row.actor_id, row.action) for row in rows} == {
        (world.coach.id, "read"),
        (world.other_coach.id, "refused"),
    }
