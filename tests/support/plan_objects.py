"""What belongs to a plan beside its steps, one of each kind for a participant."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.plan import card_service, news_service, stair_service
from portal.plan import service as plans
from portal.plan.card_rules import Entry
from portal.plan.models import PlanEvent
from portal.plan.rules import Wording
from portal.web.asker import Asker


def asked(session: Session, participant: Asker, coach: Asker, now: datetime) -> dict[str, object]:
    """A change that the participant wants to talk about, another that is new, and a step that staff keep."""
    steps = [
        plans.add_step(
            session,
            coach,
            person_id=participant.person_id,
            step_id=uuid.uuid4(),
            kind="step",
            wording=Wording(words, in_portal=shown),
            now=now,
        )
        for words, shown in (("Träffa läkaren", True), ("Skriva ett CV", True), ("Fråga om skulder", False))
    ]
    change = session.scalars(select(PlanEvent.id).where(PlanEvent.step_id == steps[0].id)).one()
    answer = news_service.answer(session, participant, event_id=change, said="talk", now=now)
    news_service.add_words(session, participant, answer_id=answer.id, words="Måste jag?", now=now)
    return {"plan_change": change, "plan_answer": answer.id}


def card(session: Session, participant: Asker, coach: Asker, now: datetime) -> dict[str, object]:
    """Two rows on the participant's card, and one that the coach proposes."""
    rows = [(uuid.uuid4(), entry) for entry in (Entry(code="quiet"), Entry(words="Jag vill stå vid dörren."))]
    card_service.add(session, participant, rows, now)
    proposal = uuid.uuid4()
    card_service.propose(
        session,
        coach,
        person_id=participant.person_id,
        row_id=proposal,
        entry=Entry(swedish="Visa hur maskinen stannar."),
        now=now,
    )
    return {"card_row": rows[1][0], "proposal": proposal}


def stair(session: Session, participant: Asker, coach: Asker, now: datetime) -> dict[str, object]:
    """Two records on the stairs; the organisation shows them."""
    moves = [uuid.uuid4(), uuid.uuid4()]
    for move_id, code, days in zip(moves, ("begin", "train"), (60, 20), strict=True):
        stair_service.move(
            session,
            coach,
            person_id=participant.person_id,
            move_id=move_id,
            code=code,
            on=now.date() - timedelta(days=days),
            words="Vi har pratat om det.",
            now=now,
        )
    return {"stair_move": moves[1]}
