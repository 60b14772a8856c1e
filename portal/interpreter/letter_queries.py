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
from portal.interpreting.order_rules import ASKED, DECLINED
from portal.notices import agency_service as letters
from portal.organisation.queries import rules_of
from portal.web.asker import Asker


@dataclass(frozen=True)
class Told:
    """One order as shown and as kept; what the e-mail says of it, and what the agency knows."""

    order: Shown
    row: InterpreterOrder
    said: Said
    knows: Said


@dataclass(frozen=True)
class Letter:
    """What the next e-mail says. `address`: where it goes, "" where the house has written none."""

    address: str
    told: tuple[Told, ...]

    def of(self, kind: str) -> list[Shown]:
        """The orders that it says this of, the next first."""
        return [one.order for one in self.told if one.said.kind == kind]

    @property
    def placed(self) -> frozenset[uuid.UUID]:
        """The orders whose place the agency knows."""
        return frozenset(one.order.id for one in self.told if one.knows.wanted and one.knows.place)

    @property
    def counts(self) -> dict[str, int]:
        """How many orders it says each of."""
        return {kind: len(self.of(kind)) for kind in KINDS}

    @property
    def seen(self) -> str:
        """A mark of everything that it says: another where something else would be said."""
        return _mark(self.address, *(f"{one.order.id}{':'.join(one.said)}" for one in self.told))


def wanted(asker: Asker, now: datetime) -> Select[*tuple[Any, ...]]:
    """The coming orders that the asker may see and an e-mail may be about."""
    return coming(asker, now).where(
        InterpreterOrder.hidden.is_(False),
        or_(InterpreterOrder.state == ASKED, InterpreterOrder.letter_said != ""),
    )


def letter(session: Session, asker: Asker, now: datetime) -> Letter:
    """What the agency does not know yet, of the orders that the asker may see; two queries.

    Nothing of whoever has protected identity, or of what leaves no trace in the portal (S33, S37). That it is
    read is noted by whoever shows it.
    """
    rows = session.execute(wanted(asker, now)).all()
    kept: dict[uuid.UUID, InterpreterOrder] = {row[0].id: row[0] for row in rows}
    states = fates(session, [row.letter_id for row in kept.values()])
    told = [_told(one, kept[one.id], states) for one in shown_to(session, asker, rows, now)]
    return Letter(rules_of(session, asker).agency_email, tuple(one for one in told if one.said.kind))


def _told(order: Shown, row: InterpreterOrder, states: Mapping[uuid.UUID, str]) -> Told:
    state = order.mail_state(states)
    knows = order.mailed.knows(letters.arrived(state))
    # A named interpreter of an agency is taken to be the one whom it sends.
    of_agency = row.by_agency or bool(order.agency)
    heard = row.told_at is not None and (row.interpreter_id is None or (of_agency and row.why == DECLINED))
    of_order, place = _marks(order)
    kind = news(row.state, of_agency, knows, of_order, place, heard=heard)
    # Until an e-mail has left, or has not, nobody knows what the agency will have been told.
    kind = "" if letters.waits(state) else kind
    return Told(order, row, Said(kind, of_order, place or (knows.place if knows.wanted else "")), knows)


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
