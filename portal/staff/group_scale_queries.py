"""What a group has answered after its sessions: groups and check-ins do not know each other."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.feedback import group_queries as feedback
from portal.feedback.group_queries import Sent
from portal.feedback.trail_queries import worded
from portal.groups import sheet_queries as groups
from portal.groups import staff_queries
from portal.groups.models import GroupSession
from portal.groups.sheet_queries import Part
from portal.groups.staff_queries import PartRow, SessionPage
from portal.instruments.rules import Instrument
from portal.instruments.scale_rules import GROUP
from portal.journal.service import note
from portal.organisation.queries import rules_of
from portal.staff.group_scale_rules import Form, Together, together
from portal.web.asker import Asker

SHOWN = 12
"""So many sessions back: a term of one a week, as far as a group's work is talked about."""


@dataclass(frozen=True)
class Row:
    """One session: of how many who were there so many have answered, and until when one can."""

    session: GroupSession
    came: int
    closes_at: datetime
    answers: Together


@dataclass(frozen=True)
class ScalePage:
    """A session's answers with those of the ones before it, the latest first.

    `typed`: whose paper form the asker can type in, and whether it stands already.
    Empty where no paper is used.
    """

    page: SessionPage
    scale: Instrument
    rows: tuple[Row, ...]
    typed: tuple[tuple[PartRow, bool], ...]


def scale_page(session: Session, asker: Asker, session_id: uuid.UUID, now: datetime) -> ScalePage:
    """The answers after a session of a group that the asker decides about. Raises NoResultFound."""
    page = staff_queries.session_page(session, asker, session_id, now)
    rules = rules_of(session, asker)
    held = groups.parts_until(session, asker, page.group.id, min(now, page.session.starts_at))[:SHOWN]
    every = [part.id for _one, parts in held for part in parts]
    sent, until = feedback.sent_about(session, every), feedback.open_until(session, every)
    scale = worded(session, GROUP, now.astimezone(asker.zone).date())
    after = timedelta(hours=rules.checkin_after_hours)
    rows = tuple(
        _row(one, parts, sent, max([one.ends_at + after, *_ends(parts, until)]), now) for one, parts in held
    )
    mine = [part for part in page.parts if part.open] if rules.group_with == "paper" else []
    there = {part.id for one, parts in held if one.id == session_id for part in parts if part.there}
    typed = tuple((part, part.id in sent) for part in mine if part.id in there)
    for part, _stands in typed:
        note(session, asker, action="read", kind="answers", subject=part.person_id)
    return ScalePage(page, scale, rows, typed)


def _ends(parts: Sequence[Part], until: Mapping[uuid.UUID, datetime]) -> Iterator[datetime]:
    """What was begun stays open as long as it was said then, whatever the house has chosen since."""
    return (until[part.id] for part in parts if part.id in until)


def _row(
    one: GroupSession,
    parts: Sequence[Part],
    sent: Mapping[uuid.UUID, Sent],
    closes_at: datetime,
    now: datetime,
) -> Row:
    """Whoever has answered is counted, whatever is noted of who came: else a mark would tell an answer."""
    given = [(part, sent[part.id]) for part in parts if part.id in sent]
    forms = [Form(each.total, each.lines, part.own, part.protected) for part, each in given]
    came = sum(part.there or part.id in sent for part in parts)
    return Row(one, came, closes_at, together(forms, closed=closes_at < now))
