"""A coach's calendars, out and in."""

from tests.guards.access_row import CONTENT, Row

DESK = "staff coach lead"

ROWS: dict[str, Row] = {
    "GET feed.read_feed": Row("callback", {"token": "=x"}, also=frozenset({404})),
    "GET calendars_staff.show_calendars": Row(DESK),
    "POST calendars_staff.make_feed": Row(DESK),
    "POST calendars_staff.end_feed": Row(DESK),
    "GET calendars_staff.open_meeting": Row(DESK, {"meeting_id": "later_meeting"}, CONTENT),
}
