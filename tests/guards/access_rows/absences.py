"""When a coach is away: their own page, and their lead's."""

from tests.guards.access_row import Reach, Row

DESK = "staff coach lead"
KEEPER = {"person_id": "coach"}
AWAY = {"person_id": "coach", "absence_id": "absence"}
UNDONE = {**AWAY, "batch_id": "=00000000-0000-0000-0000-000000000001"}
# Both coaches work in the team that the lead leads.
KEPT: Reach = {
    "coach": frozenset({"participant"}),
    "other_coach": frozenset({"other_participant"}),
    "far_coach": frozenset({"far_participant"}),
    "lead": frozenset({"participant", "other_participant"}),
}
DAYS = {"first": "2027-03-01", "last": "2027-03-05"}

ROWS: dict[str, Row] = {
    "GET absence.show_absence": Row(DESK, KEEPER, KEPT),
    "POST absence.save_absence": Row(DESK, KEEPER, KEPT, DAYS),
    "POST absence.change_absence": Row(DESK, AWAY, KEPT),
    "POST absence.remove_absence": Row(DESK, AWAY, KEPT),
    "POST absence.restore_absence": Row(DESK, AWAY, KEPT),
    "GET away.show_meetings": Row(DESK, AWAY, KEPT),
    "POST away.decide": Row(DESK, AWAY, KEPT),
    "POST away.undo": Row(DESK, UNDONE, KEPT),
}
