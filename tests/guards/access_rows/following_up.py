"""Asking how it goes after somebody has left."""

from tests.guards.access_row import CONTENT, PERSON, Row

STEP = {**PERSON, "months": "=6"}
DESK = "staff coach lead"
NOT_YET = frozenset({303})

ROWS: dict[str, Row] = {
    "GET followup_staff.show_follow_ups": Row(DESK, PERSON, CONTENT),
    "POST followup_staff.note_consent": Row(DESK, PERSON, CONTENT, {"said": "yes"}),
    "GET followup_staff.ask_record": Row(DESK, STEP, CONTENT, also=NOT_YET),
    "POST followup_staff.record": Row(DESK, STEP, CONTENT, {"result": "unreached"}, also=NOT_YET),
    "POST followup.refuse": Row("participant 2"),
}
