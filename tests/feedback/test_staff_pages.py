"""What the coach reads: the curve with its words and table, each line, and whose it is."""

import uuid
from datetime import timedelta
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

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


def test_each_line_each_language_and_direction_and_version(
    sign_in: SignIn, world: World, answered: str
) -> None:
    text = text_of(sign_in(world.coach).get(answered))
    for word in ("Kraft", "Tro på arbete eller studier", "hoppade över", "ingen summa", "version 1"):
        assert word in text
    assert "العربية" in text
    assert "från höger" in text
    assert "Ner 9,5" in text
    assert "Summan är lägre än förra gången" in text


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
