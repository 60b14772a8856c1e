"""The texts that the demo's organisation has for its staff, and two sendings of yesterday: one stopped."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.demo.plans import asker
from portal.identity.models import Enrolment, Person
from portal.languages import LANGUAGES
from portal.messaging.models import OutboxMessage
from portal.messaging.rules import DELIVERED, EMAIL, SENT
from portal.notices import own_service, sending_queries, sending_service
from portal.notices.sending_queries import Wish
from portal.notices.sending_service import Seen

TEXTS: dict[str, dict[str, str]] = {
    "Öppet hus": {
        "sv": "Du är välkommen på öppet hus på torsdag klockan 13. Vi bjuder på kaffe.",
        "en": "You are welcome to our open house on Thursday at 13. There is coffee.",
        "ar": "أهلاً بك في اليوم المفتوح يوم الخميس الساعة 13. هناك قهوة.",
    },
    "Stängt i dag": {
        "sv": "Det är stängt i dag. Du är välkommen i morgon.",
        "en": "It is closed today. You are welcome tomorrow.",
        "ar": "المكان مغلق اليوم. أهلاً بك غدًا.",
    },
    "Ring oss": {
        "sv": "Vi har försökt nå dig. Ring när du kan.",
    },
}
"""Title, language, text. The last one stands in Swedish alone: what is missing shows."""
RECEIVERS = 6


def add(session: Session, admin: Person, coach: Person, zone: ZoneInfo, now: datetime) -> None:
    """The texts, and what the coach sent of them yesterday: one to all, one stopped after the first."""
    adam, karin, yesterday = asker(admin, "admin", zone), asker(coach, "coach", zone), now - timedelta(days=1)
    made = {}
    for title, texts in TEXTS.items():
        made[title] = own_service.add(session, adam, title, now - timedelta(days=30))
        for code, text in texts.items():
            own_service.word(session, adam, made[title], LANGUAGES[code], text, now - timedelta(days=30))
    people = frozenset(
        session.scalars(
            select(Enrolment.person_id)
            .where(Enrolment.coach_id == coach.id, Enrolment.closed_on.is_(None))
            .order_by(Enrolment.started_on, Enrolment.person_id)
            .limit(RECEIVERS)
        )
    )
    wishes = [Wish(made[title].id, people) for title in ("Öppet hus", "Stängt i dag")]
    for wish, arrived in zip(wishes, (RECEIVERS, 1), strict=True):
        plan = sending_queries.plan(session, karin, wish, yesterday)
        sent = sending_service.send(session, karin, uuid.uuid4(), wish, Seen(plan.digest), yesterday)
        rows = session.scalars(select(OutboxMessage).where(OutboxMessage.subject == sent.id))
        for row in list(rows)[:arrived]:
            # Of an e-mail nobody hears more than that it has left.
            row.state = SENT if row.channel == EMAIL else DELIVERED
            row.changed_at, row.provider = sent.leaves_at, "console"
        session.flush()
        if arrived < RECEIVERS:
            sending_service.stop(session, karin, sent.id, sent.leaves_at)
