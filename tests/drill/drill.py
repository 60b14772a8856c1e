"""The drill: days of reminders, a provider that answers badly, processes killed at every step, and the laws.

Everything follows from a seed but how processes take turns. Time is given to the workers: nothing sleeps.
"""

import gc
import random
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.app import create_app
from portal.booking.models import Appointment
from portal.config import TWILIO, Settings
from portal.conversation.models import Message
from portal.db import Database
from portal.identity import sessions
from portal.identity.scope import participants_of
from portal.installation import use_settings
from portal.messaging import rules, service, trouble_queries
from portal.messaging.models import OutboxMessage
from portal.notices import rules as kinds
from tests.drill import killed
from tests.drill.killed import AT, FAILED, KEPT, Victim
from tests.drill.report import Report
from tests.support import fake_twilio, meetings
from tests.support.fake_twilio import Accept, Answer, FakeTwilio, Refuse, Sms
from tests.support.objects import asker_of
from tests.support.pages import Client
from tests.support.world import World, add_participant, build

BEGIN = datetime(2026, 11, 24, 8, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Stockholm")
PEOPLE, NEW_FOR_EACH, LETTERS = 40, 2, 3
LAST_STEP, LAST_SENDING, LAST_OF_WEB = 60, 20, 90
CALM, CALM_ROUNDS = 0.4, 200
"""How often a round is followed by one in which nobody dies: else the backlog would outgrow what a worker can
do in the few steps that it is given to live, and the drill's clock would outrun the messages."""
OUTAGE, OPEN_HOURS = 0.05, range(9, 18)
TOO_FAST = Refuse(429, 20429)
BAD: tuple[Answer, ...] = (
    Accept(lost=True),
    Accept(seconds=0.02),
    TOO_FAST,
    Refuse(503),
    Refuse(401),
)


@dataclass
class Drill:
    """One run on one database: in each round so many `workers` at once, and as many web processes."""

    url: str
    folder: Path
    workers: int
    seed: int
    now: datetime = BEGIN
    report: Report = field(default_factory=Report)
    sent_at: dict[str, datetime] = field(default_factory=dict)

    def run(self, kills: int) -> Report:
        """Go on until so many of both kinds have been killed, then let everything come to rest."""
        self._dice = random.Random(self.seed)
        with FakeTwilio() as self._provider:
            self._begin()
            while min(self.report.kills, self.report.web_kills) < kills:
                self._live_on()
                self._round([self._last_step() for _ in range(self.workers)])
                if self._dice.random() < OUTAGE and self.now.astimezone(ZONE).hour in OPEN_HOURS:
                    self._outage()
                if self._dice.random() < CALM:
                    self._calm()
            for _ in range(CALM_ROUNDS):
                if not self._calm():
                    break
            self._count()
        self._database.close()
        clock.use(clock.system_time)
        return self.report

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
        self._app.test_client_class = Client
        use_settings(settings)
        clock.use(lambda: self.now)
        with self._database.transaction() as session:
            self._world: World = build(session, self.now)
            here, coach = self._world.here, self._world.coach
            self._people = [
                add_participant(session, here, f"Person {n}", self.now, coach=coach, phone=f"+4670174{n:04d}")
                for n in range(1000, 1000 + PEOPLE)
            ]
        self._meetings: list[uuid.UUID] = []
        self._cancelled: dict[uuid.UUID, datetime] = {}
        self._hopeless: set[uuid.UUID] = set()
        self._letters: set[uuid.UUID] = set()
        self._shown: set[uuid.UUID] = set()
        self._seen = 0
        self._warm()

    def _warm(self) -> None:
        """What each process would import, compile or prepare anew is here before it is forked."""
        with self._database.transaction() as session:
            self._add(session, self.now + timedelta(hours=24, seconds=-1))
        for lane in killed.sending_worker(self._app).lanes:
            if not lane.go_round(monotonic()):
                raise RuntimeError(f"the worker's round failed: {lane.failing}")
        letter = uuid.uuid4()
        if not killed.post(self._browser(0), letter):
            raise RuntimeError("no letter can be sent")
        self._letters.add(letter)
        self._note_sent()
        gc.freeze()

    def _browser(self, number: int) -> Client:
        """A browser in which one of the participants is signed in."""
        with self._database.transaction() as session:
            token = sessions.open_session(
                session,
                self._people[number].id,
                roles=frozenset({"participant"}),
                tier=2,
                now=self.now,
                longest=timedelta(hours=8),
            )
        browser = cast(Client, self._app.test_client())
        with browser.session_transaction(base_url="http://127.0.0.1:8000") as cookie:
            cookie["_user_id"] = token
        return browser

    def _last_step(self) -> int:
        """Half of the workers die anywhere, the others while they send."""
        return self._dice.choice((self._dice.randint(1, LAST_STEP), -self._dice.randint(1, LAST_SENDING)))

    def _add(self, session: Session, starts: datetime) -> uuid.UUID:
        person, booked = self._dice.choice(self._people), self.now - timedelta(days=9)
        made = meetings.add_meeting(session, person, self._world.coach, starts, booked)
        self._meetings.append(made.id)
        return made.id

    def _live_on(self) -> None:
        """Some time goes by: meetings become due, some are cancelled, the provider has a mood."""
        self.now += timedelta(minutes=self._dice.choice((2, 3, 5, 45)))
        with self._database.transaction() as session:
            for _ in range(NEW_FOR_EACH * self.workers):
                self._add(session, self.now + timedelta(hours=24, seconds=-self._dice.randint(1, 60)))
            if self._dice.random() < 0.3:
                self._cancel(session)
        bad = self._dice.random() < 0.5
        self._provider.always(self._dice.choice(BAD) if bad else None)
        self._receipts()

    def _cancel(self, session: Session) -> None:
        """Cancel a meeting ahead: most often one of which a message waits to leave."""
        waiting = select(OutboxMessage.subject).where(
            OutboxMessage.state == rules.QUEUED, OutboxMessage.kind.in_(kinds.BY_ITSELF)
        )
        queued = sorted(session.scalars(waiting.distinct()))
        one = session.get_one(Appointment, self._dice.choice(queued or self._meetings))
        if one.id not in self._cancelled and one.starts_at > self.now:
            meetings.cancel(one, self.now)
            self._cancelled[one.id] = self.now

    def _receipts(self) -> None:
        """Reports of what was accepted: some never come, some twice, in any order."""
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

    def _outage(self) -> None:
        """The provider is away until a meeting has begun: its reminder cannot leave, and staff see it."""
        with self._database.transaction() as session:
            self._hopeless.add(self._add(session, self.now + timedelta(minutes=30)))
        self._provider.always(TOO_FAST)
        for _ in range(2):
            self.now += timedelta(minutes=20)
            self._round([0])

    def _calm(self) -> bool:
        """A round in which nothing goes wrong; whether anything still waits."""
        self.now += timedelta(minutes=45)
        self._provider.always(None)
        self._round([0])
        with self._database.reading() as session:
            waiting = select(OutboxMessage.id).where(OutboxMessage.state.in_(rules.WAITING)).limit(1)
            said = set(session.scalars(select(OutboxMessage.subject)))
            return session.scalar(waiting) is not None or not self._standing() <= said

    def _round(self, last_steps: list[int]) -> None:
        """One round of each worker, beside as many web processes where the workers are to die."""
        browsers = [self._browser(number) for number, last in enumerate(last_steps) if last]
        self._database.close()
        workers = [
            killed.start(self.now, last, partial(killed.work, self._app, self._database))
            for last in last_steps
        ]
        webs = [
            killed.start(
                self.now,
                self._dice.randint(1, LAST_OF_WEB),
                partial(killed.write, browser, self._database, number=LETTERS),
            )
            for browser in browsers
        ]
        self.report.kills += sum([self._ended(one) for one in workers])
        self.report.web_kills += sum([self._ended(one) for one in webs])
        self._note_sent()
        self._look()

    def _ended(self, victim: Victim) -> bool:
        died, said = victim.end()
        for line in said:
            if line.startswith(KEPT):
                self._letters.add(uuid.UUID(line.removeprefix(KEPT)))
            elif line.startswith(AT):
                self.report.at[line.removeprefix(AT)] += 1
            else:
                self.report.failed[line.removeprefix(FAILED)] += 1
        return died

    def _note_sent(self) -> None:
        for sms in self._provider.accepted[self._seen :]:
            self.sent_at[sms.sid] = self.now
        self._seen = len(self._provider.accepted)

    def _look(self) -> None:
        """The coach looks at the list of SMS that did not arrive, as after every round."""
        with self._database.reading() as session:
            coach, yesterday = asker_of(session, self._world.coach), self.now - timedelta(days=1)
            found = trouble_queries.missed(session, participants_of(coach), yesterday, self.now, kinds.KINDS)
        self._shown |= {one.message_id for one in found}

    def _standing(self) -> set[uuid.UUID]:
        return set(self._meetings) - self._cancelled.keys()

    def _count(self) -> None:
        with self._database.reading() as session:
            rows = {row.id: row for row in session.scalars(select(OutboxMessage))}
            there = set(session.scalars(select(Message.id)))
        self.report.kept, self.report.gone = len(self._letters), len(self._letters - there)
        self._count_sent({row.id: row for row in rows.values() if row.kind in kinds.BY_ITSELF})
        each = Counter(_row_id(sms) for sms in self._provider.accepted)
        other = {row.id for row in rows.values() if row.kind not in kinds.BY_ITSELF}
        self.report.twice += sum(each[one] > 1 for one in other)
        self.report.in_quiet_hours = sum(self._quiet(at) for at in self.sent_at.values())

    def _count_sent(self, rows: dict[uuid.UUID, OutboxMessage]) -> None:
        """What came of the reminders: `rows` are theirs, the subject of each is a meeting."""
        report, standing = self.report, self._standing()
        accepted = [
            (sms, rows[_row_id(sms)].subject) for sms in self._provider.accepted if _row_id(sms) in rows
        ]
        got = Counter(subject for _, subject in accepted)
        last = {row.subject: row for row in sorted(rows.values(), key=lambda row: row.created_at)}
        not_sent = {one: last[one] for one in standing if not got[one] and one in last}
        unknown = {one for one, row in not_sent.items() if row.state == rules.UNKNOWN}
        late = {one for one, row in not_sent.items() if row.state == rules.EXPIRED} & self._hopeless
        report.due = len(standing)
        report.once = sum(got[one] == 1 for one in standing)
        report.unknown, report.too_late = len(unknown), len(late)
        report.lost = sum(not got[one] for one in standing - unknown - late)
        report.hidden = sum(not_sent[one].id not in self._shown for one in unknown | late)
        report.twice = sum(number > 1 for number in got.values())
        report.after_cancelling = sum(
            self.sent_at[sms.sid] >= self._cancelled[subject]
            for sms, subject in accepted
            if subject in self._cancelled
        )

    def _quiet(self, at: datetime) -> bool:
        own, local = self._world.organisation.rules, at.astimezone(ZONE)
        hour = local.hour + local.minute / 60
        # One that was due in the last minute has an hour's grace (`notices.rules.GRACE`).
        return not own.reminder_earliest_hour <= hour <= own.reminder_latest_hour + 1


def _row_id(sms: Sms) -> uuid.UUID:
    """Our name for a message: it stands in the address to which it is reported."""
    return uuid.UUID(sms.callback.rpartition("/")[2])
