"""Writing, asking to be rung up, answering, and what is said by a change of coach. Nothing here commits."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.orm import Session

from portal.conversation import rules
from portal.conversation.models import Message
from portal.identity import scope
from portal.identity.models import Person
from portal.identity.service import lock_people
from portal.journal.service import note
from portal.plan.queries import promised_day
from portal.web.asker import Asker
from portal.web.errors import Refused
from portal.wording import service as wording
from portal.wording.rules import SWEDISH

KIND = "conversation"
"""What the journal calls a conversation."""
TEXT = "message"
"""What translators know a message as."""


class NotOpen(Refused):
    """The person has no open enrolment: nobody would answer."""


class NotSafe(Refused):
    """The person is not rung up: it may endanger them, or there is no number (S34)."""


class TakenBack(Refused):
    """This very form has been sent, and what it said was taken back: it is not sent by a second tap."""


class Read(Refused):
    """The participant has read it, so it cannot be taken back any more."""


class Otherwise(Refused):
    """Somebody has answered, or recorded something else, meanwhile."""


@dataclass(frozen=True)
class Letter:
    """What somebody has written. `id` is the form's, so that a form sent twice writes once."""

    id: UUID
    words: str
    language: str


def write(
    session: Session, asker: Asker, letter: Letter, now: datetime, *, upto: int = 0, by_sms: bool = False
) -> Message:
    """The participant writes to their coach, and has read what staff wrote up to `upto`.

    The same form again gives the message that is there. Raises `NotOpen`.
    """
    person = held(session, asker, asker.person_id)
    _read(session, person.id, upto, now)
    if sent := _sent(session, person, letter):
        return sent
    if not is_enrolled(session, person.id):
        raise NotOpen
    new = next_message(session, asker, person, rules.WORDS, now)
    new.due_on, new.by_sms = promised_day(session, asker, now), by_sms
    return _put(session, asker, person, new, letter, now)


def ask_call(session: Session, asker: Asker, when: str, now: datetime) -> Message:
    """The participant wants to be rung up at one of rules.TIMES; the promise of an open wish stays as it is.

    Raises `NotOpen`, `NotSafe`.
    """
    person = held(session, asker, asker.person_id)
    if not is_enrolled(session, person.id):
        raise NotOpen
    if person.sms_unsafe or person.phone_hash is None:
        raise NotSafe
    wished = session.scalars(waiting_of(person.id).where(Message.kind == rules.CALL)).first()
    if wished is None:
        wished = next_message(session, asker, person, rules.CALL, now)
        wished.due_on = promised_day(session, asker, now)
        session.add(wished)
    wished.call_when = when
    session.flush()
    note(session, asker, action="change", kind=KIND, subject=person.id, object_id=wished.id)
    return wished


def call_off(session: Session, asker: Asker, message_id: UUID, now: datetime) -> None:
    """The participant takes back a wish to be rung up, or for a time; once it is answered, that stands."""
    held(session, asker, asker.person_id)
    wished = session.scalars(_one(asker.person_id, message_id).where(Message.kind.in_(rules.WISHES))).one()
    if not wished.outcome:
        settle(session, asker, wished, rules.CALLED_OFF, now)


def mark_read(session: Session, asker: Asker, upto: int, now: datetime) -> None:
    """The participant has read what staff wrote, up to this number."""
    held(session, asker, asker.person_id)
    _read(session, asker.person_id, upto, now)
    note(session, asker, action="change", kind=KIND, subject=asker.person_id)


def answer(
    session: Session, asker: Asker, person_id: UUID, letter: Letter, *, upto: int, now: datetime
) -> Message:
    """Staff write; what the participant wrote up to the number that the page showed is answered by it.

    A wish to be rung up stays until somebody rings. Raises `NotOpen`, `TakenBack`, NoResultFound.
    """
    person = held(session, asker, person_id)
    if sent := _sent(session, person, letter):
        return sent
    if not is_enrolled(session, person.id):
        raise NotOpen
    waiting = waiting_of(person.id).where(Message.kind.in_((rules.WORDS, rules.TIME)), Message.number <= upto)
    for one in session.scalars(waiting).all():
        settle(session, asker, one, rules.ANSWERED, now)
    return _put(session, asker, person, next_message(session, asker, person, rules.WORDS, now), letter, now)


