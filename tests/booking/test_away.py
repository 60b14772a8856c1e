"""What becomes of the meetings of a coach who is away: each answer, one message each, and undoing it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.availability import queries as availability
from portal.availability.models import BusyTime, OwnTerms, WeeklyHours
from portal.booking import away_queries, away_rules, away_service, rules, service, time_service
from portal.booking.away_queries import Gone, Hit
from portal.booking.away_rules import Answer
from portal.booking.away_service import ChangedSince, Outcome, Undone
from portal.booking.course_service import Collides
from portal.booking.models import Appointment, AppointmentBefore
from portal.booking.time_service import Wish
from portal.identity.absence import service as absences
from portal.identity.absence.rules import Period
from portal.identity.models import CoachChange, Enrolment, Person
from portal.messaging.models import OutboxMessage
from portal.notices import rules as kinds
from portal.notices.models import CallWish
from portal.web.asker import Asker
from tests.booking.conftest import AskAs
from tests.support.speaking import speaking_app
from tests.support.world import World

APP = speaking_app()
HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
NEXT = datetime.fromisoformat("2026-12-01T09:00+00:00")
"""Tuesday at ten in Stockholm, a week from now."""


@dataclass
class Desk:
    """The coach's desk: Karin is away all of next week, and Olof stands in."""

    session: Session
    world: World
    now: datetime
    ask_as: AskAs
    gone: Gone

    @property
    def karin(self) -> Asker:
        return self.ask_as(self.world.coach)

    @property
    def amina(self) -> Person:
        return self.world.participant

    def meet(self, starts_at: datetime = NEXT, person: Person | None = None) -> Appointment:
        """Booked by the coach before anybody was ill, and told."""
        wish = Wish(starts_at, "phone", uuid.uuid4())
        with APP.app_context():
            made = service.book_for(
                self.session, self.karin, (person or self.amina).id, wish, self.now, anyway=True
            )
        self.session.execute(
            update(OutboxMessage).where(OutboxMessage.kind == kinds.BOOKED).values(state="delivered")
        )
        return made

    def hits(self, gone: Gone | None = None) -> Sequence[Hit]:
        return away_queries.hits(self.session, self.karin, gone or self.gone, self.now)

    def decide(self, chosen: dict[Appointment, str]) -> Outcome:
        """A MOVE takes the likest time."""
        likest = {one.meeting.id: one.likest for one in self.hits()}
        answers = {}
        for meeting, what in chosen.items():
            new = likest[meeting.id] if what == away_rules.MOVE else None
            answers[meeting.id] = Answer(what, meeting.revision, new.start if new else None)
        return self.answer(answers)

    def answer(self, answers: dict[uuid.UUID, Answer], gone: Gone | None = None) -> Outcome:
        with APP.app_context():
            return away_service.decide(self.session, self.karin, gone or self.gone, answers, self.now)

    def undo(self, after: timedelta) -> Undone:
        """The last batch is undone so long after."""
        at = self.now + after
        found = away_queries.undoable(self.session, [self.gone.id], at)
        batch = found[self.gone.id][0] if found else uuid.uuid4()
        with APP.app_context():
            return away_service.undo(self.session, self.karin, self.gone, batch, at)

    def said(self, person: Person | None = None) -> list[tuple[str, datetime]]:
        """What will be said to somebody: the kinds, and from when."""
        whom = OutboxMessage.recipient_id == (person or self.amina).id
        rows = self.session.scalars(select(OutboxMessage).where(whom, OutboxMessage.state == "queued"))
        return [(row.kind, row.not_before) for row in rows]

    def held(self, meeting: Appointment) -> set[tuple[uuid.UUID, datetime]]:
        rows = self.session.scalars(select(BusyTime).where(BusyTime.cause_id == meeting.id))
        return {(row.subject_id, row.starts_at) for row in rows}


@pytest.fixture
def desk(session: Session, open_world: World, ask_as: AskAs, now: datetime) -> Desk:
    days = Period(date(2026, 11, 30), date(2026, 12, 4))
    karin, olof = open_world.coach, open_world.other_coach
    row = absences.take(session, ask_as(karin), karin.id, absences.Wish(days.first, days.last, olof.id), now)
    return Desk(session, open_world, now, ask_as, Gone(row.id, karin.id, days, olof.id))


