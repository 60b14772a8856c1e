"""When an organisation reminds of meetings, and in which hours."""

from datetime import datetime

from portal.notices.hours_queries import hours_of
from portal.organisation.models import Organisation
from portal.reminders.rules import LONG_AGO, House, Timing


def house_of(organisation: Organisation) -> House:
    """How this organisation reminds of meetings."""
    own = organisation.rules
    since = datetime.fromisoformat(own.reminder_steps_since) if own.reminder_steps_since else LONG_AGO
    return House(hours_of(organisation), Timing(own.reminder_steps, since))
