"""How a meeting stands as to who was there: what is noted, what is signed, and what can still be done."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.attendance import rules as attending


@dataclass(frozen=True, slots=True)
class There:
    """What staff have noted (of `attendance.rules.STATES`) with the actual times, and the signature.

    `late`: signed on a later day than that of the meeting.
    """

    noted: str = attending.UNKNOWN
    met_from: datetime | None = None
    met_until: datetime | None = None
    signed_at: datetime | None = None
    on_paper: bool = False
    late: bool = False
    can_sign: bool = False
    can_unsign: bool = False


NOBODY_KNOWS = There()


def there(row: Any, asker_id: uuid.UUID, zone: ZoneInfo, now: datetime, *, signs: bool) -> There:
    """What a row of `shown_queries.SHOWN` says of it; `signs`: a signature is asked for."""
    noted, signed_at = row.attendance_as or row.attendance, row.signed_at
    signing = attending.signing(noted, (row.starts_at, row.ends_at), signed_at, zone, now, asked=signs)
    return There(
        noted=noted,
        met_from=row.met_from,
        met_until=row.met_until,
        signed_at=signed_at,
        on_paper=row.method == attending.PAPER,
        late=signing.late,
        can_sign=signing.is_open,
        can_unsign=row.signed_by == asker_id and attending.unsign_open(signed_at, now),
    )
