"""What is to become of each meeting in an absence, as it was sent."""

import re
import uuid
from collections.abc import Iterable, Mapping

from portal.booking.away_queries import Hit
from portal.booking.away_rules import CHOICES, MOVE, Answer
from portal.booking.rules import ALONG, CANCEL, STAY, TAKEN, read_start

MOST_DIGITS = 9


_WHAT = re.compile(r"what-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


def read_answers(sent: Mapping[str, str]) -> dict[uuid.UUID, Answer]:
    """The answer about each meeting; one that was not sent whole is not among them."""
    found: dict[uuid.UUID, Answer] = {}
    for name, what in sent.items():
        named = _WHAT.fullmatch(name)
        if named and what in CHOICES:
            revision = sent.get(f"revision-{named[1]}", "")
            if revision.isascii() and revision.isdigit() and len(revision) <= MOST_DIGITS:
                starts_at = read_start(sent.get(f"time-{named[1]}", ""))
                found[uuid.UUID(named[1])] = Answer(what, int(revision), starts_at)
    return found


def proposed(hits: Iterable[Hit], for_all: str) -> dict[uuid.UUID, Answer]:
    """What is chosen when the page opens: the same for all where it can be, or that they stay."""
    return {hit.meeting.id: _proposal(hit, for_all) for hit in hits}


def _proposal(hit: Hit, for_all: str) -> Answer:
    possible = {ALONG: hit.obstacle != TAKEN, MOVE: hit.likest is not None, CANCEL: True}.get(for_all, False)
    starts_at = hit.likest.start if hit.likest else None
    return Answer(for_all if possible else STAY, hit.meeting.revision, starts_at)
