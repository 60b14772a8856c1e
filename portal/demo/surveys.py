"""What the demo's people think: sheets that were sent some months in, and at closure."""

import random
import uuid
from collections.abc import Iterable
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from portal.demo.stories import Story
from portal.identity.models import Enrolment
from portal.languages import language
from portal.surveys.models import SurveyAnswer, SurveySheet
from portal.surveys.queries import current
from portal.surveys.rules import ANSWERED, CLOSURE, DONT_KNOW, NOT_FOR_ME, ONGOING, SKIPPED, Question, Round

AFTER_START, AFTER_CLOSURE = timedelta(days=96), timedelta(days=4)
NEVER_SENT = 5
"""One in so many does not answer."""

WORDS = {
    "change": (
        "Jag kommer upp på morgonen.",
        "Jag har en plan nu.",
        "Jag vågar prata svenska mer.",
        "Praktiken i köket. Jag fick vänner där.",
        "Någon ringer mig. Det betyder mycket.",
        "Jag sover bättre.",
        "لدي الآن مكان أذهب إليه كل أسبوع.",
        "I know what happens next.",
    ),
    "better": (
        "Svara snabbare när jag skriver.",
        "Samma tolk varje gång.",
        "Fler möten på eftermiddagen, bussen går inte tidigt.",
        "Säg till när något ändras.",
        "Mindre papper.",
        "Fler träffar i grupp.",
        "أريد أوراقا بلغتي.",
        "More time for each meeting.",
    ),
}


def add(
    session: Session, enrolments: Iterable[tuple[Enrolment, Story]], now: datetime, chance: random.Random
) -> None:
    """A sheet for most of those whose time to answer is over."""
    closed_before = now.date() - timedelta(days=28)
    for number, (enrolment, story) in enumerate(enrolments):
        if number % NEVER_SENT == NEVER_SENT - 1:
            continue
        asked = [(ONGOING, story.started_on + AFTER_START)]
        if story.until:
            asked.append((CLOSURE, story.until + AFTER_CLOSURE))
        for which, day in asked:
            if day < closed_before:
                sent_at = datetime.combine(day, time(13), now.tzinfo)
                _sheet(session, enrolment, story, which, sent_at, chance)


def _sheet(
    session: Session,
    enrolment: Enrolment,
    story: Story,
    which: Round,
    sent_at: datetime,
    chance: random.Random,
) -> None:
    asked, spoken = current(), language(story.language)
    sheet = SurveySheet(
        person_id=enrolment.person_id,
        enrolment_id=enrolment.id,
        round=which,
        survey=asked.key,
        version=asked.version,
        submission_key=uuid.uuid4(),
        begun_at=sent_at,
        sent_at=sent_at,
    )
    session.add(sheet)
    session.flush()
    for question in asked.questions:
        row = SurveyAnswer(sheet_id=sheet.id, question=question.key, session_id=uuid.uuid4())
        row.language, row.direction = spoken.code, spoken.dir
        row.state, row.answer = _said(question, story, chance)
        session.add(row)


def _said(question: Question, story: Story, chance: random.Random) -> tuple[str, str]:
    """A state and an answer: mostly good ones, and Swedes need no interpreter."""
    if question.key == "interpreter" and story.language != "ar":
        return NOT_FOR_ME, ""
    rolled = chance.random()
    if not question.options:
        return (ANSWERED, chance.choice(WORDS[question.key])) if rolled < 0.6 else (SKIPPED, "")
    if rolled < 0.06:
        return SKIPPED, ""
    if rolled < 0.1:
        return (NOT_FOR_ME if question.key in ("support", "premises") else DONT_KNOW), ""
    good = [option.key for option in question.options if option.good]
    other = [option.key for option in question.options if not option.good]
    return ANSWERED, chance.choice(good if chance.random() < 0.78 else other)
