"""The hours in which an organisation lets the portal write."""

from portal.notices.rules import Hours
from portal.organisation.models import Organisation


def hours_of(organisation: Organisation) -> Hours:
    """The hours in which this organisation's reminders leave."""
    own = organisation.rules
    return Hours(organisation.zone, own.reminder_earliest_hour, own.reminder_latest_hour)
