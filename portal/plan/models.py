"""A plan, its steps, what has happened to it, and who has asked for help. Free text is sealed (S38)."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.crypto import Sealed
from portal.db import Base, Row
from portal.plan import card_rules
from portal.plan.news_rules import ANSWERS, TALKED
from portal.plan.rules import ACTIONS, DOERS, KINDS, OUTCOMES, STATES

STILL_OPEN = text("outcome = ''")


class Plan(Row, Base):
    """The plan of one enrolment: who comes back begins a new one. `version` counts the goal's wordings.

    `seen_number`: the participant has said that every event up to this number is read.
    """

    __tablename__ = "plan"

    enrolment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    goal_sealed: Mapped[bytes | None]
    version: Mapped[int]
    created_at: Mapped[datetime]
    seen_number: Mapped[int] = mapped_column(default=0)

    goal = Sealed("goal_sealed")


class PlanStep(Row, Base):
    """A step or a sub-goal. It is never deleted: `withdrawn` is a step whose adding was undone.

    `in_portal` is off where the participant must see no trace of it (S33): staff keep it for themselves.
    """

    __tablename__ = "plan_step"
    __table_args__ = (
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint(f"doer in {DOERS}", name="doer"),
    )

    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id"), index=True)
    subgoal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("plan_step.id"))
    kind: Mapped[str]
    state: Mapped[str]
    position: Mapped[int]
    text_sealed: Mapped[bytes | None]
    doer: Mapped[str]
    doer_name_sealed: Mapped[bytes | None]
    day: Mapped[date | None]
    when_sealed: Mapped[bytes | None]
    withdrawn: Mapped[bool]
    in_portal: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int]
    changed_at: Mapped[datetime]
    changed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    text = Sealed("text_sealed")
    doer_name = Sealed("doer_name_sealed")
    when = Sealed("when_sealed")


class PlanEvent(Row, Base):
    """One change, with what was before and after it: what "undo" and "copy what is new" read.

    `before` and `after` are JSON: {"goal": …} or {"steps": {id: facts or null}}, or facts of a help request.
    """

    __tablename__ = "plan_event"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint(f"action in {ACTIONS}", name="action"),
        Index("ix_plan_event_plan_at", "plan_id", "at"),
    )

    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id"))
    number: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    action: Mapped[str]
    step_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("plan_step.id"))
    before_sealed: Mapped[bytes | None]
    after_sealed: Mapped[bytes | None]
    undoes: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("plan_event.id"), unique=True)

    before = Sealed("before_sealed")
    after = Sealed("after_sealed")


class HelpRequest(Row, Base):
    """A participant needs help with a step: open until an outcome is recorded, one at a time for a step."""

    __tablename__ = "help_request"
    __table_args__ = (
        CheckConstraint(f"outcome in {('', *OUTCOMES)}", name="outcome"),
        CheckConstraint("(outcome = '') = (closed_at is null)", name="closed"),
        Index(
            "uq_help_request_open_step",
            "step_id",
            unique=True,
            sqlite_where=STILL_OPEN,
            postgresql_where=STILL_OPEN,
        ),
    )

    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id"), index=True)
    step_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan_step.id"))
    words_sealed: Mapped[bytes | None]
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    outcome: Mapped[str]
    outcome_words_sealed: Mapped[bytes | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    words = Sealed("words_sealed")
    outcome_words = Sealed("outcome_words_sealed")


class PlanAnswer(Row, Base):
    """What the participant says of one change: understood, or something that waits for a talk.

    `event_id` is the change, `number` its number; `step_id` is None for the goal. `outcome` is "" until
    somebody has recorded the talk, or until the participant has answered about a later change.
    """

    __tablename__ = "plan_answer"
    __table_args__ = (
        CheckConstraint(f"answer in {ANSWERS}", name="answer"),
        CheckConstraint(f"outcome in {('', *TALKED)}", name="outcome"),
        CheckConstraint("(outcome = '') = (talked_at is null)", name="talked"),
        Index("ix_plan_answer_plan_step", "plan_id", "step_id", "number"),
    )

    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id"))
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan_event.id"), unique=True)
    step_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("plan_step.id"))
    number: Mapped[int]
    answer: Mapped[str]
    words_sealed: Mapped[bytes | None]
    answered_at: Mapped[datetime]
    outcome: Mapped[str]
    outcome_words_sealed: Mapped[bytes | None]
    talked_at: Mapped[datetime | None]
    talked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    words = Sealed("words_sealed")
    outcome_words = Sealed("outcome_words_sealed")


class Adaptation(Row, Base):
    """One thing that helps a participant, on a card that is theirs and goes along to their next enrolment.

    `code` names a sentence of our bank, "" for own words; `swedish` says the own words to a supervisor. What
    is `proposed` by staff is not on the card until the participant says yes.
    """

    __tablename__ = "adaptation"
    __table_args__ = (CheckConstraint(f"state in {card_rules.STATES}", name="state"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    code: Mapped[str]
    words_sealed: Mapped[bytes | None]
    swedish_sealed: Mapped[bytes | None]
    state: Mapped[str]
    position: Mapped[int]
    proposed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int]
    changed_at: Mapped[datetime]
    changed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    words = Sealed("words_sealed")
    swedish = Sealed("swedish_sealed")


class AdaptationEvent(Row, Base):
    """One act on a card, with what was before and after it as JSON: {id: facts or null}."""

    __tablename__ = "adaptation_event"
    __table_args__ = (
        UniqueConstraint("person_id", "number"),
        CheckConstraint(f"action in {card_rules.ACTIONS}", name="action"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    number: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    action: Mapped[str]
    adaptation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("adaptation.id"))
    before_sealed: Mapped[bytes | None]
    after_sealed: Mapped[bytes | None]
    undoes: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("adaptation_event.id"), unique=True)

    before = Sealed("before_sealed")
    after = Sealed("after_sealed")


class StairMove(Row, Base):
    """On which step of the organisation's stairs somebody was from a day on. `code` is a word of its list.

    A record is never changed: a wrong one is struck, and the right one `replaces` it.
    """

    __tablename__ = "stair_move"
    __table_args__ = (CheckConstraint("(struck_at is null) = (struck_by is null)", name="struck"),)

    enrolment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrolment.id"), index=True)
    code: Mapped[str]
    on: Mapped[date]
    words_sealed: Mapped[bytes | None]
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    struck_at: Mapped[datetime | None]
    struck_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    replaces: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stair_move.id"), unique=True)

    words = Sealed("words_sealed")
