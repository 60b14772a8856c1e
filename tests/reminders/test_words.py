"""When what a coach sends by hand leaves, in words."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.messaging import rules as messaging
from portal.reminders import words
from tests.support.outbox import put
from tests.support.speaking import speaking_app

APP, DAY = speaking_app(), timedelta(days=1)


@pytest.mark.parametrize(
    "channel, until, said",
    [
        (messaging.SMS, None, "Meddelandet skickas nu."),
        (messaging.SMS, DAY, "Meddelandet skickas onsdag 25 november klockan 09.00."),
        (messaging.VOICE, None, "Rösten ringer så snart den får."),
        (messaging.VOICE, DAY, "Rösten ringer onsdag 25 november klockan 09.00."),
        (messaging.VOICE, 2 * DAY, "Rösten hinner inte ringa före mötet. Ring själv."),
    ],
)
def test_a_coach_reads_when_it_leaves(
    session: Session, now: datetime, channel: str, until: timedelta | None, said: str
) -> None:
    message = put(session, now, channel=channel, expires_at=now + 2 * DAY)
    with APP.test_request_context():
        assert words.on_its_way(message, now + until if until else None) == said
