"""Audits by participants, from the plan to what came of them."""

from tests.guards.access_row import OWN, Reach, Row

AUDITOR = "staff user_auditor"
HOUSE: Reach = {"user_auditor": frozenset({"participant", "other_participant"})}
TEAM: Reach = {
    "coach": frozenset({"participant"}),
    "other_coach": frozenset({"participant"}),
    "lead": frozenset({"participant"}),
    "far_coach": frozenset({"far_participant"}),
    **HOUSE,
}
LED: Reach = {"lead": frozenset({"participant"})}

OPEN = {"audit_id": "audit"}
DRAFT = {"audit_id": "draft_audit"}
CLOSED = {"audit_id": "closed_audit"}
PUBLISHED = {"audit_id": "published_audit"}
QUESTION = {**DRAFT, "question_id": "audit_question"}
TEXT = {**CLOSED, "text_id": "audit_text"}
PROPOSAL = {**PUBLISHED, "proposal_id": "audit_proposal"}

PLAN = {
    "title": "Hur är det?",
    "purpose": "Vi vill veta.",
    "starts_on": "2026-12-01",
    "ends_on": "2026-12-20",
}
REPORT = {"works": "Fika", "improve": "Telefonen", "proposals": "Ring tillbaka"}

ROWS: dict[str, Row] = {
    # answering, without a name from "Send" on
    "GET user_audit.show_start": Row("participant 1", OPEN, OWN),
    "GET user_audit.answer": Row("participant 1", OPEN, OWN),
    "GET user_audit.send": Row("participant 1", OPEN, OWN),
    "POST user_audit.answer": Row("participant 1", OPEN, OWN),
    "POST user_audit.send": Row("participant 1", OPEN, OWN),
    "POST user_audit.redeem": Row("unnamed"),
    "GET user_audit.show_you_said": Row("participant 1"),
    # the user auditor
    "GET user_audit_staff.list_audits": Row(AUDITOR),
    "GET user_audit_staff.new_audit": Row(AUDITOR),
    "POST user_audit_staff.plan_audit": Row(AUDITOR, data=PLAN),
    "GET user_audit_staff.show_audit": Row(AUDITOR, DRAFT, HOUSE),
    "GET user_audit_staff.edit_plan": Row(AUDITOR, DRAFT, HOUSE),
    "POST user_audit_staff.change_plan": Row(AUDITOR, DRAFT, HOUSE, PLAN),
    "POST user_audit_staff.remove_audit": Row(AUDITOR, DRAFT, HOUSE),
    "GET user_audit_staff.new_question": Row(AUDITOR, DRAFT, HOUSE),
    "POST user_audit_staff.add_question": Row(AUDITOR, DRAFT, HOUSE, {"kind": "text", "words_sv": "Varför?"}),
    "GET user_audit_staff.edit_question": Row(AUDITOR, QUESTION, HOUSE),
    "POST user_audit_staff.change_question": Row(
        AUDITOR, QUESTION, HOUSE, {"kind": "text", "words_sv": "Varför?"}
    ),
    "POST user_audit_staff.arrange_question": Row(AUDITOR, {**QUESTION, "way": "=up"}, HOUSE),
    "GET user_audit_staff.preview": Row(AUDITOR, DRAFT, HOUSE),
    "POST user_audit_staff.open_audit": Row(AUDITOR, DRAFT, HOUSE),
    "POST user_audit_staff.close_audit": Row(AUDITOR, OPEN, HOUSE),
    "GET user_audit_staff.tell": Row(AUDITOR, OPEN, HOUSE),
    "GET user_audit_staff.show_poster": Row(AUDITOR, OPEN, HOUSE),
    "GET user_audit_staff.report.show_results": Row(AUDITOR, CLOSED, HOUSE),
    "GET user_audit_staff.report.list_texts": Row(AUDITOR, CLOSED, HOUSE),
    "POST user_audit_staff.report.screen_text": Row(AUDITOR, TEXT, HOUSE, {"state": "shown"}),
    "GET user_audit_staff.report.edit_report": Row(AUDITOR, CLOSED, HOUSE),
    "POST user_audit_staff.report.write_report": Row(AUDITOR, CLOSED, HOUSE, REPORT),
    "POST user_audit_staff.report.publish": Row(AUDITOR, CLOSED, HOUSE),
    # the team
    "GET user_audit_team.list_reports": Row("staff coach lead"),
    "GET user_audit_team.show_report": Row("staff coach lead user_auditor", PUBLISHED, TEAM),
    "GET user_audit_team.ask_reply": Row("staff lead", PROPOSAL, LED),
    "POST user_audit_team.reply": Row("staff lead", PROPOSAL, LED, {"reply": "done", "why": "Nu ringer vi."}),
}
