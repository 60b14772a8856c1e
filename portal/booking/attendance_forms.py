"""What staff note of who was at a meeting, as it is sent."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.attendance import rules as attending
from portal.attendance.rules import Noted
from portal.availability.rules import instant
from portal.booking import words
from portal.booking.forms import StaffForm
from portal.booking.shown_queries import Meeting
from portal.web.forms import Choices, Hidden, Text, Time

WHY_MAX = 200


class AttendanceForm(StaffForm):
    """One tap: came, did not come, or back to nothing.

    `noted` names what it stands in place of: when that was noted, "" where nothing was.
    """

    attendance = Choices(
        choices=[(code, code) for code in (attending.UNKNOWN, attending.CAME, attending.ABSENT)]
    )
    noted = Hidden()

    def noted_seen(self) -> datetime | None:
        """When that was noted which the page showed; None for nothing, or nonsense."""
        try:
            moment = datetime.fromisoformat(self.noted.data or "")
        except ValueError:
            return None
        return moment if moment.tzinfo else None


class WholeAttendanceForm(AttendanceForm):
    """All that can be noted: how it went, the actual times of who came, and why it is corrected."""

    attendance = Choices(
        _l("Hur gick det?"), choices=[(code, words.ATTENDANCE[code]) for code in attending.STATES[1:]]
    )
    met_from = Time(
        _l("Började"), required=False, hint=_l("Fyll i om det inte var som planerat. Till exempel 10.15.")
    )
    met_until = Time(_l("Slutade"), required=False)
    why = Text(
        _l("Varför ändrar du?"),
        max=WHY_MAX,
        required=False,
        hint=_l("Det syns på närvarolistan om du rättar något."),
    )

    def fill(self, meeting: Meeting, zone: ZoneInfo) -> None:
        """As it stands."""
        there = meeting.there
        self.attendance.data = there.noted if there.noted != attending.UNKNOWN else None
        self.noted.data = meeting.attended_at.isoformat() if meeting.attended_at else ""
        for field, moment in (
            (self.met_from, there.met_from),
            (self.met_until, there.met_until),
        ):
            field.data = moment.astimezone(zone).time() if moment else None

    def read(self, meeting: Meeting, zone: ZoneInfo) -> Noted | None:
        """What is to be noted; None with a sentence beside the field."""
        if not self.validate_on_submit():
            return None
        state, day = self.attendance.data or "", meeting.starts_at.astimezone(zone).date()
        if state not in attending.MET:
            return Noted(state)
        met_from, met_until = (_instant(day, field.data, zone) for field in (self.met_from, self.met_until))
        first, last = met_from or meeting.starts_at, met_until or meeting.ends_at
        if first >= last:
            (self.met_until if met_until else self.met_from).errors = [_("Slutet måste vara efter början.")]
            return None
        if not attending.span_is_likely(meeting.starts_at, meeting.ends_at, first, last):
            self.met_from.errors = [_("Tiderna är långt från mötets tid. Kontrollera dem.")]
            return None
        return Noted(state, met_from, met_until)


def _instant(day: date, at: time | None, zone: ZoneInfo) -> datetime | None:
    return instant(day, at, zone) if at else None
