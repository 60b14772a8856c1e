"""What a participant can be asked about their meetings: what was begun, and which scales may be sent."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Uuid, bindparam, select, true
from sqlalchemy.orm import Session

from portal.db import Instant
from portal.feedback.models import CheckIn, ScaleReading
from portal.feedback.rules import Window
from portal.identity.waiting_queries import ME, TODAY, Offer, Waiting, offer, waiting
from portal.instruments import queries as instruments
from portal.instruments.models import Response, TextPack
from portal.instruments.pack_queries import may_be_sent
from portal.instruments.rules import Instrument, When
from portal.instruments.scale_rules import GROUP, asked, asked_of_group
from portal.organisation.rules import Rules
from portal.web.asker import Asker

SINCE = bindparam("check_ins_since", type_=Instant())
ROOM, PACKS = "feedback", "packs"
"""The names under which the first page knows the check-ins, and the scales that may be sent."""


@dataclass(frozen=True)
class Begun:
    """A check-in that was begun, and until when it can be answered."""

    check_in_id: uuid.UUID
    reference: uuid.UUID
    instrument: Instrument
    window: Window
    begun_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True)
class Opened:
    """The instrument begun about each meeting, on each side of the talk, and whether it was sent.

    `sendable`: the licensed scales that may be sent to a phone today.
    """

    begun: Mapping[tuple[uuid.UUID | None, When], tuple[Instrument, bool]]
    sendable: frozenset[str]

    def asked(self, reference: uuid.UUID, when: When, rules: Rules) -> str | None:
        """What to ask about a meeting: what was begun is gone on with, unless its licence has run out.

        None where it has been sent already, or is filled in on paper.
        """
        return self._gone_on_with(reference, when, asked(rules, when, self.sendable))

    def asked_of_group(self, reference: uuid.UUID, rules: Rules) -> str | None:
        """The same about a session of a group; None where nothing is asked after one."""
        return self._gone_on_with(reference, "after", asked_of_group(rules, self.sendable))

    def _gone_on_with(self, reference: uuid.UUID, when: When, else_asked: str | None) -> str | None:
        known, sent = self.begun.get((reference, when), (None, False))
        if sent:
            return None
        if known and (known.licence == "open" or known.key in self.sendable):
            return known.key
        return else_asked

    def is_begun(self, reference: uuid.UUID, when: When, key: str) -> bool:
        """Whether this very instrument was begun about a meeting."""
        known, _sent = self.begun.get((reference, when), (None, False))
        return known is not None and known.key == key


SENDABLE = offer(PACKS, code=TextPack.instrument).where(may_be_sent(TODAY))

_MINE = (
    offer(
        ROOM,
        about=CheckIn.reference,
        code=CheckIn.instrument,
        begun=true(),
        done=Response.sent_at.is_not(None),
    )
    .join(Response, Response.id == CheckIn.response_id)
    .where(CheckIn.person_id == ME)
)
_OF_GROUPS = _MINE.where(CheckIn.instrument == GROUP, CheckIn.closes_at > SINCE)


@cache
def _begun(*names: str) -> Select[Any]:
    """The asker's check-ins about the references of these names: said once for each number of names."""
    return _MINE.where(CheckIn.reference.in_([bindparam(name, type_=Uuid()) for name in names]))


def waiting_selects(references: Collection[uuid.UUID]) -> list[Offer]:
    """What the first page is to know about these meetings: check-ins begun, sent or not; scales to be sent.

    A reference that is not there has none begun. `opened` makes sense of what they find.
    """
    wanted = list(references)
    # Few different numbers of them are asked for: what is said once is kept for good.
    wanted += wanted[-1:] * ((1 << (len(wanted) - 1).bit_length()) - len(wanted))
    about = {f"occasion_{place}": reference for place, reference in enumerate(wanted)}
    return [Offer(_begun(*about), about), Offer(SENDABLE)]


def group_selects(since: datetime) -> list[Offer]:
    """The same about sessions of groups whose questions were open since that moment, whichever they are."""
    return [Offer(_OF_GROUPS, {"check_ins_since": since}), Offer(SENDABLE)]


def opened(found: Iterable[Waiting]) -> Opened:
    """What `waiting_selects` found. Where two were begun on one side of a talk, what was sent counts."""
    begun: dict[tuple[uuid.UUID | None, When], tuple[Instrument, bool]] = {}
    sendable = set()
    for one in found:
        if one.room == PACKS:
            sendable.add(one.code)
        elif one.room == ROOM:
            instrument = instruments.current(one.code)
            key = one.about, instrument.when
            if one.done or key not in begun:
                begun[key] = instrument, one.done
    return Opened(begun, frozenset(sendable))


def sendable_on(session: Session, day: date) -> frozenset[str]:
    """The licensed scales that may be sent to a phone on a day."""
    return frozenset(session.scalars(select(TextPack.instrument).where(may_be_sent(day))))


def answered_after(session: Session, references: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Of these meetings those whose questions after the talk are answered, by phone or on paper.

    For the worker.
    """
    rows = session.execute(
        select(CheckIn.reference, CheckIn.instrument)
        .join(Response, Response.id == CheckIn.response_id)
        .where(CheckIn.reference.in_(list(references)), Response.sent_at.is_not(None))
    )
    return frozenset(row.reference for row in rows if instruments.current(row.instrument).when == "after")


def opened_for(session: Session, asker: Asker, reference: uuid.UUID, now: datetime) -> Opened:
    """The same about one meeting, asked by itself."""
    return opened(waiting(session, asker, now, waiting_selects([reference])))


def sent_about(session: Session, asker: Asker, reference: uuid.UUID, when: When) -> uuid.UUID | None:
    """The check-in that the asker has sent about a meeting; None where there is none of their own."""
    rows = session.execute(
        select(CheckIn.id, CheckIn.instrument)
        .join(Response, Response.id == CheckIn.response_id)
        .outerjoin(ScaleReading, ScaleReading.check_in_id == CheckIn.id)
        .where(
            CheckIn.person_id == asker.person_id,
            CheckIn.reference == reference,
            Response.sent_at.is_not(None),
            ScaleReading.recorded_by.is_(None),
        )
    )
    return next((row.id for row in rows if instruments.current(row.instrument).when == when), None)


def begun_where(session: Session, chosen: Sequence[ColumnElement[bool]]) -> list[Begun]:
    """Check-ins that were begun. One query; scope is the caller's."""
    rows = session.execute(
        select(CheckIn, Response).join(Response, Response.id == CheckIn.response_id).where(*chosen)
    ).all()
    return [
        Begun(
            check_in_id=check_in.id,
            reference=check_in.reference,
            instrument=instruments.instrument(response.instrument, response.version),
            window=Window(check_in.opens_at, check_in.closes_at),
            begun_at=check_in.begun_at,
            sent_at=response.sent_at,
        )
        for check_in, response in rows
    ]
