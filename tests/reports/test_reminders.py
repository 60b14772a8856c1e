"""Missed meetings by how many reminders arrived: whose, which reminders count, and what is not printed."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.db import Database
from portal.identity.models import Person
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.notices import rules as kinds
from portal.organisation.models import Organisation
from tests.conftest import SignIn
from tests.reports.test_pages import table
from tests.support import meetings, outbox
from tests.support.pages import text_of
from tests.support.world import World, add_participant

BOTH = (kinds.THREE_DAYS, kinds.ONE_DAY)
HEAD = ["Påminnelser", "Möten", "Kom inte", "Andel som missades"]


def met(
    session: Session,
    person: Person,
    coach: Person,
    now: datetime,
    attendance: str,
    *arrived: str,
    days: int = 3,
) -> Appointment:
    """A meeting that has been, with a reminder of each of these kinds that arrived."""
    at = now - timedelta(days=3)
    facts = {"attendance": attendance, "attended_at": now, "attendance_by": coach.id}
    facts = facts if attendance != "none" else {}
    made = meetings.add_meeting(session, person, coach, at, at - timedelta(days=9), **facts)
    for kind in arrived:
        reminder(session, made, kind, messaging.DELIVERED)
    return made


def reminder(session: Session, meeting: Appointment, kind: str, state: str, **facts: object) -> None:
    row = outbox.put(
        session,
        meeting.starts_at - timedelta(days=1),
        kind=kind,
        subject=meeting.id,
        recipient_id=meeting.person_id,
        organisation_id=meeting.organisation_id,
        expires_at=meeting.starts_at,
        **facts,
    )
    row.state = state


def test_the_rate_stands_with_its_base_for_none_one_and_two(
    database: Database, world: World, sign_in: SignIn, now: datetime
) -> None:
    with database.transaction() as session:
        person, coach = world.participant, world.coach
        for attendance, arrived in (
            ("absent", ()),
            ("came", ()),
            ("came", BOTH[:1]),
            ("came", BOTH),
            ("came", (*BOTH, kinds.NOW)),
            ("absent", BOTH),
            ("none", BOTH),
        ):
            met(session, person, coach, now, attendance, *arrived)
        # Noise: another team, another organisation, protected identity.
        met(session, world.other_participant, world.other_coach, now, "absent")
        met(session, world.far_participant, world.far_coach, now, "absent")
        met(session, world.second_participant, coach, now, "absent")
        session.get_one(Person, world.second_participant.id).protected = True
    rows = table(sign_in(world.lead), "reminders")
    assert rows == [
        HEAD,
        ["Ingen påminnelse", "2", "1", "1 av 2 (50 %)"],
        ["1 påminnelse", "1", "0", "0 av 1 (0 %)"],
        ["2 påminnelser", "2", "1", "1 av 2 (50 %)"],
        ["3 påminnelser eller fler", "1", "0", "0 av 1 (0 %)"],
        ["Totalt", "6", "2", "2 av 6 (33 %)"],
    ]


@pytest.mark.parametrize(
    "state, decision, counts",
    [
        (messaging.SENT, "", True),
        (messaging.UNKNOWN, messaging.ARRIVED, True),
        (messaging.UNKNOWN, messaging.LEFT, False),
        (messaging.UNKNOWN, "", False),
        (messaging.FAILED, "", False),
        (messaging.FAILED, messaging.ARRIVED, False),
        (messaging.EXPIRED, "", False),
        (messaging.CANCELLED, "", False),
    ],
)
def test_which_reminders_count(
    database: Database, world: World, sign_in: SignIn, now: datetime, state: str, decision: str, counts: bool
) -> None:
    with database.transaction() as session:
        meeting = met(session, world.participant, world.coach, now, "came")
        reminder(session, meeting, kinds.ONE_DAY, state)
        session.flush()
        session.query(OutboxMessage).one().decision = decision
        # No reminders of it as it stood at last: news, one of an earlier time, another person's.
        reminder(session, meeting, kinds.BOOKED, messaging.DELIVERED)
        reminder(session, meeting, kinds.THREE_DAYS, messaging.DELIVERED, revision=7)
    rows = {row[0]: row[1] for row in table(sign_in(world.lead), "reminders")}
    assert (rows["Ingen påminnelse"], rows["1 påminnelse"]) == (("0", "1") if counts else ("1", "0"))


def test_few_people_are_not_printed(database: Database, world: World, sign_in: SignIn, now: datetime) -> None:
    """S41: six came with two reminders and six did not; of one person's single reminder nothing is said."""
    with database.transaction() as session:
        session.get_one(Organisation, world.organisation.id).settings = {"smallest_cell_team": 5}
        for number in range(12):
            phone = f"+467017{number:05d}"
            one = add_participant(
                session, world.here, f"Person {number}", now, coach=world.coach, phone=phone
            )
            met(session, one, world.coach, now, "came" if number < 6 else "absent", *BOTH)
            met(session, one, world.coach, now, "came" if number < 6 else "absent")
        met(session, world.participant, world.coach, now, "came", BOTH[0])
    lead = sign_in(world.lead)
    rows = {row[0]: row[1:] for row in table(lead, "reminders")}
    assert rows["1 påminnelse"] == ["–", "–", "–"]
    # Another line goes with it, or the sum would tell it.
    assert sum(row[0] == "–" for row in rows.values()) == 2
    assert rows["Totalt"] == ["25", "12", "12 av 25 (48 %)"]
    page = text_of(lead.get("/staff/reports"))
    assert "De som har tagits bort ur portalen räknas inte." in page
