"""A participant sees who has looked: reads, changes, exports and refusals, own ones too (S42)."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal.db import Database
from portal.interpreting.models import InterpreterGrant
from portal.journal.models import JournalRow
from portal.privacy import looked_queries
from portal.privacy.words import KINDS
from tests.conftest import FrozenClock, SignIn
from tests.guards import tree
from tests.privacy.kinds import noted_kinds
from tests.support import meetings
from tests.support.objects import asker_of
from tests.support.pages import text_of
from tests.support.world import World


def seen(session: Session, at: datetime, world: World, **facts: object) -> None:
    """A line about the participant."""
    values = {
        "at": at,
        "subject_id": world.participant.id,
        "actor_id": world.coach.id,
        "action": "read",
        "kind": "plan",
    }
    session.execute(insert(JournalRow).values({**values, **facts}))


def test_what_staff_did_is_told_by_name_day_time_and_what(
    world: World, database: Database, sign_in: SignIn, frozen: FrozenClock
) -> None:
    coach, other, me = sign_in(world.coach), sign_in(world.other_coach), sign_in(world.participant)
    path = f"/staff/people/{world.participant.id}"
    assert coach.get(path).status_code == 200
    frozen.move(timedelta(minutes=6))
    assert coach.get(f"{path}/plan").status_code == 200
    assert other.get(f"{path}/plan").status_code == 404
    assert me.get("/plan").status_code == 200
    said = text_of(me.get("/me/looked"))
    assert "Tisdag 24 november" in said or "tisdag 24 november" in said
    assert "Karin" in said
    assert "coach · 09.00–09.06" in said
    assert "din plan" in said
    assert "Olof" in said
    assert "Ville läsa: din plan. Det fick personen inte." in said
    assert "Du själv" in said
    for hidden in ("Lund", "Berg", "något annat om dig"):
        assert hidden not in said


def test_nobody_elses_lines_are_there(world: World, session: Session, now: datetime) -> None:
    """S2, S4"""
    seen(session, now, world, subject_id=world.second_participant.id, kind="pin")
    seen(session, now, world, subject_id=world.far_participant.id, actor_id=world.far_coach.id)
    found = looked_queries.looks(session, asker_of(session, world.participant), 1)
    assert found.days == ()


def test_somebody_of_another_organisation_has_no_name_here(
    world: World, session: Session, now: datetime
) -> None:
    seen(session, now, world, actor_id=world.far_coach.id)
    seen(session, now, world, actor_id=None, kind="number_enrolled", action="change")
    found = looked_queries.looks(session, asker_of(session, world.participant), 1)
    assert {look.who.name for _, then in found.days for look in then} == {""}


def test_an_interpreter_is_one_at_the_meeting(
    world: World, database: Database, sign_in: SignIn, now: datetime
) -> None:
    with database.transaction() as session:
        grant = InterpreterGrant(
            organisation_id=world.organisation.id,
            person_id=world.participant.id,
            meeting_id=uuid.uuid4(),
            language="ar",
            starts_at=now,
            ends_at=now + timedelta(hours=1),
            shown=[],
            code_hash=b"x",
            code_expires_at=now,
            made_by=world.coach.id,
            made_at=now,
        )
        session.add(grant)
        session.flush()
        seen(session, now, world, actor_id=grant.id)
    assert "Tolken vid ditt möte" in text_of(sign_in(world.participant).get("/me/looked"))


def test_days_are_the_organisations_own_and_each_person_stands_once_a_day(
    world: World, session: Session, now: datetime
) -> None:
    """23.30 in UTC is the next day in Stockholm."""
    evening = now.replace(hour=23, minute=30)
    for minute, kind in enumerate(("plan", "answers", "plan")):
        seen(session, evening + timedelta(minutes=minute), world, kind=kind)
    seen(session, evening + timedelta(minutes=9), world, kind="copy", action="export")
    found = looked_queries.looks(session, asker_of(session, world.participant), 1)
    ((day, (look,)),) = found.days
    assert day == (now + timedelta(days=1)).date()
    assert look.done == {"read": ("plan", "answers"), "export": ("copy",)}
    assert (look.last - look.first).seconds == 9 * 60


def test_what_must_leave_no_trace_leaves_none_here(world: World, session: Session, now: datetime) -> None:
    """S33"""
    hidden = meetings.add_meeting(
        session, world.participant, world.coach, now + timedelta(days=2), now, in_portal=False
    )
    shown = meetings.add_meeting(session, world.participant, world.coach, now + timedelta(days=3), now)
    seen(session, now, world, action="change", kind="meeting", object_id=hidden.id)
    asker = asker_of(session, world.participant)
    assert looked_queries.looks(session, asker, 1).days == ()
    seen(session, now, world, action="change", kind="meeting", object_id=shown.id)
    assert len(looked_queries.looks(session, asker, 1).days) == 1


def test_it_is_paged(world: World, database: Database, sign_in: SignIn, now: datetime) -> None:
    with database.transaction() as session:
        for day in range(looked_queries.PAGE + 20):
            seen(session, now - timedelta(days=day), world)
    me = sign_in(world.participant)
    first, last = me.get("/me/looked"), me.get("/me/looked?page=2")
    assert "/me/looked?page=2" in first.get_data(as_text=True)
    assert "Visa nyare" in text_of(last)
    assert "Visa äldre" not in text_of(last)
    for odd in ("0", "-3", "x", "9" * 30):
        assert me.get(f"/me/looked?page={odd}").status_code == 200
    assert "Ingen har tittat." in text_of(me.get("/me/looked?page=900"))


def test_the_first_door_does_not_show_it(world: World, sign_in: SignIn) -> None:
    """S30"""
    answer = sign_in(world.participant, tier=1).get("/me/looked")
    assert answer.location.startswith("/pin")


def test_every_kind_has_words_of_its_own() -> None:
    tree.report(
        [
            f"{kind}: no words in portal/privacy/words.py (KINDS)"
            for kind in sorted(noted_kinds() - KINDS.keys())
        ]
    )
