"""The caseload and its rows, names for other rooms, and how many queries a list costs."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portal.booking import queries as booking
from portal.identity.models import Enrolment, EnrolmentPeriod, Person
from portal.identity.people import member_queries, person_queries, queries, rules
from portal.journal import service as journal
from tests.conftest import SignIn
from tests.support.objects import asker_of, meeting
from tests.support.pages import text_of
from tests.support.world import CANARY, World, add_participant


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements that run inside the block."""
    seen: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def fill(session: Session, world: World, now: datetime, number: int) -> None:
    """More participants of the coach."""
    for one in range(number):
        add_participant(
            session, world.here, f"Person {one:03d}", now, coach=world.coach, phone=f"+4670{one:07d}"
        )


def pause(session: Session, person: Person, first: date, last: date | None) -> None:
    """A pause in a person's enrolment."""
    enrolment = session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)).one()
    session.add(EnrolmentPeriod(enrolment_id=enrolment.id, kind="pause", starts_on=first, ends_on=last))
    session.flush()


def test_a_row_says_who_how_it_stands_and_what_comes(session: Session, world: World, now: datetime) -> None:
    pause(session, world.second_participant, now.date(), now.date() + timedelta(days=9))
    first, second = queries.people(session, asker_of(session, world.lead), now).page.items
    assert (first.person_id, first.name, first.short_name) == (
        world.participant.id,
        "Amina Hassan",
        "Amina H.",
    )
    assert (first.state, first.coach_id, first.coach) == ("open", world.coach.id, "Karin Lund")
    assert (first.phone, first.language, first.next.code) == ("+46701740605", "sv", "no_pin")
    assert (second.name, second.state, second.next.code) == ("Yonas Tesfay", "paused", "paused_until")


def test_a_list_costs_the_same_however_many_stand_in_it(
    session: Session, world: World, now: datetime
) -> None:
    coach = asker_of(session, world.coach)
    with counted(session) as few:
        queries.people(session, coach, now)
    fill(session, world, now, 60)
    with counted(session) as many:
        found = queries.people(session, coach, now)
    assert (found.page.total, found.page.pages, len(found.page.items)) == (62, 3, rules.PAGE_SIZE)
    assert len(many) == len(few) <= 8


def test_everybody_in_a_list_is_noted_without_a_name(session: Session, world: World, now: datetime) -> None:
    """S42"""
    coach = asker_of(session, world.coach)
    queries.people(session, coach, now, query="amina")
    (note,) = journal.take_notes(session)
    assert (note["action"], note["kind"]) == ("read", "people_list")
    assert note["subject_id"] == world.participant.id
    assert "amina" not in str(note)
    queries.people(session, coach, now)
    read = {note["subject_id"] for note in journal.take_notes(session)}
    assert read == {world.participant.id, world.second_participant.id}
    queries.people(session, coach, now, query="nobody")
    assert [note["subject_id"] for note in journal.take_notes(session)] == [None]


def test_beyond_the_limit_only_exact_names_and_numbers_are_found(
    session: Session, world: World, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "OPENED_AT_MOST", 2)
    fill(session, world, now, 40)
    pause(session, world.participant, now.date(), None)
    admin = asker_of(session, world.admin)

    def found(**asked: Any) -> set[str]:
        return {row.name for row in queries.people(session, admin, now, **asked).page.items}

    everybody = queries.people(session, admin, now, number=2)
    assert (everybody.too_many, everybody.page.total, everybody.page.pages) == (True, 43, 2)
    assert len(everybody.page.items) == 13
    assert found(query="amina") == set()
    assert found(query="  AMINA hassan ") == {"Amina Hassan"}
    assert found(query="070-174 06 05") == {"Amina Hassan"}
    assert found(query=f"Vera {CANARY}") == set()
    assert found(state="paused") == {"Amina Hassan"}
    assert found(state="closed") == set()
    assert "Amina Hassan" not in found(state="open")


def test_closed_people_come_last(session: Session, world: World, now: datetime) -> None:
    row = session.scalars(select(Enrolment).where(Enrolment.person_id == world.participant.id)).one()
    row.closed_on = now.date()
    session.flush()
    coach = asker_of(session, world.coach)
    listed = [(one.name, one.state) for one in queries.people(session, coach, now).page.items]
    assert listed == [("Yonas Tesfay", "open"), ("Amina Hassan", "closed")]


def test_names_are_given_inside_ones_scope_alone_in_one_query(session: Session, world: World) -> None:
    """S4, S2"""
    ids = [world.participant.id, world.other_participant.id, world.far_participant.id, uuid.uuid4()]
    coach = asker_of(session, world.coach)
    with counted(session) as statements:
        assert queries.names(session, coach, ids) == {world.participant.id: "Amina Hassan"}
    assert len(statements) == 1
    assert set(queries.names(session, asker_of(session, world.admin), ids)) == set(ids[:2])
    for person in (world.translator, world.user_auditor, world.participant, world.far_coach):
        assert world.participant.id not in queries.names(session, asker_of(session, person), ids)


def test_staff_names_never_hold_a_participant(session: Session, world: World) -> None:
    ids = [world.coach.id, world.participant.id, world.far_coach.id]
    assert queries.staff_names(session, asker_of(session, world.coach), ids) == {world.coach.id: "Karin Lund"}


def test_a_head_knows_whether_the_content_may_be_read(session: Session, world: World, now: datetime) -> None:
    person = session.get_one(Person, world.participant.id)
    for who, content in ((world.coach, True), (world.lead, True), (world.admin, False)):
        head = person_queries.head(session, asker_of(session, who), person, now.date())
        assert (head.name, head.state, head.content) == ("Amina Hassan", "open", content)
    assert (str(head.state_word), head.state_tone) == ("Pågår", "pine")


def test_menus_offer_ones_own_team_or_the_whole_house(session: Session, world: World) -> None:
    mine = person_queries.options(session, asker_of(session, world.coach))
    assert [name for _, name in mine.teams] == ["Team Norr"]
    assert {name for _, name in mine.coaches} == {"Karin Lund", "Olof Berg", "Lena Ek"}
    house = person_queries.options(session, asker_of(session, world.admin))
    assert [name for _, name in house.teams] == ["Team Norr", "Team Söder"]
    assert dict(house.lists["outcome"])["work"] == "Arbete"
    assert CANARY not in str(house)


def test_the_staff_list_costs_three_queries(session: Session, world: World) -> None:
    admin = asker_of(session, world.admin)
    with counted(session) as statements:
        found = member_queries.members(session, admin)
    assert len(statements) == 3
    assert {one.name: one.participants for one in found}["Karin Lund"] == 2
    assert CANARY not in str(found)


def test_the_next_meeting_stands_in_the_list_for_those_who_may_read_it(
    session: Session, world: World, now: datetime, sign_in: SignIn
) -> None:
    coach = asker_of(session, world.coach)
    meeting(session, asker_of(session, world.participant), coach, now)
    ids = [world.participant.id, world.second_participant.id, world.other_participant.id]
    assert booking.next_starts(session, coach, ids, now) == {world.participant.id: now + timedelta(hours=1)}
    assert booking.next_starts(session, asker_of(session, world.admin), ids, now) == {}
    session.commit()
    assert "Möte 24 nov. klockan 10.00" in text_of(sign_in(world.coach).get("/staff/people"))
    assert "Möte 24 nov" not in text_of(sign_in(world.admin).get("/staff/people"))
