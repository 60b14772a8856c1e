"""An organisation's own texts of SMS."""

from tests.guards.access_row import Row

TEXT = {"kind": "=meeting_booked", "language": "=sv"}

ROWS: dict[str, Row] = {
    "GET notices.show_texts": Row("staff admin"),
    "GET notices.edit_text": Row("staff admin", TEXT),
    "POST notices.preview_text": Row("staff admin", TEXT, data={"text": "{dag} {tid}"}),
    "POST notices.save_text": Row("staff admin", TEXT, data={"text": ""}),
}
