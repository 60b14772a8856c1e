"""The worker takes in what stands in plans while coaches write in them: the newest words are known (S49)."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

from sqlalchemy import delete, select

from portal.db import Database
from portal.plan import rules, service, texts_service
from portal.plan.models import PlanStep
from portal.wording.models import SourceText
from tests.plan.conftest import asker_of
from tests.support.world import World

AT_ONCE = 8
STEPS = 4


def test_a_coach_who_saves_while_the_worker_takes_in_is_neither_refused_nor_written_over(
    database: Database, world: World, now: datetime
) -> None:
    coach, person_id = asker_of(world.coach, "coach"), world.participant.id
    ids = [uuid.uuid4() for _ in range(STEPS)]
    with database.transaction() as session:
        for step_id in ids:
            wording = rules.Wording("Ring skolan")
            service.add_step(
                session, coach, person_id=person_id, step_id=step_id, kind="step", wording=wording, now=now
            )

    def act(word: str, number: int) -> None:
        with database.transaction() as session:
            if number % 2:
                texts_service.collect(session, now, texts_service.Bookmark())
                return
            step = session.get_one(PlanStep, ids[number // 2])
            wording = rules.Wording(f"{word} {number}")
            service.change_step(
                session,
                coach,
                person_id=person_id,
                step_id=step.id,
                wording=wording,
                version=step.version,
                now=now,
            )

    for word in ("Ring", "Mejla", "Träffa"):
        with database.transaction() as session:
            session.execute(delete(SourceText))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(partial(act, word), range(AT_ONCE)))
        with database.reading() as session:
            known = {row.object_id: row.source for row in session.scalars(select(SourceText))}
            assert known == {step.id: step.text for step in session.scalars(select(PlanStep))}
