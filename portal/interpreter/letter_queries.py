"""What the agency is to be told by e-mail: the orders that are new, stand otherwise, or are off."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from portal.crypto import keys
from portal.identity.models import Person, StaffAccount
from portal.interpreter.order_queries import Shown, coming, note_read, shown_to
from portal.interpreting.letter_rules import KINDS, Said, news
from portal.interpreting.order_models import InterpreterOrder
from portal.interpreting.order_rules import ASKED
from portal.notices import agency_service as letters
from portal.organisation.queries import rules_of
from portal.web.asker import Asker


@dataclass(frozen=True)
class Told:
    """One order as the asker sees it and as it is kept, and what the e-mail says of it."""

    order: Shown
    row: InterpreterOrder
    said: Said


@dataclass(frozen=True)
class Letter:
    """What the next e-mail says. `address`: where it goes, "" where the house has written none."""

    address: str
    told: tuple[Told, ...]

    def of(self, kind: str) -> list[Shown]:
        """The orders that it says this of, the next first."""
        return [one.order for one in self.told if one.said.kind == kind]

    @property
    def counts(self) -> dict[str, int]:
        """How many orders it says each of."""
        return {kind: len(self.of(kind)) for kind in KINDS}

    @property
    def seen(self) -> str:
        """A mark of everything that it says: another where something else would be said."""
        return _mark(self.address, *(f"{one.order.id}{one.said.kept}" for one in self.told))


def wanted(asker: Asker, now: datetime) -> Select[*tuple[Any, ...]]:
    """The coming orders that the asker may see and an e-mail may be about."""
    return coming(asker, now).where(
        InterpreterOrder.hidden.is_(False),
        or_(InterpreterOrder.state == ASKED, InterpreterOrder.letter_id.is_not(None)),
    )


def letter(session: Session, asker: Asker, now: datetime) -> Letter:
    """What the agency does not know yet, of the orders that the asker may see; two queries.

    Nothing of whoever has protected identity, or of what leaves no trace in the portal (S33, S37). That it is
    read is noted by whoever shows it.
    """
    rows = session.execute(wanted(asker, now)).all()
    kept: dict[uuid.UUID, InterpreterOrder] = {row[0].id: row[0] for row in rows}
    states = fates(session, [row.letter_id for row in kept.values()])
    found = []
    for one in shown_to(session, asker, rows, now):
        row = kept[one.id]
        order, place = _marks(one)
        kind = news(
            row.state,
            # A named interpreter of an agency is taken to be the one whom it sends.
            row.by_agency or bool(one.agency),
            Said.of(row.letter_said),
            order,
            place,
            arrived=row.letter_id is not None and letters.arrived(states.get(row.letter_id, "")),
            heard=row.told_at is not None and row.interpreter_id is None,
        )
        if kind:
            found.append(Told(one, row, Said(kind, order, place)))
    return Letter(rules_of(session, asker).agency_email, tuple(found))


def read(session: Session, asker: Asker, found: Letter) -> None:
    """The asker reads the e-mail: it is noted of whom it tells (S42)."""
    for one in found.told:
        note_read(session, asker, one.order)


def fates(session: Session, letter_ids: Iterable[uuid.UUID | None]) -> Mapping[uuid.UUID, str]:
    """Where these e-mails are; None stands for none."""
    return letters.states(session, {one for one in letter_ids if one})


def _mark(*facts: object) -> str:
    """The same for the same facts; only this installation can make it, so nothing can be guessed from it."""
    return keys().keyed_hash("letter", *map(str, facts)).hex()[:32]


def _marks(one: Shown) -> tuple[str, str]:
    order = _mark(one.id, one.language, one.dialect, one.gender, one.way, one.starts_at, one.ends_at)
    return order, _mark(one.id, one.place) if one.place else ""


def sender(session: Session, asker: Asker) -> tuple[str, str]:
    """The name and the address at work of the asking member of staff, for the agency's answer."""
    account = session.scalars(select(StaffAccount).where(StaffAccount.person_id == asker.person_id)).first()
    return session.get_one(Person, asker.person_id).name, account.email if account else ""
