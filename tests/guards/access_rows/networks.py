"""Meetings of several: planning them, who is asked, and the page of somebody from outside."""

from collections.abc import Mapping

from tests.guards.access_row import CONTENT, OWN, STAFF, Reach, Row

DESK = "staff coach lead"
THEIRS: Mapping[str, str] = {"person_id": "person"}
MEETING: Mapping[str, str] = {"person_id": "person", "meeting_id": "network"}
PARTY: Mapping[str, str] = {**MEETING, "party_id": "party"}
# A colleague reads the meeting that they are asked to, and nothing else of the person.
ASKED: Reach = {
    **CONTENT,
    "other_coach": frozenset({"participant", "other_participant"}),
    "coach": frozenset({"participant", "other_participant"}),
}
# Whoever has the address of somebody's page is that somebody.
ALL = frozenset({"participant", "other_participant"})
HOLDERS: Reach = dict.fromkeys((*STAFF, *OWN, "far_coach", "interpreter", "nobody"), ALL)
PLAN: Mapping[str, str] = {"kind": "sip", "minutes": "60", "mode": "phone", "at": "2027-02-01T09:00Z"}
GUEST: Mapping[str, str] = {
    "name": "Per",
    "organisation": "Arbetsförmedlingen",
    "email": "per@af.example",
    "agreed": "y",
}
ABOUT: Mapping[str, str] = {"kind": "sip", "agenda": "Planen"}
REFUSED = frozenset({422})

ROWS: dict[str, Row] = {
    "GET network_staff.plan": Row(DESK, THEIRS, CONTENT, also=frozenset({303})),
    "POST network_staff.book": Row(DESK, THEIRS, CONTENT, PLAN, also=REFUSED),
    "GET network_staff.show": Row(DESK, MEETING, CONTENT),
    "POST network_staff.describe": Row(DESK, MEETING, CONTENT, ABOUT, also=REFUSED),
    "POST network_staff.ask_colleague": Row(DESK, MEETING, CONTENT, also=REFUSED),
    "POST network_staff.invite": Row(DESK, MEETING, CONTENT, GUEST),
    "POST network_staff.change_party": Row(DESK, {**PARTY, "act": "=yes"}, CONTENT),
    "GET network_staff.asked": Row(DESK, {"meeting_id": "network"}, ASKED),
    "GET network.show_invitation": Row("public", {"token": "invitation"}, HOLDERS),
    "POST network.answer": Row("public", {"token": "invitation"}, HOLDERS, {"answer": "yes"}),
}
