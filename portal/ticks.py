"""What the worker does again and again, each thing by itself, and in which lane."""

import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal import clock, leftovers
from portal.availability import block_service as blocks
from portal.availability.outside import service as outside
from portal.availability.outside.gateway import Net
from portal.booking import away_service as away
from portal.booking import feed_service as feeds
from portal.booking.network import service as networks
from portal.db import Database
from portal.groups import seat_service as seats
from portal.identity.absence import service as absence
from portal.identity.signin import service as signin
from portal.journal import chain_service
from portal.messaging import incoming_service as incoming
from portal.messaging import rules, sender
from portal.messaging import service as outbox
from portal.messaging.gateways.base import Gateway
from portal.messaging.models import OutboxMessage
from portal.messaging.pace_rules import UNPACED, Paces, Patience
from portal.notices import recording_service as recordings
from portal.ops import service as ops
from portal.organisation import queries as organisations
from portal.plan import texts_service as texts
from portal.privacy import retention_service
from portal.reminders import code_service as cancel_codes
from portal.reminders import follow_up_service as follow_ups
from portal.reminders import news_service as news
from portal.reminders import reply_service as replies
from portal.reminders import service as reminders
from portal.staff import feed_queries
from portal.surveys import freeze_service
from portal.user_audit import service as user_audit
from portal.user_audit import texts_service as audit_texts
from portal.user_audit.models import PASSING

MOST_IN_A_ROUND = 20
STUMBLED_SECONDS = 60
"""How long an SMS that could not be taken is left alone, so that it does not fill every round."""
UNSWEPT_SECONDS = 3600
"""How long what audits have left behind may lie there while somebody reads, before that is a failure."""


@dataclass(frozen=True)
class Stumble:
    """Why something could not be done, and until when it is left alone, in seconds that only go forward."""

    error: Exception
    until: float


@dataclass
class Work:
    """What a tick has in its hands. Each lane has its own: a gateway is not shared by threads.

    `paces` are the providers'; `turn` is how long until the next routine message may leave, None where none
    left last time, or none waits. `holder`: the worker's name where it must be the only one, else None.
    """

    database: Database
    gateway: Gateway
    now: Callable[[], datetime] = clock.now
    most: int = MOST_IN_A_ROUND
    stopping: threading.Event = field(default_factory=threading.Event)
    codes: Patience = field(default_factory=lambda: Patience(longest=timedelta(seconds=15)))
    rest: Patience = field(default_factory=Patience)
    plans: texts.Bookmark = field(default_factory=texts.Bookmark)
    holder: uuid.UUID | None = None
    paces: Paces = UNPACED
    turn: timedelta | None = None
    stumbled: dict[uuid.UUID, Stumble] = field(default_factory=dict)
    seen: float = 0.0
    swept: float = field(default_factory=monotonic)
    net: Net = field(default_factory=Net)

    def alive(self) -> None:
        """Give a sign of life, in seconds that only go forward."""
        self.seen = monotonic()

    def ends(self) -> bool:
        """Whether to stop here. Asked between two messages: a long round is no silence."""
        self.alive()
        return self.stopping.is_set()

    def check(self, session: Session, message: OutboxMessage, now: datetime) -> rules.Verdict:
        """The last question before a message leaves. Raises `NotAlone`."""
        if self.holder and not ops.has_place(session, self.holder):
            raise NotAlone
        return reminders.check(session, message, now)


class NotAlone(Exception):
    """Another worker has taken this one's place: it was silent for too long."""


class Partly(Exception):
    """Some of what a tick had to do could not be done; the rest is done. It bears the kinds of error."""

    def __init__(self, errors: Sequence[Exception]) -> None:
        super().__init__(", ".join(sorted({type(error).__name__ for error in errors})))


class Unswept(Exception):
    """What the rows of audits were before could not be swept away for a long time."""


@dataclass(frozen=True)
class Tick:
    """One thing that is done again and again, at most every `seconds`."""

    name: str
    seconds: float
    run: Callable[[Work], object]


def send_codes(work: Work) -> int:
    """What somebody waits for with the phone in hand."""
    return sender.send_due(
        work.database,
        work.gateway,
        work.now,
        work.check,
        lowest=sender.URGENT_ONLY,
        most=work.most,
        paces=work.paces,
        patience=work.codes,
        stopping=work.ends,
    )


def remind(work: Work) -> int:
    """Put in the outbox what is due to be said of meetings; what can be put is kept. Raises `Partly`."""
    failed: list[Exception] = []
    with work.database.transaction() as session:
        made = reminders.tick(session, work.now(), failed.append)
    if failed:
        raise Partly(failed)
    return made


def tell_news(work: Work) -> int:
    """Put in the outbox who is due to be told that there is something to read."""
    with work.database.transaction() as session:
        return news.tick(session, work.now())


def give_seats(work: Work) -> int:
    """Take back what was offered in groups and not answered, and offer it to the next."""
    with work.database.transaction() as session:
        return seats.round_of(session, work.now())


def tell_of_calls(work: Work) -> int:
    """Put in the outbox who is due to be told that somebody will ring, after they have left."""
    with work.database.transaction() as session:
        return follow_ups.tick(session, work.now())