def close(
    session: Session, asker: Asker, person_id: UUID, message_id: UUID, outcome: str, now: datetime
) -> None:
    """Staff record what came of a message without writing: one of rules.BY_STAFF. The same again is once.

    Raises `Otherwise`, NoResultFound.
    """
    held(session, asker, person_id)
    found = _asked(session, person_id, message_id)
    if outcome not in rules.BY_STAFF:
        raise Otherwise
    if found.outcome == outcome:
        return
    if found.outcome:
        raise Otherwise
    settle(session, asker, found, outcome, now)


def reopen(
    session: Session,
    asker: Asker,
    person_id: UUID,
    message_id: UUID,
    closed_at: datetime | None,
    now: datetime,
) -> bool:
    """Take back what staff recorded without writing; whether the message waits now.

    `closed_at` names what was recorded: a colleague's later word stands. Raises NoResultFound.
    """
    held(session, asker, person_id)
    found = _asked(session, person_id, message_id)
    if not found.outcome:
        return True
    again = (
        found.kind in rules.WISHES
        and session.scalars(waiting_of(person_id).where(Message.kind == found.kind)).first()
    )
    if again or found.closed_at != closed_at or not rules.can_reopen(found.outcome, found.closed_at, now):
        return False
    _reopen(found)
    session.flush()
    note(session, asker, action="change", kind=KIND, subject=person_id, object_id=found.id)
    return True


def take_back(session: Session, asker: Asker, person_id: UUID, message_id: UUID, now: datetime) -> None:
    """Staff take back what they have written themselves and the participant has not read: the words go.

    What it answered waits again. Raises `Read`, NoResultFound.
    """
    held(session, asker, person_id)
    mine = _one(person_id, message_id).where(Message.author_id == asker.person_id, Message.due_on.is_(None))
    found = session.scalars(mine.where(Message.kind == rules.WORDS)).one()
    if found.taken_back_at is not None:
        return
    if found.read_at is not None:
        raise Read
    found.words, found.taken_back_at = "", now
    answered = (Message.outcome == rules.ANSWERED, Message.closed_by == asker.person_id)
    rows = select(Message).where(
        Message.person_id == person_id, Message.closed_at == found.written_at, *answered
    )
    for one in session.scalars(rows.execution_options(populate_existing=True)):
        _reopen(one)
    wording.forget(session, [found.id])
    session.flush()
    note(session, asker, action="change", kind=KIND, subject=person_id, object_id=found.id)


def hand_over(session: Session, asker: Asker, person_id: UUID, coach_id: UUID, now: datetime) -> None:
    """The conversation goes on with another coach, and says so where both read it.

    The caller holds the person, and has checked the asker, who may be one that reads no conversation.
    """
    person = session.get_one(Person, person_id)
    word = next_message(session, asker, person, rules.COACH, now)
    word.author_id = coach_id
    session.add(word)
    session.flush()


def is_open(session: Session, message_id: UUID) -> bool:
    """Whether a participant's message waits for an answer. The caller has checked the asker."""
    found = session.get(Message, message_id, populate_existing=True)
    return found is not None and found.due_on is not None and not found.outcome


def held(session: Session, asker: Asker, person_id: UUID) -> Person:
    """A participant whom the asker may read, held. Raises NoResultFound."""
    person = scope.participant(session, asker, person_id, what=KIND)
    lock_people(session, (person.id,))
    # Whoever waited for a hand-over to end is their coach no longer.
    if not scope.reaches(session, asker, person_id):
        raise NoResultFound
    return person


