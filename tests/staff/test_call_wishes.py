"""Who asked in the conversation to be rung up stands first among the calls of the day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.conversation import rules as talk
from portal.conversation import service as conversation
from portal.conversation.models import Message
from portal.db import Database
from portal.identity.models import Enrolment, Person, ProtectedHandler
from portal.journal import service as journal
from portal.journal.models import JournalRow
from portal.staff import call_list_queries, rules, service
from portal.staff.service import Handling
from portal.staff.wish_queries import WishRow
from portal.web.asker import Asker
from tests.conftest import NOW, FrozenClock, SignIn
from tests.support.objects import asker_of
from tests.support.pages import Client, text_of
from tests.support.speaking import speaking_app
from tests.support.world import World

APP = speaking_app()
PAGE, EMPTY = "/staff/calls", "Ingen att ringa just nu."
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with APP.app_context():
        yield


@pytest.fixture
def coach(session: Session, world: World) -> Asker:
    return asker_of(session, world.coach)


@pytest.fixture
def wish(session: Session, world: World, now: datetime) -> Message:
    """Amina, who gets SMS, wants to be rung up after noon."""
    return conversation.ask_call(session, asker_of(session, world.participant), talk.AFTERNOON, now)


def shown(session: Session, asker: Asker, now: datetime) -> tuple[WishRow, ...]:
    return call_list_queries.call_list(session, asker, now).wishes


# --- what stands there --------------------------------------------------------------------------------


def test_who_asked_stands_there_until_it_is_recorded(
    session: Session, wish: Message, coach: Asker, world: World, now: datetime
) -> None:
    (row,) = shown(session, coach, now)
    assert (row.message.id, row.message.call_when, row.late) == (wish.id, talk.AFTERNOON, False)
    assert (row.name, row.phone, row.coach) == ("Amina H.", world.participant.phone, "")
    conversation.close(session, coach, wish.person_id, wish.id, talk.CALLED, now)
    assert shown(session, coach, now) == ()
    assert conversation.reopen(session, coach, wish.person_id, wish.id, now, now)
    assert len(shown(session, coach, now)) == 1


def test_what_is_only_written_is_no_call(session: Session, world: World, coach: Asker, now: datetime) -> None:
    letter = conversation.Letter(UUID(int=7), "Hej", "sv")
    conversation.write(session, asker_of(session, world.participant), letter, now)
    assert shown(session, coach, now) == ()


def test_what_was_put_off_in_the_morning_comes_back_here_too(
    session: Session, wish: Message, coach: Asker, now: datetime
) -> None:
    key = rules.message_key(wish.id)
    service.handle(session, coach, Handling(wish.person_id, (key,), rules.LATER, days=1, seen=(key,)), now)
    assert shown(session, coach, now + HOUR) == ()
    assert len(shown(session, coach, now + 2 * DAY)) == 1


def test_who_is_shown_is_noted(session: Session, wish: Message, coach: Asker, now: datetime) -> None:
    """S42"""
    session.flush()
    call_list_queries.call_list(session, coach, now)
    journal.write_own(session, now)
    read = select(JournalRow.kind).where(
        JournalRow.actor_id == coach.person_id,
        JournalRow.subject_id == wish.person_id,
        JournalRow.action == "read",
    )
    assert set(session.scalars(read)) == {"attention", "conversation"}


@pytest.mark.parametrize("values", [{"sms_unsafe": True}, {"disabled_at": NOW}, {"protected": True}])
def test_nobody_whom_a_call_may_endanger_or_cannot_reach(
    session: Session, wish: Message, coach: Asker, now: datetime, values: dict[str, Any]
) -> None:
    """S34, S37"""
    person = session.get_one(Person, wish.person_id)
    for name, value in values.items():
        setattr(person, name, value)
    session.flush()
    found = call_list_queries.call_list(session, coach, now)
    assert (found.wishes, found.protected_waits) == ((), False)


def test_a_protected_person_is_counted_for_the_handler_alone(
    session: Session, wish: Message, coach: Asker, world: World, now: datetime
) -> None:
    """S37"""
    session.get_one(Person, wish.person_id).protected = True
    session.add(ProtectedHandler(person_id=wish.person_id, handler_id=coach.person_id))
    session.flush()
    found = call_list_queries.call_list(session, coach, now)
    assert (found.wishes, found.protected_waits) == ((), True)
    assert not call_list_queries.call_list(session, asker_of(session, world.lead), now).protected_waits


# --- whose --------------------------------------------------------------------------------------------


def test_a_stand_in_rings_instead(session: Session, wish: Message, world: World, now: datetime) -> None:
    other = asker_of(session, world.other_coach)
    assert shown(session, other, now) == ()
    (row,) = shown(session, replace(other, stands_in_for=frozenset({world.coach.id})), now)
    assert (row.message.id, row.coach) == (wish.id, "Karin")


def test_a_lead_sees_it_when_it_is_late(session: Session, wish: Message, world: World, now: datetime) -> None:
    lead = asker_of(session, world.lead)
    assert shown(session, lead, now) == ()
    (row,) = shown(session, lead, now + 7 * DAY)
    assert (row.message.id, row.coach, row.late) == (wish.id, "Karin", True)


def test_nobodys_participants_are_the_leads(
    session: Session, wish: Message, world: World, now: datetime
) -> None:
    session.execute(update(Enrolment).where(Enrolment.person_id == wish.person_id).values(coach_id=None))
    (row,) = shown(session, asker_of(session, world.lead), now)
    assert (row.coach, row.late) == ("", False)


# --- the page -----------------------------------------------------------------------------------------


@pytest.fixture
def asked(database: Database, world: World, now: datetime) -> str:
    """The address of what Amina asked for."""
    with database.transaction() as session:
        own = asker_of(session, world.participant)
        made = conversation.ask_call(session, own, talk.AFTERNOON, now)
        return f"/staff/people/{made.person_id}/conversation/{made.id}"


def page_of(browser: Client) -> str:
    return text_of(browser.get(PAGE))


def test_the_page_says_whom_when_and_by_which_day(world: World, sign_in: SignIn, asked: str) -> None:
    page = sign_in(world.coach).get(PAGE)
    said = text_of(page)
    assert "Har bett om ett samtal (1)" in said
    assert "Vill bli uppringd på eftermiddagen. Ring senast" in said
    assert "Språk: " in said
    assert '<a href="tel:+46701740605">' in page.text
    assert f'href="{asked.rsplit("/", 1)[0]}"' in page.text
    assert EMPTY not in said
    assert "De får inga SMS om sina möten." not in said, "she does get them"


def test_that_one_has_rung_is_recorded_there_and_taken_back(
    world: World, sign_in: SignIn, asked: str, frozen: FrozenClock
) -> None:
    karin = sign_in(world.coach)
    assert f'action="{asked}/close"' in karin.get(PAGE).text
    reply = karin.post(f"{asked}/close", data={"outcome": "called"})
    assert f"{asked}/reopen" in karin.get(reply.location).text
    assert EMPTY in page_of(karin)
    karin.post(f"{asked}/reopen", data={"at": frozen.moment.isoformat()})
    assert "Har bett om ett samtal (1)" in page_of(karin)


def test_the_lead_reads_that_it_is_late(
    world: World, sign_in: SignIn, asked: str, frozen: FrozenClock
) -> None:
    assert EMPTY in page_of(sign_in(world.lead))
    frozen.move(7 * DAY)
    said = page_of(sign_in(world.lead))
    assert "Karin är coach" in said
    assert "Försenat" in said
