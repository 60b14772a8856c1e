"""The interpreter's door, and whoever translates."""

from collections.abc import Mapping

from tests.guards.access_row import CONTENT, HOUSE, PEOPLE, Reach, Row

TEXT: Mapping[str, str] = {"text_id": "free_text", "language": "=ar"}
TRANSLATED: Reach = {"translator": frozenset({"participant", "other_participant"})}

THEIR_TALK: Mapping[str, str] = {"person_id": "person", "meeting_id": "meeting"}

DESK = "staff admin coach lead"
ORDER: Mapping[str, str] = {"order_id": "order"}
OFF: Mapping[str, str] = {"order_id": "off_order"}
WHO: Mapping[str, str] = {"interpreter_id": "interpreter"}
DUTY: Mapping[str, str] = {"order_id": "duty"}
INTERPRETING = "staff coach lead translator"
INTERPRETS: Reach = {"translator": frozenset({"participant"}), "lead": frozenset({"other_participant"})}
AGENCY: Mapping[str, str] = {"agency": "Tolkbyrån", "reference": "T-17"}
FACTS: Mapping[str, str] = {"name": "Samir", "languages": "ar", "by_phone": "y"}
# What cannot be done with an order as it stands comes back with why not.
REFUSED = frozenset({422})

ORDER_ROWS: dict[str, Row] = {
    "GET orders_staff.show_orders": Row(DESK),
    "GET orders_staff.take_out": Row(DESK, {"kind": "=csv"}),
    "GET orders_staff.show_text": Row(DESK),
    "GET letter_staff.show_letter": Row(DESK),
    "POST letter_staff.send_letter": Row(DESK),
    "POST orders_staff.name_again": Row(DESK, ORDER, PEOPLE, also=REFUSED),
    "GET orders_staff.show": Row(DESK, ORDER, PEOPLE),
    "POST orders_staff.assign": Row(DESK, ORDER, PEOPLE),
    "POST orders_staff.assign_agency": Row(DESK, ORDER, PEOPLE, AGENCY, also=REFUSED),
    "POST orders_staff.confirm": Row(DESK, ORDER, PEOPLE, also=REFUSED),
    "POST orders_staff.unsay": Row(DESK, ORDER, PEOPLE, also=REFUSED),
    "POST orders_staff.decline": Row(DESK, ORDER, PEOPLE, also=REFUSED),
    "POST orders_staff.let_go": Row(DESK, ORDER, PEOPLE, also=REFUSED),
    "POST orders_staff.tell": Row(DESK, OFF, PEOPLE),
    "GET interpreting_staff.show": Row(INTERPRETING),
    "POST interpreting_staff.confirm": Row(INTERPRETING, DUTY, INTERPRETS),
    "POST interpreting_staff.decline": Row(INTERPRETING, DUTY, INTERPRETS),
    "POST interpreting_staff.say_seen": Row(INTERPRETING, DUTY, INTERPRETS),
    "GET interpreter_wish.show_wish": Row("participant 2"),
    "POST interpreter_wish.save_wish": Row("participant 2", data={"gender": "woman", "dialect": "irakiska"}),
    "GET interpreters_staff.show_interpreters": Row("staff admin"),
    "GET interpreters_staff.ask_new": Row("staff admin"),
    "POST interpreters_staff.add": Row("staff admin", data=FACTS),
    "GET interpreters_staff.show": Row("staff admin", WHO, HOUSE),
    "POST interpreters_staff.change": Row("staff admin", WHO, HOUSE, FACTS),
    "POST interpreters_staff.close": Row("staff admin", WHO, HOUSE),
    "POST interpreters_staff.reopen": Row("staff admin", WHO, HOUSE),
}

ROWS: dict[str, Row] = {
    **ORDER_ROWS,
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
