"""A participant signs for a session, a later mark leaves a correction, and both stand in the month."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from portal.attendance.models import Correction, Signature
from portal.attendance.sheet_rules import GROUP
from portal.db import Database
from portal.groups import attendance_service, seat_service, session_service, sheet_queries
from portal.groups.attendance_service import NotThere
from portal.groups.models import Group, GroupPart
from portal.groups.session_service import TooEarly
from portal.web.asker import Asker
from tests.booking.conftest import AskAs
from tests.conftest import FrozenClock, SignIn
from tests.groups.conftest import FIRST, Made, sessions
from tests.support.pages import text_of
from tests.support.world import World

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SOON = FIRST + 10 * MINUTE


@pytest.fixture
def group(app: Flask, database: Database, world: World, ask_as: AskAs, made: Made, now: datetime) -> Group:
    """A group that the participant is in."""
    fresh_group = made()
    with database.transaction() as fresh:
        seat_service.join(fresh, ask_as(world.participant), fresh_group.id, now)
    return fresh_group


def part_of(database: Database, group: Group) -> GroupPart:
    with database.reading() as fresh:
        first = sessions(fresh, group)[0]
        return fresh.scalars(select(GroupPart).where(GroupPart.session_id == first.id)).one()


def mark(database: Database, asker: Asker, part: GroupPart, was: str, becomes: str, at: datetime) -> None:
    with database.transaction() as fresh:
        marks = {part.id: (was, becomes)}
        attendance_service.note_attendance(fresh, asker, part.session_id, marks, at)


def test_signed_once_by_whose_it_is_and_taken_back_as_a_slip(
    database: Database, world: World, ask_as: AskAs, group: Group
) -> None:
    """S2, S40"""
    part, own = part_of(database, group), ask_as(world.participant)
    with database.writing() as fresh:
        with pytest.raises(TooEarly):
            attendance_service.sign_own(fresh, own, part.id, FIRST - MINUTE)
        with pytest.raises(NoResultFound):
            attendance_service.sign_own(fresh, ask_as(world.second_participant), part.id, SOON)
        assert attendance_service.sign_own(fresh, own, part.id, SOON)
        assert not attendance_service.sign_own(fresh, own, part.id, SOON)
        row = fresh.scalars(select(Signature)).one()
        assert (row.cause_id, row.person_id, row.method, row.signed_at) == (
            part.id,
            own.person_id,
            "pin",
            SOON,
        )
        assert not attendance_service.unsign_own(fresh, own, part.id, SOON + 11 * MINUTE)
        assert attendance_service.unsign_own(fresh, own, part.id, SOON + 10 * MINUTE)


def test_what_was_signed_changes_only_with_what_stood_before(
    database: Database, world: World, ask_as: AskAs, group: Group
) -> None:
    part, coach = part_of(database, group), ask_as(world.coach)
    mark(database, coach, part, "none", "came", SOON)
    with database.transaction() as fresh:
        attendance_service.sign_own(fresh, ask_as(world.participant), part.id, SOON)
    mark(database, coach, part, "came", "absent", SOON + MINUTE)
    with database.writing() as fresh:
        kept = fresh.scalars(select(Correction)).one()
        assert (kept.was, kept.becomes, kept.cause_id) == ("came", "absent", part.id)
        with pytest.raises(NotThere):
            attendance_service.sign_own(fresh, ask_as(world.participant), part.id, SOON + DAY)


def test_the_month_has_the_sessions_that_have_begun(
    database: Database, world: World, ask_as: AskAs, group: Group
) -> None:
    part, coach = part_of(database, group), ask_as(world.coach)
    mark(database, coach, part, "none", "late", SOON)
    month = FIRST.date().replace(day=1)
    with database.writing() as fresh:
        (line,) = sheet_queries.month_of(fresh, coach, world.participant.id, month, SOON)
        assert (line.activity, line.cause_id, line.noted.state) == (GROUP, part.id, "late")
        assert (line.noted_by, line.lacks_signature) == (world.coach.name, True)
        assert line.page_id == part.session_id
        assert sheet_queries.months_of(fresh, coach, month, SOON) == {world.participant.id: [line]}
        assert sheet_queries.months_of(fresh, ask_as(world.other_coach), month, SOON) == {}
        own = sheet_queries.month_of(fresh, ask_as(world.participant), world.participant.id, month, SOON)
        assert [(one.can_sign, one.page_id) for one in own] == [(True, None)]
        with pytest.raises(NoResultFound):
            sheet_queries.month_of(fresh, ask_as(world.far_coach), world.participant.id, month, SOON)
        first = sessions(fresh, group)[0]
        assert session_service.parts_of(fresh, first)


def test_a_tap_on_the_first_page_signs(
    database: Database, world: World, group: Group, sign_in: SignIn, frozen: FrozenClock
) -> None:
    part = part_of(database, group)
    assert "Jag var med i gruppen" not in text_of(sign_in(world.participant, tier=1).get("/home"))
    frozen.moment = SOON
    browser = sign_in(world.participant, tier=1)
    assert "Jag var med i gruppen" in text_of(browser.get("/home"))
    said = browser.post(f"/groups/parts/{part.id}/here", follow_redirects=True)
    assert "Tack! Du har skrivit under" in text_of(said)
    assert "Jag var med i gruppen" not in text_of(said)
    month = f"month:{FIRST:%Y-%m}"
    undone = browser.post(f"/groups/parts/{part.id}/here/undo", data={"back": month})
    assert undone.location == f"/me/attendance?month={FIRST:%Y-%m}"
    whole = sign_in(world.participant)
    assert "Grupp" in text_of(whole.get(f"/me/attendance?month={FIRST:%Y-%m}"))
