"""Orders as staff see them, joined with their meetings: the list, one order, and an interpreter's own."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, or_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, aliased

from portal.booking.models import Appointment
from portal.identity.models import Person, name_of, short_name
from portal.identity.scope import participants_of, reaches
from portal.interpreting import order_queries as orders
from portal.interpreting.letter_rules import Mailed, is_untold
from portal.interpreting.order_models import Interpreter, InterpreterOrder
from portal.interpreting.order_rules import ASKED, CANCELLED, OPEN, PLACE, is_late
from portal.journal.service import note
from portal.notices import agency_service as letters
from portal.organisation.queries import rules_of
from portal.web.asker import Asker

MOST = 200
"""Orders on one page: some weeks of a large house."""
# Made once: an alias anew for each question costs more than the question.
WHOSE, STAFF = aliased(Person), aliased(Person)
UNTOLD = and_(
    InterpreterOrder.state == CANCELLED,
    InterpreterOrder.told_at.is_(None),
    or_(
        InterpreterOrder.interpreter_id.is_not(None),
        InterpreterOrder.by_agency.is_(True),
        InterpreterOrder.letter_said != "",
    ),
)
"""Off, and whoever was to come may not know it, or the agency that was to find somebody."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An order as the asker may see it. `person` is "" for whoever may not know whose meeting it is.

    `letter_id`: the last e-mail to an agency that names it; `mailed`: what they have been told by e-mail;
    `protected`: no e-mail will name it again.
    `place`: where the meeting is, for an interpreter who comes there; "" for an admin, whose it is not to
    know where somebody is met. `interpreter`: a name, "" where nobody
    is found or an agency sends somebody.
    """

    id: uuid.UUID
    meeting_id: uuid.UUID
    person_id: uuid.UUID
    person: str
    language: str
    dialect: str
    gender: str
    way: str
    place: str
    starts_at: datetime
    ends_at: datetime
    state: str
    why: str
    hidden: bool
    interpreter: str
    phone: str
    by_agency: bool
    agency: str
    reference: str
    late: bool
    told_at: datetime | None
    letter_id: uuid.UUID | None
    mailed: Mailed
    protected: bool

    @property
    def minutes(self) -> int:
        """How long the meeting is."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    def mail_state(self, states: Mapping[uuid.UUID, str]) -> str:
        """Where the last e-mail is that names it, out of where e-mails are; "" where none does."""
        return states.get(self.letter_id, "") if self.letter_id else ""

    @property
    def number(self) -> str:
        """What an agency can call the order by; it says nothing of anybody."""
        return str(self.id)[:8]


@dataclass(frozen=True)
class Listed:
    """The orders that are open, the next first, and those that somebody must be told are off.

    `letters`: where the e-mails to an agency are that name any of them.
    """

    open: tuple[Shown, ...]
    to_tell: tuple[Shown, ...]
    letters: Mapping[uuid.UUID, str]
    more: bool


def _joined(asker: Asker) -> Select[*tuple[Any, ...]]:
    theirs = InterpreterOrder.person_id.in_(participants_of(asker)).label("theirs")
    return (
        select(
            InterpreterOrder,
            Interpreter,
            Appointment,
            WHOSE.name_sealed.label("whose"),
            WHOSE.protected.label("protected"),
            STAFF.name_sealed.label("staff"),
            theirs,
        )
        .join(Appointment, Appointment.id == InterpreterOrder.meeting_id)
        .join(WHOSE, WHOSE.id == InterpreterOrder.person_id)
        .outerjoin(Interpreter, Interpreter.id == InterpreterOrder.interpreter_id)
        .outerjoin(STAFF, STAFF.id == Interpreter.person_id)
    )


def _shown(
    session: Session, asker: Asker, it: Row[*tuple[Any, ...]], now: datetime, *, named: bool, placed: bool
) -> Shown:
    row: InterpreterOrder = it[0]
    who: Interpreter | None = it[1]
    house = rules_of(session, asker)
    name = ""
    if who is not None:
        name = name_of(who.person_id, it.staff) if who.person_id else who.name
    today, day = now.astimezone(asker.zone).date(), row.starts_at.astimezone(asker.zone).date()
    return Shown(
        id=row.id,
        meeting_id=row.meeting_id,
        person_id=row.person_id,
        person=short_name(name_of(row.person_id, it.whose)) if named else "",
        language=row.language,
        dialect=row.dialect,
        gender=row.gender,
        way=row.way,
        place=it.Appointment.place if row.way == PLACE and placed else "",
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=row.state,
        why=row.why,
        hidden=row.hidden,
        interpreter=name,
        phone=who.phone if who else "",
        by_agency=row.by_agency,
        agency=row.agency or (who.agency if who else ""),
        reference=row.reference,
        late=is_late(row.state, today, day, house.interpreter_order_days),
        told_at=row.told_at,
        letter_id=row.letter_id,
        mailed=Mailed.of(row.letter_said),
        protected=it.protected,
    )


def coming(asker: Asker, now: datetime, language: str = "") -> Select[*tuple[Any, ...]]:
    """The orders of meetings that are not over, of whomever the asker may see (S2, S33, S37)."""
    wanted = _joined(asker).where(orders.visible(asker), InterpreterOrder.ends_at > now)
    if language:
        wanted = wanted.where(InterpreterOrder.language == language)
    return wanted.order_by(InterpreterOrder.starts_at, InterpreterOrder.id)


