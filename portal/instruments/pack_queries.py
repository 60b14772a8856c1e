"""The text packs that are installed: which may be sent to a phone, and the words of those answered in."""

import contextlib
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import BindParameter, ColumnElement, Row, select
from sqlalchemy.orm import Session

from portal.instruments import queries
from portal.instruments.loader import DefinitionError, read_pack
from portal.instruments.models import TextPack
from portal.instruments.rules import Instrument, When
from portal.instruments.scale_rules import GROUP, SCALE_OF, way_of
from portal.organisation.rules import Rules

LISTED = (
    TextPack.id,
    TextPack.instrument,
    TextPack.version,
    TextPack.scope,
    TextPack.licence_holder,
    TextPack.licence_number,
    TextPack.expires_on,
    TextPack.installed_at,
    TextPack.ended_at,
    TextPack.content.is_(None).label("removed"),
)


@dataclass(frozen=True)
class Pack:
    """One pack and its licence, without its words. `state`: in use, run out, ended or taken away."""

    id: uuid.UUID
    instrument: str
    version: int
    scope: str
    licence_holder: str
    licence_number: str
    expires_on: date
    state: Literal["in_use", "expired", "ended", "removed"]

    @property
    def sendable(self) -> bool:
        """Whether its scale may be sent to a phone."""
        return self.state == "in_use" and self.scope == "digital"


def packs(session: Session, today: date) -> list[Pack]:
    """Every pack that was ever installed, by instrument, the newest first. None of them is about a person."""
    rows = session.execute(select(*LISTED).order_by(TextPack.instrument, TextPack.installed_at.desc()))
    return [_pack(row, today) for row in rows]


def _pack(row: Row[*tuple[Any, ...]], today: date) -> Pack:
    state: Literal["in_use", "expired", "ended", "removed"] = "in_use"
    if row.removed:
        state = "removed"
    elif row.ended_at is not None:
        state = "ended"
    elif row.expires_on < today:
        state = "expired"
    return Pack(
        row.id,
        row.instrument,
        row.version,
        row.scope,
        row.licence_holder,
        row.licence_number,
        row.expires_on,
        state,
    )


def newest(found: Collection[Pack], instrument: str) -> Pack | None:
    """The pack that was installed last for an instrument; None where there never was one."""
    return next((pack for pack in found if pack.instrument == instrument), None)


def in_use(today: date | BindParameter[Any]) -> ColumnElement[bool]:
    """Whether a pack's licence lasts on this day; its last day is one of them."""
    return TextPack.ended_at.is_(None) & (TextPack.expires_on >= today) & TextPack.content.is_not(None)


def may_be_sent(today: date | BindParameter[Any]) -> ColumnElement[bool]:
    """Whether a pack's scale may be sent to a phone on this day."""
    return in_use(today) & (TextPack.scope == "digital")


def to_send(session: Session, instrument: str, today: date) -> tuple[uuid.UUID, Instrument]:
    """The pack of a scale, and its words, to be sent to a phone. DefinitionError when there is none."""
    row = session.scalars(
        select(TextPack).where(TextPack.instrument == instrument, may_be_sent(today))
    ).one_or_none()
    if row is None:
        raise DefinitionError(f"{instrument}: no licence to send it to a phone")
    return row.id, wording(row.instrument, row.version, row.content)


def asked_on_phone(session: Session, rules: Rules, when: When, today: date) -> Instrument | None:
    """What a phone asks before or after a talk, with its words; None where it is filled in on paper.

    The licensed scale while it may be sent, else our own check-in.
    """
    way = way_of(rules, when)
    if way == "paper":
        return None
    if way == "digital":
        with contextlib.suppress(DefinitionError):
            return to_send(session, SCALE_OF[when], today)[1]
    return queries.answerable(when)


def wording(instrument: str, version: int, content: dict[str, Any] | None) -> Instrument:
    """A scale with the words of its pack, or by structure only where they have been taken away."""
    if content is None:
        return queries.instrument(instrument, version)
    return read_pack(content, f"{instrument}-{version}", queries.structures())


def wordings(session: Session, packs: Collection[uuid.UUID | None]) -> dict[uuid.UUID, Instrument]:
    """The scales of these packs with their words; one whose words have been taken away is not there."""
    wanted = select(TextPack).where(TextPack.id.in_(packs), TextPack.content.is_not(None))
    return {row.id: wording(row.instrument, row.version, row.content) for row in session.scalars(wanted)}


def labelled(session: Session, instruments: Collection[str], today: date) -> dict[str, Instrument]:
    """The scales among these with their words, for staff, while a licence of any scope lasts. One query."""
    rows = session.scalars(select(TextPack).where(TextPack.instrument.in_(instruments), in_use(today)))
    return {row.instrument: wording(row.instrument, row.version, row.content) for row in rows}


def silent(session: Session, rules: Rules, today: date) -> list[tuple[str, Pack | None]]:
    """The scales that are to be on the phone and may not be, each with its newest pack, to say why."""
    wanted = [scale for when, scale in SCALE_OF.items() if way_of(rules, when) == "digital"]
    if rules.group_with == "digital":
        wanted.append(GROUP)
    if not wanted:
        return []
    found = packs(session, today)
    told = [(scale, newest(found, scale)) for scale in wanted]
    return [(scale, pack) for scale, pack in told if pack is None or not pack.sendable]