def test_the_meetings_in_the_absence_are_found_with_what_can_become_of_them(desk: Desk) -> None:
    before, inside, after = desk.meet(NEXT - 4 * DAY), desk.meet(), desk.meet(NEXT + 7 * DAY)
    (hit,) = desk.hits()
    assert hit.meeting.id == inside.id
    assert hit.obstacle == ""
    assert hit.likest is not None
    # A week later at the same hour the person is met already.
    assert all(span.start != after.starts_at for span in hit.times)
    assert all(span.start > before.starts_at for span in hit.times)
    assert hit.likest.start.date() > desk.gone.days.last
    assert list(hit.times) == sorted(hit.times)
    assert len(hit.times) == away_rules.TIMES_OFFERED


def test_new_times_are_those_of_the_meeting_s_kind_and_of_days_that_are_not_full(desk: Desk) -> None:
    karin = desk.world.coach
    tuesdays = WeeklyHours.person_id == karin.id, WeeklyHours.weekday == NEXT.weekday()
    desk.session.execute(update(WeeklyHours).where(*tuesdays).values(modes=["on_site"]))
    desk.session.add(OwnTerms(person_id=karin.id, most_a_day=1))
    two = (desk.meet(), desk.meet(NEXT + DAY, desk.world.second_participant))
    first, second = desk.hits()
    assert [first.meeting.id, second.meeting.id] == [one.id for one in two]
    assert all(span.start.weekday() != NEXT.weekday() for span in first.times + second.times)
    assert first.likest
    assert second.likest
    assert first.likest.start.date() != second.likest.start.date()


@pytest.mark.parametrize("minutes", [0, 45, -45, 60, -60, 75, -75])
def test_what_the_stand_in_has_at_that_time_is_in_the_way(desk: Desk, minutes: int) -> None:
    """With the break after each meeting, of a quarter of an hour."""
    desk.meet()
    olof, theirs = desk.world.other_coach, desk.world.other_participant
    wish = Wish(NEXT + timedelta(minutes=minutes), "phone", uuid.uuid4())
    with APP.app_context():
        service.book_for(desk.session, desk.ask_as(olof), theirs.id, wish, desk.now, anyway=True)
    (hit,) = desk.hits()
    assert hit.obstacle == ("" if abs(minutes) >= 75 else rules.TAKEN)


def test_a_meeting_gets_the_new_time_and_its_person_one_message(desk: Desk) -> None:
    meeting = desk.meet()
    desk.session.expire_all()
    outcome = desk.decide({meeting: away_rules.MOVE})
    assert outcome == Outcome(1, frozenset())
    assert meeting.starts_at == NEXT + 7 * DAY
    assert meeting.revision == 1
    assert desk.held(meeting) == {
        (desk.world.coach.id, meeting.starts_at),
        (desk.amina.id, meeting.starts_at),
    }
    assert desk.said() == [(kinds.MOVED, desk.now + 10 * MINUTE)]


def test_whoever_stands_in_takes_the_meeting_and_it_is_told(desk: Desk) -> None:
    """At the same place, too: another person sits there."""
    meeting = desk.meet()
    desk.decide({meeting: rules.ALONG})
    assert (meeting.coach_id, meeting.starts_at) == (desk.world.other_coach.id, NEXT)
    assert meeting.revision == 1
    assert desk.said() == [(kinds.CHANGED, desk.now + 10 * MINUTE)]


def test_what_stays_is_left_alone(desk: Desk) -> None:
    meeting = desk.meet()
    assert desk.decide({meeting: rules.STAY}) == Outcome(0, frozenset())
    assert (meeting.revision, meeting.coach_id) == (0, desk.world.coach.id)


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ((rules.CANCEL, away_rules.MOVE), kinds.CANCELLED_MORE),
        ((away_rules.MOVE, rules.CANCEL), kinds.MOVED_MORE),
        ((rules.ALONG, rules.CANCEL), kinds.CANCELLED_MORE),
        ((rules.ALONG, rules.ALONG), kinds.CHANGED),
        ((rules.STAY, rules.CANCEL), kinds.CANCELLED),
    ],
)
def test_several_meetings_of_one_person_are_one_message(
    desk: Desk, answers: tuple[str, str], kind: str
) -> None:
    two = (desk.meet(), desk.meet(NEXT + 2 * DAY))
    other = desk.meet(NEXT + DAY, desk.world.second_participant)
    desk.decide({**dict(zip(two, answers, strict=True)), other: rules.CANCEL})
    assert [one for one, _from in desk.said()] == [kind]
    assert [one for one, _from in desk.said(desk.world.second_participant)] == [kinds.CANCELLED]


