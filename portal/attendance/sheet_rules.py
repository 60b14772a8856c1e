"""A participant's attendance in one month, as a fund asks for it: a line for each meeting or session."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from portal.attendance.rules import MET, UNKNOWN, Corrected, Noted, minutes_met

GROUP = "group"


@dataclass(frozen=True, slots=True)
class Line:
    """One meeting or session that has begun. `activity`: the way to meet, or `group`.

    `method`: how the participant signed, "" for not at all; `signed_late`: on a later day. `noted_by`: the
    whole name of who noted the attendance, "" where nobody has; that is the signature of staff.
    `can_sign`: the participant can sign now. `hidden`: it must leave the participant no trace (S33).
    `asked`: the participant is to sign it: the house wants signatures, and they may know of it.
    `page_id`: the meeting or session on whose page the asking staff can note it; None where others do.
    """

    cause_id: uuid.UUID
    activity: str
    starts_at: datetime
    ends_at: datetime
    noted: Noted
    noted_at: datetime | None
    noted_by: str
    signed_at: datetime | None
    method: str
    signed_late: bool
    can_sign: bool
    corrections: Sequence[Corrected] = ()
    hidden: bool = False
    asked: bool = True
    page_id: uuid.UUID | None = None

    @property
    def minutes(self) -> int:
        """How long the participant took part, in minutes."""
        return minutes_met(
            self.noted.state, self.starts_at, self.ends_at, self.noted.met_from, self.noted.met_until
        )

    @property
    def lacks_note(self) -> bool:
        """Whether staff have not noted how it went."""
        return self.noted.state == UNKNOWN

    @property
    def lacks_signature(self) -> bool:
        """Whether the participant's signature is missing: not of what they did not come to."""
        return self.asked and self.signed_at is None and (self.lacks_note or self.noted.state in MET)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A participant's month: whose (the whole name), its first day, its lines in order of time."""

    name: str
    month: date
    lines: Sequence[Line]

    @property
    def told(self) -> "Sheet":
        """What can be taken out and given to the participant: nothing that must leave no trace (S33)."""
        return replace(self, lines=[line for line in self.lines if not line.hidden])

    @property
    def minutes(self) -> int:
        """How long the participant took part in all."""
        return sum(line.minutes for line in self.lines)

    @property
    def signed_minutes(self) -> int:
        """Of that, what both have signed."""
        return sum(line.minutes for line in self.lines if line.signed_at)

    @property
    def lacking(self) -> int:
        """How many signatures are missing, of both."""
        return sum(line.lacks_note + line.lacks_signature for line in self.lines)


def in_order(*found: Sequence[Line]) -> list[Line]:
    """The lines of several rooms, by their time."""
    return sorted((line for lines in found for line in lines), key=lambda line: line.starts_at)
