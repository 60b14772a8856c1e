"""An invitation to a meeting of several. Pure."""

import uuid
from dataclasses import dataclass
from datetime import datetime

INVITED, CHANGED, CANCELLED = KINDS = ("party_invited", "party_changed", "party_cancelled")
"""The kinds of message: asked to come; it stands otherwise; it is off, or one need not come."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What one party is told of a meeting. `starts` and `ends` are in the house's zone.

    `party_id` stands for its receiver, `uid` and `revision` are the meeting's in calendars. `off`: it is
    cancelled, or with `removed` they are not to come. `how`: the way to meet, in words. `host`: who invites,
    "" for nobody by name. `link`: where they answer, "" for a colleague, who is expected. `changed_at`: when
    the meeting got to stand as it does.
    """

    party_id: uuid.UUID
    organisation_id: uuid.UUID
    name: str
    email: str
    uid: uuid.UUID
    revision: int
    starts: datetime
    ends: datetime
    changed_at: datetime
    kind: str
    how: str
    house: str
    place: str = ""
    host: str = ""
    phone: str = ""
    leader: str = ""
    reference: str = ""
    agenda: str = ""
    link: str = ""
    off: bool = False
    removed: bool = False
