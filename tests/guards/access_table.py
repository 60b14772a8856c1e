"""Every route, who may open it, and whose objects each of them may reach. A new route needs its row.

The rows of the rooms that came later stand in `access_rows/`, a module each.
"""

from uuid import UUID

from portal.organisation.rules import DEFAULT_CRISIS_LINES
from tests.guards.access_row import CASELOAD, CONTENT, HOUSE, LEADING, OWN, PEOPLE, PERSON, STAFF, Reach, Row
from tests.guards.access_rows import (
    absences,
    calendars,
    check_ins,
    following_up,
    groups,
    house,
    interpreting,
    networks,
    operations,
    planning,
    preferences,
    reports,
    rooms,
    surveys,
    user_audit,
    weeks,
    writing,
)

__all__ = ["CASELOAD", "CONTENT", "OWN", "TABLE", "Reach", "Row"]

CHECK_IN = {"check_in_id": "check_in"}

HERE = {"slug": "=norrby"}
PEOPLE_STAFF = "staff admin coach lead"
THEIR_PERIOD = {"person_id": "person", "period_id": "period"}
PROTECTED = {"person_id": "protected"}
MEMBER = {"person_id": "member"}
LINE = {"key": f"={DEFAULT_CRISIS_LINES[0].key}"}
WORD = {"kind": "=referrer", "word_id": "word"}
TEAM = {"team_id": "team"}
PROGRAMME = {"programme_id": "programme"}
STEP = {"step_id": "step"}
THEIR_STEP = {"person_id": "person", "step_id": "step"}
THEIR_HELP = {"person_id": "person", "request_id": "help"}

LATER_MEETING = {"meeting_id": "later_meeting"}
THEIR_MEETING = {"person_id": "person", "meeting_id": "later_meeting"}
CHOSEN = {"at": "2026-11-26T10:00Z", "mode": "phone"}
TYPED = {"day": "2026-11-26", "at": "13.00", "minutes": "60", "mode": "phone", "anyway": "1"}

