"""A conversation of each participant: a question, a wish to be rung up, and what the coach wrote."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from portal.conversation import rules, service, wish_service
from portal.conversation.service import Letter
from portal.web.asker import Asker


def conversation(session: Session, participant: Asker, coach: Asker, now: datetime) -> dict[str, object]:
    """What the coach wrote is not read; a question and a wish to be rung up wait for an answer."""
    words = Letter(uuid.uuid4(), "Välkommen hit!", "sv")
    answered = service.answer(session, coach, participant.person_id, words, upto=0, now=now)
    written = service.write(session, participant, Letter(uuid.uuid4(), "När ses vi?", "sv"), now)
    wish = service.ask_call(session, participant, rules.MORNING, now)
    time = wish_service.ask_time(session, participant, "0|morning||", "", "sv", now)
    return {"time_wish": time.id, "answered": answered.id, "written": written.id, "call_wish": wish.id}
