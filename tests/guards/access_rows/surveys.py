"""The survey's routes: a participant's own round, and a team's figures for its lead."""

from tests.guards.access_row import Reach, Row

ROUND = {"which": "=ongoing"}
STEP = {"which": "=ongoing", "number": "=1"}
OF_TEAM = {"team_id": "team", "which": "=ongoing"}
QUESTION = {**OF_TEAM, "question": "=support"}
LED: Reach = {"lead": frozenset({"participant"})}
LEAVING = {"answer": "none", "count": "1", "reason": "Missförstod"}

ROWS: dict[str, Row] = {
    "GET surveys.show_start": Row("participant 1", ROUND),
    "GET surveys.show_step": Row("participant 1", STEP),
    "POST surveys.answer_step": Row("participant 1", STEP, data={"answer": "good"}),
    "GET surveys.check_answers": Row("participant 1", ROUND),
    "POST surveys.send_answers": Row("participant 1", ROUND),
    "GET surveys.show_thanks": Row("participant 1", ROUND),
    "GET surveys_staff.show_teams": Row("staff lead"),
    "GET surveys_staff.show_results": Row("staff lead", OF_TEAM, LED),
    "GET surveys_staff.take_out": Row("staff lead", {**OF_TEAM, "kind": "=csv"}, LED),
    "GET surveys_staff.ask_leave_out": Row("staff lead", QUESTION, LED),
    "POST surveys_staff.leave_out": Row("staff lead", QUESTION, LED, LEAVING),
    "POST surveys_staff.take_back": Row("staff lead", {**OF_TEAM, "left_out_id": "left_out"}, LED),
}
