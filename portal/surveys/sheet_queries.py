"""A survey as its own person meets it, one question a screen. Nobody else can ask for it."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import and_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.crypto import open_sealed
from portal.identity.models import Enrolment, Person
from portal.identity.scope import is_present
from portal.journal.service import note
from portal.languages import LANGUAGES, SWEDISH, Language
from portal.organisation.queries import rules_of
from portal.organisation.rules import Rules
from portal.surveys import rules as surveys
from portal.surveys.models import SurveyAnswer, SurveySheet
from portal.surveys.queries import current, survey, today_of
from portal.surveys.rules import ANSWERED, ONGOING, Question, QuestionText, Round, Survey, Window, own
from portal.web.asker import Asker


@dataclass(frozen=True)
class Step:
    """One screen. `state` is "" while nothing was said; `answer` stands only where it may be read back.

    `answer`: an option's key, "dont_know", "not_for_me", or free words; "" for none.
    """

    number: int
    question: Question
    text: QuestionText
    words: dict[str, str]
    state: str
    readable: bool
    answer: str

    @property
    def handled(self) -> bool:
        """Whether it was answered or passed over."""
        return bool(self.state)

    @property
    def said(self) -> str:
        """The answer as the person chose or wrote it; "" when there is none to read."""
        return self.words.get(self.answer, self.answer)


@dataclass(frozen=True)
class Sheet:
    """A round as its own person meets it. `sheet_id` and `key` are None until something was answered."""

    which: Round
    enrolment_id: uuid.UUID
    sheet_id: uuid.UUID | None
    survey: Survey
    shown_in: Language
    window: Window
    state: Literal["early", "open", "late"]
    key: uuid.UUID | None
    sent_at: datetime | None
    steps: tuple[Step, ...]

    @property
    def title(self) -> str:
        """What stands above it, in `shown_in`."""
        return own(self.survey.title, self.shown_in.code)

    @property
    def begun(self) -> bool:
        """Whether anything was answered or passed over."""
        return any(step.handled for step in self.steps)

    @property
    def hidden(self) -> bool:
        """Whether an answer stands that may not be read back here."""
        return any(one.handled and not one.readable for one in self.steps)

    @property
    def left(self) -> tuple[Step, ...]:
        """The questions that nothing was said of."""
        return tuple(step for step in self.steps if not step.handled)

    @property
    def next_number(self) -> int | None:
        """The first question that is neither answered nor passed over; None when all are."""
        return self.left[0].number if self.left else None

    def step(self, number: int) -> Step:
        """Question `number`, from 1. Raises NoResultFound."""
        if not 1 <= number <= len(self.steps):
            raise NoResultFound
        return self.steps[number - 1]


def sheet(session: Session, asker: Asker, which: Round, now: datetime) -> Sheet:
    """The asker's own round in their present enrolment; two queries.

    Raises NoResultFound where there is nothing to ask: no enrolment, not closed, protected identity, or a
    round that the organisation does not ask. What was sent can be looked at all the same.
    """
    row = session.execute(
        select(Enrolment.id, Enrolment.started_on, Enrolment.closed_on, SurveySheet)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(SurveySheet, and_(SurveySheet.enrolment_id == Enrolment.id, SurveySheet.round == which))
        .where(Enrolment.person_id == asker.person_id, Person.protected.is_(False), is_present())
        .order_by(Enrolment.applied_on.desc())
        .limit(1)
    ).one()
    rules = rules_of(session, asker)
    filled: SurveySheet | None = row.SurveySheet
    since = row.started_on if which == ONGOING else row.closed_on
    if since is None or not (filled or surveys.asks(which, rules)):
        raise NoResultFound
    note(session, asker, action="read", kind="survey", subject=asker.person_id)
    asked = survey(filled.survey, filled.version) if filled else current()
    shown_in = LANGUAGES[asker.language] if asker.language in asked.languages else SWEDISH
    return Sheet(
        which=which,
        enrolment_id=row.id,
        sheet_id=filled.id if filled else None,
        survey=asked,
        shown_in=shown_in,
        window=surveys.window(which, since, rules),
        state=_state(which, since, row.closed_on, rules, today_of(asker, now)),
        key=filled.submission_key if filled else None,
        sent_at=filled.sent_at if filled else None,
        steps=_steps(session, asker, asked, shown_in, filled),
    )


def _state(
    which: Round, since: date, closed_on: date | None, rules: Rules, today: date
) -> Literal["early", "open", "late"]:
    """Whether it can be answered: who has left is asked the questions of the closure, not the others."""
    if (which == ONGOING and closed_on) or not surveys.asks(which, rules):
        return "late"
    return surveys.window(which, since, rules).state(today)


def _steps(
    session: Session, asker: Asker, asked: Survey, shown_in: Language, filled: SurveySheet | None
) -> tuple[Step, ...]:
    given = {}
    if filled:
        rows = session.execute(
            select(*SurveyAnswer.__table__.c).where(SurveyAnswer.sheet_id == filled.id)
        ).all()
        given = {row.question: row for row in rows}
    found = []
    for number, question in enumerate(asked.questions, start=1):
        row = given.get(question.key)
        readable = row is not None and (asker.tier >= 2 or row.session_id == asker.session_id)
        answer = ""
        if row is not None and readable:
            sealed = open_sealed("survey_answer", "answer_sealed", row.id, row.answer_sealed)
            answer = sealed if row.state == ANSWERED else row.state
        found.append(
            Step(
                number=number,
                question=question,
                text=own(question.texts, shown_in.code),
                words={one.key: own(one.texts, shown_in.code) for one in question.options}
                | {"not_for_me": own(question.not_for_me, shown_in.code)},
                state=row.state if row else "",
                readable=readable,
                answer=answer,
            )
        )
    return tuple(found)
