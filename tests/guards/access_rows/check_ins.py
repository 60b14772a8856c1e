"""Scales, text packs, and what staff type from paper."""

from tests.guards.access_row import CONTENT, PERSON, Row

TYPED = {**PERSON, "check_in_id": "paper"}
NUMBERS = {"line_1": "5", "line_2": "6,5", "line_3": "7", "line_4": "3"}

ROWS: dict[str, Row] = {
    "GET instruments.show_scales": Row("staff admin"),
    "POST instruments.change_scales": Row("staff admin"),
    "GET record.ask_numbers": Row("staff coach lead", {**PERSON, "scale": "=ors"}, CONTENT),
    "POST record.record_numbers": Row(
        "staff coach lead", {**PERSON, "scale": "=ors"}, CONTENT, {**NUMBERS, "day": "2026-11-24"}
    ),
    "GET feedback_staff.show_typed": Row("staff coach lead", TYPED, CONTENT),
    "GET feedback_staff.ask_correction": Row("staff coach lead", TYPED, CONTENT),
    "POST feedback_staff.correct_typed": Row(
        "staff coach lead", TYPED, CONTENT, {**NUMBERS, "reason": "Skrev fel"}
    ),
    "POST feedback_staff.undo_typed": Row("staff coach lead", TYPED, CONTENT),
}
