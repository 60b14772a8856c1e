"""A plan, its steps, what has happened to it, and who has asked for help. Free text is sealed (S38)."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.crypto import Sealed
from portal.db import Base, Row
from portal.plan.rules import ACTIONS, DOERS, KINDS, OUTCOMES, STATES

STILL_OPEN = text("outcome = ''")


class Plan(Row, Base):
    """The plan of one enrolment: who comes back begins a new one. `version` counts the goal's wordings."""

    __tablename__ = "plan"

    enrolment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    goal_sealed: Mapped[bytes | None]
    version: Mapped[int]
    created_at: Mapped[datetime]

    goal = Sealed("goal_sealed")


class PlanStep(Row, Base):
    """A step or a sub-goal. It is never deleted: `withdrawn` is a step whose adding was undone."""

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
