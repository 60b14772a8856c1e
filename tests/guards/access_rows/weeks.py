"""A coach's week, blocked time in it, and what participants have changed of it."""

from tests.guards.access_row import CASELOAD, CONTENT, OWN, Reach, Row

DESK = "staff coach lead"
KEEPER = {"person_id": "coach"}
BLOCK = {"person_id": "coach", "block_id": "block"}
# Both coaches work in the team that the lead leads.
KEPT: Reach = {
    "coach": frozenset({"participant"}),
    "other_coach": frozenset({"other_participant"}),
    "far_coach": frozenset({"far_participant"}),
    "lead": frozenset({"participant", "other_participant"}),
}
TIME = {"day": "2027-03-01", "start": "9.00", "end": "10.00", "words": "Kurs"}
FREE = {"at": "2026-11-26T10:00Z", "q": "a"}

TALK = {"meeting_id": "later_meeting"}
THEIR_TALK = {"person_id": "person", **TALK}

ROWS: dict[str, Row] = {
    "POST topics.choose": Row("participant 2", TALK, OWN, {"add": "money"}),
    "GET topics.ask_words": Row("participant 2", TALK, OWN),
    "POST topics.write_words": Row("participant 2", TALK, OWN, {"words": "Busskortet", "written": "sv"}),
    "GET topics_staff.show_topics": Row(DESK, THEIR_TALK, CONTENT),
    "POST topics_staff.say_topics": Row(DESK, THEIR_TALK, CONTENT, {"codes": "plan"}, also=frozenset({422})),
    "GET week.show_week": Row(DESK),
    "GET week.choose_whom": Row(DESK),
    "POST week.search_whom": Row(DESK, data=FREE),
    "GET blocks.choose": Row(DESK, KEEPER, KEPT),
    "POST blocks.block": Row(DESK, KEEPER, KEPT, TIME),
    "GET blocks.show_block": Row(DESK, BLOCK, KEPT),
    "POST blocks.change_block": Row(DESK, BLOCK, KEPT, TIME),
    "POST blocks.remove_block": Row(DESK, BLOCK, KEPT),
    "POST blocks.restore_block": Row(DESK, BLOCK, KEPT),
    "POST booking_staff.say_seen": Row(
        DESK, {"person_id": "person", "meeting_id": "later_meeting"}, CASELOAD, {"revision": "1"}
    ),
}
