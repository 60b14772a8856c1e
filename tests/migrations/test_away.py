"""What an absence did with meetings goes, and the meetings stand as they are (S56)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal import schema
from portal.booking.models import Appointment, AppointmentBefore
from portal.db import Database
from portal.identity.absence import service
from portal.messaging.models import OutboxMessage
from portal.notices import call_service
from portal.notices import rules as kinds
from portal.notices.models import CallWish, NoticeTemplate
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare, tables
from tests.support import outbox
from tests.support.meetings import add_meeting
from tests.support.objects import asker_of
from tests.support.world import build

__all__ = ["bare"]


def test_how_it_was_goes_and_what_is_new_is_not_sent(bare: Database) -> None:
    """S56"""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        karin, amina = world.coach, world.participant
        meeting = add_meeting(session, amina, karin, NOW + timedelta(days=7), NOW)
        wish = service.Wish(date(2026, 12, 1), date(2026, 12, 1))
        absence = service.take(session, asker_of(session, karin), karin.id, wish, NOW)
        session.add(
            AppointmentBefore(
                batch_id=meeting.id,
                absence_id=absence.id,
                appointment_id=meeting.id,
                made_at=NOW,
                made_by=karin.id,
                revision=1,
                coach_id=karin.id,
                starts_at=NOW,
                ends_at=NOW + timedelta(hours=1),
                moved_count=0,
                confirmed_at=None,
                place="Torget",
            )
        )
        for kind in (kinds.CANCELLED_MORE, kinds.CANCELLED):
            outbox.put(session, NOW, kind=kind, subject=meeting.id, recipient_id=amina.id)
            session.add(
                NoticeTemplate(
                    organisation_id=world.organisation.id,
                    kind=kind,
                    language="sv",
                    version=1,
                    text="Inställt {dag} {tid}.",
                    made_by=karin.id,
                    made_at=NOW,
                )
            )
        call_service.wish(
            session, amina.id, kinds.CANCELLED_MORE, meeting.id, 1, starts_at=meeting.starts_at, now=NOW
        )
    schema.downgrade(bare.url, before("What becomes of the meetings"))
    assert "appointment_before" not in tables(bare)
    schema.upgrade(bare.url)
    with bare.reading() as session:
        assert session.scalar(select(func.count()).select_from(AppointmentBefore)) == 0
        assert session.scalars(select(Appointment)).one().starts_at == NOW + timedelta(days=7)
        assert [row.kind for row in session.scalars(select(OutboxMessage))] == [kinds.CANCELLED]
        assert [row.kind for row in session.scalars(select(NoticeTemplate))] == [kinds.CANCELLED]
        assert session.scalars(select(CallWish)).all() == []


def test_a_wording_of_nothing_is_refused(bare: Database) -> None:
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
    with pytest.raises(IntegrityError), bare.transaction() as session:
        session.add(
            NoticeTemplate(
                organisation_id=world.organisation.id,
                kind="meeting_something",
                language="sv",
                version=1,
                text="",
                made_by=world.coach.id,
                made_at=NOW,
            )
        )
