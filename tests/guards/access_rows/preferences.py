"""How a participant wants to be reached and to read, and how they come in without SMS."""

from tests.guards.access_row import CONTENT, OWN, PERSON, Row

CHECK_IN = {"check_in_id": "check_in"}
HERE = {"slug": "=norrby"}
DESK = "staff coach lead"

ROWS: dict[str, Row] = {
    "GET feedback.page.show_all": Row("participant 1", CHECK_IN, OWN),
    "POST feedback.page.answer_all": Row("participant 1", CHECK_IN, OWN, {"line1-value": "5"}),
    "POST feedback.page.choose_way": Row("participant 1", CHECK_IN, OWN, {"way": "page"}),
    # how a participant is reached, by their own choice
    "GET reach.show_reach": Row("participant 2"),
    "POST reach.choose_way": Row("participant 2", data={"way": "call"}),
    "POST reach.choose_timing": Row("participant 2", data={"timing": "one"}),
    "POST reach.choose_reading": Row("participant 1", data={"way": "page"}),
    "POST reach.start_sms": Row("participant 2"),
    "GET reach.ask_detail": Row("participant 2"),
    "GET reach.show_text": Row("participant 2"),
    "POST reach.choose_detail": Row("participant 2", data={"place": "y", "seen": "x"}),
    "POST reach.say_less": Row("participant 2"),
    "GET reach.ask_unsafe": Row("participant 1"),
    "POST reach.mark_unsafe": Row("participant 1"),
    "POST reach.mark_safe": Row("participant 2"),
    "GET reach.ask_hours": Row("participant 2"),
    "POST reach.choose_hours": Row("participant 2", data={"earliest": "10", "latest": "17"}),
    "GET mail.ask_address": Row("participant 2"),
    "POST mail.send_code": Row("participant 2", data={"email": "amina@example.org"}),
    "GET mail.ask_code": Row("participant 2"),
    "POST mail.give_code": Row("participant 2", data={"code": "123456"}),
    "POST mail.remove": Row("participant 2"),
    # and as their coach sees it
    "GET reach_staff.show_reach": Row(DESK, PERSON, CONTENT),
    "POST reach_staff.choose_way": Row(DESK, PERSON, CONTENT, {"way": "call"}),
    "POST reach_staff.choose_timing": Row(DESK, PERSON, CONTENT, {"timing": "one"}),
    "POST reach_staff.say_less": Row(DESK, PERSON, CONTENT),
    "POST reach_staff.mark_unsafe": Row(DESK, PERSON, CONTENT),
    "POST reach_staff.mark_safe": Row(DESK, PERSON, CONTENT, {"safe-here": "here"}),
    "POST reach_staff.confirm_number": Row(DESK, PERSON, CONTENT, {"confirmed": "in_person"}),
    "POST reach_staff.show_code": Row(DESK, PERSON, CONTENT, {"here": "here"}),
    "POST reach_staff.choose_hours": Row(DESK, PERSON, CONTENT, {"earliest": "10", "latest": "17"}),
    "GET mail_staff.show_email": Row(DESK, PERSON, CONTENT),
    "POST mail_staff.send_code": Row(DESK, PERSON, CONTENT, {"email": "amina@example.org"}),
    "POST mail_staff.give_code": Row(DESK, PERSON, CONTENT, {"code": "123456"}),
    "POST mail_staff.remove": Row(DESK, PERSON, CONTENT),
    # a code from the coach's screen
    "GET signin.desk.show_code_and_pin": Row("public", HERE),
    "POST signin.desk.give_code_and_pin": Row("public", HERE, data={"code": "12345678", "pin": "275913"}),
    "GET signin.desk.show_choosing": Row("public", HERE),
    "POST signin.desk.choose_pin": Row(
        "public", HERE, data={"code": "12345678", "pin": "275913", "pin_again": "275913"}
    ),
}
