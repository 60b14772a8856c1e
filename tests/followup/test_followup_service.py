"""Who is asked after they have left, by whom, and what a no does."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portal.followup import queries, rules, service
from portal.followup.models import FollowUp, FollowUpConsent
from portal.followup.service import Told
from portal.identity.models import Enrolment, Person
from portal.identity.people import course_service as enrolments
from portal.identity.people.course_service import Closure
from portal.organisation.models import Organisation
from portal.staff import course_service
from portal.staff import queries as desk
from portal.staff.rules import FOLLOW_UP, LATER, may_settle
from tests.followup.conftest import leave
from tests.support.objects import asker_of
from tests.support.world import World

DAY = timedelta(days=1)


def own(session: Session, world: World) -> Person:
    return session.get_one(Person, world.participant.id)


def due(session: Session, world: World, now: datetime, who: str = "coach") -> list[int]:
    found = queries.due(session, asker_of(session, getattr(world, who)), now)
    return [one.months for one in found]


def on_the_list(session: Session, world: World, now: datetime, who: str = "coach") -> list[str]:
    needs = desk.today(session, asker_of(session, getattr(world, who)), now).needs
    return [c.key for row in needs.items for c in row.need.causes if c.kind == FOLLOW_UP]


def record(session: Session, world: World, now: datetime, told: Told, months: int = 6) -> None:
    service.record(session, asker_of(session, world.coach), own(session, world), months, told, now)


def test_coach_and_lead_are_to_ask_and_nobody_else(
    session: Session, world: World, left: Enrolment, now: datetime
) -> None:
    """S2, S4."""
    asked = {
        who: due(session, world, now, who) for who in ("coach", "lead", "other_coach", "far_coach", "admin")
    }
    assert asked == {"coach": [6], "lead": [6], "other_coach": [], "far_coach": [], "admin": []}
    assert on_the_list(session, world, now) == [f"follow_up:{left.id}:6"]
    assert on_the_list(session, world, now, "lead") == [f"follow_up:{left.id}:6"]


@pytest.mark.parametrize("said", ["", "no", "never"])
def test_whoever_has_not_said_yes_is_not_asked(
    session: Session, world: World, now: datetime, said: str
) -> None:
    leave(session, world.participant, (now - 184 * DAY).date(), now, said)
    assert due(session, world, now) == []
    with pytest.raises(service.NotAsked):
        record(session, world, now, Told("reached", "work"))


@pytest.mark.parametrize(
    "facts",
    [
        {"sms_unsafe": True},
        {"protected": True},
        {"disabled_at": datetime(2026, 11, 1).astimezone()},
        {"name_sealed": None},
    ],
)
def test_nobody_is_asked_whom_it_may_endanger_or_who_is_forgotten(
    session: Session, world: World, left: Enrolment, now: datetime, facts: dict[str, object]
) -> None:
    """S34, S37, S46."""
    for name, value in facts.items():
        setattr(own(session, world), name, value)
    session.flush()
    assert due(session, world, now) == []
    assert not queries.is_waiting(session, left.id, 6) or "protected" in facts
    place = session.get_one(Organisation, world.organisation.id)
    assert queries.due_on(session, place, now.date()) == ()


def test_whoever_is_back_is_not_asked(session: Session, world: World, left: Enrolment, now: datetime) -> None:
    session.add(
        Enrolment(
            person_id=left.person_id,
            programme_id=left.programme_id,
            team_id=left.team_id,
            coach_id=left.coach_id,
            applied_on=now.date(),
        )
    )
    session.flush()
    assert due(session, world, now) == []


def test_the_house_says_when_and_its_keeping_ends_it(
    session: Session, world: World, left: Enrolment, now: datetime
) -> None:
    place = session.get_one(Organisation, world.organisation.id)
    for settings, found in (
        ({"follow_up_months": []}, []),
        ({"follow_up_months": [3]}, []),
        ({"keep_content_months": 6}, []),
        ({}, [6]),
    ):
        place.settings = settings
        session.flush()
        assert due(session, world, now) == found


def test_what_is_told_is_kept_sealed_and_ends_the_asking(
    session: Session, world: World, left: Enrolment, now: datetime
) -> None:
    """S38; written twice it is one row."""
    told = Told("reached", "work", "good", "Trivs på lagret")
    for _ in range(2):
        record(session, world, now, told)
    row = session.scalars(select(FollowUp)).one()
    assert (row.result, row.occupation, row.feels, row.note) == ("reached", "work", "good", "Trivs på lagret")
    assert b"lagret" not in (row.note_sealed or b"")
    assert b"good" not in (row.feels_sealed or b"")
    assert due(session, world, now) == []
    assert on_the_list(session, world, now) == []


def test_a_day_that_has_not_come_is_not_written_of(
    session: Session, world: World, left: Enrolment, now: datetime
) -> None:
    left.closed_on = (now - 100 * DAY).date()
    session.flush()
    record(session, world, now, Told("unreached"), 3)
    for months in (6, 12):
        with pytest.raises(service.NotAsked):
            record(session, world, now, Told("unreached"), months)


def test_a_no_when_asked_is_a_no_for_good(
    session: Session, world: World, left: Enrolment, now: datetime
) -> None:
    record(session, world, now, Told("declined"))
    assert queries.said_of(session, left.id) == rules.NEVER
    coach = asker_of(session, world.coach)
    assert not service.note_consent(session, coach, own(session, world), yes=True, now=now)
    assert queries.said_of(session, left.id) == rules.NEVER


def test_their_own_no_holds_at_once_whatever_staff_write(
    session: Session, world: World, left: Enrolment, now: datetime
) -> None:
    """S45."""
    service.refuse(session, asker_of(session, world.participant), own(session, world), now)
    assert due(session, world, now) == []
    coach = asker_of(session, world.coach)
    assert not service.note_consent(session, coach, own(session, world), yes=True, now=now)
    assert service.note_consent(session, coach, own(session, world), yes=False, now=now)
    assert queries.said_of(session, left.id) == rules.NEVER


def test_staff_change_what_they_noted(session: Session, world: World, left: Enrolment, now: datetime) -> None:
    coach, person = asker_of(session, world.coach), own(session, world)
    for yes, found in ((False, []), (True, [6])):
        assert service.note_consent(session, coach, person, yes=yes, now=now)
        assert due(session, world, now) == found


@pytest.mark.parametrize("said, kept", [(True, "yes"), (False, ""), (None, "")])
def test_closing_keeps_what_was_said(
    session: Session, world: World, now: datetime, said: bool | None, kept: str
) -> None:
    coach, person = asker_of(session, world.coach), own(session, world)
    closure = Closure(now.date(), "work")
    course_service.close(session, coach, person, closure, follow_up=said, now=now)
    enrolment = session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)).one()
    assert queries.said_of(session, enrolment.id) == kept
    enrolments.reopen(session, coach, person)
    course_service.close(session, coach, person, closure, follow_up=False, now=now)
    assert queries.said_of(session, enrolment.id) == ("no" if said else "")
    every = session.scalars(select(FollowUpConsent)).all()
    assert {(one.said, one.said_until is None) for one in every} == (
        {("yes", False), ("no", True)} if said else set()
    )


def test_the_cause_is_put_off_but_not_ticked_away() -> None:
    assert may_settle("follow_up:x:6", LATER)
    assert not may_settle("follow_up:x:6", "called")


def test_it_takes_one_query_however_many_have_left(
    session: Session, world: World, left: Enrolment, now: datetime
) -> None:
    coach, asked = asker_of(session, world.coach), list[str]()
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert len(queries.due(session, coach, now)) == 1
    assert len([one for one in asked if "follow_up" in one]) == 1
