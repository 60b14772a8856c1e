"""What some people and their coach have written: answered, waiting, in Arabic, a wish for a call."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.availability.wish_rules import MORNING, TimeWish, write
from portal.conversation import rules, service, wish_service
from portal.conversation.service import Letter
from portal.demo.plans import asker
from portal.identity.models import Person
from portal.web.asker import Asker

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def add(session: Session, coach: Person, people: list[Person], zone: ZoneInfo, now: datetime) -> None:
    """The first has a new answer, the second wants a call, the third waits for an answer in Arabic."""
    karin = asker(coach, "coach", zone)
    amina, yonas, mariam = (asker(person, "participant", zone) for person in people)

    def ask(who: Asker, words: str, language: str, at: datetime) -> None:
        service.write(session, who, Letter(uuid.uuid4(), words, language), at)

    def answer(who: Asker, words: str, upto: int, at: datetime) -> None:
        service.answer(session, karin, who.person_id, Letter(uuid.uuid4(), words, "sv"), upto=upto, now=at)

    ask(amina, "Måste jag ha egna skor i skolans kök?", "sv", now - 9 * DAY)
    answer(amina, "Nej, du får låna skor där.", 1, now - 8 * DAY)
    service.mark_read(session, amina, 2, now - 8 * DAY + HOUR)
    ask(amina, "Kan min syster följa med på torsdag?", "sv", now - DAY)
    answer(amina, "Ja, det går bra.", 3, now - 3 * HOUR)
    service.ask_call(session, yonas, rules.AFTERNOON, now - 2 * HOUR)
    wish = write(TimeWish((1, 3), (MORNING,), ("phone",)))
    wish_service.ask_time(session, yonas, wish, "I work in the afternoon.", "en", now - HOUR)
    answer(mariam, "Hej Mariam! Hur gick det i affären?", 0, now - 4 * DAY)
    service.mark_read(session, mariam, 1, now - 3 * DAY)
    ask(mariam, "كان الأمر جيدًا، لكن ظهري يؤلمني. هل يمكنني أن أرتاح أكثر؟", "ar", now - 5 * HOUR)
