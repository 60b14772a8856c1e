"""Whose SMS fail, for the list of those who need attention; what changed, for the text to copy."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.messaging import rules
from portal.messaging.models import OutboxMessage
from portal.reminders import queries
from tests.support import outbox
from tests.support.objects import asker_of
from tests.support.world import World


def settled(session: Session, person: Person, state: str, at: datetime, **facts: object) -> OutboxMessage:
    row = outbox.put(session, at, recipient_id=person.id, **facts)
    row.state = state
    session.flush()
    return row


def test_a_coach_sees_whose_sms_fail_among_their_own(session: Session, world: World, now: datetime) -> None:
    """S2, S4."""
    for person in (world.participant, world.other_participant, world.far_participant):
        settled(session, person, rules.FAILED, now)
    settled(session, world.second_participant, rules.DELIVERED, now)
    for who, seen in [("coach", ["participant"]), ("other_coach", ["other_participant"]), ("admin", [])]:
        asker = asker_of(session, getattr(world, who))
        found = [one.recipient_id for one in queries.failing(session, asker, now)]
        assert found == [getattr(world, name).id for name in seen]


def test_a_protected_person_is_in_no_list(session: Session, world: World, now: datetime) -> None:
    """S37."""
    settled(session, world.participant, rules.FAILED, now)
    session.get_one(Person, world.participant.id).protected = True
    session.flush()
    assert queries.failing(session, asker_of(session, world.coach), now) == ()


def test_the_list_takes_one_query_however_many_fail(session: Session, world: World, now: datetime) -> None:
    asker = asker_of(session, world.coach)
    asked: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: asked.append(args[2]))
    for person in (world.participant, world.second_participant):
        settled(session, person, rules.UNKNOWN, now)
        asked.clear()
        queries.failing(session, asker, now)
        assert len(asked) == 1
    assert len(queries.failing(session, asker, now)) == 2


def test_what_changed_since_leaves_out_what_is_under_way(
    session: Session, world: World, now: datetime
) -> None:
    asker = asker_of(session, world.coach)
    settled(session, world.participant, rules.DELIVERED, now - timedelta(days=3))
    new = settled(session, world.participant, rules.DELIVERED, now)
    settled(session, world.participant, rules.QUEUED, now)
    settled(session, world.participant, rules.DELIVERED, now, kind=rules.SIGN_IN_CODE)
    since = now - timedelta(days=1)
    settled(session, world.participant, rules.SENT, now)
    mail = settled(session, world.participant, rules.SENT, now)
    mail.channel = rules.EMAIL
    session.flush()
    assert set(queries.changed_since(session, asker, world.participant.id, since)) == {new, mail}
    with pytest.raises(NoResultFound):
        queries.changed_since(session, asker, world.other_participant.id, since)
