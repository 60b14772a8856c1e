"""How a participant wants to be reached and to read, and how they come in without SMS."""

from tests.guards.access_row import OWN, Row

CHECK_IN = {"check_in_id": "check_in"}

ROWS: dict[str, Row] = {
    "GET feedback.page.show_all": Row("participant 1", CHECK_IN, OWN),
    "POST feedback.page.answer_all": Row("participant 1", CHECK_IN, OWN, {"line1-value": "5"}),
    "POST feedback.page.choose_way": Row("participant 1", CHECK_IN, OWN, {"way": "page"}),
}
