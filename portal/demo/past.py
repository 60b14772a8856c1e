"""What has happened to the demo's people: meetings, check-ins, SMS; and what is booked."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.attendance.models import Signature
from portal.attendance.rules import FIRST_DOOR
from portal.availability.rules import Span
from portal.availability.service import Holding, occupy
from portal.booking.hold_service import CAUSE
from portal.booking.models import Appointment
from portal.demo import figures
from portal.demo.stories import Story
from portal.feedback.models import CheckIn
from portal.identity.models import Enrolment
from portal.instruments import queries as instruments
from portal.instruments.models import Response, ResponseLine
from portal.instruments.rules import Instrument
from portal.messaging.models import OutboxMessage
from portal.notices.rules import ONE_DAY, THREE_DAYS

MODES = ("on_site", "on_site", "on_site", "phone", "video", "walk")
PLACES = {"on_site": "Jobbtorget, Storgatan 4", "walk": "Vid entrén, Storgatan 4"}
SIGNED = 0.75
"""Below this number the person signed that they were there."""
CAME, ABSENT = 0.90, 0.97
"""Below the first number a person came, below the second did not, above it the meeting was cancelled."""
LENGTH, BUFFER = timedelta(minutes=60), timedelta(minutes=15)
SMS_DAYS = 60
STARTS = (time(9), time(10, 15), time(13))
"""Three of the four times a day that fit a coach's hours: one is left to be booked."""