def test_who_is_rung_up_is_named_to_the_coach(desk: Desk) -> None:
    desk.amina.way = kinds.CALL
    desk.session.merge(desk.amina)
    meeting = desk.meet()
    assert desk.decide({meeting: rules.CANCEL}).untold == {desk.amina.id}
    wish = desk.session.scalars(select(CallWish)).one()
    assert (wish.subject, wish.kind) == (meeting.id, kinds.CANCELLED)


def test_a_meeting_of_this_afternoon_is_told_of_at_once(desk: Desk) -> None:
    karin = desk.world.coach
    meeting = desk.meet(desk.now + HOUR)
    wish = absences.Wish(desk.now.date(), desk.now.date())
    row = absences.take(desk.session, desk.karin, karin.id, wish, desk.now)
    today = Gone(row.id, karin.id, row.days, None)
    desk.answer({meeting.id: Answer(rules.CANCEL, 0)}, today)
    assert desk.said() == [(kinds.CANCELLED, desk.now)]


def test_nobody_stands_in_where_nobody_was_chosen(desk: Desk) -> None:
    meeting = desk.meet()
    alone = replace(desk.gone, stand_in_id=None)
    (hit,) = desk.hits(alone)
    assert hit.obstacle == rules.TAKEN
    assert hit.likest
    # The page sends a time along with every answer.
    with pytest.raises(Collides):
        desk.answer({meeting.id: Answer(rules.ALONG, 0, hit.likest.start)}, alone)
    assert (meeting.starts_at, meeting.revision) == (NEXT, 0)


@pytest.mark.parametrize("change", ["moved", "cancelled"])
def test_what_somebody_has_changed_meanwhile_is_not_overwritten(desk: Desk, change: str) -> None:
    """S49"""
    meeting = desk.meet()
    with APP.app_context():
        if change == "moved":
            wish = Wish(NEXT + HOUR, "phone")
            service.move_for(
                desk.session, desk.ask_as(desk.world.lead), meeting.id, wish, desk.now, anyway=True
            )
        else:
            service.cancel_own(desk.session, desk.ask_as(desk.amina), meeting.id, "", desk.now)
    with pytest.raises(ChangedSince):
        desk.answer({meeting.id: Answer(rules.CANCEL, 0)})


