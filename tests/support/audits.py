"""Audits of three teams: one open, one planned, one closed, one published, each with what belongs to it."""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.organisation.models import Team
from portal.user_audit import queries, report_service, service, staff_queries
from portal.user_audit.models import Audit, AuditText
from portal.user_audit.report_service import Reply, Writing
from portal.user_audit.service import OwnQuestion, Plan
from portal.web.asker import Asker
from tests.support.world import CANARY, World

CHOSEN = ("how_long", "kind", "listens", "good")
RESULTS = {
    "count": 12,
    "languages": {"ar": 5, "sv": 7},
    "split": None,
}


def audits(session: Session, world: World, auditor: Asker, now: datetime) -> dict[str, dict[str, object]]:
    """Kind -> owner -> id, for everything that stands in the address of an audit's page."""
    places = (
        ("participant", world.here.team, world.user_auditor, ""),
        ("other_participant", world.here.other_team, world.user_auditor, ""),
        ("far_participant", world.elsewhere.team, world.far_coach, CANARY),
    )
    made: dict[str, dict[str, object]] = {}
    for owner, team, person, word in places:
        asker = replace(auditor, person_id=person.id, organisation_id=person.organisation_id)
        for kind, value in _of_team(session, asker, team, person, word, now).items():
            made.setdefault(kind, {})[owner] = value
    return made


def _of_team(
    session: Session, auditor: Asker, team: Team, person: Person, word: str, now: datetime
) -> dict[str, object]:
    def planned(title: str) -> Audit:
        first = now.date() - timedelta(days=3)
        plan = Plan(
            team.id, f"{title} {word}".strip(), "Vi vill veta mer.", first, first + timedelta(days=20)
        )
        return service.plan(session, auditor, uuid.uuid4(), plan, CHOSEN, now)

    draft, opened = planned("Nästa år"), planned("Hur är det hos oss?")
    question = uuid.uuid4()
    words = {"sv": "Är lokalen bra?", "en": "Are the rooms good?"}
    service.add_question(session, auditor, draft, question, OwnQuestion("agree", words), now)
    service.start(session, auditor, opened, now)
    closed, published = planned("Förra året"), planned("För länge sedan")
    texts = [closed_with_answers(session, auditor, one, now) for one in (closed, published)]
    report = Writing("Alla är snälla.", "Det är svårt att ringa.", ("Ring tillbaka samma dag", "Fler språk"))
    report_service.screen(session, auditor, published, texts[1], report_service.Screening("shown"))
    report_service.write(session, auditor, published, report)
    report_service.publish(session, auditor, published, now)
    first = staff_queries.proposals(session, published)[0]
    due = now.date() + timedelta(days=30)
    report_service.reply(session, auditor, first, Reply("will", "Vi har en ny telefon.", due), now)
    return {
        "audit": opened.id,
        "draft_audit": draft.id,
        "closed_audit": closed.id,
        "published_audit": published.id,
        "audit_question": question,
        "audit_text": texts[0],
        "audit_proposal": first.id,
    }


def closed_with_answers(session: Session, auditor: Asker, audit: Audit, now: datetime) -> uuid.UUID:
    """Close it as if twelve people had answered; returns the one free text."""
    service.start(session, auditor, audit, now)
    service.close(session, auditor, audit)
    asked = queries.questions(session, audit.id)
    figures = {"answered": 10, "skipped": 2, "options": {"no": 2, "partly": 1, "yes": 7}}
    told = {str(one.id): {"few": True} if one.is_text else figures for one in asked if one.kind != "how_long"}
    audit.results = {**RESULTS, "questions": told}
    free = AuditText(audit_id=audit.id, question_id=asked[-1].id, language="sv")
    free.text = "Karin på kontoret är snäll."
    session.add(free)
    session.flush()
    return free.id
