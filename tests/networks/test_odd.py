"""Odd input, other people's meetings and forged answers."""

import pytest

from portal.booking.models import Appointment
from portal.db import Database
from tests.booking.conftest import ask_as, open_world
from tests.conftest import SignIn
from tests.networks.test_pages import meeting, page_of, party_of
from tests.support.pages import Client
from tests.support.world import World

__all__ = ["ask_as", "meeting", "open_world"]


@pytest.mark.parametrize(
    "query",
    [
        "minutes=60&staff=x&mode=phone&kind=sip",
        "minutes=60&mode=phone&kind=sip&room=x&who=y&interpreter=zz",
        "minutes=1e9&mode=x&kind=y",
        "minutes=60&mode=phone&kind=sip&more=-99999999999999999999",
        "minutes=60&minutes=&mode=phone&kind=sip",
        "minutes=60&mode=phone&kind=sip&staff=%00",
        "minutes=",
        "minutes=٦٠&mode=phone&kind=sip",
    ],
)
def test_odd_input_breaks_nothing(open_world: World, sign_in: SignIn, query: str) -> None:
    browser, base = sign_in(open_world.coach), f"/staff/people/{open_world.participant.id}/meetings"
    assert browser.get(f"{base}/with-others?{query}").status_code in (200, 422)


@pytest.mark.parametrize(
    "more",
    [{"at": "x"}, {"key": "x"}, {"at": "2026-11-24T09:00Z", "key": "\x00"}, {"at": "9999-12-31T23:59Z"}, {}],
)
def test_odd_bookings_break_nothing(open_world: World, sign_in: SignIn, more: dict[str, str]) -> None:
    browser, base = sign_in(open_world.coach), f"/staff/people/{open_world.participant.id}/meetings"
    asked = {"kind": "sip", "minutes": "60", "mode": "phone"}
    assert browser.post(f"{base}/with-others", data={**asked, **more}).status_code in (303, 422)


def test_nobody_of_another_coach_or_house_is_open(
    open_world: World, sign_in: SignIn, meeting: Appointment
) -> None:
    for person in (open_world.other_coach, open_world.far_coach):
        browser = sign_in(person)
        base = f"/staff/people/{open_world.participant.id}/meetings"
        assert browser.get(f"{base}/with-others").status_code == 404
        for act in ("colleague", "invite"):
            assert browser.post(f"{page_of(open_world, meeting)}/{act}", data={}).status_code == 404
    assert sign_in(open_world.far_coach).get(f"/staff/asked/{meeting.id}").status_code == 404


def test_the_answer_page_is_kept_nowhere_and_needs_a_token(
    database: Database, open_world: World, meeting: Appointment, client: Client
) -> None:
    party = party_of(database, meeting)
    shown = client.get(f"/invited/{party.token}")
    assert shown.headers["Cache-Control"] == "no-store"
    forged = client.post(f"/invited/{party.token}", data={"answer": "no"}, csrf=False)
    assert forged.status_code >= 400
    assert party_of(database, meeting).answer == "none"
    assert client.post(f"/invited/{party.token}", data={"answer": "maybe"}).status_code == 422
    assert (
        client.post(f"/invited/{party.token}", data={"answer": "no", "words": "x" * 5000}).status_code == 422
    )
