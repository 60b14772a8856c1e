"""Groups: a participant's own, and their team's; those that staff lead, and those of their team."""

from tests.guards.access_row import OWN, Reach, Row

DESK = "staff coach lead"
GROUP, SESSION, PART = {"group_id": "group"}, {"session_id": "group_session"}, {"part_id": "group_part"}
# Both coaches work in the team that the lead leads, and both groups are its.
TEAM: Reach = {
    "coach": frozenset({"participant", "other_participant"}),
    "other_coach": frozenset({"participant", "other_participant"}),
    "lead": frozenset({"participant", "other_participant"}),
    "far_coach": frozenset({"far_participant"}),
}
LED: Reach = {
    "coach": frozenset({"participant"}),
    "other_coach": frozenset({"other_participant"}),
    "lead": frozenset({"participant", "other_participant"}),
    "far_coach": frozenset({"far_participant"}),
}
# The other participant is of another team: only their coach may name them.
NAMED: Reach = {**LED, "lead": frozenset({"participant"})}
WAS = frozenset({303})

ROWS: dict[str, Row] = {
    "GET groups.show_groups": Row("participant 1"),
    "GET groups.show_group": Row("participant 1", GROUP, OWN),
    "GET groups.ask_to_join": Row("participant 2", GROUP, OWN, also=WAS),
    "POST groups.join_group": Row("participant 2", GROUP, OWN),
    "POST groups.accept_seat": Row("participant 1", GROUP, OWN),
    "POST groups.decline_seat": Row("participant 1", GROUP, OWN, also=frozenset({422})),
    "GET groups.ask_to_leave": Row("participant 1", GROUP, OWN),
    "POST groups.leave_group": Row("participant 1", GROUP, OWN),
    "GET groups.calendar_file": Row("participant 1", GROUP, OWN),
    "POST groups.sign": Row("participant 1", PART, OWN),
    "POST groups.unsign": Row("participant 1", PART, OWN),
    "POST home.begin_group_checkin": Row("participant 1", PART, OWN),
    "GET groups_staff.show_groups": Row(DESK),
    "GET groups_staff.ask_group": Row(DESK),
    "POST groups_staff.make_group": Row(DESK),
    "GET groups_staff.show_group": Row(DESK, GROUP, TEAM),
    "GET groups_staff.ask_change": Row(DESK, GROUP, LED),
    "POST groups_staff.change_group": Row(DESK, GROUP, LED),
    "POST groups_staff.put_in": Row(DESK, GROUP, TEAM),
    "POST groups_staff.take_out": Row(DESK, {**GROUP, "person_id": "person"}, NAMED),
    "GET groups_staff.show_session": Row(DESK, SESSION, LED),
    "GET group_scale.show_answers": Row(DESK, SESSION, LED),
    "POST groups_staff.note_attendance": Row(DESK, SESSION, LED),
    "GET groups_staff.ask_move": Row(DESK, SESSION, LED),
    "POST groups_staff.move_session": Row(DESK, SESSION, LED),
    "GET groups_staff.ask_to_cancel": Row(DESK, SESSION, LED),
    "POST groups_staff.cancel_session": Row(DESK, SESSION, LED, {"seen": "0"}),
}
