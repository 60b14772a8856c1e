"""A survey that has been begun, figures of a team, and answers left out of one of them."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.identity.models import Enrolment
from portal.surveys import service
from portal.surveys.freeze_service import freeze
from portal.surveys.models import SurveyFreeze, SurveyLeftOut, SurveyRelease, SurveyTally
from portal.surveys.queries import current
from portal.web.asker import Asker


def surveys(session: Session, participant: Asker, coach: Asker, now: datetime) -> dict[str, object]:
    """The participant's round is open and begun, their team has figures, and one answer was left out."""
    mine = session.scalars(select(Enrolment).where(Enrolment.person_id == participant.person_id)).one()
    session.execute(
        update(Enrolment)
        .where(Enrolment.id == mine.id)
        .values(started_on=now.date().replace(month=8, day=20))
    )
    service.answer(session, participant, "ongoing", 1, "good", now)
    freeze(session, now)
    frozen = session.scalars(
        select(SurveyFreeze.id).where(SurveyFreeze.organisation_id == participant.organisation_id)
    ).one()
    asked = current()
    where = {"team_id": mine.team_id, "round": "ongoing", "survey": asked.key, "version": asked.version}
    for question, answers in (("support", {"all": 5, "none": 4, "skipped": 2}), ("better", {"answered": 6})):
        release = SurveyRelease(freeze_id=frozen, question=question, **where)
        session.add(release)
        session.flush()
        for answer, count in answers.items():
            session.add(
                SurveyTally(
                    release_id=release.id,
                    gender="woman",
                    born="",
                    municipality="",
                    intake="",
                    answer=answer,
                    count=count,
                )
            )
    left_out = SurveyLeftOut(
        question="support", period="2026-2", answer="none", count=1, by_id=coach.person_id, at=now, **where
    )
    left_out.reason = "Missförstod frågan"
    session.add(left_out)
    session.flush()
    return {"left_out": left_out.id}
