"""Whom a coach or lead may choose to write to, what would be sent, and what became of it: with names."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.booking.queries import next_starts
from portal.identity.models import Enrolment, Person, name_of
from portal.identity.people import case_queries
from portal.identity.people.queries import names
from portal.identity.people.rules import OPENED_AT_MOST, Page, page, sort_key
from portal.identity.scope import is_present, participants_of
from portal.journal.service import note
from portal.messaging import queries as outbox
from portal.messaging.models import OutboxMessage
from portal.messaging.pace_rules import Paces
from portal.messaging.rules import SMS
from portal.notices import own_queries, sending_queries
from portal.notices.own_queries import OwnRow
from portal.notices.sending_queries import Sent, Wish
from portal.notices.sending_rules import Body, Plan, minutes
from portal.organisation import queries as organisations
from portal.organisation.models import Programme, Team
from portal.staff.sending_rules import Candidate, Filter, listed
from portal.web.asker import Asker


@dataclass(frozen=True)
class Choosing:
    """What can be chosen: texts, people, and by what the list can be narrowed.

    `too_many`: more people than a list opens; nobody is listed then. Teams and programmes are a lead's.
    """

    messages: tuple[OwnRow, ...]
    people: tuple[Candidate, ...]
    too_many: bool
    teams: tuple[Team, ...]
    programmes: tuple[Programme, ...]


def choosing(
    session: Session, asker: Asker, chosen: Filter, now: datetime, only: Collection[uuid.UUID] | None = None
) -> Choosing:
    """The page on which one chooses; as many queries for hundreds as for one.

    Whoever is listed is noted as read (S42). `only`: of these people alone.
    """
    people = _candidates(session, asker, chosen, now, only)
    for one in people or ():
        note(session, asker, action="read", kind="people_list", subject=one.person_id)
    leads = "lead" in asker.roles
    return Choosing(
        messages=texts(session, asker),
        people=people or (),
        too_many=people is None,
        teams=case_queries.teams(session, asker) if leads else (),
        programmes=organisations.programmes(session, asker.organisation_id) if leads else (),
    )


def texts(session: Session, asker: Asker) -> tuple[OwnRow, ...]:
    """The own messages that say something."""
    return tuple(one for one in own_queries.rows(session, asker) if one.said.texts)


def _candidates(
    session: Session, asker: Asker, chosen: Filter, now: datetime, only: Collection[uuid.UUID] | None
) -> tuple[Candidate, ...] | None:
    asked = _asked(asker, chosen)
    if only is not None:
        asked = asked.where(Person.id.in_(only))
    rows = session.execute(asked.limit(OPENED_AT_MOST + 1)).all()
    if len(rows) > OPENED_AT_MOST:
        return None
    ahead = next_starts(session, asker, [row.id for row in rows], now)
    found = (
        Candidate(row.id, name_of(row.id, row.name_sealed), row.language, ahead.get(row.id)) for row in rows
    )
    return tuple(sorted(listed(found, chosen, now), key=lambda one: (sort_key(one.name), str(one.person_id))))


def _asked(asker: Asker, chosen: Filter) -> Select[*tuple[Any, ...]]:
    """Those who are enrolled and let in; nobody with protected identity (S37)."""
    asked = (
        select(Person.id, Person.name_sealed, Person.language)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(
            Person.id.in_(participants_of(asker)),
            Person.disabled_at.is_(None),
            Enrolment.closed_on.is_(None),
            is_present(),
        )
        .distinct()
    )
    if chosen.portal:
        asked = asked.where(Person.pin_hash.is_not(None) == (chosen.portal == "in"))
    for column, value in (
        (Person.language, chosen.language),
        (Enrolment.team_id, chosen.team_id),
        (Enrolment.programme_id, chosen.programme_id),
        (Enrolment.coach_id, chosen.coach_id),
    ):
        if value:
            asked = asked.where(column == value)
    return asked


@dataclass(frozen=True)
class Named:
    """Somebody in a preview: in which language they get it, "" where they do not, and then why."""

    person_id: uuid.UUID
    name: str
    language: str = ""
    by_mail: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Preview:
    """What would be sent. `minutes`: how long it takes at the provider's pace; 0 where there is none.

    `too_late`: not all of it will have left while it is of use. `another_day`: it begins on a later day than
    the one on which it was written, so that "today" in it is wrong.
    """

    title: str
    plan: Plan
    going: tuple[Named, ...]
    left_out: tuple[Named, ...]
    bodies: tuple[Body, ...]
    minutes: int
    too_late: bool
    another_day: bool


def preview(
    session: Session, asker: Asker, wish: Wish, paces: Paces, now: datetime, plan: Plan | None = None
) -> Preview:
    """What would be sent to whom; `plan` where it is known. Who is shown is noted as read (S42)."""
    plan = plan or sending_queries.plan(session, asker, wish, now)
    chosen = [one.person_id for one in plan.going] + [one.person_id for one in plan.left_out]
    called = names(session, asker, chosen)
    for person_id in called:
        note(session, asker, action="read", kind="people_list", subject=person_id)
    pace = paces.of(paces.way(SMS, organisations.rules_of(session, asker).sms_provider))
    takes = pace.takes(plan.parts + outbox.backlog(session, now, asker.organisation_id, paces)[1])
    bodies = {one.body.language: one.body for one in plan.going}
    return Preview(
        title=own_queries.message_for(session, asker, wish.message_id).title,
        plan=plan,
        going=_sorted(
            Named(one.person_id, called.get(one.person_id, ""), one.body.language, one.by_mail)
            for one in plan.going
        ),
        left_out=_sorted(
            Named(one.person_id, called.get(one.person_id, ""), reason=one.reason) for one in plan.left_out
        ),
        bodies=tuple(bodies[code] for code in sorted(bodies)),
        minutes=minutes(takes) if takes else 0,
        too_late=plan.leaves_at + takes > plan.expires_at,
        another_day=plan.leaves_at.astimezone(asker.zone).date() > now.astimezone(asker.zone).date(),
    )


def _sorted(rows: Iterable[Named]) -> tuple[Named, ...]:
    return tuple(sorted(rows, key=lambda one: (sort_key(one.name), str(one.person_id))))


@dataclass(frozen=True)
class Shown:
    """One sending and a page of those who got it, of whom the asker works with: each with a name.

    `others`: how many more there were, whom the asker works with no longer.
    """

    sent: Sent
    rows: Page[tuple[OutboxMessage, str]]
    others: int


def shown(session: Session, asker: Asker, sending_id: uuid.UUID, number: int) -> Shown:
    """What was sent and what became of it, person by person. Raises NoResultFound."""
    sent = sending_queries.sending(session, asker, sending_id)
    every = sending_queries.recipients(session, asker, sent.sending)
    here = page(every, number)
    called = names(session, asker, [one.recipient_id for one in here.items])
    for one in here.items:
        note(session, asker, action="read", kind="messages", subject=one.recipient_id)
    rows = here.of([(one, called.get(one.recipient_id, "")) for one in here.items])
    return Shown(sent, rows, sum(sent.count.states.values()) - len(every))
