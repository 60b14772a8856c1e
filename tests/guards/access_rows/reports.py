"""Figures without persons."""

from tests.guards.access_row import Row

LEADS = "staff admin lead"

ROWS: dict[str, Row] = {
    "GET reports.show_report": Row(LEADS),
    "GET reports.take_out": Row(LEADS, {"kind": "=csv"}),
    "GET reports.show_sending": Row(LEADS),
    "GET reports.take_out_sending": Row(LEADS, {"kind": "=csv"}),
}
