"""The calls of the day on one page: whom to ring, since when, how often in vain, what is ticked off."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlalchemy.orm import Session, aliased

from portal.identity.absence.queries import gone_on
from portal.identity.models import Enrolment, Person, first_name, name_of
from portal.identity.scope import participants_of
from portal.journal.service import note
from portal.languages import Language, language
from portal.reminders import call_queries
from portal.reminders.call_rules import Call, in_order
from portal.staff import call_rules, rules, wish_queries
from portal.staff.call_rules import Done
from portal.staff.models import Attention, CallTry
from portal.staff.wish_queries import WishRow
from portal.web.asker import Asker

Coach = aliased(Person)
Stay = Row[uuid.UUID, uuid.UUID | None, bytes | None, bool]
"""An open enrolment: whose, the coach's id and sealed name, and whether its calls are the asker's to make."""


@dataclass(frozen=True)
class CallRow:
    """One call under the name that its person is shown by, and the language that they speak.

    `coach`: the first name of the coach who is away and for whom the asker rings, "" where there is none or
    it is the asker. `tries`: how often nobody answered, and `tried_at` when last; `undo`: whether the asker
    may take that back. `done_at`: when the asker ticked it off, on `CallList.done` alone.
    """

    call: Call
    name: str
    spoken: Language
    coach: str = ""
    tries: int = 0
    tried_at: datetime | None = None
    undo: bool = False
    done_at: datetime | None = None


@dataclass(frozen=True)
class CallList:
    """The calls of a day: the asker's `own`, those for whom they stand in among them.

    For a lead `others`, whose coach is away, or who have none. `done`: what the asker has ticked off today.
    `wishes`: who has asked in the conversation to be rung up, and `protected_waits`: whether somebody with
    protected identity has, who is on no list.
    """

    own: tuple[CallRow, ...] = ()
    others: tuple[CallRow, ...] = ()
    done: tuple[CallRow, ...] = ()
    wishes: tuple[WishRow, ...] = ()
    protected_waits: bool = False

    @property
    def open(self) -> tuple[CallRow, ...]:
        """Every call that is still to be made."""
        return (*self.own, *self.others)


def call_list(session: Session, asker: Asker, now: datetime) -> CallList:
    """The asker's calls now. Who is shown is noted as read, no others (S42)."""
    about_meetings = (*call_queries.calls(session, asker, now), *call_queries.seats(session, asker, now))
    wished = wish_queries.wished(session, asker, now)
    concerned = {call.person_id for call in about_meetings} | {one.person_id for one in wished}
    people = {person.id: person for person in _people(session, asker, concerned)}
    protected = any(one.protected for one in wished)
    if not people:
        return CallList(protected_waits=protected)
    stays = _stays(session, people, asker, now)
    known = _known(session, people)
    news = call_queries.news(session, asker, people.values(), now)
    calls = [one for one in (*about_meetings, *news) if one.person_id in stays and stays[one.person_id].mine]
    left, done = call_rules.sorted_out(in_order(calls), _done(known), asker, now)
    tries = _tries(session, people)
    rows = [_row(call, people[call.person_id], stays, asker, tries, now) for call in left]
    mine = {asker.person_id, *asker.stands_in_for}
    found = CallList(
        tuple(row for row in rows if stays[row.call.person_id].coach_id in mine),
        tuple(row for row in rows if stays[row.call.person_id].coach_id not in mine),
        tuple(
            replace(_row(one.call, people[one.call.person_id], stays, asker, {}, now), done_at=one.at)
            for one in done
        ),
        wish_queries.rows(wished, people, _coaches(stays, asker), _marks(known), asker, now),
        protected,
    )
    _note(session, asker, found)
    return found


def _note(session: Session, asker: Asker, shown: CallList) -> None:
    called = {row.call.person_id for row in (*shown.open, *shown.done)}
    for person_id in called | {row.message.person_id for row in shown.wishes}:
        note(session, asker, action="read", kind="attention", subject=person_id)
    wish_queries.note_shown(session, asker, shown.wishes)


