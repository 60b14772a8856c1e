"""Who has looked, my data, and looking after the installation."""

from tests.guards.access_row import CONTENT, PERSON, Row

ROWS: dict[str, Row] = {
    "GET privacy.show_looked": Row("participant 2"),
    "GET privacy.ask_data": Row("participant 2"),
    "POST privacy.take_data": Row("participant 2"),
    "GET privacy_staff.ask_record": Row("staff coach lead", PERSON, CONTENT),
    "POST privacy_staff.take_record": Row("staff coach lead", PERSON, CONTENT),
    "GET ops_staff.show_sending": Row("staff admin"),
    "POST ops_staff.send_test": Row("staff admin", data={"phone": "070-174 06 99"}),
    "POST ops_staff.send_test_mail": Row("staff admin"),
    "POST ops_staff.release": Row("staff admin"),
}