TABLE: dict[str, Row] = {
    # the demo's own pages, and whoever watches the installation
    "GET demo.gallery": Row("demo"),
    "GET demo.phones": Row("demo"),
    "POST demo.text_us": Row("demo", data={"number": "+46701740605", "words": "ja"}),
    "POST demo.answer_call": Row("demo", {"call_id": "person", "what": "=answer"}),
    "POST demo.move_clock": Row("demo", {"move": "=now"}),
    "GET ops.health": Row("public", also=frozenset({503})),
    # providers
    "POST messaging.twilio_receipt": Row("callback", {"message_id": "person"}),
    "POST messaging.twilio_call": Row("callback", {"message_id": "person"}),
    "POST messaging.elks_receipt": Row("callback", {"message_id": "person", "secret": "=x"}),
    "POST messaging.twilio_incoming": Row("callback"),
    "POST messaging.elks_incoming": Row("callback", {"secret": "=x"}),
    # signing in, and what anybody may read
    "GET signin.enter": Row("public"),
    "GET signin.enter_organisation": Row("public", HERE),
    "GET signin.show_phone": Row("public", HERE),
    "POST signin.ask_for_code": Row("public", HERE, data={"phone": "070-174 06 05"}),
    "POST signin.ask_again": Row("public", HERE),
    "GET signin.show_code": Row("public", HERE),
    "POST signin.give_code": Row("public", HERE, data={"code": "1234 5678"}),
    "GET signin.show_languages": Row("public"),
    "POST signin.choose_language": Row("public", data={"language": "ar"}),
    "POST signin.stay": Row("signed_in"),
    "POST signin.sign_out": Row("public"),
    "POST signin.leave": Row("public"),
    "GET signin.kept.show_kept": Row("signed_in"),
    "POST signin.kept.send_kept": Row("signed_in"),
    "POST signin.kept.drop_kept": Row("signed_in"),
    "GET signin.pin.show_pin": Row("participant 1"),
    "POST signin.pin.give_pin": Row("participant 1", data={"pin": "275913"}),
    "GET signin.pin.show_forgotten": Row("participant 1"),
    "GET signin.pin.show_choosing": Row("participant 1"),
    "GET signin.pin.show_waiting": Row("participant 1"),
    "POST signin.pin.ask_to_choose": Row("participant 1"),
    "POST signin.pin.choose_pin": Row("participant 1", data={"pin": "275913", "pin_again": "275913"}),
    "GET signin.info.show_turn_to": Row("public"),
    "GET signin.info.show_about": Row("public"),
    "GET signin.info.show_accessibility": Row("public"),
    "GET signin.info.show_me": Row("participant 1"),
    "GET signin_staff.show_sign_in": Row("public"),
    "POST signin_staff.sign_in": Row(
        "public", data={"email": "a@example.se", "password": "x", "totp": "123456"}
    ),
    "GET signin_staff.show_password": Row("signed_in", only=STAFF),
    "POST signin_staff.change_password": Row("signed_in", only=STAFF),
    "GET signin_staff.show_pin": Row("staff admin coach lead", PERSON, PEOPLE),
    "POST signin_staff.confirm_pin": Row("staff coach lead", PERSON, CONTENT, {"how": "desk"}),
    "POST signin_staff.reset_pin": Row("staff admin coach lead", PERSON, PEOPLE, {"how": "desk"}),
    # people
    "GET people.list_people": Row(PEOPLE_STAFF),
    "POST people.search_people": Row(PEOPLE_STAFF, data={"q": "a"}),
    "GET people.new_person": Row(PEOPLE_STAFF),
    "POST people.enrol": Row(PEOPLE_STAFF, data={"name": "Nina Ny", "phone": "070-174 06 33"}),
    "GET people.card": Row(PEOPLE_STAFF, PERSON, PEOPLE),
    "GET people.enrolment.show_enrolment": Row(PEOPLE_STAFF, PERSON, PEOPLE),
    "GET people.enrolment.edit_facts": Row(PEOPLE_STAFF, PERSON, PEOPLE),
    "POST people.enrolment.change_facts": Row(PEOPLE_STAFF, PERSON, PEOPLE, {"name": "Nina Ny"}),
    "GET people.enrolment.new_period": Row(PEOPLE_STAFF, {**PERSON, "kind": "=pause"}, PEOPLE),
    "POST people.enrolment.add_period": Row(
        PEOPLE_STAFF, {**PERSON, "kind": "=pause"}, PEOPLE, {"starts_on": "2026-12-01"}
    ),
    "GET people.enrolment.edit_period": Row(PEOPLE_STAFF, THEIR_PERIOD, PEOPLE),
    "POST people.enrolment.change_period": Row(PEOPLE_STAFF, THEIR_PERIOD, PEOPLE),
    "POST people.enrolment.remove_period": Row(PEOPLE_STAFF, THEIR_PERIOD, PEOPLE),
    "GET course.ask_close": Row(PEOPLE_STAFF, PERSON, PEOPLE),
    "POST course.close": Row(
        PEOPLE_STAFF,
        PERSON,
        PEOPLE,
        {"closed_on": "2026-11-24", "outcome": "work", "income_at_closure": "wage"},
    ),
    "POST course.reopen": Row(PEOPLE_STAFF, PERSON, PEOPLE),
    "GET course.ask_handover": Row("staff admin lead", PERSON, LEADING),
    "POST course.hand_over": Row("staff admin lead", PERSON, LEADING),
    "GET people.access.show_access": Row("staff admin", PERSON, HOUSE),
    "GET people.access.ask_number": Row("staff admin", PERSON, HOUSE),
    "POST people.access.change_number": Row(
        "staff admin", PERSON, HOUSE, {"phone": "070-174 06 99", "confirmed": "in_person"}
    ),
    "POST people.access.disable": Row("staff admin", PERSON, HOUSE),
    "POST people.access.enable": Row("staff admin", PERSON, HOUSE),
    "POST people.access.protect": Row("staff admin", PERSON, HOUSE),
    "GET people.protected.list_protected": Row(PEOPLE_STAFF, only=frozenset(CASELOAD)),
    "GET people.protected.show_protected": Row(PEOPLE_STAFF, PROTECTED, CASELOAD),
    "POST people.protected.set_handlers": Row(PEOPLE_STAFF, PROTECTED, CASELOAD),
    "POST people.protected.lift": Row(PEOPLE_STAFF, PROTECTED, CASELOAD),
    "GET people.members.list_members": Row("staff admin"),
    "GET people.members.new_member": Row("staff admin"),
    "POST people.members.add_member": Row("staff admin", data={"name": "Nina Ny", "email": "ny@example.se"}),
    "GET people.members.show_member": Row("staff admin", MEMBER, HOUSE),
    "POST people.members.set_roles": Row("staff admin", MEMBER, HOUSE),
    "POST people.members.renew_secrets": Row("staff admin", MEMBER, HOUSE),
    "POST people.members.disable": Row("staff admin", MEMBER, HOUSE),
    "POST people.members.enable": Row("staff admin", MEMBER, HOUSE),
    # the organisation's own rules, crisis lines and words
    "GET organisation.show_settings": Row("staff admin"),
    "GET organisation.edit_rules": Row("staff admin"),
    "POST organisation.change_rules": Row("staff admin"),
    "GET organisation.show_lines": Row("staff admin"),
    "GET organisation.new_line": Row("staff admin"),
    "POST organisation.add_line": Row("staff admin", data={"name": "Nödnummer", "phone": "112"}),
    "GET organisation.edit_line": Row("staff admin", LINE),
    "POST organisation.change_line": Row("staff admin", LINE, data={"name": "Nöd", "phone": "112"}),
    "POST organisation.remove_line": Row("staff admin", LINE),
    "POST organisation.check_lines": Row("staff admin", data={"checked_on": "2026-11-24"}),
    "GET organisation.show_words": Row("staff admin", {"kind": "=referrer"}),
    "POST organisation.add_word": Row("staff admin", {"kind": "=referrer"}, data={"word_sv": "Regionen"}),
    "GET organisation.edit_word": Row("staff admin", WORD, HOUSE),
    "GET organisation.places.new_team": Row("staff admin"),
    "POST organisation.places.add_team": Row("staff admin", data={"name": "Väst", "municipality": "Västby"}),
    "GET organisation.places.edit_team": Row("staff admin", TEAM, HOUSE),
    "POST organisation.places.change_team": Row("staff admin", TEAM, HOUSE),
    "POST organisation.places.remove_team": Row("staff admin", TEAM, HOUSE),
    "GET organisation.places.new_programme": Row("staff admin"),
    "POST organisation.places.add_programme": Row("staff admin"),
    "GET organisation.places.edit_programme": Row("staff admin", PROGRAMME, HOUSE),
    "POST organisation.places.change_programme": Row("staff admin", PROGRAMME, HOUSE),
    "POST organisation.places.remove_programme": Row("staff admin", PROGRAMME, HOUSE),
    "POST organisation.change_word": Row("staff admin", WORD, HOUSE),
    # check-ins
    "GET feedback.show_start": Row("participant 1", CHECK_IN, OWN),
    "GET feedback.show_step": Row("participant 1", {**CHECK_IN, "number": "=1"}, OWN),
    "POST feedback.answer_step": Row("participant 1", {**CHECK_IN, "number": "=1"}, OWN, {"value": "5"}),
    "GET feedback.check_answers": Row("participant 1", CHECK_IN, OWN),
    "POST feedback.send_answers": Row("participant 1", CHECK_IN, OWN),
    "GET feedback.show_thanks": Row("participant 1", CHECK_IN, OWN),
    "GET feedback_staff.show_answers": Row("staff coach lead", PERSON, CONTENT),
    # the first page
    "GET home.show_home": Row("participant 1"),
    "POST home.see_new_coach": Row("participant 2"),
    "POST home.begin_checkin": Row("participant 1", {"meeting_id": "meeting", "when": "=before"}, OWN),
    # SMS to one participant
    "GET reminders_staff.show_messages": Row("staff coach lead", PERSON, CONTENT),
    "POST reminders_staff.remind_now": Row("staff coach lead", PERSON, CONTENT),
    "POST reminders_staff.send_again": Row("staff coach lead", {**PERSON, "message_id": "sms"}, CONTENT),
    "POST reminders_staff.decide": Row(
        "staff coach lead", {**PERSON, "message_id": "sms", "decision": "=left"}, CONTENT
    ),
    "GET reminders_staff.show_trouble": Row("staff coach lead"),
    # plans
    "GET plan.show_plan": Row("participant 2"),
    "GET plan.write_goal": Row("participant 2"),
    "POST plan.write_goal": Row("participant 2", data={"goal": "Laga mat", "version": "0"}),
    "POST plan.finish_step": Row("participant 2", STEP, OWN, {"version": "1"}),
    "POST plan.unfinish_step": Row("participant 2", STEP, OWN),
    "GET plan.ask_help": Row("participant 2", STEP, OWN),
    "POST plan.ask_help": Row("participant 2", STEP, OWN, {"words": "Hur gör jag?"}),
    "GET plan_staff.show_plan": Row("staff coach lead", PERSON, CONTENT),
    "GET plan_staff.show_changes": Row("staff coach lead", PERSON, CONTENT),
    "GET plan_staff.write_goal": Row("staff coach lead", PERSON, CONTENT),
    "POST plan_staff.write_goal": Row(
        "staff coach lead", PERSON, CONTENT, {"goal": "Laga mat", "version": "0"}
    ),
    "GET plan_staff.add_step": Row("staff coach lead", {**PERSON, "kind": "=step"}, CONTENT),
    "POST plan_staff.add_step": Row(
        "staff coach lead", {**PERSON, "kind": "=step"}, CONTENT, {"text": "Ring", "doer": "participant"}
    ),
    "GET plan_staff.change_step": Row("staff coach lead", THEIR_STEP, CONTENT),
    "POST plan_staff.change_step": Row(
        "staff coach lead", THEIR_STEP, CONTENT, {"text": "Ring", "doer": "participant", "version": "1"}
    ),
    "POST plan_staff.set_state": Row(
        "staff coach lead", THEIR_STEP, CONTENT, {"state": "now", "version": "1"}
    ),
    "POST plan_staff.move_step": Row("staff coach lead", THEIR_STEP, CONTENT, {"way": "up", "version": "1"}),
    "POST plan_staff.undo_change": Row("staff coach lead", PERSON, CONTENT, {"event": str(UUID(int=7))}),
    "GET plan_staff.answer_help": Row("staff coach lead", THEIR_HELP, CONTENT),
    "POST plan_staff.reopen_help": Row("staff coach lead", THEIR_HELP, CONTENT),
    "POST plan_staff.answer_help": Row("staff coach lead", THEIR_HELP, CONTENT, {"outcome": "talked"}),
    # a coach's morning, and one participant's page
    "GET staff.show_today": Row("staff"),
    "GET staff.show_person": Row("staff coach lead", PERSON, CONTENT),
    "GET staff.ask_how": Row("staff coach lead", PERSON, CONTENT),
    "POST staff.handle": Row("staff coach lead", PERSON, CONTENT),
    "POST staff.take_back": Row("staff coach lead", PERSON, CONTENT),
    "GET calls_staff.show_calls": Row("staff coach lead"),
    "POST calls_staff.tell": Row("staff coach lead", PERSON, CONTENT, {"key": "call"}),
    "POST calls_staff.note_no_answer": Row("staff coach lead", PERSON, CONTENT, {"key": "call"}),
    "POST calls_staff.take_back": Row("staff coach lead", PERSON, CONTENT),
    "POST calls_staff.take_back_try": Row("staff coach lead", PERSON, CONTENT),
    "GET staff.show_new": Row("staff coach lead", PERSON, CONTENT),
    "POST staff.mark_copied": Row("staff coach lead", PERSON, CONTENT, {"upto": "2026-11-24T08:00:00+00:00"}),
    # meetings
    "GET booking.show_meetings": Row("participant 1"),
    "GET booking.choose_time": Row("participant 1"),
    "GET booking.check_time": Row("participant 1"),
    "POST booking.book_meeting": Row("participant 1", data=CHOSEN),
    "GET booking.show_meeting": Row("participant 1", LATER_MEETING, OWN),
    "GET booking.calendar_file": Row("participant 1", LATER_MEETING, OWN),
    "GET booking.choose_new_time": Row("participant 1", LATER_MEETING, OWN),
    "POST booking.move_meeting": Row("participant 1", LATER_MEETING, OWN, CHOSEN),
    "GET booking.ask_to_cancel": Row("participant 1", LATER_MEETING, OWN),
    "POST booking.cancel_meeting": Row("participant 1", LATER_MEETING, OWN, {"reason": "Sjuk"}),
    "POST booking.restore_meeting": Row("participant 1", LATER_MEETING, OWN),
    "POST booking.confirm_meeting": Row("participant 1", LATER_MEETING, OWN),
    "POST late.say_late": Row("participant 1", LATER_MEETING, OWN),
    "POST late.say_in_time": Row("participant 1", LATER_MEETING, OWN),
    "GET travel.show_travel": Row("participant 2"),
    "POST travel.save_travel": Row("participant 2"),
    "GET travel_staff.show_travel": Row("staff coach lead", PERSON, CONTENT),
    "POST travel_staff.save_travel": Row("staff coach lead", PERSON, CONTENT),
    "GET booking_staff.show_meetings": Row("staff coach lead", PERSON, CONTENT),
    "GET booking_staff.choose_time": Row("staff coach lead", PERSON, CONTENT),
    "POST booking_staff.book_meeting": Row("staff coach lead", PERSON, CONTENT, TYPED),
    "GET booking_staff.choose_new_time": Row("staff coach lead", THEIR_MEETING, CONTENT),
    "POST booking_staff.move_meeting": Row("staff coach lead", THEIR_MEETING, CONTENT, TYPED),
    "GET booking_staff.ask_to_cancel": Row("staff coach lead", THEIR_MEETING, CONTENT),
    "POST booking_staff.cancel_meeting": Row("staff coach lead", THEIR_MEETING, CONTENT, {"reason": "Sjuk"}),
    "POST booking_staff.restore_meeting": Row("staff coach lead", THEIR_MEETING, CONTENT),
    "POST booking_staff.take_over": Row("staff coach lead", THEIR_MEETING, CONTENT),
    "POST attendance_staff.note_attendance": Row(
        "staff coach lead", THEIR_MEETING, CONTENT, {"attendance": "came"}
    ),
    "GET attendance_staff.show": Row("staff coach lead", THEIR_MEETING, CONTENT),
    "POST attendance_staff.note_whole": Row(
        "staff coach lead", THEIR_MEETING, CONTENT, {"attendance": "late"}
    ),
    "POST attendance_staff.sign_on_paper": Row("staff coach lead", THEIR_MEETING, CONTENT),
    "POST attendance_staff.unsign_paper": Row("staff coach lead", THEIR_MEETING, CONTENT),
    "GET sheet.show": Row("staff coach lead", PERSON, CONTENT),
    "GET sheet.take_out": Row("staff coach lead", {"person_id": "person", "kind": "=pdf"}, CONTENT),
    "GET sheets.show": Row("staff coach lead"),
    "GET sheets.take_out": Row("staff coach lead", {"kind": "=pdf"}),
    "GET my_sheet.show": Row("participant 2"),
    "GET my_sheet.take_out": Row("participant 2"),
    "POST here.sign": Row("participant 1", LATER_MEETING, OWN),
    "POST here.unsign": Row("participant 1", LATER_MEETING, OWN),
    # a coach's hours
    "GET availability_staff.show_hours": Row("staff coach lead translator"),
    "POST availability_staff.save_week": Row(
        "staff coach lead translator", data={"start-0-0": "9", "end-0-0": "12"}
    ),
    "POST availability_staff.remove_hours": Row(
        "staff coach lead translator", {"hours_id": "over"}, CASELOAD
    ),
    "POST availability_staff.add_exception": Row(
        "staff coach lead translator", data={"first": "2026-12-24", "kind": "closed"}
    ),
    "POST availability_staff.remove_exception": Row(
        "staff coach lead translator", {"exception_id": "departure"}, CASELOAD
    ),
    "POST availability_staff.save_terms": Row("staff coach lead", data={"minutes": "45"}),
    **check_ins.ROWS,
    **following_up.ROWS,
    **groups.ROWS,
    **house.ROWS,
    **surveys.ROWS,
    **user_audit.ROWS,
    **interpreting.ROWS,
    **planning.ROWS,
    **absences.ROWS,
    **weeks.ROWS,
    **calendars.ROWS,
    **operations.ROWS,
    **reports.ROWS,
    **rooms.ROWS,
    **networks.ROWS,
    **preferences.ROWS,
    **writing.ROWS,
}
