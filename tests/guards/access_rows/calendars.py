"""A coach's calendars, out and in."""

from tests.guards.access_row import CASELOAD, CONTENT, Row

DESK = "staff coach lead"

ROWS: dict[str, Row] = {
    "GET feed.read_feed": Row("callback", {"token": "=x"}, also=frozenset({404})),
    "GET calendars_staff.show_calendars": Row(DESK),
    "POST calendars_staff.make_feed": Row(DESK),
    "POST calendars_staff.end_feed": Row(DESK),
    "POST calendars_staff.add_outside": Row(
        DESK, data={"address": "https://calendar.google.com/calendar/ical/x/private-y/basic.ics"}
    ),
    "POST calendars_staff.remove_outside": Row(DESK, {"calendar_id": "calendar"}, CASELOAD),
    "GET calendars_staff.open_meeting": Row(DESK, {"meeting_id": "later_meeting"}, CONTENT),
}
