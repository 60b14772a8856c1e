"""An invitation to a meeting and its end, as calendar programs trade them by e-mail (RFC 5546, RFC 6047)."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from icalendar import vCalAddress

from portal.web import ics

SAFE = "@!$'*+-._~"
"""What stands as it is in the address of a mailto (RFC 6068, 2)."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody whom an invitation names: what they are called, and their e-mail address."""

    name: str
    email: str


def invitation(entry: ics.Entry, organiser: Party, attendee: Party, words: str, sent_at: datetime) -> str:
    """One meeting for one attendee: asked to come to it, or told that it is off where it is cancelled.

    No reply by e-mail is asked for: whoever is asked answers on a page, whose address stands in `words`.
    `sent_at` is the DTSTAMP: of two with one SEQUENCE the later counts (RFC 5546, 2.1.5).
    """
    calendar = ics.calendar_of("CANCEL" if entry.cancelled else "REQUEST")
    event = ics.event_of(entry)
    del event["dtstamp"]
    event.add("dtstamp", sent_at)
    event.add("organizer", _address(organiser))
    asked = _address(attendee)
    asked.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE"})
    event.add("attendee", asked)
    event.add("description", words)
    calendar.add_component(event)
    return bytes(calendar.to_ical()).decode()


def _address(party: Party) -> vCalAddress:
    address = vCalAddress(f"mailto:{quote(party.email, safe=SAFE)}")
    # A quotation mark cannot stand in a parameter (RFC 5545, 3.2).
    address.params["CN"] = ics.one_line(party.name).replace('"', "'")
    return address
