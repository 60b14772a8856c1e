"""The page of sending says how many wait for their turn, and when the last of them will have left."""

from datetime import timedelta

import pytest

from portal.db import Database
from portal.messaging.pace_rules import Paces
from portal.ops import staff_views
from tests.conftest import FrozenClock, SignIn
from tests.support import outbox
from tests.support.pages import text_of
from tests.support.world import World


def test_who_waits_and_until_when(
    world: World, database: Database, sign_in: SignIn, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S4: the numbers of other organisations are nobody's business; that theirs leave first is."""
    monkeypatch.setattr(staff_views, "paces", lambda _: Paces("twilio", {"twilio": 2}))
    admin = sign_in(world.admin)
    assert "väntar på sin tur" not in text_of(admin.get("/staff/sending"))
    with database.transaction() as session:
        for organisation in (world.organisation, world.organisation, world.elsewhere.organisation):
            outbox.put(session, frozen.moment, organisation_id=organisation.id)
        outbox.put(session, frozen.moment, not_before=frozen.moment + timedelta(minutes=1))
    shown = text_of(admin.get("/staff/sending"))
    assert "2 meddelanden väntar på sin tur." in shown
    assert "klockan 09.02" in shown