def shown_to(
    session: Session, asker: Asker, rows: Sequence[Row[*tuple[Any, ...]]], now: datetime
) -> list[Shown]:
    """These orders as the asker may see them; the caller notes whose are read."""
    return [_shown(session, asker, row, now, named=row.theirs, placed=row.theirs) for row in rows]


def noted(
    session: Session, asker: Asker, rows: Sequence[Row[*tuple[Any, ...]]], now: datetime
) -> list[Shown]:
    """These orders as the asker may see them; that they were read is noted (S42)."""
    found = shown_to(session, asker, rows, now)
    for one in found:
        note_read(session, asker, one)
    return found


def note_read(session: Session, asker: Asker, order: Shown) -> None:
    """That the asker has read an order."""
    # By its meeting: of one that leaves no trace the participant sees no reader either (S33).
    note(
        session,
        asker,
        action="read",
        kind=orders.KIND,
        subject=order.person_id,
        object_id=order.meeting_id,
    )


def listed(session: Session, asker: Asker, now: datetime, *, state: str = "", language: str = "") -> Listed:
    """The open orders that the asker may see, the next first; two queries. That they are read is noted (S42).

    Nobody's with protected identity (S37).
    """
    open_ones = InterpreterOrder.state == state if state in OPEN else InterpreterOrder.state.in_(OPEN)
    wanted = coming(asker, now, language).where(or_(open_ones, UNTOLD)).limit(MOST + 1)
    rows = session.execute(wanted).all()
    found = _sorted(session, shown_to(session, asker, rows[:MOST], now), more=len(rows) > MOST)
    for one in (*found.open, *found.to_tell):
        note_read(session, asker, one)
    return found


def _sorted(session: Session, found: Sequence[Shown], *, more: bool = False) -> Listed:
    states = letters.states(session, {one.letter_id for one in found if one.letter_id})
    return Listed(
        tuple(one for one in found if one.state != CANCELLED),
        tuple(one for one in found if is_to_tell(one, states)),
        states,
        more,
    )


def is_to_tell(order: Shown, states: Mapping[uuid.UUID, str]) -> bool:
    """Whether somebody must be told that an order is off. `states`: where the e-mails are that name it."""
    if order.state != CANCELLED or order.told_at is not None:
        return False
    state = order.mail_state(states)
    if letters.waits(state) and not order.interpreter:
        # It reaches the agency after whoever rings.
        return False
    knows = order.mailed.knows(letters.arrived(state))
    return is_untold(knows, bool(order.interpreter), order.by_agency, sure=letters.sure(state))


def to_order(session: Session, asker: Asker, now: datetime, *, language: str = "") -> Sequence[Shown]:
    """All to ask an agency for: nobody is found yet, and it leaves a trace in the portal (S33)."""
    wanted = coming(asker, now, language).where(
        InterpreterOrder.state == ASKED, InterpreterOrder.hidden.is_(False)
    )
    return noted(session, asker, session.execute(wanted).all(), now)


def one(session: Session, asker: Asker, order_id: uuid.UUID, now: datetime) -> Shown:
    """One order, for whoever may decide about it. Raises NoResultFound."""
    row = orders.order_for(session, asker, order_id)
    found = session.execute(_joined(asker).where(InterpreterOrder.id == row.id)).one()
    named = found.theirs or reaches(session, asker, row.person_id)
    return _shown(session, asker, found, now, named=named, placed=named)


def of_meeting(session: Session, asker: Asker, meeting_id: uuid.UUID, now: datetime) -> Listed:
    """A meeting's open order, and its orders that somebody must be told are off; two queries.

    Of a person with protected identity too, whom no list has (S37). The caller has checked the asker.
    """
    untold = and_(UNTOLD, InterpreterOrder.ends_at > now)
    wanted = _joined(asker).where(
        InterpreterOrder.meeting_id == meeting_id, or_(InterpreterOrder.state != CANCELLED, untold)
    )
    rows = session.execute(wanted.order_by(InterpreterOrder.starts_at, InterpreterOrder.id)).all()
    return _sorted(session, [_shown(session, asker, row, now, named=True, placed=True) for row in rows])


def own(session: Session, asker: Asker, now: datetime) -> Sequence[Shown]:
    """What the asker is to interpret, the next first, and what is off and not yet seen. Never whose it is.

    Of a person with protected identity not the place either (S37).
    """
    wanted = _joined(asker).where(
        Interpreter.person_id == asker.person_id,
        InterpreterOrder.ends_at > now,
        or_(InterpreterOrder.state != CANCELLED, InterpreterOrder.told_at.is_(None)),
    )
    rows = session.execute(wanted.order_by(InterpreterOrder.starts_at)).all()
    found = []
    for row in rows:
        found.append(_shown(session, asker, row, now, named=False, placed=not row.protected))
        note_read(session, asker, found[-1])
    return found


def own_one(session: Session, asker: Asker, order_id: uuid.UUID) -> InterpreterOrder:
    """An order for which the asker is the interpreter. Raises NoResultFound."""
    row = session.scalars(orders.own_orders(asker).where(InterpreterOrder.id == order_id)).one_or_none()
    if row is None:
        raise NoResultFound
    return row


def interprets(session: Session, asker: Asker) -> bool:
    """Whether the asker is known as an interpreter."""
    known = select(Interpreter.id).where(
        Interpreter.person_id == asker.person_id, Interpreter.closed_at.is_(None)
    )
    return session.scalars(known).first() is not None
