"""What is recorded for calls: five occasions, each said once for all the kinds of messages in it."""

from portal.notices import rules

BOOKED, MOVED, CHANGED, CANCELLED, REMINDER = "booked", "moved", "changed", "cancelled", "reminder"
OCCASIONS = (BOOKED, MOVED, CHANGED, CANCELLED, REMINDER)
OCCASION_OF = {
    rules.BOOKED: BOOKED,
    rules.MOVED: MOVED,
    rules.MOVED_MORE: MOVED,
    rules.CHANGED: CHANGED,
    rules.CANCELLED: CANCELLED,
    rules.CANCELLED_MORE: CANCELLED,
    **dict.fromkeys(rules.REMINDERS, REMINDER),
}
"""By the kind of a message about a meeting: each of `rules.KINDS` has one."""
LONGEST_WORDS = 320
"""Characters: as long as an organisation's own text may be."""
