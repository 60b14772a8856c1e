"""The hours in which an organisation lets the portal write, and when it reminds."""

from datetime import datetime

from portal.notices.rules import Hours
from portal.organisation.models import Organisation
from portal.reminders.rules import LONG_AGO, House, Timing


def hours_of(organisation: Organisation) -> Hours:
    """The hours in which this organisation's reminders leave."""
    own = organisation.rules
    return Hours(organisation.zone, own.reminder_earliest_hour, own.reminder_latest_hour)


def house_of(organisation: Organisation) -> House:
    """How this organisation reminds of meetings."""
    own = organisation.rules
    since = datetime.fromisoformat(own.reminder_steps_since) if own.reminder_steps_since else LONG_AGO
    return House(hours_of(organisation), Timing(own.reminder_steps, since))
