"""Follow-ups go with their tables and leave the enrolment as it was (S56)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from portal import schema
from portal.db import Database
from portal.followup import service
from portal.followup.models import FollowUp, FollowUpConsent
from portal.followup.service import Told
from portal.identity.models import Enrolment, Person
from portal.staff.models import Attention
from tests.followup.conftest import leave
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare, tables
from tests.support.objects import asker_of
from tests.support.world import build

__all__ = ["bare"]


def test_follow_ups_come_and_go_with_their_tables(bare: Database) -> None:
    """S56"""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        enrolment = leave(session, world.participant, date(2026, 5, 24), NOW)
        coach, person = asker_of(session, world.coach), session.get_one(Person, world.participant.id)
        service.record(session, coach, person, 6, Told("reached", "work", "good", "Trivs"), NOW)
        later = {"outcome": "later", "until": NOW, "handled_by": world.coach.id, "handled_at": NOW}
        session.add(Attention(person_id=person.id, key="follow_up:x:3", kind="follow_up", **later))
    for wrong in ("follow_up SET result = 'lost'", "follow_up_consent SET said = ''"):
        with pytest.raises(DBAPIError), bare.engine.begin() as connection:
            connection.execute(text(f"UPDATE {wrong}"))
    schema.downgrade(bare.url, before("When somebody is reminded"))
    assert not {"follow_up", "follow_up_consent"} & tables(bare)
    schema.upgrade(bare.url)
    with bare.reading() as session:
        for model in (FollowUp, FollowUpConsent, Attention):
            assert session.scalar(select(func.count()).select_from(model)) == 0
        assert session.get_one(Enrolment, enrolment.id).closed_on == date(2026, 5, 24)


def test_what_holds_stays_when_what_was_said_before_goes(bare: Database) -> None:
    """S45, S56: neither way makes a yes out of a no; what stood alone holds since it was said."""
    day = timedelta(days=1)

    def kept() -> list[tuple[str, bool]]:
        with bare.reading() as session:
            rows = session.scalars(select(FollowUpConsent).order_by(FollowUpConsent.said_at))
            return [(one.said, one.said_until is None) for one in rows]

    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        coach, person = asker_of(session, world.coach), session.get_one(Person, world.participant.id)
        for days, yes in ((9, True), (8, False), (7, True)):
            service.note_consent(session, coach, person, yes=yes, now=NOW - days * day)
        service.refuse(session, coach, person, NOW)
    assert kept() == [("yes", False), ("no", False), ("yes", False), ("never", True)]
    schema.downgrade(bare.url, before("What was said before"))
    with bare.reading() as session:
        assert session.scalars(text("SELECT said FROM follow_up_consent")).all() == ["never"]
    alone = inspect(bare.engine).get_unique_constraints("follow_up_consent")
    assert [one["column_names"] for one in alone] == [["enrolment_id"]]
    schema.upgrade(bare.url)
    assert kept() == [("never", True)]
    with bare.reading() as session:
        assert session.scalars(select(FollowUpConsent)).one().said_at == NOW
