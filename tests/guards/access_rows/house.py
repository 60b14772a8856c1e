"""An organisation's own texts of SMS, its recordings for calls, and what staff send."""

from tests.guards.access_row import HOUSE, Reach, Row

TEXT = {"kind": "=meeting_booked", "language": "=sv"}

OWN = {"message_id": "own_message"}
OWN_TEXT = {**OWN, "language": "=sv"}
RECORDING = {"occasion": "=reminder", "language": "=sv"}
ADDRESS = {"recording_id": "recording", "until": "=1", "secret": "=x"}
DESK = "staff coach lead"
SENT = {"sending_id": "sending"}
# Both coaches work in the team that the lead leads.
SENDER: Reach = {
    "coach": frozenset({"participant"}),
    "other_coach": frozenset({"other_participant"}),
    "far_coach": frozenset({"far_participant"}),
    "lead": frozenset({"participant", "other_participant"}),
}

ROWS: dict[str, Row] = {
    "GET notices.show_texts": Row("staff admin"),
    "GET notices.edit_text": Row("staff admin", TEXT),
    "POST notices.preview_text": Row("staff admin", TEXT, data={"text": "{dag} {tid}"}),
    "POST notices.save_text": Row("staff admin", TEXT, data={"text": ""}),
    "GET own_texts.show_texts": Row("staff admin"),
    "POST own_texts.add_text": Row("staff admin", data={"title": "Stängt i dag"}),
    "GET own_texts.edit_text": Row("staff admin", OWN_TEXT, HOUSE),
    "POST own_texts.preview_text": Row("staff admin", OWN_TEXT, HOUSE, {"text": "Stängt i dag."}),
    "POST own_texts.save_text": Row("staff admin", OWN_TEXT, HOUSE, {"text": ""}),
    "POST own_texts.rename_text": Row("staff admin", OWN, HOUSE, {"title": "Stängt i dag"}),
    "POST own_texts.offer_text": Row("staff admin", {**OWN, "act": "=retire"}, HOUSE),
    "GET recordings.show_recordings": Row("staff admin"),
    "GET recordings.edit_recording": Row("staff admin", RECORDING),
    "POST recordings.save_recording": Row("staff admin", RECORDING),
    "POST recordings.remove_recording": Row("staff admin", RECORDING),
    "GET recordings.hear_recording": Row("staff admin", {"recording_id": "recording"}, HOUSE),
    "GET calls.fetch_sound": Row("callback", ADDRESS, also=frozenset({404})),
    "GET own_messages.show_sendings": Row(DESK),
    "GET own_messages.choose": Row(DESK),
    "POST own_messages.preview": Row(DESK),
    "POST own_messages.send": Row(DESK),
    "GET own_messages.show_sending": Row(DESK, SENT, SENDER),
    "GET own_messages.show_progress": Row(DESK, SENT, SENDER),
    "POST own_messages.stop": Row(DESK, SENT, SENDER),
}
