"""Taking what came in by SMS: confirm, cancel, no more SMS, or a message to the coach. Nothing here commits.

A sender's number can be forged. So an answer does alone what harms nobody; to cancel takes the digits that we
send to the number itself, and what was written is shown as something that came by SMS.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.booking import answer_queries
from portal.booking import service as meetings
from portal.booking.answer_queries import Answerable
from portal.booking.time_service import TooLate
from portal.conversation import rules as writing
from portal.conversation import service as conversation
from portal.conversation.service import Letter
from portal.groups import due_queries as groups
from portal.identity.models import Person
from portal.identity.people.number_queries import holders_of
from portal.identity.service import lock_people
from portal.journal import service as journal
from portal.languages import Language, language
from portal.messaging import incoming_service as incoming
from portal.messaging import queries as outbox
from portal.messaging import rules as messaging
from portal.messaging.models import IncomingMessage
from portal.notices import reach_service, reply_service, reply_words
from portal.notices import rules as notices
from portal.organisation import queries as organisations
from portal.organisation.models import Organisation
from portal.reminders import code_service as codes
from portal.reminders import reply_rules as rules
from portal.reminders import subject_queries
from portal.web.asker import Asker
from portal.web.signs import clean, without_controls
from portal.wording import rules as wording

TOLD_OF = tuple(kind for kind in notices.KINDS if kind not in notices.OFF)
"""What is said of a meeting that one can answer."""
FOR_ALL = frozenset({messaging.STOP, messaging.START})
"""Whoever wants no SMS to a phone wants none from anybody, whoever wrote to it last."""


@dataclass(frozen=True)
class Turn:
    """One message in hand: from whom, and as whom they are heard, behind the first door alone.

    `answered`: whether they were written to last; of several who have the number one alone is answered.
    """

    session: Session
    row: IncomingMessage
    person: Person
    home: Organisation
    now: datetime
    answered: bool

    @property
    def asker(self) -> Asker:
        """The person, as if they had signed in with a code for this one message."""
        return Asker(
            person_id=self.person.id,
            organisation_id=self.home.id,
            roles=frozenset({"participant"}),
            tier=1,
            session_id=self.row.id,
            language=self.person.language,
            zone=self.home.zone,
        )

    @property
    def spoken(self) -> Language:
        """The language that we answer in."""
        return language(self.person.language)

    def answer(self, body: str, kind: str = notices.REPLY) -> bool:
        """Answer by SMS; whether one may be sent, and is not out of the blue by now."""
        if self.now - self.row.received_at >= rules.LIVES:
            return False
        lives = rules.CODE_LIVES if kind == notices.CANCEL_CODE else rules.LIVES
        put = reply_service.answer(
            self.session, self.person, body, to=self.row.id, now=self.now, lives=lives, kind=kind
        )
        return put is not None


def dispatch(session: Session, message_id: uuid.UUID, now: datetime) -> bool:
    """Take one message, once; whether it was there to be taken. Needs an app context."""
    row = incoming.hold(session, message_id)
    if row is None:
        return False
    holders = session.scalars(holders_of(row.address_hash or b"")).all()
    person = _whose(session, row, holders)
    if person is not None:
        row.person_id, row.organisation_id = person.id, person.organisation_id
    meant = rules.meaning(row.body) if holders else messaging.OTHER
    those = [person] if person else []
    if meant in FOR_ALL:
        lock_people(session, [one.id for one in holders])
        # What could not be taken at once must not undo what was said after it.
        those = [] if incoming.is_overtaken(session, row, FOR_ALL) else list(holders)
    done = [_heard(session, row, one, meant, now, answered=one is person) for one in those]
    incoming.take(row, (meant if any(done) else messaging.PASSED_OVER) if done else messaging.UNCLEAR)
    session.flush()
    journal.write_own(session, now)
    return True


def _whose(session: Session, row: IncomingMessage, holders: Sequence[Person]) -> Person | None:
    """Who sent it: where several organisations know the number, the one that this way wrote to it last."""
    if len(holders) < 2:
        return holders[0] if holders else None
    left = outbox.last_left(session, [one.id for one in holders], row.provider)
    last = max(left.values(), default=None)
    those = [one for one in holders if left.get(one.id) == last]
    return those[0] if last is not None and len(those) == 1 else None


def _heard(
    session: Session, row: IncomingMessage, person: Person, meant: str, now: datetime, *, answered: bool
) -> bool:
    """Do what was meant; nothing for whom an SMS may endanger."""
    if person.sms_unsafe or person.protected:
        return False
    home = organisations.organisation(session, person.organisation_id)
    ACTS[meant](Turn(session, row, person, home, now, answered))
    return True


@dataclass(frozen=True)
class Meant:
    """What an answer is about: a meeting and the revision of it that its writer has been told, or a group.

    `group`: a group meets before any meeting that its writer was told of; that is not answered by SMS.
    """

    meeting: Answerable | None = None
    told: int | None = None
    group: bool = False


def _meant(turn: Turn) -> Meant:
    """What was meant when it came: the next of what its writer was told of."""
    came_at = turn.row.received_at
    told = outbox.told_of(turn.session, turn.person.id, TOLD_OF, came_at - rules.WRITTEN_OF)
    found = answer_queries.next_of(turn.session, turn.asker, told, came_at)
    group_at = groups.next_start(turn.session, told, came_at)
    if group_at is not None and (found is None or group_at < found.starts_at):
        return Meant(group=True)
    return Meant(found, told[found.id] if found else None)


def _confirm(turn: Turn) -> None:
    """They come: to the meeting as it was told, unless we have just asked whether they want to cancel."""
    came_at = turn.row.received_at
    asked = codes.sent_to(turn.session, turn.person.id)
    meant = _meant(turn)
    found = meant.meeting
    if asked is not None and rules.opens(asked.opening, came_at):
        done = turn.answer(reply_words.wrong_code(turn.spoken))
    elif meant.group:
        # A yes to a group is kept where somebody reads it.
        done = False
    elif found is None:
        done = turn.answer(reply_words.no_meeting(turn.home.phone, turn.spoken))
    else:
        done = meant.told == found.revision and came_at < found.starts_at
        if done:
            meetings.confirm(turn.session, turn.asker, found.id, came_at)
    if not done:
        _write(turn)


def _ask_to_cancel(turn: Turn) -> None:
    """Send the digits; where it is too late, or no answer can be sent, somebody must read it."""
    lock_people(turn.session, (turn.person.id,))
    meant = _meant(turn)
    found = meant.meeting
    if meant.group:
        turn.answer(reply_words.not_here(turn.home.phone, turn.spoken))
        done = False
    elif found is None:
        done = turn.answer(reply_words.no_meeting(turn.home.phone, turn.spoken))
    elif not found.can_cancel or found.starts_at <= turn.now:
        turn.answer(reply_words.too_late(turn.home.phone, turn.spoken))
        # Whoever cannot come and does not ring either is still somebody whom the coach expects.
        done = False
    else:
        done = _send_digits(turn, found)
    if not done:
        _write(turn)


def _send_digits(turn: Turn, found: Answerable) -> bool:
    digits = codes.fresh()
    body = reply_words.ask(digits, found.starts_at, turn.spoken, turn.home.zone)
    if not turn.answer(body, notices.CANCEL_CODE):
        return False
    codes.keep(
        turn.session,
        turn.person.id,
        digits,
        meeting_id=found.id,
        revision=found.revision,
        now=turn.now,
    )
    return True


def _try_digits(turn: Turn) -> None:
    sent = codes.sent_to(turn.session, turn.person.id)
    if sent is None or turn.row.received_at - sent.sent_at > rules.REMEMBERED:
        return _write(turn)
    coach = answer_queries.coach_of_meeting(turn.session, sent.meeting_id)
    # Cancelling holds both: whoever holds one of them first would wait for somebody who waits for them.
    lock_people(turn.session, {turn.person.id} | ({coach} if coach else set()))
    sent = codes.sent_to(turn.session, turn.person.id) or sent
    digits = rules.digits(turn.row.body)
    if sent.used_at is not None:
        return None if codes.are_these(sent, digits) else _write(turn)
    if codes.use(turn.session, sent, digits, turn.row.received_at, turn.now):
        return _cancel(turn, sent.meeting_id)
    if not turn.answer(reply_words.wrong_code(turn.spoken)):
        _write(turn)
    return None


def _cancel(turn: Turn, meeting_id: uuid.UUID) -> None:
    try:
        meeting = meetings.cancel_own(turn.session, turn.asker, meeting_id, "", turn.now)
    except TooLate:
        if not turn.answer(reply_words.too_late(turn.home.phone, turn.spoken)):
            _write(turn)
        return
    turn.answer(reply_words.cancelled(meeting.starts_at, turn.spoken, turn.home.zone))


def _stop(turn: Turn) -> None:
    if reach_service.stop_sms(turn.session, turn.asker, turn.person, turn.now) and turn.answered:
        turn.answer(reply_words.stopped(turn.spoken), notices.STOPPED)


def _start(turn: Turn) -> None:
    begins = reach_service.start_sms(turn.session, turn.asker, turn.person, turn.now, subject_queries.held)
    if begins and turn.answered and turn.person.way != notices.CALL:
        turn.answer(reply_words.started(turn.spoken))


def _write(turn: Turn) -> None:
    """It stands in the conversation, where somebody is there to answer; a long one as several, in order."""
    words = clean(without_controls(turn.row.body))
    if not words:
        return
    spoken = wording.written_in(turn.person.language, words, turn.person.language)
    for number, piece in enumerate(writing.pieces(words)):
        letter = Letter(uuid.uuid5(turn.row.id, str(number)) if number else turn.row.id, piece, spoken)
        try:
            conversation.write(turn.session, turn.asker, letter, turn.now, by_sms=True)
        except conversation.NotOpen:
            return


ACTS: dict[str, Callable[[Turn], None]] = {
    messaging.YES: _confirm,
    messaging.CANCEL: _ask_to_cancel,
    messaging.CODE: _try_digits,
    messaging.STOP: _stop,
    messaging.START: _start,
    messaging.OTHER: _write,
}
