"""When a check-in is open, and what the organisation calls down."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from portal.instruments.rules import DownRule, When
from portal.organisation.rules import Rules


@dataclass(frozen=True)
class Window:
    """From when until when (aware, UTC) a check-in can be answered. Open at both of its ends."""

    opens_at: datetime
    closes_at: datetime

    def is_open(self, now: datetime) -> bool:
        """Whether one may answer now."""
        return self.state(now) == "open"

    def state(self, now: datetime) -> Literal["early", "open", "late"]:
        """Whether it is too early to answer, time to, or too late."""
        if now < self.opens_at:
            return "early"
        return "open" if now <= self.closes_at else "late"


def window(kind: When, starts_at: datetime, ends_at: datetime, rules: Rules) -> Window:
    """The window of a check-in before or after a meeting between these moments (aware, UTC).

    Before: from some hours before the meeting to its end. After: from its start to some hours after its end.
    """
    if kind == "before":
        return Window(starts_at - timedelta(hours=rules.checkin_before_hours), ends_at)
    return Window(starts_at, ends_at + timedelta(hours=rules.checkin_after_hours))


def down_rule(rules: Rules) -> DownRule:
    """The organisation's house rule for "down"."""
    return DownRule(share=rules.checkin_down_share, line=round(rules.checkin_down_line * 10))
