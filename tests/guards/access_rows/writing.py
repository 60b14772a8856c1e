"""What a participant and staff write to each other."""

from tests.guards.access_row import CASELOAD, CONTENT, OWN, PERSON, Row

DESK = "staff coach lead"
ASKED = {**PERSON, "message_id": "written"}
WISH = {"message_id": "call_wish"}

ROWS: dict[str, Row] = {
    "GET conversation.show_thread": Row("participant 2"),
    "GET conversation.show_message": Row("participant 2", {"message_id": "answered"}, OWN),
    "POST conversation.write": Row("participant 2", data={"words": "När ses vi?", "written": "sv"}),
    "POST conversation.ask_call": Row("participant 2", data={"when": "morning"}),
    "POST conversation.call_off": Row("participant 2", WISH, OWN),
    "POST conversation.mark_read": Row("participant 2", data={"upto": "1"}),
    "GET wish.show_wish": Row("participant 2"),
    "POST wish.ask_time": Row("participant 2", data={"days": "0", "written": "sv"}),
    "POST wish.take_back": Row("participant 2", {"message_id": "time_wish"}, OWN),
    "GET conversation_staff.show_thread": Row(DESK, PERSON, CONTENT),
    "POST conversation_staff.answer": Row(DESK, PERSON, CONTENT, {"words": "På torsdag.", "written": "sv"}),
    "POST conversation_staff.close": Row(DESK, ASKED, CONTENT, {"outcome": "called"}),
    "POST conversation_staff.reopen": Row(DESK, ASKED, CONTENT),
    "POST conversation_staff.take_back": Row(DESK, {**PERSON, "message_id": "answered"}, CASELOAD),
}
