"""Reading the card of what helps a participant. Who asks comes first.

For other rooms: `own_card(session, asker)` is all of the asker's own card; what is proposed is not on it yet.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.crypto import open_sealed
from portal.identity import scope
from portal.identity.models import Person
from portal.journal.service import note
from portal.plan import card_rules
from portal.plan.bank_rules import bank
from portal.plan.models import Adaptation, AdaptationEvent
from portal.plan.rows import first_name
from portal.web.asker import Asker

TRAIL_SHOWN = 30


@dataclass(frozen=True, slots=True)
class CardRow:
    """One thing that helps. `swedish` is what a supervisor reads, `own` the same in the person's language.

    `by` proposed it, "" when the participant wrote it; `code` is "" for own words, which `words` holds as
    they were typed.
    """

    id: UUID
    code: str
    icon: str
    words: str
    swedish_words: str
    own: str
    swedish: str
    state: str
    position: int
    version: int
    by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class CardEvent:
    """What somebody has done to the card; `undone` when it was taken back."""

    id: UUID
    at: datetime
    by: str
    action: str
    about: str
    undone: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A participant's card. `language` is theirs; `trail` is what was done to it, the latest first."""

    name: str
    language: str
    kept: tuple[CardRow, ...]
    proposed: tuple[CardRow, ...]
    trail: tuple[CardEvent, ...]

    def last_own(self, now: datetime) -> CardEvent | None:
        """The participant's last act, while they can take it back (`now` is aware)."""
        live = (
            one for one in self.trail if card_rules.may_take_back(one.action, one.at, now) and not one.undone
        )
        return next(live, None)


def own_card(session: Session, asker: Asker) -> Card:
    """The asker's own card."""
    note(session, asker, action="read", kind="card", subject=asker.person_id)
    return _card(session, asker.person_id, asker.first_name, asker.language)


def persons_card(session: Session, asker: Asker, person_id: UUID) -> Card:
    """A participant's card, for staff. Raises NoResultFound outside the scope."""
    person = scope.participant(session, asker, person_id, what="card")
    return _card(session, person.id, person.name, person.language)


def own_row(session: Session, asker: Asker, row_id: UUID) -> CardRow:
    """One row that stands on the asker's own card. Raises NoResultFound."""
    found = next((row for row in own_card(session, asker).kept if row.id == row_id), None)
    if found is None:
        raise NoResultFound
    return found


def _card(session: Session, person_id: UUID, name: str, language: str) -> Card:
    rows = [_row(row, language) for row in session.execute(_rows(person_id))]
    told = {row.id: row.swedish for row in rows}
    return Card(
        name=name,
        language=language,
        kept=card_rules.in_state(rows, card_rules.KEPT),
        proposed=card_rules.in_state(rows, card_rules.PROPOSED),
        trail=_trail(session, person_id, told),
    )


def _rows(person_id: UUID) -> Select[Any]:
    return (
        select(*Adaptation.__table__.c, Person.name_sealed)
        .outerjoin(Person, Person.id == Adaptation.proposed_by)
        .where(Adaptation.person_id == person_id)
    )


def _row(row: Row[Any], language: str) -> CardRow:
    words = open_sealed("adaptation", "words_sealed", row.id, row.words_sealed)
    swedish = open_sealed("adaptation", "swedish_sealed", row.id, row.swedish_sealed)
    known = bank().get(row.code)
    return CardRow(
        id=row.id,
        code=row.code,
        icon=known.icon if known else "person",
        words=words,
        swedish_words=swedish,
        own=known.text(language) if known else words or swedish,
        swedish=known.text("sv") if known else swedish or words,
        state=row.state,
        position=row.position,
        version=row.version,
        by=first_name(row.proposed_by, row.name_sealed),
        changed_at=row.changed_at,
    )


def _trail(session: Session, person_id: UUID, told: dict[UUID, str]) -> tuple[CardEvent, ...]:
    """What has been done, the latest first."""
    rows = session.execute(
        select(
            AdaptationEvent.id,
            AdaptationEvent.at,
            AdaptationEvent.by_id,
            AdaptationEvent.action,
            AdaptationEvent.adaptation_id,
            AdaptationEvent.undoes,
            Person.name_sealed,
        )
        .join(Person, Person.id == AdaptationEvent.by_id)
        .where(AdaptationEvent.person_id == person_id)
        .order_by(AdaptationEvent.number.desc())
        .limit(TRAIL_SHOWN)
    ).all()
    undone = {row.undoes for row in rows}
    return tuple(
        CardEvent(
            id=row.id,
            at=row.at,
            by=first_name(row.by_id, row.name_sealed),
            action=row.action,
            about=told.get(row.adaptation_id, ""),
            undone=row.id in undone,
        )
        for row in rows
    )
