"""The hours in which an organisation, and a person in it, lets the portal write."""

from portal.notices.rules import Hours
from portal.organisation.models import Organisation


def hours_of(organisation: Organisation, earliest: int | None = None, latest: int | None = None) -> Hours:
    """The hours in which reminders leave to somebody of this organisation who wants none before and after."""
    house = organisation.rules
    whole = Hours(organisation.zone, house.reminder_earliest_hour, house.reminder_latest_hour)
    return whole.narrowed(earliest, latest)