def _people(session: Session, asker: Asker, concerned: Collection[uuid.UUID]) -> Sequence[Person]:
    """Those who are rung up, and whom else a call concerns, within the asker's scope."""
    wanted = or_(and_(*call_queries.RUNG), Person.id.in_(concerned))
    return session.scalars(select(Person).where(Person.id.in_(participants_of(asker)), wanted)).all()


def is_to_make(asker: Asker, now: datetime) -> ColumnElement[bool]:
    """Whether the calls of an enrolment are the asker's to make today, if they may read its person.

    A lead makes those of a coach who is away, and of nobody's participants.
    """
    return or_(
        Enrolment.coach_id.is_(None),
        Enrolment.coach_id.in_({asker.person_id, *asker.stands_in_for}),
        Enrolment.coach_id.in_(gone_on(now.astimezone(asker.zone).date())),
    )


def _stays(
    session: Session, people: Iterable[uuid.UUID], asker: Asker, now: datetime
) -> dict[uuid.UUID, Stay]:
    """The open enrolment of each of these people, with its coach."""
    rows = session.execute(
        select(
            Enrolment.person_id, Enrolment.coach_id, Coach.name_sealed, is_to_make(asker, now).label("mine")
        )
        .outerjoin(Coach, Coach.id == Enrolment.coach_id)
        .where(Enrolment.person_id.in_(list(people)), Enrolment.closed_on.is_(None))
    )
    return {row.person_id: row for row in rows}


def _coaches(stays: Mapping[uuid.UUID, Stay], asker: Asker) -> dict[uuid.UUID, str]:
    """Whose participant each is, by first name, where they have a coach who is not the asker."""
    return {
        person_id: first_name(name_of(stay.coach_id, stay.name_sealed))
        for person_id, stay in stays.items()
        if stay.coach_id not in (None, asker.person_id)
    }


def _known(session: Session, people: Iterable[uuid.UUID]) -> Sequence[Attention]:
    """What was recorded about these people's calls and messages."""
    kinds = (rules.CALL, rules.MESSAGE)
    wanted = select(Attention).where(Attention.person_id.in_(list(people)), Attention.kind.in_(kinds))
    return session.scalars(wanted).all()


def _marks(rows: Iterable[Attention]) -> dict[str, rules.Mark]:
    return {row.key: rules.Mark(row.outcome, row.until) for row in rows}


def _done(rows: Iterable[Attention]) -> list[Done]:
    return [
        Done(row.person_id, row.key, rules.Mark(row.outcome, row.until), row.handled_by, row.handled_at)
        for row in rows
    ]


def _tries(session: Session, people: Iterable[uuid.UUID]) -> dict[str, list[CallTry]]:
    """What nobody answered, by the key of the call, the first first."""
    wanted = select(CallTry).where(CallTry.person_id.in_(list(people))).order_by(CallTry.tried_at)
    found: dict[str, list[CallTry]] = {}
    for row in session.scalars(wanted):
        found.setdefault(row.key, []).append(row)
    return found


def _row(
    call: Call,
    person: Person,
    stays: Mapping[uuid.UUID, Stay],
    asker: Asker,
    tries: Mapping[str, Sequence[CallTry]],
    now: datetime,
) -> CallRow:
    stay, mine = stays[call.person_id], tries.get(call.key, ())
    elsewhere = stay.coach_id not in (None, asker.person_id)
    last = mine[-1] if mine else None
    return CallRow(
        call,
        person.short_name,
        language(person.language),
        first_name(name_of(stay.coach_id, stay.name_sealed)) if elsewhere else "",
        len(mine),
        last.tried_at if last else None,
        last is not None and call_rules.may_take_back(last.tried_by, last.tried_at, asker, now),
    )
