"""Own messages of an organisation, and what staff have sent of them."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from portal.languages import LANGUAGES
from portal.notices import own_service, sending_queries, sending_service
from portal.notices.models import OwnMessage, Sending
from portal.notices.sending_queries import Wish
from portal.notices.sending_service import Seen
from portal.web.asker import Asker

OPEN_HOUSE = {"sv": "Du är välkommen i morgon klockan 13.", "ar": "أهلاً بك غدًا الساعة 13."}


def own_message(
    session: Session, asker: Asker, now: datetime, title: str = "Öppet hus", **texts: str
) -> OwnMessage:
    """An own message of the asker's organisation, which says this in these languages."""
    made = own_service.add(session, asker, title, now)
    for code, text in (texts or OPEN_HOUSE).items():
        own_service.word(session, asker, made, LANGUAGES[code], text, now)
    return made


def send(
    session: Session,
    asker: Asker,
    message: OwnMessage,
    people: Iterable[uuid.UUID],
    now: datetime,
    *,
    swedish_too: bool = False,
    sending_id: uuid.UUID | None = None,
) -> Sending:
    """Send it to these people, having looked at what would be sent."""
    wish = Wish(message.id, frozenset(people), swedish_too)
    plan = sending_queries.plan(session, asker, wish, now)
    seen = Seen(plan.digest, len(plan.going))
    return sending_service.send(session, asker, sending_id or uuid.uuid4(), wish, seen, now)


def own_sending(session: Session, participant: Asker, coach: Asker, now: datetime) -> dict[str, object]:
    """An own message that the coach has sent to the participant."""
    message = own_message(session, coach, now, f"Öppet hus {coach.person_id}")
    return {
        "own_message": message.id,
        "sending": send(session, coach, message, [participant.person_id], now).id,
    }
