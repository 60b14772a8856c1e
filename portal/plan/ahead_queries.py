"""What a participant's first page says of their plan: in one query, said once."""

from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, bindparam, select
from sqlalchemy.orm import Session

from portal.crypto import open_sealed
from portal.db import ask
from portal.identity.models import Enrolment
from portal.journal.service import note
from portal.plan import news_queries, rules
from portal.plan.models import Plan, PlanStep
from portal.plan.queries import proposals_for
from portal.web.asker import Asker
from portal.wording.queries import shown, with_translation
from portal.wording.rules import Both, Shown


@dataclass(frozen=True, slots=True)
class NextStep:
    """A step as a participant's first page names it; `other` as in `StepRow`."""

    id: UUID
    text: str
    other: Shown | None = None

    @property
    def own(self) -> str:
        """The text as its participant reads it first."""
        return Both(self.text, self.other).own


@dataclass(frozen=True)
class Ahead:
    """What a participant's first page says of the plan.

    `news`: something is new to them; `proposals`: how many rows staff propose for their card.
    """

    steps: tuple[NextStep, ...] = ()
    news: bool = False
    proposals: int = 0


def whats_next(session: Session, asker: Asker, most: int) -> Ahead:
    """The asker's own next steps: those that are "now", else the first planned; and whether there is news.

    One query: the first page has no room for another.
    """
    note(session, asker, action="read", kind="plan", subject=asker.person_id)
    rows = ask(session, _ahead(asker.language), {"me": asker.person_id}).all()
    # Chosen first: what is not shown stays sealed.
    chosen = rules.whats_next(row for row in rows if row.id is not None)[:most]
    steps = tuple(_next_step(row, asker.language) for row in chosen)
    return Ahead(steps, any(row.news for row in rows), rows[0].proposals if rows else 0)


NEXT = (
    *(PlanStep.id, PlanStep.kind, PlanStep.state, PlanStep.position),
    *(PlanStep.doer, PlanStep.day, PlanStep.text_sealed),
)
"""What it takes to know which steps are next, and to name them."""


def _next_step(row: Row[Any], language: str) -> NextStep:
    text = open_sealed("plan_step", "text_sealed", row.id, row.text_sealed)
    return NextStep(row.id, text, shown(row, text, language))


@cache
def _ahead(language: str) -> Select[*tuple[Any, ...]]:
    """What `whats_next` asks, said once for each language: it asks on every visit."""
    live = and_(PlanStep.plan_id == Plan.id, PlanStep.withdrawn.is_(False), PlanStep.in_portal.is_(True))
    found = (
        select(
            news_queries.has_news().label("news"),
            proposals_for(Enrolment.person_id).label("proposals"),
            *NEXT,
        )
        .select_from(Plan)
        .join(Enrolment, Enrolment.id == Plan.enrolment_id)
        .outerjoin(PlanStep, live)
        .where(Enrolment.person_id == bindparam("me"), Enrolment.closed_on.is_(None))
    )
    return with_translation(found, PlanStep.id, language)
