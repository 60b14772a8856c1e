"""Who has looked at a participant, for the participant (S42)."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.crypto import open_sealed
from portal.identity.models import Person, RoleGrant
from portal.interpreting.models import InterpreterGrant
from portal.journal.models import JournalRow
from portal.journal.service import note
from portal.privacy.hidden_queries import hidden_ids
from portal.web.asker import Asker

PAGE = 150
"""Lines of the journal on one page; together they are far fewer in what is shown."""
RANK = ("coach", "lead", "admin", "translator", "user_auditor", "participant")


@dataclass(frozen=True)
class Who:
    """Somebody who looked: their first name and what they are; both "" for nobody that we know."""

    name: str
    role: str
    own: bool = False


@dataclass(frozen=True)
class Look:
    """What somebody did on one day: from when to when, and to what, by act: {"read": ("plan", …)}."""

    who: Who
    first: datetime
    last: datetime
    done: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Looks:
    """One page: days, the latest first, each with who looked. `older`: the next page's number, or None."""

    days: tuple[tuple[date, tuple[Look, ...]], ...]
    page: int
    older: int | None


def looks(session: Session, asker: Asker, page: int) -> Looks:
    """Who has looked at the asker, the latest first; reading it is noted too."""
    note(session, asker, action="read", kind="looked", subject=asker.person_id)
    rows = session.execute(
        select(JournalRow.at, JournalRow.actor_id, JournalRow.action, JournalRow.kind)
        .where(
            JournalRow.subject_id == asker.person_id,
            # What must leave no trace in the portal leaves none here either (S33).
            JournalRow.object_id.is_(None) | JournalRow.object_id.not_in(hidden_ids([asker.person_id])),
        )
        .order_by(JournalRow.number.desc())
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    ).all()
    shown = [Seen(row.at, row.actor_id, row.action, row.kind) for row in rows[:PAGE]]
    people = _people(session, asker, {seen.actor_id for seen in shown if seen.actor_id})
    days = [
        (day, tuple(_of_day(list(seen_then), people)))
        for day, seen_then in groupby(shown, lambda seen: seen.at.astimezone(asker.zone).date())
    ]
    return Looks(tuple(days), page, page + 1 if len(rows) > PAGE else None)


@dataclass(frozen=True)
class Seen:
    """One line of the journal, as far as it is shown."""

    at: datetime
    actor_id: uuid.UUID | None
    action: str
    kind: str


def _of_day(seen: list[Seen], people: dict[uuid.UUID, Who]) -> Iterable[Look]:
    """Who did what on one day, whoever was last first."""
    for actor in dict.fromkeys(one.actor_id for one in seen):
        theirs = [one for one in seen if one.actor_id == actor]
        moments = [one.at for one in theirs]
        done: dict[str, dict[str, None]] = {}
        for one in reversed(theirs):
            done.setdefault(one.action, {})[one.kind] = None
        who = people.get(actor, Who("", "")) if actor else Who("", "")
        yield Look(who, min(moments), max(moments), {act: tuple(kinds) for act, kinds in done.items()})


def _people(session: Session, asker: Asker, ids: set[uuid.UUID]) -> dict[uuid.UUID, Who]:
    """The first names and roles of the people of the asker's organisation among these."""
    grants = session.scalars(
        select(InterpreterGrant.id).where(
            InterpreterGrant.id.in_(ids), InterpreterGrant.person_id == asker.person_id
        )
    )
    # Whoever interprets has no name here: they are let in to one meeting by a code (S8).
    found = {grant: Who("", "interpreter") for grant in grants}
    rows = session.execute(
        select(Person.id, Person.name_sealed, RoleGrant.role)
        .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
        .where(Person.id.in_(ids), Person.organisation_id == asker.organisation_id)
    ).all()
    for person_id, same in groupby(sorted(rows, key=lambda row: row[0]), lambda row: row[0]):
        theirs = list(same)
        name = open_sealed("person", "name_sealed", person_id, theirs[0][1]).split(" ", 1)[0]
        roles = {row[2] for row in theirs}
        role = next((role for role in RANK if role in roles), "")
        found[person_id] = Who(name, role, person_id == asker.person_id)
    return found