def test_a_meeting_that_another_coach_has_got_meanwhile_is_left(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S49: between looking and holding its people it went along, without another revision."""
    meeting, seen = desk.meet(), away_queries.hits

    def hits_then_hand_over(*asked: Any) -> Sequence[Hit]:
        found = seen(*asked)
        held = availability.keeper(desk.session, desk.karin, desk.world.other_coach.id)
        assert not time_service.give(desk.session, desk.karin, meeting, held, desk.now)
        return found

    monkeypatch.setattr(away_queries, "hits", hits_then_hand_over)
    with pytest.raises(ChangedSince):
        desk.answer({meeting.id: Answer(rules.CANCEL, 0)})
    assert meeting.state == rules.BOOKED


def test_a_time_that_is_not_offered_is_refused(desk: Desk) -> None:
    meeting = desk.meet()
    for start in (NEXT + MINUTE, NEXT - 7 * DAY, None):
        with pytest.raises(Collides):
            desk.answer({meeting.id: Answer(away_rules.MOVE, 0, start)})


# Undoing


@pytest.mark.parametrize("what", [rules.ALONG, away_rules.MOVE, rules.CANCEL])
def test_undone_within_ten_minutes_nobody_hears_of_it(desk: Desk, what: str) -> None:
    meeting = desk.meet()
    meeting.place, meeting.confirmed_at = "Storgatan 9", desk.now
    desk.session.flush()
    before = desk.held(meeting)
    desk.decide({meeting: what})
    assert desk.said() != []
    assert desk.undo(9 * MINUTE) == Undone(1, 0)
    desk.session.refresh(meeting)
    assert (meeting.starts_at, meeting.coach_id, meeting.state) == (NEXT, desk.world.coach.id, rules.BOOKED)
    assert (meeting.place, meeting.confirmed_at, meeting.moved_count) == ("Storgatan 9", desk.now, 0)
    assert (meeting.cancelled_at, meeting.cancelled_by) == (None, None)
    assert meeting.revision == 2
    assert desk.held(meeting) == before
    assert desk.said() == []
    assert desk.session.scalars(select(AppointmentBefore)).all() == []
    assert desk.undo(9 * MINUTE) == Undone(0, 0)


def test_whoever_has_been_told_is_told_again(desk: Desk) -> None:
    meeting = desk.meet()
    desk.decide({meeting: rules.CANCEL})
    left = desk.session.scalars(select(OutboxMessage).where(OutboxMessage.revision == 1)).one()
    left.state = "sent"
    desk.session.flush()
    desk.undo(5 * MINUTE)
    assert desk.said() == [(kinds.BOOKED, desk.now + 5 * MINUTE)]


def test_after_ten_minutes_it_stands(desk: Desk) -> None:
    meeting = desk.meet()
    desk.decide({meeting: rules.CANCEL})
    batch = desk.session.scalars(select(AppointmentBefore.batch_id)).one()
    late = desk.now + 10 * MINUTE
    assert away_queries.undoable(desk.session, [desk.gone.id], late) == {}
    assert away_service.undo(desk.session, desk.karin, desk.gone, batch, late) == Undone(0, 0)
    assert meeting.state == rules.CANCELLED
    assert away_service.forget(desk.session, late - MINUTE) == 0


def test_the_worker_forgets_how_it_was(desk: Desk) -> None:
    desk.decide({desk.meet(): rules.CANCEL})
    assert away_service.forget(desk.session, desk.now + 9 * MINUTE) == 0
    assert away_service.forget(desk.session, desk.now + 10 * MINUTE) == 1
    assert desk.session.scalars(select(AppointmentBefore)).all() == []


def test_what_has_changed_since_is_left_and_counted(desk: Desk) -> None:
    one, two = desk.meet(), desk.meet(NEXT + DAY, desk.world.second_participant)
    desk.decide({one: rules.CANCEL, two: away_rules.MOVE})
    with APP.app_context():
        lead = desk.ask_as(desk.world.lead)
        service.restore_for(desk.session, lead, one.id, desk.now + MINUTE, anyway=True)
    assert desk.undo(2 * MINUTE) == Undone(1, 1)
    assert (one.state, one.revision) == (rules.BOOKED, 2)
    assert two.starts_at == NEXT + DAY


def test_a_time_that_somebody_has_taken_does_not_come_back(desk: Desk) -> None:
    meeting = desk.meet()
    desk.decide({meeting: rules.CANCEL})
    desk.meet(NEXT, desk.world.second_participant)
    assert desk.undo(MINUTE) == Undone(0, 1)
    assert meeting.state == rules.CANCELLED
    assert [kind for kind, _from in desk.said()] == [kinds.CANCELLED]


def test_what_cannot_come_back_is_told_where_the_one_message_was_about_what_does(desk: Desk) -> None:
    named, stays = desk.meet(), desk.meet(NEXT + DAY)
    desk.decide({named: rules.CANCEL, stays: away_rules.MOVE})
    desk.meet(NEXT + DAY, desk.world.second_participant)
    assert desk.undo(MINUTE) == Undone(1, 1)
    assert (named.state, stays.starts_at > NEXT + DAY) == (rules.BOOKED, True)
    assert [kind for kind, _from in desk.said()] == [kinds.MOVED]


def test_what_somebody_has_confirmed_meanwhile_at_that_time_stays_confirmed(desk: Desk) -> None:
    """S49"""
    along, moved = desk.meet(), desk.meet(NEXT + DAY)
    desk.decide({along: rules.ALONG, moved: away_rules.MOVE})
    for meeting in (along, moved):
        service.confirm(desk.session, desk.ask_as(desk.amina), meeting.id, desk.now)
    assert desk.undo(MINUTE) == Undone(2, 0)
    assert (along.confirmed_at, moved.confirmed_at) == (desk.now, None)


@pytest.mark.parametrize("how", ["handed over", "closed"])
def test_nobody_comes_back_to_a_coach_who_is_theirs_no_longer(desk: Desk, how: str) -> None:
    meeting, since = desk.meet(), desk.now + MINUTE
    desk.decide({meeting: rules.CANCEL})
    if how == "closed":
        desk.session.execute(
            update(Enrolment).where(Enrolment.person_id == desk.amina.id).values(closed_on=since.date())
        )
    else:
        coaches = {"former_id": desk.world.coach.id, "coach_id": desk.world.other_coach.id}
        desk.session.add(CoachChange(person_id=desk.amina.id, changed_at=since, **coaches))
    assert desk.undo(2 * MINUTE) == Undone(0, 1)
    assert meeting.state == rules.CANCELLED


def test_another_absence_cannot_end_the_undoing_of_this_one(desk: Desk) -> None:
    desk.decide({desk.meet(): rules.CANCEL})
    batch = desk.session.scalars(select(AppointmentBefore.batch_id)).one()
    other = replace(desk.gone, id=uuid.uuid4())
    assert away_service.undo(desk.session, desk.karin, other, batch, desk.now) == Undone(0, 0)
    assert desk.undo(MINUTE) == Undone(1, 0)
