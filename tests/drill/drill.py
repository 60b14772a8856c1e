"""The drill: days of reminders, a provider that answers badly, workers killed at every step, and the laws.

Everything follows from a seed but how four workers take turns. Time is given to the workers: nothing sleeps.
"""

import random
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal import clock
from portal.app import create_app
from portal.booking.models import Appointment
from portal.config import TWILIO, Settings
from portal.db import Database
from portal.installation import use_settings
from portal.messaging import rules, service
from portal.messaging.models import OutboxMessage
from tests.drill import killed
from tests.support import fake_twilio, meetings
from tests.support.fake_twilio import Accept, Answer, FakeTwilio, Refuse, Sms
from tests.support.world import World, add_participant, build

BEGIN = datetime(2026, 11, 24, 8, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Stockholm")
PEOPLE, NEW_FOR_EACH, CALM_ROUNDS, CALM = 40, 2, 200, 0.4
LAST_STEP, LAST_SENDING = 60, 30
BAD: tuple[Answer, ...] = (
    Accept(lost=True),
    Accept(seconds=0.02),
    Refuse(429, 20429),
    Refuse(503),
    Refuse(401),
)


@dataclass
class Report:
    """What came of it. Staff are shown `unknown` (doubtful; the provider never took it on) and `too_late`."""

    kills: int = 0
    due: int = 0
    once: int = 0
    unknown: int = 0
    too_late: int = 0
    lost: int = 0
    twice: int = 0
    after_cancelling: int = 0
    in_quiet_hours: int = 0

    @property
    def lawful(self) -> bool:
        """Whether no law is broken."""
        broken = self.lost + self.twice + self.after_cancelling + self.in_quiet_hours
        return not broken and self.once + self.unknown + self.too_late == self.due


@dataclass
class Drill:
    """One run on one database. `workers` at once in each round."""

    url: str
    folder: Path
    workers: int
    seed: int
    now: datetime = BEGIN
    kills: int = 0
    sent_at: dict[str, datetime] = field(default_factory=dict)

    def run(self, kills: int) -> Report:
        """Go on until so many workers have been killed, then let everything come to rest."""
        self._dice = random.Random(self.seed)
        with FakeTwilio() as self._provider:
            self._begin()
            while self.kills < kills:
                self._live_on()
                self._round([self._last_step() for _ in range(self.workers)])
                if self._dice.random() < CALM:
                    self._round([0])
            for _ in range(CALM_ROUNDS):
                if not self._round([0]):
                    break
            report = self._report()
        self._database.close()
        clock.use(clock.system_time)
        return report

    def _begin(self) -> None:
        settings = Settings.from_environment(
            {
                "DEPLOYMENT": "demo",
                "INSTANCE": str(self.folder),
                "DATABASE_URL": self.url,
                "SMS_PROVIDER": "twilio",
                "TWILIO_ACCOUNT_SID": fake_twilio.ACCOUNT,
                "TWILIO_AUTH_TOKEN": fake_twilio.TOKEN,
                "TWILIO_SENDER": fake_twilio.SENDER,
                "TWILIO_BASE_URL": self._provider.url,
                "SMS_RATE_A_MINUTE": "6000",
            }
        )
        self._database = Database(self.url, durable=False)
        self._app = create_app(settings, self._database)
        use_settings(settings)
        # Warm: what each worker would import anew is here before it is forked.
        __import__("twilio.rest")
        with self._database.transaction() as session:
            self._world: World = build(session, self.now)
            here, coach = self._world.here, self._world.coach
            self._people = [
                add_participant(session, here, f"Person {n}", self.now, coach=coach, phone=f"+4670174{n:04d}")
                for n in range(1000, 1000 + PEOPLE)
            ]
        self._meetings: list[uuid.UUID] = []
        self._cancelled: dict[uuid.UUID, datetime] = {}
        self._seen = 0

    def _last_step(self) -> int:
        """Half of the workers die anywhere, the others while they send."""
        return self._dice.choice((self._dice.randint(1, LAST_STEP), -self._dice.randint(1, LAST_SENDING)))

    def _live_on(self) -> None:
        """Some time goes by: meetings become due, some are cancelled, the provider has a mood."""
        self.now += timedelta(minutes=self._dice.choice((2, 3, 5, 45)))
        with self._database.transaction() as session:
            for _ in range(NEW_FOR_EACH * self.workers):
                starts = self.now + timedelta(hours=24, seconds=-self._dice.randint(1, 60))
                person, booked = self._dice.choice(self._people), self.now - timedelta(days=9)
                made = meetings.add_meeting(session, person, self._world.coach, starts, booked)
                self._meetings.append(made.id)
            if self._dice.random() < 0.3:
                one = session.get_one(Appointment, self._dice.choice(self._meetings))
                if one.id not in self._cancelled and one.starts_at > self.now:
                    meetings.cancel(one, self.now)
                    self._cancelled[one.id] = self.now
        bad = self._dice.random() < 0.5
        self._provider.always(self._dice.choice(BAD) if bad else None)
        self._receipts()

    def _receipts(self) -> None:
        """Reports of what was accepted: some never come, some twice, in any order."""
        if not self._provider.accepted:
            return
        with self._database.transaction() as session:
            for sms in self._dice.choices(self._provider.accepted, k=3):
                service.receive_receipt(
                    session,
                    _row_id(sms),
                    provider=TWILIO,
                    state=self._dice.choice((rules.SENT, rules.DELIVERED)),
                    reference=sms.sid,
                    error_code="",
                    now=self.now,
                )

    def _round(self, last_steps: list[int]) -> bool:
        """One round of each worker; whether anything still waits."""
        if last_steps == [0]:
            self.now += timedelta(minutes=45)
            self._provider.always(None)
        self._database.close()
        children = [killed.start(self._app, self.url, self.now, last) for last in last_steps]
        self.kills += sum([killed.ended(child) for child in children])
        for sms in self._provider.accepted[self._seen :]:
            self.sent_at[sms.sid] = self.now
        self._seen = len(self._provider.accepted)
        with self._database.reading() as session:
            waiting = select(OutboxMessage.id).where(OutboxMessage.state.in_(rules.WAITING)).limit(1)
            said = set(session.scalars(select(OutboxMessage.subject)))
            return session.scalar(waiting) is not None or not self._standing() <= said

    def _standing(self) -> set[uuid.UUID]:
        return set(self._meetings) - self._cancelled.keys()

    def _report(self) -> Report:
        with self._database.reading() as session:
            rows = {row.id: row for row in session.scalars(select(OutboxMessage))}
        accepted = [(sms, rows[_row_id(sms)].subject) for sms in self._provider.accepted]
        got = Counter(subject for _, subject in accepted)
        states = {row.subject: row.state for row in rows.values()}
        standing = self._standing()
        shown = {one: states.get(one) for one in standing if not got[one]}
        unknown, too_late = (
            {one for one in shown if shown[one] == state} for state in (rules.UNKNOWN, rules.EXPIRED)
        )
        return Report(
            kills=self.kills,
            due=len(standing),
            once=sum(got[one] == 1 for one in standing),
            unknown=len(unknown),
            too_late=len(too_late),
            lost=len(shown.keys() - unknown - too_late),
            twice=sum(number > 1 for number in got.values()),
            after_cancelling=sum(
                self.sent_at[sms.sid] >= self._cancelled[subject]
                for sms, subject in accepted
                if subject in self._cancelled
            ),
            in_quiet_hours=sum(self._quiet(self.sent_at[sms.sid]) for sms, _ in accepted),
        )

    def _quiet(self, at: datetime) -> bool:
        own, local = self._world.organisation.rules, at.astimezone(ZONE)
        hour = local.hour + local.minute / 60
        # One that was due in the last minute has an hour's grace (`notices.rules.GRACE`).
        return not own.reminder_earliest_hour <= hour <= own.reminder_latest_hour + 1


def _row_id(sms: Sms) -> uuid.UUID:
    """Our name for a message: it stands in the address to which it is reported."""
    return uuid.UUID(sms.callback.rpartition("/")[2])
