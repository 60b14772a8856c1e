"""Installing the wording of a licensed scale, ending its use, and taking it away."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.instruments import queries
from portal.instruments.loader import read_pack
from portal.instruments.models import TextPack
from portal.web.errors import Refused

Scope = Literal["paper", "digital"]


class NoPack(Refused):
    """No pack of this instrument is in use."""


@dataclass(frozen=True)
class Terms:
    """The licence as the rights holder gave it. `expires_on` is its last day."""

    holder: str
    number: str
    scope: Scope
    expires_on: date


def install(session: Session, data: dict[str, Any], where: str, terms: Terms, now: datetime) -> TextPack:
    """Put a pack into use, in the place of the one before. DefinitionError names what is wrong, and where."""
    read = read_pack(data, where, queries.structures())
    for row in _in_use(session, read.key):
        row.ended_at = now
    session.flush()
    made = TextPack(
        instrument=read.key,
        version=read.version,
        scope=terms.scope,
        licence_holder=terms.holder,
        licence_number=terms.number,
        expires_on=terms.expires_on,
        installed_at=now,
        content=data,
    )
    session.add(made)
    session.flush()
    return made


def end(session: Session, instrument: str, now: datetime) -> None:
    """Send the scale to no phone any more, from now on; what was answered stays readable. Raises NoPack."""
    found = _in_use(session, instrument)
    if not found:
        raise NoPack
    for row in found:
        row.ended_at = now
    session.flush()


def remove(session: Session, instrument: str, now: datetime) -> int:
    """Take every wording of a scale out of the database; the licences and the numbers stay.

    Returns how many packs lost their words. Raises NoPack when there was none.
    """
    rows = session.scalars(
        select(TextPack).where(TextPack.instrument == instrument, TextPack.content.is_not(None))
    ).all()
    if not rows:
        raise NoPack
    for row in rows:
        row.content = None
        row.ended_at = row.ended_at or now
    session.flush()
    return len(rows)


def _in_use(session: Session, instrument: str) -> list[TextPack]:
    wanted = select(TextPack).where(TextPack.instrument == instrument, TextPack.ended_at.is_(None))
    return list(session.scalars(wanted.with_for_update()))
