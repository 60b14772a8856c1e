"""What belongs to a plan beside its steps."""

from tests.guards.access_row import CONTENT, HOUSE, OWN, PERSON, Row

DESK = "staff coach lead"
CARD_ROW = {"row_id": "card_row"}
MOVE = {"person_id": "person", "move_id": "stair_move"}

ROWS: dict[str, Row] = {
    # what is new, and what the participant says of it
    "GET plan.news.show_news": Row("participant 2"),
    "POST plan.news.read_all": Row("participant 2", data={"upto": "1"}),
    "POST plan.news.answer_change": Row(
        "participant 2", {"event_id": "plan_change"}, OWN, {"answer": "disagree"}
    ),
    "GET plan.news.write_words": Row("participant 2", {"answer_id": "plan_answer"}, OWN),
    "POST plan.news.write_words": Row(
        "participant 2", {"answer_id": "plan_answer"}, OWN, {"words": "Varför?"}
    ),
    "GET plan_staff.news.record_talk": Row(DESK, PERSON, CONTENT),
    "POST plan_staff.news.record_talk": Row(DESK, PERSON, CONTENT, {"outcome": "talked"}),
    "POST plan_staff.news.reopen": Row(DESK, {**PERSON, "answer_id": "plan_answer"}, CONTENT),
    # how it was before
    "GET plan.versions.show_changes": Row("participant 2"),
    "GET plan.versions.show_version": Row("participant 2", {"day": "=2026-11-24"}),
    "GET plan_staff.versions.show_version": Row(DESK, {**PERSON, "day": "=2026-11-24"}, CONTENT),
    # the card of what helps
    "GET plan.card.show_card": Row("participant 2"),
    "GET plan.card.show_whole": Row("participant 2"),
    "GET plan.card.add_rows": Row("participant 2"),
    "POST plan.card.add_rows": Row(
        "participant 2", data={"codes": "quiet", "words": "Jag vill stå vid fönstret."}
    ),
    "GET plan.card.change_row": Row("participant 2", CARD_ROW, OWN),
    "POST plan.card.change_row": Row("participant 2", CARD_ROW, OWN, {"words": "Tyst, tack."}),
    "POST plan.card.answer_row": Row("participant 2", {"row_id": "proposal", "act": "=accept"}, OWN),
    "POST plan.card.move_row": Row("participant 2", CARD_ROW, OWN, {"way": "down"}),
    "POST plan.card.undo": Row("participant 2", also=frozenset({404})),
    "GET plan_staff.card.show_card": Row(DESK, PERSON, CONTENT),
    "POST plan_staff.card.show_card": Row(DESK, PERSON, CONTENT, {"code": "breaks"}),
    "POST plan_staff.card.withdraw": Row(DESK, {**PERSON, "row_id": "proposal"}, CONTENT),
    # the organisation's stairs
    "GET plan_staff.stair.show_stair": Row(DESK, PERSON, CONTENT),
    "POST plan_staff.stair.show_stair": Row(DESK, PERSON, CONTENT, {"code": "work", "on": "2026-11-24"}),
    "GET plan_staff.stair.correct_move": Row(DESK, MOVE, CONTENT),
    "POST plan_staff.stair.correct_move": Row(DESK, MOVE, CONTENT, {"code": "work", "on": "2026-11-20"}),
    "POST plan_staff.stair.strike_move": Row(DESK, MOVE, CONTENT),
    "POST organisation.move_word": Row(
        "staff admin", {"kind": "=referrer", "word_id": "word"}, HOUSE, {"way": "down"}
    ),
}