def take_replies(work: Work) -> int:
    """Take what came in by SMS, each message by itself. Raises `Partly`."""
    with work.database.reading() as session:
        new = incoming.waiting(session)
    # What is not among them any more, another worker has taken.
    still = set(new)
    work.stumbled = {one: stumble for one, stumble in work.stumbled.items() if one in still}
    done = 0
    for message_id in new:
        if work.ends():
            break
        if (before := work.stumbled.get(message_id)) and monotonic() < before.until:
            continue
        try:
            with work.database.transaction() as session:
                done += replies.dispatch(session, message_id, work.now())
            work.stumbled.pop(message_id, None)
        except OperationalError:
            raise
        except Exception as error:
            # Without its frames, which hold the message.
            work.stumbled[message_id] = Stumble(error.with_traceback(None), monotonic() + STUMBLED_SECONDS)
    if work.stumbled:
        raise Partly([stumble.error for stumble in work.stumbled.values()])
    return done


def tidy(work: Work) -> int:
    """Drop what is too late, give up what hangs, forget codes that no longer work."""
    with work.database.transaction() as session:
        now = work.now()
        return (
            outbox.expire(session, now)
            + outbox.give_up_stale(session, now)
            + outbox.forget_codes(session, now)
        )


def forget(work: Work) -> int:
    """Remove codes, counters, kept forms, sessions, absences, blocked time and what SMS said, once of no use.

    And the sound of recordings that are played no more.
    """
    with work.database.transaction() as session:
        now = work.now()
        recordings.forget(session, now)
        return (
            signin.forget_old(session, now)
            + outbox.forget_texts(session, now)
            + incoming.forget_texts(session, now)
            + incoming.forget_unknown(session, now)
            + absence.forget_old(session, now)
            + away.forget(session, now)
            + blocks.forget_old(session, now)
            + cancel_codes.forget(session, now)
            + feeds.forget(session)
            + networks.forget(session, now)
            + outside.forget(session, now)
        )


def freeze_surveys(work: Work) -> int:
    """Once a month for each organisation, make figures of the survey's answers. Raises `Partly`."""
    with work.database.reading() as session:
        every = organisations.everyone(session)
    done, failed = 0, list[Exception]()
    for organisation in every:
        if work.ends():
            break
        try:
            with work.database.reading() as session:
                turn = freeze_service.decide(session, organisation, work.now())
            if turn:
                with work.database.transaction() as session:
                    done += freeze_service.renew(session, turn, work.now())
        except Exception as error:
            failed.append(error)
    if failed:
        raise Partly(failed)
    return done


def collect_texts(work: Work) -> int:
    """Let translators know what stands in plans and audits that nobody has told them of."""
    with work.database.transaction() as session:
        now = work.now()
        return texts.collect(session, now, work.plans) + audit_texts.collect(session, now)


def send_rest(work: Work) -> int:
    """Everything else in the outbox, no faster than each provider takes it."""
    made = sender.send_due(
        work.database,
        work.gateway,
        work.now,
        work.check,
        most=work.most,
        paces=work.paces,
        patience=work.rest,
        stopping=work.ends,
    )
    # Who came too early for a turn asks again when it is.
    if made or work.turn:
        work.turn = sender.next_turn(work.database, work.paces, work.now())
    else:
        work.turn = None
    return made


def ask(work: Work) -> bool:
    """Ask the provider about a message whose report never came."""
    return sender.ask_next(work.database, work.gateway, work.now())


def read_calendars(work: Work) -> int:
    """Read the calendars elsewhere whose turn it is. The database waits for no other server."""
    done = 0
    while done < work.most and not work.ends():
        with work.database.transaction() as session:
            job = outside.claim(session, work.now())
        if job is None:
            break
        outcome = outside.read(job, work.net)
        with work.database.transaction() as session:
            outside.settle(session, job, outcome, feed_queries.known_uids, work.now())
        done += 1
    return done


def close_audits(work: Work) -> int:
    """Freeze the answers of the audits whose last day has gone."""
    with work.database.transaction() as session:
        return user_audit.close_due(session, work.now())


def sweep_audits(work: Work) -> None:
    """Sweep away what was in use when an answer was counted or an audit closed (S39). Raises Unswept."""
    if leftovers.sweep(work.database.engine, PASSING):
        work.swept = monotonic()
    elif monotonic() - work.swept > UNSWEPT_SECONDS:
        raise Unswept


def chain(work: Work) -> int:
    """Tie the journal's new lines to its chain (S43)."""
    done = 0
    while not work.ends():
        with work.database.transaction() as session:
            tied = chain_service.chain(session, work.now())
        done += tied
        if tied < chain_service.BATCH:
            break
    return done


def forget_people(work: Work) -> int:
    """Forget what has been kept long enough, for the organisations that want it done daily (S46)."""
    with work.database.transaction() as session:
        return retention_service.daily(session, work.now(), organisations.everyone(session))


LANES: dict[str, tuple[Tick, ...]] = {
    "codes": (Tick("codes", 0, send_codes),),
    "rest": (
        Tick("tidy", 5, tidy),
        Tick("reminders", 10, remind),
        Tick("replies", 0, take_replies),
        Tick("seats", 60, give_seats),
        Tick("news", 60, tell_news),
        Tick("follow-ups", 600, tell_of_calls),
        Tick("outbox", 0, send_rest),
        Tick("ask", 30, ask),
        Tick("texts", 600, collect_texts),
        Tick("forget", 3600, forget),
        Tick("surveys", 3600, freeze_surveys),
        Tick("audits", 600, close_audits),
    ),
    "house": (
        Tick("journal", 20, chain),
        Tick("sweep", 60, sweep_audits),
        Tick("retention", 24 * 3600, forget_people),
    ),
    "calendars": (Tick("calendars", 20, read_calendars),),
}
"""Every tick there is. Reminders come before the outbox: a newer one then stops an older one."""
SENDING = frozenset({"codes", "rest"})
"""The lanes that stand still while the worker is held."""