def _read(session: Session, person_id: UUID, upto: int, now: datetime) -> None:
    unread = (Message.due_on.is_(None), Message.read_at.is_(None), Message.number <= upto)
    session.execute(
        update(Message)
        .where(Message.person_id == person_id, *unread)
        .values(read_at=now)
        .execution_options(synchronize_session="fetch")
    )


def is_enrolled(session: Session, person_id: UUID) -> bool:
    """Whether somebody answers the person."""
    enrolment = scope.current_enrolment(session, person_id)
    return enrolment is not None and enrolment.closed_on is None


def waiting_of(person_id: UUID) -> Select[Message]:
    """What of a participant's waits for an answer, the oldest first."""
    waits = (Message.due_on.is_not(None), Message.outcome == "")
    rows = select(Message).where(Message.person_id == person_id, *waits).order_by(Message.number)
    return rows.execution_options(populate_existing=True)


def _one(person_id: UUID, message_id: UUID) -> Select[Message]:
    rows = select(Message).where(Message.id == message_id, Message.person_id == person_id)
    return rows.execution_options(populate_existing=True)


def _asked(session: Session, person_id: UUID, message_id: UUID) -> Message:
    """A participant's own message, answered or not. Raises NoResultFound."""
    return session.scalars(_one(person_id, message_id).where(Message.due_on.is_not(None))).one()


def next_message(session: Session, asker: Asker, person: Person, kind: str, now: datetime) -> Message:
    """The next message of a conversation; the person is held."""
    last = session.scalar(select(func.max(Message.number)).where(Message.person_id == person.id)) or 0
    return Message(
        person_id=person.id,
        number=last + 1,
        author_id=asker.person_id,
        kind=kind,
        language=SWEDISH,
        call_when="",
        wish="",
        written_at=now,
        outcome="",
        by_sms=False,
    )


def _sent(session: Session, person: Person, letter: Letter) -> Message | None:
    """What was sent by this very form with these words. Raises `TakenBack`."""
    for message_id in (letter.id, _other_id(person, letter)):
        found = session.get(Message, message_id, populate_existing=True)
        if found is None or found.person_id != person.id:
            continue
        if found.taken_back_at is not None:
            raise TakenBack
        if found.words == letter.words:
            return found
    return None


def _other_id(person: Person, letter: Letter) -> UUID:
    """The id of what a form says whose own id has other words, or is somebody else's: the same each time."""
    return uuid5(person.id, f"{letter.id} {letter.words}")


def _reopen(found: Message) -> None:
    found.outcome, found.closed_at, found.closed_by = "", None, None


def _put(
    session: Session, asker: Asker, person: Person, new: Message, letter: Letter, now: datetime
) -> Message:
    """Keep what was written under the form's id; under one of its own where that is taken."""
    new.id = letter.id if session.get(Message, letter.id) is None else _other_id(person, letter)
    new.language, new.words = letter.language, letter.words
    try:
        with session.begin_nested():
            session.add(new)
    except IntegrityError:
        # Somebody else's form bears the same id, and was kept a moment ago.
        new.id = _other_id(person, letter)
        new.words = letter.words
        session.add(new)
        session.flush()
    # What a participant writes in Swedish is read as it stands, and so is what staff write in their language.
    foreign = asker.is_participant == (new.language != SWEDISH)
    text = wording.Text(
        (person.organisation_id, person.id), TEXT, new.id, letter.words, wanted=foreign, language=new.language
    )
    wording.follow(session, text, now)
    note(session, asker, action="change", kind=KIND, subject=person.id, object_id=new.id)
    return new


def settle(session: Session, asker: Asker, found: Message, outcome: str, now: datetime) -> None:
    """What a participant asked has this outcome. The caller has checked the asker."""
    found.outcome, found.closed_at, found.closed_by = outcome, now, asker.person_id
    session.flush()
    note(session, asker, action="change", kind=KIND, subject=found.person_id, object_id=found.id)
