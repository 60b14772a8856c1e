"""Who is asking: the signed-in person as every query and guard sees them."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

STAFF_ROLES = frozenset({"coach", "lead", "admin", "translator", "user_auditor"})
ROLES = STAFF_ROLES | {"participant"}


@dataclass(frozen=True)
class House:
    """What every page may say of the organisation, and what it has decided, without asking again.

    `settings` as they are stored, which is JSON; None when nobody has looked.
    """

    name: str = ""
    phone: str = ""
    settings: str | None = None


@dataclass(frozen=True)
class Asker:
    """A signed-in person in one session. `tier` is 1 (a code) or 2 (code and PIN; staff always 2).

    `first_name` is "" behind the first door (S30). `coach_is_new`: they have not seen it yet. `began_at`:
    when the session was opened; None where nobody asked. `only`: the one participant whom a page is about,
    to whom every question about participants then keeps. `stands_in_for`: the absent coaches whose work is
    the asker's today. `may_be_away`: an absence of theirs is not over, and may have begun.
    """

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    roles: frozenset[str]
    tier: int
    session_id: uuid.UUID
    language: str
    zone: ZoneInfo
    token: str = ""
    ends_in_seconds: int = 0
    last_seen_at: datetime | None = None
    house: House = House()
    first_name: str = ""
    has_pin: bool = False
    coach_is_new: bool = False
    began_at: datetime | None = None
    only: uuid.UUID | None = None
    stands_in_for: frozenset[uuid.UUID] = frozenset()
    may_be_away: bool = False

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What the signed cookie carries: an opaque token, whose hash names the session row."""
        return self.token

    @property
    def is_staff(self) -> bool:
        """Whether the session was opened by staff."""
        return bool(self.roles & STAFF_ROLES)

    @property
    def is_participant(self) -> bool:
        """Whether the session was opened by a participant."""
        return "participant" in self.roles

    def about(self, person_id: uuid.UUID) -> "Asker":
        """The same asker, who asks about this person alone: it narrows what they may read, never widens."""
        return replace(self, only=person_id)


@dataclass(frozen=True)
class Guest:
    """Somebody let in by a code for one meeting, and no person of the portal: an interpreter (S8).

    `subject_id` is whose meeting it is; `shown` names what of the plan they read.
    """

    grant_id: uuid.UUID
    organisation_id: uuid.UUID
    subject_id: uuid.UUID
    meeting_id: uuid.UUID
    language: str
    starts_at: datetime
    ends_at: datetime
    closes_at: datetime
    shown: frozenset[uuid.UUID]
    zone: ZoneInfo
    house: House = House()

    @property
    def person_id(self) -> uuid.UUID:
        """Who reads, as the journal names them: the grant, since nobody knows who the interpreter is."""
        return self.grant_id

    @property
    def session_id(self) -> uuid.UUID:
        """The session: a grant is redeemed once, on one device."""
        return self.grant_id

    @property
    def began_at(self) -> None:
        """Nobody asks: that they read is noted when they are let in, not page by page."""
        return None
