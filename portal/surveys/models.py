"""A survey's sheets, apart from everything that staff open, and the figures that are let out of them."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.crypto import Sealed
from portal.db import Base, Row
from portal.surveys.rules import ROUNDS, STATES

A_ROUND = f"round in {ROUNDS}"


class SurveySheet(Row, Base):
    """One person's answers in one round of one enrolment: a draft until it is sent.

    No query of any staff page reads it. `submission_key` names the one sending.
    """

    __tablename__ = "survey_sheet"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "round"),
        CheckConstraint(A_ROUND, name="round"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    enrolment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"))
    round: Mapped[str]
    survey: Mapped[str]
    version: Mapped[int] = mapped_column(SmallInteger)
    submission_key: Mapped[uuid.UUID] = mapped_column(unique=True)
    begun_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(index=True)


class SurveyFreeze(Row, Base):
    """That an organisation's figures were renewed once, with the answers given before a day."""

    __tablename__ = "survey_freeze"
    __table_args__ = (UniqueConstraint("organisation_id", "until"),)

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    until: Mapped[date]
    frozen_at: Mapped[datetime]


class SurveyRelease(Row, Base):
    """What was let out of the answers to one question from one team in one round."""

    __tablename__ = "survey_release"
    __table_args__ = (
        CheckConstraint(A_ROUND, name="round"),
        Index("ix_survey_release_of_team", "team_id", "round", "survey", "version"),
    )

    freeze_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey_freeze.id"), index=True)
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("team.id"))
    round: Mapped[str]
    survey: Mapped[str]
    version: Mapped[int] = mapped_column(SmallInteger)
    question: Mapped[str]


class SurveyAnswer(Row, Base):
    """What was said of one question. `answer` is an option's key or the free words, sealed.

    `session_id` is the sign-in session that wrote it: only there is it read back behind the first door.
    `release_id`: in which figures it is counted; no answer is counted twice.
    """

    __tablename__ = "survey_answer"
    __table_args__ = (
        UniqueConstraint("sheet_id", "question"),
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("direction in ('ltr', 'rtl')", name="direction"),
    )

    sheet_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey_sheet.id", ondelete="CASCADE"))
    question: Mapped[str]
    state: Mapped[str]
    answer_sealed: Mapped[bytes | None]
    language: Mapped[str]
    direction: Mapped[str]
    session_id: Mapped[uuid.UUID]
    release_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("survey_release.id"), index=True)

    answer = Sealed("answer_sealed")


class SurveyTally(Row, Base):
    """How many in one atom of a release gave one answer. A label is "" where the atom is not cut."""

    __tablename__ = "survey_tally"
    __table_args__ = (
        UniqueConstraint(
            "release_id", "gender", "born", "municipality", "intake", "answer", name="uq_survey_tally_atom"
        ),
        CheckConstraint("count > 0", name="count"),
    )

    release_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey_release.id"))
    gender: Mapped[str]
    born: Mapped[str]
    municipality: Mapped[str]
    intake: Mapped[str]
    answer: Mapped[str]
    count: Mapped[int]


class SurveyText(Row, Base):
    """A free answer without its person. Read in the order of its random id, which says nothing."""

    __tablename__ = "survey_text"

    release_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey_release.id"), index=True)
    words_sealed: Mapped[bytes | None]

    words = Sealed("words_sealed")


class SurveyLeftOut(Row, Base):
    """So many answers that a lead leaves out of a printed figure, with the reason; it can be taken back."""

    __tablename__ = "survey_left_out"
    __table_args__ = (
        CheckConstraint(A_ROUND, name="round"),
        CheckConstraint("count > 0", name="count"),
        Index("ix_survey_left_out_of_team", "team_id", "round", "survey", "version"),
    )

    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("team.id"))
    round: Mapped[str]
    survey: Mapped[str]
    version: Mapped[int] = mapped_column(SmallInteger)
    question: Mapped[str]
    period: Mapped[str]
    answer: Mapped[str]
    count: Mapped[int]
    reason_sealed: Mapped[bytes | None]
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    reason = Sealed("reason_sealed")
