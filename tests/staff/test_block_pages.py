"""Blocking time through the pages: refused in plain words, nothing typed is lost, and it can be undone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.availability.block_models import BlockedTime
from portal.booking import service
from portal.booking.time_service import Wish
from portal.db import Database
from portal.identity.models import Person, ProtectedHandler
from tests.booking.conftest import ask_as, booked, open_world
from tests.conftest import SignIn
from tests.support.objects import asker_of
from tests.support.pages import text_of
from tests.support.world import World

__all__ = ["ask_as", "booked", "open_world"]

FRIDAY_9 = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
TYPED = {"day": "2026-11-27", "start": "9.30", "end": "10.30", "words": "Kurs i Malmö"}


def page_of(person: Person) -> str:
    return f"/staff/week/blocks/{person.id}"


def stored(database: Database) -> list[BlockedTime]:
    with database.reading() as fresh:
        return list(fresh.scalars(select(BlockedTime).where(BlockedTime.removed_at.is_(None))))


def test_a_time_is_blocked_changed_removed_and_brought_back(
    database: Database, open_world: World, sign_in: SignIn
) -> None:
    browser, here = sign_in(open_world.coach), page_of(open_world.coach)
    tapped = browser.get(f"{here}?at=2026-11-27T08:00Z&until=2026-11-27T11:00Z").text
    for shown in ('value="2026-11-27"', 'value="09:00"', 'value="12:00"'):
        assert shown in tapped
    assert browser.post(here, data=TYPED).location == "/staff/week?from=2026-11-27#d-2026-11-27"
    assert "Kurs i Malmö" in text_of(browser.get("/staff/week"))
    (row,) = stored(database)
    one = f"{here}/{row.id}"
    assert one in browser.get("/staff/week").text
    assert 'value="Kurs i Malmö"' in browser.get(one).text
    browser.post(one, data={**TYPED, "end": "11.00"})
    assert stored(database)[0].ends_at == FRIDAY_9 + timedelta(hours=2)
    gone = browser.post(f"{one}/remove")
    assert stored(database) == []
    assert "#" not in gone.location, "the offer to undo stands on top of the page"
    assert f"{one}/restore" in browser.get(gone.location).text
    browser.post(f"{one}/restore")
    assert len(stored(database)) == 1
    assert "Tiden är spärrad igen." in text_of(browser.get("/staff/week"))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"end": "9.00"}, "Sluttiden måste vara efter starttiden."),
        ({"day": "2026-11-20"}, "Den tiden har redan varit."),
        ({"day": "2030-11-20"}, "Välj en dag inom två år."),
        ({"day": "2027-03-28", "start": "02.30", "end": "04.00"}, "klockan ställs om"),
        ({"start": "nio"}, "Den tiden finns inte."),
        ({"words": "x" * 100}, "Texten är för lång."),
    ],
)
def test_what_cannot_be_is_given_back_with_a_sentence(
    database: Database, open_world: World, sign_in: SignIn, change: dict[str, str], sentence: str
) -> None:
    typed = {**TYPED, **change}
    answer = sign_in(open_world.coach).post(page_of(open_world.coach), data=typed)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    for words in typed.values():
        assert f'value="{words}"' in answer.text
    assert stored(database) == []


def test_a_meeting_in_the_way_is_named_with_a_link_and_nothing_is_lost(
    database: Database, open_world: World, sign_in: SignIn, now: datetime
) -> None:
    """S49"""
    with database.transaction() as session:
        coach, who = asker_of(session, open_world.coach), open_world.participant.id
        meeting = service.book_for(session, coach, who, Wish(FRIDAY_9, "phone"), now)
    browser = sign_in(open_world.coach)
    answer = browser.post(page_of(open_world.coach), data=TYPED)
    assert answer.status_code == 422
    said = "Då är ett möte bokat med Amina H.: fredag 27 november, 09.00 till 10.00."
    assert said in text_of(answer)
    assert f'href="/staff/people/{who}/meetings#m-{meeting.id}"' in answer.text
    assert 'value="Kurs i Malmö"' in answer.text
    after = browser.post(page_of(open_world.coach), data={**TYPED, "start": "10.00"})
    assert "Då är det paus efter mötet fredag 27 november, 09.00 till 10.00." in text_of(after)
    assert stored(database) == []


def test_a_meeting_with_somebody_who_is_hidden_is_named_by_its_time_alone(
    database: Database, open_world: World, sign_in: SignIn, now: datetime
) -> None:
    """S37"""
    with database.transaction() as session:
        coach, who = asker_of(session, open_world.coach), open_world.participant.id
        service.book_for(session, coach, who, Wish(FRIDAY_9, "phone"), now)
        session.get_one(Person, who).protected = True
        session.add(ProtectedHandler(person_id=who, handler_id=open_world.coach.id))
    answer = sign_in(open_world.coach).post(page_of(open_world.coach), data=TYPED)
    assert "Då är ett möte bokat: fredag 27 november, 09.00 till 10.00." in text_of(answer)
    assert "Amina" not in answer.text
    assert str(who) not in answer.text


def test_what_is_blocked_already_is_named_with_a_link(
    database: Database, open_world: World, sign_in: SignIn
) -> None:
    browser, here = sign_in(open_world.coach), page_of(open_world.coach)
    browser.post(here, data=TYPED)
    answer = browser.post(here, data={**TYPED, "end": "11.00"})
    assert "Tiden är redan spärrad: fredag 27 november, 09.30 till 10.30." in text_of(answer)
    assert f"{here}/{stored(database)[0].id}" in answer.text
    assert len(stored(database)) == 1


def test_a_lead_blocks_for_a_coach_and_comes_back_to_their_week(
    database: Database, open_world: World, sign_in: SignIn
) -> None:
    browser, coach = sign_in(open_world.lead), open_world.coach
    assert page_of(coach) in browser.get(f"/staff/week?coach={coach.id}").text
    assert "Karin Lund" in text_of(browser.get(page_of(coach)))
    answer = browser.post(page_of(coach), data=TYPED)
    assert answer.location == f"/staff/week?from=2026-11-27&coach={coach.id}#d-2026-11-27"
    (row,) = stored(database)
    assert (row.person_id, row.made_by) == (coach.id, open_world.lead.id)


def test_somebody_elses_time_is_not_there(database: Database, open_world: World, sign_in: SignIn) -> None:
    """S2, S3: nor does one's own address open another's block."""
    sign_in(open_world.coach).post(page_of(open_world.coach), data=TYPED)
    (row,) = stored(database)
    browser = sign_in(open_world.other_coach)
    for address in (page_of(open_world.coach), f"{page_of(open_world.other_coach)}/{row.id}"):
        assert browser.get(address).status_code == 404
        assert browser.post(address, data={**TYPED, "start": "13.00", "end": "14.00"}).status_code == 404
    assert browser.post(f"{page_of(open_world.other_coach)}/{row.id}/remove").status_code == 404
    assert stored(database)[0].starts_at == FRIDAY_9 + timedelta(minutes=30)
    assert row.starts_at.date() == date(2026, 11, 27)