@dataclass(frozen=True)
class Teller:
    """Tells the past of one organisation's people, on one day, with one source of chance."""

    session: Session
    organisation_id: uuid.UUID
    zone: ZoneInfo
    now: datetime
    chance: random.Random

    @property
    def today(self) -> date:
        """The organisation's day."""
        return self.now.astimezone(self.zone).date()

    def past(self, enrolment: Enrolment, story: Story) -> None:
        """Every meeting until yesterday, with who came and what was answered."""
        days = past_days(story, self.today, self.chance)
        before, after = instruments.answerable("before"), instruments.answerable("after")
        ways = figures.series([line.key for line in before.lines], len(days), story.course, self.chance)
        ends = figures.series([line.key for line in after.lines], len(days), "level", self.chance)
        at = self.chance.choice(STARTS)
        for number, day in enumerate(days):
            last = number == len(days) - 1
            starts_at = datetime.combine(day, at, self.zone).astimezone(UTC)
            meeting = self.meeting(enrolment, starts_at, booked_at=starts_at - timedelta(days=10))
            self._ended(meeting, self._luck(story, last=last))
            if meeting.attendance == "came":
                if last or self.chance.random() < 0.85:
                    self._answers(meeting, story, before, ways[number], starts_at - timedelta(minutes=40))
                if self.chance.random() < 0.75:
                    self._answers(meeting, story, after, ends[number], meeting.ends_at + timedelta(hours=2))
            if (self.today - day).days < SMS_DAYS and not story.silent:
                self._reminders(meeting, story)

    def _luck(self, story: Story, *, last: bool) -> float:
        """How a meeting ended; nobody's last one is left to chance."""
        if last:
            return CAME if story.missed else 0.0
        return self.chance.random()

    def meeting(self, enrolment: Enrolment, starts_at: datetime, *, booked_at: datetime) -> Appointment:
        """A booked meeting; its busy time is for whoever looks ahead."""
        mode = self.chance.choice(MODES)
        meeting = Appointment(
            organisation_id=self.organisation_id,
            person_id=enrolment.person_id,
            coach_id=enrolment.coach_id,
            starts_at=starts_at,
            ends_at=starts_at + LENGTH,
            mode=mode,
            place=PLACES.get(mode, ""),
            state="booked",
            in_portal=True,
            uid=uuid.uuid4(),
            revision=0,
            booked_at=booked_at,
            booked_by=enrolment.coach_id,
            changed_at=booked_at,
            moved_count=0,
            attendance="none",
        )
        self.session.add(meeting)
        self.session.flush()
        return meeting

    def ahead(self, enrolment: Enrolment, starts_at: datetime) -> Appointment:
        """A meeting to come, which holds its time for both."""
        meeting = self.meeting(enrolment, starts_at, booked_at=self.now - timedelta(days=9))
        occupy(
            self.session,
            CAUSE,
            meeting.id,
            [
                Holding(meeting.coach_id, Span(meeting.starts_at, meeting.ends_at + BUFFER)),
                Holding(meeting.person_id, Span(meeting.starts_at, meeting.ends_at)),
            ],
        )
        return meeting

    def _signed(self, meeting: Appointment) -> None:
        """Its participant signed that they were there, on the own phone, when it was over."""
        self.session.add(
            Signature(
                organisation_id=meeting.organisation_id,
                person_id=meeting.person_id,
                cause_kind=CAUSE,
                cause_id=meeting.id,
                method=FIRST_DOOR,
                signed_at=meeting.ends_at + timedelta(minutes=10),
                signed_by=meeting.person_id,
            )
        )

    def _ended(self, meeting: Appointment, luck: float) -> None:
        if luck < ABSENT:
            meeting.attendance = "came" if luck < CAME else "absent"
            meeting.attended_at = meeting.ends_at + timedelta(minutes=5)
            meeting.attendance_by = meeting.coach_id
            if luck < SIGNED:
                self._signed(meeting)
        else:
            meeting.state, meeting.revision = "cancelled", 1
            meeting.cancelled_at = meeting.changed_at = meeting.starts_at - timedelta(days=2)
            meeting.cancelled_by = meeting.person_id

    def _answers(
        self, meeting: Appointment, story: Story, instrument: Instrument, values: dict[str, int], at: datetime
    ) -> None:
        direction = "rtl" if story.language == "ar" else "ltr"
        shown = {"language": story.language, "direction": direction}
        response = Response(
            instrument=instrument.key,
            version=instrument.version,
            submission_key=uuid.uuid4(),
            sent_at=at + timedelta(minutes=2),
            total=sum(values.values()),
            **shown,
        )
        self.session.add(response)
        self.session.flush()
        opened_in = uuid.uuid4()
        for line, value in values.items():
            self.session.add(
                ResponseLine(
                    response_id=response.id,
                    line=line,
                    tenths=value,
                    session_id=opened_in,
                    **shown,
                )
            )
        self.session.add(
            CheckIn(
                person_id=meeting.person_id,
                reference=meeting.id,
                instrument=instrument.key,
                response_id=response.id,
                opens_at=meeting.starts_at - timedelta(hours=2),
                closes_at=meeting.ends_at + timedelta(hours=48),
                begun_at=at,
            )
        )

    def _reminders(self, meeting: Appointment, story: Story) -> None:
        for kind, days in ((THREE_DAYS, 3), (ONE_DAY, 1)):
            at = meeting.starts_at - timedelta(days=days)
            message = OutboxMessage(
                kind=kind,
                subject=meeting.id,
                revision=0,
                recipient_id=meeting.person_id,
                again=0,
                organisation_id=self.organisation_id,
                address=story.phone,
                language=story.language,
                parts=1,
                state="failed" if story.sms_fails else "delivered",
                error_code="30003" if story.sms_fails else "",
                priority=5,
                not_before=at,
                expires_at=meeting.starts_at,
                attempts=1,
                next_try_at=at,
                provider="console",
                created_at=at,
                changed_at=at + timedelta(seconds=4),
            )
            self.session.add(message)


def past_days(story: Story, today: date, chance: random.Random) -> list[date]:
    """The weekdays on which somebody has met the coach, about every `rhythm_days`."""
    quiet = 25 if story.no_meeting or story.pausing else 1
    last = min(story.until or today, today) - timedelta(days=quiet)
    days, day = [], weekday_from(story.started_on)
    while day < last:
        days.append(day)
        day = weekday_from(day + timedelta(days=story.rhythm_days + chance.choice((-1, 0, 0, 1))))
    return days


def weekday_from(day: date) -> date:
    """The day itself, or the Monday after it."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day


def free_starts(first: date, zone: ZoneInfo, count: int) -> Sequence[datetime]:
    """The next `count` times to book, on weekdays from this day on."""
    found: list[datetime] = []
    day = first
    while len(found) < count:
        if day.weekday() < 5:
            found += [datetime.combine(day, at, zone).astimezone(UTC) for at in STARTS]
        day += timedelta(days=1)
    return found[:count]
