"""The interpreter's door, and whoever translates."""

from collections.abc import Mapping

from tests.guards.access_row import CONTENT, Reach, Row

TEXT: Mapping[str, str] = {"text_id": "free_text", "language": "=ar"}
TRANSLATED: Reach = {"translator": frozenset({"participant", "other_participant"})}

THEIR_TALK: Mapping[str, str] = {"person_id": "person", "meeting_id": "meeting"}

ROWS: dict[str, Row] = {
    "GET interpreter.show_entry": Row("public"),
    "POST interpreter.give_code": Row("public", data={"code": "1234 5678"}),
    "GET interpreter.show_meeting": Row("interpreter"),
    "GET interpreter.show_still": Row("public"),
    "GET interpreter.show_words": Row("interpreter"),
    "POST interpreter.close": Row("interpreter"),
    "GET interpreter_staff.show": Row("staff coach lead", THEIR_TALK, CONTENT),
    "POST interpreter_staff.set_language": Row("staff coach lead", THEIR_TALK, CONTENT, {"language": "en"}),
    "POST interpreter_staff.make_code": Row("staff coach lead", THEIR_TALK, CONTENT),
    "POST interpreter_staff.close": Row("staff coach lead", THEIR_TALK, CONTENT),
    "GET wording.show_waiting": Row("staff translator"),
    "GET wording.show_text": Row("staff translator", TEXT, TRANSLATED),
    "POST wording.save_text": Row("staff translator", TEXT, TRANSLATED, {"text": "Ring"}),
}
